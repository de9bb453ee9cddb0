"""Diagnostics sent to the client as they change: for clients that do not ask for them.

Specification: Language Server Protocol 3.17, "PublishDiagnostics Notification".
"""

import logging
from collections.abc import Iterable, Iterator
from json import dumps

from dataflare_lsp.features.diagnostics import diagnostics, judge
from dataflare_lsp.server.reports import NONE, diagnostics_json
from dataflare_lsp.server.state import State

logger = logging.getLogger(__name__)


class Pushed:
    """What the client has been told of each file, and what has to be looked at again.

    The file that was edited is judged at once; then, in the background, the others of its roots, open ones first. A
    file is sent only when its list changed.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._told: dict[str, str] = {}
        self._edited: dict[str, None] = {}
        self._stale: dict[str, None] = {}

    def edited(self, file: str) -> None:
        """A text changed."""
        self._edited[file] = None

    def flush(self) -> None:
        """Nothing else is waiting: send what was edited."""
        if not self._edited:
            return
        edited = tuple(self._edited)
        self._edited.clear()
        for file in edited:
            try:
                self._tell(file)
            except Exception:
                logger.exception("%s cannot be judged", file)
        snapshot = self._state.workspace.snapshot()
        self.stale(root for file in edited for root in snapshot.owners.get(file, ()))
        for file in edited:
            self._stale.pop(file, None)

    def stale(self, roots: Iterable[str]) -> None:
        """Everything in some roots may have other diagnostics."""
        files = self._state.workspace.concerned(roots)
        self._stale.update(dict.fromkeys(file for file in files if file in self._state.documents))
        self._stale.update(dict.fromkeys(files))
        if self._stale:
            self._state.background.start("judge", self._judge())

    def gone(self, files: Iterable[str]) -> None:
        """Some files may be of no root any more."""
        self._stale.update(dict.fromkeys(files))
        if self._stale:
            self._state.background.start("judge", self._judge())

    def everything(self) -> None:
        """All may be different."""
        self.gone(self._told)
        self.stale(self._state.workspace.roots)

    def loaded(self) -> None:
        """All roots are there."""

    def _judge(self) -> Iterator[None]:
        while self._stale:
            file = next(iter(self._stale))
            try:
                yield from judge(self._state.view().snapshot, file)
                if file in self._stale:
                    self._tell(file)
            except Exception:
                # One file that cannot be judged must not keep the others from being.
                logger.exception("%s cannot be judged", file)
            self._stale.pop(file, None)
            yield

    def _tell(self, file: str) -> None:
        state = self._state
        if file in state.waiting:
            return
        view = state.view()
        wanted = state.settings.diagnostics and file in view.snapshot.owners
        text = diagnostics_json(view, file, diagnostics(view.snapshot, file)) if wanted else NONE
        is_open = file in state.documents
        if text == self._told.get(file, None if is_open else NONE):
            return
        if is_open or text != NONE:
            self._told[file] = text
        else:
            del self._told[file]
        version = state.documents.version(file)
        versioned = f',"version":{version}' if version is not None and state.client.diagnostic_versions else ""
        uri = dumps(state.documents.uri(file))
        state.outlet.tell_written("textDocument/publishDiagnostics", f'{{"uri":{uri}{versioned},"diagnostics":{text}}}')
