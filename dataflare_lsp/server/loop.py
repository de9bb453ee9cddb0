"""The event loop of a session: bytes from the client become messages, messages are handled one by one."""

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Callable

from dataflare_lsp.server.client import look, text
from dataflare_lsp.server.handlers import register
from dataflare_lsp.server.handshake import Greeting
from dataflare_lsp.server.inbox import Inbox
from dataflare_lsp.server.protocol import Server
from dataflare_lsp.server.session import Session
from dataflare_lsp.server.stream import Channel, Frames, NotFrames

logger = logging.getLogger(__name__)

_SWITCH = 0.0005
"""Seconds after which a thread that works gives way to one that waits."""


def run(channel: Channel, greeting: Greeting) -> int:
    """Serve a client that has been greeted; gives the exit code."""
    # Looking for garbage among all that is known would stop a keystroke for longer than a frame: see `Session`.
    gc.disable()
    return asyncio.run(_serve(channel, greeting))


class _Turns:
    """Whose turn it is: messages that come in are for the protocol, what they wait for is the session's to know."""

    def __init__(self, server: Server) -> None:
        self.protocol = server.protocol
        self.session: Session | None = None

    def handle(self, message: dict[str, object]) -> None:
        """Do what a message wants."""
        self.protocol.handle(message)

    def refuse(self, asked: object, code: int, why: str) -> None:
        """Answer the request of that id with an error."""
        self.protocol.refuse(asked, code, why)

    def can_answer(self, message: dict[str, object]) -> bool:
        """Requests about a file wait until its root is there."""
        assert self.session is not None
        if "id" not in message or not text(message.get("method")).startswith("textDocument/"):
            return True
        return not self.session.is_waiting(text(look(message, "params", "textDocument", "uri")))

    def flush(self) -> None:
        """Do what follows from the messages."""
        assert self.session is not None
        try:
            self.session.flush()
        except Exception:
            logger.exception("diagnostics failed")


async def _serve(channel: Channel, greeting: Greeting) -> int:
    loop = asyncio.get_running_loop()
    over: asyncio.Future[int] = loop.create_future()
    server = Server()
    turns = _Turns(server)
    inbox = Inbox(loop, turns)
    server.protocol.connect(channel.write, lambda code: None if over.done() else over.set_result(code))
    turns.session = session = Session(greeting.client, greeting.options, server.protocol, inbox.resume)
    register(server, session)
    gc.freeze()
    inbox.receive(greeting.received)

    _listen(loop, channel, greeting.frames, inbox.receive, server.protocol.end)
    return await over


def _listen(
    loop: asyncio.AbstractEventLoop,
    channel: Channel,
    frames: Frames,
    receive: Callable[[list[bytes]], None],
    end: Callable[[], None],
) -> None:
    """Give messages to `receive` as they arrive, and call `end` when no more can."""

    def bodies() -> list[bytes] | None:
        """The messages that are complete with the next bytes; None when no more come."""
        try:
            data = channel.read()
            return list(frames.feed(data)) if data else None
        except (OSError, NotFrames) as error:
            logger.error("the connection ends: %s", error)
            return None

    def take() -> None:
        received = bodies()
        if received is None:
            loop.remove_reader(channel.descriptor)
            end()
        elif received:
            receive(received)

    def read() -> None:
        while (received := bodies()) is not None:
            if received:
                loop.call_soon_threadsafe(receive, received)
        loop.call_soon_threadsafe(end)

    try:
        loop.add_reader(channel.descriptor, take)
    except (NotImplementedError, OSError):
        # Pipes on Windows, and input from a file, cannot be watched: a thread waits for them, which is all that it
        # does, and ends with the process. It must not have to wait for the interpreter's lock while files are judged.
        sys.setswitchinterval(_SWITCH)
        threading.Thread(target=read, name="reader", daemon=True).start()
