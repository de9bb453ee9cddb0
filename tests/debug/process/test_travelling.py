"""A plugin that stops at its border, forwards and backwards: each test is a session, order by order."""

from pathlib import Path

import pytest
from support import handmade
from support.debugged import Session, compiled, session

from dataflare_lsp.debug.process.timeline import CAN_FORK, MOST
from dataflare_lsp.values.types import Case

PLUGIN = Path(__file__).parents[3] / "docs" / "examples" / "pass-through" / "plugin.wat"
PROCESS = "dataflare:core/data-processor@1.0.0#process"
COUNT = "dataflare:core/metrics@1.0.0#increment-counter"
ROWS = [(PROCESS, ((str(number), number, b"payload", ()),)) for number in range(5)]


@pytest.fixture(scope="module")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled(tmp_path_factory.mktemp("pass-through"), PLUGIN.read_text(encoding="utf-8"))


@pytest.fixture(params=["fork", "anew"])
def plugin(request: pytest.FixtureRequest, artefact: str):
    """The plugin with five records; earlier places are kept as processes, or run to from the start."""
    with session(artefact, ROWS, can_fork=request.param == "fork") as opened:
        yield opened


def test_every_step_has_its_number(plugin: Session) -> None:
    assert [plugin.do("step-in") for _ in range(6)] == [
        "0: entry process of entry 0",
        "1: call increment-counter of entry 0",
        "2: answer increment-counter of entry 0",
        "3: return process of entry 0",
        "4: entry process of entry 1",
        "5: call increment-counter of entry 1",
    ]


def test_next_goes_to_the_next_call_or_return(plugin: Session) -> None:
    assert [plugin.do("next") for _ in range(3)] == [
        "1: call increment-counter of entry 0",
        "3: return process of entry 0",
        "5: call increment-counter of entry 1",
    ]


def test_step_out_goes_to_the_return(plugin: Session) -> None:
    plugin.do("next")
    assert plugin.do("step-out") == "3: return process of entry 0"


def test_a_stop_shows_values(plugin: Session) -> None:
    plugin.do("next")
    assert plugin.moment.arguments == ("records", 1)
    plugin.do("next")
    assert plugin.moment.result == Case("success", ("0", 0, b"payload", ()))


def test_back_is_where_one_came_from(plugin: Session) -> None:
    forwards = [plugin.do("step-in") for _ in range(10)]
    seen = plugin.moment
    backwards = [plugin.do("step-back") for _ in range(9)]
    assert backwards == forwards[-2::-1]
    assert [plugin.do("step-in") for _ in range(9)] == forwards[1:]
    assert plugin.moment == seen


@pytest.mark.skipif(not CAN_FORK, reason="earlier places are not kept here")
def test_back_is_where_one_came_from_past_the_places_that_are_not_kept_any_more(artefact: str) -> None:
    """A place that was kept then knows of others before it that were given up since."""
    rows = [(PROCESS, ((str(number), number, b"payload", ()),)) for number in range(MOST)]
    with session(artefact, rows) as plugin:
        forwards = [plugin.do("step-in") for _ in range(MOST + 30)]
        backwards = [plugin.do("step-back") for _ in range(MOST + 29)]
        assert backwards == forwards[-2::-1]


def test_nothing_is_before_the_start(plugin: Session) -> None:
    plugin.do("step-in")
    assert plugin.do("step-back") == "at the start"
    assert plugin.do("reverse-continue") == "at the start"
    assert plugin.do("step-in") == "1: call increment-counter of entry 0"


def test_a_breakpoint_stops_forwards_and_backwards(plugin: Session) -> None:
    plugin.debugged.watch(frozenset({("call", COUNT)}))
    assert [plugin.do("continue") for _ in range(6)] == [
        "1: call increment-counter of entry 0",
        "5: call increment-counter of entry 1",
        "9: call increment-counter of entry 2",
        "13: call increment-counter of entry 3",
        "17: call increment-counter of entry 4",
        "20: idle",
    ]
    assert [plugin.do("reverse-continue") for _ in range(6)] == [
        "17: call increment-counter of entry 4",
        "13: call increment-counter of entry 3",
        "9: call increment-counter of entry 2",
        "5: call increment-counter of entry 1",
        "1: call increment-counter of entry 0",
        "0: entry process of entry 0",
    ]


def test_reverse_continue_without_breakpoints_goes_to_the_start(plugin: Session) -> None:
    assert plugin.do("continue") == "20: idle"
    assert plugin.do("reverse-continue") == "0: entry process of entry 0"


def test_goto_goes_to_a_record_before_or_after(plugin: Session) -> None:
    assert plugin.goto(3) == "12: entry process of entry 3"
    assert plugin.moment.arguments == (("3", 3, b"payload", ()),)
    assert plugin.goto(1) == "4: entry process of entry 1"
    assert plugin.goto(4) == "16: entry process of entry 4"


def test_what_happens_again_is_told_once(plugin: Session) -> None:
    plugin.do("continue")
    plugin.do("reverse-continue")
    plugin.do("continue")
    assert len(plugin.results()) == 5
    assert plugin.said("metric") == [("counter", "records", 1)] * 5
    assert plugin.forks() == 0


def test_other_arguments_give_another_result_from_there_on(plugin: Session) -> None:
    plugin.do("continue")
    plugin.goto(2)
    plugin.debugged.arguments([("2", 2, b"other", ())])
    assert plugin.do("next") == "9: call increment-counter of entry 2"
    plugin.do("next")
    assert plugin.moment.result == Case("success", ("2", 2, b"other", ()))
    assert plugin.forks() == 1
    # The change is part of the run now: it is there again when one comes back.
    plugin.goto(1)
    plugin.goto(2)
    plugin.do("step-out")
    assert plugin.moment.result == Case("success", ("2", 2, b"other", ()))
    assert plugin.do("continue") == "20: idle"
    assert [result[1][2] for result in plugin.results()] == [b"payload"] * 5 + [b"other", b"payload", b"payload"]


def test_other_arguments_are_there_when_one_comes_back(plugin: Session) -> None:
    plugin.do("step-in")
    plugin.debugged.arguments([("0", 0, b"other", ())])
    plugin.do("next")
    assert plugin.do("step-back") == "0: entry process of entry 0"
    assert plugin.moment.arguments == (("0", 0, b"other", ()),)
    plugin.do("step-out")
    assert plugin.moment.result == Case("success", ("0", 0, b"other", ()))
    assert plugin.forks() == 0


@pytest.mark.parametrize("can_fork", [True, False], ids=["fork", "anew"])
def test_another_answer_is_there_when_one_comes_back(tmp_path: Path, can_fork: bool) -> None:
    artefact = compiled(tmp_path, handmade.naming())
    with session(artefact, ROWS, can_fork=can_fork, configuration={"name": "usual"}) as plugin:
        plugin.debugged.watch(frozenset({("answer", "dataflare:core/configuration@1.0.0#get")}))
        assert plugin.do("continue") == "4: answer get of entry 0"
        plugin.debugged.answer(Case("some", "other"))
        plugin.do("next")
        renamed = Case("success", ("other", 0, b"payload", ()))
        assert plugin.moment.result == renamed
        assert plugin.do("step-back") == "4: answer get of entry 0"
        assert plugin.moment.result == Case("some", "other")
        plugin.do("next")
        assert plugin.moment.result == renamed
        plugin.debugged.watch(frozenset())
        assert plugin.do("step-in") == "6: entry process of entry 1"
        assert plugin.goto(0) == "0: entry process of entry 0"
        plugin.do("step-out")
        assert plugin.moment.result == renamed
        assert plugin.forks() == 0


def test_a_function_is_called_while_the_plugin_is_idle(plugin: Session) -> None:
    plugin.do("continue")
    plugin.debugged.call(PROCESS, [("more", 9, b"", ())])
    assert plugin.where() == "24: idle"
    assert plugin.results()[-1] == Case("success", ("more", 9, b"", ()))
    assert plugin.do("step-back") == "23: return process of entry 5"


def test_the_guest_has_a_stack_where_it_calls(artefact: str) -> None:
    with session(artefact, ROWS) as plugin:
        plugin.do("step-in")
        assert plugin.debugged.stack() == ()
        plugin.do("step-in")
        assert plugin.debugged.stack()[-1] == "main!<wasm function 1>"
        # Looking has changed nothing.
        assert plugin.do("step-in") == "2: answer increment-counter of entry 0"
        assert plugin.do("continue") == "20: idle"


def test_nothing_is_left_when_the_debugger_dies(artefact: str) -> None:
    plugin = Session(artefact, iter(ROWS), True)
    plugin.do("next")
    plugin.debugged.end()
    assert plugin.where() == "ended: as wanted"
