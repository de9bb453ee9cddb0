"""Edits are made to a text as it was; spans know what they hold."""

from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.text import (
    Diagnostic,
    Fix,
    Span,
    TextEdit,
    apply_edits,
    compatible,
    safe_edits,
    safe_fixes,
    with_newlines_of,
)


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


def fix(*edits: tuple[int, int]) -> Fix:
    return Fix("mend", tuple(TextEdit(Span(start, end), "x") for start, end in edits))


def test_fixes_that_touch_the_same_place_wait_for_the_next_round():
    assert compatible([fix((4, 6)), fix((0, 2)), fix((2, 3)), fix((1, 1), (8, 9))]) == [fix((0, 2)), fix((4, 6))]


def test_a_fix_is_applied_whole_or_not_at_all():
    assert compatible([fix((0, 1), (9, 10)), fix((9, 12)), fix((14, 15))]) == [fix((0, 1), (9, 10)), fix((14, 15))]


def mistake(*fixes: Fix) -> Diagnostic:
    return Diagnostic("expected-token", "error", "expected `;`", Span(0, 0), fixes=fixes)


def test_of_each_diagnostic_the_first_safe_fix_counts() -> None:
    unsafe = Fix("guess", (TextEdit(Span(0, 1), "y"),), safe=False)
    found = [mistake(unsafe, fix((4, 5)), fix((8, 9))), mistake(), mistake(unsafe), mistake(fix((2, 2)))]
    assert safe_fixes(found) == [fix((2, 2)), fix((4, 5))]
    assert safe_edits(found) == [TextEdit(Span(2, 2), "x"), TextEdit(Span(4, 5), "x")]


def test_a_fix_that_two_diagnostics_share_is_made_once() -> None:
    assert safe_fixes([mistake(fix((2, 2))), mistake(fix((2, 2)))]) == [fix((2, 2))]


def test_line_breaks_of_an_edit_are_those_of_the_text() -> None:
    edits = [TextEdit(Span(0, 0), "a\nb\r\nc")]
    assert with_newlines_of("x\r\n", edits) == (TextEdit(Span(0, 0), "a\r\nb\r\nc"),)
    assert with_newlines_of("x\n", edits) == tuple(edits)
