"""The union of worlds, and of what several sources show of the same packages."""

from collections.abc import Iterable
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
    PackageName,
    World,
    WorldItem,
)

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
    merged = World({}, (), ())
    for world in worlds:
        merged = World(
            _union(merged.types, world.types),
            _merged_items(merged.imports, world.imports),
            _merged_items(merged.exports, world.exports),
        )
    return merged


def merged_packages(packages: Iterable[Package]) -> tuple[Package, ...]:
    """One package for each name, in the order of their last mention. Raises as `merged_worlds` does."""
    merged: dict[PackageName, Package] = {}
    for package in packages:
        before = merged.pop(package.name, Package(package.name, {}, {}))
        interfaces, worlds = dict(before.interfaces), dict(before.worlds)
        for name, interface in package.interfaces.items():
            interfaces[name] = _merged_interface(interfaces.get(name), interface)
        for name, world in package.worlds.items():
            worlds[name] = merged_worlds([worlds[name], world] if name in worlds else [world])
        merged[package.name] = Package(package.name, interfaces, worlds)
    return tuple(merged.values())


def _merged_interface(one: Interface | None, other: Interface) -> Interface:
    if one is None:
        return other
    return Interface(_union(one.types, other.types), _union(one.functions, other.functions))


def _merged_items(one: tuple[WorldItem, ...], other: tuple[WorldItem, ...]) -> tuple[WorldItem, ...]:
    items = {_key(item): item for item in one}
    for item in other:
        before = items.get(_key(item))
        if isinstance(before, InlineInterface) and isinstance(item, InlineInterface):
            items[_key(item)] = before._replace(interface=_merged_interface(before.interface, item.interface))
        else:
            items = _union(items, {_key(item): item})
    return tuple(items.values())


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


def _union(one: dict[str, T], other: dict[str, T]) -> dict[str, T]:
    for name, item in other.items():
        if name in one and one[name] != item:
            raise NotRepresentable(f"`{name}` is described in two ways")
    return {**one, **other}
