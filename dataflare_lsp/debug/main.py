"""The adapter's beginning and end."""

import logging
import os
import sys
import threading
import time

from dataflare_lsp.debug.codec import Malformed, Table, decoded
from dataflare_lsp.debug.debuggee import Refused, Start
from dataflare_lsp.debug.handlers import LATER, handle
from dataflare_lsp.debug.messages import DisconnectArguments, Request
from dataflare_lsp.debug.session import Heard, Refuse, Session, error_body
from dataflare_lsp.debug.transport import Asked, Garbled, Gone, Inbox, Outgoing, Told, read_all
from dataflare_lsp.stream import Channel, stdio, tcp

logger = logging.getLogger(__name__)

_TICK = 1.0
"""Seconds after which a plugin that runs is asked how it is going."""
_LAST_WORD = 10.0
"""Seconds that a debuggee has to report its end, once the client is gone."""


def debug_stdio(start: Start) -> int:
    """Debug for one client on standard input and output. Gives the exit code: 0 when the client left as one should."""
    with stdio() as channel:
        return debug(channel, start)


def debug_tcp(host: str, port: int, start: Start, attached: Table | None = None) -> int:
    """Debug for the first client that connects to `host` and `port` (0: any that is free, said on standard error).

    `attached` is the launch configuration of what a client attaches to. Gives the exit code of `debug_stdio`. Raises
    `OSError` where it cannot listen.
    """
    with tcp(host, port, _announce) as channel:
        return debug(channel, start, attached)


def debug(channel: Channel, start: Start, attached: Table | None = None) -> int:
    """Debug for a client until it leaves. Nothing of what was debugged is left then."""
    inbox: Inbox[Heard] = Inbox()
    out = Outgoing(channel.write)
    threading.Thread(target=read_all, args=(channel, inbox, out.hurry), name="dap-reader", daemon=True).start()
    session = Session(out, inbox, start, os.getcwd(), attached)
    try:
        return _serve(session, inbox, out)
    finally:
        _end(session, inbox)
        out.finish()


def _serve(session: Session, inbox: "Inbox[Heard]", out: Outgoing) -> int:
    """Answer until the client leaves."""
    ticked = time.monotonic()
    while True:
        happened = inbox.take(_TICK if session.state == "running" else None)
        if time.monotonic() - ticked >= _TICK:
            _tick(session)
            ticked = time.monotonic()
        match happened:
            case Told(report):
                _hear(session, report)
            case Garbled(why, asked):
                _complain(session, out, why, asked)
            case Gone(why):
                if why:
                    print(f"dataflare-lsp: {why}", file=sys.stderr)
                out.lose()
                return 1
            case Asked(request, is_cancelled):
                if request.command == "disconnect":
                    return _leave(session, inbox, out, request)
                if is_cancelled:
                    out.refuse(request.seq, request.command, "cancelled", error_body("cancelled before it was begun"))
                else:
                    _answer(session, out, request)


def _answer(session: Session, out: Outgoing, request: Request) -> None:
    try:
        body = handle(session, request)
    except Refuse as refused:
        out.refuse(request.seq, request.command, refused.code, error_body(str(refused), is_shown=refused.is_shown))
    except Exception as error:
        # A fault of the adapter's: one request fails, the session goes on.
        logger.exception("%s failed", request.command)
        why = f"internal error: {type(error).__name__}: {error}"
        out.refuse(request.seq, request.command, "internalError", error_body(why, is_shown=True))
    else:
        if body is not LATER:
            out.answer(request, body)


def _hear(session: Session, heard: Heard) -> None:
    try:
        session.hear(heard)
    except Refused as refused:
        session.say(f"{refused}\n", "important")
    except Exception as error:
        # A fault of the adapter's: what was reported is lost, the session goes on.
        logger.exception("a report was not understood")
        session.say(f"internal error: {type(error).__name__}: {error}\n", "important")


def _tick(session: Session) -> None:
    try:
        session.tick()
    except Refused:
        pass  # it is ending


def _complain(session: Session, out: Outgoing, why: str, asked: tuple[int, str] | None) -> None:
    """Say that something came which is no request."""
    if asked is not None:
        out.refuse(*asked, "malformed", error_body(why))
    else:
        session.say(f"The debug adapter was sent something that it cannot read: {why}\n", "console")


def _leave(session: Session, inbox: "Inbox[Heard]", out: Outgoing, request: Request) -> int:
    """The client leaves; its request is answered when nothing is left of the plugin."""
    try:
        decoded(DisconnectArguments, request.arguments or {}, "arguments")
    except Malformed:
        pass  # it leaves all the same
    _end(session, inbox)
    out.answer(request)
    return 0


def _end(session: Session, inbox: "Inbox[Heard]") -> None:
    """End what is debugged, and wait for its end."""
    session.terminate()
    end = time.monotonic() + _LAST_WORD
    while session.is_alive and (left := end - time.monotonic()) > 0:
        match inbox.take(left):
            case Told(report):
                _hear(session, report)
            case None:
                break


def _announce(host: str, port: int) -> None:
    print(f"dataflare-lsp: listening at {host}:{port}", file=sys.stderr, flush=True)
