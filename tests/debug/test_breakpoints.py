from collections.abc import Sequence

from inline_snapshot import snapshot
from support.stops import GET, LOG, PROCESS, Given, stop
from support.workspaces import scene

from dataflare_lsp.debug.breakpoints import Breakpoints, Gates, Placed, Wanted
from dataflare_lsp.debug.debuggee import Moment, Stop, Verdict
from dataflare_lsp.debug.texts import NoText
from dataflare_lsp.features.sites import Sites, sites_in
from dataflare_lsp.runtime.border import Failure

GATES = Gates((LOG.name, GET.name), (PROCESS.name,))
LOGGING = """
    package dataflare:core@1.0.0;

    interface logging {
        enum level { debug, info, warn, error }
        log: func(level: level, message: string);
    }
    interface data-processor {
        process: func(input: string) -> string;
    }
    interface metrics {
        count: func(name: string);
    }
"""


def sites(text: str = LOGGING) -> Sites:
    place = scene(text)
    return sites_in(place.snapshot, place.file)


def loaded() -> Breakpoints:
    breakpoints = Breakpoints()
    breakpoints.know(GATES)
    return breakpoints


def lines(placed: Sequence[Placed]) -> list[str]:
    """What became of breakpoints: number, line from 1, state and message."""
    return [
        f"{one.id} {'' if one.site is None else f'at {one.site.start.line + 1} '}{one.state}: {one.message}"
        for one in placed
    ]


def test_a_breakpoint_says_what_it_is_for_or_why_it_is_for_nothing() -> None:
    wanted = [Wanted(line) for line in (0, 4, 7, 8, 10, 11, 12)]
    assert lines(loaded().on_lines("/host.wit", sites(), wanted)) == snapshot(
        [
            "1 at 5 set: stops where the plugin calls `logging.log`",
            "2 at 5 set: stops where the plugin calls `logging.log`",
            "3 at 8 set: stops on entry into `data-processor.process` and on return",
            "4 refused: no function follows in interface `data-processor`",
            "5 at 11 refused: the plugin neither calls `metrics.count` nor is called by it: its component does not have it",
            "6 refused: no function follows in interface `metrics`",
            "7 refused: no function follows in this file",
        ]
    )


def test_before_the_plugin_is_loaded_it_waits() -> None:
    breakpoints = Breakpoints()
    before = breakpoints.on_lines("/host.wit", sites(), [Wanted(4), Wanted(10)])
    assert lines(before) == snapshot(
        ["1 at 5 pending: the plugin is not loaded yet", "2 at 11 pending: the plugin is not loaded yet"]
    )
    assert lines(breakpoints.know(GATES)) == snapshot(
        [
            "1 at 5 set: stops where the plugin calls `logging.log`",
            "2 at 11 refused: the plugin neither calls `metrics.count` nor is called by it: its component does not have it",
        ]
    )
    assert breakpoints.know(GATES) == ()


def test_a_file_that_is_no_wit_has_no_breakpoints() -> None:
    assert lines(loaded().on_lines("/plugin.rs", NoText("write WIT"), [Wanted(1)])) == snapshot(
        ["1 refused: write WIT"]
    )


def test_functions_can_be_named() -> None:
    names = ["logging.log", "data-processor#process", "dataflare:core/*", "wasi:clocks/*", "loging.log", "", "(*"]
    assert lines(loaded().on_functions([Wanted(name=name) for name in names])) == snapshot(
        [
            "1 set: stops where the plugin calls `logging.log`",
            "2 set: stops on entry into `data-processor.process` and on return",
            "3 set: stops where the plugin calls `logging.log`, `configuration.get`; stops on entry into `data-processor.process` and on return",
            "4 refused: no function of the plugin's component is called `wasi:clocks/*`; write `INTERFACE.FUNCTION`, with `*` for any text",
            "5 refused: no function of the plugin's component is called `loging.log`; did you mean `logging.log`?",
            "6 refused: no function of the plugin's component is called ``; write `INTERFACE.FUNCTION`, with `*` for any text",
            "7 refused: no function of the plugin's component is called `(*`; write `INTERFACE.FUNCTION`, with `*` for any text",
        ]
    )


def test_what_cannot_be_read_is_refused_where_it_is_set() -> None:
    wanted = [Wanted(4, condition="level =="), Wanted(4, hits="often"), Wanted(4, message="{")]
    assert lines(loaded().on_lines("/host.wit", sites(), wanted)) == snapshot(
        [
            "1 at 5 refused: `level ==` is no CEL expression: it goes wrong at column 7",
            "2 at 5 refused: `often` is no hit condition: write `5`, `>= 3` or `% 10 == 0`",
            "3 at 5 refused: the `{` at column 1 is not closed; write `{{` for a brace",
        ]
    )


def test_set_again_on_the_same_function_it_is_the_same_breakpoint() -> None:
    breakpoints = loaded()
    (first,) = breakpoints.on_lines("/host.wit", sites(), [Wanted(4)])
    edited = sites("// A new line.\n\n" + "package dataflare:core;\ninterface logging { log: func(); }")
    (again,) = breakpoints.on_lines("/host.wit", edited, [Wanted(3)])
    assert (again.id, again.site and again.site.start.line) == (first.id, 3)


def test_when_the_file_changes_it_goes_along_with_its_function() -> None:
    breakpoints = loaded()
    (first,) = breakpoints.on_lines("/host.wit", sites(), [Wanted(4)])
    moved = breakpoints.move("/host.wit", sites("package dataflare:core;\n\n\n\ninterface logging {\n\nlog: func(); }"))
    assert [(one.id, one.site and one.site.start.line) for one in moved] == [(first.id, 6)]
    assert breakpoints.move("/host.wit", sites("package dataflare:core; interface logging { }")) == ()


# Where a run is stopped ------------------------------------------------------------------------------------------------


def logged(level: str, message: str = "", moment: Moment = "call", number: int = 0) -> Stop:
    return stop(moment, LOG, (level, message), number=number)


RECORD = ("r1", b"{}", ())


def processed(moment: Moment, result: tuple[str, str] | None = None, failure: Failure | None = None) -> Stop:
    return stop(moment, PROCESS, (RECORD,), result, error=failure)


RUN = (
    processed("entry"),
    logged("info"),
    logged("info", moment="answer"),
    logged("error"),
    logged("error", moment="answer"),
    processed("return", ("err", "bad record")),
    processed("trap", failure=Failure("trap", "unreachable")),
    processed("trap", failure=Failure("time", "out of time")),
    processed("trap", failure=Failure("denied", "`logging` is not granted")),
)


def stopped(breakpoints: Breakpoints) -> list[str]:
    """Where a run is stopped, and what for."""
    watched = breakpoints.watched
    found = []
    for one in RUN:
        verdict = watched.judge(one) if watched.watches(one.moment, one.function) else Verdict()
        if verdict.is_stop:
            found.append(f"{one.moment} {one.function.rpartition('#')[2]} {verdict.reason} {verdict.breakpoints}")
        found += verdict.output
    return found


def test_a_host_function_stops_where_it_is_called() -> None:
    breakpoints = loaded()
    breakpoints.on_lines("/host.wit", sites(), [Wanted(4)])
    assert stopped(breakpoints) == snapshot(["call log breakpoint (1,)", "call log breakpoint (1,)"])


def test_a_function_of_the_plugin_stops_on_entry_and_on_return() -> None:
    breakpoints = loaded()
    breakpoints.on_functions([Wanted(name="data-processor.process")])
    assert stopped(breakpoints) == snapshot(["entry process breakpoint (1,)", "return process breakpoint (1,)"])


def test_a_condition_on_the_result_waits_for_it() -> None:
    breakpoints = loaded()
    breakpoints.on_functions([Wanted(name="process", condition="has(result.err)")])
    assert stopped(breakpoints) == snapshot(["return process breakpoint (1,)"])


def test_conditions_and_log_messages_are_asked() -> None:
    breakpoints = loaded()
    breakpoints.on_lines(
        "/host.wit",
        sites(),
        [Wanted(4, condition="level == 'error'"), Wanted(7, message="got {input.id}")],
    )
    assert stopped(breakpoints) == snapshot(["got r1", "call log breakpoint (1,)"])


def test_failures_stop_as_wanted() -> None:
    found = {}
    for name in ("trap", "limit", "denied", "error"):
        breakpoints = loaded()
        breakpoints.on_failures([(name, None)])
        found[name] = stopped(breakpoints)
    assert found == snapshot(
        {
            "trap": ["trap process exception ()"],
            "limit": ["trap process exception ()"],
            "denied": ["trap process exception ()"],
            "error": ["return process exception ()"],
        }
    )


def test_failures_have_conditions() -> None:
    breakpoints = loaded()
    answers = breakpoints.on_failures(
        [("error", "result.err == 'other'"), ("trap", "error == 'unreachable'"), ("crash", None)]
    )
    assert [one.message for one in answers] == snapshot(
        [
            "A function of the plugin returns an error.",
            "The plugin traps or ends itself, or its host fails.",
            "there is no filter `crash`; there are `trap`, `limit`, `denied`, `error`",
        ]
    )
    assert stopped(breakpoints) == snapshot(["trap process exception ()"])


def test_hits_are_counted_through_changes_of_the_set() -> None:
    breakpoints = loaded()
    for number in range(4):
        breakpoints.on_functions([Wanted(name="log", hits="3")])
        verdict = breakpoints.watched.judge(logged("info", number=number))
        assert verdict.is_stop == (number == 2)
    breakpoints.forget()
    assert not breakpoints.watched.judge(logged("info", number=2)).is_stop


def test_nothing_is_looked_at_that_no_breakpoint_is_for() -> None:
    watched = Breakpoints().watched
    assert not any(watched.watches(one.moment, one.function) for one in RUN)


def test_ten_thousand_breakpoints_are_too_few_for_some() -> None:
    breakpoints = loaded()
    answers = breakpoints.on_functions([Wanted(name=f"log{number}") for number in range(10_001)])
    assert len(answers) == 10_001
    assert answers[-1].message == "there are more than 10000 breakpoints"


def test_a_plain_component_is_stopped_by_the_same_line() -> None:
    plain = Given("logging#log", LOG.type)
    breakpoints = Breakpoints()
    breakpoints.know(Gates((plain.name,), ("process",)))
    (placed,) = breakpoints.on_lines("/host.wit", sites(), [Wanted(4)])
    assert placed.state == "set"
    assert breakpoints.watched.judge(stop("call", plain, ("info", ""))).is_stop
