"""Semantic tokens: what each word of a file is, for editors to colour."""

from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.snapshot import Snapshot

LEGEND_TYPES = (
    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable", "property",
    "enumMember", "function", "method", "keyword", "modifier", "comment", "string", "number", "operator", "decorator",
)  # fmt: skip
"""The types of tokens, by the names of the protocol's standard legend."""

LEGEND_MODIFIERS = ("declaration", "readonly", "static", "deprecated", "async", "documentation", "defaultLibrary")
"""The modifiers of tokens, by the names of the protocol's standard legend."""


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
