"""References: where in the workspace a name is written, in manifests too."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.bindings import Binding, bindings_of, places_of
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
    return _references(snapshot, place, through=True) if place is not None else ()


def highlights(snapshot: Snapshot, file: str, offset: int) -> tuple[Reference, ...]:
    """The same within one file."""
    return tuple([one for one in references(snapshot, file, offset) if one.file == file])


def names_like(snapshot: Snapshot, place: Place) -> tuple[Reference, ...]:
    """Where the name at a place is written: not where the same thing is called otherwise."""
    return _references(snapshot, place, through=False)


def _references(snapshot: Snapshot, place: Place, *, through: bool) -> tuple[Reference, ...]:
    root = snapshot.root_of(place.file)
    bindings = bindings_of(snapshot, root, place, through=through)
    if not bindings:
        return ()
    binding = bindings[0]
    # A path writes the version of a package elsewhere than its header does.
    names = {place.occurrence.text, binding.name, binding.name.partition("@")[0]}
    places = places_of(snapshot, binding, place.occurrence.role, names, through=through)
    found = [Reference(one.file, one.span, one.occurrence.role in _GIVING) for one in places]
    return (*found, *_in_manifests(snapshot, binding))


def _in_manifests(snapshot: Snapshot, binding: Binding) -> Iterator[Reference]:
    """Where manifests name a world."""
    manifests = [root for root in snapshot.roots if is_manifest(root)]
    if not manifests or not binding.file:
        return
    from dataflare_lsp.features.manifest import world_names

    source = snapshot.source(binding.file)
    given = source.absolute(binding.segment, binding.span)
    for manifest in manifests:
        for span, location in world_names(snapshot.plugin(manifest)):
            if (location.file, location.span) == (binding.file, given):
                yield Reference(manifest, span, False)
