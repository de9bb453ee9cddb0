"""Definition: where the name under the cursor comes from."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.extents import extent, item_extent, part_extent
from dataflare_lsp.features.meanings import (
    BodyMeaning,
    Meaning,
    MemberMeaning,
    PackageMeaning,
    body_span,
    final_origin,
    meaning_of,
    origin,
    package_headers,
    path_meaning,
    type_beside,
)
from dataflare_lsp.features.occurrences import occurrence_at, type_names
from dataflare_lsp.text import Span
from dataflare_lsp.wit.syntax import Alias, Extern, Func, Path, Type, TypeDef, Use
from dataflare_lsp.workspace.snapshot import Snapshot


class Location(NamedTuple):
    """A definition: `span` is its name, `full` all of it."""

    file: str
    span: Span
    full: Span


def definition(snapshot: Snapshot, file: str, offset: int) -> tuple[Location, ...]:
    """Where the name at `offset` is defined.

    A type that a `use` brings leads to the interface that it is used from; where that has it by a `use` too, the next
    step leads on from there. A package's name leads to its header. A name that is defined here leads to itself.
    """
    place = occurrence_at(snapshot, file, offset)
    if place is None:
        return ()
    root = snapshot.root_of(file)
    meaning = meaning_of(snapshot, root, place)
    if isinstance(meaning, MemberMeaning) and place.occurrence.role == "type-name":
        meaning = origin(snapshot, root, meaning) or meaning
    return tuple(_locations(snapshot, meaning))


def type_definition(snapshot: Snapshot, file: str, offset: int) -> tuple[Location, ...]:
    """Where the types of what is at `offset` are defined, aliases and uses followed to the end.

    Of a field or parameter these are the named types in its type, of a function those in its result, of an import or
    export the interface that it stands for.
    """
    place = occurrence_at(snapshot, file, offset)
    if place is None:
        return ()
    root = snapshot.root_of(file)
    meaning = meaning_of(snapshot, root, place)
    if not isinstance(meaning, MemberMeaning):
        return tuple(_locations(snapshot, meaning))
    found: dict[Location, None] = {}
    for named in _types(snapshot, root, meaning):
        found.update(dict.fromkeys(_locations(snapshot, named)))
    return tuple(found)


def _types(snapshot: Snapshot, root: str, member: MemberMeaning) -> Iterator[Meaning]:
    node = member.node
    if isinstance(node, Extern) and isinstance(node.item, Path):
        there = path_meaning(snapshot, root, member.file, member.segment, node.item)
        if there is not None:
            yield there
    elif member.part is not None or isinstance(node, Func | Extern):
        for found in named_types(snapshot, member):
            yield from _final(snapshot, root, found)
    else:
        yield from _final(snapshot, root, member)


def _final(snapshot: Snapshot, root: str, member: MemberMeaning) -> Iterator[MemberMeaning]:
    """The definition that a type leads to in the end; an alias of a type with arguments is one itself."""
    seen = set()
    found: MemberMeaning | None = final_origin(snapshot, root, member)
    last = found
    while found is not None and (found.file, found.segment, found.name) not in seen:
        seen.add((found.file, found.segment, found.name))
        last = found
        following = list(named_types(snapshot, found)) if isinstance(found.node, Alias) else []
        found = final_origin(snapshot, root, following[0]) if len(following) == 1 else None
    if last is not None:
        yield last


def named_types(snapshot: Snapshot, member: MemberMeaning) -> Iterator[MemberMeaning]:
    """The named types in the type of a field, parameter or alias, or in a function's result, as its scope has them."""
    written = _written_type(member)
    if written is not None:
        for found in type_names(member.node, written):
            named = type_beside(snapshot, member, found.text)
            if named is not None:
                yield named


def _written_type(member: MemberMeaning) -> Type | None:
    if member.part is not None:
        return member.part.type
    match member.node:
        case Func(result=written) | Extern(item=Func(result=written)) | Alias(type=written):
            return written
    return None


def _locations(snapshot: Snapshot, meaning: Meaning | None) -> Iterator[Location]:
    match meaning:
        case PackageMeaning(package):
            for file, header in package_headers(snapshot, package):
                source = snapshot.source(file)
                full = source.absolute(header.segment, item_extent(source.segments[header.segment]))
                name = source.absolute(header.segment, header.node.span)
                yield Location(file, name, _around(name, full))
                break  # the first file that names it stands for all
        case BodyMeaning(file, first, body):
            source = snapshot.source(file)
            name = source.absolute(first, body.name.span)
            yield Location(file, name, _around(name, body_span(source, first, body)))
        case MemberMeaning():
            source = snapshot.source(meaning.file)
            span = source.absolute(meaning.segment, meaning.name.span)
            full = source.absolute(meaning.segment, _extent(source.segments[meaning.segment].text, meaning))
            if meaning.part is None and meaning.owner is None and meaning.inline is None:
                full = source.absolute(meaning.segment, item_extent(source.segments[meaning.segment]))
            yield Location(meaning.file, span, _around(span, full))


def _extent(text: str, member: MemberMeaning) -> Span:
    if member.part is not None:
        return part_extent(member.part)
    if isinstance(member.node, Use):
        return member.name.span
    return extent(member.node, text) if isinstance(member.node, Func | TypeDef) else Span(0, len(text))


def _around(name: Span, full: Span) -> Span:
    return Span(min(name.start, full.start), max(name.end, full.end))
