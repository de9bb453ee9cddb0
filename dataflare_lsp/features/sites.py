"""Where a `.wit` file declares functions, and where its worlds import and export whole interfaces."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.features.extents import extent
from dataflare_lsp.text import Position, Span
from dataflare_lsp.wit.facts import mangled
from dataflare_lsp.wit.names import package_of
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.wit.syntax import Extern, Func, Inline, Node, Path, Resource
from dataflare_lsp.workspace.snapshot import Snapshot


class Site(NamedTuple):
    """A function in a `.wit` file: its name without a version, and where it stands.

    `start` is the place of its name, `last_line` the line of its `;`, `head` the number of the segment that opens the
    interface or world that it is in.
    """

    function: str
    start: Position
    last_line: int
    head: int


class NoSite(NamedTuple):
    """Why a breakpoint cannot stand here or below."""

    reason: str


class Sites(NamedTuple):
    """The functions that a file declares, in the order of its text. What cannot be read is left out."""

    snapshot: Snapshot
    file: str
    all: tuple[Site, ...]

    def at(self, line: int, column: int | None = None) -> Site | NoSite:
        """The function that a breakpoint on a line (from 0) is for: the one there, else the next in the same block.

        Of several on one line, `column` (from 0, in code points) picks the last that begins before it.
        """
        source = self.snapshot.source(self.file)
        if not 0 <= line < len(source.lines):
            return NoSite("the file ends before this line")
        if not self.all:
            return NoSite("this file declares no functions: a plugin is stopped where it calls one or one is called")
        text = source.lines.line(line)
        offset = source.lines.offset(Position(line, len(text) - len(text.lstrip())))
        within = self.snapshot.body_at(self.file, offset)
        if within is not None and (path := _path_on(source, *within, offset)) is not None:
            return NoSite(f"this line is about a whole interface: set a function breakpoint on `{path}#*` instead")
        below = [site for site in self.all if site.last_line >= line and (within is None or site.head == within[0])]
        if not below:
            where = "this file" if within is None else f"{within[1].kind} `{within[1].name.text}`"
            return NoSite(f"no function follows in {where}")
        if column is not None:
            before = [site for site in below if site.start.line == line and site.start.column <= column]
            return before[-1] if before else below[0]
        return below[0]

    def between(self, first: int, last: int) -> tuple[Site, ...]:
        """The functions that begin on the lines from `first` to `last` (from 0, both included)."""
        return tuple([site for site in self.all if first <= site.start.line <= last])

    def of(self, function: str) -> Site | None:
        """The place of a function by its name without a version."""
        return next((site for site in self.all if site.function == function), None)


class Whole(NamedTuple):
    """What says that a world imports or exports an interface, whose name is without a version."""

    interface: str
    direction: Literal["import", "export"]
    span: Span


def wholes_in(snapshot: Snapshot, file: str) -> tuple[Whole, ...]:
    """The interfaces that the worlds of a file import and export as wholes, in the order of its text."""
    source = snapshot.source(file)
    found = []
    for prefix, head, body in _bodies(snapshot, file):
        for number, segment in enumerate(body.members, head + 1):
            node = segment.node
            if isinstance(node, Extern) and isinstance(node.item, Path):
                name = node.name.text if node.name is not None else _interface(node.item, prefix)
                found.append(Whole(name, node.direction, source.absolute(number, node.item.span)))
    return tuple(sorted(found, key=lambda one: one.span))


def sites_in(snapshot: Snapshot, file: str) -> Sites:
    """The functions that a file declares."""
    source = snapshot.source(file)
    found = []
    for prefix, head, body in _bodies(snapshot, file):
        inside = f"{prefix}{body.name.text}#" if body.kind == "interface" else ""
        for number, segment in enumerate(body.members, head + 1):
            if segment.node is not None:
                for name, func in _functions(segment.node, inside):
                    start, end = source.absolute(number, extent(func, segment.text))
                    last_line = source.lines.position(end).line
                    found.append(Site(name, source.lines.position(start), last_line, head))
    return Sites(snapshot, file, tuple(sorted(found, key=lambda site: site.start)))


def _bodies(snapshot: Snapshot, file: str) -> Iterator[tuple[str, int, Body]]:
    """The interfaces and worlds of a file: the name of the package with its `/`, the segment of the head, the body."""
    root = snapshot.root_of(file)
    for unit in snapshot.source(file).units:
        package = package_of(snapshot.db, root, UnitId(file, unit.scope)).name
        prefix = f"{package.namespace}:{package.name}/" if package is not None else ""
        for head, body in unit.bodies:
            yield prefix, head, body


def _functions(node: Node, inside: str) -> Iterator[tuple[str, Func]]:
    """The functions of an item, by their whole names; `inside` is the interface that it is in, with its `#`."""
    match node:
        case Func(name=name) if name.text:
            yield f"{inside}{mangled(node, '')}", node
        case Resource(name=name, functions=functions):
            for function in functions:
                if function.name.text:
                    yield f"{inside}{mangled(function, name.text)}", function
        case Extern(item=Func() as function) if function.name.text:
            yield mangled(function, ""), function
        case Extern(item=Inline(members=members), name=name) if name is not None:
            for member in members:
                yield from _functions(member, f"{name.text}#")


def _path_on(source: Source, head: int, body: Body, offset: int) -> str | None:
    """The interface that the item at a place imports or exports as a whole."""
    number = source.segment_at(offset) - head - 1
    node = body.members[number].node if 0 <= number < len(body.members) else None
    return _interface(node.item, "") if isinstance(node, Extern) and isinstance(node.item, Path) else None


def _interface(path: Path, prefix: str) -> str:
    """The name of an interface that a path leads to; `prefix` is that of the path's own package."""
    package = path.package
    return f"{package.namespace}:{package.name}/{path.name.text}" if package is not None else prefix + path.name.text
