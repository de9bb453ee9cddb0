"""Lines of a text: offsets to line and column and back, in the columns that each protocol counts."""

import re
from bisect import bisect_right
from typing import Literal, NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What an LSP column counts: bytes of UTF-8, UTF-16 code units, or code points."""

_ANY_BREAK = re.compile(r"\r\n|\n|\r")
_LINE_FEED = re.compile(r"\n")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_CONTINUATIONS = bytes(range(0x80, 0xC0))
_CONTINUES = frozenset(bytes([byte]) for byte in _CONTINUATIONS)


class Position(NamedTuple):
    """A place in a text: 0-based line and 0-based column in code points."""

    line: int
    column: int


class Lines:
    """A text and where its lines start. Immutable; `edited` gives the next one at the cost of the edit.

    A line ends at LF, CRLF or CR, as LSP has it.
    """

    __slots__ = ("_gap", "_shift", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *_breaks(text)]
        # From line `_gap` on, lines start `_shift` further on than `_starts` says: an edit moves them at one stroke.
        self._gap = len(self._starts)
        self._shift = 0

    @property
    def starts(self) -> list[int]:
        """Where each line starts."""
        if self._shift:
            self._starts = self._moved(len(self._starts))
            self._gap = len(self._starts)
            self._shift = 0
        return self._starts

    def start(self, line: int) -> int:
        """Where a line starts. Cheaper than all of `starts`."""
        return self._starts[line] + (self._shift if line >= self._gap else 0)

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._starts)

    def _line_at(self, offset: int) -> int:
        starts, gap, shift = self._starts, self._gap, self._shift
        if shift and gap < len(starts) and offset >= starts[gap] + shift:
            return bisect_right(starts, offset - shift, gap) - 1
        return bisect_right(starts, offset, 0, gap if shift else len(starts)) - 1

    def _moved(self, gap: int) -> list[int]:
        """`_starts` as they are to be when lines from `gap` on are those that start further on."""
        starts, old, shift = self._starts, self._gap, self._shift
        if not shift or gap == old:
            return starts
        if gap > old:
            return [*starts[:old], *[at + shift for at in starts[old:gap]], *starts[gap:]]
        return [*starts[:gap], *[at - shift for at in starts[gap:old]], *starts[old:]]

    def position(self, offset: int) -> Position:
        """The line and column of `offset`; offsets beyond the text are its end."""
        offset = max(0, min(offset, len(self.text)))
        line = self._line_at(offset)
        return Position(line, offset - self.start(line))

    def offset(self, position: Position) -> int:
        """The offset of `position`; a column beyond its line is that line's end, a line beyond the text the text's."""
        line, column = position
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start = self.start(line)
        return min(start + max(column, 0), start + len(self.line(line)))

    def line(self, line: int) -> str:
        """The text of a line, without its line break."""
        start = self.start(line)
        end = self.start(line + 1) if line + 1 < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def units(self, position: Position, encoding: Encoding) -> int:
        """The column of `position` counted in `encoding`."""
        column = position.column
        if encoding == "utf-32" or position.line >= len(self._starts):
            return column
        start = self.start(position.line)
        return measure(self.text[start : start + column], encoding)

    def from_units(self, line: int, units: int, encoding: Encoding) -> Position:
        """The position whose column counts `units` in `encoding`; inside a character means before it."""
        if line < 0:
            return Position(0, 0)
        if line >= len(self._starts):
            return self.position(len(self.text))
        text = self.line(line)
        if encoding == "utf-32" or text.isascii():
            return Position(line, min(max(units, 0), len(text)))
        return Position(line, _characters(text, max(units, 0), encoding))

    def edited(self, start: int, end: int, new: str) -> "Lines":
        """The lines after the code points `start` to `end` were replaced by `new`."""
        text = self.text[:start] + new + self.text[end:]
        # Scan from the start of the line before the edit (a CR there may now pair with a LF) to the edit's end; breaks
        # that end further on are where they were.
        first = self._line_at(max(start - 1, 0)) + 1
        last = self._line_at(end) + 1
        fresh = _breaks(text, self.start(first - 1), start + len(new))
        starts = self._moved(last)
        edited = Lines.__new__(Lines)
        edited.text = text
        edited._starts = [*starts[:first], *fresh, *starts[last:]] if fresh or first < last else starts
        edited._gap = first + len(fresh)
        edited._shift = self._shift + len(text) - len(self.text)
        return edited


def measure(text: str, encoding: Encoding) -> int:
    """The length of `text` in units of `encoding`; a lone surrogate is one unit of UTF-16 and three bytes of UTF-8."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, units: int, encoding: Literal["utf-8", "utf-16"]) -> int:
    """How many characters of `text` lie whole in its first `units`."""
    if encoding == "utf-8":
        encoded = text.encode("utf-8", "surrogatepass")
        begun = len(encoded[:units].translate(None, _CONTINUATIONS))
        return begun - (encoded[units : units + 1] in _CONTINUES)
    # Every character is one unit or two, and those of two are rare: this many at least lie in the first `units`.
    count = min(units, len(text)) - len(_ASTRAL.findall(text, 0, units))
    seen = measure(text[:count], encoding)
    while count < len(text):
        seen += 2 if text[count] > "\uffff" else 1
        if seen > units:
            break
        count += 1
    return count


def _breaks(text: str, start: int = 0, end: int | None = None) -> list[int]:
    """The offsets just after each line break of `text` from `start` on, up to the offset `end`."""
    pattern = _ANY_BREAK if "\r" in text else _LINE_FEED
    if end is None:
        return [match.end() for match in pattern.finditer(text, start)]
    found = []
    for match in pattern.finditer(text, start):
        if match.end() > end:
            break
        found.append(match.end())
    return found
