"""`wasi:io`: errors, streams, and waiting for several things at once. It has no authority, so it is always there."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from dataflare_lsp.runtime.host.surroundings import Interface, Trap
from dataflare_lsp.runtime.host.wasi.host import MAX_CHUNK, Host, Resource
from dataflare_lsp.values.types import Case, Value

MAX_BLOCKING_WRITE: Final = 4096
"""Bytes that a blocking write takes at most, as WASI says."""

_LONG: Final = 3600.0
"""Seconds after which a wait without an end looks again."""


class Closed(Exception):
    """A stream has come to its end, or nobody reads it any more."""


class Failed(Exception):
    """An operation on a stream failed. `code` is an error code of the package that the stream is of."""

    def __init__(self, message: str, code: Value = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Source:
    """Where an input stream's bytes come from. By itself it has none."""

    def read(self, size: int) -> bytes:
        """At most so many bytes, without waiting; none where none are there yet. Raises `Closed` and `Failed`."""
        raise Closed

    def wait(self, seconds: float) -> bool:
        """Whether `read` gives something or raises, after waiting no longer than this."""
        return True

    def close(self) -> None:
        """Nobody reads any more."""


class Sink:
    """Where an output stream's bytes go. All but `wait` and `close` raise `Closed` and `Failed`."""

    def room(self) -> int:
        """How many bytes may be written now."""
        return MAX_CHUNK

    def write(self, data: bytes) -> None:
        """Take all of `data`, which is no more than there is room for."""
        raise Closed

    def flush(self) -> None:
        """Start to bring what was written to where it goes."""

    def wait(self, seconds: float) -> bool:
        """Whether there is room or `write` raises, after waiting no longer than this."""
        return True

    def close(self) -> None:
        """Nobody writes any more."""


class Error(Resource):
    """`error`: why an operation on a stream failed."""

    def __init__(self, failed: Failed) -> None:
        self.failed: Final = failed

    def to_debug_string(self) -> str:
        return self.failed.message


class Pollable(Resource):
    """`pollable`: something that may happen. `wait` says whether it has; without it, a clock is to reach `deadline`."""

    def __init__(self, host: Host, wait: Callable[[float], bool] | None, deadline: int = 0) -> None:
        self._host = host
        self.wait: Final = wait
        self.deadline: Final = deadline

    def ready(self) -> bool:
        if self.wait is None:
            return self._host.surroundings.monotonic() >= self.deadline
        return self.wait(0.0)

    def block(self) -> None:
        _wait_for_any(self._host, (self,))


def _wait_for_any(host: Host, pollables: Sequence[Pollable]) -> tuple[int, ...]:
    """Wait until at least one is ready; the places of all that are."""
    surroundings = host.surroundings
    while True:
        ready = tuple(place for place, pollable in enumerate(pollables) if pollable.ready())
        if ready:
            return ready
        waits = [pollable.wait for pollable in pollables if pollable.wait is not None]
        deadlines = [pollable.deadline for pollable in pollables if pollable.wait is None]
        seconds = min((min(deadlines) - surroundings.monotonic()) / 1e9, _LONG) if deadlines else _LONG
        if seconds > 0:
            surroundings.wait(seconds, _any_of(waits) if waits else None)


def _any_of(waits: Sequence[Callable[[float], bool]]) -> Callable[[float], bool]:
    """Whether one of several things has happened. Each gets its share of the time."""

    def has_happened(seconds: float) -> bool:
        return any(wait(seconds / len(waits)) for wait in waits)

    return has_happened


def wait_until(host: Host, wait: Callable[[float], bool]) -> None:
    """Wait until something has happened. Raises `Trap` when the call's time is over."""
    while not wait(0.0):
        host.surroundings.wait(_LONG, wait)


class _Stream(Resource):
    def __init__(self, host: Host) -> None:
        self._host = host

    def _error(self, failed: Failed) -> int:
        return self._host.add(Error(failed))


P = ParamSpec("P")
S = TypeVar("S", bound=_Stream)


def _streaming(method: Callable[Concatenate[S, P], Value]) -> Callable[Concatenate[S, P], Value]:
    """The method with `result<_, stream-error>` for its answer."""

    @wraps(method)
    def answer(stream: S, /, *arguments: P.args, **named: P.kwargs) -> Value:
        try:
            return Case("ok", method(stream, *arguments, **named))
        except Closed:
            return Case("err", Case("closed"))
        except Failed as failed:
            return Case("err", Case("last-operation-failed", stream._error(failed)))

    return answer


class InputStream(_Stream):
    """`input-stream`."""

    def __init__(self, host: Host, source: Source) -> None:
        super().__init__(host)
        self.source: Final = source

    @_streaming
    def read(self, length: int) -> bytes:
        return self.source.read(min(length, MAX_CHUNK))

    @_streaming
    def blocking_read(self, length: int) -> bytes:
        self._wait(length)
        return self.source.read(min(length, MAX_CHUNK))

    @_streaming
    def skip(self, length: int) -> int:
        return len(self.source.read(min(length, MAX_CHUNK)))

    @_streaming
    def blocking_skip(self, length: int) -> int:
        self._wait(length)
        return len(self.source.read(min(length, MAX_CHUNK)))

    def subscribe(self) -> int:
        return self._host.add(Pollable(self._host, self.source.wait))

    def dropped(self) -> None:
        self.source.close()

    def _wait(self, length: int) -> None:
        if length:
            wait_until(self._host, self.source.wait)


class OutputStream(_Stream):
    """`output-stream`. There is no buffer here: what is written goes to the sink at once."""

    def __init__(self, host: Host, sink: Sink) -> None:
        super().__init__(host)
        self.sink: Final = sink

    @_streaming
    def check_write(self) -> int:
        return self._room()

    @_streaming
    def write(self, contents: bytes) -> None:
        self._write(contents)

    @_streaming
    def blocking_write_and_flush(self, contents: bytes) -> None:
        _require_at_most(MAX_BLOCKING_WRITE, len(contents))
        self._write_all(contents)

    @_streaming
    def flush(self) -> None:
        self.sink.flush()

    @_streaming
    def blocking_flush(self) -> None:
        self.sink.flush()

    def subscribe(self) -> int:
        return self._host.add(Pollable(self._host, self.sink.wait))

    @_streaming
    def write_zeroes(self, length: int) -> None:
        _require_at_most(MAX_CHUNK, length)
        self._write(bytes(length))

    @_streaming
    def blocking_write_zeroes_and_flush(self, length: int) -> None:
        _require_at_most(MAX_BLOCKING_WRITE, length)
        self._write_all(bytes(length))

    @_streaming
    def splice(self, source: int, length: int) -> int:
        return self._splice(self._host.get(source, InputStream).source, length)

    @_streaming
    def blocking_splice(self, source: int, length: int) -> int:
        origin = self._host.get(source, InputStream).source
        if length:
            wait_until(self._host, origin.wait)
            wait_until(self._host, self.sink.wait)
        return self._splice(origin, length)

    def dropped(self) -> None:
        self.sink.close()

    def _room(self) -> int:
        return min(self.sink.room(), MAX_CHUNK)

    def _write(self, contents: bytes) -> None:
        _require_at_most(self._room(), len(contents))
        self.sink.write(contents)

    def _write_all(self, contents: bytes) -> None:
        while contents:
            wait_until(self._host, self.sink.wait)
            room = self._room()
            self.sink.write(contents[:room])
            contents = contents[room:]
        self.sink.flush()

    def _splice(self, source: Source, length: int) -> int:
        data = source.read(min(length, self._room()))
        self.sink.write(data)
        return len(data)


def _require_at_most(most: int, length: int) -> None:
    """Raise `Trap` where a stream is written more at once than it may be, as WASI says."""
    if length > most:
        raise Trap(f"a stream is written {length:,} bytes at once, where {most:,} are allowed")


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:io`."""

    def poll(pollables: tuple[int, ...]) -> tuple[int, ...]:
        if not pollables:
            raise Trap("`wasi:io/poll#poll` is called with an empty list, which WASI does not allow")
        return _wait_for_any(host, [host.get(handle, Pollable) for handle in pollables])

    return {
        "wasi:io/error": host.resource("error", Error),
        "wasi:io/poll": {**host.resource("pollable", Pollable), "poll": poll},
        "wasi:io/streams": {
            **host.resource("input-stream", InputStream),
            **host.resource("output-stream", OutputStream),
        },
    }
