"""How much text may be written for a binary, where one index may stand for a long name or type."""

from dataflare_lsp.component.errors import NotRepresentable


class TooLong(NotRepresentable):
    """The text would be out of all proportion to the binary."""

    def __init__(self) -> None:
        super().__init__("written out, the package is out of proportion to its size as a binary")


class TextAllowance:
    """How many more characters may be written for a binary of `size` bytes. Usual are one or two to a byte."""

    __slots__ = ("_left",)

    def __init__(self, size: int) -> None:
        self._left = min(64 * size + (1 << 16), 1 << 24)

    def spend(self, characters: int) -> None:
        """Take off `characters`. Raises `TooLong` when that is more than is left."""
        self._left -= characters
        if self._left < 0:
            raise TooLong
