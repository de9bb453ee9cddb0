"""The engine's types as ours, and which resources are whose."""

from typing import TYPE_CHECKING

from wasmtime import component as engine

from dataflare_lsp.values import types

if TYPE_CHECKING:
    from wasmtime.component import ResourceType, ValType

_PRIMITIVES: "dict[type[ValType], types.Primitive]" = {
    engine.Bool: types.Primitive("bool"),
    engine.S8: types.Primitive("s8"),
    engine.U8: types.Primitive("u8"),
    engine.S16: types.Primitive("s16"),
    engine.U16: types.Primitive("u16"),
    engine.S32: types.Primitive("s32"),
    engine.U32: types.Primitive("u32"),
    engine.S64: types.Primitive("s64"),
    engine.U64: types.Primitive("u64"),
    engine.F32: types.Primitive("f32"),
    engine.F64: types.Primitive("f64"),
    engine.Char: types.Primitive("char"),
    engine.String: types.STRING,
}


class Resources:
    """The resources that a component imports or exports, each under the name by which it was seen first.

    Names are written `wasi:io/streams/pollable`: the interface without its version, and the resource. Those that are
    imported are the host's, and have a number by which the engine knows them.
    """

    def __init__(self) -> None:
        self._known: list[tuple[ResourceType, str]] = []
        self.hosts: dict[str, ResourceType] = {}
        """The host's side of each that is imported."""
        self._numbers: dict[str, int] = {}

    def name(self, item: "ResourceType") -> str:
        """What a resource is called; `resource` where nothing exports it."""
        for known, name in self._known:
            if known == item:
                return name
        return "resource"

    def add(self, item: "ResourceType", name: str, *, is_imported: bool) -> str:
        """Remember a resource under this name, unless it has one; gives its name."""
        for known, first in self._known:
            if known == item:
                return first
        self._known.append((item, name))
        if is_imported:
            number = self._numbers[name] = len(self._known)
            self.hosts[name] = engine.ResourceType.host(number)
        return name

    def number(self, name: str) -> int | None:
        """The engine's number for a resource of the host; None for one of the plugin."""
        return self._numbers.get(name)


def shape(type: "ValType", resources: Resources) -> types.Type:
    """Our type for one of the engine's."""
    known = _PRIMITIVES.get(type.__class__)
    if known is not None:
        return known
    if isinstance(type, engine.ListType):
        return types.ListOf(shape(type.element, resources))
    if isinstance(type, engine.RecordType):
        return types.Record(tuple(types.Named(name, shape(of, resources)) for name, of in type.fields))
    if isinstance(type, engine.TupleType):
        return types.Tuple(tuple(shape(of, resources) for of in type.elements))
    if isinstance(type, engine.VariantType):
        return types.Variant(tuple(types.Named(name, _optional(of, resources)) for name, of in type.cases))
    if isinstance(type, engine.EnumType):
        return types.Enum(tuple(type.names))
    if isinstance(type, engine.FlagsType):
        return types.Flags(tuple(type.names))
    if isinstance(type, engine.OptionType):
        return types.Option(shape(type.payload, resources))
    if isinstance(type, engine.ResultType):
        return types.Result(_optional(type.ok, resources), _optional(type.err, resources))
    if isinstance(type, (engine.OwnType, engine.BorrowType)):
        return types.Handle(resources.name(type.ty), isinstance(type, engine.OwnType))
    return types.Unsupported(type.__class__.__name__.removesuffix("Type").lower())


def function_shape(type: "engine.FuncType", resources: Resources) -> types.Function:
    """Our type for a function of the engine's."""
    parameters = tuple(types.Named(name, shape(of, resources)) for name, of in type.params)
    return types.Function(parameters, _optional(type.result, resources))


def _optional(type: "ValType | None", resources: Resources) -> types.Type | None:
    return None if type is None else shape(type, resources)
