"""Rename: another name for a thing, everywhere that it is called so."""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dataflare_lsp.features.bindings import Binding, bindings_of
from dataflare_lsp.features.meanings import MemberMeaning, meaning_of
from dataflare_lsp.features.occurrences import Place, occurrence_at
from dataflare_lsp.features.references import names_like
from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.lexer import KEYWORDS, PRIMITIVES, is_kebab_case
from dataflare_lsp.wit.names import package_of
from dataflare_lsp.wit.syntax import (
    Enum,
    Extern,
    Field,
    Flags,
    Func,
    Include,
    Name,
    Node,
    Param,
    Record,
    TopLevelUse,
    TypeDef,
    Use,
    Variant,
)
from dataflare_lsp.workspace.roots import CORE, is_encoded, is_manifest, is_view
from dataflare_lsp.workspace.snapshot import Snapshot


class NotRenamed(Exception):
    """It cannot be called so; the message says why."""


class Renamable(NamedTuple):
    """A name that can be changed: where it stands, and what it is now, without its `%`."""

    span: Span
    name: str


def renamable(snapshot: Snapshot, file: str, offset: int) -> Renamable | None:
    """The name at `offset`, if it can be changed; None where there is none. Raises `NotRenamed`."""
    found = _found(snapshot, file, offset)
    return Renamable(found[0].span, found[0].occurrence.text) if found is not None else None


def rename(snapshot: Snapshot, file: str, offset: int, name: str) -> dict[str, tuple[TextEdit, ...]]:
    """The edits, by file, after which what is named at `offset` is called `name`. Raises `NotRenamed`."""
    found = _found(snapshot, file, offset)
    if found is None:
        raise NotRenamed("there is no name here")
    place, binding = found
    plain = name.strip().removeprefix("%")
    if not is_kebab_case(plain):
        raise NotRenamed(
            f"`{plain}` is no name: expected words of letters and digits, joined by `-`, such as `data-record`"
        )
    if plain == binding.name:
        return {}
    written = f"%{plain}" if plain in KEYWORDS or plain in PRIMITIVES else plain
    edits: dict[str, list[TextEdit]] = {}
    for one in names_like(snapshot, place):
        if not is_manifest(one.file):
            _check(snapshot, one.file, one.span, plain)
        edits.setdefault(one.file, []).append(TextEdit(one.span, plain if is_manifest(one.file) else written))
    return {there: tuple(some) for there, some in edits.items()}


def _found(snapshot: Snapshot, file: str, offset: int) -> tuple[Place, Binding] | None:
    place = occurrence_at(snapshot, file, offset)
    if place is None:
        return None
    match place.occurrence.role:
        case "package" | "path-package":
            raise NotRenamed("a package is known to others by its name and version: it is not renamed here")
        case "feature" | "gate-version" | "path-version":
            raise NotRenamed("there is nothing here that could be renamed")
    bindings = bindings_of(snapshot, snapshot.root_of(file), place, through=False)
    if not bindings:
        raise NotRenamed(f"nobody knows what `{place.occurrence.text}` is")
    binding = bindings[0]
    why = _foreign(snapshot, binding.file)
    if why:
        raise NotRenamed(f"`{binding.name}` cannot be renamed: {why}")
    return place, binding


def _foreign(snapshot: Snapshot, file: str) -> str:
    """Why what a file defines is not for the user to name."""
    shown = os.path.basename(file)
    if is_encoded(file) or is_view(file):
        return f"it is defined in WebAssembly, in `{shown.removesuffix('.wit') if is_view(file) else shown}`"
    if os.path.dirname(file) == CORE:
        return "it is one of the host's"
    roots = [snapshot.roots[root] for root in snapshot.roots_of(file) if root in snapshot.roots]
    if roots and all(file not in root.groups[0] for root in roots):
        return f"it is defined in a dependency, in `{shown}`"
    return ""


# Names that are there already

_Named = tuple[str, int, Name]
"""A name: its file, and where the segment that it counts from starts."""


def _check(snapshot: Snapshot, file: str, span: Span, name: str) -> None:
    """See to it that a name can stand at a place. Raises `NotRenamed`."""
    place = occurrence_at(snapshot, file, span.start)
    assert place is not None
    if len(bindings_of(snapshot, snapshot.root_of(file), place, through=False)) > 1:
        what = f"`{place.occurrence.text}` stands for an import and an export"
        raise NotRenamed(f"{what} in {_shown(snapshot, file, span.start)}; rename there what is meant first")
    for there, start, other in _beside(snapshot, place):
        if other.text == name:
            raise NotRenamed(f"`{name}` is there already: {_shown(snapshot, there, start + other.start)}")


def _shown(snapshot: Snapshot, file: str, offset: int) -> str:
    return f"{os.path.basename(file)}:{snapshot.source(file).lines.position(offset).line + 1}"


def _beside(snapshot: Snapshot, place: Place) -> Iterator[_Named]:
    """The names that a name at a place has to differ from, where it gives one."""
    found = place.occurrence
    match found.role:
        case "field" | "parameter":
            names = [part.name for part in _parts(found.node)]
        case "function" if found.owner is not None:
            names = [one.name for one in found.owner.functions if one.form != "constructor"]
        case "interface" | "world":
            yield from _of_package(snapshot, place)
            return
        case "alias" | "path-name" if isinstance(found.node, TopLevelUse):
            if found.role == "alias" or found.node.alias is None:
                yield from _of_package(snapshot, place)
            return
        case "type" | "function" | "extern" | "used" | "alias" | "new-name":
            if found.role == "used" and isinstance(found.node, Use) and _is_called_otherwise(found.node, found.span):
                return
            yield from _of_scope(snapshot, place)
            return
        case _:
            return
    for name in names:
        yield place.file, place.start, name


def _is_called_otherwise(use: Use, span: Span) -> bool:
    return any([one.alias is not None and one.name.span == span for one in use.names])


def _parts(node: Node) -> Sequence[Field | Param]:
    match node:
        case Record(fields=fields) | Variant(fields=fields) | Enum(fields=fields) | Flags(fields=fields):
            return fields
        case Func(params=params) | Extern(item=Func(params=params)):
            return params
    return ()


def _of_scope(snapshot: Snapshot, place: Place) -> Iterator[_Named]:
    """The names of the interface or world that a place is in; of a world either its exports or all else."""
    if place.occurrence.inline is not None:
        members: list[tuple[int, Node]] = [(place.start, node) for node in place.occurrence.inline.members]
    elif place.body is not None:
        source, (first, body) = snapshot.source(place.file), place.body
        numbered = enumerate(body.members, first + 1)
        members = [(source.starts[number], one.node) for number, one in numbered if one.node is not None]
    else:
        return
    is_export = _is_export(snapshot, place)
    for start, node in members:
        for name in _given(node, is_export):
            yield place.file, start, name


def _is_export(snapshot: Snapshot, place: Place) -> bool:
    node: Node = place.occurrence.node
    if place.occurrence.role == "new-name":
        meaning = meaning_of(snapshot, snapshot.root_of(place.file), place)
        node = meaning.node if isinstance(meaning, MemberMeaning) else node
    return isinstance(node, Extern) and node.direction == "export"


def _given(node: Node, is_export: bool) -> list[Name]:
    """The names that an item gives to the scope that it is in."""
    if isinstance(node, Include):
        return [one.alias for one in node.renames if one.alias is not None]
    if isinstance(node, Extern):
        return [node.name] if node.name is not None and (node.direction == "export") == is_export else []
    if is_export:
        return []
    if isinstance(node, Use):
        return [one.local for one in node.names]
    return [node.name] if isinstance(node, Func | TypeDef) else []


def _of_package(snapshot: Snapshot, place: Place) -> Iterator[_Named]:
    """The interfaces and worlds of the package that a place is in, and what its files call others."""
    root = snapshot.root_of(place.file)
    package = package_of(snapshot.db, root, snapshot.unit_of(place.file, place.number))
    for unit in package.units:
        source = snapshot.source(unit.file)
        for one in source.units:
            if one.scope == unit.scope:
                for first, body in one.bodies:
                    yield unit.file, source.starts[first], body.name
                for number in one.uses:
                    node = source.segments[number].node
                    if isinstance(node, TopLevelUse):
                        yield unit.file, source.starts[number], node.local
