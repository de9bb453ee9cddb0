"""Reading files as they come: any bytes, any name, gone between listing and reading."""

import os
import stat
from typing import NamedTuple

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read; WIT sources of more than a few hundred KB do not exist outside tests."""


class Unreadable(NamedTuple):
    """A file that could not be read, and why, in words for its user."""

    reason: str


def read_bytes(path: str) -> bytes | Unreadable:
    """The bytes of a regular file. Others are not read: a pipe or a device may never come to its end."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Unreadable("it is not a regular file")
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Unreadable(reason_of(error))
    except ValueError:
        return Unreadable("its name is not one that files can have")
    if len(data) > MAX_BYTES:
        return Unreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_text(path: str) -> str | Unreadable:
    """The text of a file; bytes that are not UTF-8 stand as lone surrogates, which the lexer reports where they are."""
    data = read_bytes(path)
    return data if isinstance(data, Unreadable) else data.decode("utf-8", "surrogateescape")


def reason_of(error: OSError) -> str:
    """Why the operating system refused, in words that follow on "cannot read this file: "."""
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    if isinstance(error, PermissionError):
        return "permission is denied"
    if isinstance(error, IsADirectoryError):
        return "it is a directory"
    return (error.strerror or "it cannot be read").lower()


def list_directory(path: str) -> list[os.DirEntry[str]] | Unreadable:
    """The entries of a directory by name."""
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        return Unreadable(reason_of(error))
    except ValueError:
        return Unreadable("its name is not one that directories can have")


def is_regular(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file that can be read to its end: no directory, pipe or device."""
    try:
        return entry.is_file()
    except OSError:
        return False


def is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
