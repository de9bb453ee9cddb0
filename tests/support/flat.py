"""How types lie in a plugin's memory, and what of them is passed as plain numbers.

Source: component model, CanonicalABI.md, "Alignment", "Element Size", "Flattening".
"""

from typing import NamedTuple

from dataflare_lsp.values.types import (
    Enum,
    Flags,
    Handle,
    ListOf,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Variant,
)

MAX_FLAT_PARAMETERS = 16

_SIZES = {"bool": 1, "8": 1, "16": 2, "32": 4, "64": 8, "char": 4}


class Layout(NamedTuple):
    """Bytes in memory, their alignment, and the core types of the same value passed as numbers."""

    size: int
    alignment: int
    flat: tuple[str, ...]


def layout(type: Type) -> Layout:
    """How values of a type are laid out. Raises `ValueError` for types that no component can have here."""
    match type:
        case Primitive("string") | ListOf(_, None):
            return Layout(8, 4, ("i32", "i32"))
        case Primitive(name):
            size = _SIZES[name.lstrip("suf")]
            core = name if name in ("f32", "f64") else "i64" if size == 8 else "i32"
            return Layout(size, size, (core,))
        case Record(fields):
            return row([field.type for field in fields if field.type is not None])
        case Tuple(elements):
            return row(list(elements))
        case Variant(cases):
            return _cases([case.type for case in cases])
        case Option(some):
            return _cases([None, some])
        case Result(ok, err):
            return _cases([ok, err])
        case Enum(names):
            return _cases([None] * len(names))
        case Flags(names) if len(names) <= 32:
            size = 1 if len(names) <= 8 else 2 if len(names) <= 16 else 4
            return Layout(size, size, ("i32",))
        case Handle():
            return Layout(4, 4, ("i32",))
    raise ValueError(type)


def row(types: list[Type]) -> Layout:
    """How values lie that stand side by side."""
    size, alignment = 0, 1
    flat: tuple[str, ...] = ()
    for one in map(layout, types):
        size = _aligned(size, one.alignment) + one.size
        alignment = max(alignment, one.alignment)
        flat += one.flat
    return Layout(_aligned(size, alignment), alignment, flat)


def _cases(payloads: list[Type | None]) -> Layout:
    tag = 1 if len(payloads) <= 1 << 8 else 2 if len(payloads) <= 1 << 16 else 4
    sides = [layout(payload) for payload in payloads if payload is not None]
    inner = max([1, *(side.alignment for side in sides)])
    size = _aligned(tag, inner) + max([0, *(side.size for side in sides)])
    alignment = max(tag, inner)
    flat: list[str] = []
    for side in sides:
        for at, core in enumerate(side.flat):
            if at == len(flat):
                flat.append(core)
            elif flat[at] != core:
                # A place for different things is an integer that is wide enough for each.
                flat[at] = "i32" if {flat[at], core} == {"i32", "f32"} else "i64"
    return Layout(_aligned(size, alignment), alignment, ("i32", *flat))


def _aligned(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
