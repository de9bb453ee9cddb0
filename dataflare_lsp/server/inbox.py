"""What the client has sent and nobody has looked at yet.

Messages are handled in the order that they came in. A request that is cancelled before its turn is not begun; one about
a file whose package is still being read waits, with all that came after it.
"""

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from time import perf_counter
from typing import Final, Protocol

from dataflare_lsp.server.client import look
from dataflare_lsp.server.handshake import INVALID_REQUEST, PARSE_ERROR

CANCELLED: Final = -32800
_TURN = 0.008
"""Seconds of messages after which what follows from them is done, even if more are there."""


class Handler(Protocol):
    """Who messages are for."""

    def handle(self, message: dict[str, object]) -> None:
        """Do what a message wants. Never raises."""

    def refuse(self, asked: object, code: int, why: str) -> None:
        """Answer the request of that id with an error."""

    def can_answer(self, message: dict[str, object]) -> bool:
        """Whether the turn of a message has come as far as others are concerned."""

    def flush(self) -> None:
        """No message is waiting. Never raises."""


class Inbox:
    """The messages that are waiting."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handler: Handler) -> None:
        self._loop = loop
        self._handler = handler
        self._waiting: deque[dict[str, object]] = deque()
        self._busy = False

    def receive(self, bodies: Sequence[bytes]) -> None:
        """Messages have arrived."""
        for body in bodies:
            try:
                message = json.loads(body)
            except (ValueError, RecursionError) as error:
                self._handler.refuse(None, PARSE_ERROR, f"this is not JSON: {error}")
                continue
            if not isinstance(message, dict):
                self._handler.refuse(None, INVALID_REQUEST, "a message is a JSON object")
            elif message.get("method") != "$/cancelRequest" or not self._cancel(look(message, "params", "id")):
                self._waiting.append(message)
        self.resume()

    def _cancel(self, asked: object) -> bool:
        for message in self._waiting:
            if message.get("id") == asked and "method" in message and asked is not None:
                self._waiting.remove(message)
                self._handler.refuse(asked, CANCELLED, "cancelled before it was begun")
                return True
        return False

    def resume(self) -> None:
        """Handle what can be handled."""
        if self._busy:
            return
        self._busy = True
        end = perf_counter() + _TURN
        try:
            while self._waiting and self._handler.can_answer(self._waiting[0]):
                self._handler.handle(self._waiting.popleft())
                if perf_counter() > end and self._waiting:
                    self._loop.call_soon(self.resume)
                    break
            self._handler.flush()
        finally:
            self._busy = False
