"""Decoding a component binary as far as its types, imports and exports go. Specification: Binary.md.

Nothing is resolved here: indices stay indices (`scope` resolves them). Core modules, core instances, core types, the
start section and values are passed over by their size, and so is the content of custom sections.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeVar

from dataflare_lsp.component import model
from dataflare_lsp.component.canonical import read_canonical
from dataflare_lsp.component.core_type import skip_core_type
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import (
    Alias,
    Case,
    Component,
    CoreExportAlias,
    CoreTypeDefinition,
    CustomSection,
    Declaration,
    Definition,
    Export,
    ExportAlias,
    ExportDeclaration,
    ExternName,
    ExternType,
    Field,
    Import,
    InlineInstance,
    Instantiation,
    NestedComponent,
    OuterAlias,
    Skipped,
    Sort,
    Type,
    TypeDefinition,
    ValType,
)
from dataflare_lsp.component.reader import Data, Reader

__all__ = ["DEFAULT_LIMITS", "Limits", "MalformedComponent", "decode", "kind_of"]

T = TypeVar("T")

_MAGIC: Final = b"\0asm"
_VERSION = 0x0D

PRIMITIVES = {
    0x7F: "bool",
    0x7E: "s8",
    0x7D: "u8",
    0x7C: "s16",
    0x7B: "u16",
    0x7A: "s32",
    0x79: "u32",
    0x78: "s64",
    0x77: "u64",
    0x76: "f32",
    0x75: "f64",
    0x74: "char",
    0x73: "string",
    0x64: "error-context",
}
_SORTS: dict[int, Sort] = {0x01: "func", 0x02: "value", 0x03: "type", 0x04: "component", 0x05: "instance"}
_CORE_SORTS: dict[int, Sort] = {
    0x00: "core func",
    0x01: "core table",
    0x02: "core memory",
    0x03: "core global",
    0x04: "core tag",
    0x10: "core type",
    0x11: "core module",
    0x12: "core instance",
}


SECTIONS: Final = {
    0: "custom content",
    1: "core modules",
    2: "core instances",
    3: "core types",
    4: "components",
    5: "instances",
    6: "aliases",
    7: "types",
    8: "canonical definitions",
    9: "start functions",
    10: "imports",
    11: "exports",
    12: "values",
}
"""What the sections of a component hold, by their ids."""


class Limits(NamedTuple):
    """How much is read before an input is refused.

    `size`: of the file in bytes. `elements`: of all vectors of the type level together; one takes some 200 bytes of
    memory. `depth`: of components in components and of types in types, together.
    """

    size: int = 1 << 28
    elements: int = 500_000
    depth: int = 100


DEFAULT_LIMITS: Final = Limits()


def kind_of(data: Data) -> Literal["component", "core module"] | None:
    """What the first eight bytes say that the file is; None where it is no WebAssembly binary."""
    if data[:4] == _MAGIC and len(data) >= 8:
        layer = data[6:8]
        if layer == b"\1\0":
            return "component"
        if layer == b"\0\0":
            return "core module"
    return None


def decode(data: Data, limits: Limits = DEFAULT_LIMITS, start: int = 0, end: int | None = None) -> Component:
    """The definitions of the component in `data` from `start` to `end`. Raises `MalformedComponent`, nothing else."""
    size = len(data) if end is None else end
    if size - start > limits.size:
        raise MalformedComponent(f"the file is larger than the {limits.size} bytes that this tool reads", limits.size)
    reader = Reader(data, start, limits.elements)
    return _Decoder(reader, limits.depth).component(size, 0)


class _Decoder:
    """Reads the productions of Binary.md; a method's name is that of its production."""

    __slots__ = ("_max_depth", "_reader", "_types")

    def __init__(self, reader: Reader, max_depth: int) -> None:
        self._reader = reader
        self._max_depth = max_depth
        self._types: dict[int, Callable[[int], Type]] = {
            0x72: self._record,
            0x71: self._variant,
            0x70: lambda _: model.ListType(self._valtype()),
            0x67: self._fixed_length_list,
            0x63: lambda _: model.MapType(self._valtype(), self._valtype()),
            0x6F: self._tuple,
            0x6E: lambda _: model.FlagsType(self._labels("flags")),
            0x6D: lambda _: model.EnumType(self._labels("enum cases")),
            0x6B: lambda _: model.OptionType(self._valtype()),
            0x6A: lambda _: model.ResultType(self._optional_valtype(), self._optional_valtype()),
            0x69: lambda _: model.OwnType(reader.u32()),
            0x68: lambda _: model.BorrowType(reader.u32()),
            0x66: lambda _: model.StreamType(self._optional_valtype()),
            0x65: lambda _: model.FutureType(self._optional_valtype()),
            0x40: lambda _: self._functype(is_async=False),
            0x43: lambda _: self._functype(is_async=True),
            0x41: self._componenttype,
            0x42: self._instancetype,
            0x3F: self._resourcetype,
        }

    def component(self, end: int, depth: int) -> Component:
        """The component that takes the bytes from the current position to `end`."""
        reader = self._reader
        start = reader.position
        if depth >= self._max_depth:
            raise MalformedComponent(f"components are nested more than {self._max_depth} deep", start)
        preamble = reader.data[start : min(start + 8, end)]
        if kind_of(preamble) != "component":
            found = "is a core module, not a component" if kind_of(preamble) else "is not a WebAssembly component"
            raise MalformedComponent(f"this {found}", start)
        version = int.from_bytes(preamble[4:6], "little")
        if version != _VERSION:
            raise MalformedComponent(f"version {version} of the format is unknown; {_VERSION} is read", start + 4)
        reader.position = start + 8
        definitions: list[Definition] = []
        while reader.position < end:
            self._section(definitions, end, depth)
        return Component(tuple(definitions))

    def _section(self, definitions: list[Definition], limit: int, depth: int) -> None:
        reader = self._reader
        offset = reader.position
        section = reader.byte()
        what = SECTIONS.get(section, "")
        try:
            if not what:
                raise MalformedComponent(f"unknown section {section}", offset)
            reader.spend(1, offset)
            size = reader.u32()
            content = reader.position
            end = content + size
            if end > limit:
                raise MalformedComponent(f"a section of {size} bytes does not fit into its component", offset)
            self._content(definitions, section, end, depth)
            if reader.position != end:
                read = reader.position - content
                raise MalformedComponent(f"a section of {size} bytes has content of {read}", offset)
        except MalformedComponent as error:
            if error.section:
                raise
            raise MalformedComponent(error.message, error.offset, what) from None

    def _content(self, definitions: list[Definition], section: int, end: int, depth: int) -> None:
        """Read the content of a section from the current position to `end`."""
        reader = self._reader
        start = reader.position
        if section == 7:
            self._vector(definitions, "types", lambda: self._type_definition(depth))
        elif section == 6:
            self._vector(definitions, "aliases", self._alias)
        elif section == 10:
            self._vector(definitions, "imports", self._import)
        elif section == 11:
            self._vector(definitions, "exports", self._export)
        elif section == 5:
            self._vector(definitions, "instances", self._instance)
        elif section == 8:
            self._vector(definitions, "canonical definitions", lambda: read_canonical(reader))
        elif section == 4:
            definitions.append(NestedComponent(self.component(end, depth + 1), start))
        elif section == 0:
            name = reader.name()
            data = reader.position
            if data <= end:
                definitions.append(CustomSection(name, data, end - data))
                reader.position = end
        else:
            definitions.append(Skipped(section, start, end - start))
            reader.position = end

    def _vector(self, definitions: list[Definition], what: str, read: Callable[[], Definition]) -> None:
        for _ in range(self._reader.count(what)):
            definitions.append(read())

    # Types

    def _type_definition(self, depth: int) -> TypeDefinition:
        reader = self._reader
        offset = reader.position
        code = reader.byte()
        read = self._types.get(code)
        if read is not None:
            return TypeDefinition(read(depth), offset)
        primitive = PRIMITIVES.get(code)
        if primitive is None:
            raise reader.unexpected("a type", offset)
        return TypeDefinition(model.PrimitiveType(primitive), offset)

    def _valtype(self) -> ValType:
        reader = self._reader
        start = reader.position
        byte = reader.byte()
        if byte < 0x40:
            return byte
        if byte < 0x80:
            primitive = PRIMITIVES.get(byte)
            if primitive is None:
                raise reader.unexpected("a value type", start)
            return primitive
        # An index of two bytes and more, which is signed: the bit after its highest one must be clear.
        value, shift = byte & 0x7F, 7
        while byte >= 0x80 and shift < 35:
            byte = reader.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
        if byte >= 0x80 or byte & 0x40 or value > 0xFFFF_FFFF:
            raise MalformedComponent("the index of a type is negative or larger than 32 bits", start)
        return value

    def _optional(self, read: Callable[[], T]) -> T | None:
        offset = self._reader.position
        present = self._reader.byte()
        if present == 0x01:
            return read()
        if present == 0x00:
            return None
        raise self._reader.unexpected("a byte that tells whether an option is present", offset)

    def _optional_valtype(self) -> ValType | None:
        return self._optional(self._valtype)

    def _some(self, what: str) -> range:
        """The elements of a vector that must not be empty."""
        start = self._reader.position
        count = self._reader.count(what)
        if count == 0:
            raise MalformedComponent(f"a type has no {what}", start)
        return range(count)

    def _field(self) -> Field:
        return Field(self._reader.name(), self._valtype())

    def _labels(self, what: str) -> tuple[str, ...]:
        return tuple([self._reader.name() for _ in self._some(what)])

    def _record(self, _: int) -> Type:
        return model.RecordType(tuple([self._field() for _ in self._some("fields")]))

    def _variant(self, _: int) -> Type:
        return model.VariantType(tuple([self._case() for _ in self._some("cases")]))

    def _case(self) -> Case:
        reader = self._reader
        case = Case(reader.name(), self._optional_valtype())
        if reader.byte() != 0x00:
            raise reader.unexpected("the end of a case", reader.position - 1)
        return case

    def _tuple(self, _: int) -> Type:
        return model.TupleType(tuple([self._valtype() for _ in self._some("elements")]))

    def _fixed_length_list(self, _: int) -> Type:
        element = self._valtype()
        offset = self._reader.position
        length = self._reader.u32()
        if length == 0:
            raise MalformedComponent("a list of fixed length has no elements", offset)
        return model.FixedLengthListType(element, length)

    def _resourcetype(self, _: int) -> Type:
        reader = self._reader
        offset = reader.position
        reader.byte()
        self._optional(reader.u32)
        return model.ResourceType(offset)

    def _functype(self, *, is_async: bool) -> Type:
        reader = self._reader
        params = tuple([self._field() for _ in range(reader.count("parameters"))])
        offset = reader.position
        results = reader.byte()
        if results == 0x00:
            return model.FuncType(params, self._valtype(), is_async)
        if results == 0x01 and reader.byte() == 0x00:
            return model.FuncType(params, None, is_async)
        raise reader.unexpected("a function's result", offset)

    def _componenttype(self, depth: int) -> Type:
        return model.ComponentType(self._declarations(depth, may_import=True))

    def _instancetype(self, depth: int) -> Type:
        return model.InstanceType(self._declarations(depth, may_import=False))

    def _declarations(self, depth: int, *, may_import: bool) -> tuple[Declaration, ...]:
        reader = self._reader
        if depth >= self._max_depth:
            raise MalformedComponent(f"types are nested more than {self._max_depth} deep", reader.position)
        declarations: list[Declaration] = []
        for _ in range(reader.count("declarations")):
            offset = reader.position
            code = reader.byte()
            if code == 0x01:
                declarations.append(self._type_definition(depth + 1))
            elif code == 0x04:
                name = self._externname()
                declarations.append(ExportDeclaration(name, self._externtype(), offset))
            elif code == 0x02:
                declarations.append(self._alias())
            elif code == 0x03 and may_import:
                declarations.append(self._import())
            elif code == 0x00:
                skip_core_type(reader)
                declarations.append(CoreTypeDefinition(offset))
            else:
                raise reader.unexpected("a declaration", offset)
        return tuple(declarations)

    # Aliases, imports, exports

    def _sort(self) -> Sort:
        reader = self._reader
        offset = reader.position
        code = reader.byte()
        sort = _CORE_SORTS.get(reader.byte()) if code == 0x00 else _SORTS.get(code)
        if sort is None:
            raise reader.unexpected("a sort", offset)
        return sort

    def _alias(self) -> Alias:
        reader = self._reader
        offset = reader.position
        sort = self._sort()
        target = reader.byte()
        if target == 0x00:
            return ExportAlias(sort, reader.u32(), reader.name(), offset)
        if target == 0x02:
            return OuterAlias(sort, reader.u32(), reader.u32(), offset)
        if target == 0x01:
            return CoreExportAlias(sort, reader.u32(), reader.name(), offset)
        raise reader.unexpected("the target of an alias", reader.position - 1)

    def _externname(self) -> ExternName:
        reader = self._reader
        offset = reader.position
        form = reader.byte()
        if form > 0x02:
            raise reader.unexpected("the name of an import or export", offset)
        name = reader.name()
        if form < 0x02:
            return ExternName(name)
        attributes: list[str | None] = [None, None, None]
        for _ in range(reader.count("attributes")):
            offset = reader.position
            kind = reader.byte()
            if kind > 0x02:
                raise reader.unexpected("an attribute of an import or export", offset)
            if attributes[kind] is not None:
                raise MalformedComponent("an attribute of an import or export is there twice", offset)
            attributes[kind] = reader.name()
        return ExternName(name, *attributes)

    def _externtype(self) -> ExternType:
        reader = self._reader
        offset = reader.position
        sort = self._sort()
        if sort == "type":
            bound = reader.byte()
            if bound == 0x00:
                return model.TypeEq(reader.u32())
            if bound == 0x01:
                return model.SubResource()
            raise reader.unexpected("the bound of a type", reader.position - 1)
        if sort == "func":
            return model.FuncRef(reader.u32())
        if sort == "instance":
            return model.InstanceRef(reader.u32())
        if sort == "component":
            return model.ComponentRef(reader.u32())
        if sort == "core module":
            return model.ModuleRef(reader.u32())
        if sort == "value":
            bound = reader.byte()
            if bound == 0x00:
                return model.ValueEq(reader.u32())
            if bound == 0x01:
                return model.ValueOf(self._valtype())
            raise reader.unexpected("the bound of a value", reader.position - 1)
        raise reader.unexpected("the type of an import or export", offset)

    def _import(self) -> Import:
        offset = self._reader.position
        name = self._externname()
        return Import(name, self._externtype(), offset)

    def _instance(self) -> Instantiation | InlineInstance:
        reader = self._reader
        offset = reader.position
        form = reader.byte()
        if form == 0x00:
            component = reader.u32()
            arguments = [(reader.name(), self._sort(), reader.u32()) for _ in range(reader.count("arguments"))]
            return Instantiation(component, tuple(arguments), offset)
        if form == 0x01:
            return InlineInstance(tuple([self._inline_export() for _ in range(reader.count("exports"))]), offset)
        raise reader.unexpected("an instance", offset)

    def _inline_export(self) -> Export:
        offset = self._reader.position
        name = self._externname()
        return Export(name, self._sort(), self._reader.u32(), None, offset)

    def _export(self) -> Export:
        reader = self._reader
        offset = reader.position
        name = self._externname()
        sort = self._sort()
        index = reader.u32()
        return Export(name, sort, index, self._optional(self._externtype), offset)
