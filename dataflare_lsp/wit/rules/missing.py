"""Rules of names: what a `use` brings or a type reads is there; where it is not, what it was meant to be."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import lexer
from dataflare_lsp.wit.facts import USES, Gate, PathKey, Ref
from dataflare_lsp.wit.finding import Definition, Finding, found
from dataflare_lsp.wit.misspelt import Near, absent_type, near_name, primitive, when_mended
from dataflare_lsp.wit.names import first_gated, is_active, items_of, package_of, resolve, scope_of
from dataflare_lsp.wit.rules.gates import inactive
from dataflare_lsp.wit.rules.paths import matters_switched_off, path_finding, rename_fix, written
from dataflare_lsp.wit.rules.place import Place
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.surface import Item
from dataflare_lsp.wit.syntax import Name, Use

_MOST_GUESSES = 100
"""Names missing in one scope that are looked into. Where there are more, they were not all misspelt."""


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
