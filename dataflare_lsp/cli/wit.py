"""`dataflare-lsp wit`: a package as resolved, as WIT or as the reference's JSON."""

import sys

from dataflare_lsp.cli.check import features_of, roots_of
from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.results import Results, results_of
from dataflare_lsp.cli.terminal import style_of, width_of, write, write_bytes
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace, load


def run(arguments: Arguments) -> int:
    """Print the package that the argument names, or the errors that it has."""
    if not arguments.operands:
        raise Failure("`wit` needs the PATH of a package")
    root = only_root(arguments.operands[0], "resolve")
    workspace = load([root], features_of(arguments))
    results = results_of(workspace, [root])
    if results.count("error"):
        print_errors(results)
        return 2 if workspace.unreadable else 1
    write_bytes(_shown(resolved(workspace, root), arguments.has("--json")).encode("utf-8", "replace"))
    return 0


def only_root(path: str, verb: str) -> Root:
    """The one package that a path stands for. Raises `Failure` where there is none to `verb`, or several."""
    roots, _ = roots_of((path,), {}, verb)
    if len(roots) > 1:
        raise Failure(f"`{path}` holds {len(roots)} packages; name one, such as `{shown_path(roots[0].path)}`")
    return roots[0]


def resolved(workspace: Workspace, root: Root) -> Resolve:
    """The resolved form of a package without errors."""
    from dataflare_lsp.wit.lower import lower

    groups = [[workspace.sources[file] for file in group] for group in root.groups]
    return lower(groups, workspace.features_of(root.path))


def _shown(resolve: Resolve, as_json: bool) -> str:
    if as_json:
        from dataflare_lsp.wit.resolved_json import dumps

        return dumps(resolve) + "\n"
    from dataflare_lsp.wit.format import format_text
    from dataflare_lsp.wit.render import render

    return format_text(render(resolve))


def print_errors(results: Results) -> None:
    """Show on standard error what is wrong with a package."""
    from dataflare_lsp.cli.output.summary import summary
    from dataflare_lsp.cli.output.text import render

    sys.stdout.flush()
    style = style_of(sys.stderr)
    write(render(results, style, width_of(sys.stderr)) + summary(results, style=style, offers_fix=False), sys.stderr)
