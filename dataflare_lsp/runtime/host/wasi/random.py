"""`wasi:random`: bytes that nobody can predict. `insecure` allows worse, and gets the same.

Without the grant there are a few, since the engines of languages do not start without: they seed their hash tables.
They are as unpredictable as the others; a plugin is never given bytes that only look so.
"""

from collections.abc import Mapping
from typing import Final

from dataflare_lsp.runtime.host.surroundings import Denied, Interface, Trap
from dataflare_lsp.runtime.host.wasi.host import Host, grant_of
from dataflare_lsp.values.types import Value

MOST_AT_ONCE: Final = 1 << 20
"""Bytes that one call gives at most."""

UNGRANTED: Final = 4096
"""Bytes that a plugin gets altogether that has not been granted `random`. CPython takes 2,496 for its start, Go 32."""


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:random`."""
    is_granted = host.is_granted("random")

    def some_bytes(function: str, length: int) -> bytes:
        if not is_granted and host.random_bytes + length > UNGRANTED:
            raise Denied(function, grant_of("random"))
        if length > MOST_AT_ONCE:
            raise Trap(f"`{function}` is asked for {length:,} bytes at once; {MOST_AT_ONCE:,} are allowed")
        host.random_bytes += length
        return host.surroundings.random(length)

    def u64(function: str) -> int:
        return int.from_bytes(some_bytes(function, 8), "little")

    def insecure_seed() -> Value:
        function = "wasi:random/insecure-seed#insecure-seed"
        return u64(function), u64(function)

    return {
        "wasi:random/random": {
            "get-random-bytes": lambda length: some_bytes("wasi:random/random#get-random-bytes", length),
            "get-random-u64": lambda: u64("wasi:random/random#get-random-u64"),
        },
        "wasi:random/insecure": {
            "get-insecure-random-bytes": lambda length: some_bytes(
                "wasi:random/insecure#get-insecure-random-bytes", length
            ),
            "get-insecure-random-u64": lambda: u64("wasi:random/insecure#get-insecure-random-u64"),
        },
        "wasi:random/insecure-seed": {"insecure-seed": insecure_seed},
    }
