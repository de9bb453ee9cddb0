"""What holds of the formatter for every text: it changes no meaning, a second run changes nothing, it never fails."""

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.respaced import FILLERS, respaced, spellings, words
from support.shared import CONFORMANCE, CORPUS, REPOSITORY, needs
from support.wit_programs import FEATURES, programs

from dataflare_lsp.text import Span, apply_edits
from dataflare_lsp.wit.format import Unformattable, format_edits, format_on_type, format_text
from dataflare_lsp.wit.lexer import KEYWORDS
from dataflare_lsp.wit.source import Source

LONG = """
package corp:app@1.0.0-rc.1; use corp:base/types@1.0.0 as base; use corp:base/more;
interface api { use more.{key,}; @since(version = 1.0.0) @unstable(feature = fast)
look-up: func(names: list<tuple<the-first-component, the-second-component, the-third-component, the-fourth-one>>,
limit: u32,) -> result<option<found-by-its-name-or-by-number>, the-error-of-an-unsuccessful-look-up-by-name>;
variant v { get(tuple<option<list<the-first-component>>, the-second-component, map<string, the-third-component>>), b }
resource r { constructor(a: u32) -> result<r>; s: static async func(); @external-id("a b") m: get() -> u32; } }
world w { import a: corp:base/more@1.0.0; import b; include p with { a as b, c as d } import c: interface { f: func(); }
export %interface: interface {} } package n:m { interface x { resource y; enum e { a } flags f {} } interface z {} }
"""
"""A text with lines to break."""

HALF_TYPED = st.lists(
    st.sampled_from(
        (
            *'{}()<>;:,.@/%= \n"\r\ufeff\x00\ud800',
            *("//", "/*", "*/", "->", "\n\n", "\r\n", "f: func();", "@since(version = 1.0.0)"),
            *("a", "b", *sorted(KEYWORDS)),
        )
    ),
    max_size=60,
).map("".join)
"""What may be in an editor: anything."""


def shared_files() -> list[Path]:
    """The published files that parse."""
    files = [file for folder in (CONFORMANCE, CORPUS) for file in sorted(folder.rglob("*.wit"))]
    return [file for file in files if not any(s.problems for s in Source.parse("", read(file)).segments)]


def read(file: Path) -> str:
    return file.read_bytes().decode()


def check(text: str) -> None:
    """All that holds of a text that can be formatted."""
    formatted = format_text(text)
    assert format_text(formatted) == formatted
    assert words(formatted) == words(text)
    assert apply_edits(text, format_edits(text)) == formatted
    assert apply_edits(text, format_edits(text, Span(0, len(text)))) == formatted
    breaks = formatted.replace("\r\n", "\n")
    assert formatted in (breaks, breaks.replace("\n", "\r\n")) or "\r\r" in text
    assert formatted.endswith("\n") or formatted in ("", "\ufeff")


@given(spellings(LONG))
def test_spellings(text: str):
    check(text)


@given(programs().flatmap(lambda program: spellings(next(iter(program.files.values())))))
def test_spellings_of_programs(text: str):
    check(text)


@needs(CONFORMANCE)
@pytest.mark.parametrize("file", shared_files(), ids=lambda file: file.name)
def test_spellings_of_published_packages(file: Path):
    text = read(file)
    check(text)
    chance = random.Random(file.name)
    for density in (0.05, 0.5):

        def fillers(gaps: int, share: float = density) -> list[tuple[int, str]]:
            return [(gap, chance.choice(FILLERS)) for gap in range(gaps) if chance.random() < share]

        check(respaced(text, fillers, squeezed=density > 0.1))


@given(st.data())
def test_a_range_changes_nothing_outside_its_lines(data: st.DataObject):
    text = data.draw(spellings(LONG) | HALF_TYPED)
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    edits = format_edits(text, Span(first, last))
    assert words(apply_edits(text, edits)) == words(text)
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    end = len(text) if end < 0 else end + 1
    for edit in edits:
        assert edit.span.start <= end
        assert edit.span.end >= start
        if edit.span.start < start or edit.span.end > end:
            # Only lines that are joined with one of the range.
            assert "\n" in text[edit.span.start : edit.span.end]
            assert "\n" not in edit.new


@given(st.data())
def test_what_is_typed_changes_only_what_comes_before_it(data: st.DataObject):
    text = data.draw(spellings(LONG) | HALF_TYPED)
    offset = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from((";", "}", "\n")))
    places = [at + 1 for at, character in enumerate(text) if character == sign]
    if places and data.draw(st.booleans()):
        offset = data.draw(st.sampled_from(places))
    edits = format_on_type(text, offset, sign)
    changed = apply_edits(text, edits)
    assert words(changed) == words(text)
    if sign == "\n":
        assert len(edits) <= 1
    else:
        assert changed.endswith(text[offset:])


@given(HALF_TYPED | st.text(max_size=200))
def test_any_text_is_formatted_or_refused(text: str):
    refused = None
    try:
        format_text(text)
    except Unformattable as refusal:
        refused = refusal
    if refused is None:
        check(text)
    else:
        assert refused.message
        assert 0 <= refused.span.start <= refused.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        f"interface a {{ f: func({'/* a */ ' * 50_000}); }}",
        f"interface a {{ // {'a' * 10_000_000}\n}}",
        f"interface a {{ {'/*' * 100_000}{'*/' * 100_000} }}",
        f"interface a {{ f: func(a: {'list<' * 99}u8 // a\n{'>' * 99}); }}",
        f"interface a {{ f: func({'a: u32, ' * 20_000}); }}",
        " \n" * 1_000_000,
    ],
    ids=["comments", "long comment", "nested comments", "nested types", "long line", "blank"],
)
def test_large_texts_are_formatted_in_one_pass(text: str):
    check(text)


@pytest.mark.parametrize("text", ["{" * 100_000, "/*" * 100_000, f"interface a {{ type t = {'list<' * 100_000}"])
def test_large_texts_that_do_not_parse_are_refused(text: str):
    with pytest.raises(Unformattable):
        format_text(text)
    format_edits(text, Span(10, 20))
    format_on_type(text + "\n", len(text) + 1, "\n")


# The reference -------------------------------------------------------------------------------------------------


def resolved(wasm_tools: Path, root: Path, *options: str) -> str | None:
    """The package at `root` as the reference resolves it, documentation included; None: it refuses it."""
    command = [wasm_tools, "component", "wit", root, "--json", *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")
    return ran.stdout if ran.returncode == 0 else None


def copy_formatted(root: Path, to: Path) -> Path:
    """Copy a package, its WIT formatted where it parses; the copy of its root."""
    for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if file.is_file():
            target = to / root.name / file.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = file.read_bytes()
            if file.suffix == ".wit":
                try:
                    content = format_text(content.decode()).encode()
                except Unformattable:
                    pass
            target.write_bytes(content)
    return to / root.name


def shared_roots() -> list[Path]:
    roots = [REPOSITORY / "wit", REPOSITORY / "examples" / "weather-station" / "wit"]
    if CONFORMANCE.is_dir():
        roots += sorted((CONFORMANCE / "wit-parser").iterdir())
    if CORPUS.is_dir():
        roots += sorted(CORPUS.iterdir())
    return roots


@pytest.mark.parametrize("root", shared_roots(), ids=lambda root: root.name)
def test_formatted_packages_mean_the_same(root: Path, wasm_tools: Path, tmp_path: Path):
    assert resolved(wasm_tools, copy_formatted(root, tmp_path), "--all-features") == resolved(
        wasm_tools, root, "--all-features"
    )


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_formatted_programs_mean_the_same(
    data: st.DataObject, wasm_tools: Path, tmp_path_factory: pytest.TempPathFactory
):
    program = data.draw(programs())
    other = program._replace(files={path: data.draw(spellings(text)) for path, text in program.files.items()})
    folder = tmp_path_factory.mktemp("programs")
    other.write(folder / "as-written")
    other._replace(files={path: format_text(text) for path, text in other.files.items()}).write(folder / "formatted")
    options = [f"--features={','.join(sorted(FEATURES))}"]
    expected = resolved(wasm_tools, folder / "as-written", *options)
    assume(expected is not None)
    assert resolved(wasm_tools, folder / "formatted", *options) == expected
