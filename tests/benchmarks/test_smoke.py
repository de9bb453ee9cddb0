"""The benchmark runs: every part, on workspaces too small to say anything about speed."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.beginnings import memory, starts
from benchmarks.breakdown import breakdown
from benchmarks.commands import checks
from benchmarks.effort import Effort
from benchmarks.figures import Entry, Figure, as_table
from benchmarks.keystrokes import growth, keystrokes

ONCE = Effort(keys=2, warm_up=1, runs=1, few=1, pause=0.0)

PARTS: dict[str, Callable[[str], Iterator[Entry]]] = {
    "keystrokes": lambda folder: keystrokes(folder, ONCE, lines=200, large=80, packages=2),
    "growth": lambda folder: growth(folder, ONCE, ((100, 2), (200, 3)), edited=60),
    "checks": lambda folder: checks(folder, ONCE, (100, 200), packages=2),
    "starts": lambda folder: starts(folder, ONCE),
    "memory": lambda folder: memory(folder, ((200, 2),), edited=60),
    "breakdown": lambda folder: breakdown(folder, ONCE, lines=200, edited=80, packages=2),
}


@pytest.mark.parametrize("part", PARTS)
def test_measures_something(part, tmp_path):
    entries = list(PARTS[part](str(tmp_path)))
    figures = [entry for entry in entries if isinstance(entry, Figure)]
    assert figures
    assert [figure.what for figure in figures if not figure.samples] == []
    assert len(as_table(entries).splitlines()) == 1 + len(entries)
