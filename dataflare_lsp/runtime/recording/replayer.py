"""A border that answers from a trace, and holds what the plugin does against it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple, NoReturn

from dataflare_lsp.runtime.border import Border, Entry, Failure, HostCall, Outcome
from dataflare_lsp.runtime.host.surroundings import Exit, Trap
from dataflare_lsp.runtime.instance import NotLowered, NotStarted, Plugin
from dataflare_lsp.runtime.limits import LimitHit
from dataflare_lsp.runtime.messages import packed
from dataflare_lsp.runtime.recording.trace import (
    CallEvent,
    EntryEvent,
    Event,
    FailureEvent,
    RefusedEvent,
    ReturnEvent,
    Start,
    Trace,
)
from dataflare_lsp.values.types import Value

_UNTIMED = ("time", "stopped", "output", "host")
"""Ends that another run need not come to by itself: they are taken from the trace, at the place where they stand."""


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


class _Diverged(Trap):
    """Ends the plugin's call: the replay is over."""


class Replayer(Border):
    """Answers from the events of a trace."""

    def __init__(self, trace: Trace) -> None:
        self._names = trace.header.functions
        self._events: Iterator[Event] = trace.events()
        self._next: Event | None = None
        self._number = 0
        self.calls = 0
        self.divergence: Divergence | None = None
        self.advance()

    @property
    def next(self) -> Event | None:
        """The event that is due."""
        return self._next

    def advance(self) -> None:
        """Go on to the next event."""
        self._next = next(self._events, None)
        self._number += 1

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        due = self._next
        if due is None:
            raise _Diverged("the trace ends here")
        if isinstance(due, FailureEvent) and due.failure.cause in _UNTIMED:
            raise LimitHit(due.failure.cause, due.failure.reason)
        if not isinstance(due, CallEvent | RefusedEvent):
            self.diverge(self._said(due), f"a call of `{call.name}`")
        if self._names[due.function] != call.name:
            self.diverge(f"a call of `{self._names[due.function]}`", f"a call of `{call.name}`")
        if not same(due.arguments, arguments):
            self.diverge(f"`{call.name}` called with {due.arguments!r}", f"with {arguments!r}")
        self.calls += 1
        self.advance()
        if isinstance(due, RefusedEvent):
            if due.cause == "exit":
                raise _exit(due.reason)
            raise LimitHit(due.cause, due.reason)
        return due.answer

    def pause(self) -> None:
        due = self._next
        if isinstance(due, FailureEvent) and due.failure.cause in _UNTIMED:
            raise LimitHit(due.failure.cause, due.failure.reason)

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        if self.divergence is None and self._next is not None:
            self.compare(outcome)

    def compare(self, outcome: Outcome) -> None:
        """Hold the end of a call against the trace, and go on."""
        due = self._next
        if isinstance(due, ReturnEvent) and not isinstance(outcome, Failure):
            if not same(due.value, outcome.value):
                self._differs(f"it returned {due.value!r}", f"it returned {outcome.value!r}")
        elif isinstance(due, FailureEvent) and due.failure.cause in _UNTIMED:
            pass
        elif not (isinstance(due, FailureEvent) and isinstance(outcome, Failure)):
            happened = outcome.reason if isinstance(outcome, Failure) else f"it returned {outcome.value!r}"
            self._differs(self._said(due), happened)
        elif (due.failure.cause, due.failure.reason) != (outcome.cause, outcome.reason):
            self._differs(due.failure.reason, outcome.reason)
        if self.divergence is None:
            self.advance()

    def diverge(self, recorded: str, happened: str) -> NoReturn:
        """What happens is not what was recorded. Raises."""
        self._differs(recorded, happened)
        raise _Diverged("it does something else than what was recorded")

    def _differs(self, recorded: str, happened: str) -> None:
        if self.divergence is None:
            self.divergence = Divergence(self._number, recorded[:2_000], happened[:2_000])

    def _said(self, event: Event | None) -> str:
        match event:
            case None:
                return "the end of the trace"
            case Start():
                return "a new instance"
            case EntryEvent():
                return f"a call into `{self._names[event.function]}`"
            case CallEvent() | RefusedEvent():
                return f"a call of `{self._names[event.function]}`"
            case ReturnEvent():
                return f"it returned {event.value!r}"
            case FailureEvent():
                return event.failure.reason


def replay(trace: Trace, plugin: Plugin, replayer: Replayer) -> Replayed:
    """Run a plugin, whose border is `replayer`, along its trace."""
    entries = 0
    while replayer.divergence is None:
        match replayer.next:
            case None:
                break
            case Start():
                replayer.advance()
                try:
                    plugin.start()
                except NotStarted as error:
                    replayer.compare(error.failure)
            case EntryEvent() as due:
                replayer.advance()
                entries += 1
                with suppress(NotLowered):  # the border has heard of it
                    plugin.call(trace.header.functions[due.function], due.arguments)
            case due:
                replayer._differs(replayer._said(due), "the plugin did nothing")
    return Replayed(entries, replayer.calls, replayer.divergence, trace.ended)


def same(one: Value, other: Value) -> bool:
    """Whether two values of one type are the same, bit for bit."""
    return one == other or packed(one) == packed(other)


def _exit(reason: str) -> Exit:
    status = reason.rpartition(" ")[2]
    return Exit(int(status) if status.isdecimal() else 1)
