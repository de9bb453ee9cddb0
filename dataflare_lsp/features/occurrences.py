"""Occurrences: every name in a piece of a file, and the part that it plays there."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.wit.source import Body
from dataflare_lsp.wit.syntax import (
    Alias,
    Deprecated,
    Enum,
    Extern,
    ExternalId,
    Field,
    Flags,
    Func,
    FutureOf,
    Handle,
    Include,
    Inline,
    InterfaceHead,
    Lead,
    ListOf,
    MapOf,
    Name,
    Named,
    Node,
    OptionOf,
    PackageHead,
    PackageHeader,
    Param,
    Path,
    Record,
    Resource,
    ResultOf,
    Since,
    StreamOf,
    TopLevelUse,
    TupleOf,
    Type,
    Unstable,
    Use,
    Variant,
    WorldHead,
)
from dataflare_lsp.workspace.snapshot import Snapshot

Role = Literal[
    "package",       # in a header
    "interface",     # where it is defined, as the following up to `alias`
    "world",
    "type",
    "function",
    "field",         # or case, or flag
    "parameter",
    "extern",        # the plain name of an import or export
    "alias",         # the name that a top-level `use`, or a name of a `use`, gets by `as`
    "new-name",      # the name that an `include … with` gives
    "path-package",  # of a path
    "path-name",
    "path-version",
    "used",          # in the braces of a `use`
    "included",      # in the braces of an `include … with`
    "type-name",     # read as a type
    "feature",       # in a gate
    "gate-version",
]  # fmt: skip

Part = Field | Param


class Occurrence(NamedTuple):
    """A name in a segment: `span` counts from the segment's start.

    `node` is the item that it is a part of: the innermost of a segment's item, a resource's function, and an item of an
    interface written in place. `owner` is the resource of a resource's function. `inline` is the interface written in
    place that holds it.
    """

    role: Role
    text: str
    span: Span
    node: Node
    path: Path | None = None
    part: Part | None = None
    owner: Resource | None = None
    inline: Inline | None = None
    handle: bool = False


def occurrences(node: Node, inline: Inline | None = None) -> Iterator[Occurrence]:
    """The names in an item; those that are missing in half-typed code are left out."""
    for found in _names(node):
        if found.span.start < found.span.end:
            yield found if inline is None or found.inline is not None else found._replace(inline=inline)


def _names(node: Node) -> Iterator[Occurrence]:
    yield from _gates(node, node.lead)
    match node:
        case PackageHeader(package=package, span=span) | PackageHead(package=package, span=span):
            yield Occurrence("package", str(package), span, node)
        case TopLevelUse(path=path, alias=alias):
            yield from _path(node, path)
            if alias is not None:
                yield _name("alias", alias, node)._replace(path=path)
        case InterfaceHead(name=name):
            yield _name("interface", name, node)
        case WorldHead(name=name):
            yield _name("world", name, node)
        case Use(path=path, names=names):
            if path is not None:
                yield from _path(node, path)
            for used in names:
                yield _name("used", used.name, node)._replace(path=path)
                if used.alias is not None:
                    yield _name("alias", used.alias, node)._replace(path=path)
        case Include(path=path, renames=renames):
            if path is not None:
                yield from _path(node, path)
            for rename in renames:
                yield _name("included", rename.name, node)._replace(path=path)
                if rename.alias is not None:
                    yield _name("new-name", rename.alias, node)._replace(path=path)
        case Alias(name=name, type=aliased):
            yield _name("type", name, node)
            yield from type_names(node, aliased)
        case Record() | Variant() | Enum() | Flags():
            yield _name("type", node.name, node)
            for field in node.fields:
                yield _name("field", field.name, node)._replace(part=field)
                if field.type is not None:
                    yield from type_names(node, field.type)
        case Resource(name=name, functions=functions):
            yield _name("type", name, node)
            for function in functions:
                for found in _names(function):
                    yield found._replace(owner=node)
        case Func(name=name):
            if node.form != "constructor":
                yield _name("function", name, node)
            yield from _signature(node, node)
        case Extern(name=label, item=item):
            if label is not None:
                yield _name("extern", label, node)._replace(path=item if isinstance(item, Path) else None)
            if isinstance(item, Func):
                yield from _signature(node, item)
            elif isinstance(item, Path):
                yield from _path(node, item)
            else:
                for member in item.members:
                    yield from occurrences(member, item)


def _name(role: Role, name: Name, node: Node) -> Occurrence:
    return Occurrence(role, name.text, name.span, node)


def _path(node: Node, path: Path) -> Iterator[Occurrence]:
    if path.package is not None:
        package = f"{path.package.namespace}:{path.package.name}"
        yield Occurrence("path-package", package, path.package_span, node, path)
    yield Occurrence("path-name", path.name.text, path.name.span, node, path)
    if path.package is not None and path.package.version is not None:
        yield Occurrence("path-version", path.package.version, Span(path.name.end + 1, path.end), node, path)


def _signature(node: Node, function: Func) -> Iterator[Occurrence]:
    for param in function.params:
        yield _name("parameter", param.name, node)._replace(part=param)
        yield from type_names(node, param.type)
    if function.result is not None:
        yield from type_names(node, function.result)


def type_names(node: Node, written: Type) -> Iterator[Occurrence]:
    """The names in a type that is written in an item."""
    match written:
        case Named(name):
            yield _name("type-name", name, node)
        case Handle(resource=resource):
            yield _name("type-name", resource, node)._replace(handle=True)
        case ListOf() | OptionOf():
            yield from type_names(node, written.element)
        case FutureOf() | StreamOf():
            if written.element is not None:
                yield from type_names(node, written.element)
        case TupleOf(elements):
            for element in elements:
                yield from type_names(node, element)
        case MapOf(key, value):
            yield from type_names(node, key)
            yield from type_names(node, value)
        case ResultOf(ok, err):
            for side in (ok, err):
                if side is not None:
                    yield from type_names(node, side)


def _gates(node: Node, lead: Lead) -> Iterator[Occurrence]:
    for attribute in lead.attributes:
        match attribute:
            case Since(version, _, _, start, end):
                yield Occurrence("gate-version", version, Span(start, end), node)
            case Unstable(feature=feature):
                yield _name("feature", feature, node)
            case Deprecated() | ExternalId():
                pass


class Place(NamedTuple):
    """An occurrence in a file: in the segment `number` that starts at `start`, in `body` if in any (see `body_at`)."""

    file: str
    number: int
    start: int
    occurrence: Occurrence
    body: tuple[int, Body] | None

    @property
    def span(self) -> Span:
        """Its span in the file."""
        return self.occurrence.span.shifted(self.start)


def occurrence_at(snapshot: Snapshot, file: str, offset: int) -> Place | None:
    """The name that a cursor at `offset` touches; between two names, the one that begins there."""
    source = snapshot.source(file)
    last = source.segment_at(offset)
    touching: Place | None = None
    # What is missing at the end of half-typed code lets the segment before end where the cursor is.
    for number in (last, last - 1) if source.starts[last] == offset and last else (last,):
        node = source.segments[number].node
        if node is None:
            continue
        start = source.starts[number]
        at = offset - start
        for found in occurrences(node):
            if found.span.start <= at <= found.span.end:
                place = Place(file, number, start, found, snapshot.body_of(file, number))
                if at < found.span.end:
                    return place
                touching = touching or place
    return touching


__all__ = ["Occurrence", "Place", "Role", "occurrence_at", "occurrences"]
