"""What a recording comes to: how often each function was called, how long that took, and what failed."""

from typing import TYPE_CHECKING, Final, NamedTuple

from dataflare_lsp.runtime.border import Failure

if TYPE_CHECKING:
    from dataflare_lsp.runtime.recording.trace import Trace

_MOST_FAILURES: Final = 20


class Calls(NamedTuple):
    """How often a function was called, and how many nanoseconds that took in all, with what it called itself."""

    number: int
    nanoseconds: int


class Failed(NamedTuple):
    """A call of the plugin that failed: the number of the entry from 0, and the function; "" where none has begun."""

    entry: int
    function: str
    failure: Failure


class Tally(NamedTuple):
    """Calls by the names of functions, as the component has them, and the first of what failed."""

    exports: dict[str, Calls]
    imports: dict[str, Calls]
    failures: tuple[Failed, ...]


def tally(trace: "Trace") -> Tally:
    """Read a trace as far as it goes, and count. What was begun and has no end is left out."""
    # Who is told what a trace comes to reads none.
    from dataflare_lsp.runtime.recording.trace import CallEvent, EntryEvent, FailureEvent, RefusedEvent, ReturnEvent

    exports: dict[int, Calls] = {}
    imports: dict[int, Calls] = {}
    failures: list[Failed] = []
    entered: EntryEvent | None = None
    entries = 0
    for event in trace.events():
        match event:
            case EntryEvent():
                entered = event
                entries += 1
            case CallEvent(function, _, took) | RefusedEvent(function, _, took):
                _add(imports, function, took)
            case ReturnEvent(at) | FailureEvent(at):
                if isinstance(event, FailureEvent) and len(failures) < _MOST_FAILURES:
                    name = trace.header.functions[entered.function] if entered is not None else ""
                    failures.append(Failed(entries - 1 if entered is not None else entries, name, event.failure))
                if entered is not None:
                    _add(exports, entered.function, at - entered.at)
                entered = None
    names = trace.header.functions
    return Tally(_named(exports, names), _named(imports, names), tuple(failures))


def _add(calls: dict[int, Calls], function: int, took: int) -> None:
    number, before = calls.get(function, (0, 0))
    calls[function] = Calls(number + 1, before + took)


def _named(calls: dict[int, Calls], names: tuple[str, ...]) -> dict[str, Calls]:
    return {names[number]: calls[number] for number in sorted(calls)}
