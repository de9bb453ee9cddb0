"""Comparing plugins stands back for what the client sends: what takes long is done in a thread, after a pause."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.plugin_builds import MANIFEST, WIT, plugin

from dataflare_lsp.server import plugins
from dataflare_lsp.server.background import Background
from dataflare_lsp.server.plugins import Plugins
from dataflare_lsp.text import Span
from dataflare_lsp.workspace import parts
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import load


async def test_much_wit_is_looked_at_in_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(tmp_path)
    workspace = load(find_roots([str(tmp_path)], manifests=True))
    manifest, wit = str(tmp_path / MANIFEST), str(tmp_path / WIT)
    threads: list[threading.Thread] = []
    lower: Callable[..., Any] = parts.lower

    def lowering(*arguments: Any, **named: Any) -> Any:
        threads.append(threading.current_thread())
        return lower(*arguments, **named)

    monkeypatch.setattr(parts, "lower", lowering)
    monkeypatch.setattr(plugins, "_QUICK", 0.0)  # everything takes long
    compared = asyncio.Queue[str]()
    it = Plugins(workspace, Background(asyncio.get_running_loop()), lambda _: None, compared.put_nowait)
    it.stale([manifest])
    await asyncio.wait_for(compared.get(), 20)
    assert workspace.compared_at(manifest) == ()
    threads.clear()
    text = workspace.sources[wit].text
    at = text.index("world plugin {") + len("world plugin {")
    for new in ("x", "  export more: func();"):
        workspace.edit(wit, Span(at, at + (new != "x")), new)
        it.edited(wit)
    await asyncio.wait_for(compared.get(), 20)
    assert [one.code for one in workspace.compared_at(manifest)] == ["stale-component"]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
