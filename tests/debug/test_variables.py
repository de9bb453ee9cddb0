import pytest
from inline_snapshot import snapshot
from support.stops import GET, LOG, PROCESS, stop

from dataflare_lsp.debug import variables
from dataflare_lsp.debug.debuggee import Metrics
from dataflare_lsp.debug.tree import NotRead
from dataflare_lsp.debug.variables import Change, NotHere, Row, Variables, changed
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.life import Measured
from dataflare_lsp.values.types import Case

RECORD = ("r1", b"{}", (("source", "kafka"), ("part", "7")))
ENTRY = stop("entry", PROCESS, (RECORD,))
CALL = stop("call", GET, ("threshold",))
ANSWER = stop("answer", GET, ("threshold",), Case("some", "10"))
RETURN = stop("return", PROCESS, (RECORD,), Case("ok", Case("some", RECORD)))
TRAP = stop("trap", PROCESS, (RECORD,), error=Failure("trap", "unreachable"))


def shown(rows: tuple[Row, ...]) -> list[str]:
    known = Variables()
    found = known.children(known.scope("scope", rows).variables_reference, None, 0, 0, is_hex=False)
    return [
        f"{one.name} = {one.value} : {one.type}{' (read only)' if one.presentation_hint else ''} [{one.evaluate_name}]"
        for one in found
    ]


def test_a_stop_shows_what_is_known_then() -> None:
    assert {
        one.moment: [*shown(variables.arguments(one)), *shown(variables.results(one))]
        for one in (ENTRY, CALL, ANSWER, RETURN, TRAP)
    } == snapshot(
        {
            "entry": [
                'input = {id: "r1", payload: [123, 125], metadata: [("source", "kafka"), ("part", "7")]} : record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> } [input]'
            ],
            "call": [
                'key = "threshold" : string [key]',
                "result = not answered yet; what is set here is answered in the host's place : option<string> [result]",
            ],
            "answer": ['key = "threshold" : string (read only) [key]', 'result = some("10") : option<string> [result]'],
            "return": [
                'input = {id: "r1", payload: [123, 125], metadata: [("source", "kafka"), ("part", "7")]} : record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> } (read only) [input]',
                'result = ok(some({id: "r1", payload: [123, 125], metadata: [("source", "kafka"), ("part", "7")]})) : result<option<record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> }>, string> (read only) [result]',
            ],
            "trap": [
                'input = {id: "r1", payload: [123, 125], metadata: [("source", "kafka"), ("part", "7")]} : record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> } (read only) [input]',
                "error = unreachable : trap (read only) [error]",
            ],
        }
    )


def test_the_record_and_the_plugin_are_shown_at_every_stop() -> None:
    measured = Measured(3_200_000, 1_000_000, 10, 1, 45_000, 40_000, 90_000, 1234.5, 18 << 20)
    assert [
        *shown(variables.records(ANSWER)),
        *shown(variables.plugin(Metrics("paused", measured))),
        *shown(variables.settings({"threshold": "10"})),
    ] == snapshot(
        [
            "index = 0 : None (read only) [record_index]",
            'record = {id: "r1", payload: [123, 125], metadata: []} : record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> } (read only) [record]',
            "state = paused : None (read only) [None]",
            "calls = 10 : None (read only) [None]",
            "failed = 1 : None (read only) [None]",
            "error rate = 10.0% : None (read only) [None]",
            "throughput = 1234 calls/s : None (read only) [None]",
            "load = 3.2 ms : None (read only) [None]",
            "start = 1 ms : None (read only) [None]",
            "mean = 0.045 ms : None (read only) [None]",
            "p50 = 0.04 ms : None (read only) [None]",
            "p99 = 0.09 ms : None (read only) [None]",
            "memory = 18.0 MiB : None (read only) [None]",
            "threshold = 10 : None (read only) [None]",
        ]
    )


def test_values_are_opened_by_the_numbers_that_were_given() -> None:
    known = Variables()
    scope = known.scope("Arguments", variables.arguments(ENTRY))
    (record,) = known.children(scope.variables_reference, None, 0, 0, is_hex=False)
    fields = known.children(record.variables_reference, None, 0, 0, is_hex=False)
    assert [(one.name, one.evaluate_name, one.named_variables, one.indexed_variables) for one in fields] == snapshot(
        [("id", "input.id", None, None), ("payload", "input.payload", 3, 2), ("metadata", "input.metadata", None, 2)]
    )
    payload, metadata = fields[1], fields[2]
    named = known.children(payload.variables_reference, "named", 0, 0, is_hex=False)
    assert [(one.name, one.value) for one in named] == snapshot([("text", '"{}"'), ("json", "{:}"), ("hex", "7b 7d")])
    every = known.children(payload.variables_reference, None, 2, 2, is_hex=True)
    assert [(one.name, one.value) for one in every] == snapshot([("hex", "7b 7d"), ("[0]", "0x7b")])
    page = known.children(metadata.variables_reference, "indexed", 1, 10, is_hex=False)
    assert [(one.name, one.value) for one in page] == snapshot([("[1]", '("part", "7")')])


def test_numbers_that_were_not_given_open_nothing() -> None:
    known = Variables()
    for reference in (0, 1, -1, 10**12):
        with pytest.raises(NotHere, match="of a stop that is over"):
            known.children(reference, None, 0, 0, is_hex=False)


def test_what_the_plugin_has_yet_to_see_can_be_changed() -> None:
    known = Variables()
    scope = known.scope("Result", variables.results(ANSWER))
    place = known.find(scope.variables_reference, "result")
    assert changed(place, 'some("20")', {"result": ANSWER.result}) == Change("result", ("some", "20"))
    with pytest.raises(NotRead, match="expected"):
        changed(place, "20", {"result": ANSWER.result})


def test_a_part_of_an_argument_changes_the_argument() -> None:
    known = Variables()
    scope = known.scope("Arguments", variables.arguments(ENTRY))
    (record,) = known.children(scope.variables_reference, None, 0, 0, is_hex=False)
    metadata = known.children(record.variables_reference, None, 0, 0, is_hex=False)[2]
    (first, _) = known.children(metadata.variables_reference, None, 0, 0, is_hex=False)
    place = known.find(first.variables_reference, "[1]")
    assert changed(place, '"file"', {0: RECORD}) == Change(0, ("r1", b"{}", (("source", "file"), ("part", "7"))))


def test_what_was_seen_already_cannot_be_changed() -> None:
    for one in (RETURN, TRAP):
        place = variables.arguments(one)[0].place
        with pytest.raises(NotHere, match="cannot be changed"):
            changed(place, "{}", {})
    assert stop("call", LOG, ("info", "x")).type.result is None
