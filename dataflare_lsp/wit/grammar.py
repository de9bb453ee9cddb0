"""The tree-sitter grammar of WIT, compiled into the package.

Its source, node names and queries are in `grammars/tree-sitter-wit`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language


@cache
def language() -> Language:
    """The language to parse WIT text with: `tree_sitter.Parser(language())`.

    One value per process; `tree_sitter` is imported by the first call.
    """
    import tree_sitter

    from dataflare_lsp.wit import _grammar

    return tree_sitter.Language(_grammar.language())
