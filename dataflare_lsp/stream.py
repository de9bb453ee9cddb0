"""The connection to a client: a channel of bytes, and the frames that messages travel in.

Specification: Language Server Protocol 3.17, "Base Protocol"; the Debug Adapter Protocol has the same.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

_CHUNK = 1 << 16
_MAX_HEADER = 1 << 14
_MAX_BODY = 1 << 30


class Channel(NamedTuple):
    """A connection. `read` waits for some bytes, and gives none at the end; `write` raises `OSError` when it is lost.

    `source` and `sink` are the descriptors that an event loop can watch for bytes to read and for room to write.
    """

    read: Callable[[], bytes]
    write: Callable[[bytes], None]
    source: int
    sink: int


class NotFrames(Exception):
    """What arrives are no frames, so nothing that follows can be told apart."""


class Frames:
    """Bytes as they arrive, cut into the bodies of messages, of `most` bytes each."""

    def __init__(self, most: int = _MAX_BODY) -> None:
        self._most = most
        self._buffer = bytearray()
        self._length: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are complete with `data`. Raises `NotFrames`."""
        buffer = self._buffer
        buffer += data
        while True:
            if self._length is None:
                end = buffer.find(b"\r\n\r\n")
                if end < 0:
                    if len(buffer) > _MAX_HEADER:
                        raise NotFrames("a header does not end")
                    return
                self._length = _content_length(bytes(buffer[:end]))
                if self._length > self._most:
                    raise NotFrames(f"a message of {self._length:,} bytes is longer than {self._most >> 20} MiB")
                del buffer[: end + 4]
            if len(buffer) < self._length:
                return
            body = bytes(buffer[: self._length])
            del buffer[: self._length]
            self._length = None
            yield body


def _content_length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            value = value.strip()
            if value.isdigit() and len(value) < 12:
                return int(value)
    raise NotFrames("a header has no valid Content-Length")


def framed(body: str) -> bytes:
    """A message as it is sent. `body` is JSON in ASCII."""
    return f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii")


@contextmanager
def stdio() -> Iterator[Channel]:
    """Standard input and output as a channel.

    Meanwhile whatever else writes to standard output reaches standard error, where it cannot break a frame.
    """
    sys.stdout.flush()
    out = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(out, os.O_BINARY)

    def write(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(out, rest) :]

    try:
        yield Channel(lambda: os.read(0, _CHUNK), write, 0, out)
    finally:
        os.dup2(out, 1)
        os.close(out)


@contextmanager
def tcp(host: str, port: int, announce: Callable[[str, int], None]) -> Iterator[Channel]:
    """The first connection to `host` and `port` (0: any that is free) as a channel; others are refused.

    `announce` is told where it listens. Raises `OSError` where it cannot.
    """
    import socket

    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server(address[:2], family=family) as listening:
        where = listening.getsockname()
        announce(str(where[0]), int(where[1]))
        connection, _ = listening.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        descriptor = connection.fileno()
        yield Channel(lambda: connection.recv(_CHUNK), connection.sendall, descriptor, descriptor)
