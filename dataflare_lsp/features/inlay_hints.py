"""Inlay hints: how often the functions of a file were called in the last recording, and how long that took."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dataflare_lsp.features.functions import Declared
from dataflare_lsp.features.sites import sites_in, wholes_in
from dataflare_lsp.manifest.units import time_text
from dataflare_lsp.runtime.recording.tally import Calls, Tally
from dataflare_lsp.text import Position, Span
from dataflare_lsp.workspace.snapshot import Snapshot


class Hint(NamedTuple):
    """A text that an editor shows at the end of a line, and what it says when asked."""

    offset: int
    label: str
    tooltip: str


def recorded_hints(snapshot: Snapshot, file: str, span: Span, tally: Tally) -> tuple[Hint, ...]:
    """Hints within a span: at functions, and where worlds import or export whole interfaces."""
    lines = snapshot.source(file).lines
    first, last = lines.position(span.start).line, lines.position(span.end).line
    found = []
    for site in sites_in(snapshot, file).all:
        if first <= site.last_line <= last:
            declared = Declared(site.function)
            calls = (*_sum(tally.exports, declared.fits), *_sum(tally.imports, declared.fits))
            found += [_hint(_end(snapshot, file, site.last_line), one) for one in calls]
    for whole in wholes_in(snapshot, file):
        line = lines.position(whole.span.end).line
        if first <= line <= last:
            side = tally.exports if whole.direction == "export" else tally.imports
            calls = _sum(side, Declared(whole.interface).has)
            found += [_hint(_end(snapshot, file, line), one) for one in calls]
    return tuple(sorted(found))


def _sum(calls: Mapping[str, Calls], fits: Callable[[str], bool]) -> tuple[Calls, ...]:
    """The calls of all functions that fit, together; nothing where there were none."""
    those = [one for name, one in calls.items() if fits(name)]
    return (Calls(sum([one.number for one in those]), sum([one.nanoseconds for one in those])),) if those else ()


def _end(snapshot: Snapshot, file: str, line: int) -> int:
    lines = snapshot.source(file).lines
    return lines.offset(Position(line, len(lines.line(line).rstrip())))


def _hint(offset: int, calls: Calls) -> Hint:
    mean = time_text(round(calls.nanoseconds / calls.number))
    if calls.number == 1:
        return Hint(offset, f"1 call, {mean}", "In the last recording it was called once.")
    number, total = f"{calls.number:,}", time_text(calls.nanoseconds)
    told = f"In the last recording it was called {number} times, which took {total} in all."
    return Hint(offset, f"{number} calls, mean {mean}", told)
