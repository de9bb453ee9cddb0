"""WAVE is what the crate `wasm-wave` says that it is, in both directions and for what is not WAVE, too."""

import struct
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.values import typed_values, types, values
from support.wave import Reference, reference, spellings

from dataflare_lsp.values import wave
from dataflare_lsp.values.types import (
    STRING,
    Enum,
    Flags,
    Function,
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

TYPES = types(fixed_lengths=False)
"""The reference does not read lists of fixed length."""

SIGNS = "{}[]():,\"'\\%-_.0159aeAEsonf \n\t\r/#\u00e9\U0001f44b"


@pytest.fixture(scope="module")
def asked(wave_reference: Path) -> Iterator[Reference]:
    with reference(wave_reference) as running:
        yield running


def read(text: str, type: Type) -> "Value | wave.WaveError":
    try:
        return wave.parse(text, type)
    except wave.WaveError as error:
        return error


def agree(asked: Reference, text: str, of: Type) -> bool:
    """Whether `text` is a value of the type. That the reference says the same, and reads the same value, is asserted."""
    ours, theirs = read(text, of), asked.value(text, of)
    if theirs.texts is None:
        assert isinstance(ours, wave.WaveError), f"the reference refuses {text!r}: {theirs.error}"
        return False
    assert not isinstance(ours, wave.WaveError), f"the reference reads {text!r} as {theirs.texts[0]}: {ours}"
    assert repr(wave.parse(theirs.texts[0], of)) == repr(ours)
    return True


@given(typed=typed_values(TYPES, nan=True))
def test_what_is_written_is_read_by_the_reference(asked, typed):
    of, value = typed
    assert agree(asked, wave.write(value, of), of)


@given(typed=typed_values(TYPES, nan=True), width=st.integers(0, 60))
def test_what_is_laid_out_is_read_by_the_reference(asked, typed, width):
    of, value = typed
    assert agree(asked, wave.write(value, of, width=width), of)


@given(data=st.data(), typed=typed_values(TYPES))
def test_every_spelling_is_read_by_both(asked, data, typed):
    of, value = typed
    text = data.draw(spellings(value, of))
    assert agree(asked, text, of)
    assert wave.parse(text, of) == value


@given(typed=typed_values(TYPES))
def test_the_reference_writes_what_is_read(asked, typed):
    of, value = typed
    (text,) = asked.value(wave.write(value, of), of).texts or ()
    assert wave.parse(text, of) == value


U8, F64, CHAR = Primitive("u8"), Primitive("f64"), Primitive("char")
LINES = '"""'

EDGES: list[tuple[Type, str]] = [
    (U8, "0 1 01 00 -0 +1 1. .5 1.0 1e0 1e2 255 256 nan inf 1_0 0x1 \u0661"),
    (Primitive("s8"), "-0 -128 -129 128"),
    (F64, "1. 1.0 .5 -.5 1e 1e+ 1e5 1E-5 1e05 01.0 -inf +inf -nan inf nan %nan Infinity 1e999 -1e999 1e-999 -0"),
    (
        CHAR,
        r"""'a' '' '\'' ''' '"' '\"' '\u{41}' '\u{0000041}' '\u{000041}' '\u{}' '\u{110000}' '\u{dfff}' '\x41' '\0' 'ab' "a" """,
    ),
    (CHAR, "'\u00e9' 'e\u0301' '\U0001f44b' '\r' '\t'"),
    (STRING, r"""'' "" "\'" "'" "\u{0041}" "\u{1F44B}" "\u{g}" "\u41" "\a" "\u{41" "\\" "\" """),
    (Option(U8), "1 none some(1) some some() none() some(none) some(some(1)) %none %some(1) ok(1)"),
    (Option(Option(U8)), "1 none some(1) some(none) some(some(1))"),
    (Option(Result(U8, None)), "1 ok(1) some(1) some(ok(1)) some(err) none err"),
    (Result(U8, None), "1 ok(1) ok err err(1) ok() 256 none %ok(1)"),
    (Result(Option(U8), None), "1 none some(1) ok(1) ok(none) ok(some(1))"),
    (Result(None, None), "ok err 1 ok(1) {}"),
    (
        Option(Variant((Named("none", None), Named("some", U8)))),
        "none %none some(%none) some(1) %some(1) some(%some(1)) some(none)",
    ),
    (Enum(("true", "a-1", "HTTP-2a")), "true %true a-1 %a-1 HTTP-2a http-2a a- a--1 a_1 a-1(1) HTTP-2A"),
    (Flags(("true", "a")), "{} {:} {true} {%true,a} {a,true,} {,} {a,a} {a,%a} {b} {a:1} [] a"),
    (
        Record((Named("a", Option(U8)), Named("true", Option(U8)))),
        "{} {:} {a:1} {%a:1} {true:1} {a:1,} {,} {a:1,a:1} {a:1,%a:1} {b:1} {a} {:,} {a:none} ()",
    ),
    (Record((Named("a", U8),)), "{:} {} {a:1} {'a':1} {1:1} {a:1,b:none}"),
    (MapOf(U8, U8), "{} {:} {1:1} {1:1,1:2} {a:1} {-0:1} {1.0:1} {1:1,} {,} [] {1} {(1):1}"),
    (MapOf(Primitive("bool"), U8), "{true:1} {%true:1} {true:1,false:2,true:3} {truer:1}"),
    (Tuple((U8,)), "(1) (1,) (,) () (1,2) 1 [1]"),
    (ListOf(U8), '[] [,] [1] [1,] [1,,] [,1] (1) [01] [256] [-0] "a" {}'),
]

STRINGS = [
    f"{LINES}{LINES}",
    f"{LINES}\n{LINES}",
    f"{LINES}\r\n{LINES}",
    f"{LINES}\r{LINES}",
    f"{LINES} \n{LINES}",
    f"{LINES}\n  a\n  {LINES}",
    f"{LINES}\r\n  a\r\n\r\n  {LINES}",
    f"{LINES}\n  a\r\n  \r\n  b\n  {LINES}",
    f"{LINES}\n  a\n {LINES}",
    f"{LINES}\n a\n  {LINES}",
    f"{LINES}\n\ta\n\t{LINES}",
    f"{LINES}\na\\\r\n{LINES}",
    f"{LINES}\na\r\r\n{LINES}",
    f"{LINES}\n\\{LINES}\n{LINES}",
    f'{LINES}\n""\\"\n{LINES}',
    f"{LINES}\na",
    '"a\rb\tc\x00"',
    '"a\nb"',
]


@pytest.mark.parametrize(("of", "texts"), EDGES, ids=lambda each: each if isinstance(each, str) else "")
def test_edges_are_judged_the_same(asked, of, texts):
    assert {agree(asked, text, of) for text in texts.split(" ") if text} == {True, False}


@pytest.mark.parametrize("text", STRINGS, ids=repr)
def test_strings_are_judged_the_same(asked, text):
    agree(asked, text, STRING)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text with a few signs replaced by others, or by parts of itself."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 3)))
        cut = draw(st.integers(0, len(text)))
        part = text[cut : cut + draw(st.integers(1, 5))]
        new = draw(st.one_of(st.text(SIGNS, max_size=2), st.just(part), st.just(""), st.sampled_from(WORDS)))
        text = text[:start] + new + text[end:]
    return text


WORDS = [
    "true",
    "none",
    "some(",
    "ok",
    "err(",
    "nan",
    "-inf",
    '"""',
    "//",
    "{:}",
    "{}",
    "0",
    "-0",
    "1.0",
    "256",
    "%ok",
    "\\u{d800}",
]


@given(data=st.data(), typed=typed_values(TYPES))
def test_damaged_text_is_judged_the_same(asked, data, typed):
    of, value = typed
    agree(asked, data.draw(damaged(data.draw(spellings(value, of)))), of)


@given(data=st.data(), written=typed_values(TYPES), read_as=TYPES)
def test_text_of_another_type_is_judged_the_same(asked, data, written, read_as):
    of, value = written
    agree(asked, wave.write(value, of), read_as)


@given(bits=st.integers(0, 0x7F7FFFFF), sign=st.sampled_from(["", "-"]), hair=st.integers(-1, 1))
def test_numbers_half_way_between_two_are_rounded_the_same(asked, bits, sign, hair):
    """Or a hair beside: less than `f64` can tell."""
    low, high = struct.unpack("<2f", struct.pack("<2I", bits, bits + 1))
    with localcontext(Context(prec=400)):
        middle = (Decimal(low) + Decimal(min(high, 2.0**128))) / 2
        text = f"{sign}{middle + Decimal(f'{hair}e-200'):f}"
    assert agree(asked, text, Primitive("f32"))
    assert agree(asked, text, Primitive("f64"))


@given(data=st.data(), parameters=st.lists(TYPES, max_size=3))
def test_calls_are_judged_the_same(asked, data, parameters):
    arguments = [data.draw(values(of)) for of in parameters]
    written = [wave.write(value, of) for value, of in zip(arguments, parameters, strict=True)]
    left_out = data.draw(st.integers(0, len(parameters)))
    text = f"a-b:c/d@1.2.3({', '.join(written[: len(written) - left_out])})"
    function = Function(tuple([Named(f"p{i}", of) for i, of in enumerate(parameters)]), None)
    theirs = asked.call(text, parameters)
    try:
        ours = wave.parse_call(text, function)
    except wave.WaveError:
        assert theirs.texts is None
        return
    # Options at the end may be left out. The reference does not let all of them be, against its own documentation.
    if theirs.texts is None:
        assert left_out == len(parameters)
        assert all([isinstance(of, Option) for of in parameters])
        return
    assert ours == tuple([wave.parse(text, of) for text, of in zip(theirs.texts, parameters, strict=True)])
