"""TOML read with the place of everything, as far as it can be read, with a message for every mistake.

A mistake costs its own line and no other: a bracket or a quote that is not closed ends where the next line plainly
begins something new. Specification: TOML 1.0.0.
"""

import re
from typing import Literal, NamedTuple

from dataflare_lsp.manifest.scalars import ESCAPES, bare_value, is_date
from dataflare_lsp.manifest.tree import Array, Document, Entry, Key, Missing, Scalar, Statement, Table, Value
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit

MAX_DEPTH = 64
"""How deep tables and arrays may nest."""
MAX_LENGTH = 200_000
"""The longest text that is read, in code points."""
MAX_PROBLEMS = 200
"""How many mistakes are reported; text that is no TOML at all has one in every line."""

_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WORD = re.compile(r"[^\s,\[\]{}#=\"']+")
_NO_CONTROL = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")
_BASIC = re.compile(r'[^"\\\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]+')
_LITERAL = re.compile(r"[^'\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]+")
_HEX = {"u": re.compile("[0-9A-Fa-f]{4}"), "U": re.compile("[0-9A-Fa-f]{8}")}
_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n\\]*"|'[^'\n]*')"""
_KEY = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_PAIR_START = re.compile(rf"[ \t]*{_KEY}[ \t]*=(?!=)")
_HEADER_LINE = re.compile(rf"[ \t]*\[\[?[ \t]*({_KEY})[ \t]*\]?\]?[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")
_TRUTHS = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "yes": "true", "no": "false",
           "on": "true", "off": "false"}  # fmt: skip
_OTHER_QUOTES = "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019`"

_LOOK_AHEAD = 100
"""How many lines below are looked at for the `}` of a table that is not closed on its own."""

_Shape = Literal["implied", "header", "dotted", "array"]


class _Building:
    """A table while it is read."""

    def __init__(self, shape: _Shape, span: Span) -> None:
        self.shape: _Shape = shape
        self.span = span
        self.entries: dict[str, _Held] = {}
        self.section = -1
        """Of a dotted one: the section that may still add to it."""


class _Tables:
    """The array of `[[headers]]` while it is read."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.items: list[_Building] = []


_Node = _Building | _Tables | Value


class _Held(NamedTuple):
    key: Key
    node: _Node


class _Wrong(Exception):
    """The rest of the statement cannot be read; there is a problem about it already."""


class _TooDeep(_Wrong):
    """The whole statement is given up."""


def parse(text: str) -> Document:
    """The document that a text is. Never raises; a text that is too long is read as empty."""
    if len(text) > MAX_LENGTH:
        said = f"this file is too large: a manifest has at most {MAX_LENGTH:,} characters"
        empty = Table({}, Span(0, 0))
        return Document(text, empty, (), (Diagnostic("invalid-toml", "error", said, Span(0, 0)),))
    reader = _Reader(text)
    reader.read()
    root = _frozen(reader.root)
    return Document(text, root, tuple(reader.statements), tuple(reader.problems))


def _frozen(table: _Building) -> Table:
    entries = {name: Entry(held.key, _frozen_node(held.node)) for name, held in table.entries.items()}
    return Table(entries, table.span)


def _frozen_node(node: _Node) -> Value:
    if isinstance(node, _Building):
        return _frozen(node)
    if isinstance(node, _Tables):
        return Array(tuple([_frozen(item) for item in node.items]), node.span)
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 1 if text.startswith("\ufeff") else 0
        self.root = _Building("header", Span(0, 0))
        self.current = self.root
        self.path: tuple[str, ...] = ()
        self.section = 0
        self.statements: list[Statement] = []
        self.problems: list[Diagnostic] = []
        self.unclosed: set[str] = set()
        """The threefold quotes that nothing closes any more."""

    # Lines ------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        while self.at < len(self.text):
            self._blank()
            start = self.at
            sign = self._sign()
            try:
                if sign == "[":
                    self._header()
                elif self.text.startswith("//", self.at):
                    self._slashes(Span(self.at, self.at + 2))
                elif sign not in ("", "\n", "\r", "#"):
                    self._pair()
                self._end_of_line()
            except _Wrong:
                self._skip_line()
            if self.at == start and self.at < len(self.text) and self._sign() != "\n":
                self._skip_line()
            if self._sign() == "\n":
                self.at += 1

    def _sign(self) -> str:
        """The next character, or "" at the end."""
        return self.text[self.at : self.at + 1]

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        assert found
        self.at = found.end()

    def _at_line_end(self) -> bool:
        return self._sign() in ("", "\n") or self.text.startswith("\r\n", self.at)

    def _end_of_line(self) -> None:
        """Nothing but a comment may follow."""
        self._blank()
        if self._sign() == "#":
            self._comment()
        if self.text.startswith("\r\n", self.at):
            self.at += 1
        if self._sign() in ("", "\n"):
            return
        found = self._rest_of_line()
        if found.text.startswith("//"):
            self._slashes(Span(found.span.start, found.span.start + 2))
        elif found.text.startswith("\r"):
            self._problem("a line ends with a line feed, not with a carriage return alone",
                          Span(self.at, self.at + 1), fix=("write a line feed", "\n"))  # fmt: skip
        elif self._sign() == "," and self.statements and found.text == ",":
            self._problem("no `,` at the end of a line", found.span, fix=("remove the `,`", ""))
        else:
            self._problem(f"expected the end of the line, found `{_short(found.text)}`", found.span)
        raise _Wrong

    def _slashes(self, span: Span) -> None:
        """Report a comment as other languages write it."""
        self._problem("comments begin with `#`, not with `//`", span, fix=("write `#`", "#"))
        raise _Wrong

    def _comment(self) -> None:
        found = _NO_CONTROL.match(self.text, self.at)
        assert found
        self.at = found.end()
        if not self._at_line_end():
            self._bad_character("in a comment")
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end

    def _rest_of_line(self) -> "_Piece":
        whole = self._line_from(self.at)
        said = whole.rstrip() or whole
        return _Piece(said, Span(self.at, self.at + len(said)))

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _problem(
        self,
        message: str,
        span: Span,
        hint: str = "",
        fix: tuple[str, str] | None = None,
        code: str = "invalid-toml",
        related: tuple[Related, ...] = (),
    ) -> None:
        """Report a mistake; `fix` is the title of its mend, and what to write in place of the span."""
        fixes = (Fix(fix[0], (TextEdit(span, fix[1]),)),) if fix else ()
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Diagnostic(code, "error", message, span, hint, related=related, fixes=fixes))

    def _bad_character(self, where: str) -> None:
        sign = self._sign()
        span = Span(self.at, self.at + 1)
        code = ord(sign)
        if 0xD800 <= code <= 0xDFFF:
            self._problem(f"this byte {where} is not UTF-8", span)
        elif sign == "\r":
            self._problem(f"no carriage return {where}: a line ends with a line feed", span)
        else:
            self._problem(f"no control character U+{code:04X} {where}", span, hint=f"write `\\u{code:04X}` in a string")

    # Headers ----------------------------------------------------------------------------------------------------

    def _header(self) -> None:
        start = self.at
        double = self.text.startswith("[[", self.at)
        opening, closing = ("[[", "]]") if double else ("[", "]")
        self.at += len(opening)
        self.section += 1
        self._blank()
        if self._sign() == "]" or self._at_line_end():
            self._open_nowhere(())
            kind: Literal["table", "array"] = "array" if double else "table"
            self.statements.append(Statement(kind, (), (), Span(start, self.at)))
            self._problem(f"expected the name of a table after `{opening}`", Span(start, self.at))
            raise _Wrong
        keys: tuple[Key, ...] = ()
        try:
            keys = self._keys()
            self._blank()
        finally:
            if not keys:
                self._open_nowhere(())
        end = self.at
        closed = self.text.startswith(closing, self.at)
        if closed:
            end = self.at = self.at + len(closing)
        else:
            end = keys[-1].span.end
        span = Span(start, end)
        self.statements.append(Statement("array" if double else "table", (), keys, span))
        self._open(keys, span, double)
        if not closed:
            missing = "]" if self._sign() == "]" else closing
            place = Span(self.at, self.at) if missing == "]" and double else Span(end, end)
            self._problem(f"expected `{missing}` to close the header", place, fix=(f"insert `{missing}`", missing))
            raise _Wrong

    def _open_nowhere(self, path: tuple[str, ...]) -> None:
        """What follows belongs to a table that cannot be told, or must not be there."""
        self.current = _Building("header", Span(self.at, self.at))
        self.path = path

    def _open(self, keys: tuple[Key, ...], span: Span, double: bool) -> None:
        """Make the table that a header names the current one."""
        names = tuple([key.name for key in keys])
        self._open_nowhere(names)
        if len(keys) > MAX_DEPTH:
            self._too_deep(Span(keys[0].span.start, keys[-1].span.end))
            return
        here = self.root
        for key in keys[:-1]:
            held = here.entries.get(key.name)
            if held is None:
                inner = _Building("implied", key.span)
                here.entries[key.name] = _Held(key, inner)
                here = inner
            elif isinstance(held.node, _Building):
                here = held.node
            elif isinstance(held.node, _Tables):
                here = held.node.items[-1]
            else:
                self._redefined(key, held)
                return
        key = keys[-1]
        held = here.entries.get(key.name)
        fresh = _Building("array" if double else "header", span)
        if double:
            if held is None:
                tables = _Tables(span)
                here.entries[key.name] = _Held(key, tables)
            elif isinstance(held.node, _Tables):
                tables = held.node
            else:
                self._redefined(key, held)
                return
            tables.items.append(fresh)
            self.current = fresh
        elif held is None:
            here.entries[key.name] = _Held(key, fresh)
            self.current = fresh
        elif isinstance(held.node, _Building) and held.node.shape == "implied":
            held.node.shape = "header"
            held.node.span = span
            here.entries[key.name] = _Held(key, held.node)
            self.current = held.node
        else:
            self._redefined(key, held)

    def _redefined(self, key: Key, held: _Held) -> None:
        """A key is given a second time."""
        related = (Related("", held.key.span, "it is given here first"),)
        match held.node:
            case _Tables():
                said = f"`{key.name}` is an array of tables already: its tables begin with `[[…]]`"
            case Table() | Array():
                said = f"`{key.name}` is given already, and nothing can be added to what stands in brackets"
            case _:
                said = f"`{key.name}` is given twice"
        self._problem(said, key.span, code="duplicate-key", related=related)

    def _too_deep(self, span: Span) -> None:
        self._problem(f"this nests more than {MAX_DEPTH} deep", span)

    # Keys and values --------------------------------------------------------------------------------------------

    def _keys(self) -> tuple[Key, ...]:
        keys = [self._key()]
        while True:
            before = self.at
            self._blank()
            if self._sign() != ".":
                self.at = before
                return tuple(keys)
            self.at += 1
            self._blank()
            keys.append(self._key())

    def _key(self) -> Key:
        start = self.at
        found = _BARE_KEY.match(self.text, self.at)
        if found:
            self.at = found.end()
            return Key(found.group(), Span(start, self.at))
        sign = self._sign()
        if sign in ('"', "'") and not self.text.startswith(sign * 3, self.at):
            name = self._string_on_line()
            return Key(name, Span(start, self.at))
        if sign in ('"', "'"):
            self._problem("a key stands in one line, in single quotes", Span(start, start + 3))
        elif self._at_line_end() or sign == "#":
            self._problem("expected a key", Span(self.at, self.at))
        elif 0xD800 <= ord(sign) <= 0xDFFF or ord(sign) < 0x20 or ord(sign) == 0x7F:
            self._bad_character("in a key")
        elif sign in "=.,:]}":
            self._problem(f"expected a key, found `{sign}`", Span(start, start + 1))
        else:
            word = _WORD.match(self.text, self.at)
            said = word.group() if word else sign
            span = Span(start, start + len(said))
            if all(letter.isalnum() or letter in "_-.:/@" for letter in said) and '"' not in said:
                self._unquoted(said, span)
            else:
                self._problem(f"expected a key, found `{_short(said)}`", span)
        raise _Wrong

    def _unquoted(self, said: str, span: Span) -> None:
        """Report a key that needs quotes."""
        right = quoted(said)
        message = f"a key with other signs than letters, digits, `-` and `_` stands in quotes: {right}"
        self._problem(message, span, fix=("put it in quotes", right))

    def _pair(self) -> None:
        start = self.at
        keys = self._keys()
        value: Value = Missing(Span(self.at, self.at))
        try:
            self._blank()
            if self._sign() == "=":
                self.at += 1
                value = Missing(Span(self.at, self.at))
                self._blank()
                value = self._value(len(self.path) + len(keys), keys[-1].name)
            else:
                self._no_equals(keys)
        finally:
            end = max(keys[-1].span.end, self.at if isinstance(value, Missing) else value.span.end)
            self.statements.append(Statement("pair", self.path, keys, Span(start, end), value))
            self._put(self.current, keys, value, self.section)

    def _no_equals(self, keys: tuple[Key, ...]) -> None:
        end = keys[-1].span.end
        sign = self._sign()
        name = ".".join([key.name for key in keys])
        if sign == ":":
            self._problem("expected `=`, found `:`", Span(self.at, self.at + 1), hint="in TOML a value follows `=`",
                          fix=("write `=`", " ="))  # fmt: skip
        elif self._at_line_end() or sign == "#":
            self._problem(f"expected `=` and a value after `{_short(name)}`", Span(keys[0].span.start, end))
        elif self.at == end and (word := _WORD.match(self.text, end)) and "=" in self._line_from(end):
            span = Span(keys[-1].span.start, word.end())
            self._unquoted(self.text[span.start : span.end], span)
        else:
            found = self._rest_of_line()
            self._problem(f"expected `=` after `{_short(name)}`, found `{_short(found.text)}`", found.span)
        raise _Wrong

    def _put(self, table: _Building, keys: tuple[Key, ...], value: _Node, section: int) -> None:
        """Give the table a value at the end of dotted keys."""
        if len(self.path) + len(keys) > MAX_DEPTH:
            self._too_deep(Span(keys[0].span.start, keys[-1].span.end))
            return
        here = table
        for key in keys[:-1]:
            held = here.entries.get(key.name)
            if held is None:
                inner = _Building("dotted", key.span)
                inner.section = section
                here.entries[key.name] = _Held(key, inner)
                here = inner
                continue
            node = held.node
            if isinstance(node, _Building) and node.shape == "implied":
                node.shape = "dotted"
                node.section = section
            if not (isinstance(node, _Building) and node.shape == "dotted" and node.section == section):
                self._redefined(key, held)
                return
            here = node
        key = keys[-1]
        held = here.entries.get(key.name)
        if held is not None:
            self._redefined(key, held)
        else:
            here.entries[key.name] = _Held(key, value)

    def _value(self, depth: int, owner: str) -> Value:
        sign = self._sign()
        start = self.at
        if sign in ('"', "'"):
            if self.text.startswith(sign * 3, start):
                return Scalar(self._string_on_lines(sign), Span(start, self.at))
            return Scalar(self._string_on_line(), Span(start, self.at))
        if sign in ("[", "{"):
            if depth >= MAX_DEPTH:
                self._too_deep(Span(start, start + 1))
                raise _TooDeep
            return self._array(depth, owner) if sign == "[" else self._inline(depth, owner)
        if self._at_line_end() or sign == "#":
            self._problem(f"expected a value for `{_short(owner)}`", Span(start, start), hint="a value is missing here")
            raise _Wrong
        return self._bare(owner)

    def _bare(self, owner: str) -> Scalar | Missing:
        start = self.at
        found = _WORD.match(self.text, start)
        if not found:
            sign = self._sign()
            if sign == "\r" or ord(sign) < 0x20:
                self._bad_character("in a value")
            else:
                self._problem(f"expected a value for `{_short(owner)}`, found `{sign}`", Span(start, start + 1))
            raise _Wrong
        word = found.group()
        if is_date(word) and self.text.startswith(" ", found.end()):
            longer = _WORD.match(self.text, found.end() + 1)
            if longer and longer.group()[:1].isdigit():
                together = f"{word} {longer.group()}"
                if bare_value(together) is not None:
                    word = together
        value = bare_value(word)
        span = Span(start, start + len(word))
        self.at = span.end
        if value is not None and not isinstance(value, str):
            return Scalar(value, span)
        if isinstance(value, str):
            self._problem(value, span)
        else:
            self._no_value(word, span)
        return Missing(span)

    def _no_value(self, word: str, span: Span) -> None:
        """Say why a word is no value, and mend it."""
        rest = self._rest_of_line().text if not self._at_line_end() else ""
        if word in _TRUTHS:
            right = _TRUTHS[word]
            self._problem(f"expected `true` or `false`, found `{word}`", span, fix=(f"write `{right}`", right))
        elif word in ("null", "None", "nil", "undefined"):
            self._problem(f"there is no `{word}` in TOML: leave the key out", span)
        elif word[0] in _OTHER_QUOTES:
            closing = word[-1] if len(word) > 1 and word[-1] in _OTHER_QUOTES else ""
            inside = word[1:-1] if closing else ""
            fix = ('write `"`', quoted(inside)) if closing and inside else None
            self._problem(f"strings stand in `\"` or `'`, not in `{word[0]}`", span, fix=fix)
            if not closing:
                raise _Wrong
        elif re.fullmatch(r"[+-]?0[0-9_]+", word):
            right = re.sub(r"^([+-]?)[0_]+(?=[0-9])", r"\1", word)
            self._problem(f"a number does not begin with `0`: `{right}`", span, fix=(f"write `{right}`", right))
        elif word[0].isdigit() or (word[0] in "+-." and len(word) > 1 and word[1].isdigit()):
            right = quoted(word)
            self._problem(f"`{_short(word)}` is no number, date or time; a string stands in quotes", span,
                          fix=(f"write `{_short(right)}`", right))  # fmt: skip
        else:
            # Everything up to the end of the line was meant, unless it is inside of brackets.
            whole = word
            if rest and not any(sign in rest for sign in ",[]{}#=\"'"):
                whole = self.text[span.start : span.end] + self.text[span.end : self.at] + self._line_from(span.end)
            whole = whole.rstrip()
            meant = Span(span.start, span.start + len(whole))
            self.at = meant.end
            right = quoted(whole)
            self._problem(f"a string stands in quotes: {_short(right)}", meant, fix=("put it in quotes", right))

    def _line_from(self, start: int) -> str:
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end]

    # Strings ----------------------------------------------------------------------------------------------------

    def _string_on_line(self) -> str:
        """A string between single quotes of either kind; one that is not closed ends with its line."""
        start = self.at
        quote = self._sign()
        self.at += 1
        inside = _BASIC if quote == '"' else _LITERAL
        parts: list[str] = []
        while True:
            found = inside.match(self.text, self.at)
            if found:
                parts.append(found.group())
                self.at = found.end()
            sign = self._sign()
            if sign == quote:
                self.at += 1
                return "".join(parts)
            if self._at_line_end():
                end = start + len(self.text[start : self.at].rstrip())
                end = max(end, start + 1)
                self._problem("this string is not closed", Span(start, end), hint=f"expected `{quote}`")
                raise _Wrong
            if sign == "\\" and quote == '"':
                parts.append(self._escape(False))
            else:
                self._bad_character("in a string")
                self.at += 1

    def _string_on_lines(self, quote: str) -> str:
        """A string between three quotes; one that is not closed ends with its first line."""
        start = self.at
        fence = quote * 3
        self.at += 3
        if self.text.startswith("\r\n", self.at):
            self.at += 2
        elif self._sign() == "\n":
            self.at += 1
        inside = _BASIC if quote == '"' else _LITERAL
        parts: list[str] = []
        before = len(self.problems)
        while True:
            found = inside.match(self.text, self.at)
            if found:
                parts.append(found.group())
                self.at = found.end()
            sign = self._sign()
            if self.text.startswith(fence, self.at):
                self.at += 3
                # Up to two quotes may stand before the closing three.
                for _ in range(2):
                    if self._sign() == quote:
                        parts.append(quote)
                        self.at += 1
                return "".join(parts)
            if not sign or fence in self.unclosed:
                self.unclosed.add(fence)
                del self.problems[before:]
                self._problem(
                    "this string is not closed", Span(start, start + 3), hint=f"expected `{fence}` further on"
                )
                self.at = start
                raise _Wrong
            if sign in (quote, "\n"):
                parts.append(sign)
                self.at += 1
            elif self.text.startswith("\r\n", self.at):
                parts.append("\n")
                self.at += 2
            elif sign == "\\" and quote == '"':
                parts.append(self._escape(True))
            else:
                self._bad_character("in a string")
                self.at += 1

    def _escape(self, on_lines: bool) -> str:
        """What an escape stands for, with the place after it."""
        start = self.at
        letter = self.text[start + 1 : start + 2]
        self.at += 2
        if letter in ESCAPES and letter:
            return ESCAPES[letter]
        if letter in _HEX and letter:
            found = _HEX[letter].match(self.text, self.at)
            if found:
                self.at = found.end()
                code = int(found.group(), 16)
                if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                    return chr(code)
                self._problem(f"there is no character U+{code:04X}", Span(start, self.at))
                return ""
            digits = 4 if letter == "u" else 8
            self._problem(f"`\\{letter}` is followed by {digits} hexadecimal digits", Span(start, start + 2))
            return ""
        if on_lines and letter in " \t\n\r" and letter:
            self.at = start + 1
            self._blank()
            if self._at_line_end() and self._sign():
                while self._sign() in (" ", "\t", "\n") or self.text.startswith("\r\n", self.at):
                    if not self._sign():
                        break
                    self.at += 1
                return ""
            self.at = start + 1
            letter = " "
        elif not letter or letter in "\n\r":
            self.at = start + 1
            self._problem("a `\\` begins an escape", Span(start, start + 1), fix=("write `\\\\`", "\\\\"))
            return ""
        else:
            self.at = start + 2
        span = Span(start, start + 1)
        if letter == " ":
            self._problem("`\\` before a blank stands only at the end of a line", span, fix=("write `\\\\`", "\\\\"))
        else:
            self._problem(f"there is no escape `\\{letter}`", Span(start, start + 2),
                          hint="write `\\\\` for a backslash, or the string in `'`",
                          fix=("write `\\\\`", "\\\\" + letter))  # fmt: skip
        return ""

    # Brackets ---------------------------------------------------------------------------------------------------

    def _array(self, depth: int, owner: str) -> Array:
        start = self.at
        self.at += 1
        items: list[Value] = []
        end = self.at
        while True:
            on_new_line = self._gap()
            sign = self._sign()
            if sign == "]":
                self.at += 1
                return Array(tuple(items), Span(start, self.at))
            if not sign or (on_new_line and self._begins_anew(True)):
                return self._unclosed_array(start, end, items)
            if sign in ",=}":
                fix = ("remove the `,`", "") if sign == "," else None
                said = f"expected a value or `]` in the array `{_short(owner)}`, found `{sign}`"
                self._problem(said, Span(self.at, self.at + 1), fix=fix)
                self.at += 1
                continue
            try:
                items.append(self._value(depth + 1, owner))
            except _TooDeep:
                raise
            except _Wrong:
                self._skip_item()
            end = self.at
            on_new_line = self._gap()
            sign = self._sign()
            if sign == ",":
                self.at += 1
                end = self.at
            elif sign != "]":
                if not sign or (on_new_line and self._begins_anew(False)):
                    return self._unclosed_array(start, end, items)
                self._problem(f"expected `,` or `]` in the array `{_short(owner)}`", Span(end, end),
                              fix=("insert `,`", ","))  # fmt: skip

    def _unclosed_array(self, start: int, end: int, items: list[Value]) -> Array:
        """Report the bracket that is not closed. The line that begins something new is read next."""
        self._problem("this array is not closed", Span(start, start + 1), hint="expected `]` further on")
        self.at = end
        return Array(tuple(items), Span(start, end))

    def _gap(self) -> bool:
        """Pass over blanks, line ends and comments. Returns whether there was a line end."""
        start = self.at
        while True:
            self._blank()
            if self._sign() == "#":
                self._comment()
            if self._sign() == "\n":
                self.at += 1
            elif self.text.startswith("\r\n", self.at):
                self.at += 2
            else:
                return self.text.find("\n", start, self.at) >= 0

    def _begins_anew(self, wants_item: bool) -> bool:
        """Whether the line here is a new statement rather than a part of the array that is open."""
        line_start = self.text.rfind("\n", 0, self.at) + 1
        if self.text[line_start : self.at].strip():
            return False
        if _PAIR_START.match(self.text, line_start):
            return True
        found = _HEADER_LINE.match(self.text, line_start)
        if not found:
            return False
        # `["a"]` may be an array in an array, where a value may stand; `[plugin]` is none.
        return not wants_item or (_BARE_KEY.match(found.group(1)) is not None and bare_value(found.group(1)) is None)

    def _skip_item(self) -> None:
        """Go to what follows an item that cannot be read."""
        while self._sign() and self._sign() not in ",]\n" and not self.text.startswith("\r\n", self.at):
            self.at += 1

    def _inline(self, depth: int, owner: str) -> Table:
        start = self.at
        self.at += 1
        table = _Building("dotted", Span(start, start + 1))
        said = False
        comma: Span | None = None
        end = self.at
        while True:
            self._blank()
            if self._at_line_end() or self._sign() == "#":
                if not self._goes_on():
                    return self._unclosed_inline(table, start, end, said)
                if not said:
                    self._problem("a table in `{}` stands on one line", Span(start, start + 1),
                                  hint="write it on one line, or as a table of its own")  # fmt: skip
                    said = True
                self._gap()
            if self._sign() == "}":
                if comma is not None and not said:
                    self._problem("no `,` before `}`", comma, fix=("remove the `,`", ""))
                self.at += 1
                break
            keys: tuple[Key, ...] = ()
            value: Value = Missing(Span(self.at, self.at))
            before = self.at
            try:
                keys = self._keys()
                self._blank()
                if self._sign() == "=":
                    self.at += 1
                    self._blank()
                    value = Missing(Span(self.at, self.at))
                    value = self._value(depth + len(keys), keys[-1].name)
                else:
                    self._problem(f"expected `=` after `{_short(keys[-1].name)}`", Span(self.at, self.at),
                                  fix=("insert `=`", "= "))  # fmt: skip
                    raise _Wrong
            except _TooDeep:
                raise
            except _Wrong:
                while self._sign() and self._sign() not in ",}\n" and not self.text.startswith("\r\n", self.at):
                    self.at += 1
            if keys:
                self._put_inline(table, keys, value, depth)
            end = self.at
            self._blank()
            comma = None
            if self._sign() == ",":
                comma = Span(self.at, self.at + 1)
                self.at += 1
                end = self.at
            elif self._sign() != "}" and not self._at_line_end() and self._sign() != "#":
                self._problem(f"expected `,` or `}}` in the table `{_short(owner)}`", Span(end, end),
                              fix=("insert `,`", ","))  # fmt: skip
                if self.at == before:
                    self.at += 1
        table.span = Span(start, self.at)
        return _frozen(table)

    def _put_inline(self, table: _Building, keys: tuple[Key, ...], value: Value, depth: int) -> None:
        path, self.path = self.path, ("",) * depth
        self._put(table, keys, value, self.section)
        self.path = path

    def _goes_on(self) -> bool:
        """Whether the table in braces that is open here is closed on a line below, before anything new begins."""
        line = self.text.find("\n", self.at)
        for _ in range(_LOOK_AHEAD):
            if line < 0:
                break
            following = self.text.find("\n", line + 1)
            content = self.text[line + 1 : len(self.text) if following < 0 else following].strip()
            if content.startswith("["):
                return False
            if "}" in content and not (_PAIR_START.match(content) and "{" in content):
                return True
            line = following
        return False

    def _unclosed_inline(self, table: _Building, start: int, end: int, said: bool) -> Table:
        if not said:
            self._problem("this table is not closed", Span(start, start + 1), hint="expected `}` on the same line")
        table.span = Span(start, end)
        self.at = end
        return _frozen(table)


class _Piece(NamedTuple):
    text: str
    span: Span


def quoted(text: str) -> str:
    """A string as TOML writes it."""
    shown = []
    for sign in text:
        if sign in '"\\':
            shown.append("\\" + sign)
        elif ord(sign) < 0x20 or ord(sign) == 0x7F or 0xD800 <= ord(sign) <= 0xDFFF:
            shown.append(f"\\u{ord(sign):04X}" if ord(sign) < 0xD800 else "\ufffd")
        else:
            shown.append(sign)
    return f'"{"".join(shown)}"'


def _short(text: str) -> str:
    """A text to quote in a message: one line, not long."""
    line = text.split("\n", 1)[0].rstrip("\r")
    return line if len(line) <= 40 else line[:39] + "…"
