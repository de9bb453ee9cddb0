"""Versions and what a dependency requires of them, in the way of Cargo.

Specification: Semantic Versioning 2.0.0, and "Specifying Dependencies" of the Cargo book.
"""

import re
from typing import NamedTuple

_NUMBER = "(?:0|[1-9][0-9]*)"
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_PRE_PART = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_PRE = rf"-{_PRE_PART}(?:\.{_PRE_PART})*"
SEMVER = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:{_PRE})?(?:\+{_IDENTIFIERS})?"
"""A version, as a regular expression for all of it."""
_PARTIAL = rf"{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}(?:{_PRE})?(?:\+{_IDENTIFIERS})?)?)?"
_WILD = rf"(?:{_NUMBER}\.)?(?:{_NUMBER}\.)?[*]"
_COMPARATOR = rf"(?:{_WILD}|(?:\^|~|=|>=|>|<=|<)? *{_PARTIAL})"
REQUIREMENT = rf" *{_COMPARATOR}(?: *, *{_COMPARATOR})* *"
"""What is required of a version, as a regular expression for all of it."""

_VERSION = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})({_PRE})?(?:\+{_IDENTIFIERS})?")
_PART = re.compile(rf"(\^|~|=|>=|>|<=|<)? *({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?({_PRE})?(?:\+.*)?")
_MOST_DIGITS = 18


class Version(NamedTuple):
    """A version without its build, in the order of semver; `pre` begins with 1 where there is no pre-release."""

    numbers: tuple[int, int, int]
    pre: tuple[tuple[int, int, str], ...]


_RELEASE = ((2, 0, ""),)
"""What stands behind every pre-release."""


def version_of(text: str) -> Version | None:
    """The version that a text is; None where it is none."""
    found = _VERSION.fullmatch(text)
    if found is None or any(len(number) > _MOST_DIGITS for number in re.findall("[0-9]+", text)):
        return None
    major, minor, patch, pre = found.groups()
    return Version((int(major), int(minor), int(patch)), _pre(pre))


def _pre(text: str | None) -> tuple[tuple[int, int, str], ...]:
    if not text:
        return _RELEASE
    return tuple([(0, int(part), "") if part.isdigit() else (1, 0, part) for part in text[1:].split(".")])


def matches(requirement: str, version: str) -> bool:
    """Whether a version is one that is required; False where one of them is not written rightly."""
    wanted = version_of(version)
    if wanted is None or not re.fullmatch(REQUIREMENT, requirement):
        return False
    if any(len(number) > _MOST_DIGITS for number in re.findall("[0-9]+", requirement)):
        return False
    parts = [part.strip() for part in requirement.split(",")]
    if not all(_holds(part, wanted) for part in parts):
        return False
    # A pre-release is meant only where one of the same numbers is named.
    return wanted.pre == _RELEASE or any(
        found is not None and found[5] is not None and _numbers(found) == wanted.numbers
        for found in [_PART.fullmatch(part) for part in parts]
    )


def _numbers(found: "re.Match[str]") -> tuple[int, int, int]:
    return int(found[2]), int(found[3] or 0), int(found[4] or 0)


def _holds(part: str, version: Version) -> bool:
    if part.endswith("*"):
        fixed = [int(number) for number in part[:-1].split(".") if number]
        return list(version.numbers[: len(fixed)]) == fixed
    found = _PART.fullmatch(part)
    assert found
    least = Version(_numbers(found), _pre(found[5]))
    given = 1 + (found[3] is not None) + (found[4] is not None)
    same = version.numbers[:given] == least.numbers[:given]
    match found[1] or "^":
        case "=":
            return version == least if given == 3 else same
        case ">":
            return version > least and (given == 3 or not same)
        case ">=":
            return version >= least
        case "<":
            return version < least
        case "<=":
            return version <= least or (given < 3 and same)
        case "~":
            return version >= least and version.numbers[: min(given, 2)] == least.numbers[: min(given, 2)]
    # `^`: the first number that is not zero stays; where all are zero, those that are given.
    first = next((place for place in range(given) if least.numbers[place]), given - 1)
    return version >= least and version.numbers[: first + 1] == least.numbers[: first + 1]
