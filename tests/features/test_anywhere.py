"""Every feature answers at every place of every text, however broken, and what it answers lies in the text."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.shared import CONFORMANCE, CORPUS, REPOSITORY, needs
from support.workspaces import Scene, scene

from dataflare_lsp.features.code_actions import code_actions
from dataflare_lsp.features.completion import completion, documented
from dataflare_lsp.features.definition import Location, definition, type_definition
from dataflare_lsp.features.folding import folds
from dataflare_lsp.features.formatting import format_document, format_on_type, format_range
from dataflare_lsp.features.hover import hover
from dataflare_lsp.features.references import references
from dataflare_lsp.features.rename import NotRenamed, renamable, rename
from dataflare_lsp.features.selection import selections
from dataflare_lsp.features.semantic_tokens import semantic_tokens
from dataflare_lsp.features.symbols import Symbol, document_symbols
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import Workspace, load


def ask_everything(workspace: Workspace, file: str, offsets: Iterator[int] | range) -> None:
    """Ask each feature about the whole file, and at some places of it."""
    snapshot = workspace.snapshot()
    text = snapshot.source(file).text
    whole = Span(0, len(text))

    def inside(span: Span, of: Span = whole) -> None:
        assert of.start <= span.start <= span.end <= of.end

    def locations(found: tuple[Location, ...]) -> None:
        for location in found:
            length = len(snapshot.source(location.file).text)
            inside(location.full, Span(0, length))
            inside(location.span, location.full)

    def symbols(found: tuple[Symbol, ...], of: Span) -> None:
        for symbol in found:
            assert symbol.name
            inside(symbol.span, of)
            inside(symbol.selection, symbol.span)
            symbols(symbol.children, symbol.span)

    symbols(document_symbols(snapshot, file), whole)
    done = 0
    for token in semantic_tokens(snapshot, file):
        assert done <= token.span.start < token.span.end <= len(text)
        done = token.span.end
    format_document(snapshot, file)
    count = text.count("\n") + 1
    for fold in folds(snapshot, file):
        assert 0 <= fold.first < fold.last < count
    for offset in offsets:
        found = hover(snapshot, file, offset)
        if found is not None:
            assert found.markdown
            assert found.span.holds(offset)
            inside(found.span)
        locations(definition(snapshot, file, offset))
        locations(type_definition(snapshot, file, offset))
        for item in completion(snapshot, file, offset).items:
            inside(item.span)
            assert item.span.holds(offset)
            for edit in item.edits:
                inside(edit.span)
                assert edit.span.end <= item.span.start or item.span.end <= edit.span.start
            if item.about is not None and offset % 7 == 0:
                documented(snapshot, file, item.about)
        around = selections(snapshot, file, offset)
        assert (around[-1] if around else whole) == whole
        for one in references(snapshot, file, offset) if offset % 3 == 0 else ():
            inside(one.span, Span(0, len(snapshot.source(one.file).text)))
            assert one.span.start < one.span.end
        if offset % 4 == 0:
            changed(workspace, file, offset)
        if offset % 5 == 0:
            for action in code_actions(snapshot, file, Span(offset, min(offset + 3, len(text)))):
                for edit in action.edits:
                    inside(edit.span)
            format_range(snapshot, file, Span(offset, min(offset + 9, len(text))))
            format_on_type(snapshot, file, offset, text[max(0, offset - 1) : offset])


def changed(workspace: Workspace, file: str, offset: int) -> None:
    """Ask for another name: its edits change names and nothing else."""
    snapshot = workspace.snapshot()
    try:
        found = renamable(snapshot, file, offset)
        edits = rename(snapshot, file, offset, "unheard-of") if found is not None else {}
    except NotRenamed:
        return
    assert (found is None) == (edits == {})
    for there, some in edits.items():
        text = snapshot.source(there).text
        for edit in some:
            assert found is not None
            assert text[edit.span.start : edit.span.end].removeprefix("%") == found.name


@needs(CONFORMANCE)
def test_every_conformance_case() -> None:
    chooser = random.Random(1)
    for case in sorted(path for path in (CONFORMANCE / "wit-parser").iterdir()):
        workspace = load(find_roots([str(case)]))
        for file in workspace.sources:
            text = workspace.sources[file].text
            ask_everything(workspace, file, places(chooser, text, 40))
            # As if it were being typed: cut off, and with a piece missing.
            for _ in range(2):
                start = chooser.randrange(len(text) + 1)
                end = min(len(text), start + chooser.choice((1, 2, 5, 20, len(text))))
                workspace.edit(file, Span(start, end), chooser.choice(("", "", " ", "{", "use ", "@", "\n", "%")))
                text = workspace.sources[file].text
                ask_everything(workspace, file, places(chooser, text, 20, start))


@needs(CORPUS)
def test_the_corpus() -> None:
    chooser = random.Random(2)
    workspace = load(find_roots([str(CORPUS / "wasi-0.3")]))
    for file in workspace.sources:
        ask_everything(workspace, file, places(chooser, workspace.sources[file].text, 60))


@pytest.mark.parametrize("folder", ["wit", "examples/weather-station/wit", "examples/mistakes"])
def test_every_place_of_the_examples(folder: str) -> None:
    workspace = load(find_roots([str(REPOSITORY / folder)]))
    for file in workspace.sources:
        ask_everything(workspace, file, range(0, len(workspace.sources[file].text) + 1, 3))


def places(chooser: random.Random, text: str, count: int, around: int | None = None) -> Iterator[int]:
    """Some offsets of a text, or all that are near one."""
    if around is not None:
        yield from range(max(0, around - count // 2), min(len(text), around + count // 2) + 1)
    elif len(text) <= count:
        yield from range(len(text) + 1)
    else:
        yield from (chooser.randrange(len(text) + 1) for _ in range(count))


PIECES = st.sampled_from([
    "package a:b;", "package a:b{", "interface i{", "world w{", "use i.{", "use a:b/i@1.0.0.{", "t as u", "import x:",
    "interface{", "}", ";", ",", ":", "->", "type t=", "record r{", "variant v{", "enum e{", "flags f{", "resource s{",
    "constructor(", "f:func(", "f:static", "x:get(", "list<", "result<_,", "own<", "borrow<", "map<", ">", ")", "t", "u8",
    "string", "%list", "export", "include w with{", "a as b", "@since(version=1.0.0)", "@unstable(feature=x)", "@",
    "@deprecated(", "//", "/*", "*/", '"', "1.2",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from([" ", "\n", ""]))
def test_any_pieces_of_wit(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    place = of_text(text)
    ask_everything(place.workspace, place.file, range(len(text) + 1))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text(text: str) -> None:
    place = of_text(text)
    ask_everything(place.workspace, place.file, range(len(text) + 1))


def of_text(text: str) -> Scene:
    """A workspace of one file."""
    place = scene("")
    place.workspace.set_text(place.file, text)
    return place


def test_deep_and_long_texts_end() -> None:
    for text in (
        "interface a { f: func(x: " + "list<" * 5000,
        "interface a { f: func(x: " + "option<" * 90 + "<",
        "package a:b { " * 300,
        "world w { import a: interface { " * 200,
        "/*" * 5000,
        "interface a { type t = u8; } " * 300,
        "interface a { record r { " + "x: u8, " * 3000,
    ):
        place = of_text(text)
        ask_everything(place.workspace, place.file, range(len(text) - 1, len(text) + 1))


def test_what_is_read_from_disk_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "app.wit").write_text("package a:b; interface a {}")
    workspace = load(find_roots([str(tmp_path)]))
    ask_everything(workspace, str(tmp_path / "gone.wit"), range(1))
