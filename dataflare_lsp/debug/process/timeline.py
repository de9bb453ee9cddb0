"""Places in a run that can be gone back to: each is a process of its own that sleeps there.

The engine does not let anybody copy a plugin's memory. The operating system does: `fork` copies a whole process at
once, and only what one of the two then changes takes memory. So a checkpoint is a child that waits. Woken,
it makes a child in turn, which goes on, and waits again itself.
"""

import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, NoReturn

from dataflare_lsp.runtime.messages import Broken, Inbox, Message, Outbox

MOST: Final = 100
"""Checkpoints that are kept."""
NEAR: Final = 16
"""The last checkpoints, all of which are kept."""
SHARE: Final = 100
"""A checkpoint is made again when the run has taken so many times as long as the last one took to make."""
_NEVER: Final = 1 << 63
_LEAST: Final = 60_000_000
"""Nanoseconds between two checkpoints of a run that goes on."""

CAN_FORK: Final = hasattr(os, "fork") and sys.platform != "darwin"
"""On macOS a process that has had threads must not go on after a fork: the system's libraries are not made for it."""


class Checkpoint(NamedTuple):
    """A place in a run: its number, how many host calls were answered by then, and how its process is woken."""

    number: int
    answered: int
    waker: int


class Timeline:
    """The checkpoints that lie before the present of this process, oldest first."""

    def __init__(self, lifeline: int, *, can_fork: bool) -> None:
        """`lifeline` is a file descriptor that ends when the adapter does."""
        self.can_fork = can_fork
        """Whether checkpoints are made at all; without them, going back is running from the start."""
        self.checkpoints: list[Checkpoint] = []
        self._lifeline = lifeline
        self.due = time.monotonic_ns() + _LEAST if can_fork else _NEVER
        """From when on the run has gone on for so long that a checkpoint is worth its price."""

    def has(self, number: int) -> bool:
        """Whether there is a checkpoint at this very place."""
        return bool(self.checkpoints) and self.checkpoints[-1].number == number

    def before(self, number: int) -> Checkpoint | None:
        """The last checkpoint at a place or before it."""
        return next((one for one in reversed(self.checkpoints) if one.number <= number), None)

    def mark(self, number: int, answered: int, asleep: Callable[[], None]) -> Message | None:
        """Keep this place. Gives None now; and again what it is woken with, in another process, whenever that happens.

        `asleep` is called in the process that waits, before it does.
        """
        began = time.monotonic_ns()
        reader, waker = os.pipe()
        if _fork() != 0:
            os.close(reader)
            self.checkpoints.append(Checkpoint(number, answered, waker))
            self._thin(number)
            now = time.monotonic_ns()
            self.due = now + max(_LEAST, SHARE * (now - began))
            return None
        asleep()
        while True:
            order = self._sleep(reader)
            if _fork() == 0:
                break
        os.close(reader)
        self.checkpoints.append(Checkpoint(number, answered, waker))
        self.due = time.monotonic_ns() + _LEAST
        return order

    def wake(self, checkpoint: Checkpoint, order: Message) -> None:
        """Go on at a checkpoint, by an order. Later checkpoints are given up; this process should end, too."""
        self.forget(checkpoint.number)
        _send(checkpoint.waker, order)

    def forget(self, after: int) -> None:
        """Give up the checkpoints that lie after a place."""
        while self.checkpoints and self.checkpoints[-1].number > after:
            _end(self.checkpoints.pop())

    def _thin(self, present: int) -> None:
        """Keep what is near, and of what is past the more, the nearer it is.

        Of three that follow each other, the middle one goes whose loss makes the smallest gap for its distance.
        """
        while len(self.checkpoints) > MOST:
            places = [one.number for one in self.checkpoints]
            lost = min(
                range(1, len(places) - NEAR),
                key=lambda at: (places[at + 1] - places[at - 1]) / (present - places[at] + 1),
            )
            _end(self.checkpoints.pop(lost))

    def _sleep(self, reader: int) -> Message:
        """Wait for an order. Ends this process when it is to end, or when the adapter has ended."""
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        poll.register(self._lifeline, select.POLLIN)
        inbox = Inbox(reader)
        while True:
            ready = dict(poll.poll())
            if reader not in ready:
                os._exit(0)
            try:
                order = inbox.receive()
            except (Broken, OSError):
                order = None
            if order is None or order[0] == "end":
                os._exit(0)
            return order


def rest(lifeline: int) -> NoReturn:
    """Do nothing until the adapter ends: for the first process, which the adapter knows by its number."""
    while True:
        try:
            if not os.read(lifeline, 1):
                break
        except OSError:
            break
    os._exit(0)


def prepare() -> None:
    """Make this process fit for having children that nobody waits for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        # Children of children that have ended come to this process, and not to one that may not look after them.
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def in_child(work: Callable[[int], None]) -> bytes:
    """What a copy of this process writes to the file descriptor that `work` gets; it ends in `work`, or after it."""
    reader, writer = os.pipe()
    if _fork() == 0:
        os.close(reader)
        work(writer)
        os._exit(0)
    os.close(writer)
    found = b""
    while data := os.read(reader, 1 << 16):
        found += data
    os.close(reader)
    return found


def _fork() -> int:
    with warnings.catch_warnings():
        # Python warns where there are threads. There is only the clock, which holds no lock while it sleeps.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _send(waker: int, order: Sequence[object]) -> None:
    try:
        Outbox(waker).send(*order)
    except OSError:
        pass


def _end(checkpoint: Checkpoint) -> None:
    _send(checkpoint.waker, ("end",))
    os.close(checkpoint.waker)


__all__ = ["CAN_FORK", "Checkpoint", "Timeline", "in_child", "prepare", "rest"]
