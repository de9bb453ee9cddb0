"""The resolved package: every name replaced by what it stands for, worlds spelled out, gated items decided.

This is the reference's own model, so that its JSON form is the interchange form. Packages, interfaces, worlds and
types are known by ids, their places in the lists of `Resolve`. Specification: the reference parser's `Resolve`.

Values of different classes can compare equal, being tuples: tell them apart by class first.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from dataflare_lsp.wit.syntax import PackageName

TypeRef = str | int
"""A primitive by its name, or a type by its id."""

WorldKey = str | int
"""What an import or export of a world is known by: a plain name, or the id of an interface that has none here."""


class Stable(NamedTuple):
    """`@since`, perhaps with `@deprecated`. Both are versions of the item's package."""

    since: str
    deprecated: str | None


class Unstable(NamedTuple):
    """`@unstable`, perhaps with `@deprecated`."""

    feature: str
    deprecated: str | None


Stability = Stable | Unstable | None
"""None where an item has no gate."""


class Owner(NamedTuple):
    """The interface or world that defines a type."""

    kind: Literal["interface", "world"]
    id: int


# Types ---------------------------------------------------------------------------------------------------------


class Field(NamedTuple):
    """A field of a record."""

    name: str
    type: TypeRef
    docs: str | None


class Case(NamedTuple):
    """A case of a variant."""

    name: str
    type: TypeRef | None
    docs: str | None


class Label(NamedTuple):
    """A flag, or a case of an enum."""

    name: str
    docs: str | None


class Record(NamedTuple):
    fields: tuple[Field, ...]


class Variant(NamedTuple):
    cases: tuple[Case, ...]


class Enum(NamedTuple):
    cases: tuple[Label, ...]


class Flags(NamedTuple):
    flags: tuple[Label, ...]


class Resource(NamedTuple):
    """Its functions are among those of the interface or world that owns it."""


class Handle(NamedTuple):
    """`own` or `borrow` of a resource. A resource where a value is expected is an owned handle to it."""

    borrowed: bool
    resource: int


class Tuple(NamedTuple):
    types: tuple[TypeRef, ...]


class Option(NamedTuple):
    type: TypeRef


class Result(NamedTuple):
    ok: TypeRef | None
    err: TypeRef | None


class List(NamedTuple):
    type: TypeRef


class FixedLengthList(NamedTuple):
    type: TypeRef
    length: int


class Map(NamedTuple):
    key: TypeRef
    value: TypeRef


class Future(NamedTuple):
    type: TypeRef | None


class Stream(NamedTuple):
    type: TypeRef | None


class Alias(NamedTuple):
    """Another name of a type: by `type`, or by `use` where the type is of another owner."""

    type: TypeRef


Kind = (
    Record
    | Variant
    | Enum
    | Flags
    | Resource
    | Handle
    | Tuple
    | Option
    | Result
    | List
    | FixedLengthList
    | Map
    | Future
    | Stream
    | Alias
)


def parts(kind: Kind) -> tuple[TypeRef, ...]:
    """The types that a type is made of, in order; a handle's resource and what an alias names are among them."""
    match kind:
        case Record(fields):
            return tuple(field.type for field in fields)
        case Variant(cases):
            return tuple(case.type for case in cases if case.type is not None)
        case Tuple(types):
            return types
        case Handle(_, resource):
            return (resource,)
        case Map(key, value):
            return (key, value)
        case Result(ok, err):
            return tuple(payload for payload in (ok, err) if payload is not None)
        case Option(type) | List(type) | FixedLengthList(type, _) | Alias(type):
            return (type,)
        case Future(payload) | Stream(payload):
            return () if payload is None else (payload,)
        case _:
            return ()


def with_parts(kind: Kind, part: Callable[[TypeRef], TypeRef]) -> Kind:
    """`kind` with each of its parts replaced by what `part` gives for it, in the order of `parts`.

    What replaces a handle's resource must be an id.
    """
    match kind:
        case Record(fields):
            return Record(tuple(field._replace(type=part(field.type)) for field in fields))
        case Variant(cases):
            return Variant(tuple(case if case.type is None else case._replace(type=part(case.type)) for case in cases))
        case Tuple(types):
            return Tuple(tuple(part(element) for element in types))
        case Handle(borrowed, resource):
            new = part(resource)
            assert isinstance(new, int)
            return Handle(borrowed, new)
        case Map(key, value):
            return Map(part(key), part(value))
        case Result(ok, err):
            return Result(None if ok is None else part(ok), None if err is None else part(err))
        case FixedLengthList(type, length):
            return FixedLengthList(part(type), length)
        case Option(type) | List(type) | Alias(type):
            return kind._replace(type=part(type))
        case Future(payload) | Stream(payload):
            return kind if payload is None else kind._replace(type=part(payload))
        case _:
            return kind


class TypeDef(NamedTuple):
    """A type. One that is written in place has neither name nor owner, and is shared within its package."""

    name: str | None
    kind: Kind
    owner: Owner | None
    docs: str | None = None
    stability: Stability = None
    external_id: str | None = None


# Functions and items -------------------------------------------------------------------------------------------


FunctionForm = Literal[
    "freestanding",
    "async-freestanding",
    "getter",
    "setter",
    "method",
    "async-method",
    "method-getter",
    "method-setter",
    "static",
    "async-static",
    "static-getter",
    "static-setter",
    "constructor",
]


class FunctionKind(NamedTuple):
    """What sort of function it is, and the resource that it belongs to, if any."""

    form: FunctionForm
    resource: int | None = None


class Param(NamedTuple):
    name: str
    type: TypeRef


class Function(NamedTuple):
    """A function by its full name, such as `[method]file.read`. A method's first parameter is `self`."""

    name: str
    kind: FunctionKind
    params: tuple[Param, ...]
    result: TypeRef | None
    docs: str | None = None
    stability: Stability = None
    external_id: str | None = None


class InterfaceItem(NamedTuple):
    """An interface as a world imports or exports it. `docs` are those of the statement."""

    id: int
    stability: Stability = None
    external_id: str | None = None
    docs: str | None = None


class TypeItem(NamedTuple):
    """A type that a world defines or uses."""

    id: int


WorldItem = InterfaceItem | Function | TypeItem


# Packages ------------------------------------------------------------------------------------------------------


class Interface(NamedTuple):
    """An interface; `name` is None for one written in a world. `clone_of`: an `include` copied it from there."""

    name: str | None
    types: Mapping[str, int]
    functions: Mapping[str, Function]
    docs: str | None
    stability: Stability
    package: int
    clone_of: int | None = None


class World(NamedTuple):
    """A world with all that it includes, and all that its imports and exports need."""

    name: str
    imports: Mapping[WorldKey, WorldItem]
    exports: Mapping[WorldKey, WorldItem]
    package: int
    docs: str | None
    stability: Stability


class Package(NamedTuple):
    name: PackageName
    docs: str | None
    interfaces: Mapping[str, int]
    worlds: Mapping[str, int]


class Resolve(NamedTuple):
    """Packages with all that they depend on. `main` is the id of the one that was asked for.

    A package comes after those that it depends on, and a type after those that it is made of.
    """

    packages: tuple[Package, ...]
    interfaces: tuple[Interface, ...]
    worlds: tuple[World, ...]
    types: tuple[TypeDef, ...]
    main: int


class Arenas:
    """A `Resolve` in the making: the lists that ids are places in."""

    __slots__ = ("_resources", "_used", "interfaces", "packages", "types", "worlds")

    def __init__(self) -> None:
        self.packages: list[Package] = []
        self.interfaces: list[Interface] = []
        self.worlds: list[World] = []
        self.types: list[TypeDef] = []
        self._resources: set[int] = set()
        self._used: dict[int, tuple[int, ...]] = {}

    def copy(self) -> "Arenas":
        """Lists of their own with the same things in them."""
        copy = Arenas()
        copy.packages, copy.interfaces = list(self.packages), list(self.interfaces)
        copy.worlds, copy.types = list(self.worlds), list(self.types)
        copy._resources, copy._used = set(self._resources), dict(self._used)
        return copy

    def resolve(self, main: int) -> Resolve:
        """All that is in the lists now."""
        return Resolve(tuple(self.packages), tuple(self.interfaces), tuple(self.worlds), tuple(self.types), main)

    def add_type(self, definition: TypeDef) -> int:
        """The id of a new type. Which types are resources is noted here, so all types come this way."""
        added = len(self.types)
        self.types.append(definition)
        kind = definition.kind
        if isinstance(kind, Resource) or (isinstance(kind, Alias) and kind.type in self._resources):
            self._resources.add(added)
        return added

    def is_resource(self, known: int) -> bool:
        """Whether a type is a resource, by whatever name."""
        return known in self._resources

    def used_interface(self, known: int) -> int | None:
        """The interface that a type is used from, where it is another than the type's owner."""
        definition = self.types[known]
        if not isinstance(definition.kind, Alias) or not isinstance(definition.kind.type, int):
            return None
        owner = self.types[definition.kind.type].owner
        return None if owner is None or owner == definition.owner else owner.id

    def used_interfaces(self, interface: int) -> tuple[int, ...]:
        """The interfaces that `interface` uses types from, in the order of its types, which are all there by now."""
        found = self._used.get(interface)
        if found is None:
            used = (self.used_interface(known) for known in self.interfaces[interface].types.values())
            found = self._used[interface] = tuple(dict.fromkeys(other for other in used if other is not None))
        return found
