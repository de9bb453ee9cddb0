"""Numbers are written short, and read as the nearest."""

import struct

from hypothesis import example, given
from hypothesis import strategies as st

from dataflare_lsp.values import floats


@given(st.integers(0, 0x7F7FFFFF))
@example(0x67756783)  # 1.15888924e24, where eight are too few
def test_nine_digits_are_enough_for_f32(bits):
    (value,) = struct.unpack("<f", struct.pack("<I", bits))
    text = floats.write(value, "f32")
    digits = text.split("e")[0].replace(".", "").strip("-").strip("0")
    assert len(digits) <= 9
    assert repr(floats.read(text, "f32")) == repr(value) == repr(floats.to_single(float(text)))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_f64_is_written_as_short_as_python_does(value):
    text = floats.write(value, "f64")
    assert repr(floats.read(text, "f64")) == repr(value)
    assert len(text) <= len(repr(value))
