"""Debugging plugins that run, through the adapter's own command, as a user does it."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from support.dap import REAL, Client, client
from support.debugged import members, wait_for
from support.logs_records import CORE, LINE, LOGGING, RUN, written

from dataflare_lsp.workspace.uris import view_of


@pytest.fixture
def adapter(tmp_path: Path, cache: Path, temporary: Path) -> Iterator[Client]:
    with client(REAL, tmp_path, cache) as opened:
        yield opened
    for event in opened.events:
        if event["event"] == "process":
            wait_for(lambda: not members(event["body"]["systemProcessId"]))  # noqa: B023 - called at once


def launched(adapter: Client, folder: Path, *payloads: str, **more: object) -> str:
    """Write the plugin, and debug it."""
    written(folder, *payloads)
    where: str = adapter.launch(**{**RUN, "input": str(folder / "records.ndjson"), **more})
    return where


def test_a_run(adapter: Client, tmp_path: Path) -> None:
    assert launched(adapter, tmp_path, "a", "b") == "ended with 0"
    assert adapter.output("log", "result") == snapshot("""\
info: r0
0: success({id: "r0", timestamp: 0, payload: [97], metadata: []})
info: r1
1: success({id: "r1", timestamp: 1, payload: [98], metadata: []})
""")
    assert adapter.leave() == 0


@pytest.mark.parametrize("plain", [False, True])
def test_a_breakpoint_in_a_wit_file_stops_either_spelling(adapter: Client, tmp_path: Path, plain: bool) -> None:
    written(tmp_path, "a", "b", "c", plain=plain)
    adapter.ask("initialize", adapterID="dataflare")
    launching = adapter.send("launch", **RUN)
    adapter.event("initialized")
    wanted = [{"line": LINE, "condition": "message != 'r0'"}]
    (placed,) = adapter.ask("setBreakpoints", source={"path": str(LOGGING)}, breakpoints=wanted)["breakpoints"]
    assert placed["verified"]
    adapter.ask("configurationDone")
    adapter.answer(launching)
    assert adapter.where() == "breakpoint: Paused where logging.log is called"
    assert adapter.evaluate("record.id + ' ' + message") == "r1 r1"
    assert [frame["name"] for frame in adapter.frames()] == snapshot(
        ["logging.log (host)", "main!<wasm function 4>", "data-processor.process, record 1"]
    )
    assert adapter.frames()[0]["source"]["path"] == str(LOGGING)


@pytest.mark.parametrize("named", ["by number", "by name"])
def test_a_breakpoint_in_the_wit_of_the_component_stops(adapter: Client, tmp_path: Path, named: str) -> None:
    written(tmp_path, "a")
    adapter.ask("initialize", adapterID="dataflare")
    launching = adapter.send("launch", **RUN)
    adapter.event("initialized")
    (source,) = adapter.ask("loadedSources")["sources"]
    text = adapter.ask("source", sourceReference=source["sourceReference"])["content"]
    line = next(number for number, text in enumerate(text.splitlines(), 1) if "log: func" in text)
    if named == "by name":
        source = {"path": view_of(str(tmp_path / "plugin.wat"))}
    (placed,) = adapter.ask("setBreakpoints", source=source, breakpoints=[{"line": line - 1}])["breakpoints"]
    assert (placed["verified"], placed["line"]) == (True, line)
    adapter.ask("configurationDone")
    adapter.answer(launching)
    assert adapter.where() == "breakpoint: Paused where logging.log is called"
    shown = adapter.frames()[0]
    assert (shown["line"], shown["source"].get("path")) == (line, source.get("path"))


def test_forwards_and_backwards(adapter: Client, tmp_path: Path) -> None:
    walk = [launched(adapter, tmp_path, "a", "b", stopOnEntry=True)]
    places = [adapter.evaluate("record.id")]
    for command in ("next", "next", "stepIn", "stepIn", "stepOut", "stepBack", "reverseContinue", "stepBack"):
        walk.append(adapter.go(command))
        places.append(adapter.evaluate("record.id"))
    assert [f"{place} {where}" for place, where in zip(places, walk, strict=True)] == snapshot(
        [
            '"r0" entry: Paused on entry into data-processor.process',
            '"r0" step: Paused where logging.log is called',
            '"r0" step: Paused on return from data-processor.process',
            '"r1" step: Paused on entry into data-processor.process',
            '"r1" step: Paused where logging.log is called',
            '"r1" step: Paused on return from data-processor.process',
            '"r1" step: Paused where logging.log has answered',
            '"r0" step: Paused on entry into data-processor.process',
            '"r0" step: Paused on entry into data-processor.process',
        ]
    )


def test_history_is_changed_and_runs_on_differently(adapter: Client, tmp_path: Path) -> None:
    launched(adapter, tmp_path, "a", stopOnEntry=True, stopOnExit=True)
    adapter.ask("setExpression", expression="input.id", value='"changed"', frameId=1)
    assert adapter.go("next") == snapshot("step: Paused where logging.log is called")
    assert adapter.evaluate("message") == '"changed"'
    adapter.go("continue")
    assert adapter.output("log", "result") == snapshot("""\
info: changed
0: success({id: "changed", timestamp: 0, payload: [97], metadata: []})
""")
    assert adapter.go("reverseContinue") == snapshot("step: Paused on entry into data-processor.process")
    adapter.ask("setExpression", expression="input.payload", value='"other"', frameId=1)
    adapter.go("continue")
    assert adapter.output("result").splitlines()[-1] == snapshot(
        '0: success({id: "changed", timestamp: 0, payload: [111, 116, 104, 101, 114], metadata: []})'
    )


def test_a_trap_stops_with_its_backtrace(adapter: Client, tmp_path: Path) -> None:
    assert launched(adapter, tmp_path, "a", "", failures=["trap"]) == snapshot(
        "exception: Paused where data-processor.process has failed (wasm `unreachable` instruction executed)"
    )
    found = adapter.ask("exceptionInfo", threadId=1)
    assert found == snapshot(
        {
            "exceptionId": "trap",
            "breakMode": "always",
            "description": "wasm `unreachable` instruction executed",
            "details": {
                "message": "wasm `unreachable` instruction executed",
                "typeName": "trap",
                "stackTrace": "main!<wasm function 4>",
            },
        }
    )
    assert [frame["name"] for frame in adapter.frames()] == snapshot(
        ["main!<wasm function 4>", "data-processor.process, record 1"]
    )
    first = adapter.ask("stackTrace", threadId=1, startFrame=0, levels=1)
    assert first == {"stackFrames": adapter.frames()[:1], "totalFrames": 2}
    assert [list(adapter.scopes(0)), list(adapter.scopes(1))] == snapshot(
        [[], ["Arguments", "Result", "Record", "Plugin", "Configuration"]]
    )
    assert adapter.evaluate("error").startswith("wasm `unreachable`")
    assert adapter.go("stepBack") == snapshot("step: Paused where logging.log has answered")


@pytest.mark.parametrize(
    ("payload", "limits", "cause"), [("loop", {"timeout": "200ms"}, "time"), ("grow", {"memory": "4MiB"}, "memory")]
)
def test_limits_stop_by_their_names(
    adapter: Client, tmp_path: Path, payload: str, limits: dict[str, str], cause: str
) -> None:
    where = launched(adapter, tmp_path, payload, failures=["limit"], limits=limits)
    assert where.startswith("exception: Paused where data-processor.process has failed (")
    assert adapter.ask("exceptionInfo", threadId=1)["exceptionId"] == cause


def test_time_that_is_spent_stopped_does_not_count(adapter: Client, tmp_path: Path) -> None:
    launched(adapter, tmp_path, "a", breakpoints=["log"], failures=["limit"], limits={"timeout": "200ms"})
    time.sleep(0.5)
    assert adapter.go("continue") == "ended with 0"


def test_an_endless_loop_is_paused(adapter: Client, tmp_path: Path) -> None:
    written(tmp_path, "loop")
    adapter.ask("initialize", adapterID="dataflare")
    launching = adapter.send("launch", **RUN)
    adapter.event("initialized")
    adapter.ask("configurationDone")
    adapter.answer(launching)
    # It is in the loop when it has logged.
    while "info: r0" not in adapter.output("log"):
        adapter.event("output")
    assert adapter.go("pause") == "pause: between two stops"
    assert [frame["name"] for frame in adapter.frames()] == snapshot(["main!<wasm function 4>"])
    assert adapter.go("stepBack").startswith("step: Paused where logging.log")


def test_a_rebuilt_plugin_is_picked_up_by_restart(adapter: Client, tmp_path: Path) -> None:
    launched(adapter, tmp_path, "a", breakpoints=["log"])
    written(tmp_path, "a", core=CORE.replace("(local.get 0) (local.get 1))", "(i32.const 16) (i32.const 4))", 1))
    adapter.ask("restart")
    assert adapter.where() == "function breakpoint: Paused where logging.log is called"
    assert adapter.evaluate("message") == '"info"'


def test_a_function_is_called(adapter: Client, tmp_path: Path) -> None:
    written(tmp_path)
    assert adapter.launch(program="plugin.wat").startswith("pause: Idle")
    text = 'data-processor.process({id: "x", timestamp: 1, payload: [1], metadata: []})'
    assert adapter.evaluate(text, "repl") == snapshot('success({id: "x", timestamp: 1, payload: [1], metadata: []})')


def test_what_is_no_component_says_so(adapter: Client, tmp_path: Path) -> None:
    (tmp_path / "plugin.wat").write_text("(module)")
    adapter.ask("initialize", adapterID="dataflare")
    assert adapter.refusal("launch", program="plugin.wat").replace(str(tmp_path), "HERE") == snapshot(
        "`HERE/plugin.wat` is no valid component: it is a core module, not a component (at byte 0x0); `dataflare-lsp check` says more"
    )


def test_a_run_is_recorded_and_debugged_again(adapter: Client, tmp_path: Path, cache: Path) -> None:
    assert launched(adapter, tmp_path, "a", "b", record="run.trace") == "ended with 0"
    assert adapter.leave() == 0
    with client(REAL, tmp_path, cache) as again:
        assert again.launch(program="plugin.wat", replay="run.trace", breakpoints=["log"]) == snapshot(
            "function breakpoint: Paused where logging.log is called"
        )
        assert again.evaluate("message") == '"r0"'


@pytest.mark.parametrize("how", ["kill", "close", "mid-step"])
def test_nothing_is_left_of_a_plugin_when_the_client_goes(
    adapter: Client, temporary: Path, tmp_path: Path, how: str
) -> None:
    launched(adapter, tmp_path, "a", "b", breakpoints=["log"])
    if how == "kill":
        adapter.process.kill()
    else:
        if how == "mid-step":
            adapter.send("stepBack", threadId=1)
        assert adapter.process.stdin is not None
        adapter.process.stdin.close()
    adapter.process.wait(60)
    if how != "kill" or sys.platform == "linux":
        assert list(temporary.iterdir()) == []
