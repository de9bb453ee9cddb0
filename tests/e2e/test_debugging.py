"""The debug adapter through a client that others wrote: VS Code's own test client, on plugins of real toolchains."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from support import handmade
from support.dap_schema import OWN_EVENTS, validator
from support.shared import REPOSITORY
from toolchains import builds
from toolchains.tools import ToolMissingError, cache, find
from toolchains.variants import VARIANTS

CLIENT = Path(__file__).parents[1] / "clients" / "vscode-dap"
TEE = Path(__file__).parents[1] / "support" / "dap_tee.py"
VARIANT = next(variant for variant in VARIANTS if variant.name == "debugged")
REQUIRED = "DATAFLARE_LSP_REQUIRE_TOOLCHAINS" in os.environ


def missing(reason: str) -> Any:
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def client() -> Path:
    """The folder of the client, installed; kept in the cache of CI by its lock file."""
    npm = shutil.which("npm")
    if npm is None:
        missing("npm is not here, which brings the client")
    home = cache() / "vscode-dap"
    lock = (CLIENT / "package-lock.json").read_bytes()
    if not (home / "package-lock.json").exists() or (home / "package-lock.json").read_bytes() != lock:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        shutil.copy(CLIENT / "package.json", home)
        (home / "new-lock.json").write_bytes(lock)
        shutil.copy(home / "new-lock.json", home / "package-lock.json")
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=home, capture_output=True, text=True)
        if done.returncode != 0:
            shutil.rmtree(home, ignore_errors=True)
            missing(f"the client cannot be installed: {done.stderr.strip()[-300:]}")
    shutil.copy(CLIENT / "session.mjs", home)
    return home


@pytest.fixture(params=["c", "python"])
def plugin(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a plugin that does what its records say."""
    language: str = request.param
    try:
        built = builds.kept(language, VARIANT, find(language))
    except ToolMissingError as reason:
        missing(str(reason))
    if built is None:
        missing(f"build it with `python -m tests.toolchains {language}`")
    folder = tmp_path / language
    shutil.copytree(built.folder, folder)
    with open(folder / "dataflare.toml", "a", encoding="utf-8") as manifest:
        manifest.write(
            '\n[config.default]\nprefix = "> "\n\n[capabilities]\nwasi = ["cli", "clocks", "io", "random"]\n'
        )
    return folder


def session(client: Path, plugin: Path, name: str, *payloads: str, **more: str) -> list[Any]:
    """What a session shows, step by step; every message of it was held against the protocol's schema."""
    records = plugin / "records.ndjson"
    lines = [json.dumps({"id": str(number), "payload": payload}) for number, payload in enumerate(payloads)]
    records.write_text("\n".join(lines), encoding="utf-8")
    wit = plugin / "wit" / "deps" / "core" / "host.wit"
    line = next(n for n, text in enumerate(wit.read_text().splitlines(), 1) if "log: func" in text)
    sent, received = plugin / "sent", plugin / "received"
    environment = {
        **os.environ, "PYTHON": sys.executable, "ADAPTER": str(TEE), "PLUGIN": str(plugin), "INPUT": str(records),
        "WIT": str(wit), "LINE": str(line), "DAP_SENT": str(sent), "DAP_RECEIVED": str(received), **more,
    }  # fmt: skip
    done = subprocess.run(
        ["node", "session.mjs", name], cwd=client, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for one in (sent, received):
        for message in messages(one.read_bytes()):
            hold(message)
    return [next(iter(json.loads(text).items())) for text in done.stdout.splitlines()]


def messages(stream: bytes) -> list[dict[str, Any]]:
    found = []
    while stream:
        head, _, stream = stream.partition(b"\r\n\r\n")
        size = int(head.rpartition(b":")[2])
        found.append(json.loads(stream[:size]))
        stream = stream[size:]
    return found


def hold(message: dict[str, Any]) -> None:
    """Hold a message against the schema of what it is."""
    match message:
        case {"type": "event", "event": event} if event not in OWN_EVENTS:
            name = f"{event[0].upper()}{event[1:]}Event"
        case {"type": "request", "command": command}:
            name = f"{command[0].upper()}{command[1:]}Request"
        case {"type": "response", "success": True, "command": command}:
            name = f"{command[0].upper()}{command[1:]}Response"
        case {"type": "response"}:
            name = "ErrorResponse"
        case _:
            return
    validator(name).validate(message)


def test_a_session_goes_through_time(client: Path, plugin: Path) -> None:
    shown = session(client, plugin, "travel", "p0", "p1", "p2", "p3")
    lines = dict(shown)["lines"]
    assert bool(lines) == (plugin.name == "c")  # componentize-py strips what says where the lines of its own code are
    assert [one for one in shown if one[0] != "lines"] == [
        ("breakpoint", [{"verified": True, "line": 10}]),
        ("first", "breakpoint"),
        ("top", "logging.log (host)"),
        ("guest", True),
        ("arguments", {"level": '"info"', "message": '"processing 0"'}),
        ("record", {"index": "0", "record": '{id: "0", timestamp: 0, payload: [112, 48], metadata: []}'}),
        ("conditional", "breakpoint"),
        ("arguments", {"level": '"info"', "message": '"processing 2"'}),
        ("function breakpoint", "function breakpoint"),
        ("answer", {"result": 'some("> ")'}),
        ("results", [f"2: {success('2', 'first p2')}"]),
        ("back", "step"),
        ("at the start", "step"),
        ("top", "data-processor.process, record 0"),
        (
            "results",
            [
                f"0: {success('0', 'second p0')}",
                f"1: {success('1', '> p1')}",
                f"2: {success('2', '> p2')}",
                f"3: {success('3', '> p3')}",
            ],
        ),
    ]


def success(identity: str, payload: str) -> str:
    return f'success({{id: "{identity}", timestamp: 0, payload: {list(payload.encode())}, metadata: []}})'


def test_a_trap_is_a_stop_with_the_last_words_of_the_plugin(client: Path, plugin: Path) -> None:
    assert session(client, plugin, "trap", "trap") == [
        ("stopped", ["exception", "wasm `unreachable` instruction executed"]),
        ("trap", "trap"),
        ("stderr", True),
        ("backtrace", True),
        ("back", "step"),
    ]


def test_limits_are_stops(client: Path, plugin: Path) -> None:
    assert session(client, plugin, "time", "loop") == [("stopped", "it took longer than the limit of 500 ms")]
    ((_, text),) = session(client, plugin, "memory", "memory")
    if plugin.name == "c":
        assert text.startswith("wasm `unreachable` instruction executed; likely the memory limit: it had ")
        assert text.endswith(" of 40 MiB")


def test_an_endless_loop_is_paused(client: Path, plugin: Path) -> None:
    assert session(client, plugin, "pause", "loop") == [("paused", "pause"), ("frames", True), ("back", "step")]


def test_a_restart_takes_the_component_that_is_there_now(client: Path, plugin: Path) -> None:
    component = (plugin / "plugin.wasm").read_bytes()
    if plugin.name != "c":
        pytest.skip("what a Python plugin says is not to be found in its bytes")
    assert b"processing %.*s" in component
    rebuilt = plugin / "rebuilt.wasm"
    rebuilt.write_bytes(component.replace(b"processing %.*s", b"rebuilding %.*s"))
    assert session(client, plugin, "restart", "a", REBUILT=str(rebuilt)) == [
        ("before", '"processing 0"'),
        ("after", '"rebuilding 0"'),
    ]


def test_a_component_in_the_plans_plain_spelling_needs_no_manifest(client: Path, tmp_path: Path) -> None:
    component = tmp_path / "plain.wasm"
    logs = """(call $log (i32.const 16) (i32.const 4) (local.get 3) (local.get 4))"""
    text = handmade.plugin("processor", handmade.process(logs), plain=True, data='(data (i32.const 16) "info")')
    component.write_bytes(wasmtime.wat2wasm(text))
    (tmp_path / "wit" / "deps").mkdir(parents=True)
    shutil.copytree(REPOSITORY / "wit", tmp_path / "wit" / "deps" / "core")
    assert session(client, tmp_path, "plain", "hello", PLUGIN=str(component)) == [
        ("arguments", {"level": '"info"', "message": '"hello"'}),
        ("top", "logging.log (host)"),
        ("result", ["0: skip"]),
    ]
