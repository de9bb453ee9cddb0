"""Types as plain tuples of text and numbers, for other processes and for files, and back."""

from typing import TypeAlias, cast

from dataflare_lsp.values import types

Plain: TypeAlias = "str | int | bool | None | tuple[Plain, ...]"
_Members: TypeAlias = "tuple[tuple[str, Plain], ...]"


def plain(type: types.Type | None) -> Plain:
    """A type as tuples that begin with what kind it is; None where there is none."""
    match type:
        case None:
            return None
        case types.Primitive(name):
            return name
        case types.ListOf(element, length):
            return ("list", plain(element), length)
        case types.MapOf(key, value):
            return ("map", plain(key), plain(value))
        case types.Record(fields):
            return ("record", _named(fields))
        case types.Tuple(elements):
            return ("tuple", tuple(plain(element) for element in elements))
        case types.Variant(cases):
            return ("variant", _named(cases))
        case types.Enum():
            return ("enum", type.names)
        case types.Flags():
            return ("flags", type.names)
        case types.Option(some):
            return ("option", plain(some))
        case types.Result(ok, err):
            return ("result", plain(ok), plain(err))
        case types.Handle(resource, owned):
            return ("handle", resource, owned)
        case types.Unsupported(name):
            return ("unsupported", name)


def from_plain(data: Plain) -> types.Type | None:
    """The type that `plain` made this of. Raises `ValueError` for anything else."""
    match data:
        case None:
            return None
        case str(name):
            return types.Primitive(cast(types.PrimitiveName, name))
        case ("list", element, int() | None as length):
            return types.ListOf(_type(element), length)
        case ("map", key, value):
            return types.MapOf(_type(key), _type(value))
        case ("record", members):
            return types.Record(_members(members))
        case ("tuple", tuple(elements)):
            return types.Tuple(tuple(_type(element) for element in elements))
        case ("variant", members):
            return types.Variant(_members(members))
        case ("enum", tuple(names)):
            return types.Enum(tuple(str(name) for name in names))
        case ("flags", tuple(names)):
            return types.Flags(tuple(str(name) for name in names))
        case ("option", some):
            return types.Option(_type(some))
        case ("result", ok, err):
            return types.Result(from_plain(ok), from_plain(err))
        case ("handle", str(resource), bool(owned)):
            return types.Handle(resource, owned)
        case ("unsupported", str(name)):
            return types.Unsupported(name)
    raise ValueError(f"this stands for no type: {data!r}")


def plain_function(function: types.Function) -> Plain:
    """A function's type as tuples."""
    return (_named(function.parameters), plain(function.result))


def function_from_plain(data: Plain) -> types.Function:
    """The function that `plain_function` made this of. Raises `ValueError` for anything else."""
    match data:
        case (parameters, result):
            return types.Function(_members(parameters), from_plain(result))
    raise ValueError(f"this stands for no function: {data!r}")


def _named(members: tuple[types.Named, ...]) -> Plain:
    return tuple((member.name, plain(member.type)) for member in members)


def _members(data: Plain) -> tuple[types.Named, ...]:
    if not isinstance(data, tuple):
        raise ValueError(f"these are no members: {data!r}")
    return tuple(types.Named(name, from_plain(of)) for name, of in cast(_Members, data))


def _type(data: Plain) -> types.Type:
    found = from_plain(data)
    if found is None:
        raise ValueError("a type is missing")
    return found
