"""Validating components in the background: one at a time, in a process of its own, when all is quiet for a moment.

Compiling a component executes nothing of it. It is started only where a user asks for it.
"""

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

from dataflare_lsp.server.plugins import Plugins
from dataflare_lsp.server.state import State

if TYPE_CHECKING:
    from dataflare_lsp.component.built import Built
    from dataflare_lsp.workspace.parts import Artefact

logger = logging.getLogger(__name__)

_QUIET: Final = 0.5
"""Seconds after the last news of a component before it is validated: its build may not be done."""


class Validation:
    """The components that are to be validated, and the one that is."""

    def __init__(self, state: State, plugins: Plugins) -> None:
        self._state = state
        self._plugins = plugins
        self._wanted: dict[str, None] = {}
        """Manifests of plugins whose components nobody has validated yet."""
        self._timer: asyncio.TimerHandle | None = None
        self._working: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._is_over = False

    def consider(self, manifest: str) -> None:
        """Validate the component of a plugin, unless it is known whether it is valid."""
        self._wanted.pop(manifest, None)
        if not self._state.settings.validation or self._path(manifest) is None:
            return
        self._wanted[manifest] = None
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_QUIET, self._begin)

    def _path(self, manifest: str) -> str | None:
        """The component of a plugin, where it is one that nobody has validated yet."""
        path = self._plugins.component(manifest)
        artefact = self._state.workspace.plugins.artefacts.at(path) if path is not None else None
        is_known = artefact is None or artefact.outcome is not None
        return None if is_known or _component_in(artefact) is None else path

    def _begin(self) -> None:
        self._timer = None
        if self._working is None and not self._is_over:
            self._working = asyncio.ensure_future(self._work())
            self._working.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._working = None
        if not task.cancelled() and task.exception() is not None:
            logger.error("components cannot be validated", exc_info=task.exception())

    async def _work(self) -> None:
        while self._wanted and not self._is_over:
            manifest = next(iter(self._wanted))
            del self._wanted[manifest]
            path = self._path(manifest)
            if path is not None and self._state.settings.validation:
                await self.examine(path, manifest)

    async def examine(self, path: str, manifest: str | None, starting: bool = False, asked: bool = False) -> bool:
        """Find out whether a component is valid, and with `starting` whether it starts, within the manifest's limits.

        `asked`: by a user. Tells whether anything came of it: not where the file holds no component, or has changed.
        """
        from dataflare_lsp.runtime.cache import Cache, default_folder
        from dataflare_lsp.workspace.examination import examine
        from dataflare_lsp.workspace.parts import budget_of, stamp_of

        state = self._state
        artefacts = state.workspace.plugins.artefacts
        async with self._one:
            stamp, artefact = stamp_of(path), artefacts.at(path)
            component = _component_in(artefact)
            if self._is_over or component is None:
                return False

            def is_wanted() -> bool:
                return not self._is_over and (asked or state.settings.validation) and stamp_of(path) == stamp

            document = state.workspace.plugin(manifest).document if manifest is not None else None
            budget = budget_of(document) if starting else None
            progress = state.progress(f"Validating {os.path.basename(path)}")
            progress.wait()
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, "validation")
            work = partial(examine, path, component.side, Cache(default_folder()), budget, is_wanted)
            try:
                examination = await asyncio.get_running_loop().run_in_executor(self._thread, work)
            finally:
                progress.end()
            if examination is None or not is_wanted():
                return False
            artefacts.examined(path, stamp, examination)
        self._plugins.compare_anew(self._plugins.naming(path))
        return True

    def end(self) -> None:
        """Stop what is under way."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)


def _component_in(artefact: "Artefact | None") -> "Built | None":
    """The component that a file is, if it is one that can be validated: text cannot."""
    from dataflare_lsp.component.built import Built

    if artefact is None or not isinstance(artefact.holds, Built) or not artefact.path.endswith(".wasm"):
        return None
    return artefact.holds
