"""The border between a plugin and its host: what crosses it, and who is asked when something does.

There are four moments: entry into the plugin, host call, host answer, and return. Recording, replay and debugging are
borders of their own around the plain one, so that nothing else knows of them.
"""

import re
from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.runtime.host.surroundings import HostFunction
from dataflare_lsp.values.types import Function, Value

Cause: TypeAlias = Literal[
    "trap", "time", "fuel", "memory", "stack", "handles", "output", "exit", "denied", "host", "stopped", "replay"
]
"""Why a call ended without a result: the plugin trapped; it hit the limit of time, fuel, memory, stack, handles or
output; it ended itself; it called what is not granted; the host failed; somebody stopped it; a replay differs."""


class Failure(NamedTuple):
    """A call that did not return. The instance cannot be used again.

    `reason` is a sentence without a full stop. `backtrace` are the frames of WebAssembly, the innermost first.
    """

    cause: Cause
    reason: str
    backtrace: tuple[str, ...] = ()


class Returned(NamedTuple):
    """A call that returned, and what."""

    value: Value


Outcome: TypeAlias = Returned | Failure


class HostCall(NamedTuple):
    """A function that a component imports: `dataflare:core/logging@1.0.0#log`, its type, and who answers.

    `interface` is the name of the interface without a version, as hosts know it; empty for a function of the world.
    """

    name: str
    interface: str
    function: str
    type: Function
    answer: HostFunction


class Entry(NamedTuple):
    """A function that a component exports: `dataflare:core/data-processor@1.0.0#process`, and its type."""

    name: str
    type: Function


_VERSION: Final = re.compile(r"@[^@]*$")


def interface_name(name: str) -> str:
    """How hosts know an interface: without its version; plain names are those of `dataflare:core`.

    Plugins that were built to the plan's first spelling import `logging`, not `dataflare:core/logging@1.0.0`.
    """
    plain = _VERSION.sub("", name)
    return plain if ":" in plain else f"dataflare:core/{plain}"


class Border:
    """The plain border: host functions answer, and nobody watches."""

    def started(self) -> None:
        """A new instance is about to start, which may call its host."""

    def not_started(self, failure: Failure) -> None:
        """It did not."""

    def enter(self, entry: Entry, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
        """The host is about to call the plugin; gives what it is to be called with."""
        return arguments

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        """The plugin calls its host, and waits for what this gives. What this raises ends the plugin's call."""
        return call.answer(*arguments)

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        """The plugin has returned, or failed."""

    def pause(self) -> None:
        """Asked about every 10 ms while the plugin computes. What this raises ends the plugin's call."""
