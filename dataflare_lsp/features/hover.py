"""Hover: what the name under the cursor means."""

from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.snapshot import Snapshot


class Hover(NamedTuple):
    """What to show, as Markdown, and the text that it is about."""

    markdown: str
    span: Span


def hover(snapshot: Snapshot, file: str, offset: int) -> Hover | None:
    """The meaning of the name at `offset`, or None where there is no name."""
    return None
