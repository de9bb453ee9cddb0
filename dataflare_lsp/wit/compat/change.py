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
    """The item that a change is about: a package's interface or world, or what is in it.

    `container` is the name of the interface or world, with its package where that is not the main one. `inside` is the
    interface that a world's item `item` brings along, and that `member` is in.
    """

    kind: Literal["package", "interface", "world"]
    container: str
    item: str = ""
    member: str = ""


class Change(NamedTuple):
    """One change. `text` is a sentence in the words of the WIT, `bump` the least step of the version that allows it."""

    kind: Literal["added", "removed", "changed"]
    place: Place
    text: str
    bump: Bump
    breaks: tuple[Break, ...] = ()
