"""Floating-point numbers between text and value, exact in both directions and for both widths.

Python's own floats are `f64`. A value of `f32` is the Python float that is equal to it.
"""

import math
import struct
from decimal import Decimal
from typing import Final, Literal

FloatName = Literal["f32", "f64"]

_SINGLE: Final = struct.Struct("<f")
_BITS: Final = struct.Struct("<I")
_LARGEST_SINGLE: Final = 3.4028234663852886e38
_POSITIONAL: Final = range(-5, 17)
"""The powers of ten between which a number is written without an exponent, as Python does."""


def read(text: str, type: FloatName) -> float:
    """The float nearest to a decimal number, ties to even; infinite where it is too large.

    A decimal number is not rounded to `f64` on its way to `f32`, which now and then would give the wrong neighbour.
    """
    double = float(text)
    if type == "f64":
        return double
    single = to_single(double)
    if single == double or not math.isfinite(double):
        return single
    other = _neighbour(single, double)
    # The mean of two values of `f32` is exact in `f64`. What is infinite begins half way to the next power of two.
    if double != (_finite(single) + _finite(other)) / 2:
        return single
    exact, tie = Decimal(text), Decimal(double)
    if exact == tie:
        return single
    return max(single, other) if exact > tie else min(single, other)


def to_single(value: float) -> float:
    """The value of `f32` nearest to `value`, ties to even."""
    try:
        return float(_SINGLE.unpack(_SINGLE.pack(value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def write(value: float, type: FloatName) -> str:
    """The shortest decimal number that is read as this finite value, in `f64` as well as in `type`."""
    text = repr(value) if type == "f64" else _shortest_single(value)
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    figures = "".join(map(str, digits)).rstrip("0") or "0"
    exponent += len(digits) - len(figures) if figures != "0" else 0
    point = len(figures) + exponent
    before = "-" if sign else ""
    if figures == "0":
        return f"{before}0"
    if point - 1 not in _POSITIONAL:
        fraction = f".{figures[1:]}" if len(figures) > 1 else ""
        return f"{before}{figures[0]}{fraction}e{point - 1}"
    if point <= 0:
        return f"{before}0.{'0' * -point}{figures}"
    if point >= len(figures):
        return f"{before}{figures}{'0' * (point - len(figures))}"
    return f"{before}{figures[:point]}.{figures[point:]}"


def _finite(single: float) -> float:
    return math.copysign(2.0**128, single) if math.isinf(single) else single


def _shortest_single(value: float) -> str:
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if read(text, "f32") == value == to_single(float(text)):
            return text
    return repr(value)


def _neighbour(single: float, towards: float) -> float:
    """The value of `f32` next to a finite or infinite one, on the side of another value that is not equal to it."""
    if math.isinf(single):
        return math.copysign(_LARGEST_SINGLE, single)
    if single == 0:
        return math.copysign(2.0**-149, towards)
    bits = _BITS.unpack(_SINGLE.pack(single))[0]
    away = (towards > single) == (single > 0)
    return float(_SINGLE.unpack(_BITS.pack(bits + 1 if away else bits - 1))[0])
