"""Whether the documentation of an encoded package speaks only of what is there, as the reference demands."""

from collections.abc import Iterable, Mapping

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.package import (
    Composite,
    Function,
    InlineInterface,
    Interface,
    InterfaceItem,
    Package,
    TypeDeclaration,
    World,
    WorldItem,
)
from dataflare_lsp.component.package_docs import SECTION, InterfaceDocs, PackageDocs, TypeDocs, WorldDocs


def check_docs(package: Package, docs: PackageDocs, offset: int) -> None:
    """Raises `MalformedComponent`, with the `offset` of the section, where `docs` names what `package` has not."""
    try:
        _known("interface", docs.interfaces, package.interfaces)
        _known("world", docs.worlds, package.worlds)
        for name, interface in docs.interfaces.items():
            _check_interface(package.interfaces[name], interface)
        for name, world in docs.worlds.items():
            _check_world(package.worlds[name], world)
    except _Missing as missing:
        message = f"the section `{SECTION}` describes the {missing}, which is not there"
        raise MalformedComponent(message, offset) from None


class _Missing(Exception):
    """What is described and not there."""


def _known(what: str, described: Iterable[str], there: Iterable[str]) -> None:
    names = set(there)
    for name in described:
        if name not in names:
            raise _Missing(f"{what} `{name}`")


def _check_interface(interface: Interface, docs: InterfaceDocs) -> None:
    _known("function", docs.functions, interface.functions)
    _check_types(interface.types, docs.types)


def _check_types(types: Mapping[str, TypeDeclaration], docs: Mapping[str, TypeDocs]) -> None:
    _known("type", docs, types)
    for name, described in docs.items():
        type_ = types[name]
        members = [member.name for member in type_.members] if isinstance(type_, Composite) else []
        _known(f"member of `{name}`", described.members, members)


def _check_world(world: World, docs: WorldDocs) -> None:
    _check_types(world.types, docs.types)
    sides = ((world.imports, docs.imported), (world.exports, docs.exported))
    for items, references in sides:
        _known("interface", references, _interface_names(items))
    imported, exported = (_functions(items) for items in (world.imports, world.exports))
    _known("function", docs.functions, imported | exported)
    _known("function", docs.function_exports, exported)
    inline, inline_exports = (_inline(items) for items in (world.imports, world.exports))
    for described, there in ((docs.interfaces, {**inline_exports, **inline}), (docs.interface_exports, inline_exports)):
        _known("interface", described, there)
        for name, interface in described.items():
            _check_interface(there[name], interface)


def _interface_names(items: tuple[WorldItem, ...]) -> list[str]:
    return [item.label or str(item.interface) for item in items if isinstance(item, InterfaceItem)]


def _functions(items: tuple[WorldItem, ...]) -> set[str]:
    return {item.name for item in items if isinstance(item, Function)}


def _inline(items: tuple[WorldItem, ...]) -> dict[str, Interface]:
    return {item.label: item.interface for item in items if isinstance(item, InlineInterface)}
