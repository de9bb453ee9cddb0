"""The file that a recording is: a header, and what happened, event by event, only ever appended to.

    magic           the nine bytes `DFTRACE1\\n`
    frame           length (u32), CRC-32 of the body (u32), body; numbers little-endian
    body            a row in MessagePack, whose first member is the kind

| kind | the other members |
|---|---|
| `header` | format, version of this tool, SHA-256 and path of the component, engine, limits of fuel and memory, \
names of functions, their types |
| `entry` | number of the function, nanoseconds since the start, arguments |
| `call` | number of the function, nanoseconds until the answer, nanoseconds that answering took, arguments, answer |
| `refused` | the same up to the arguments; then the cause and the reason for which the host ended the plugin's call |
| `return` | nanoseconds since the start, value |
| `failure` | nanoseconds since the start, cause, reason, frames |
| `start` | nanoseconds since the start: a new instance, at the beginning and after a failure |

Values are written as `values.types` has them. A reader goes as far as whole frames go, and says where it stopped.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias, cast

from dataflare_lsp.runtime.border import Cause, Failure
from dataflare_lsp.runtime.messages import Broken, packed, unpacked
from dataflare_lsp.values.plain import Plain, function_from_plain, plain_function
from dataflare_lsp.values.types import Function, Value

MAGIC: Final = b"DFTRACE1\n"
FORMAT: Final = 1
_READABLE: Final = frozenset({FORMAT})
_FRAME = struct.Struct("<II")
_MAX_FRAME: Final = 1 << 30
_BUFFER: Final = 1 << 16


class Header(NamedTuple):
    """What a trace is of: the SHA-256 of a component, and where it lay.

    `functions` are names of exports and imports, which events refer to by their place; `types` are theirs.
    """

    format: int
    tool: str
    component: str
    path: str
    engine: str
    fuel: int | None
    memory: int | None
    functions: tuple[str, ...]
    types: tuple[Function, ...]


class Start(NamedTuple):
    """A new instance."""

    at: int


class EntryEvent(NamedTuple):
    """The host calls the plugin."""

    function: int
    at: int
    arguments: tuple[Value, ...]


class CallEvent(NamedTuple):
    """The plugin has called its host, and was answered at `at`, after `took`."""

    function: int
    at: int
    took: int
    arguments: tuple[Value, ...]
    answer: Value


class RefusedEvent(NamedTuple):
    """The plugin has called its host, which ended the plugin's call."""

    function: int
    at: int
    took: int
    arguments: tuple[Value, ...]
    cause: Cause
    reason: str


class ReturnEvent(NamedTuple):
    """The plugin has returned."""

    at: int
    value: Value


class FailureEvent(NamedTuple):
    """The plugin's call ended without a result, or its instance did not start."""

    at: int
    failure: Failure


Event: TypeAlias = Start | EntryEvent | CallEvent | RefusedEvent | ReturnEvent | FailureEvent


class NotATrace(Exception):
    """A file cannot be replayed; the message says why."""


class Writer:
    """Appends to a trace. Whole frames reach the file at the end of every entry, or when many have come together."""

    def __init__(self, path: str, header: Header) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o600)
        self.header = header
        self._waiting = bytearray(MAGIC)
        self._written = 0
        self._add("header", *header[:-1], tuple(plain_function(shape) for shape in header.types))
        self.flush()

    def start(self, at: int) -> None:
        """A new instance starts."""
        self._add("start", at)

    def entry(self, function: int, at: int, arguments: tuple[Value, ...]) -> None:
        """The plugin is called."""
        self._add("entry", function, at, arguments)

    def call(self, function: int, at: int, took: int, arguments: tuple[Value, ...], answer: Value) -> None:
        """The host has answered."""
        self._add("call", function, at, took, arguments, answer)

    def refused(
        self, function: int, at: int, took: int, arguments: tuple[Value, ...], cause: Cause, reason: str
    ) -> None:
        """The host has not answered."""
        self._add("refused", function, at, took, arguments, cause, reason)

    def returned(self, at: int, value: Value) -> None:
        """The plugin has returned."""
        self._add("return", at, value)
        self.flush()

    def failed(self, at: int, failure: Failure) -> None:
        """The plugin has failed."""
        self._add("failure", at, *failure)
        self.flush()

    def flush(self) -> None:
        """Hand what waits over to the operating system."""
        rest = memoryview(bytes(self._waiting))
        self._written += len(rest)
        self._waiting.clear()
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def rewind(self) -> None:
        """Forget what was written since this process was forked: another one has gone on with the file meanwhile."""
        os.ftruncate(self._descriptor, self._written)
        os.lseek(self._descriptor, self._written, os.SEEK_SET)

    def mute(self) -> None:
        """Write nothing any more: this process is a copy that only looks around."""
        self._descriptor = os.open(os.devnull, os.O_WRONLY)

    def close(self) -> None:
        """Nothing more will come."""
        self.flush()
        os.close(self._descriptor)

    def _add(self, *row: object) -> None:
        body = packed(row)
        self._waiting += _FRAME.pack(len(body), zlib.crc32(body))
        self._waiting += body
        if len(self._waiting) > _BUFFER:
            self.flush()


class Trace:
    """A trace that is read: its header at once, its events as they are asked for.

    `ended` says after the last event why there are no more, where the file does not end with a whole event.
    """

    def __init__(self, path: str) -> None:
        """Raises `NotATrace` and `OSError`."""
        self.ended: str | None = None
        self._path = path
        with open(path, "rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise NotATrace("it is not a trace of this tool")
        first = next(self._rows(), None)
        match first:
            case ("header", int(form), *_) if form not in _READABLE:
                raise NotATrace(f"it has format {form}; this version reads format {FORMAT}")
            case (
                "header",
                int(form),
                str(tool),
                str(component),
                str(place),
                str(engine),
                int() | None as fuel,
                int() | None as memory,
                tuple(functions),
                tuple(shapes),
            ) if len(functions) == len(shapes):
                names = tuple(map(str, functions))
                try:
                    types = tuple(function_from_plain(cast(Plain, shape)) for shape in shapes)
                except ValueError as error:
                    raise NotATrace(f"its header cannot be read: {error}") from None
                self.header = Header(form, tool, component, place, engine, fuel, memory, names, types)
            case _:
                raise NotATrace(f"its header cannot be read{self._why()}")

    def events(self) -> Iterator[Event]:
        """What happened, in order."""
        rows = self._rows()
        next(rows)
        for number, row in enumerate(rows, start=1):
            event = _event(row, len(self.header.functions))
            if event is None:
                self.ended = f"event {number:,} cannot be understood"
                return
            yield event

    def _why(self) -> str:
        return f": {self.ended}" if self.ended else ""

    def _rows(self) -> Iterator[object]:
        self.ended = None
        with open(self._path, "rb") as file:
            file.seek(len(MAGIC))
            while True:
                place = file.tell()
                head = file.read(_FRAME.size)
                if not head:
                    return
                if len(head) < _FRAME.size:
                    self.ended = f"it is cut off at byte {place:,}"
                    return
                length, checksum = _FRAME.unpack(head)
                body = file.read(length) if length <= _MAX_FRAME else b""
                if len(body) < length:
                    self.ended = f"it is cut off at byte {place:,}"
                    return
                if zlib.crc32(body) != checksum:
                    self.ended = f"it is damaged at byte {place:,}"
                    return
                try:
                    yield unpacked(body)
                except Broken:
                    self.ended = f"it is damaged at byte {place:,}"
                    return


def _event(row: object, functions: int) -> Event | None:
    match row:
        case ("start", int(at)):
            return Start(at)
        case ("entry", int(function), int(at), tuple(arguments)) if 0 <= function < functions:
            return EntryEvent(function, at, cast("tuple[Value, ...]", arguments))
        case ("call", int(function), int(at), int(took), tuple(arguments), answer) if 0 <= function < functions:
            return CallEvent(function, at, took, cast("tuple[Value, ...]", arguments), cast(Value, answer))
        case ("refused", int(function), int(at), int(took), tuple(arguments), str(cause), str(reason)) if (
            0 <= function < functions
        ):
            return RefusedEvent(function, at, took, cast("tuple[Value, ...]", arguments), cast(Cause, cause), reason)
        case ("return", int(at), value):
            return ReturnEvent(at, cast(Value, value))
        case ("failure", int(at), str(cause), str(reason), tuple(frames)):
            return FailureEvent(at, Failure(cast(Cause, cause), reason, tuple(map(str, frames))))
    return None
