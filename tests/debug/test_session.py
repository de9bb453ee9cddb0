"""A debug session, as a client sees it. The run is written down in `support.scripted`: two records, each asks for a
setting and logs it; the second returns an error, or traps where the setting is 99."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from support.dap import Client, RefusedError, client, scripted

from dataflare_lsp.workspace.roots import CORE


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The folder of a plugin. Nobody looks at its component."""
    (tmp_path / "dataflare.toml").write_text(
        """
        manifest-version = 1
        [plugin]
        name = "acme:enrich"
        version = "1.0.0"
        kind = "processor"
        [component]
        path = "plugin.wasm"
        [config.default]
        threshold = 10
        [debug]
        input = "records.ndjson"
        """
    )
    (tmp_path / "plugin.wasm").write_bytes(b"")
    (tmp_path / "records.ndjson").write_text("{}\n{}\n")
    shutil.copytree(CORE, tmp_path / "wit" / "deps" / "core")
    (tmp_path / "wit" / "plugin.wit").write_text("package acme:enrich;\n")
    return tmp_path


@pytest.fixture
def adapter(plugin: Path) -> Iterator[Client]:
    with client(scripted(), plugin) as opened:
        yield opened


def open_folder(scenario: str, folder: Path) -> "Iterator[Client]":
    with client(scripted(scenario), folder) as opened:
        yield opened


# From start to end -----------------------------------------------------------------------------------------------------


def test_without_breakpoints_a_plugin_runs_to_its_end(adapter: Client) -> None:
    assert adapter.launch() == "ended with 0"
    assert adapter.output("log") == "info: threshold is 10\nerror: threshold is 10\n"
    assert adapter.output("result") == snapshot("""\
0: ok(some({id: "r0", payload: [123, 125], metadata: []}))
1: err("bad")
""")
    assert adapter.leave() == 0


def test_what_the_adapter_says_in_a_run(adapter: Client) -> None:
    adapter.launch(breakpoints=["configuration.get"])
    adapter.go("continue")
    adapter.go("continue")
    assert [event["event"] for event in adapter.events] == snapshot(
        [
            "output",
            "process",
            "thread",
            "initialized",
            "dataflare/metrics",
            "stopped",
            "output",
            "output",
            "dataflare/metrics",
            "stopped",
            "output",
            "output",
            "exited",
            "terminated",
        ]
    )


def test_stop_on_entry(adapter: Client) -> None:
    assert adapter.launch(stopOnEntry=True) == "entry: Paused on entry into data-processor.process"


def test_without_debugging_nothing_stops(adapter: Client) -> None:
    assert adapter.launch(breakpoints=["*"], failures=["error"], stopOnEntry=True, noDebug=True) == "ended with 0"


def test_a_plugin_that_cannot_run_says_why_at_launch(plugin: Path) -> None:
    for opened in open_folder("unfit", plugin):
        opened.ask("initialize", adapterID="dataflare")
        with pytest.raises(RefusedError, match="cannot be compiled: type mismatch") as refused:
            opened.ask("launch")
        assert refused.value.is_shown
        opened.event("terminated")
        assert opened.leave() == 0


def test_a_launch_configuration_that_is_wrong_says_why(plugin: Path, adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare")
    assert adapter.refusal("launch", stopOnEntry="yes") == snapshot(
        "`stopOnEntry`: expected `true` or `false`, found the string 'yes'"
    )
    assert adapter.refusal("launch", program="nowhere") == f"there is no `{plugin / 'nowhere'}`"


def test_what_looks_misspelt_is_pointed_out(adapter: Client) -> None:
    adapter.launch(stopOnEntyr=True)
    assert adapter.output("important") == snapshot(
        "the launch configuration has `stopOnEntyr`, which means nothing; did you mean `stopOnEntry`?\n"
    )


# Going on and back -----------------------------------------------------------------------------------------------------


def test_steps_go_along_the_border(adapter: Client) -> None:
    walk = [adapter.launch(stopOnEntry=True)]
    walk += [
        adapter.go(command)
        for command in (
            "stepIn",
            "stepIn",
            "next",
            "stepOut",
            "next",
            "stepBack",
            "stepBack",
            "reverseContinue",
            "stepBack",
        )
    ]
    assert walk == snapshot(
        [
            "entry: Paused on entry into data-processor.process",
            "step: Paused where configuration.get is called",
            "step: Paused where configuration.get has answered",
            "step: Paused where logging.log is called",
            "step: Paused on return from data-processor.process",
            "step: Paused where configuration.get is called",
            "step: Paused on entry into data-processor.process",
            "step: Paused on return from data-processor.process",
            "step: Paused on entry into data-processor.process",
            "step: Paused on entry into data-processor.process",
        ]
    )
    assert adapter.output("console") == snapshot("""\
Compiling the plugin
This is where the run began: there is nothing before it.
""")


def test_breakpoints_stop_forwards_and_backwards(adapter: Client) -> None:
    walk = [adapter.launch(breakpoints=["logging.log"])]
    walk += [
        adapter.go(command)
        for command in ("continue", "reverseContinue", "reverseContinue", "continue", "continue", "continue")
    ]
    assert walk == snapshot(
        [
            "function breakpoint: Paused where logging.log is called",
            "function breakpoint: Paused where logging.log is called",
            "function breakpoint: Paused where logging.log is called",
            "step: Paused on entry into data-processor.process",
            "function breakpoint: Paused where logging.log is called",
            "function breakpoint: Paused where logging.log is called",
            "ended with 0",
        ]
    )


def test_a_failure_stops_and_can_be_asked_about(adapter: Client) -> None:
    assert adapter.launch(failures=["error", "trap"]) == snapshot(
        "exception: Paused on return from data-processor.process (data-processor.process returned an error)"
    )
    assert adapter.ask("exceptionInfo", threadId=1) == snapshot(
        {"exceptionId": "error", "breakMode": "always", "description": 'the function returned err("bad")'}
    )


def test_a_record_can_be_gone_back_to(adapter: Client, plugin: Path) -> None:
    adapter.launch(failures=["error"])
    assert adapter.ask("restartFrame", frameId=adapter.frames()[-1]["id"]) is None
    assert adapter.where() == snapshot("goto: Paused on entry into data-processor.process")
    source = {"path": str(plugin / "wit" / "deps" / "core" / "data-processor.wit")}
    line = adapter.ask("breakpointLocations", source=source, line=1, endLine=100)["breakpoints"][0]["line"]
    targets = adapter.ask("gotoTargets", source=source, line=line)["targets"]
    assert [one["label"] for one in targets][:3] == ["record 0", "record 1", "record 2"]
    adapter.ask("goto", threadId=1, targetId=targets[0]["id"])
    assert adapter.where() == snapshot("goto: Paused on entry into data-processor.process")
    assert adapter.evaluate("record_index") == "0"


def test_an_endless_loop_is_paused(plugin: Path) -> None:
    for opened in open_folder("endless", plugin):
        opened.ask("initialize", adapterID="dataflare")
        launching = opened.send("launch")
        opened.event("initialized")
        opened.ask("configurationDone")
        opened.answer(launching)
        assert opened.refusal("stackTrace", threadId=1) == "the plugin does not stand still; pause it first"
        assert opened.event("dataflare/metrics")["memory"] == 18 << 20
        assert opened.go("pause") == "pause: between two stops"
        assert [frame["name"] for frame in opened.frames()] == ["the plugin"]
        assert opened.leave() == 0


# Looking ---------------------------------------------------------------------------------------------------------------


def test_a_stop_shows_frames_scopes_and_values(adapter: Client, plugin: Path) -> None:
    adapter.launch(breakpoints=["configuration.get"])
    first = adapter.ask("stackTrace", threadId=1, startFrame=0, levels=1)
    assert first["totalFrames"] == 2  # at least
    assert first["stackFrames"][0]["name"] == "configuration.get (host)"
    every = adapter.ask("stackTrace", threadId=1, startFrame=0, levels=20)
    shown = [
        (one["name"], os.path.basename(one.get("source", {}).get("path", "-")), one["line"] > 0)
        for one in every["stackFrames"]
    ]
    assert (shown, every["totalFrames"]) == snapshot(
        (
            [
                ("configuration.get (host)", "host.wit", True),
                ("plugin!helper", "lib.rs", True),
                ("plugin!process", "-", False),
                ("data-processor.process, record 0", "data-processor.wit", True),
            ],
            4,
        )
    )
    scopes = adapter.scopes()
    assert {name: adapter.values(reference) for name, reference in scopes.items()} == snapshot(
        {
            "Arguments": {"key": '"threshold"'},
            "Result": {"result": "not answered yet; what is set here is answered in the host's place"},
            "Record": {"index": "0", "record": '{id: "r0", payload: [123, 125], metadata: []}'},
            "Plugin": {
                "state": "paused",
                "calls": "2",
                "failed": "1",
                "error rate": "50.0%",
                "throughput": "1000 calls/s",
                "load": "3 ms",
                "start": "1 ms",
                "mean": "0.05 ms",
                "p50": "0.04 ms",
                "p99": "0.09 ms",
                "memory": "18.0 MiB",
            },
            "Configuration": {"threshold": "10"},
        }
    )
    assert list(adapter.scopes(3)) == ["Record", "Plugin", "Configuration"]
    assert adapter.scopes(1) == {}


def test_a_stop_without_frames_of_the_guest_says_so_at_once(adapter: Client) -> None:
    adapter.launch(stopOnEntry=True)
    assert adapter.ask("stackTrace", threadId=1, startFrame=0, levels=1)["totalFrames"] == 1


def test_the_frames_of_two_stops_are_told_apart(adapter: Client) -> None:
    """An editor that has some frames, and is then given equal ones, shows nothing new."""
    adapter.launch(breakpoints=["configuration.get"])
    seen: set[int] = set()
    for _ in range(4):
        now = {frame["id"] for frame in adapter.frames()}
        assert not now & seen
        seen |= now
        adapter.go("stepIn")


def test_values_are_opened_in_pages_and_in_hexadecimal_digits(adapter: Client) -> None:
    adapter.launch(stopOnEntry=True)
    record = adapter.variables(adapter.scopes()["Arguments"])["input"]
    payload = adapter.variables(record["variablesReference"])["payload"]
    assert (payload["value"], payload["namedVariables"], payload["indexedVariables"]) == ('2 bytes: "{}"', 3, 2)
    reference = payload["variablesReference"]
    page = adapter.variables(reference, filter="indexed", start=1, count=1, format={"hex": True})
    assert {name: one["value"] for name, one in page.items()} == {"[1]": "0x7d"}


def test_numbers_of_a_stop_that_is_over_open_nothing(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    old = adapter.scopes()["Arguments"]
    frame = adapter.frames()[0]["id"]
    adapter.go("continue")
    assert adapter.refusal("variables", variablesReference=old) == "these variables are of a stop that is over"
    assert adapter.refusal("scopes", frameId=frame) == "this frame is of a stop that is over"


def test_expressions_mean_values(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    expressions = ("message", "level == 'info'", "record.payload", "record.metadata.size() + 1", "arguments.level")
    assert {text: adapter.evaluate(text, "hover") for text in expressions} == snapshot(
        {
            "message": '"threshold is 10"',
            "level == 'info'": "true",
            "record.payload": '2 bytes: "{}"',
            "record.metadata.size() + 1": "1",
            "arguments.level": "info",
        }
    )
    assert adapter.evaluate("record", "clipboard") == '{id: "r0", payload: [123, 125], metadata: []}'
    assert (
        adapter.refusal("evaluate", expression="mesage", frameId=1)
        == "there is no `mesage` here; did you mean `message`?"
    )


def test_the_console_tells_functions_of_the_plugin_from_others(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    assert adapter.evaluate("size(message)", "repl") == "15"
    assert adapter.refusal("evaluate", expression="process({})", context="repl", frameId=1) == snapshot(
        "functions can be called when all records are through: see `stopOnExit`"
    )


def test_what_is_typed_is_completed(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    found = adapter.ask("completions", text="size(record.pa", column=15, frameId=1)["targets"]
    assert found == snapshot(
        [{"label": "payload", "text": "payload", "detail": "list<u8>", "type": "field", "start": 13, "length": 2}]
    )


def test_sources_can_be_listed_and_the_components_own_read(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    names = [one["name"] for one in adapter.ask("loadedSources")["sources"]]
    assert names[0] == "plugin.wit"
    assert "logging.wit" in names or "host.wit" in names
    assert adapter.refusal("source", sourceReference=9) == "there is no text of this number"


# Changing --------------------------------------------------------------------------------------------------------------


def test_what_the_host_answers_can_be_changed(adapter: Client) -> None:
    adapter.launch(breakpoints=["configuration.get"])
    adapter.go("stepIn")
    scope = adapter.scopes()["Result"]
    assert adapter.values(scope) == {"result": 'some("10")'}
    changed = adapter.ask("setVariable", variablesReference=scope, name="result", value='some("99")')
    assert changed["value"] == 'some("99")'
    assert adapter.event("invalidated") == {"areas": ["variables"]}
    assert adapter.evaluate("result") == 'some("99")'
    assert adapter.go("next") == snapshot("step: Paused where logging.log is called")
    assert adapter.evaluate("message") == '"threshold is 99"'
    assert adapter.output("console").endswith("From here on it is another run.\n")


def test_the_host_can_be_answered_for(adapter: Client) -> None:
    adapter.launch(breakpoints=["configuration.get"])
    scope = adapter.scopes()["Result"]
    assert adapter.values(scope) == {"result": "not answered yet; what is set here is answered in the host's place"}
    assert (
        adapter.ask("setVariable", variablesReference=scope, name="result", value='some("99")')["type"]
        == "option<string>"
    )
    assert adapter.evaluate("result") == 'some("99")'
    assert adapter.go("next") == "step: Paused where logging.log is called"
    assert adapter.evaluate("message") == '"threshold is 99"'


def test_another_answer_has_another_end(adapter: Client) -> None:
    adapter.launch(breakpoints=["configuration.get"], failures=["trap"])
    adapter.go("continue")
    adapter.go("stepIn")
    adapter.ask("setExpression", expression="result", value='some("99")', frameId=1)
    assert adapter.go("continue") == snapshot("exception: Paused where data-processor.process has failed (unreachable)")
    assert adapter.ask("exceptionInfo", threadId=1) == snapshot(
        {
            "exceptionId": "trap",
            "breakMode": "always",
            "description": "unreachable",
            "details": {
                "message": """\
unreachable

What it wrote last to stderr:
panicked at lib.rs\
""",
                "typeName": "trap",
                "stackTrace": """\
plugin!process
plugin!run\
""",
            },
        }
    )
    assert [frame["name"] for frame in adapter.frames()] == snapshot(
        ["plugin!process", "plugin!run", "data-processor.process, record 1"]
    )
    assert adapter.go("continue") == "ended with 1"


def test_what_is_no_value_is_refused(adapter: Client) -> None:
    adapter.launch(breakpoints=["configuration.get"])
    arguments = adapter.scopes()["Arguments"]
    assert adapter.refusal("setVariable", variablesReference=arguments, name="key", value="1") == snapshot(
        "expected a value of type string, found `1`; strings are written in double quotes (at column 1)"
    )
    assert adapter.refusal("setVariable", variablesReference=arguments, name="kee", value="1") == snapshot(
        "there is no variable `kee` here"
    )
    assert adapter.refusal("setExpression", expression="record_index", value="1", frameId=1) == snapshot(
        "this cannot be changed: only arguments and results that the plugin or its host has yet to see can"
    )


def test_functions_are_called_when_all_records_are_through(adapter: Client) -> None:
    assert adapter.launch(stopOnExit=True) == snapshot(
        "pause: Idle (All records are through. Functions of the plugin can be called in the console.)"
    )
    called = adapter.evaluate('data-processor.process({id: "x", payload: [], metadata: []})', "repl")
    assert called == snapshot('ok(some({id: "x", payload: [], metadata: []}))')
    assert adapter.where().startswith("pause: Idle")
    assert adapter.refusal("evaluate", expression="1 + 1", context="repl") == snapshot(
        "all records are through; a call such as `data-filter.keep({…})` can be made in the console"
    )
    assert adapter.refusal("evaluate", expression="process({})", context="watch") == snapshot(
        "all records are through; a call such as `data-filter.keep({…})` can be made in the console"
    )
    assert adapter.refusal("evaluate", expression="proces({})", context="repl") == snapshot(
        "the plugin exports no function `proces`; did you mean `process`?"
    )
    assert adapter.go("reverseContinue") == snapshot("step: Paused on entry into data-processor.process")


# Breakpoints in files ----------------------------------------------------------------------------------------------------


def test_a_breakpoint_stands_on_a_line_of_a_wit_file(adapter: Client, plugin: Path) -> None:
    file = plugin / "wit" / "deps" / "core" / "logging.wit"
    file = file if file.exists() else plugin / "wit" / "deps" / "core" / "host.wit"
    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "log: func" in text)
    adapter.ask("initialize", adapterID="dataflare")
    launching = adapter.send("launch")
    adapter.event("initialized")
    (placed,) = adapter.ask(
        "setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": line - 1, "condition": "level == 'error'"}]
    )["breakpoints"]
    assert (placed["verified"], placed["line"], placed["message"]) == (
        True,
        line,
        "stops where the plugin calls `logging.log`",
    )
    adapter.ask("configurationDone")
    adapter.answer(launching)
    assert adapter.where() == "breakpoint: Paused where logging.log is called"
    assert adapter.evaluate("level") == "error"
    assert adapter.frames()[0]["line"] == line
    # The file is edited: at the next stop the breakpoint is told to be elsewhere.
    file.write_text("// A line.\n" + file.read_text())
    adapter.ask("reverseContinue", threadId=1)
    assert adapter.event("breakpoint")["breakpoint"]["line"] == line + 1


def test_breakpoints_before_launch_wait_for_the_plugin(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare")
    wanted = [{"name": "logging.log"}, {"name": "metrics.count"}]
    before = adapter.ask("setFunctionBreakpoints", breakpoints=wanted)["breakpoints"]
    assert [(one["verified"], one["reason"]) for one in before] == [(False, "pending"), (False, "pending")]
    launching = adapter.send("launch")
    changed = [adapter.event("breakpoint")["breakpoint"] for _ in wanted]
    assert [(one["id"], one["verified"]) for one in changed] == [(before[0]["id"], True), (before[1]["id"], False)]
    adapter.event("initialized")
    adapter.ask("configurationDone")
    adapter.answer(launching)


def test_log_points_say_something_instead_of_stopping(adapter: Client, plugin: Path) -> None:
    file = next(path for path in (plugin / "wit" / "deps" / "core").iterdir() if "log: func" in path.read_text())
    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "log: func" in text)
    adapter.ask("initialize", adapterID="dataflare")
    launching = adapter.send("launch")
    adapter.event("initialized")
    adapter.ask(
        "setBreakpoints",
        source={"path": str(file)},
        breakpoints=[{"line": line, "logMessage": "{record.id}: {message}"}],
    )
    adapter.ask("configurationDone")
    adapter.answer(launching)
    assert adapter.where() == "ended with 0"
    assert "r0: threshold is 10\nr1: threshold is 10\n" in adapter.output("console")


# Building and restarting ---------------------------------------------------------------------------------------------------


def command(*code: str) -> str:
    """A shell command that runs some Python."""
    return f'"{sys.executable}" -c "{"; ".join(code)}"'


def test_a_plugin_is_built_first_where_that_is_wanted(adapter: Client, plugin: Path) -> None:
    (plugin / "plugin.wasm").unlink()
    build = command("print('compiling')", "open('plugin.wasm', 'w').close()")
    assert adapter.launch(build=build) == "ended with 0"
    assert "compiling" in adapter.output("console")


def test_a_build_that_fails_ends_the_launch(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare")
    refused = adapter.refusal("launch", build=command("print('no compiler')", "raise SystemExit(3)"))
    assert "failed with exit code 3" in refused
    assert "no compiler" in adapter.output("console")


def test_a_build_can_be_cancelled(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare", supportsProgressReporting=True)
    launching = adapter.send("launch", build=command("import time", "print('begun', flush=True)", "time.sleep(600)"))
    progress = adapter.event("progressStart")
    assert progress["cancellable"]
    adapter.event("output")
    adapter.ask("cancel", progressId=progress["progressId"])
    adapter.event("progressEnd")
    with pytest.raises(RefusedError, match="the build was cancelled"):
        adapter.answer(launching)


def test_restart_begins_anew(adapter: Client) -> None:
    first = adapter.launch(breakpoints=["logging.log"])
    adapter.go("continue")
    adapter.ask("restart")
    assert adapter.where() == first
    assert adapter.evaluate("record_index") == "0"
    adapter.ask("restart", arguments={"stopOnEntry": True})
    assert adapter.where() == "entry: Paused on entry into data-processor.process"


# Clients that do not behave ------------------------------------------------------------------------------------------------


def test_requests_at_the_wrong_time_are_refused(adapter: Client) -> None:
    assert adapter.refusal("threads") == "the first request is `initialize`"
    adapter.ask("initialize", adapterID="dataflare")
    assert adapter.refusal("initialize", adapterID="dataflare") == snapshot(
        "`initialize` is for a session that is new; this one is initialized"
    )
    assert adapter.refusal("configurationDone") == snapshot(
        "`configurationDone` is for a session that is configuring; this one is initialized"
    )
    assert adapter.refusal("next", threadId=1) == snapshot("the plugin does not stand still; pause it first")
    assert adapter.refusal("attach") == snapshot(
        'there is nothing to attach to: start a plugin with `run --debug`, or use `"request": "launch"`'
    )
    assert adapter.ask("threads") == {"threads": []}
    launching = adapter.send("launch", stopOnEntry=True)
    adapter.event("initialized")
    assert adapter.refusal("launch") == snapshot(
        "`launch` is for a session that is initialized; this one is configuring"
    )
    adapter.ask("configurationDone")
    adapter.answer(launching)
    adapter.where()
    assert adapter.refusal("next", threadId=2) == "there is no thread 2; the plugin is thread 1"
    assert adapter.refusal("pause", threadId=1) == snapshot(
        "`pause` is for a session that is running; this one is stopped"
    )
    assert adapter.refusal("exceptionInfo", threadId=1) == "nothing has failed at this stop"


def test_what_is_no_request_is_answered_as_far_as_it_can_be(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare")
    adapter.body(b"{")
    adapter.body(b'{"seq": 900, "type": "request", "command": "frobnicate"}')
    adapter.body(b'{"seq": 901, "type": "request", "command": "variables", "arguments": {"variablesReference": "x"}}')
    adapter.body(b'{"seq": 902, "type": "request", "command": "scopes", "arguments": [1]}')
    adapter.body(b'{"seq": 903, "type": "command", "command": "scopes"}')
    found = []
    for number in (900, 901, 902, 903):
        with pytest.raises(RefusedError) as refused:
            adapter.answer(number)
        found.append(f"{refused.value.code}: {refused.value}")
    assert found == snapshot(
        [
            "notSupported: there is no request `frobnicate` here",
            "notStopped: the plugin does not stand still; pause it first",
            "notStopped: the plugin does not stand still; pause it first",
            "malformed: `request.type`: expected one of `request`, found the string 'command'",
        ]
    )
    assert "cannot read" in adapter.output("console")


def test_ten_thousand_breakpoints_are_set(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="dataflare")
    wanted = [{"name": f"function-{number}"} for number in range(10_000)]
    assert len(adapter.ask("setFunctionBreakpoints", breakpoints=wanted)["breakpoints"]) == 10_000


def test_a_client_that_goes_in_the_middle_leaves_nothing_behind(adapter: Client) -> None:
    adapter.launch(breakpoints=["logging.log"])
    adapter.send("next", threadId=1)
    assert adapter.process.stdin is not None
    adapter.process.stdin.close()
    assert adapter.process.wait(60) == 1


def test_garbage_ends_the_session(adapter: Client) -> None:
    adapter.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert adapter.process.wait(60) == 1
    assert adapter.process.stderr is not None
    assert b"no valid Content-Length" in adapter.process.stderr.read()


def test_it_can_be_left_at_any_time(plugin: Path) -> None:
    for opened in open_folder("plain", plugin):
        assert opened.leave() == 0
    for opened in open_folder("endless", plugin):
        opened.ask("initialize", adapterID="dataflare")
        opened.send("launch")
        opened.event("initialized")
        assert opened.leave() == 0
