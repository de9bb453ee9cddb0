"""One side of a comparison: a resolved package, with names that can be found on the other side.

Interfaces are known by their package, as far as its versions are one for the linker, and their name. Those of the main
package are known by their name alone, as its version is what is being judged.
"""

from collections.abc import Iterable, Iterator, Mapping

from dataflare_lsp.wit.compat.versions import track
from dataflare_lsp.wit.order import package_order
from dataflare_lsp.wit.render import definition_text, type_text
from dataflare_lsp.wit.resolved import (
    Alias,
    Function,
    InterfaceItem,
    Resolve,
    Resource,
    TypeDef,
    TypeItem,
    TypeRef,
    World,
    WorldItem,
    WorldKey,
    parts,
)


class Side:
    """A resolved package as a comparison sees it.

    `world` is the one that is compared, whatever its name is on the other side. `is_foreign`: the main package is
    another one than that of the other side, and so has no names that go without saying.
    """

    def __init__(self, resolve: Resolve, world: str = "", is_foreign: bool = False) -> None:
        self.resolve = resolve
        self.main = resolve.packages[resolve.main]
        self._chosen = self.main.worlds.get(world)
        self._own = "" if is_foreign else f"{self.main.name.namespace}:{self.main.name.name}/"
        self._packages = _package_names(resolve)
        self._in_worlds = _inline_interfaces(resolve)

    # Names

    def interface(self, number: int) -> str:
        """The name that an interface has on either side; "" for one that is written in a world."""
        interface = self.resolve.interfaces[number]
        if interface.name is None:
            return ""
        if self._is_own(number):
            return interface.name
        package, version = self._packages[interface.package]
        return f"{package}/{interface.name}" + (f"@{version}" if version else "")

    def key(self, key: WorldKey) -> str:
        """What a world's import or export is known by on either side: no interface has the key of a plain name."""
        return key if isinstance(key, str) else self.interface_key(key)

    def interface_key(self, number: int) -> str:
        """The key of an interface where a world has it by its own name; "" for one that is written in a world."""
        name = self.interface(number)
        return f"{self._own}{name}" if name and self._is_own(number) else name

    def shown(self, key: str) -> str:
        """A key as a sentence shows it."""
        return key.removeprefix(self._own) if self._own else key

    def _is_own(self, number: int) -> bool:
        return bool(self._own) and self.resolve.interfaces[number].package == self.resolve.main

    def owner(self, known: int) -> tuple[str, ...]:
        """What a type belongs to, as a name that it has on either side; () where it belongs to nothing."""
        owner = self.resolve.types[known].owner
        if owner is None:
            return ()
        if owner.kind == "world":
            return ("world", self._world(owner.id))
        name = self.interface(owner.id)
        if name:
            return ("interface", name)
        world, direction, key = self._in_worlds.get(owner.id, (-1, "", str(owner.id)))
        return ("inline", self._world(world), direction, key)

    def _world(self, number: int) -> str:
        return "" if number == self._chosen or number < 0 else self.resolve.worlds[number].name

    def type_text(self, written: TypeRef) -> str:
        """A type as WIT writes it."""
        return type_text(self.resolve, written)

    def definition_text(self, known: int) -> str:
        """What stands behind the `=` where a type is defined by `type name = …`."""
        return definition_text(self.resolve, known)

    # Items

    def interfaces(self) -> dict[str, int]:
        """The interfaces of the main package, by name."""
        return dict(self.main.interfaces)

    def worlds(self) -> dict[str, int]:
        """The worlds of the main package, by name."""
        return dict(self.main.worlds)

    def foreign_interfaces(self) -> dict[str, int]:
        """The interfaces of other packages that worlds of the main one bring in or whose types it uses."""
        found: dict[str, int] = {}
        for world in self.main.worlds.values():
            for item in _items(self.resolve.worlds[world]):
                if isinstance(item, InterfaceItem):
                    self._add_foreign(found, item.id)
        for interface in self.main.interfaces.values():
            for known in self.resolve.interfaces[interface].types.values():
                source = self.used_from(known)
                if source is not None:
                    self._add_foreign(found, source)
        return found

    def _add_foreign(self, found: dict[str, int], number: int) -> None:
        interface = self.resolve.interfaces[number]
        if interface.package != self.resolve.main and interface.name is not None:
            found.setdefault(self.interface(number), number)

    def used_from(self, known: int) -> int | None:
        """The interface that a type is used from, where its definition is that of another owner."""
        definition = self.resolve.types[known]
        target = self.target(definition)
        if target is None:
            return None
        owner = self.resolve.types[target].owner
        return None if owner is None or owner == definition.owner or owner.kind == "world" else owner.id

    def target(self, definition: TypeDef) -> int | None:
        """The type that `definition` is another name of, where that is no primitive one."""
        kind = definition.kind
        return kind.type if isinstance(kind, Alias) and isinstance(kind.type, int) else None

    def is_resource(self, known: int) -> bool:
        """Whether a type is a resource, by whatever name."""
        target: int | None = known
        while target is not None:
            definition = self.resolve.types[target]
            if isinstance(definition.kind, Resource):
                return True
            target = self.target(definition)
        return False

    def used(self, world: World | None = None) -> frozenset[int]:
        """The types that components may have to import: those that functions pass, and that worlds name or export.

        Of all interfaces and worlds, or of one world.
        """
        functions: list[Function] = []
        types: list[int] = []
        for one in self.resolve.worlds if world is None else (world,):
            for direction, item in (*_with("import", one.imports), *_with("export", one.exports)):
                if isinstance(item, Function):
                    functions.append(item)
                elif isinstance(item, TypeItem):
                    types.append(item.id)
                else:
                    interface = self.resolve.interfaces[item.id]
                    functions += interface.functions.values()
                    if direction == "export":
                        types += interface.types.values()
        if world is None:
            functions += [function for one in self.resolve.interfaces for function in one.functions.values()]
        return frozenset(self.reached(functions) | self.reached_from(types))

    def reached(self, functions: Iterable[Function]) -> set[int]:
        """The types that functions pass, with all that these are made of."""
        pending = [known for function in functions for known in references(function)]
        return self.reached_from(pending)

    def reached_from(self, types: Iterable[int]) -> set[int]:
        """These types, and all that they are made of."""
        pending = list(types)
        reached: set[int] = set()
        while pending:
            known = pending.pop()
            if known not in reached:
                reached.add(known)
                pending += [part for part in parts(self.resolve.types[known].kind) if isinstance(part, int)]
        return reached


def _items(world: World) -> Iterator[WorldItem]:
    yield from world.imports.values()
    yield from world.exports.values()


def _with(direction: str, items: Mapping[WorldKey, WorldItem]) -> Iterator[tuple[str, WorldItem]]:
    yield from ((direction, item) for item in items.values())


def references(function: Function) -> list[int]:
    """The types that a function names, and the resource that it belongs to."""
    named = [param.type for param in function.params]
    if function.result is not None:
        named.append(function.result)
    if function.kind.resource is not None:
        named.append(function.kind.resource)
    return [known for known in named if isinstance(known, int)]


def world_items(side: Side, items: Mapping[WorldKey, WorldItem]) -> dict[str, WorldItem]:
    """The imports or exports of a world by the names that they have on either side."""
    return {side.key(key): item for key, item in items.items()}


def _inline_interfaces(resolve: Resolve) -> dict[int, tuple[int, str, str]]:
    """The interfaces that are written in worlds: the world, the direction, and the name there."""
    found = {}
    for number, world in enumerate(resolve.worlds):
        for direction, items in (("import", world.imports), ("export", world.exports)):
            for key, item in items.items():
                if isinstance(item, InterfaceItem) and resolve.interfaces[item.id].name is None:
                    found[item.id] = (number, direction, str(key))
    return found


def _package_names(resolve: Resolve) -> list[tuple[str, str]]:
    """The name of each package, and the track of its version.

    Where two are of one track, the later version has its name, and the other is known by its whole version.
    """
    names: list[tuple[str, str]] = [("", "")] * len(resolve.packages)
    taken: set[tuple[str, str]] = set()
    for number in sorted(
        range(len(resolve.packages)), key=lambda one: package_order(resolve.packages[one].name), reverse=True
    ):
        name = resolve.packages[number].name
        known = (f"{name.namespace}:{name.name}", track(name.version))
        if known in taken:
            known = (known[0], name.version or "")
        taken.add(known)
        names[number] = known
    return names
