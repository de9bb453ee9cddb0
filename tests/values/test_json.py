"""The JSON of values: each form that is read, the one that is written, and what is said of what is neither."""

import json
import math

import pytest

from dataflare_lsp.values import json as values_json
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
    Value,
    Variant,
)

U8 = Primitive("u8")
U64 = Primitive("u64")
PAIRS = ListOf(Tuple((STRING, STRING)))
RECORD = Record((Named("id", STRING), Named("timestamp", U64), Named("payload", BYTES), Named("metadata", PAIRS)))
OUTCOME = Variant((Named("success", RECORD), Named("skip", None)))
PERMISSIONS = Flags(("read", "write"))


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [
        (U64, 2**64 - 1, "18446744073709551615"),
        (Primitive("s64"), -(2**63), "-9223372036854775808"),
        (Primitive("f64"), 0.1, "0.1"),
        (Primitive("f32"), 0.10000000149011612, "0.1"),
        (Primitive("f64"), -0.0, "-0.0"),
        (Primitive("f64"), math.inf, '"inf"'),
        (Primitive("f32"), -math.inf, '"-inf"'),
        (Primitive("char"), "\U0001f44b", '"\U0001f44b"'),
        (STRING, "\x1b[2J \x9b \u2028 \u202e", r'"\u001b[2J \u009b \u2028 \u202e"'),
        (BYTES, b"plain", '"plain"'),
        (BYTES, b"", '""'),
        (BYTES, b"\x00", '{"base64": "AA=="}'),
        (BYTES, b"\xff\xfe", '{"base64": "//4="}'),
        (PAIRS, (("a", "1"), ("b", "2")), '{"a": "1", "b": "2"}'),
        (PAIRS, (("a", "1"), ("a", "2")), '[["a", "1"], ["a", "2"]]'),
        (PAIRS, (), "{}"),
        (ListOf(BYTES), (b"a", b"\x00"), '["a", {"base64": "AA=="}]'),
        (MapOf(STRING, U8), (("a", 1),), '{"a": 1}'),
        (MapOf(U8, STRING), ((1, "a"),), '[[1, "a"]]'),
        (Option(U8), None, "null"),
        (Option(U8), Case("some", 1), "1"),
        (Option(Option(U8)), None, "null"),
        (Option(Option(U8)), Case("some", None), '{"some": null}'),
        (Option(Option(U8)), Case("some", Case("some", 1)), '{"some": 1}'),
        (Option(Option(Option(U8))), Case("some", Case("some", None)), '{"some": {"some": null}}'),
        (OUTCOME, Case("skip"), '"skip"'),
        (Result(U8, None), Case("ok", 1), '{"ok": 1}'),
        (Result(U8, None), Case("err"), '"err"'),
        (Result(Option(U8), None), Case("ok", None), '{"ok": null}'),
        (PERMISSIONS, ("read",), '["read"]'),
        (Enum(("a", "b")), "b", '"b"'),
        (Tuple((U8, STRING)), (1, "a"), '[1, "a"]'),
    ],
)
def test_the_form_that_is_written_is_read(of: Type, value: Value, text: str):
    assert values_json.write(value, of) == text
    assert repr(values_json.parse(text, of)) == repr(value)
    assert json.loads(text) == json.loads(json.dumps(values_json.to_data(value, of)))


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (BYTES, "[104, 105]", b"hi"),
        (BYTES, '{"base64": "aGk="}', b"hi"),
        (PAIRS, '[["a", "1"]]', (("a", "1"),)),
        (PAIRS, "[]", ()),
        (MapOf(STRING, U8), '[["a", 1], ["b", 2], ["a", 3]]', (("a", 3), ("b", 2))),
        (PERMISSIONS, '["write", "read"]', ("read", "write")),
        (Primitive("f64"), "7", 7.0),
        (Primitive("f32"), "16777217", 16777216.0),
        (Record((Named("note", Option(U8)),)), "{}", (None,)),
    ],
)
def test_other_forms_are_read(of: Type, text: str, value: Value):
    assert values_json.parse(text, of) == value


def test_fields_with_defaults_may_be_left_out():
    defaults = {"id": "7", "timestamp": 0, "metadata": ()}
    assert values_json.parse('{"payload": "x"}', RECORD, defaults) == ("7", 0, b"x", ())
    assert values_json.parse('{"payload": "x", "id": "own"}', RECORD, defaults) == ("own", 0, b"x", ())


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (RECORD, "[]", "`$`: expected record { id: string, timestamp: u64, payload: list<u8>, … }, found an array"),
        (RECORD, '{"id": "a", "timestmap": 1}', "`$`: no field `timestmap`; did you mean `timestamp`?"),
        (RECORD, '{"id": "a", "colour": 1}', "`$`: no field `colour`; expected `id`, `timestamp`, `payload`, …"),
        (RECORD, '{"id": "a"}', "`$`: field `timestamp` is missing; it is of type u64"),
        (RECORD, '{"id": "a", "id": "b"}', "`$.id`: this key is there twice"),
        (RECORD, '{"id": null}', "`$.id`: expected string, found null"),
        (RECORD, '{"metadata": {"a b": 1}}', '`$.metadata["a b"]`: expected string, found `1`'),
        (RECORD, '{"metadata": [["a"]]}', "`$.metadata[0]`: expected 2 elements, found 1"),
        (
            RECORD,
            '{"payload": 1}',
            '`$.payload`: expected list<u8>, found `1`; bytes are a string, {"base64": "…"} or an array of numbers',
        ),
        (RECORD, '{"payload": [1, 256]}', "`$.payload[1]`: `256` is out of range for u8, which is 0 to 255"),
        (RECORD, '{"payload": {"base64": "", "x": 1}}', '`$.payload.x`: expected nothing beside "base64"'),
        (RECORD, '{"payload": "\\ud800"}', "`$.payload`: half of a surrogate pair is no character"),
        (OUTCOME, '{"success": {"id": 1}}', "`$.success.id`: expected string, found `1`"),
        (OUTCOME, '"sucess"', "`$`: no case `sucess`; did you mean `success`?"),
        (
            Result(U8, None),
            '"ok"',
            '`$`: case `ok` needs a payload, as in {"ok": …}; it is of type u8',
        ),
        (OUTCOME, '{"skip": null}', '`$`: case `skip` has no payload and is written as "skip"'),
        (OUTCOME, "{}", "`$`: expected one case, found 0"),
        (
            Option(Option(U8)),
            "1",
            '`$`: expected option<option<u8>>, found `1`; an option of an option is null or {"some": …}',
        ),
        (U8, "true", "`$`: expected u8, found true"),
        (U8, "1.0", "`$`: expected u8, found `1.0`"),
        (
            U64,
            "18446744073709551616",
            "`$`: `18446744073709551616` is out of range for u64, which is 0 to 18446744073709551615",
        ),
        (U64, "9" * 5000, "`$`: `99999999999999999999…` is out of range for u64, which is 0 to 18446744073709551615"),
        (
            Primitive("f32"),
            "1e39",
            '`$`: `1e+39` is out of range for f32; what is not finite is "nan", "inf" or "-inf"',
        ),
        (Primitive("f64"), "NaN", '`$`: `NaN` is no JSON; write "nan"'),
        (Primitive("char"), '"ab"', '`$`: expected char, found `"ab"`; a char is a string of one character'),
        (PERMISSIONS, '["wirte"]', "`$[0]`: no flag `wirte`; did you mean `write`?"),
        (PERMISSIONS, '["read", "read"]', "`$[1]`: flag `read` is given twice"),
        (ListOf(U8, 2), '"abc"', "`$`: expected 2 elements, found 3"),
        (Handle("session", owned=True), "1", "`$`: values of type own<session> cannot be written down"),
        (ListOf(BYTES), "[" * 100_000, "`$`: this JSON is nested too deep"),
    ],
)
def test_what_is_wrong_and_where(of: Type, text: str, message: str):
    with pytest.raises(values_json.JsonError) as raised:
        values_json.parse(text, of)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('{"id" 1}', "this is no JSON: expecting ':' delimiter", 6),
        ("{\n} x", "this is no JSON: extra data", 4),
        ("", "this is no JSON: expecting value", 0),
    ],
)
def test_where_text_is_no_json(text: str, message: str, offset: int):
    with pytest.raises(values_json.JsonError) as raised:
        values_json.parse(text, RECORD)
    assert str(raised.value) == message
    assert raised.value.offset == offset
