"""Work in the background: jobs made of small steps, done for a moment at a time between messages."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from time import perf_counter
from typing import Final, Literal

logger = logging.getLogger(__name__)

Job = Literal["open", "load", "compare", "judge", "named", "poll", "tidy"]
_ORDER: Final[tuple[Job, ...]] = ("open", "load", "compare", "judge", "named", "poll", "tidy")
_TURN = 0.001
"""Seconds of work between two looks at what the client has sent: what a keystroke may have to wait for."""

_CROWDED = 20_000
"""Objects made since the last look for garbage that call for one, which takes some 5 ms for so many."""


class Background:
    """The jobs under way, the most urgent first. Every step of a job takes well below a frame, which is 16 ms."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._jobs: dict[Job, Iterator[None]] = {}
        self._scheduled = False

    def start(self, name: Job, steps: Iterator[None]) -> None:
        """Do a job, in place of the one of that name, which has become stale."""
        self._jobs[name] = steps
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(0, self._turn)

    def stop(self, name: Job) -> None:
        """Give a job up."""
        self._jobs.pop(name, None)

    def is_at(self, name: Job) -> bool:
        """Whether a job of that name is under way."""
        return name in self._jobs

    def _turn(self) -> None:
        end = perf_counter() + _TURN
        while self._jobs:
            name = next(name for name in _ORDER if name in self._jobs)
            job = self._jobs[name]
            try:
                next(job)
            except StopIteration:
                self._end(name, job)
            except Exception:
                logger.exception("the job %r failed", name)
                self._end(name, job)
            if gc.get_count()[0] > _CROWDED:
                # What is alive then is not looked at again: what is loaded stays, and there is more of it each time.
                gc.collect()
                gc.freeze()
            if perf_counter() >= end and self._jobs:
                # Not `call_soon`, which would put the next turn before what has arrived in the meantime.
                self._loop.call_later(0, self._turn)
                return
        self._scheduled = False

    def _end(self, name: Job, job: Iterator[None]) -> None:
        # The last step may have started the job anew.
        if self._jobs.get(name) is job:
            del self._jobs[name]
