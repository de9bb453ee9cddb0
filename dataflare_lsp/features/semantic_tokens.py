"""Semantic tokens: what each word of a file is, for editors to colour."""

from typing import NamedTuple

from dataflare_lsp.features.token_legend import LEGEND_MODIFIERS, LEGEND_TYPES
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.snapshot import Snapshot


class Token(NamedTuple):
    """A word or comment. `type` is one of LEGEND_TYPES, `modifiers` are some of LEGEND_MODIFIERS, in its order.

    A comment may go over several lines.
    """

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


def semantic_tokens(snapshot: Snapshot, file: str, span: Span | None = None) -> tuple[Token, ...]:
    """The tokens of a file, or of the items that `span` touches, in order and without overlaps."""
    return ()


__all__ = ["LEGEND_MODIFIERS", "LEGEND_TYPES", "Token", "semantic_tokens"]
