"""Document symbols: the outline of a file, as a tree."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from dataflare_lsp.features.extents import extent, item_extent, type_end
from dataflare_lsp.features.markup import keyword_of, path_text, rename_text, signature, type_text
from dataflare_lsp.features.meanings import body_span
from dataflare_lsp.text import Span
from dataflare_lsp.wit.package import Header, headers
from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.wit.syntax import (
    Alias,
    Deprecated,
    Enum,
    Extern,
    Flags,
    Func,
    Include,
    Inline,
    InterfaceItem,
    Lead,
    Node,
    Path,
    Record,
    Resource,
    TypeDef,
    Use,
    Variant,
)
from dataflare_lsp.workspace.snapshot import Snapshot

SymbolKind = Literal[
    "package", "interface", "world", "type", "record", "variant", "enum", "flags", "resource", "function", "method",
    "constructor", "field", "case", "flag", "import", "export", "include", "table", "key",
]  # fmt: skip


class Symbol(NamedTuple):
    """A definition: `span` is all of it, `selection` its name, which lies in it. A missing name reads as the kind."""

    name: str
    kind: SymbolKind
    span: Span
    selection: Span
    detail: str = ""
    deprecated: bool = False
    children: tuple["Symbol", ...] = ()


def document_symbols(snapshot: Snapshot, file: str) -> tuple[Symbol, ...]:
    """The packages of a file with their interfaces and worlds, and what these define. What `use` brings is left out."""
    source = snapshot.source(file)
    inside = {unit.scope: [_body(source, first, body) for first, body in unit.bodies] for unit in source.units}
    top = inside[-1]
    header: Symbol | None = None
    for found in headers(source):
        if found.unit.scope >= 0:
            end = _end_of_package(source, found.segment)
            top.append(_package(source, found, end, inside[found.unit.scope]))
        else:
            header = _package(source, found, 0, [])
    top.sort(key=lambda symbol: symbol.span)
    if header is None:
        return tuple(top)
    end = max([header.span.end, *(symbol.span.end for symbol in top)])
    return (header._replace(span=Span(header.span.start, end), children=tuple(top)),)


def _package(source: Source, found: Header, end: int, children: list[Symbol]) -> Symbol:
    own = source.absolute(found.segment, item_extent(source.segments[found.segment]))
    start, end_of_name = source.absolute(found.segment, found.node.span)
    name = Span(min(start, end_of_name), end_of_name)  # a missing name begins after its end
    span = Span(own.start, max(own.end, end))
    return _symbol(str(found.node.package), "package", span, name, found.node.lead, "", tuple(children))


def _end_of_package(source: Source, header: int) -> int:
    """Where a nested package ends: after the brace that closes it."""
    depth = len(source.segments[header].before.scopes)
    for number in range(header + 1, len(source.segments)):
        if len(source.segments[number].after.scopes) <= depth:
            return source.starts[number + 1]
    return len(source.text)


def _symbol(
    name: str,
    kind: SymbolKind,
    span: Span,
    selection: Span,
    lead: Lead | None = None,
    detail: str = "",
    children: tuple[Symbol, ...] = (),
) -> Symbol:
    """A symbol whose spans hold what they must, whatever is missing in the source."""
    if span.start > selection.start or span.end < selection.end or children:
        spans = [span, selection, *[child.span for child in children]]
        span = Span(min([some.start for some in spans]), max([some.end for some in spans]))
    attributes = lead.attributes if lead is not None else ()
    deprecated = any([isinstance(attribute, Deprecated) for attribute in attributes])
    return Symbol(name or kind, kind, span, selection, detail, deprecated, children)


def _body(source: Source, first: int, body: Body) -> Symbol:
    children = []
    for number, segment in enumerate(body.members, first + 1):
        if segment.node is not None:
            children += list(_item(segment, source.starts[number], segment.node, item_extent(segment)))
    assert body.head.node is not None
    selection = source.absolute(first, body.name.span)
    return _symbol(
        body.name.text, body.kind, body_span(source, first, body), selection, body.head.node.lead, "", tuple(children)
    )


def _item(segment: Segment, start: int, node: Node, span: Span) -> Iterator[Symbol]:
    """The symbols of an item; `span` is all of it, counted from its segment's `start`."""
    whole = span.shifted(start)
    match node:
        case Func(name=name, form=form):
            kind: SymbolKind = "function" if form == "free" else "constructor" if form == "constructor" else "method"
            yield _symbol(name.text, kind, whole, name.span.shifted(start), node.lead, _line(signature(node)))
        case Alias(type=written):
            yield _type(start, node, whole, type_text(written))
        case Resource(functions=functions):
            methods = [_item(segment, start, function, extent(function, segment.text)) for function in functions]
            yield _type(start, node, whole, "", [symbol for method in methods for symbol in method])
        case Record() | Variant() | Enum() | Flags():
            yield _type(start, node, whole, "", tuple(_parts(start, node)))
        case Extern():
            yield _extern(segment, start, node, whole)
        case Include(path=path) if path is not None:
            renames = ", ".join(map(rename_text, node.renames))
            yield _symbol(path_text(path), "include", whole, path.span.shifted(start), node.lead, renames)


def _extern(segment: Segment, start: int, node: Extern, whole: Span) -> Symbol:
    children: tuple[Symbol, ...] = ()
    selection = whole.shifted(-start)
    match node.item:
        case Func():
            detail = _line(signature(node.item))
        case Path():
            detail = path_text(node.item)
            selection = node.item.span
        case Inline():
            detail = "interface"
            children = tuple(_inline(segment, start, node.item))
    if node.name is None:
        return _symbol(detail, node.direction, whole, selection.shifted(start), node.lead)
    return _symbol(node.name.text, node.direction, whole, node.name.span.shifted(start), node.lead, detail, children)


def _inline(segment: Segment, start: int, inline: Inline) -> Iterator[Symbol]:
    member: InterfaceItem
    for member in inline.members:
        if not isinstance(member, Use):
            yield from _item(segment, start, member, extent(member, segment.text))


def _type(start: int, node: TypeDef, whole: Span, detail: str, children: Sequence[Symbol] = ()) -> Symbol:
    selection = node.name.span.shifted(start)
    return _symbol(node.name.text, keyword_of(node), whole, selection, node.lead, detail, tuple(children))


_PART_KINDS: dict[type[TypeDef], SymbolKind] = {Record: "field", Variant: "case", Enum: "case", Flags: "flag"}


def _parts(start: int, node: Record | Variant | Enum | Flags) -> Iterator[Symbol]:
    """The fields or cases of a type. Made straight away: a file can have tens of thousands of them."""
    kind = _PART_KINDS[type(node)]
    for part in node.fields:
        text, name_start, name_end = part.name
        if text:
            name = Span(start + name_start, start + name_end)
            if part.type is None:
                yield Symbol(text, kind, name, name)
            else:
                span = Span(start + name_start, start + max(name_end, type_end(part.type)))
                yield Symbol(text, kind, span, name, type_text(part.type))


def _line(text: str) -> str:
    """WIT on one line."""
    return " ".join(text.split())
