"""Places in a run that can be gone back to: each is a process of its own that sleeps there.

The engine does not let anybody copy a plugin's memory. The operating system does: `fork` copies a whole process at
once, and only what one of the two then changes takes memory. So a checkpoint is a child that waits. Woken,
it makes a child in turn, which goes on, and waits again itself; who has woken it hears whether there is that child.
"""

import mmap
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from dataflare_lsp.runtime.memory import resident
from dataflare_lsp.runtime.messages import Broken, Inbox, Message, Outbox

MOST: Final = 100
"""Checkpoints that are kept."""
NEAR: Final = 16
"""The last checkpoints, all of which are kept."""
MOST_MEMORY: Final = 1 << 30
"""Bytes that checkpoints may hold together beyond what they share; the near ones are given up, too, to stay below."""
SHARE: Final = 100
"""A checkpoint is made again when the run has taken so many times as long as the last one took to make."""
_NEVER: Final = 1 << 63
_LEAST: Final = 60_000_000
"""Nanoseconds between two checkpoints of a run that goes on."""

CAN_FORK: Final = hasattr(os, "fork") and sys.platform != "darwin"
"""On macOS a process that has had threads must not go on after a fork: the system's libraries are not made for it."""


class Checkpoint(NamedTuple):
    """A place in a run: its number, how many host calls were answered by then, and how its process is woken.

    `held` is about how many bytes its process has for itself, since those who went on from there have changed them.
    """

    number: int
    answered: int
    waker: int
    held: int = 0


class Timeline:
    """The checkpoints that lie before the present of this process, oldest first."""

    def __init__(self, lifeline: int, *, can_fork: bool) -> None:
        """`lifeline` is a file descriptor that ends when the adapter does."""
        self.can_fork = can_fork
        """Whether checkpoints are made at all; without them, going back is running from the start."""
        self.checkpoints: list[Checkpoint] = []
        self._lifeline = lifeline
        self._faults = 0
        """How many page faults this process had had at its last checkpoint."""
        self.due = time.monotonic_ns() + _LEAST if can_fork else _NEVER
        """From when on the run has gone on for so long that a checkpoint is worth its price."""

    def has(self, number: int) -> bool:
        """Whether there is a checkpoint at this very place."""
        return bool(self.checkpoints) and self.checkpoints[-1].number == number

    def before(self, number: int) -> Checkpoint | None:
        """The last checkpoint at a place or before it."""
        return next((one for one in reversed(self.checkpoints) if one.number <= number), None)

    def mark(self, number: int, answered: int, asleep: Callable[[], None], awake: Callable[[], None]) -> Message | None:
        """Keep this place. Gives None now; and again what it is woken with, in another process, whenever that happens.

        `asleep` is called in the process that waits, before it does, and `awake` in one that is woken: where that
        raises `OSError`, the place cannot be gone back to. A place is not kept where the system has no process for it.
        """
        began = time.monotonic_ns()
        self._weigh()
        try:
            bed, waker = [end.detach() for end in socket.socketpair()]
        except OSError:
            self.due = time.monotonic_ns() + _LEAST
            return None
        try:
            is_sleeper = _fork() == 0
        except OSError:
            os.close(bed)
            os.close(waker)
            self.due = time.monotonic_ns() + _LEAST
            return None
        here = Checkpoint(number, answered, waker)
        if not is_sleeper:
            os.close(bed)
            self.checkpoints.append(here)
            self._thin(number)
            now = time.monotonic_ns()
            self.due = now + max(_LEAST, SHARE * (now - began))
            return None
        asleep()
        order = self._sleep(bed)
        while not self._wakes(bed, awake):
            order = self._sleep(bed)
        os.close(bed)
        self.checkpoints.append(here)
        self._faults = 0
        self.due = time.monotonic_ns() + _LEAST
        return order

    def wake(self, checkpoint: Checkpoint, order: Message) -> bool:
        """Go on at a checkpoint, by an order. Later checkpoints are given up; this process should end, too.

        False where its process is no more: it was given up by one that went on from an earlier place, or killed.
        """
        if _send(checkpoint.waker, order) and _heard(checkpoint.waker) == _UP:
            self.forget(checkpoint.number)
            return True
        self.checkpoints.remove(checkpoint)
        _end(checkpoint)
        return False

    def forget(self, after: int) -> None:
        """Give up the checkpoints that lie after a place."""
        while self.checkpoints and self.checkpoints[-1].number > after:
            _end(self.checkpoints.pop())

    def forget_before(self, answered: int) -> None:
        """Give up the checkpoints before which fewer host calls than these were answered."""
        while self.checkpoints and self.checkpoints[0].answered < answered:
            _end(self.checkpoints.pop(0))

    def _weigh(self) -> None:
        """Note what the last checkpoint holds for itself: each page that was changed since has become two."""
        before, self._faults = self._faults, _page_faults()
        if self.checkpoints:
            held = (self._faults - before) * mmap.PAGESIZE
            self.checkpoints[-1] = self.checkpoints[-1]._replace(held=held)

    def _thin(self, present: int) -> None:
        """Keep what is near, and of what is past the more, the nearer it is; less where that is too much memory."""
        while len(self.checkpoints) > MOST:
            self._lose(range(1, len(self.checkpoints) - NEAR), present)
        while len(self.checkpoints) > 2 and sum([one.held for one in self.checkpoints]) > MOST_MEMORY:
            self._lose(range(1, len(self.checkpoints) - 1), present)

    def _lose(self, of: range, present: int) -> None:
        """Give one up: of three that follow each other, the middle one whose loss makes the smallest gap for its
        distance."""
        places = [one.number for one in self.checkpoints]
        lost = min(of, key=lambda at: (places[at + 1] - places[at - 1]) / (present - places[at] + 1))
        gone, before = self.checkpoints.pop(lost), self.checkpoints[lost - 1]
        # What the two had together is the other's alone now, and no process has more than all.
        held = min(before.held + gone.held, max(resident(), before.held))
        self.checkpoints[lost - 1] = before._replace(held=held)
        _end(gone)

    def _wakes(self, bed: int, awake: Callable[[], None]) -> bool:
        """Make the process that goes on from here: True in it. Tells the one that asked for it whether it is up."""
        try:
            ready, up = os.pipe()
        except OSError:
            _tell(bed, _DOWN)
            return False
        try:
            is_woken = _fork() == 0
        except OSError:
            is_woken = False
        if is_woken:
            os.close(ready)
            try:
                awake()
            except OSError:
                os._exit(1)
            _tell(up, _UP)
            os.close(up)
            return True
        os.close(up)
        _tell(bed, _heard(ready) or _DOWN)
        os.close(ready)
        return False

    def _sleep(self, bed: int) -> Message:
        """Wait for an order. Ends this process when it is to end, or when the adapter has ended."""
        poll = select.poll()
        poll.register(bed, select.POLLIN)
        poll.register(self._lifeline, select.POLLIN)
        inbox = Inbox(bed)
        while True:
            ready = dict(poll.poll())
            if bed not in ready:
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
    """What a copy of this process writes to the file descriptor that `work` gets; it ends in `work`, or after it.

    Nothing where the system has no process for that.
    """
    try:
        reader, writer = os.pipe()
    except OSError:
        return b""
    try:
        is_copy = _fork() == 0
    except OSError:
        is_copy = False
    if is_copy:
        os.close(reader)
        work(writer)
        os._exit(0)
    os.close(writer)
    found = b""
    while data := os.read(reader, 1 << 16):
        found += data
    os.close(reader)
    return found


_UP, _DOWN = b"+", b"-"


def _fork() -> int:
    """As `os.fork`: raises `OSError` where the system has no process."""
    with warnings.catch_warnings():
        # Python warns where there are threads. There is only the clock, which holds no lock while it sleeps.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _page_faults() -> int:
    """How many pages this process was given so far."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _send(waker: int, order: Message) -> bool:
    """Send an order; False where nobody is there to take it."""
    try:
        Outbox(waker).send(*order)
    except OSError:
        return False
    return True


def _tell(descriptor: int, sign: bytes) -> None:
    try:
        os.write(descriptor, sign)
    except OSError:
        pass  # who asked is gone


def _heard(descriptor: int) -> bytes:
    """A sign that was told; nothing where whoever was to tell it is gone."""
    try:
        return os.read(descriptor, 1)
    except OSError:
        return b""


def _end(checkpoint: Checkpoint) -> None:
    _send(checkpoint.waker, ("end",))
    os.close(checkpoint.waker)


__all__ = ["CAN_FORK", "Checkpoint", "Timeline", "in_child", "prepare", "rest"]
