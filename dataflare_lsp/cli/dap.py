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
    port = port_of(arguments, "--port")
    try:
        return debug_tcp(_LOOPBACK, port, PluginDebuggee)
    except OSError as error:
        raise Failure(f"cannot listen at {_LOOPBACK}:{port}: {(error.strerror or str(error)).lower()}") from None


def port_of(arguments: Arguments, option: str) -> int:
    """The port that an option names. Raises `Failure`."""
    text = arguments.value(option)
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise Failure(f"`{text}` is no port: expected a number below 65536, such as `{option} 4711`")
    return int(text)
