"""`run`: each kind of plugin, results, errors, failures, the ways to give records, and what is wrong with them."""

import json
import re

import pytest
from inline_snapshot import snapshot
from support.handmade import ECHO, METRICS, PASSED, SETTINGS, plugin, process

pytestmark = pytest.mark.usefixtures("compiled_once")

GIVEN = "(param i32 i32 i64 i32 i32 i32 i32)"
RECORDS = """\
{"payload": "hello"}
{"id": "b", "timestamp": 5, "payload": "", "metadata": {"k": "v"}}
{"payload": {"base64": "/wA="}}
"""


def ok(at: int = 64) -> str:
    return f"(i32.store8 (i32.const {at}) (i32.const 0))"


def log(level: str, message: str) -> tuple[str, str]:
    """A call of `log`, and the data that it needs, at 1024."""
    first, second = level.encode(), message.encode()
    escaped = "".join(f"\\{byte:02x}" for byte in first + second)
    places = (1024, len(first), 1024 + len(first), len(second))
    call = f"(call $log {' '.join(f'(i32.const {place})' for place in places)})"
    return call, f'(data (i32.const 1024) "{escaped}")'


ERROR = f"""
    (func (export "process") {GIVEN} (result i32)
      (i32.store8 (i32.const 64) (i32.const 1))
      (i32.store (i32.const 72) (i32.const 1024)) (i32.store (i32.const 76) (i32.const 8))
      (i32.const 64))
"""
TRAP = process("unreachable")
KEEP = f"""
    (func (export "keep") {GIVEN} (result i32)
      {ok()} (i32.store8 (i32.const 68) (i32.gt_u (local.get 4) (i32.const 2))) (i32.const 64))
"""
SPLIT = f"""
    (func (export "transform") {GIVEN} (result i32)
      {ok()} (i32.store (i32.const 68) (i32.const 128))
      (i32.store (i32.const 72) (select (i32.const 2) (i32.const 0) (local.get 4)))
      (call $record (i32.const 128) {PASSED}) (call $record (i32.const 160) {PASSED})
      (i32.const 64))
"""
WRITE = f"""
    (func (export "write") {GIVEN} (result i32)
      (i32.store8 (i32.const 64) (i32.eqz (local.get 4)))
      (i32.store (i32.const 68) (i32.const 1024)) (i32.store (i32.const 72) (i32.const 8))
      (i32.const 64))
    (func (export "flush") (result i32) {ok()} (i32.const 64))
"""
COUNT = f"""
    (global $n (mut i32) (i32.const 9))
    (func (export "reset") (global.set $n (i32.const 0)))
    (func (export "add") {GIVEN} (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1))) {ok()} (i32.const 64))
    (func (export "snapshot") (result i32)
      {ok()} (i32.store (i32.const 68) (i32.const 128)) (i32.store (i32.const 72) (i32.const 1))
      (i32.store8 (i32.const 1024) (i32.add (i32.const 48) (global.get $n)))
      (call $record (i32.const 128) (i32.const 1024) (i32.const 1) (i64.const 0)
        (i32.const 1024) (i32.const 1) (i32.const 0) (i32.const 0))
      (i32.const 64))
"""
THREE = """
    (global $n (mut i32) (i32.const 0))
    (func (export "read-next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (i32.store8 (i32.const 64) (i32.le_u (global.get $n) (i32.const 3)))
      (i32.store8 (i32.const 1024) (i32.add (i32.const 48) (global.get $n)))
      (call $record (i32.const 72) (i32.const 1024) (i32.const 1) (i64.const 0)
        (i32.const 1024) (i32.const 1) (i32.const 0) (i32.const 0))
      (i32.const 64))
"""
MESSAGE = '(data (i32.const 1024) "too long")'


@pytest.fixture
def run(cli):
    """`dataflare-lsp run` with a component of this text, and records."""

    def running(wat: str, *arguments: str, records: str | bytes = RECORDS):
        (cli.folder / "p.wat").write_text(wat)
        return cli("run", "p.wat", *arguments, stdin=records)

    return running


def untimed(text: str) -> str:
    return re.sub(r'"nanoseconds": \d+', '"nanoseconds": 0', text)


@pytest.mark.parametrize("plain", [False, True], ids=["as in the package", "as in the plan"])
def test_a_processor(run, plain: bool):
    assert run(plugin("processor", ECHO, plain=plain)) == snapshot(
        (
            0,
            """\
1  {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}
2 (b)  {"id": "b", "timestamp": 5, "payload": "", "metadata": {"k": "v"}}
3  {"id": "3", "timestamp": 0, "payload": {"base64": "/wA="}, "metadata": {}}
""",
            "3 records: 3 handed on\n",
        )
    )


def test_a_filter(run):
    assert run(plugin("filter", KEEP)) == snapshot(
        (
            0,
            """\
1  kept
2 (b)  dropped
3  dropped
""",
            "3 records: 1 kept, 2 dropped\n",
        )
    )


def test_a_transformer(run):
    assert run(plugin("transformer", SPLIT)) == snapshot(
        (
            0,
            """\
1  {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}
   {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}
2 (b)  dropped
3  {"id": "3", "timestamp": 0, "payload": {"base64": "/wA="}, "metadata": {}}
   {"id": "3", "timestamp": 0, "payload": {"base64": "/wA="}, "metadata": {}}
""",
            "3 records: 2 handed on, 1 dropped\n",
        )
    )


def test_a_destination(run):
    assert run(plugin("destination", WRITE, data=MESSAGE)) == snapshot(
        (
            0,
            """\
1  written
2 (b)  error: too long
3  written
flush  done
""",
            "3 records: 2 written, 1 error\n",
        )
    )


def test_an_aggregator(run):
    assert run(plugin("aggregator", COUNT)) == snapshot(
        (
            0,
            """\
reset  done
1  added
2 (b)  added
3  added
snapshot  {"id": "3", "timestamp": 0, "payload": "3", "metadata": {}}
""",
            "3 records: 3 added\n",
        )
    )


def test_a_source(run):
    assert run(plugin("source", THREE), records="") == snapshot(
        (
            0,
            """\
1  {"id": "1", "timestamp": 0, "payload": "1", "metadata": {}}
2  {"id": "2", "timestamp": 0, "payload": "2", "metadata": {}}
3  {"id": "3", "timestamp": 0, "payload": "3", "metadata": {}}
""",
            "3 records\n",
        )
    )


def test_a_source_is_read_so_often(run):
    assert run(plugin("source", THREE), "--count", "2").out == snapshot("""\
1  {"id": "1", "timestamp": 0, "payload": "1", "metadata": {}}
2  {"id": "2", "timestamp": 0, "payload": "2", "metadata": {}}
""")


def test_so_many_records_are_taken(run):
    assert run(plugin("filter", KEEP), "--count", "2").out == snapshot("""\
1  kept
2 (b)  dropped
""")


def test_errors_are_results(run):
    wat = plugin("processor", ERROR, data=MESSAGE)
    assert run(wat) == snapshot(
        (
            0,
            """\
1  error: too long
2 (b)  error: too long
3  error: too long
""",
            "3 records: 3 errors\n",
        )
    )
    assert run(wat, "--deny", "errors").code == 1


def test_a_trap_ends_the_run(run):
    assert run(plugin("processor", TRAP)) == snapshot(
        (
            1,
            """\
1  failed (trap): wasm `unreachable` instruction executed
     in main!<wasm function 4>
""",
            "1 record: 1 failed\n",
        )
    )


def test_or_does_not(run):
    assert run(plugin("processor", TRAP), "--keep-going") == snapshot(
        (
            1,
            """\
1  failed (trap): wasm `unreachable` instruction executed
     in main!<wasm function 4>
2 (b)  failed (trap): wasm `unreachable` instruction executed
         in main!<wasm function 4>
3  failed (trap): wasm `unreachable` instruction executed
     in main!<wasm function 4>
""",
            "3 records: 3 failed\n",
        )
    )


def test_for_programs(run):
    assert untimed(run(plugin("processor", ECHO), "--format", "ndjson").out) == snapshot("""\
{"entry": 1, "function": "dataflare:core/data-processor@1.0.0#process", "line": 1, "id": "1", "nanoseconds": 0, "outcome": "returned", "value": {"success": {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}}}
{"entry": 2, "function": "dataflare:core/data-processor@1.0.0#process", "line": 2, "id": "b", "nanoseconds": 0, "outcome": "returned", "value": {"success": {"id": "b", "timestamp": 5, "payload": "", "metadata": {"k": "v"}}}}
{"entry": 3, "function": "dataflare:core/data-processor@1.0.0#process", "line": 3, "id": "3", "nanoseconds": 0, "outcome": "returned", "value": {"success": {"id": "3", "timestamp": 0, "payload": {"base64": "/wA="}, "metadata": {}}}}
""")
    assert untimed(run(plugin("processor", ERROR, data=MESSAGE), "--format", "ndjson", "--count", "1").out) == snapshot(
        '{"entry": 1, "function": "dataflare:core/data-processor@1.0.0#process", "line": 1, "id": "1", "nanoseconds": 0, "outcome": "error", "value": {"error": "too long"}}\n'
    )
    assert untimed(run(plugin("processor", TRAP), "--format", "ndjson").out) == snapshot(
        '{"entry": 1, "function": "dataflare:core/data-processor@1.0.0#process", "line": 1, "id": "1", "nanoseconds": 0, "outcome": "failed", "cause": "trap", "reason": "wasm `unreachable` instruction executed", "backtrace": ["main!<wasm function 4>"]}\n'
    )


def test_figures_for_programs(run):
    last = json.loads(run(plugin("processor", ECHO), "--format", "ndjson", "--metrics").out.splitlines()[-1])
    assert (last["metrics"]["calls"], last["metrics"]["failed"]) == (3, 0)


def test_as_wave(run):
    assert run(plugin("processor", ECHO), "--format", "wave") == snapshot(
        (
            0,
            """\
success({id: "1", timestamp: 0, payload: [104, 101, 108, 108, 111], metadata: []})
success({id: "b", timestamp: 5, payload: [], metadata: [("k", "v")]})
success({id: "3", timestamp: 0, payload: [255, 0], metadata: []})
""",
            "",
        )
    )


def test_what_it_logs(run):
    call, data = log("warn", "h\x1b[31mot\n!")
    assert run(plugin("processor", process(call), data=data), "--count", "1") == snapshot(
        (
            0,
            "1  skipped\n",
            """\
[warn] h␛[31mot !
1 record: 1 skipped
""",
        )
    )


def test_a_setting(run):
    """It gives the setting `key` as an error."""
    core = f"""
        (func (export "process") {GIVEN} (result i32)
          (call $get (i32.const 1024) (i32.const 3) (i32.const 128))
          (i32.store8 (i32.const 64) (i32.add (i32.const 2) (i32.sub (i32.const 0) (i32.load8_u (i32.const 128)))))
          (i32.store (i32.const 72) (i32.load (i32.const 132))) (i32.store (i32.const 76) (i32.load (i32.const 136)))
          (i32.const 64))
    """
    wat = plugin("processor", core, plain=True, data='(data (i32.const 1024) "key")', extra=SETTINGS)
    assert run(wat, "--format", "wave", "--count", "1").out == "skip\n"
    given = ("--config", "other=1", "--config", "key=a=b")
    assert run(wat, "--format", "wave", "--count", "1", *given).out == 'error("a=b")\n'


def test_states_and_figures_for_people(run):
    counting = process("(call $count (i32.const 1024) (i32.const 4) (i64.const 2))")
    data = '(data (i32.const 1024) "seen")'
    _, out, err = run(plugin("processor", counting, plain=True, data=data, extra=METRICS), "--metrics")
    assert out == "1  skipped\n2 (b)  skipped\n3  skipped\n"
    assert re.sub(r"[\d,.e+]+ (?:µs|ms|s|ns|MiB|calls a second)(?=[,\n])", "…", err) == snapshot("""\
[state] loading
[state] initializing
[state] ready
  load          …
  start         …
  calls         3, 0 failed (0.0%)
  a call        mean …, p50 …, p99 …
  throughput    …
  memory        …
  counter seen  6
3 records: 3 skipped
[state] stopping
[state] stopped
""")
