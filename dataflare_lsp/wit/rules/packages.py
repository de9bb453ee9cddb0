"""Rules of the files of a package, and of the packages of a root: headers, top-level names, and circles.

Findings here are of a file: their numbers are those of the file's segments.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit.facts import PathKey, gate_of
from dataflare_lsp.wit.finding import Definition, Finding, PackageHeaderPlace, found
from dataflare_lsp.wit.graph import MOST_STEPS, cycles, way
from dataflare_lsp.wit.misspelt import near_name
from dataflare_lsp.wit.names import (
    first_named_as_world,
    groups,
    is_active,
    is_recovered,
    items_of,
    outline,
    package_of,
    packages,
    packages_by_name,
    paths_in,
    resolve,
    resolve_top_level,
    source,
    surface,
    unit_of,
)
from dataflare_lsp.wit.order import package_order
from dataflare_lsp.wit.package import Package, UnitId, headers
from dataflare_lsp.wit.rules.gates import since_findings
from dataflare_lsp.wit.rules.paths import bare_fix, missing_item, missing_package, rename_fix, written
from dataflare_lsp.wit.source import Body, BodyId, Source, Unit
from dataflare_lsp.wit.surface import Kind, paths_of
from dataflare_lsp.wit.syntax import (
    InterfaceHead,
    Lead,
    PackageName,
    Path,
    TopLevelUse,
    WorldHead,
)


def file_findings(db: Database, root: str, file: str) -> Iterator[Finding]:
    """Every breach of these rules in one file."""
    parsed = source(db, file)
    yield from package_headers(db, root, file)
    for unit in parsed.units:
        identity = UnitId(file, unit.scope)
        yield from top_level_names(db, root, parsed, unit, identity)
        yield from top_level_uses(db, root, parsed, unit, identity)
        yield from head_gates(db, root, parsed, unit, identity)
    yield from item_circles(db, root, parsed)
    yield from package_circles(db, root, parsed)


# Headers -------------------------------------------------------------------------------------------------------


def package_headers(db: Database, root: str, file: str) -> Iterator[Finding]:
    """One name for all files of a package, one documentation, and no two packages of the same name."""
    group = next((group for group in groups(db, root) if file in group), (file,))
    first: tuple[str, PackageName] | None = None
    documented: str | None = None
    for other in group:
        for unit, name, has_docs in surface(db, other).headers:
            if unit.scope >= 0:
                continue
            if other == file:
                yield from _own_header(db, file, name, first, documented if has_docs else None)
            first = first or (other, name)
            documented = documented or (other if has_docs else None)
    if first is None and file == group[0] and not _damaged_header(db, group):
        yield found(
            0,
            "missing-package-header",
            "no file of this package names it" if len(group) > 1 else "this file does not name its package",
            Span(0, 0),
            "add `package namespace:name;` at the top",
        )
    twins = duplicate_packages(db, root)
    for header in headers(source(db, file)):
        earlier = twins.get(header.unit)
        if earlier is not None:
            yield found(
                header.segment,
                "duplicate-package",
                f"package `{header.node.package}` is already defined",
                header.node.span,
                elsewhere=(PackageHeaderPlace(earlier, "defined first here"),),
            )


def _damaged_header(db: Database, group: tuple[str, ...]) -> bool:
    """Whether a file begins with a header that cannot be read, which is reported already."""
    for file in group:
        first = source(db, file).segments[0]
        if first.kind == "junk" and first.text[first.anchor :].startswith("package"):
            return True
    return False


def _own_header(
    db: Database, file: str, name: PackageName, first: tuple[str, PackageName] | None, documented: str | None
) -> Iterator[Finding]:
    header = next(h for h in headers(source(db, file)) if h.unit.scope < 0)
    if first is not None and first[1] != name and name.is_whole and first[1].is_whole:
        yield found(
            header.segment,
            "package-mismatch",
            f"this file is of package `{name}`, and another one beside it of `{first[1]}`",
            header.node.span,
            "the files of one directory make up one package",
            elsewhere=(PackageHeaderPlace(UnitId(first[0], -1), "the other name"),),
        )
    if documented is not None:
        yield found(
            header.segment,
            "duplicate-package-docs",
            "only one `package` header of a package can have comments before it",
            _comment_span(header.node.lead, header.node.span),
            elsewhere=(PackageHeaderPlace(UnitId(documented, -1), "the other one"),),
        )


def _comment_span(lead: Lead, span: Span) -> Span:
    """Roughly where the comments before an item stand; they begin the segment."""
    start = len(lead.comments) - len(lead.comments.lstrip())
    return Span(start, len(lead.comments.rstrip())) if lead.comments else span


@query
def duplicate_packages(db: Database, root: str) -> dict[UnitId, UnitId]:
    """Packages whose name an earlier package has: the unit that names each, and the earlier one's."""
    first: dict[PackageName, UnitId] = {}
    twins = {}
    for package in packages(db, root):
        if package.name is None or not package.name.is_whole or is_recovered(package):
            continue
        unit = _naming_unit(db, package)
        if package.name in first:
            twins[unit] = first[package.name]
        else:
            first[package.name] = unit
    return twins


def _naming_unit(db: Database, package: Package) -> UnitId:
    for unit in package.units:
        if unit.scope >= 0 or any(header.unit == unit for header in surface(db, unit.file).headers):
            return unit
    return package.units[0]


# Top-level names -----------------------------------------------------------------------------------------------


def top_level_names(db: Database, root: str, parsed: Source, unit: Unit, identity: UnitId) -> Iterator[Finding]:
    """Interfaces and worlds share one namespace in a package; the names that a `use` brings, one in the file."""
    first = items_of(db, package_of(db, root, identity))
    entries: list[tuple[int, str, Span, BodyId | None]] = []
    for number, body in unit.bodies:
        entries.append((number, body.name.text, body.name.span, body.id))
        item = first.get(body.id.name)
        if body.id.name and item is not None and item.body != body.id:
            yield found(
                number,
                "duplicate-name",
                f"`{body.id.name}` is already defined in this package",
                body.name.span,
                elsewhere=(Definition(item.body, "", "defined first here"),),
            )
    for number in unit.uses:
        node = parsed.segments[number].node
        if isinstance(node, TopLevelUse):
            entries.append((number, node.local.text, node.local.span, None))
    seen: dict[str, tuple[int, BodyId | None]] = {}
    for number, name, span, defined in sorted(entries):
        if not name:
            continue
        if name in seen:
            if defined is None or seen[name][1] is None:
                yield found(number, "duplicate-name", f"the name `{name}` is already taken in this file", span)
        else:
            seen[name] = (number, defined)


def _taken(parsed: Source, unit: Unit) -> set[str]:
    """The names of top-level `use`s that the file gives to something else as well."""
    names = Counter(body.name.text for _, body in unit.bodies)
    nodes = (parsed.segments[number].node for number in unit.uses)
    names.update(node.local.text for node in nodes if isinstance(node, TopLevelUse))
    return {name for name, times in names.items() if times > 1}


def top_level_uses(db: Database, root: str, parsed: Source, unit: Unit, identity: UnitId) -> Iterator[Finding]:
    """`use` of what is not there, and of what is never read."""
    if not unit.uses:
        return
    read: set[str] = set()
    for _, body in unit.bodies:
        read |= plain_paths(db, body.id)
    taken = _taken(parsed, unit)
    for number in unit.uses:
        node = parsed.segments[number].node
        if not isinstance(node, TopLevelUse):
            continue
        path = node.path
        target = resolve_top_level(db, root, identity, PathKey(path.package, path.name.text))
        if target.status == "no-package":
            yield missing_package(db, root, number, path, identity)
        elif target.status == "no-item":
            if path.package is not None:
                yield missing_item(db, root, number, path)
            else:
                meant = near_name(path.name.text, items_of(db, package_of(db, root, identity)))
                yield found(
                    number,
                    "unresolved-interface",
                    f"no interface or world `{path.name.text}` in this package",
                    path.name.span,
                    meant.hint if meant else "",
                    fixes=rename_fix(path.name.span, meant),
                )
        elif (
            target.status == "found"
            and target.foreign
            and target.item
            and target.item.kind == "world"
            and not first_named_as_world(db, root, identity, PathKey(path.package, path.name.text))
        ):
            yield found(
                number,
                "wrong-kind",
                f"`{path.name.text}` is a world; a top-level `use` of another package names an interface",
                path.name.span,
                "include the world by its full path",
                elsewhere=(Definition(target.item.body, "", "the world is defined here"),),
            )
        elif node.local.text and node.local.text not in read and node.local.text not in taken:
            segment = parsed.segments[number]
            yield found(
                number,
                "unused-use",
                f"`{node.local.text}` is never used in this file",
                Span(node.keyword.start, segment.length),
                fixes=(Fix("Remove this `use`", (TextEdit(Span(segment.anchor, segment.length), ""),)),),
            )


@query
def plain_paths(db: Database, body: BodyId) -> frozenset[str]:
    """The names of this file or package that a body's paths begin with."""
    return frozenset([path.key.name for path in paths_in(db, body) if path.key.package is None])


def head_gates(db: Database, root: str, parsed: Source, unit: Unit, identity: UnitId) -> Iterator[Finding]:
    """`@since` on interfaces and worlds."""
    for number, body in unit.bodies:
        node = body.head.node
        if isinstance(node, InterfaceHead | WorldHead) and node.lead.attributes:
            if is_active(db, root, gate_of(node.lead)):
                package = package_of(db, root, identity)
                yield from since_findings(package, number, node.lead.attributes, node.name.span)


# Circles -------------------------------------------------------------------------------------------------------


class Edge(NamedTuple):
    """A body reads another one of its package, through the path numbered `nth` among its paths."""

    target: BodyId
    nth: int


@query
def edges_of(db: Database, root: str, body: BodyId, kind: Kind) -> tuple[Edge, ...]:
    """What must be defined before a body: the interfaces that an interface uses, the worlds that a world includes."""
    word = "use" if kind == "interface" else "include"
    edges = []
    for nth, path in enumerate(paths_in(db, body)):
        if path.word == word and path.key.package is None:
            target = resolve(db, root, unit_of(body), path.key)
            if target.status == "found" and target.item is not None and not target.foreign:
                edges.append(Edge(target.item.body, nth))
    return tuple(edges)


@query
def circles(db: Database, root: str, package: Package) -> tuple[tuple[BodyId, ...], ...]:
    """The circles among the interfaces and worlds of a package."""
    graph = {
        item.body: tuple([edge.target for edge in edges_of(db, root, item.body, item.kind)])
        for item in items_of(db, package).values()
    }
    return tuple(tuple(loop) for loop in cycles(graph))


def item_circles(db: Database, root: str, parsed: Source) -> Iterator[Finding]:
    """Interfaces that use each other in a circle, and worlds that include each other."""
    for unit in parsed.units:
        if not unit.bodies:
            continue
        package = package_of(db, root, UnitId(parsed.file, unit.scope))
        for loop in circles(db, root, package):
            for number, body in unit.bodies:
                if body.id != loop[0]:
                    continue
                following = loop[1 % len(loop)]
                edge = next(edge for edge in edges_of(db, root, body.id, body.kind) if edge.target == following)
                member, path = list(paths_of(body))[edge.nth]
                where, span = _closing(parsed, unit, path, number + 1 + member)
                verb = "uses" if body.kind == "interface" else "includes"
                turned = (*loop[1:], loop[0])
                steps = way([step.name for step in turned])
                message = f"{body.kind} `{turned[0].name}` {verb} itself" + (f": {steps}" if len(loop) > 1 else "")
                yield found(
                    where,
                    "cyclic-item",
                    message,
                    span,
                    "move what they share into an interface of its own"
                    if body.kind == "interface" and len(loop) > 1
                    else "",
                    elsewhere=tuple(
                        Definition(step, "", f"`{step.name}` {verb} `{loop[(n + 1) % len(loop)].name}`")
                        for n, step in enumerate(loop[:MOST_STEPS])
                    )
                    if len(loop) > 1
                    else (),
                )


def _closing(parsed: Source, unit: Unit, path: Path, number: int) -> tuple[int, Span]:
    """Where the reference reports a circle that `path`, in segment `number`, closes.

    Where the name comes into the file: at the definition, or in the top-level `use`; else at the path.
    """
    for at, body in unit.bodies:
        if body.name.text == path.name.text:
            return at, body.name.span
    for at in unit.uses:
        node = parsed.segments[at].node
        if isinstance(node, TopLevelUse) and node.local.text == path.name.text:
            return at, node.path.name.span
    return number, path.name.span


@query
def foreign_packages(db: Database, unit: UnitId) -> tuple[PackageName, ...]:
    """The packages that a unit's paths lead into, each once, in the reference's order."""
    names: dict[PackageName, None] = {}
    here = outline(db, unit)
    uses = list(zip(here.places, here.uses, strict=True))
    for number in range(len(here.items) + 1):
        while uses and uses[0][0] == number:
            _, (_, path) = uses.pop(0)
            if path.package is not None:
                names[path.package] = None
        if number < len(here.items):
            names.update(dict.fromkeys(foreign_of(db, here.items[number].body)))
    return tuple(names)


@query
def foreign_of(db: Database, body: BodyId) -> tuple[PackageName, ...]:
    """The packages that a body's paths lead into."""
    return tuple(dict.fromkeys([path.key.package for path in paths_in(db, body) if path.key.package is not None]))


@query
def package_graph(db: Database, root: str) -> dict[PackageName, tuple[PackageName, ...]]:
    """Which packages of the root each one reads, in order of their names."""
    known = packages_by_name(db, root)
    return {
        name: tuple(
            dict.fromkeys(other for unit in known[name].units for other in foreign_packages(db, unit) if other in known)
        )
        for name in sorted(known, key=package_order)
    }


@query
def package_loops(db: Database, root: str) -> tuple[tuple[PackageName, ...], ...]:
    """The circles among packages. Each starts where the reference would report it."""
    graph = package_graph(db, root)
    loops = [tuple(loop) for loop in cycles(graph)]
    if not loops:
        return ()
    start = _first_reported(graph)
    turned = []
    for loop in loops:
        at = loop.index(start) if start in loop else 0
        turned.append((*loop[at:], *loop[:at]))
    return tuple(turned)


def _first_reported(graph: dict[PackageName, tuple[PackageName, ...]]) -> PackageName | None:
    """The package that closes the circle which the reference, going through packages by name, meets first."""
    done: set[PackageName] = set()
    for root, first in graph.items():
        # The reference marks a package as being visited when it is entered as a dependency, not as a start.
        visiting: dict[PackageName, None] = {}
        stack = [(root, iter(first))]
        while stack:
            name, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                done.add(name)
                visiting.pop(name, None)
            elif target in visiting:
                return name
            elif target not in done:
                visiting[target] = None
                stack.append((target, iter(graph[target])))
    return None


def package_circles(db: Database, root: str, parsed: Source) -> Iterator[Finding]:
    """Packages that depend on each other in a circle."""
    for loop in package_loops(db, root):
        units = packages_by_name(db, root)[loop[0]].units
        if len(loop) == 1:
            for unit in units:
                if unit.file == parsed.file:
                    yield from _own_paths(db, parsed, unit, loop[0])
            continue
        for unit in units:
            if loop[1] not in foreign_packages(db, unit):
                continue
            place = next(_paths_into(db, parsed, unit, loop[1]), None) if unit.file == parsed.file else None
            if place is not None:
                number, path = place
                message = f"package `{loop[0]}` depends on itself: {way([str(name) for name in loop])}"
                yield found(number, "cyclic-package", message, path.package_span)
            break


def _own_paths(db: Database, parsed: Source, unit: UnitId, package: PackageName) -> Iterator[Finding]:
    """The paths of a package into itself."""
    for number, path in _paths_into(db, parsed, unit, package):
        bare = written(path.name.text)
        node = parsed.segments[number].node
        # A `use` at the top without another name would bring a name that is there.
        at_top = isinstance(node, TopLevelUse) and node.local.start == path.name.start
        yield found(
            number,
            "cyclic-package",
            f"package `{package}` depends on itself",
            path.package_span,
            f"what the package itself holds is named without it: write `{bare}`" if bare and not at_top else "",
            fixes=() if at_top else bare_fix(path),
        )


def _paths_into(db: Database, parsed: Source, unit: UnitId, package: PackageName) -> Iterator[tuple[int, Path]]:
    """The paths of a unit into a package, each with the number of its segment in the file."""
    mine = next(u for u in parsed.units if u.scope == unit.scope)
    places: list[tuple[int, Body | None]] = [*mine.bodies, *((number, None) for number in mine.uses)]
    for number, body in sorted(places, key=lambda place: place[0]):
        node = parsed.segments[number].node
        if body is not None:
            for member, path in paths_of(body):
                if path.package == package:
                    yield number + 1 + member, path
        elif isinstance(node, TopLevelUse) and node.path.package == package:
            yield number, node.path
