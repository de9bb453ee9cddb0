"""The single values of TOML: strings, numbers, booleans, dates and times.

Specification: TOML 1.0.0.
"""

import re
from datetime import date, datetime, time, timedelta, timezone

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
"""What a letter after a backslash stands for."""

_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6})[0-9]*)?"
_NUMBER = re.compile(
    r"0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|b[01](?:_?[01])*|o[0-7](?:_?[0-7])*)"
    r"|[+-]?(?:0|[1-9](?:_?[0-9])*)((?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)",
)
_TIME_ALONE = re.compile(_TIME)
_DATE = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    rf"(?:[Tt ]{_TIME}(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?)?",
)
_WORDS: dict[str, bool | float] = {
    "true": True,
    "false": False,
    "inf": float("inf"),
    "+inf": float("inf"),
    "-inf": float("-inf"),
    "nan": float("nan"),
    "+nan": float("nan"),
    "-nan": float("nan"),
}
_MOST_DIGITS = 4000
"""How long a decimal number may be: Python refuses to read longer ones, since reading them takes long."""

Bare = bool | int | float | datetime | date | time
"""A value that is written without quotes."""


def bare_value(word: str) -> Bare | str | None:
    """What a word stands for; a string says why it stands for nothing although it looks so; None: it does not."""
    if word in _WORDS:
        return _WORDS[word]
    found = _DATE.fullmatch(word)
    if found:
        return _date(found)
    found = _TIME_ALONE.fullmatch(word)
    if found:
        return _time(found.groups())
    found = _NUMBER.fullmatch(word)
    if not found:
        return None
    if found.group(1):
        return float(word.replace("_", ""))
    if len(word) > _MOST_DIGITS and not word.startswith(("0x", "0b", "0o")):
        return "this number has too many digits"
    return int(word, 0)


def is_date(word: str) -> bool:
    """Whether a word is a date, to which a time may be joined by a space."""
    found = _DATE.fullmatch(word)
    return found is not None and found.group(4) is None


def _date(found: "re.Match[str]") -> Bare | str:
    year, month, day, hour, minute, second, fraction, utc, sign, off_hour, off_minute = found.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        zone = None
        if utc:
            zone = timezone.utc
        elif sign:
            offset = timedelta(hours=int(off_hour), minutes=int(off_minute))
            zone = timezone(-offset if sign == "-" else offset)
        moment = _time((hour, minute, second, fraction))
        return datetime.combine(date(int(year), int(month), int(day)), moment, zone)
    except ValueError:
        return "there is no such day"


def _time(parts: "tuple[str | None, ...]") -> time:
    hour, minute, second, fraction = parts
    return time(int(hour or 0), int(minute or 0), int(second or 0), int(fraction.ljust(6, "0")) if fraction else 0)
