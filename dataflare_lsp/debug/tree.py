"""Values as trees, for people to open: what a value reads, what is in it, how each part is called and changed.

A part is found by *steps*: the numbers to go by in a value, which is made of tuples. What follows a value's name in an
expression to mean the part (`.id`, `[3]`) is the same as in CEL, so an option has no level of its own.
"""

from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from dataflare_lsp.debug.debuggee import Typed
from dataflare_lsp.debug.expressions import snake
from dataflare_lsp.values import wave
from dataflare_lsp.values.describe import brief
from dataflare_lsp.values.json import Json, JsonError, decode
from dataflare_lsp.values.types import (
    STRING,
    Case,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Value,
    Variant,
    is_bytes,
)

_ELEMENTS = 8
_CHARACTERS = 200
"""How much of lists and strings is shown in one line."""
_MOST_JSON = 1 << 16
"""Bytes beyond which a payload is not looked at as JSON: a stop is not to wait for it."""
_ROW = 16
"""Bytes on a line of hexadecimal digits."""
_PRINTABLE = frozenset(range(0x20, 0x7F))
_NULL: Final = Option(STRING)


class Hex(NamedTuple):
    """Bytes as hexadecimal digits, line by line."""

    data: bytes


class Note(NamedTuple):
    """Something to read that is no value: `type` is what it is called."""

    text: str
    type: str = ""


class Awaited(NamedTuple):
    """A value of a type that is not there yet, and can be given."""

    type: Type


Content: TypeAlias = Typed | Hex | Note | Awaited


class Part(NamedTuple):
    """What is in a value: its name, itself, and how it is got to.

    `steps` lead to it from the value, and are None for another view of it, which is not changed by itself. `written` is
    what follows the value's name in an expression, and None where none means it.
    """

    name: str
    content: Content
    steps: tuple[int, ...] | None
    written: str | None


class Size(NamedTuple):
    """How many parts there are with names, and how many with numbers."""

    named: int = 0
    indexed: int = 0


# Text --------------------------------------------------------------------------------------------------------------


def text(content: Content, *, is_hex: bool = False) -> str:
    """A value in one line; WAVE, where it is short. `is_hex`: integers and bytes in hexadecimal digits."""
    if isinstance(content, Hex):
        return _digits(content.data)
    if isinstance(content, Note):
        return content.text
    if isinstance(content, Awaited):
        return "not answered yet; what is set here is answered in the host's place"
    value, of = content
    if is_bytes(of) and isinstance(value, bytes):
        return _digits(value) if is_hex else _bytes(value)
    if is_hex and isinstance(value, int) and isinstance(of, Primitive) and of.name != "bool":
        return f"{'-' * (value < 0)}{abs(value):#x}"
    return wave.write(value, of, elements=_ELEMENTS, characters=_CHARACTERS)


def type_text(content: Content) -> str:
    """The type of a value as WIT writes it, in short."""
    match content:
        case Hex():
            return "hexadecimal"
        case Note(type=type):
            return type
        case Typed(type=type) | Awaited(type=type):
            return brief(type)


def copied(content: Content) -> str:
    """All of a value, for the clipboard: WAVE, which can be set again."""
    match content:
        case Hex(data):
            return data.hex(" ")
        case Note(text):
            return text
        case Typed(value, type):
            return wave.write(value, type)
        case Awaited():
            return ""


def _bytes(value: bytes) -> str:
    """Bytes as a person reads them: as text where they are, and how many."""
    size = f"{len(value)} byte{'s' * (len(value) != 1)}"
    try:
        # A character may be cut in two at the end.
        shown = value[: _CHARACTERS * 4].decode("utf-8")
    except UnicodeDecodeError as error:
        if len(value) <= _CHARACTERS * 4 or error.start < _CHARACTERS * 4 - 4:
            return f"{size}: {_digits(value)}"
        shown = value[: error.start].decode("utf-8")
    if not value:
        return size
    return f"{size}: {wave.write(shown, STRING, characters=_CHARACTERS)}"


def _digits(value: bytes) -> str:
    return value[:_ROW].hex(" ") + (" …" if len(value) > _ROW else "")


# Parts -------------------------------------------------------------------------------------------------------------


def size(content: Content) -> Size:
    """How many parts a value has."""
    if isinstance(content, Hex):
        return Size(indexed=-(-len(content.data) // _ROW))
    if not isinstance(content, Typed):
        return Size()
    value, of = _bare(content)
    if isinstance(value, bytes):
        return Size(len(named(content)), len(value)) if value else Size()
    match of:
        case ListOf() | MapOf():
            assert isinstance(value, tuple)
            return Size(indexed=len(value))
        case Record(fields=fields):
            return Size(len(fields))
        case Tuple(elements=elements):
            return Size(indexed=len(elements))
    return Size(len(named(content)))


def named(content: Content) -> tuple[Part, ...]:
    """The parts that have names."""
    if not isinstance(content, Typed):
        return ()
    value, of = _bare(content)
    into = _into(content)
    if isinstance(value, bytes):
        return _views(value) if value else ()
    match of:
        case Record(fields=fields):
            assert isinstance(value, tuple)
            return tuple(
                [
                    Part(field.name, Typed(inner, _given(field)), (*into, number), f".{snake(field.name)}")
                    for number, (field, inner) in enumerate(zip(fields, value, strict=True))
                ]
            )
        case Result(ok=ok, err=err):
            return _case(value, (Named("ok", ok), Named("err", err)), into)
        case Variant(cases=cases):
            return _case(value, cases, into)
    return ()


def indexed(content: Content, start: int, count: int) -> tuple[Part, ...]:
    """The parts with numbers, `count` of them from `start`."""
    if isinstance(content, Hex):
        rows = range(*slice(start, start + count).indices(size(content).indexed))
        return tuple([_row(content.data, row) for row in rows])
    if not isinstance(content, Typed):
        return ()
    value, of = _bare(content)
    into = _into(content)
    if not isinstance(value, tuple | bytes):
        return ()
    numbers = range(*slice(start, start + count).indices(len(value)))
    match of:
        case ListOf(element=element):
            return tuple([_element(number, Typed(value[number], element), into) for number in numbers])
        case Tuple(elements=elements):
            return tuple([_element(number, Typed(value[number], elements[number]), into) for number in numbers])
        case MapOf(key=key, value=inner):
            found = []
            for number in numbers:
                pair = value[number]
                assert isinstance(pair, tuple)
                label = wave.write(pair[0], key, characters=_CHARACTERS)
                found.append(Part(label, Typed(pair[1], inner), (*into, number, 1), f"[{label}]"))
            return tuple(found)
    return ()


def is_map(content: Content) -> bool:
    """Whether the parts go by keys, not by numbers."""
    return isinstance(content, Typed) and isinstance(_bare(content).type, MapOf)


def _bare(content: Typed) -> Typed:
    """What an option holds; others as they are."""
    while isinstance(content.type, Option) and isinstance(content.value, tuple):
        content = Typed(content.value[1], content.type.some)
    return content


def _into(content: Typed) -> tuple[int, ...]:
    """The steps from a value to what it holds as an option."""
    steps = 0
    while isinstance(content.type, Option) and isinstance(content.value, tuple):
        content = Typed(content.value[1], content.type.some)
        steps += 1
    return (1,) * steps


def _given(member: Named) -> Type:
    assert member.type is not None
    return member.type


def _element(number: int, content: Typed, into: tuple[int, ...]) -> Part:
    return Part(f"[{number}]", content, (*into, number), f"[{number}]")


def _case(value: Value, cases: tuple[Named, ...], into: tuple[int, ...]) -> tuple[Part, ...]:
    assert isinstance(value, tuple)
    return tuple(
        [
            Part(case.name, Typed(value[1], case.type), (*into, 1), f".{snake(case.name)}")
            for case in cases
            if case.name == value[0] and case.type is not None
        ]
    )


def _row(data: bytes, row: int) -> Part:
    """A line of hexadecimal digits, with the signs that the bytes stand for."""
    line = data[row * _ROW : (row + 1) * _ROW]
    signs = "".join([chr(byte) if byte in _PRINTABLE else "·" for byte in line])
    return Part(f"{row * _ROW:08x}", Note(f"{line.hex(' '):{_ROW * 3}} {signs}"), None, None)


@lru_cache(16)
def _views(value: bytes) -> tuple[Part, ...]:
    """Bytes as text, as JSON and as hexadecimal digits, as far as they are that.

    Kept for a while: it is asked for when a value is shown, and again when it is opened.
    """
    found = []
    try:
        written = value.decode("utf-8")
        found.append(Part("text", Typed(written, STRING), None, None))
        if len(value) <= _MOST_JSON and written.lstrip()[:1] in ("{", "["):
            found.append(Part("json", _typed(decode(written)), None, None))
    except (UnicodeDecodeError, JsonError, RecursionError):
        pass  # then it is not that
    found.append(Part("hex", Hex(value), None, None))
    return tuple(found)


def _typed(data: Json) -> Typed:
    """JSON as a value of the type that it seems to be of."""
    match data:
        case None:
            return Typed(None, _NULL)
        case bool():
            return Typed(data, Primitive("bool"))
        case int():
            return Typed(data, Primitive("s64"))
        case float():
            return Typed(data, Primitive("f64"))
        case str():
            return Typed(data, STRING)
        case dict():
            fields = [(name, _typed(inner)) for name, inner in data.items()]
            record = Record(tuple([Named(name, inner.type) for name, inner in fields]))
            return Typed(tuple([inner.value for _, inner in fields]), record)
    assert isinstance(data, list)
    items = [_typed(inner) for inner in data]
    return Typed(tuple([inner.value for inner in items]), Tuple(tuple([inner.type for inner in items])))


# Changes -----------------------------------------------------------------------------------------------------------


def replaced(value: Value, steps: tuple[int, ...], new: Value) -> Value:
    """A value with another part at the end of some steps."""
    if not steps:
        return new
    first, rest = steps[0], steps[1:]
    if isinstance(value, bytes):
        assert isinstance(new, int)
        return value[:first] + bytes([new]) + value[first + 1 :]
    assert isinstance(value, tuple)
    items = [*value[:first], replaced(value[first], rest, new), *value[first + 1 :]]
    return Case(*items) if isinstance(value, Case) else tuple(items)  # type: ignore[arg-type] # a name and a payload


class NotRead(Exception):
    """What was written is no value of the type; the message says why."""


def read(written: str, content: Content) -> Value:
    """The value that a person writes in the place of another: WAVE; for bytes also a string or `0x…`.

    Raises `NotRead`.
    """
    if not isinstance(content, Typed | Awaited):
        raise NotRead("this is there to be read; change the value that it is about")
    try:
        if is_bytes(content.type):
            return _read_bytes(written.strip(), content.type)
        return wave.parse(written, content.type)
    except wave.WaveError as error:
        raise NotRead(f"{error} (at column {error.span.start + 1})") from None


def _read_bytes(written: str, type: Type) -> Value:
    if written.startswith('"'):
        text = wave.parse(written, STRING)
        assert isinstance(text, str)
        return text.encode("utf-8", "surrogatepass")
    if written[:2].lower() == "0x":
        try:
            return bytes.fromhex(written[2:])
        except ValueError:
            raise NotRead("expected pairs of hexadecimal digits after `0x`, such as `0x7b 7d`") from None
    return wave.parse(written, type)
