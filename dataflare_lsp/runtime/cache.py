"""What was compiled, and what compiling found wrong, kept by content in the user's private cache folder.

A compiled component is native code: whoever can write one can run what they like as the user who loads it. So nothing
is taken from a folder or a file that somebody else owns or could write.
"""

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

DEFAULT_LIMIT: Final = 2 << 30
"""Bytes that are kept; what was not used for longest goes first."""

_ARTEFACT = ".cwasm"
_VERDICT = ".json"
_MAX_VERDICT = 1 << 16
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class NotPrivate(Exception):
    """The cache cannot be trusted; the message is a sentence fragment that says why."""


class Entry(NamedTuple):
    """A file in the cache, its size in bytes, and when it was last used, in seconds of `os.stat`."""

    path: str
    size: int
    used: float


def default_folder() -> str:
    """The folder of this project in the user's cache folder, as the platform has it."""
    from platformdirs import user_cache_dir

    return os.path.join(user_cache_dir("dataflare-lsp", appauthor=False), "compiled")


class Cache:
    """Compiled components and verdicts in `folder`, each by the SHA-256 of the component and the engine's key."""

    def __init__(self, folder: str, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    def artefact(self, engine: str, digest: str) -> str | None:
        """The path of a compiled component that may be loaded, if there is one. Raises `NotPrivate`."""
        path = self._path(engine, digest, _ARTEFACT)
        if not os.path.lexists(path):
            return None
        self._require_private(path)
        _touch(path)
        return path

    def verdict(self, engine: str, digest: str) -> object | None:
        """What was found wrong with a component, as it was kept, if anything was."""
        path = self._path(engine, digest, _VERDICT)
        try:
            with open(path, "rb") as file:
                kept: object = json.loads(file.read(_MAX_VERDICT))
        except (OSError, ValueError):
            return None
        _touch(path)
        return kept

    def keep_verdict(self, engine: str, digest: str, verdict: object) -> None:
        """Remember what was found wrong with a component. What cannot be written is not remembered."""
        try:
            with self.new_file(engine) as temporary:
                with open(temporary, "wb") as file:
                    file.write(json.dumps(verdict).encode())
                os.replace(temporary, self._path(engine, digest, _VERDICT))
        except OSError:
            pass

    def keep_artefact(self, engine: str, digest: str, temporary: str) -> str:
        """Take over a compiled component that was written to a `new_file`; gives its path. Raises `OSError`."""
        path = self._path(engine, digest, _ARTEFACT)
        os.chmod(temporary, stat.S_IRUSR | stat.S_IWUSR)
        os.replace(temporary, path)
        self._shrink(path)
        return path

    @contextmanager
    def new_file(self, engine: str) -> Iterator[str]:
        """The path of a new file that is only the user's, removed at the end if it still is there. Raises `OSError`."""
        from tempfile import mkstemp

        folder = os.path.join(self.folder, engine)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor, path = mkstemp(suffix=".tmp", dir=folder)
        os.close(descriptor)
        try:
            yield path
        finally:
            try:
                os.unlink(path)
            except OSError:
                pass

    def entries(self) -> list[Entry]:
        """Everything that is kept, what was used last at the end."""
        found = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    status = os.lstat(path)
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode):
                    found.append(Entry(path, status.st_size, status.st_mtime))
        return sorted(found, key=lambda entry: (entry.used, entry.path))

    def clear(self) -> int:
        """Remove everything that is kept; gives how many bytes. Raises `OSError` where that is not possible."""
        freed = 0
        for entry in self.entries():
            os.unlink(entry.path)
            freed += entry.size
        for folder, _, _ in os.walk(self.folder, topdown=False):
            try:
                os.rmdir(folder)
            except OSError:
                pass  # something of others is in it
        return freed

    def _path(self, engine: str, digest: str, ending: str) -> str:
        return os.path.join(self.folder, engine, digest + ending)

    def _shrink(self, spared: str) -> None:
        entries = self.entries()
        total = sum(entry.size for entry in entries)
        for entry in entries:
            if total <= self.limit:
                return
            if entry.path != spared:
                try:
                    os.unlink(entry.path)
                except OSError:
                    continue
                total -= entry.size

    def _require_private(self, path: str) -> None:
        """Raises `NotPrivate` unless only the user, and the system's administrator, can have written `path`.

        On Windows the user's cache folder has an access list that others are not on; nothing is asked there.
        """
        if sys.platform == "win32":
            return
        user = os.geteuid()
        inside = True
        part = os.path.abspath(path)
        while True:
            status = os.lstat(part)
            if inside and stat.S_ISLNK(status.st_mode):
                raise NotPrivate(f"`{part}` is a link")
            if status.st_uid not in ((user,) if inside else (user, 0)):
                raise NotPrivate(f"`{part}` belongs to somebody else")
            shared = status.st_mode & (_OTHERS_WRITE if inside else stat.S_IWOTH)
            if shared and not status.st_mode & stat.S_ISVTX and not stat.S_ISLNK(status.st_mode):
                raise NotPrivate(f"`{part}` can be written by others")
            inside = inside and part != os.path.abspath(self.folder)
            above = os.path.dirname(part)
            if above == part:
                return
            part = above


def _touch(path: str) -> None:
    try:
        os.utime(path)
    except OSError:
        pass
