"""Plugins that mean no good, under the debugger: paused, gone back in, killed, and ended.

Each is of the list that `run` is tested with, in `tests/cli/test_run_hostile.py`.
"""

import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import handmade
from support.debugged import Session, compiled, kill, session, wait_for

from dataflare_lsp.debug.process.outside import AtStart, Ended, Stopped
from dataflare_lsp.debug.process.timeline import CAN_FORK, MOST_MEMORY
from dataflare_lsp.debug.process.traveller import MOST_HISTORY
from dataflare_lsp.runtime.border import Cause
from dataflare_lsp.runtime.limits import CallLimits

CORE = "dataflare:core/data-processor@1.0.0#process"
PLAIN = "data-processor#process"
needs_places = pytest.mark.skipif(not CAN_FORK, reason="earlier places are not kept here")


class Hostile(NamedTuple):
    """What a plugin does when it is given a record, and what its call ends of."""

    core: str
    cause: Cause
    extra: handmade.Extra = handmade.NOTHING
    pages: int = 1

    @property
    def function(self) -> str:
        """The function that is called. Settings and metrics are there in the plan's spelling only."""
        return PLAIN if self.is_plain else CORE

    @property
    def is_plain(self) -> bool:
        return self.extra in (handmade.SETTINGS, handmade.METRICS)


LOG = "(call $log (i32.const 0) (i32.const 4) (i32.const 1024) (i32.const 8000))"
HOSTILE = {
    "an endless loop": Hostile(handmade.process("(loop $l (br $l))"), "time"),
    "memory without end": Hostile(
        handmade.process("(loop $l (drop (call $alloc (i32.const 1048576))) (br $l))"), "memory"
    ),
    "itself without end": Hostile(
        "(func $again (call $again) (call $again))" + handmade.process("(call $again)"), "stack"
    ),
    "log lines without end": Hostile(handmade.process(f"(loop $l {LOG} (br $l))"), "output"),
    "a string of a gigabyte": Hostile(
        handmade.process("(call $log (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 1000000000))"), "trap"
    ),
    "a huge list": Hostile(
        handmade.process("(call $write (call $get) (i32.const 0) (i32.const 5000000) (i32.const 64))"),
        "output",
        handmade.WASI,
        100,
    ),
    "a storm of calls": Hostile(
        handmade.process("(loop $l (call $get (i32.const 0) (i32.const 1) (i32.const 64)) (br $l))"),
        "time",
        handmade.SETTINGS,
    ),
    "a storm of figures": Hostile(
        handmade.process("(loop $l (call $count (i32.const 0) (i32.const 8000) (i64.const 1)) (br $l))"),
        "output",
        handmade.METRICS,
    ),
    "resources without end": Hostile(
        handmade.process("(loop $l (drop (call $get)) (br $l))"), "handles", handmade.WASI
    ),
}
ENDLESS = ("an endless loop", "log lines without end", "a storm of calls")
WAYS = [pytest.param(True, id="fork", marks=needs_places), pytest.param(False, id="anew")]


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        name: compiled(
            tmp_path_factory.mktemp("hostile"),
            handmade.plugin("processor", one.core, plain=one.is_plain, pages=one.pages, extra=one.extra),
        )
        for name, one in HOSTILE.items()
    }


def given(function: str, count: int = 1) -> list[tuple[str, tuple[object, ...]]]:
    return [(function, (("", 0, b"", ()),))] * count


@pytest.mark.parametrize("can_fork", WAYS)
@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_within_its_limits_and_can_be_gone_back_in(
    artefacts: dict[str, str], name: str, can_fork: bool
) -> None:
    hostile = HOSTILE[name]
    limits = CallLimits(seconds=0.15 if hostile.cause == "time" else 30.0, memory=16 << 20)
    with session(artefacts[name], given(hostile.function), can_fork=can_fork, limits=limits) as plugin:
        plugin.debugged.watch(frozenset({("trap", hostile.function)}))
        trap = plugin.do("continue")
        failure = plugin.moment.failure
        assert failure is not None
        assert (trap.partition(": ")[2], failure.cause) == ("trap process of entry 0", hostile.cause)
        assert plugin.do("step-back").startswith(f"{plugin_number(trap) - 1}: ")
        assert plugin.do("step-in") == trap
        assert plugin.moment.failure is not None
        assert plugin.moment.failure.cause == hostile.cause
        assert plugin.do("reverse-continue") == "0: entry process of entry 0"
        assert plugin.do("continue") == trap


def plugin_number(where: str) -> int:
    return int(where.partition(":")[0])


@pytest.mark.parametrize("can_fork", WAYS)
@pytest.mark.parametrize("name", ENDLESS)
def test_it_is_paused_looked_at_and_gone_back_from(artefacts: dict[str, str], name: str, can_fork: bool) -> None:
    with session(
        artefacts[name], given(HOSTILE[name].function), can_fork=can_fork, limits=CallLimits(seconds=None)
    ) as plugin:
        plugin.do("step-in")
        for _ in range(3):
            plugin.debugged.resume("continue")
            plugin.debugged.pause()
            where = plugin.where()
            # What it writes may have come to its limit before it was paused.
            assert where == "between (pause)" or where.endswith("idle")
            assert plugin.debugged.stack() != () or where.endswith("idle")
            plugin.do("step-back")
            assert isinstance(plugin.stop, Stopped)
        assert plugin.do("reverse-continue") == "0: entry process of entry 0" or isinstance(plugin.stop, AtStart)


@pytest.mark.parametrize("can_fork", WAYS)
def test_it_is_paused_while_it_goes_back(artefacts: dict[str, str], can_fork: bool) -> None:
    limits = CallLimits(seconds=0.1)
    with session(artefacts["a storm of calls"], given(PLAIN), can_fork=can_fork, limits=limits) as plugin:
        plugin.debugged.watch(frozenset({("trap", PLAIN)}))
        trap = plugin.do("continue")
        plugin.debugged.resume("reverse-continue")
        plugin.debugged.pause()
        where = plugin.where()
        assert where in ("between (pause)", "0: entry process of entry 0")
        assert plugin.do("continue") == trap


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals here")
@pytest.mark.parametrize("can_fork", WAYS)
@pytest.mark.parametrize("order", [None, "continue", "reverse-continue"], ids=["paused", "running", "going back"])
def test_all_its_processes_are_killed(artefacts: dict[str, str], order: str | None, can_fork: bool) -> None:
    plugin = stormed(artefacts, can_fork)
    if order is not None:
        plugin.debugged.resume(order)
    plugin.kill()
    while plugin.where() == "0: entry process of entry 0":
        plugin.kill()  # it had gone back before
    cause, reason = said_at_end(plugin)
    killed = ["its process was ended by SIGKILL: somebody, or the system for want of memory, has killed it"]
    if order == "reverse-continue":
        # It may have been another process that went on.
        killed.append(WITHOUT_A_WORD)
    assert (cause, reason in killed) == ("host", True)
    assert plugin.debugged.stack() == ()


@needs_places
def test_the_process_that_goes_on_from_an_earlier_place_is_killed(artefacts: dict[str, str]) -> None:
    plugin = stormed(artefacts, True)
    plugin.do("step-back")
    for process in plugin.processes():
        if process != plugin.loaded.process:
            kill(process)
    assert plugin.where() == "ended: host"
    assert said_at_end(plugin) == ("host", WITHOUT_A_WORD)


WITHOUT_A_WORD = "its process has ended without a word: somebody, or the system for want of memory, may have killed it"


def stormed(artefacts: dict[str, str], can_fork: bool) -> Session:
    """A plugin that has called its host for a while, and would call it for ever."""
    plugin = Session(artefacts["a storm of calls"], iter(given(PLAIN)), can_fork, CallLimits(seconds=None))
    for _ in range(5):
        plugin.do("step-in")
    return plugin


def said_at_end(plugin: Session) -> tuple[str, str]:
    """Why a session has ended by itself."""
    assert isinstance(plugin.stop, Ended)
    assert plugin.stop.failure is not None
    wait_for(lambda: not plugin.processes())
    return plugin.stop.failure.cause, plugin.stop.failure.reason


@needs_places
@pytest.mark.parametrize("back", ["step-back", "reverse-continue"])
def test_earlier_places_are_killed_and_gone_back_to_all_the_same(artefacts: dict[str, str], back: str) -> None:
    with session(artefacts["a storm of calls"], given(PLAIN), limits=CallLimits(seconds=None)) as plugin:
        walk = [plugin.do("step-in") for _ in range(6)]
        for process in plugin.processes():
            if process != plugin.loaded.process:
                kill(process)
        assert plugin.do(back) == (walk[-2] if back == "step-back" else walk[0])
        assert plugin.do("step-in") == (walk[-1] if back == "step-back" else walk[1])
        assert plugin.do("reverse-continue") == walk[0]


@needs_places
def test_a_place_that_the_system_has_no_room_for_is_not_kept(artefacts: dict[str, str]) -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("limits of another process cannot be set here")
    with session(artefacts["a storm of calls"], given(PLAIN)) as plugin:
        walk = [plugin.do("step-in") for _ in range(2)]
        assert plugin.debugged.stack() != ()
        resource.prlimit(plugin.loaded.process, resource.RLIMIT_NOFILE, (1, 1))
        walk += [plugin.do("step-in") for _ in range(3)]
        assert plugin.debugged.stack() == ()
        assert plugin.do("step-back") == walk[-2]
        assert plugin.debugged.stack() != ()
        assert plugin.do("step-in") == walk[-1]


# What is kept is bounded ----------------------------------------------------------------------------------------------

SIZE = 96 << 20
REWRITTEN = handmade.process(f"""
    (loop $l
      (call $log (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
      (memory.fill (i32.const 8192) (global.get $sign) (i32.const {SIZE - 8192}))
      (global.set $sign (i32.add (global.get $sign) (i32.const 1)))
      (br $l))""")


@needs_places
def test_places_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    core = f"(global $sign (mut i32) (i32.const 1)) {REWRITTEN}"
    artefact = compiled(tmp_path, handmade.plugin("processor", core, pages=SIZE >> 16))
    with session(artefact, given(CORE), limits=CallLimits(seconds=None)) as plugin:
        walk = [plugin.do("step-in") for _ in range(2 * 20)]
        assert 20 * SIZE > MOST_MEMORY + 4 * SIZE, "without a bound it is more"
        # Those that were given up are about to end.
        wait_for(lambda: sum(map(memory, plugin.processes())) < MOST_MEMORY + 4 * SIZE)
        assert [plugin.do("step-back") for _ in range(len(walk) - 1)] == walk[-2::-1]


def memory(process: int) -> int:
    """Bytes of memory of a process; what it has together with others is a share."""
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("Pss:")), 0)
    except OSError:
        return 0  # it has ended


ANSWER = 8 << 20
ASKS = handmade.process("(call $get (i32.const 0) (i32.const 1) (i32.const 64))")


@pytest.mark.parametrize("can_fork", WAYS)
def test_what_hosts_answered_too_long_ago_is_forgotten(tmp_path: Path, can_fork: bool) -> None:
    """What cannot be gone back to is told, and the run goes on."""
    artefact = compiled(tmp_path, handmade.plugin("processor", ASKS, plain=True, extra=handmade.SETTINGS))
    count = MOST_HISTORY // ANSWER + 8
    settings = {"\0": "x" * ANSWER}
    with session(artefact, given(PLAIN, count), can_fork=can_fork, configuration=settings) as plugin:
        places = [plugin.goto(entry) for entry in range(count)]
        if can_fork:
            assert plugin.do("step-back").endswith(f"return process of entry {count - 2}")
            assert plugin.goto(count - 4) == places[-4]
        assert plugin.goto(0) == "at the start"
        assert plugin.stop == AtStart(is_start=False)
        first = plugin.do("reverse-continue")
        assert first in places[1:-4] if can_fork else plugin.stop == AtStart(is_start=False)
        assert plugin.do("continue").endswith("idle")
