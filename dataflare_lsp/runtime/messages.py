"""Messages between two processes of ours: values in MessagePack, each behind its length."""

import os
import struct
import threading
import time
from collections import deque
from typing import TypeAlias

import msgpack

Message: TypeAlias = tuple[object, ...]
"""The first member says what it is; a reader matches on the rest."""

_LENGTH = struct.Struct("<I")
MAX_MESSAGE = 1 << 30
_LARGE = 1 << 20
"""Bytes for which a packer is not kept."""
_HELD = 1 << 16
"""Bytes that are read together."""
_MOST = 256
"""Messages that are held together."""
_LONG = 0.02
"""Seconds for which messages are held."""


class Broken(Exception):
    """What came is no message."""


class _Packing(threading.local):
    """A packer for each thread: making one costs more than what it packs."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Let go of the memory that it holds: as much as for the largest value so far."""
        self.pack = msgpack.Packer(use_bin_type=True, unicode_errors="surrogatepass").pack


_packing = _Packing()


def packed(data: object) -> bytes:
    """A value as MessagePack."""
    made: bytes = _packing.pack(data)
    if len(made) > _LARGE:
        _packing.renew()
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
        self._held: list[Message] = []
        self._since = 0.0

    def send(self, *message: object) -> None:
        """Send one message, and before it those that were held. Raises `OSError` when nobody reads any more."""
        with self._lock:
            if self._held:
                held, self._held = (*self._held, message), []
                self._write(("many", held))
            else:
                self._write(message)

    def hold(self, *message: object) -> None:
        """Send one message soon: together with others, or with the next that is sent. Raises as `send`.

        Whoever may be silent for long has to `flush`.
        """
        self._held.append(message)
        now = time.monotonic()
        if len(self._held) >= _MOST or now - self._since > _LONG:
            self._since = now
            self.flush()

    def flush(self) -> None:
        """Send what is held. Raises as `send`."""
        with self._lock:
            if self._held:
                held, self._held = tuple(self._held), []
                self._write(("many", held))

    def _write(self, message: Message) -> None:
        data = packed(message)
        rest = memoryview(_LENGTH.pack(len(data)) + data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


class Inbox:
    """Receives messages from a file descriptor.

    With `ahead`, as many as are there are read at once. Without, no byte is read beyond a message, so that a forked
    process can go on where this one is.
    """

    def __init__(self, descriptor: int, *, ahead: bool = False) -> None:
        self._descriptor = descriptor
        self._ahead = ahead
        self._data = bytearray()
        self._at = 0
        self._came: deque[Message] = deque()

    def receive(self) -> Message | None:
        """The next message, or None at the end, which may come in the middle of one. Blocks. Raises `Broken`."""
        if self._came:
            return self._came.popleft()
        head = self._read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MAX_MESSAGE:
            raise Broken(f"a message of {length:,} bytes")
        body = self._read(length)
        if len(body) < length:
            return None
        message = unpacked(body)
        match message:
            case ("many", tuple(messages)) if messages and all(isinstance(one, tuple) and one for one in messages):
                self._came.extend(messages)
                return self._came.popleft()
            case (str(), *_):
                assert isinstance(message, tuple)
                return message
        raise Broken("a message that is not a row")

    def _read(self, size: int) -> bytes:
        end = self._at + size
        while len(self._data) < end:
            missing = end - len(self._data)
            more = os.read(self._descriptor, max(missing, _HELD) if self._ahead else min(missing, 1 << 20))
            if not more:
                return b""
            self._data += more
        found = bytes(self._data[self._at : end])
        self._at = end
        if end == len(self._data) or end > _HELD:
            del self._data[:end]
            self._at = 0
        return found
