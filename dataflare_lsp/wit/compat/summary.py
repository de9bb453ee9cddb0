"""Changes in a few words: those together that are alike, how many there are, and what they call for."""

from collections.abc import Iterable, Iterator, Sequence

from dataflare_lsp.wit.compat.change import Change
from dataflare_lsp.wit.compat.compare import Comparison
from dataflare_lsp.wit.compat.versions import BUMPS, Bump


def together(changes: Iterable[Change]) -> list[Change]:
    """The changes, with those together that several worlds have alike, mostly because they include one another."""
    found: dict[Change, list[Change]] = {}
    for change in changes:
        found.setdefault(_without_world(change), []).append(change)
    return [alike[0]._replace(text=_of_worlds(common, alike)) for common, alike in found.items()]


def _without_world(change: Change) -> Change:
    """The change as that of any world."""
    place = change.place
    head = f"world `{place.container}`: "
    if place.kind != "world" or not change.text.startswith(head):
        return change
    return change._replace(text=change.text[len(head) :], place=place._replace(container=""))


def _of_worlds(common: Change, alike: list[Change]) -> str:
    if len(alike) == 1:
        return alike[0].text
    return f"worlds {listed([f'`{change.place.container}`' for change in alike])}: {common.text}"


def worst_first(changes: Iterable[Change]) -> list[Change]:
    """The changes, by the step of the version that they call for."""
    return sorted(changes, key=lambda change: -BUMPS.index(change.bump))


def counted(changes: Sequence[Change]) -> str:
    """How many changes there are of each kind: "1 major change and 2 minor changes"."""
    return listed([f"{count} {bump} change{'' if count == 1 else 's'}" for bump, count in _counts(changes)])


def called_for(changes: Sequence[Change], comparison: Comparison) -> str:
    """What changes call for: "calls for 2.0.0"."""
    wanted = comparison.next or f"a {comparison.bump} step of the version"
    return f"{'calls' if len(changes) == 1 else 'call'} for {wanted}"


def _counts(changes: Sequence[Change]) -> Iterator[tuple[Bump, int]]:
    for bump in reversed(BUMPS):
        count = sum(change.bump == bump for change in changes)
        if count:
            yield bump, count


def listed(words: Sequence[str]) -> str:
    """Words with commas and "and" between them."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
