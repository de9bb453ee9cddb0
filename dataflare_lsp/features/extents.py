"""Extents: how far an item, or a part of one, goes in its file."""

import re

from dataflare_lsp.features.markup import keyword_of
from dataflare_lsp.text import Span
from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.syntax import (
    Alias,
    Enum,
    Field,
    Flags,
    Func,
    Named,
    Node,
    Param,
    Record,
    Resource,
    Type,
    TypeDef,
    Variant,
)

_AFTER_TYPE = re.compile(r"\s*;")
_AFTER_FUNCTION = re.compile(r"[\s(),]*;")
_AFTER_PARTS = re.compile(r"[\s,)]*\}")
_AFTER_RESOURCE = re.compile(r"\s*(?:;|\{?\s*\})")


def item_extent(segment: Segment) -> Span:
    """The item of a segment, from its attributes to its end, counted from the segment's start."""
    return Span(min(segment.anchor, segment.length), segment.length)


def extent(node: Node, text: str) -> Span:
    """A function or type inside another item, from its name or keyword on; `text` is its segment's.

    Comments before its last sign make it end early.
    """
    match node:
        case Func(name=name, keyword=keyword, params=params, result=result):
            ends = [keyword.end, name.end, *(part_extent(param).end for param in params)]
            if result is not None:
                ends.append(type_end(result))
            return Span(name.start, _through(text, max(ends), _AFTER_FUNCTION))
        case Alias(name=name, type=written):
            return Span(_keyword_start(node, text), _through(text, max(name.end, type_end(written)), _AFTER_TYPE))
        case Resource(name=name, functions=functions):
            last = max([name.end, *(extent(function, text).end for function in functions)])
            return Span(_keyword_start(node, text), _through(text, last, _AFTER_RESOURCE))
        case Record(fields=fields) | Variant(fields=fields) | Enum(fields=fields) | Flags(fields=fields):
            last = max([node.name.end, *(part_extent(field).end for field in fields)])
            return Span(_keyword_start(node, text), _through(text, last, _AFTER_PARTS))
    return Span(0, len(text))


def part_extent(part: Field | Param) -> Span:
    """A field, case, flag or parameter, with its type."""
    end = part.name.end if part.type is None else max(part.name.end, type_end(part.type))
    return Span(part.name.start, end)


def type_end(written: Type) -> int:
    """Where a type ends."""
    return written.name.end if isinstance(written, Named) else written.end


def _keyword_start(node: TypeDef, text: str) -> int:
    start = text.rfind(keyword_of(node), 0, node.name.start)
    return start if start >= 0 else node.name.start


def _through(text: str, at: int, rest: re.Pattern[str]) -> int:
    found = rest.match(text, at)
    return found.end() if found is not None else at
