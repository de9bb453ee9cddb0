import pytest
from inline_snapshot import snapshot
from support.stops import GET, LOG, PROCESS, stop

from dataflare_lsp.debug import tree
from dataflare_lsp.debug.evaluate import NoMeaning, call, candidates, meaning
from dataflare_lsp.values.types import Case, Function

RECORD = ("r1", b"{}", (("source", "kafka"), ("part", "7")))
ENTRY = stop("entry", PROCESS, (RECORD,), entry=4)
ANSWER = stop("answer", GET, ("threshold",), Case("some", "10"))
EXPORTS = {PROCESS.name: PROCESS.type, "run": Function((), None)}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("input", '{id: "r1", payload: [123, 125], metadata: [("source", "kafka"), ("part", "7")]}'),
        ("input.id", '"r1"'),
        (" input . metadata [1] [0] ", '"part"'),
        ("input.payload[0]", "123"),
        ("arguments.input.id", '"r1"'),
        ("record_index", "4"),
        ("record.id", '"r1"'),
        ("input.id == 'r1'", "true"),
        ("size(input.payload) * 2", "4"),
        ("input.metadata.map(pair, pair[0])", '["source", "part"]'),
    ],
)
def test_an_expression_means_a_value(expression: str, value: str) -> None:
    assert tree.text(meaning(expression, ENTRY).content) == value


def test_a_value_that_is_meant_by_name_can_be_changed() -> None:
    assert (meaning("input.metadata[1][0]", ENTRY).root, meaning("input.metadata[1][0]", ENTRY).steps) == (0, (2, 1, 0))
    assert meaning("result", ANSWER).root == "result"
    assert meaning("input.id + ''", ENTRY).root is None


def test_what_means_nothing_says_why() -> None:
    found = []
    for expression in ("inpt", "input.idd", "input.metadata[9]", "1 +", "", "input..id", "input["):
        with pytest.raises(NoMeaning) as refused:
            meaning(expression, ENTRY)
        found.append(str(refused.value))
    assert found == snapshot(
        [
            "there is no `inpt` here; did you mean `input`?",
            "`input.idd` has no value here: no such member in mapping: 'idd'",
            "`input.metadata[9]` has no value here: there is nothing at this index",
            "`1 +` is no CEL expression: it goes wrong at column 3",
            "the expression is empty",
            "`input..id` is no CEL expression: it goes wrong at column 7",
            "`input[` is no CEL expression: it goes wrong at column 6",
        ]
    )


def test_a_call_is_read_by_any_name_of_its_function() -> None:
    for name in (
        "process",
        "data-processor.process",
        "dataflare:core/data-processor@1.0.0#process",
        " data-processor#process ",
    ):
        found = call(f'{name}({{id: "a", payload: [], metadata: []}})', EXPORTS)
        assert found == (PROCESS.name, (("a", b"", ()),))
    assert call("run()", EXPORTS) == ("run", ())
    assert call("input.id", EXPORTS) is None
    assert call("(1 + 2)", EXPORTS) is None


def test_a_call_that_cannot_be_made_says_why() -> None:
    found = []
    for text in ("proces({})", "foo()", "process()", "process({id: 1})", "run(1)"):
        with pytest.raises(NoMeaning) as refused:
            call(text, EXPORTS)
        found.append(str(refused.value))
    with pytest.raises(NoMeaning) as refused:
        call("f()", {"a:b/c#f": EXPORTS["run"], "a:b/d#f": EXPORTS["run"]})
    assert [*found, str(refused.value)] == snapshot(
        [
            "the plugin exports no function `proces`; did you mean `process`?",
            "the plugin exports no function `foo`; the plugin exports `data-processor.process`, `run`",
            "argument `input` is missing; func(input: record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> }) -> result<option<record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> }>, string> (at column 8)",
            "expected a value of type string, found `1`; strings are written in double quotes (at column 14)",
            "expected `)` after no arguments, found `1`; func() (at column 5)",
            "`f` may be `a:b/c#f` or `a:b/d#f`: write more of its name",
        ]
    )


def offered(text: str) -> list[str]:
    """What can be typed where the bar is."""
    return [f"{one.label} {one.kind}" for one in candidates(text.replace("|", ""), text.index("|"), ENTRY, EXPORTS)]


def test_what_can_be_typed() -> None:
    assert {
        text: offered(text)
        for text in (
            "|",
            "in|",
            "rec| == 1",
            "input.|",
            "input.m|",
            "size(input.p|)",
            "arguments.|",
            "data-pro|",
            "process({|",
            "x == rec|",
        )
    } == snapshot(
        {
            "|": [
                "record_index variable",
                "record variable",
                "input variable",
                "data-processor.process function",
                "run function",
            ],
            "in|": ["input variable"],
            "rec| == 1": ["record_index variable", "record variable"],
            "input.|": ["id field", "payload field", "metadata field"],
            "input.m|": ["metadata field"],
            "size(input.p|)": ["payload field"],
            "arguments.|": ["input field"],
            "data-pro|": ["data-processor.process function"],
            "process({|": ["id value", "payload value", "metadata value"],
            "x == rec|": ["record_index variable", "record variable"],
        }
    )


def test_while_the_plugin_is_idle_its_functions_can_be_typed() -> None:
    assert [one.label for one in candidates("", 0, None, EXPORTS)] == ["data-processor.process", "run"]


def test_log_has_no_result_to_speak_of() -> None:
    with pytest.raises(NoMeaning):
        meaning("result.ok", stop("answer", LOG, ("info", "x")))
