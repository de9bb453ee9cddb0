"""Files and directories inside a directory: paths are walked part by part, so that none of them leads out.

A path is followed from one directory that is held open to the next, never through a link: links are read, and what they
say is walked in the same way. `..` goes back the way that was come. So whatever others do meanwhile in the file system,
a path ends inside of the directory that it began in, or nowhere.

Where the system cannot open files relative to a directory (Windows), each part is looked at before it is passed. That
holds as well, but for somebody who changes a directory into a link in between; a plugin alone cannot do that.

Everything here raises `OSError`. Names are bytes of UTF-8, whatever the system's settings are.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

MAX_LINKS: Final = 40
"""Links that one path may lead through."""

MAX_PATH: Final = 4096
"""Bytes of a path."""

HAS_DIR_FD = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether directories are held by descriptors."""

_DIRECTORY: Final = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_ALWAYS: Final = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe waits for nobody
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOT_A_DIRECTORY: Final = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}
"""What systems say of opening a link, or a file, as a directory."""

_JUNCTION: Final = 0xA0000003
"""What Windows calls a directory that leads to another."""

_DEVICES: Final = {
    b"con",
    b"prn",
    b"aux",
    b"nul",
    *(b"%s%d" % (name, n) for name in (b"com", b"lpt") for n in range(10)),
}
"""Names that stand for devices on Windows, in every directory and with every ending."""


class Place(NamedTuple):
    """Where something is or may be made, as functions of `os` take it: not a link, unless links were not followed.

    `is_directory`: the path says so, by a `/` at its end.
    """

    path: bytes
    dir_fd: int | None
    is_directory: bool

    def status(self) -> os.stat_result:
        """What is there."""
        status = os.stat(self.path, dir_fd=self.dir_fd, follow_symlinks=False)
        if self.is_directory and not stat.S_ISDIR(status.st_mode):
            raise error_of(errno.ENOTDIR)
        return status

    def directory(self) -> "Directory":
        """The directory that is there, held. A link is none."""
        if self.dir_fd is not None:
            return Directory(b"", os.open(self.path, os.O_RDONLY | _DIRECTORY, dir_fd=self.dir_fd))
        status = self.status()
        if not stat.S_ISDIR(status.st_mode) or getattr(status, "st_reparse_tag", None) == _JUNCTION:
            raise error_of(errno.ENOTDIR)
        return Directory(self.path, None)

    def file_path(self) -> bytes:
        """The path of something that is not a directory."""
        if self.is_directory:
            raise error_of(errno.ENOTDIR)
        return self.path


class Directory:
    """A directory that is held, by a descriptor where `path` is relative to that, and by `path` alone elsewhere.

    `only`: the one name in it that there is for whoever holds it.
    """

    def __init__(self, path: bytes, descriptor: int | None, only: bytes | None = None) -> None:
        self.path: Final = path
        self.descriptor: Final = descriptor
        self.only: Final = only
        self.is_open = True

    @staticmethod
    def outermost(path: str) -> "Directory":
        """A directory of the host, by a path without links; for a file the one with nothing but it."""
        if os.path.realpath(path) != path:
            raise error_of(errno.ELOOP)
        only = None
        if os.path.isfile(path):
            path, name = os.path.split(path)
            only = name.encode()
        if HAS_DIR_FD:
            return Directory(b"", os.open(path, os.O_RDONLY | _DIRECTORY), only)
        if not os.path.isdir(path):
            raise error_of(errno.ENOTDIR if os.path.exists(path) else errno.ENOENT)
        return Directory(path.encode(), None, only)

    def place(self, name: bytes, is_directory: bool = False) -> Place:
        """Something in this directory."""
        return Place(os.path.join(self.path, name), self.descriptor, is_directory)

    def status(self) -> os.stat_result:
        """What is known of this directory."""
        return self.place(b".").status()

    def entries(self, most: int) -> list[tuple[bytes, int]]:
        """The names in it, sorted, and of which type each is, as `stat.S_IFMT` has it. At most so many, or an error."""
        again = self.place(b".").directory()
        try:
            with os.scandir(os.fsdecode(self.path) if again.descriptor is None else again.descriptor) as found:
                entries: list[tuple[bytes, int]] = []
                for entry in found:
                    if self.only not in (None, os.fsencode(entry.name)):
                        continue
                    if len(entries) == most:
                        raise error_of(errno.EOVERFLOW)
                    entries.append((os.fsencode(entry.name), _type(entry)))
        finally:
            again.close()
        return sorted(entries)

    def close(self) -> None:
        """Hold it no longer."""
        self.is_open = False
        if self.descriptor is not None:
            os.close(self.descriptor)


def _type(entry: os.DirEntry[str]) -> int:
    try:
        if entry.is_symlink():
            return stat.S_IFLNK
        if entry.is_dir(follow_symlinks=False):
            return stat.S_IFDIR
        return stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return 0  # it is gone


@contextmanager
def place_in(base: Directory, path: str, follow: bool) -> Iterator[Place]:
    """Where a path from `base` leads. `follow`: also where its last part is a link."""
    trail = [base]
    try:
        yield _walk(trail, path, follow)
    finally:
        for directory in trail[1:]:
            directory.close()


def _walk(trail: list[Directory], path: str, follow: bool) -> Place:
    parts, is_directory = _parts(path.encode())
    links = 0
    while parts:
        part = parts.pop()
        if part == b"..":
            if len(trail) == 1:
                raise error_of(errno.EPERM)
            trail.pop().close()
            continue
        if trail[-1].only not in (None, part):
            raise error_of(errno.EACCES)
        if parts:
            try:
                trail.append(trail[-1].place(part).directory())
                continue
            except OSError as error:
                if error.errno not in _NOT_A_DIRECTORY:
                    raise
                refused = error
        elif not follow and not is_directory:
            return trail[-1].place(part)
        target = _link_target(trail[-1].place(part))
        if target is None:
            if parts:
                raise refused
            return trail[-1].place(part, is_directory)
        links += 1
        if links > MAX_LINKS:
            raise error_of(errno.ELOOP)
        within, ends_in_directory = _parts(target)
        is_directory = is_directory or (not parts and ends_in_directory)
        parts.extend(within)
    if trail[-1].only is not None:
        raise error_of(errno.EACCES)
    return trail[-1].place(b".")


def _parts(path: bytes) -> tuple[list[bytes], bool]:
    """The parts of a path, the last one first, and whether it must be a directory's."""
    if not path:
        raise error_of(errno.ENOENT)
    if len(path) > MAX_PATH:
        raise error_of(errno.ENAMETOOLONG)
    if path.startswith(b"/"):
        raise error_of(errno.EPERM)
    parts = path.split(b"/")
    for part in parts:
        if b"\0" in part or (sys.platform == "win32" and is_special_on_windows(part)):
            raise error_of(errno.EINVAL)
    return [part for part in reversed(parts) if part not in (b"", b".")], parts[-1] in (b"", b".")


def is_special_on_windows(name: bytes) -> bool:
    """Whether Windows takes a name for something else than a file of that name."""
    if name in (b".", b".."):
        return False
    return bool(
        set(name) & set(b'\\:*?"<>|')
        or name.endswith((b".", b" "))
        or name.lower().partition(b".")[0].rstrip() in _DEVICES
    )


def _link_target(place: Place) -> bytes | None:
    """What a link says, or None where there is none: nothing, or something else."""
    try:
        return os.readlink(place.path, dir_fd=place.dir_fd)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.EINVAL:
            return None
        raise


class File:
    """An open file. Reads and writes are at offsets, so that all who share it are independent of each other."""

    def __init__(self, descriptor: int, can_read: bool, can_write: bool) -> None:
        self.descriptor: Final = descriptor
        self.can_read: Final = can_read
        self.can_write: Final = can_write
        self._users = 1

    def read(self, size: int, offset: int) -> bytes:
        """At most so many bytes; fewer only at the end of the file."""
        if not self.can_read:
            raise error_of(errno.EBADF)
        if sys.platform == "win32":
            os.lseek(self.descriptor, offset, os.SEEK_SET)
            return os.read(self.descriptor, size)
        return os.pread(self.descriptor, size, offset)

    def write(self, data: bytes | memoryview, offset: int | None) -> int:
        """How many bytes were written, at the end of the file without an offset."""
        if not self.can_write:
            raise error_of(errno.EBADF)
        place = self.status().st_size if offset is None else offset
        if sys.platform == "win32":
            os.lseek(self.descriptor, place, os.SEEK_SET)
            return os.write(self.descriptor, data)
        return os.pwrite(self.descriptor, data, place)

    def resize(self, size: int) -> None:
        """Cut the file off, or fill it up with zeroes."""
        if not self.can_write:
            raise error_of(errno.EBADF)
        os.ftruncate(self.descriptor, size)

    def status(self) -> os.stat_result:
        """What is known of the file."""
        return os.fstat(self.descriptor)

    def shared(self) -> "File":
        """This file for one more, who closes it as well."""
        self._users += 1
        return self

    def close(self) -> None:
        """One needs it no longer; it goes back to the system with the last one."""
        self._users -= 1
        if not self._users:
            os.close(self.descriptor)

    @property
    def is_open(self) -> bool:
        """Whether somebody has it."""
        return self._users > 0


def open_file(place: Place, flags: int, can_read: bool, can_write: bool) -> File:
    """Open a regular file, with further `flags` of `os.open`. Devices, pipes and sockets are `ENOTSUP`."""
    access = os.O_RDONLY if not can_write else os.O_RDWR if can_read else os.O_WRONLY
    descriptor = os.open(place.file_path(), access | flags | _ALWAYS, 0o666, dir_fd=place.dir_fd)
    try:
        # What is there was looked at before, too: opening a device may do something. This is for what took its place.
        require_regular(os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return File(descriptor, can_read, can_write)


def require_regular(status: os.stat_result) -> None:
    """Raise `OSError` for what is not a regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise error_of(errno.EISDIR)
    if stat.S_ISLNK(status.st_mode):
        raise error_of(errno.ELOOP)
    if not stat.S_ISREG(status.st_mode):
        raise error_of(errno.ENOTSUP)


def error_of(number: int) -> OSError:
    """The error of a system that says no more than its number."""
    return OSError(number, os.strerror(number))
