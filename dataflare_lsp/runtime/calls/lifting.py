"""Values in the engine's memory layout into values of Python."""

import ctypes
import struct
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from dataflare_lsp.runtime.calls.capi import FORMATS, MEMORY, VALUE_SIZE
from dataflare_lsp.runtime.calls.code import DEEP, Source
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.values import types
from dataflare_lsp.values.types import Case

Lift: TypeAlias = Callable[[int], tuple[types.Value, ...]]
"""Reads values that lie side by side from an address on."""

_SIZED: Final = "8xQQ8x"


class _Read(NamedTuple):
    """How one value is read: its format, the variables that this fills, what is read then, and the value from it all.

    `steps` are pairs of variables and an expression, each of which may use what came before.
    """

    format: str
    variables: list[str]
    steps: list[tuple[str, str]]
    value: str


class Lifting:
    """Makes plans for types."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles

    def row(self, members: list[types.Type]) -> Lift:
        """How values are read that lie side by side."""
        source = self._source()
        reads = [self._read(source, 0, member) for member in members]
        source.add(0, "def lift(address):")
        if members:
            self._open(source, reads)
        source.add(1, f"return ({''.join(f'{read.value}, ' for read in reads)})")
        lift: Lift = source.function("lift", "lifting")
        return lift

    def _payload(self, type: types.Type) -> Callable[[int], types.Value]:
        source = self._source()
        read = self._read(source, 0, type)
        source.add(0, "def lift(address):")
        self._open(source, [read])
        source.add(1, f"return {read.value}")
        return source.function("lift", "lifting")

    def _source(self) -> Source:
        source = Source()
        source.names |= {"memory": MEMORY, "handle": self._handles.number, "Case": Case, "new": tuple.__new__}
        return source

    @staticmethod
    def _open(source: Source, reads: list[_Read]) -> None:
        unpack = source.constant(struct.Struct("<" + "".join(read.format for read in reads)).unpack_from)
        variables = "".join(f"{name}, " for read in reads for name in read.variables)
        if variables:
            source.add(1, f"({variables}) = {unpack}(memory, address)")
        for read in reads:
            for names, expression in read.steps:
                source.add(1, f"{names} = {expression}")

    def _read(self, source: Source, level: int, type: types.Type) -> _Read:
        if level > DEEP:
            return self._apart(source, type)
        match type:
            case types.Primitive(primitive) if primitive not in ("string", "char"):
                number = source.fresh("v")
                return _Read("8x" + FORMATS[primitive], [number], [], number)
            case types.Primitive() if type.name == "char":
                code = source.fresh("v")
                return _Read("8xI20x", [code], [], f"chr({code})")
            case types.Primitive() | types.Enum():
                size, address = source.fresh("n"), source.fresh("a")
                return _Read(_SIZED, [size, address], [], f"str(memory[{address}:{address} + {size}], 'utf-8')")
            case types.ListOf():
                return self._list(source, level, type)
            case types.Record(fields):
                members = [field.type for field in fields if field.type is not None]
                return self._members(source, level, members, "16x")
            case types.Tuple(elements):
                return self._members(source, level, list(elements), "")
            case types.Variant(cases):
                table = {c.name.encode(): (c.name, c.type and self._payload(c.type)) for c in cases}
                size, address, payload = (source.fresh(letter) for letter in "naa")
                read = source.constant(_case(table))
                return _Read(
                    "8xQQQ",
                    [size, address, payload],
                    [],
                    f"{read}(bytes(memory[{address}:{address} + {size}]), {payload})",
                )
            case types.Flags(names):
                size, address = source.fresh("n"), source.fresh("a")
                read = source.constant(_flags(names))
                return _Read(_SIZED, [size, address], [], f"{read}(memory[{address}:{address} + 16 * {size}])")
            case types.Option(some):
                address = source.fresh("a")
                lift = source.constant(self._payload(some))
                value = f"new(Case, ('some', {lift}({address}))) if {address} else None"
                return _Read("8xQ16x", [address], [], f"({value})")
            case types.Result(ok, err):
                flag, address = source.fresh("f"), source.fresh("a")
                sides = []
                for name, side in (("ok", ok), ("err", err)):
                    inner = "None" if side is None else f"{source.constant(self._payload(side))}({address})"
                    sides.append(f"new(Case, ({name!r}, {inner}))")
                return _Read("8x?7xQ8x", [flag, address], [], f"({sides[0]} if {flag} else {sides[1]})")
            case types.Handle():
                pointer = source.fresh("a")
                return _Read("8xQ16x", [pointer], [], f"handle({source.constant(type)}, {pointer})")
            case types.MapOf() | types.Unsupported():
                name = type.name if isinstance(type, types.Unsupported) else "map"
                return _Read("32x", [], [], f"{source.constant(_refuse(name))}()")

    def _apart(self, source: Source, type: types.Type) -> _Read:
        """By a function of its own, from the value's bytes."""
        data = source.fresh("d")
        lift = source.constant(_from_bytes(self._payload(type)))
        return _Read("32s", [data], [], f"{lift}({data})")

    def _members(self, source: Source, level: int, members: list[types.Type], before: str) -> _Read:
        address = source.fresh("a")
        reads = [self._read(source, level + 1, member) for member in members]
        layout = "<" + "".join(before + read.format for read in reads)
        unpack = source.constant(struct.Struct(layout).unpack_from)
        variables = "".join(f"{name}, " for read in reads for name in read.variables)
        steps = [(f"({variables})", f"{unpack}(memory, {address})")] if variables else []
        steps += [step for read in reads for step in read.steps]
        return _Read("16xQ8x", [address], steps, f"({''.join(f'{read.value}, ' for read in reads)})")

    def _list(self, source: Source, level: int, type: types.ListOf) -> _Read:
        size, address = source.fresh("n"), source.fresh("a")
        if types.is_bytes(type):
            value = f"bytes(memory[{address}:{address} + {VALUE_SIZE} * {size}])[8::{VALUE_SIZE}]"
            return _Read(_SIZED, [size, address], [], f"({value} if {size} else b'')")
        # A comprehension reads the size and the address where it stands, so that the value may be an expression.
        read = self._read(source, level + 1, type.element)
        unpack = source.constant(struct.Struct("<" + read.format).iter_unpack)
        variables = "".join(f"{name}, " for name in read.variables) or "_"
        steps = "".join(f" for {names} in ({expression},)" for names, expression in read.steps)
        rows = f"{unpack}(memory[{address}:{address} + {VALUE_SIZE} * {size}])"
        value = f"(tuple([{read.value} for {variables} in {rows}{steps}]) if {size} else ())"
        return _Read(_SIZED, [size, address], [], value)


def _case(table: dict[bytes, tuple[str, Callable[[int], types.Value] | None]]) -> Callable[[bytes, int], Case]:
    new = tuple.__new__

    def read(name: bytes, address: int) -> Case:
        label, payload = table[name]
        return new(Case, (label, None if payload is None else payload(address)))

    return read


def _flags(names: tuple[str, ...]) -> Callable[[memoryview], tuple[str, ...]]:
    def read(row: memoryview) -> tuple[str, ...]:
        found = {str(MEMORY[address : address + size], "utf-8") for size, address in struct.iter_unpack("<QQ", row)}
        return tuple([name for name in names if name in found])

    return read


def _from_bytes(lift: Callable[[int], types.Value]) -> Callable[[bytes], types.Value]:
    def read(data: bytes) -> types.Value:
        place = ctypes.create_string_buffer(data, VALUE_SIZE)
        return lift(ctypes.addressof(place))

    return read


def _refuse(name: str) -> Callable[[], types.Value]:
    def read() -> types.Value:
        raise TypeError(f"values of `{name}` cannot be read")

    return read
