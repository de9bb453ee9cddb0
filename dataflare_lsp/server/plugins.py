"""Plugins: what is said of them is found anew, in the background, as what they are made of changes.

That is the WIT, the manifest, and what lies on disk where the manifest says: the component that a build writes, the
schema of the settings. A keystroke does not wait for it: the edited file is judged first, with what was last found.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter, time
from typing import Final, NamedTuple

from dataflare_lsp.server.background import Background
from dataflare_lsp.server.watch import Watch
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.workspace import Workspace

logger = logging.getLogger(__name__)

_QUICK: Final = 0.008
"""Seconds that comparing a plugin may take to be done as soon as there is time."""
_PATIENCE: Final = 4
"""Where it takes longer, it waits until nothing has changed for so many times as long."""
_LONGEST: Final = 1.0
_SETTLED: Final = 0.1
"""Seconds after a file is seen to change: who writes it may not be done."""


class _Named(NamedTuple):
    """The files that a manifest names, and the last recording of its plugin, with the text that names them."""

    source: Source
    paths: tuple[str, ...]
    component: str | None


class Plugins:
    """The plugins of a workspace, by their manifests.

    `changed` is told of files that may have other diagnostics, and `compared` of a manifest, and the files that it
    names, when all is known of it that can be found out at once.
    """

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        changed: Callable[[Iterable[str]], None],
        compared: Callable[[str], None],
    ) -> None:
        self._workspace = workspace
        self._background = background
        self._changed = changed
        self._compared = compared
        self._stale: dict[str, None] = {}
        self._took: dict[str, float] = {}
        self._prepared: dict[str, float] = {}
        """Seconds that were spent on plugins since they were compared."""
        self._preparing: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._named: dict[str, _Named] = {}
        self._written: dict[str, None] = {}
        self._settling: asyncio.TimerHandle | None = None
        self._watch = Watch()

    # Comparing ------------------------------------------------------------------------------------------------

    def edited(self, file: str) -> None:
        """The text of a file changed."""
        self.stale(self._workspace.snapshot().owners.get(file, ()))

    def stale(self, roots: Iterable[str]) -> None:
        """Some roots are not what they were, or will not be there any more."""
        self.compare_anew(self._workspace.manifests_of(roots))

    def settle(self, file: str) -> None:
        """Find out at once what is to be found anew and may be said of a file."""
        for manifest in self._workspace.manifests_of(self._workspace.snapshot().owners.get(file, ())):
            if manifest in self._stale:
                self._compare(manifest)

    def settle_all(self) -> None:
        """Find out at once all that is to be found anew."""
        for _ in self._comparing():
            pass

    def compare_anew(self, manifests: Iterable[str]) -> None:
        """More is known of some plugins."""
        stale = dict.fromkeys(manifests)
        if not stale:
            return
        self._stale.update(stale)
        if self._later is not None:
            self._later.cancel()
        wait = max(self._took.get(manifest, 0.0) for manifest in self._stale)
        if wait <= _QUICK:
            self._begin()
        else:
            delay = min(wait * _PATIENCE, _LONGEST)
            self._later = asyncio.get_running_loop().call_later(delay, self._begin)

    def _begin(self) -> None:
        self._later = None
        slow = [manifest for manifest in self._stale if self._took.get(manifest, 0.0) > _QUICK]
        if self._preparing is not None:
            self._later = asyncio.get_running_loop().call_later(_QUICK, self._begin)
        elif slow:
            self._preparing = asyncio.ensure_future(self._prepare(slow))
        else:
            self._background.start("compare", self._comparing())

    async def _prepare(self, manifests: Iterable[str]) -> None:
        """Do in a thread what takes long before some plugins can be compared, and then compare what is to be."""
        from dataflare_lsp.workspace.parts import pending

        workspace = self._workspace
        try:
            for manifest in manifests:
                begun = perf_counter()
                there = pending(workspace, workspace.plugin(manifest)) if manifest in workspace.roots else None
                if there is not None:
                    value = await asyncio.get_running_loop().run_in_executor(None, there.find)
                    workspace.plugins.kept.put(there.key, there.made_of, value)
                    self._prepared[manifest] = perf_counter() - begun
        except Exception:
            logger.exception("plugins cannot be compared")
        self._preparing = None
        if self._later is None:  # else something has changed again
            self._background.start("compare", self._comparing())

    def _comparing(self) -> Iterator[None]:
        while self._stale:
            self._compare(next(iter(self._stale)))
            yield

    def _compare(self, manifest: str) -> None:
        self._stale.pop(manifest, None)
        begun = perf_counter()
        try:
            files = self._workspace.compare(manifest)
            self._name(manifest)
        except Exception:
            # One plugin that cannot be judged must not keep the others from being.
            logger.exception("%s cannot be compared", manifest)
            return
        self._took[manifest] = perf_counter() - begun + self._prepared.pop(manifest, 0.0)
        if files:
            self._changed(files)
        self._compared(manifest)

    # Files that manifests name --------------------------------------------------------------------------------

    def named(self) -> tuple[str, ...]:
        """The files that manifests name, but for those of WIT."""
        return tuple(dict.fromkeys([path for named in self._named.values() for path in named.paths]))

    def naming(self, path: str) -> tuple[str, ...]:
        """The manifests that name a file."""
        return tuple([manifest for manifest, named in self._named.items() if path in named.paths])

    def component(self, manifest: str) -> str | None:
        """Where the component of a plugin is, or is to be."""
        named = self._named.get(manifest)
        return named.component if named is not None else None

    def _name(self, manifest: str) -> None:
        """Look what a manifest names, where its text has changed."""
        source = self._workspace.sources.get(manifest)
        if source is None or manifest not in self._workspace.roots:
            self._named.pop(manifest, None)
            self._took.pop(manifest, None)
            return
        known = self._named.get(manifest)
        if known is None or known.source is not source:
            from dataflare_lsp.features.manifest import paths
            from dataflare_lsp.workspace.parts import component_path
            from dataflare_lsp.workspace.recording import recording_in

            plugin = self._workspace.plugin(manifest)
            recording = recording_in(plugin.directory) if os.path.isabs(manifest) else None
            files = (*paths(plugin), recording) if recording is not None else paths(plugin)
            self._named[manifest] = _Named(source, files, component_path(plugin))

    def written(self, file: str) -> bool:
        """A file on disk changed; tells whether a manifest names it."""
        manifests = self.naming(file)
        self._written.update(dict.fromkeys(manifests))
        if manifests and self._settling is None:
            self._settling = asyncio.get_running_loop().call_later(_SETTLED, self._settle)
        return bool(manifests)

    def _settle(self) -> None:
        self._settling = None
        manifests = tuple(self._written)
        self._written.clear()
        self._changed(manifests)
        self.compare_anew(manifests)

    def looking(self) -> Iterator[None]:
        """Look at the files that manifests name, one a step."""
        return self._watch.look(self.named(), time, self._seen)

    def _seen(self, files: list[str], moved: bool) -> None:
        # Where a directory is in the place of a file, that is all that is told.
        for file in self.named() if moved else files:
            self.written(file)
