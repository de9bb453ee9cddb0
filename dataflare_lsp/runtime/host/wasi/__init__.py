"""WASI 0.2 in Python: what a plugin sees of the system, and no more than was granted.

Invariant: nothing here touches the world except through `Surroundings` and the grants. What was not granted answers
with the error code that WASI has for it, or ends the call where there is none. Waiting is `Surroundings.wait`, files
are read and written at explicit offsets, and what a plugin can make (handles, buffers) has a limit, so that the process
of a plugin can be stopped, and copied, between any two calls.

Names, types and error codes are those of WASI 0.2.12, which has what the earlier ones have.
"""

from collections.abc import Mapping

from dataflare_lsp.runtime.host.surroundings import Interface, Surroundings


def interfaces(surroundings: Surroundings) -> Mapping[str, Interface]:
    """The interfaces of WASI for one plugin, by their names without a version, such as `wasi:io/streams`."""
    from dataflare_lsp.runtime.host.wasi import cli, clocks, filesystem, http, io, random, sockets
    from dataflare_lsp.runtime.host.wasi.host import Host

    host = Host(surroundings)
    return {
        **io.interfaces(host),
        **clocks.interfaces(host),
        **random.interfaces(host),
        **cli.interfaces(host),
        **filesystem.interfaces(host),
        **sockets.interfaces(host),
        **http.interfaces(host),
    }
