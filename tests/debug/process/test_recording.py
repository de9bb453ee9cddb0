"""A run that is debugged and recorded: the trace is of the run that was, not of the looks at it."""

from pathlib import Path

import pytest
from support import handmade
from support.debugged import compiled, session

from dataflare_lsp.runtime.recording.trace import CallEvent, EntryEvent, Event, FailureEvent, ReturnEvent, Start, Trace

PROCESS = "dataflare:core/data-processor@1.0.0#process"
ROWS = [(PROCESS, ((str(number), 0, b"", ()),)) for number in range(3)]
LOGGING = handmade.process("(call $log (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 5))")
WHOLE: list[type[Event]] = [Start, *[EntryEvent, CallEvent, ReturnEvent] * 3]


@pytest.fixture
def artefact(tmp_path: Path) -> str:
    return compiled(tmp_path, handmade.plugin("processor", LOGGING))


@pytest.mark.parametrize("can_fork", [True, False], ids=["fork", "anew"])
def test_going_back_and_forth_is_recorded_once(artefact: str, tmp_path: Path, can_fork: bool) -> None:
    trace = tmp_path / "run.trace"
    with session(artefact, ROWS, can_fork=can_fork, record=str(trace)) as plugin:
        plugin.goto(2)
        plugin.do("reverse-continue")
        plugin.do("next")
        plugin.do("step-back")
        assert plugin.do("continue").endswith("idle")
    assert events(trace) == WHOLE


def test_looking_at_the_stack_leaves_no_trace(artefact: str, tmp_path: Path) -> None:
    trace = tmp_path / "run.trace"
    with session(artefact, ROWS, record=str(trace)) as plugin:
        plugin.do("next")
        assert plugin.debugged.stack() != ()
        assert plugin.do("continue").endswith("idle")
    found = events(trace)
    assert FailureEvent not in found
    assert found == WHOLE


def events(path: Path) -> list[type[Event]]:
    trace = Trace(str(path))
    found = [type(event) for event in trace.events()]
    assert trace.ended is None
    return found
