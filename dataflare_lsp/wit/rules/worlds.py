"""Rules of a world: its imports and exports, what it includes, and what both require of each other.

A world is *elaborated* as in the reference: the interfaces that its imports and exports use types from are imports too,
unless they are exported. Specification: WIT.md, "Transitive imports and worlds" and "Union of Worlds with `include`".
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import (
    OPEN,
    Facts,
    Gate,
    PathKey,
    canonical,
    gate_of,
    inline_members,
)
from dataflare_lsp.wit.finding import Definition, Elsewhere, Finding, Here, found
from dataflare_lsp.wit.misspelt import near_name
from dataflare_lsp.wit.names import (
    body_of,
    first_named_as_world,
    interfaces_read,
    is_active,
    members_of,
    needs_in,
    outline,
    package_of,
    reads_of,
    resolve,
    scope_from,
    scope_of,
    unit_of,
)
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.rules.gates import since_findings
from dataflare_lsp.wit.rules.paths import matters_switched_off, path_finding
from dataflare_lsp.wit.rules.place import Place
from dataflare_lsp.wit.rules.scopes import scope_findings
from dataflare_lsp.wit.source import Body, BodyId
from dataflare_lsp.wit.syntax import Extern, Func, Include, Inline, Name, Path, Rename, Resource, WorldHead

Direction = Literal["import", "export"]
Key = str | BodyId
"""How a world knows an item: a plain name, or the interface that is imported or exported under its own name."""
_Taken = dict[tuple[Direction, Key | PathKey], tuple[str, int, Span]]
"""What a world lists itself, by where it does so first."""


class Entry(NamedTuple):
    """An import or export: `interface` where it stands for a named one, `reads` the interfaces it needs besides."""

    kind: Literal["interface", "func", "type"]
    gate: Gate = OPEN
    interface: BodyId | None = None
    reads: tuple[BodyId, ...] = ()
    accessor: str = ""


class View(NamedTuple):
    """A world as another one sees it that includes it: everything it imports and exports, elaborated."""

    imports: dict[Key, Entry]
    exports: dict[Key, Entry]

    def side(self, direction: Direction) -> dict[Key, Entry]:
        return self.imports if direction == "import" else self.exports


class _Judged(NamedTuple):
    view: View
    findings: tuple[Finding, ...]


EMPTY = View({}, {})


@query
def view_of(db: Database, root: str, world: BodyId) -> View:
    """The elaborated imports and exports of a world."""
    return judged(db, root, world).view


@query
def judged(db: Database, root: str, world: BodyId) -> _Judged:
    """A world's view and the breaches of the rules in it."""
    body = body_of(db, world)
    if body is None or body.kind != "world":
        return _Judged(EMPTY, ())
    return _World(db, root, body).judge()


def world_findings(db: Database, root: str, world: BodyId) -> tuple[Finding, ...]:
    """Every breach of the rules in one world."""
    return judged(db, root, world).findings


class _World:
    """One world under judgement."""

    def __init__(self, db: Database, root: str, body: Body) -> None:
        assert isinstance(body.head.node, WorldHead)
        self.db = db
        self.root = root
        self.body = body
        self.unit: UnitId = unit_of(body.id)
        self.name = body.name
        self.active = is_active(db, root, gate_of(body.head.node.lead))
        self.members = members_of(db, body.id)
        self.scope = scope_of(db, body.id)
        self.view = View({}, {})
        self.places: dict[tuple[Direction, Key], tuple[int, Span]] = {}

    def judge(self) -> _Judged:
        what = f"world `{self.name.text}`"
        place = Place(
            self.db,
            self.root,
            self.unit,
            self.body.id,
            what,
            self.scope,
            self.members,
            self.body.members,
            self.active,
            True,
        )
        findings = list(scope_findings(place))
        findings += self.own_items(place)
        findings += self.includes(place)
        if self.active:
            findings += self.setters()
            findings += self.elaborate()
        return _Judged(self.view, tuple(findings))

    # What the world itself lists -------------------------------------------------------------------------------

    def own_items(self, place: Place) -> Iterator[Finding]:
        taken: _Taken = {}
        for uses in (True, False):
            for number, facts in enumerate(self.members.facts):
                for name, at, fact in facts.types:
                    active = is_active(self.db, self.root, fact.gate)
                    absent = self.active and not active and self.scope.counts(name, fact)
                    if (fact.kind == "use") is uses and absent:
                        yield found(
                            number,
                            "inactive-item",
                            f"`{name}` exists only with the feature `{fact.gate.feature}`, and a world's own types "
                            "must be there when the world is",
                            at.span,
                            "gate the world instead, or move the type into an interface",
                        )
                    if (fact.kind == "use") is uses and active:
                        reads: tuple[BodyId, ...] = ()
                        if fact.path is not None:
                            target = resolve(self.db, self.root, self.unit, fact.path)
                            if target.status == "found" and target.item is not None:
                                reads = (target.item.body,)
                        self.add("import", name, Entry("type", fact.gate, None, reads), number, at.span)
                    if (fact.kind == "use") is uses:
                        taken.setdefault(("import", canonical(name)), (name, number, at.span))
        for number, facts in enumerate(self.members.facts):
            node = facts.node
            if isinstance(node, Resource):
                for function in facts.functions:
                    if function.name.text:
                        yield from self.claim(taken, "import", function.mangled, number, function.name)
                        if is_active(self.db, self.root, function.gate):
                            entry = Entry("func", function.gate, None, (), function.node.accessor)
                            self.add("import", function.mangled, entry, number, function.name.span)
            elif isinstance(node, Extern):
                yield from self.extern(place, taken, number, node, facts)

    def extern(
        self,
        place: Place,
        taken: _Taken,
        number: int,
        node: Extern,
        facts: Facts,
    ) -> Iterator[Finding]:
        direction = node.direction
        gate = gate_of(node.lead)
        active = is_active(self.db, self.root, gate)
        item = node.item
        at = node.name if node.name is not None else item.name if isinstance(item, Path) else Name("", 0, 0)
        entry = Entry("func", gate, None, (), item.accessor if isinstance(item, Func) else "")
        key: Key = at.text
        if isinstance(item, Func):
            key = facts.functions[0].mangled if at.text else ""
        elif isinstance(item, Inline):
            inner = inline_members(item)
            scope = scope_from(inner)
            what = f"interface `{at.text}`"
            yield from scope_findings(
                Place(
                    self.db,
                    self.root,
                    self.unit,
                    None,
                    what,
                    scope,
                    inner,
                    self.body.members,
                    active,
                    number=number,
                )
            )
            entry = Entry("interface", gate, None, interfaces_read(self.db, self.root, self.unit, scope))
        else:
            entry = Entry("interface", gate)
            bad = path_finding(place, number, item, "interface")
            if bad is not None:
                if active or matters_switched_off(place, item, bad):
                    yield bad
                elif node.name is None:
                    yield from self.claim_interface(taken, direction, self._full(item), number, at)
                return
            target = resolve(self.db, self.root, self.unit, PathKey(item.package, item.name.text))
            if target.status != "found" or target.item is None or target.item.kind != "interface":
                if node.name is None and item.package is not None and key:
                    yield from self.claim_interface(taken, direction, self._full(item), number, at)
                return
            interface = target.item.body
            entry = Entry("interface", gate, interface)
            if node.name is None:
                key = interface
            if self.active and active and not is_active(self.db, self.root, target.item.gate):
                feature = target.item.gate.feature
                yield found(
                    number,
                    "inactive-item",
                    f"`{item.name.text}` exists only with the feature `{feature}`, which is not active",
                    item.name.span,
                    f"gate this with `@unstable(feature = {feature})` too",
                    elsewhere=(Definition(interface, "", "the gated interface"),),
                )
                return
        if self.active and active:
            package = package_of(self.db, self.root, self.unit)
            yield from since_findings(package, number, node.lead.attributes, at.span)
        if not key:
            return
        if isinstance(key, str):
            yield from self.claim(taken, direction, key, number, at)
        else:
            yield from self.claim_interface(taken, direction, key, number, at)
        if active:
            self.add(direction, key, entry, number, at.span)

    def claim(
        self,
        taken: _Taken,
        direction: Direction,
        name: str,
        number: int,
        at: Name,
    ) -> Iterator[Finding]:
        """Each plain name stands once among the imports and once among the exports."""
        mine = (name, number, at.span)
        earlier = taken.setdefault((direction, canonical(name)), mine)
        if earlier is mine:
            return
        same = earlier[0] == name
        yield found(
            number,
            "duplicate-name",
            f"{direction} `{at.text}` is already defined in world `{self.name.text}`"
            if same
            else f"{direction} `{at.text}` differs from an earlier one only in case, `-` or form, which does not count",
            at.span,
            elsewhere=(Here(earlier[1], earlier[2], "defined first here"),),
        )

    def claim_interface(
        self, taken: _Taken, direction: Direction, key: BodyId | PathKey, number: int, at: Name
    ) -> Iterator[Finding]:
        """The same for an interface, whatever gates are switched off."""
        mine = (at.text, number, at.span)
        earlier = taken.setdefault((direction, key), mine)
        if earlier is not mine:
            yield found(
                number,
                "duplicate-name",
                f"interface `{at.text}` is {direction}ed already",
                at.span,
                elsewhere=(Here(earlier[1], earlier[2], f"{direction}ed first here"),),
            )

    def add(self, direction: Direction, key: Key, entry: Entry, number: int, span: Span) -> None:
        side = self.view.side(direction)
        if key not in side:
            side[key] = entry
        self.places.setdefault((direction, key), (number, span))

    # Includes --------------------------------------------------------------------------------------------------

    def _full(self, path: Path) -> PathKey:
        """A path as it would be without the names that a `use` at the top of the file gives."""
        key = PathKey(path.package, path.name.text)
        if key.package is not None:
            return key
        return next((used for local, used in outline(self.db, self.unit).uses if local == key.name), key)

    def includes(self, place: Place) -> Iterator[Finding]:
        circular = self.body.id in needs_in(self.db, self.root).looping
        for number, facts in enumerate(self.members.facts):
            node = facts.node
            if not isinstance(node, Include) or node.path is None:
                continue
            path = node.path
            gate = gate_of(node.lead)
            active = is_active(self.db, self.root, gate)
            bad = path_finding(place, number, path, "world")
            if bad is not None:
                if active or matters_switched_off(place, path, bad):
                    yield bad
                continue
            target = resolve(self.db, self.root, self.unit, PathKey(path.package, path.name.text))
            if target.foreign or target.status == "broken":
                full = self._full(path)
                if full.package is not None and not first_named_as_world(self.db, self.root, self.unit, full):
                    yield found(
                        number,
                        "wrong-kind",
                        f"`{path.name.text}` was named before as an interface",
                        path.name.span,
                        "include the world by its full path only",
                    )
                    continue
            if not (self.active and active):
                continue
            package = package_of(self.db, self.root, self.unit)
            yield from since_findings(package, number, node.lead.attributes, path.name.span)
            if target.status != "found" or target.item is None or target.item.kind != "world" or circular:
                continue
            if not is_active(self.db, self.root, target.item.gate):
                feature = target.item.gate.feature
                yield found(
                    number,
                    "inactive-item",
                    f"world `{path.name.text}` exists only with the feature `{feature}`, which is not active",
                    path.name.span,
                    f"gate this with `@unstable(feature = {feature})` too",
                )
                continue
            yield from self.include(number, node, path, target.item.body, target.foreign)

    def include(self, number: int, node: Include, path: Path, world: BodyId, foreign: bool) -> Iterator[Finding]:
        view = view_of(self.db, self.root, world)
        yield from self.renames(number, node, path, view, world)
        for direction in ("import", "export"):
            side = self.view.side(direction)
            for key, entry in view.side(direction).items():
                if isinstance(key, BodyId):
                    yield from self.merge(number, path, side, key, entry, foreign)
                    continue
                name = renamed(key, node.renames)
                earlier = self.clash(direction, side, name)
                if earlier is None:
                    side[name] = entry
                    self.places[direction, name] = (number, path.name.span)
                    continue
                yield found(
                    number,
                    "shadowed-include",
                    f"{direction} `{name}` of `{path.name.text}` clashes with another {direction} of this world",
                    path.name.span,
                    f"rename it: `with {{ {_label(key)} as … }}`",
                    elsewhere=earlier,
                )

    def clash(self, direction: Direction, side: dict[Key, Entry], name: str) -> tuple[Elsewhere, ...] | None:
        wanted = canonical(name)
        taken = name if name in side else None
        if taken is None:
            for key in side:
                if isinstance(key, str) and canonical(key) == wanted:
                    taken = key
                    break
        if taken is None:
            return None
        place = self.places.get((direction, taken))
        return (Here(place[0], place[1], "the other one"),) if place else ()

    def merge(
        self, number: int, path: Path, side: dict[Key, Entry], key: BodyId, entry: Entry, foreign: bool
    ) -> Iterator[Finding]:
        """An interface that two worlds name is one; their gates must agree."""
        mine = side.setdefault(key, entry)
        if foreign and entry.gate.since:
            side[key] = mine._replace(gate=OPEN)
        elif entry.gate not in (OPEN, mine.gate):
            if mine.gate == OPEN:
                side[key] = mine._replace(gate=entry.gate)
            else:
                yield found(
                    number,
                    "conflicting-gates",
                    f"`{path.name.text}` gates interface `{key.name}` differently from this world",
                    path.name.span,
                )

    def renames(self, number: int, node: Include, path: Path, view: View, world: BodyId) -> Iterator[Finding]:
        names = [key for side in view for key in side if isinstance(key, str)]
        for rename in node.renames:
            if not rename.name.text or any(renamed(name, (rename,)) != name for name in names):
                continue
            if any(renamed_to(name, rename) for name in names):
                continue
            interfaces = [key.name for side in view for key in side if isinstance(key, BodyId)]
            hint = ""
            if rename.name.text in interfaces:
                hint = "it is an interface by its own name, which cannot be renamed"
            else:
                meant = near_name(rename.name.text, [_label(name) for name in names])
                hint = meant.hint if meant else ""
            yield found(
                number,
                "unknown-rename",
                f"world `{path.name.text}` has no plain name `{rename.name.text}` to rename",
                rename.name.span,
                hint,
                elsewhere=(Definition(world, "", "the world is defined here"),),
            )

    # Together --------------------------------------------------------------------------------------------------

    def setters(self) -> Iterator[Finding]:
        for direction in ("import", "export"):
            side = self.view.side(direction)
            for key, entry in side.items():
                if entry.accessor == "set" and isinstance(key, str):
                    getter = key.replace("[set]", "[get]", 1)
                    if getter not in side:
                        number, span = self.places[direction, key]
                        yield found(
                            number,
                            "missing-getter",
                            f"{direction} `{_label(key)}` is set by this world but has no getter",
                            span,
                            f"add `{direction} {_label(key)}: get() -> type;`",
                        )

    def elaborate(self) -> Iterator[Finding]:
        """Add the interfaces that imports and exports need, and refuse exports that would need one in two ways."""
        own = self.view
        imports: dict[Key, Entry] = {}
        for key, entry in own.imports.items():
            for read in (entry.interface,) if key == entry.interface else self.reads(entry):
                if read is not None:
                    self.add_import(imports, read, entry.gate)
            imports.setdefault(key, entry)
        exports: dict[Key, Entry] = {key: e for key, e in own.exports.items() if e.kind != "interface"}
        interfaces = {key: entry for key, entry in own.exports.items() if entry.kind == "interface"}
        required: set[BodyId] = set()
        self.view = View(imports, exports)
        for key, entry in interfaces.items():
            conflict = self.add_export(key, entry, interfaces, required)
            if conflict is None:
                continue
            name = key if isinstance(key, str) else key.name
            place = self.places.get(("export", key))
            yield Finding(
                -1,
                found(
                    -1,
                    "conflicting-export",
                    f"world `{self.name.text}` exports `{name}`, which needs `{conflict.name}` both as an import and "
                    "as this world's export",
                    self.name.span,
                    f"export the interfaces between `{name}` and `{conflict.name}` as well, "
                    f"or do not export `{conflict.name}`",
                ).problem,
                (Here(place[0], place[1], f"`{name}` is exported here"),) if place else (),
            )
            break

    def reads(self, entry: Entry) -> Iterable[BodyId]:
        return reads_of(self.db, self.root, entry.interface) if entry.interface is not None else entry.reads

    def add_import(self, imports: dict[Key, Entry], interface: BodyId, gate: Gate) -> None:
        """Import an interface after those that it reads, without recursion."""
        work = [(interface, False)]
        visited: set[BodyId] = set()
        while work:
            current, done = work.pop()
            if current in imports:
                continue
            if done:
                imports[current] = Entry("interface", gate, current)
            elif current not in visited:
                visited.add(current)
                work.append((current, True))
                work += [(read, False) for read in reversed(reads_of(self.db, self.root, current))]

    def add_export(self, key: Key, entry: Entry, interfaces: dict[Key, Entry], required: set[BodyId]) -> BodyId | None:
        """Export an interface; what it reads is exported where the world says so and imported elsewhere.

        Gives the interface that would have to be both, or None where all is well.
        """
        imports, exports = self.view
        stack: list[tuple[Key, Entry, bool, Iterator[BodyId]]] = []
        nothing: BodyId | None = None

        def enter(key: Key, entry: Entry, exported: bool) -> BodyId | None:
            if key in exports:
                return nothing if exported or not isinstance(key, BodyId) else key
            if not exported and entry.interface in required:
                return nothing
            if any(frame[0] == key for frame in stack):
                return nothing
            stack.append((key, entry, exported, iter(self.reads(entry))))
            return nothing

        conflict = enter(key, entry, True)
        while stack and conflict is None:
            current, its, exported, reads = stack[-1]
            read = next(reads, None)
            if read is not None:
                conflict = enter(read, Entry("interface", its.gate, read), exported and read in interfaces)
                continue
            stack.pop()
            if exported:
                if its.interface is not None and its.interface in required:
                    return its.interface
                exports[current] = its
            else:
                if its.interface is not None:
                    required.add(its.interface)
                imports.setdefault(current, its)
        return conflict


def renamed(name: str, renames: Iterable[Rename]) -> str:
    """A plain name as an `include` renames it: the whole label, or the resource of a method's name."""
    for rename in renames:
        if renamed_to(name, rename):
            start = name.rfind("]") + 1
            resource, dot, function = name[start:].partition(".")
            del resource
            return name[:start] + rename.local.text + dot + function
    return name


def renamed_to(name: str, rename: Rename) -> bool:
    """Whether a rename speaks of a plain name."""
    return name[name.rfind("]") + 1 :].partition(".")[0] == rename.name.text


def _label(name: str) -> str:
    return name[name.rfind("]") + 1 :].partition(".")[0]
