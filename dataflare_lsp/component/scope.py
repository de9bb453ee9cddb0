"""What the indices of the type level stand for. Specification: Explainer.md, "Index Spaces" and "Type Definitions".

A scope is a component, a component type or an instance type. Reading one resolves its definitions in their order, as
validating or linking would, as far as types, functions, instances and components go. A component is instantiated by
reading it once more with its imports given.

Every import or export of a type makes a new type, equal to another one or a resource; an alias makes none.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import (
    Component,
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
    InlineInstance,
    InstanceRef,
    InstanceType,
    Instantiation,
    Lift,
    NestedComponent,
    OuterAlias,
    Sort,
    SubResource,
    Type,
    TypeDefinition,
    TypeEq,
)

_MAX_DEPTH = 50
"""How deep instances may lie in instances, or be made while one is made; WIT has them one deep."""


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


class NamedType:
    """A type that an import or export made under a name: equal to `bound`, or (None) a resource.

    Its identity is its object's.
    """

    __slots__ = ("bound", "name")

    def __init__(self, name: str, bound: "Entry | None") -> None:
        self.name = name
        self.bound = bound


class Structure(NamedTuple):
    """A type as it is written. Its indices are into the types of `scope` before its own `position`."""

    type: Type
    scope: "Scope"
    position: int
    offset: int


Entry: TypeAlias = NamedType | Structure


class Nested(NamedTuple):
    """A component inside a component, which sees as much of `scope` as was there before it."""

    component: Component
    scope: "Scope"
    types: int
    components: int


AnyComponent: TypeAlias = Nested | Structure
"""A component that is there, or one that is imported, of a type."""


class TypeItem(NamedTuple):
    """An imported or exported type."""

    name: ExternName
    type: NamedType
    offset: int


class FuncItem(NamedTuple):
    """An imported or exported function. The type of `structure` is a `FuncType`."""

    name: ExternName
    structure: Structure
    offset: int


class InstanceItem(NamedTuple):
    """An imported or exported instance, with all that it exports, by name."""

    name: ExternName
    exports: "Mapping[str, Item]"
    offset: int


class ComponentItem(NamedTuple):
    """An imported or exported component."""

    name: ExternName
    component: AnyComponent
    offset: int


class OtherItem(NamedTuple):
    """An import or export of another sort: a value or a core module."""

    name: ExternName
    offset: int


Item: TypeAlias = TypeItem | FuncItem | InstanceItem | ComponentItem | OtherItem

Found: TypeAlias = NamedType | Structure | Nested | Mapping[str, Item] | None
"""What an index leads to: a type, function or component, the exports of an instance, or (None) something else."""

Arguments: TypeAlias = Mapping[str, tuple[Sort, Found]]
"""What the imports of a component are given, by their names."""


class Interior(NamedTuple):
    """What a component, or component type, imports and exports, in the order of the file."""

    imports: tuple[Item, ...]
    exports: tuple[Item, ...]


class Scope:
    """The index spaces of one scope, as far as it has been read."""

    __slots__ = ("_allowance", "_before", "_components", "_depth", "_funcs", "_instances", "_outer", "_types")

    def __init__(self, allowance: Allowance, outer: Structure | Nested | None = None, depth: int = 0) -> None:
        """A scope inside the one of `outer`, which it sees as far as `outer` does."""
        self._allowance = allowance
        self._outer = outer.scope if outer is not None else None
        self._before = (0, 0)
        if isinstance(outer, Structure):
            self._before = (outer.position, 0)
        elif outer is not None:
            self._before = (outer.types, outer.components)
        self._depth = depth
        self._types: list[Entry] = []
        self._funcs: list[Structure] = []
        self._instances: list[Mapping[str, Item]] = []
        self._components: list[AnyComponent] = []

    def type_at(self, index: int, before: int, offset: int) -> Entry:
        """The type `index` of those before the index `before`. Raises `MalformedComponent`."""
        if index >= before or index >= len(self._types):
            raise MalformedComponent(f"there is no type {index} here", offset)
        return self._types[index]

    def read(self, definitions: Sequence[Declaration | Definition], arguments: Arguments | None = None) -> Interior:
        """Resolve all of `definitions`, those of this scope, with its imports given (or not: None).

        Raises `MalformedComponent`.
        """
        imports: list[Item] = []
        exports: list[Item] = []
        types = self._types
        if definitions:
            self._allowance.spend(len(definitions), definitions[0].offset)
        for definition in definitions:
            if isinstance(definition, TypeDefinition):
                types.append(Structure(definition.type, self, len(types), definition.offset))
            elif isinstance(definition, ExportDeclaration):
                exports.append(self._item(definition.name, definition.type, definition.offset))
            elif isinstance(definition, OuterAlias):
                self._outer_alias(definition)
            elif isinstance(definition, ExportAlias):
                self._export_alias(definition)
            elif isinstance(definition, Import):
                if arguments is None:
                    imports.append(self._item(definition.name, definition.type, definition.offset))
                else:
                    self._given(definition, arguments)
            elif isinstance(definition, Export):
                exports.append(self._export(definition))
            elif isinstance(definition, Lift):
                self._funcs.append(self._structure(definition.type_index, FuncType, "a function", definition.offset))
            elif isinstance(definition, NestedComponent):
                self._components.append(Nested(definition.component, self, len(types), len(self._components)))
            elif isinstance(definition, Instantiation):
                self._instances.append(self._instantiated(definition))
            elif isinstance(definition, InlineInstance):
                self._allowance.spend(len(definition.exports), definition.offset)
                self._instances.append(_by_name([self._reexport(export) for export in definition.exports]))
        for items in (imports, exports):
            _by_name(items)
        return Interior(tuple(imports), tuple(exports))

    # Imports and exports

    def _item(self, name: ExternName, type_: ExternType, offset: int) -> Item:
        if isinstance(type_, TypeEq):
            return self._named_type(name, self.type_at(type_.type_index, len(self._types), offset), offset)
        if isinstance(type_, SubResource):
            return self._named_type(name, None, offset)
        if isinstance(type_, FuncRef):
            structure = self._structure(type_.type_index, FuncType, "a function", offset)
            self._funcs.append(structure)
            return FuncItem(name, structure, offset)
        if isinstance(type_, InstanceRef):
            structure = self._structure(type_.type_index, InstanceType, "an instance", offset)
            interior = self._within(structure, offset).read(_declarations(structure))
            exports = {export.name.name: export for export in interior.exports}
            self._instances.append(exports)
            return InstanceItem(name, exports, offset)
        if isinstance(type_, ComponentRef):
            component = self._structure(type_.type_index, ComponentType, "a component", offset)
            self._components.append(component)
            return ComponentItem(name, component, offset)
        return OtherItem(name, offset)

    def _named_type(self, name: ExternName, bound: Entry | None, offset: int) -> TypeItem:
        made = NamedType(name.name, bound)
        self._types.append(made)
        return TypeItem(name, made, offset)

    def _export(self, export: Export) -> Item:
        """The export as seen by its own type, if it has one. A type is what it is, however it is to be seen."""
        if export.type is None or isinstance(export.type, SubResource):
            return self._reexport(export, defines=True)
        return self._item(export.name, export.type, export.offset)

    def _reexport(self, export: Export, *, defines: bool = False) -> Item:
        """What is there, by another name; `defines` an index of its own for that in this scope."""
        name, offset = export.name, export.offset
        found = self._at(export.sort, export.item, offset)
        if export.sort == "type":
            assert isinstance(found, (NamedType, Structure))
            if defines:
                return self._named_type(name, found, offset)
            return TypeItem(name, found if isinstance(found, NamedType) else NamedType(name.name, found), offset)
        if export.sort == "func":
            assert isinstance(found, Structure)
            if defines:
                self._funcs.append(found)
            return FuncItem(name, found, offset)
        if export.sort == "instance":
            assert isinstance(found, Mapping)
            if defines:
                self._instances.append(found)
            return InstanceItem(name, found, offset)
        if export.sort == "component":
            assert isinstance(found, (Nested, Structure))
            if defines:
                self._components.append(found)
            return ComponentItem(name, found, offset)
        return OtherItem(name, offset)

    def _at(self, sort: Sort, index: int, offset: int) -> Found:
        """What is at the index `index` of a sort; None for the sorts that are not resolved."""
        if sort == "type":
            return self.type_at(index, len(self._types), offset)
        space: Sequence[Found]
        if sort == "func":
            space = self._funcs
        elif sort == "instance":
            space = self._instances
        elif sort == "component":
            space = self._components
        else:
            return None
        if index >= len(space):
            raise MalformedComponent(f"there is no {_NOUNS[sort]} {index} here", offset)
        return space[index]

    def _structure(self, index: int, kind: type[Type], what: str, offset: int) -> Structure:
        entry = self.type_at(index, len(self._types), offset)
        while isinstance(entry, NamedType) and entry.bound is not None:
            self._allowance.spend(1, offset)
            entry = entry.bound
        if not isinstance(entry, Structure) or not isinstance(entry.type, kind):
            raise MalformedComponent(f"type {index} is not the type of {what}", offset)
        return entry

    # Instances

    def _within(self, outer: Structure | Nested, offset: int) -> "Scope":
        if self._depth >= _MAX_DEPTH:
            raise MalformedComponent(f"instances are nested more than {_MAX_DEPTH} deep", offset)
        return Scope(self._allowance, outer, self._depth + 1)

    def _instantiated(self, instantiation: Instantiation) -> Mapping[str, Item]:
        offset = instantiation.offset
        component = self._at("component", instantiation.component, offset)
        assert isinstance(component, (Nested, Structure))
        self._allowance.spend(len(instantiation.arguments), offset)
        arguments = {name: (sort, self._at(sort, index, offset)) for name, sort, index in instantiation.arguments}
        interior = self._within(component, offset).read(_definitions(component), arguments)
        return {export.name.name: export for export in interior.exports}

    def _given(self, import_: Import, arguments: Arguments) -> None:
        """Fill the index of an import with the argument of its name. A function is seen as the import has it."""
        name, type_, offset = import_.name.name, import_.type, import_.offset
        if name not in arguments:
            raise MalformedComponent(f"a component is instantiated without its import `{name}`", offset)
        sort, argument = arguments[name]
        wanted = _SORT_OF.get(type(type_))
        if wanted is None:
            return
        if sort != wanted:
            raise MalformedComponent(f"the import `{name}` of a component is given something of another sort", offset)
        if isinstance(argument, Mapping):
            self._instances.append(argument)
        elif isinstance(type_, FuncRef):
            self._funcs.append(self._structure(type_.type_index, FuncType, "a function", offset))
        elif isinstance(argument, Nested) or (isinstance(argument, Structure) and isinstance(type_, ComponentRef)):
            self._components.append(argument)
        else:
            assert argument is not None
            self._types.append(argument)

    # Aliases

    def _outer_alias(self, alias: OuterAlias) -> None:
        if alias.sort not in ("type", "component"):
            return
        scope = self
        types, components = len(self._types), len(self._components)
        for _ in range(alias.outward):
            if scope._outer is None:
                raise MalformedComponent(f"there are no {alias.outward} scopes around this one", alias.offset)
            types, components = scope._before
            scope = scope._outer
        if alias.sort == "type":
            self._types.append(scope.type_at(alias.item, types, alias.offset))
        elif alias.item < components:
            self._components.append(scope._components[alias.item])
        else:
            raise MalformedComponent(f"there is no component {alias.item} here", alias.offset)

    def _export_alias(self, alias: ExportAlias) -> None:
        if alias.sort not in _NOUNS:
            return
        exports = self._at("instance", alias.instance, alias.offset)
        assert isinstance(exports, Mapping)
        item = exports.get(alias.name)
        if alias.sort == "type" and isinstance(item, TypeItem):
            self._types.append(item.type)
        elif alias.sort == "func" and isinstance(item, FuncItem):
            self._funcs.append(item.structure)
        elif alias.sort == "instance" and isinstance(item, InstanceItem):
            self._instances.append(item.exports)
        elif alias.sort == "component" and isinstance(item, ComponentItem):
            self._components.append(item.component)
        else:
            noun = _NOUNS[alias.sort]
            raise MalformedComponent(f"the instance exports no {noun} `{alias.name}`", alias.offset)


def inside(component: AnyComponent, allowance: Allowance) -> Interior:
    """What the component `component` imports and exports. Raises `MalformedComponent`."""
    return Scope(allowance, component).read(_definitions(component))


def function_type(item: FuncItem) -> FuncType:
    """The type of a function."""
    assert isinstance(item.structure.type, FuncType)
    return item.structure.type


_NOUNS: dict[Sort, Literal["type", "function", "instance", "component"]] = {
    "type": "type",
    "func": "function",
    "instance": "instance",
    "component": "component",
}
"""The sorts whose index spaces are kept, in words."""

_SORT_OF: dict[type[ExternType], Sort] = {
    TypeEq: "type",
    SubResource: "type",
    FuncRef: "func",
    InstanceRef: "instance",
    ComponentRef: "component",
}
"""What is imported as which sort, of those whose index spaces are kept."""


def _by_name(items: Sequence[Item]) -> dict[str, Item]:
    """`items`, each by its name. Raises `MalformedComponent` where a name is there twice."""
    named: dict[str, Item] = {}
    for item in items:
        name = item.name.name
        if name in named:
            raise MalformedComponent(f"`{name}` is there twice", item.offset)
        named[name] = item
    return named


def _definitions(component: AnyComponent) -> Sequence[Declaration | Definition]:
    return component.component.definitions if isinstance(component, Nested) else _declarations(component)


def _declarations(structure: Structure) -> tuple[Declaration, ...]:
    assert isinstance(structure.type, (ComponentType, InstanceType))
    return structure.type.declarations
