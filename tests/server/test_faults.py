"""A fault of ours in one file: the others are judged all the same, and the file itself once the fault is gone."""

import asyncio
import json
import logging
from collections.abc import Awaitable

import pytest

from dataflare_lsp.memo import Database
from dataflare_lsp.server.background import Background
from dataflare_lsp.server.capabilities import Json
from dataflare_lsp.server.client import Client
from dataflare_lsp.server.pulled import Pulled
from dataflare_lsp.server.pushed import Pushed
from dataflare_lsp.server.state import State
from dataflare_lsp.wit import diagnose
from dataflare_lsp.workspace.roots import Root

FILES = ("/work/a.wit", "/work/b.wit", "/work/c.wit")


class Sent:
    """What is sent to the client."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def tell(self, method: str, params: Json) -> None:
        raise AssertionError(method)

    def tell_written(self, method: str, params: str) -> None:
        assert method == "textDocument/publishDiagnostics"
        self.files.append(json.loads(params)["uri"].removeprefix("file://"))

    def ask(self, method: str, params: Json) -> Awaitable[object]:
        raise AssertionError(method)

    def urge(self, method: str, params: Json = None) -> None:
        raise AssertionError(method)


@pytest.fixture
async def state() -> State:
    """A server with three packages, each of one file with a mistake."""
    state = State(Client(), Sent(), Background(asyncio.get_running_loop()))
    for file in FILES:
        state.workspace.set_text(file, "package corp:app;\ninterface api { f: func() -> nothing; }\n")
        state.workspace.add_root(Root(file, ((file,),)))
    return state


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A rule fails in the second file; `undo` mends it."""
    rule = diagnose.file_findings

    def fails(db: Database, root: str, file: str) -> object:
        if file == FILES[1]:
            raise RuntimeError("a fault of ours")
        return rule(db, root, file)

    monkeypatch.setattr(diagnose, "file_findings", fails)
    return monkeypatch


async def test_the_others_are_published(
    state: State, fault: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(state.outlet, Sent)
    pushed = Pushed(state)
    with caplog.at_level(logging.ERROR):
        await judged(state, pushed)
    assert state.outlet.files == [FILES[0], FILES[2]]
    assert [record.getMessage() for record in caplog.records] == [f"{FILES[1]} cannot be judged"]
    fault.undo()
    await judged(state, pushed)
    assert state.outlet.files == [FILES[0], FILES[2], FILES[1]]


async def test_an_edit_of_the_others_is_answered(state: State, fault: pytest.MonkeyPatch) -> None:
    assert isinstance(state.outlet, Sent)
    pushed = Pushed(state)
    for file in reversed(FILES):
        pushed.edited(file)
    pushed.flush()
    assert state.outlet.files == [FILES[2], FILES[0]]


async def test_the_others_are_given_to_who_asks_for_the_workspace(
    state: State, fault: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pulled = Pulled(state, lambda _: None)
    pulled.loaded()
    with caplog.at_level(logging.ERROR):
        assert await reported(pulled) == [FILES[0], FILES[2]]
        await judged(state, pulled)
    assert {record.getMessage() for record in caplog.records} == {f"{FILES[1]} cannot be judged"}
    fault.undo()
    assert await reported(pulled) == list(FILES)


async def judged(state: State, reports: Pushed | Pulled) -> None:
    """All is looked at anew."""
    reports.everything()
    while state.background.is_at("judge"):
        await asyncio.sleep(0)


async def reported(pulled: Pulled) -> list[str]:
    """The files with a report, where the client knows none."""
    answer = json.loads((await pulled.of_workspace({}, None)).text)
    return [item["uri"].removeprefix("file://") for item in answer["items"]]
