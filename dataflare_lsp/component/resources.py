"""Which resources of two worlds are the same when a component of the one runs where the other is wanted.

What the component imports under a name is what it is given under that name, wherever that is defined. What is wanted of
its exports under a name is what it exports under that name. Specification: Explainer.md, "Type Checking".
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.wit.resolved import Alias, InterfaceItem, Resolve, Resource, TypeItem, WorldItem

if TYPE_CHECKING:
    from dataflare_lsp.component.targets import Direction


class Wiring(NamedTuple):
    """A world, its items by the names that they are known by in both worlds.

    `name` gives that of an interface, and `exported` are the interfaces that it exports.
    """

    resolve: Resolve
    items: "Mapping[Direction, Mapping[str, WorldItem]]"
    name: Callable[[int], str]
    exported: frozenset[int]


class _Origin(NamedTuple):
    """Where a resource comes from: the interface that defines it, "" for the world itself, and its name there."""

    direction: "Direction"
    interface: str
    name: str


class Resources:
    """The resources of a component's world, `mine`, and of the one that is wanted."""

    def __init__(self, mine: Wiring, wanted: Wiring) -> None:
        self._mine = mine
        self._wanted = wanted

    def are_same(self, direction: "Direction", mine: int, want: int) -> bool:
        """Whether two resources, as an import or an export speaks of them, are one."""
        given = self._given(_origin(self._mine, direction, mine))
        return given == self._asked(_origin(self._wanted, direction, want))

    def _given(self, origin: _Origin) -> _Origin:
        """A resource of the component, as the other world knows it if that is where it comes from."""
        if origin.direction == "import":
            there = _named(self._wanted, origin)
            return origin if there is None else _origin(self._wanted, "import", there)
        return origin

    def _asked(self, origin: _Origin) -> _Origin:
        """A resource of the world that is wanted, as the component has it if it has to come from there."""
        if origin.direction == "export":
            there = _named(self._mine, origin)
            return origin if there is None else self._given(_origin(self._mine, "export", there))
        return origin


def _origin(world: Wiring, direction: "Direction", resource: int) -> _Origin:
    definition = world.resolve.types[resource]
    owner, name = definition.owner, definition.name or ""
    if owner is None or owner.kind == "world":
        return _Origin("import", "", name)
    # What is exported has the exported one where there is one.
    comes_from: Direction = "export" if direction == "export" and owner.id in world.exported else "import"
    return _Origin(comes_from, world.name(owner.id), name)


def _named(world: Wiring, origin: _Origin) -> int | None:
    """The resource that a world has under the name of another's."""
    items = world.items[origin.direction]
    item = items.get(origin.interface or origin.name)
    known: int | None = None
    if isinstance(item, TypeItem) and not origin.interface:
        known = item.id
    elif isinstance(item, InterfaceItem) and origin.interface:
        known = world.resolve.interfaces[item.id].types.get(origin.name)
    while known is not None:
        kind = world.resolve.types[known].kind
        if isinstance(kind, Resource):
            return known
        known = kind.type if isinstance(kind, Alias) and isinstance(kind.type, int) else None
    return None
