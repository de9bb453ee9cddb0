"""A plugin in Python, debugged line by line beside its host calls: debugpy's own adapter stands for the editor's."""

import sys
from pathlib import Path

import pytest
import wasmtime
from support import handmade
from support.dap import REAL, client
from support.dap_tcp import TcpClient
from support.native import APP, BINDINGS

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="the bindings need Python 3.11")

MANIFEST = """
manifest-version = 1

[plugin]
name = "acme:app"
version = "1.0.0"
kind = "processor"

[component]
path = "plugin.wasm"

[build]
command = "componentize-py -d wit -w plugin componentize app -o plugin.wasm"
"""


def lay_out(folder: Path) -> None:
    """A plugin in Python, its component, and a record."""
    for name, text in {**BINDINGS, "app.py": APP, "dataflare.toml": MANIFEST}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "plugin.wasm").write_bytes(wasmtime.wat2wasm(handmade.plugin("processor", handmade.ECHO)))
    (folder / "records.ndjson").write_text('{"payload": "abc"}\n', encoding="utf-8")


def test_lines_and_host_calls_are_stopped_at_in_one_session(tmp_path: Path) -> None:
    lay_out(tmp_path)
    line = next(n for n, text in enumerate(APP.splitlines(), 1) if "metadata.append" in text)
    with client(REAL, tmp_path) as adapter:
        adapter.ask("initialize", adapterID="dataflare", supportsStartDebuggingRequest=True)
        launching = adapter.send("launch", program=str(tmp_path), input=str(tmp_path / "records.ndjson"), mode="source")
        adapter.event("initialized")
        adapter.ask("setFunctionBreakpoints", breakpoints=[{"name": "logging.log"}])
        (asked,) = adapter.requests
        assert asked["command"] == "startDebugging"
        child = asked["arguments"]["configuration"]
        assert child["type"] == "debugpy"
        python = TcpClient(child["connect"]["host"], child["connect"]["port"])
        try:
            python.send("initialize", adapterID="debugpy", pathFormat="path")
            python.until("response", "initialize")
            python.send("attach", justMyCode=True)
            python.until("event", "initialized")
            python.send("setBreakpoints", source={"path": str(tmp_path / "app.py")}, breakpoints=[{"line": line}])
            python.until("response", "setBreakpoints")
            python.send("configurationDone")
            python.until("response", "configurationDone")

            adapter.ask("configurationDone")
            adapter.answer(launching)
            assert adapter.where() == "function breakpoint: Paused where logging.log is called"
            adapter.ask("continue", threadId=1)
            stopped = python.until("event", "stopped")
            assert stopped["body"]["reason"] == "breakpoint"
            thread = stopped["body"]["threadId"]
            python.send("stackTrace", threadId=thread)
            top = python.until("response", "stackTrace")["body"]["stackFrames"][0]
            assert top["line"] == line

            python.send("continue", threadId=thread)
            assert adapter.where() == "ended with 0"
            assert '("seen", "yes")' in adapter.output("result")
            assert "it does not run backwards" in adapter.output("important")
        finally:
            python.close()


def test_who_cannot_start_another_session_is_told_where_to_attach(tmp_path: Path) -> None:
    lay_out(tmp_path)
    with client(REAL, tmp_path) as adapter:
        where = adapter.launch(
            program=str(tmp_path), input=str(tmp_path / "records.ndjson"), mode="source", breakpoints=["logging.log"]
        )
        assert where == "function breakpoint: Paused where logging.log is called"
        assert "A debugger of Python (debugpy) can be attached at 127.0.0.1:" in adapter.output("important")
        assert adapter.go("stepBack") == "function breakpoint: Paused where logging.log is called"
        assert adapter.leave() == 0
