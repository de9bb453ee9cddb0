"""How much memory the plugins of this process have, as the operating system sees it: the engine does not tell."""

import mmap
import re
import sys
from typing import Final

_MAPPING: Final = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S)(\S)\S\S ")
_RESERVED: Final = 1 << 31
"""A linear memory is followed by addresses that are reserved for it to grow into, or to guard it: gigabytes of them."""


def linear_memory() -> int | None:
    """Bytes of all linear memories of this process, or None where the platform does not say."""
    if sys.platform != "linux":
        return None
    try:
        with open("/proc/self/maps", encoding="ascii", errors="replace") as file:
            lines = file.readlines()
    except OSError:
        return None
    total = usable = 0
    before = -1
    for line in lines:
        found = _MAPPING.match(line)
        if found is None:
            continue
        start, end = int(found[1], 16), int(found[2], 16)
        if start != before:
            usable = 0
        if found[3] == "r" and found[4] == "w":
            usable += end - start
        else:
            if found[3] == "-" and end - start >= _RESERVED:
                total += usable
            usable = 0
        before = end
    return total


def resident() -> int:
    """Bytes that this process has in memory now, or 0 where the platform does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0
