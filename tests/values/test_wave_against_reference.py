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
from dataflare_lsp.values.types import Function, Named, Option, Primitive, Type, Value

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
