"""A WIT file: its segments, and the interfaces, worlds and packages that they make up.

`Source` is immutable; `edited` gives the next one and parses only the segments that the edit can have touched. The
result is the same as a fresh parse of the new text, because a segment is a function of the text up to its `reach` and
of the parser's state before it, and parsing goes on until both are as they were.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterator
from itertools import accumulate
from typing import Literal, NamedTuple

from dataflare_lsp.text import Lines, Span
from dataflare_lsp.wit.parser import START, Parser, Segment
from dataflare_lsp.wit.syntax import InterfaceHead, Name, PackageHead, PackageHeader, TopLevelUse, WorldHead

_STEP = 50
"""Segments that are parsed in a step."""
_CHUNK = 48
"""Segments of a chunk: few enough to look at all when one changes, many enough to have few chunks."""


class BodyId(NamedTuple):
    """An interface or a world of a file, by what does not change when others are edited.

    `scope` is the number of the nested package in the file that holds it, -1 for the file itself; `nth` tells apart
    those that share a name by mistake.
    """

    file: str
    scope: int
    name: str
    nth: int


class Chunk:
    """Some segments of a body that follow each other. Immutable; kept as long as none of them changes."""

    __slots__ = ("facts", "is_silent", "segments")

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.segments = segments
        self.facts: object = None
        """What `wit.facts` knows of the segments together, once it was asked."""
        self.is_silent = False
        """Whether the segments by themselves are known to have no mistake."""


class Body(NamedTuple):
    """An interface or a world: its head and the segments inside it.

    `chunks` are the same segments in groups, so that what is said of a body as a whole need not be made anew of each.
    """

    id: BodyId
    kind: Literal["interface", "world"]
    head: Segment
    members: tuple[Segment, ...]
    chunks: tuple[Chunk, ...]

    @property
    def name(self) -> Name:
        assert isinstance(self.head.node, InterfaceHead | WorldHead)
        return self.head.node.name


class Unit(NamedTuple):
    """What shares one namespace of top-level names: a file outside its nested packages, or one nested package.

    `segment` numbers refer to the file's segments: `header` that of the package header or of the nested package's head
    (-1: none), `uses` those of the top-level `use`s, `bodies` those of the heads, beside their bodies.
    """

    scope: int
    header: int
    uses: tuple[int, ...]
    bodies: tuple[tuple[int, Body], ...]


class Source:
    """A parsed file. `starts` says where each segment starts, and last, where the text ends."""

    __slots__ = ("_marks", "_overhang", "bodies", "file", "lines", "segments", "starts", "units")

    def __init__(
        self,
        file: str,
        lines: Lines,
        segments: list[Segment],
        starts: list[int],
        marks: list[int],
        overhang: int,
        known: dict[BodyId, Body],
    ) -> None:
        self.file = file
        self.lines = lines
        self.segments = segments
        self.starts = starts
        # The numbers of the segments that say what the others are in, and how far at most a segment reaches beyond its
        # end: what lets `edited` look at a few segments instead of all.
        self._marks = marks
        self._overhang = overhang
        self.units = tuple(_units(file, segments, marks, known))
        self.bodies: dict[BodyId, Body] = {body.id: body for unit in self.units for _, body in unit.bodies}

    @staticmethod
    def parse(file: str, text: str) -> "Source":
        """`text`, parsed from its start."""
        steps = Source.parsing(file, text)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                parsed: Source = done.value
                return parsed

    @staticmethod
    def parsing(file: str, text: str) -> Generator[None, None, "Source"]:
        """`parse` in steps of about a millisecond; returns the source."""
        segments = yield from _parse(text)
        starts = list(accumulate([segment.length for segment in segments], initial=0))
        return Source(file, Lines(text), segments, starts, _marks(segments, 0), _overhang(segments), {})

    @staticmethod
    def of_no_wit(file: str, text: str) -> "Source":
        """A file that is not WIT: its text and lines, with nothing in them."""
        empty = Source.parse(file, "")
        return Source(file, Lines(text), empty.segments, empty.starts, empty._marks, 0, {})

    @property
    def text(self) -> str:
        return self.lines.text

    def edited(self, start: int, end: int, new: str) -> "Source":
        """This file after the code points `start` to `end` were replaced by `new`."""
        lines = self.lines.edited(start, end, new)
        delta = len(new) - (end - start)
        old, starts = self.segments, self.starts
        first = self._first_that_saw(start)
        fresh, resume = self._parse_on(lines.text, first, end, delta)
        segments = [*old[:first], *fresh, *old[resume:]]
        ends = accumulate([segment.length for segment in fresh], initial=starts[first])
        tail = [at + delta for at in starts[resume + 1 :]] if delta else starts[resume + 1 :]
        moved = len(segments) - len(old)
        low, high = bisect_left(self._marks, first), bisect_left(self._marks, resume)
        later = [mark + moved for mark in self._marks[high:]] if moved else self._marks[high:]
        return Source(
            self.file,
            lines,
            segments,
            [*starts[:first], *ends, *tail],
            [*self._marks[:low], *_marks(fresh, first), *later],
            max(self._overhang, _overhang(fresh)),
            self.bodies,
        )

    def _first_that_saw(self, place: int) -> int:
        """The first segment that depends on the text at `place`."""
        segments, starts = self.segments, self.starts
        number = first = self.segment_at(place)
        while number > 0 and starts[number] + self._overhang >= place:
            number -= 1
            if starts[number] + segments[number].reach >= place:
                first = number
        return first

    def _parse_on(self, text: str, first: int, end: int, delta: int) -> tuple[list[Segment], int]:
        """What becomes of the segments from number `first` on, and where the old ones go on unchanged.

        `text` is the new text, which is the old one from offset `end` on, moved by `delta`.
        """
        old, starts = self.segments, self.starts
        at = starts[first]
        state = old[first].before
        resume = bisect_left(starts, end)
        parser = Parser(text, at)
        fresh: list[Segment] = []
        while True:
            segment = parser.segment(state)
            fresh.append(segment)
            if segment.kind == "end":
                return fresh, len(old)
            at += segment.length
            state = segment.after
            place = at - delta
            while resume < len(old) and (
                starts[resume] < place or (starts[resume] == place and old[resume].before != state)
            ):
                resume += 1
            # Where the old file had a segment in the same state, everything from there on is as it was.
            if resume < len(old) and starts[resume] == place >= end:
                return fresh, resume

    def segment_at(self, offset: int) -> int:
        """The number of the segment that a cursor at `offset` is in; at a border, the one that starts there."""
        return max(0, min(bisect_right(self.starts, offset) - 1, len(self.segments) - 1))

    def absolute(self, segment: int, span: Span) -> Span:
        """A span of a segment, as a span of the file."""
        return span.shifted(self.starts[segment])

    def outside(self) -> list[int]:
        """The numbers of the segments that are in no interface or world; heads and closing braces are among them."""
        numbers: list[int] = []
        at = 0
        for first, body in sorted([(first, body) for unit in self.units for first, body in unit.bodies]):
            numbers += range(at, first + 1)
            at = first + 1 + len(body.members)
        return [*numbers, *range(at, len(self.segments))]

    def header(self) -> PackageHeader | None:
        """The file's package header."""
        number = self.units[0].header
        node = self.segments[number].node if number >= 0 else None
        return node if isinstance(node, PackageHeader) else None


def _parse(text: str) -> Generator[None, None, list[Segment]]:
    parser = Parser(text)
    state = START
    segments: list[Segment] = []
    while True:
        segment = parser.segment(state)
        segments.append(segment)
        if segment.kind == "end":
            return segments
        if len(segments) % _STEP == 0:
            yield
        state = segment.after


def _marks(segments: list[Segment], first: int) -> list[int]:
    """The numbers of the segments that are no items of a body, the first of them being number `first`."""
    return [n for n, segment in enumerate(segments, first) if segment.kind not in ("member", "junk")]


def _overhang(segments: list[Segment]) -> int:
    return max([segment.reach - segment.length for segment in segments], default=0)


def _units(file: str, segments: list[Segment], marks: list[int], known: dict[BodyId, Body]) -> Iterator[Unit]:
    """Group segments into units; bodies that are in `known` unchanged keep their identity."""
    units = [_Draft(-1, -1)]
    open_units = [units[0]]
    names: dict[tuple[int, str], int] = {}
    head = -1
    for n in marks:
        segment = segments[n]
        node = segment.node
        if segment.kind == "open":
            if isinstance(node, PackageHead):
                draft = _Draft(len(units) - 1, n)
                units.append(draft)
                open_units.append(draft)
            else:
                head = n
        elif segment.kind == "close":
            if head >= 0:
                opening = segments[head]
                assert isinstance(opening.node, InterfaceHead | WorldHead)
                name = opening.node.name.text
                scope = open_units[-1].scope
                nth = names.get((scope, name), 0)
                names[scope, name] = nth + 1
                body = _body(BodyId(file, scope, name, nth), opening, tuple(segments[head + 1 : n]), known)
                open_units[-1].bodies.append((head, body))
                head = -1
            elif len(open_units) > 1:
                open_units.pop()
        elif isinstance(node, TopLevelUse):
            open_units[-1].uses.append(n)
        elif isinstance(node, PackageHeader):
            units[0].header = n
    return (Unit(draft.scope, draft.header, tuple(draft.uses), tuple(draft.bodies)) for draft in units)


def _body(id: BodyId, head: Segment, members: tuple[Segment, ...], known: dict[BodyId, Body]) -> Body:
    old = known.get(id)
    if old is not None and old.head is head and old.members == members:
        return old
    kind: Literal["interface", "world"] = "interface" if isinstance(head.node, InterfaceHead) else "world"
    return Body(id, kind, head, members, _chunks(members, old.chunks if old is not None else ()))


def _chunks(members: tuple[Segment, ...], known: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The members in chunks; those of `known` that are at the start or at the end of it, unchanged, are kept."""
    before: list[Chunk] = []
    start, end = 0, len(members)
    for chunk in known:
        following = start + len(chunk.segments)
        if members[start:following] != chunk.segments:
            break
        before.append(chunk)
        start = following
    after: list[Chunk] = []
    for chunk in reversed(known[len(before) :]):
        previous = end - len(chunk.segments)
        if previous < start or members[previous:end] != chunk.segments:
            break
        after.append(chunk)
        end = previous
    size = _CHUNK if end - start > 2 * _CHUNK else max(end - start, 1)
    fresh = [Chunk(members[at : min(at + size, end)]) for at in range(start, end, size)]
    return (*before, *fresh, *reversed(after))


class _Draft:
    __slots__ = ("bodies", "header", "scope", "uses")

    def __init__(self, scope: int, header: int) -> None:
        self.scope = scope
        self.header = header
        self.uses: list[int] = []
        self.bodies: list[tuple[int, Body]] = []
