"""The beginning of a session: `initialize`, answered before anything heavy is imported.

Specification: Language Server Protocol 3.17, "Server lifecycle".
"""

import json
from typing import Final, NamedTuple

from dataflare_lsp.server.capabilities import initialize_result
from dataflare_lsp.server.client import Client, client_of, look
from dataflare_lsp.stream import Channel, Frames, NotFrames, framed

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
NOT_INITIALIZED: Final = -32002


class Greeting(NamedTuple):
    """A session that has begun. `received` are the messages that came with the first, `frames` what follows them."""

    client: Client
    options: object
    """The `initializationOptions`, as JSON."""
    frames: Frames
    received: tuple[bytes, ...]


def greet(channel: Channel) -> Greeting | int:
    """Answer `initialize`, or give the exit code where the client leaves without asking. Raises `OSError`."""
    frames = Frames()
    while data := channel.read():
        try:
            received = list(frames.feed(data))
        except NotFrames:
            return 1
        for number, body in enumerate(received):
            try:
                message = json.loads(body)
            except ValueError:
                _refuse(channel, None, PARSE_ERROR, "this is not JSON")
                continue
            method, asked, params = look(message, "method"), look(message, "id"), look(message, "params")
            if method == "exit":
                return 1
            if method == "initialize" and isinstance(asked, int | str):
                client = client_of(params)
                _send(channel, {"jsonrpc": "2.0", "id": asked, "result": initialize_result(client)})
                return Greeting(client, look(params, "initializationOptions"), frames, tuple(received[number + 1 :]))
            if method is not None and asked is not None:
                _refuse(channel, asked, NOT_INITIALIZED, "the first request has to be `initialize`")
    return 1


def _refuse(channel: Channel, asked: object, code: int, message: str) -> None:
    _send(channel, {"jsonrpc": "2.0", "id": asked, "error": {"code": code, "message": message}})


def _send(channel: Channel, message: dict[str, object]) -> None:
    channel.write(framed(json.dumps(message)))
