"""A position in the bytes of a component, and the encodings that everything in it is made of."""

from mmap import mmap
from typing import TypeAlias

from dataflare_lsp.component.errors import MalformedComponent

Data: TypeAlias = bytes | memoryview | mmap
"""The bytes of a file: in memory, or mapped so that only what is looked at is read from the disk."""


class Reader:
    """Reads `data` from `position` on. Every method raises `MalformedComponent` where the bytes do not fit.

    `allowance` is how many more elements may be read: what is read takes far more memory than its bytes.
    """

    __slots__ = ("allowance", "data", "position")

    def __init__(self, data: Data, position: int, allowance: int) -> None:
        self.data = data
        self.position = position
        self.allowance = allowance

    def byte(self) -> int:
        """The next byte."""
        try:
            byte = self.data[self.position]
        except IndexError:
            raise MalformedComponent("unexpected end of the file", len(self.data)) from None
        self.position += 1
        return byte

    def u32(self) -> int:
        """An unsigned 32-bit integer in LEB128, at most five bytes long."""
        data, start = self.data, self.position
        try:
            byte = data[start]
            if byte < 0x80:
                self.position = start + 1
                return byte
            value = byte & 0x7F
            for index in (1, 2, 3, 4):
                byte = data[start + index]
                value |= (byte & 0x7F) << (7 * index)
                if byte < 0x80:
                    if value > 0xFFFF_FFFF:
                        break
                    self.position = start + index + 1
                    return value
        except IndexError:
            raise MalformedComponent("unexpected end of the file", len(data)) from None
        raise MalformedComponent("an integer is larger than 32 bits", start)

    def count(self, what: str) -> int:
        """The length of a vector, whose elements are called `what` where there are too many of them."""
        start = self.position
        count = self.u32()
        if count > len(self.data) - self.position:
            raise MalformedComponent(f"{count} {what} do not fit into the rest of the file", start)
        self.spend(count, start)
        return count

    def spend(self, elements: int, offset: int) -> None:
        """Take off `elements` from what may be read. Raises `MalformedComponent` when that is more than is left."""
        self.allowance -= elements
        if self.allowance < 0:
            raise MalformedComponent("the file declares more than this tool reads", offset)

    def name(self) -> str:
        """A string in UTF-8, after its length in bytes."""
        start = self.position
        length = self.u32()
        begin = self.position
        end = begin + length
        if end > len(self.data):
            raise MalformedComponent(f"a name of {length} bytes does not fit into the rest of the file", start)
        self.position = end
        try:
            return str(self.data[begin:end], "utf-8")
        except UnicodeDecodeError:
            raise MalformedComponent("a name is not UTF-8", begin) from None

    def unexpected(self, what: str, offset: int) -> MalformedComponent:
        """The error for the byte at `offset`, which stands where a `what` is encoded."""
        return MalformedComponent(f"unexpected byte {self.data[offset]:#04x} where {what} should be", offset)
