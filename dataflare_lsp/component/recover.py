"""Recovering WIT from binaries: encoded packages, components and core modules. Specification: WIT.md, "Package Format".

Today's encoding of a package exports one component type per interface and world, which in turn exports the interface
as an instance, or the world as a component type, by its name in the package. The first encoding exported a single
component type, named `namespace:package/wit`, that exports all interfaces and worlds. Both are read by the same code:
a component type whose exports are interfaces and worlds.

A component is a world of its own, without a name. The reference calls it `root:component/root`, and so do we.
"""

from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.component.allowance import TextAllowance
from dataflare_lsp.component.binary import DEFAULT_LIMITS, Limits, decode, kind_of
from dataflare_lsp.component.collection import Collection
from dataflare_lsp.component.docs_check import check_docs
from dataflare_lsp.component.errors import CoreModule, MalformedComponent, NotAWitPackage
from dataflare_lsp.component.merge import merged_packages, merged_worlds, world_of_all
from dataflare_lsp.component.model import Component, ComponentType, CustomSection
from dataflare_lsp.component.names import is_interface_name
from dataflare_lsp.component.package import InterfaceName, Package, World
from dataflare_lsp.component.package_docs import NO_PACKAGE_DOCS, SECTION, PackageDocs, package_docs
from dataflare_lsp.component.reader import Data, Reader
from dataflare_lsp.component.scope import Allowance, Interior, Scope, Structure, TypeItem
from dataflare_lsp.component.sections import Section, sections
from dataflare_lsp.wit.syntax import PackageName

Kind: TypeAlias = Literal["package", "component", "module"]

COMPONENT: Final = PackageName("root", "component", None)
"""The package that the world of a component is said to be in."""

MODULE: Final = PackageName("root", "root", None)
"""The package that the world of a core module is said to be in."""

WORLD: Final = "root"
"""The name that these worlds are given."""


_MAX_DESCRIBED: Final = 100
"""How many sections of a core module may describe worlds: one for each library that brings bindings."""


class Recovered(NamedTuple):
    """What the binary is, the package that it encodes or stands in, what it shows of others, and what is said of it."""

    kind: Kind
    package: Package
    dependencies: tuple[Package, ...]
    docs: PackageDocs


def recover(data: Data, limits: Limits = DEFAULT_LIMITS) -> Recovered:
    """The WIT that the binary `data` carries.

    Raises `MalformedComponent` where it is no binary at all, `CoreModule` for a core module without WIT, and
    `NotRepresentable` where types are used in a way that WIT cannot write.
    """
    if kind_of(data) == "core module":
        return _module(data, limits)
    opened = _opened(data, limits)
    if opened.entities:
        return _package(data, opened)
    collection = Collection(opened.allowance, TextAllowance(len(data)), COMPONENT)
    collection.component(WORLD, opened.interior)
    package, dependencies = collection.finish()
    return Recovered("component", package, dependencies, _docs(data, opened.component, package))


def recover_package(data: Data, limits: Limits = DEFAULT_LIMITS) -> Recovered:
    """The WIT package that the binary `data` encodes.

    Raises as `recover` does, and `NotAWitPackage` for a component, or a core module of any kind.
    """
    if kind_of(data) == "core module":
        raise CoreModule("this is a core WebAssembly module, not a WIT package")
    opened = _opened(data, limits)
    if opened.entities:
        return _package(data, opened)
    if all(isinstance(definition, CustomSection) for definition in opened.component.definitions):
        raise NotAWitPackage("this has neither interfaces nor worlds: not a WIT package, but an empty component")
    raise NotAWitPackage("this is a component, not a WIT package")


class _Opened(NamedTuple):
    """A component with its imports and exports. `entities` are component types, of a package."""

    component: Component
    interior: Interior
    entities: list[Structure]
    allowance: Allowance


def _opened(data: Data, limits: Limits, start: int = 0, end: int | None = None) -> _Opened:
    """The component in `data` from `start` to `end`."""
    component = decode(data, limits, start, end)
    size = (len(data) if end is None else end) - start
    # No declaration takes less than a byte, an honest file has its declarations resolved once, and what a name stands
    # for is never far.
    allowance = Allowance(min(2 * size, limits.elements))
    interior = Scope(allowance).read(component.definitions)
    return _Opened(component, interior, _entities(interior), allowance)


def _package(data: Data, opened: _Opened) -> Recovered:
    package, dependencies = _collected(opened, TextAllowance(len(data)))
    return Recovered("package", package, dependencies, _docs(data, opened.component, package))


def _collected(opened: _Opened, text: TextAllowance) -> tuple[Package, tuple[Package, ...]]:
    collection = Collection(opened.allowance, text)
    for entity in opened.entities:
        collection.entity(entity)
    return collection.finish()


def _entities(interior: Interior) -> list[Structure]:
    """The component types that a component exports, if that is all that it is there for."""
    exports: list[Structure] = []
    for item in interior.exports:
        bound = item.type.bound if isinstance(item, TypeItem) else None
        if isinstance(bound, Structure) and isinstance(bound.type, ComponentType):
            exports.append(bound)
    first = interior.exports[0].name.name if exports else ""
    is_package = not is_interface_name(first) or first.partition("@")[0].endswith("/wit")
    return exports if is_package and len(exports) == len(interior.exports) and not interior.imports else []


def _docs(data: Data, component: Component, package: Package) -> PackageDocs:
    sections = [item for item in component.definitions if isinstance(item, CustomSection) and item.name == SECTION]
    if len(sections) > 1:
        raise MalformedComponent(f"there is more than one section `{SECTION}`", sections[1].offset)
    if not sections:
        return NO_PACKAGE_DOCS
    (_, offset, size) = sections[0]
    docs = package_docs(bytes(data[offset : offset + size]), offset)
    check_docs(package, docs, offset)
    return docs


# Core modules


def _module(data: Data, limits: Limits) -> Recovered:
    """The union of what all sections `component-type…` of a core module say."""
    described = [section for section in sections(data) if section.name.startswith("component-type")]
    if not described:
        raise CoreModule(
            "this is a core WebAssembly module, not a component, and carries no WIT; `wasm-tools component new` makes "
            "a component of a module that does"
        )
    if len(described) > _MAX_DESCRIBED:
        raise MalformedComponent(f"more than {_MAX_DESCRIBED} sections describe worlds", described[-1].offset)
    worlds: dict[InterfaceName, World] = {}
    packages: list[Package] = []
    text = TextAllowance(len(data))
    whole = sum([section.size for section in described]) or 1
    for section in described:
        share = limits._replace(elements=limits.elements * section.size // whole)
        name, package, others = _section(data, section, share, text)
        world = package.worlds[name]
        full = InterfaceName(package.name, name)
        known = worlds.get(full)
        worlds[full] = world if known in (None, world) else merged_worlds([known, world])
        packages += [*others, package]
    merged = merged_packages([*packages, Package(MODULE, {}, {})])
    own = {WORLD: world_of_all(worlds, InterfaceName(MODULE, WORLD))}
    package = merged[-1]._replace(worlds={**merged[-1].worlds, **own})
    return Recovered("module", package, merged[:-1], NO_PACKAGE_DOCS)


def _section(
    data: Data, section: Section, limits: Limits, text: TextAllowance
) -> tuple[str, Package, tuple[Package, ...]]:
    """The name of the world that the section is about, its package, and what it shows of others."""
    start, end = section.offset, section.offset + section.size
    wanted = None
    if data[start : start + 1] == b"\x03":
        # Until 2023 an encoded package stood here, after the encoding of strings and the name of the world in it.
        reader = Reader(data, start + 2, limits.elements)
        wanted, start = reader.name(), reader.position
    opened = _opened(data, limits, start, end)
    if not opened.entities:
        raise MalformedComponent(f"the section `{section.name}` does not describe a world", start)
    package, others = _collected(opened, text)
    selected = list(package.worlds)
    if wanted is not None:
        selected = [name for name in selected if name == wanted.rpartition("/")[2].partition("@")[0]]
    if len(selected) != 1:
        raise MalformedComponent(f"the section `{section.name}` does not tell which world it describes", start)
    return selected[0], package, others
