import pytest
from inline_snapshot import snapshot

from dataflare_lsp.debug.codec import Malformed, decoded, encoded
from dataflare_lsp.debug.messages import SetBreakpointsArguments, Source, SourceBreakpoint, VariablesArguments
from dataflare_lsp.values.json import Json


def test_a_message_is_a_value() -> None:
    json = {"source": {"path": "/a.wit"}, "breakpoints": [{"line": 3, "condition": "level == 'error'"}]}
    value = SetBreakpointsArguments(Source(path="/a.wit"), (SourceBreakpoint(3, condition="level == 'error'"),))
    assert decoded(SetBreakpointsArguments, json, "arguments") == value
    assert encoded(value) == {**json, "sourceModified": False}


def test_a_name_that_tuples_have_is_written_as_the_protocol_has_it() -> None:
    json = {"variablesReference": 7, "start": 100, "count": 50}
    assert decoded(VariablesArguments, json, "arguments") == VariablesArguments(7, None, 100, 50)


def test_what_clients_send_beyond_it_is_passed_over_and_null_is_nothing() -> None:
    json = {"source": {"path": None, "adapterData": [1]}, "lines": [1], "breakpoints": None}
    assert decoded(SetBreakpointsArguments, json, "arguments") == SetBreakpointsArguments(Source())


def refused(json: Json) -> str:
    with pytest.raises(Malformed) as found:
        decoded(SetBreakpointsArguments, json, "arguments")
    return str(found.value)


def test_what_is_wrong_is_said_with_its_place() -> None:
    assert [
        refused(json)
        for json in (
            None,
            [],
            {},
            {"source": 1},
            {"source": {"presentationHint": "loud"}},
            {"source": {}, "breakpoints": {}},
            {"source": {}, "breakpoints": [{"line": 1}, {"line": "1" * 100}]},
            {"source": {}, "breakpoints": [{"line": True}]},
            {"source": {}, "breakpoints": [{}]},
            {"source": {}, "sourceModified": 0},
        )
    ] == snapshot(
        [
            "`arguments`: expected an object, found null",
            "`arguments`: expected an object, found an array",
            "`arguments.source` is missing",
            "`arguments.source`: expected an object, found the number 1",
            "`arguments.source.presentationHint`: expected one of `normal`, `emphasize`, `deemphasize`, found the string 'loud'",
            "`arguments.breakpoints`: expected an array, found an object",
            "`arguments.breakpoints[1].line`: expected a whole number, found the string '1111111111111111111111111111111111111111'…",
            "`arguments.breakpoints[0].line`: expected a whole number, found true",
            "`arguments.breakpoints[0].line` is missing",
            "`arguments.sourceModified`: expected true or false, found the number 0",
        ]
    )
