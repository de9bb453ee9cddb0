"""`wasi:filesystem`: the folders that were granted, and what is in them."""

import errno
import os
import posixpath
import stat
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import blake2b
from typing import Final, ParamSpec

from dataflare_lsp.runtime.host.surroundings import Interface, Preopen, Trap
from dataflare_lsp.runtime.host.wasi.clocks import SECOND
from dataflare_lsp.runtime.host.wasi.contained import (
    Directory,
    File,
    Place,
    error_of,
    open_file,
    place_in,
    require_regular,
)
from dataflare_lsp.runtime.host.wasi.host import MAX_CHUNK, Host, Refusal, Resource, fallible, grant_of, some
from dataflare_lsp.runtime.host.wasi.io import Closed, Error, Failed, InputStream, OutputStream, Sink, Source
from dataflare_lsp.values.types import Value

MAX_OPEN: Final = 256
"""Files and directories that a plugin may have open at a time. A process has about a thousand for everything."""

MAX_ENTRIES: Final = 100_000
"""Names in a directory that can be listed."""

_LAST_OFFSET: Final = (1 << 63) - 1

_TYPES: Final = {
    stat.S_IFBLK: "block-device",
    stat.S_IFCHR: "character-device",
    stat.S_IFDIR: "directory",
    stat.S_IFIFO: "fifo",
    stat.S_IFLNK: "symbolic-link",
    stat.S_IFREG: "regular-file",
    stat.S_IFSOCK: "socket",
}

_CODES: Final = {
    getattr(errno, name, -1): code
    for name, code in {
        "EACCES": "access",
        "EAGAIN": "would-block",
        "EALREADY": "already",
        "EBADF": "bad-descriptor",
        "EBUSY": "busy",
        "EDEADLK": "deadlock",
        "EDQUOT": "quota",
        "EEXIST": "exist",
        "EFBIG": "file-too-large",
        "EILSEQ": "illegal-byte-sequence",
        "EINPROGRESS": "in-progress",
        "EINTR": "interrupted",
        "EINVAL": "invalid",
        "EISDIR": "is-directory",
        "ELOOP": "loop",
        "EMFILE": "insufficient-memory",  # WASI has no code for too many open files
        "EMLINK": "too-many-links",
        "EMSGSIZE": "message-size",
        "ENAMETOOLONG": "name-too-long",
        "ENFILE": "insufficient-memory",
        "ENODEV": "no-device",
        "ENOENT": "no-entry",
        "ENOLCK": "no-lock",
        "ENOMEM": "insufficient-memory",
        "ENOSPC": "insufficient-space",
        "ENOTDIR": "not-directory",
        "ENOTEMPTY": "not-empty",
        "ENOTRECOVERABLE": "not-recoverable",
        "ENOTSUP": "unsupported",
        "ENOTTY": "no-tty",
        "ENXIO": "no-such-device",
        "EOPNOTSUPP": "unsupported",
        "EOVERFLOW": "overflow",
        "EPERM": "not-permitted",
        "EPIPE": "pipe",
        "EROFS": "read-only",
        "ESPIPE": "invalid-seek",
        "ETXTBSY": "text-file-busy",
        "EXDEV": "cross-device",
    }.items()
}

_SYNC: Final = {
    "file-integrity-sync": getattr(os, "O_SYNC", 0),
    "data-integrity-sync": getattr(os, "O_DSYNC", 0),
    "requested-write-sync": getattr(os, "O_RSYNC", 0),
}

P = ParamSpec("P")


def _code(error: OSError) -> str:
    return _CODES.get(error.errno or 0, "io")


def _answering(function: Callable[P, Value]) -> Callable[P, Value]:
    """The function with `result<_, error-code>` for its answer: the code of the `OSError` that it raises."""

    @fallible
    @wraps(function)
    def answer(*arguments: P.args, **named: P.kwargs) -> Value:
        try:
            return function(*arguments, **named)
        except OSError as error:
            raise Refusal(_code(error)) from None
        except OverflowError:  # a size, an offset or a time that the system has no number for
            raise Refusal("invalid") from None

    return answer


class _FileFailed(Failed):
    """An operation on a stream of a file failed."""


class _Reading(Source):
    """What is in a file from an offset on."""

    def __init__(self, file: File, offset: int) -> None:
        self._file: Final = file
        self._offset = offset

    def read(self, size: int) -> bytes:
        try:
            data = self._file.read(size, self._offset)
        except OSError as error:
            raise _failed(error) from None
        if size and not data:
            raise Closed
        self._offset += len(data)
        return data

    def close(self) -> None:
        self._file.close()


class _Writing(Sink):
    """A file from an offset on, or its end."""

    def __init__(self, file: File, offset: int | None) -> None:
        self._file: Final = file
        self._offset = offset

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                written = self._file.write(rest, self._offset)
                rest = rest[written:]
                if self._offset is not None:
                    self._offset += written
        except OSError as error:
            raise _failed(error) from None

    def close(self) -> None:
        self._file.close()


def _failed(error: OSError) -> Failed:
    return _FileFailed(error.strerror or "input or output failed", _code(error))


class _Files:
    """What a plugin has open."""

    def __init__(self, host: Host) -> None:
        self.host: Final = host
        self._open: list[Directory | File] = []

    def add(self, node: Directory | File, preopen: Preopen) -> int:
        """A handle of an open file or directory. Raises `OSError` where there are too many."""
        if len(self._open) >= MAX_OPEN:
            self._open = [node for node in self._open if node.is_open]
        if len(self._open) >= MAX_OPEN:
            node.close()
            raise error_of(errno.EMFILE)
        self._open.append(node)
        return self.host.add(Descriptor(self, node, preopen))


class Descriptor(Resource):
    """`descriptor`: an open file or directory, below a folder that was granted."""

    def __init__(self, files: _Files, node: Directory | File, preopen: Preopen) -> None:
        self._files: Final = files
        self._host: Final = files.host
        self._preopen: Final = preopen
        self.node: Final = node

    def dropped(self) -> None:
        self.node.close()

    # Files

    @_answering
    def read_via_stream(self, offset: int) -> int:
        file = self._file()
        if not file.can_read:
            raise error_of(errno.EBADF)
        return self._host.add(InputStream(self._host, _Reading(file.shared(), _offset(offset))))

    @_answering
    def write_via_stream(self, offset: int) -> int:
        return self._writing(_offset(offset))

    @_answering
    def append_via_stream(self) -> int:
        return self._writing(None)

    @_answering
    def advise(self, offset: int, length: int, advice: str) -> None:
        self._file()  # that is all: advice may be left

    @_answering
    def sync_data(self) -> None:
        self._sync()

    @_answering
    def sync(self) -> None:
        self._sync()

    @_answering
    def get_flags(self) -> tuple[str, ...]:
        if isinstance(self.node, File):
            return ("read",) * self.node.can_read + ("write",) * self.node.can_write
        return ("read", "mutate-directory") if self._preopen.is_writable else ("read",)

    @_answering
    def get_type(self) -> str:
        return _type(self.node.status())

    @_answering
    def set_size(self, size: int) -> None:
        self._file().resize(_offset(size))

    @_answering
    def set_times(self, accessed: tuple[str, Value], modified: tuple[str, Value]) -> None:
        self._require_writable("set-times")
        times = _times(self._host, self.node.status(), accessed, modified)
        if isinstance(self.node, File) and os.utime in os.supports_fd:
            os.utime(self.node.descriptor, ns=times)
        elif isinstance(self.node, Directory) and self.node.only is None:
            place = self.node.place(b".")
            os.utime(place.path, ns=times, dir_fd=place.dir_fd)
        else:
            raise error_of(errno.EACCES)

    @_answering
    def read(self, length: int, offset: int) -> Value:
        size = min(length, MAX_CHUNK)
        data = self._file().read(size, _offset(offset))
        return data, len(data) < size

    @_answering
    def write(self, data: bytes, offset: int) -> int:
        return self._file().write(data, _offset(offset))

    # Directories

    @_answering
    def read_directory(self) -> int:
        return self._host.add(DirectoryEntryStream(self._directory().entries(MAX_ENTRIES)))

    @_answering
    def create_directory_at(self, path: str) -> None:
        self._require_writable("create-directory-at")
        with place_in(self._directory(), path, follow=False) as place:
            os.mkdir(place.path, dir_fd=place.dir_fd)

    @_answering
    def stat(self) -> Value:
        return _stat(self.node.status())

    @_answering
    def stat_at(self, path_flags: tuple[str, ...], path: str) -> Value:
        with place_in(self._directory(), path, "symlink-follow" in path_flags) as place:
            return _stat(place.status())

    @_answering
    def set_times_at(
        self, path_flags: tuple[str, ...], path: str, accessed: tuple[str, Value], modified: tuple[str, Value]
    ) -> None:
        self._require_writable("set-times-at")
        with place_in(self._directory(), path, "symlink-follow" in path_flags) as place:
            times = _times(self._host, place.status(), accessed, modified)
            if os.utime in os.supports_follow_symlinks:
                os.utime(place.path, ns=times, dir_fd=place.dir_fd, follow_symlinks=False)
            else:
                os.utime(place.path, ns=times)

    @_answering
    def link_at(self, old_path_flags: tuple[str, ...], old_path: str, new: int, new_path: str) -> None:
        target = self._host.get(new, Descriptor)
        self._require_writable("link-at")  # or what may only be read could be written under its new name
        target._require_writable("link-at")
        if "symlink-follow" in old_path_flags:
            raise error_of(errno.EINVAL)
        with (
            place_in(self._directory(), old_path, follow=False) as old,
            place_in(target._directory(), new_path, follow=False) as place,
        ):
            if stat.S_ISDIR(old.status().st_mode):
                raise error_of(errno.EPERM)
            os.link(
                old.file_path(),
                place.file_path(),
                src_dir_fd=old.dir_fd,
                dst_dir_fd=place.dir_fd,
                follow_symlinks=os.link not in os.supports_follow_symlinks,
            )

    @_answering
    def open_at(
        self, path_flags: tuple[str, ...], path: str, open_flags: tuple[str, ...], flags: tuple[str, ...]
    ) -> int:
        if "write" in flags or "mutate-directory" in flags or "create" in open_flags or "truncate" in open_flags:
            self._require_writable("open-at")
        if "create" in open_flags and "directory" in open_flags:
            raise error_of(errno.EINVAL)
        follow = "symlink-follow" in path_flags and not ("create" in open_flags and "exclusive" in open_flags)
        with place_in(self._directory(), path, follow) as place:
            return self._files.add(_open(place, open_flags, flags), self._preopen)

    @_answering
    def readlink_at(self, path: str) -> str:
        with place_in(self._directory(), path, follow=False) as place:
            target = os.readlink(place.file_path(), dir_fd=place.dir_fd)
        if os.path.isabs(target):
            raise error_of(errno.EPERM)
        return _text(target)

    @_answering
    def remove_directory_at(self, path: str) -> None:
        self._require_writable("remove-directory-at")
        with place_in(self._directory(), path, follow=False) as place:
            os.rmdir(place.path, dir_fd=place.dir_fd)

    @_answering
    def rename_at(self, old_path: str, new: int, new_path: str) -> None:
        target = self._host.get(new, Descriptor)
        self._require_writable("rename-at")
        target._require_writable("rename-at")
        with (
            place_in(self._directory(), old_path, follow=False) as old,
            place_in(target._directory(), new_path, follow=False) as place,
        ):
            if place.is_directory and not stat.S_ISDIR(old.status().st_mode):
                raise error_of(errno.ENOTDIR)
            os.replace(old.path, place.path, src_dir_fd=old.dir_fd, dst_dir_fd=place.dir_fd)

    @_answering
    def symlink_at(self, old_path: str, new_path: str) -> None:
        self._require_writable("symlink-at")
        target = old_path.encode()
        if b"\0" in target:
            raise error_of(errno.EINVAL)
        if os.path.isabs(target) or target.startswith(b"/"):
            raise error_of(errno.EPERM)
        with place_in(self._directory(), new_path, follow=False) as place:
            os.symlink(target, place.file_path(), dir_fd=place.dir_fd)

    @_answering
    def unlink_file_at(self, path: str) -> None:
        self._require_writable("unlink-file-at")
        with place_in(self._directory(), path, follow=False) as place:
            if stat.S_ISDIR(place.status().st_mode):
                raise error_of(errno.EISDIR)
            os.unlink(place.file_path(), dir_fd=place.dir_fd)

    # Both

    def is_same_object(self, other: int) -> bool:
        try:
            return os.path.samestat(self.node.status(), self._host.get(other, Descriptor).node.status())
        except OSError:
            return False

    @_answering
    def metadata_hash(self) -> Value:
        return _hash(self.node.status())

    @_answering
    def metadata_hash_at(self, path_flags: tuple[str, ...], path: str) -> Value:
        with place_in(self._directory(), path, "symlink-follow" in path_flags) as place:
            return _hash(place.status())

    def _file(self) -> File:
        if isinstance(self.node, Directory):
            raise error_of(errno.EISDIR)
        return self.node

    def _directory(self) -> Directory:
        if isinstance(self.node, File):
            raise error_of(errno.ENOTDIR)
        return self.node

    def _require_writable(self, function: str) -> None:
        if not self._preopen.is_writable:
            grant = f'capabilities.filesystem: {{ path = "{self._preopen.name}", access = "write" }}'
            self._host.denied(f"wasi:filesystem/types#[method]descriptor.{function}", grant)
            raise error_of(errno.EROFS)

    def _writing(self, offset: int | None) -> int:
        file = self._file()
        if not file.can_write:
            raise error_of(errno.EBADF)
        return self._host.add(OutputStream(self._host, _Writing(file.shared(), offset)))

    def _sync(self) -> None:
        if isinstance(self.node, File) and self.node.can_write:
            os.fsync(self.node.descriptor)


class DirectoryEntryStream(Resource):
    """`directory-entry-stream`: the names in a directory, as they were when it was asked for."""

    most = 16

    def __init__(self, entries: list[tuple[bytes, int]]) -> None:
        self._entries: Final = entries
        self._next = 0

    @_answering
    def read_directory_entry(self) -> Value:
        if self._next == len(self._entries):
            return None
        name, kind = self._entries[self._next]
        self._next += 1
        return some((_TYPES.get(kind, "unknown"), _text(name)))


def _open(place: Place, open_flags: tuple[str, ...], flags: tuple[str, ...]) -> Directory | File:
    """Open or make what a path leads to. Only files and directories: opening anything else could wait, or do more."""
    changes = "create" in open_flags or "truncate" in open_flags
    how = 0
    try:
        status = place.status()
    except FileNotFoundError:
        if "create" not in open_flags:
            raise
        how = os.O_CREAT | (os.O_EXCL if "exclusive" in open_flags else 0)
    else:
        if "create" in open_flags and "exclusive" in open_flags:
            raise error_of(errno.EEXIST)
        if stat.S_ISDIR(status.st_mode) and not changes and "write" not in flags:
            return place.directory()
        require_regular(status)
        if "directory" in open_flags:
            raise error_of(errno.ENOTDIR)
    can_write = "write" in flags or changes
    can_read = "read" in flags or not can_write
    how |= os.O_TRUNC if "truncate" in open_flags else 0
    for flag, meaning in _SYNC.items():
        how |= meaning if flag in flags else 0
    return open_file(place, how, can_read, can_write)


def _offset(number: int) -> int:
    if number > _LAST_OFFSET:
        raise error_of(errno.EINVAL)
    return number


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise error_of(errno.EILSEQ) from None


def _type(status: os.stat_result) -> str:
    return _TYPES.get(stat.S_IFMT(status.st_mode), "unknown")


def _stat(status: os.stat_result) -> Value:
    times = (status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns)
    return (
        _type(status),
        status.st_nlink,
        status.st_size,
        # WASI has no times before 1970.
        *(some(divmod(moment, SECOND)) if moment >= 0 else None for moment in times),
    )


def _times(
    host: Host, status: os.stat_result, accessed: tuple[str, Value], modified: tuple[str, Value]
) -> tuple[int, int]:
    """The times to set, in nanoseconds; what is not to be changed is what it is."""

    def time_of(new: tuple[str, Value], old: int) -> int:
        match new:
            case ("now", _):
                return host.surroundings.now()
            case ("timestamp", (int(seconds), int(nanoseconds))):
                if nanoseconds >= SECOND:
                    raise error_of(errno.EINVAL)
                return seconds * SECOND + nanoseconds
        return old

    return time_of(accessed, status.st_atime_ns), time_of(modified, status.st_mtime_ns)


def _hash(status: os.stat_result) -> Value:
    """A number for a file. C libraries take it for the inode's number, so it stays when the content changes."""
    digest = blake2b(b"%d %d" % (status.st_dev, status.st_ino), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:filesystem`."""
    files = _Files(host)
    granted = host.surroundings.grants.filesystem

    def opened(preopen: Preopen) -> Value:
        """A folder and its name; for a file, the folder that it is in."""
        try:
            directory = Directory.outermost(preopen.path)
        except OSError as error:
            raise Trap(f"`{preopen.name}`, which was granted, cannot be opened: {error.strerror}") from None
        name = preopen.name if directory.only is None else posixpath.dirname(preopen.name) or "."
        return files.add(directory, preopen), name

    def get_directories() -> Value:
        if not host.is_granted("filesystem"):
            if granted:
                host.denied("wasi:filesystem/preopens#get-directories", grant_of("filesystem"))
            return ()
        return tuple(opened(preopen) for preopen in granted)

    def filesystem_error_code(handle: int) -> Value:
        failed = host.get(handle, Error).failed
        return some(failed.code) if isinstance(failed, _FileFailed) else None

    return {
        "wasi:filesystem/preopens": {"get-directories": get_directories},
        "wasi:filesystem/types": {
            **host.resource("descriptor", Descriptor),
            **host.resource("directory-entry-stream", DirectoryEntryStream),
            "filesystem-error-code": filesystem_error_code,
        },
    }
