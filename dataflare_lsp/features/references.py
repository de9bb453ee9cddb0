"""References: where in the workspace a name is written, in manifests too."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.bindings import Binding, bindings_of, files_with, places_of
from dataflare_lsp.features.occurrences import Place, Role, occurrence_at
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import is_manifest
from dataflare_lsp.workspace.snapshot import Snapshot

_GIVING: frozenset[Role] = frozenset(
    ("package", "interface", "world", "type", "function", "field", "parameter", "extern", "alias", "new-name")
)


class Reference(NamedTuple):
    """A place where a name is written. `gives`: it is defined there, or called by this name from there on."""

    file: str
    span: Span
    gives: bool


def references(snapshot: Snapshot, file: str, offset: int) -> tuple[Reference, ...]:
    """Where the thing whose name is at `offset` is written, by whatever name."""
    place = occurrence_at(snapshot, file, offset)
    if place is None:
        return ()
    return (*_written(snapshot, place, through=True), *_in_manifests(snapshot, place, through=True))


def highlights(snapshot: Snapshot, file: str, offset: int) -> tuple[Reference, ...]:
    """The same within one file. Asked at every move of the cursor, it looks into no other."""
    place = occurrence_at(snapshot, file, offset)
    return tuple(_written(snapshot, place, through=True, only=file)) if place is not None else ()


def names_like(snapshot: Snapshot, place: Place) -> tuple[Reference, ...]:
    """Where the name at a place is written: not where the same thing is called otherwise."""
    return (*_written(snapshot, place, through=False), *_in_manifests(snapshot, place, through=False))


def _written(snapshot: Snapshot, place: Place, *, through: bool, only: str = "") -> Iterator[Reference]:
    """Where the name at a place is written, in all files or only in one."""
    binding = _binding(snapshot, place, through)
    if binding is None:
        return
    files = (only,) if only else files_with(snapshot, binding, place.occurrence.role)
    # A path writes the version of a package elsewhere than its header does.
    names = {place.occurrence.text, binding.name, binding.name.partition("@")[0]}
    for one in places_of(snapshot, binding, files, names, through=through):
        yield Reference(one.file, one.span, one.occurrence.role in _GIVING)


def _binding(snapshot: Snapshot, place: Place, through: bool) -> Binding | None:
    return next(iter(bindings_of(snapshot, snapshot.root_of(place.file), place, through=through)), None)


def _in_manifests(snapshot: Snapshot, place: Place, *, through: bool) -> Iterator[Reference]:
    """Where manifests name a world."""
    manifests = [root for root in snapshot.roots if is_manifest(root)]
    binding = _binding(snapshot, place, through) if manifests else None
    if binding is None or not binding.file:
        return
    from dataflare_lsp.features.manifest import world_names

    source = snapshot.source(binding.file)
    given = source.absolute(binding.segment, binding.span)
    for manifest in manifests:
        for span, location in world_names(snapshot.plugin(manifest)):
            if (location.file, location.span) == (binding.file, given):
                yield Reference(manifest, span, False)
