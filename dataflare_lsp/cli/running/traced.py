"""What a trace tells: calls and what came of them, what the plugin said meanwhile, and every event by itself."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from dataflare_lsp.cli.running.entries import cut
from dataflare_lsp.cli.terminal import harmless
from dataflare_lsp.manifest.units import time_text
from dataflare_lsp.runtime.border import Failure, Returned, interface_name
from dataflare_lsp.runtime.program import Called, Happening, Log, Metric, Output
from dataflare_lsp.runtime.recording.texts import MISFIT, fitting, value_text
from dataflare_lsp.runtime.recording.trace import (
    CallEvent,
    EntryEvent,
    Event,
    FailureEvent,
    Header,
    RefusedEvent,
    ReturnEvent,
    Start,
    Trace,
)
from dataflare_lsp.values import json
from dataflare_lsp.values.types import Function, Record, Type, Value

_SHOWN: Final = 400
"""Characters of an event's values that people are shown."""


class Entered(NamedTuple):
    """A call into the plugin, and what came of it. `identity` is the `id` of a record that was given to it."""

    name: str
    type: Function
    called: Called
    identity: str | None


class NotStarted(NamedTuple):
    """An instance that did not start, as a trace has it."""

    failure: Failure


Told: TypeAlias = Entered | NotStarted | Happening


def told_by(trace: Trace, until: int | None = None) -> Iterator[Told]:
    """What happened, in order, before the event with the number `until`."""
    header = trace.header
    streams: dict[Value, str] = {}
    entered: EntryEvent | None = None
    for number, event in enumerate(trace.events(), start=1):
        if number == until:
            return
        match event:
            case Start():
                entered = None
            case EntryEvent():
                entered = event
            case ReturnEvent(at, value) if entered is not None:
                yield _entered(header, entered, Called(at - entered.at, Returned(value)))
                entered = None
            case FailureEvent(at, failure):
                yield (
                    NotStarted(failure)
                    if entered is None
                    else _entered(header, entered, Called(at - entered.at, failure))
                )
                entered = None
            case CallEvent():
                happening = _happening(header, event, streams)
                if happening is not None:
                    yield happening
            case _:
                pass


def _entered(header: Header, event: EntryEvent, called: Called) -> Entered:
    function = header.types[event.function]
    identity = None
    match function.parameters, event.arguments:
        case ((_, Record(fields)),), (tuple(values),):
            named = {field.name: value for field, value in zip(fields, values, strict=False)}
            found = named.get("id")
            identity = found if isinstance(found, str) else None
    return Entered(header.functions[event.function], function, called, identity)


def _happening(header: Header, event: CallEvent, streams: dict[Value, str]) -> Happening | None:
    """What those who watched the plugin were told of a call. `streams` are the handles of its outputs so far."""
    name, _, function = header.functions[event.function].rpartition("#")
    match interface_name(name), function, event.arguments:
        case "dataflare:core/logging", "log", (str(level), str(message)):
            return Log(level, message)
        case "dataflare:core/metrics", "increment-counter", (str(which), int(value)):
            return Metric("counter", which, value)
        case "dataflare:core/metrics", "record-histogram", (str(which), float(value)):
            return Metric("histogram", which, value)
        case ("wasi:cli/stdout" | "wasi:cli/stderr") as stream, _, ():
            streams[event.answer] = stream.rpartition("/")[2]
        case "wasi:io/streams", _, (handle, bytes(data), *_) if handle in streams and ".write" in function:
            return Output("stdout" if streams[handle] == "stdout" else "stderr", data)
        case "wasi:io/streams", "[resource-drop]output-stream", (handle,):
            streams.pop(handle, None)
    return None


# Events


def event_text(number: int, event: Event, header: Header, result: Function | None) -> str:
    """A line for an event; `result` is the function that returns, where it does."""
    match event:
        case Start(at):
            said = "a new instance starts"
        case EntryEvent(function, at, arguments):
            said = f"→ {_call(header, function, arguments)}"
        case CallEvent(function, at, took, arguments, answer):
            given = _shown(answer, header.types[function].result)
            said = f"    {_call(header, function, arguments)}{f' = {given}' if given else ''}  ({time_text(took)})"
        case RefusedEvent(function, at, took, arguments, cause, reason):
            said = f"    {_call(header, function, arguments)} ended it ({cause}): {reason}  ({time_text(took)})"
        case ReturnEvent(at, value):
            said = f"← {_shown(value, None if result is None else result.result) or 'done'}"
        case FailureEvent(at, failure):
            said = f"← failed ({failure.cause}): {failure.reason}"
    return f"{number:>6}  {time_text(at):>8}  {harmless(said)}\n"


def event_data(number: int, event: Event, header: Header, result: Function | None) -> json.Json:
    """An event as JSON; docs/reference/trace.md says what it means."""
    data: dict[str, json.Json] = {"event": number, "at": event.at}
    match event:
        case Start():
            data["kind"] = "start"
        case EntryEvent(function, _, arguments):
            data |= {"kind": "entry", **_call_data(header, function, arguments)}
        case CallEvent(function, _, took, arguments, answer):
            data |= {"kind": "call", "took": took, **_call_data(header, function, arguments)}
            _add_value(data, "answer", answer, header.types[function].result)
        case RefusedEvent(function, _, took, arguments, cause, reason):
            data |= {"kind": "refused", "took": took, **_call_data(header, function, arguments)}
            data |= {"cause": cause, "reason": reason}
        case ReturnEvent(_, value):
            data["kind"] = "return"
            _add_value(data, "value", value, None if result is None else result.result)
        case FailureEvent(_, failure):
            data |= {"kind": "failure", **failure._asdict(), "backtrace": list(failure.backtrace)}
    return data


def events_of(trace: Trace, shown: Callable[[int, Event, Header, Function | None], str]) -> Iterator[str]:
    """Every event of a trace, shown so."""
    entered: Function | None = None
    for number, event in enumerate(trace.events(), start=1):
        if isinstance(event, EntryEvent):
            entered = trace.header.types[event.function]
        yield shown(number, event, trace.header, entered)


def _call(header: Header, function: int, arguments: tuple[Value, ...]) -> str:
    parameters = header.types[function].parameters
    given = [_shown(value, one.type) for value, one in zip(arguments, parameters, strict=False)]
    return f"{header.functions[function]}({', '.join(given)})"


def _call_data(header: Header, function: int, arguments: tuple[Value, ...]) -> dict[str, json.Json]:
    parameters = header.types[function].parameters
    given: dict[str, json.Json] = {}
    for value, one in zip(arguments, parameters, strict=False):
        _add_value(given, one.name, value, one.type)
    return {"function": header.functions[function], "arguments": given}


def _add_value(data: dict[str, json.Json], key: str, value: Value, type: Type | None) -> None:
    if type is not None:
        encoded = fitting(lambda: _encodable(json.to_data(value, type)))
        data[key] = MISFIT if encoded is None else encoded.data


class _Encodable(NamedTuple):
    data: json.Json


def _encodable(data: json.Json) -> _Encodable:
    """JSON, if that is what it is. Raises `TypeError` where a value was not of its type."""
    json.encode(data)
    return _Encodable(data)


def _shown(value: Value, type: Type | None) -> str:
    return "" if type is None else cut(value_text(value, type, _SHOWN), _SHOWN)
