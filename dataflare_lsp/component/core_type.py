"""Core types inside component types: read only to find where they end. Specification: Binary.md, "core:type"."""

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.reader import Reader

_NUMBERS_AND_VECTOR = range(0x7B, 0x80)
_ABSTRACT_HEAP_TYPES = range(0x68, 0x76)
_REFERENCE, _NULLABLE_REFERENCE = 0x64, 0x63
_SHARED = 0x65


def skip_core_type(reader: Reader) -> None:
    """Move past a core type: a module type, or a (recursive group of) function, array or struct type."""
    offset = reader.position
    code = reader.byte()
    if code == 0x50:
        for _ in range(reader.count("declarations")):
            _skip_module_declaration(reader)
    elif code == 0x00:
        if reader.byte() != 0x50:
            raise reader.unexpected("a core type", reader.position - 1)
        reader.position -= 1
        _skip_sub_type(reader)
    else:
        reader.position = offset
        _skip_recursive_type(reader)


def _skip_module_declaration(reader: Reader) -> None:
    offset = reader.position
    code = reader.byte()
    if code == 0x00:
        reader.name()
        reader.name()
        skip_external_type(reader)
    elif code == 0x01:
        _skip_recursive_type(reader)
    elif code == 0x02:
        if (reader.byte(), reader.byte()) != (0x10, 0x01):
            raise reader.unexpected("an outer alias of a core type", reader.position - 1)
        reader.u32()
        reader.u32()
    elif code == 0x03:
        reader.name()
        skip_external_type(reader)
    else:
        raise reader.unexpected("a declaration of a core module type", offset)


def skip_external_type(reader: Reader) -> None:
    """Move past the type of a core import or export."""
    offset = reader.position
    code = reader.byte()
    if code in (0x00, 0x20):
        reader.u32()
    elif code == 0x01:
        _skip_value_type(reader)
        _skip_limits(reader)
    elif code == 0x02:
        _skip_limits(reader)
    elif code == 0x03:
        _skip_value_type(reader)
        reader.byte()
    elif code == 0x04:
        reader.byte()
        reader.u32()
    else:
        raise reader.unexpected("the type of a core import or export", offset)


def _skip_limits(reader: Reader) -> None:
    """Limits: bit 0 tells of a maximum, bit 3 of a page size; 64-bit bounds (bit 2) may take ten bytes."""
    flags = reader.byte()
    _skip_integer(reader)
    if flags & 0x01:
        _skip_integer(reader)
    if flags & 0x08:
        _skip_integer(reader)


def _skip_recursive_type(reader: Reader) -> None:
    if reader.byte() == 0x4E:
        for _ in range(reader.count("core types")):
            _skip_sub_type(reader)
    else:
        reader.position -= 1
        _skip_sub_type(reader)


def _skip_sub_type(reader: Reader) -> None:
    if reader.byte() in (0x4F, 0x50):
        for _ in range(reader.count("supertypes")):
            reader.u32()
    else:
        reader.position -= 1
    offset = reader.position
    code = reader.byte()
    if code == _SHARED:
        offset = reader.position
        code = reader.byte()
    if code == 0x60:
        for what in ("parameters", "results"):
            for _ in range(reader.count(what)):
                _skip_value_type(reader)
    elif code == 0x5F:
        for _ in range(reader.count("fields")):
            _skip_field(reader)
    elif code == 0x5E:
        _skip_field(reader)
    elif code == 0x5D:
        reader.u32()
    else:
        raise reader.unexpected("a core type", offset)


def _skip_field(reader: Reader) -> None:
    if reader.byte() not in (0x77, 0x78):
        reader.position -= 1
        _skip_value_type(reader)
    reader.byte()


def _skip_value_type(reader: Reader) -> None:
    offset = reader.position
    code = reader.byte()
    if code in _NUMBERS_AND_VECTOR or code in _ABSTRACT_HEAP_TYPES:
        return
    if code in (_REFERENCE, _NULLABLE_REFERENCE):
        if reader.byte() == _SHARED:
            reader.byte()
        else:
            reader.position -= 1
            _skip_integer(reader)
    elif code == _SHARED:
        reader.byte()
    else:
        raise reader.unexpected("a core value type", offset)


def _skip_integer(reader: Reader) -> None:
    """Move past an integer in LEB128 of up to 64 bits, whatever its sign."""
    start = reader.position
    for _ in range(10):
        if reader.byte() < 0x80:
            return
    raise MalformedComponent("an integer is larger than 64 bits", start)
