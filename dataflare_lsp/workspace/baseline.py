"""The package that a plugin's WIT is to stay compatible with, as its manifest names it.

One that lies in the plugin is read when it is looked at. One in a revision is known after git was asked for it, and who
asks has been told that it may.
"""

import os
import re
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.manifest.model import BASELINE
from dataflare_lsp.manifest.paths import GIT, normal
from dataflare_lsp.manifest.tree import text_of
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.provided import wit_of
from dataflare_lsp.workspace.roots import DEPS, NoSuchPath, Root, find_roots, is_manifest, root_alone

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Features, Workspace


class Wanted(NamedTuple):
    """A baseline as a manifest names it, and what it is read with.

    `place` is where the plugin's WIT is, from the manifest's directory. `others` are the files that this depends on, by
    packages: a baseline that lacks a dependency has it from there.
    """

    directory: str
    spelling: str
    place: str
    others: tuple[tuple[str, ...], ...]
    features: "Features"

    @property
    def is_in_revision(self) -> bool:
        """Whether git has to be asked for it."""
        return self.spelling.startswith(GIT)


class Baseline(NamedTuple):
    """A package as it was: what it means; or None, and why that cannot be said."""

    resolve: Resolve | None
    reason: str = ""


class Read(NamedTuple):
    """A baseline that was read, and what is the same for as long as there is no reason to read it again."""

    wanted: Wanted
    identity: object
    baseline: Baseline
    root: Root | None = None


def wanted_by(workspace: "Workspace", plugin: Plugin) -> Wanted | None:
    """The baseline that a plugin's manifest names, if it does, and there is one to read and WIT to compare it with."""
    from dataflare_lsp.workspace.parts import root_of_plugin

    spelling = text_of(plugin.document.root.get("world", "baseline"))
    root = root_of_plugin(workspace, plugin) if spelling else None
    if not spelling or root is None or not os.path.isabs(plugin.file):
        return None
    if not re.fullmatch(BASELINE, spelling):
        return None  # said at the value
    if not spelling.startswith(GIT):
        place = normal(spelling)
        if place is None or plugin.around.kind(place) not in ("file", "directory"):
            return None  # said at the path
    own = wit_of(plugin.file, plugin.document) or plugin.directory
    relative = os.path.relpath(own, plugin.directory)
    return Wanted(plugin.directory, spelling, relative, root.groups[1:], workspace.features_of(root.path))


def wanted_baselines(workspace: "Workspace") -> Iterator[Wanted]:
    """The baselines that the manifests of a workspace name."""
    for path in [path for path in workspace.roots if is_manifest(path)]:
        wanted = wanted_by(workspace, workspace.plugin(path))
        if wanted is not None:
            yield wanted


class Baselines:
    """What was read of the baselines of plugins, one for each manifest."""

    def __init__(self) -> None:
        self._read: dict[str, Read] = {}

    def at(self, wanted: Wanted) -> Baseline | None:
        """A baseline; None where git has not been asked for it."""
        known = self.known(wanted)
        if not wanted.is_in_revision and (known is None or known.identity != _stamps(known)):
            known = _in_plugin(wanted)
            self.keep(known)
        return known.baseline if known is not None else None

    def known(self, wanted: Wanted) -> Read | None:
        """What was read of a baseline."""
        known = self._read.get(wanted.directory)
        return known if known is not None and known.wanted == wanted else None

    def keep(self, read: Read) -> None:
        """A baseline was read."""
        self._read[read.wanted.directory] = read

    def forget(self) -> None:
        """Know nothing of any."""
        self._read.clear()


# In the plugin ----------------------------------------------------------------------------------------------------


def _in_plugin(wanted: Wanted) -> Read:
    root = _root_at(os.path.join(wanted.directory, normal(wanted.spelling) or "."))
    if isinstance(root, str):
        return Read(wanted, None, Baseline(None, root))
    read = Read(wanted, None, _resolved(root, wanted, wanted.directory), root)
    return read._replace(identity=_stamps(read))


def _stamps(read: Read) -> tuple[tuple[int, ...] | None, ...]:
    """What tells whether one of the files has changed, come or gone."""
    if read.root is None:
        return ()
    files = [*read.root.files, *[file for group in read.wanted.others for file in group]]
    around = [read.root.path, os.path.join(read.root.path, DEPS), *map(os.path.dirname, read.root.files)]
    return tuple([_stamp(path) for path in dict.fromkeys([*files, *around])])


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


# In a revision ----------------------------------------------------------------------------------------------------


def ask_git(wanted: Wanted, known: Read | None = None) -> Read:
    """The baseline as git has it now; `known` itself where that is still so."""
    from dataflare_lsp.workspace.revision import NoRevision, extract, identity

    revision, _, path = wanted.spelling.removeprefix(GIT).partition(":")
    try:
        tree = identity(revision, wanted.directory)
        if known is not None and known.identity == tree:
            return known
        with TemporaryDirectory(prefix="dataflare-lsp-") as folder:
            real = os.path.realpath(folder)
            root = _root_at(extract(revision, path or wanted.place, wanted.directory, real))
            return Read(wanted, tree, Baseline(None, root) if isinstance(root, str) else _resolved(root, wanted, real))
    except NoRevision as wrong:
        return Read(wanted, None, Baseline(None, str(wrong)))


# Both -------------------------------------------------------------------------------------------------------------


def _root_at(path: str) -> Root | str:
    """The one package at a path, or why there is none. A `.wit` file is one by itself, as in `compat`."""
    if path.endswith(".wit") and os.path.isfile(path):
        return root_alone(path)
    try:
        roots = find_roots([path])
    except NoSuchPath as wrong:
        return wrong.reason
    if not roots:
        return "there are no `.wit` files in it"
    return roots[0] if len(roots) == 1 else f"it holds {len(roots)} packages; name one"


def _resolved(root: Root, wanted: Wanted, directory: str) -> Baseline:
    """What a package means by itself or, where that has mistakes, with the dependencies that there are now."""
    found = _resolved_as(root, wanted, directory)
    if found.resolve is None and wanted.others:
        return _resolved_as(root._replace(groups=(*root.groups, *wanted.others)), wanted, directory)
    return found


def _resolved_as(root: Root, wanted: Wanted, directory: str) -> Baseline:
    from dataflare_lsp.workspace.workspace import load

    workspace = load([root], wanted.features)
    for file in root.files:
        for one in workspace.diagnostics(root.path, file):
            if one.severity == "error":
                line = workspace.sources[file].lines.position(one.span.start)[0] + 1
                shown = os.path.relpath(file, directory).replace(os.sep, "/")
                return Baseline(None, f"{shown}:{line}: {one.message}")
    groups = [[workspace.sources[file] for file in group] for group in root.groups]
    return Baseline(lower(groups, workspace.features_of(root.path)))
