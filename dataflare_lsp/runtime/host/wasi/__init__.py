"""WASI 0.2 in Python: what a plugin sees of the system, and no more than was granted.

Invariant: nothing here touches the world except through `Surroundings` and the grants. What was not granted answers
with the error code that WASI has for it, or ends the call where there is none. Waiting is `Surroundings.wait`, files
are read and written at explicit offsets, and what a plugin can make (handles, buffers) has a limit, so that the process
of a plugin can be stopped, and copied, between any two calls.

Names, types and error codes are those of WASI 0.2.12, which has what the earlier ones have.
"""

from collections.abc import Mapping
from typing import Final

from dataflare_lsp.runtime.host.surroundings import Interface, Surroundings


class Wasi:
    """WASI for one plugin. `interfaces` are by their names without a version, such as `wasi:io/streams`."""

    def __init__(self, surroundings: Surroundings) -> None:
        from dataflare_lsp.runtime.host.wasi import cli, clocks, filesystem, http, io, random, sockets
        from dataflare_lsp.runtime.host.wasi.host import Host

        self._host: Final = Host(surroundings)
        self.interfaces: Final[Mapping[str, Interface]] = {
            name: interface
            for package in (io, clocks, random, cli, filesystem, sockets, http)
            for name, interface in package.interfaces(self._host).items()
        }

    def begin(self) -> None:
        """A new instance of the plugin is about to start: nothing is left of what the one before had."""
        self._host.begin()
