"""Edits are made to a text as it was; spans know what they hold."""

from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.text import Span, TextEdit, apply_edits


def test_edits_refer_to_the_text_as_it_was() -> None:
    edits = [TextEdit(Span(4, 6), "b: func"), TextEdit(Span(0, 0), "// "), TextEdit(Span(6, 7), "")]
    assert apply_edits("use fn()", edits) == "// use b: func)"


def test_the_order_of_edits_does_not_matter() -> None:
    edits = [TextEdit(Span(0, 1), "x"), TextEdit(Span(2, 3), "y")]
    assert apply_edits("abc", edits) == apply_edits("abc", reversed(edits)) == "xby"


def test_the_same_edit_twice_is_made_once() -> None:
    assert apply_edits("ab", [TextEdit(Span(1, 1), ";"), TextEdit(Span(1, 1), ";")]) == "a;b"


def test_an_edit_that_overlaps_an_earlier_one_is_left_out() -> None:
    assert apply_edits("abcd", [TextEdit(Span(0, 3), "x"), TextEdit(Span(2, 4), "y")]) == "xd"


@given(
    st.text(max_size=20), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.text(max_size=3)), max_size=5)
)
def test_what_no_edit_touches_stays(text: str, edits: list[tuple[int, int, str]]) -> None:
    placed = [
        TextEdit(Span(start, min(start + length, len(text))), new) for start, length, new in edits if start <= len(text)
    ]
    changed = apply_edits(text, placed)
    first = min((edit.span.start for edit in placed), default=len(text))
    last = max((edit.span.end for edit in placed), default=0)
    assert changed.startswith(text[:first])
    assert changed.endswith(text[max(first, last) :])


def test_a_span_holds_the_cursor_at_either_end_of_it() -> None:
    span = Span(2, 4)
    assert [offset for offset in range(7) if span.holds(offset)] == [2, 3, 4]
    assert span.shifted(3) == Span(5, 7)
