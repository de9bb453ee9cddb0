"""The workspace: files read or open, roots, and the database that everything is derived from."""

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.memo import Database
from dataflare_lsp.text import Diagnostic, Span
from dataflare_lsp.wit.diagnose import diagnostics
from dataflare_lsp.wit.names import set_features, set_groups, set_source
from dataflare_lsp.wit.package import Package, UnitId
from dataflare_lsp.wit.source import BodyId, Source
from dataflare_lsp.wit.syntax import PackageHeader
from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_bytes, read_excerpt, text_of
from dataflare_lsp.workspace.links import Links
from dataflare_lsp.workspace.roots import (
    DEPS,
    MANIFEST,
    Root,
    Stray,
    declared_package,
    is_encoded,
    is_manifest,
    is_view,
    manifest_above,
)
from dataflare_lsp.workspace.snapshot import Snapshot, owners_of

if TYPE_CHECKING:
    from dataflare_lsp.workspace.agreement import Found
    from dataflare_lsp.workspace.parts import PluginState
    from dataflare_lsp.workspace.plugin import Plugin

Features = frozenset[str] | None
"""The `@unstable` features switched on; None for all."""


class Workspace:
    """Files by path, as an editor has them open or else as they lie on disk, and the roots that they make up."""

    def __init__(self, features: Features = frozenset()) -> None:
        self.db = Database()
        self.features = features
        self.roots: dict[str, Root] = {}
        self.sources: dict[str, Source] = {}
        self.unreadable: dict[str, str] = {}
        """Files that could not be read, and why."""
        self.undecodable: dict[str, Undecodable] = {}
        """Files that were read and hold nothing that WIT can be made of, and why."""
        self.open: set[str] = set()
        self.encoded: dict[str, frozenset[str]] = {}
        """Files whose text was recovered from a WebAssembly package, and the features that it was made with."""
        self._links: Links | None = None
        """Where the paths of the files lead, from the time on that one is open."""
        self._snapshot: Snapshot | None = None
        self._manifests: set[str] = set()
        self._plugins: PluginState | None = None

    @property
    def plugins(self) -> "PluginState":
        """What is known of plugins; made when the first is looked at."""
        if self._plugins is None:
            from dataflare_lsp.workspace.parts import PluginState

            self._plugins = PluginState()
        return self._plugins

    def is_component(self, file: str) -> bool:
        """Whether a file is judged as a component, without a manifest."""
        return self._plugins is not None and file in self._plugins.alone

    def features_of(self, root: str) -> Features:
        """The features that are on in a root."""
        features = self.db.read(("features", root))
        assert features is None or isinstance(features, frozenset)
        return features

    def snapshot(self) -> Snapshot:
        """The workspace as it is now, for features to read until the next edit."""
        if self._snapshot is None or self._snapshot.roots != self.roots:
            owners = owners_of(self.roots)
            judge = self.own_diagnostics
            self._snapshot = Snapshot(self.db, dict(self.roots), owners, judge, self.compared_at, self.plugin)
        return self._snapshot

    def add_root(self, root: Root) -> None:
        """Judge a root, reading its files where they are not known yet."""
        self.roots[root.path] = root
        if is_manifest(root.path):
            self._manifests.add(root.path)
        for file in root.files:
            if file not in self.sources:
                self.read(file)
        self.unreadable.update(root.unreadable)
        set_groups(self.db, root.path, root.groups)
        self._set_features(root)

    def remove_root(self, path: str) -> None:
        """Judge a root no longer. Its files stay until `sweep`."""
        self._manifests.discard(path)
        if self.roots.pop(path, None) is not None:
            set_groups(self.db, path, ())

    def plugin(self, file: str) -> "Plugin":
        """The plugin of a manifest, with what lies around it now."""
        from dataflare_lsp.workspace.plugin import plugin_of

        return plugin_of(self, file)

    def concerned(self, roots: Iterable[str]) -> list[str]:
        """The files that may have other diagnostics when some roots have changed.

        Their own, the manifest of the plugin that they are in, and for a manifest, the packages of its plugin.
        """
        changed = [path for path in dict.fromkeys(roots) if path in self.roots]
        files = {file: None for path in changed for file in self.roots[path].files}
        for manifest in self.manifests_of(changed):
            files[manifest] = None
            if manifest in changed:
                above = os.path.dirname(manifest) + os.sep
                files.update(
                    {file: None for path in self.roots if path.startswith(above) for file in self.roots[path].files}
                )
        return list(files)

    def manifests_of(self, roots: Iterable[str]) -> list[str]:
        """The manifests of the plugins that some roots are in, or that they are."""
        changed = set(roots)
        found = []
        for manifest in [path for path in self.roots if path in self._manifests]:
            above = os.path.dirname(manifest) + os.sep
            if manifest in changed or any(path.startswith(above) for path in changed):
                found.append(manifest)
        return found

    def switch_features(self, features: Features) -> None:
        """Judge all roots with other features on."""
        self.features = features
        for root in self.roots.values():
            self._set_features(root)

    def _set_features(self, root: Root) -> None:
        if is_manifest(root.path):
            return
        features = None if is_view(root.path) else self.features
        if features is not None:
            features = features.union(self._features_of_plugin(root.path))
            features = features.union(*[self.encoded.get(file, frozenset()) for file in root.files])
        set_features(self.db, root.path, features)

    def _features_of_plugin(self, root: str) -> frozenset[str]:
        """What the manifest of the plugin that has a root as its WIT switches on."""
        manifest = manifest_above(root) if os.path.isabs(root) else None
        if manifest is None:
            return frozenset()
        from dataflare_lsp.workspace.plugin import features_in
        from dataflare_lsp.workspace.provided import places_of

        if manifest not in self.sources:
            self.read(manifest)
        document = self.plugin(manifest).document
        return features_in(document) if root in places_of(manifest, document) else frozenset()

    def open_text(self, file: str, text: str) -> None:
        """Take a file as an editor has it, whatever is on disk."""
        if self._links is None:
            self._links = Links(self.sources)
        self._links.add(file)
        self.open.add(file)
        self._know_nothing_of(file)
        self.set_text(file, text)
        for twin in self.twins(file):
            self._know_nothing_of(twin)

    def close(self, file: str) -> None:
        """Take a file as it lies on disk again; where it is of no root, it is let go of at the next `sweep`."""
        twins = self.twins(file)
        self.open.discard(file)
        for path in (file, *twins):
            if any(path in group for root in self.roots.values() for group in root.groups):
                self.read(path)

    def twins(self, file: str) -> tuple[str, ...]:
        """The paths that lead to the same file as one that is open, and have its text for this reason."""
        if self._links is None or file not in self.open:
            return ()
        return tuple([other for other in self._links.others(file) if other in self.sources and other not in self.open])

    def _open_twin(self, file: str) -> Source | None:
        """What is open of the same file under another path."""
        others = self._links.others(file) if self._links is not None and file not in self.open else ()
        return next((self.sources[other] for other in others if other in self.open), None)

    def sweep(self) -> None:
        """Let go of files that are of no root and not open, and of what was derived from what is no more."""
        for _ in self.sweeping():
            pass

    def sweeping(self) -> Iterator[None]:
        """`sweep` in steps; the workspace may be asked and edited in between."""
        kept = self.open.union(*[root.files for root in self.roots.values()])
        for file in self.sources.keys() - kept:
            self._know_nothing_of(file)
            del self.sources[file]
            if self._links is not None:
                self._links.discard(file)
            set_source(self.db, file, None)
        yield
        yield from self.db.forgetting(lambda key: all(self._is_there(part) for part in key[1:]))

    def _is_there(self, part: Hashable) -> bool:
        """Whether what a query was asked about is still in the workspace."""
        match part:
            case str():
                return part in self.roots or part in self.sources
            case BodyId(file=file):
                return file in self.sources and part in self.sources[file].bodies
            case UnitId(file, scope):
                return file in self.sources and scope + 1 < len(self.sources[file].units)
            case Package():
                return all(file in self.sources for file in part.id.group)
        return True

    def _know_nothing_of(self, file: str) -> None:
        self.unreadable.pop(file, None)
        self.undecodable.pop(file, None)
        self.encoded.pop(file, None)

    def read(self, file: str) -> None:
        """Take a file as it lies on disk."""
        for _ in self.reading(file):
            pass

    def reading(self, file: str) -> Iterator[None]:
        """`read` in steps; what is opened in between stays."""
        self._know_nothing_of(file)
        if self._links is not None:
            self._links.add(file)
        twin = self._open_twin(file)
        text = ""
        match read_wit(file, alone=file in self.roots) if twin is None else twin.text:
            case Recovered(text, features):
                self.encoded[file] = features
            case Unreadable(reason):
                self.unreadable[file] = reason
            case Undecodable(text=text) as undecodable:
                self.undecodable[file] = undecodable
            case str() as text:
                pass
        known = self.sources.get(file)
        if known is None or known.text != text:
            source = Source.of_no_wit(file, text) if is_manifest(file) else (yield from Source.parsing(file, text))
            if file not in self.open:
                self._put(source)
        twin = self._open_twin(file)
        if twin is not None:
            # It may have been opened, or edited, while the text was parsed.
            self._know_nothing_of(file)
            self._take(file, twin.text)

    def set_text(self, file: str, text: str) -> None:
        """Give a file a text."""
        for path in (file, *self.twins(file)):
            self._take(path, text)

    def _take(self, file: str, text: str) -> None:
        known = self.sources.get(file)
        if known is None or known.text != text:
            self._put(Source.of_no_wit(file, text) if is_manifest(file) else Source.parse(file, text))

    def edit(self, file: str, span: Span, new: str) -> None:
        """Replace the text of `span` in a file that is known."""
        for path in (file, *self.twins(file)):
            known = self.sources[path]
            if self._plugins is not None:
                self._plugins.compared.edited(path, span, len(new))
            if is_manifest(path):
                lines = known.lines.edited(span.start, span.end, new)
                self._put(Source.of_no_wit(path, lines.text))
            else:
                self._put(known.edited(span.start, span.end, new))

    def _put(self, source: Source) -> None:
        self.sources[source.file] = source
        set_source(self.db, source.file, source)
        if is_manifest(source.file):
            above = os.path.dirname(source.file) + os.sep
            for root in self.roots.values():
                if root.path.startswith(above):
                    self._set_features(root)

    def diagnostics(self, root: str, file: str) -> tuple[Diagnostic, ...]:
        """What is wrong in a file, as a root sees it, and where the plugin that the root is of does not agree there."""
        found = self.own_diagnostics(root, file)
        manifest = root if is_manifest(root) else self.manifest_of(root)
        if manifest is None:
            return found
        more = [one.diagnostic for one in self.agreement(manifest) if one.file == file]
        return tuple(sorted([*found, *more], key=lambda one: (one.span, one.code))) if more else found

    def own_diagnostics(self, root: str, file: str) -> tuple[Diagnostic, ...]:
        """What is wrong in a file, as a root sees it.

        What is wrong with the root's `deps` folder stands at the header of its package: a folder has no text.
        """
        found = self._diagnostics(root, file)
        judged = self.roots.get(root)
        if judged is None or not (judged.strays or judged.unread):
            return found
        if judged.unread and any(one.code == "unresolved-package" for one in found):
            found = tuple([_with_unread(one, judged.unread) for one in found])
        if judged.strays and file in judged.groups[0]:
            speaker, span = self._header(judged.groups[0])
            if speaker == file:
                strays = [_stray(one, span) for one in judged.strays]
                found = tuple(sorted([*strays, *found], key=lambda one: one.span))
        return found

    def agreement(self, manifest: str) -> "tuple[Found, ...]":
        """Where the WIT, the manifest and the component of a plugin do not agree, and the WIT with what it was."""
        from dataflare_lsp.workspace.agreement import judge
        from dataflare_lsp.workspace.breaking import breaking
        from dataflare_lsp.workspace.copies import copies
        from dataflare_lsp.workspace.parts import parts_of
        from dataflare_lsp.workspace.recorded import failed

        if manifest in self.unreadable or manifest in self.undecodable:
            return ()
        plugin = self.plugin(manifest)
        found = (*judge(plugin, parts_of(self, plugin)), *copies(self, plugin), *breaking(self, plugin))
        return (*found, *failed(self, plugin))

    def compare(self, manifest: str) -> list[str]:
        """Find out where a plugin does not agree, for `compared_at`; gives the files that have other diagnostics."""
        found = self.agreement(manifest) if manifest in self.roots else ()
        if found or manifest in self.roots:
            from dataflare_lsp.workspace.agreement import older

            found = (*found, *older(self, manifest, found))
        return self.plugins.compared.take(manifest, found)

    def compared_at(self, file: str) -> tuple[Diagnostic, ...]:
        """Where plugins do not agree in a file, as it was when they were last compared."""
        return self._plugins.compared.at(file) if self._plugins is not None else ()

    def manifest_of(self, root: str) -> str | None:
        """The manifest, among those of the workspace, of the plugin that a root is the WIT of."""
        above = root
        while self._manifests:
            above, below = os.path.dirname(above), above
            if above == below:
                return None
            manifest = os.path.join(above, MANIFEST)
            if manifest in self._manifests:
                from dataflare_lsp.workspace.parts import root_of_plugin

                mine = root_of_plugin(self, self.plugin(manifest))
                return manifest if mine is not None and mine.path == root else None
        return None

    def _header(self, files: tuple[str, ...]) -> tuple[str, Span]:
        """Where files say of which package they are; the start of the first where none of them does."""
        for file in files:
            source = self.sources.get(file)
            header = source.units[0].header if source is not None else -1
            if source is not None and header >= 0:
                node = source.segments[header].node
                assert isinstance(node, PackageHeader)
                return file, node.span.shifted(source.starts[header])
        return files[0], Span(0, 0)

    def _diagnostics(self, root: str, file: str) -> tuple[Diagnostic, ...]:
        reason = self.unreadable.get(file)
        if reason is not None:
            return (Diagnostic("unreadable-file", "error", f"cannot read this file: {reason}", Span(0, 0)),)
        if root == file and self.is_component(file):
            from dataflare_lsp.workspace.agreement import judge_file

            artefact = self.plugins.artefacts.at(file)
            return tuple(judge_file(artefact, self.plugins.wanted)) if artefact is not None else ()
        undecodable = self.undecodable.get(file)
        if undecodable is not None:
            return (Diagnostic("unreadable-file", "error", undecodable.message, Span(0, 0), notes=undecodable.notes),)
        if is_manifest(file):
            from dataflare_lsp.workspace.plugin import judge

            return tuple(sorted(judge(self.plugin(file)), key=lambda one: (one.span, one.code)))
        if file in self.encoded or is_view(file):
            return ()
        return diagnostics(self.db, root, file)


def _stray(stray: Stray, span: Span) -> Diagnostic:
    return Diagnostic("not-a-package", "error", stray.message, span, notes=(stray.advice,))


def _with_unread(found: Diagnostic, unread: tuple[str, ...]) -> Diagnostic:
    if found.code != "unresolved-package":
        return found
    listed = ", ".join([f"`{path}`" for path in unread[:3]])
    verb = "is" if len(unread) == 1 else "are"
    note = f"{listed} {verb} not read: the dependencies of dependencies, too, lie in the package's own `{DEPS}`"
    return found._replace(notes=(*found.notes, note))


class Recovered(NamedTuple):
    """The WIT of a package that is encoded as WebAssembly, and the features that it was made with."""

    text: str
    features: frozenset[str]


class Undecodable(NamedTuple):
    """A file that holds no WIT: what it holds, and what to do about it, in words for its user.

    `text` is what it would say if it were allowed to. `is_webassembly`: it may be a component, and where that is looked
    at by itself it is no mistake.
    """

    message: str
    notes: tuple[str, ...] = ()
    text: str = ""
    is_webassembly: bool = False


_BINARY = b"\0asm"
_WAT = ("(", ";")
"""What WebAssembly text begins with, and WIT does not."""


def read_wit(file: str, *, alone: bool = False) -> str | Recovered | Unreadable | Undecodable:
    """The WIT of a file: its text, or that of a package that is encoded as WebAssembly, in binary or text form.

    Of a file that stands `alone`, rather than among others or as a dependency, also what it is as a component.
    """
    if is_encoded(file):
        return _recovered(file, alone)
    data = read_bytes(file)
    if isinstance(data, Unreadable):
        return data
    if is_manifest(file):
        text = text_of(data)
        return _foreign(text, "TOML") if isinstance(text, ForeignEncoding) else text
    if data.startswith(_BINARY):
        return Undecodable(
            "this file is WebAssembly, and a `.wit` file is text",
            (f"a package that is encoded as WebAssembly is read where its name says so: `{_named(file, '.wasm')}`",),
        )
    text = text_of(data)
    return _foreign(text) if isinstance(text, ForeignEncoding) else text


def _recovered(file: str, alone: bool) -> Recovered | Unreadable | Undecodable:
    from dataflare_lsp.component.errors import ComponentError
    from dataflare_lsp.component.wit_text import package_of, wit_of

    try:
        data = read_excerpt(file)
        if isinstance(data, Unreadable):
            return data
        if data[: len(_BINARY)] != _BINARY:
            text = text_of(bytes(data))
            if isinstance(text, ForeignEncoding):
                return _foreign(text, "WebAssembly text")
            if not text.lstrip().startswith(_WAT):
                return _no_webassembly(file, text)
            from dataflare_lsp.component.wat import binary_of

            data = binary_of(bytes(data).decode("utf-8", "replace"))
        wit = wit_of(data) if alone else package_of(data)
    except ComponentError as error:
        return Undecodable(f"cannot read this {'file' if alone else 'package'}: {error}", is_webassembly=True)
    return Recovered(wit.text, frozenset(wit.features))


def _no_webassembly(file: str, text: str) -> Undecodable:
    if declared_package(file, text):
        return Undecodable("this is not WebAssembly but WIT", (f"name it `{_named(file, '.wit')}`",))
    begins = "with the bytes `00 61 73 6d`, its text form with `(`"
    return Undecodable(
        f"this is not WebAssembly, which begins {begins}" if text else "this is not WebAssembly: the file is empty",
        ("`wasm-tools component wit DIRECTORY --wasm -o FILE` encodes a package of WIT",),
    )


def _foreign(found: ForeignEncoding, what: str = "WIT") -> Undecodable:
    return Undecodable(
        f"this file is {found.name}; {what} is UTF-8",
        (
            f'convert it: `iconv -f {found.name} -t UTF-8`, or in an editor "Save with encoding: UTF-8"',
            "Windows PowerShell writes UTF-16 by `>`; `Out-File -Encoding utf8` writes UTF-8",
        ),
        found.text,
    )


def _named(file: str, suffix: str) -> str:
    return os.path.splitext(os.path.basename(file))[0] + suffix


def load(roots: Iterable[Root], features: Features = frozenset(), texts: Mapping[str, str] | None = None) -> Workspace:
    """A workspace of some roots, in which `texts` stand for what is on disk."""
    workspace = Workspace(features)
    for file, text in (texts or {}).items():
        workspace.set_text(file, text)
    for root in roots:
        workspace.add_root(root)
    return workspace
