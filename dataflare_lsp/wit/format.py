"""The formatter: the one layout of a WIT text, as a new text or as the smallest edits that lead to it.

Only blanks between tokens and comments change, and the comma after the last element of a list: every token and every
comment stays, in its order, each comment between the same two tokens. So the meaning stays too, documentation included,
since the reference takes all comments before an item for its documentation. `wit.layout` decides where lines break;
this module writes what stands between, comments above all. The style is described in docs/reference/formatting.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.codes import SEVERITIES
from dataflare_lsp.wit.layout import TIGHT_BEFORE, Break, Comment, Layout, comments
from dataflare_lsp.wit.lexer import BYTE_ORDER_MARK, END, OPEN_COMMENT, Tokens
from dataflare_lsp.wit.parser import Parser, Problem, Scope, Segment, State
from dataflare_lsp.wit.source import Source

INDENT = 4
"""The spaces of one level: as in the specification's own text and in most of WASI."""


class Unformattable(Exception):
    """The text does not parse, so its layout would be a guess: `message` says what is wrong first, at `span`."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def format_text(text: str | Source, indent: int = INDENT) -> str:
    """`text` formatted, with `indent` spaces per level. Raises `Unformattable`.

    Line breaks become the kind that most lines have; a byte order mark is kept.
    """
    source = _parsed(text)
    text = source.text
    parts = []
    for blanks, start, end in _pieces(source, 0, len(source.segments), indent):
        parts.append(blanks)
        parts.append(text[start:end])
    return "".join(parts)


def format_edits(text: str | Source, span: Span | None = None, indent: int = INDENT) -> tuple[TextEdit, ...]:
    """The edits that format `text`, or the lines that `span` touches; in order, none larger than a gap within lines.

    For the whole text, raises `Unformattable`. For a span, items with a mistake in them stay as they are, and so does
    all that is on other lines.
    """
    if span is None:
        source = _parsed(text)
        return tuple(_edits(source.text, 0, _pieces(source, 0, len(source.segments), indent)))
    source = _source(text)
    lines = _lines_of(source.text, span)
    first = source.segment_at(lines.start)
    end = source.segment_at(lines.end) + 1
    pieces = _pieces(source, first, end, indent)
    return tuple(_edits(source.text, source.starts[first], pieces, lines))


def format_on_type(text: str | Source, offset: int, typed: str, indent: int = INDENT) -> tuple[TextEdit, ...]:
    """The edits that follow from having typed `typed`, which ends at `offset`.

    `;` and `}` format the item that they close, from its first token (its comments are above it) to there; a `}` that
    closes something with a mistake in it only takes its place in the line. A line break gives the new line its
    indentation. Whatever is typed elsewhere in the file may be unfinished.
    """
    source = _source(text)
    if not 0 < offset <= len(source.text):
        return ()
    if typed.endswith("\n"):
        return tuple(_indent_line(source, offset, indent))
    if typed in (";", "}"):
        return tuple(_format_closed(source, offset, typed, indent))
    return ()


def _source(text: str | Source) -> Source:
    return text if isinstance(text, Source) else Source.parse("", text)


def _parsed(text: str | Source) -> Source:
    """The source of `text`. Raises `Unformattable`."""
    source = _source(text)
    for number, segment in enumerate(source.segments):
        wrong = _errors(segment)
        if wrong:
            first = min(wrong, key=lambda problem: problem.span)
            raise Unformattable(first.message, source.absolute(number, first.span))
    return source


def _errors(segment: Segment) -> list[Problem]:
    """What does not parse. Of some things that do, the parser says that they had better not be there."""
    return [problem for problem in segment.problems if SEVERITIES[problem.code] == "error"]


def _is_sound(segment: Segment) -> bool:
    return not _errors(segment) and segment.kind != "junk" and not segment.before.muted


# Writing -------------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A token, a comment or a line of one, at `start` to `end` of the text, and the blanks to stand before it.

    A comma to be added is with the blanks; one to be dropped is between two pieces.
    """

    blanks: str
    start: int
    end: int


def _pieces(source: Source, first: int, end: int, indent: int) -> Iterator[_Piece]:
    """The segments `first` to `end` (excluded) formatted; those with mistakes as they are."""
    text, segments, starts = source.text, source.segments, source.starts
    layout = Layout(text, starts[first], starts[end], indent)
    at = starts[first]
    if at == 0 and text.startswith(BYTE_ORDER_MARK):
        yield _Piece("", 0, 1)
        at = 1
    token = 0
    for number in range(first, end):
        segment = segments[number]
        after = layout.index(starts[number + 1])
        if _is_sound(segment):
            previous = segments[number - 1] if number else None
            layout.segment(token, after, segment, previous)
            if previous is not None and not _is_sound(previous):
                # What the author wrote there may be one line or two, or a comment that never ends.
                if segment.kind == "end" or "\n" not in text[starts[number] : layout.starts[token]]:
                    layout.breaks[token] = Break.VERBATIM
                elif layout.breaks[token] is Break.EMPTY:
                    layout.breaks[token] = Break.CLOSING
        token = after
    writer = _Writer(layout, newline_of(text))
    yield from writer.pieces(0, layout.count, at)
    if layout.breaks[layout.count] is Break.FINISH:
        yield from writer.pieces(layout.count, layout.count + 1, writer.at)


def newline_of(text: str) -> str:
    """The line break that most lines of `text` end with."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


class _Writer:
    """Writes the tokens of a layout."""

    def __init__(self, layout: Layout, newline: str) -> None:
        self.layout = layout
        self.text = layout.text
        self.newline = newline
        self.at = 0
        """Where what was written last ends."""
        self._mixed = "\r" in layout.text
        self._lines: dict[int, str] = {}

    def pieces(self, first: int, end: int, at: int) -> Iterator[_Piece]:
        """The tokens `first` to `end` (excluded), with the comments before them; `at` is where the gap begins."""
        layout, text = self.layout, self.text
        breaks, starts, ends = layout.breaks, layout.starts, layout.ends
        for token in range(first, end):
            breaking = breaks[token]
            start = starts[token]
            if breaking is Break.NONE and start == at:
                blanks = ""
            elif breaking is Break.DROPPED:
                continue
            elif breaking is Break.VERBATIM:
                blanks = text[at:start]
            elif start - at > 1 and "/" in text[at:start]:
                written = self._between(token, breaking, at, start)
                yield from written[:-1]
                blanks = written[-1].blanks
            else:
                blanks = self._blanks(token, breaking, at, start)
            at = ends[token]
            yield _Piece(blanks, start, at)
        self.at = at

    def _blanks(self, token: int, breaking: Break, at: int, start: int) -> str:
        """What stands before a token where no comment does."""
        if breaking is Break.SPACE:
            return " "
        if breaking in (Break.NONE, Break.EMPTY, Break.START):
            return ""
        if breaking is Break.FINISH:
            return "" if self._starts_file(at) else self.newline
        comma = "," if token in self.layout.added else ""
        blank = breaking is Break.APART or (breaking is Break.KEPT and self.text.count("\n", at, start) > 1)
        return comma + (self.newline if blank else "") + self._line(self.layout.levels[token])

    def _line(self, level: int) -> str:
        """A line break and the indentation of a level."""
        line = self._lines.get(level)
        if line is None:
            line = self._lines[level] = self.newline + " " * (self.layout.indent * level)
        return line

    def _starts_file(self, at: int) -> bool:
        return at == 0 or (at == 1 and self.text[0] == BYTE_ORDER_MARK)

    def _between(self, token: int, breaking: Break, at: int, start: int) -> list[_Piece]:
        """The comments before a token, and the token."""
        found = list(comments(self.text, at, start))
        one_line = "\n" not in self.text[at:start] and not any(comment.is_line for comment in found)
        if breaking in (Break.NONE, Break.SPACE) or (breaking is Break.EMPTY and one_line):
            blanks = self._inline(token, breaking, at, found)
        else:
            blanks = self._on_lines(token, breaking, at, found)
        if token in self.layout.added:
            blanks[0] = "," + blanks[0]
        pieces: list[_Piece] = []
        for comment, before in zip(found, blanks, strict=False):
            pieces.extend(self._comment(comment, before))
        pieces.append(_Piece(blanks[-1], start, start))
        return pieces

    def _inline(self, token: int, breaking: Break, at: int, found: list[Comment]) -> list[str]:
        """What stands before each comment and before the token, inside a line."""
        onward = self._line(self.layout.levels[token])
        tight = breaking is Break.NONE
        blanks = ["" if tight and self.text[at - 1] in "(<{" else " "]
        blanks += [onward if comment.is_line else " " for comment in found[:-1]]
        kind = self.layout.kinds[token]
        if found[-1].is_line:
            blanks.append(onward)
        else:
            blanks.append("" if kind in TIGHT_BEFORE or (kind == "}" and tight) else " ")
        return blanks

    def _on_lines(self, token: int, breaking: Break, at: int, found: list[Comment]) -> list[str]:
        """What stands before each comment and before the token, where the token begins a line.

        Comments on the line of what came before stay there, those on the token's line stay on it.
        """
        level = self.layout.levels[token]
        closing = breaking in (Break.CLOSING, Break.EMPTY, Break.FINISH)
        inside = self._line(level if not closing or breaking is Break.FINISH else level + 1)
        edges = [at, *(edge for comment in found for edge in (comment.start, comment.end)), self.layout.starts[token]]
        feeds = [self.text.count("\n", edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
        starts_file = self._starts_file(at)
        trailing = 0
        while not starts_file and trailing < len(found) and feeds[trailing] == 0:
            trailing += 1
        if trailing == len(found) and feeds[-1] == 0 and not found[-1].is_line and not closing:
            trailing = 0
        may_be_apart = breaking in (Break.KEPT, Break.FINISH) or (
            breaking is Break.CLOSING and self.text[at - 1] not in "(<{"
        )
        blanks = []
        first = True
        for number in range(len(found) + 1):
            line = inside
            if number == len(found) and closing:
                line = self.newline if breaking is Break.FINISH else self._line(level)
                blank = False
            elif first:
                blank = breaking is Break.APART or (may_be_apart and feeds[number] > 1)
            else:
                blank = breaking is not Break.NEXT and feeds[number] > 1
            if number < trailing:
                blanks.append(" ")
            elif number == 0 and starts_file:
                blanks.append("")
                first = False
            elif number > trailing and feeds[number] == 0 and not (number == len(found) and closing):
                blanks.append(" ")
            else:
                blanks.append(self.newline + line if blank else line)
                first = False
        return blanks

    def _comment(self, comment: Comment, blanks: str) -> Iterator[_Piece]:
        """A comment as it is, except for the kind of its line breaks."""
        start = comment.start
        if self._mixed and not comment.is_line:
            for feed in _LINE_BREAK.finditer(self.text, start, comment.end):
                yield _Piece(blanks, start, feed.start())
                blanks, start = self.newline, feed.end()
        yield _Piece(blanks, start, comment.end)


# A carriage return that is not part of a line break is part of the comment.
_LINE_BREAK = re.compile(r"(?<!\r)\r?\n")


# Edits ---------------------------------------------------------------------------------------------------------


def _edits(text: str, at: int, pieces: Iterable[_Piece], lines: Span | None = None) -> Iterator[TextEdit]:
    """The edits that make the gaps between pieces what they should be, from the offset `at` on; only within `lines`."""
    for blanks, start, end in pieces:
        if text[at:start] != blanks:
            for edit, joins in _split(text, at, start, blanks):
                first, last = edit.span
                if lines is None or (
                    (lines.start <= first and last <= lines.end + 1)
                    if joins
                    else (first <= lines.end and last >= lines.start)
                ):
                    yield edit
        at = end


def _split(text: str, start: int, end: int, new: str) -> Iterator[tuple[TextEdit, bool]]:
    """A gap's edits: at the end of its first line, between its lines (True), and at the start of its last one."""
    first_old = text.find("\n", start, end)
    first_new = new.find("\n")
    if first_old < 0 or first_new < 0:
        yield TextEdit(Span(start, end), new), False
        return
    head_old = first_old - (first_old > start and text[first_old - 1] == "\r")
    head_new = first_new - (first_new > 0 and new[first_new - 1] == "\r")
    tail_old = text.rfind("\n", start, end) + 1
    tail_new = new.rfind("\n") + 1
    if text[start:head_old] != new[:head_new]:
        yield TextEdit(Span(start, head_old), new[:head_new]), False
    between = new[head_new:tail_new]
    newline = "\r\n" if between[0] == "\r" else "\n"
    while between and text.startswith(newline, head_old, tail_old):
        head_old += len(newline)
        between = between[len(newline) :]
    if between or head_old < tail_old:
        yield TextEdit(Span(head_old, tail_old), between), True
    if text[tail_old:end] != new[tail_new:]:
        yield TextEdit(Span(tail_old, end), new[tail_new:]), False


def _lines_of(text: str, span: Span) -> Span:
    """The lines that `span` touches, without the last line break. A span that ends where a line starts excludes it."""
    start = max(0, min(span.start, len(text)))
    end = max(start, min(span.end, len(text)))
    if end > start and text[end - 1] == "\n":
        end -= 1
    start = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    return Span(start, len(text) if stop < 0 else stop)


# While typing --------------------------------------------------------------------------------------------------


def _format_closed(source: Source, offset: int, typed: str, indent: int) -> Iterator[TextEdit]:
    """Format the item that the sign before `offset` closes."""
    number = source.segment_at(offset - 1)
    layout = Layout(source.text, source.starts[number], offset, indent)
    last = layout.count - 1
    if last < 0 or layout.ends[last] != offset or layout.kinds[last] != typed:
        return
    if source.segments[number].kind == "close":
        yield from _format_body(source, number, offset, indent)
        return
    first = _first_of_item(layout.kinds, last)
    if first < 0:
        return
    start = layout.starts[first]
    scopes = source.segments[number].before.scopes
    kinds = layout.kinds[:first]
    level = max(0, len(scopes) - 1 + kinds.count("{") - kinds.count("}"))
    if _parses(source.text[start:offset], scopes):
        layout.item(first, layout.count, level)
        writer = _Writer(layout, newline_of(source.text))
        yield from _reindent(source.text, start, level * indent)
        yield from _edits(source.text, layout.ends[first], writer.pieces(first + 1, layout.count, layout.ends[first]))
    elif typed == "}":
        yield from _reindent(source.text, offset - 1, level * indent)


def _first_of_item(kinds: list[str], last: int) -> int:
    """The first token of the item that ends with the token `last`; -1: its opening brace is missing."""
    token = last
    if kinds[token] == ";" and token > 0 and kinds[token - 1] == "}":
        token -= 1
    if kinds[token] == "}":
        depth = 1
        while depth:
            token -= 1
            if token < 0:
                return -1
            depth += (kinds[token] == "}") - (kinds[token] == "{")
    while token > 0 and kinds[token - 1] not in (";", "{", "}"):
        token -= 1
    return token


def _parses(item: str, scopes: tuple[Scope, ...]) -> bool:
    """Whether `item` is one whole item where it stands, in an interface or in a resource."""
    trials: tuple[tuple[str, tuple[Scope, ...]], ...] = (
        (item, scopes),
        (item, ("file", "interface")),
        (f"resource r {{{item}}}", ("file", "interface")),
    )
    for text, within in trials:
        segment = Parser(text).segment(State(within, indents=(-1,) * (len(within) - 1)))
        if _is_sound(segment) and segment.length == len(text):
            return True
    return False


def _format_body(source: Source, number: int, offset: int, indent: int) -> Iterator[TextEdit]:
    """Format the interface, world or nested package that the segment `number` closes, or else only its brace."""
    segments, text = source.segments, source.text
    depth = len(segments[number].before.scopes)
    head = number
    while head >= 0 and not (segments[head].kind == "open" and len(segments[head].before.scopes) == depth - 1):
        head -= 1
    if head < 0 or not all(_is_sound(segment) for segment in segments[head : number + 1]):
        yield from _reindent(text, offset - 1, (depth - 2) * indent)
        return
    start = source.starts[head] + segments[head].anchor
    yield from _reindent(text, start, (depth - 2) * indent)
    body = (piece for piece in _pieces(source, head, number + 1, indent) if piece.start > start)
    yield from _edits(text, Tokens(text, start).end, body)


def _reindent(text: str, at: int, indentation: int) -> Iterator[TextEdit]:
    """Move what stands at `at` to the column `indentation`, if it is the first on its line."""
    line = text.rfind("\n", 0, at) + 1
    if text.startswith(BYTE_ORDER_MARK, line, at):
        line += 1
    if not text[line:at].strip(" \t") and text[line:at] != " " * indentation:
        yield TextEdit(Span(line, at), " " * indentation)


def _indent_line(source: Source, offset: int, indent: int) -> Iterator[TextEdit]:
    """Indent the line of `offset` as deep as what is open before it."""
    text, segments, starts = source.text, source.segments, source.starts
    line = text.rfind("\n", 0, offset) + 1
    place = _NO_BLANK.search(text, line)
    at = place.start() if place is not None else len(text)
    number = source.segment_at(at)
    if at < starts[number] + segments[number].anchor or segments[number].kind == "end":
        # Nothing of the segment is on the line: go by what stands before, where something may still be open.
        while number > 0 and (
            starts[number - 1] == starts[number]
            or (segments[number - 1].kind in ("member", "junk") and not _is_sound(segments[number - 1]))
        ):
            number -= 1
    tokens = Tokens(text, starts[number])
    before = starts[number]
    opened: list[str] = []
    pending: Counter[str] = Counter()
    while tokens.start < line and tokens.kind != END:
        if tokens.kind == OPEN_COMMENT or tokens.end > line:
            return
        closer = _CLOSER_OF.get(tokens.kind)
        if closer is not None:
            opened.append(closer)
            pending[closer] += 1
        elif pending[tokens.kind]:
            # What it does not close was forgotten.
            last = ""
            while last != tokens.kind:
                last = opened.pop()
                pending[last] -= 1
        before = tokens.end
        tokens.advance()
    if any(
        comment.start < line <= comment.end and not comment.is_line for comment in comments(text, before, tokens.start)
    ):
        return
    level = len(segments[number].before.scopes) - 1 + len(opened)
    if tokens.start == at and (pending[tokens.kind] or (tokens.kind == "}" and not opened)):
        level -= 1
    yield from _reindent(text, at, max(level, 0) * indent)


_CLOSER_OF = {"{": "}", "(": ")", "<": ">"}
_NO_BLANK = re.compile(r"[^ \t]")
