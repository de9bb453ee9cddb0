"""The union of worlds, and of what several sources show of the same packages."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from dataflare_lsp.component.errors import NotRepresentable
from dataflare_lsp.component.names import is_interface_name
from dataflare_lsp.component.package import (
    Function,
    InlineInterface,
    Interface,
    InterfaceItem,
    InterfaceName,
    Package,
    TypeDeclaration,
    World,
    WorldItem,
)
from dataflare_lsp.wit.syntax import PackageName

T = TypeVar("T")


def world_of_all(worlds: dict[InterfaceName, World], name: InterfaceName) -> World:
    """The world `name`, with all that any of `worlds` has: it includes them where WIT lets it, or repeats their items.

    Raises `NotRepresentable` where they contradict one another.
    """
    plain = [plain for world in worlds.values() for plain in _plain_names(world)]
    if name in worlds or len(set(plain)) < len(plain):
        return merged_worlds(worlds.values())
    return World({}, (), (), tuple(worlds))


def merged_worlds(worlds: Iterable[World]) -> World:
    """A world with the items of all `worlds`. Raises `NotRepresentable` where they contradict one another."""
    types: dict[str, TypeDeclaration] = {}
    imports: dict[str, WorldItem] = {}
    exports: dict[str, WorldItem] = {}
    for world in worlds:
        _add(types, world.types)
        _add_items(imports, world.imports)
        _add_items(exports, world.exports)
    return World(types, tuple(imports.values()), tuple(exports.values()))


def merged_packages(packages: Iterable[Package]) -> tuple[Package, ...]:
    """One package for each name, in the order of their last mention. Raises as `merged_worlds` does."""
    merged: dict[PackageName, Package] = {}
    for package in packages:
        into = merged.pop(package.name, Package(package.name, {}, {}))
        for name, interface in package.interfaces.items():
            _add_interface(into.interfaces.setdefault(name, Interface({}, {})), interface)
        for name, world in package.worlds.items():
            known = into.worlds.get(name)
            into.worlds[name] = world if known in (None, world) else merged_worlds([known, world])
        merged[package.name] = into
    return tuple(merged.values())


def _add_items(into: dict[str, WorldItem], items: Iterable[WorldItem]) -> None:
    for item in items:
        key = _key(item)
        known = into.get(key)
        if isinstance(known, InlineInterface) and isinstance(item, InlineInterface):
            interface = Interface({}, {})
            _add_interface(interface, known.interface)
            _add_interface(interface, item.interface)
            into[key] = known._replace(interface=interface)
        else:
            _add(into, {key: item})


def _add_interface(into: Interface, interface: Interface) -> None:
    _add(into.types, interface.types)
    _add(into.functions, interface.functions)


def _add(into: dict[str, T], items: Mapping[str, T]) -> None:
    for name, item in items.items():
        if into.setdefault(name, item) != item:
            raise NotRepresentable(f"`{name}` is described in two ways")


def _plain_names(world: World) -> set[str]:
    """The names in a world that an included world must not have as well."""
    items = {_key(item) for item in (*world.imports, *world.exports)}
    return {name for name in {*world.types, *items} if not is_interface_name(name)}


def _key(item: WorldItem) -> str:
    if isinstance(item, Function):
        return item.name
    if isinstance(item, InterfaceItem) and item.label is None:
        return str(item.interface)
    return item.label or ""
