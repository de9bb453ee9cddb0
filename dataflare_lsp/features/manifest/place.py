"""What stands at a place of a manifest: a key or a value that is written, and what could be written."""

import re
from typing import Literal, NamedTuple

from dataflare_lsp.manifest.tree import Array, Document, Key, Scalar, Statement, Table, Value
from dataflare_lsp.text import Span


class Written(NamedTuple):
    """A key, or a single value, with the path of keys that it has from the top.

    `item` is set for a value in an array, whose path is that of the array.
    """

    path: tuple[str, ...]
    span: Span
    value: Scalar | None = None
    item: bool = False


def written_at(document: Document, offset: int) -> Written | None:
    """The key or the single value that a cursor at `offset` touches."""
    for statement in document.statements:
        if statement.span.start <= offset <= statement.span.end:
            path = statement.path
            for key in statement.keys:
                path = (*path, key.name)
                if key.span.holds(offset):
                    return Written(path, key.span)
            if statement.value is not None and statement.value.span.holds(offset):
                return _in_value(statement.value, path, offset, False)
    return None


def _in_value(value: Value, path: tuple[str, ...], offset: int, item: bool) -> Written | None:
    match value:
        case Scalar(span=span):
            return Written(path, span, value, item) if span.holds(offset) else None
        case Array(items=items):
            for one in items:
                found = _in_value(one, path, offset, True) if one.span.holds(offset) else None
                if found is not None:
                    return found
        case Table(entries=entries):
            for name, entry in entries.items():
                if entry.key.span.holds(offset):
                    return Written((*path, name), entry.key.span)
                found = _in_value(entry.value, (*path, name), offset, False)
                if found is not None:
                    return found
    return None


def values_in(document: Document) -> list[Written]:
    """All single values with their paths, in order of place."""
    found: list[Written] = []
    for statement in document.statements:
        if statement.value is not None:
            names = tuple([key.name for key in statement.keys])
            _collect(statement.value, (*statement.path, *names), False, found)
    return found


def _collect(value: Value, path: tuple[str, ...], item: bool, found: list[Written]) -> None:
    match value:
        case Scalar(span=span):
            found.append(Written(path, span, value, item))
        case Array(items=items):
            for one in items:
                _collect(one, path, True, found)
        case Table(entries=entries):
            for name, entry in entries.items():
                _collect(entry.value, (*path, name), False, found)


class AtKey(NamedTuple):
    """A key can be written in place of `span`, in the table at `path`. `has_value`: a `=` follows already."""

    path: tuple[str, ...]
    span: Span
    has_value: bool = False


class AtHeader(NamedTuple):
    """A table can be named in place of `span`, below the one at `path`. `closing` is what is missing behind it."""

    path: tuple[str, ...]
    span: Span
    array: bool
    closing: str


class AtValue(NamedTuple):
    """A value of the key at `path` can be written in place of `span`.

    `quote` is the sign that it stands in, "" where it has no quotes yet; `item`: it is one of an array.
    """

    path: tuple[str, ...]
    span: Span
    quote: str
    item: bool


Spot = AtKey | AtHeader | AtValue

_KEY_BEFORE = re.compile(
    r"""[ \t]*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*|(?=$)))*(?:"[^"\n]*|'[^'\n]*)?$"""
)
_HEADER_BEFORE = re.compile(r"[ \t]*(\[\[?)([^\]\n#]*)$")
_WORD_BEFORE = re.compile(r"[A-Za-z0-9_.:/@^~<>=*+-]*$")
_WORD_AFTER = re.compile(r"[A-Za-z0-9_.:/@^~*+-]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BARE_END = re.compile(r"[A-Za-z0-9_-]*$")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")


def spot_at(document: Document, offset: int) -> Spot | None:
    """What can be written at `offset`; None in a comment, and where nothing fits."""
    text = document.text
    line_start = text.rfind("\n", 0, offset) + 1
    before = text[line_start:offset]
    last = _last_before(document, offset)
    if last is not None and last.kind == "pair":
        keys = last.keys
        equals = text.find("=", keys[-1].span.end, offset)
        if equals >= 0 and not text[keys[-1].span.end : equals].strip():
            path = (*last.path, *[key.name for key in keys])
            inside = _Inside(text, equals + 1, offset, path)
            if inside.is_comment:
                return None
            if inside.frames or equals >= line_start:
                return inside.spot()
    header = _HEADER_BEFORE.match(before)
    if header is not None:
        parts = [_unquoted(part) for part in _PART.findall(header[2])]
        typed = _last_part(header[2])
        path = tuple(parts[: len(parts) - 1] if typed else parts)
        rest = _WORD_AFTER.match(text, offset)
        end = rest.end() if rest else offset
        brackets = len(header[1])
        missing = brackets - (len(text[end : end + brackets]) - len(text[end : end + brackets].lstrip("]")))
        return AtHeader(path, Span(offset - len(typed), end), brackets == 2, "]" * missing)
    if "#" in before or not _KEY_BEFORE.match(before):
        return None
    typed = _last_part(before)
    parts = [_unquoted(part) for part in _PART.findall(before)]
    above = tuple(parts[: len(parts) - 1] if typed else parts)
    rest = _WORD_AFTER.match(text, offset)
    end = rest.end() if rest else offset
    if typed[:1] in ('"', "'") and text[end : end + 1] == typed[0] and typed.count(typed[0]) == 1:
        end += 1
    has_value = text[end : _line_end(text, end)].lstrip().startswith("=")
    return AtKey((*_table_path(document, offset), *above), Span(offset - len(typed), end), has_value)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _last_before(document: Document, offset: int) -> Statement | None:
    """The last statement that begins before `offset`."""
    found = None
    for statement in document.statements:
        if statement.span.start >= offset:
            break
        found = statement
    return found


def _table_path(document: Document, offset: int) -> tuple[str, ...]:
    """The path of the table that a line at `offset` belongs to."""
    path: tuple[str, ...] = ()
    for statement in document.statements:
        if statement.span.start >= offset:
            break
        if statement.kind != "pair":
            path = tuple([key.name for key in statement.keys])
    return path


def _last_part(written: str) -> str:
    """What is typed of the last part of a dotted key; "" after its dot."""
    found = re.search(r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"?|'[^'\n]*'?)$""", written)
    return found.group() if found else ""


def _unquoted(part: str) -> str:
    return part[1:-1] if part[:1] in ('"', "'") else part


class _Frame:
    """An array or a table in braces that is open."""

    def __init__(self, kind: Literal["[", "{"], path: tuple[str, ...]) -> None:
        self.kind = kind
        self.path = path
        self.key: tuple[str, ...] = ()
        self.has_equals = False


class _Inside:
    """Where in a value a cursor is, read from the start of the value on, whatever is wrong with it."""

    def __init__(self, text: str, start: int, offset: int, path: tuple[str, ...]) -> None:
        self.text = text
        self.offset = offset
        self.path = path
        self.frames: list[_Frame] = []
        self.is_comment = False
        self.string = -1
        """Where the string that the cursor is in begins."""
        self._read(start)

    def _read(self, at: int) -> None:
        text, offset = self.text, self.offset
        while at < offset:
            sign = text[at]
            if sign in "\"'":
                end = _end_of_string(text, at)
                if end > offset or (end == offset and not _is_closed(text, at, end)):
                    self.string = at
                    return
                self._key_part(text[at:end])
                at = end
                continue
            if sign == "#":
                end = _line_end(text, at)
                if offset <= end:
                    self.is_comment = True
                    return
                at = end
                continue
            if sign in "[{":
                self.frames.append(_Frame("[" if sign == "[" else "{", self._here()))
            elif sign in "]}":
                if self.frames:
                    self.frames.pop()
            elif sign == "=" and self.frames and self.frames[-1].kind == "{":
                self.frames[-1].has_equals = True
            elif sign == "," and self.frames:
                self.frames[-1].key = ()
                self.frames[-1].has_equals = False
            else:
                found = _BARE.match(text, at)
                if found:
                    if found.end() < offset:
                        self._key_part(found.group())
                    at = found.end()
                    continue
            at += 1

    def _key_part(self, written: str) -> None:
        if self.frames and self.frames[-1].kind == "{" and not self.frames[-1].has_equals:
            self.frames[-1].key = (*self.frames[-1].key, _unquoted(written))

    def _here(self) -> tuple[str, ...]:
        """The path of what is written where the innermost frame is."""
        if not self.frames:
            return self.path
        frame = self.frames[-1]
        return (*frame.path, *frame.key) if frame.kind == "{" else frame.path

    def spot(self) -> Spot | None:
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.kind == "{" and not frame.has_equals:
            before = self.text[max(0, self.offset - 80) : self.offset]
            part = self.text[self.string : self.offset] if self.string >= 0 else _BARE_END.findall(before)[0]
            rest = _WORD_AFTER.match(self.text, self.offset)
            end = rest.end() if rest else self.offset
            has_value = self.text[end : _line_end(self.text, end)].lstrip().startswith("=")
            return AtKey((*frame.path, *frame.key), Span(self.offset - len(part), end), has_value)
        item = frame is not None and frame.kind == "["
        if self.string >= 0:
            quote = self.text[self.string]
            end = _end_of_string(self.text, self.string)
            end = end - 1 if _is_closed(self.text, self.string, end) else self.offset
            return AtValue(self._here(), Span(self.string + 1, max(end, self.offset)), quote, item)
        typed = _WORD_BEFORE.search(self.text[max(0, self.offset - 200) : self.offset])
        length = len(typed.group()) if typed else 0
        start = max(self.offset - length, self._value_start())
        return AtValue(self._here(), Span(start, self.offset), "", item)

    def _value_start(self) -> int:
        """The place behind the `=` where that stands directly before the word."""
        equals = self.text.rfind("=", 0, self.offset) + 1
        return equals if equals > self.text.rfind("\n", 0, self.offset) else 0


def _end_of_string(text: str, start: int) -> int:
    """Where the string that begins at `start` ends, behind its closing quote; at the end of its line without one."""
    quote = text[start]
    at = start + 1
    while at < len(text) and text[at] not in (quote, "\n"):
        at += 2 if text[at] == "\\" and quote == '"' and at + 1 < len(text) and text[at + 1] != "\n" else 1
    return min(at + 1, len(text)) if text[at : at + 1] == quote else at


def _is_closed(text: str, start: int, end: int) -> bool:
    return end - start > 1 and text[end - 1] == text[start]


def keys_of(statement: Statement) -> Span:
    """The place of a statement's keys."""
    first: Key = statement.keys[0]
    return Span(first.span.start, statement.keys[-1].span.end)
