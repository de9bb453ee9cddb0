"""What a check found, as the output formats take it: roots, their diagnostics, and the lines that these speak of."""

import os
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from dataflare_lsp.text import Diagnostic, Lines, Position, Severity, Span
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.roots import CORE, Root, is_manifest
from dataflare_lsp.workspace.workspace import Workspace


class Found(NamedTuple):
    """A diagnostic and the absolute path of its file."""

    file: str
    diagnostic: Diagnostic


class RootResult(NamedTuple):
    """A root, its files, and what was found in them. What an earlier root has said as well is left out."""

    path: str
    files: tuple[str, ...]
    found: tuple[Found, ...]
    dependencies: tuple[str, ...] = ()
    """Those of the files that belong to others, and are never changed."""
    kind: Literal["package", "manifest", "component"] = "package"


class Range(NamedTuple):
    """A span by 1-based lines and 1-based columns in code points; a byte order mark has no column."""

    start: Position
    end: Position


class Results(NamedTuple):
    """The outcome of a check."""

    roots: tuple[RootResult, ...]
    lines: Mapping[str, Lines]
    """Of every file that a diagnostic or a related place is in; files that could not be read have none."""
    directory: str
    """What shown paths are relative to, where they are below it."""

    @property
    def found(self) -> list[Found]:
        """All diagnostics, root by root."""
        return [found for root in self.roots for found in root.found]

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of this severity."""
        return sum(found.diagnostic.severity == severity for root in self.roots for found in root.found)

    def shown(self, path: str) -> str:
        """A path as it is shown: relative to the directory where it is below it."""
        return shown_path(path, self.directory)

    def portable(self, path: str) -> str:
        """A path for other programs: as shown, with `/` between its parts on every system."""
        return self.shown(path).replace(os.sep, "/")

    def range(self, file: str, span: Span) -> Range:
        """Where a span of a file is; the start of the file where its text is not known."""
        lines = self.lines.get(file)
        if lines is None:
            return Range(Position(1, 1), Position(1, 1))
        return Range(_one_based(lines, span.start), _one_based(lines, span.end))


def _one_based(lines: Lines, offset: int) -> Position:
    line, column = lines.position(offset)
    if line == 0 and column and lines.text.startswith("\ufeff"):
        column -= 1
    return Position(line + 1, column + 1)


def message_of(diagnostic: Diagnostic) -> str:
    """The message with its hint: one sentence for formats that have no place beside the source."""
    return f"{diagnostic.message}; {diagnostic.hint}" if diagnostic.hint else diagnostic.message


class Keep(NamedTuple):
    """Which diagnostics are reported: those with a code that is selected (none selected: all) and not ignored."""

    selected: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()

    def takes(self, diagnostic: Diagnostic) -> bool:
        """Whether this one is."""
        return (not self.selected or diagnostic.code in self.selected) and diagnostic.code not in self.ignored


EVERYTHING = Keep()


def results_of(workspace: Workspace, roots: Iterable[Root], keep: Keep = EVERYTHING) -> Results:
    """What is wrong in the roots of a workspace, as far as `keep` takes it."""
    seen: set[Found] = set()
    judged = []
    for root in roots:
        found = []
        for file, reason in root.unreadable:
            if file not in root.files:
                found.append(Found(file, unreadable(reason)))
        for file in root.files:
            found += [Found(file, diagnostic) for diagnostic in workspace.diagnostics(root.path, file)]
        fresh = [one for one in found if one not in seen and keep.takes(one.diagnostic)] if found else []
        seen.update(fresh)
        # What comes with this tool is nobody's to check.
        files = tuple([file for file in root.files if not file.startswith(CORE + os.sep)])
        dependencies = files[len(root.groups[0]) :]
        judged.append(RootResult(root.path, files, tuple(fresh), dependencies, _kind(workspace, root)))
    spoken_of = {file for one in seen for file in (one.file, *[related.file for related in one.diagnostic.related])}
    lines = {file: workspace.sources[file].lines for file in spoken_of if file in workspace.sources}
    for file in (*workspace.unreadable, *workspace.undecodable):
        lines.pop(file, None)
    return Results(tuple(judged), lines, os.getcwd())


def _kind(workspace: Workspace, root: Root) -> Literal["package", "manifest", "component"]:
    if is_manifest(root.path):
        return "manifest"
    return "component" if workspace.is_component(root.path) else "package"


def unreadable(reason: str) -> Diagnostic:
    """The diagnostic of a directory that could not be read."""
    return Diagnostic("unreadable-file", "error", f"cannot read this directory: {reason}", Span(0, 0))
