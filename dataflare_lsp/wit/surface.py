"""What a root sees of a file without looking into its interfaces: packages, items, and where the paths in them lead.

A surface has no positions, and what is typed inside an item leaves it as it is, all but a path. So nothing that holds
for a root as a whole (its packages, their names, what a path leads to, circles) is looked at again at a keystroke.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.wit.facts import PATHS, Gate, PathKey, gate_of, members_in
from dataflare_lsp.wit.package import HeaderName, UnitId, header_names
from dataflare_lsp.wit.source import Body, BodyId, Source
from dataflare_lsp.wit.syntax import Extern, Include, Inline, InterfaceHead, Path, TopLevelUse, Use, WorldHead

Kind = Literal["interface", "world"]


class Item(NamedTuple):
    """An interface or a world that a file defines."""

    name: str
    kind: Kind
    body: BodyId
    gate: Gate


class Outline(NamedTuple):
    """The top-level names of a unit: what it defines, and what its `use`s bring into the file.

    `places` says for each of the `uses` how many of the `items` stand before it.
    """

    unit: UnitId
    items: tuple[Item, ...]
    uses: tuple[tuple[str, PathKey], ...]
    places: tuple[int, ...] = ()


class PathUse(NamedTuple):
    """A path in an interface or a world, and what it is there for."""

    key: PathKey
    word: Literal["use", "include", "extern"]


class Surface(NamedTuple):
    """The surface of a file. `paths` are in the order of `paths_of`."""

    outlines: tuple[Outline, ...]
    headers: tuple[HeaderName, ...]
    paths: dict[BodyId, tuple[PathUse, ...]]


def surface_of(source: Source, before: tuple[Source, Surface] | None = None) -> Surface:
    """The surface of a file. `before` is the file as it was, from whose surface what is the same is taken."""
    paths = {}
    for body in source.bodies.values():
        if before is not None and before[0].bodies.get(body.id) is body:
            paths[body.id] = before[1].paths[body.id]
        else:
            paths[body.id] = tuple([_path_use(body, member, path) for member, path in paths_of(body)])
    return Surface(tuple(_outlines(source)), header_names(source), paths)


def _path_use(body: Body, member: int, path: Path) -> PathUse:
    node = body.members[member].node
    word: Literal["use", "include", "extern"] = (
        "use" if isinstance(node, Use) else "include" if isinstance(node, Include) else "extern"
    )
    return PathUse(PathKey(path.package, path.name.text), word)


def _outlines(source: Source) -> Iterator[Outline]:
    for unit in source.units:
        items = []
        for _, body in unit.bodies:
            assert isinstance(body.head.node, InterfaceHead | WorldHead)
            items.append(Item(body.id.name, body.kind, body.id, gate_of(body.head.node.lead)))
        uses = []
        places = []
        heads = [number for number, _ in unit.bodies]
        for number in unit.uses:
            node = source.segments[number].node
            if isinstance(node, TopLevelUse):
                uses.append((node.local.text, PathKey(node.path.package, node.path.name.text)))
                places.append(bisect_left(heads, number))
        yield Outline(UnitId(source.file, unit.scope), tuple(items), tuple(uses), tuple(places))


def paths_of(body: Body) -> Iterator[tuple[int, Path]]:
    """The paths in a body with the numbers of their members, in the order in which the reference visits them."""
    externs: dict[str, list[tuple[int, Path]]] = {"import": [], "export": []}
    for number, facts in members_in(body).having(PATHS):
        node = facts.node
        if isinstance(node, Use | Include):
            if node.path is not None:
                yield number, node.path
        elif isinstance(node, Extern):
            if isinstance(node.item, Path):
                externs[node.direction].append((number, node.item))
            elif isinstance(node.item, Inline):
                externs[node.direction] += [
                    (number, member.path)
                    for member in node.item.members
                    if isinstance(member, Use) and member.path is not None
                ]
    yield from externs["import"]
    yield from externs["export"]
