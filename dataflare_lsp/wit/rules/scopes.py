"""Rules of an interface, and of the types of a world: what its names are, what they read, what a handle may hold.

A `Place` is what is judged: an interface, an interface written in place, or the types of a world. The order of work is
the reference's; where it stops at the first mistake, these go on.
"""

from collections.abc import Iterator

from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import HANDLES, RESULT, SETTER, SHAPED_RESULT, USES, Facts, FuncFact, canonical, result_ok
from dataflare_lsp.wit.finding import Finding, Here, found
from dataflare_lsp.wit.graph import MOST_STEPS, way
from dataflare_lsp.wit.names import borrowing_types, borrowing_types_of, cyclic_names, is_active, meaning, type_cycles
from dataflare_lsp.wit.rules.gates import gates, inactive_reads
from dataflare_lsp.wit.rules.missing import unresolved_names, used_names
from dataflare_lsp.wit.rules.place import Place, span_of
from dataflare_lsp.wit.syntax import Alias, Name, Named, ResultOf, Type


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
                        span_of(node.result),
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
            span_of(result),
            f"write `result<{resource}>` or `result<{resource}, error>`, or leave it out",
        )
    elif ok != resource:
        span = span_of(result)
        if isinstance(result, ResultOf) and result.ok is not None:
            span = span_of(result.ok)
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
