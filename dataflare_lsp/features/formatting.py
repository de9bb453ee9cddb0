"""Formatting for the editor: a whole file, some of its lines, or what was just typed.

`indent` is the number of spaces of one level.
"""

from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit import format as formatter
from dataflare_lsp.wit.format import INDENT
from dataflare_lsp.workspace.snapshot import Snapshot


def format_document(snapshot: Snapshot, file: str, indent: int = INDENT) -> tuple[TextEdit, ...]:
    """The edits that format a file; none where it does not parse, since its layout would be a guess."""
    try:
        return formatter.format_edits(snapshot.source(file), indent=indent)
    except formatter.Unformattable:
        return ()


def format_range(snapshot: Snapshot, file: str, span: Span, indent: int = INDENT) -> tuple[TextEdit, ...]:
    """The edits that format the lines that `span` touches; items with a mistake in them stay as they are."""
    return formatter.format_edits(snapshot.source(file), span, indent)


def format_on_type(
    snapshot: Snapshot, file: str, offset: int, typed: str, indent: int = INDENT
) -> tuple[TextEdit, ...]:
    """The edits that follow from having typed `typed` (`;`, `}` or a line break), which ends at `offset`."""
    return formatter.format_on_type(snapshot.source(file), offset, typed, indent)
