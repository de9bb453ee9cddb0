"""Types as text."""

import pytest

from dataflare_lsp.values.describe import brief, describe
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Enum,
    Flags,
    Function,
    Handle,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Unsupported,
    Variant,
)

PAIRS = ListOf(Tuple((STRING, STRING)))
RECORD = Record((Named("id", STRING), Named("payload", BYTES), Named("metadata", PAIRS), Named("note", Option(STRING))))
OUTCOME = Variant((Named("success", RECORD), Named("skip", None)))


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (BYTES, "list<u8>"),
        (ListOf(STRING, 4), "list<string, 4>"),
        (MapOf(STRING, BYTES), "map<string, list<u8>>"),
        (
            RECORD,
            "record { id: string, payload: list<u8>, metadata: list<tuple<string, string>>, note: option<string> }",
        ),
        (Record(()), "record {}"),
        (Enum(("a", "b")), "enum { a, b }"),
        (Flags(("a", "b")), "flags { a, b }"),
        (Variant((Named("a", None), Named("b", STRING))), "variant { a, b(string) }"),
        (Result(None, None), "result"),
        (Result(STRING, None), "result<string>"),
        (Result(None, STRING), "result<_, string>"),
        (Result(BYTES, STRING), "result<list<u8>, string>"),
        (Handle("session", owned=True), "own<session>"),
        (Handle("", owned=False), "borrow<_>"),
        (Unsupported("error-context"), "error-context"),
        (Function((Named("a", STRING),), None), "func(a: string)"),
        (Function((), Primitive("bool")), "func() -> bool"),
    ],
)
def test_all_of_it(of: Type | Function, text: str):
    assert describe(of) == text


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (RECORD, "record { id: string, payload: list<u8>, metadata: list<tuple<string, …>>, … }"),
        (OUTCOME, "variant { success(record { id: string, … }), skip }"),
        (Enum(tuple("abcd")), "enum { a, b, c, … }"),
        (
            Function((Named("a", RECORD),), None),
            "func(a: record { id: string, payload: list<u8>, metadata: list<tuple<string, …>>, … })",
        ),
    ],
)
def test_as_much_as_a_sentence_can_bear(of: Type | Function, text: str):
    assert brief(of) == text


def test_types_of_different_kinds_differ():
    """Plans and strategies are kept by type."""
    alike = [ListOf(STRING), Result(STRING, None), MapOf(STRING, STRING), Result(STRING, STRING)]
    named = [Record((Named("a", STRING),)), Variant((Named("a", STRING),)), Enum(("a",)), Flags(("a",))]
    nested = [Option(Option(STRING)), Tuple((STRING,)), Option(STRING), Option(Tuple((STRING,)))]
    every = [*alike, *named, *nested]
    assert len(set(every)) == len(every)
