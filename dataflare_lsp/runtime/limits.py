"""Limits of one call: how they are kept, and how one that was hit is told from a plain trap."""

import ctypes
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from dataflare_lsp.runtime.border import Cause, Failure
from dataflare_lsp.runtime.host.surroundings import Denied, Exit, Trap

if TYPE_CHECKING:
    from wasmtime import Engine, Store

TICK: Final = 0.01
"""Seconds between two looks at a plugin that computes."""


class CallLimits(NamedTuple):
    """What a plugin may take: seconds and fuel for each call, bytes of each linear memory. None: no limit."""

    seconds: float | None = 30.0
    memory: int | None = 256 << 20
    fuel: int | None = None


class LimitHit(Trap):
    """A call is ended because of a limit."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause: Cause = cause


class Clock:
    """Time as the plugin has it: it stands still while somebody has stopped the plugin."""

    def __init__(self) -> None:
        self._stopped = 0
        self._since: int | None = None

    def now(self) -> int:
        """Nanoseconds since some moment."""
        return (time.monotonic_ns() if self._since is None else self._since) - self._stopped

    @property
    def is_stopped(self) -> bool:
        """Whether time stands still."""
        return self._since is not None

    def skip(self, time: int) -> None:
        """So many nanoseconds have not passed."""
        self._stopped += time

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """While this lasts, time does not pass."""
        if self._since is not None:
            yield
            return
        self._since = time.monotonic_ns()
        try:
            yield
        finally:
            self._stopped += time.monotonic_ns() - self._since
            self._since = None


class _Ticks:
    """Advances the clock of an engine as long as any of its instances needs it: one thread, however many they are."""

    def __init__(self) -> None:
        self._users = 0
        self._run: object = None
        """What the thread that ticks was started with; another one is to end."""

    def enter(self, engine: "Engine") -> None:
        """One more instance."""
        self._users += 1
        if self._users == 1:
            self.restart(engine)

    def restart(self, engine: "Engine") -> None:
        """Start the thread, in the place of one that there may have been."""
        self._run = run = object()
        threading.Thread(target=self._tick, args=(engine, run), daemon=True, name="clock").start()

    def leave(self) -> None:
        """One less."""
        self._users -= 1
        if not self._users:
            self._run = None

    def _tick(self, engine: "Engine", run: object) -> None:
        while True:
            time.sleep(TICK)
            if self._run is not run:
                return
            engine.increment_epoch()


_ticks: "WeakKeyDictionary[Engine, _Ticks]" = WeakKeyDictionary()


class Timekeeper:
    """Looks at a running plugin every so often, and ends a call whose time is over."""

    def __init__(self, engine: "Engine", store: "Store", limits: CallLimits, clock: Clock) -> None:
        from dataflare_lsp.runtime.calls import capi  # the engine, which those who only know limits do not need

        self._error_new = capi.error_new
        self.clock = clock
        self.limits = limits
        self.raised: BaseException | None = None
        """What ended the call from the outside, if anything did."""
        self.pause: Callable[[], None] = _nothing
        """Asked at every look; what it raises ends the call."""
        self._engine = engine
        self.deadline: int | None = None
        """When the call's time is over. None at first: the first look sets it, so that short calls cost nothing."""
        self._callback = _EpochCallback(self._look)
        capi.epoch_callback(ctypes.cast(store.ptr(), ctypes.c_void_p).value, self._callback, None, None)
        store.set_epoch_deadline(1)
        self._ticks = _ticks.setdefault(engine, _Ticks())
        self._ticks.enter(engine)
        self._is_open = True

    def tick(self) -> None:
        """Start the clock's thread again: a forked process has none of its parent's threads."""
        self._ticks.restart(self._engine)

    def close(self) -> None:
        """The instance runs no more."""
        if self._is_open:
            self._is_open = False
            self._ticks.leave()

    def look(self) -> None:
        """Raises what ends the call, if something is to. For hosts that wait."""
        self.pause()
        if self.limits.seconds is None:
            return
        now = self.clock.now()
        if self.deadline is None:
            self.deadline = now + int(self.limits.seconds * 1e9)
        elif now > self.deadline:
            raise LimitHit("time", f"it took longer than the limit of {_seconds(self.limits.seconds)}")

    def _look(self, context: object, data: object, delta: "ctypes._Pointer[ctypes.c_uint64]", kind: object) -> int:
        try:
            self.look()
        except BaseException as raised:  # it must not unwind through WebAssembly
            self.raised = raised
            error: int = self._error_new(b"stopped by the host")
            return error
        delta[0] = 1
        return 0


_EpochCallback = ctypes.CFUNCTYPE(
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_uint64),
    ctypes.c_void_p,
)

_FRAME = re.compile(r"^\s*\d+:\s+0x[0-9a-f]+ - (.*(?:\n\s+at .*)*)$", re.MULTILINE)
_PLACE = re.compile(r"\n\s+at ")
_NUMBER = re.compile(r"^\d+: ")
_SEVERAL = 2


def failure_of(message: str, raised: BaseException | None, limits: CallLimits, memory: int | None) -> Failure:
    """What a call failed of: the engine's message, what a host raised meanwhile, and bytes of memory at the end."""
    frames = tuple([_PLACE.sub(" at ", frame) for frame in _FRAME.findall(message)[:100]])
    if raised is not None:
        return refusal(raised)._replace(backtrace=frames)
    reason = _innermost(message)
    if "all fuel consumed" in message:
        return Failure("fuel", f"it used more than the limit of {limits.fuel:,} units of fuel", frames)
    if "fuel allocated for hostcalls has been exhausted" in message:
        # A list of bytes takes 32 bytes for each in the engine's values. The C API cannot raise this limit.
        reason = "it passes more to its host at once than the engine takes, which is 4 MiB of bytes in lists"
        return Failure("output", reason, frames)
    if "call stack exhausted" in message:
        return Failure("stack", "its call stack is exhausted: it calls itself without an end, or far too deep", frames)
    if "exceeds memory limits" in message:
        return Failure("memory", f"it starts with more memory than the limit of {_mebibytes(limits.memory)}", frames)
    if limits.memory is not None and memory is not None and memory * _SEVERAL > limits.memory:
        return Failure(
            "memory",
            f"{reason}; likely the memory limit: it had {_mebibytes(memory)} of {_mebibytes(limits.memory)}",
            frames,
        )
    return Failure("trap", reason, frames)


def refusal(raised: BaseException) -> Failure:
    """What a plugin's call fails of when a host raises this."""
    match raised:
        case LimitHit():
            return Failure(raised.cause, str(raised))
        case Exit():
            return Failure("exit", str(raised))
        case Denied():
            return Failure("denied", str(raised))
        case Trap():
            return Failure("trap", str(raised))
    return Failure("host", f"the host failed: {raised.__class__.__name__}: {raised}")


def _innermost(message: str) -> str:
    lines = [line.strip() for line in _FRAME.sub("", message).splitlines() if line.strip()]
    reasons = [line for line in lines if not line.startswith(("note:", "error while exec"))]
    found = _NUMBER.sub("", reasons[-1]) if reasons else "no reason is given"
    return found.removeprefix("wasm trap: ")


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "none"
    return f"{seconds * 1000:g} ms" if seconds < 1 else f"{seconds:g} s"


def _mebibytes(size: int | None) -> str:
    return "none" if size is None else f"{size / (1 << 20):.4g} MiB"


def _nothing() -> None:
    """Nobody wants to pause."""
