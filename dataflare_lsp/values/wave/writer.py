"""Write a value of a type as WAVE, in one line or laid out."""

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias, cast

from dataflare_lsp.values import floats, shapes
from dataflare_lsp.values.types import (
    Enum,
    Flags,
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
from dataflare_lsp.values.wave.tokens import as_case

_INDENT: Final = "  "
_ESCAPES: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"}
_SPECIAL: Final = re.compile(r"[\"'\\]|[^ -~]")


class _Group(NamedTuple):
    """What may be broken into lines: items between an opening and a closing, and its length in one line."""

    opening: str
    items: tuple["_Node", ...]
    closing: str
    length: int


_Node: TypeAlias = str | _Group


class _Limits(NamedTuple):
    elements: int | None
    characters: int | None


def write(
    value: Value, type: Type, *, width: int | None = None, elements: int | None = None, characters: int | None = None
) -> str:
    """A value of `type` as WAVE: in one line, or with a `width` in as many as keep within so many characters.

    For people to look at, `elements` limits how many of a list or a map are shown, and `characters` how much of a
    string. What is left out is told by `… 7 more`, which is no WAVE. Nor is a handle, written as `name(number)`.
    """
    node = _node(value, type, _Limits(elements, characters))
    return _flat(node) if width is None else "".join(_laid_out(node, width, ""))


# From values to what may be broken


def _node(value: Value, type: Type, limits: _Limits) -> _Node:
    match type:
        case Primitive("string"):
            return _string(cast("str", value), limits.characters)
        case Primitive("char"):
            return f"'{_escaped(cast('str', value), within=chr(39))}'"
        case Primitive("f32" | "f64" as name):
            number = cast("float", value)
            return floats.write(number, name) if math.isfinite(number) else str(number)
        case Primitive():
            return str(value).lower()
        case ListOf(element):
            items = shapes.items(value)
            first = items[: limits.elements]
            shown = list(map(str, first)) if is_bytes(type) else [_node(item, element, limits) for item in first]
            return _group("[", [*shown, *_rest(len(items), limits.elements)], "]")
        case MapOf(key, of):
            pairs = shapes.pairs(value)
            shown = [
                _around(f"{_flat(_node(k, key, limits))}: ", _node(v, of, limits), "")
                for k, v in pairs[: limits.elements]
            ]
            return _group("{", [*shown, *_rest(len(pairs), limits.elements)], "}")
        case Tuple(types):
            parts = zip(shapes.items(value), types, strict=True)
            return _group("(", [_node(item, of, limits) for item, of in parts], ")")
        case Record(fields):
            members = zip(shapes.items(value), fields, strict=True)
            entries = [
                _around(f"{field.name}: ", _node(item, cast("Type", field.type), limits), "")
                for item, field in members
                if not (item is None and isinstance(field.type, Option))
            ]
            return _group("{", entries, "}") if entries else "{:}"
        case Flags():
            return _group("{", shapes.names(value), "}")
        case Enum():
            return as_case(cast("str", value))
        case Option(some):
            return "none" if value is None else _payload("some", shapes.case(value)[1], some, limits)
        case Result(ok, err):
            name, payload = shapes.case(value)
            return _payload(name, payload, ok if name == "ok" else err, limits)
        case Variant(cases):
            name, payload = shapes.case(value)
            return _payload(as_case(name), payload, {case.name: case.type for case in cases}[name], limits)
        case Handle(resource, _):
            return f"{resource or 'resource'}({value!r})"
        case Unsupported(name):
            raise ValueError(f"values of type {name} are not carried")


def _payload(name: str, payload: Value, type: Type | None, limits: _Limits) -> _Node:
    return name if type is None else _around(f"{name}(", _node(payload, type, limits), ")")


def _group(opening: str, items: Iterable[_Node], closing: str) -> _Group:
    of = tuple(items)
    inner = sum([len(item) if isinstance(item, str) else item.length for item in of])
    return _Group(opening, of, closing, len(opening) + inner + 2 * max(len(of) - 1, 0) + len(closing))


def _around(before: str, node: _Node, after: str) -> _Node:
    """A node with a text before and after it, which are not broken from it."""
    if isinstance(node, str):
        return f"{before}{node}{after}"
    opening, items, closing, length = node
    return _Group(f"{before}{opening}", items, f"{closing}{after}", len(before) + length + len(after))


def _rest(count: int, most: int | None) -> tuple[str, ...]:
    return (f"… {count - most} more",) if most is not None and count > most else ()


# Text


def _string(value: str, most: int | None) -> str:
    left = "".join(_rest(len(value), most))
    return f'"{_escaped(value[:most], within=chr(34))}"{left}'


def _escaped(value: str, within: str) -> str:
    """The text between quotes. Whoever looks at it sees every character, and none that joins the quote."""
    if unicodedata.category(value[:1] or " ")[0] == "M":
        return f"\\u{{{ord(value[0]):x}}}{_escaped(value[1:], within)}"

    def replaced(special: "re.Match[str]") -> str:
        character = special[0]
        if character in "\"'":
            return f"\\{character}" if character == within else character
        if character in _ESCAPES:
            return _ESCAPES[character]
        marks = unicodedata.category(character)[0] == "M"
        return character if marks or character.isprintable() else f"\\u{{{ord(character):x}}}"

    return _SPECIAL.sub(replaced, value)


# Layout


def _flat(node: _Node) -> str:
    if isinstance(node, str):
        return node
    return f"{node.opening}{', '.join(map(_flat, node.items))}{node.closing}"


def _laid_out(node: _Node, width: int, indent: str) -> Iterable[str]:
    """The pieces of a node that stands after `indent`, or after what is as long."""
    if isinstance(node, str) or not node.items or len(indent) + node.length <= width:
        yield _flat(node)
        return
    yield node.opening
    inner = f"\n{indent}{_INDENT}"
    column = width
    for item in node.items:
        length = len(item) if isinstance(item, str) else item.length
        # Short texts side by side, everything else on lines of its own.
        beside = node.opening.endswith("[") and isinstance(item, str) and column + length + 2 <= width
        yield " " if beside else inner
        column = column + length + 2 if beside else len(inner) + length
        if not isinstance(item, str):
            column = width
        yield from _laid_out(item, width - 1, inner[1:])
        yield ","
    yield f"\n{indent}{node.closing}"
