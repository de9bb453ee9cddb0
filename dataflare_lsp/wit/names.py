"""What names mean: queries from paths and type names to what they stand for.

Inputs, set by the workspace: `("source", file)` a `Source`, and durable ones: `("surface", file)` its `Surface`;
`("groups", root)` the root's groups of files, its own first; `("features", root)` the features switched on, or None for
all. A *root* is a package as it is judged: with the dependencies around it. Every query gives a value without
positions, so that it changes only when a meaning does.
"""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Literal, NamedTuple, cast

from dataflare_lsp.memo import Database, query
from dataflare_lsp.wit.facts import (
    PATHS,
    USES,
    Gate,
    Members,
    PathKey,
    TypeFact,
    inline_members,
    members_in,
)
from dataflare_lsp.wit.graph import cycles, looping
from dataflare_lsp.wit.package import Package, PackageId, UnitId, group_packages
from dataflare_lsp.wit.source import Body, BodyId, Source
from dataflare_lsp.wit.surface import Item, Kind, Outline, PathUse, Surface, surface_of
from dataflare_lsp.wit.syntax import Extern, Inline, PackageName

Groups = tuple[tuple[str, ...], ...]


def set_source(db: Database, file: str, parsed: Source | None) -> None:
    """Give a file what it is parsed to, or None for one that is no more."""
    before = db.read(("source", file))
    known = db.read(("surface", file))
    db.set(("source", file), parsed)
    if parsed is None:
        db.set(("surface", file), None, durable=True)
        return
    earlier = (before, known) if isinstance(before, Source) and isinstance(known, Surface) else None
    db.set(("surface", file), surface_of(parsed, earlier), durable=True)


def set_groups(db: Database, root: str, groups: Groups) -> None:
    """Say which files make up a root; none for one that is judged no more."""
    db.set(("groups", root), groups, durable=True)


def set_features(db: Database, root: str, features: frozenset[str] | None) -> None:
    """Say which features are switched on in a root, None for all."""
    db.set(("features", root), features, durable=True)


def source(db: Database, file: str) -> Source:
    """The parsed file; one that is not there reads as empty."""
    found = db.read(("source", file))
    return found if isinstance(found, Source) else Source.parse(file, "")


def surface(db: Database, file: str) -> Surface:
    """The surface of a file; one that is not there is empty."""
    found = db.read(("surface", file))
    return found if isinstance(found, Surface) else _NO_SURFACE


_NO_SURFACE = Surface((), (), {})


def groups(db: Database, root: str) -> Groups:
    """The groups of files of a root: its own first, then its dependencies'."""
    return cast(Groups, db.read(("groups", root)) or ())


def is_active(db: Database, root: str, gate: Gate) -> bool:
    """Whether the item behind `gate` exists, with the features of the root."""
    if not gate.feature:
        return True
    features = cast("frozenset[str] | None", db.read(("features", root)))
    return features is None or gate.feature in features


@query
def outline(db: Database, unit: UnitId) -> Outline:
    """The outline of one unit."""
    found = surface(db, unit.file).outlines
    number = unit.scope + 1
    return found[number] if number < len(found) else Outline(unit, (), ())


@query
def paths_in(db: Database, body: BodyId) -> tuple[PathUse, ...]:
    """The paths in a body, in the order of `paths_of`."""
    return surface(db, body.file).paths.get(body, ())


@query
def packages(db: Database, root: str) -> tuple[Package, ...]:
    """The packages of a root in the reference's order: each group's nested ones, then its own."""
    found: list[Package] = []
    for group in filter(None, groups(db, root)):
        found += group_packages([(file, surface(db, file).headers) for file in group])
    return tuple(found)


@query
def packages_by_name(db: Database, root: str) -> dict[PackageName, Package]:
    """The packages of a root by name; of two with the same name, the first."""
    found: dict[PackageName, Package] = {}
    # A package that a WebAssembly file carries along gives way to the one that lies there as source.
    for package in sorted(packages(db, root), key=is_recovered):
        if package.name is not None and package.name.is_whole:
            found.setdefault(package.name, package)
    return found


@query
def damaged_names(db: Database, root: str) -> tuple[PackageName, ...]:
    """What can be read of the names of packages that cannot be read in full; nothing of a dependency without one."""
    own = groups(db, root)[:1]
    return tuple(
        package.name or PackageName("", "")
        for package in packages(db, root)
        if (package.id.group not in own if package.name is None else not package.name.is_whole)
    )


def is_recovered(package: Package) -> bool:
    """Whether the text of a package was recovered from WebAssembly, which has been judged when it was made."""
    return package.units[0].file.endswith((".wasm", ".wat"))


@query
def packages_by_unit(db: Database, root: str) -> dict[UnitId, Package]:
    """The package that each unit belongs to."""
    return {unit: package for package in packages(db, root) for unit in package.units}


@query
def package_of(db: Database, root: str, unit: UnitId) -> Package:
    """The package of a unit."""
    found = packages_by_unit(db, root).get(unit)
    return found or Package(PackageId((unit.file,), unit if unit.scope >= 0 else None), None, (unit,))


@query
def items_of(db: Database, package: Package) -> dict[str, Item]:
    """The interfaces and worlds of a package by name; of two with the same name, the first."""
    found: dict[str, Item] = {}
    for unit in package.units:
        for item in outline(db, unit).items:
            if item.name:
                found.setdefault(item.name, item)
    return found


class Target(NamedTuple):
    """What a path leads to.

    `found`; `no-item`: the package has no such interface or world; `no-package`: no such package in the root;
    `broken`: a name whose own mistake is reported where it is defined.
    """

    status: Literal["found", "no-item", "no-package", "broken"]
    item: Item | None = None
    foreign: bool = False
    alias: bool = False


@query
def resolve(db: Database, root: str, unit: UnitId, path: PathKey) -> Target:
    """The interface or world that `path` names, read in `unit`.

    Specification: WIT.md, "Interfaces, worlds, and `use`".
    """
    if not path.name:
        return Target("broken")
    if path.package is not None:
        return _foreign(db, root, path)
    here = outline(db, unit)
    for item in here.items:
        if item.name == path.name:
            return Target("found", item)
    items = items_of(db, package_of(db, root, unit))
    for local, used in here.uses:
        if local == path.name:
            if used.package is not None:
                target = _foreign(db, root, used)
            else:
                item_used = items.get(used.name)
                target = Target("found", item_used) if item_used else Target("no-item")
            # Where a `use` at the top leads nowhere, that is said there.
            return target._replace(status=target.status if target.status == "found" else "broken", alias=True)
    found = items.get(path.name)
    return Target("found", found) if found else Target("no-item")


@query
def resolve_top_level(db: Database, root: str, unit: UnitId, path: PathKey) -> Target:
    """The same for the path of a top-level `use`, where names of the file itself do not count."""
    if not path.name:
        return Target("broken")
    if path.package is not None:
        return _foreign(db, root, path)
    found = items_of(db, package_of(db, root, unit)).get(path.name)
    return Target("found", found) if found else Target("no-item")


def _foreign(db: Database, root: str, path: PathKey) -> Target:
    assert path.package is not None
    if not path.package.is_whole:
        return Target("broken", foreign=True)
    package = packages_by_name(db, root).get(path.package)
    if package is None:
        # It may well be one whose name is damaged, and that is the mistake.
        parts = path.package[:2]
        meant = [all(not a or a == b for a, b in zip(name, parts, strict=False)) for name in damaged_names(db, root)]
        return Target("broken" if any(meant) else "no-package", foreign=True)
    item = items_of(db, package).get(path.name)
    if item is None or not is_active(db, root, item.gate):
        return Target("no-item", item, foreign=True)
    return Target("found", item, foreign=True)


def first_named_as_world(db: Database, root: str, unit: UnitId, path: PathKey) -> bool:
    """Whether a package first names an item of another one, by its full path, in an `include`.

    A path of its own does not say whether it leads to an interface or a world; for the reference, the first that a
    package has decides it for all of them, whatever gates are before them.
    """
    for mine in package_of(db, root, unit).units:
        here = outline(db, mine)
        uses = list(zip(here.places, here.uses, strict=True))
        for number, item in enumerate(here.items):
            if any([at <= number and used == path for at, (_, used) in uses]):
                return False
            for named in paths_in(db, item.body):
                if named.key == path:
                    return named.word == "include"
        if any([used == path for _, used in here.uses]):
            return False
    return False


class Scope(NamedTuple):
    """The names in an interface or a world: its types, with those that a `use` brings, and its functions."""

    types: dict[str, TypeFact]
    functions: frozenset[str]

    def counts(self, name: str, fact: TypeFact) -> bool:
        """Whether a type of the scope is there for others: not if a `use` brings another one of its name."""
        return fact.kind == "use" or self.types[name].kind != "use"


NO_SCOPE = Scope({}, frozenset())


@query
def body_of(db: Database, body: BodyId) -> Body | None:
    """The interface or world with its segments; changes only when it is edited itself."""
    return source(db, body.file).bodies.get(body)


@query
def members_of(db: Database, body: BodyId) -> Members:
    """What the items of an interface or a world say."""
    found = body_of(db, body)
    return members_in(found) if found is not None else Members(())


@query
def scope_of(db: Database, body: BodyId) -> Scope:
    """The names of an interface or a world. Of types with one name, that from a `use` counts, as in the reference."""
    return scope_from(members_of(db, body))


def scope_from(members: Members) -> Scope:
    """The names that some items make."""
    types: dict[str, TypeFact] = {}
    sources = [*[part.used for part in members.parts], *[part.defined for part in members.parts]]
    for named in sources:
        types.update(named)
    if len(types) < sum([len(named) for named in sources]):
        # Of several with one name the first counts: they are reported, and what reads them is not.
        types = {}
        for named in sources:
            for name, fact in named.items():
                types.setdefault(name, fact)
    return Scope(types, frozenset().union(*[part.functions for part in members.parts]))


def unit_of(body: BodyId) -> UnitId:
    """The unit that a body stands in."""
    return UnitId(body.file, body.scope)


class Needs(NamedTuple):
    """How the interfaces and worlds of a root need each other, by `use` and by `include`.

    `looping` are those that need themselves. `depths` says how many others need each other in a row below each.
    `landings` are what to ask first, in this order and with their depths, where that is so many that queries which
    follow them would go too deep.
    """

    looping: frozenset[BodyId]
    depths: dict[BodyId, int]
    landings: tuple[tuple[int, Item], ...]

    def below(self, bodies: Iterable[BodyId]) -> Iterator[Item]:
        """The landings below some interfaces and worlds, the lowest first."""
        if self.landings:
            top = max([self.depths.get(body, 0) for body in bodies], default=0)
            yield from (item for depth, item in self.landings if depth < top)


_LANDING = 40


@query
def needs_in(db: Database, root: str) -> Needs:
    """How the interfaces and worlds of a root need each other. Changes only with the paths in them."""
    items = [item for package in packages(db, root) for unit in package.units for item in outline(db, unit).items]
    edges = {item.body: needed_by(db, root, item.body, item.kind) for item in items}
    loops = looping(edges)
    depths: dict[BodyId, int] = dict.fromkeys(loops, 0)
    for start in edges:
        pending = [start]
        while pending:
            current = pending[-1]
            missing = [body for body in edges.get(current, ()) if body not in depths] if current not in depths else []
            if missing:
                pending += missing
                continue
            pending.pop()
            if current not in depths:
                depths[current] = 1 + max([depths[body] for body in edges.get(current, ())], default=0)
    landings = [(depths[item.body], item) for item in items if depths[item.body] and depths[item.body] % _LANDING == 0]
    return Needs(loops, depths, tuple(sorted(landings, key=itemgetter(0))))


@query
def needed_by(db: Database, root: str, body: BodyId, kind: Kind) -> tuple[BodyId, ...]:
    """The interfaces that an interface uses, and the worlds that a world includes, gated or not."""
    found = []
    for path in paths_in(db, body):
        if path.word == ("include" if kind == "world" else "use"):
            target = resolve(db, root, unit_of(body), path.key)
            if target.status == "found" and target.item is not None and target.item.kind == kind:
                found.append(target.item.body)
    return tuple(found)


class Meaning(NamedTuple):
    """What a type's name finally is, aliases and uses followed: its definition, and the body that has it.

    `body` is None where the chain ends in the scope it began in.
    """

    fact: TypeFact
    name: str
    body: BodyId | None


def meaning(db: Database, root: str, unit: UnitId, scope: Scope, name: str) -> Meaning | None:
    """What `name` in `scope` finally is, or None where that is not known (a mistake, reported where it is)."""
    body: BodyId | None = None
    seen = set()
    while True:
        fact = scope.types.get(name)
        if fact is None or (body, name) in seen:
            return None
        seen.add((body, name))
        if fact.kind == "use":
            assert fact.path is not None
            target = resolve(db, root, unit, fact.path)
            if target.status != "found" or target.item is None or target.item.kind != "interface":
                return None
            body = target.item.body
            if len(seen) > _MANY_STEPS and body not in needs_in(db, root).looping:
                return meaning_in(db, root, body, fact.of)
            scope, unit = scope_of(db, body), unit_of(body)
            name = fact.of
        elif fact.kind == "alias" and fact.of:
            name = fact.of
        else:
            return Meaning(fact, name, body)


_MANY_STEPS = 100
"""After so many, those that others have taken already are not taken again."""


@query
def meaning_in(db: Database, root: str, body: BodyId, name: str) -> Meaning | None:
    """The same for a name in an interface."""
    found = meaning(db, root, unit_of(body), scope_of(db, body), name)
    return found._replace(body=body) if found is not None and found.body is None else found


def borrowing_types(db: Database, root: str, unit: UnitId, scope: Scope, members: Members) -> frozenset[str]:
    """The types of a scope, which `members` make, whose values can hold a `borrow<…>`."""
    borrowing = []
    for name in dict.fromkeys([name for part in members.parts for name in part.suspects]):
        fact = scope.types[name]
        if fact.borrows or (fact.kind == "use" and _lends(db, root, unit, fact)):
            borrowing.append(name)
    if not borrowing:
        return frozenset()
    readers: dict[str, list[str]] = {}
    for name, fact in scope.types.items():
        for read in fact.reads:
            readers.setdefault(read, []).append(name)
    found = set(borrowing)
    while borrowing:
        for reader in readers.get(borrowing.pop(), ()):
            if reader not in found:
                found.add(reader)
                borrowing.append(reader)
    return frozenset(found)


def _lends(db: Database, root: str, unit: UnitId, fact: TypeFact) -> bool:
    """Whether a type that is used can hold a `borrow<…>`; not asked of interfaces that use themselves."""
    assert fact.path is not None
    target = resolve(db, root, unit, fact.path)
    if target.status != "found" or target.item is None or target.item.kind != "interface":
        return False
    if target.item.body in needs_in(db, root).looping:
        return False
    return fact.of in borrowing_types_of(db, root, target.item.body)


@query
def borrowing_types_of(db: Database, root: str, body: BodyId) -> frozenset[str]:
    """The same for a whole interface or world."""
    return borrowing_types(db, root, unit_of(body), scope_of(db, body), members_of(db, body))


@query
def type_cycles(db: Database, body: BodyId) -> tuple[tuple[str, ...], ...]:
    """The circles among the types of an interface or a world."""
    return cyclic_names(scope_of(db, body), members_of(db, body))


def cyclic_names(scope: Scope, members: Members) -> tuple[tuple[str, ...], ...]:
    """The circles among the types of a scope, which `members` make."""
    if _is_in_order(scope, members):
        return ()
    return tuple(tuple(loop) for loop in cycles({name: fact.reads for name, fact in scope.types.items()}))


def _is_in_order(scope: Scope, members: Members) -> bool:
    """Whether every type stands after those that it reads, so that there is no circle: true of most interfaces."""
    earlier: set[str] = set()
    for part in members.parts:
        earlier.update(part.used)
    for part in members.parts:
        for name in part.ahead:
            if name not in earlier and name in scope.types:
                return False
        earlier.update(part.defined)
    return True


@query
def reads_of(db: Database, root: str, body: BodyId) -> tuple[BodyId, ...]:
    """The interfaces that an interface uses types from, in order, each once; inactive uses do not count."""
    return interfaces_read(db, root, unit_of(body), scope_of(db, body))


def interfaces_read(db: Database, root: str, unit: UnitId, scope: Scope) -> tuple[BodyId, ...]:
    """The same for a scope in hand."""
    found: dict[BodyId, None] = {}
    for fact in scope.types.values():
        if fact.kind == "use" and fact.path is not None and is_active(db, root, fact.gate):
            target = resolve(db, root, unit, fact.path)
            if target.status == "found" and target.item is not None and target.item.kind == "interface":
                found[target.item.body] = None
    return tuple(found)


class ForeignUse(NamedTuple):
    """A type that a body uses from an interface of another package, under a gate."""

    interface: BodyId
    name: str
    gate: Gate


@query
def foreign_uses(db: Database, root: str, body: BodyId) -> tuple[ForeignUse, ...]:
    """The types that a body uses from other packages, in the reference's order."""
    members = members_of(db, body)
    uses = [facts for _, facts in members.having(USES)]
    for direction in ("import", "export"):
        for _, facts in members.having(PATHS):
            node = facts.node
            if isinstance(node, Extern) and node.direction == direction and isinstance(node.item, Inline):
                uses += [inner for inner in inline_members(node.item).facts if inner.traits & USES]
    found = []
    for facts in uses:
        for _, _, fact in facts.types:
            if fact.path is not None:
                target = resolve(db, root, unit_of(body), fact.path)
                if target.foreign and target.status == "found" and target.item is not None:
                    found.append(ForeignUse(target.item.body, fact.of, fact.gate))
    return tuple(found)


@query
def first_gated(db: Database, root: str, package: Package) -> dict[tuple[BodyId, str], Gate]:
    """The types of other packages whose first `use` in a package is behind a feature, and that gate.

    For the reference, the first `use` of such a type decides for all of them whether it is there.
    """
    seen: set[tuple[BodyId, str]] = set()
    gated = {}
    for unit in package.units:
        for item in outline(db, unit).items:
            for use in foreign_uses(db, root, item.body):
                key = (use.interface, use.name)
                if key not in seen and use.gate.feature:
                    gated[key] = use.gate
                seen.add(key)
    return gated
