"""A plugin that is debugged through its process, without an adapter: orders in, what came of them out, as text."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import wasmtime

from dataflare_lsp.debug.process.outside import (
    AtStart,
    Debugged,
    Ended,
    Entered,
    Event,
    Figures,
    Forked,
    Idle,
    Loaded,
    Row,
    Said,
    Stopped,
)
from dataflare_lsp.debug.process.traveller import Moment, Verdict
from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.validation import Valid, validate
from dataflare_lsp.runtime.world import Allowance
from dataflare_lsp.values.types import Value

HOST = frozenset({"logging", "metrics", "configuration"})
WASI = frozenset({"cli", "io"})
_LIMITS = CallLimits()
_ORDERS = (Stopped, Idle, AtStart, Ended)


def compiled(folder: Path, source: str | bytes) -> str:
    """The path of a component, given as WebAssembly text or binary, compiled."""
    path = folder / "plugin.wasm"
    path.write_bytes(wasmtime.wat2wasm(source) if isinstance(source, str) else source)
    outcome = validate(str(path), Cache(str(folder / "cache")))
    assert isinstance(outcome, Valid), outcome
    assert outcome.artefact is not None
    return outcome.artefact


class Session:
    """One debugged plugin. `told` is what was told meanwhile: logs, output, results."""

    def __init__(
        self,
        artefact: str,
        rows: Iterator[Row],
        can_fork: bool,
        limits: CallLimits = _LIMITS,
        configuration: dict[str, str] | None = None,
        native: tuple[str, ...] = (),
        record: str | None = None,
    ) -> None:
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.told: list[Event] = []
        self.judged: list[Moment] = []
        setup = Setup(artefact, "0" * 64, limits, Allowance(Grants(HOST, WASI), configuration or {}), record)
        self.debugged = Debugged(setup, rows, self.events.put, self._judge, can_fork=can_fork, native=native)
        self.debugged.start()
        self.loaded = self._next(Loaded)
        self.stop: Stopped | Idle | AtStart | Ended | None = None

    def _judge(self, reached: Moment) -> Verdict:
        self.judged.append(reached)
        return Verdict(True, "breakpoint", (1,))

    def do(self, how: str) -> str:
        """Go on or back, and say where that led."""
        self.debugged.resume(how)
        return self.where()

    def goto(self, entry: int) -> str:
        """Go to an entry, and say where that led."""
        self.debugged.goto(entry)
        return self.where()

    def where(self) -> str:
        """Where the plugin stops next."""
        self.stop = self._next(*_ORDERS)
        match self.stop:
            case Stopped(None, reason):
                return f"between ({reason})"
            case Stopped(moment):
                assert moment is not None
                name = moment.function.rpartition("#")[2]
                return f"{moment.number}: {moment.kind} {name} of entry {moment.entry}"
            case Idle(number):
                return f"{number}: idle"
            case Ended(failure):
                return f"ended: {failure.cause if failure else 'as wanted'}"
            case _:
                return "at the start"

    @property
    def moment(self) -> Moment:
        """The moment at which the plugin stands."""
        assert isinstance(self.stop, Stopped)
        assert self.stop.moment is not None
        return self.stop.moment

    def processes(self) -> list[int]:
        """All processes that are there of it."""
        return [process for one in self.debugged._processes for process in members(one.pid)]

    def kill(self) -> None:
        """Kill them all."""
        for one in self.debugged._processes:
            try:
                os.killpg(one.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it was done

    def results(self) -> list[Value]:
        """What entries have given so far, as it was told."""
        return [event.outcome for event in self.told if isinstance(event, Entered) and not event.is_failure]

    def calls(self) -> tuple[int, int]:
        """How many calls of the plugin have ended by now, and how many of those failed."""
        self.debugged.measure()
        measured = self._next(Figures).measured
        return measured.calls, measured.failed

    def forks(self) -> int:
        """How often the run became another one."""
        return sum(isinstance(event, Forked) for event in self.told)

    def said(self, kind: str) -> list[tuple[object, ...]]:
        """The messages of a kind that were told, without the kind."""
        return [event.message[1:] for event in self.told if isinstance(event, Said) and event.message[0] == kind]

    def _next(self, *kinds: type) -> "Event":
        while True:
            event = self.events.get(timeout=60)
            if isinstance(event, kinds):
                return event
            assert not isinstance(event, Ended), event
            self.told.append(event)


@contextmanager
def session(
    artefact: str,
    rows: list[Row],
    *,
    can_fork: bool = True,
    limits: CallLimits = _LIMITS,
    configuration: dict[str, str] | None = None,
    record: str | None = None,
) -> Iterator[Session]:
    """A debugged plugin; at the end, nothing of it is left."""
    opened = Session(artefact, iter(rows), can_fork, limits, configuration, record=record)
    try:
        yield opened
    finally:
        opened.debugged.end()
        # A process that was killed ends when the system comes to it.
        wait_for(lambda: not opened.processes())


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def kill(process: int) -> None:
    """Kill a process, if it is still there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it has ended by itself


def members(group: int) -> list[int]:
    """The processes of a group; not those that have ended, and nobody has looked after."""
    if not os.path.isdir("/proc"):
        return []
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                state, _, its = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:3]
            except (OSError, ValueError):
                continue
            if its == str(group) and state not in "ZX":
                found.append(int(name))
    return found
