"""What is said of a text that is no WAVE of its type, and where."""

from functools import partial
from textwrap import dedent

import pytest

from dataflare_lsp.values import json, wave
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Case,
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
    Value,
    Variant,
)

U8 = Primitive("u8")
RECORD = Record(
    (
        Named("id", STRING),
        Named("timestamp", Primitive("u64")),
        Named("payload", BYTES),
        Named("metadata", ListOf(Tuple((STRING, STRING)))),
    )
)
LEVEL = Enum(("debug", "info", "err"))
OUTCOME = Variant((Named("skip", None), Named("failed", STRING)))
PERMISSIONS = Flags(("read", "write", "execute"))
PROCESS = Function((Named("input", STRING), Named("level", Option(U8))), OUTCOME)


def picture(text: str, error: wave.WaveError) -> str:
    """The line of the text that is wrong, and what is said below it."""
    start, end = error.span
    begin = text.rfind("\n", 0, start) + 1
    line = text[begin:].split("\n", 1)[0]
    width = max(1, min(end, begin + len(line)) - start)
    return f"{line}\n{' ' * (start - begin)}{'^' * width} {error}"


def refused(text: str, of: Type | Function) -> str:
    parse = partial(wave.parse_call, text, of) if isinstance(of, Function) else partial(wave.parse, text, of)
    with pytest.raises(wave.WaveError) as raised:
        parse()
    return picture(text, raised.value)


PICTURES = [
    (
        RECORD,
        """\
        {id: "a", timestmap: 1}
                  ^^^^^^^^^ no field `timestmap`; did you mean `timestamp`?
        """,
    ),
    (
        RECORD,
        """\
        {id: "a", colour: 1}
                  ^^^^^^ no field `colour`; expected fields `timestamp`, `payload` and `metadata`
        """,
    ),
    (
        RECORD,
        """\
        {id: "a", payload: []}
        ^^^^^^^^^^^^^^^^^^^^^^ fields `timestamp` and `metadata` are missing
        """,
    ),
    (
        RECORD,
        """\
        {id: "a", id: "b"}
                  ^^ field `id` is given twice
        """,
    ),
    (
        RECORD,
        """\
        {id: "a" timestamp: 1}
                 ^^^^^^^^^ expected `,` or `}`, found `timestamp`
        """,
    ),
    (
        RECORD,
        """\
        {"id": "a"}
         ^^^^ expected a field, found `"id"`
        """,
    ),
    (
        RECORD,
        """\
        {id: "a", timestamp:
                            ^ expected a value of type u64, but the text ends
        """,
    ),
    (
        RECORD,
        """\
        [1, 2]
        ^ expected a value of type record { id: string, timestamp: u64, payload: list<u8>, … }, found `[`
        """,
    ),
    (
        Record((Named("note", Option(STRING)),)),
        """\
        {}
        ^^ `{}` is no record; one without fields is written as `{:}`
        """,
    ),
    (
        BYTES,
        """\
        "text"
        ^^^^^^ expected a value of type list<u8>, found `"text"`
        """,
    ),
    (
        BYTES,
        """\
        [1, 256]
            ^^^ `256` is out of range for u8, which is 0 to 255
        """,
    ),
    (
        BYTES,
        """\
        [1, 2 3]
              ^ expected `,` or `]`, found `3`
        """,
    ),
    (
        ListOf(U8, 3),
        """\
        [1, 2]
        ^^^^^^ expected 3 elements, found 2
        """,
    ),
    (
        U8,
        """\
        1.5
        ^^^ expected a value of type u8, found `1.5`
        """,
    ),
    (
        U8,
        """\
        -0
        ^^ `-0` is no u8, which has no sign
        """,
    ),
    (
        U8,
        """\
        0x10
         ^^^ expected the end of the text after the value, found `x10`
        """,
    ),
    (
        STRING,
        """\
        'a'
        ^^^ expected a value of type string, found `'a'`; strings are written in double quotes
        """,
    ),
    (
        STRING,
        """\
        "a\\d"
          ^^ `\\d` is no escape; \\" \\' \\\\ \\t \\n \\r and \\u{1F44B} are
        """,
    ),
    (
        STRING,
        """\
        "\\u{d800}"
         ^^^^^^^^ no character has the number d800
        """,
    ),
    (
        STRING,
        """\
        "open
        ^^^^^ this string is not closed; expected `"` on the same line
        """,
    ),
    (
        Primitive("char"),
        """\
        'ab'
        ^ expected one character, or one escape, between `'` and `'`
        """,
    ),
    (
        Primitive("bool"),
        """\
        yes
        ^^^ expected a value of type bool, found `yes`
        """,
    ),
    (
        LEVEL,
        """\
        inof
        ^^^^ no case `inof`; did you mean `info`?
        """,
    ),
    (
        LEVEL,
        """\
        err
        ^^^ `err` is a keyword; write `%err` for the case of that name
        """,
    ),
    (
        OUTCOME,
        """\
        failed
              ^ expected `(` and a value of type string after `failed`, but the text ends
        """,
    ),
    (
        OUTCOME,
        """\
        skip("now")
            ^ `skip` has no payload
        """,
    ),
    (
        PERMISSIONS,
        """\
        {read, wirte}
               ^^^^^ no flag `wirte`; did you mean `write`?
        """,
    ),
    (
        PERMISSIONS,
        """\
        {read, read}
               ^^^^ flag `read` is given twice
        """,
    ),
    (
        Tuple((U8, STRING)),
        """\
        (1)
        ^^^ expected 2 elements, found 1
        """,
    ),
    (
        Tuple((U8, STRING)),
        """\
        (1, "a", 2)
                 ^ expected `)` after 2 elements, found `2`
        """,
    ),
    (
        Option(Option(U8)),
        """\
        1
        ^ expected a value of type option<option<u8>>, found `1`
        """,
    ),
    (
        Result(None, STRING),
        """\
        ok(1)
          ^ `ok` has no payload
        """,
    ),
    (
        MapOf(STRING, U8),
        """\
        {a: 1}
         ^ expected a value of type string, found `a`; strings are written in double quotes
        """,
    ),
    (
        U8,
        """\
        1 // one
          # two
          ^ no value has a `#` here
        """,
    ),
    (
        Handle("session", owned=True),
        """\
        session(1)
        ^^^^^^^ values of type own<session> cannot be written down
        """,
    ),
    (
        Unsupported("stream"),
        """\
        []
        ^ values of type stream cannot be written down
        """,
    ),
    (
        PROCESS,
        """\
        data-processor#process()
                              ^^ argument `input` is missing; func(input: string, level: option<u8>) -> variant { skip, failed(string) }
        """,
    ),
    (
        PROCESS,
        """\
        process("a", 1, 2)
                        ^ expected `)` after 2 arguments, found `2`; func(input: string, level: option<u8>) -> variant { skip, failed(string) }
        """,
    ),
    (
        PROCESS,
        """\
        process
               ^ expected `(` and the arguments after the name of the function; a call is written as `interface#function(1, true)`
        """,
    ),
    (
        PROCESS,
        """\
        ("a")
        ^ expected the name of a function; a call is written as `interface#function(1, true)`
        """,
    ),
]


@pytest.mark.parametrize(
    ("of", "shown"), PICTURES, ids=lambda each: dedent(each).split("\n")[0] if isinstance(each, str) else ""
)
def test_the_place_and_what_was_expected(of: Type | Function, shown: str):
    *text, _ = dedent(shown).rstrip("\n").rsplit("\n", 1)
    assert refused("\n".join(text), of) == "\n".join(dedent(shown).rstrip("\n").split("\n")[-2:])


def test_lines_of_a_string_must_be_indented_as_its_end():
    assert refused('"""\n  one\n two\n  """', STRING) == dedent(
        """\
         two
        ^^^^ expected 2 spaces at the start of this line, as before the closing `\"""`"""
    )


def test_depth_is_limited():
    deep: Type = U8
    for _ in range(99):
        deep = ListOf(deep)
    assert wave.write(wave.parse("[" * 99 + "1" + "]" * 99, deep), deep) == "[" * 99 + "1" + "]" * 99
    assert "more than 100 deep" in refused("[" * 100 + "1" + "]" * 100, ListOf(deep))


def test_the_deepest_values_are_carried():
    deep: Type = U8
    value: Value = 1
    for _ in range(99):
        deep = ListOf(Option(deep))
        value = (Case("some", value),)
    text = "[" * 99 + "1" + "]" * 99
    assert wave.parse(text, deep) == value
    assert wave.write(value, deep).replace("some(", "").replace(")", "") == text
    assert json.parse(json.write(value, deep), deep) == value


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a:" * 100_000, "some(" * 100_000, "1" * 100_000, '"' + "\\" * 99_999, "//" * 100_000]
)
@pytest.mark.parametrize(
    "of", [U8, BYTES, STRING, RECORD, Option(U8), ListOf(ListOf(BYTES)), Variant((Named("a", U8),))]
)
def test_hostile_text_is_refused(text: str, of: Type):
    with pytest.raises(wave.WaveError):
        wave.parse(text, of)


def test_surrogates_are_no_characters():
    assert refused('"\ud800"', STRING).endswith("half of a surrogate pair is no character")


def test_fields_with_defaults_may_be_left_out():
    defaults = {"id": "7", "timestamp": 0, "metadata": ()}
    assert wave.parse("{payload: [1]}", RECORD, defaults) == ("7", 0, b"\x01", ())
    assert wave.parse('{id: "own", payload: []}', RECORD, defaults) == ("own", 0, b"", ())
    with pytest.raises(wave.WaveError, match="field `payload` is missing"):
        wave.parse("{:}", RECORD, defaults)
    with pytest.raises(wave.WaveError, match="fields `id`, `timestamp`, `payload` and 1 more are missing"):
        wave.parse("[{:}]", ListOf(RECORD), defaults)
