"""Rules of gates: versions that the package has reached, and types that exist where they are read."""

from collections.abc import Iterator, Sequence

from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import GATED, USES, Facts, Gate, PathKey, TypeFact
from dataflare_lsp.wit.finding import Definition, Finding, found
from dataflare_lsp.wit.names import is_active, package_of, resolve, scope_of
from dataflare_lsp.wit.order import is_released
from dataflare_lsp.wit.package import Package
from dataflare_lsp.wit.rules.place import Place, span_of
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.syntax import Alias, Func, Name, Record, Resource, Since, TypeDef, Use, Variant


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
            readers = [(field.name, *span_of(field.type)) for field in node.fields if field.type is not None]
    for function in facts.functions:
        if not is_active(db, root, function.gate):
            continue
        if function.resource in absent:
            fact = place.scope.types[function.resource]
            yield inactive(place, number, function.name, fact, place.body, function.resource)
            continue
        start = function.node.keyword.start
        ends = [span_of(param.type).end for param in function.node.params]
        if function.node.result is not None:
            ends.append(span_of(function.node.result).end)
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
