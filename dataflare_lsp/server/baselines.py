"""Baselines in revisions: git is asked for them, in a thread, where the user has switched that on.

Which revision a manifest names is looked at once it has been left alone for a moment; what the revision is, whenever
something of the plugin is saved, since a branch moves.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from dataflare_lsp.workspace.roots import is_manifest
from dataflare_lsp.workspace.workspace import Workspace

if TYPE_CHECKING:
    from dataflare_lsp.workspace.baseline import Read, Wanted

logger = logging.getLogger(__name__)

_PAUSE: Final = 1.0
"""Seconds after which nobody is still typing the name of a revision."""


class Baselines:
    """The plugins of which git is to be asked. `changed` is told of a manifest whose baseline is another one."""

    def __init__(self, workspace: Workspace, changed: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._changed = changed
        self._is_on = False
        self._pending: dict[str, None] = {}
        self._is_asking = False
        self._later: asyncio.TimerHandle | None = None

    def switch(self, on: bool) -> None:
        """Git may be asked, or may not any longer."""
        if on == self._is_on:
            return
        self._is_on = on
        manifests = [path for path in self._workspace.roots if is_manifest(path)]
        if on:
            self.again(manifests)
        else:
            self._pending.clear()
            self._workspace.plugins.baselines.forget()
            for manifest in manifests:
                self._changed(manifest)

    def compared(self, manifest: str) -> None:
        """A plugin was compared, with the baseline that it names if that is known."""
        if self._is_on and manifest in self._workspace.roots:
            wanted = self._wanted(manifest)
            if wanted is not None and self._workspace.plugins.baselines.known(wanted) is None:
                self.again((manifest,))

    def saved(self, file: str) -> None:
        """A file was written: a moment at which what a plugin is compared with may be looked at again."""
        if self._is_on:
            self.again(self._workspace.manifests_of(self._workspace.snapshot().owners.get(file, ())))

    def again(self, manifests: Iterable[str]) -> None:
        """The revisions that manifests name may not be what they were."""
        if self._is_on:
            self._pending.update(dict.fromkeys(manifests))
            if self._later is not None:
                self._later.cancel()
            self._later = asyncio.get_running_loop().call_later(_PAUSE, self._ask)

    def _wanted(self, manifest: str) -> "Wanted | None":
        from dataflare_lsp.workspace.baseline import wanted_by

        wanted = wanted_by(self._workspace, self._workspace.plugin(manifest))
        return wanted if wanted is not None and wanted.is_in_revision else None

    def _ask(self) -> None:
        """Ask for the next one that is wanted, one at a time."""
        while self._pending and not self._is_asking:
            manifest = next(iter(self._pending))
            del self._pending[manifest]
            wanted = self._wanted(manifest) if manifest in self._workspace.roots else None
            if wanted is not None:
                self._is_asking = True
                known = self._workspace.plugins.baselines.known(wanted)
                arguments = (asyncio.get_running_loop(), manifest, wanted, known)
                Thread(target=self._in_thread, args=arguments, name="git", daemon=True).start()

    def _in_thread(
        self, loop: asyncio.AbstractEventLoop, manifest: str, wanted: "Wanted", known: "Read | None"
    ) -> None:
        from dataflare_lsp.workspace.baseline import ask_git

        read = None
        try:
            read = ask_git(wanted, known)
        except Exception:
            logger.exception("the baseline of %s cannot be read", manifest)
        with suppress(RuntimeError):  # the session is over
            loop.call_soon_threadsafe(self._answered, manifest, known, read)

    def _answered(self, manifest: str, known: "Read | None", read: "Read | None") -> None:
        self._is_asking = False
        if read is not None and read is not known and self._is_on:
            self._workspace.plugins.baselines.keep(read)
            self._changed(manifest)
        self._ask()
