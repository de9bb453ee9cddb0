"""What of a file has to be read to tell the WIT in it: not the code and data of core modules, which are most of it.

The excerpt has the size of the file, and zeros where it was not read, so that all offsets stay those of the file. The
memory behind it is taken up only where something was put. A file is not mapped itself: who is in the middle of writing
it could then end this process.
"""

from mmap import mmap
from typing import Final, Protocol

from dataflare_lsp.component.binary import DEFAULT_LIMITS, Limits, kind_of
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.package_docs import SECTION
from dataflare_lsp.component.reader import Reader

_HEAD: Final = 96
"""How many bytes are read at the start of a section: its header and, of most custom sections, their name."""

_CUSTOM: Final = (SECTION, "producers", "component-name", "component-type")
"""What the names of custom sections begin with that are read."""

_NAMES: Final = (2, 7)
"""The sections of a core module by itself that are read: its imports and its exports."""

_MAX_CUSTOM: Final = 1 << 23
"""The largest custom section that is read, in bytes; what is too large to be one is told by who decodes it."""


class File(Protocol):
    """A file that is open for reading bytes."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Go to the byte `offset`."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill `buffer` as far as the file has bytes; how many those were."""


def excerpt(file: File, size: int, limits: Limits = DEFAULT_LIMITS) -> mmap | bytes:
    """What `component` needs of the `size` bytes of `file`. Raises `MalformedComponent` where it is too large."""
    if size > limits.size:
        raise MalformedComponent(f"the file is larger than the {limits.size} bytes that this tool reads", limits.size)
    if size == 0:
        return b""
    data = mmap(-1, size)
    with memoryview(data) as view:
        _Excerpt(file, data, view, limits).binary(0, size, 0)
    return data


class _Excerpt:
    def __init__(self, file: File, data: mmap, view: memoryview, limits: Limits) -> None:
        self._file = file
        self._data = data
        self._view = view
        self._depth = limits.depth
        self._sections = limits.elements
        """How many more sections are looked at."""

    def binary(self, start: int, end: int, depth: int) -> None:
        """Read what matters of the component or core module from `start` to `end`.

        Stops at what makes no sense, which is read so far that who decodes it comes to it.
        """
        self._read(start, min(start + 8, end))
        kind = kind_of(self._data[start : min(start + 8, end)])
        position = start + 8
        while kind is not None and position < end and depth <= self._depth and self._sections > 0:
            self._sections -= 1
            self._read(position, min(position + _HEAD, end))
            reader = Reader(self._data, position, 1)
            try:
                section = reader.byte()
                size = reader.u32()
            except MalformedComponent:
                return
            content, position = reader.position, reader.position + size
            if position > end:
                return
            if section == 0:
                self._custom(content, position)
            elif kind == "component" and section in (1, 4):
                self.binary(content, position, depth + 1)
            elif kind == "component" or (depth == 0 and section in _NAMES):
                self._read(content, position)

    def _custom(self, content: int, end: int) -> None:
        """A custom section, if it is one of those that are read."""
        reader = Reader(self._data, content, 1)
        try:
            name = reader.name()
        except MalformedComponent:
            self._read(content, min(end, content + _MAX_CUSTOM))
            return
        if name.startswith(_CUSTOM):
            self._read(content, min(end, content + _MAX_CUSTOM))
        elif reader.position > content + _HEAD - 6:
            self._read(content, min(end, reader.position))

    def _read(self, start: int, end: int) -> None:
        self._file.seek(start)
        with self._view[start:end] as part:
            self._file.readinto(part)
