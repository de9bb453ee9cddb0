"""Packages that a plugin can take from two places, and that are not the same there."""

import os
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from dataflare_lsp.component.codes import SEVERITIES
from dataflare_lsp.manifest.surroundings import Package
from dataflare_lsp.text import Diagnostic, Related
from dataflare_lsp.wit.compat.compare import NoComparison, compare_packages
from dataflare_lsp.wit.format import format_text
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.workspace.agreement import Found
from dataflare_lsp.workspace.parts import resolved, written_at
from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.roots import DEPS, wit_files

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Workspace

_PLACES = {
    "path": "the `path` in the manifest",
    "deps": "`deps`",
    "workspace": "another package of the workspace",
    "shipped": "this tool",
}


def copies(workspace: "Workspace", plugin: Plugin) -> Iterator[Found]:
    """Packages of the same name and version that differ, said at the header of each."""
    by_title: dict[str, list[Package]] = {}
    for package in plugin.around.packages() or ():
        if package.origin != "own" and package.version:
            by_title.setdefault(package.title, []).append(package)
    for found in by_title.values():
        first = {one.origin: one for one in reversed(found)}
        for one, other in combinations(first.values(), 2):
            difference = _difference(workspace, plugin, one, other)
            if difference is not None:
                yield _said(one, other, difference)
                yield _said(other, one, difference)


def _difference(workspace: "Workspace", plugin: Plugin, one: Package, other: Package) -> str | None:
    """The first thing in which two packages differ."""
    old, new = (_resolved(workspace, plugin, package) for package in (one, other))
    if old is None or new is None:
        same = _lines(workspace, one) == _lines(workspace, other)
        return None if same else "its text is another"
    try:
        changes = compare_packages(old, new).changes
    except NoComparison:
        return None
    return changes[0].text if changes else None


def _resolved(workspace: "Workspace", plugin: Plugin, package: Package) -> Resolve | None:
    return written_at(workspace, plugin, package.file, lambda root, groups: resolved(workspace, root, groups))


def _lines(workspace: "Workspace", package: Package) -> list[str]:
    """The text of a package, laid out alike and without comments."""
    directory = os.path.dirname(package.file)
    files = [package.file] if os.path.basename(directory) == DEPS else wit_files(directory)[0]
    texts = [workspace.sources[file].lines.text for file in files if file in workspace.sources]
    lines = [line.strip() for text in texts for line in format_text(text).splitlines()]
    return sorted([line for line in lines if line and not line.startswith(("//", "/*", "*"))])


def _said(here: Package, there: Package, difference: str) -> Found:
    message = f"`{here.title}` also comes from {_PLACES[there.origin]}, and is not the same there: {difference}"
    note = f"the one from {_PLACES[min((here, there), key=_order).origin]} counts"
    related = (Related(there.file, there.span, "the other copy"),)
    code = "duplicate-dependency"
    return Found(here.file, Diagnostic(code, SEVERITIES[code], message, here.span, notes=(note,), related=related))


def _order(package: Package) -> int:
    return list(_PLACES).index(package.origin)
