"""`--format text`: diagnostics for people, in the manner of modern compilers.

Each shows its source with the place underlined by `^` and the places that it is related to by `-`. The text of files is
shown so that a terminal neither obeys it nor misaligns it: controls become signs, tabs blanks, and long lines are cut.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from dataflare_lsp.cli.results import Found, Results
from dataflare_lsp.cli.terminal import PLAIN, Paint, Style, columns, harmless, visible
from dataflare_lsp.text import Lines, Severity, Span

_TAB = 4
_CUT = "..."
_NARROWEST = 40


def render(results: Results, style: Style = PLAIN, width: int = 120) -> str:
    """All diagnostics, each followed by an empty line, for a terminal of `width` columns."""
    blocks = ["\n".join(_block(results, found, style, width)) for found in results.found]
    return "".join([block + "\n\n" for block in blocks])


def excerpt(
    results: Results, file: str, span: Span, severity: Severity, style: Style = PLAIN, width: int = 120
) -> Iterator[str]:
    """The lines that show one place, and those below it that notes may follow."""
    place = _Place(file, span, "", True)
    frame = _Frame(max(2, len(str(results.range(file, span).end.line))), style, severity)
    yield from _snippet(results, [place], place, frame, width, "-->")


class _Place(NamedTuple):
    """A span to underline, and what is said of it."""

    file: str
    span: Span
    label: str
    primary: bool


class _Mark(NamedTuple):
    """An underline in a line, in columns of code points or of the terminal."""

    start: int
    end: int
    label: str
    paint: Paint
    primary: bool


def _block(results: Results, found: Found, style: Style, width: int) -> Iterator[str]:
    diagnostic = found.diagnostic
    severity = diagnostic.severity
    label = style.paint(severity, f"{severity}[{diagnostic.code}]")
    yield label + style.paint("strong", f": {harmless(diagnostic.message)}")
    places = [_Place(found.file, diagnostic.span, diagnostic.hint, True)]
    places += [_Place(related.file, related.span, related.message, False) for related in diagnostic.related]
    gutter = max(2, *[len(str(results.range(place.file, place.span).end.line)) for place in places])
    frame = _Frame(gutter, style, severity)
    groups = list(_groups(results, places))
    for number, group in enumerate(groups):
        first = min(group, key=lambda place: not place.primary)
        yield from _snippet(results, group, first, frame, width, "-->" if number == 0 else ":::")
    for note in diagnostic.notes:
        yield from frame.note("note", note)
    yield from frame.note("help", f"dataflare-lsp explain {diagnostic.code}")


def _groups(results: Results, places: Iterable[_Place]) -> Iterator[list[_Place]]:
    """The places that one snippet shows: those of a file, but each that spans lines by itself."""
    by_file: dict[str, list[_Place]] = {}
    for place in places:
        by_file.setdefault(place.file, []).append(place)
    for file, of_file in by_file.items():
        lines = results.lines.get(file)
        single = [place for place in of_file if lines is None or not _spans_lines(lines, place.span)]
        several = [[place] for place in of_file if place not in single]
        groups = [single, *several] if single else several
        yield from sorted(groups, key=lambda group: not any(place.primary for place in group))


def _spans_lines(lines: Lines, span: Span) -> bool:
    span = _trimmed(lines, span)
    return lines.position(span.start).line != lines.position(span.end).line


def _trimmed(lines: Lines, span: Span) -> Span:
    """A span without the line break that it ends in."""
    end = span.end
    while end > span.start and lines.text[end - 1 : end] in ("\n", "\r"):
        end -= 1
    return Span(span.start, end)


class _Frame:
    """What stands left of the source: line numbers, bars, arrows."""

    def __init__(self, gutter: int, style: Style, severity: Paint) -> None:
        self.gutter = gutter
        self.style = style
        self.severity = severity

    def paint_of(self, place: _Place) -> Paint:
        return self.severity if place.primary else "frame"

    def bar(self, text: str = "") -> str:
        return self._row(" " * self.gutter, text)

    def numbered(self, number: int, text: str) -> str:
        return self._row(f"{number:>{self.gutter}}", text)

    def _row(self, left: str, text: str) -> str:
        return self.style.paint("frame", f"{left} |") + (f" {text}" if text else "")

    def cut(self, text: str = "") -> str:
        return self.style.paint("frame", _CUT) + (" " * (self.gutter - 1) + text if text else "")

    def arrow(self, arrow: str, where: str) -> str:
        return " " * self.gutter + self.style.paint("frame", arrow) + " " + harmless(where)

    def note(self, label: str, text: str) -> Iterator[str]:
        first, *more = text.splitlines() or [""]
        sign = " " * (self.gutter + 1) + self.style.paint("frame", "=")
        yield f"{sign} {self.style.paint('strong', label)}: {harmless(first)}"
        for line in more:
            yield " " * (self.gutter + 5 + len(label)) + harmless(line)


def _snippet(
    results: Results, group: Sequence[_Place], first: _Place, frame: _Frame, width: int, arrow: str
) -> Iterator[str]:
    lines = results.lines.get(first.file)
    shown = results.shown(first.file)
    if lines is None:
        yield frame.arrow(arrow, shown)
    else:
        line, column = results.range(first.file, first.span).start
        yield frame.arrow(arrow, f"{shown}:{line}:{column}")
        yield frame.bar()
        limit = max(_NARROWEST, width - frame.gutter - 3)
        if _spans_lines(lines, first.span):
            yield from _several_lines(lines, first, frame, limit)
        else:
            yield from _single_lines(lines, group, frame, limit)
    yield frame.bar()


def _single_lines(lines: Lines, group: Sequence[_Place], frame: _Frame, limit: int) -> Iterator[str]:
    """The lines of some places, each within one line, with their underlines."""
    marks = []
    for place in group:
        span = _trimmed(lines, place.span)
        line, start = lines.position(span.start)
        mark = _Mark(start, start + span.end - span.start, place.label, frame.paint_of(place), place.primary)
        marks.append((line, mark))
    marks.sort(key=lambda entry: (entry[0], entry[1].start, entry[1].end))
    previous = None
    for line, entries in groupby(marks, key=lambda entry: entry[0]):
        if previous is not None and line == previous + 2:
            yield frame.numbered(line, _shown(lines, line - 1, [], limit)[0])
        elif previous is not None and line > previous + 1:
            yield frame.cut()
        previous = line
        on_line = [mark for _, mark in entries]
        for together in [on_line] if _fits(lines, line, limit) else [[mark] for mark in on_line]:
            shown, placed = _shown(lines, line, together, limit)
            yield frame.numbered(line + 1, shown)
            for row in _underlines(placed):
                yield frame.bar(row.render(frame.style))


def _several_lines(lines: Lines, place: _Place, frame: _Frame, limit: int) -> Iterator[str]:
    """A place that goes over lines: a bracket on the left from its first to its last."""
    span = _trimmed(lines, place.span)
    first, start = lines.position(span.start)
    last, end = lines.position(span.end)
    paint = frame.paint_of(place)
    sign = "^" if place.primary else "-"
    bar = frame.style.paint(paint, "|")
    shown, (mark,) = _shown(lines, first, [_Mark(start, start + 1, "", paint, place.primary)], limit)
    if lines.text[span.start - start : span.start].strip():
        yield frame.numbered(first + 1, f"  {shown}")
        yield frame.bar(" " + frame.style.paint(paint, "_" * (mark.start + 1) + sign))
    else:
        yield frame.numbered(first + 1, frame.style.paint(paint, "/") + f" {shown}")
    between = range(first + 1, last)
    for line in between if len(between) <= 3 else between[:1]:
        yield frame.numbered(line + 1, f"{bar} {_shown(lines, line, [], limit)[0]}".rstrip())
    if len(between) > 3:
        yield frame.cut(f" {bar}")
    shown, (mark,) = _shown(lines, last, [_Mark(max(0, end - 1), max(end, 1), "", paint, place.primary)], limit)
    yield frame.numbered(last + 1, f"{bar} {shown}".rstrip())
    label = f" {harmless(place.label)}" if place.label else ""
    yield frame.bar(frame.style.paint(paint, "|" + "_" * (mark.start + 1) + sign + label))


def _bounds(lines: Lines, number: int) -> Span:
    """Where the text of a line is, without its line break; lines may be too long to copy them for each mark."""
    text, starts = lines.text, lines.starts
    end = starts[number + 1] if number + 1 < len(starts) else len(text)
    while end > starts[number] and text[end - 1] in "\r\n":
        end -= 1
    return Span(starts[number], end)


def _fits(lines: Lines, number: int, limit: int) -> bool:
    start, end = _bounds(lines, number)
    return end - start <= limit


def _shown(lines: Lines, number: int, marks: Sequence[_Mark], limit: int) -> tuple[str, list[_Mark]]:
    """A line as the terminal gets it, cut to about `limit` columns around the first mark; the marks in its columns."""
    line = _bounds(lines, number)
    first, last = 0, line.end - line.start
    length = last
    if length > limit:
        start, end = (marks[0].start, marks[0].end) if marks else (0, 0)
        limit -= 2 * len(_CUT)
        context = limit // 3 if end - start < limit // 2 else 8
        first = max(0, min(start - context, length - limit))
        last = min(length, first + limit)
    before, after = _CUT if first else "", _CUT if last < length else ""
    shown, starts = _screen(lines.text[line.start + first : line.start + last], len(before))
    placed = []
    for mark in marks:
        start = starts[min(max(mark.start - first, 0), last - first)]
        end = starts[min(max(mark.end - first, 0), last - first)]
        placed.append(mark._replace(start=start, end=max(end, start + 1)))
    return f"{before}{shown}{after}".rstrip(), placed


def _screen(text: str, column: int) -> tuple[str, Sequence[int]]:
    """`text` made harmless, and the column of each of its characters and of its end, the first being `column`."""
    if text.isascii() and text.isprintable():
        return text, range(column, column + len(text) + 1)
    pieces: list[str] = []
    starts = [column]
    for character in text:
        if character == "\t":
            piece = " " * (_TAB - column % _TAB)
        elif character == "\ufeff" and not pieces:
            piece = ""
        else:
            piece = character if character.isprintable() else visible(character)
        pieces.append(piece)
        column += columns(piece)
        starts.append(column)
    return "".join(pieces), starts


class _Row:
    """Signs at columns, each with its colour."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, str, Paint]] = []

    def put(self, column: int, text: str, paint: Paint) -> None:
        self.parts.append((column, text, paint))

    def render(self, style: Style) -> str:
        cells: dict[int, tuple[str, Paint]] = {}
        for column, text, paint in self.parts:
            for offset, sign in enumerate(text):
                cells[column + offset] = (sign, paint)
        drawn = []
        at = 0
        for paint, run in groupby(sorted(cells.items()), key=lambda cell: cell[1][1]):
            signs = []
            for column, (sign, _) in run:
                signs.append(" " * (column - at) + sign)
                at = column + 1
            text = "".join(signs)
            blanks = len(text) - len(text.lstrip(" "))
            drawn.append(text[:blanks] + style.paint(paint, text[blanks:]))
        return "".join(drawn)


def _underlines(marks: Sequence[_Mark]) -> list[_Row]:
    """The rows below a line: the underlines with the label of the last one, then the other labels, hanging."""
    underline = _Row()
    for mark in sorted(marks, key=lambda mark: mark.primary):
        underline.put(mark.start, ("^" if mark.primary else "-") * (mark.end - mark.start), mark.paint)
    rows = [underline]
    hanging = [mark for mark in marks if mark.label]
    if hanging and hanging[-1].end >= max(mark.end for mark in marks):
        beside = hanging.pop()
        underline.put(beside.end + 1, harmless(beside.label), beside.paint)
    if hanging:
        rows.append(_Row())
        for mark in hanging:
            rows[-1].put(mark.start, "|", mark.paint)
    while hanging:
        lowest = hanging.pop()
        row = _Row()
        for mark in hanging:
            if mark.start != lowest.start:
                row.put(mark.start, "|", mark.paint)
        row.put(lowest.start, harmless(lowest.label), lowest.paint)
        rows.append(row)
    return rows
