"""Candidates: the types, interfaces and worlds that a name could mean, found by how they begin.

An index is kept per file, so that an edit makes only its own file's anew, and looked into by bisection.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.wit.facts import Gate, TypeKind, facts_of_segment, gate_of
from dataflare_lsp.wit.names import groups, is_active, reads_of, source
from dataflare_lsp.wit.package import Package
from dataflare_lsp.wit.source import BodyId


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
    """The types that the interfaces of a file define."""
    found = []
    for unit in source(db, file).units:
        for _, body in unit.bodies:
            if body.kind != "interface" or not body.id.name:
                continue
            for segment in body.members:
                for name, _, fact in facts_of_segment(segment).types:
                    if fact.kind != "use":
                        entry = TypeEntry(name, fact.kind, fact.gate, body.id)
                        folded = name.lower()
                        found.append((folded, entry))
                        at = folded.find("-")
                        while at >= 0:
                            found.append((folded[at + 1 :], entry))
                            at = folded.find("-", at + 1)
    found.sort()
    return TypeIndex(tuple([word for word, _ in found]), tuple([entry for _, entry in found]))


def types_beginning(db: Database, root: str, own: Package, typed: str) -> Iterator[TypeEntry]:
    """The types of a root that are there and of which a word begins with `typed`: those of the package `own` first.

    With nothing typed, only those of `own`.
    """
    folded = typed.lower()
    files = [unit.file for unit in own.units]
    if folded:
        files += [file for group in groups(db, root) for file in group]
    for file in dict.fromkeys(files):
        index = types_of_file(db, file)
        for at in range(bisect_left(index.words, folded), len(index.words)):
            if not index.words[at].startswith(folded):
                break
            entry = index.entries[at]
            if (folded or index.words[at] == entry.name.lower()) and is_active(db, root, entry.gate):
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
