"""The last recording of a plugin in an editor: what was called, how long it took, where it failed, and Replay.

The plugin traps at a record without payload.
"""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support.editor import Editor, capabilities, editor
from support.plugin_builds import COMPONENT, MANIFEST, WIT, build, plugin
from support.variants import Change

from dataflare_lsp.cli.main import main
from dataflare_lsp.workspace.roots import CORE

TRAP = Change(
    "plugin.wat",
    "(i32.store8 (i32.const 64) (i32.const 0))",
    "(if (i32.eqz (local.get $payload-size)) (then unreachable))\n(i32.store8 (i32.const 64) (i32.const 0))",
)
PATIENT = Change(MANIFEST, 'timeout = "100ms"', 'timeout = "30s"')
COMMANDS = {"commands": ["dataflare.runPlugin", "dataflare.debugPlugin", "dataflare.replayPlugin"]}
REFRESHES = capabilities()
assert REFRESHES.workspace is not None
REFRESHES.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
REFRESHES.workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plugin"
    plugin(folder, TRAP, PATIENT)
    return folder


@pytest.fixture
def run(folder: Path, tmp_path: Path, compiled_once: None):
    """Feed records with these payloads to the plugin, and remember that."""

    def running(*payloads: str) -> None:
        records = tmp_path / "records.ndjson"
        records.write_text("".join(f'{{"payload": "{payload}"}}\n' for payload in payloads))
        main(["run", str(folder), "--input", str(records), "--remember", "--keep-going"])

    return running


async def hints(it: Editor, file: str) -> list[str]:
    """What stands at the ends of the lines of a file: the line, and the text without its time."""
    whole = types.Range(types.Position(0, 0), types.Position(1000, 0))
    client: Any = it.client
    found = await client.text_document_inlay_hint_async(types.InlayHintParams(it.document(file), whole))
    return [f"{one.position.line + 1} {re.sub(r'[0-9.]+ (ns|µs|ms|s)$', 'TIME', one.label)}" for one in found or ()]


async def lenses(it: Editor, file: str) -> list[str]:
    client: Any = it.client
    found = await client.text_document_code_lens_async(types.CodeLensParams(it.document(file)))
    return [f"{one.range.start.line + 1} {one.command.title}" for one in found or ()]


async def test_what_was_called_is_shown_with_its_time(folder: Path, run):
    run("a", "b")
    run("a", "b", "c")
    async with editor(folder, options=COMMANDS) as it:
        it.open(WIT)
        await until(it, hints, WIT, ["5 3 calls, mean TIME", "7 3 calls, mean TIME"])
        assert await lenses(it, WIT) == ["4 ▶ Run", "4 Debug", "4 Replay", "7 Debug"]
        assert await lenses(it, MANIFEST) == ["3 ▶ Run", "3 Debug", "3 Replay"]
        assert await it.shown(WIT) == []


async def test_a_function_that_was_called_shows_it_where_it_is_declared(folder: Path, run):
    run("a")
    (folder / "wit" / "deps" / "core").mkdir(parents=True)
    text = "package dataflare:core@1.0.0;\ninterface metrics {\n    increment-counter: func(name: string, value: u64);\n}\n"
    async with editor(folder) as it:
        (folder / "wit" / "deps" / "core" / "core.wit").write_text(text)
        it.open("wit/deps/core/core.wit")
        await until(it, hints, "wit/deps/core/core.wit", ["3 1 call, TIME"])


async def test_the_hosts_interfaces_and_the_component_show_it_too(folder: Path, run):
    run("a", "b")
    async with editor(folder, options={"virtualDocuments": True}) as it:
        host = next(path for path in Path(CORE).iterdir() if "increment-counter: func" in path.read_text("utf-8"))
        it.open(host.as_uri(), host.read_text("utf-8"))
        row = host.read_text("utf-8").split("increment-counter: func")[0].count("\n") + 1
        await until(it, hints, host.as_uri(), [f"{row} 2 calls, mean TIME"])
        client: Any = it.client
        shown = await client.protocol.send_request_async("dataflare/componentWit", {"uri": it.uri(MANIFEST)})
        it.open(shown.uri, shown.text)
        counter = shown.text.split("increment-counter: func")[0].count("\n") + 1
        await until(it, lambda *place: hints_at(*place, counter), shown.uri, [f"{counter} 2 calls, mean TIME"])


async def hints_at(it: Editor, file: str, line: int) -> list[str]:
    return [one for one in await hints(it, file) if one.startswith(f"{line} ")]


async def test_a_call_that_failed_is_marked_until_the_next_build(folder: Path, run):
    run("a", "", "b", "")
    async with editor(folder) as it:
        it.open(WIT)
        assert await it.shown(WIT, bool) == ["7:12-7:47 failed-call"]
        (found,) = it.client.diagnostics[it.uri(WIT)]
        assert found.severity == types.DiagnosticSeverity.Warning
        first, *notes = str(found.message).split("\n")
        assert first == ("`process` failed in the last recorded run: wasm `unreachable` instruction executed")
        assert notes[-1] == "note: at call 2, and at 1 more"
        plugin(folder.parent / "better", PATIENT)
        build(folder, (folder.parent / "better" / COMPONENT).read_bytes())
        assert await it.shown(WIT, lambda found: not found) == []
        assert await hints(it, WIT) == []


async def test_a_run_while_the_editor_is_open_is_seen(folder: Path, run):
    async with editor(folder, REFRESHES, options=COMMANDS) as it:
        asked: list[str] = []
        for method in ("workspace/inlayHint/refresh", "workspace/codeLens/refresh"):
            it.client.feature(method)(lambda *_, method=method: asked.append(method))
        it.open(WIT)
        await it.shown(WIT)
        assert await hints(it, WIT) == []
        run("")
        assert await it.shown(WIT, bool) == ["7:12-7:47 failed-call"]
        await it.eventually(lambda: sorted(asked), lambda seen: len(seen) >= 2)
        assert set(asked) == {"workspace/inlayHint/refresh", "workspace/codeLens/refresh"}
        assert await hints(it, WIT) == ["5 1 call, TIME", "7 1 call, TIME"]
        run("a")
        assert await it.shown(WIT, lambda found: not found) == []


async def until(it: Editor, ask: Any, file: str, wanted: list[str]) -> None:
    """Ask again until the answer is as wanted."""
    seen: list[list[str]] = []

    async def look() -> list[str]:
        seen.append(await ask(it, file))
        return seen[-1]

    for _ in range(200):
        if await look() == wanted:
            return
        await asyncio.sleep(0.1)
    assert seen[-1] == wanted


@pytest.mark.parametrize("written", [b"", b"DFTRACE1\n", b"DFTRACE1\n\xff\xff\xff\xff\0\0\0\0", b"\0" * 1000])
async def test_what_is_no_recording_means_nothing(folder: Path, written: bytes):
    (folder / ".dataflare").mkdir()
    (folder / ".dataflare" / "last.trace").write_bytes(written)
    async with editor(folder, options=COMMANDS) as it:
        it.open(WIT)
        assert await it.shown(WIT) == []
        assert await hints(it, WIT) == []
        assert "4 Replay" not in await lenses(it, WIT)
