"""Canonical definitions: how component functions are made of core functions. Specification: Binary.md, "canon".

Only what a lifted function's type is matters to WIT. The others are read to find where they end.
"""

from typing import Final

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import CoreCanonical, Lift
from dataflare_lsp.component.reader import Reader

_LIFT: Final = 0x00
_ASYNC: Final = 0x06
"""Among the options of a definition."""

_OPERANDS: Final = {
    0x00: "zuou",
    0x01: "zuo",
    **dict.fromkeys((0x02, 0x03, 0x04, 0x0E, 0x13, 0x14, 0x15, 0x1A, 0x1B, 0x2E, 0x2F, 0x40), "u"),
    **dict.fromkeys((0x0F, 0x10, 0x16, 0x17), "uo"),
    **dict.fromkeys((0x11, 0x12, 0x18, 0x19), "ub"),
    **dict.fromkeys((0x05, 0x08, 0x0D, 0x1E, 0x1F, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28, 0x42), ""),
    **dict.fromkeys((0x06, 0x0C, 0x29, 0x2A, 0x2B, 0x2C, 0x2D), "b"),
    0x09: "ro",
    0x0A: "bu",
    0x0B: "bu",
    0x1C: "o",
    0x1D: "o",
    0x20: "bu",
    0x21: "bu",
    0x27: "uu",
    0x41: "uu",
}
"""What follows an opcode: `z` a zero, `u` an index, `b` a byte, `o` options, `r` the result of a function."""

_OPTIONS: Final = {
    0x00: "",
    0x01: "",
    0x02: "",
    0x03: "u",
    0x04: "u",
    0x05: "u",
    _ASYNC: "",
    0x07: "u",
    0x08: "u",
    0x09: "",
}


def read_canonical(reader: Reader) -> Lift | CoreCanonical:
    """The next canonical definition."""
    offset = reader.position
    opcode = reader.byte()
    operands = _OPERANDS.get(opcode)
    if operands is None:
        raise reader.unexpected("a canonical definition", offset)
    last, is_async = 0, False
    for operand in operands:
        if operand == "u":
            last = reader.u32()
        elif operand == "o":
            is_async = _options(reader)
        elif operand == "r":
            _skip_result(reader)
        elif reader.byte() and operand == "z":
            raise reader.unexpected("the sort of a canonical definition", reader.position - 1)
    return Lift(last, is_async, offset) if opcode == _LIFT else CoreCanonical(opcode, is_async, offset)


def _options(reader: Reader) -> bool:
    """Read options; whether `async` is among them."""
    is_async = False
    for _ in range(reader.count("options")):
        offset = reader.position
        option = reader.byte()
        has_index = _OPTIONS.get(option)
        if has_index is None:
            raise reader.unexpected("an option of a canonical definition", offset)
        if has_index:
            reader.u32()
        is_async = is_async or option == _ASYNC
    return is_async


def _skip_result(reader: Reader) -> None:
    """Move past the result of a function: a type that it has, or none."""
    offset = reader.position
    results = reader.byte()
    if results == 0x00:
        for _ in range(5):
            if reader.byte() < 0x80:
                return
        raise MalformedComponent("the index of a type is larger than 32 bits", offset)
    if results != 0x01 or reader.byte() != 0x00:
        raise reader.unexpected("a function's result", offset)
