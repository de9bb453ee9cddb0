"""Records for a plugin, read line by line from a file or a pipe as they come."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple, cast

from dataflare_lsp.values import json, wave
from dataflare_lsp.values.types import Record, Value

_CHUNK: Final = 1 << 16
_MOST: Final = 64 << 20
"""Bytes of a line."""


class BadRecord(Exception):
    """A line that is no record: where, and what is wrong. `column` counts from 1 in code points."""

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.line = line


class Given(NamedTuple):
    """A record that was read, in which line, and where it had an identity, that."""

    line: int
    id: str | None


class Input:
    """The records of a file, each of a type: NDJSON, or WAVE where the file's name ends so.

    `read` is run by one thread, the rest by another. `given` is what was read and not asked for yet, in order: records,
    and with `goes_on` also lines that are none. `done` and `size` are bytes; `size` is None where nobody knows it.
    """

    def __init__(self, path: str, type: Record, goes_on: bool, most: int | None = None) -> None:
        """Raises `OSError`."""
        self.name = "standard input" if path == "-" else path
        self.given: deque[Given | BadRecord] = deque()
        self.done = 0
        self._stream, self.size = _opened(path)
        self._type = type
        self._goes_on = goes_on
        self._most = most
        self._parse = wave.parse if path.endswith(".wave") else json.parse
        names = [field.name for field in type.fields]
        self._id = names.index("id") if "id" in names else None

    def read(self) -> Iterator[tuple[tuple[Value, ...], ...]]:
        """Rows of arguments, as many together as are there. Raises `BadRecord` and `OSError`."""
        left = self._most
        line = 0
        for lines in self._lines():
            rows: list[tuple[Value, ...]] = []
            for text in lines:
                if left == 0:
                    break
                line += 1
                if not text.strip():
                    continue
                try:
                    record = self._record(text, line)
                except BadRecord as wrong:
                    if not self._goes_on:
                        yield tuple(rows)
                        raise
                    self.given.append(wrong)
                    continue
                rows.append((record,))
                self.given.append(Given(line, self._id_of(record)))
                left = None if left is None else left - 1
            yield tuple(rows)
            if left == 0:
                return

    def next(self, skipped: Callable[[BadRecord], None]) -> Given | None:
        """What comes next of what was given; lines that are no records are told to `skipped`."""
        while self.given:
            match self.given.popleft():
                case BadRecord() as wrong:
                    skipped(wrong)
                case given:
                    return given
        return None

    def _record(self, line: bytes, number: int) -> Value:
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode()) + 1
            raise BadRecord(self.name, number, column, f"byte 0x{line[error.start]:02x} is not UTF-8") from None
        if number == 1:
            text = text.removeprefix("\ufeff")
        begin = len(text) - len(text.lstrip())
        try:
            return self._parse(text.strip(), self._type, _defaults(self._type, number))
        except json.JsonError as error:
            raise BadRecord(self.name, number, begin + (error.offset or 0) + 1, str(error)) from None
        except wave.WaveError as error:
            raise BadRecord(self.name, number, begin + error.span.start + 1, str(error)) from None

    def _id_of(self, record: Value) -> str | None:
        if self._id is None:
            return None
        value = cast("tuple[Value, ...]", record)[self._id]
        return value if isinstance(value, str) else None

    def _lines(self) -> Iterator[list[bytes]]:
        """Whole lines, as many together as are there."""
        begun: list[bytes] = []
        size = number = 0
        with self._stream:
            while chunk := self._stream.read(_CHUNK):
                self.done += len(chunk)
                first, *more = chunk.split(b"\n")
                begun.append(first)
                size += len(first)
                if more:
                    lines = [b"".join(begun), *more[:-1]]
                    begun, size = [more[-1]], len(more[-1])
                    number += len(lines)
                    yield lines
                if size > _MOST:
                    raise BadRecord(self.name, number + 1, 1, f"the line is longer than {_MOST:,} bytes")
        if size:
            yield [b"".join(begun)]


def _opened(path: str) -> tuple[BinaryIO, int | None]:
    if path != "-":
        # Without a buffer: a read gives what is there, and never waits for more.
        stream = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by who reads it
        size = os.fstat(stream.fileno()).st_size
        return cast(BinaryIO, stream), size or None
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError, AttributeError):
        return sys.stdin.buffer, None
    return cast(BinaryIO, open(number, "rb", buffering=0, closefd=False)), None


def _defaults(type: Record, line: int) -> dict[str, Value]:
    """What fields of a record are where a line does not say it."""
    said: dict[str, Value] = {"id": str(line), "timestamp": 0, "metadata": ()}
    return {field.name: said[field.name] for field in type.fields if field.name in said}
