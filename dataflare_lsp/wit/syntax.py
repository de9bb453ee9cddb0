"""The syntax of WIT as values: what a parser found, item by item.

Spans count from the start of the *segment* that the item lies in (see `wit.source`), so an item that only moves keeps
its value. Names are as written without their `%`. A part that is missing in half-typed code is None, and what is
damaged is `Missing`; everything else is there. Specification: WIT.md, from "Top-level items".
"""

from typing import Literal, NamedTuple

from dataflare_lsp.text import Span


class Name(NamedTuple):
    """A word that names something, without its `%`."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class PackageName(NamedTuple):
    """`namespace:name@version`; each part is "" where the source has something else, which is reported there."""

    namespace: str
    name: str
    version: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all that the source writes of it can be read."""
        return bool(self.namespace and self.name) and self.version != ""

    def __str__(self) -> str:
        return f"{self.namespace}:{self.name}" + (f"@{self.version}" if self.version else "")


# Types ---------------------------------------------------------------------------------------------------------


class Primitive(NamedTuple):
    """`u32`, `string`, `error-context`, …"""

    name: str
    start: int
    end: int


class Named(NamedTuple):
    """A type by its name."""

    name: Name


class Handle(NamedTuple):
    """`own<r>` or `borrow<r>`."""

    borrowed: bool
    resource: Name
    start: int
    end: int


class ListOf(NamedTuple):
    """`list<element>`, or `list<element, length>` of a fixed length."""

    element: "Type"
    length: int | None
    start: int
    end: int


class MapOf(NamedTuple):
    key: "Type"
    value: "Type"
    start: int
    end: int


class OptionOf(NamedTuple):
    element: "Type"
    start: int
    end: int


class TupleOf(NamedTuple):
    elements: tuple["Type", ...]
    start: int
    end: int


class ResultOf(NamedTuple):
    """`result`, `result<ok>`, `result<ok, err>` or `result<_, err>`."""

    ok: "Type | None"
    err: "Type | None"
    start: int
    end: int


class FutureOf(NamedTuple):
    element: "Type | None"
    start: int
    end: int


class StreamOf(NamedTuple):
    element: "Type | None"
    start: int
    end: int


class Missing(NamedTuple):
    """Where a type should be and none can be read; already reported."""

    start: int
    end: int


Type = Primitive | Named | Handle | ListOf | MapOf | OptionOf | TupleOf | ResultOf | FutureOf | StreamOf | Missing


# Attributes ----------------------------------------------------------------------------------------------------


class Since(NamedTuple):
    """`@since(version = …)`."""

    version: str
    start: int
    end: int
    version_start: int
    version_end: int


class Unstable(NamedTuple):
    """`@unstable(feature = …)`."""

    feature: Name
    start: int
    end: int


class Deprecated(NamedTuple):
    """`@deprecated(version = …)`."""

    version: str
    start: int
    end: int


class ExternalId(NamedTuple):
    """`@external-id("…")`."""

    id: str
    start: int
    end: int


Attribute = Since | Unstable | Deprecated | ExternalId


class Lead(NamedTuple):
    """What stands before an item: its comments as written (blank text between them included), and its attributes.

    All comments before an item are its documentation for the reference; `wit.docs` tells the two kinds apart.
    """

    comments: str = ""
    attributes: tuple[Attribute, ...] = ()


NO_LEAD = Lead()


# Paths ---------------------------------------------------------------------------------------------------------


class Path(NamedTuple):
    """`interface`, or `namespace:package/interface@version`. `package_span` covers `namespace:package`."""

    package: PackageName | None
    name: Name
    start: int
    end: int
    package_end: int = 0

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def package_span(self) -> Span:
        return Span(self.start, self.package_end)


class Rename(NamedTuple):
    """One name of a `use` or `include … with`: `name`, or `name as alias`."""

    name: Name
    alias: Name | None = None

    @property
    def local(self) -> Name:
        """The name that it has here."""
        return self.alias or self.name


# Functions -----------------------------------------------------------------------------------------------------


class Param(NamedTuple):
    name: Name
    type: Type
    comments: str = ""


FuncForm = Literal["free", "method", "static", "constructor"]
Accessor = Literal["", "get", "set"]


class Func(NamedTuple):
    """A function, of an interface, a world or a resource. A constructor's name is the word `constructor`."""

    lead: Lead
    name: Name
    form: FuncForm
    is_async: bool
    accessor: Accessor
    params: tuple[Param, ...]
    result: Type | None
    keyword: Span
    """Of `func`, `get`, `set` or `constructor`."""


# Items of interfaces and worlds --------------------------------------------------------------------------------


class Use(NamedTuple):
    """`use path.{names};`"""

    lead: Lead
    path: Path | None
    names: tuple[Rename, ...]


class Alias(NamedTuple):
    """`type name = type;`"""

    lead: Lead
    name: Name
    type: Type


class Field(NamedTuple):
    """A field of a record; a case of a variant, with a type or without; a flag or a case of an enum, without."""

    comments: str
    name: Name
    type: Type | None


class Record(NamedTuple):
    lead: Lead
    name: Name
    fields: tuple[Field, ...]


class Variant(NamedTuple):
    lead: Lead
    name: Name
    fields: tuple[Field, ...]


class Enum(NamedTuple):
    lead: Lead
    name: Name
    fields: tuple[Field, ...]


class Flags(NamedTuple):
    lead: Lead
    name: Name
    fields: tuple[Field, ...]


class Resource(NamedTuple):
    lead: Lead
    name: Name
    functions: tuple[Func, ...]


class Extern(NamedTuple):
    """`import` or `export` of a world.

    `item` is a Func for `name: func(…);`, an Inline for `name: interface { … }`, a Path for `name: path;` and `path;`.
    `name` is None for the last.
    """

    lead: Lead
    direction: Literal["import", "export"]
    name: Name | None
    item: "Func | Inline | Path"


class Inline(NamedTuple):
    """The body of an interface written in place."""

    members: "tuple[InterfaceItem, ...]"


class Include(NamedTuple):
    """`include path;` or `include path with { name as alias, … }`."""

    lead: Lead
    path: Path | None
    renames: tuple[Rename, ...]


TypeDef = Alias | Record | Variant | Enum | Flags | Resource
InterfaceItem = Use | TypeDef | Func
WorldItem = InterfaceItem | Extern | Include


# Top level -----------------------------------------------------------------------------------------------------


class PackageHeader(NamedTuple):
    """`package name;`"""

    lead: Lead
    package: PackageName
    span: Span
    """Of the package's name."""


class TopLevelUse(NamedTuple):
    """`use path;` or `use path as alias;` outside any interface or world."""

    lead: Lead
    path: Path
    alias: Name | None
    keyword: Span

    @property
    def local(self) -> Name:
        """The name that it has in this file."""
        return self.alias or self.path.name


class InterfaceHead(NamedTuple):
    """`interface name {`"""

    lead: Lead
    name: Name
    keyword: Span


class WorldHead(NamedTuple):
    """`world name {`"""

    lead: Lead
    name: Name
    keyword: Span


class PackageHead(NamedTuple):
    """`package name {`, the start of a nested package."""

    lead: Lead
    package: PackageName
    span: Span
    """Of the package's name."""


Node = PackageHeader | TopLevelUse | InterfaceHead | WorldHead | PackageHead | WorldItem
