"""Diagnostics that the client asks for, file by file or for the whole workspace.

Specification: Language Server Protocol 3.17, "Pull Diagnostics".
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from json import dumps
from time import perf_counter
from typing import Final, NamedTuple

from dataflare_lsp.features.diagnostics import diagnostics, judge
from dataflare_lsp.server.reports import NONE, diagnostics_json
from dataflare_lsp.server.state import State
from dataflare_lsp.server.view import JsonText

logger = logging.getLogger(__name__)

_BATCH = 100
_TURN: Final = 0.002


class _Report(NamedTuple):
    """What the client was told of a file, under a name."""

    id: str
    text: str


class Pulled:
    """What the client has been told of each file.

    After an edit it asks about that file by itself; when the lists of others changed, it is told to ask again.
    """

    def __init__(self, state: State, settle: Callable[[str], None]) -> None:
        """`settle` finds out at once what of a file would else be found in the background."""
        self._state = state
        self._settle = settle
        self._told: dict[str, _Report] = {}
        self._listed: dict[str, _Report] = {}
        """The same for reports of the workspace, which clients keep apart."""
        self._edited: dict[str, None] = {}
        self._asked_soon: set[str] = set()
        """Files that the client will ask about, since it edited them."""
        self._stale: dict[str, None] = {}
        self._number = 0
        self._loaded = asyncio.Event()
        self._news = asyncio.Event()

    def edited(self, file: str) -> None:
        """A text changed."""
        self._edited[file] = None
        self._asked_soon.add(file)

    def flush(self) -> None:
        """Nothing else is waiting: look at what depends on what was edited."""
        if self._edited:
            snapshot = self._state.workspace.snapshot()
            self.stale(root for file in self._edited for root in snapshot.owners.get(file, ()))
            self._edited.clear()

    def stale(self, roots: Iterable[str]) -> None:
        """Everything in some roots may have other diagnostics."""
        self.gone(self._state.workspace.concerned(roots))

    def gone(self, files: Iterable[str]) -> None:
        """Some files may have other diagnostics, or be of no root any more."""
        self._stale.update(dict.fromkeys(files))
        if self._stale:
            self._state.background.start("judge", self._judge())

    def everything(self) -> None:
        """All may be different."""
        self.gone((*self._told, *self._listed))
        self.stale(self._state.workspace.roots)

    def loaded(self) -> None:
        """All roots are there."""
        self._loaded.set()
        self._news.set()

    def _judge(self) -> Iterator[None]:
        """Whether what the client knows is still so."""
        differs = False
        while self._stale:
            file = next(iter(self._stale))
            try:
                yield from judge(self._state.view().snapshot, file)
                differs = self._compare(file) or differs
            except Exception:
                # One file that cannot be judged must not keep the others from being.
                logger.exception("%s cannot be judged", file)
            self._stale.pop(file, None)
            yield
        if differs and self._state.client.refreshes_diagnostics:
            self._state.outlet.urge("workspace/diagnostic/refresh")

    def _compare(self, file: str) -> bool:
        """Whether a file's report is not what the client was told; who asked for news of the workspace gets it."""
        if file not in self._state.documents:
            self._told.pop(file, None)
        if file in self._state.waiting:
            return False
        text = self._text(file)
        told, listed = self._told.get(file), self._listed.get(file)
        if (listed.text if listed is not None else NONE) != text:
            self._news.set()
        return told is not None and told.text != text and file not in self._asked_soon

    def of_file(self, file: str, previous: str | None) -> JsonText:
        """The report of a file; `previous` is the name of the one that the client has."""
        self._asked_soon.discard(file)
        if not self._state.client.refreshes_diagnostics:
            # It will not ask again before the next edit.
            self._settle(file)
        report = self._report(file, self._told)
        if report.id == previous:
            return JsonText(f'{{"kind":"unchanged","resultId":"{report.id}"}}')
        return JsonText(f'{{"kind":"full","resultId":"{report.id}","items":{report.text}}}')

    async def of_workspace(self, previous: Mapping[str, str], token: int | str | None) -> JsonText:
        """The reports of all files; `previous` are the names of those that the client has, by file.

        With a `token` they are sent as they are found; and where nothing is new, the answer waits for news.
        """
        await self._loaded.wait()
        while True:
            self._news.clear()
            news = parted = False
            items: list[str] = []
            end = perf_counter() + _TURN
            for file in self._files(previous):
                try:
                    report = self._report(file, self._listed)
                except Exception:
                    logger.exception("%s cannot be judged", file)
                    continue
                known = previous.get(file)
                if known is not None or report.text != NONE:
                    items.append(self._item(file, report, report.id == known))
                    news = news or report.id != known
                if token is not None and news and len(items) >= _BATCH:
                    self._part(token, items)
                    parted = True
                if perf_counter() > end:
                    await asyncio.sleep(0)
                    end = perf_counter() + _TURN
            if news or token is None:
                if token is not None and parted:
                    # Once there are parts, the answer has nothing of its own.
                    self._part(token, items)
                return JsonText(_items(items))
            await self._news.wait()

    def _part(self, token: int | str, items: list[str]) -> None:
        params = f'{{"token":{dumps(token)},"value":{_items(items)}}}'
        self._state.outlet.tell_written("$/progress", params)
        items.clear()

    def _files(self, previous: Mapping[str, str]) -> tuple[str, ...]:
        roots = self._state.workspace.roots.values()
        return tuple(dict.fromkeys([*(file for root in roots for file in root.files), *previous]))

    def _item(self, file: str, report: _Report, unchanged: bool) -> str:
        version = self._state.documents.version(file)
        head = f'{{"uri":{dumps(self._state.documents.uri(file))},"version":{dumps(version)},"resultId":"{report.id}"'
        return f'{head},"kind":"unchanged"}}' if unchanged else f'{head},"kind":"full","items":{report.text}}}'

    def _report(self, file: str, told: dict[str, _Report]) -> _Report:
        text = self._text(file)
        report = told.get(file)
        if report is None or report.text != text:
            self._number += 1
            report = told[file] = _Report(str(self._number), text)
        return report

    def _text(self, file: str) -> str:
        view = self._state.view()
        wanted = self._state.settings.diagnostics and file in view.snapshot.owners
        return diagnostics_json(view, file, diagnostics(view.snapshot, file)) if wanted else NONE


def _items(items: list[str]) -> str:
    return f'{{"items":[{",".join(items)}]}}'
