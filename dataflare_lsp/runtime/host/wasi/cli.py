"""`wasi:cli`: arguments, environment, the end, and the standard streams, of which none is a terminal."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from dataflare_lsp.runtime.host.surroundings import Exit, Interface, Surroundings
from dataflare_lsp.runtime.host.wasi.host import Host, Resource
from dataflare_lsp.runtime.host.wasi.io import InputStream, OutputStream, Sink, Source
from dataflare_lsp.values.types import Value


class Captured(Sink):
    """A sink that hands over to those who watch the plugin."""

    def __init__(self, surroundings: Surroundings, stream: Literal["stdout", "stderr"]) -> None:
        self._surroundings: Final = surroundings
        self._stream: Final = stream

    def write(self, data: bytes) -> None:
        if data:
            self._surroundings.output(self._stream, data)


class TerminalInput(Resource):
    """`terminal-input`, of which there is none."""


class TerminalOutput(Resource):
    """`terminal-output`, of which there is none."""


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:cli`."""
    surroundings = host.surroundings
    grants = surroundings.grants
    is_granted = host.is_granted("cli")

    def environment() -> Value:
        return grants.environment if is_granted else ()

    def arguments() -> Value:
        return grants.arguments if is_granted else ()

    def end(status: Value) -> Value:
        assert isinstance(status, tuple)
        raise Exit(0 if status[0] == "ok" else 1)

    def end_with_code(status: int) -> Value:
        raise Exit(status)

    def output(stream: Literal["stdout", "stderr"]) -> Callable[[], int]:
        return lambda: host.add(OutputStream(host, Captured(surroundings, stream)))

    return {
        "wasi:cli/environment": {
            "get-environment": environment,
            "get-arguments": arguments,
            "initial-cwd": lambda: None,
        },
        "wasi:cli/exit": {"exit": end, "exit-with-code": end_with_code},
        "wasi:cli/stdin": {"get-stdin": lambda: host.add(InputStream(host, Source()))},
        "wasi:cli/stdout": {"get-stdout": output("stdout")},
        "wasi:cli/stderr": {"get-stderr": output("stderr")},
        "wasi:cli/terminal-input": host.resource("terminal-input", TerminalInput),
        "wasi:cli/terminal-output": host.resource("terminal-output", TerminalOutput),
        "wasi:cli/terminal-stdin": {"get-terminal-stdin": lambda: None},
        "wasi:cli/terminal-stdout": {"get-terminal-stdout": lambda: None},
        "wasi:cli/terminal-stderr": {"get-terminal-stderr": lambda: None},
    }
