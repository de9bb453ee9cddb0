"""The life of a plugin as a state machine, and what is measured meanwhile."""

import time
from array import array
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["loading", "initializing", "ready", "processing", "paused", "stopping", "stopped", "error"]

NEXT: Final[dict[State, tuple[State, ...]]] = {
    "loading": ("initializing", "stopping", "error"),
    "initializing": ("ready", "stopping", "error"),
    "ready": ("processing", "stopping", "error"),
    "processing": ("ready", "paused", "stopping", "error"),
    "paused": ("processing", "stopping", "error"),
    "stopping": ("stopped",),
    "stopped": (),
    "error": ("initializing", "stopping"),
}
"""Where each state may lead. After an error there is a new instance, or an end."""

_KEPT: Final = 100_000
"""Calls whose times are kept, the last ones: quantiles are theirs."""


class Measured(NamedTuple):
    """What is known of a plugin so far. Times in nanoseconds, memory in bytes, throughput in calls per second.

    `calls` counts those that have ended, `failed` those without a result. Quantiles are of the last 100,000 calls.
    Memory is that of the linear memories, and None where the platform does not say.
    """

    load: int
    start: int
    calls: int
    failed: int
    mean: int
    p50: int
    p99: int
    throughput: float
    memory: int | None

    @property
    def error_rate(self) -> float:
        """The share of calls that failed."""
        return self.failed / self.calls if self.calls else 0.0


class Life:
    """A plugin's state now, and its figures. `changed` is told of every change but the two around a call."""

    def __init__(self, changed: Callable[[State], None]) -> None:
        self.state: State = "loading"
        self.load = 0
        self.start = 0
        self.calls = 0
        self.failed = 0
        self._total = 0
        self._times = array("q")
        self._changed = changed
        self._since = time.monotonic_ns()

    def to(self, state: State) -> None:
        """Go into another state. Raises `ValueError` where the present one does not lead there."""
        if state not in NEXT[self.state]:
            raise ValueError(f"a plugin that is {self.state} cannot be {state} next")
        self.state = state
        self._changed(state)

    def entered(self) -> None:
        """A call begins."""
        if self.state != "ready":
            raise ValueError(f"a plugin that is {self.state} cannot be called")
        self.state = "processing"

    def left(self, took: int, failed: bool) -> None:
        """A call has ended, after so many nanoseconds."""
        self.state = "ready"
        self.calls += 1
        self.failed += failed
        self._total += took
        if len(self._times) < _KEPT:
            self._times.append(took)
        else:
            self._times[self.calls % _KEPT] = took

    def measured(self, memory: int | None) -> Measured:
        """The figures now."""
        ordered = sorted(self._times)
        count = len(ordered)
        return Measured(
            load=self.load,
            start=self.start,
            calls=self.calls,
            failed=self.failed,
            mean=self._total // self.calls if self.calls else 0,
            p50=ordered[count // 2] if count else 0,
            p99=ordered[min(count - 1, count * 99 // 100)] if count else 0,
            throughput=self.calls / (self._total / 1e9) if self._total else 0.0,
            memory=memory,
        )
