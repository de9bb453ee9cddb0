"""What a host has: grants, settings, and a way to tell those who watch."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, Protocol, TypeAlias

from dataflare_lsp.values.types import Value

HostFunction: TypeAlias = Callable[..., Value]
"""A function of the host. Takes the values of its parameters in order, gives its result's value or None.

Raises `Trap` (or `Exit`) to end the plugin's call; any other exception is a bug of the host.
"""

Interface: TypeAlias = Mapping[str, HostFunction]
"""The functions of one interface by the names that components have for them.

Those are `log`, `[constructor]fields`, `[method]output-stream.write`, `[static]fields.from-list`. A resource that the
interface owns has one more, `[resource-drop]NAME`, which takes the number of the handle.
"""


class Trap(Exception):
    """Ends the call into the plugin. The message is a sentence that says why, for the plugin's author."""


class Exit(Trap):
    """The plugin asked for its end (`wasi:cli/exit`), with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the plugin ended itself with status {status}")
        self.status = status


class Denied(Trap):
    """The plugin called what was not granted, and the function has no way of saying no.

    `grant` is what the manifest would have to say, such as `capabilities.wasi: "clocks"`.
    """

    def __init__(self, function: str, grant: str) -> None:
        super().__init__(f"`{function}` is not granted; the manifest would have to say {grant}")
        self.function = function
        self.grant = grant


class Preopen(NamedTuple):
    """A folder of the host that the plugin sees: where it is, what the plugin calls it, whether it may change it.

    `path` has no links in it: one that is there when the plugin asks for the folder, somebody has put there since.
    """

    path: str
    name: str
    is_writable: bool


class Grants(NamedTuple):
    """What a plugin may use. Nothing, unless said.

    `host`: interfaces of `dataflare:core` (`logging`, `metrics`, `configuration`). `wasi`: packages of `wasi:` (`cli`,
    `clocks`, `filesystem`, `http`, `io`, `random`, `sockets`). `network`: `HOST:PORT` that `http` and `sockets` reach.
    `environment`: variables and their values. `arguments`: those of the command line, the program's name first.
    """

    host: frozenset[str] = frozenset()
    wasi: frozenset[str] = frozenset()
    network: tuple[str, ...] = ()
    filesystem: tuple[Preopen, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()


class Surroundings(Protocol):
    """The world of one plugin, as its hosts see it."""

    @property
    def grants(self) -> Grants: ...

    @property
    def configuration(self) -> Mapping[str, str]:
        """The plugin's settings, as text."""
        ...

    def log(self, level: str, message: str) -> None:
        """A line of `dataflare:core/logging`."""
        ...

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None:
        """A value of `dataflare:core/metrics`."""
        ...

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Bytes that the plugin writes to one of its streams, as they come."""
        ...

    def denied(self, function: str, grant: str) -> None:
        """`function` was refused for want of `grant`, and answers with an error. The receiver says each pair once.

        `function` is written `wasi:filesystem/types#[method]descriptor.open-at`, without a version.
        """
        ...

    def wait(self, seconds: float, ready: Callable[[float], bool] | None = None) -> None:
        """Wait so long, or until `ready` says so; it gets the seconds it may itself wait, at most 0.02, each time.

        Ends early with `Trap` when the call's time is over or the run is stopped.
        """
        ...

    def random(self, size: int) -> bytes:
        """So many unpredictable bytes (or predictable ones, where the run was started with a seed)."""
        ...

    def monotonic(self) -> int:
        """Nanoseconds of a clock that only goes forward, and stands still while a debugger has stopped the plugin."""
        ...

    def now(self) -> int:
        """Nanoseconds since the Unix epoch."""
        ...
