"""Near misses: what a misspelt name was meant to be."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflare_lsp.text import all_nearest, nearest


@pytest.mark.parametrize(
    ("name", "candidates", "meant"),
    [
        ("data-recrod", ["data-record", "data-source"], "data-record"),  # neighbours swapped
        ("interfce", ["interface", "import"], "interface"),  # one missing
        ("strring", ["string", "stream"], "string"),  # one too many
        ("u33", ["u32", "u64"], "u32"),  # another one
        ("userId", ["user-id"], "user-id"),  # only written in another way
        ("user_id", ["user-id"], "user-id"),
        ("ok", ["error"], None),
        ("id", ["id"], None),  # a name is no near miss of itself
        ("x", ["y"], None),  # a letter is like every other one
        ("xy", ["y", "long-name"], "y"),
        ("anything", [], None),
    ],
)
def test_nearest(name: str, candidates: list[str], meant: str | None) -> None:
    assert nearest(name, candidates) == meant


def test_of_two_that_are_as_near_the_first_in_order_is_taken() -> None:
    assert all_nearest("ab", ["ac", "aa", "ad-d", "ac"]) == ["aa", "ac"]
    assert nearest("ab", ["ac", "aa"]) == nearest("ab", ["aa", "ac"]) == "aa"


@settings(deadline=None)
@given(st.text("abc-", min_size=1, max_size=8), st.lists(st.text("abc-", min_size=1, max_size=8), max_size=6))
def test_nothing_is_nearer_than_the_nearest(name: str, candidates: list[str]) -> None:
    found = nearest(name, candidates)
    limit = max(1, len(name) // 3) if len(name) > 1 else 0
    distances = {candidate: _distance(name, candidate) for candidate in candidates if candidate != name}
    within = [distance for distance in distances.values() if distance <= limit]
    assert (found is None) == (not within)
    assert found is None or distances[found] == min(within)


@cache
def _distance(a: str, b: str) -> int:
    """The optimal string alignment distance, by its definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(_distance(a[:-1], b) + 1, _distance(a, b[:-1]) + 1, _distance(a[:-1], b[:-1]) + (a[-1] != b[-1]))
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        best = min(best, _distance(a[:-2], b[:-2]) + 1)
    return best
