"""`dataflare-lsp dap`: the debug adapter, on standard input and output or on a TCP port."""

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments

_LOOPBACK = "127.0.0.1"


def run(arguments: Arguments) -> int:
    """Debug for one client, until it leaves."""
    from dataflare_lsp.debug.main import debug_stdio, debug_tcp
    from dataflare_lsp.debug.plugin import PluginDebuggee

    if not arguments.has("--port"):
        return debug_stdio(PluginDebuggee)
    if arguments.has("--stdio"):
        raise Failure("`--stdio` and `--port` exclude each other")
    text = arguments.value("--port")
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise Failure(f"`{text}` is no port: expected a number below 65536, such as `--port 4711`")
    try:
        return debug_tcp(_LOOPBACK, int(text), PluginDebuggee)
    except OSError as error:
        raise Failure(f"cannot listen at {_LOOPBACK}:{text}: {(error.strerror or str(error)).lower()}") from None
