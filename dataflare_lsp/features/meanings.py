"""Meanings: what a name stands for, and where that is written."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dataflare_lsp.features.occurrences import Part, Place
from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import PathKey
from dataflare_lsp.wit.names import (
    package_of,
    packages_by_name,
    resolve,
    resolve_top_level,
)
from dataflare_lsp.wit.package import Header, Package, UnitId, headers
from dataflare_lsp.wit.source import Body, BodyId, Source
from dataflare_lsp.wit.syntax import (
    Extern,
    Func,
    Include,
    Inline,
    Name,
    Node,
    PackageName,
    Path,
    Resource,
    TopLevelUse,
    TypeDef,
    Use,
)
from dataflare_lsp.workspace.snapshot import Snapshot


class PackageMeaning(NamedTuple):
    """A package of the root."""

    package: Package


class BodyMeaning(NamedTuple):
    """An interface or a world, beside its head's segment."""

    file: str
    first: int
    body: Body


class MemberMeaning(NamedTuple):
    """Something defined in a segment: an item, a part of one, or a name that a `use` brings (`node` is a Use then).

    `name` counts from the start of the segment. `owner` is the resource of a resource's function. `body` is the
    interface or world that the segment lies in, `inline` the interface written in place that holds the item, if any.
    """

    file: str
    segment: int
    node: Node
    name: Name
    body: BodyId | None
    part: Part | None = None
    owner: Resource | None = None
    inline: Inline | None = None


Meaning = PackageMeaning | BodyMeaning | MemberMeaning


def meaning_of(snapshot: Snapshot, root: str, place: Place) -> Meaning | None:
    """What a name stands for; a name that is defined here stands for itself.

    None where that is not known: a mistake, or a name that stands for nothing of its own, such as a version.
    """
    found = place.occurrence
    match found.role:
        case "package":
            return _own_package(snapshot, root, place)
        case "interface" | "world":
            return BodyMeaning(place.file, *place.body) if place.body is not None else None
        case "type" | "function" | "field" | "parameter" | "extern":
            return member_at(place)
        case "path-package":
            return _package(snapshot, root, found.path)
        case "path-name":
            return path_meaning(snapshot, root, place.file, place.number, found.path)
        case "alias" if isinstance(found.node, TopLevelUse):
            return path_meaning(snapshot, root, place.file, place.number, found.path)
        case "used" | "alias":
            return origin(snapshot, root, member_at(place))
        case "included" | "new-name":
            return _included(snapshot, root, place)
        case "type-name":
            return type_beside(snapshot, member_at(place), found.text)
    return None


def member_at(place: Place) -> MemberMeaning:
    """What stands at a place, as something that is defined there."""
    found = place.occurrence
    name = Name(found.text, *found.span)
    body = place.body[1].id if place.body is not None else None
    return MemberMeaning(place.file, place.number, found.node, name, body, found.part, found.owner, found.inline)


def _own_package(snapshot: Snapshot, root: str, place: Place) -> PackageMeaning | None:
    for header in headers(snapshot.source(place.file)):
        if header.segment == place.number:
            return PackageMeaning(package_of(snapshot.db, root, header.unit))
    return None


def _package(snapshot: Snapshot, root: str, path: Path | None) -> PackageMeaning | None:
    if path is None or path.package is None:
        return None
    package = packages_by_name(snapshot.db, root).get(path.package)
    return PackageMeaning(package) if package is not None else None


def path_meaning(snapshot: Snapshot, root: str, file: str, segment: int, path: Path | None) -> BodyMeaning | None:
    """The interface or world that a path in a segment of a file leads to, active or not."""
    if path is None:
        return None
    top_level = isinstance(snapshot.source(file).segments[segment].node, TopLevelUse)
    find = resolve_top_level if top_level else resolve
    target = find(snapshot.db, root, snapshot.unit_of(file, segment), PathKey(path.package, path.name.text))
    return body_meaning(snapshot, target.item.body) if target.item is not None else None


def body_meaning(snapshot: Snapshot, body: BodyId) -> BodyMeaning | None:
    """An interface or world by its identity."""
    for unit in snapshot.source(body.file).units:
        if unit.scope == body.scope:
            for first, found in unit.bodies:
                if found.id == body:
                    return BodyMeaning(body.file, first, found)
    return None


def origin(snapshot: Snapshot, root: str, member: MemberMeaning) -> MemberMeaning | None:
    """What a name that a `use` brings is in the interface that it comes from, which may have it by a `use` too."""
    node = member.node
    if not isinstance(node, Use):
        return member
    for used in node.names:
        if member.name.span in (used.name.span, used.local.span):
            there = path_meaning(snapshot, root, member.file, member.segment, node.path)
            return type_in(there, used.name.text) if there is not None else None
    return None


def final_origin(snapshot: Snapshot, root: str, member: MemberMeaning) -> MemberMeaning | None:
    """The definition of a type, through all `use`s; None where one of them leads nowhere."""
    seen = set()
    found: MemberMeaning | None = member
    while found is not None and isinstance(found.node, Use):
        key = found.file, found.segment, found.name
        if key in seen:
            return None
        seen.add(key)
        found = origin(snapshot, root, found)
    return found


def type_beside(snapshot: Snapshot, member: MemberMeaning, name: str) -> MemberMeaning | None:
    """The type `name` in the scope that a member is in: what a `use` brings, or else the definition."""
    if member.inline is not None:
        members = [(member.segment, node) for node in member.inline.members]
        return _type_among(member.file, members, member.body, member.inline, name)
    body = snapshot.body_of(member.file, member.segment)
    return type_in(BodyMeaning(member.file, *body), name) if body is not None else None


def type_in(there: BodyMeaning, name: str) -> MemberMeaning | None:
    """The type `name` of an interface or a world."""
    members = [(number, segment.node) for number, segment in enumerate(there.body.members, there.first + 1)]
    return _type_among(there.file, members, there.body.id, None, name)


def _type_among(
    file: str, members: Sequence[tuple[int, Node | None]], body: BodyId | None, inline: Inline | None, name: str
) -> MemberMeaning | None:
    defined: MemberMeaning | None = None
    for number, node in members:
        if isinstance(node, Use):
            for used in node.names:
                if used.local.text == name:
                    return MemberMeaning(file, number, node, used.local, body, inline=inline)
        elif defined is None and isinstance(node, TypeDef) and node.name.text == name:
            defined = MemberMeaning(file, number, node, node.name, body, inline=inline)
    return defined


def function_in(there: BodyMeaning, name: str) -> MemberMeaning | None:
    """The function `name` of an interface."""
    for number, segment in enumerate(there.body.members, there.first + 1):
        node = segment.node
        if isinstance(node, Func) and node.name.text == name:
            return MemberMeaning(there.file, number, node, node.name, there.body.id)
    return None


def _included(snapshot: Snapshot, root: str, place: Place) -> MemberMeaning | None:
    """The import or export of an included world that an `include … with` renames."""
    node = place.occurrence.node
    if not isinstance(node, Include):
        return None
    for rename in node.renames:
        if place.occurrence.span in (rename.name.span, rename.local.span):
            world = path_meaning(snapshot, root, place.file, place.number, node.path)
            return extern_in(snapshot, root, world, rename.name.text) if world is not None else None
    return None


def extern_in(snapshot: Snapshot, root: str, world: BodyMeaning, name: str) -> MemberMeaning | None:
    """The import, export or type of a world that has the plain name `name`, through what it includes."""
    for label, found in plain_names(snapshot, root, world):
        if label == name:
            return found
    return None


def plain_names(snapshot: Snapshot, root: str, world: BodyMeaning) -> Iterator[tuple[str, MemberMeaning]]:
    """The plain names of a world's imports and exports and of its types, and where each is written."""
    pending: list[tuple[BodyMeaning, dict[str, str]]] = [(world, {})]
    seen = set()
    while pending:
        world, renames = pending.pop()
        if world.body.id in seen:
            continue
        seen.add(world.body.id)
        for number, segment in enumerate(world.body.members, world.first + 1):
            node = segment.node
            if isinstance(node, Include) and node.path is not None:
                unit = UnitId(world.body.id.file, world.body.id.scope)
                target = resolve(snapshot.db, root, unit, PathKey(node.path.package, node.path.name.text))
                there = body_meaning(snapshot, target.item.body) if target.item is not None else None
                if there is not None:
                    inner = {rename.name.text: rename.local.text for rename in node.renames}
                    pending.append((there, renames | {old: renames.get(new, new) for old, new in inner.items()}))
            elif isinstance(node, Extern | TypeDef) and node.name is not None:
                name = node.name.text
                yield (
                    renames.get(name, name),
                    MemberMeaning(world.file, number, node, node.name, world.body.id),
                )


def package_headers(snapshot: Snapshot, package: Package) -> Iterator[tuple[str, Header]]:
    """The headers of a package, each with its file."""
    for unit in package.units:
        for header in headers(snapshot.source(unit.file)):
            if header.unit == unit:
                yield unit.file, header


def package_name(snapshot: Snapshot, root: str, body: BodyId) -> PackageName | None:
    """The name of the package that an interface or world belongs to."""
    return package_of(snapshot.db, root, UnitId(body.file, body.scope)).name


def qualified(snapshot: Snapshot, root: str, body: BodyId) -> str:
    """An interface or world with its package, as `namespace:package/name@version`."""
    package = package_name(snapshot, root, body)
    if package is None:
        return body.name
    version = f"@{package.version}" if package.version else ""
    return f"{package.namespace}:{package.name}/{body.name}{version}"


def body_span(source: Source, first: int, body: Body) -> Span:
    """All of an interface or world, from its attributes to its closing brace."""
    last = first + 1 + len(body.members)
    return Span(source.starts[first] + body.head.anchor, max(source.starts[last + 1], source.starts[first + 1]))
