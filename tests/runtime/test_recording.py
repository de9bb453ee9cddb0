"""What crossed a plugin's border is written down, and runs again exactly, by the real engine and a real file."""

import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support import steps
from support.instances import loaded
from support.steps import RUN, SCRIPTS, Step, script

from dataflare_lsp.runtime.border import Border, Failure, HostCall, Outcome
from dataflare_lsp.runtime.engine import Settings
from dataflare_lsp.runtime.host.surroundings import Exit, Grants, Interface, Trap
from dataflare_lsp.runtime.instance import NotLowered, Plugin
from dataflare_lsp.runtime.limits import CallLimits, Clock, LimitHit
from dataflare_lsp.runtime.recording.recorder import Recorder, begun
from dataflare_lsp.runtime.recording.replayed import Divergence, Replayed
from dataflare_lsp.runtime.recording.replayer import Replayer, replay
from dataflare_lsp.runtime.recording.tally import tally
from dataflare_lsp.runtime.recording.trace import MAGIC, NotATrace, Trace
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.world import Allowance
from dataflare_lsp.values.types import Value

LIMITS = CallLimits(seconds=30.0, memory=8 << 20)
FUEL = Settings(fuel=True)


class Crossing(NamedTuple):
    """A host call and what came of it."""

    name: str
    arguments: tuple[Value, ...]
    answer: object


class Watcher(Border):
    """Remembers what crosses another border."""

    def __init__(self, border: Border) -> None:
        self.crossed: list[object] = []
        self._border = border

    def enter(self, entry, arguments):
        return self._border.enter(entry, arguments)

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        try:
            answer = self._border.call(call, arguments)
        except Trap as raised:
            self.crossed.append(Crossing(call.name, arguments, str(raised)))
            raise
        self.crossed.append(Crossing(call.name, arguments, answer))
        return answer

    def leave(self, entry, outcome: Outcome) -> None:
        # Where a limit stopped it, the plugin was at some instruction or other.
        self.crossed.append(outcome._replace(backtrace=()) if isinstance(outcome, Failure) else outcome)
        self._border.leave(entry, outcome)

    def pause(self) -> None:
        self._border.pause()


def unsure(seed: int) -> dict[str, Interface]:
    """A host whose answers nobody could foresee; it refuses some questions."""
    chance = random.Random(seed)

    def ask(question: bytes) -> bytes:
        match chance.randrange(20):
            case 0:
                raise Trap("it asks too much")
            case 1:
                raise Exit(chance.randrange(256))
            case 2:
                raise LimitHit("output", "it writes too much")
        return chance.randbytes(len(question))

    return {steps.HOST: {"tell": lambda state: None, "draw": lambda: chance.getrandbits(64), "ask": ask}}


def record(path: Path, scripts: Sequence[bytes], hosts: dict[str, Interface], limits=LIMITS, settings=Settings()):  # noqa: B008
    """Run a plugin for each script, with a new instance after a failure; gives what crossed its border."""
    component = loaded(steps.COMPONENT, settings)
    clock = Clock()
    plugin = Plugin(component, hosts, limits, Border(), clock)
    setup = Setup("scripted.cwasm", "digest", limits, Allowance(Grants(), {}))
    writer = begun(str(path), plugin, setup)
    watcher = Watcher(Border())
    plugin.border = Recorder(watcher, writer, clock)
    plugin.start()
    for one in scripts:
        try:
            outcome = plugin.call(RUN, (one,))
        except NotLowered:
            continue
        if isinstance(outcome, Failure):
            plugin.start()
    plugin.close()
    writer.close()
    return watcher.crossed


def rerun(path: Path, settings=Settings(), fuel: int | None = None, text: str = steps.COMPONENT):  # noqa: B008
    """Replay a trace; gives what came of it, and what crossed the border."""
    trace = Trace(str(path))
    replayer = Replayer(trace)
    watcher = Watcher(replayer)
    limits = CallLimits(seconds=None, memory=trace.header.memory, fuel=fuel)
    plugin = Plugin(loaded(text, settings), {}, limits, watcher, Clock())
    try:
        return replay(trace, plugin, replayer), watcher.crossed
    finally:
        plugin.close()


@given(SCRIPTS, st.integers(0, 1 << 32))
@hypothesis_settings(max_examples=60)
def test_a_replay_is_the_same(tmp_path_factory, scripts, seed):
    path = tmp_path_factory.mktemp("trace") / "trace"
    happened = record(path, [script(*some) for some in scripts], unsure(seed))
    replayed, again = rerun(path)
    assert again == happened
    calls = sum(isinstance(one, Crossing) for one in happened)
    assert replayed == Replayed(len(scripts), calls, None, None)


BUSY = [
    script(Step("draw"), Step("tell"), Step("ask", data=b"abc"), Step("tell")),
    script(Step("tell"), Step("trap")),
    script(Step("draw"), Step("tell")),
]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A trace of three calls, the second of which fails, with seven host calls."""
    path = tmp_path / "trace"
    record(path, BUSY, steady())
    return path


def test_what_a_trace_comes_to(trace):
    counted = tally(Trace(str(trace)))
    tell, draw, ask = (f"{steps.HOST}#{name}" for name in ("tell", "draw", "ask"))
    assert {name: one.number for name, one in counted.imports.items()} == {tell: 4, draw: 2, ask: 1}
    assert {name: one.number for name, one in counted.exports.items()} == {RUN: 3}
    assert [(one.entry, one.function, one.failure.cause) for one in counted.failures] == [(1, RUN, "trap")]
    assert counted.exports[RUN].nanoseconds > sum([one.nanoseconds for one in counted.imports.values()]) > 0


def test_a_trace_that_is_cut_comes_to_what_it_has(trace):
    whole = trace.read_bytes()
    most = 0
    for length in range(len(whole) + 1):
        trace.write_bytes(whole[:length])
        try:
            counted = tally(Trace(str(trace)))
        except NotATrace:
            continue
        calls = sum([one.number for one in (*counted.exports.values(), *counted.imports.values())])
        assert most <= calls <= 10
        most = calls
    assert most == 10


def steady() -> dict[str, Interface]:
    chance = random.Random(7)
    return {
        steps.HOST: {
            "tell": lambda state: None,
            "draw": lambda: chance.getrandbits(64),
            "ask": lambda question: question * 2,
        }
    }


def test_a_trace_that_is_cut_replays_as_far_as_it_goes(trace):
    whole = trace.read_bytes()
    replayed, crossed = rerun(trace)
    assert replayed == Replayed(3, 7, None, None)
    before = (0, 0)
    for length in range(len(whole)):
        trace.write_bytes(whole[:length])
        try:
            part, happened = rerun(trace)
        except NotATrace:
            assert before == (0, 0)
            continue
        assert part.divergence is None
        done = (part.entries, part.calls)
        assert before <= done <= (3, 7)
        before = done
        # What the trace does not have yet fails for want of it; all before is as it was.
        crossings = [one for one in happened if isinstance(one, Crossing)]
        recorded = [one for one in crossed if isinstance(one, Crossing)]
        assert crossings[: part.calls] == recorded[: part.calls]
        assert all(one.answer == "the trace ends here" for one in crossings[part.calls :])
        if part.ended is not None:
            assert part.ended.startswith("it is cut off at byte ")
    assert before == (3, 7)


def test_damage_is_noticed(trace):
    whole = trace.read_bytes()
    header = len(MAGIC) + 8 + int.from_bytes(whole[len(MAGIC) : len(MAGIC) + 4], "little")
    for place in range(len(whole)):
        trace.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        try:
            replayed, _ = rerun(trace)
        except NotATrace:
            assert place < header
            continue
        assert place >= header
        assert replayed.divergence is None
        assert replayed.ended is not None
        assert replayed.ended.startswith(("it is cut off at byte ", "it is damaged at byte "))


@given(st.binary(max_size=200))
@hypothesis_settings(max_examples=200)
def test_any_file_is_a_trace_or_is_refused_with_a_reason(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("trace") / "trace"
    for content in (data, MAGIC + data):
        path.write_bytes(content)
        with pytest.raises(NotATrace) as refused:
            Trace(str(path))
        assert str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "recorded", "happened"),
    [
        (
            "(call $tell (global.get $state))",
            "(call $add (call $draw))",
            "tell`",
            "a call of `test:scripted/host#draw`",
        ),
        (
            "(call $tell (global.get $state))",
            "(call $tell (i64.const 9))",
            "`test:scripted/host#tell(",
            "`test:scripted/host#tell(9)`",
        ),
        ("(call $tell (global.get $state))", "", "tell`", "a call of `test:scripted/host#ask`"),
        ("(i64.const 31)", "(i64.const 33)", "`test:scripted/host#tell(", "`test:scripted/host#tell("),
        (
            "(br $done))\n          unreachable)",
            "(br $done))\n          (br $step))",
            "wasm `unreachable` ins",
            "it returned",
        ),
    ],
)
def test_a_plugin_that_does_something_else_diverges(trace, old, new, recorded, happened):
    assert old in steps.COMPONENT
    replayed, _ = rerun(trace, text=steps.COMPONENT.replace(old, new))
    divergence = replayed.divergence
    assert isinstance(divergence, Divergence)
    assert recorded in divergence.recorded
    assert divergence.happened.startswith(happened)


@pytest.mark.parametrize(
    ("limits", "row", "cause"),
    [
        (CallLimits(seconds=0.05, memory=8 << 20), [Step("tell"), Step("loop")], "time"),
        (CallLimits(seconds=None, memory=1 << 20), [Step("tell"), Step("grow", 8), Step("grow", 255)], "memory"),
        (CallLimits(seconds=None), [Step("tell"), Step("recurse")], "stack"),
        (CallLimits(seconds=None, fuel=10_000), [Step("tell"), Step("loop")], "fuel"),
    ],
)
def test_limits_are_outcomes(tmp_path, limits, row, cause):
    path = tmp_path / "trace"
    settings = Settings(fuel=limits.fuel is not None)
    happened = record(path, [script(*row), script(Step("tell"))], steady(), limits, settings)
    # On a busy machine, time may be over anywhere.
    assert next(one.cause for one in happened if isinstance(one, Failure)) == cause
    replayed, again = rerun(path, settings, limits.fuel)
    assert again == happened
    assert replayed == Replayed(2, sum(isinstance(one, Crossing) for one in happened), None, None)


def test_an_argument_that_is_none_is_recorded_as_that(tmp_path):
    path = tmp_path / "trace"
    happened = record(path, ["no bytes", BUSY[0]], steady())
    assert isinstance(happened[0], Failure)
    replayed, again = rerun(path)
    assert again == happened
    assert replayed == Replayed(2, 4, None, None)


def test_others_cannot_read_a_trace(trace):
    if os.name == "posix":
        assert trace.stat().st_mode & 0o077 == 0
