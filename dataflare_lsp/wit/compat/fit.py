"""Whether a component that was built for one world runs where another is wanted.

This is the subtyping of component types, taken item by item. What is asked is asked of the component that uses all that
its world offers: it imports all functions and resources, and the types that these or the exports need.
Specification: Explainer.md, "Type Checking".
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dataflare_lsp.wit.compat.shapes import Shape, Shapes
from dataflare_lsp.wit.compat.side import Side, world_items
from dataflare_lsp.wit.resolved import Function, Interface, InterfaceItem, Resource, TypeItem, World, WorldItem


class Misfit(NamedTuple):
    """Something that keeps the component from running: what it concerns, and what is wrong with it."""

    item: str
    problem: str


def misfits(shapes: Shapes, mine: Side, built_for: World, theirs: Side, wanted: World) -> tuple[Misfit, ...]:
    """Why a component of the world `built_for` does not run where `wanted` is; nothing where it does."""
    return tuple(_Fit(shapes, mine, built_for, theirs, wanted).misfits())


class _Side:
    """A side with the shapes of its types as imports see them and as exports do."""

    def __init__(self, side: Side, world: World) -> None:
        self.side = side
        self.imports = world_items(side, world.imports)
        self.exports = world_items(side, world.exports)
        self.exported = {key for key in world.exports if isinstance(key, int)}
        self.import_shapes: list[Shape] = []
        self.export_shapes: list[Shape] = []
        self.own_shapes: dict[tuple[str, str], list[Shape]] = {}
        """Those of interfaces that are imported or exported under a plain name, by direction and name."""

    def compute(self, shapes: Shapes, direction: str, of_resource: "Callable[[str, str, int], Shape]") -> None:
        """Find the shapes of one direction; imports come first. `of_resource` takes item, type name, type."""
        side = self.side
        types = side.resolve.types

        def common(known: int) -> Shape:
            owner = types[known].owner
            name = types[known].name or ""
            return of_resource(
                "" if owner is None or owner.kind == "world" else side.interface_key(owner.id), name, known
            )

        if direction == "import":
            self.import_shapes = base = shapes.of_types(side, common)
        else:
            self.export_shapes = base = self._exported_shapes(shapes, common)
        for name, item in (self.imports if direction == "import" else self.exports).items():
            if isinstance(item, InterfaceItem) and side.interface_key(item.id) != name:
                self.own_shapes[direction, name] = self._keyed(shapes, base, name, item.id, of_resource)

    def _exported_shapes(self, shapes: Shapes, of_resource: Callable[[int], Shape]) -> list[Shape]:
        """As exports see them: types of interfaces that are not exported are those that are imported."""
        found = list(self.import_shapes)
        for known in shapes.resourceful(self.side):
            definition = self.side.resolve.types[known]
            owner = definition.owner
            if owner is None or (owner.kind == "interface" and owner.id in self.exported):
                found[known] = shapes.of_kind(known, definition.kind, found, of_resource)
        return found

    def _keyed(
        self,
        shapes: Shapes,
        base: list[Shape],
        name: str,
        interface: int,
        of_resource: "Callable[[str, str, int], Shape]",
    ) -> list[Shape]:
        """As an interface that stands under a plain name sees them: what it defines is its own."""
        found = list(base)
        types = self.side.resolve.types
        for known in shapes.resourceful(self.side):
            owner = types[known].owner
            if owner is None or (owner.kind == "interface" and owner.id == interface):
                found[known] = shapes.of_kind(
                    known, types[known].kind, found, lambda known: of_resource(name, types[known].name or "", known)
                )
        return found

    def shapes(self, direction: str, name: str) -> list[Shape]:
        """The shapes that count inside an import or export."""
        base = self.import_shapes if direction == "import" else self.export_shapes
        return self.own_shapes.get((direction, name), base)

    def resource(self, direction: str, item: str, name: str) -> Shape | None:
        """The resource of that name in an import or export; `item` is "" for one of the world itself."""
        items = self.imports if direction == "import" else self.exports
        found = items.get(item or name)
        known = None
        if isinstance(found, TypeItem) and not item:
            known = found.id
        elif isinstance(found, InterfaceItem) and item:
            known = self.side.resolve.interfaces[found.id].types.get(name)
        if known is None or not self.side.is_resource(known):
            return None
        return self.shapes(direction, item)[known]


class _Fit:
    """Holds the two worlds against each other: a component of `mine`, where `theirs` is wanted."""

    def __init__(self, shapes: Shapes, mine: Side, built_for: World, theirs: Side, wanted: World) -> None:
        self.mine = _Side(mine, built_for)
        self.theirs = _Side(theirs, wanted)
        self.kinds = shapes
        number = self.kinds.number

        def fresh(whose: str) -> Callable[[str, str, int], Shape]:
            return lambda item, name, known: number((whose, item, known))

        def found_in(other: _Side, direction: str, whose: str) -> Callable[[str, str, int], Shape]:
            def of_resource(item: str, name: str, known: int) -> Shape:
                found = other.resource(direction, item, name)
                return number((whose, item, known)) if found is None else found

            return of_resource

        # What is imported are the resources of whoever provides them, what is exported those of the component.
        self.theirs.compute(self.kinds, "import", fresh("their import"))
        self.mine.compute(self.kinds, "import", found_in(self.theirs, "import", "my import"))
        self.mine.compute(self.kinds, "export", fresh("my export"))
        self.theirs.compute(self.kinds, "export", found_in(self.mine, "export", "their export"))

    def misfits(self) -> Iterator[Misfit]:
        needed, own = self._needed()
        for name, item in self.mine.imports.items():
            yield from self._check("import", name, item, self.mine, self.theirs, own.get(name, needed))
        for name, item in self.theirs.exports.items():
            yield from self._check("export", name, item, self.theirs, self.mine, None)

    def _check(
        self, direction: str, name: str, item: WorldItem, asking: _Side, giving: _Side, needed: set[int] | None
    ) -> Iterator[Misfit]:
        """What is asked for must be there, and be the same; `needed` are the types that count, None for all."""
        given = (giving.imports if direction == "import" else giving.exports).get(name)
        label = f"{direction} `{asking.side.shown(name)}`"
        mine, other = asking.shapes(direction, name), giving.shapes(direction, name)
        if isinstance(item, InterfaceItem):
            interface = asking.side.resolve.interfaces[item.id]
            if needed is not None and not interface.functions and not needed.intersection(interface.types.values()):
                return
            if not isinstance(given, InterfaceItem):
                yield Misfit(label, "is missing" if given is None else "is no interface")
                return
            yield from self._inside(label, interface, giving.side.resolve.interfaces[given.id], mine, other, needed)
        elif type(given) is not type(item):
            yield Misfit(label, "is missing" if given is None else "is of another kind")
        elif isinstance(item, Function) and isinstance(given, Function):
            if self.kinds.of_function(item, mine) != self.kinds.of_function(given, other):
                yield Misfit(label, "is another function")
        elif isinstance(item, TypeItem) and isinstance(given, TypeItem):
            if mine[item.id] != other[given.id]:
                yield Misfit(label, "is another type")

    def _inside(
        self,
        label: str,
        asked: Interface,
        given: Interface,
        mine: list[Shape],
        other: list[Shape],
        needed: set[int] | None,
    ) -> Iterator[Misfit]:
        for name, known in asked.types.items():
            if needed is not None and known not in needed:
                continue
            if name not in given.types:
                yield Misfit(f"{label}: type `{name}`", "is missing")
            elif mine[known] != other[given.types[name]]:
                yield Misfit(f"{label}: type `{name}`", "is another type")
        for name, function in asked.functions.items():
            if name not in given.functions:
                yield Misfit(f"{label}: function `{name}`", "is missing")
            elif self.kinds.of_function(function, mine) != self.kinds.of_function(given.functions[name], other):
                yield Misfit(f"{label}: function `{name}`", "is another function")

    def _needed(self) -> tuple[set[int], dict[str, set[int]]]:
        """The types that a component imports: those that its functions pass, that its exports have from elsewhere, and
        all resources and types of the world itself. Those of interfaces under a plain name are their own.
        """
        side, types = self.mine.side, self.mine.side.resolve.types
        functions: list[Function] = []
        roots: list[int] = []
        own: dict[str, set[int]] = {}
        for name, item in self.mine.imports.items():
            if isinstance(item, Function):
                functions.append(item)
            elif isinstance(item, TypeItem):
                roots.append(item.id)
            else:
                interface = side.resolve.interfaces[item.id]
                resources = [known for known in interface.types.values() if isinstance(types[known].kind, Resource)]
                if side.interface_key(item.id) == name:
                    functions += interface.functions.values()
                    roots += resources
                else:
                    own[name] = side.reached(interface.functions.values()) | side.reached_from(resources)
                    roots += self._of_others(own[name], {item.id})
        for item in self.mine.exports.values():
            if isinstance(item, Function):
                functions.append(item)
            elif isinstance(item, InterfaceItem):
                interface = side.resolve.interfaces[item.id]
                reached = side.reached(interface.functions.values()) | side.reached_from(interface.types.values())
                roots += self._of_others(reached, {*self.mine.exported, item.id})
        return side.reached(functions) | side.reached_from(roots), own

    def _of_others(self, types: set[int], interfaces: set[int]) -> Iterator[int]:
        """Those of some types that belong to interfaces other than these."""
        for known in types:
            owner = self.mine.side.resolve.types[known].owner
            if owner is not None and owner.kind == "interface" and owner.id not in interfaces:
                yield known
