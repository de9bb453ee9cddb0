"""Whether a value is one of a type, and what is wrong where it is not."""

import struct
from typing import Final, NamedTuple

from dataflare_lsp.values.describe import brief
from dataflare_lsp.values.types import (
    RANGES,
    Enum,
    Flags,
    Handle,
    ListOf,
    MapOf,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Unsupported,
    Variant,
    is_bytes,
)

_SHOWN: Final = 60
_HANDLES: Final = 1 << 32
_SURROGATES: Final = range(0xD800, 0xE000)


class Misfit(NamedTuple):
    """The first place in a value that is not of its type: `.items[3].id`, empty for the value itself.

    `expected` and `found` are descriptions for a sentence.
    """

    place: str
    expected: str
    found: str


def misfit(value: object, type: Type) -> Misfit | None:
    """Where a value is not of its type, if it is not; `value` may be anything."""
    match type:
        case Primitive(name):
            fits = _is_primitive(value, name)
        case ListOf() if is_bytes(type):
            fits = isinstance(value, bytes) and type.length in (None, len(value))
        case ListOf(element, length):
            if isinstance(value, tuple) and length in (None, len(value)):
                return _first([(f"[{at}]", one, element) for at, one in enumerate(value)])
            fits = False
        case MapOf(key, inner):
            if isinstance(value, tuple) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
                sides = [((f"[{at}].key", k, key), (f"[{at}]", v, inner)) for at, (k, v) in enumerate(value)]
                return _first([one for pair in sides for one in pair])
            fits = False
        case Record(fields):
            if isinstance(value, tuple) and len(value) == len(fields):
                return _first([(f".{f.name}", one, f.type) for f, one in zip(fields, value, strict=True)])
            fits = False
        case Tuple(elements):
            if isinstance(value, tuple) and len(value) == len(elements):
                return _first([(f".{at}", *one) for at, one in enumerate(zip(value, elements, strict=True))])
            fits = False
        case Variant(cases):
            return _case(value, type, {case.name: case.type for case in cases})
        case Option(some):
            return None if value is None else _case(value, type, {"some": some})
        case Result(ok, err):
            return _case(value, type, {"ok": ok, "err": err})
        case Enum(names):
            fits = isinstance(value, str) and value in names
        case Flags(names):
            fits = isinstance(value, tuple) and all(isinstance(name, str) and name in names for name in value)
        case Handle():
            fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _HANDLES
        case Unsupported():
            fits = False
    return None if fits else _wrong(value, type)


def _is_primitive(value: object, name: str) -> bool:
    match name:
        case "bool":
            return isinstance(value, bool)
        case "char":
            return isinstance(value, str) and len(value) == 1 and ord(value) not in _SURROGATES
        case "string":
            return isinstance(value, str) and not any(ord(sign) in _SURROGATES for sign in value)
        case "f32" | "f64":
            return isinstance(value, float) and (name == "f64" or _is_single(value))
    low, high = RANGES[name]
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_single(value: float) -> bool:
    """Whether it rounds to a number of 32 bits."""
    try:
        struct.pack("<f", value)
    except OverflowError:
        return False
    return True


def _case(value: object, type: Type, payloads: dict[str, Type | None]) -> Misfit | None:
    match value:
        case (str(name), payload) if name in payloads:
            inner = payloads[name]
            if inner is not None:
                return _first([(f".{name}", payload, inner)])
            if payload is None:
                return None
    return _wrong(value, type)


def _first(members: list[tuple[str, object, Type | None]]) -> Misfit | None:
    for place, value, of in members:
        found = None if of is None else misfit(value, of)
        if found is not None:
            return found._replace(place=place + found.place)
    return None


def _wrong(value: object, type: Type) -> Misfit:
    shown = repr(value)
    return Misfit("", brief(type), shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…")
