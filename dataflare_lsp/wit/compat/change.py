"""What changed, whom it breaks, and why: the values that a comparison gives."""

from typing import Literal, NamedTuple

from dataflare_lsp.wit.compat.versions import Bump

Whom = Literal["components", "hosts", "packages"]
"""Who may break: components built against the old version, on a host of the new one; hosts that implement the old
version, given a component built against the new one; WIT packages that name what there was."""


class Break(NamedTuple):
    """Somebody that a change breaks, and the rule that makes it so."""

    whom: Whom
    why: str


class Place(NamedTuple):
    """What a change is about.

    `container` is the name of an interface or a world, with its package where that is not the main one, and `member` a
    type or the full name of a function in it. An import or export of a world is `item`, of the role `role`, and
    `member` is then inside that. `part` is a field, case, flag or parameter.
    """

    kind: Literal["package", "interface", "world"]
    container: str
    role: Literal["", "import", "export"] = ""
    item: str = ""
    member: str = ""
    part: str = ""


class Change(NamedTuple):
    """One change. `text` is a sentence in the words of the WIT, `bump` the least step of the version that allows it."""

    kind: Literal["added", "removed", "changed"]
    place: Place
    text: str
    bump: Bump
    breaks: tuple[Break, ...] = ()
