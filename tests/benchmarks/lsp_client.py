"""A language client that costs as little as a client can: JSON-RPC over a process's standard streams, no event loop.

What is measured with it is the server and the pipe. Messages are encoded before the clock starts, and an answer's time
is taken when its last byte has arrived, before it is decoded.
"""

import json
import os
import selectors
import subprocess
from collections.abc import Callable, Sequence
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple

Message = dict[str, Any]

_CHUNK = 1 << 20


class Received(NamedTuple):
    """A message of the server, and when its last byte came, in seconds of `perf_counter`."""

    message: Message
    at: float


class ServerGone(Exception):
    """The server has ended, or does not answer in time."""


class LspClient:
    """One server process. It is killed when the `with` block ends, unless `shut_down` was called."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self.started = perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._buffer = bytearray()
        self._last_id = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> "LspClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
        self._selector.close()

    # Sending -------------------------------------------------------------------------------------------------------

    def request(self, method: str, params: object) -> tuple[int, bytes]:
        """The number and the bytes of a request, not yet sent."""
        self._last_id += 1
        return self._last_id, encoded({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})

    def send(self, data: bytes) -> float:
        """Send bytes. Returns when that began."""
        at = perf_counter()
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._in, rest) :]
            except BrokenPipeError:
                raise ServerGone("the server has ended") from None
        return at

    def notify(self, method: str, params: object) -> float:
        """Send a notification. Returns when that began."""
        return self.send(notification(method, params))

    def ask(self, method: str, params: object, timeout: float = 60.0) -> Any:
        """Send a request and wait for its result."""
        number, data = self.request(method, params)
        self.send(data)
        message = self.answer(number, timeout).message
        if "error" in message:
            raise ServerGone(f"{method} failed: {message['error']}")
        return message["result"]

    # Receiving -----------------------------------------------------------------------------------------------------

    def answer(self, number: int, timeout: float = 60.0) -> Received:
        """Wait for the answer to a request."""
        return self.wait_for(lambda message: message.get("id") == number and "method" not in message, timeout)

    def wait_for(self, wanted: Callable[[Message], bool], timeout: float = 60.0) -> Received:
        """Wait for a message. Others are dropped, after what the server asks of a client has been answered."""
        deadline = perf_counter() + timeout
        while True:
            received = self.receive(deadline - perf_counter())
            if received is None:
                raise ServerGone(f"the server did not answer in {timeout:g} s")
            if wanted(received.message):
                return received

    def receive(self, timeout: float) -> Received | None:
        """The next message, or None where none comes in `timeout` seconds."""
        deadline = perf_counter() + timeout
        while True:
            at = perf_counter()
            body = self._body()
            if body is not None:
                message = json.loads(body)
                if "id" in message and "method" in message:
                    self._oblige(message)
                return Received(message, at)
            if not self._selector.select(max(0.0, deadline - perf_counter())):
                return None
            data = os.read(self._out, _CHUNK)
            if not data:
                raise ServerGone("the server has ended")
            self._buffer += data

    def _body(self) -> bytes | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        headers = dict(line.split(b": ", 1) for line in bytes(self._buffer[:end]).split(b"\r\n"))
        stop = end + 4 + int(headers[b"Content-Length"])
        if len(self._buffer) < stop:
            return None
        body = bytes(self._buffer[end + 4 : stop])
        del self._buffer[:stop]
        return body

    def _oblige(self, message: Message) -> None:
        """Answer a request of the server: no settings, and yes to all else."""
        params = message.get("params")
        items = params.get("items") if isinstance(params, dict) else None
        result = [None] * len(items) if message["method"] == "workspace/configuration" and items else None
        self.send(encoded({"jsonrpc": "2.0", "id": message["id"], "result": result}))

    # A session's beginning and end ---------------------------------------------------------------------------------

    def initialize(self, folder: str | None, capabilities: object) -> Received:
        """`initialize` and `initialized`. Returns the answer to the former."""
        uri = uri_of(folder) if folder is not None else None
        number, data = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "benchmark"},
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "benchmark"}] if uri is not None else None,
                "capabilities": capabilities,
            },
        )
        self.send(data)
        answer = self.answer(number)
        self.notify("initialized", {})
        return answer

    def shut_down(self) -> int:
        """Say goodbye, and return the server's exit code."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        return self._process.wait(20)


def notification(method: str, params: object) -> bytes:
    """The bytes of a notification."""
    return encoded({"jsonrpc": "2.0", "method": method, "params": params})


def encoded(message: Message) -> bytes:
    """A message as it travels."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    from pathlib import Path

    return Path(path).as_uri()
