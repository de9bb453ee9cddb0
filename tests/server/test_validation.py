"""Validating in the background: one component at a time, shown while it takes long, given up when nobody needs it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.plugin_builds import COMPONENT, MANIFEST, build, component, plugin

from dataflare_lsp.runtime.validation import Valid
from dataflare_lsp.server import progress
from dataflare_lsp.server.background import Background
from dataflare_lsp.server.client import Client
from dataflare_lsp.server.plugins import Plugins
from dataflare_lsp.server.state import State
from dataflare_lsp.server.validation import Validation
from dataflare_lsp.workspace.examination import Examination
from dataflare_lsp.workspace.roots import find_roots


class Told:
    """A client that shows progress, and what it was told."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    def tell(self, _: str, params: Any) -> None:
        self.messages.append(params["value"])

    async def ask(self, method: str, _: Any) -> None:
        self.messages.append(method)

    def tell_written(self, method: str, params: str) -> None: ...

    def urge(self, method: str, params: Any = None) -> None: ...


class Scene:
    """Plugins in folders, and an engine that takes as long as the test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
        self.outlet = Told()
        self.state = State(Client(progress=True), self.outlet, Background(asyncio.get_running_loop()))
        for folder in folders:
            for root in find_roots([str(folder)], manifests=True):
                self.state.workspace.add_root(root)
        self.manifests = [str(folder / MANIFEST) for folder in folders]
        self.changed: list[str] = []
        self.plugins = Plugins(
            self.state.workspace, self.state.background, self.changed.extend, lambda one: self.validation.consider(one)
        )
        self.validation = Validation(self.state, self.plugins)
        self.running = self.most = 0
        self.done: list[str] = []
        self.go_on = threading.Event()
        monkeypatch.setattr("dataflare_lsp.workspace.examination.examine", self._examine)
        monkeypatch.setattr("dataflare_lsp.server.validation._QUIET", 0.01)
        monkeypatch.setattr(progress, "_LONG", 0.0)

    def _examine(self, path: str, _side: Any, _cache: Any, _budget: Any, is_wanted: Callable[[], bool]) -> Examination:
        self.running += 1
        self.most = max(self.most, self.running)
        while is_wanted() and not self.go_on.wait(0.01):
            pass
        self.running -= 1
        self.done.append(f"{Path(path).parents[1].name}{'' if is_wanted() else ' given up'}")
        return Examination(Valid(None, 1.0, ""))

    async def until(self, wanted: Callable[[], object]) -> None:
        async def look() -> None:
            while not wanted():
                await asyncio.sleep(0.005)

        await asyncio.wait_for(look(), 20)


async def test_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        plugin(tmp_path / name)
    scene = Scene(monkeypatch, *[tmp_path / name for name in ("a", "b", "c")])
    scene.plugins.stale(scene.manifests)
    await scene.until(lambda: scene.running)
    scene.go_on.set()
    await scene.until(lambda: len(scene.done) == 3)
    assert (scene.done, scene.most) == (["a", "b", "c"], 1)
    scene.validation.end()


async def test_what_is_known_is_not_found_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "a")
    scene = Scene(monkeypatch, tmp_path / "a")
    scene.go_on.set()
    artefacts = scene.state.workspace.plugins.artefacts
    scene.plugins.stale(scene.manifests)
    await scene.until(lambda: artefacts.at(str(tmp_path / "a" / COMPONENT)).outcome)  # type: ignore[union-attr]
    scene.plugins.stale(scene.manifests)
    scene.plugins.settle_all()
    assert await scene.validation.examine(str(tmp_path / "a" / COMPONENT), scene.manifests[0], asked=True)
    assert scene.done == ["a", "a"]  # the second time somebody asked for it
    scene.validation.end()


async def test_one_that_is_built_anew_meanwhile_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = component(tmp_path / "other")
    plugin(tmp_path / "a")
    scene = Scene(monkeypatch, tmp_path / "a")
    scene.plugins.stale(scene.manifests)
    await scene.until(lambda: scene.running)
    build(tmp_path / "a", other)
    await scene.until(lambda: scene.done)
    assert scene.done == ["a given up"]
    artefact = scene.state.workspace.plugins.artefacts.at(str(tmp_path / "a" / COMPONENT))
    assert artefact is not None
    assert artefact.outcome is None
    scene.validation.end()


async def test_it_is_given_up_when_the_client_leaves_or_switches_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin(tmp_path / "a")
    scene = Scene(monkeypatch, tmp_path / "a")
    scene.plugins.stale(scene.manifests)
    await scene.until(lambda: scene.running)
    scene.state.settings = scene.state.settings._replace(validation=False)
    await scene.until(lambda: scene.done)
    scene.state.settings = scene.state.settings._replace(validation=True)
    scene.plugins.stale(scene.manifests)
    await scene.until(lambda: scene.running)
    scene.validation.end()
    await scene.until(lambda: len(scene.done) == 2)
    assert scene.done == ["a given up"] * 2


async def test_what_takes_long_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path / "a")
    scene = Scene(monkeypatch, tmp_path / "a")
    scene.plugins.stale(scene.manifests)
    messages = scene.outlet.messages
    begun = {"kind": "begin", "title": "Validating plugin.wasm", "cancellable": False}
    await scene.until(lambda: begun in messages)
    scene.go_on.set()
    await scene.until(lambda: messages[-1] == {"kind": "end"})
    assert messages == ["window/workDoneProgress/create", begun, {"kind": "end"}]
    scene.validation.end()
