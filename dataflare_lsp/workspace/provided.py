"""The packages that a plugin's WIT can use besides those in its `deps`, as its manifest says.

They are looked for in this order, and the first place that has a package is the one that counts: the `path` of a
dependency, `deps`, the packages beside the plugin that its manifest depends on, and `dataflare:core` as it comes with
this tool. Loaded only where there is a manifest.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dataflare_lsp.manifest.paths import GIT, normal
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.manifest.tree import Document, Table, text_of
from dataflare_lsp.workspace.disk import read_text
from dataflare_lsp.workspace.links import inside
from dataflare_lsp.workspace.roots import (
    CORE,
    Root,
    declared_package,
    is_encoded,
    is_manifest,
    manifest_above,
    wit_files,
)

CORE_PACKAGE = "dataflare:core"


def manifest_document(file: str) -> Document:
    """The manifest as it is on disk; an empty one where it cannot be read."""
    text = read_text(file)
    return parse(text if isinstance(text, str) else "")


def wit_of(file: str, document: Document | None = None) -> str | None:
    """Where the WIT of the plugin with the manifest `file` is to be; None where that is not in the plugin."""
    if document is None:
        document = manifest_document(file)
    place = normal(text_of(document.root.get("world", "wit")) or "wit")
    return None if place is None else inside(os.path.dirname(file), place)


def places_of(file: str, document: Document) -> tuple[str, ...]:
    """Where a plugin has WIT that its manifest gives features and dependencies: its own, and what that has been."""
    baseline = text_of(document.root.get("world", "baseline")) or GIT
    place = None if baseline.startswith(GIT) else normal(baseline)
    been = inside(os.path.dirname(file), place) if place is not None else None
    return tuple([one for one in (wit_of(file, document), been) if one is not None])


def with_paths_and_core(root: Root, manifest: str) -> Root:
    """The root with what its manifest gives it by `path`, and with `dataflare:core` where nothing else has that."""
    document = manifest_document(manifest)
    if not _is_of(root, places_of(manifest, document)):
        return root
    given = [group for group in _by_path(os.path.dirname(manifest), document) if not set(group) & set(root.files)]
    named = {package for group in given for package in _packages(group)}
    kept = [group for group in root.groups[1:] if not named.intersection(_packages(group))]
    there = {_name(package) for group in (root.groups[0], *given, *kept) for package in _packages(group)}
    shipped = [] if CORE_PACKAGE in there else [tuple(wit_files(CORE)[0])]
    return root._replace(groups=(root.groups[0], *given, *kept, *shipped))


def with_siblings(roots: Sequence[Root]) -> list[Root]:
    """The roots, those of plugins with the packages among the others that their manifests depend on."""
    own = {package: root for root in roots if not is_manifest(root.path) for package in _packages(root.groups[0])}
    return [_with_siblings(root, own) for root in roots]


def _is_of(root: Root, places: tuple[str, ...]) -> bool:
    """Whether a root is the package at one of some places: a directory, with a single file or more, or a file."""
    return not {root.path, os.path.dirname(root.path), *root.groups[0]}.isdisjoint(places)


def _with_siblings(root: Root, others: Mapping[str, Root]) -> Root:
    manifest = None if is_manifest(root.path) else manifest_above(root.path)
    document = manifest_document(manifest) if manifest is not None else None
    if document is None or manifest is None or not _is_of(root, places_of(manifest, document)):
        return root
    table = document.root.get("dependencies")
    wanted = set(table.entries) if isinstance(table, Table) else set()
    groups, known = list(root.groups), {package for group in root.groups for package in _packages(group)}
    names = {_name(package) for group in root.groups if not _is_shipped(group) for package in _packages(group)}
    for package, other in others.items():
        if other.path == root.path or _name(package) not in wanted - names:
            continue
        if _name(package) == CORE_PACKAGE:
            groups = [group for group in groups if not _is_shipped(group)]
        for group in other.groups:
            packages = set(_packages(group))
            if not packages & known and not _is_shipped(group):
                groups.append(group)
                known |= packages
    return root._replace(groups=tuple(groups))


def _by_path(directory: str, document: Document) -> Iterator[tuple[str, ...]]:
    """The files of each dependency that has a `path`."""
    for place in dependency_paths(document):
        full = inside(directory, place)
        if full is not None:
            files = files_at(full)
            if files:
                yield files


def dependency_paths(document: Document) -> Iterator[str]:
    """The `path` of each dependency that has one in the plugin, from the manifest's directory."""
    table = document.root.get("dependencies")
    for entry in table.entries.values() if isinstance(table, Table) else ():
        path = text_of(entry.value.get("path")) if isinstance(entry.value, Table) else None
        place = normal(path) if path is not None else None
        if place is not None:
            yield place


def files_at(path: str) -> tuple[str, ...]:
    """The files of the package that is a directory or a file; none where there is none."""
    if os.path.isdir(path):
        return tuple(wit_files(path)[0])
    is_package = (path.endswith(".wit") or is_encoded(path)) and os.path.isfile(path)
    return (path,) if is_package else ()


def _packages(group: Iterable[str]) -> list[str]:
    """The packages that files say they are of, with their versions."""
    return list(dict.fromkeys([name for file in group if (name := declared_package(file))]))


def _name(package: str) -> str:
    return package.partition("@")[0]


def _is_shipped(group: tuple[str, ...]) -> bool:
    return bool(group) and os.path.dirname(group[0]) == CORE
