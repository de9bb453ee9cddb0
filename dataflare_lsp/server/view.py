"""A snapshot as a client sees it: files by URI, places by line and by columns in its encoding."""

from collections.abc import Callable
from typing import NamedTuple

from dataflare_lsp.server.client import Client
from dataflare_lsp.text import Lines, Span
from dataflare_lsp.workspace.roots import is_encoded
from dataflare_lsp.workspace.snapshot import Snapshot
from dataflare_lsp.workspace.uris import view_of


class JsonText(NamedTuple):
    """JSON, written: sent as it is. It is in ASCII."""

    text: str


class Area(NamedTuple):
    """A range of the protocol: 0-based lines, columns in the client's encoding."""

    line: int
    column: int
    end_line: int
    end_column: int


class View(NamedTuple):
    """A snapshot and the client that asks.

    `uri_of` gives the URI that the client knows a file by, `version_of` its number of the state of an open file.
    """

    snapshot: Snapshot
    client: Client
    uri_of: Callable[[str], str]
    version_of: Callable[[str], int | None] = lambda _: None

    def lines(self, file: str) -> Lines:
        return self.snapshot.source(file).lines

    def uri(self, file: str) -> str:
        """The URI where the client shows a file: for a binary, that of the document with its WIT, if it has such."""
        return view_of(file) if is_encoded(file) and self.client.virtual_documents else self.uri_of(file)

    def has_text(self, file: str) -> bool:
        """Whether there is a text in which the client may go to a place: for a binary, if it shows its WIT."""
        return self.client.virtual_documents or not is_encoded(file)

    def offset(self, file: str, line: int, column: int) -> int:
        """The offset of a place that the client names; one that is not in the text is the nearest that is."""
        lines = self.lines(file)
        return lines.offset(lines.from_units(line, column, self.client.encoding))

    def area(self, file: str, span: Span) -> Area:
        """A span, for the client."""
        return self.areas(file)(span)

    def areas(self, file: str) -> Callable[[Span], Area]:
        """Spans of one file, for the client, where there are many of them."""
        if not self.has_text(file):
            return lambda _: Area(0, 0, 0, 0)
        lines, encoding = self.lines(file), self.client.encoding
        position = lines.position
        if lines.text.isascii():
            return lambda span: Area(*position(span.start), *position(span.end))

        def area(span: Span) -> Area:
            start, end = position(span.start), position(span.end)
            return Area(start.line, lines.units(start, encoding), end.line, lines.units(end, encoding))

        return area
