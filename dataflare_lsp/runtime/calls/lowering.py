"""Values of Python into the engine's memory layout.

Everything that one call takes lies in two pieces of memory, which the next call uses again. The engine copies what it
is given before it runs anything, so they never have to outlive the start of a call.
"""

import ctypes
import struct
from collections.abc import Callable
from typing import Final, TypeAlias

from dataflare_lsp.runtime.calls.capi import FORMATS, KINDS, VALUE_SIZE
from dataflare_lsp.runtime.calls.code import DEEP, Source
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.values import types
from dataflare_lsp.values.fitting import misfit

Lower: TypeAlias = Callable[[tuple[types.Value, ...]], int]
"""Writes values side by side, and gives the address of the first; it stays good until the next time."""

_START: Final = 1 << 12
_KIND: Final = "B7x"


class NotLowered(Exception):
    """A value that is not of its type; the message says why."""


class _Memory:
    """Memory at a fixed address, and a larger piece when that was not enough."""

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern
        self.used = 0
        self._take(_START)

    def _take(self, size: int) -> None:
        self.size = size
        self.bytes = bytearray(self._pattern * (size // len(self._pattern)))
        self._pin = ctypes.c_char.from_buffer(self.bytes)
        self.address = ctypes.addressof(self._pin)

    def grow(self) -> bool:
        """Make room for what was taken; False if there was room."""
        size = self.size
        if self.used <= size:
            return False
        while size < self.used:
            size *= 2
        self._take(size)
        return True


class Lowering:
    """Makes plans for types, all of which write into the same memory."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        self._names: dict[str, tuple[int, int]] = {}
        self._kept: list[ctypes.Array[ctypes.c_char]] = []
        self._block = _Memory(bytes(VALUE_SIZE))
        # Lists of bytes have a place where every value says already that it is a byte.
        self._cells = _Memory(struct.pack("<B31x", KINDS["u8"]))
        self._known = {"block": self._block, "cells": self._cells, "handle": handles.address, "scalar": _scalar}

    def arguments(self, parameters: tuple[types.Named, ...]) -> Lower:
        """How the arguments of a call are written."""
        write = self._function([parameter.type for parameter in parameters if parameter.type is not None])
        block, cells, handles = self._block, self._cells, self._handles

        def lower(values: tuple[types.Value, ...]) -> int:
            if not handles.is_settled:
                handles.settle()
            while True:
                cells.used = 0
                try:
                    write(values)
                except Exception as error:
                    # What was taken is known also where writing to it failed. With room for it, the value is to blame.
                    if not (block.grow() | cells.grow()):
                        handles.keep()
                        raise NotLowered(_reason(parameters, values, error)) from error
                else:
                    if block.used <= block.size and cells.used <= cells.size:
                        return block.address
                    block.grow()
                    cells.grow()
                handles.again()

        return lower

    def result(self, type: types.Type) -> Lower:
        """How one value is written, which comes as a tuple of one."""
        return self.arguments((types.Named("result", type),))

    def _function(self, members: list[types.Type]) -> Callable[[tuple[types.Value, ...]], None]:
        source = Source()
        source.names |= self._known
        source.add(0, "def write(values):")
        source.add(1, "memory = block.bytes; base = block.address", f"used = {VALUE_SIZE * len(members)}")
        source.add(1, "try:")
        self._row(source, 2, members, "values", "0")
        source.add(1, "finally:", "    block.used = used")
        return source.function("write", "lowering")

    def _row(self, source: Source, depth: int, members: list[types.Type], values: str, place: str) -> None:
        """Write values that lie side by side from a place on."""
        if not members:
            source.add(depth, f"() = {values}")
        else:
            names = [source.fresh("v") for _ in members]
            source.add(depth, f"({', '.join(names)},) = {values}")
            written = [self._value(source, depth, *member) for member in zip(members, names, strict=True)]
            self._pack(source, depth, place, "".join(f for f, _ in written), [e for _, es in written for e in es])

    def _pack(self, source: Source, depth: int, place: str, layout: str, expressions: list[str]) -> None:
        pack = source.constant(struct.Struct("<" + layout).pack_into)
        source.add(depth, f"{pack}(memory, {place}, {', '.join(expressions)})")

    def _taken(self, source: Source, depth: int, size: str) -> str:
        place = source.fresh("p")
        source.add(depth, f"{place} = used; used = {place} + {size}")
        return place

    def _value(self, source: Source, depth: int, type: types.Type, value: str) -> tuple[str, list[str]]:
        """Write what belongs to a value, and give the format and the parts of the value itself."""
        if depth > DEEP + 2:
            return self._apart(source, depth, type, value)
        match type:
            case types.Primitive() if type.name == "string":
                data, size = source.fresh("d"), source.fresh("n")
                source.add(depth, f"{data} = {value}.encode(); {size} = len({data})")
                place = self._taken(source, depth, f"({size} + 7 & -8)")
                source.add(depth, f"memory[{place}:{place} + {size}] = {data}")
                return "B7xQQ8x", [str(KINDS["string"]), size, f"base + {place}"]
            case types.Primitive() if type.name == "char":
                # Python has halves of surrogate pairs, of which the engine knows nothing.
                return "B7xI20x", [str(KINDS["char"]), f"ord({value}) if {value} < '\\ud800' else scalar({value})"]
            case types.Primitive(primitive):
                return _KIND + FORMATS[primitive], [str(KINDS[primitive]), value]
            case types.ListOf():
                return self._list(source, depth, type, value)
            case types.Record(fields):
                return self._record(source, depth, fields, value)
            case types.Tuple(elements):
                place = self._taken(source, depth, str(VALUE_SIZE * len(elements)))
                self._row(source, depth, list(elements), value, place)
                return "B7xQQ8x", [str(KINDS["tuple"]), str(len(elements)), f"base + {place}"]
            case types.Variant(cases):
                return self._variant(source, depth, cases, value)
            case types.Enum(names):
                table = source.constant({name: self._name(name) for name in names})
                size, address = source.fresh("n"), source.fresh("a")
                source.add(depth, f"{size}, {address} = {table}[{value}]")
                return "B7xQQ8x", [str(KINDS["enum"]), size, address]
            case types.Flags(names):
                table = source.constant({name: struct.pack("<QQ", *self._name(name)) for name in names})
                data = source.fresh("d")
                source.add(depth, f"{data} = b''.join([{table}[name] for name in {value}])")
                place = self._taken(source, depth, f"len({data})")
                source.add(depth, f"memory[{place}:used] = {data}")
                return "B7xQQ8x", [str(KINDS["flags"]), f"len({value})", f"base + {place}"]
            case types.Option(some):
                address = source.fresh("a")
                source.add(depth, f"{address} = 0", f"if {value} is not None:")
                self._boxed(source, depth + 1, some, f"{value}[1]", address)
                return "B7xQ16x", [str(KINDS["option"]), address]
            case types.Result(ok, err):
                address = source.fresh("a")
                source.add(depth, f"{address} = 0", f"if {value}[0] == 'ok':")
                self._boxed(source, depth + 1, ok, f"{value}[1]", address)
                source.add(depth, f"elif {value}[0] != 'err': raise KeyError({value}[0])", "else:")
                self._boxed(source, depth + 1, err, f"{value}[1]", address)
                return "B7x?7xQ8x", [str(KINDS["result"]), f"{value}[0] == 'ok'", address]
            case types.Handle():
                return "B7xQ16x", [str(KINDS["resource"]), f"handle({source.constant(type)}, {value})"]
            case types.MapOf() | types.Unsupported():
                name = type.name if isinstance(type, types.Unsupported) else "map"
                source.add(depth, f"raise TypeError('values of `{name}` cannot be passed')")
                return "32x", []

    def _apart(self, source: Source, depth: int, type: types.Type, value: str) -> tuple[str, list[str]]:
        """Write a value by a function of its own, to a place of its own, and take it over from there."""
        place = self._taken(source, depth, str(VALUE_SIZE))
        inner = Source()
        inner.names |= self._known
        inner.add(0, "def write(value, place, used):", "    memory = block.bytes; base = block.address")
        inner.add(1, "try:")
        layout, expressions = self._value(inner, 2, type, "value")
        self._pack(inner, 2, "place", layout, expressions)
        inner.add(1, "finally:", "    block.used = used")
        write = source.constant(inner.function("write", "lowering"))
        source.add(depth, "try:", f"    {write}({value}, {place}, used)", "finally:", "    used = block.used")
        return "32s", [f"bytes(memory[{place}:{place} + {VALUE_SIZE}])"]

    def _boxed(self, source: Source, depth: int, type: types.Type | None, value: str, address: str) -> None:
        """Write a payload to a place of its own, and leave its address in a variable."""
        if type is None:
            source.add(depth, "pass")
            return
        payload = source.fresh("v")
        source.add(depth, f"{payload} = {value}")
        place = self._taken(source, depth, str(VALUE_SIZE))
        layout, expressions = self._value(source, depth, type, payload)
        self._pack(source, depth, place, layout, expressions)
        source.add(depth, f"{address} = base + {place}")

    def _list(self, source: Source, depth: int, type: types.ListOf, value: str) -> tuple[str, list[str]]:
        size = source.fresh("n")
        source.add(depth, f"{size} = len({value})")
        if type.length is not None:
            source.add(depth, f"if {size} != {type.length}: raise ValueError('it has {type.length} elements')")
        if types.is_bytes(type):
            place, end = source.fresh("p"), source.fresh("e")
            source.add(
                depth,
                f"{place} = cells.used; cells.used = {end} = {place} + {VALUE_SIZE} * {size}",
                f"if {size}: cells.bytes[{place} + 8:{end}:{VALUE_SIZE}] = {value}",
            )
            return "B7xQQ8x", [str(KINDS["list"]), size, f"cells.address + {place}"]
        place = self._taken(source, depth, f"{VALUE_SIZE} * {size}")
        at, element = source.fresh("p"), source.fresh("v")
        source.add(depth, f"{at} = {place}", f"for {element} in {value}:")
        layout, expressions = self._value(source, depth + 1, type.element, element)
        self._pack(source, depth + 1, at, layout, expressions)
        source.add(depth + 1, f"{at} += {VALUE_SIZE}")
        return "B7xQQ8x", [str(KINDS["list"]), size, f"base + {place}"]

    def _record(self, source: Source, depth: int, fields: tuple[types.Named, ...], value: str) -> tuple[str, list[str]]:
        names = [source.fresh("v") for _ in fields]
        source.add(depth, f"({', '.join(names)},) = {value}")
        layout, expressions = "", []
        place = self._taken(source, depth, str((16 + VALUE_SIZE) * len(fields)))
        for field, name in zip(fields, names, strict=True):
            assert field.type is not None
            inner, parts = self._value(source, depth, field.type, name)
            layout += "QQ" + inner
            expressions += [*map(str, self._name(field.name)), *parts]
        self._pack(source, depth, place, layout, expressions)
        return "B7xQQ8x", [str(KINDS["record"]), str(len(fields)), f"base + {place}"]

    def _variant(self, source: Source, depth: int, cases: tuple[types.Named, ...], value: str) -> tuple[str, list[str]]:
        table = source.constant({case.name: self._name(case.name) for case in cases})
        label, size, name, address = (source.fresh(letter) for letter in "lnaa")
        source.add(depth, f"{label} = {value}[0]; {size}, {name} = {table}[{label}]; {address} = 0")
        branch = "if"
        for case in cases:
            if case.type is not None:
                source.add(depth, f"{branch} {label} == {case.name!r}:")
                self._boxed(source, depth + 1, case.type, f"{value}[1]", address)
                branch = "elif"
        return "B7xQQQ", [str(KINDS["variant"]), size, name, address]

    def _name(self, name: str) -> tuple[int, int]:
        """The size and the address of a name, which stays where it is."""
        known = self._names.get(name)
        if known is None:
            data = name.encode()
            kept = ctypes.create_string_buffer(data)
            self._kept.append(kept)
            known = self._names[name] = (len(data), ctypes.addressof(kept))
        return known


def _scalar(character: str) -> int:
    character.encode()
    return ord(character)


def _reason(parameters: tuple[types.Named, ...], values: tuple[types.Value, ...], error: Exception) -> str:
    """What is wrong with the values, in a sentence's words; `error` is what came of it."""
    if len(values) != len(parameters):
        return f"expected {len(parameters)} values, found {len(values)}"
    for parameter, value in zip(parameters, values, strict=True):
        found = misfit(value, parameter.type) if parameter.type is not None else None
        if found is not None:
            return f"at `{parameter.name}{found.place}`, expected {found.expected}, found {found.found}"
    return str(error)
