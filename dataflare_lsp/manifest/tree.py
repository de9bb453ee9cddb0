"""What a TOML text holds: values with their places.

Spans count code points of the text. Nothing here nests deeper than `toml.MAX_DEPTH`, so that it can be walked by
recursion.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Literal, NamedTuple, Union

from dataflare_lsp.text import Diagnostic, Span

Plain = Union[str, bool, int, float, datetime, date, time, list["Plain"], dict[str, "Plain"]]  # noqa: UP007 - quoted
"""A value without its place, as `tomllib` gives it."""


class Key(NamedTuple):
    """One part of a key: the name that it stands for, and where it is written."""

    name: str
    span: Span


class Missing(NamedTuple):
    """The place of a value that is not written yet, or cannot be read. There is a syntax error about it."""

    span: Span


class Scalar(NamedTuple):
    """A string, number, boolean, date or time."""

    value: str | bool | int | float | datetime | date | time
    span: Span


class Array(NamedTuple):
    """An array; that of `[[headers]]` has the span of the first of them."""

    items: "tuple[Value, ...]"
    span: Span


class Entry(NamedTuple):
    """A key of a table, where it is first mentioned, and its value."""

    key: Key
    value: "Value"


class Table(NamedTuple):
    """A table, however it is written. `span` is that of its braces, of its header, or of the key that implies it."""

    entries: Mapping[str, Entry]
    span: Span

    def get(self, *names: str) -> "Value | None":
        """The value at a path of keys, or None where there is none."""
        here: Value = self
        for name in names:
            entry = here.entries.get(name) if isinstance(here, Table) else None
            if entry is None:
                return None
            here = entry.value
        return here


Value = Missing | Scalar | Array | Table


class Statement(NamedTuple):
    """A line of the text: the header of a table or of an array's next table, or a key and its value.

    `path` is that of the table which the keys count from: none for headers. `span` goes from the first sign of the
    statement to its last, without the comment behind it.
    """

    kind: Literal["table", "array", "pair"]
    path: tuple[str, ...]
    keys: tuple[Key, ...]
    span: Span
    value: Value | None = None


class Document(NamedTuple):
    """A text as read: what it holds, line by line and as a whole, and what is wrong with it as TOML."""

    text: str
    root: Table
    statements: tuple[Statement, ...]
    problems: tuple[Diagnostic, ...]


def plain(value: Value) -> Plain:
    """A value without its places; what is missing is left out, or "" where it stands alone."""
    match value:
        case Table():
            held = [(name, entry.value) for name, entry in value.entries.items()]
            return {name: plain(inner) for name, inner in held if not isinstance(inner, Missing)}
        case Array():
            return [plain(item) for item in value.items if not isinstance(item, Missing)]
        case Scalar():
            return value.value
        case Missing():
            return ""


def strings(value: Value | None) -> Iterator[tuple[str, Span]]:
    """The strings in an array, with their places; nothing for any other value."""
    if isinstance(value, Array):
        for item in value.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                yield item.value, item.span


def text_of(value: Value | None) -> str | None:
    """The string that a value is, or None."""
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None
