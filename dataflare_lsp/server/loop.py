"""The event loop of a session: bytes from the client become messages, messages are handled one by one."""

import asyncio
import gc
import logging

from dataflare_lsp.server.client import look, text
from dataflare_lsp.server.handlers import register
from dataflare_lsp.server.handshake import Greeting
from dataflare_lsp.server.inbox import Inbox
from dataflare_lsp.server.protocol import Server
from dataflare_lsp.server.session import Session
from dataflare_lsp.server.transport import Incoming, Outgoing
from dataflare_lsp.stream import Channel

logger = logging.getLogger(__name__)


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
    incoming = Incoming(loop, channel, greeting.frames, inbox.receive, server.protocol.end)
    outgoing = Outgoing(loop, channel, server.protocol.end) if incoming.is_watched else None
    send = outgoing.send if outgoing is not None else channel.write
    server.protocol.connect(send, lambda code: None if over.done() else over.set_result(code))
    turns.session = session = Session(greeting.client, greeting.options, server.protocol, inbox.resume)
    register(server, session)
    gc.freeze()
    inbox.receive(greeting.received)
    incoming.begin()
    try:
        return await over
    finally:
        session.end()
        if outgoing is not None:
            await outgoing.finish()
