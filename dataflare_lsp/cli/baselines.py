"""`check --baseline`: git is asked for the packages that manifests name as their baselines."""

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.workspace.baseline import ask_git, wanted_baselines
from dataflare_lsp.workspace.roots import is_manifest
from dataflare_lsp.workspace.workspace import Workspace


def ask_for_baselines(workspace: Workspace) -> None:
    """Ask git for the baselines that are in revisions. Raises `Failure` where no manifest names one of any kind."""
    plugins = [workspace.plugin(path) for path in workspace.roots if is_manifest(path)]
    if not any(plugin.document.root.get("world", "baseline") for plugin in plugins):
        raise Failure("`--baseline`: no manifest that is checked names a `baseline` in its `[world]`")
    baselines = workspace.plugins.baselines
    for wanted in wanted_baselines(workspace):
        if wanted.is_in_revision:
            baselines.keep(ask_git(wanted, baselines.known(wanted)))
