"""Semantic tokens as the protocol's numbers, written once for each segment and put together for each answer.

The protocol counts each token's line and column from the token before it. Within a segment these numbers stay the same
wherever the segment moves to; only its first token's depend on what is before.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.semantic_tokens import Token, segment_tokens
from dataflare_lsp.features.token_legend import LEGEND_MODIFIERS, LEGEND_TYPES
from dataflare_lsp.server.view import JsonText, View
from dataflare_lsp.text import Encoding, Lines, Position, Span
from dataflare_lsp.wit.parser import Segment

_TYPES = {name: number for number, name in enumerate(LEGEND_TYPES)}
_MODIFIERS = {name: 1 << number for number, name in enumerate(LEGEND_MODIFIERS)}


class _Place(NamedTuple):
    """Where a token begins: lines from the segment's start; columns too, as long as it is on that line."""

    line: int
    column: int


class _Piece(NamedTuple):
    """The numbers of a segment's tokens `made_of`, but for the line and column of the first."""

    made_of: tuple[Token, ...]
    first: _Place
    last: _Place
    numbers: str


class TokenWriter:
    """Writes the tokens of files for one client, and keeps what it has written."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._known: dict[str, dict[Segment, _Piece | None]] = {}

    def forget(self, file: str) -> None:
        """Nobody asks about a file for now."""
        self._known.pop(file, None)

    def write(self, view: View, file: str, span: Span | None = None) -> JsonText:
        """The tokens of a file, or of the items that `span` touches."""
        source = view.snapshot.source(file)
        known = self._known.get(file, {})
        used: dict[Segment, _Piece | None] = {}
        written: list[str] = []
        line = column = 0
        areas = view.areas(file)
        for number, tokens in segment_tokens(view.snapshot, file, span):
            if not tokens:
                continue
            segment = source.segments[number]
            piece = known.get(segment)
            if piece is None or piece.made_of is not tokens:
                piece = _piece(segment.text, tokens, self._encoding)
            used[segment] = piece
            if piece is None:
                continue
            start = areas(Span(source.starts[number], source.starts[number]))
            at = _absolute(piece.first, start.line, start.column)
            written.append(f"{at.line - line},{at.column - column if at.line == line else at.column},{piece.numbers}")
            line, column = _absolute(piece.last, start.line, start.column)
        if span is None and file in view.snapshot.owners:
            self._known[file] = used
        return JsonText(f'{{"data":[{",".join(written)}]}}')


def _absolute(place: _Place, line: int, column: int) -> _Place:
    return _Place(line + place.line, place.column if place.line else column + place.column)


def _piece(text: str, tokens: tuple[Token, ...], encoding: Encoding) -> _Piece | None:
    """The numbers of a segment's tokens; None where there is nothing in any of them."""
    lines = Lines(text)
    numbers: list[str] = []
    first: _Place | None = None
    last = _Place(0, 0)
    for token in tokens:
        kind = f"{_TYPES[token.type]},{sum([_MODIFIERS[modifier] for modifier in token.modifiers])}"
        for start, end in _by_line(lines, token.span):
            place = _Place(start.line, lines.units(start, encoding))
            length = lines.units(end, encoding) - place.column
            if first is None:
                first = place
                numbers.append(f"{length},{kind}")
            else:
                column = place.column - (last.column if place.line == last.line else 0)
                numbers.append(f"{place.line - last.line},{column},{length},{kind}")
            last = place
    return _Piece(tokens, first, last, ",".join(numbers)) if first is not None else None


def _by_line(lines: Lines, span: Span) -> Iterator[tuple[Position, Position]]:
    """The start and end of a token on each of its lines: few clients take one that goes over several."""
    start, end = lines.position(span.start), lines.position(span.end)
    if start.line == end.line:
        if start != end:
            yield start, end
        return
    for line in range(start.line, end.line + 1):
        first = start.column if line == start.line else 0
        last = end.column if line == end.line else len(lines.line(line))
        if first < last:
            yield Position(line, first), Position(line, last)
