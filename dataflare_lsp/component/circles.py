"""Packages that use each other in a circle, which components may have and WIT may not."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from dataflare_lsp.component.errors import NotRepresentable
from dataflare_lsp.component.package import (
    InlineInterface,
    InterfaceItem,
    InterfaceName,
    Package,
    TypeDeclaration,
    Use,
    World,
)


def refuse_circles(packages: Iterable[Package]) -> None:
    """Raise `NotRepresentable` where packages use each other in a circle."""
    needs = {
        package.name: dict.fromkeys([used.package for used in _used(package) if used.package != package.name])
        for package in packages
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " uses ".join([f"`{name}`" for name in reversed(error.args[1])])
        raise NotRepresentable(f"packages use each other in a circle: {circle}") from None


def _used(package: Package) -> Iterator[InterfaceName]:
    for interface in package.interfaces.values():
        yield from _sources(interface.types.values())
    for world in package.worlds.values():
        yield from world.includes
        yield from _used_by_world(world)


def _used_by_world(world: World) -> Iterator[InterfaceName]:
    yield from _sources(world.types.values())
    for item in (*world.imports, *world.exports):
        if isinstance(item, InterfaceItem):
            yield item.interface
        elif isinstance(item, InlineInterface):
            yield from _sources(item.interface.types.values())


def _sources(types: Iterable[TypeDeclaration]) -> Iterator[InterfaceName]:
    for type_ in types:
        if isinstance(type_, Use):
            yield type_.source
