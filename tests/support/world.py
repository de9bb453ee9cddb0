"""The surroundings of a plugin for tests: time goes when somebody waits, nothing is random, and all is remembered."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from dataflare_lsp.runtime.host.surroundings import Grants, Trap
from dataflare_lsp.runtime.host.wasi import Wasi

NOTHING = Grants()


class World:
    """`Surroundings` that a test can look into. A wait that would never end is a `Trap`."""

    def __init__(self, grants: Grants = NOTHING) -> None:
        self.grants = grants
        self.configuration: Mapping[str, str] = {}
        self.time = 5_000_000_000
        """Nanoseconds of the clock that only goes forward."""
        self.stdout = b""
        self.stderr = b""
        self.said: list[tuple[str, str]] = []
        """What was logged, and what was measured."""
        self.refused: list[tuple[str, str]] = []
        """The functions that were denied, and for want of what."""
        self.waited: list[float] = []

    def log(self, level: str, message: str) -> None:
        self.said.append((level, message))

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None:
        self.said.append((kind, f"{name} {value}"))

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        if stream == "stdout":
            self.stdout += data
        else:
            self.stderr += data

    def denied(self, function: str, grant: str) -> None:
        self.refused.append((function, grant))

    def wait(self, seconds: float, ready: Callable[[float], bool] | None = None) -> None:
        self.waited.append(seconds)
        for _ in range(1000):
            if ready is not None and ready(0.02):
                return
            if ready is None or seconds < 100:
                self.time += round(seconds * 1e9)
                return
        raise Trap("nothing happened for twenty seconds")

    def random(self, size: int) -> bytes:
        return bytes(number % 251 for number in range(size))

    def monotonic(self) -> int:
        return self.time

    def now(self) -> int:
        return 1_700_000_000_000_000_123 + self.time


class Plugin:
    """A plugin that calls WASI: `plugin("cli/stdout#get-stdout")`."""

    def __init__(self, grants: Grants = NOTHING) -> None:
        self.world = World(grants)
        self.wasi = Wasi(self.world)

    def __call__(self, function: str, *arguments: object) -> Any:
        interface, _, name = f"wasi:{function}".partition("#")
        return self.wasi.interfaces[interface][name](*arguments)
