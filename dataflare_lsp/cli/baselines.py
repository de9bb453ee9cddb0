"""`check --baseline`: git is asked for the packages that manifests name as their baselines."""

from dataflare_lsp.workspace.baseline import ask_git, wanted_baselines
from dataflare_lsp.workspace.roots import is_manifest
from dataflare_lsp.workspace.workspace import Workspace


def ask_for_baselines(workspace: Workspace) -> list[str]:
    """Ask git for the baselines that are in revisions. Gives a sentence where no manifest names one of any kind."""
    baselines = workspace.plugins.baselines
    for wanted in wanted_baselines(workspace):
        if wanted.is_in_revision:
            baselines.keep(ask_git(wanted, baselines.known(wanted)))
    plugins = [workspace.plugin(path) for path in workspace.roots if is_manifest(path)]
    if any(plugin.document.root.get("world", "baseline") for plugin in plugins):
        return []
    return ["`--baseline`: no manifest that is checked names a `baseline` in its `[world]`"]
