"""Packages as their files say them, before any name is resolved: what is where, and in which order it is needed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dataflare_lsp.wit.docs import reference_docs
from dataflare_lsp.wit.order import by_need, package_order
from dataflare_lsp.wit.package import group_packages, header_names, headers
from dataflare_lsp.wit.source import Body, Source, Unit
from dataflare_lsp.wit.syntax import Extern, Include, Inline, Node, PackageName, Path, TopLevelUse, Use
from dataflare_lsp.wit.unresolvable import Unresolvable


class Place(NamedTuple):
    """Where a path leads: to an interface or world of a package; None is the package that the path stands in."""

    package: PackageName | None
    name: str


class File:
    """A file outside its nested packages, or a nested package: the top-level items, and what names stand for there."""

    __slots__ = ("aliases", "items")

    def __init__(self, source: Source, unit: Unit) -> None:
        found: dict[int, TopLevelUse | Body] = dict(unit.bodies)
        for number in unit.uses:
            node = source.segments[number].node
            if isinstance(node, TopLevelUse):
                found[number] = node
        self.items = [found[number] for number in sorted(found)]
        self.aliases = {
            item.local.text: Place(item.path.package, item.path.name.text)
            for item in self.items
            if isinstance(item, TopLevelUse)
        }

    def place(self, path: Path | None) -> Place:
        """Where `path` leads from this file."""
        if path is None:
            raise Unresolvable("a path is missing")
        name = path.name.text
        if path.package is not None:
            return Place(path.package, name)
        return self.aliases.get(name) or Place(None, name)


class Draft(NamedTuple):
    """A package as its files say it."""

    name: PackageName
    docs: str | None
    files: tuple[File, ...]


def drafts(group: Sequence[Source]) -> Iterator[Draft]:
    """The packages of a group: nested ones first, the group's own last."""
    sources = {source.file: source for source in group}
    heads = {source.file: headers(source) for source in group}
    for package in group_packages([(source.file, header_names(source)) for source in group]):
        if package.name is None:
            raise Unresolvable(f"no file of {', '.join(sources)} names its package")
        docs = None
        for unit in package.units:
            for header in heads[unit.file]:
                if header.unit == unit and docs is None:
                    docs = reference_docs(header.node.lead.comments)
        files = (File(sources[unit.file], sources[unit.file].units[unit.scope + 1]) for unit in package.units)
        yield Draft(package.name, docs, tuple(files))


def packages_by_need(packages: Mapping[PackageName, Draft]) -> list[PackageName]:
    """The packages, each after those that it depends on, else sorted."""
    order: dict[PackageName, None] = {}
    open_now: set[PackageName] = set()
    pending = [(name, False) for name in sorted(packages, key=package_order, reverse=True)]
    while pending:
        name, ready = pending.pop()
        if ready:
            open_now.discard(name)
            order[name] = None
        elif name in packages and name not in order:
            if name in open_now:
                raise Unresolvable(f"package {name} depends on itself")
            open_now.add(name)
            pending.append((name, True))
            paths = [path for file in packages[name].files for item in file.items for path, _ in _paths(item)]
            needs = [path.package for path in paths if path is not None and path.package is not None]
            pending.extend((need, False) for need in reversed(needs))
    return list(order)


def bodies_by_need(package: Draft) -> list[tuple[Body, File]]:
    """The interfaces and worlds of a package with their files, each after those that it uses or includes."""
    bodies = {item.name.text: (item, file) for file in package.files for item in file.items if isinstance(item, Body)}
    needs: dict[str, list[str]] = {}
    for name, (body, file) in bodies.items():
        places = [file.place(path) for path, first in _paths(body) if first]
        needs[name] = [place.name for place in places if place.package is None]
    order = by_need(needs)
    if order is None:
        raise Unresolvable(f"interfaces or worlds of {package.name} need each other in a circle")
    return [bodies[name] for name in order]


def nodes(body: Body) -> list[Node]:
    """The items of an interface or a world."""
    return [segment.node for segment in body.members if segment.node is not None]


def _paths(item: TopLevelUse | Body) -> Iterator[tuple[Path | None, bool]]:
    """The paths in an item, and for each whether what it leads to must be resolved before the item.

    Those of a world's exports come last, wherever they are written.
    """
    if isinstance(item, TopLevelUse):
        yield item.path, False
        return
    externs = []
    for node in nodes(item):
        if isinstance(node, Use):
            yield node.path, item.kind == "interface"
        elif isinstance(node, Include):
            yield node.path, True
        elif isinstance(node, Extern):
            externs.append(node)
    for extern in sorted(externs, key=lambda extern: extern.direction == "export"):
        if isinstance(extern.item, Path):
            yield extern.item, False
        elif isinstance(extern.item, Inline):
            for member in extern.item.members:
                if isinstance(member, Use):
                    yield member.path, False
