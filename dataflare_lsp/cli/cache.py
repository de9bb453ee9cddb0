"""`dataflare-lsp cache`: what was compiled and kept, and how to be rid of it."""

import os

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.terminal import write
from dataflare_lsp.runtime.cache import DEFAULT_LIMIT, Cache, default_folder

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def run(arguments: Arguments) -> int:
    """Show the cache, or clear it."""
    cache = Cache(default_folder())
    if arguments.has("--clear"):
        try:
            freed = cache.clear()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise Failure(f"cannot clear the cache: `{error.filename}`: {reason}") from None
        write(f"cleared {amount(freed)}\n" if freed else "the cache was empty\n")
        return 0
    entries = cache.entries()
    components = len([entry for entry in entries if entry.path.endswith(".cwasm")])
    total = sum(entry.size for entry in entries)
    write(f"{cache.folder}\n")
    if not os.path.isdir(cache.folder):
        write("nothing was compiled yet\n")
        return 0
    plural = "" if components == 1 else "s"
    write(f"{components} compiled component{plural}, {amount(total)} of at most {amount(DEFAULT_LIMIT)}\n")
    return 0


def amount(size: int) -> str:
    """A number of bytes for people: `512 bytes`, `1.5 MiB`."""
    value = float(size)
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            return f"{size} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    raise AssertionError
