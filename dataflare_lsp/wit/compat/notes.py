"""Changes that no type shows: gates, external ids, documentation."""

from typing import NamedTuple

from dataflare_lsp.wit.compat.change import Break, Change, Place
from dataflare_lsp.wit.compat.rules import NOW_UNSTABLE
from dataflare_lsp.wit.compat.versions import Bump
from dataflare_lsp.wit.resolved import Enum, Flags, Record, Stability, Stable, TypeDef, Unstable, Variant


class Note(NamedTuple):
    """A change without its place."""

    text: str
    bump: Bump
    breaks: tuple[Break, ...] = ()

    def of(self, place: Place, subject: str, is_unstable: bool) -> Change:
        """The change of that place."""
        return Change("changed", place, f"{subject} {self.text}", "patch" if is_unstable else self.bump, self.breaks)


def gate_change(old: Stability, new: Stability) -> Note | None:
    """What became of the gate of an item that is there before and after."""
    if old == new and type(old) is type(new):
        return None
    if isinstance(new, Unstable):
        if not isinstance(old, Unstable):
            return Note(f"is behind the feature `{new.feature}` now", "major", (NOW_UNSTABLE,))
        if old.feature != new.feature:
            return Note(f"is behind the feature `{new.feature}`, was behind `{old.feature}`", "patch")
    elif isinstance(old, Unstable):
        return Note(f"is stable now, was behind the feature `{old.feature}`", "minor")
    before, after = _deprecated(old), _deprecated(new)
    if before != after:
        if before is None:
            return Note(f"is deprecated since {after}", "minor")
        return Note("is not deprecated any more" if after is None else f"is deprecated since {after}", "patch")
    since = new.since if isinstance(new, Stable) else None
    return Note(
        "is without `@since` now" if since is None else f"is there since {since}, as its gate says now", "patch"
    )


def _deprecated(stability: Stability) -> str | None:
    return None if stability is None else stability.deprecated


def external_id_change(old: str | None, new: str | None) -> Note | None:
    """What became of an external id."""
    if old == new:
        return None
    return Note("has another external id" if new is not None else "has no external id any more", "patch")


def docs_differ(old: TypeDef, new: TypeDef) -> bool:
    """Whether the documentation of a type differs, or that of what it consists of."""
    return old.docs != new.docs or _member_docs(old) != _member_docs(new)


def _member_docs(definition: TypeDef) -> dict[str, str]:
    match definition.kind:
        case Record(members) | Variant(members) | Enum(members) | Flags(members):
            return {member.name: member.docs for member in members if member.docs is not None}
        case _:
            return {}
