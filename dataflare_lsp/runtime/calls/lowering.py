"""Values of Python into the engine's memory layout.

Everything that one call takes lies in one buffer, which the next call uses again. The engine copies what it is given
before it runs anything, so the buffer never has to outlive the start of a call.
"""

import ctypes
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

from dataflare_lsp.runtime.calls.capi import ENTRY_SIZE, KINDS, NAME, VALUE, VALUE_SIZE
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.values import types

# A value's Python type follows from its component type, which the checker cannot know.
Lower: TypeAlias = Callable[[Any, int], None]
"""Writes a value at an offset of the buffer, and what belongs to it behind what is there."""

_pack = VALUE.pack_into
_F32 = struct.Struct("<B7xf20x").pack_into
_F64 = struct.Struct("<B7xd16x").pack_into
_SIGNED = struct.Struct("<B7xq16x").pack_into
_START = 1 << 16


class NotLowered(Exception):
    """A value that is not of its type; the message says which and why."""


class Buffer:
    """Memory at a fixed address, taken from front to back, and a larger one when that was not enough."""

    def __init__(self) -> None:
        self._resize(_START)
        self.used = 0

    def _resize(self, size: int) -> None:
        # A fresh object: addresses in the old one stay good until the last plan has let go of it.
        self.memory = bytearray(size)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self._pin = ctypes.c_char.from_buffer(self.memory)

    def grow(self) -> bool:
        """Make room for what did not fit; False if it would have fitted."""
        if self.used <= len(self.memory):
            return False
        size = len(self.memory)
        while size < self.used:
            size *= 2
        self._resize(size)
        return True


class Lowering:
    """Makes plans for types, all of which write into one buffer."""

    def __init__(self, handles: Handles) -> None:
        self.buffer = Buffer()
        self._handles = handles
        self._names: dict[str, tuple[int, int]] = {}
        self._kept: list[ctypes.Array[ctypes.c_char]] = []

    def arguments(self, parameters: tuple[types.Named, ...]) -> Callable[[tuple[types.Value, ...]], int]:
        """A function that writes a call's arguments side by side, and gives their address."""
        plans = [self.plan(parameter.type) for parameter in parameters if parameter.type is not None]
        width = VALUE_SIZE * len(plans)
        buffer = self.buffer

        def lower(values: tuple[types.Value, ...]) -> int:
            while True:
                buffer.used = width
                offset = 0
                try:
                    for plan, value in zip(plans, values):
                        plan(value, offset)
                        offset += VALUE_SIZE
                except (struct.error, BufferError, ValueError, TypeError, KeyError, AttributeError) as error:
                    if not buffer.grow():
                        raise NotLowered(_reason(error)) from error
                    continue
                if buffer.used <= len(buffer.memory):
                    return buffer.address
                buffer.grow()

        return lower

    def results(self, type: types.Type) -> Callable[[types.Value], int]:
        """A function that writes one value, and gives its address."""
        lower = self.arguments((types.Named("result", type),))
        return lambda value: lower((value,))

    def plan(self, type: types.Type) -> Lower:
        """How a value of this type is written."""
        match type:
            case types.Primitive(name):
                return self._primitive(name)
            case types.ListOf():
                return self._bytes() if types.is_bytes(type) else self._list(self.plan(type.element), "list")
            case types.Record(fields):
                return self._record(fields)
            case types.Tuple(elements):
                return self._tuple([self.plan(element) for element in elements])
            case types.Variant(cases):
                return self._variant(cases)
            case types.Enum(names):
                return self._enum(names)
            case types.Flags(names):
                return self._flags(names)
            case types.Option(some):
                return self._option(self.plan(some))
            case types.Result(ok, err):
                return self._result(ok and self.plan(ok), err and self.plan(err))
            case types.Handle():
                return self._handle(type)
            case types.MapOf() | types.Unsupported():
                return _unsupported(type)

    def _primitive(self, name: types.PrimitiveName) -> Lower:
        buffer, kind = self.buffer, KINDS[name]
        if name == "string":

            def lower_string(value: str, offset: int) -> None:
                data = value.encode()
                size = len(data)
                start = buffer.used
                end = start + size
                buffer.used = (end + 7) & ~7
                buffer.memory[start:end] = data
                _pack(buffer.memory, offset, kind, size, buffer.address + start, 0)

            return lower_string
        if name == "char":
            return lambda value, offset: _pack(buffer.memory, offset, kind, ord(value), 0, 0)
        if name == "f32":
            return lambda value, offset: _F32(buffer.memory, offset, kind, value)
        if name == "f64":
            return lambda value, offset: _F64(buffer.memory, offset, kind, value)
        if name[0] == "s":
            return lambda value, offset: _SIGNED(buffer.memory, offset, kind, value)
        return lambda value, offset: _pack(buffer.memory, offset, kind, value, 0, 0)

    def _bytes(self) -> Lower:
        buffer, kind = self.buffer, KINDS["list"]
        one = VALUE.pack(KINDS["u8"], 0, 0, 0)

        def lower(value: bytes, offset: int) -> None:
            size = len(value)
            start = buffer.used
            buffer.used = end = start + VALUE_SIZE * size
            memory = buffer.memory
            if size:
                memory[start:end] = one * size
                memory[start + 8 : end : VALUE_SIZE] = value
            _pack(memory, offset, kind, size, buffer.address + start, 0)

        return lower

    def _list(self, element: Lower, kind_name: str) -> Lower:
        buffer, kind = self.buffer, KINDS[kind_name]

        def lower(values: tuple[types.Value, ...], offset: int) -> None:
            size = len(values)
            start = buffer.used
            buffer.used = start + VALUE_SIZE * size
            _pack(buffer.memory, offset, kind, size, buffer.address + start, 0)
            for value in values:
                element(value, start)
                start += VALUE_SIZE

        return lower

    def _tuple(self, elements: list[Lower]) -> Lower:
        buffer, kind, size = self.buffer, KINDS["tuple"], len(elements)

        def lower(values: tuple[types.Value, ...], offset: int) -> None:
            start = buffer.used
            buffer.used = start + VALUE_SIZE * size
            _pack(buffer.memory, offset, kind, size, buffer.address + start, 0)
            for element, value in zip(elements, values):
                element(value, start)
                start += VALUE_SIZE

        return lower

    def _record(self, fields: tuple[types.Named, ...]) -> Lower:
        buffer, kind, size = self.buffer, KINDS["record"], len(fields)
        plans = [self.plan(field.type) for field in fields if field.type is not None]
        empty = b"".join(NAME.pack(*self._name(field.name)) + bytes(VALUE_SIZE) for field in fields)
        width = len(empty)

        def lower(values: tuple[types.Value, ...], offset: int) -> None:
            start = buffer.used
            buffer.used = end = start + width
            buffer.memory[start:end] = empty
            _pack(buffer.memory, offset, kind, size, buffer.address + start, 0)
            start += NAME.size
            for plan, value in zip(plans, values):
                plan(value, start)
                start += ENTRY_SIZE

        return lower

    def _variant(self, cases: tuple[types.Named, ...]) -> Lower:
        buffer, kind = self.buffer, KINDS["variant"]
        plans = {case.name: (*self._name(case.name), case.type and self.plan(case.type)) for case in cases}

        def lower(value: types.Case, offset: int) -> None:
            size, name, payload = plans[value[0]]
            if payload is None:
                _pack(buffer.memory, offset, kind, size, name, 0)
                return
            start = buffer.used
            buffer.used = start + VALUE_SIZE
            _pack(buffer.memory, offset, kind, size, name, buffer.address + start)
            payload(value[1], start)

        return lower

    def _enum(self, names: tuple[str, ...]) -> Lower:
        buffer, kind = self.buffer, KINDS["enum"]
        places = {name: self._name(name) for name in names}

        def lower(value: str, offset: int) -> None:
            size, name = places[value]
            _pack(buffer.memory, offset, kind, size, name, 0)

        return lower

    def _flags(self, names: tuple[str, ...]) -> Lower:
        buffer, kind = self.buffer, KINDS["flags"]
        places = {name: NAME.pack(*self._name(name)) for name in names}

        def lower(value: tuple[str, ...], offset: int) -> None:
            data = b"".join([places[name] for name in value])
            start = buffer.used
            buffer.used = end = start + len(data)
            buffer.memory[start:end] = data
            _pack(buffer.memory, offset, kind, len(value), buffer.address + start, 0)

        return lower

    def _option(self, some: Lower) -> Lower:
        buffer, kind = self.buffer, KINDS["option"]

        def lower(value: types.Case | None, offset: int) -> None:
            if value is None:
                _pack(buffer.memory, offset, kind, 0, 0, 0)
                return
            start = buffer.used
            buffer.used = start + VALUE_SIZE
            _pack(buffer.memory, offset, kind, buffer.address + start, 0, 0)
            some(value[1], start)

        return lower

    def _result(self, ok: Lower | None, err: Lower | None) -> Lower:
        buffer, kind = self.buffer, KINDS["result"]
        sides = {"ok": (1, ok), "err": (0, err)}

        def lower(value: types.Case, offset: int) -> None:
            flag, payload = sides[value[0]]
            if payload is None:
                _pack(buffer.memory, offset, kind, flag, 0, 0)
                return
            start = buffer.used
            buffer.used = start + VALUE_SIZE
            _pack(buffer.memory, offset, kind, flag, buffer.address + start, 0)
            payload(value[1], start)

        return lower

    def _handle(self, type: types.Handle) -> Lower:
        buffer, kind, handles = self.buffer, KINDS["resource"], self._handles

        def lower(value: int, offset: int) -> None:
            _pack(buffer.memory, offset, kind, handles.address(type, value), 0, 0)

        return lower

    def _name(self, name: str) -> tuple[int, int]:
        """The size and the address of a name, which stays where it is."""
        known = self._names.get(name)
        if known is None:
            data = name.encode()
            kept = ctypes.create_string_buffer(data)
            self._kept.append(kept)
            known = self._names[name] = (len(data), ctypes.addressof(kept))
        return known


def _unsupported(type: types.Type) -> Lower:
    name = type.name if isinstance(type, types.Unsupported) else "map"

    def lower(value: object, offset: int) -> None:
        raise TypeError(f"values of `{name}` cannot be passed")

    return lower


def _reason(error: Exception) -> str:
    return f"there is no case {error}" if isinstance(error, KeyError) else str(error)
