"""`dataflare-lsp serve`: the language server, on standard input and output or on a TCP port."""

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments

_LOOPBACK = "127.0.0.1"


def run(arguments: Arguments) -> int:
    """Serve until the client says goodbye."""
    if not arguments.has("--tcp"):
        from dataflare_lsp.server.main import serve_stdio

        return serve_stdio()
    if arguments.has("--stdio"):
        raise Failure("`--stdio` and `--tcp` exclude each other")
    host, port = address(arguments.value("--tcp"))
    from dataflare_lsp.server.main import serve_tcp

    try:
        return serve_tcp(host, port)
    except OSError as error:
        raise Failure(f"cannot listen at {host}:{port}: {(error.strerror or str(error)).lower()}") from None


def address(text: str) -> tuple[str, int]:
    """The host and port of `[HOST:]PORT`; an IPv6 host stands in brackets. Raises `Failure`."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdigit() and int(port) < 1 << 16):
        raise Failure(f"`{text}` is not an address to listen at: expected PORT or HOST:PORT, such as `--tcp 7000`")
    return host or _LOOPBACK, int(port)
