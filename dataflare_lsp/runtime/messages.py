"""Messages between two processes of ours: values in MessagePack, each behind its length."""

import os
import struct
import threading
from typing import TypeAlias

import msgpack

Message: TypeAlias = tuple[object, ...]
"""The first member says what it is; a reader matches on the rest."""

_LENGTH = struct.Struct("<I")
MAX_MESSAGE = 1 << 30


class Broken(Exception):
    """What came is no message."""


def packed(data: object) -> bytes:
    """A value as MessagePack."""
    made: bytes = msgpack.packb(data, use_bin_type=True, unicode_errors="surrogatepass")
    return made


def unpacked(data: bytes) -> object:
    """The value that MessagePack stands for, arrays as tuples. Raises `Broken`."""
    try:
        value: object = msgpack.unpackb(data, use_list=False, strict_map_key=False, unicode_errors="surrogatepass")
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise Broken(str(error)) from error
    return value


class Outbox:
    """Sends messages to a file descriptor; several threads may."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, *message: object) -> None:
        """Send one message. Raises `OSError` when nobody reads any more."""
        data = packed(message)
        rest = memoryview(_LENGTH.pack(len(data)) + data)
        with self._lock:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]


class Inbox:
    """Receives messages from a file descriptor. Reads no byte beyond a message, so that a forked process can go on."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def receive(self) -> Message | None:
        """The next message, or None at the end. Blocks. Raises `Broken`."""
        head = self._read(_LENGTH.size)
        if not head:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MAX_MESSAGE:
            raise Broken(f"a message of {length:,} bytes")
        message = unpacked(self._read(length))
        if not isinstance(message, tuple) or not message:
            raise Broken("a message that is not a row")
        return message

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = os.read(self._descriptor, min(size - len(data), 1 << 20))
            if not more:
                if data:
                    raise Broken("a message that ends early")
                return b""
            data = data + more if data else more
        return data
