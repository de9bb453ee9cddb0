"""`replay`: the same again, something else, traces that end early, and components that are not the recorded one."""

import json
import os
import re
import struct
import zlib
from collections.abc import Callable
from itertools import count
from pathlib import Path

import msgpack
import pytest
from inline_snapshot import snapshot
from support.handmade import ECHO, plugin, process
from wasmtime import wat2wasm

pytestmark = pytest.mark.usefixtures("compiled_once")

RECORDS = '{"payload": "hello"}\n{"id": "b", "payload": ""}\n'
LOG = "(call $log (i32.const 1024) (i32.const 4) (i32.const 1028) (i32.const 2))"
CHATTY = plugin("processor", process(LOG), data='(data (i32.const 1024) "infohi")')
LOOP = plugin("processor", process("(loop $l (br $l))"))


@pytest.fixture
def recorded(cli):
    """A trace `t.trace` of a component `p.wat` with this text."""

    def recording(wat: str, *arguments: str):
        (cli.folder / "p.wat").write_text(wat)
        return cli("run", "p.wat", "--record", "t.trace", *arguments, stdin=RECORDS)

    return recording


def untimed(text: str) -> str:
    text = re.sub(r'"(nanoseconds|at|took)": \d+', r'"\1": 0', text)
    return re.sub(r"(?m)^( +\d+  ) *[\d.e+]+ [mµn]?s(  )|  \([\d.e+]+ [mµn]?s\)$", r"\1-\2", text)


def test_the_same_again(cli, recorded):
    done = recorded(CHATTY)
    assert cli("replay", "t.trace") == (
        0,
        done.out,
        done.err + "note: the replay did what the trace says: 2 calls of the plugin, 2 calls of its host\n",
    )


# The last run of a plugin -------------------------------------------------------------------------------------------

MANIFEST = """\
manifest-version = 1
[plugin]
name = "acme:p"
version = "1.0.0"
kind = "processor"
[component]
path = "p.wasm"
[capabilities]
host = ["logging"]
"""


@pytest.fixture
def remembered(cli):
    """A plugin that was run, and that is remembered."""
    (cli.folder / "p.wasm").write_bytes(wat2wasm(CHATTY))
    (cli.folder / "dataflare.toml").write_text(MANIFEST)
    return lambda *more: cli("run", ".", "--remember", *more, stdin=RECORDS)


@pytest.mark.parametrize("named", [".", "dataflare.toml"])
def test_the_last_run_of_a_plugin(cli, remembered, named: str):
    done = remembered()
    assert done.code == 0
    assert cli("replay", named).out == done.out
    assert sorted(path.name for path in (cli.folder / ".dataflare").iterdir()) == [".gitignore", "last.trace"]
    assert cli.text(".dataflare/.gitignore") == "*\n"
    again = remembered("--count", "1")
    assert cli("replay", named).out == again.out != done.out


def test_a_run_that_fails_is_remembered_too(cli, remembered):
    (cli.folder / "p.wasm").write_bytes(wat2wasm(plugin("processor", process("unreachable"))))
    done = remembered()
    assert (done.code, cli("replay", ".").out) == (1, done.out)


def test_a_plugin_that_was_not_run(cli, remembered):
    assert cli("replay", ".") == (
        2,
        "",
        "error: `.` has no last recording: `dataflare-lsp run --remember .` makes one\n",
    )


def test_only_a_plugin_with_a_manifest_is_remembered(cli, remembered):
    done = cli("run", "p.wasm", "--remember", stdin=RECORDS)
    assert (done.code, done.err) == (
        2,
        "error: only a plugin with a manifest has a last recording; name a file to record to\n",
    )


def test_a_run_is_recorded_once(cli, remembered):
    done = remembered("--record", "x.trace")
    assert (done.code, done.err) == (
        2,
        "error: `--record` and `--remember` exclude each other: a run is recorded once\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="links are for administrators there")
def test_nothing_is_written_where_a_link_leads_out_of_the_plugin(cli, remembered, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (cli.folder / ".dataflare").symlink_to(elsewhere)
    done = remembered()
    assert (done.code, done.err) == (
        2,
        "error: `.dataflare` in the plugin's folder is a link that leads out of it; remove it\n",
    )
    assert list(elsewhere.iterdir()) == []


# --------------------------------------------------------------------------------------------------------------------


def test_for_programs(cli, recorded):
    done = recorded(CHATTY, "--format", "ndjson")
    again = cli("replay", "t.trace", "--format", "ndjson")
    assert [json.loads(line)["value"] for line in again.out.splitlines()] == [
        json.loads(line)["value"] for line in done.out.splitlines()
    ]


def test_a_trace_is_printed(cli, recorded):
    recorded(CHATTY)
    (cli.folder / "p.wat").unlink()
    assert untimed(cli("replay", "t.trace", "--print").out) == snapshot("""\
     1  -  a new instance starts
     2  -  → dataflare:core/data-processor@1.0.0#process({id: "1", timestamp: 0, payload: [104, 101, 108, 108, 111], metadata: []})
     3  -      dataflare:core/logging@1.0.0#log("info", "hi")-
     4  -  ← skip
     5  -  → dataflare:core/data-processor@1.0.0#process({id: "b", timestamp: 0, payload: [], metadata: []})
     6  -      dataflare:core/logging@1.0.0#log("info", "hi")-
     7  -  ← skip
""")
    assert untimed(cli("replay", "t.trace", "--print", "--format", "ndjson").out) == snapshot("""\
{"event": 1, "at": 0, "kind": "start"}
{"event": 2, "at": 0, "kind": "entry", "function": "dataflare:core/data-processor@1.0.0#process", "arguments": {"input": {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}}}
{"event": 3, "at": 0, "kind": "call", "took": 0, "function": "dataflare:core/logging@1.0.0#log", "arguments": {"level": "info", "message": "hi"}}
{"event": 4, "at": 0, "kind": "return", "value": "skip"}
{"event": 5, "at": 0, "kind": "entry", "function": "dataflare:core/data-processor@1.0.0#process", "arguments": {"input": {"id": "b", "timestamp": 0, "payload": "", "metadata": {}}}}
{"event": 6, "at": 0, "kind": "call", "took": 0, "function": "dataflare:core/logging@1.0.0#log", "arguments": {"level": "info", "message": "hi"}}
{"event": 7, "at": 0, "kind": "return", "value": "skip"}
""")


@pytest.mark.parametrize("limit", ["--timeout=50ms", "--fuel=100000"])
def test_limits_are_outcomes(cli, recorded, limit: str):
    done = recorded(LOOP, limit)
    assert done.code == 1
    again = cli("replay", "t.trace")
    assert again.code == 0
    assert again.out == done.out


def test_another_component_is_not_run(cli, recorded):
    recorded(CHATTY)
    (cli.folder / "other.wat").write_text(plugin("processor", ECHO))
    refused = cli("replay", "t.trace", "other.wat")
    assert re.sub("[0-9a-f]{64}", "…", refused.err) == snapshot(
        "error: `other.wat` is not the component that was recorded: the SHA-256 of what it holds is …, and that in the trace is …\n"
    )
    assert (refused.code, refused.out) == (2, "")


def test_a_component_that_is_gone(cli, recorded):
    recorded(CHATTY)
    (cli.folder / "p.wat").rename(cli.folder / "q.wat")
    assert cli("replay", "t.trace").err == snapshot(
        "error: the component that was recorded is not at `p.wat` any more: name it after the trace\n"
    )
    assert cli("replay", "t.trace", "q.wat").code == 0


def test_a_trace_that_is_cut_off(cli, recorded):
    recorded(CHATTY)
    trace = cli.folder / "t.trace"
    trace.write_bytes(trace.read_bytes()[:-3])
    done = cli("replay", "t.trace")
    assert (done.code, done.out) == (0, "1  skipped\n")
    assert re.sub(r"byte [\d,]+", "byte …", done.err) == snapshot("""\
[info] hi
[info] hi
1 record: 1 skipped
note: the trace ends early: it is cut off at byte …
note: the replay did what the trace says: 2 calls of the plugin, 2 calls of its host
""")


def test_what_is_no_trace(cli):
    (cli.folder / "t.trace").write_bytes(b"\x7fELF")
    assert cli("replay", "t.trace") == snapshot(
        (2, "", "error: cannot replay `t.trace`: it is not a trace of this tool\n")
    )
    assert cli("replay", "nowhere") == snapshot((2, "", "error: cannot read `nowhere`: no such file or directory\n"))
    assert cli("replay").err == snapshot("error: `replay` needs a TRACE, as `dataflare-lsp run --record` writes it\n")


def test_the_first_difference(cli, recorded):
    """A trace whose event was written anew: the plugin said `hi`, and the trace says that it said `ho`."""
    from dataflare_lsp.runtime.recording.trace import CallEvent, EntryEvent, ReturnEvent, Start, Trace, Writer

    recorded(CHATTY)
    trace = Trace(str(cli.folder / "t.trace"))
    writer = Writer(str(cli.folder / "other.trace"), trace.header)
    for event in trace.events():
        match event:
            case Start(at):
                writer.start(at)
            case EntryEvent():
                writer.entry(*event)
            case CallEvent(function, at, took, (level, _), answer):
                writer.call(function, at, took, (level, "ho"), answer)
            case ReturnEvent():
                writer.returned(*event)
    writer.close()
    assert cli("replay", "other.trace") == snapshot(
        (
            1,
            "",
            """\
0 records
error: the replay differs from the trace at event 3: recorded was `dataflare:core/logging@1.0.0#log("info", "ho")`; now `dataflare:core/logging@1.0.0#log("info", "hi")`
note: `dataflare-lsp replay other.trace --print` shows the trace
""",
        )
    )


def test_an_instance_that_does_not_start(cli, recorded):
    done = recorded(plugin("processor", "(func $s (loop $l (br $l))) (start $s)" + process("")), "--timeout", "50ms")
    assert done == snapshot(
        (
            1,
            "",
            """\
error: the plugin has ended (time): it took longer than the limit of 50 ms
  in main!short
""",
        )
    )
    again = cli("replay", "t.trace")
    assert (again.code, again.out) == (0, "")
    assert (
        again.err == done.err + "note: the replay did what the trace says: 0 calls of the plugin, 0 calls of its host\n"
    )


def rewritten(source: Path, target: Path, change: Callable[[int, list[object]], None]) -> None:
    """A trace whose rows were changed, with checksums that are right again: what somebody might send."""
    data = source.read_bytes()
    made, at = bytearray(data[:9]), 9
    for number in count():
        if at >= len(data):
            break
        length, _ = struct.unpack_from("<II", data, at)
        row = msgpack.unpackb(data[at + 8 : at + 8 + length], strict_map_key=False)
        change(number, row)
        body = msgpack.packb(row)
        made += struct.pack("<II", len(body), zlib.crc32(body)) + body
        at += 8 + length
    target.write_bytes(made)


@pytest.mark.parametrize("value", [None, True, -1, 1 << 63, "x", b"y", [], [["success", None]], ["skip"], [7, 7]])
@pytest.mark.parametrize("kind", ["entry", "call", "return"])
def test_values_that_are_not_of_their_types(cli, recorded, kind: str, value: object):
    def change(number: int, row: list[object]) -> None:
        if row[0] == kind:
            row[{"entry": 3, "call": 4, "return": 2}[kind]] = value if kind == "return" else [value]

    recorded(CHATTY)
    rewritten(cli.folder / "t.trace", cli.folder / "bad.trace", change)
    for form in ("text", "ndjson"):
        assert cli("replay", "bad.trace", "--print", "--format", form).code == 0
    done = cli("replay", "bad.trace")
    assert done.code == 1
    assert "error: the replay differs from the trace at event " in done.err
    assert "internal error" not in done.err
