"""What is shown of plugins, and where it goes as the text is edited."""

from hypothesis import given
from hypothesis import strategies as some

from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit
from dataflare_lsp.wit.compat.locate import Located
from dataflare_lsp.workspace.agreement import Found
from dataflare_lsp.workspace.compared import Compared, moved

MANIFEST, WIT = "/p/dataflare.toml", "/p/wit/world.wit"
FIXES = (Fix("do it", (TextEdit(Span(0, 0), "x"),)),)


def said(start: int, end: int, message: str = "no") -> Diagnostic:
    return Diagnostic("stale-component", "error", message, Span(start, end), fixes=FIXES)


def test_what_is_said_of_the_component_is_shown_in_the_wit_too_and_leads_back() -> None:
    compared = Compared()
    there = Related("/core/types.wit", Span(1, 2), "asked for here")
    here = Related(WIT, Span(7, 9), "the plugin's WIT is here")
    found = said(3, 5)._replace(related=(there, here))
    assert compared.take(MANIFEST, [Found(MANIFEST, found, Located(WIT, Span(7, 9)))]) == [MANIFEST, WIT]
    assert compared.at(MANIFEST) == (found,)
    back = Related(MANIFEST, Span(3, 5), "this component")
    assert compared.at(WIT) == (found._replace(span=Span(7, 9), related=(back, there), fixes=()),)


def test_only_files_that_are_shown_differently_are_told() -> None:
    compared = Compared()
    both = [Found(MANIFEST, said(0, 1)), Found(WIT, said(0, 1))]
    assert compared.take(MANIFEST, both) == [MANIFEST, WIT]
    assert compared.take(MANIFEST, both) == []
    assert compared.take(MANIFEST, both[:1]) == [WIT]
    assert compared.take("/q/dataflare.toml", []) == []
    assert compared.take(MANIFEST, []) == [MANIFEST]
    assert compared.at(MANIFEST) == ()


def test_an_edit_moves_what_is_shown_in_its_file() -> None:
    compared = Compared()
    compared.take(MANIFEST, [Found(MANIFEST, said(10, 20)), Found(WIT, said(10, 20))])
    compared.edited(WIT, Span(2, 4), 5)
    assert [one.span for one in compared.at(WIT)] == [Span(13, 23)]
    assert [one.fixes for one in compared.at(WIT)] == [()]
    assert compared.at(MANIFEST) == (said(10, 20),)


_TEXT = some.text("ab", max_size=12)


@given(_TEXT, _TEXT.filter(bool), _TEXT, some.data())
def test_a_span_that_an_edit_does_not_touch_holds_the_same_text(
    before: str, inside: str, after: str, data: some.DataObject
) -> None:
    text, span = before + inside + after, Span(len(before), len(before) + len(inside))
    behind = data.draw(some.booleans())
    first, last = (span.end, len(text)) if behind else (0, span.start)
    start = data.draw(some.integers(first, last))
    edit, new = Span(start, data.draw(some.integers(start, last))), data.draw(_TEXT)
    found = moved(span, edit, len(new))
    edited = text[: edit.start] + new + text[edit.end :]
    assert edited[found.start : found.end] == inside


@given(some.tuples(*[some.integers(0, 20)] * 4), some.integers(0, 9))
def test_a_span_stays_one_in_the_text(numbers: tuple[int, int, int, int], length: int) -> None:
    start, end, first, last = numbers
    span, edit = Span(min(start, end), max(start, end)), Span(min(first, last), max(first, last))
    found = moved(span, edit, length)
    assert 0 <= found.start <= found.end <= 20 + length - (edit.end - edit.start)
