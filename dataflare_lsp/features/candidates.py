"""Candidates: the types, interfaces and worlds that a name could mean, found by how they begin.

An index is kept per file, and per interface of the file at hand, so that an edit makes little anew; it is looked into
by bisection.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.wit.facts import Gate, TypeKind, facts_of_segment, gate_of
from dataflare_lsp.wit.names import (
    groups,
    is_active,
    outline,
    package_of,
    reads_of,
    scope_of,
    source,
    surface,
)
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.syntax import Alias, Enum, Flags, Record, Resource, TypeDef, Variant


class TypeEntry(NamedTuple):
    """A type that an interface defines."""

    name: str
    kind: TypeKind
    gate: Gate
    body: BodyId


class TypeIndex(NamedTuple):
    """The types that the interfaces of a file define: `words` in order, each beside its type.

    A type is there by its name, and by what follows each `-` in it.
    """

    words: tuple[str, ...]
    entries: tuple[TypeEntry, ...]


@query
def types_of_file(db: Database, file: str) -> TypeIndex:
    """The types that the interfaces of a file define. Reads the file alone, so that it is cheap to find unchanged."""
    return _index(
        [
            TypeEntry(node.name.text, _KINDS[type(node)], gate_of(node.lead), body.id)
            for unit in source(db, file).units
            for _, body in unit.bodies
            if body.kind == "interface" and body.id.name
            for node in [segment.node for segment in body.members if type(segment.node) in _KINDS]
            if isinstance(node, TypeDef) and node.name.text
        ]
    )


_KINDS: dict[type, TypeKind] = {
    Alias: "alias",
    Record: "record",
    Variant: "variant",
    Enum: "enum",
    Flags: "flags",
    Resource: "resource",
}


@query
def types_of_interface(db: Database, body: BodyId) -> TypeIndex:
    """The types that one interface defines. Stays as it is while something else of the file is edited."""
    return _index(defined_types(db, body))


@query
def defined_types(db: Database, body: BodyId) -> tuple[TypeEntry, ...]:
    """The same in no order."""
    return tuple(
        [
            TypeEntry(name, fact.kind, fact.gate, body)
            for name, fact in scope_of(db, body).types.items()
            if fact.kind != "use"
        ]
    )


def _index(entries: Iterable[TypeEntry]) -> TypeIndex:
    found = []
    for entry in entries:
        word = entry.name.lower()
        found.append((word, entry))
        at = word.find("-")
        while at >= 0:
            found.append((word[at + 1 :], entry))
            at = word.find("-", at + 1)
    found.sort()
    return TypeIndex(tuple([word for word, _ in found]), tuple([entry for _, entry in found]))


def types_beginning(db: Database, root: str, unit: UnitId, around: BodyId | None, typed: str) -> Iterator[TypeEntry]:
    """The types of a root that are there and of which a word begins with `typed`, nearest first.

    First those of the unit itself, but for the body `around`, then those of its package, then all others. With nothing
    typed, only those of the package.
    """
    folded = typed.lower()
    for item in outline(db, unit).items:
        if item.kind == "interface" and item.name and item.body != around:
            yield from _beginning(db, root, types_of_interface(db, item.body), folded)
    own = [other.file for other in package_of(db, root, unit).units if other.file != unit.file]
    for file in own:
        yield from _beginning(db, root, types_of_file(db, file), folded)
    if folded:
        # Other packages of this file, then all other files; what was there already is found again.
        for outlined in surface(db, unit.file).outlines:
            for item in outlined.items if outlined.unit != unit else ():
                yield from _beginning(db, root, types_of_interface(db, item.body), folded)
        for index in indexes_but(db, root, unit.file):
            yield from _beginning(db, root, index, folded)


@query
def indexes_but(db: Database, root: str, file: str) -> tuple[TypeIndex, ...]:
    """The indexes of all files of a root but one."""
    others = dict.fromkeys(other for group in groups(db, root) for other in group if other != file)
    return tuple([types_of_file(db, other) for other in others])


def _beginning(db: Database, root: str, index: TypeIndex, folded: str) -> Iterator[TypeEntry]:
    words, entries = index
    for at in range(bisect_left(words, folded), len(words)):
        if not words[at].startswith(folded):
            return
        entry = entries[at]
        if (folded or len(words[at]) == len(entry.name)) and is_active(db, root, entry.gate):
            yield entry


@query
def features_of_file(db: Database, file: str) -> tuple[str, ...]:
    """The features that the gates of a file name, each once."""
    gates = []
    for unit in source(db, file).units:
        for _, body in unit.bodies:
            for segment in (body.head, *body.members):
                if segment.node is not None:
                    gates.append(gate_of(segment.node.lead))
                gates += [function.gate for function in facts_of_segment(segment).functions]
    return tuple(dict.fromkeys(gate.feature for gate in gates if gate.feature))


def uses_in_circle(db: Database, root: str, start: BodyId, goal: BodyId) -> bool:
    """Whether the interface `start` uses types of `goal`, directly or through others."""
    pending = [start]
    seen = set()
    while pending:
        body = pending.pop()
        if body == goal:
            return True
        if body not in seen:
            seen.add(body)
            pending += reads_of(db, root, body)
    return False
