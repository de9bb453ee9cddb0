"""`wasi:clocks`: what time it is, and waiting for a time.

Without the grant, the time of day is denied. A clock that only goes forward is there all the same, since the engines of
languages do not start without one; it begins with the plugin, and goes in steps.
"""

from collections.abc import Mapping
from typing import Final

from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.host.wasi.host import Host
from dataflare_lsp.runtime.host.wasi.io import Pollable
from dataflare_lsp.values.types import Value

SECOND: Final = 1_000_000_000
"""Nanoseconds."""

UNGRANTED_STEP: Final = 1_000_000
"""Nanoseconds by which the clock of a plugin goes that has not been granted clocks: too coarse to time anything by."""


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:clocks`. `timezone` is unstable in all of 0.2, and not there."""
    surroundings = host.surroundings
    step = 1 if host.is_granted("clocks") else UNGRANTED_STEP

    def monotonic_now() -> int:
        return (surroundings.monotonic() - host.start) // step * step

    def pollable(elapsed: int) -> int:
        """Ready when this clock shows so many nanoseconds, or more: at the end of its step."""
        return host.add(Pollable(host, None, host.start - -elapsed // step * step))

    def subscribe_duration(duration: int) -> int:
        return pollable(surroundings.monotonic() - host.start + duration)

    def now() -> Value:
        host.require("clocks", "wasi:clocks/wall-clock#now")
        return divmod(surroundings.now(), SECOND)

    return {
        "wasi:clocks/monotonic-clock": {
            "now": monotonic_now,
            "resolution": lambda: step,
            "subscribe-instant": pollable,
            "subscribe-duration": subscribe_duration,
        },
        "wasi:clocks/wall-clock": {"now": now, "resolution": lambda: (0, 1)},
    }
