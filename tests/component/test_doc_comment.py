"""Documentation as comments. What the comments mean to the reference is tested in `test_against_reference`."""

import pytest

from dataflare_lsp.component.doc_comment import comment


@pytest.mark.parametrize(
    ("docs", "lines"),
    [
        ("One line.", ["  /// One line."]),
        ("", ["  ///"]),
        ("First\n\n  indented", ["  /// First", "  ///", "  ///   indented"]),
        ("/slash", ["  /// /slash"]),
        ("\tall\n\ttabs", ["  ///\tall", "  ///\ttabs"]),
        ("\n * stars\n * in a column", ["  /**", " * stars", " * in a column", "   */"]),
        ("\n * with */ in it", ["  ///", "  ///  * with */ in it"]),
    ],
)
def test_the_comment_for_documentation(docs, lines):
    assert comment(docs, "  ") == lines
