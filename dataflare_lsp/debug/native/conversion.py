"""Values as Python code has them that was written against componentize-py's bindings, and back.

The component says which type a value has, the bindings which classes stand for it: records are dataclasses, variants a
class for each case, enums and flags are Python's. Which is which follows from the annotations of the bindings, in the
order of the type.
"""

import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum, Flag
from functools import lru_cache

from dataflare_lsp.values import shapes
from dataflare_lsp.values.types import (
    RANGES,
    Case,
    Flags,
    Function,
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
    Value,
    Variant,
    is_bytes,
)
from dataflare_lsp.values.types import (
    Enum as EnumType,
)

Hint: typing.TypeAlias = object
"""An annotation of the bindings, resolved."""


class Bindings:
    """The classes of `componentize_py_types`, which stand for options in options and for results."""

    def __init__(self, module: types.ModuleType) -> None:
        self.some: type = module.Some
        self.ok: type = module.Ok
        self.err: type[Exception] = module.Err


class Mismatch(TypeError):
    """An object of the plugin is not what its type wants; the message says where and what."""


def hints_of(function: Callable[..., object]) -> tuple[tuple[Hint, ...], Hint]:
    """The annotations of a function's parameters, without `self`, and of what it returns."""
    found = typing.get_type_hints(function)
    result = found.pop("return", None)
    return tuple(found.values()), result


def to_python(value: Value, type: Type, hint: Hint, bindings: Bindings) -> object:
    """A value as the plugin wants it."""
    match type:
        case Primitive():
            return value
        case ListOf():
            if is_bytes(type):
                return value
            (inner,) = typing.get_args(hint) or (None,)
            return [to_python(one, type.element, inner, bindings) for one in shapes.items(value)]
        case Tuple(elements):
            inner_hints = typing.get_args(hint) or (None,) * len(elements)
            return tuple(
                to_python(one, of, inner, bindings)
                for one, of, inner in zip(shapes.items(value), elements, inner_hints, strict=True)
            )
        case Record():
            made = _class(hint)
            hints = _fields(made)
            return made(
                *(
                    to_python(one, field.type, inner, bindings)
                    for one, field, inner in zip(shapes.items(value), type.fields, hints, strict=True)
                    if field.type is not None
                )
            )
        case Variant(cases):
            name, payload = shapes.case(value)
            at = next(i for i, one in enumerate(cases) if one.name == name)
            made = _alternatives(hint)[at]
            of = cases[at].type
            return made() if of is None else made(to_python(payload, of, _fields(made)[0], bindings))
        case EnumType(names):
            return list(_enum(hint))[names.index(str(value))]
        case Flags(names):
            flags = _flags(hint)
            made_flags = flags(0)
            for member, name in zip(flags, names):  # noqa: B905 - aliases may follow
                if name in shapes.names(value):
                    made_flags |= member
            return made_flags
        case Option(some):
            if value is None:
                return None
            inner, is_wrapped = _optional(hint, bindings)
            made_value = to_python(shapes.case(value)[1], some, inner, bindings)
            return bindings.some(made_value) if is_wrapped else made_value
        case Result():
            name, payload = shapes.case(value)
            ok, err = _sides(hint)
            if name == "ok":
                return bindings.ok(None if type.ok is None else to_python(payload, type.ok, ok, bindings))
            return bindings.err(None if type.err is None else to_python(payload, type.err, err, bindings))
        case Handle() | MapOf() | Unsupported():
            raise Mismatch("resources, maps, streams and futures cannot be passed to a plugin that runs as Python")


def from_python(given: object, type: Type, hint: Hint, bindings: Bindings, where: str = "the result") -> Value:
    """What the plugin gives, as a value. Raises `Mismatch`."""
    match type:
        case Primitive(name):
            return _primitive(given, name, where)
        case ListOf():
            if is_bytes(type):
                if not isinstance(given, bytes | bytearray | memoryview):
                    raise _wrong(given, "bytes", where)
                return bytes(given)
            (inner,) = typing.get_args(hint) or (None,)
            row = _sequence(given, "a list", where)
            return tuple(
                [from_python(one, type.element, inner, bindings, f"{where}[{i}]") for i, one in enumerate(row)]
            )
        case Tuple(elements):
            hints = typing.get_args(hint) or (None,) * len(elements)
            row = _sequence(given, f"a tuple of {len(elements)}", where)
            if len(row) != len(elements):
                raise _wrong(given, f"a tuple of {len(elements)}", where)
            return tuple(
                [
                    from_python(one, of, inner, bindings, f"{where}[{i}]")
                    for i, (one, of, inner) in enumerate(zip(row, elements, hints, strict=True))
                ]
            )
        case Record():
            made = _class(hint)
            if not isinstance(given, made):
                raise _wrong(given, f"`{made.__name__}`", where)
            return tuple(
                [
                    from_python(getattr(given, own.name), field.type, inner, bindings, f"{where}.{own.name}")
                    for own, field, inner in zip(fields(made), type.fields, _fields(made), strict=True)
                    if field.type is not None
                ]
            )
        case Variant(cases):
            for made, one in zip(_alternatives(hint), cases, strict=True):
                if isinstance(given, made):
                    if one.type is None:
                        return Case(one.name)
                    payload = given.value  # type: ignore[attr-defined]
                    return Case(one.name, from_python(payload, one.type, _fields(made)[0], bindings, f"{where}.value"))
            names = " or ".join(f"`{made.__name__}`" for made in _alternatives(hint))
            raise _wrong(given, names, where)
        case EnumType(names):
            members = list(_enum(hint))
            if given not in members:
                raise _wrong(given, f"`{_enum(hint).__name__}`", where)
            return names[members.index(given)]
        case Flags(names):
            flags = _flags(hint)
            if not isinstance(given, flags):
                raise _wrong(given, f"`{flags.__name__}`", where)
            return tuple([name for member, name in zip(flags, names) if member in given])  # noqa: B905
        case Option(some):
            if given is None:
                return None
            inner, is_wrapped = _optional(hint, bindings)
            if is_wrapped:
                if not isinstance(given, bindings.some):
                    raise _wrong(given, "`Some` or `None`", where)
                given = given.value  # type: ignore[attr-defined]
            return Case("some", from_python(given, some, inner, bindings, where))
        case Result():
            ok, err = _sides(hint)
            if isinstance(given, bindings.ok):
                payload = given.value  # type: ignore[attr-defined]
                return Case("ok", None if type.ok is None else from_python(payload, type.ok, ok, bindings, where))
            if isinstance(given, bindings.err):
                payload = given.value  # type: ignore[attr-defined]
                return Case("err", None if type.err is None else from_python(payload, type.err, err, bindings, where))
            raise _wrong(given, "`Ok` or `Err`", where)
        case Handle() | MapOf() | Unsupported():
            raise Mismatch("resources, maps, streams and futures cannot come from a plugin that runs as Python")


def returned(call: Callable[[], object], function: Function, hint: Hint, bindings: Bindings) -> Value:
    """What a function of the plugin returns as a value: of a result it returns one side, and raises the other."""
    result = function.result
    if not isinstance(result, Result):
        given = call()
        return None if result is None else from_python(given, result, hint, bindings)
    try:
        given = call()
    except bindings.err as error:
        payload = error.value  # type: ignore[attr-defined]
        return Case("err", None if result.err is None else from_python(payload, result.err, _raised(result), bindings))
    return Case("ok", None if result.ok is None else from_python(given, result.ok, hint, bindings))


def answered(value: Value, function: Function, hint: Hint, bindings: Bindings) -> object:
    """What the host answers as the plugin gets it: of a result it is given one side, or the other is raised."""
    result = function.result
    if not isinstance(result, Result):
        return None if result is None else to_python(value, result, hint, bindings)
    name, payload = shapes.case(value)
    if name == "ok":
        return None if result.ok is None else to_python(payload, result.ok, hint, bindings)
    raise bindings.err(None if result.err is None else to_python(payload, result.err, _raised(result), bindings))


def _raised(result: Result) -> Hint:
    """The annotation of what is raised. The bindings have none: it is known where it is a plain type."""
    return str if result.err == Primitive("string") else None


def _class(hint: Hint) -> type:
    if not (isinstance(hint, type) and is_dataclass(hint)):
        raise Mismatch(f"the bindings have no class for a record here, but {hint!r}")
    return hint


@lru_cache(512)
def _fields(made: type) -> tuple[Hint, ...]:
    return tuple(typing.get_type_hints(made).values())


def _alternatives(hint: Hint) -> tuple[type, ...]:
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.cast("tuple[type, ...]", typing.get_args(hint) if is_union else (hint,))


def _optional(hint: Hint, bindings: Bindings) -> tuple[Hint, bool]:
    inner = [one for one in typing.get_args(hint) if one is not type(None)]
    # An optional union is one flat union: what is left of it is the union again.
    left: Hint = inner[0] if len(inner) == 1 else typing.Union[tuple(inner)] if inner else None  # noqa: UP007
    if typing.get_origin(left) is bindings.some:
        return typing.get_args(left)[0], True
    return left, False


def _sides(hint: Hint) -> tuple[Hint, Hint]:
    sides = [typing.get_args(one) for one in typing.get_args(hint)]
    return (sides[0][0], sides[1][0]) if len(sides) == 2 and all(sides) else (None, None)


def _enum(hint: Hint) -> type[Enum]:
    return typing.cast("type[Enum]", hint)


def _flags(hint: Hint) -> type[Flag]:
    return typing.cast("type[Flag]", hint)


def _primitive(given: object, name: str, where: str) -> Value:
    if name == "bool":
        if isinstance(given, bool):
            return given
    elif name in ("string", "char"):
        if isinstance(given, str) and (name == "string" or len(given) == 1):
            return given
    elif name in ("f32", "f64"):
        if isinstance(given, float | int) and not isinstance(given, bool):
            return float(given)
    elif isinstance(given, int) and not isinstance(given, bool):
        least, most = RANGES[name]
        if least <= given <= most:
            return given
        raise Mismatch(f"{where}: {given} is no `{name}`: it goes from {least} to {most}")
    raise _wrong(given, f"a `{name}`", where)


def _sequence(given: object, wanted: str, where: str) -> Sequence[object]:
    if not isinstance(given, list | tuple):
        raise _wrong(given, wanted, where)
    return given


def _wrong(given: object, wanted: str, where: str) -> Mismatch:
    return Mismatch(f"{where}: expected {wanted}, found {type(given).__name__}: {repr(given)[:80]}")
