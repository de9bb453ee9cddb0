"""Numbers are written short, and read as the nearest."""

from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.values import floats


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_nine_digits_are_enough_for_f32(value):
    text = floats.write(value, "f32")
    digits = text.split("e")[0].replace(".", "").strip("-").strip("0")
    assert len(digits) <= 9
    assert repr(floats.read(text, "f32")) == repr(value) == repr(floats.to_single(float(text)))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_f64_is_written_as_short_as_python_does(value):
    text = floats.write(value, "f64")
    assert repr(floats.read(text, "f64")) == repr(value)
    assert len(text) <= len(repr(value))
