"""A border that answers from a trace, and holds what the plugin does against it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from dataflare_lsp.runtime.border import Border, Entry, Failure, HostCall, Outcome
from dataflare_lsp.runtime.host.surroundings import Exit, Trap
from dataflare_lsp.runtime.instance import NotLowered, NotStarted, Plugin
from dataflare_lsp.runtime.limits import LimitHit
from dataflare_lsp.runtime.messages import packed
from dataflare_lsp.runtime.recording.replayed import Divergence, Replayed
from dataflare_lsp.runtime.recording.texts import value_text
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
from dataflare_lsp.values.types import Type, Value

_UNTIMED = ("time", "stopped", "output", "host")
"""Ends that another run need not come to by itself: they are taken from the trace, at the place where they stand."""

_SHOWN = 100
"""Elements of a list and characters of a string that are shown."""


class _Diverged(Trap):
    """Ends the plugin's call: the replay is over."""


class Replayer(Border):
    """Answers from the events of a trace."""

    def __init__(self, trace: Trace) -> None:
        self._names = trace.header.functions
        self._types = dict(zip(trace.header.functions, trace.header.types, strict=True))
        self._entered: str | None = None
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
            self.diverge(self._call(call.name, due.arguments), self._call(call.name, arguments))
        self.calls += 1
        self.advance()
        if isinstance(due, RefusedEvent):
            if due.cause == "exit":
                raise _exit(due.reason)
            raise LimitHit(due.cause, due.reason)
        return due.answer

    def enter(self, entry: Entry, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
        self._entered = entry.name
        return arguments

    def pause(self) -> None:
        due = self._next
        if due is None:
            raise _Diverged("the trace ends here")
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
                self._differs(self._returned(due.value), self._returned(outcome.value))
        elif isinstance(due, FailureEvent) and due.failure.cause in _UNTIMED:
            pass
        elif not (isinstance(due, FailureEvent) and isinstance(outcome, Failure)):
            happened = _failed(outcome) if isinstance(outcome, Failure) else self._returned(outcome.value)
            self._differs(self._said(due), happened)
        elif (due.failure.cause, due.failure.reason) != (outcome.cause, outcome.reason):
            self._differs(_failed(due.failure), _failed(outcome))
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
                return self._returned(event.value)
            case FailureEvent():
                return _failed(event.failure)

    def _returned(self, value: Value) -> str:
        function = self._types.get(self._entered or "")
        shown = None if function is None or function.result is None else _shown(value, function.result)
        return "it returned" if shown is None else f"it returned {shown}"

    def _call(self, name: str, arguments: tuple[Value, ...]) -> str:
        parameters = self._types[name].parameters if name in self._types else ()
        shown = [_shown(value, one.type) for value, one in zip(arguments, parameters, strict=False) if one.type]
        return f"`{name}({', '.join(shown)})`"


def replay(trace: Trace, plugin: Plugin, replayer: Replayer) -> Replayed:
    """Run a plugin, whose border is `replayer`, along its trace."""
    entries = 0
    has_started = False
    while replayer.divergence is None:
        match replayer.next:
            case None:
                break
            case Start():
                replayer.advance()
                try:
                    plugin.start()
                    has_started = True
                except NotStarted as error:
                    has_started = False
                    replayer.compare(error.failure)
            case EntryEvent() as due if has_started and trace.header.functions[due.function] in plugin.exports:
                replayer.advance()
                entries += 1
                with suppress(NotLowered):  # the border has heard of it
                    outcome = plugin.call(trace.header.functions[due.function], due.arguments)
                    has_started = not isinstance(outcome, Failure)
            case due:
                replayer._differs(replayer._said(due), "the plugin did nothing")
    return Replayed(entries, replayer.calls, replayer.divergence, trace.ended)


def same(one: Value, other: Value) -> bool:
    """Whether two values of one type are the same, bit for bit."""
    return one == other or packed(one) == packed(other)


def _failed(failure: Failure) -> str:
    return f"it failed ({failure.cause}): {failure.reason}"


def _shown(value: Value, type: Type) -> str:
    return value_text(value, type, _SHOWN)


def _exit(reason: str) -> Exit:
    status = reason.rpartition(" ")[2]
    return Exit(int(status) if status.isdecimal() else 1)
