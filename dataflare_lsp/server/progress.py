"""Progress shown in the editor while reading a workspace takes long.

Specification: Language Server Protocol 3.17, "Work Done Progress", initiated by the server.
"""

import asyncio
import logging
from time import perf_counter

from dataflare_lsp.server.outlet import Outlet

logger = logging.getLogger(__name__)

_LONG = 0.3
"""Seconds after which a wait is worth a word."""


class Progress:
    """The progress of one piece of work; says nothing where that is quick, or where the client shows none."""

    def __init__(self, outlet: Outlet, token: str, wanted: bool, title: str) -> None:
        self._outlet = outlet
        self._token = token
        self._title = title
        self._since = perf_counter()
        self._wanted = wanted
        self._asking: asyncio.Task[None] | None = None
        self._begun = False
        self._percent = 0

    def report(self, done: int, total: int) -> None:
        """`done` parts of `total` are done."""
        if not self._wanted:
            return
        if self._asking is None:
            if perf_counter() - self._since > _LONG:
                self._asking = asyncio.ensure_future(self._begin({"percentage": 0}))
            return
        percent = 100 * done // max(total, 1)
        if self._begun and percent > self._percent:
            self._percent = percent
            self._tell({"kind": "report", "percentage": percent, "message": f"{done} of {total}"})

    def wait(self) -> None:
        """Nobody can say how much is done."""
        if self._wanted:
            asyncio.get_running_loop().call_later(_LONG, self._waited)

    def _waited(self) -> None:
        if self._wanted and self._asking is None:
            self._asking = asyncio.ensure_future(self._begin({}))

    def end(self) -> None:
        """All is done."""
        self._wanted = False
        if self._begun:
            self._begun = False
            self._tell({"kind": "end"})

    async def _begin(self, state: dict[str, str | int | bool]) -> None:
        try:
            await self._outlet.ask("window/workDoneProgress/create", {"token": self._token})
        except Exception as error:
            logger.info("the client shows no progress: %s", error)
            return
        if self._wanted:
            self._begun = True
            self._tell({"kind": "begin", "title": self._title, "cancellable": False, **state})

    def _tell(self, value: dict[str, str | int | bool]) -> None:
        self._outlet.tell("$/progress", {"token": self._token, "value": {**value}})
