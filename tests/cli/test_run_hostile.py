"""`run` with plugins that mean harm: each run ends within its limits, says which it was, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from support.handmade import METRICS, SETTINGS, WASI, plugin, process

pytestmark = pytest.mark.usefixtures("compiled_once")

GROW = "(memory.grow (i32.const 1))"
LOOP = plugin("processor", process("(loop $l (br $l))"))
RECORDS = '{"payload": "a"}\n{"payload": "b"}\n'


@pytest.fixture
def run(cli, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    """`dataflare-lsp run` with a component of this text: how it ended, and the line for the first record."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def running(wat: str, *arguments: str) -> tuple[int, str]:
        (cli.folder / "p.wat").write_text(wat)
        code, out, err = cli("run", "p.wat", *arguments, stdin=RECORDS)
        assert list(temporary.iterdir()) == []
        assert children() == []
        return code, (out or err).splitlines()[0]

    return running


def children(process: str = "self") -> list[str]:
    """The processes that a process has started and that are still there."""
    return [number for file in Path(f"/proc/{process}/task").glob("*/children") for number in file.read_text().split()]


def test_an_endless_loop(run):
    assert run(LOOP, "--timeout", "100ms") == snapshot((1, "1  failed (time): it took longer than the limit of 100 ms"))


def test_an_endless_loop_whose_instructions_are_counted(run):
    assert run(LOOP, "--fuel", "1000000") == snapshot(
        (1, "1  failed (fuel): it used more than the limit of 1,000,000 units of fuel")
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only here is it known how much memory a plugin has")
def test_a_memory_bomb(run):
    bomb = process(f"(loop $l (br_if $l (i32.ne {GROW} (i32.const -1)))) unreachable")
    assert run(plugin("processor", bomb), "--memory", "16MiB") == snapshot(
        (
            1,
            "1  failed (memory): wasm `unreachable` instruction executed; likely the memory limit: it had 16 MiB of 16 MiB",
        )
    )


def test_too_much_memory_from_the_start(run):
    assert run(plugin("processor", process(""), pages=1000), "--memory", "16MiB") == snapshot(
        (1, "error: the plugin has ended (memory): it starts with more memory than the limit of 16 MiB")
    )


def test_a_recursion(run):
    assert run(plugin("processor", "(func $deeper (call $deeper))" + process("(call $deeper)"))) == snapshot(
        (1, "1  failed (stack): its call stack is exhausted: it calls itself without an end, or far too deep")
    )


def test_ten_million_lines_of_log(run):
    line = "(call $log (i32.const 0) (i32.const 4) (i32.const 1024) (i32.const 400))"
    count = "(global.set $n (i32.sub (global.get $n) (i32.const 1))) (br_if $l (global.get $n))"
    storm = "(global $n (mut i32) (i32.const 10000000))" + process(f"(loop $l {line} {count})")
    data = f'(data (i32.const 1024) "{"x" * 400}")'
    assert run(plugin("processor", storm, data=data)) == snapshot(
        (1, "1  failed (output): it writes and logs more than the limit of 16,777,216 bytes in one call")
    )


def test_a_string_of_a_gigabyte(run):
    """It does not lie in memory, which may not be so large. One that does is more output than is taken."""
    string = process("(call $log (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 1000000000))")
    assert run(plugin("processor", string)) == snapshot(
        (1, "1  failed (trap): string pointer/length out of bounds of memory")
    )
    string = string.replace("1000000000", "30000000")
    assert run(plugin("processor", string, pages=500)) == snapshot(
        (1, "1  failed (output): it writes and logs more than the limit of 16,777,216 bytes in one call")
    )


def test_a_huge_list(run):
    huge = process("(call $write (call $get) (i32.const 0) (i32.const 5000000) (i32.const 64))")
    assert run(plugin("processor", huge, pages=100, extra=WASI)) == snapshot(
        (
            1,
            "1  failed (output): it passes more to its host at once than the engine takes, which is 4 MiB of bytes in lists",
        )
    )


def test_a_storm_of_calls(run):
    storm = process("(loop $l (call $get (i32.const 0) (i32.const 1) (i32.const 64)) (br $l))")
    assert run(plugin("processor", storm, plain=True, extra=SETTINGS), "--timeout", "100ms") == snapshot(
        (1, "1  failed (time): it took longer than the limit of 100 ms")
    )


def test_a_storm_of_figures(run):
    storm = process("(loop $l (call $count (i32.const 0) (i32.const 400) (i64.const 1)) (br $l))")
    assert run(plugin("processor", storm, plain=True, extra=METRICS)) == snapshot(
        (1, "1  failed (output): it writes and logs more than the limit of 16,777,216 bytes in one call")
    )


def test_resources_without_end(run):
    assert run(plugin("processor", process("(loop $l (drop (call $get)) (br $l))"), extra=WASI)) == snapshot(
        (1, "1  failed (handles): it holds 10,000 handles of WASI's resources and asks for another")
    )


# Processes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def started(tmp_path: Path):
    """`dataflare-lsp run` as a process, with a component of this text and an input that stays open."""
    processes = []
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def starting(wat: str, *arguments: str) -> subprocess.Popen[str]:
        (tmp_path / "p.wat").write_text(wat)
        command = [sys.executable, "-m", "dataflare_lsp", "run", str(tmp_path / "p.wat"), *arguments]
        one = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        processes.append(one)
        return one

    yield starting
    for one in processes:
        one.kill()
        one.communicate()
    assert list(temporary.iterdir()) == []


def give(run: subprocess.Popen[str], record: str) -> None:
    assert run.stdin is not None
    run.stdin.write(record + "\n")
    run.stdin.flush()


def worker_of(run: subprocess.Popen[str]) -> int:
    """The process of the plugin."""
    (worker,) = children(str(run.pid))
    return int(worker)


needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
WHILE_EMPTY = process("(if (i32.eqz (local.get 4)) (then (loop $l (br $l))))")
"""Skips records, and computes without an end where the payload is empty."""


@needs_proc
@pytest.mark.parametrize("payload", ["x", ""], ids=["while it waits", "while it computes"])
def test_an_interrupt_ends_it_all(started, payload: str):
    run = started(plugin("processor", WHILE_EMPTY), "--format", "wave")
    give(run, '{"payload": "x"}')
    assert run.stdout.readline() == "skip\n"
    worker = worker_of(run)
    give(run, json.dumps({"payload": payload}))
    run.send_signal(signal.SIGINT)
    run.communicate()
    assert run.returncode == 130
    assert not Path(f"/proc/{worker}").exists()


@needs_proc
def test_nobody_reads_any_more(started):
    run = started(plugin("processor", process("")), "--format", "wave")
    give(run, '{"payload": "x"}')
    assert run.stdout.readline() == "skip\n"
    worker = worker_of(run)
    run.stdout.close()
    give(run, '{"payload": "x"}')
    assert run.wait() == 141
    assert not Path(f"/proc/{worker}").exists()


@needs_proc
@pytest.mark.parametrize("record", ["", '{"payload": "x"}\n'], ids=["before the end", "before a record"])
def test_the_process_of_the_plugin_is_killed(started, record: str):
    run = started(plugin("processor", WHILE_EMPTY), "--format", "wave")
    give(run, '{"payload": "x"}')
    assert run.stdout.readline() == "skip\n"
    os.kill(worker_of(run), signal.SIGKILL)
    assert run.communicate(record) == snapshot(
        (
            "",
            "error: the plugin has ended (host): its process was ended by SIGKILL: somebody, or the system for want of memory, has killed it\n",
        )
    )
    assert run.returncode == 1


@needs_proc
def test_the_command_itself_is_killed(started):
    """Nobody is there to end the plugin: it ends by itself."""
    run = started(plugin("processor", WHILE_EMPTY), "--format", "wave")
    give(run, '{"payload": "x"}')
    assert run.stdout.readline() == "skip\n"
    worker = Path(f"/proc/{worker_of(run)}")
    give(run, '{"payload": ""}')
    run.kill()
    run.communicate()
    while worker.exists() and " Z " not in (worker / "stat").read_text():
        time.sleep(0.01)
