"""JSON of values, by type and exact in both directions. docs/reference/values.md has the whole of it.

Where one type has several forms, the first one of these that fits is written, and all of them are read:

| type | JSON |
|---|---|
| `list<u8>` | a string, if the bytes are UTF-8 without NUL; `{"base64": "…"}`; an array of numbers |
| `list<tuple<string, string>>`, `map<string, T>` | an object, if no key is there twice; an array of pairs |
| other `map` | an array of pairs |
| `option` | `null` or the value; an option of an option is `null` or `{"some": …}` |
| `variant`, `result` | `"case"`, or `{"case": payload}` |
| `f32`, `f64` | a number; `"nan"`, `"inf"` and `"-inf"` |
"""

import base64
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NoReturn, TypeAlias, cast

from dataflare_lsp.text import nearest
from dataflare_lsp.values import floats, shapes
from dataflare_lsp.values.describe import brief
from dataflare_lsp.values.types import (
    NO_DEFAULTS,
    RANGES,
    STRING,
    Case,
    Enum,
    Flags,
    Handle,
    ListOf,
    MapOf,
    Option,
    Primitive,
    PrimitiveName,
    Record,
    Result,
    Tuple,
    Type,
    Unsupported,
    Value,
    Variant,
    is_bytes,
)

Json: TypeAlias = bool | int | float | str | None | Sequence["Json"] | Mapping[str, "Json"]
"""What stands for JSON in Python: what the standard library makes of it."""

_Path: TypeAlias = "tuple[_Path, str | int] | None"
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MOST_DIGITS: Final = 400
"""So long integers are out of every range, that of `f64` included. Python refuses to read the longest of them."""
_UNSEEN: Final = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON does not escape, but terminals act on, or take for the end of a line."""
_SHOWN: Final = 20
_NOT_FINITE: Final = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class JsonError(Exception):
    """Where JSON is not of its type, as a path from `$`; what is wrong there, and what may help, or "".

    `str` of it is one sentence with all of that. `offset` is the place in the text, but only of text that is no JSON.
    """

    def __init__(self, path: str, message: str, hint: str = "", offset: int | None = None) -> None:
        super().__init__((f"`{path}`: " if offset is None else "") + message + (f"; {hint}" if hint else ""))
        self.path = path
        self.message = message
        self.hint = hint
        self.offset = offset


def parse(text: str, type: Type, defaults: Mapping[str, Value] = NO_DEFAULTS) -> Value:
    """The value of `type` that a JSON text is. Raises JsonError.

    `defaults` are the values of the fields that may be left out of `type`, where it is a record. Fields that are
    options may be left out of any record.
    """
    return from_data(decode(text), type, defaults)


def write(value: Value, type: Type) -> str:
    """A value of `type` as JSON, in one line."""
    return encode(to_data(value, type))


def encode(data: Json) -> str:
    """JSON as text, in one line, in which nothing acts on a terminal."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return _UNSEEN.sub(lambda character: f"\\u{ord(character[0]):04x}", text)


def decode(text: str) -> Json:
    """What a JSON text says. Raises JsonError where it is none."""
    try:
        return cast(
            "Json",
            json.loads(text, parse_int=_integer, parse_constant=_no_constant, object_pairs_hook=_object),
        )
    except json.JSONDecodeError as error:
        raise JsonError("$", f"this is no JSON: {error.msg[0].lower()}{error.msg[1:]}", "", error.pos) from None
    except RecursionError:
        raise JsonError("$", "this JSON is nested too deep") from None


# Reading


def from_data(data: Json, type: Type, defaults: Mapping[str, Value] = NO_DEFAULTS) -> Value:
    """The value of `type` that JSON is, which was decoded before. Raises JsonError. See `parse`."""
    return _record(data, type, None, defaults) if isinstance(type, Record) else _value(data, type, None)


def _value(data: Json, type: Type, path: _Path) -> Value:
    match type:
        case Primitive(name):
            return _primitive(data, name, path)
        case ListOf():
            return _list(data, type, path)
        case MapOf(key, of):
            if key == STRING and isinstance(data, dict):
                return tuple([(_text(k, path), _value(v, of, (path, k))) for k, v in _members(data, path)])
            entries = _array(data, type, path)
            return tuple(shapes.pairs(tuple([_tuple(entry, (key, of), (path, i)) for i, entry in enumerate(entries)])))
        case Record():
            return _record(data, type, path, NO_DEFAULTS)
        case Tuple(types):
            return _tuple(data, types, path)
        case Enum(names):
            if not isinstance(data, str):
                _expected(data, type, path)
            return _one_of("case", data, names, path)
        case Flags(names):
            return _flags(data, type, names, path)
        case Option(some):
            if data is None:
                return None
            if not isinstance(some, Option):
                return Case("some", _value(data, some, path))
            if not isinstance(data, dict):
                _expected(data, type, path, 'an option of an option is null or {"some": …}')
            return _case(data, type, {"some": some}, path)
        case Result(ok, err):
            return _case(data, type, {"ok": ok, "err": err}, path)
        case Variant(cases):
            return _case(data, type, {case.name: case.type for case in cases}, path)
        case Handle() | Unsupported():
            return _fail(path, f"values of type {brief(type)} cannot be written down")


def _primitive(data: Json, name: PrimitiveName, path: _Path) -> Value:
    match name:
        case "bool":
            if not isinstance(data, bool):
                _expected(data, Primitive(name), path)
            return data
        case "string":
            if not isinstance(data, str):
                _expected(data, Primitive(name), path)
            return _text(data, path)
        case "char":
            if not isinstance(data, str) or len(data) != 1:
                _expected(data, Primitive(name), path, "a char is a string of one character")
            return _text(data, path)
        case "f32" | "f64":
            if isinstance(data, str) and data in _NOT_FINITE:
                return _NOT_FINITE[data]
            if isinstance(data, bool) or not isinstance(data, (int, float)):
                _expected(data, Primitive(name), path, 'those that are not finite are "nan", "inf" and "-inf"')
            return _float(data, name, path)
        case _:
            if isinstance(data, bool) or not isinstance(data, int):
                _expected(data, Primitive(name), path)
            least, most = RANGES[name]
            if not least <= data <= most:
                _fail(path, f"{_found(data)} is out of range for {name}, which is {least} to {most}")
            return data


def _float(data: int | float, name: floats.FloatName, path: _Path) -> float:
    number = floats.read(str(data), name) if isinstance(data, int) or name == "f32" else data
    if not math.isfinite(number):
        _fail(path, f"{_found(data)} is out of range for {name}", 'what is not finite is "nan", "inf" or "-inf"')
    return number


def _list(data: Json, type: ListOf, path: _Path) -> Value:
    value: bytes | tuple[Value, ...]
    if is_bytes(type) and not isinstance(data, (list, tuple)):
        value = _bytes(data, type, path)
    elif _is_entries(type) and isinstance(data, dict):
        value = tuple([(_text(k, path), _value(v, STRING, (path, k))) for k, v in _members(data, path)])
    else:
        elements = [_value(each, type.element, (path, i)) for i, each in enumerate(_array(data, type, path))]
        value = bytes(cast("list[int]", elements)) if is_bytes(type) else tuple(elements)
    if type.length is not None and len(value) != type.length:
        _fail(path, f"expected {type.length} elements, found {len(value)}")
    return value


def _bytes(data: Json, type: Type, path: _Path) -> bytes:
    if isinstance(data, str):
        return _text(data, path).encode()
    if not isinstance(data, dict) or not isinstance(data.get("base64"), str):
        _expected(data, type, path, 'bytes are a string, {"base64": "…"} or an array of numbers')
    unknown = [key for key, _ in _members(data, path) if key != "base64"]
    if unknown:
        _fail((path, unknown[0]), 'expected nothing beside "base64"')
    try:
        return base64.b64decode(cast("str", data["base64"]), validate=True)
    except ValueError as error:
        return _fail((path, "base64"), "this is no base64", str(error).lower())


def _record(data: Json, type: Record, path: _Path, defaults: Mapping[str, Value]) -> Value:
    if not isinstance(data, dict):
        _expected(data, type, path)
    types = {field.name: field.type for field in type.fields}
    found: dict[str, Value] = {}
    for key, member in _members(data, path):
        name = _one_of("field", key, types, path)
        found[name] = _value(member, cast("Type", types[name]), (path, name))
    for name, of in types.items():
        if name in found:
            continue
        if name in defaults:
            found[name] = defaults[name]
        elif isinstance(of, Option):
            found[name] = None
        else:
            _fail(path, f"field `{name}` is missing", f"it is of type {brief(cast('Type', of))}")
    return tuple([found[name] for name in types])


def _tuple(data: Json, types: Sequence[Type], path: _Path) -> tuple[Value, ...]:
    elements = _array(data, Tuple(tuple(types)), path)
    if len(elements) != len(types):
        _fail(path, f"expected {len(types)} elements, found {len(elements)}")
    return tuple([_value(each, of, (path, i)) for i, (each, of) in enumerate(zip(elements, types, strict=True))])


def _flags(data: Json, type: Type, names: Sequence[str], path: _Path) -> Value:
    found = set()
    for i, name in enumerate(_array(data, type, path)):
        if not isinstance(name, str):
            _expected(name, STRING, (path, i))
        if name in found:
            _fail((path, i), f"flag `{name}` is given twice")
        found.add(_one_of("flag", name, names, (path, i)))
    return tuple([name for name in names if name in found])


def _case(data: Json, type: Type, cases: Mapping[str, Type | None], path: _Path) -> Value:
    if isinstance(data, str):
        name = _one_of("case", data, cases, path)
        of = cases[name]
        if of is not None:
            _fail(path, f'case `{name}` needs a payload, as in {{"{name}": …}}', f"it is of type {brief(of)}")
        return Case(name)
    if not isinstance(data, dict):
        _expected(data, type, path, 'a case is "name", or {"name": payload}')
    members = _members(data, path)
    if len(members) != 1:
        _fail(path, f"expected one case, found {len(members)}")
    ((key, payload),) = members
    name = _one_of("case", key, cases, path)
    of = cases[name]
    if of is None:
        _fail(path, f'case `{name}` has no payload and is written as "{name}"')
    return Case(name, _value(payload, of, (path, name)))


# Parts of reading


def _array(data: Json, type: Type, path: _Path) -> Sequence[Json]:
    if not isinstance(data, (list, tuple)):
        _expected(data, type, path)
    return data


def _members(data: Mapping[str, Json], path: _Path) -> Collection[tuple[str, Json]]:
    if isinstance(data, _Repeating):
        _fail((path, data.key), "this key is there twice")
    return data.items()


def _text(text: str, path: _Path) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        _fail(path, "half of a surrogate pair is no character")
    return text


def _one_of(what: str, name: str, names: Collection[str], path: _Path) -> str:
    if name in names:
        return name
    near = nearest(name, names)
    return _fail(
        path, f"no {what} `{_short(name)}`", f"did you mean `{near}`?" if near else f"expected {_listed(names)}"
    )


def _expected(data: Json, type: Type, path: _Path, hint: str = "") -> NoReturn:
    _fail(path, f"expected {brief(type)}, found {_found(data)}", hint)


def _fail(path: _Path, message: str, hint: str = "") -> NoReturn:
    raise JsonError(_shown(path), message, hint)


def _shown(path: _Path) -> str:
    steps = []
    while path is not None:
        path, step = path
        if isinstance(step, int):
            steps.append(f"[{step}]")
        else:
            steps.append(f".{step}" if _PLAIN.fullmatch(step) else f"[{json.dumps(_short(step))}]")
    return "$" + "".join(reversed(steps))


def _found(data: Json) -> str:
    match data:
        case None | bool():
            return json.dumps(data)
        case int() | float():
            return f"`{_short(str(data))}`"
        case str():
            return f"`{json.dumps(_short(data), ensure_ascii=False)}`"
        case Mapping():
            return "an object"
        case _:
            return "an array"


def _short(text: str) -> str:
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text


def _listed(names: Iterable[str]) -> str:
    shown = [f"`{name}`" for name in list(names)[:4]]
    return ", ".join([*shown[:3], "…"] if len(shown) > 3 else shown) or "none"


# Decoding


class _Repeating(dict[str, Json]):
    """An object that has a key more than once."""

    key: str


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(members)
    if len(found) == len(members):
        return found
    repeating = _Repeating(found)
    seen: set[str] = set()
    repeating.key = next(key for key, _ in members if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeating


def _integer(text: str) -> int:
    return int(text[:_MOST_DIGITS])


def _no_constant(name: str) -> NoReturn:
    hint = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[name]
    raise JsonError("$", f"`{name}` is no JSON", f'write "{hint}"')


# Writing


def to_data(value: Value, type: Type) -> Json:
    """A value of `type` as JSON, to be encoded, or to be a part of something larger."""
    match type:
        case Primitive("f32" | "f64" as name):
            number = cast("float", value)
            if not math.isfinite(number):
                return str(number)
            return number if name == "f64" else float(floats.write(number, name))
        case Primitive() | Enum() | Handle():
            return cast("Json", value)
        case ListOf(element):
            if is_bytes(type):
                return _of_bytes(cast("bytes", value))
            if _is_entries(type):
                return _of_pairs(cast("Sequence[tuple[str, str]]", value))
            return [to_data(item, element) for item in shapes.items(value)]
        case MapOf(key, of):
            pairs = [(to_data(k, key), to_data(v, of)) for k, v in shapes.pairs(value)]
            return dict(cast("list[tuple[str, Json]]", pairs)) if key == STRING else [list(pair) for pair in pairs]
        case Record(fields):
            entries = zip(shapes.items(value), fields, strict=True)
            return {field.name: to_data(item, cast("Type", field.type)) for item, field in entries}
        case Tuple(types):
            return [to_data(item, of) for item, of in zip(shapes.items(value), types, strict=True)]
        case Flags():
            return list(shapes.names(value))
        case Option(some):
            if value is None:
                return None
            payload = to_data(shapes.case(value)[1], some)
            return {"some": payload} if isinstance(some, Option) else payload
        case Result(ok, err):
            return _of_case(value, {"ok": ok, "err": err})
        case Variant(cases):
            return _of_case(value, {case.name: case.type for case in cases})
        case Unsupported(name):
            raise ValueError(f"values of type {name} are not carried")


def _of_bytes(value: bytes) -> Json:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    return {"base64": base64.b64encode(value).decode()} if "\0" in text else text


def _of_pairs(pairs: Sequence[tuple[str, str]]) -> Json:
    members = dict(pairs)
    return members if len(members) == len(pairs) else [list(pair) for pair in pairs]


def _of_case(value: Value, cases: Mapping[str, Type | None]) -> Json:
    name, payload = shapes.case(value)
    of = cases[name]
    return name if of is None else {name: to_data(payload, of)}


def _is_entries(type: ListOf) -> bool:
    """Whether values of this type are `list<tuple<string, string>>`, so that an object may stand for them."""
    match type.element:
        case Tuple((Primitive("string"), Primitive("string"))):
            return True
        case _:
            return False
