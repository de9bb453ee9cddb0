"""The server's beginning and end."""

import sys

from dataflare_lsp.server.handshake import greet
from dataflare_lsp.stream import Channel, stdio, tcp


def serve_stdio() -> int:
    """Serve one client on standard input and output. The exit code is the protocol's: 0 after `shutdown`, else 1."""
    with stdio() as channel:
        return serve(channel)


def serve_tcp(host: str, port: int) -> int:
    """Serve the first client that connects to `host` and `port` (0: any that is free, which is said on standard error).

    Gives the exit code of `serve_stdio`. Raises `OSError` where it cannot listen.
    """
    with tcp(host, port, _announce) as channel:
        return serve(channel)


def serve(channel: Channel) -> int:
    """Serve a client until it leaves."""
    try:
        greeting = greet(channel)
    except OSError:
        return 1
    if isinstance(greeting, int):
        return greeting
    # All that takes long to import: the client already has its answer.
    from dataflare_lsp.server.loop import run

    return run(channel, greeting)


def _announce(host: str, port: int) -> None:
    print(f"dataflare-lsp: listening at {host}:{port}", file=sys.stderr, flush=True)
