"""Whatever is written is read as what it was, in WAVE and in JSON, for values of all types."""

import json

from hypothesis import given
from hypothesis import strategies as st
from support.values import typed_values

from dataflare_lsp.values import json as values_json
from dataflare_lsp.values import wave


@given(typed_values())
def test_wave(typed):
    of, value = typed
    assert wave.parse(wave.write(value, of), of) == value


@given(typed_values(), st.integers(0, 60))
def test_wave_that_is_laid_out(typed, width):
    of, value = typed
    assert wave.parse(wave.write(value, of, width=width), of) == value


@given(typed_values())
def test_json(typed):
    of, value = typed
    text = values_json.write(value, of)
    assert "\n" not in text
    assert values_json.parse(text, of) == value
    assert values_json.from_data(json.loads(text), of) == value


@given(typed_values(nan=True))
def test_what_is_not_a_number_comes_back_as_that(typed):
    of, value = typed
    for form in (wave, values_json):
        text = form.write(value, of)
        assert form.write(form.parse(text, of), of) == text


@given(typed_values())
def test_zeros_keep_their_sign(typed):
    of, value = typed
    assert repr(values_json.parse(values_json.write(value, of), of)) == repr(value)
    assert repr(wave.parse(wave.write(value, of), of)) == repr(value)
