"""Messages both ways. One thread reads, one writes, and what came waits for the session, which runs on a third.

So the client is always read from, however busy the session is, and a request can be cancelled before its turn. Neither
side can make the other keep more than so much: whoever sends faster than the other takes has to wait.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from dataflare_lsp.debug.codec import Malformed, decoded, encoded
from dataflare_lsp.debug.messages import CancelArguments, Event, Request, Response
from dataflare_lsp.stream import Channel, Frames, NotFrames, framed
from dataflare_lsp.values.json import Json

_MOST_REPORTS = 100
"""How many reports of the debuggee may wait."""
_MOST_ASKED = 1 << 26
"""Bytes of messages that may wait to be looked at. A client that sends more does not wait for answers."""
_MOST_BYTES = 1 << 24
"""How much may wait for the client to take it."""
_LAST_WORD = 2.0
"""Seconds that a client has to take what was sent before the end."""

R = TypeVar("R")


class Asked(NamedTuple):
    """A request has come. `is_cancelled`: and was taken back before its turn."""

    request: Request
    is_cancelled: bool = False


class _Received(NamedTuple):
    """A message that waits, of so many bytes."""

    message: "Asked | Garbled"
    size: int


class Garbled(NamedTuple):
    """Something has come that is no message, or not a whole one; `asked` is what can be told of a request."""

    why: str
    asked: tuple[int, str] | None = None


@dataclass(frozen=True)
class Told(Generic[R]):
    """The debuggee has reported something."""

    report: R


class Gone(NamedTuple):
    """The client is gone. `why` is empty where it left as one should."""

    why: str = ""
    kind: Literal["gone"] = "gone"


class Inbox(Generic[R]):
    """What has happened and was not looked at yet, in order."""

    def __init__(self) -> None:
        self._waiting: deque[_Received | Told[R] | Gone] = deque()
        self._reports = 0
        self._bytes = 0
        self._asked: set[int] = set()
        """The numbers of the requests that wait."""
        self._cancelled: set[int] = set()
        self._taker = 0
        self._changed = threading.Condition()

    def take(self, patience: float | None = None) -> "Asked | Garbled | Told[R] | Gone | None":
        """What is next; waits for it, for so many seconds, and gives None after that."""
        with self._changed:
            self._taker = threading.get_ident()
            if not self._changed.wait_for(lambda: self._waiting, patience):
                return None
            found = self._waiting.popleft()
            if isinstance(found, Told):
                self._reports -= 1
                self._changed.notify_all()
                return found
            if isinstance(found, Gone):
                return found
            message, size = found
            self._bytes -= size
            if isinstance(message, Asked):
                message = message._replace(is_cancelled=message.request.seq in self._cancelled)
                self._asked.discard(message.request.seq)
                self._cancelled.discard(message.request.seq)
            return message

    def tell(self, report: R) -> None:
        """The debuggee reports something. Waits while many reports wait, but not for itself: who takes goes on."""
        is_taker = threading.get_ident() == self._taker
        with self._changed:
            self._changed.wait_for(lambda: is_taker or self._reports < _MOST_REPORTS)
            self._reports += 1
            self._put(Told(report))

    def receive(self, body: bytes) -> None:
        """A message has come. Raises `TooMuch` where it and those that wait are more than is kept."""
        found = _read(body)
        if found is None:
            return
        with self._changed:
            if self._waiting and self._bytes + len(body) > _MOST_ASKED:
                raise TooMuch(f"more than {_MOST_ASKED >> 20} MiB of requests wait for their answers: take these first")
            if isinstance(found, Asked):
                if found.request.command == "cancel":
                    self._cancel(found.request.arguments)
                self._asked.add(found.request.seq)
            self._bytes += len(body)
            self._put(_Received(found, len(body)))

    def end(self, why: str = "") -> None:
        """No more messages will come."""
        with self._changed:
            self._put(Gone(why))

    def _put(self, happened: "_Received | Told[R] | Gone") -> None:
        self._waiting.append(happened)
        self._changed.notify_all()

    def _cancel(self, arguments: Json) -> None:
        """Mark a request that waits. One that was begun is the session's to cancel, in its turn."""
        try:
            wanted = decoded(CancelArguments, arguments, "arguments").request_id
        except Malformed:
            return
        if wanted in self._asked:
            self._cancelled.add(wanted)


class TooMuch(Exception):
    """The client sends more than is kept for it; the message says how much that is."""


def _read(body: bytes) -> Asked | Garbled | None:
    """What a message is; None for an answer: the adapter asks for nothing that it waits for."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Garbled(f"this is not JSON: {error}")
    if not isinstance(message, dict):
        return Garbled("a message is a JSON object")
    if message.get("type") == "response":
        return None
    try:
        return Asked(decoded(Request, message, "request"))
    except Malformed as malformed:
        seq, command = message.get("seq"), message.get("command")
        if isinstance(seq, int) and isinstance(command, str):
            return Garbled(str(malformed), (seq, command))
        return Garbled(str(malformed))


def read_all(channel: Channel, inbox: Inbox[R], at_end: Callable[[], None]) -> None:
    """Read from the client until it is gone; `at_end` is called then."""
    frames = Frames(_MOST_ASKED)
    why = ""
    try:
        while data := channel.read():
            for body in frames.feed(data):
                inbox.receive(body)
    except NotFrames as error:
        why = f"what arrives are no messages: {error}"
    except TooMuch as error:
        why = str(error)
    except OSError:
        pass  # gone is gone
    inbox.end(why)
    at_end()


class Outgoing:
    """What is sent, in order. Only the session sends."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._seq = 0
        self._state: Literal["open", "hurried", "ending", "lost"] = "open"
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write_all, name="dap-writer", daemon=True)
        self._thread.start()

    def event(self, name: str, body: object = None) -> None:
        """Say something unasked. `body` is one of the messages."""
        self._send(Event(self._next(), "event", name, encoded(body)))

    def ask(self, command: str, arguments: object) -> None:
        """Ask the client for something. What it answers is not waited for."""
        self._send(Request(self._next(), "request", command, encoded(arguments)))

    def answer(self, request: Request, body: object = None) -> None:
        """Answer a request."""
        self._send(Response(self._next(), "response", request.seq, True, request.command, body=encoded(body)))

    def refuse(self, seq: int, command: str, message: str, body: object = None) -> None:
        """Answer a request with an error."""
        self._send(Response(self._next(), "response", seq, False, command, message, encoded(body)))

    def hurry(self) -> None:
        """The client asks for nothing more: wait no longer for it to take what there is."""
        with self._changed:
            if self._state == "open":
                self._state = "hurried"
            self._changed.notify_all()

    def lose(self) -> None:
        """Nobody listens any more."""
        with self._changed:
            self._state = "lost"
            self._waiting.clear()
            self._changed.notify_all()

    def finish(self) -> None:
        """Send what waits, for as long as the last word may take."""
        with self._changed:
            if self._state != "lost":
                self._state = "ending"
            self._changed.notify_all()
        self._thread.join(_LAST_WORD)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _send(self, message: Event | Request | Response) -> None:
        data = framed(json.dumps(encoded(message), separators=(",", ":")))
        with self._changed:
            self._changed.wait_for(lambda: self._state != "open" or self._bytes < _MOST_BYTES)
            if self._state != "lost" and self._bytes < _MOST_BYTES:
                self._waiting.append(data)
                self._bytes += len(data)
                self._changed.notify_all()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._state in ("ending", "lost"))
                if not self._waiting:
                    return
                data = self._waiting.popleft()
                self._bytes -= len(data)
                self._changed.notify_all()
            try:
                self._write(data)
            except OSError:
                self.lose()
                return
