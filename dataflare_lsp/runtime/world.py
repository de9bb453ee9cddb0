"""The world of a plugin in a process of its own: what its hosts may use, and who hears of what it does."""

import os
import random
import time
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, Protocol

from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.limits import Clock, LimitHit

_SLICE = 0.02


class Audience(Protocol):
    """Who hears of what a plugin does."""

    def log(self, level: str, message: str) -> None: ...
    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None: ...
    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None: ...
    def denied(self, function: str, grant: str) -> None: ...


class Allowance(NamedTuple):
    """What the plugin is given: grants, settings, bytes of output per call, and a seed where chance is to repeat."""

    grants: Grants
    configuration: Mapping[str, str]
    output: int | None = 16 << 20
    seed: int | None = None


class World:
    """`host.Surroundings` for one plugin."""

    def __init__(self, allowance: Allowance, audience: Audience, clock: Clock) -> None:
        self.grants = allowance.grants
        self.configuration = allowance.configuration
        self.look: Callable[[], None] = _nothing
        """Raises what ends the call, if something is to; asked while the plugin waits."""
        self._limit = allowance.output
        self._audience = audience
        self._clock = clock
        self._written = 0
        self._refused: set[tuple[str, str]] = set()
        self._random = None if allowance.seed is None else random.Random(allowance.seed)

    def begin(self) -> None:
        """A call starts."""
        self._written = 0

    def log(self, level: str, message: str) -> None:
        self._count(len(message))
        self._audience.log(level, message)

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None:
        self._count(len(name))
        self._audience.metric(kind, name, value)

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._count(len(data))
        self._audience.output(stream, data)

    def denied(self, function: str, grant: str) -> None:
        if (function, grant) not in self._refused:
            self._refused.add((function, grant))
            self._audience.denied(function, grant)

    def wait(self, seconds: float, ready: Callable[[float], bool] | None = None) -> None:
        end = self._clock.now() + int(seconds * 1e9)
        while True:
            self.look()
            left = min((end - self._clock.now()) / 1e9, _SLICE)
            if left <= 0:
                return
            if ready is None:
                time.sleep(left)
            elif ready(left):
                return

    def random(self, size: int) -> bytes:
        return os.urandom(size) if self._random is None else self._random.randbytes(size)

    def monotonic(self) -> int:
        return self._clock.now()

    def now(self) -> int:
        return time.time_ns()

    def _count(self, size: int) -> None:
        self._written += size + 16
        if self._limit is not None and self._written > self._limit:
            raise LimitHit("output", f"it writes and logs more than the limit of {self._limit:,} bytes in one call")


def _nothing() -> None:
    """Nobody wants anything."""
