"""A snapshot: the workspace as it is at one moment, for features to read."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.memo import Database
from dataflare_lsp.text import Diagnostic
from dataflare_lsp.wit import names
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.workspace.roots import Root

if TYPE_CHECKING:
    from dataflare_lsp.workspace.plugin import Plugin


class Snapshot(NamedTuple):
    """What is known of the workspace. Valid until the next edit: a feature takes one, answers, and lets it go.

    `owners` are the roots that each file belongs to, those first in which it is the root's own.
    `judge` gives the diagnostics of a root's file, `compared` those of a file from when the parts of plugins were last
    compared, `plugin` the plugin of a manifest.
    """

    db: Database
    roots: Mapping[str, Root]
    owners: Mapping[str, tuple[str, ...]]
    judge: Callable[[str, str], tuple[Diagnostic, ...]]
    compared: Callable[[str], tuple[Diagnostic, ...]]
    plugin: "Callable[[str], Plugin]"

    def source(self, file: str) -> Source:
        """The parsed file; one that is not there reads as empty."""
        return names.source(self.db, file)

    def roots_of(self, file: str) -> tuple[str, ...]:
        """The roots that a file belongs to, those first in which it is no dependency; a file in none is its own."""
        return self.owners.get(file) or (file,)

    def root_of(self, file: str) -> str:
        """The root to answer for, where a file belongs to several."""
        return self.roots_of(file)[0]

    def unit_at(self, file: str, offset: int) -> UnitId:
        """The unit that an offset lies in: a nested package of the file, or the file outside of these."""
        return self.unit_of(file, self.source(file).segment_at(offset))

    def unit_of(self, file: str, segment: int) -> UnitId:
        """The unit that a segment lies in."""
        source = self.source(file)
        depth = source.segments[segment].before.scopes.count("package")
        if depth:
            for unit in reversed(source.units[1:]):
                # The last nested package that began before, at the depth of the one that is open here.
                if unit.header < segment and source.segments[unit.header].after.scopes.count("package") == depth:
                    return UnitId(file, unit.scope)
        return UnitId(file, -1)

    def body_at(self, file: str, offset: int) -> tuple[int, Body] | None:
        """The interface or world that an offset lies in, its head included, and the number of its head's segment."""
        return self.body_of(file, self.source(file).segment_at(offset))

    def body_of(self, file: str, segment: int) -> tuple[int, Body] | None:
        """The interface or world that a segment belongs to, its head included, and the number of its head's segment."""
        for unit in self.source(file).units:
            for first, body in unit.bodies:
                if first <= segment <= first + 1 + len(body.members):
                    return first, body
        return None


def owners_of(roots: Mapping[str, Root]) -> dict[str, tuple[str, ...]]:
    """The roots that each file belongs to: first those whose own it is, and of these the innermost first."""
    own: dict[str, list[str]] = {}
    foreign: dict[str, list[str]] = {}
    for path in sorted(roots, key=len, reverse=True):
        for number, group in enumerate(roots[path].groups):
            for file in group:
                (foreign if number else own).setdefault(file, []).append(path)
    return {file: tuple(dict.fromkeys([*own.get(file, ()), *foreign.get(file, ())])) for file in {**own, **foreign}}
