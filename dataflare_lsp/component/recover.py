"""Recovering a WIT package from the component types that encode it. Specification: WIT.md, "Package Format".

Today's encoding exports one component type per interface and world, which in turn exports the interface as an
instance, or the world as a component type, by its name in the package. The first encoding exported a single component
type, named `namespace:package/wit`, that exports all interfaces and worlds. Both are read by the same code: a
component type whose exports are interfaces and worlds.

Interfaces of other packages are imported wherever they are needed, each time with no more than what is needed: what
is known of them is the union.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from dataflare_lsp.component import model
from dataflare_lsp.component.binary import DEFAULT_LIMITS, Limits, decode, kind_of
from dataflare_lsp.component.docs_check import check_docs
from dataflare_lsp.component.errors import CoreModule, MalformedComponent, NotAWitPackage, NotRepresentable
from dataflare_lsp.component.model import Component, CustomSection, Skipped, ValType
from dataflare_lsp.component.names import interface_name, is_interface_name, label, origin_name, plain_name
from dataflare_lsp.component.package import (
    Alias,
    Composite,
    Function,
    InlineInterface,
    Interface,
    InterfaceItem,
    InterfaceName,
    Member,
    Package,
    PackageName,
    Resource,
    TypeDeclaration,
    Use,
    World,
    WorldItem,
)
from dataflare_lsp.component.package_docs import NO_PACKAGE_DOCS, SECTION, PackageDocs, package_docs
from dataflare_lsp.component.scope import (
    Allowance,
    ComponentItem,
    Entry,
    FuncItem,
    InstanceItem,
    Interior,
    Item,
    NamedType,
    Origin,
    Scope,
    Structure,
    TypeItem,
    inside,
)
from dataflare_lsp.wit.lexer import KEYWORDS

_MAX_TYPE_DEPTH: Final = 100
"""How deep a type may nest as text; the limit of the language's own parser."""

_MAX_TYPE_TEXT: Final = 1 << 16
"""How many characters a type without a name may take. Shared parts, written out each time, grow without end."""


class TooLong(NotRepresentable):
    """The text would be out of all proportion to the binary, where one index may stand for a long name or type."""

    def __init__(self) -> None:
        super().__init__("written out, the package is out of proportion to its size as a binary")


class TextAllowance:
    """How many more characters may be written for a binary of `size` bytes. Usual are one or two to a byte."""

    __slots__ = ("_left",)

    def __init__(self, size: int) -> None:
        self._left = min(64 * size + (1 << 16), 1 << 24)

    def spend(self, characters: int) -> None:
        """Take off `characters`. Raises `TooLong` when that is more than is left."""
        self._left -= characters
        if self._left < 0:
            raise TooLong


class Recovered(NamedTuple):
    """The package that the binary encodes, what it shows of others, and what is said of the package's items."""

    package: Package
    dependencies: tuple[Package, ...]
    docs: PackageDocs


def recover(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Recovered:
    """The WIT package that the binary `data` encodes.

    Raises `MalformedComponent` where it is no binary at all, `NotAWitPackage` for a component or a core module, and
    `NotRepresentable` where types are used in a way that WIT cannot write.
    """
    if kind_of(data) == "core module":
        raise CoreModule("this is a core WebAssembly module, not a WIT package")
    component = decode(data, limits)
    # No declaration takes less than a byte, and an honest file has its declarations resolved once.
    allowance = Allowance(len(data))
    entities = _entities(component, allowance)
    recovery = _Recovery(allowance, TextAllowance(len(data)))
    for entity in entities:
        recovery.entity(entity)
    package, dependencies = recovery.finish()
    section = _docs_section(component)
    if section is None:
        return Recovered(package, dependencies, NO_PACKAGE_DOCS)
    docs = package_docs(section.data, section.offset)
    check_docs(package, docs, section.offset)
    return Recovered(package, dependencies, docs)


def escaped(name: str) -> str:
    """`name` as it is written in WIT: with a leading `%` where it would be a keyword."""
    return f"%{name}" if name in KEYWORDS else name


def _entities(component: Component, allowance: Allowance) -> list[Structure]:
    """The component types that `component` exports, if it does nothing else. Raises `NotAWitPackage`."""
    exports: list[Structure] = []
    if not any(isinstance(definition, Skipped) for definition in component.definitions):
        interior = Scope(allowance).read(component.definitions)
        for item in interior.exports:
            bound = item.bound if isinstance(item, TypeItem) else None
            if isinstance(bound, Structure) and isinstance(bound.type, model.ComponentType):
                exports.append(bound)
        first = interior.exports[0].name.name if exports else ""
        is_package = not is_interface_name(first) or first.partition("@")[0].endswith("/wit")
        if exports and len(exports) == len(interior.exports) and not interior.imports and is_package:
            return exports
    if all(isinstance(definition, CustomSection) for definition in component.definitions):
        raise NotAWitPackage("this has neither interfaces nor worlds: not a WIT package, but an empty component")
    raise NotAWitPackage("this is a component, not a WIT package")


def _docs_section(component: Component) -> CustomSection | None:
    sections = [item for item in component.definitions if isinstance(item, CustomSection) and item.name == SECTION]
    if len(sections) > 1:
        raise MalformedComponent(f"there is more than one section `{SECTION}`", sections[1].offset)
    return sections[0] if sections else None


class _Recovery:
    """Collects interfaces and worlds from one component type after the other."""

    def __init__(self, allowance: Allowance, text: TextAllowance) -> None:
        self._allowance = allowance
        self._text = text
        self._name: PackageName | None = None
        self._defined: dict[str, Interface] = {}
        self._worlds: dict[str, World] = {}
        self._seen: dict[InterfaceName, Interface] = {}
        """What imports show of interfaces, of this package or of others."""

    def entity(self, structure: Structure) -> None:
        """Take in what the component type `structure` exports."""
        interior = inside(structure, self._allowance)
        if not interior.exports:
            raise MalformedComponent("a component type exports neither an interface nor a world", structure.offset)
        for item in interior.imports:
            if not isinstance(item, InstanceItem):
                raise MalformedComponent(f"`{item.name.name}` is not an interface of another package", item.offset)
            self._instance(item)
        for item in interior.exports:
            name = interface_name(item.name.name, item.name.version_suffix, item.offset)
            if self._name is None:
                self._name = name.package
            elif self._name != name.package:
                raise MalformedComponent(f"`{name}` is not in the package `{self._name}`", item.offset)
            if name.interface in self._defined or name.interface in self._worlds:
                raise MalformedComponent(f"`{name}` is defined twice", item.offset)
            if isinstance(item, InstanceItem):
                self._defined[name.interface] = interface = Interface({}, {})
                self._add(interface, item)
            elif isinstance(item, ComponentItem):
                self._worlds[name.interface] = self._world(inside(item.structure, self._allowance))
            else:
                raise MalformedComponent(f"`{name}` is neither an interface nor a world", item.offset)

    def finish(self) -> tuple[Package, tuple[Package, ...]]:
        """The package, and what is known of those that it uses."""
        name = self._name
        assert name is not None
        dependencies: dict[PackageName, Package] = {}
        for seen, interface in self._seen.items():
            if seen.package != name:
                package = dependencies.setdefault(seen.package, Package(seen.package, {}, {}))
                package.interfaces[seen.interface] = interface
            elif seen.interface in self._worlds:
                raise MalformedComponent(f"`{seen}` is used as an interface and defined as a world", 0)
            else:
                self._defined.setdefault(seen.interface, interface)
        return Package(name, self._defined, self._worlds), tuple(dependencies.values())

    def _world(self, interior: Interior) -> World:
        view = _View(None, None, self._text)
        types: dict[str, TypeDeclaration] = {}
        imports: list[WorldItem] = []
        for item in interior.imports:
            if isinstance(item, TypeItem):
                types[item.name.name] = view.type_declaration(item)
            else:
                imports.append(self._world_item(item, view))
        exports = [self._world_item(item, view) for item in interior.exports]
        _check_resources(types, [item for item in imports if isinstance(item, Function)])
        _check_resources({}, [item for item in exports if isinstance(item, Function)])
        return World(types, tuple(imports), tuple(exports))

    def _world_item(self, item: Item, view: "_View") -> WorldItem:
        if isinstance(item, FuncItem):
            return view.function(item)
        if not isinstance(item, InstanceItem):
            raise NotRepresentable(f"a world has `{item.name.name}`, which is neither a function nor an interface")
        name = self._instance(item)
        if name is None:
            interface = Interface({}, {})
            self._add(interface, item)
            return InlineInterface(label(item.name.name, item.offset), interface, item.name.external_id)
        named = None if is_interface_name(item.name.name) else label(item.name.name, item.offset)
        return InterfaceItem(name, named, item.name.external_id)

    def _instance(self, item: InstanceItem) -> InterfaceName | None:
        """The name of the interface that `item` is, having taken in what it shows of that; None for one in place."""
        name = origin_name(item.name, item.offset)
        if name is not None and not (name.package == self._name and name.interface in self._defined):
            self._add(self._seen.setdefault(name, Interface({}, {})), item)
        return name

    def _add(self, interface: Interface, item: InstanceItem) -> None:
        """Add to `interface` what `item` has beyond it."""
        view = _View(item.origin, origin_name(item.name, item.offset), self._text)
        added: list[Function] = []
        for export in item.exports:
            name = export.name.name
            if isinstance(export, TypeItem):
                if name in interface.types:
                    view.note_use(export)
                else:
                    interface.types[name] = view.type_declaration(export)
            elif isinstance(export, FuncItem):
                if name not in interface.functions:
                    interface.functions[name] = function = view.function(export)
                    added.append(function)
            else:
                raise NotRepresentable(f"an interface has `{name}`, which is neither a type nor a function")
        _check_resources(interface.types, added)


def _check_resources(types: dict[str, TypeDeclaration], functions: Iterable[Function]) -> None:
    for function in functions:
        if function.resource is not None and not isinstance(types.get(function.resource), Resource):
            raise NotRepresentable(f"`{function.name}` belongs to a resource that is not defined beside it")


class _View:
    """Spells types as one interface, or one world (`origin` is None), sees them."""

    def __init__(self, origin: Origin | None, interface: InterfaceName | None, text: TextAllowance) -> None:
        self._origin = origin
        self._interface = interface
        self._text = text
        self._used: dict[tuple[InterfaceName, str], str] = {}
        """Local names of types that are used from other interfaces."""
        self._spelled: dict[int, str] = {}
        """Types without a name by the identity of their entry, which the scope keeps alive."""

    def note_use(self, item: TypeItem) -> Use | None:
        """The `use` that the type `item` is, if it is one, kept for what refers to its source."""
        bound = item.bound
        if not isinstance(bound, NamedType) or bound.origin == self._origin:
            return None
        source = origin_name(bound.origin.name, item.offset) if bound.origin is not None else None
        if source is None or source == self._interface:
            raise NotRepresentable(f"the type `{item.name.name}` is one that no interface defines")
        name = label(item.name.name, item.offset)
        self._text.spend(len(bound.name))
        self._used.setdefault((source, bound.name), name)
        return Use(name, source, label(bound.name, item.offset), item.name.external_id)

    def type_declaration(self, item: TypeItem) -> TypeDeclaration:
        """The declaration in WIT of the type `item`."""
        name = label(item.name.name, item.offset)
        external_id = item.name.external_id
        use = self.note_use(item)
        if use is not None:
            return use
        bound = item.bound
        if bound is None:
            return Resource(name, external_id)
        if isinstance(bound, NamedType):
            return Alias(name, escaped(bound.name), external_id)
        type_ = bound.type
        if isinstance(type_, model.RecordType):
            fields = [Member(label(field.name, bound.offset), self._value(field.type, bound)) for field in type_.fields]
            return Composite(name, "record", tuple(fields), external_id)
        if isinstance(type_, model.VariantType):
            cases = [Member(label(case.name, bound.offset), self._payload(case.type, bound)) for case in type_.cases]
            return Composite(name, "variant", tuple(cases), external_id)
        if isinstance(type_, (model.EnumType, model.FlagsType)):
            members = [Member(label(member, bound.offset), None) for member in type_.names]
            keyword: Literal["enum", "flags"] = "enum" if isinstance(type_, model.EnumType) else "flags"
            return Composite(name, keyword, tuple(members), external_id)
        if isinstance(type_, model.OwnType):
            return Alias(name, f"own<{self._resource(type_.resource, bound)}>", external_id)
        return Alias(name, self._structure(bound, 0), external_id)

    def function(self, item: FuncItem) -> Function:
        """The declaration in WIT of the function `item`."""
        name = plain_name(item.name.name, item.offset)
        structure = item.structure
        type_ = structure.type
        assert isinstance(type_, model.FuncType)
        params = tuple(
            [(label(param.name, structure.offset), self._value(param.type, structure)) for param in type_.params]
        )
        result = None if type_.result is None else self._value(type_.result, structure)
        if name.role == "method":
            receiver = ("self", f"borrow<{escaped(name.resource or '')}>")
            if params[:1] != (receiver,):
                raise MalformedComponent(f"`{item.name.name}` does not take `self` first", structure.offset)
            params = params[1:]
        elif name.role == "constructor" and result == escaped(name.label):
            result = None
        return Function(
            item.name.name,
            name.label,
            name.role,
            name.resource,
            name.accessor,
            type_.is_async,
            params,
            result,
            item.name.external_id,
        )

    def _value(self, value: ValType, at: Structure, depth: int = 0) -> str:
        if isinstance(value, str):
            return value
        return self._entry(at.scope.type_at(value, at.position, at.offset), at.offset, depth)

    def _payload(self, value: ValType | None, at: Structure, depth: int = 0) -> str | None:
        return None if value is None else self._value(value, at, depth)

    def _resource(self, index: int, at: Structure) -> str:
        entry = at.scope.type_at(index, at.position, at.offset)
        if not isinstance(entry, NamedType):
            raise MalformedComponent(f"type {index} is not a resource", at.offset)
        return self._entry(entry, at.offset, 0)

    def _entry(self, entry: Entry, offset: int, depth: int) -> str:
        if isinstance(entry, Structure):
            spelled = self._spelled.get(id(entry))
            if spelled is None:
                spelled = self._spelled[id(entry)] = self._structure(entry, depth)
            return spelled
        if entry.origin == self._origin:
            return escaped(entry.name)
        source = origin_name(entry.origin.name, offset) if entry.origin is not None else None
        used = self._used.get((source, entry.name)) if source is not None else None
        if used is None:
            raise NotRepresentable(f"the type `{entry.name}` is mentioned where no `use` brings it in")
        return escaped(used)

    def _structure(self, at: Structure, depth: int) -> str:
        """A type that has no name, written out."""
        if depth >= _MAX_TYPE_DEPTH:
            raise NotRepresentable(f"a type is nested more than {_MAX_TYPE_DEPTH} deep")
        text = self._spell(at, depth + 1)
        if len(text) > _MAX_TYPE_TEXT:
            raise TooLong
        self._text.spend(len(text))
        return text

    def _spell(self, at: Structure, depth: int) -> str:
        type_ = at.type
        if isinstance(type_, model.PrimitiveType):
            return type_.name
        if isinstance(type_, model.ListType):
            return f"list<{self._value(type_.element, at, depth)}>"
        if isinstance(type_, model.OptionType):
            return f"option<{self._value(type_.payload, at, depth)}>"
        if isinstance(type_, model.ResultType):
            ok, error = self._payload(type_.ok, at, depth), self._payload(type_.error, at, depth)
            if error is not None:
                return f"result<{ok or '_'}, {error}>"
            return "result" if ok is None else f"result<{ok}>"
        if isinstance(type_, model.TupleType):
            return f"tuple<{', '.join([self._value(element, at, depth) for element in type_.elements])}>"
        if isinstance(type_, model.OwnType):
            return self._resource(type_.resource, at)
        if isinstance(type_, model.BorrowType):
            return f"borrow<{self._resource(type_.resource, at)}>"
        if isinstance(type_, model.StreamType):
            element = self._payload(type_.element, at, depth)
            return "stream" if element is None else f"stream<{element}>"
        if isinstance(type_, model.FutureType):
            payload = self._payload(type_.payload, at, depth)
            return "future" if payload is None else f"future<{payload}>"
        if isinstance(type_, model.MapType):
            return f"map<{self._value(type_.key, at, depth)}, {self._value(type_.value, at, depth)}>"
        if isinstance(type_, model.FixedLengthListType):
            return f"list<{self._value(type_.element, at, depth)}, {type_.length}>"
        if isinstance(type_, (model.RecordType, model.VariantType, model.EnumType, model.FlagsType)):
            raise NotRepresentable("a record, variant, enum or flags has no name")
        raise MalformedComponent("a value is of a type that is not one of values", at.offset)
