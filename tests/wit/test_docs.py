"""Documentation in comments: as the reference reads it, as people mean it, and written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.wit.docs import comments, doc_comment, documentation, reference_docs


@pytest.mark.parametrize(
    ("raw", "docs"),
    [
        ("", None),
        ("/// One line.", "One line."),
        ("/// Two\n    ///\n    /// paragraphs.\n", "Two\n\nparagraphs."),
        ("// Any comment counts.", "Any comment counts."),
        ("/* This one keeps its star. */", "* This one keeps its star. */"),
        ("/** A block. */", "A block."),
        ("/**\n * A column of stars\n * stays.\n */", "\n * A column of stars\n * stays."),
        ("///   far\n///     farther", "far\n  farther"),
        ("/// one  \n///\ttab", "one\n\ttab"),
        ("///// Many slashes", "Many slashes"),
        ("///", ""),
        ("///\n/// first empty\n///", "\nfirst empty"),
        ("/// One\r\n/// two\r\n", "One\ntwo"),
        ("/** One\r\n two */", "One\n two"),
        ("/** one */ /** two */", "one\ntwo"),
        ("/* a /* nested */ one */", "* a /* nested */ one */"),
        ("/**/", ""),
        ("/// after a mark \ufeff", "after a mark \ufeff"),
        ("\ufeff/// after a mark", "after a mark"),
    ],
)
def test_reference_docs(raw: str, docs: str | None):
    assert reference_docs(raw) == docs


def test_reference_docs_of_a_comment_behind_the_item_before():
    """Whatever stands between two items is the second one's."""
    assert reference_docs(" // of a\n    /// of b\n    ") == "of a\nof b"


@pytest.mark.parametrize(
    ("raw", "docs"),
    [
        ("", ""),
        ("// Not documentation.\n/* Nor this. */\n//// Nor this.", ""),
        ("/// One line.", "One line."),
        ("///Close.", "Close."),
        ("// License.\n\n/// Two\n///   lines.\n", "Two\n  lines."),
        ("/** A block. */", "A block."),
        ("/** A block\n    of two lines. */", "A block\nof two lines."),
        ("/**\n     * A column\n     *   of stars.\n     *\n     * Out.\n     */", "A column\n  of stars.\n\nOut."),
        ("/**\n * - a list\n *   * in stars\n */", "- a list\n  * in stars"),
        ("/**\n  * not a\n  column\n*/", "* not a\ncolumn"),
        ("/// One.\n/** Two. */", "One.\nTwo."),
        ("///\n/// Trimmed.\n///", "Trimmed."),
        ("/**/", ""),
        ("/** Windows\r\n * lines\r\n */", "Windows\nlines"),
    ],
)
def test_documentation(raw: str, docs: str):
    assert documentation(raw) == docs


def test_comments_are_split():
    assert comments(" // a\n/* b /* // */ */ /** c */\n  /// d") == ["// a", "/* b /* // */ */", "/** c */", "/// d"]


@pytest.mark.parametrize(
    ("docs", "comment"),
    [
        ("One line.", "/// One line."),
        ("Two\n\nparagraphs.", "/// Two\n///\n/// paragraphs."),
        ("", "///"),
        ("\ttab", "///\ttab"),
        ("\n   * A column\n   * of stars.", "/**\n   * A column\n   * of stars.\n   */"),
        ("trailing  \nblanks", "/**trailing  \nblanks\n*/"),
        ("*/ closes\n /* opens", "/// */ closes\n///  /* opens"),
    ],
)
def test_doc_comment(docs: str, comment: str):
    assert "\n".join(doc_comment(docs)) == comment


def test_a_comment_is_indented_but_for_the_lines_within_a_block():
    assert doc_comment("Two\n\nparagraphs.", "  ") == ["  /// Two", "  ///", "  /// paragraphs."]
    assert doc_comment("\n * A column\n * of stars.", "  ") == ["  /**", " * A column", " * of stars.", " */"]


LINES = st.text(st.sampled_from(" \tab*/é"), max_size=8)


@given(st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(f"///{line}" for line in lines)))
def test_what_line_comments_say_is_written_back(raw: str):
    docs = reference_docs(raw)
    assert docs is not None
    written = "\n".join(doc_comment(docs))
    assert reference_docs(written) == docs


@given(
    st.text(st.sampled_from(" \tab*\né"), max_size=20).map(lambda text: f"/**{text}*/").filter(lambda c: c != "/**/")
)
def test_what_a_block_says_is_written_back(raw: str):
    docs = reference_docs(raw)
    assert docs is not None
    assert reference_docs("\n".join(doc_comment(docs))) == docs


@given(st.text(st.sampled_from("/* \n\tab\r\ufeff"), max_size=40))
def test_any_text_is_read(raw: str):
    """Comments that are never closed come from half-typed files."""
    assert not documentation(raw).startswith("\n")
    assert not documentation(raw).endswith("\n")
    assert not (reference_docs(raw) or "").endswith("\n")
