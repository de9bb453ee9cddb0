"""A scope under judgement: an interface, an interface written in place, or the types of a world."""

from collections.abc import Sequence
from typing import NamedTuple

from dataflare_lsp.memo import Database
from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import Facts, Members
from dataflare_lsp.wit.names import Scope
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.syntax import Named, Type


class Place(NamedTuple):
    """A scope under judgement.

    `segments` are the body's. `body` is None for an interface written in place. `active`:
    whether the features of the root include it; what is not there is still judged for its names, not for what it means.
    """

    db: Database
    root: str
    unit: UnitId
    body: BodyId | None
    what: str
    scope: Scope
    members: Members
    segments: Sequence[Segment]
    active: bool = True
    is_world: bool = False
    number: int | None = None
    """The one segment that all members lie in, for an interface written in place."""

    def all(self) -> list[tuple[int, Facts]]:
        """Every member with the number of its segment."""
        if self.number is not None:
            return [(self.number, facts) for facts in self.members.facts]
        return list(enumerate(self.members.facts))

    def having(self, trait: int) -> list[tuple[int, Facts]]:
        """The members with a trait, with the numbers of their segments."""
        members = self.members.having(trait)
        return members if self.number is None else [(self.number, facts) for _, facts in members]


def span_of(type: Type) -> Span:
    """The place of a type in its segment; that of the name where it is one."""
    if isinstance(type, Named):
        return type.name.span
    return Span(type.start, type.end)
