"""A range of text."""

from typing import NamedTuple


class Span(NamedTuple):
    """The code points `start` (included) to `end` (excluded) of a text, or of a part of it that the owner names."""

    start: int
    end: int

    def shifted(self, by: int) -> "Span":
        """This span, `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def holds(self, offset: int) -> bool:
        """Whether a cursor at `offset` touches the span; its end counts, since a cursor stands between characters."""
        return self.start <= offset <= self.end
