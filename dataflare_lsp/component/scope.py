"""What the indices of the type level stand for. Specification: Explainer.md, "Index Spaces" and "Type Definitions".

A scope is a component, a component type or an instance type. Every import or export of a type makes a new type, known
by where it comes from and by its name; an alias makes none. So two indices mean the same type exactly when they lead
to equal entries.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import (
    ComponentRef,
    ComponentType,
    Declaration,
    Definition,
    Export,
    ExportAlias,
    ExportDeclaration,
    ExternName,
    ExternType,
    FuncRef,
    FuncType,
    Import,
    InstanceRef,
    InstanceType,
    OuterAlias,
    SubResource,
    Type,
    TypeDefinition,
    TypeEq,
)

_MAX_DEPTH = 50
"""How deep instances may lie in instances; WIT has them one deep."""


class Allowance:
    """How many more declarations may be resolved: the same instance type may be written once and imported often."""

    __slots__ = ("left",)

    def __init__(self, declarations: int) -> None:
        self.left = declarations

    def spend(self, declarations: int, offset: int) -> None:
        """Take off `declarations`. Raises `MalformedComponent` when that is more than is left."""
        self.left -= declarations
        if self.left < 0:
            raise MalformedComponent("the file declares more than this tool reads", offset)


class Origin(NamedTuple):
    """The instance that a scope imports or exports by a name: a component type (None), or an instance."""

    side: Literal["import", "export"]
    name: ExternName
    within: "Origin | None" = None


class NamedType(NamedTuple):
    """A type by the name that it is imported or exported by: by an instance, or (None) by the scope itself."""

    origin: Origin | None
    name: str


class Structure(NamedTuple):
    """A type as it is written. Its indices are into the types of `scope` before its own `position`."""

    type: Type
    scope: "Scope"
    position: int
    offset: int


Entry: TypeAlias = NamedType | Structure


class TypeItem(NamedTuple):
    """An imported or exported type: equal to `bound`, or (None) a resource."""

    name: ExternName
    bound: Entry | None
    offset: int


class FuncItem(NamedTuple):
    """An imported or exported function. The type of `structure` is a `FuncType`."""

    name: ExternName
    structure: Structure
    offset: int


class InstanceItem(NamedTuple):
    """An imported or exported instance, with all that it exports."""

    name: ExternName
    origin: Origin
    exports: "tuple[Item, ...]"
    offset: int


class ComponentItem(NamedTuple):
    """An imported or exported component. The type of `structure` is a `ComponentType`."""

    name: ExternName
    structure: Structure
    offset: int


class OtherItem(NamedTuple):
    """An import or export of another sort: a value or a core module."""

    name: ExternName
    offset: int


Item: TypeAlias = TypeItem | FuncItem | InstanceItem | ComponentItem | OtherItem


class Interior(NamedTuple):
    """What a component, or component type, imports and exports, in the order of the file."""

    imports: tuple[Item, ...]
    exports: tuple[Item, ...]


class Scope:
    """The index spaces of types and instances of one scope, as far as it has been read.

    Of a component itself, instances that it makes (section 5) have no place here: its types, its imports, and its
    exports of types are resolved.
    """

    __slots__ = ("_allowance", "_before", "_depth", "_instances", "_origin", "_outer", "_types")

    def __init__(
        self, allowance: Allowance, outer: Structure | None = None, origin: Origin | None = None, depth: int = 0
    ) -> None:
        """A scope inside the one of `outer`, whose types it sees as far as `outer` does; `origin` of an instance."""
        self._allowance = allowance
        self._outer = outer.scope if outer is not None else None
        self._before = outer.position if outer is not None else 0
        self._origin = origin
        self._depth = depth
        self._types: list[Entry] = []
        self._instances: list[tuple[Origin, dict[str, Item]]] = []

    def type_at(self, index: int, before: int, offset: int) -> Entry:
        """The type `index` of those before the index `before`. Raises `MalformedComponent`."""
        if index >= before or index >= len(self._types):
            raise MalformedComponent(f"there is no type {index} here", offset)
        return self._types[index]

    def read(self, definitions: Sequence[Declaration | Definition]) -> Interior:
        """Resolve all of `definitions`, those of this scope. Raises `MalformedComponent`."""
        imports: list[Item] = []
        exports: list[Item] = []
        types = self._types
        if definitions:
            self._allowance.spend(len(definitions), definitions[0].offset)
        for definition in definitions:
            if isinstance(definition, TypeDefinition):
                types.append(Structure(definition.type, self, len(types), definition.offset))
            elif isinstance(definition, ExportDeclaration):
                exports.append(self._item("export", definition.name, definition.type, definition.offset))
            elif isinstance(definition, OuterAlias):
                if definition.sort == "type":
                    types.append(self._outer_type(definition))
            elif isinstance(definition, ExportAlias):
                self._export_alias(definition)
            elif isinstance(definition, Import):
                imports.append(self._item("import", definition.name, definition.type, definition.offset))
            elif isinstance(definition, Export):
                exports.append(self._export(definition))
        for items in (imports, exports):
            _check_distinct(items)
        return Interior(tuple(imports), tuple(exports))

    def _item(self, side: Literal["import", "export"], name: ExternName, type_: ExternType, offset: int) -> Item:
        if isinstance(type_, TypeEq):
            bound = self.type_at(type_.type_index, len(self._types), offset)
            self._types.append(NamedType(self._origin, name.name))
            return TypeItem(name, bound, offset)
        if isinstance(type_, SubResource):
            self._types.append(NamedType(self._origin, name.name))
            return TypeItem(name, None, offset)
        if isinstance(type_, FuncRef):
            return FuncItem(name, self._structure(type_.type_index, FuncType, "a function", offset), offset)
        if isinstance(type_, InstanceRef):
            structure = self._structure(type_.type_index, InstanceType, "an instance", offset)
            if self._depth >= _MAX_DEPTH:
                raise MalformedComponent(f"instances are nested more than {_MAX_DEPTH} deep", offset)
            origin = Origin(side, name, self._origin)
            scope = Scope(self._allowance, structure, origin, self._depth + 1)
            exports = scope.read(_declarations(structure)).exports
            self._instances.append((origin, {export.name.name: export for export in exports}))
            return InstanceItem(name, origin, exports, offset)
        if isinstance(type_, ComponentRef):
            return ComponentItem(name, self._structure(type_.type_index, ComponentType, "a component", offset), offset)
        return OtherItem(name, offset)

    def _export(self, export: Export) -> Item:
        if export.sort != "type":
            return OtherItem(export.name, export.offset)
        bound = self.type_at(export.item, len(self._types), export.offset)
        self._types.append(NamedType(self._origin, export.name.name))
        return TypeItem(export.name, bound, export.offset)

    def _structure(self, index: int, kind: type[Type], what: str, offset: int) -> Structure:
        entry = self.type_at(index, len(self._types), offset)
        if not isinstance(entry, Structure) or not isinstance(entry.type, kind):
            raise MalformedComponent(f"type {index} is not the type of {what}", offset)
        return entry

    def _outer_type(self, alias: OuterAlias) -> Entry:
        scope, before = self, len(self._types)
        for _ in range(alias.outward):
            if scope._outer is None:
                raise MalformedComponent(f"there are no {alias.outward} scopes around this one", alias.offset)
            scope, before = scope._outer, scope._before
        return scope.type_at(alias.item, before, alias.offset)

    def _export_alias(self, alias: ExportAlias) -> None:
        if alias.sort not in ("type", "instance"):
            return
        if alias.instance >= len(self._instances):
            raise MalformedComponent(f"there is no instance {alias.instance} here", alias.offset)
        origin, exports = self._instances[alias.instance]
        item = exports.get(alias.name)
        if alias.sort == "type" and isinstance(item, TypeItem):
            self._types.append(NamedType(origin, alias.name))
        elif alias.sort == "instance" and isinstance(item, InstanceItem):
            self._allowance.spend(len(item.exports), alias.offset)
            self._instances.append((item.origin, {export.name.name: export for export in item.exports}))
        else:
            raise MalformedComponent(f"the instance exports no {alias.sort} `{alias.name}`", alias.offset)


def inside(component: Structure, allowance: Allowance) -> Interior:
    """What a component of the type `component` imports and exports. Raises `MalformedComponent`."""
    return Scope(allowance, component).read(_declarations(component))


def _check_distinct(items: list[Item]) -> None:
    seen: set[str] = set()
    for item in items:
        name = item.name.name
        if name in seen:
            raise MalformedComponent(f"`{name}` is there twice", item.offset)
        seen.add(name)


def _declarations(structure: Structure) -> tuple[Declaration, ...]:
    assert isinstance(structure.type, (ComponentType, InstanceType))
    return structure.type.declarations
