"""Bindings: which place gives a name that is written elsewhere, and where else it is written.

What a `use … as` or `include … with` calls by another name is bound twice: the new name to the place that gives it, and
through that to what it stands for. What is renamed is the former, what is referred to the latter.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dataflare_lsp.features.meanings import (
    BodyMeaning,
    Meaning,
    MemberMeaning,
    final_origin,
    meaning_of,
    member_at,
    origin,
    package_headers,
    path_meaning,
    type_beside,
)
from dataflare_lsp.features.occurrences import Occurrence, Place, Role, occurrences
from dataflare_lsp.text import Span
from dataflare_lsp.wit.syntax import Extern, Func, Include, Node, TopLevelUse, TypeDef, Use
from dataflare_lsp.workspace.snapshot import Snapshot

_HERE: frozenset[Role] = frozenset(("interface", "world", "type", "function", "field", "parameter", "extern"))
"""The roles of names that are given where they stand."""
_ALONE: frozenset[Role] = frozenset(("function", "field", "parameter"))
"""The roles of names that nothing else in WIT is written by."""


class Binding(NamedTuple):
    """The place that gives a name: `span` counts from the start of the segment. A feature has no such place."""

    file: str
    segment: int
    span: Span
    name: str


def bindings_of(snapshot: Snapshot, root: str, place: Place, *, through: bool) -> tuple[Binding, ...]:
    """What gives the name at a place; with `through` what it stands for in the end, without what calls it otherwise.

    Nothing where that is not known, or where the name is no one's: a version. Two where an included world has an import
    and an export of one name.
    """
    role = place.occurrence.role
    if role == "included" or (role == "new-name" and through):
        return tuple(dict.fromkeys(_included(snapshot, root, place, through)))
    found = _binding_of(snapshot, root, place, through)
    return (found,) if found is not None else ()


def _binding_of(snapshot: Snapshot, root: str, place: Place, through: bool) -> Binding | None:
    found = place.occurrence
    here = Binding(place.file, place.number, found.span, found.text)
    match found.role:
        case "function" | "extern":
            return _of_accessor(snapshot, place) or here
        case role if role in _HERE:
            return here
        case "feature":
            return Binding("", 0, Span(0, 0), found.text)
        case "alias" | "new-name" if not through:
            return here
        case "path-name":
            return _of_path(snapshot, root, place, through)
        case "used":
            return _followed(snapshot, root, origin(snapshot, root, member_at(place)), through) or here
        case "type-name":
            return _followed(snapshot, root, type_beside(snapshot, member_at(place), found.text), through)
    return _of(snapshot, meaning_of(snapshot, root, place), root, through)


def _of_accessor(snapshot: Snapshot, place: Place) -> Binding | None:
    """What gives the name that a getter and a setter share: the first of them."""
    found = place.occurrence
    function = found.node.item if isinstance(found.node, Extern) else found.node
    if not isinstance(function, Func) or not function.accessor:
        return None
    if found.owner is not None:
        beside: list[tuple[int, Node]] = [(place.number, one) for one in found.owner.functions]
    elif found.inline is not None:
        beside = [(place.number, one) for one in found.inline.members]
    else:
        first, body = place.body or (0, None)
        members = body.members if body is not None else ()
        beside = [(number, one.node) for number, one in enumerate(members, first + 1) if one.node is not None]
    for number, node in beside:
        other = node.item if isinstance(node, Extern) else node
        name = node.name if isinstance(node, Extern | Func) else None
        is_pair = type(node) is type(found.node) and isinstance(other, Func) and bool(other.accessor)
        if is_pair and name is not None and name.text == found.text and _direction(node) == _direction(found.node):
            return Binding(place.file, number, name.span, name.text)
    return None


def _direction(node: Node) -> str:
    return node.direction if isinstance(node, Extern) else ""


def _of(snapshot: Snapshot, meaning: Meaning | None, root: str, through: bool) -> Binding | None:
    match meaning:
        case None:
            return None
        case MemberMeaning():
            return _followed(snapshot, root, meaning, through)
        case BodyMeaning(file, first, body):
            return Binding(file, first, body.name.span, body.name.text)
    for file, header in package_headers(snapshot, meaning.package):
        return Binding(file, header.segment, header.node.span, str(header.node.package))
    return None


def _followed(snapshot: Snapshot, root: str, member: MemberMeaning | None, through: bool) -> Binding | None:
    """What gives the name of a type that may have come by a `use`."""
    if member is None:
        return None
    if through:
        last = final_origin(snapshot, root, member) or member
    else:
        last = member
        seen = set()
        while isinstance(last.node, Use) and (last.file, last.segment, last.name) not in seen:
            seen.add((last.file, last.segment, last.name))
            aliases = [one.alias.span for one in last.node.names if one.alias is not None]
            before = None if last.name.span in aliases else origin(snapshot, root, last)
            if before is None:
                break
            last = before
    return Binding(last.file, last.segment, last.name.span, last.name.text)


def _of_path(snapshot: Snapshot, root: str, place: Place, through: bool) -> Binding | None:
    path = place.occurrence.path
    assert path is not None
    if path.package is None and not through and not isinstance(place.occurrence.node, TopLevelUse):
        source = snapshot.source(place.file)
        unit = snapshot.unit_of(place.file, place.number)
        for number in next((one.uses for one in source.units if one.scope == unit.scope), ()):
            node = source.segments[number].node
            if isinstance(node, TopLevelUse) and node.alias is not None and node.alias.text == path.name.text:
                return Binding(place.file, number, node.alias.span, node.alias.text)
    return _of(snapshot, path_meaning(snapshot, root, place.file, place.number, path), root, through)


def _included(snapshot: Snapshot, root: str, place: Place, through: bool) -> Iterator[Binding]:
    """What gives the name in an included world that an `include … with` renames."""
    node, span = place.occurrence.node, place.occurrence.span
    world = path_meaning(snapshot, root, place.file, place.number, place.occurrence.path)
    for rename in node.renames if isinstance(node, Include) else ():
        if span in (rename.name.span, rename.local.span):
            yield from _given(snapshot, root, world, rename.name.text, through, frozenset())


def _named(node: Extern | TypeDef, name: str) -> Occurrence:
    return next(one for one in occurrences(node) if one.role in ("extern", "type") and one.text == name)


def _given(
    snapshot: Snapshot, root: str, world: BodyMeaning | None, name: str, through: bool, seen: frozenset[object]
) -> Iterator[Binding]:
    """What gives a plain name to a world: imports, exports and types of its own, and what it includes."""
    if world is None or (world.body.id, name) in seen:
        return
    seen = seen | {(world.body.id, name)}
    for number, segment in enumerate(world.body.members, world.first + 1):
        node = segment.node
        if isinstance(node, Include):
            there = path_meaning(snapshot, root, world.file, number, node.path)
            inner: str | None = name
            for rename in node.renames:
                if rename.local.text == name:
                    inner = rename.name.text
                    if rename.alias is not None and not through:
                        inner = None
                        yield Binding(world.file, number, rename.alias.span, name)
                    break
                if rename.name.text == name:
                    inner = None  # it is called otherwise here
            if inner is not None:
                yield from _given(snapshot, root, there, inner, through, seen)
        elif isinstance(node, Use):
            for used in node.names:
                if used.local.text == name:
                    member = MemberMeaning(world.file, number, node, used.local, world.body.id)
                    found = _followed(snapshot, root, member, through)
                    if found is not None:
                        yield found
        elif isinstance(node, Extern | TypeDef) and node.name is not None and node.name.text == name:
            place = Place(world.file, number, 0, _named(node, name), (world.first, world.body))
            yield _of_accessor(snapshot, place) or Binding(world.file, number, node.name.span, name)


# Where else


def files_with(snapshot: Snapshot, binding: Binding, role: Role) -> tuple[str, ...]:
    """The files that a name of this binding, in this role, may be written in."""
    if role in _ALONE and binding.file:
        return (binding.file,)
    return tuple(dict.fromkeys([*([binding.file] if binding.file else []), *snapshot.owners]))


def places_of(
    snapshot: Snapshot, binding: Binding, files: Iterable[str], names: set[str], *, through: bool
) -> Iterator[Place]:
    """Where in some files a name of this binding is written, with `through` also by what calls it otherwise.

    `names` are the names that it is known to have; where it has others, these are looked for, too.
    """
    found: dict[tuple[str, int, Span], Place] = {}
    sought: set[str] = set()
    while names - sought:
        fresh = names - sought
        sought |= fresh
        for file in files:
            for place in _written(snapshot, file, fresh):
                key = (file, place.number, place.occurrence.span)
                root = snapshot.root_of(file)
                if key not in found and binding in bindings_of(snapshot, root, place, through=through):
                    found[key] = place
                    if through:
                        names |= set(_other_names(place))
    yield from sorted(found.values(), key=lambda place: (place.file, place.span))


def _written(snapshot: Snapshot, file: str, names: Iterable[str]) -> Iterator[Place]:
    """Where some names are written in a file, whatever they mean there."""
    source = snapshot.source(file)
    words = [_word(name) for name in names]
    if not any([word in source.text for word in words]):
        return
    for number, segment in enumerate(source.segments):
        if segment.node is None or not any([word in segment.text for word in words]):
            continue
        for found in occurrences(segment.node):
            if found.text in names:
                yield Place(file, number, source.starts[number], found, snapshot.body_of(file, number))


def _word(name: str) -> str:
    """A word that stands wherever a name does: of a package's, the last part, around which there may be blanks."""
    return name.partition("@")[0].rpartition(":")[2]


def _other_names(place: Place) -> Iterator[str]:
    """What the name at a place is called from there on, or was up to there."""
    node, span = place.occurrence.node, place.occurrence.span
    match node:
        case TopLevelUse(alias=alias) if alias is not None:
            yield alias.text
        case Use() | Include():
            renames = node.names if isinstance(node, Use) else node.renames
            for rename in renames:
                if rename.alias is not None and span in (rename.name.span, rename.alias.span):
                    yield from (rename.name.text, rename.alias.text)
