"""One HTTP request and its response, in a thread of their own, so that a plugin's waiting for them can be ended.

The plugin writes into one pipe and reads from another; neither holds more than a little. A process that was copied has
the memory of its original, but not its threads: what was under way there has ended with the connection.
"""

import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from dataflare_lsp.runtime.host.wasi.io import Closed, Failed, Sink, Source
from dataflare_lsp.values.types import Case, Value

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPHeaderDict

MAX_BUFFERED: Final = 256 << 10
"""Bytes of a body that are between the plugin and the network."""

MAX_HEADERS: Final = 256 << 10
"""Bytes of the headers of a response."""

DEFAULT_CONNECT_TIMEOUT: Final = 30.0
DEFAULT_READ_TIMEOUT: Final = 60.0
"""Seconds, where the plugin says nothing. Its call may end before."""

_CHUNK: Final = 64 << 10


class HttpFailed(Failed):
    """An exchange failed; `code` is an `error-code` of `wasi:http`."""


def failure(code: str, payload: Value = None, message: str | None = None) -> HttpFailed:
    """A failure with a code of `wasi:http`."""
    return HttpFailed(message or code, Case(code, payload))


class Request(NamedTuple):
    """What is sent, but for the body. Timeouts are seconds."""

    method: str
    is_encrypted: bool
    host: str
    port: int
    target: str
    headers: tuple[tuple[str, bytes], ...]
    connect_timeout: float
    read_timeout: float


class Response(NamedTuple):
    """What comes back; the body comes while it is read."""

    status: int
    headers: tuple[tuple[str, bytes], ...]
    body: "Pipe"


class Pipe:
    """Bytes on their way from one thread to another, `MAX_BUFFERED` at most, and how they ended."""

    def __init__(self) -> None:
        self._process: Final = os.getpid()
        self._changed: Final = threading.Condition()
        self._data: Final = bytearray()
        self._end: Closed | Failed | None = None
        self._is_read = True

    @property
    def is_copied(self) -> bool:
        """Whether the other thread is in another process, and nothing here will ever change again."""
        return os.getpid() != self._process

    def has_room(self, seconds: float | None) -> bool:
        """Whether something can be put in, or nobody reads, after waiting so long at most; None is without an end."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._data) < MAX_BUFFERED or self._is_over(), seconds)

    def room(self) -> int:
        """How many bytes can be put in. Raises `Closed` where nobody reads them, or it has ended."""
        with self._changed:
            if self._is_over():
                raise Closed
            return MAX_BUFFERED - len(self._data)

    def put(self, data: bytes) -> None:
        """Put in what there is room for. Raises `Closed` where nobody reads it, or it has ended."""
        with self._changed:
            if self._is_over():
                raise Closed
            self._data.extend(data)
            self._changed.notify_all()

    def end(self, how: Closed | Failed) -> None:
        """Nothing more comes. The first word on this counts."""
        with self._changed:
            self._end = self._end or how
            self._changed.notify_all()

    def has_data(self, seconds: float | None) -> bool:
        """Whether something is there, or it has ended, after waiting so long at most; None is without an end."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._data) or self._end is not None, seconds)

    def is_settled(self) -> bool:
        """Wait until it has ended or is full; whether all that there will ever be is there."""
        with self._changed:
            self._changed.wait_for(lambda: self._end is not None or len(self._data) >= MAX_BUFFERED)
            return self._end is not None

    def take(self, size: int) -> bytes:
        """At most so many bytes, none where there are none yet. Raises how it ended."""
        with self._changed:
            if not self._data and self._end is not None:
                raise self._end
            data = bytes(self._data[:size])
            del self._data[:size]
            self._changed.notify_all()
            return data

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it now."""
        return not self._data

    def _is_over(self) -> bool:
        return self._end is not None or not self._is_read

    def clear(self) -> None:
        """What is in it is not wanted."""
        with self._changed:
            self._data.clear()
            self._changed.notify_all()

    def abandon(self) -> None:
        """Nobody reads any more."""
        with self._changed:
            self._is_read = False
            self._data.clear()
            self._changed.notify_all()


class Receiving(Source):
    """The plugin's end of a pipe that it reads from."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe: Final = pipe

    def read(self, size: int) -> bytes:
        if self._pipe.is_copied:
            raise failure("connection-terminated")
        return self._pipe.take(size)

    def wait(self, seconds: float) -> bool:
        return self._pipe.is_copied or self._pipe.has_data(seconds)

    def close(self) -> None:
        if not self._pipe.is_copied:
            self._pipe.abandon()


class Sending(Sink):
    """The plugin's end of a pipe that it writes to. `length`: of the whole body, where its headers say so."""

    def __init__(self, pipe: Pipe, length: int | None) -> None:
        self._pipe: Final = pipe
        self._length: Final = length
        self._sent = 0

    def room(self) -> int:
        if self._pipe.is_copied:
            raise failure("connection-terminated")
        return self._pipe.room()

    def write(self, data: bytes) -> None:
        self._sent += len(data)
        if self._length is not None and self._sent > self._length:
            too_long = self._wrong_length()
            self._pipe.end(too_long)
            raise too_long
        self._pipe.put(data)

    def wait(self, seconds: float) -> bool:
        return self._pipe.is_copied or self._pipe.has_room(seconds)

    def finish(self) -> None:
        """The body is complete. Raises `Failed` where its headers say something else."""
        if self._length is not None and self._sent != self._length:
            wrong = self._wrong_length()
            self.give_up(wrong)
            raise wrong
        self.give_up(Closed())

    def give_up(self, how: Closed | Failed) -> None:
        """Nothing more will be written; what was is worth nothing where that is a failure."""
        if not self._pipe.is_copied:
            self._pipe.end(how)
            if isinstance(how, Failed):
                self._pipe.clear()

    def _wrong_length(self) -> HttpFailed:
        return failure(
            "HTTP-request-body-size", Case("some", self._sent), "the body is not as long as `content-length`"
        )


class Refused:
    """A request that is not sent, as an exchange that has failed before it began."""

    def __init__(self, why: HttpFailed) -> None:
        self._why: Final = why

    def wait(self, seconds: float) -> bool:
        """There is an answer."""
        return True

    def answer(self) -> Response | HttpFailed | None:
        """Why there is no response."""
        return self._why

    def close(self) -> None:
        """Nothing is under way."""


class Exchange:
    """A request that is under way, and what comes of it."""

    def __init__(self, request: Request, body: Pipe | None) -> None:
        self._request: Final = request
        self._body: Final = body
        self._process: Final = os.getpid()
        self._changed: Final = threading.Condition()
        self._answer: Response | HttpFailed | None = None
        self._is_wanted = True
        self._thread: Final = threading.Thread(target=self._run, name="wasi:http", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing is under way any more, and nothing that came waits to be read."""
        is_read = not isinstance(self._answer, Response) or self._answer.body.is_empty
        return os.getpid() != self._process or (not self._thread.is_alive() and is_read)

    def wait(self, seconds: float) -> bool:
        """Whether there is an answer, after waiting no longer than this."""
        if os.getpid() != self._process:
            return True
        with self._changed:
            return self._changed.wait_for(lambda: self._answer is not None, seconds)

    def answer(self) -> Response | HttpFailed | None:
        """The response, or why there is none; None where there is nothing yet."""
        if self._answer is None and os.getpid() != self._process:
            return failure("connection-terminated")
        return self._answer

    def close(self) -> None:
        """Nobody wants the answer."""
        if os.getpid() == self._process:
            with self._changed:
                self._is_wanted = False
                if isinstance(self._answer, Response):
                    self._answer.body.abandon()

    def _run(self) -> None:
        pool = None
        try:
            pool = _pool(self._request)
            response = _send(pool, self._request, self._body)
            pipe = Pipe()
            headers = tuple((name, value.encode("latin-1", "replace")) for name, value in response.headers.iteritems())
            size = sum(len(name) + len(value) for name, value in headers)
            if size > MAX_HEADERS:
                response.close()
                raise failure("HTTP-response-header-section-size", Case("some", size))
            self._settle(Response(response.status, headers, pipe))
            _receive(response, pipe)
        except Exception as error:
            self._settle(_failure_of(error))
        finally:
            if self._body is not None:
                self._body.abandon()
            if pool is not None:
                pool.close()

    def _settle(self, answer: Response | HttpFailed) -> None:
        with self._changed:
            self._answer = answer
            if not self._is_wanted and isinstance(answer, Response):
                answer.body.abandon()
            self._changed.notify_all()


def _pool(request: Request) -> "HTTPConnectionPool":
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout

    # No proxy of the environment: a plugin reaches the hosts that it was granted, and none by way of others.
    kind = HTTPSConnectionPool if request.is_encrypted else HTTPConnectionPool
    timeout = Timeout(connect=request.connect_timeout, read=request.read_timeout)
    return kind(request.host, request.port, timeout=timeout, maxsize=1)


def _send(pool: "HTTPConnectionPool", request: Request, body: Pipe | None) -> "BaseHTTPResponse":
    """Send the request and wait for the head of the response. Redirects are the plugin's matter."""
    headers = _headers(request)
    content: bytes | Iterator[bytes] | None = None
    if body is not None:
        # A body that is short, or complete when the request is, gets a length: not every server takes chunks.
        if "content-length" not in headers and body.is_settled():
            content = b"".join(_chunks(body))
        else:
            content = _chunks(body)
    return pool.urlopen(
        request.method,
        request.target,
        body=content,
        headers=headers,
        retries=False,
        redirect=False,
        preload_content=False,
        decode_content=False,
    )


def _headers(request: Request) -> "HTTPHeaderDict":
    from urllib3 import HTTPHeaderDict
    from urllib3.util import SKIP_HEADER

    headers = HTTPHeaderDict()
    for name, value in request.headers:
        headers.add(name, value.decode("latin-1"))
    for name in ("accept-encoding", "user-agent"):
        headers.setdefault(name, SKIP_HEADER)
    return headers


def _chunks(body: Pipe) -> Iterator[bytes]:
    while True:
        body.has_data(None)
        try:
            data = body.take(_CHUNK)
        except Closed:
            return
        yield data


def _receive(response: "BaseHTTPResponse", pipe: Pipe) -> None:
    """Bring the body into the pipe, as fast as it is read."""
    try:
        while data := response.read1(_CHUNK, decode_content=False):
            rest = memoryview(data)
            while rest:
                pipe.has_room(None)
                part = rest[: pipe.room()]
                pipe.put(bytes(part))
                rest = rest[len(part) :]
        pipe.end(Closed())
    except Closed:
        pass  # nobody reads the rest
    except Exception as error:
        pipe.end(_failure_of(error))
    finally:
        response.close()


def _failure_of(error: BaseException) -> HttpFailed:
    """What an exception of the library, or one behind it, is for `wasi:http`."""
    import socket
    import ssl

    from urllib3 import exceptions

    if isinstance(error, HttpFailed):
        return error
    behind = [error, *_causes(error)]

    def is_one(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in behind)

    message = str(error)
    if is_one(exceptions.NameResolutionError, socket.gaierror):
        return failure("DNS-error", (Case("some", "name not found"), None), message)
    if is_one(ssl.SSLCertVerificationError):
        return failure("TLS-certificate-error", None, message)
    if is_one(ssl.SSLError, exceptions.SSLError):
        return failure("TLS-protocol-error", None, message)
    if is_one(ConnectionRefusedError):
        return failure("connection-refused", None, message)
    if is_one(exceptions.NewConnectionError):
        return failure("destination-unavailable", None, message)
    if is_one(exceptions.ConnectTimeoutError):
        return failure("connection-timeout", None, message)
    if is_one(exceptions.ReadTimeoutError, TimeoutError):
        return failure("connection-read-timeout", None, message)
    if is_one(exceptions.IncompleteRead):
        return failure("HTTP-response-incomplete", None, message)
    if is_one(ConnectionError):
        return failure("connection-terminated", None, message)
    if is_one(exceptions.LocationValueError, UnicodeError):
        return failure("HTTP-request-URI-invalid", None, message)
    if is_one(exceptions.ProtocolError):
        return failure("HTTP-protocol-error", None, message)
    return failure("internal-error", Case("some", message), message)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that an exception was made of."""
    seen: set[int] = set()
    open_ones = [error]
    while open_ones:
        one = open_ones.pop()
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        for cause in inner:
            if isinstance(cause, BaseException) and id(cause) not in seen:
                seen.add(id(cause))
                open_ones.append(cause)
                yield cause
