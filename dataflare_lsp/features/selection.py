"""Selection: what is around a place, ever larger: a name, a part, an item, an interface, the file."""

from collections.abc import Iterator

from dataflare_lsp.features.extents import extent, item_extent, part_extent
from dataflare_lsp.features.meanings import body_span
from dataflare_lsp.features.occurrences import occurrence_at
from dataflare_lsp.text import Span
from dataflare_lsp.wit.syntax import (
    Enum,
    Extern,
    Flags,
    Func,
    Inline,
    Node,
    Record,
    Resource,
    TypeDef,
    Variant,
)
from dataflare_lsp.workspace.snapshot import Snapshot


def selections(snapshot: Snapshot, file: str, offset: int) -> tuple[Span, ...]:
    """What is around an offset, the smallest first; each is larger than the one before."""
    found: list[Span] = []
    for span in sorted(_around(snapshot, file, offset), key=lambda span: span.end - span.start):
        inner = found[-1] if found else Span(offset, offset)
        if span.start <= inner.start and inner.end <= span.end and span != inner:
            found.append(span)
    return tuple(found)


def _around(snapshot: Snapshot, file: str, offset: int) -> Iterator[Span]:
    source = snapshot.source(file)
    yield Span(0, len(source.text))
    place = occurrence_at(snapshot, file, offset)
    if place is not None:
        yield place.span
    number = source.segment_at(offset)
    segment = source.segments[number]
    if segment.node is not None and segment.kind not in ("open", "close"):
        yield source.absolute(number, item_extent(segment))
        for span in _inside(segment.node, segment.text):
            yield source.absolute(number, span)
    body = snapshot.body_at(file, offset)
    if body is not None:
        yield body_span(source, *body)


def _inside(node: Node, text: str) -> Iterator[Span]:
    """The parts of an item."""
    match node:
        case Record() | Variant() | Enum() | Flags():
            yield from map(part_extent, node.fields)
        case Func(params=params) | Extern(item=Func(params=params)):
            yield from map(part_extent, params)
        case Resource(functions=functions):
            for function in functions:
                yield extent(function, text)
                yield from _inside(function, text)
        case Extern(item=Inline(members=members)):
            for member in members:
                if isinstance(member, Func | TypeDef):
                    yield extent(member, text)
                yield from _inside(member, text)
