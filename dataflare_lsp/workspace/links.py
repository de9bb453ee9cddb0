"""Where links lead: out of a directory, or to files that several paths lead to.

A workspace knows a file by the path that it was found by. What an editor has open under one path counts for the others.
"""

import os
from collections.abc import Iterable


class Links:
    """Which of some paths lead to the same file."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._targets: dict[str, str] = {}
        self._paths: dict[str, dict[str, None]] = {}
        for path in paths:
            self.add(path)

    def add(self, path: str) -> None:
        """Take a path up, or look anew where it leads."""
        self.discard(path)
        target = self._targets[path] = _target(path)
        self._paths.setdefault(target, {})[path] = None

    def discard(self, path: str) -> None:
        """Forget a path."""
        target = self._targets.pop(path, None)
        if target is not None:
            del self._paths[target][path]
            if not self._paths[target]:
                del self._paths[target]

    def others(self, path: str) -> tuple[str, ...]:
        """The other paths that lead where this one does."""
        target = self._targets.get(path)
        return () if target is None else tuple(other for other in self._paths[target] if other != path)


def inside(directory: str, place: str) -> str | None:
    """The absolute path of a place in a plugin; None where a link leads out of it."""
    return None if leads_out(directory, place) else os.path.normpath(os.path.join(directory, place))


def leads_out(directory: str, path: str) -> bool:
    """Whether a link on the way to a path leads out of a directory."""
    base = os.path.realpath(directory)
    real = os.path.realpath(os.path.join(directory, path))
    return real != base and not real.startswith(base.rstrip(os.sep) + os.sep)


def _target(path: str) -> str:
    try:
        return os.path.normcase(os.path.realpath(path))
    except (OSError, ValueError):
        return path  # no name that files can have
