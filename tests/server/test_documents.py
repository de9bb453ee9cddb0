"""Texts kept in step with the editor's."""

from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.server.documents import Change, Documents, combined, trimmed
from dataflare_lsp.text import Encoding, Lines, Span, TextEdit, apply_edits
from dataflare_lsp.workspace.workspace import Workspace

URI = "untitled:one"


def typed(text: str, *changes: Change, encoding: Encoding = "utf-16") -> str:
    """The text after changes, as the workspace has it."""
    workspace = Workspace()
    documents = Documents(workspace, encoding)
    documents.open(URI, 1, text)
    documents.change(URI, 2, changes)
    return workspace.sources[URI].text


def test_a_change_replaces_what_it_names() -> None:
    assert typed("abc\ndef\n", Change("X", (0, 1), (1, 2))) == "aXf\n"


def test_columns_count_in_the_clients_encoding() -> None:
    assert typed("é😀x", Change("!", (0, 3), (0, 3)), encoding="utf-16") == "é😀!x"
    assert typed("é😀x", Change("!", (0, 6), (0, 6)), encoding="utf-8") == "é😀!x"
    assert typed("é😀x", Change("!", (0, 2), (0, 2)), encoding="utf-32") == "é😀!x"


def test_changes_of_one_message_are_made_one_upon_the_other() -> None:
    assert (
        typed("abc", Change("1", (0, 3), (0, 3)), Change("2", (0, 0), (0, 1)), Change("\n", (0, 1), (0, 1))) == "2\nbc1"
    )


def test_a_change_without_a_range_is_the_whole_text() -> None:
    assert typed("abc", Change("new"), Change("er", (0, 3), (0, 3))) == "newer"


def test_places_outside_the_text_are_the_nearest_in_it() -> None:
    assert typed("ab\ncd", Change("!", (0, 99), (0, 99)), Change("?", (99, 0), (99, 5))) == "ab!\ncd?"


def test_a_range_the_wrong_way_round_is_turned() -> None:
    assert typed("abcd", Change("-", (0, 3), (0, 1))) == "a-d"


def test_a_text_that_is_not_open_is_not_changed() -> None:
    workspace = Workspace()
    assert Documents(workspace, "utf-8").change(URI, 1, [Change("x")]) is None
    assert workspace.sources == {}


def test_an_edit_that_fails_leaves_the_editors_text(monkeypatch: object) -> None:
    workspace = Workspace()
    documents = Documents(workspace, "utf-8")
    documents.open(URI, 1, "package a:b;\n")

    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    workspace.edit = fail  # type: ignore[method-assign]
    documents.change(URI, 2, [Change("c", (0, 8), (0, 9))])
    assert workspace.sources[URI].text == "package c:b;\n"


texts = st.text(st.sampled_from("ab\n\r😀é"), max_size=12)
places = st.tuples(st.integers(0, 4), st.integers(0, 6))
changes = st.lists(st.builds(Change, texts, places, places) | st.builds(Change, texts), min_size=1, max_size=5)


@given(texts, changes, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_changes_together_do_what_they_do_one_by_one(text: str, made: list[Change], encoding: Encoding) -> None:
    expected = text
    for change in made:
        edit = combined(Lines(expected), [change], encoding)
        assert edit is not None
        expected = apply_edits(expected, [TextEdit(*edit)])
    edit = combined(Lines(text), made, encoding)
    assert edit is not None
    assert apply_edits(text, [TextEdit(*edit)]) == expected


@given(texts, texts, texts, texts)
def test_a_trimmed_edit_does_the_same_and_shares_nothing_with_what_it_replaces(a: str, b: str, c: str, d: str) -> None:
    text = a + b + c
    span, new = trimmed(text, Span(len(a), len(a) + len(b)), d)
    assert apply_edits(text, [TextEdit(span, new)]) == a + d + c
    old = text[span.start : span.end]
    assert not (old and new and (old[0] == new[0] or old[-1] == new[-1]))
