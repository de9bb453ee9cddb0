"""Changes on disk, noticed by looking again and again: for clients that cannot tell, and where they do not look."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_YOUNG = 5.0
"""Seconds within which a file may have changed since it was read, and before it was first looked at."""


class Seen(NamedTuple):
    """What tells one state of a file or directory from another; all is 0 where there is none."""

    modified: int = 0
    size: int = 0
    identity: int = 0
    directory: bool = False


class Watch:
    """The states of files and directories when they were last looked at."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def look(
        self, paths: Sequence[str], now: Callable[[], float], changed: Callable[[list[str], bool], None]
    ) -> Iterator[None]:
        """Look at files and directories, one a step, then tell which files changed, and whether a directory did.

        A file that comes or goes changes its directory. `now` is the time of day in seconds.
        """
        seen: dict[str, Seen] = {}
        files = []
        moved = False
        for path in paths:
            state = seen[path] = state_of(path)
            before = self._seen.get(path)
            if before is None:
                differs = state.modified / 1e9 > now() - _YOUNG
            else:
                differs = state != before
            if differs and (state.directory or (before is not None and before.directory)):
                moved = True
            elif differs:
                files.append(path)
                moved = moved or state == Seen() or before == Seen()
            yield
        self._seen = seen
        if files or moved:
            changed(files, moved)


def state_of(path: str) -> Seen:
    """The state of a file or directory."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return Seen()
    directory = stat.S_ISDIR(status.st_mode)
    return Seen(status.st_mtime_ns, 0 if directory else status.st_size, status.st_ino, directory)
