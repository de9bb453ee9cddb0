"""A plugin: its manifest as the workspace has it, and what lies around it on disk and among the roots.

Loaded only where there is a manifest. Nothing outside of the plugin's directory is read for it, but for the packages of
the workspace, and `dataflare:core` where this tool has it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.paths import normal
from dataflare_lsp.manifest.surroundings import Origin, Package, PathKind, World
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.manifest.tree import Document, Table, strings, text_of
from dataflare_lsp.text import Diagnostic, Related, Span
from dataflare_lsp.wit.package import headers
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.wit.syntax import Extern, Include, Inline, PackageName, Path
from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, is_directory, list_directory, read_text
from dataflare_lsp.workspace.links import leads_out
from dataflare_lsp.workspace.provided import files_at, wit_of
from dataflare_lsp.workspace.roots import (
    CORE,
    DEPS,
    Root,
    dependencies,
    is_manifest,
    root_of_directory,
    root_of_file,
    wit_files,
)

if TYPE_CHECKING:
    from dataflare_lsp.workspace.parts import Artefact
    from dataflare_lsp.workspace.workspace import Workspace

_MOST_LISTED = 1000
"""How many entries of a directory are looked at."""


class Plugin(NamedTuple):
    """A manifest, read, and what lies around it as long as nothing changes."""

    file: str
    document: Document
    around: "Around"

    @property
    def directory(self) -> str:
        """The plugin's directory."""
        return os.path.dirname(self.file)


def plugin_of(workspace: "Workspace", file: str) -> Plugin:
    """The plugin of a manifest that the workspace has the text of."""
    source = workspace.sources.get(file)
    document = _parsed(source.text if source is not None else "")
    return Plugin(file, document, Around(workspace, file, document))


_parsed = lru_cache(32)(parse)
"""A manifest is looked at for several reasons after each edit."""


def judge(plugin: Plugin) -> tuple[Diagnostic, ...]:
    """What is wrong with a plugin's manifest."""
    return tuple([_placed(plugin.file, one) for one in check(plugin.document, plugin.around)])


def _placed(file: str, found: Diagnostic) -> Diagnostic:
    """A diagnostic with the name of the file that its related places are in."""
    if not any(related.file == "" for related in found.related):
        return found
    related = [Related(one.file or file, one.span, one.message) for one in found.related]
    return found._replace(related=tuple(related))


def features_in(document: Document) -> frozenset[str]:
    """The `@unstable` features that a manifest switches on."""
    return frozenset([name for name, _ in strings(document.root.get("world", "features"))])


class Around:
    """What lies around one manifest: on disk, and in the workspace."""

    def __init__(self, workspace: "Workspace", file: str, document: Document) -> None:
        self._workspace = workspace
        self._file = file
        self._directory = os.path.dirname(file)
        self._document = document
        self._packages: tuple[Package, ...] | None = None

    def path(self, path: str) -> str:
        """The absolute path of one that is written in the manifest."""
        return os.path.normpath(os.path.join(self._directory, path))

    def kind(self, path: str) -> PathKind:
        full = self.path(path)
        if not os.path.isabs(self._file):
            return "unknown"
        try:
            if leads_out(self._directory, path):
                return "outside"
            if full in self._workspace.open or os.path.isfile(full):
                return "file"
            return "directory" if os.path.isdir(full) else "missing"
        except (OSError, ValueError):
            return "missing"

    def text(self, path: str) -> str | None:
        if self.kind(path) != "file":
            return None
        full = self.path(path)
        if full in self._workspace.open:
            return self._workspace.sources[full].text
        match read_text(full):
            case str(text) | ForeignEncoding(text=text):
                return text
        return None

    def listing(self, path: str) -> tuple[tuple[str, bool], ...]:
        if self.kind(path) != "directory":
            return ()
        entries = list_directory(self.path(path))
        if isinstance(entries, Unreadable):
            return ()
        return tuple(
            [(entry.name, is_directory(entry)) for entry in entries[:_MOST_LISTED] if entry.name.isprintable()]
        )

    def packages(self) -> tuple[Package, ...] | None:
        if not os.path.isabs(self._file):
            return None
        if self._packages is None:
            self._packages = tuple(_packages(self._drafts()))
        return self._packages

    def package_at(self, path: str) -> tuple[Package, ...] | None:
        if not os.path.isabs(self._file):
            return None
        return tuple(_packages(self._drafts_at(path)))

    def artefact(self) -> "Artefact | None":
        """The component that the manifest names, where it is in the plugin and there."""
        from dataflare_lsp.workspace.parts import artefact_of

        return artefact_of(self._workspace, Plugin(self._file, self._document, self))

    # Where packages are -----------------------------------------------------------------------------------------

    def _drafts(self) -> Iterator["_Draft"]:
        """All packages, in the order in which they are looked for."""
        own = wit_of(self._file, self._document)
        root = self._root_at(own)
        if root is not None:
            yield from self._group("own", root.groups[0])
        by_path = self._by_path()
        for place in by_path:
            yield from self._drafts_at(place)
        if root is not None:
            # A package that also has a path is not read from `deps`, and so not in the root.
            groups = dependencies(root.path).groups if by_path else root.groups[1:]
            beside = os.path.join(root.path, DEPS) + os.sep
            for group in groups:
                if group and group[0].startswith(beside):
                    yield from self._group("deps", group)
        for path, other in self._workspace.roots.items():
            if not is_manifest(path) and path != (root.path if root is not None else None):
                yield from self._group("workspace", other.groups[0])
        yield from self._group("shipped", wit_files(CORE)[0])

    def _by_path(self) -> list[str]:
        """Where dependencies are that have a `path` in the plugin."""
        table = self._document.root.get("dependencies")
        entries = table.entries.values() if isinstance(table, Table) else ()
        paths = [text_of(entry.value.get("path")) for entry in entries if isinstance(entry.value, Table)]
        return [place for path in paths if path is not None and (place := normal(path)) is not None]

    def _root_at(self, place: str | None) -> Root | None:
        """The root of the plugin's own WIT, as the workspace has it or as it is on disk."""
        if place is None:
            return None
        known = self._workspace.roots.get(place)
        if known is not None:
            return known
        if os.path.isdir(place):
            root = root_of_directory(place)
            return root if root.groups[0] else None
        return root_of_file(place) if place.endswith(".wit") and os.path.isfile(place) else None

    def _drafts_at(self, path: str) -> Iterator["_Draft"]:
        """The packages of a directory or file in the plugin."""
        if self.kind(path) not in ("file", "directory"):
            return
        yield from self._group("path", files_at(self.path(path)))

    def _group(self, origin: Origin, files: Sequence[str]) -> Iterator["_Draft"]:
        """The packages of files that are parsed together."""
        sources = [self._source(file) for file in files]
        own: _Draft | None = None
        for source in sources:
            for header in headers(source):
                span = source.absolute(header.segment, header.node.span)
                draft = _Draft(origin, header.node.package, source.file, span, [])
                if header.unit.scope >= 0:
                    draft.worlds.extend(_worlds(source, header.unit.scope))
                    yield draft
                elif own is None:
                    own = draft
        if own is not None:
            for source in sources:
                own.worlds.extend(_worlds(source, -1))
            yield own

    def _source(self, file: str) -> Source:
        """A file as the workspace has it. One of no root is forgotten when the workspace is tidied."""
        if file not in self._workspace.sources:
            self._workspace.read(file)
        return self._workspace.sources[file]


class _Draft(NamedTuple):
    """A package as it is found, with its worlds, each with the place of its name."""

    origin: Origin
    name: PackageName
    file: str
    span: Span
    worlds: list[tuple[str, Span, Body]]


def _worlds(source: Source, scope: int) -> Iterator[tuple[str, Span, Body]]:
    for unit in source.units:
        if unit.scope == scope:
            for first, body in unit.bodies:
                if body.kind == "world" and body.name.text:
                    yield source.file, source.absolute(first, body.name.span), body


def _packages(drafts: Iterable[_Draft]) -> Iterator[Package]:
    """The packages, their worlds with what they import from the host."""
    found = list(drafts)
    bodies: dict[tuple[str, str], tuple[str, Body]] = {}
    for draft in found:
        for _, _, body in draft.worlds:
            package = f"{draft.name.namespace}:{draft.name.name}"
            bodies.setdefault((package, body.name.text), (package, body))
    for draft in found:
        package = f"{draft.name.namespace}:{draft.name.name}"
        worlds = []
        for file, span, body in draft.worlds:
            host = dict.fromkeys(_host(bodies, package, body, set()))
            worlds.append(World(body.name.text, file, span, tuple(host)))
        yield Package(package, draft.name.version or "", draft.file, draft.span, draft.origin, tuple(worlds))


def _host(
    bodies: dict[tuple[str, str], tuple[str, Body]], package: str, body: Body, seen: set[tuple[str, str]]
) -> Iterator[str]:
    """The interfaces that a world imports, by itself or by what it includes, without those of WASI."""
    for segment in body.members:
        match segment.node:
            case Extern(direction="import", item=Path(package=path, name=name)):
                if path is None or path.namespace != "wasi":
                    yield name.text
            case Extern(direction="import", item=Inline(), name=name) if name is not None:
                yield name.text
            case Include(path=Path(package=path, name=name)):
                key = (package if path is None else f"{path.namespace}:{path.name}", name.text)
                if key in bodies and key not in seen:
                    seen.add(key)
                    yield from _host(bodies, *bodies[key], seen)
