"""What came of a replay."""

from typing import NamedTuple


class Divergence(NamedTuple):
    """The first thing that went another way. `event` counts from 1; what the trace has, and what happened instead."""

    event: int
    recorded: str
    happened: str


class Replayed(NamedTuple):
    """How far a trace was replayed: entries, host calls, where it diverged, and why the trace ends where it does."""

    entries: int
    calls: int
    divergence: Divergence | None
    ended: str | None
