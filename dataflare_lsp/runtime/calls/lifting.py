"""Values in the engine's memory layout into values of Python."""

import ctypes
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

from dataflare_lsp.runtime.calls.capi import ENTRY, ENTRY_SIZE, VALUE, VALUE_SIZE
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.values import types
from dataflare_lsp.values.types import Case

Raw: TypeAlias = tuple[int, int, int, int]
"""A value's kind, and its 24 bytes as three numbers. Beyond what the kind needs, anything may stand there."""

Lift: TypeAlias = Callable[[Raw], Any]

_at = ctypes.string_at
_values = VALUE.iter_unpack
_fields = ENTRY.iter_unpack
_unpack = VALUE.unpack
_AS_F32, _F32 = struct.Struct("<I"), struct.Struct("<f")
_AS_F64, _F64 = struct.Struct("<Q"), struct.Struct("<d")


def lift_at(plan: Lift, address: int) -> types.Value:
    """The value at an address."""
    value: types.Value = plan(_unpack(_at(address, VALUE_SIZE)))
    return value


def lift_row(plans: list[Lift], address: int) -> tuple[types.Value, ...]:
    """Values that lie side by side from an address on."""
    return tuple([plan(raw) for plan, raw in zip(plans, _values(_at(address, VALUE_SIZE * len(plans))))])


class Lifting:
    """Makes plans for types."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles

    def plan(self, type: types.Type) -> Lift:
        """How a value of this type is read."""
        match type:
            case types.Primitive(name):
                return _PRIMITIVES[name]
            case types.ListOf():
                return _bytes if types.is_bytes(type) else _list(self.plan(type.element))
            case types.Record(fields):
                return _record([self.plan(field.type) for field in fields if field.type is not None])
            case types.Tuple(elements):
                return _tuple([self.plan(element) for element in elements])
            case types.Variant(cases):
                return _variant({case.name: case.type and self.plan(case.type) for case in cases})
            case types.Enum():
                return _string
            case types.Flags(names):
                return _flags(names)
            case types.Option(some):
                return _option(self.plan(some))
            case types.Result(ok, err):
                return _result(ok and self.plan(ok), err and self.plan(err))
            case types.Handle():
                return self._handle(type)
            case types.MapOf() | types.Unsupported():
                return _unsupported(type)

    def _handle(self, type: types.Handle) -> Lift:
        handles = self._handles
        return lambda raw: handles.number(type, raw[1])


def _string(raw: Raw) -> str:
    return _at(raw[2], raw[1]).decode()


def _bytes(raw: Raw) -> bytes:
    size = raw[1]
    return _at(raw[2], VALUE_SIZE * size)[8::VALUE_SIZE] if size else b""


def _unsigned(bits: int) -> Lift:
    mask = (1 << bits) - 1
    return lambda raw: raw[1] & mask


def _signed(bits: int) -> Lift:
    mask, sign = (1 << bits) - 1, 1 << bits - 1
    return lambda raw: ((raw[1] & mask) ^ sign) - sign


_PRIMITIVES: dict[str, Lift] = {
    "bool": lambda raw: bool(raw[1] & 0xFF),
    "u8": _unsigned(8),
    "u16": _unsigned(16),
    "u32": _unsigned(32),
    "u64": lambda raw: raw[1],
    "s8": _signed(8),
    "s16": _signed(16),
    "s32": _signed(32),
    "s64": _signed(64),
    "f32": lambda raw: _F32.unpack(_AS_F32.pack(raw[1] & 0xFFFFFFFF))[0],
    "f64": lambda raw: _F64.unpack(_AS_F64.pack(raw[1]))[0],
    "char": lambda raw: chr(raw[1] & 0xFFFFFFFF),
    "string": _string,
}


def _list(element: Lift) -> Lift:
    return lambda raw: tuple([element(one) for one in _values(_at(raw[2], VALUE_SIZE * raw[1]))]) if raw[1] else ()


def _tuple(elements: list[Lift]) -> Lift:
    width = VALUE_SIZE * len(elements)
    return lambda raw: tuple([lift(one) for lift, one in zip(elements, _values(_at(raw[2], width)))])


def _record(fields: list[Lift]) -> Lift:
    width = ENTRY_SIZE * len(fields)
    return lambda raw: tuple([lift(one) for lift, one in zip(fields, _fields(_at(raw[2], width)))])


def _variant(cases: dict[str, Lift | None]) -> Lift:
    def lift(raw: Raw) -> Case:
        name = _at(raw[2], raw[1]).decode()
        payload = cases[name]
        return Case(name, None if payload is None else lift_at(payload, raw[3]))

    return lift


def _flags(names: tuple[str, ...]) -> Lift:
    def lift(raw: Raw) -> tuple[str, ...]:
        found = {
            _at(address, size).decode() for size, address in struct.iter_unpack("<QQ", _at(raw[2], 16 * raw[1]))
        }
        return tuple([name for name in names if name in found])

    return lift


def _option(some: Lift) -> Lift:
    return lambda raw: Case("some", lift_at(some, raw[1])) if raw[1] else None


def _result(ok: Lift | None, err: Lift | None) -> Lift:
    def lift(raw: Raw) -> Case:
        name, payload = ("ok", ok) if raw[1] & 0xFF else ("err", err)
        return Case(name, None if payload is None else lift_at(payload, raw[2]))

    return lift


def _unsupported(type: types.Type) -> Lift:
    name = type.name if isinstance(type, types.Unsupported) else "map"

    def lift(raw: Raw) -> None:
        raise TypeError(f"values of `{name}` cannot be read")

    return lift
