"""How values look as WAVE."""

from textwrap import dedent

import pytest

from dataflare_lsp.values import wave
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Case,
    Enum,
    Flags,
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
    Value,
)

U8 = Primitive("u8")
RECORD = Record(
    (
        Named("id", STRING),
        Named("payload", BYTES),
        Named("metadata", ListOf(Tuple((STRING, STRING)))),
        Named("note", Option(STRING)),
    )
)
VALUE = ("r-1", bytes(range(20)), (("content-type", "text/plain"), ("source", "sensor")), None)


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [
        (Primitive("f64"), 1.0, "1"),
        (Primitive("f64"), -0.0, "-0"),
        (Primitive("f64"), 1e16, "10000000000000000"),
        (Primitive("f64"), 1e300, "1e300"),
        (Primitive("f64"), 1.25e-7, "1.25e-7"),
        (Primitive("f64"), 0.00001, "0.00001"),
        (Primitive("f32"), 0.10000000149011612, "0.1"),
        (Primitive("f32"), 16777216.0, "16777216"),
        (Primitive("f32"), float("-inf"), "-inf"),
        (STRING, 'tab\t "it\'s" \\', '"tab\\t \\"it\'s\\" \\\\"'),
        (STRING, "\x1b[31m \u202e e\u0301", '"\\u{1b}[31m \\u{202e} e\u0301"'),
        (STRING, "\u0301", r'"\u{301}"'),
        (Primitive("char"), "'", r"'\''"),
        (Primitive("char"), '"', "'\"'"),
        (Enum(("ok", "late")), "ok", "%ok"),
        (Flags(("ok", "late")), ("ok",), "{ok}"),
        (Flags(("ok", "late")), (), "{}"),
        (Option(U8), Case("some", 1), "some(1)"),
        (Result(None, None), Case("err"), "err"),
        (Record((Named("note", Option(U8)),)), (None,), "{:}"),
        (MapOf(STRING, U8), (("a", 1), ("b", 2), ("a", 3)), '{"a": 3, "b": 2}'),
        (Handle("session", owned=False), 7, "session(7)"),
        (Handle("", owned=True), 7, "resource(7)"),
    ],
)
def test_values_in_one_line(of: Type, value: Value, text: str):
    assert wave.write(value, of) == text


def test_a_value_is_laid_out_where_it_is_too_wide():
    assert wave.write(VALUE, RECORD, width=200) == wave.write(VALUE, RECORD)
    assert wave.write(VALUE, RECORD, width=48) == dedent(
        """\
        {
          id: "r-1",
          payload: [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
            13, 14, 15, 16, 17, 18, 19,
          ],
          metadata: [
            ("content-type", "text/plain"),
            ("source", "sensor"),
          ],
        }"""
    )


def test_what_is_wrapped_is_laid_out_around_what_it_wraps():
    of = Result(Option(RECORD), None)
    assert wave.write(Case("ok", Case("some", ("a", b"", (), None))), of, width=20) == dedent(
        """\
        ok(some({
          id: "a",
          payload: [],
          metadata: [],
        }))"""
    )


def test_what_is_long_is_abbreviated_on_request():
    assert wave.write(VALUE, RECORD, elements=3, characters=4) == (
        '{id: "r-1", payload: [0, 1, 2, … 17 more], metadata: [("cont"… 8 more, "text"… 6 more), ("sour"… 2 more, "sens"… 2 more)]}'
    )
    entries = MapOf(U8, U8)
    assert wave.write(((1, 1), (2, 2), (3, 3)), entries, elements=2) == "{1: 1, 2: 2, … 1 more}"


@pytest.mark.parametrize("width", range(16, 40))
def test_no_line_is_wider_than_it_may_be(width: int):
    numbers = ListOf(Primitive("u32"))
    flat, nested = tuple(range(0, 10_000, 7)), tuple([tuple(range(count)) for count in range(30)])
    lines = [
        *wave.write(flat, numbers, width=width).split("\n"),
        *wave.write(nested, ListOf(numbers), width=width).split("\n"),
    ]
    assert width - 1 <= max(map(len, lines)) <= width


def test_values_that_are_not_carried_are_refused():
    with pytest.raises(ValueError, match="stream"):
        wave.write(None, Unsupported("stream"))
