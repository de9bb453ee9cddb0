"""Amounts with units: sizes and times, as limits are written."""

import re

_SIZES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
_TIMES = {"ns": 1, "us": 1000, "µs": 1000, "ms": 1000**2, "s": 1000**3, "m": 60 * 1000**3}

SIZE = r"[0-9]{1,15}(?:\.[0-9]{1,3})? ?(?:B|[kK]B|[MG]B|[KMG]iB)"
"""A size, as a regular expression for all of it."""
TIME = r"[0-9]{1,15}(?:\.[0-9]{1,3})? ?(?:ns|us|µs|ms|s|m)"
"""A time, as a regular expression for all of it."""

PAGE = 65_536
"""The bytes of a page, the unit in which the memory of WebAssembly grows."""
MOST_MEMORY = 4 * 1024**3
"""The bytes that a component can address."""


def bytes_of(size: str) -> int | None:
    """The bytes of a size; None where it is not written as `SIZE`."""
    return _amount(size, SIZE, _SIZES)


def nanoseconds_of(time: str) -> int | None:
    """The nanoseconds of a time; None where it is not written as `TIME`."""
    return _amount(time, TIME, _TIMES)


def time_text(nanoseconds: int) -> str:
    """A time for people: `12.3 µs`."""
    for unit, size in (("s", 10**9), ("ms", 10**6), ("µs", 10**3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds} ns"


def _amount(text: str, pattern: str, units: dict[str, int]) -> int | None:
    if not re.fullmatch(pattern, text):
        return None
    number = re.match("[0-9.]+", text)
    assert number
    whole, _, fraction = number.group().partition(".")
    unit = units[text[number.end() :].strip()]
    return int(whole) * unit + int(fraction or 0) * unit // int(10 ** len(fraction))
