import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from support.stops import LOG, PROCESS, stop

from dataflare_lsp.debug import expressions
from dataflare_lsp.debug.conditions import Answer, Hits, ask, hit_condition, log_message, rule
from dataflare_lsp.debug.debuggee import Typed
from dataflare_lsp.debug.expressions import BadExpression, Expression, NoValue
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.values.types import STRING, ListOf

ERROR = stop("call", LOG, ("error", "row 7 is bad"), entry=7)
INFO = stop("call", LOG, ("info", "fine"), entry=8)
RETURN = stop("return", PROCESS, (("r1", b"{}", (("source", "kafka"),)),), result=("err", "no payload"))


@pytest.mark.parametrize(
    ("condition", "stops"),
    [
        ("moment == 'call' && level == 'error'", [ERROR]),
        ("moment == 'call' && message.startsWith('row') && level != 'debug'", [ERROR]),
        ("has(arguments.message) && arguments.message.size() < 5", [INFO]),
        ("record_index % 2 == 0", [INFO, RETURN]),
        ("record.id == 'r1' && moment == 'call'", [ERROR, INFO]),
        ("result == null", [ERROR, INFO]),
        ("moment == 'return' && has(result.err)", [RETURN]),
        ("moment == 'return' && result.err.contains('payload')", [RETURN]),
        ("moment == 'return' && string(input.payload) == '{}'", [RETURN]),
        ("moment == 'return' && input.metadata.exists(entry, entry[0] == 'source')", [RETURN]),
    ],
)
def test_a_condition_speaks_of_the_stop(condition: str, stops: list[object]) -> None:
    asked = rule(condition, None, None)
    assert [one for one in (ERROR, INFO, RETURN) if ask(asked, one, Hits()) == Answer(True)] == stops


def test_without_a_rule_it_stops() -> None:
    assert ask(rule(None, "", None), INFO, Hits()) == Answer(True)


def test_a_condition_that_has_no_value_stops_and_says_why() -> None:
    assert [
        ask(rule(condition, None, None), ERROR, Hits()) for condition in ("lvl == 'error'", "message", "level > 3")
    ] == snapshot(
        [
            Answer(
                is_stop=True,
                output="A breakpoint's condition failed: there is no `lvl` here; there are `result`, `error`, `record`, `record_index`, `function`, `moment`, `arguments`, `level`, `message`",
            ),
            Answer(
                is_stop=True,
                output="A breakpoint's condition failed: `message` is neither true nor false but row 7 is bad",
            ),
            Answer(
                is_stop=True,
                output="A breakpoint's condition failed: `level > 3` has no value here: an operator or function does not take values of these types",
            ),
        ]
    )


def hits(condition: str) -> Iterator[int]:
    """Which of the first dozen hits stop."""
    counted, asked = Hits(), rule(None, condition, None)
    for number in range(1, 13):
        if ask(asked, stop("call", LOG, ("info", ""), number=number * 10), counted).is_stop:
            yield number


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("5", [5]),
        ("== 5", [5]),
        (">= 10", [10, 11, 12]),
        (">11", [12]),
        ("<3", [1, 2]),
        ("<= 3", [1, 2, 3]),
        ("% 5", [5, 10]),
        ("% 5 == 0", [5, 10]),
        ("%5==1", [1, 6, 11]),
    ],
)
def test_a_hit_condition_counts(condition: str, expected: list[int]) -> None:
    assert list(hits(condition)) == expected


def test_only_hits_with_the_condition_true_count() -> None:
    counted, asked = Hits(), rule("level == 'error'", "2", None)
    levels = ["error", "info", "info", "error", "error"]
    stops = [stop("call", LOG, (level, ""), number=number) for number, level in enumerate(levels)]
    assert [ask(asked, one, counted).is_stop for one in stops] == [False, False, False, True, False]


@given(st.lists(st.integers(0, 50)))
def test_going_back_and_forth_counts_a_stop_once(walk: list[int]) -> None:
    counted = Hits()
    for number in range(51):
        counted.hit(number)
    assert [counted.hit(number) for number in walk] == [number + 1 for number in walk]


def test_in_another_run_what_came_after_has_not_happened() -> None:
    counted = Hits()
    for number in (3, 5, 8):
        counted.hit(number)
    counted.forget(6)
    assert counted.hit(9) == 3


def test_a_log_message_has_expressions_in_it() -> None:
    message = "record {record_index}: {{{level}}} {message} { {'a': [level == 'error']} } {'}'} \\{x\\}"
    assert ask(rule(None, None, message), ERROR, Hits()) == snapshot(
        Answer(is_stop=False, output='record 7: {error} row 7 is bad {"a": [true]} } {x}')
    )


def test_an_expression_in_a_log_message_that_has_no_value_says_so_in_its_place() -> None:
    assert ask(rule(None, None, "at {result.ok}: {message}"), INFO, Hits()).output == snapshot(
        "at <`result.ok` has no value here: only maps have fields>: fine"
    )


def test_an_error_can_be_spoken_of() -> None:
    trap = stop("trap", PROCESS, (("r1", b"", ()),), error=Failure("trap", "unreachable"))
    assert ask(rule("error == 'unreachable'", None, None), trap, Hits()) == Answer(True)


def refusal(make: object, text: str) -> str:
    assert callable(make)
    with pytest.raises(BadExpression) as found:
        make(text)
    return str(found.value)


def test_what_cannot_be_read_is_refused_when_it_is_set() -> None:
    assert [
        refusal(make, text)
        for make, text in (
            (Expression, "level == "),
            (Expression, "import os"),
            (Expression, "(" * 1000 + ")" * 1000),
            (Expression, "a" * 3000),
            (hit_condition, "often"),
            (hit_condition, ">= 3 == 1"),
            (hit_condition, "% 0"),
            (hit_condition, "% 3 == 3"),
            (log_message, "{level"),
            (log_message, "level}"),
            (log_message, "{}"),
        )
    ] == snapshot(
        [
            "`level ==` is no CEL expression: it goes wrong at column 7",
            "`import os` is no CEL expression: it goes wrong at column 8",
            "`((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…` is no CEL expression: it goes wrong at column 1001",
            "the expression is longer than 2000 characters",
            "`often` is no hit condition: write `5`, `>= 3` or `% 10 == 0`",
            "`>= 3 == 1` is no hit condition: write `5`, `>= 3` or `% 10 == 0`",
            "`% 0` is never true: a rest is less than what is divided by",
            "`% 3 == 3` is never true: a rest is less than what is divided by",
            "the `{` at column 1 is not closed; write `{{` for a brace",
            "the `}` at column 6 closes nothing; write `}}` for a brace",
            "the expression is empty",
        ]
    )


def test_without_its_library_a_condition_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "celpy", None)
    expressions._celpy.cache_clear()
    try:
        assert refusal(Expression, "level == 'error'") == snapshot(
            "conditions need the package cel-python: install `dataflare-lsp[debug]` into the adapter's environment"
        )
    finally:
        monkeypatch.undo()
        expressions._celpy.cache_clear()
    assert ask(rule("true", None, None), INFO, Hits()) == Answer(True)


def test_an_expression_ends() -> None:
    numbers = "[" + ",".join(map(str, range(300))) + "]"
    slow = f"{numbers}.exists(a, {numbers[:600]}0].exists(b, a + b < 0))"
    found = ask(rule(slow, None, None), INFO, Hits())
    assert found.is_stop
    assert found.output.endswith("takes longer than 50 ms")


@pytest.mark.parametrize(
    "condition",
    [
        "input.id == 'r1'",
        "has(input.id) && !has(input.nope)",
        "arguments.input.id == 'r1' && size(arguments.input.payload) == 9",
        "input == input && size(input) == 3 && input.id == 'r1'",
        "has(result.ok) && !has(result.err) && result.ok.id == 'r1'",
        "size(result) == 1 && result.ok != null",
        "input.metadata.exists(id, id[0] == 'k7') && input.id == 'r1'",
        "record.id == 'r1' && input.metadata[8][0] == 'k8'",
    ],
)
def test_only_what_is_read_of_a_value_is_looked_at(condition: str) -> None:
    record = ("r1", b"{'a': 1}\n", tuple((f"k{number}", "v") for number in range(10)))
    returned = stop("return", PROCESS, (record,), result=("ok", ("some", record)))
    assert ask(rule(condition, None, None), returned, Hits()) == Answer(True)


def test_a_field_of_a_large_value_is_read_in_time() -> None:
    record = ("r1", bytes(2_000_000), tuple((f"k{number}", "v") for number in range(100_000)))
    asked = rule("input.id == 'r1' && size(input.payload) > 0", None, None)
    began = time.perf_counter()
    for _ in range(20):
        assert ask(asked, stop("return", PROCESS, (record,), result=("err", "x")), Hits()).is_stop
    assert time.perf_counter() - began < 5.0, "all of the record was looked at"


MANY = Typed(("x",) * 1_000_000, ListOf(STRING))


@pytest.mark.parametrize("text", ["size(many)", "many.exists(one, one == 'y')", "{'in': many}", "[many, many]"])
def test_a_list_of_a_million_is_not_made_ready_for_ever(text: str) -> None:
    with pytest.raises(NoValue, match="takes longer than 50 ms"):
        Expression(text).value({"many": MANY})


def test_when_the_time_of_a_stop_is_over_nothing_has_a_value() -> None:
    answer = ask(rule("true", None, None), stop("call", LOG, ("info", "m")), Hits(), end=0.0)
    assert answer == Answer(
        True,
        "A breakpoint's condition failed: `true` has no value here: all that is asked at this stop takes too long together",
    )


def test_what_is_said_is_shortened() -> None:
    answer = ask(rule(None, None, "{message}"), stop("call", LOG, ("info", "m" * 1_000_000)), Hits())
    assert answer == Answer(False, f"{'m' * 10_000}… (1,000,000 characters)")
