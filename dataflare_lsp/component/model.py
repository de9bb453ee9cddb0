"""The type level of a component, as the binary writes it: with indices, in the order of the file.

Specification: Binary.md, "Type Definitions", "Alias Definitions", "Import and Export Definitions". An index is into
the index space of its sort in the scope that it is written in. Note that two values of different classes here may
compare equal, being tuples: tell them apart by class.
"""

from typing import Literal, NamedTuple, TypeAlias

Sort: TypeAlias = Literal[
    "func",
    "value",
    "type",
    "component",
    "instance",
    "core func",
    "core table",
    "core memory",
    "core global",
    "core tag",
    "core type",
    "core module",
    "core instance",
]

ValType: TypeAlias = str | int
"""A primitive by its name in WIT, or the index of a defined type."""


class Field(NamedTuple):
    """A field of a record, or a parameter."""

    name: str
    type: ValType


class Case(NamedTuple):
    """A case of a variant, with or without a payload."""

    name: str
    type: ValType | None


class PrimitiveType(NamedTuple):
    """`bool`, `u8`, …, `string`, `error-context`."""

    name: str


class RecordType(NamedTuple):
    """A record of at least one field."""

    fields: tuple[Field, ...]


class VariantType(NamedTuple):
    """A variant of at least one case."""

    cases: tuple[Case, ...]


class EnumType(NamedTuple):
    """An enum of at least one case."""

    names: tuple[str, ...]


class FlagsType(NamedTuple):
    """At least one flag."""

    names: tuple[str, ...]


class ListType(NamedTuple):
    """A list of any length."""

    element: ValType


class FixedLengthListType(NamedTuple):
    """A list of exactly `length` elements."""

    element: ValType
    length: int


class MapType(NamedTuple):
    """A map from keys to values."""

    key: ValType
    value: ValType


class TupleType(NamedTuple):
    """At least one element."""

    elements: tuple[ValType, ...]


class OptionType(NamedTuple):
    """A value or none."""

    payload: ValType


class ResultType(NamedTuple):
    """Success or failure, each with or without a payload."""

    ok: ValType | None
    error: ValType | None


class StreamType(NamedTuple):
    """A stream, of elements or of bare signals."""

    element: ValType | None


class FutureType(NamedTuple):
    """A future, with or without a payload."""

    payload: ValType | None


class OwnType(NamedTuple):
    """An owning handle to the resource with this type index."""

    resource: int


class BorrowType(NamedTuple):
    """A borrowed handle to the resource with this type index."""

    resource: int


class ResourceType(NamedTuple):
    """A resource that a component defines. Where its representation and destructor are told is not kept."""

    offset: int


class FuncType(NamedTuple):
    """The type of a function."""

    params: tuple[Field, ...]
    result: ValType | None
    is_async: bool


class InstanceType(NamedTuple):
    """A scope of its own, of declarations; no imports among them."""

    declarations: "tuple[Declaration, ...]"


class ComponentType(NamedTuple):
    """A scope of its own, of declarations."""

    declarations: "tuple[Declaration, ...]"


Type: TypeAlias = (
    PrimitiveType
    | RecordType
    | VariantType
    | EnumType
    | FlagsType
    | ListType
    | FixedLengthListType
    | MapType
    | TupleType
    | OptionType
    | ResultType
    | StreamType
    | FutureType
    | OwnType
    | BorrowType
    | ResourceType
    | FuncType
    | InstanceType
    | ComponentType
)


class TypeEq(NamedTuple):
    """A type import or export equal to the type with this index."""

    type_index: int


class SubResource(NamedTuple):
    """A type import or export that is a resource, unequal to every other type."""


class FuncRef(NamedTuple):
    """A function of the type with this index."""

    type_index: int


class InstanceRef(NamedTuple):
    """An instance of the type with this index."""

    type_index: int


class ComponentRef(NamedTuple):
    """A component of the type with this index."""

    type_index: int


class ModuleRef(NamedTuple):
    """A core module of the core type with this index."""

    core_type_index: int


class ValueOf(NamedTuple):
    """A value of this type."""

    type: ValType


class ValueEq(NamedTuple):
    """A value equal to the one with this index."""

    value_index: int


ExternType: TypeAlias = TypeEq | SubResource | FuncRef | InstanceRef | ComponentRef | ModuleRef | ValueOf | ValueEq


class ExternName(NamedTuple):
    """The name of an import or export, with its attributes."""

    name: str
    implements: str | None = None
    version_suffix: str | None = None
    external_id: str | None = None


class TypeDefinition(NamedTuple):
    """A type, which takes the next index of its scope's types. `offset`: of its first byte in the file."""

    type: Type
    offset: int


class CoreTypeDefinition(NamedTuple):
    """A core type inside a component or instance type; its content is not kept."""

    offset: int


class ExportAlias(NamedTuple):
    """What the instance with an index exports by a name."""

    sort: Sort
    instance: int
    name: str
    offset: int


class CoreExportAlias(NamedTuple):
    """What the core instance with an index exports by a name."""

    sort: Sort
    instance: int
    name: str
    offset: int


class OuterAlias(NamedTuple):
    """The item with an index in the scope `outward` scopes further out; 0 is the scope that the alias stands in."""

    sort: Sort
    outward: int
    item: int
    offset: int


Alias: TypeAlias = ExportAlias | CoreExportAlias | OuterAlias


class Import(NamedTuple):
    """An import of a component or component type."""

    name: ExternName
    type: ExternType
    offset: int


class ExportDeclaration(NamedTuple):
    """An export of a component type or instance type."""

    name: ExternName
    type: ExternType
    offset: int


class Export(NamedTuple):
    """An export of a component: the item with an index, with or without a type that it is to be seen as."""

    name: ExternName
    sort: Sort
    item: int
    type: ExternType | None
    offset: int


class NestedComponent(NamedTuple):
    """A component inside the component."""

    component: "Component"
    offset: int


class Instantiation(NamedTuple):
    """An instance of the component with an index, made with `arguments`: imports by name, each a sort and an index."""

    component: int
    arguments: tuple[tuple[str, Sort, int], ...]
    offset: int


class InlineInstance(NamedTuple):
    """An instance that exports what is there under names of its own."""

    exports: tuple[Export, ...]
    offset: int


class Lift(NamedTuple):
    """A function of the type with an index, made of a core function. `is_async` tells how it is called there."""

    type_index: int
    is_async: bool
    offset: int


class CoreCanonical(NamedTuple):
    """A core function that the canonical ABI makes; `opcode` as in Binary.md, "Canonical Definitions"."""

    opcode: int
    is_async: bool
    offset: int


class CustomSection(NamedTuple):
    """A custom section. Its `size` bytes after the name begin at `offset`."""

    name: str
    offset: int
    size: int


class Skipped(NamedTuple):
    """A section that is not read: its `id` as in Binary.md, and where its `size` bytes of content begin."""

    id: int
    offset: int
    size: int


Declaration: TypeAlias = TypeDefinition | CoreTypeDefinition | Alias | Import | ExportDeclaration
Definition: TypeAlias = (
    TypeDefinition
    | Alias
    | Import
    | Export
    | NestedComponent
    | Instantiation
    | InlineInstance
    | Lift
    | CoreCanonical
    | CustomSection
    | Skipped
)


class Component(NamedTuple):
    """All definitions, in the order of the file."""

    definitions: tuple[Definition, ...]
