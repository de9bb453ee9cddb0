"""Near misses: the name that a misspelt one was meant to be."""

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, the first in order of those that are; None where none is near enough."""
    found = all_nearest(name, candidates)
    return found[0] if found else None


def all_nearest(name: str, candidates: Iterable[str]) -> list[str]:
    """The candidates most like `name`, in order: those as near as none is nearer. Empty where none is near enough.

    Near is an edit distance (insert, delete, replace, swap neighbours; case and `-`/`_` are free) of at most a third
    of the name's length; 1 for shorter names, and none for a single letter.
    """
    wanted = _folded(name)
    best: set[str] = set()
    length = len(wanted)
    limit = max(1, length // 3) if length > 1 else 0
    letters = frozenset(wanted)
    for candidate in candidates:
        # Nearly all fail these two: each letter that the candidate does not have takes an edit of its own.
        if abs(len(candidate) - length) > limit or candidate == name:
            continue
        folded = _folded(candidate)
        if len(letters.difference(folded)) > limit:
            continue
        distance = _distance(wanted, folded, limit)
        if distance <= limit:
            if distance < limit:
                best.clear()
            best.add(candidate)
            limit = distance
    return sorted(best)


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")


def _distance(a: str, b: str, limit: int) -> int:
    """The optimal string alignment distance of `a` and `b`, or more than `limit` once it cannot be less."""
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
