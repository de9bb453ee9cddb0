"""Making a case smaller while it still shows the same finding."""

import time
from collections.abc import Callable, Iterator, Sequence

from fuzz.case import Case
from fuzz.mutation import TOKEN


def reduced(case: Case, fails: Callable[[Case], bool], seconds: float = 20.0) -> Case:
    """A case that fails as well and of which no file, line or word can be left out; or as far as the time goes."""
    end = time.monotonic() + seconds

    def attempt(smaller: Case) -> bool:
        if time.monotonic() >= end:
            raise _TimeIsUp
        return fails(smaller)

    try:
        for smaller in _smaller(case, attempt):
            case = smaller
    except _TimeIsUp:
        pass
    return case


class _TimeIsUp(Exception):
    pass


def _smaller(case: Case, attempt: Callable[[Case], bool]) -> Iterator[Case]:
    """Cases that fail as well, each smaller than the one before."""
    before = None
    while case != before:
        before = case
        for path in list(case.files):
            if len(case.files) > 1 and attempt(case.without(path)):
                case = case.without(path)
                yield case
        for path in case.texts:
            for split in (_items, _lines, TOKEN.findall):
                for smaller in _without_parts(case, path, split, attempt):
                    case = smaller
                    yield case
        if case.features and attempt(case._replace(features=frozenset())):
            case = case._replace(features=frozenset())
            yield case


def _without_parts(
    case: Case, path: str, split: Callable[[str], Sequence[str]], attempt: Callable[[Case], bool]
) -> Iterator[Case]:
    """The case with ever fewer parts of a file: halves are left out first, single parts last."""
    parts = list(split(case.files[path]))
    size = max(len(parts) // 2, 1)
    while parts:
        at = 0
        while at < len(parts):
            fewer = parts[:at] + parts[at + size :]
            smaller = case.with_text(path, "".join(fewer))
            if attempt(smaller):
                parts, case = fewer, smaller
                yield case
            else:
                at += size
        if size == 1:
            break
        size //= 2


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _items(text: str) -> list[str]:
    """Outermost blocks and statements."""
    found, depth, current = [], 0, ""
    for token in TOKEN.findall(text):
        current += token
        depth += (token == "{") - (token == "}")
        if depth <= 0 and token in (";", "}"):
            found.append(current)
            current = ""
    return [*found, current]
