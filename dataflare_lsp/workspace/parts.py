"""The parts of a plugin that have to agree, as they are now: its own world, the one that hosts require, its component.

What is expensive to make is kept as long as what it is made of is the same.
"""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from dataflare_lsp.component.about import Producers, about
from dataflare_lsp.component.agreement import World
from dataflare_lsp.component.built import Built, NotBuilt, built
from dataflare_lsp.component.errors import ComponentError
from dataflare_lsp.component.reader import Data
from dataflare_lsp.component.targets import Side
from dataflare_lsp.manifest.finding import Context
from dataflare_lsp.manifest.paths import normal
from dataflare_lsp.manifest.rules import find_world, target_of
from dataflare_lsp.manifest.surroundings import Origin, Package
from dataflare_lsp.manifest.surroundings import World as FoundWorld
from dataflare_lsp.manifest.tree import Document, text_of
from dataflare_lsp.manifest.units import bytes_of
from dataflare_lsp.runtime.instantiation import DEFAULT_BUDGET, Budget, NotStarted, Started
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Outcome
from dataflare_lsp.text import nearest
from dataflare_lsp.wit.diagnose import diagnostics
from dataflare_lsp.wit.lower import lower, lower_dependencies
from dataflare_lsp.wit.package import headers
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import PackageName
from dataflare_lsp.wit.unresolvable import Unresolvable
from dataflare_lsp.workspace.baseline import Baselines
from dataflare_lsp.workspace.disk import Unreadable, read_excerpt
from dataflare_lsp.workspace.examination import Examination
from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.provided import wit_of
from dataflare_lsp.workspace.roots import CORE, Root, is_manifest, wit_files

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Features, Workspace

T = TypeVar("T")


class Written(NamedTuple):
    """A world as it is written: with the sources of its package, and those of all packages that it is resolved with."""

    world: World
    package: tuple[Source, ...]
    groups: tuple[tuple[Source, ...], ...]


class Artefact(NamedTuple):
    """The file of a component: its path, what it holds, and what compiling and starting it has shown, if done."""

    path: str
    holds: Built | NotBuilt
    outcome: Outcome | None = None
    start: Started | NotStarted | Undecided | None = None


class Parts(NamedTuple):
    """What there is of a plugin. None for what is missing, or has mistakes that are reported where they are."""

    own: Written | None
    target: Written | None
    artefact: Artefact | None


class Kept:
    """Values that are kept for as long as what they were made of is the same objects."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], tuple[tuple[object, ...], object]] = {}

    def get(self, key: tuple[str, ...], made_of: tuple[object, ...], make: Callable[[], T]) -> T:
        """The value for a key, made anew where what it is made of has changed."""
        if not self.has(key, made_of):
            self.put(key, made_of, make())
        return self._values[key][1]  # type: ignore[return-value]

    def has(self, key: tuple[str, ...], made_of: tuple[object, ...]) -> bool:
        """Whether there is a value for a key that is made of this."""
        known = self._values.get(key)
        return known is not None and len(known[0]) == len(made_of) and all(map(_same, known[0], made_of))

    def put(self, key: tuple[str, ...], made_of: tuple[object, ...], value: object) -> None:
        """Keep a value."""
        self._values[key] = (made_of, value)


def _same(one: object, other: object) -> bool:
    return one is other or (not isinstance(one, Source) and one == other)


class Artefacts:
    """The components that were looked at, each as it was when its file was last seen to change."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[tuple[int, ...], Built | NotBuilt]] = {}
        self._examined: dict[str, tuple[tuple[int, ...], Examination]] = {}

    def at(self, path: str) -> Artefact | None:
        """The component at a path, or None where there is no file."""
        stamp = stamp_of(path)
        if stamp is None:
            return None
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, _read(path))
            self._read[path] = known
        seen, examination = self._examined.get(path, ((), None))
        if examination is None or seen != stamp:
            return Artefact(path, known[1])
        return Artefact(path, known[1], *examination)

    def examined(self, path: str, stamp: tuple[int, ...] | None, examination: Examination) -> None:
        """What was found out of the component at a path, from when the file had this stamp."""
        if stamp is not None:
            self._examined[path] = (stamp, examination)


def budget_of(document: Document | None) -> Budget:
    """What starting a component may take by its manifest."""
    memory = bytes_of(text_of(document.root.get("limits", "memory")) or "") if document is not None else None
    return DEFAULT_BUDGET if memory is None else DEFAULT_BUDGET._replace(memory=memory)


class PluginState:
    """What a workspace keeps of its plugins."""

    def __init__(self) -> None:
        from dataflare_lsp.workspace.compared import Compared
        from dataflare_lsp.workspace.recorded import Recordings

        self.kept = Kept()
        self.compared = Compared()
        self.artefacts = Artefacts()
        self.baselines = Baselines()
        self.recordings = Recordings()
        self.alone: set[str] = set()
        """The files that are judged as components, without a manifest."""
        self.wanted: Written | None = None
        """The world that components by themselves are compared with, if the user names one."""


def stamp_of(path: str) -> tuple[int, ...] | None:
    """What tells one state of a file from another; None where there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _read(path: str) -> Built | NotBuilt:
    try:
        data = _binary(path)
    except ComponentError as error:
        return NotBuilt("invalid-component", f"this is not a component: {error}")
    if isinstance(data, Unreadable):
        return NotBuilt("invalid-component", f"cannot read this file: {data.reason}")
    return built(data, os.path.basename(path))


def _binary(path: str) -> Data | Unreadable:
    """What the types of a component take to be told. Raises `ComponentError`."""
    data = read_excerpt(path)
    if path.endswith(".wat") and not isinstance(data, Unreadable):
        from dataflare_lsp.component.wat import binary_of

        return binary_of(bytes(data).decode("utf-8", "replace"))
    return data


def producers_at(path: str) -> Producers:
    """Who made the component in a file, as it says itself."""
    try:
        data = _binary(path)
        return Producers() if isinstance(data, Unreadable) else about(data).producers
    except ComponentError:
        return Producers()


def parts_of(workspace: "Workspace", plugin: Plugin) -> Parts:
    """What there is of a plugin."""
    context = Context(plugin.document, plugin.around)
    return Parts(_own(workspace, plugin, context), _target(workspace, plugin, context), artefact_of(workspace, plugin))


def artefact_of(workspace: "Workspace", plugin: Plugin) -> Artefact | None:
    """The component that a plugin's manifest names, where it is inside the plugin and there."""
    path = component_path(plugin)
    return workspace.plugins.artefacts.at(path) if path is not None else None


def component_path(plugin: Plugin) -> str | None:
    """Where a plugin's component is, or is to be."""
    place = normal(text_of(plugin.document.root.get("component", "path")) or "")
    if place is None or not os.path.isabs(plugin.file) or plugin.around.kind(place) not in ("file", "missing"):
        return None
    return plugin.around.path(place)


def root_of_plugin(workspace: "Workspace", plugin: Plugin) -> Root | None:
    """The root of the plugin's own WIT, if the workspace has it."""
    place = wit_of(plugin.file, plugin.document)
    if place is None:
        return None
    return workspace.roots.get(place) or next(
        (root for path, root in workspace.roots.items() if os.path.dirname(path) == place), None
    )


def world_in(workspace: "Workspace", root: Root, named: str) -> Written | str:
    """The world that a user names, among the packages of a root; or a sentence that says why there is none.

    `named` is `namespace:package/world[@version]`, or `world` for one of the root's own package.
    """
    groups = tuple([tuple([workspace.sources[file] for file in group]) for group in root.groups])
    if any(_has_errors(workspace, root.path, source.file) for group in groups for source in group):
        return "the WIT has mistakes; see `dataflare-lsp check`"
    resolve = lower(groups, workspace.features_of(root.path))
    path, _, version = named.partition("@")
    package, _, name = path.rpartition("/")
    known = []
    for number, there in enumerate(resolve.packages):
        full = f"{there.name.namespace}:{there.name.name}"
        suffix = f"@{there.name.version}" if there.name.version else ""
        known += [f"{full}/{one}{suffix}" for one in there.worlds]
        is_it = full == package if package else number == resolve.main
        if is_it and name in there.worlds and (not version or there.name.version == version):
            sources = next((group for group in groups if any(_is_of(source, there.name) for source in group)), ())
            return Written(World(Side(resolve, there.worlds[name]), f"{full}/{name}{suffix}"), sources, groups)
    near = nearest(named, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join([f'`{one}`' for one in known[:8]]) or 'none'}"
    return f"there is no world `{named}`; {hint}"


def _is_of(source: Source, package: PackageName) -> bool:
    return any(header.node.package == package for header in headers(source))


def _own(workspace: "Workspace", plugin: Plugin, context: Context) -> Written | None:
    root = root_of_plugin(workspace, plugin)
    if root is None or not root.groups[0]:
        return None
    named = text_of(plugin.document.root.get("world", "name"))
    found = find_world(context, named) if named else _only_world(plugin)
    if found is None or found[0].origin != "own":
        return None
    return _written(workspace, root, root.groups, found)


def _only_world(plugin: Plugin) -> tuple[Package, FoundWorld] | None:
    """The only world of the plugin's package."""
    own = [one for one in plugin.around.packages() or () if one.origin == "own"]
    worlds = [(one, world) for one in own for world in one.worlds]
    return worlds[0] if len(worlds) == 1 else None


_SHIPPED: Final[tuple[Origin, ...]] = ("shipped",)
_COPIES: Final[tuple[Origin, ...]] = ("path", "deps", "workspace")


def _target(workspace: "Workspace", plugin: Plugin, context: Context) -> Written | None:
    """The world that hosts require. Hosts have it as this tool does; what a plugin has of it is only a copy."""
    target = target_of(context)
    found = (
        find_world(context, target, _SHIPPED) or find_world(context, target, _COPIES) or find_world(context, target)
        if target
        else None
    )
    if found is None:
        return None
    return written_at(workspace, plugin, found[0].file, lambda root, groups: _written(workspace, root, groups, found))


def written_at(
    workspace: "Workspace",
    plugin: Plugin,
    file: str,
    make: "Callable[[Root | None, tuple[tuple[str, ...], ...]], T | None]",
) -> T | None:
    """What is made of the group of files that one is in, as its root has it, and of those that it depends on."""
    root = root_of_plugin(workspace, plugin)
    roots = [root] if root is not None else []
    roots += [one for path, one in workspace.roots.items() if not is_manifest(path) and one is not root]
    for one in roots:
        for number, group in enumerate(one.groups):
            if file in group:
                # Without the plugin's own files, whose edits change nothing of it.
                others = one.groups[1:] if number else one.groups
                return make(one, (group, *[other for other in others if other != group]))
    return make(None, (tuple(wit_files(CORE)[0]),)) if os.path.dirname(file) == CORE else None


def _written(
    workspace: "Workspace", root: Root | None, groups: Sequence[Sequence[str]], found: tuple[Package, FoundWorld]
) -> Written | None:
    """A world among the packages of some groups; None where there are mistakes in them."""
    package, world = found
    sources = sources_of(workspace, groups)
    resolve = resolved(workspace, root, groups)
    if resolve is None:
        return None
    for number, there in enumerate(resolve.packages):
        version = there.name.version or ""
        if f"{there.name.namespace}:{there.name.name}" == package.name and version == package.version:
            at = resolve.packages[number].worlds.get(world.name)
            if at is not None:
                name = f"{package.name}/{world.name}{'@' + version if version else ''}"
                holds = next((group for group in sources if any(one.file == package.file for one in group)), ())
                return Written(World(Side(resolve, at), name), holds, sources)
    return None


def sources_of(workspace: "Workspace", groups: Sequence[Sequence[str]]) -> tuple[tuple[Source, ...], ...]:
    """The sources of groups of files."""
    known = workspace.sources
    return tuple([tuple([known[file] for file in group if file in known]) for group in groups])


def resolved(workspace: "Workspace", root: Root | None, groups: Sequence[Sequence[str]]) -> Resolve | None:
    """What groups of files mean; None where there are mistakes in them. Kept until one of them changes."""

    def make() -> Resolve | None:
        find = _finding(workspace, root, groups)
        return find() if find is not None else None

    return workspace.plugins.kept.get(*_identity(workspace, root, groups), make)


class Pending(NamedTuple):
    """What a plugin's WIT means, not found out since it changed: `find` does, which takes long where there is much.

    It may run in any thread. What it gives is to be kept for `key`, made of `made_of`.
    """

    key: tuple[str, ...]
    made_of: tuple[object, ...]
    find: Callable[[], Resolve | None]


def pending(workspace: "Workspace", plugin: Plugin) -> Pending | None:
    """What has to be found out of a plugin's own WIT before it can be compared."""
    root = root_of_plugin(workspace, plugin)
    if root is None:
        return None
    key, made_of = _identity(workspace, root, root.groups)
    find = None if workspace.plugins.kept.has(key, made_of) else _finding(workspace, root, root.groups)
    return Pending(key, made_of, find) if find is not None else None


def _identity(
    workspace: "Workspace", root: Root | None, groups: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], tuple[object, ...]]:
    """By what name the meaning of groups of files is kept, and what it is made of."""
    flat = [source for group in sources_of(workspace, groups) for source in group]
    path = root.path if root is not None else CORE
    return (path, *[group[0] for group in groups if group]), (*flat, _features(workspace, root))


def _features(workspace: "Workspace", root: Root | None) -> "Features":
    return workspace.features_of(root.path) if root is not None else frozenset()


def _finding(
    workspace: "Workspace", root: Root | None, groups: Sequence[Sequence[str]]
) -> Callable[[], Resolve | None] | None:
    """How to find out what groups of files mean, in any thread; None where there are mistakes in them."""
    sources, features = sources_of(workspace, groups), _features(workspace, root)
    flat = [source for group in sources for source in group]
    if root is not None and any(_has_errors(workspace, root.path, source.file) for source in flat):
        return None
    key, _ = _identity(workspace, root, groups)
    others = [source for group in sources[1:] for source in group]
    try:
        # What an edit in the first group does not change is lowered once.
        onto = workspace.plugins.kept.get(
            ("onto", *key), (*others, features), lambda: lower_dependencies(sources[1:], features)
        )
    except Unresolvable:
        onto = None

    def find() -> Resolve | None:
        try:
            if onto is not None:
                return lower(sources[:1], features, onto=onto)
        except Unresolvable:
            pass
        try:
            return lower(sources, features)  # a dependency may need the package itself
        except Unresolvable:
            return None

    return find


def _has_errors(workspace: "Workspace", root: str, file: str) -> bool:
    if file in workspace.unreadable or file in workspace.undecodable:
        return True
    return any(one.severity == "error" for one in diagnostics(workspace.db, root, file))
