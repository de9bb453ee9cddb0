"""Reading files as they come: any bytes, any name, gone between listing and reading."""

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dataflare_lsp.component.reader import Data

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read; WIT sources of more than a few hundred KB do not exist outside tests."""


class Unreadable(NamedTuple):
    """A file that could not be read, and why, in words for its user."""

    reason: str


def read_bytes(path: str) -> bytes | Unreadable:
    """The bytes of a regular file. Others are not read: a pipe or a device may never come to its end."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return Unreadable("it is not a regular file")
            if status.st_size > MAX_BYTES:
                return _too_large()
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Unreadable(reason_of(error))
    except ValueError:
        return Unreadable("its name is not one that files can have")
    return data if len(data) <= MAX_BYTES else _too_large()


def _too_large() -> Unreadable:
    return Unreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")


def read_excerpt(path: str) -> "Data | Unreadable":
    """What the WIT of a WebAssembly binary takes to be told; all bytes of a file that is none.

    Raises `MalformedComponent` where the binary is larger than is read.
    """
    from dataflare_lsp.component.excerpt import excerpt

    try:
        with open(path, "rb", buffering=0, opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and file.read(4) == b"\0asm":
                return excerpt(file, status.st_size)
    except (OSError, ValueError):
        pass
    return read_bytes(path)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class ForeignEncoding(NamedTuple):
    """The text of a file that is not written in UTF-8, and the name of what it is written in."""

    name: str
    text: str


def read_text(path: str) -> str | ForeignEncoding | Unreadable:
    """The text of a file, as `text_of` reads it."""
    data = read_bytes(path)
    return data if isinstance(data, Unreadable) else text_of(data)


def text_of(data: bytes) -> str | ForeignEncoding:
    """The text that bytes are; those that are not UTF-8 stand as lone surrogates, which the lexer reports in place.

    UTF-16 and UTF-32 are known by their byte order mark, or by the NULs beside the first two characters: what UTF-8
    has no place for at the start of any text.
    """
    for start, name, codec in _MARKS:
        if data.startswith(start):
            return ForeignEncoding(name, data.decode(codec, "replace"))
    if b"\0" in data[:4]:
        for zeros, name, codec in _ZEROS:
            if len(data) >= len(zeros) and [bool(byte) for byte in data[: len(zeros)]] == zeros:
                return ForeignEncoding(name, data.decode(codec, "replace"))
    return data.decode("utf-8", "surrogateescape")


_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32", "utf-32"),
    (b"\0\0\xfe\xff", "UTF-32", "utf-32"),
    (b"\xff\xfe", "UTF-16", "utf-16"),
    (b"\xfe\xff", "UTF-16", "utf-16"),
)
_ZEROS = (
    ([True, False, False, False, True, False, False, False], "UTF-32", "utf-32-le"),
    ([False, False, False, True, False, False, False, True], "UTF-32", "utf-32-be"),
    ([True, False, True, False], "UTF-16", "utf-16-le"),
    ([False, True, False, True], "UTF-16", "utf-16-be"),
)
"""Which of the first bytes are not zero where two characters of ASCII begin a text without a mark."""


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
