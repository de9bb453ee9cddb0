"""The types that values have, and what a value of each is in Python.

| type | value |
|---|---|
| `bool`, integers, floats, `char`, `string` | `bool`, `int`, `float`, `str` |
| `list<u8>` | `bytes` |
| other lists, tuples, records | a `tuple`, in the order of the type |
| `map` | a `tuple` of pairs |
| `variant`, `result` | a `Case`: name and payload |
| `option` | `None`, or a `Case` named `some` |
| `enum` | the name |
| `flags` | a `tuple` of the names that are set, in the order of the type |
| `own`, `borrow` | the number of a handle, which its owner knows the meaning of |

A case without a payload has None for it. A plain pair is as good as a `Case`. So every value is something that any
serializer can write, and equality of values of one type is Python's (but for NaN).

Equality of types is Python's, too: `kind` is there because a record is not to be equal to a variant of the same names.

Source: component model, Explainer.md, "Fundamental value types" and "Specialized value types".
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

Value: TypeAlias = "bool | int | float | str | bytes | None | tuple[Value, ...]"


class Case(NamedTuple):
    """One case of a variant, an option or a result."""

    name: str
    value: Value = None


PrimitiveName: TypeAlias = Literal[
    "bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string"
]


class Primitive(NamedTuple):
    """A type that is made of no other."""

    name: PrimitiveName


class ListOf(NamedTuple):
    """A list; `length` is the number of elements where the type says it."""

    element: "Type"
    length: int | None = None
    kind: Literal["list"] = "list"


class MapOf(NamedTuple):
    """A map, as pairs in the order in which they came."""

    key: "Type"
    value: "Type"
    kind: Literal["map"] = "map"


class Named(NamedTuple):
    """A field, a case or a parameter; only cases may have no type."""

    name: str
    type: "Type | None"


class Record(NamedTuple):
    """A record."""

    fields: tuple[Named, ...]
    kind: Literal["record"] = "record"


class Tuple(NamedTuple):
    """A tuple."""

    elements: tuple["Type", ...]
    kind: Literal["tuple"] = "tuple"


class Variant(NamedTuple):
    """A variant."""

    cases: tuple[Named, ...]
    kind: Literal["variant"] = "variant"


class Enum(NamedTuple):
    """An enum."""

    names: tuple[str, ...]
    kind: Literal["enum"] = "enum"


class Flags(NamedTuple):
    """A set of flags."""

    names: tuple[str, ...]
    kind: Literal["flags"] = "flags"


class Option(NamedTuple):
    """An option."""

    some: "Type"
    kind: Literal["option"] = "option"


class Result(NamedTuple):
    """A result; either side may have no payload."""

    ok: "Type | None"
    err: "Type | None"
    kind: Literal["result"] = "result"


class Handle(NamedTuple):
    """A handle of a resource, owned or borrowed. `resource` is its name where one is known."""

    resource: str
    owned: bool


class Unsupported(NamedTuple):
    """A type whose values this tool does not carry: `stream`, `future`, `error-context`."""

    name: str


Type: TypeAlias = (
    Primitive | ListOf | MapOf | Record | Tuple | Variant | Enum | Flags | Option | Result | Handle | Unsupported
)


class Function(NamedTuple):
    """What a function takes and gives. A parameter always has a type."""

    parameters: tuple[Named, ...]
    result: Type | None


BYTES: Final = ListOf(Primitive("u8"))
"""The one list whose values are `bytes`."""

STRING: Final = Primitive("string")

RANGES: Final[dict[str, tuple[int, int]]] = {
    f"{sign}{bits}": (0 if sign == "u" else -(1 << bits - 1), (1 << (bits if sign == "u" else bits - 1)) - 1)
    for sign in "su"
    for bits in (8, 16, 32, 64)
}
"""The smallest and the largest value of each integer type."""


NO_DEFAULTS: Final[Mapping[str, Value]] = MappingProxyType({})
"""For those who read a record: no field may be left out."""


def is_bytes(type: Type) -> bool:
    """Whether values of this type are `bytes`: a list of `u8`, of fixed length or not."""
    return isinstance(type, ListOf) and type.element == Primitive("u8") and isinstance(type.element, Primitive)
