"""However one goes through a run, forwards and backwards, a place is the same as in a run straight to it."""

from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import handmade
from support.debugged import Session, compiled, session

from dataflare_lsp.debug.process.outside import AtStart, Idle
from dataflare_lsp.debug.process.traveller import Moment
from dataflare_lsp.values.types import Case

LOG = "dataflare:core/logging@1.0.0#log"
PROCESS = "dataflare:core/data-processor@1.0.0#process"

SCRIPTED = """
    (func (export "process") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
      (local $at i32) (local $sign i32)
      (block $end (loop $next
        (br_if $end (i32.ge_u (local.get $at) (local.get 4)))
        (local.set $sign (i32.load8_u (i32.add (local.get 3) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        ;; A letter that depends on all that the instance was ever given.
        (i32.store8 (i32.const 100) (i32.add (i32.const 97)
          (i32.rem_u (i32.add (i32.load8_u (i32.const 100)) (local.get $sign)) (i32.const 26))))
        (if (i32.eq (local.get $sign) (i32.const 108)) (then
          (call $log (i32.const 100) (i32.const 1) (i32.const 100) (i32.const 1))))
        (if (i32.eq (local.get $sign) (i32.const 116)) (then unreachable))
        (br $next)))
      ;; The letter is also the payload of the record that it gives back.
      (i32.store8 (i32.const 64) (i32.const 0))
      (call $record (i32.const 72) (local.get 0) (local.get 1) (local.get 2)
        (i32.const 100) (i32.const 1) (local.get 5) (local.get 6))
      (i32.const 64))
"""
"""A processor that does what each letter of a payload says: `l` logs, `t` traps, any other is only remembered."""

Order = Literal["step-in", "next", "step-out", "continue", "step-back", "reverse-continue"] | int
"""An order, or the number of the entry to go to."""

scripts = st.lists(st.text("lltxy", max_size=5), min_size=1, max_size=4)
orders = st.lists(
    st.one_of(
        st.sampled_from(["step-in", "next", "step-out", "continue", "step-back", "reverse-continue"]),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled(tmp_path_factory.mktemp("scripted"), handmade.plugin("processor", SCRIPTED))


@pytest.mark.parametrize("can_fork", [True, False], ids=["fork", "anew"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts, orders, st.booleans())
def test_a_place_is_the_same_however_one_came_there(
    artefact: str, can_fork: bool, script: list[str], orders: list[Order], is_watched: bool
) -> None:
    rows = [(PROCESS, ((str(number), 0, text.encode(), ()),)) for number, text in enumerate(script)]
    straight = straight_run(artefact, rows)
    with session(artefact, rows, can_fork=can_fork) as plugin:
        watched = frozenset({("call", LOG)} if is_watched else ())
        plugin.debugged.watch(watched)
        here = 0
        assert plugin.do("step-in") == shown(straight, 0)
        for order in orders:
            there = expected(straight, here, order, watched)
            said = plugin.goto(order) if isinstance(order, int) else plugin.do(order)
            if there is None:
                assert isinstance(plugin.stop, AtStart)
                continue
            here = there
            assert said == shown(straight, here), order
            if here < len(straight):
                assert plugin.moment == straight[here].moment
                assert plugin.debugged.stack() == straight[here].stack
                assert plugin.calls() == straight[here].calls
            else:
                assert isinstance(plugin.stop, Idle)


class Place(NamedTuple):
    """A place in a run: values, the guest's stack, and how many calls of the plugin have ended, and failed."""

    moment: Moment
    stack: tuple[str, ...]
    calls: tuple[int, int]


def straight_run(artefact: str, rows: list[tuple[str, tuple[object, ...]]]) -> list[Place]:
    """All places of a run from its start to its end."""
    places = []
    with session(artefact, rows) as plugin:  # type: ignore[arg-type]
        while not plugin.do("step-in").endswith("idle"):
            places.append(Place(plugin.moment, plugin.debugged.stack(), plugin.calls()))
    return places


def expected(places: list[Place], here: int, order: Order, watched: frozenset[tuple[str, str]]) -> int | None:
    """Where an order leads, by the numbers alone; None where nothing lies before."""
    run = [place.moment for place in places]

    def is_watched(at: int) -> bool:
        return (run[at].kind, run[at].function) in watched

    def ahead(*kinds: str) -> int:
        return next((at for at in range(here + 1, len(run)) if run[at].kind in kinds or is_watched(at)), len(run))

    match order:
        case int():
            found = [at for at, moment in enumerate(run) if moment.kind == "entry" and moment.entry == order]
            if found and found[0] <= here:
                return found[0]
            stops = [at for at in range(here + 1, len(run)) if at in found or is_watched(at)]
            return stops[0] if stops else len(run)
        case "step-in":
            return min(here + 1, len(run))
        case "next":
            return ahead("call", "return", "trap")
        case "step-out":
            return ahead("return", "trap")
        case "continue":
            return ahead()
        case "step-back":
            return here - 1 if here else None
        case "reverse-continue":
            return max((at for at in range(here) if is_watched(at)), default=0) if here else None


def shown(places: list[Place], at: int) -> str:
    """A place as a session says it."""
    if at == len(places):
        return f"{at}: idle"
    moment = places[at].moment
    return f"{at}: {moment.kind} {moment.function.rpartition('#')[2]} of entry {moment.entry}"


def test_what_the_plugin_remembers_is_what_it_remembered_then(artefact: str) -> None:
    rows = [(PROCESS, (("", 0, text.encode(), ()),)) for text in ("xl", "yl", "l")]
    with session(artefact, rows) as plugin:
        plugin.debugged.watch(frozenset({("call", LOG)}))
        letters = [(plugin.do("continue"), plugin.moment.arguments[1])[1] for _ in rows]
        back = [(plugin.do("reverse-continue"), plugin.moment.arguments[1])[1] for _ in rows[1:]]
        assert back == letters[-2::-1]
        assert len(set(letters)) == 3


def test_a_stop_that_is_a_trap_says_why_and_where(artefact: str) -> None:
    rows = [(PROCESS, (("", 0, text.encode(), ()),)) for text in ("lt", "l")]
    with session(artefact, rows) as plugin:
        plugin.debugged.watch(frozenset({("trap", PROCESS)}))
        assert plugin.do("continue") == "3: trap process of entry 0"
        failure = plugin.moment.failure
        assert failure is not None
        assert (failure.cause, failure.reason) == ("trap", "wasm `unreachable` instruction executed")
        assert plugin.debugged.stack() == failure.backtrace != ()
        assert plugin.do("step-back") == "2: answer log of entry 0"
        assert plugin.do("step-in") == "3: trap process of entry 0"
        # A new instance takes the next record, and remembers nothing.
        assert plugin.do("continue") == "8: idle"


FOREVER = handmade.process("(loop $again (br $again))")


@pytest.fixture(scope="module")
def forever(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled(tmp_path_factory.mktemp("forever"), handmade.plugin("processor", FOREVER))


def test_an_endless_loop_is_paused_looked_at_gone_back_from_and_ended(forever: str) -> None:
    with session(forever, [(PROCESS, (("", 0, b"", ()),))]) as plugin:
        plugin.do("step-in")
        for _ in range(2):
            plugin.debugged.resume("continue")
            plugin.debugged.pause()
            assert plugin.where() == "between (pause)"
            assert plugin.debugged.stack() != ()
            assert plugin.do("step-back") == "0: entry process of entry 0"


def test_limits_end_a_call_and_time_spent_stopped_is_none(forever: str, tmp_path: Path) -> None:
    from dataflare_lsp.runtime.limits import CallLimits

    with session(forever, [(PROCESS, (("", 0, b"", ()),))], limits=CallLimits(seconds=0.2)) as plugin:
        plugin.debugged.watch(frozenset({("trap", PROCESS)}))
        assert plugin.do("continue") == "1: trap process of entry 0"
        failure = plugin.moment.failure
        assert failure is not None
        assert (failure.cause, failure.reason) == ("time", "it took longer than the limit of 200 ms")


def test_a_process_that_is_killed_is_the_end(artefact: str) -> None:
    import os
    import signal

    plugin = Session(artefact, iter([(PROCESS, (("", 0, b"l", ()),))]), can_fork=False)
    plugin.do("step-in")
    os.kill(plugin.loaded.process, signal.SIGKILL)
    assert plugin.where() == "ended: host"


DENIED = handmade.plugin(
    "processor",
    """
    (func (export "process") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
      (call $create (i32.const 0) (i32.const 200))
      (i32.store8 (i32.const 64) (i32.const 2))
      (i32.const 64))
    """,
    extra=handmade.Extra(
        component="""
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $sockets
    (export "tcp-socket" (type $socket (sub resource)))
    (type $e (enum "unknown" "access-denied"))
    (export "error-code" (type $error (eq $e)))
    (type $f (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type $family (eq $f)))
    (export "create-tcp-socket" (func (param "address-family" $family) (result (result (own $socket) (error $error)))))
  ))
  (core func $create (canon lower (func $sockets "create-tcp-socket") (memory (core memory $heap "memory"))))
""",
        core='(import "sockets" "create" (func $create (param i32 i32)))',
        passed='(with "sockets" (instance (export "create" (func $create))))',
    ),
)


def test_a_call_that_is_denied_with_an_error_is_put_to_the_adapter(tmp_path: Path) -> None:
    with session(compiled(tmp_path, DENIED), [(PROCESS, (("", 0, b"", ()),))]) as plugin:
        assert plugin.do("continue") == "2: answer create-tcp-socket of entry 0"
        assert plugin.moment.result == ("err", "access-denied")
        failure = plugin.moment.failure
        assert failure is not None
        assert failure.cause == "denied"
        assert failure.reason.startswith("`wasi:sockets/tcp-create-socket#create-tcp-socket` is not granted")
        assert plugin.debugged.stack() != ()
        assert plugin.do("step-back") == "1: call create-tcp-socket of entry 0"


def test_another_answer_to_what_is_denied_is_that_of_this_call_alone(tmp_path: Path) -> None:
    with session(compiled(tmp_path, DENIED), [(PROCESS, (("", 0, b"", ()),))] * 2) as plugin:
        assert plugin.do("continue") == "2: answer create-tcp-socket of entry 0"
        plugin.debugged.answer(Case("err", "unknown"))
        plugin.debugged.watch(frozenset({("answer", plugin.moment.function)}))
        assert plugin.do("continue") == "6: answer create-tcp-socket of entry 1"
        assert plugin.moment.result == ("err", "access-denied")
