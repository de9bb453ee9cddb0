"""The last recordings of plugins: what they come to is found out in the background, one at a time, in a process of its
own, whenever a run has been recorded or the component has been built.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from dataflare_lsp.server.state import State

if TYPE_CHECKING:
    from dataflare_lsp.runtime.recording.tally import Tally
    from dataflare_lsp.workspace.recorded import Sought

logger = logging.getLogger(__name__)


class Recordings:
    """Which recordings are to be looked at. `changed` is told of a manifest of whose recording more is known."""

    def __init__(self, state: State, changed: Callable[[str], None]) -> None:
        self._state = state
        self._changed = changed
        self._pending: dict[str, None] = {}
        self._is_looking = False
        self._is_over = False

    def at(self, manifest: str) -> "Tally | None":
        """What the last recording of a plugin comes to, as far as that is known and for as long as it counts."""
        return self._state.workspace.plugins.recordings.at(manifest)

    def consider(self, manifest: str) -> None:
        """The recording of a plugin, or its component, may not be what it was."""
        self._pending[manifest] = None
        self._look()

    def end(self) -> None:
        """Stop what is under way."""
        self._is_over = True

    def _look(self) -> None:
        from dataflare_lsp.workspace.recorded import sought_of

        workspace = self._state.workspace
        while self._pending and not self._is_looking and not self._is_over:
            manifest = next(iter(self._pending))
            del self._pending[manifest]
            sought = sought_of(workspace.plugin(manifest)) if manifest in workspace.roots else None
            if sought is None or workspace.plugins.recordings.is_known(manifest, sought):
                continue
            if None in sought.stamps:
                self._known(manifest, sought, None)
                continue
            self._is_looking = True
            arguments = (asyncio.get_running_loop(), manifest, sought)
            Thread(target=self._in_thread, args=arguments, name="recording", daemon=True).start()

    def _in_thread(self, loop: asyncio.AbstractEventLoop, manifest: str, sought: "Sought") -> None:
        from dataflare_lsp.workspace.recorded import tallied

        tally = None
        try:
            tally = tallied(sought, lambda: not self._is_over)
        except Exception:
            logger.exception("the recording of %s cannot be read", manifest)
        with suppress(RuntimeError):  # the session is over
            loop.call_soon_threadsafe(self._answered, manifest, sought, tally)

    def _answered(self, manifest: str, sought: "Sought", tally: "Tally | None") -> None:
        self._is_looking = False
        self._known(manifest, sought, tally)
        self._look()

    def _known(self, manifest: str, sought: "Sought", tally: "Tally | None") -> None:
        state = self._state
        if not state.workspace.plugins.recordings.keep(manifest, sought, tally):
            return
        self._changed(manifest)
        if state.client.refreshes_lenses:
            state.outlet.urge("workspace/codeLens/refresh")
        if state.client.refreshes_hints:
            state.outlet.urge("workspace/inlayHint/refresh")
