"""The parser and the grammar read the same language: what is damaged for one is damaged for the other."""

import pytest
import tree_sitter
from support.shared import CONFORMANCE, CORPUS, needs

from dataflare_lsp.wit.grammar import language
from dataflare_lsp.wit.source import Source

DAMAGE = {"ERROR", "incomplete", "unknown_item", "unknown_body", "unknown_gate", "unterminated_comment"}

# What the grammar leaves to the parser: names, versions and strings are lexed more widely than they may be, and where an
# item may stand is not for highlighting.
LEFT_TO_THE_PARSER = {
    "empty-type",
    "invalid-character",
    "invalid-identifier",
    "invalid-length",
    "invalid-map-key",
    "invalid-string",
    "invalid-version",
    "misplaced-attribute",
    "misplaced-package",
    "nesting-too-deep",
}

FILES = sorted([*CONFORMANCE.rglob("*.wit"), *CORPUS.rglob("*.wit")])


def _is_damaged(text: str) -> bool:
    tree = tree_sitter.Parser(language()).parse(text.encode())
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type in DAMAGE or node.is_missing:
            return True
        pending += node.children
    return False


@needs(CONFORMANCE)
@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_the_grammar_finds_damage_where_the_parser_does(file) -> None:
    text = file.read_text(encoding="utf-8")
    codes = {problem.code for segment in Source.parse("x.wit", text).segments for problem in segment.problems}
    assert _is_damaged(text) == bool(codes - LEFT_TO_THE_PARSER)
