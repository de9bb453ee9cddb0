"""What came of calls into a plugin, for people and for programs."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.cli.terminal import Style, harmless
from dataflare_lsp.runtime.border import Failure, Returned
from dataflare_lsp.runtime.kinds import Kind, is_error
from dataflare_lsp.runtime.program import Called
from dataflare_lsp.values import json, wave
from dataflare_lsp.values.shapes import case, items
from dataflare_lsp.values.types import Function, ListOf, Option, Record, Result, Type, Value, Variant

Word: TypeAlias = Literal[
    "handed on", "skipped", "kept", "dropped", "written", "added", "read", "called", "error", "failed"
]
"""What came of an entry, in a word."""

_SHOWN: Final = 4_000
"""Characters of a value that people are shown."""
_FRAMES: Final = 20


class Entry(NamedTuple):
    """A call into a plugin, and what came of it.

    `number` counts calls from 1. `line` is that of the record in the input, and `id` the record's, where there is one.
    """

    number: int
    function: str
    type: Function
    called: Called
    line: int | None = None
    id: str | None = None


def word_of(entry: Entry, kind: Kind | None) -> Word:
    """What came of an entry."""
    match entry.called.outcome:
        case Failure():
            return "failed"
        case Returned(value):
            if is_error(value, entry.type):
                return "error"
            if kind is None or entry.function != kind.each:
                return "called"
            return _word(kind, entry.type, value)


def _word(kind: Kind, type: Function, value: Value) -> Word:
    match kind.name:
        case "source":
            return "read"
        case "destination":
            return "written"
        case "aggregator":
            return "added"
        case "filter":
            return "kept" if _payload(type, value) is not False else "dropped"
        case "transformer":
            return "handed on" if _payload(type, value) != () else "dropped"
        case "processor":
            is_skip = isinstance(type.result, Variant) and case(value)[0] == "skip"
            return "skipped" if is_skip else "handed on"


def _payload(type: Function, value: Value) -> Value:
    """What is in a result, or the value itself."""
    return case(value)[1] if isinstance(type.result, Result) else value


# For people


def text_of(entry: Entry, kind: Kind | None, style: Style) -> str:
    """Lines for an entry: its place in the input, or the function's name, and then what came of it."""
    label = _label(entry, kind)
    indent = " " * (len(label) + 2)
    lines = list(_told(entry, kind, style))
    return "".join(
        f"{style.paint('faint', label) if i == 0 else indent[:-2]}  {line}\n" for i, line in enumerate(lines)
    )


def _label(entry: Entry, kind: Kind | None) -> str:
    if kind is None or entry.function != kind.each:
        return entry.function.rpartition("#")[2]
    number = str(entry.number if entry.line is None else entry.line)
    return number if entry.id in (None, number) else f"{number} ({harmless(cut(entry.id or '', 40))})"


def _told(entry: Entry, kind: Kind | None, style: Style) -> Iterator[str]:
    word = word_of(entry, kind)
    match entry.called.outcome:
        case Failure() as failure:
            yield f"{style.paint('error', 'failed')} ({failure.cause}): {harmless(failure.reason)}"
            for frame in failure.backtrace[:_FRAMES]:
                yield style.paint("faint", f"  in {harmless(frame)}")
            if len(failure.backtrace) > _FRAMES:
                yield style.paint("faint", f"  … {len(failure.backtrace) - _FRAMES} more")
        case Returned(value) if word == "error":
            payload = case(value)[1]
            told = payload if isinstance(payload, str) else _shown(value, entry.type.result)
            yield f"{style.paint('error', 'error')}: {harmless(cut(told, _SHOWN))}"
        case Returned(value):
            records = [] if kind is None else list(_records(value, entry.type.result))
            if records:
                for record, of in records:
                    yield cut(json.write(record, of), _SHOWN)
            elif word != "called":
                yield word
            elif kind is None:
                yield _shown(value, entry.type.result) or "done"
            else:
                yield "nothing" if isinstance(_payload(entry.type, value), tuple) else "done"


def _records(value: Value, type: Type | None) -> Iterator[tuple[Value, Record]]:
    """The records that something of this type holds."""
    match type:
        case Record():
            yield value, type
        case ListOf(element) if not isinstance(value, bytes):
            for one in items(value):
                yield from _records(one, element)
        case Option(some) if value is not None:
            yield from _records(case(value)[1], some)
        case Result(ok, err):
            name, payload = case(value)
            yield from _records(payload, ok if name == "ok" else err)
        case Variant(cases):
            name, payload = case(value)
            yield from _records(payload, {one.name: one.type for one in cases}[name])


def _shown(value: Value, type: Type | None) -> str:
    return "" if type is None else wave.write(value, type, elements=100, characters=_SHOWN)


def cut(text: str, most: int) -> str:
    """So much of a text, and how much more there is."""
    return text if len(text) <= most else f"{text[:most]}… {len(text) - most:,} characters more"


# For programs


def data_of(entry: Entry) -> json.Json:
    """An entry as JSON; docs/reference/cli.md says what it means."""
    data: dict[str, json.Json] = {"entry": entry.number, "function": entry.function}
    if entry.line is not None:
        data["line"] = entry.line
    if entry.id is not None:
        data["id"] = entry.id
    data["nanoseconds"] = entry.called.nanoseconds
    match entry.called.outcome:
        case Failure(cause, reason, backtrace):
            return {**data, "outcome": "failed", "cause": cause, "reason": reason, "backtrace": list(backtrace)}
        case Returned(value):
            data["outcome"] = "error" if is_error(value, entry.type) else "returned"
            if entry.type.result is not None:
                data["value"] = json.to_data(value, entry.type.result)
    return data


def wave_of(entry: Entry) -> str | None:
    """What an entry returned, as WAVE in one line; None where it returned nothing."""
    match entry.called.outcome:
        case Returned(value) if entry.type.result is not None:
            return wave.write(value, entry.type.result)
    return None


# In sum

_NOUNS: Final[dict[Word, tuple[str, str]]] = {"error": ("error", "errors")}


def summary(words: "Counter[Word]", unread: int) -> str:
    """How many records there were, and what came of them."""
    total = sum(words.values()) - words["called"]
    parts = []
    for word, count in words.items():
        if word not in ("called", "read"):
            one, many = _NOUNS.get(word, (word, word))
            parts.append(f"{count:,} {one if count == 1 else many}")
    said = f"{total:,} record{'' if total == 1 else 's'}" + (f": {', '.join(parts)}" if parts else "")
    return said + (f"; {unread:,} line{' was' if unread == 1 else 's were'} no record" if unread else "")
