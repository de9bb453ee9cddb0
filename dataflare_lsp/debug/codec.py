"""Messages as values, from JSON and back.

A message is a NamedTuple. Its fields are named in snake_case here and in camelCase there; a name that tuples have
already (`count`) ends with a `_` here. A field with a default may be left out, and `null` counts as left out. What a
message has beyond its fields is passed over: clients send more than one asks for.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from dataflare_lsp.values.json import Json

Table: TypeAlias = Mapping[str, Json]
"""A JSON object. As the type of a field: one of any content."""

_M = TypeVar("_M", bound=tuple[object, ...])
_Reader: TypeAlias = "Callable[[Json, str], object]"
_LONGEST_SHOWN = 40


class Malformed(Exception):
    """What came is not what the protocol says. The message says where, what was expected, and what there is instead."""


def decoded(type: type[_M], json: Json, where: str) -> _M:
    """The message in `json`, which stands at `where`. Raises `Malformed`."""
    return cast("_M", _reader(type)(json, where))


def encoded(value: object) -> Json:
    """A message as JSON, without the fields that are None."""
    if isinstance(value, tuple):
        fields: tuple[str, ...] | None = getattr(value, "_fields", None)
        if fields is None:
            return [encoded(item) for item in value]
        return {_camel(name): encoded(item) for name, item in zip(fields, value, strict=True) if item is not None}
    if isinstance(value, Mapping):
        return {str(name): encoded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    assert value is None or isinstance(value, bool | int | float | str)
    return value


_SPELLED = {"request_seq": "request_seq", "adapter_id": "adapterID"}
"""Names that the protocol spells otherwise than all others."""


@lru_cache(None)
def _camel(name: str) -> str:
    if name in _SPELLED:
        return _SPELLED[name]
    first, *others = name.rstrip("_").split("_")
    return first + "".join([word.capitalize() for word in others])


@lru_cache(None)
def _reader(annotation: object) -> _Reader:
    """What reads a value of a type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _WORDS:
        return _plain(cast(type, annotation))
    if origin is tuple:
        return _sequence(_reader(arguments[0]))
    if origin is Literal:
        return _choice(arguments)
    if annotation == Table:
        return _table
    if annotation == Json:
        return lambda json, where: json
    if origin in (Union, UnionType):
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        return _reader(inner)
    if isinstance(annotation, type) and issubclass(annotation, tuple):
        return _message(annotation)
    raise TypeError(f"no message has a field of the type {annotation}")


_WORDS: dict[object, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}


def _plain(type: type) -> _Reader:
    def read(json: Json, where: str) -> object:
        fits = isinstance(json, type) or (type is float and isinstance(json, int))
        if not fits or (isinstance(json, bool) and type is not bool):
            raise _unexpected(where, _WORDS[type], json)
        return json

    return read


def _choice(words: tuple[object, ...]) -> _Reader:
    expected = f"one of {', '.join([f'`{word}`' for word in words])}"

    def read(json: Json, where: str) -> object:
        if not isinstance(json, str) or json not in words:
            raise _unexpected(where, expected, json)
        return json

    return read


def _sequence(item: _Reader) -> _Reader:
    def read(json: Json, where: str) -> object:
        if not isinstance(json, list):
            raise _unexpected(where, "an array", json)
        return tuple([item(one, f"{where}[{number}]") for number, one in enumerate(json)])

    return read


def _table(json: Json, where: str) -> object:
    if not isinstance(json, dict):
        raise _unexpected(where, "an object", json)
    return json


def _message(type: type[tuple[object, ...]]) -> _Reader:
    hints = type.__annotations__
    defaults: Mapping[str, object] = type._field_defaults  # type: ignore[attr-defined] # of every NamedTuple
    fields = [(name, _camel(name), _reader(hint), name in defaults) for name, hint in hints.items()]

    def read(json: Json, where: str) -> object:
        if not isinstance(json, dict):
            raise _unexpected(where, "an object", json)
        found = {}
        for name, key, reader, is_optional in fields:
            value = json.get(key)
            if value is not None:
                found[name] = reader(value, f"{where}.{key}")
            elif not is_optional:
                raise Malformed(f"`{where}.{key}` is missing")
        return type(**found)

    return read


def _unexpected(where: str, expected: str, json: Json) -> Malformed:
    return Malformed(f"`{where}`: expected {expected}, found {shown(json)}")


def shown(json: Json) -> str:
    """What a value is, in words for a message."""
    match json:
        case None:
            return "null"
        case bool():
            return "true" if json else "false"
        case int() | float():
            return f"the number {json!r:.{_LONGEST_SHOWN}}"
        case str():
            return f"the string {json[:_LONGEST_SHOWN]!r}" + ("…" if len(json) > _LONGEST_SHOWN else "")
        case Mapping():
            return "an object"
    return "an array"
