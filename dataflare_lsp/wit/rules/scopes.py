"""Rules of an interface, and of the types of a world: what its names are, what they read, what a handle may hold.

A `Place` is what is judged: an interface, an interface written in place, or the types of a world. The order of work is
the reference's; where it stops at the first mistake, these go on.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import lexer
from dataflare_lsp.wit.facts import (
    GATED,
    HANDLES,
    RESULT,
    SETTER,
    SHAPED_RESULT,
    USES,
    Facts,
    FuncFact,
    Gate,
    Members,
    PathKey,
    Ref,
    TypeFact,
    canonical,
    result_ok,
)
from dataflare_lsp.wit.finding import HEAD, Definition, Finding, Here, found
from dataflare_lsp.wit.graph import MOST_STEPS, way
from dataflare_lsp.wit.misspelt import Near, absent_type, near_name, primitive, when_mended
from dataflare_lsp.wit.names import (
    Scope,
    borrowing_types,
    borrowing_types_of,
    cyclic_names,
    first_gated,
    first_named_as_world,
    is_active,
    items_of,
    meaning,
    package_of,
    packages_by_name,
    resolve,
    scope_of,
    type_cycles,
)
from dataflare_lsp.wit.order import is_released
from dataflare_lsp.wit.package import Package, UnitId
from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.surface import Item
from dataflare_lsp.wit.syntax import (
    Alias,
    Func,
    Name,
    Named,
    Path,
    Record,
    Resource,
    ResultOf,
    Since,
    Type,
    TypeDef,
    Use,
    Variant,
)

_MOST_GUESSES = 100
"""Names missing in one scope that are looked into. Where there are more, they were not all misspelt."""


class Place(NamedTuple):
    """A scope under judgement.

    `segments` are the body's. `body` is None for an interface written in place. `active`:
    whether the features of the root include it; what is not there is still judged for its names, not for what it means.
    """

    db: Database
    root: str
    unit: UnitId
    body: BodyId | None
    what: str
    scope: Scope
    members: Members
    segments: Sequence[Segment]
    active: bool = True
    is_world: bool = False
    number: int | None = None
    """The one segment that all members lie in, for an interface written in place."""

    def all(self) -> list[tuple[int, Facts]]:
        """Every member with the number of its segment."""
        if self.number is not None:
            return [(self.number, facts) for facts in self.members.facts]
        return list(enumerate(self.members.facts))

    def having(self, trait: int) -> list[tuple[int, Facts]]:
        """The members with a trait, with the numbers of their segments."""
        members = self.members.having(trait)
        return members if self.number is None else [(self.number, facts) for _, facts in members]


def scope_findings(place: Place) -> Iterator[Finding]:
    """Every breach of the rules in one scope."""
    yield from used_names(place)
    yield from defined_twice(place)
    yield from unresolved_names(place)
    yield from cyclic_types(place)
    yield from handles_of_resources(place)
    yield from result_shapes(place)
    if not place.is_world:
        yield from setters_without_getter(place)
    yield from gates(place)
    if place.active:
        yield from inactive_reads(place)
        yield from borrowed_results(place)


# Names ---------------------------------------------------------------------------------------------------------


def used_names(place: Place) -> Iterator[Finding]:
    """`use` of what is not there, or is no type."""
    unknown = 0
    for number, facts in place.having(USES):
        node = facts.node
        if not isinstance(node, Use) or node.path is None:
            continue
        gate = facts.types[0][2].gate if facts.types else Gate()
        bad = path_finding(place, number, node.path, "interface")
        target = resolve(place.db, place.root, place.unit, PathKey(node.path.package, node.path.name.text))
        # What is in another package matters only where it is used.
        off = bool(facts.types) and target.foreign and not is_active(place.db, place.root, gate)
        if bad is not None and (not off or matters_switched_off(place, node.path, bad)):
            yield bad
        if bad is not None or off:
            continue
        if target.item is None or target.status != "found":
            continue
        there = scope_of(place.db, target.item.body)
        for name in node.names:
            wanted = name.name.text
            fact = there.types.get(wanted)
            if not wanted or (fact is None and not lexer.is_kebab_case(wanted)):
                continue
            if fact is None and wanted in types_when_mended(place.db, target.item.body):
                continue
            if fact is None:
                if wanted in there.functions:
                    yield found(
                        number,
                        "not-a-type",
                        f"`{wanted}` is a function of `{target.item.name}`; only types can be used",
                        name.name.span,
                        elsewhere=(Definition(target.item.body, wanted, "the function is defined here"),),
                    )
                else:
                    unknown += 1
                    meant = nearest_type(place.db, target.item.body, wanted) if unknown <= _MOST_GUESSES else None
                    yield unknown_in(number, name.name, target.item, meant)
            elif target.foreign and is_active(place.db, place.root, gate):
                package = package_of(place.db, place.root, place.unit)
                first = first_gated(place.db, place.root, package).get((target.item.body, wanted))
                if first is not None and not is_active(place.db, place.root, first):
                    yield found(
                        number,
                        "inactive-item",
                        f"the first `use` of `{wanted}` in this package is behind the feature `{first.feature}`, "
                        "which is not active, and decides for all of them",
                        name.name.span,
                        f"put a `use` of `{wanted}` without a gate before it",
                    )
                    continue
            if target.foreign and fact is not None and not is_active(place.db, place.root, fact.gate):
                yield inactive(place, number, name.name, fact, target.item.body, wanted)


@query
def types_when_mended(db: Database, body: BodyId) -> frozenset[str]:
    """What those types of an interface will be called whose names are reported."""
    return when_mended(scope_of(db, body).types)


@query
def nearest_type(db: Database, body: BodyId, name: str) -> Near | None:
    """The type of an interface that a name which it does not have was meant to be."""
    return near_name(name, scope_of(db, body).types)


def unknown_in(number: int, name: Name, interface: Item, meant: Near | None) -> Finding:
    """A name that an interface does not have."""
    return found(
        number,
        "unresolved-name",
        f"no type `{name.text}` in interface `{interface.name}`",
        name.span,
        meant.hint if meant else "",
        fixes=rename_fix(name.span, meant),
        elsewhere=(Definition(interface.body, "", f"interface `{interface.name}` is defined here"),),
    )


def rename_fix(span: Span, meant: Near | None) -> tuple[Fix, ...]:
    """The fix that writes the name that was meant."""
    if meant is None:
        return ()
    new = written(meant.name)
    return (Fix(f"Change to `{new}`", (TextEdit(span, new),), meant.certain),)


def written(name: str) -> str:
    """A name as it is written: with `%` where it is a keyword."""
    return f"%{name}" if name in lexer.KEYWORDS else name


def path_finding(place: Place, number: int, path: Path, wanted: str) -> Finding | None:
    """What is wrong with a path that should lead to an interface or a world, if anything is."""
    db, root = place.db, place.root
    target = resolve(db, root, place.unit, PathKey(path.package, path.name.text))
    if target.status == "no-package":
        assert path.package is not None
        return missing_package(db, root, number, path, place.unit)
    if target.status == "no-item" and not lexer.is_kebab_case(path.name.text):
        return None
    if target.status == "no-item":
        if path.package is None:
            candidates = items_of(db, package_of(db, root, place.unit))
            if path.name.text in when_mended(candidates):
                return None
            meant = near_name(path.name.text, candidates)
            return found(
                number,
                "unresolved-interface",
                f"no interface or world `{path.name.text}` in this package",
                path.name.span,
                meant.hint if meant else "",
                fixes=rename_fix(path.name.span, meant),
            )
        return missing_item(db, root, number, path)
    if target.item is not None and target.status == "found" and target.item.kind != wanted:
        article = "an interface" if target.item.kind == "interface" else "a world"
        other = "a world" if wanted == "world" else "an interface"
        return found(
            number,
            "wrong-kind",
            f"`{path.name.text}` is {article}, not {other}",
            path.name.span,
            elsewhere=(Definition(target.item.body, "", "defined here"),),
        )
    return None


def matters_switched_off(place: Place, path: Path, bad: Finding) -> bool:
    """Whether the finding about a path is a mistake even where the path is behind a gate that is switched off."""
    if path.package is None or bad.problem.code == "unresolved-package":
        return True
    key = PathKey(path.package, path.name.text)
    return bad.problem.code == "wrong-kind" and first_named_as_world(place.db, place.root, place.unit, key)


def missing_package(db: Database, root: str, number: int, path: Path, unit: UnitId) -> Finding:
    """A path into a package that the root does not have."""
    assert path.package is not None
    known = packages_by_name(db, root)
    own = package_of(db, root, unit).name
    if own is not None and path.package == own._replace(version=None):
        return found(
            number,
            "unresolved-package",
            f"no package `{path.package}`",
            path.package_span,
            f"this is package `{own}`, which names what it holds without a package: write `{written(path.name.text)}`",
            fixes=bare_fix(path),
        )
    bare = f"{path.package.namespace}:{path.package.name}"
    versions = [name for name in known if (name.namespace, name.name) == path.package[:2]]
    hint = ""
    fixes: tuple[Fix, ...] = ()
    span = path.package_span
    notes: tuple[str, ...] = ()
    if versions:
        listed = ", ".join(f"`{name}`" for name in versions[:6])
        hint = f"found instead: {listed}"
        if len(versions) == 1:
            version = versions[0].version
            after = Span(path.name.end, path.end)
            fixes = (Fix(f"Use `{versions[0]}`", (TextEdit(after, f"@{version}" if version else ""),)),)
    else:
        meant = near_name(bare, [f"{name.namespace}:{name.name}" for name in known])
        if meant:
            hint = meant.hint
            new = ":".join(map(written, meant.name.split(":")))
            fixes = (Fix(f"Change to `{new}`", (TextEdit(span, new),), meant.certain),)
        else:
            notes = ("dependencies are looked for in the `deps` folder beside the package's files",)
    return found(number, "unresolved-package", f"no package `{path.package}`", span, hint, notes=notes, fixes=fixes)


def bare_fix(path: Path) -> tuple[Fix, ...]:
    """The fix that leaves a path's package out."""
    bare = written(path.name.text)
    return (Fix(f"Write `{bare}`", (TextEdit(Span(path.start, path.end), bare),)),) if path.name.text else ()


def missing_item(db: Database, root: str, number: int, path: Path) -> Finding:
    """A path to an interface or world that its package does not have, or has not with these features."""
    assert path.package is not None
    package = packages_by_name(db, root)[path.package]
    items = items_of(db, package)
    name = path.name
    item = items.get(name.text)
    if item is not None:
        return found(
            number,
            "inactive-item",
            f"`{name.text}` exists only with the feature `{item.gate.feature}`, which is not active",
            name.span,
            notes=(f"switch it on with `--features {item.gate.feature}`",),
            elsewhere=(Definition(item.body, "", "defined here"),),
        )
    meant = near_name(name.text, items)
    return found(
        number,
        "unresolved-interface",
        f"no interface or world `{name.text}` in package `{path.package}`",
        name.span,
        meant.hint if meant else "",
        fixes=rename_fix(name.span, meant),
    )


def defined_twice(place: Place) -> Iterator[Finding]:
    """Names that stand more than once in a scope, or differ only in what does not count."""
    if place.is_world:
        yield from types_defined_twice(place)
        return
    parts = place.members.parts
    if len(frozenset().union(*[part.keys for part in parts])) == sum([part.key_count for part in parts]):
        return
    yield from types_defined_twice(place)
    # Functions clash with what comes before them, types of the whole scope first, as in the reference.
    seen: dict[str, tuple[str, int, Name]] = {}
    members = place.all()
    for number, facts in members:
        for name, at, _ in facts.types:
            seen.setdefault(canonical(name), (name, number, at))
    for number, facts in members:
        for function in facts.functions:
            if function.name.text:
                yield from _clash(seen, function.mangled, number, function.name, place.what, function.resource)


def types_defined_twice(place: Place) -> Iterator[Finding]:
    """The same for types alone: first what `use` brings, then definitions.

    A definition before a `use` of the same name is dropped by the reference without a word; that is a warning here.
    """
    seen: dict[str, tuple[str, int, Name]] = {}
    shadowed: dict[str, tuple[str, int, Name]] = {}
    for uses in (True, False):
        for number, facts in place.all():
            for name, at, fact in facts.types:
                if (fact.kind == "use") is not uses:
                    continue
                earlier = seen.get(canonical(name))
                if (
                    not uses
                    and earlier is not None
                    and earlier[0] == name
                    and (number, at.start) < (earlier[1], earlier[2].start)
                ):
                    first = shadowed.setdefault(name, (name, number, at))
                    if first[2] is at:
                        yield found(
                            number,
                            "shadowed-type",
                            f"this `{name}` counts for nothing: a later `use` brings another `{name}`",
                            at.span,
                            elsewhere=(Here(earlier[1], earlier[2].span, "the one that counts"),),
                        )
                    else:
                        yield from _clash({canonical(name): first}, name, number, at, place.what)
                else:
                    yield from _clash(seen, name, number, at, place.what)


def _clash(
    seen: dict[str, tuple[str, int, Name]], name: str, number: int, at: Name, what: str, resource: str = ""
) -> Iterator[Finding]:
    key = canonical(name)
    earlier = seen.setdefault(key, (name, number, at))
    if earlier[2] is at:
        return
    if resource and earlier[0][0] == "[":
        what = f"resource `{resource}`"
    if name.startswith("[constructor]") and earlier[0] == name:
        message = f"{what} has a constructor already"
    elif earlier[0] == name or earlier[2].text == at.text:
        message = f"`{at.text}` is already defined in {what}"
    else:
        message = f"`{at.text}` differs from `{earlier[2].text}` only in case or `-`, which does not count"
    yield found(
        number,
        "duplicate-name",
        message,
        at.span,
        elsewhere=(Here(earlier[1], earlier[2].span, "defined first here"),),
    )


def unresolved_names(place: Place) -> Iterator[Finding]:
    """Types that nothing defines."""
    types = place.scope.types
    known = types.keys()
    # A name that thousands of items read is looked into once.
    guesses: dict[tuple[str, bool], _Guess | None] = {}
    mended: frozenset[str] | None = None
    for start, part in place.members.numbered():
        if part.outside <= known:
            continue
        for number, facts in enumerate(part.facts, start):
            for ref in facts.refs if not facts.names <= known else ():
                # Of a name that cannot be one, that is said already.
                if ref.text not in types and lexer.is_kebab_case(ref.text):
                    key = ref.text, ref.handle
                    if key not in guesses:
                        if mended is None:
                            mended = when_mended(types)
                        found_out = _guess(place, *key) if len(guesses) < _MOST_GUESSES else _Guess()
                        guesses[key] = None if ref.text in mended else found_out
                    guess = guesses[key]
                    if guess is not None:
                        yield _unresolved(place, number if place.number is None else place.number, ref, guess)


class _Guess(NamedTuple):
    """What a name that nothing defines was meant to be: `written`, or the type of that name in interface `owner`."""

    hint: str = ""
    notes: tuple[str, ...] = ()
    written: str = ""
    owner: str = ""
    certain: bool = True


def _guess(place: Place, name: str, handle: bool) -> _Guess:
    if name in place.scope.functions:
        return _Guess()
    owners = _owners(place, name)
    if owners:
        return _Guess(notes=_defined_in(owners[0], name), owner=owners[0] if len(owners) == 1 else "")
    called = None if handle else primitive(name)
    if called:
        return _Guess(f"WIT calls it `{called}`", written=called)
    item = items_of(place.db, package_of(place.db, place.root, place.unit)).get(name)
    if item is not None:
        article = "this" if item.body == place.body else "an" if item.kind == "interface" else "a"
        return _Guess(f"`{name}` is {article} {item.kind}, not a type")
    # That of `st` and `s8` one letter is the same says nothing.
    sized = any(map(str.isdigit, name))
    built_in = [] if handle else [word for word in lexer.PRIMITIVES if any(map(str.isdigit, word)) == sized]
    meant = near_name(name, [*place.scope.types, *built_in])
    if meant:
        is_built_in = meant.name in lexer.PRIMITIVES and meant.name not in place.scope.types
        new = meant.name if is_built_in else written(meant.name)
        return _Guess(meant.hint, written=new, certain=meant.certain and (is_built_in or len(name) > 2))
    near = _near_elsewhere(place, name)
    if near:
        return _Guess(near.hint, _defined_in(_owners(place, near.name)[0], near.name))
    return _Guess(absent_type(name))


def _unresolved(place: Place, number: int, ref: Ref, guess: _Guess) -> Finding:
    span = Span(ref.start, ref.end)
    name = ref.text
    if name in place.scope.functions:
        return found(number, "not-a-type", f"`{name}` is a function, not a type", span)
    fixes: tuple[Fix, ...] = ()
    if guess.written:
        fixes = (Fix(f"Change to `{guess.written}`", (TextEdit(span, guess.written),), guess.certain),)
    elif guess.owner:
        fixes = _use_fixes(place, number, guess.owner, name)
    return found(
        number,
        "unresolved-name",
        f"no type `{name}` in {place.what}",
        span,
        guess.hint,
        notes=guess.notes,
        fixes=fixes,
    )


def _owners(place: Place, name: str) -> list[str]:
    """The interfaces of this package that define the type `name`."""
    owners = []
    for item in items_of(place.db, package_of(place.db, place.root, place.unit)).values():
        if item.kind == "interface" and item.body != place.body:
            fact = scope_of(place.db, item.body).types.get(name)
            if fact is not None and fact.kind != "use":
                owners.append(item.name)
    return owners


def _near_elsewhere(place: Place, name: str) -> Near | None:
    names: set[str] = set()
    for item in items_of(place.db, package_of(place.db, place.root, place.unit)).values():
        if item.kind == "interface" and item.body != place.body:
            names.update(n for n, f in scope_of(place.db, item.body).types.items() if f.kind != "use")
    return near_name(name, sorted(names))


def _defined_in(owner: str, name: str) -> tuple[str, ...]:
    return (f"`{name}` is defined in interface `{owner}`; add `use {written(owner)}.{{{written(name)}}};`",)


def _use_fixes(place: Place, number: int, owner: str, name: str) -> tuple[Fix, ...]:
    """Bring the type `name` from interface `owner`: by the `use` of it that is there, or by a new one at the top."""
    if place.number is not None or not place.segments:
        return ()
    use = f"use {written(owner)}.{{{written(name)}}};"
    title = f"Add `{use}`"
    before = 0  # where the member stands, from the start of the member `number`
    starts = {}
    for at, segment in enumerate(place.segments):
        starts[at] = before
        before += segment.length
    here = starts[number]
    for at, facts in place.having(USES):
        node = facts.node
        if isinstance(node, Use) and node.path is not None and node.names and not node.lead.attributes:
            if node.path.package is None and node.path.name.text == owner:
                end = node.names[-1].local.end + starts[at] - here
                return (Fix(title, (TextEdit(Span(end, end), f", {written(name)}"),)),)
    first = place.segments[0]
    indent = first.text[: first.anchor].rpartition("\n")[2] or "  "
    line = "\r\n" if "\r\n" in first.text[: first.anchor] else "\n"
    gap = "" if isinstance(first.node, Use) else line
    new = f"{line}{indent if not indent.strip() else '  '}{use}{gap}"
    return (Fix(title, (TextEdit(Span(-here, -here), new),)),)


_FINITE = "WIT values are finite: refer to it by a resource handle or an index"


def cyclic_types(place: Place) -> Iterator[Finding]:
    """Types that contain themselves."""
    loops = type_cycles(place.db, place.body) if place.body is not None else cyclic_names(place.scope, place.members)
    definitions = _definitions(place, {name for loop in loops for name in loop[:MOST_STEPS]}) if loops else {}
    for loop in loops:
        path = way(loop)
        places = [definitions[name] for name in loop[:MOST_STEPS]]
        number, facts, at = places[0]
        following = loop[1] if len(loop) > 1 else loop[0]
        ref = next((ref for ref in facts.refs if ref.text == following), None)
        span = Span(ref.start, ref.end) if ref else at.span
        elsewhere = tuple(
            Here(member, name.span, f"`{loop[n]}` contains `{loop[(n + 1) % len(loop)]}`")
            for n, (member, _, name) in enumerate(places)
        )
        nodes = [member.node for _, member, _ in places]
        only_aliases = all(isinstance(node, Alias) and isinstance(node.type, Named) for node in nodes)
        message = f"type `{loop[0]}` contains itself" if len(loop) == 1 else f"type `{loop[0]}` contains itself: {path}"
        yield found(
            number,
            "cyclic-type",
            message,
            span,
            "an alias stands for another type, and these stand for none" if only_aliases else _FINITE,
            elsewhere=elsewhere if len(loop) > 1 else (),
        )


def _definitions(place: Place, names: set[str]) -> dict[str, tuple[int, Facts, Name]]:
    """The members that define types: of several with one name the first, those in a `use` before others."""
    found: dict[str, tuple[int, Facts, Name]] = {}
    for number, facts in place.all():
        for name, at, _ in facts.types:
            known = found.get(name)
            if name in names and (known is None or (facts.traits & USES and not known[1].traits & USES)):
                found[name] = (number, facts, at)
    return found


def handles_of_resources(place: Place) -> Iterator[Finding]:
    """`own<t>` and `borrow<t>` of what is no resource."""
    for number, facts in place.having(HANDLES):
        for ref in facts.handles:
            if ref.text not in place.scope.types:
                continue
            what = meaning(place.db, place.root, place.unit, place.scope, ref.text)
            if what is not None and what.fact.kind != "resource":
                word = "borrow" if ref.borrowed else "own"
                kind = "an alias of a type" if what.fact.kind == "alias" else _kinds.get(what.fact.kind, what.fact.kind)
                yield found(
                    number,
                    "not-a-resource",
                    f"`{word}<{ref.text}>` needs a resource, and `{ref.text}` is {kind}",
                    Span(ref.start, ref.end),
                )


_kinds = {"record": "a record", "variant": "a variant", "enum": "an enum", "flags": "a flags type"}


# Functions -----------------------------------------------------------------------------------------------------


def result_shapes(place: Place) -> Iterator[Finding]:
    """Constructors and setters that return what they may not."""
    for number, facts in place.having(SHAPED_RESULT):
        for function in facts.functions:
            node = function.node
            if node.result is None or (node.form != "constructor" and node.accessor != "set"):
                continue
            if node.form == "constructor":
                yield from _constructor(place, number, function, node.result)
            else:
                is_result, ok = _as_result(place, node.result)
                if not is_result or ok is not None:
                    yield found(
                        number,
                        "invalid-accessor",
                        f"setter `{node.name.text}` can return only a `result` without an `ok` type",
                        _span(node.result),
                        "write `result` or `result<_, error>`, or leave it out",
                    )


def _constructor(place: Place, number: int, function: FuncFact, result: Type) -> Iterator[Finding]:
    is_result, ok = _as_result(place, result)
    resource = function.resource
    if not is_result:
        yield found(
            number,
            "invalid-constructor",
            f"the constructor of `{resource}` can return only a `result` of it",
            _span(result),
            f"write `result<{resource}>` or `result<{resource}, error>`, or leave it out",
        )
    elif ok != resource:
        span = _span(result)
        if isinstance(result, ResultOf) and result.ok is not None:
            span = _span(result.ok)
        yield found(
            number,
            "invalid-constructor",
            f"the `ok` type of the constructor of `{resource}` must be `{resource}` itself",
            span,
        )


def _as_result(place: Place, type: Type) -> tuple[bool, str | None]:
    """Whether a type is a `result`, directly or by an alias of one in this scope, and its `ok` type's name."""
    if isinstance(type, ResultOf):
        return True, result_ok(type)
    if isinstance(type, Named):
        fact = place.scope.types.get(type.name.text)
        if fact is not None and fact.kind == "alias" and fact.result is not False:
            return True, fact.result
        if fact is None:
            return True, None  # the name's own mistake
    return False, None


def _span(type: Type) -> Span:
    if isinstance(type, Named):
        return type.name.span
    return Span(type.start, type.end)


def setters_without_getter(place: Place) -> Iterator[Finding]:
    """A setter stands beside a getter of the same name."""
    setters = [
        (number, function)
        for number, facts in place.having(SETTER)
        for function in facts.functions
        if function.node.accessor == "set"
    ]
    if not setters:
        return
    getters = {
        function.mangled
        for facts in place.members.facts
        for function in facts.functions
        if function.node.accessor == "get"
    }
    for number, function in setters:
        if function.mangled.replace("[set]", "[get]", 1) not in getters:
            yield found(
                number,
                "missing-getter",
                f"setter `{function.name.text}` has no getter beside it",
                function.name.span,
                f"add `{function.name.text}: get() -> type;`",
            )


def borrowed_results(place: Place) -> Iterator[Finding]:
    """A function cannot return a borrow: it would outlive the call. Specification: Explainer.md, on `borrow`."""
    db, root = place.db, place.root
    if place.body is not None:
        borrowing = borrowing_types_of(db, root, place.body)
    else:
        borrowing = borrowing_types(db, root, place.unit, place.scope, place.members)
    for number, facts in place.having(RESULT if borrowing else HANDLES):
        for function in facts.functions:
            if not is_active(db, root, function.gate):
                continue
            guilty = "borrow" if function.result_borrows else min(function.result_reads & borrowing, default=None)
            if guilty is None:
                continue
            hint = "" if function.result_borrows else f"`{guilty}` contains a `borrow<…>`"
            yield found(
                number,
                "borrowed-result",
                f"`{function.name.text}` returns a borrowed handle, which cannot outlive the call",
                function.name.span,
                hint or "return an owned handle instead",
            )


# Gates ---------------------------------------------------------------------------------------------------------


def gates(place: Place) -> Iterator[Finding]:
    """`@since` a version that the package has not reached, and types that exist in what does not."""
    if not place.active:
        for number, facts in place.all():
            for name, at, fact in facts.types:
                if is_active(place.db, place.root, fact.gate) and place.scope.counts(name, fact):
                    yield found(
                        number,
                        "ungated-type",
                        f"type `{name}` is always there, but {place.what} is not: its feature is not active",
                        at.span,
                        "give the type the same `@unstable` gate",
                    )
    package: Package | None = None
    for number, facts in place.having(GATED):
        if facts.node is None:
            continue
        package = package or package_of(place.db, place.root, place.unit)
        node = facts.node
        if isinstance(node, Use):
            for used in node.names[:1]:
                yield from since_findings(package, number, node.lead.attributes, used.name.span)
        elif isinstance(node, TypeDef):
            yield from since_findings(package, number, node.lead.attributes, node.name.span)
            if isinstance(node, Resource) and place.active:
                for function in node.functions:
                    yield from since_findings(package, number, function.lead.attributes, function.name.span)
        elif isinstance(node, Func) and place.active:
            yield from since_findings(package, number, node.lead.attributes, node.name.span)


def since_findings(package: Package, number: int, attributes: Sequence[object], span: Span) -> Iterator[Finding]:
    """What is wrong with the `@since` among some attributes, reported at the item that they gate."""
    for attribute in attributes:
        if not isinstance(attribute, Since) or package.name is None or not package.name.is_whole:
            continue
        if package.name.version is None:
            yield found(
                number,
                "unversioned-gate",
                f"`@since` needs a package with a version, and `{package.name}` has none",
                span,
                "add the version to the `package` header",
            )
        elif not is_released(attribute.version, package.name):
            yield found(
                number,
                "future-gate",
                f"`@since(version = {attribute.version})` is later than this package's version, {package.name.version}",
                span,
            )


def inactive_reads(place: Place) -> Iterator[Finding]:
    """Items that are there but read types that are not, since their feature is not active."""
    db, root = place.db, place.root
    gated = {name for _, facts in place.having(GATED) for name, _, _ in facts.types}
    absent = {name for name in gated if not is_active(db, root, place.scope.types[name].gate)}
    for number, facts in place.having(USES):
        node = facts.node
        if not isinstance(node, Use) or node.path is None or node.path.package is not None:
            continue
        target = resolve(db, root, place.unit, PathKey(None, node.path.name.text))
        if target.status == "found" and target.item is not None and not target.foreign:
            there = scope_of(db, target.item.body)
            here = is_active(db, root, facts.types[0][2].gate if facts.types else Gate())
            for used in node.names:
                fact = there.types.get(used.name.text)
                if fact is not None and here and not is_active(db, root, fact.gate):
                    yield inactive(place, number, used.name, fact, target.item.body, used.name.text)
    if absent:
        for number, facts in place.all():
            if not isinstance(facts.node, Use) and (facts.functions or not facts.names.isdisjoint(absent)):
                yield from _absent_reads(place, number, facts, absent)


def _absent_reads(place: Place, number: int, facts: Facts, absent: set[str]) -> Iterator[Finding]:
    """Where an item that is there reads a type that is not.

    The finding stands at the read name, or where the reference reports it (the field, type or function that reads it)
    when that is on another line.
    """
    db, root, node = place.db, place.root, facts.node
    readers: list[tuple[Name, int, int]] = []
    if isinstance(node, Alias | Record | Variant):
        if not is_active(db, root, facts.types[0][2].gate if facts.types else Gate()):
            return
        readers.append((node.name, 0, 1 << 60))
        if isinstance(node, Record):
            readers = [(field.name, *_span(field.type)) for field in node.fields if field.type is not None]
    for function in facts.functions:
        if not is_active(db, root, function.gate):
            continue
        if function.resource in absent:
            fact = place.scope.types[function.resource]
            yield inactive(place, number, function.name, fact, place.body, function.resource)
            continue
        start = function.node.keyword.start
        ends = [_span(param.type).end for param in function.node.params]
        if function.node.result is not None:
            ends.append(_span(function.node.result).end)
        readers.append((function.name, start, max(ends, default=start)))
    text = place.segments[number].text
    for ref in facts.refs:
        if ref.text not in absent:
            continue
        reader = next((name for name, start, end in readers if start <= ref.start <= end), None)
        if reader is not None:
            at = Name(ref.text, ref.start, ref.end)
            if "\n" in text[reader.start : ref.start]:
                at = reader
            yield inactive(place, number, at, place.scope.types[ref.text], place.body, ref.text)


def inactive(place: Place, number: int, at: Name, fact: TypeFact, body: BodyId | None, name: str) -> Finding:
    """A type that is read where it does not exist."""
    feature = fact.gate.feature
    return found(
        number,
        "inactive-item",
        f"`{name}` exists only with the feature `{feature}`, which is not active",
        at.span,
        f"gate this with `@unstable(feature = {feature})` too",
        notes=(f"or switch it on with `--features {feature}`",),
        elsewhere=(Definition(body, name, "the gated type"),) if body is not None else (),
    )


__all__ = ["HEAD", "Place", "scope_findings"]
