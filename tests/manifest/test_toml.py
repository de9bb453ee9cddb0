"""Reading TOML: the same verdict and values as Python's own reader, and a message for every mistake."""

import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.marks import Mark, marked, unindented, unmarked

from dataflare_lsp.manifest.toml import MAX_DEPTH, MAX_LENGTH, MAX_PROBLEMS, parse
from dataflare_lsp.manifest.tree import Array, Document, Table, Value, plain
from dataflare_lsp.text import Span, apply_edits, safe_edits


def assert_screen(screen: str) -> Document:
    """The mistakes of the text in `screen` are exactly its marks."""
    document = parse(unmarked(screen))
    found = [Mark(one.span, one.code, one.message, one.hint) for one in document.problems]
    assert marked(document.text, found).rstrip() == unindented(screen).rstrip()
    return document


def read(text: str) -> dict[str, Any]:
    """What a text without mistakes holds."""
    document = parse(text)
    assert document.problems == ()
    held = plain(document.root)
    assert isinstance(held, dict)
    return held


class TestWhatIsRead:
    def test_tables_arrays_and_values(self):
        assert read(
            """
            title = "a \\u00e9"   # comment
            path = 'C:\\x'
            numbers = [1, 0x1F, 1_000, -2.5e3,]
            [plugin]
            name.first = "x"
            name.last = "y"
            inline = { a = 1, b.c = true }
            [[files]]
            path = "one"
            [[files]]
            path = "two"
            """
        ) == {
            "title": "a é",
            "path": "C:\\x",
            "numbers": [1, 31, 1000, -2500.0],
            "plugin": {"name": {"first": "x", "last": "y"}, "inline": {"a": 1, "b": {"c": True}}},
            "files": [{"path": "one"}, {"path": "two"}],
        }

    def test_strings_on_several_lines(self):
        assert read('a = """\r\none\r\n  two \\\r\n   three""""\r\nb = \'\'\'\nx\\\n\'\'\'') == {
            "a": 'one\n  two three"',
            "b": "x\\\n",
        }

    def test_a_byte_order_mark_is_passed_over(self):
        assert read("\ufeffa = 1") == {"a": 1}

    def test_places_count_code_points(self):
        document = parse('"😀" = "é"\nb = [1, {c = 2}]')
        first = document.root.entries["😀"]
        assert first.key.span == Span(0, 3)
        assert first.value.span == Span(6, 9)
        inner = document.root.get("b")
        assert isinstance(inner, Array)
        table = inner.items[1]
        assert isinstance(table, Table)
        assert document.text[slice(*table.span)] == "{c = 2}"

    def test_each_statement_knows_its_table(self):
        document = parse("[a.b]\nc = 1\n[[d]]\ne.f = 2\n")
        assert [(one.kind, one.path, [key.name for key in one.keys]) for one in document.statements] == [
            ("table", (), ["a", "b"]),
            ("pair", ("a", "b"), ["c"]),
            ("array", (), ["d"]),
            ("pair", ("d",), ["e", "f"]),
        ]


class TestMistakesOfTyping:
    """The line with the mistake is lost, the others are read."""

    def test_a_value_is_missing(self):
        document = assert_screen(
            """
              [plugin]
              name =
                  # ^ error[invalid-toml]: expected a value for `name` -- a value is missing here
              version = "1.0.0"
            """
        )
        assert plain(document.root) == {"plugin": {"version": "1.0.0"}}

    def test_a_key_is_being_typed(self):
        document = assert_screen(
            """
              [plugin]
              na
            # ^^ error[invalid-toml]: expected `=` and a value after `na`
              version = "1.0.0"
            """
        )
        assert plain(document.root) == {"plugin": {"version": "1.0.0"}}

    def test_a_header_is_not_closed(self):
        document = assert_screen(
            """
              [plugin
                   # ^ error[invalid-toml]: expected `]` to close the header
              name = "a"
              [[files]
                   # ^ error[invalid-toml]: expected `]` to close the header
              path = "b"
            """
        )
        assert plain(document.root) == {"plugin": {"name": "a"}, "files": [{"path": "b"}]}

    def test_an_array_is_not_closed(self):
        document = assert_screen(
            """
              keywords = ["json", "xml"
                       # ^ error[invalid-toml]: this array is not closed -- expected `]` further on
              name = "a"
              others = [1,
                     # ^ error[invalid-toml]: this array is not closed -- expected `]` further on
              [plugin]
              x = 1
            """
        )
        assert plain(document.root) == {"keywords": ["json", "xml"], "name": "a", "others": [1], "plugin": {"x": 1}}

    def test_a_string_is_not_closed(self):
        document = assert_screen(
            """
              name = "acme
                   # ^^^^^ error[invalid-toml]: this string is not closed -- expected `"`
              version = "1.0.0"
              text = \"\"\"
                   # ^^^ error[invalid-toml]: this string is not closed -- expected `\"\"\"` further on
              kind = "source"
            """
        )
        assert plain(document.root) == {"version": "1.0.0", "kind": "source"}

    def test_a_table_in_braces_is_not_closed(self):
        document = assert_screen(
            """
              config = { old = 1,
                     # ^ error[invalid-toml]: this table is not closed -- expected `}` on the same line
              name = "a"
            """
        )
        assert plain(document.root) == {"config": {"old": 1}, "name": "a"}

    def test_a_table_in_braces_has_several_lines(self):
        document = assert_screen(
            """
              config = {
                     # ^ error[invalid-toml]: a table in `{}` stands on one line -- write it on one line, or as a table of its own
                old = 1,
              }
              name = "a"
            """
        )
        assert plain(document.root) == {"config": {"old": 1}, "name": "a"}

    def test_quotes_are_missing(self):
        document = assert_screen(
            """
              name = acme:thing
                   # ^^^^^^^^^^ error[invalid-toml]: a string stands in quotes: "acme:thing"
              version = 1.2.3
                      # ^^^^^ error[invalid-toml]: `1.2.3` is no number, date or time; a string stands in quotes
              keywords = [json, "xml"]
                        # ^^^^ error[invalid-toml]: a string stands in quotes: "json"
            """
        )
        assert plain(document.root) == {"keywords": ["xml"]}

    def test_signs_of_other_languages(self):
        document = assert_screen(
            """
              // plugin
            # ^^ error[invalid-toml]: comments begin with `#`, not with `//`
              name: "a"
                # ^ error[invalid-toml]: expected `=`, found `:` -- in TOML a value follows `=`
              strict = True
                     # ^^^^ error[invalid-toml]: expected `true` or `false`, found `True`
              x = null
                # ^^^^ error[invalid-toml]: there is no `null` in TOML: leave the key out
              y = “z”
                # ^^^ error[invalid-toml]: strings stand in `"` or `'`, not in `“`
              kind = "source",
                           # ^ error[invalid-toml]: no `,` at the end of a line
            """
        )
        assert plain(document.root) == {"kind": "source"}

    def test_commas_are_missing_or_too_many(self):
        document = assert_screen(
            """
              a = [1 2,, 3]
                  # ^ error[invalid-toml]: expected `,` or `]` in the array `a`
                     # ^ error[invalid-toml]: expected a value or `]` in the array `a`, found `,`
              b = { x = 1 y = 2, }
                       # ^ error[invalid-toml]: expected `,` or `}` in the table `b`
                             # ^ error[invalid-toml]: no `,` before `}`
              c = 1 d = 2
                  # ^^^^^ error[invalid-toml]: expected the end of the line, found `d = 2`
            """
        )
        assert plain(document.root) == {"a": [1, 2, 3], "b": {"x": 1, "y": 2}, "c": 1}

    def test_escapes_that_are_none(self):
        document = assert_screen(
            r"""
              path = "C:\plugins"
                      # ^^ error[invalid-toml]: there is no escape `\p` -- write `\\` for a backslash, or the string in `'`
              letter = "\u12"
                      # ^^ error[invalid-toml]: `\u` is followed by 4 hexadecimal digits
            """
        )
        assert plain(document.root) == {"path": "C:lugins", "letter": "12"}

    def test_numbers_and_days_that_are_none(self):
        document = assert_screen(
            """
              a = 007
                # ^^^ error[invalid-toml]: a number does not begin with `0`: `7`
              b = 2026-02-30
                # ^^^^^^^^^^ error[invalid-toml]: there is no such day
              c = 1__0
                # ^^^^ error[invalid-toml]: `1__0` is no number, date or time; a string stands in quotes
            """
        )
        assert plain(document.root) == {}

    def test_keys_that_are_none(self):
        document = assert_screen(
            r"""
              = 1
            # ^ error[invalid-toml]: expected a key, found `=`
              a. = 2
               # ^ error[invalid-toml]: expected a key, found `=`
              "b"c = 3
            # ^^^^ error[invalid-toml]: a key with other signs than letters, digits, `-` and `_` stands in quotes: "\"b\"c"
              []
            # ^ error[invalid-toml]: expected the name of a table after `[`
              x@y = 4
            # ^^^ error[invalid-toml]: a key with other signs than letters, digits, `-` and `_` stands in quotes: "x@y"
            """
        )
        assert plain(document.root) == {}

    def test_a_key_is_given_twice(self):
        document = assert_screen(
            """
              a.b = 1
              a = 2
            # ^ error[duplicate-key]: `a` is given twice
              [t]
              [t]
             # ^ error[duplicate-key]: `t` is given twice
              [[u]]
              [u]
             # ^ error[duplicate-key]: `u` is an array of tables already: its tables begin with `[[…]]`
              [v]
              w = { x = 1 }
              [v.w.y]
               # ^ error[duplicate-key]: `w` is given already, and nothing can be added to what stands in brackets
            """
        )
        assert document.problems[0].related[0].span == Span(0, 1)

    def test_bytes_that_are_no_text(self):
        messages = [one.message for one in parse("a = '\udcff'\n# \x00\nb = 1\rc = 2").problems]
        assert messages == [
            "this byte in a string is not UTF-8",
            "no control character U+0000 in a comment",
            "a line ends with a line feed, not with a carriage return alone",
        ]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("name = acme", 'name = "acme"'),
        ("[plugin", "[plugin]"),
        ("[[a]", "[[a]]"),
        ("strict = True", "strict = true"),
        ("name: 'a'", "name = 'a'"),
        ("a = [1 2]", "a = [1, 2]"),
        ("a = 007", "a = 7"),
        ("a = 1 // x", "a = 1 # x"),
        ('a = "C:\\x"', 'a = "C:\\\\x"'),
        ("x@y = 1", '"x@y" = 1'),
        ("a = {b = 1,}", "a = {b = 1}"),
    ],
)
def test_mends_are_right(broken: str, mended: str):
    document = parse(broken)
    assert apply_edits(broken, safe_edits(document.problems)) == mended
    assert parse(mended).problems == ()


class TestLimits:
    def test_depth(self):
        for text in (f"a = {'[' * 5000}{']' * 5000}", "a = " + "{a = " * 5000, ".".join("a" * 5000) + " = 1",
                     f"[{'.'.join('a' * 5000)}]"):  # fmt: skip
            document = parse(text)
            assert f"this nests more than {MAX_DEPTH} deep" in [one.message for one in document.problems]

    def test_depth_counts_header_and_brackets_together(self):
        text = f"[{'.'.join('a' * 40)}]\nb = {'[' * 40}{']' * 40}"
        assert [one.message for one in parse(text).problems] == [f"this nests more than {MAX_DEPTH} deep"]

    def test_length(self):
        document = parse("#" * (MAX_LENGTH + 1))
        assert [one.message for one in document.problems] == [
            "this file is too large: a manifest has at most 200,000 characters"
        ]

    def test_mistakes(self):
        assert len(parse("=\n" * 10_000).problems) == MAX_PROBLEMS

    @pytest.mark.parametrize("unit", ["a = {\n", "a = [\n", 'a = """\n', "[", "{", "a = [[1,", "x.", "a=[1,", "1,", "[a]\n[[b.c]]\n",
                                      "a" , '"\\', "a = {b = [\n"])  # fmt: skip
    def test_time(self, unit: str):
        from time import process_time

        before = process_time()
        parse(unit * (MAX_LENGTH // len(unit)))
        parse("a = [" + unit * (MAX_LENGTH // len(unit) - 5))
        assert process_time() - before < 8


# The reference ----------------------------------------------------------------------------------------------------

_tomllib = pytest.importorskip("tomllib") if (3, 11) <= sys.version_info < (3, 15) else None
"""Python's reader of TOML 1.0: from 3.11 on; that of 3.15 reads TOML 1.1."""

_PIECES = st.sampled_from(
    ["a", "b", "c-1", "1", "0x1f", "1_0", "-1.5e3", "inf", "+nan", "true", "1979-05-27", "07:32:00", "1979-05-27T00:32:00.5Z",
     "1979-05-27 07:32:00-07:00", '"x"', "'y'", '"""', "'''", '"\\u00e9"', '"', "'", "\\", "\\\n", "=", " = ", "=", ".", ",", "[", "]",
     "[[", "]]", "{", "}", "\n", "\n", "\r\n", "\r", "#", " ", "\t", "é", "\x7f", "_", "+", "[a]\n", "[a.b]\n", "[[a]]\n", "a = 1\n",
     "a.b = 2\n", "b.c.d = 3\n", "c = {a = 1}\n", "c = []\n", "[c.x]\n", "[[c]]\n"]
)  # fmt: skip


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def _held_against_the_reference(text: str) -> None:
    assert _tomllib is not None
    document = parse(text)
    try:
        expected = _tomllib.loads(text)
    except _tomllib.TOMLDecodeError:
        assert document.problems, text
    else:
        assert document.problems == (), text
        assert _same(plain(document.root), expected)


@pytest.mark.skipif(_tomllib is None, reason="this Python has no reader of TOML 1.0")
class TestAgainstTheReference:
    @settings(max_examples=1500, deadline=None)
    @given(st.lists(_PIECES, max_size=14).map("".join))
    @example("a = 1979-05-27 07:32\n")
    @example("[a.b.c]\n[a]\nb.x = 1\n[a.b]\n")
    def test_any_pieces(self, text: str):
        _held_against_the_reference(text)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=30))
    def test_any_text(self, text: str):
        _held_against_the_reference(text)

    @settings(max_examples=300, deadline=None)
    @given(st.lists(_PIECES, max_size=3).map("".join))
    def test_any_value(self, text: str):
        _held_against_the_reference(f"a = {text}")


def _spans(value: Value) -> Iterator[Span]:
    yield value.span
    if isinstance(value, Table):
        for entry in value.entries.values():
            yield entry.key.span
            yield from _spans(entry.value)
    elif isinstance(value, Array):
        for item in value.items:
            yield from _spans(item)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.characters()), max_size=20).map("".join))
def test_any_text_gives_places_within_it(text: str):
    document = parse(text)
    spans = [
        *_spans(document.root),
        *[one.span for one in document.problems],
        *[one.span for one in document.statements],
    ]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
