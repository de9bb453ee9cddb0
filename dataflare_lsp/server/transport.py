"""Bytes both ways: read as they come, sent as the client takes them, so that neither side ever waits for the other."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable

from dataflare_lsp.stream import Channel, Frames, NotFrames

logger = logging.getLogger(__name__)

_SWITCH = 0.0005
"""Seconds after which a thread that works gives way to one that waits."""
_GIVE_WAY: Callable[[], None] = getattr(os, "sched_yield", lambda: None)
"""Let the client have the processor. The system often wakes it on the server's own, where it would wait for a tick
(4 ms) while the server goes on with what nobody waits for."""
_LAST_WORD = 2.0
"""Seconds that a client has to take what was sent before the end."""


class Incoming:
    """What the client sends: messages are given to `receive` as they arrive, and `end` is called when no more can."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        channel: Channel,
        frames: Frames,
        receive: Callable[[list[bytes]], None],
        end: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._channel = channel
        self._frames = frames
        self._receive = receive
        self._end = end
        self.is_watched = self._watch()
        """Whether the loop itself watches the connection; else a thread waits for it."""

    def _watch(self) -> bool:
        try:
            self._loop.add_reader(self._channel.source, self._take)
        except (NotImplementedError, OSError):
            # Pipes on Windows, and input from a file, cannot be watched.
            return False
        self._loop.remove_reader(self._channel.source)
        return True

    def begin(self) -> None:
        """Listen."""
        if self.is_watched:
            self._loop.add_reader(self._channel.source, self._take)
        else:
            # Waiting is all that the thread does, and it ends with the process. It must not have to wait for the
            # interpreter's lock while files are judged.
            sys.setswitchinterval(_SWITCH)
            threading.Thread(target=self._wait, name="reader", daemon=True).start()

    def _bodies(self) -> list[bytes] | None:
        """The messages that are complete with the next bytes; None when no more come."""
        try:
            data = self._channel.read()
            return list(self._frames.feed(data)) if data else None
        except BlockingIOError:
            return []
        except (OSError, NotFrames) as error:
            logger.error("the connection ends: %s", error)
            return None

    def _take(self) -> None:
        received = self._bodies()
        if received is None:
            self._loop.remove_reader(self._channel.source)
            self._end()
        elif received:
            self._receive(received)

    def _wait(self) -> None:
        while (received := self._bodies()) is not None:
            if received:
                self._loop.call_soon_threadsafe(self._receive, received)
        self._loop.call_soon_threadsafe(self._end)


class Outgoing:
    """What is on its way to the client. What its end of the pipe does not take at once waits here, and stops nobody:
    a client that writes before it reads would else wait for a server that does the same.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, channel: Channel, lost: Callable[[], None]) -> None:
        self._loop = loop
        self._sink = channel.sink
        self._lost = lost
        self._rest = bytearray()
        os.set_blocking(channel.sink, False)

    def send(self, data: bytes) -> None:
        """Send bytes after all others. Raises `OSError` where nobody takes them."""
        if self._rest:
            self._rest += data
            return
        sent = self._write(data)
        if sent < len(data):
            self._rest += memoryview(data)[sent:]
            self._loop.add_writer(self._sink, self._more)

    def _write(self, data: bytes | bytearray) -> int:
        try:
            sent = os.write(self._sink, data)
        except BlockingIOError:
            return 0
        _GIVE_WAY()
        return sent

    def _more(self) -> None:
        try:
            del self._rest[: self._write(self._rest)]
        except OSError:
            self._rest.clear()
            self._lost()
        if not self._rest:
            self._loop.remove_writer(self._sink)

    async def finish(self) -> None:
        """Let what waits be sent, for as long as the last word may take."""
        end = self._loop.time() + _LAST_WORD
        while self._rest and self._loop.time() < end:
            await asyncio.sleep(0.01)
        os.set_blocking(self._sink, True)
