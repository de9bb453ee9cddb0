"""Where the lines of formatted WIT break: one decision per token, taken from the tokens and their comments alone.

What is decided never depends on the blanks between tokens, with two exceptions that a second run finds unchanged: blank
lines that the author left, and line breaks beside comments. So formatting twice is formatting once.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from dataflare_lsp.wit.lexer import END, ID, INTEGER, Tokens, end_of_comment
from dataflare_lsp.wit.parser import Segment

WIDTH = 100
"""The columns (code points) that a line may have before its lists are written one element per line."""


class Break(IntEnum):
    """What stands before a token, where no comment does."""

    NONE = 0
    SPACE = 1
    DROPPED = 2
    """The token itself goes: a trailing comma of a list on one line."""
    VERBATIM = 3
    """What the author wrote."""
    START = 4
    """The first of a file."""
    OPENED = 5
    """A line of its own, the first after an opening sign."""
    NEXT = 6
    """A line of its own, with no blank line before it."""
    KEPT = 7
    """A line of its own, after the blank line that the author left, if any."""
    APART = 8
    """A line of its own, after a blank line."""
    CLOSING = 9
    """A line of its own, for a closing sign."""
    EMPTY = 10
    """Nothing: the closing sign of an empty body."""
    FINISH = 11
    """The end of the file."""


class Comment(NamedTuple):
    """A comment of a text, without the blanks that end a line comment."""

    start: int
    end: int
    is_line: bool

    def width(self, text: str) -> int:
        """Its length in code points; line breaks count as one."""
        return self.end - self.start - text.count("\r\n", self.start, self.end)


_COMMENT_START = re.compile(r"//[^\n]*|/\*")


def comments(text: str, start: int, end: int) -> Iterator[Comment]:
    """The comments between two neighbouring tokens, the first of which ends at `start`."""
    while True:
        found = _COMMENT_START.search(text, start, end)
        if found is None:
            return
        at = found.start()
        if text[at + 1] == "/":
            start = found.end()
            yield Comment(at, at + len(found.group().rstrip(" \t\r")), True)
        else:
            start, _ = end_of_comment(text, at)
            yield Comment(at, start, False)


TIGHT_BEFORE = frozenset((",", ";", ")", ">", ".", "<", ":", "/", "@", "(", "-", "+"))
_TIGHT_AFTER = frozenset(("(", "<", ".", "/", "@", "-", "+"))
_OPENERS = frozenset(("(", "<", "{"))
_CLOSERS = frozenset((")", ">", "}"))


class Layout:
    """The tokens of `text` that start between two offsets, and what is to stand before each of them.

    After the last one stands a token of the kind END. `levels` are those of the token's line, or, for a token inside a
    line, the level at which the line would go on after a comment. `added` holds the closing signs that a comma is to be
    written before.
    """

    def __init__(self, text: str, start: int, end: int, indent: int) -> None:
        tokens = Tokens(text, start)
        while tokens.kind != END and tokens.start < end:
            tokens.advance()
        self.text = text
        self.indent = indent
        self.count = count = tokens.index
        self.kinds = [*tokens.kinds[:count], END]
        self.starts = [*tokens.starts[:count], end]
        self.ends = [*tokens.ends[:count], end]
        self.breaks: list[Break] = [Break.VERBATIM] * (count + 1)
        self.levels = [0] * (count + 1)
        self.added: set[int] = set()
        self._match = [-1] * (count + 1)
        # Of each token: the width of the gap before it on one line; and, of all tokens before each, the sum of their
        # widths with these gaps, and how many of these gaps hold a comment with a line break that stays.
        self._gaps = [0] * (count + 1)
        self._widths = [0] * (count + 2)
        self._forced = [0] * (count + 2)
        self._payloads: set[int] = set()

    def index(self, offset: int) -> int:
        """The first token that starts at `offset` or after it."""
        return bisect_left(self.starts, offset, 0, self.count)

    def segment(self, first: int, end: int, segment: Segment, previous: Segment | None) -> None:
        """Lay out the tokens of a segment that has no mistake in it, and that stands after `previous`."""
        level = len(segment.before.scopes) - 1
        if segment.kind == "end":
            self.breaks[end] = Break.FINISH
        elif segment.kind == "close":
            self._measure(first, end)
            self.breaks[first] = Break.EMPTY if previous is not None and previous.kind == "open" else Break.CLOSING
            self.levels[first] = level - 1
        else:
            self.item(first, end, level)
            if previous is None:
                self.breaks[first] = Break.START
            elif previous.kind == "open":
                self.breaks[first] = Break.OPENED
            elif segment.before.scopes[-1] in ("interface", "world") or previous.kind == segment.kind == "use":
                self.breaks[first] = Break.KEPT
            else:
                self.breaks[first] = Break.APART

    def item(self, first: int, end: int, level: int) -> None:
        """Lay out the one item that the tokens `first` to `end` (excluded) are; what stands before it stays open."""
        self._measure(first, end)
        self._item(first, level)

    # Measuring -------------------------------------------------------------------------------------------------

    def _measure(self, first: int, end: int) -> None:
        """Set the tokens to one line, pair their brackets, and sum up their widths."""
        text, kinds, starts, ends = self.text, self.kinds, self.starts, self.ends
        breaks, gaps, widths, forced, match = self.breaks, self._gaps, self._widths, self._forced, self._match
        opened: list[int] = []
        before = ""
        at = starts[first]
        width = breaks_by_comments = 0
        widths[first] = forced[first] = 0
        for token in range(first, end):
            kind = kinds[token]
            tight = kind in TIGHT_BEFORE or before in _TIGHT_AFTER
            if kind in _OPENERS:
                opened.append(token)
                tight = tight or (kind == "{" and before == ".")
            elif kind in _CLOSERS and opened:
                opener = opened.pop()
                match[opener] = token
                if before == ",":
                    breaks[token - 1] = Break.DROPPED
                    width -= 1
                    widths[token] = width
                if kind == "}":
                    tight = self._hugs(opener) or opener == token - 1
            if before == "{":
                tight = tight or self._hugs(token - 1)
            elif before == ":":
                tight = tight or self._in_path(first, token - 1)
            elif before == INTEGER:
                tight = tight or kind == ID
            breaks[token] = Break.NONE if tight else Break.SPACE
            gap = 0 if tight else 1
            start = starts[token]
            if start - at > 1 and token > first and "/" in text[at:start]:
                found = list(comments(text, at, start))
                gap += sum(1 + comment.width(text) for comment in found)
                if "\n" in text[at:start] and (
                    before == ","
                    or before in _OPENERS
                    or kind in _CLOSERS
                    or any(comment.is_line or "\n" in text[comment.start : comment.end] for comment in found)
                ):
                    breaks_by_comments += 1
            gaps[token] = gap
            at = ends[token]
            width += gap + at - start
            widths[token + 1] = width
            forced[token + 1] = breaks_by_comments
            before = kind

    def _hugs(self, opener: int) -> bool:
        """Whether a brace stands close to what it holds: that of `use a.{b}`, unlike that of `with { a as b }`."""
        return opener > 0 and self.kinds[opener - 1] == "."

    def _in_path(self, first: int, colon: int) -> bool:
        """Whether a colon stands between a namespace and a package rather than after a name."""
        return self.kinds[colon + 2] == "/" or self.kinds[first] == "package"

    # Items -----------------------------------------------------------------------------------------------------

    def _item(self, first: int, level: int) -> int:
        """Lay out an item; the token after it."""
        kinds, levels, match = self.kinds, self.levels, self._match
        levels[first] = level
        while kinds[first] == "@":
            after = match[first + 2] + 1
            levels[first + 1 : after] = [level + 1] * (after - first - 1)
            first = after
            levels[first] = level
            self.breaks[first] = Break.NEXT
        kind = kinds[first]
        if kind in ("record", "variant", "enum", "flags"):
            return self._fields(first, level)
        if kind == "resource" and kinds[first + 2] == "{":
            return self._body(first, first + 2, level)
        if kind in ("import", "export") and kinds[first + 2] == ":" and kinds[first + 3] == "interface":
            return self._body(first, first + 4, level)
        end = self._end(first)
        if kinds[end - 1] == "{":  # the body is made of segments of its own
            levels[first + 1 : end] = [level + 1] * (end - first - 1)
        else:
            self._line(first, end, level)
        return end

    def _end(self, first: int) -> int:
        """The token after a statement, or after the brace that opens the body of an interface, world or package."""
        kinds, match = self.kinds, self._match
        token = first
        while kinds[token] != ";":
            if kinds[token] == "{":
                if match[token] < 0:
                    return token + 1
                token = match[token] + 1
                if kinds[token] != ";":
                    return token
            else:
                token += 1
        return token + 1

    def _body(self, first: int, opener: int, level: int) -> int:
        """Lay out an item with items in it; the token after it."""
        levels, breaks = self.levels, self.breaks
        closer = self._match[opener]
        levels[first + 1 : opener + 1] = [level + 1] * (opener - first)
        levels[closer] = level
        if closer == opener + 1:
            breaks[closer] = Break.EMPTY
            return closer + 1
        token = opener + 1
        while token < closer:
            breaks[token] = Break.OPENED if token == opener + 1 else Break.KEPT
            token = self._item(token, level + 1)
        breaks[closer] = Break.CLOSING
        return closer + 1

    def _fields(self, first: int, level: int) -> int:
        """Lay out a record, variant, enum or flags; the token after it."""
        opener = first + 2
        closer = self._match[opener]
        self.levels[first + 1 : opener + 1] = [level + 1] * 2
        if closer == opener + 1:
            self.breaks[closer] = Break.EMPTY
            self.levels[closer] = level
        else:
            if self.kinds[first] == "variant":
                self._payloads.update(token for token in range(opener, closer) if self.kinds[token] == "(")
            self._elements(opener, level, Break.KEPT)
        return closer + 1

    # Lines -----------------------------------------------------------------------------------------------------

    def _line(self, first: int, end: int, level: int, tail: int = 0) -> None:
        """Lay out the tokens `first` to `end` (excluded), which begin a line, with `tail` more columns after them.

        They stay on one line where that fits. Else the brackets are opened, outer ones before inner ones and the first
        before the second, until the rest fits.
        """
        self.levels[first + 1 : end] = [level + 1] * (end - first - 1)
        widths, forced = self._widths, self._forced
        column = level * self.indent + tail
        while True:
            wide = column + widths[end] - widths[first] - self._gaps[first] > WIDTH
            if not wide and forced[end] == forced[first + 1]:
                return
            opener = self._to_open(first, end, wide)
            if opener < 0:
                return
            self._elements(opener, level, Break.NEXT)
            first = self._match[opener]

    def _to_open(self, first: int, end: int, wide: bool) -> int:
        """The bracket to write one element per line: the first, or the first with a comment that needs it; -1: none."""
        kinds, match, forced = self.kinds, self._match, self._forced
        token = first
        while token < end:
            if kinds[token] in _OPENERS:
                closer = match[token]
                if (wide and closer > token + 1) or forced[closer + 1] > forced[token + 1]:
                    return self._innermost(token)
                token = closer
            token += 1
        return -1

    def _innermost(self, opener: int) -> int:
        """For `list<tuple<…>>` and the like, the inner bracket: opening the outer one would gain nothing."""
        kinds, match, forced = self.kinds, self._match, self._forced
        while not self._takes_comma(opener):
            inner = opener + 2
            closer = match[opener]
            if (
                kinds[inner] != "<"
                or match[inner] != closer - 1
                or forced[inner + 1] > forced[opener + 1]
                or forced[closer + 1] > forced[closer]
            ):
                break
            opener = inner
        return opener

    def _takes_comma(self, opener: int) -> bool:
        """Whether the grammar allows a comma after the last element."""
        if self.kinds[opener] == "<":
            return self.kinds[opener - 1] == "tuple"
        return opener not in self._payloads

    def _elements(self, opener: int, level: int, between: Break) -> None:
        """Give each element between the brackets a line of its own, and a comma after the last one."""
        kinds, match, breaks, levels = self.kinds, self._match, self.breaks, self.levels
        closer = match[opener]
        comma = 0
        if self._takes_comma(opener):
            comma = 1
            if closer > opener + 1 and kinds[closer - 1] != ",":
                self.added.add(closer)
        first = opener + 1
        while first < closer:
            end = first
            while end < closer and kinds[end] != ",":
                end = match[end] + 1 if kinds[end] in _OPENERS else end + 1
            breaks[first] = Break.OPENED if first == opener + 1 else between
            levels[first] = level + 1
            self._line(first, end, level + 1, comma if end == closer else 1)
            if end < closer:
                breaks[end] = Break.NONE
                levels[end] = level + 2
            first = end + 1
        breaks[closer] = Break.CLOSING
        levels[closer] = level
