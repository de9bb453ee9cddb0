from textwrap import dedent

import pytest

from dataflare_lsp.cli.output.text import render
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.cli.terminal import COLOURED, PLAIN, Style
from dataflare_lsp.text import Diagnostic, Lines, Related, Severity, Span

CODE = "unresolved-name"


def span_of(text: str, marked: str) -> Span:
    start = text.index(marked)
    return Span(start, start + len(marked))


def diagnostic(span: Span, hint: str = "", severity: Severity = "error", **more) -> Diagnostic:
    return Diagnostic(CODE, severity, "this is wrong", span, hint, **more)


def screen(found: Diagnostic, texts: dict[str, str], width: int = 80, style: Style = PLAIN) -> str:
    """What is printed of a diagnostic in the first of some files, without its last line, which is always the same."""
    folder = "/here"
    lines = {f"{folder}/{name}": Lines(text) for name, text in texts.items()}
    file = next(iter(lines))
    root = RootResult(folder, tuple(lines), (Found(file, found),))
    shown = render(Results((root,), lines, folder), style, width)
    source, help_line = shown.removesuffix("\n\n").rsplit("\n", 1)
    assert help_line.replace("\x1b[0m", "").endswith(f"help: dataflare-lsp explain {CODE}")
    return source + "\n"


def picture(text: str, marked: str, hint: str = "", **more) -> str:
    return "\n" + screen(diagnostic(span_of(text, marked), hint, **more), {"app.wit": text})


def test_the_place_is_underlined_with_the_hint_beside_it():
    assert (
        picture("package corp:app;\n\ninterface api { use typos.{id}; }\n", "typos", "did you mean `types`?")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:3:21
   |
 3 | interface api { use typos.{id}; }
   |                     ^^^^^ did you mean `types`?
   |
"""
    )


def test_notes_stand_below_the_source_and_lines_of_a_note_below_each_other():
    assert (
        picture("package corp:app", "corp", notes=("one\ntwo", "three"))
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:9
   |
 1 | package corp:app
   |         ^^^^
   |
   = note: one
           two
   = note: three
"""
    )


def test_line_numbers_have_the_room_that_they_need():
    assert (
        picture("\n" * 1233 + "use typos;", "typos")
        == """
error[unresolved-name]: this is wrong
    --> app.wit:1234:5
     |
1234 | use typos;
     |     ^^^^^
     |
"""
    )


def test_related_places_of_the_same_file_share_the_snippet_and_what_is_between_is_cut():
    text = "interface a {\n  x: func();\n  y: func();\n  z: func();\n\n  x: func();\n}\n"
    second = Span(text.rindex("x:"), text.rindex("x:") + 1)
    related = (Related("/here/app.wit", span_of(text, "x"), "defined first here"),)
    assert (
        "\n" + screen(diagnostic(second, "rename it", related=related), {"app.wit": text})
        == """
error[unresolved-name]: this is wrong
  --> app.wit:6:3
   |
 2 |   x: func();
   |   - defined first here
...
 6 |   x: func();
   |   ^ rename it
   |
"""
    )


def test_a_single_line_between_two_others_is_shown():
    text = "one\ntwo\nthree\n"
    related = (Related("/here/app.wit", span_of(text, "three"), "it is this"),)
    assert (
        "\n" + screen(diagnostic(span_of(text, "one"), related=related), {"app.wit": text})
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:1
   |
 1 | one
   | ^^^
 2 | two
 3 | three
   | ----- it is this
   |
"""
    )


def test_labels_of_the_same_line_hang_below_it():
    text = "f: func(key: u32, other: u8, key: u64);"
    last = Span(text.rindex("key"), text.rindex("key") + 3)
    related = (
        Related("/here/app.wit", span_of(text, "key"), "defined first here"),
        Related("/here/app.wit", span_of(text, "other"), "this one is fine"),
    )
    assert (
        "\n" + screen(diagnostic(last, "rename it", related=related), {"app.wit": text})
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:30
   |
 1 | f: func(key: u32, other: u8, key: u64);
   |         ---       -----      ^^^ rename it
   |         |         |
   |         |         this one is fine
   |         defined first here
   |
"""
    )


def test_related_places_of_other_files_have_snippets_of_their_own():
    texts = {"app.wit": "use base.{x};", "deps/base.wit": "package corp:base;\n"}
    related = (Related("/here/deps/base.wit", span_of(texts["deps/base.wit"], "corp:base"), "the package is this"),)
    assert (
        "\n" + screen(diagnostic(span_of(texts["app.wit"], "base"), related=related), texts)
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:5
   |
 1 | use base.{x};
   |     ^^^^
   |
  ::: deps/base.wit:1:9
   |
 1 | package corp:base;
   |         --------- the package is this
   |
"""
    )


def test_a_place_that_goes_over_lines_is_bracketed():
    text = "interface api {\n  record point {\n    x: s32,\n    y: s32,\n  }\n}\n"
    assert (
        picture(text, text[text.index("record") : text.index("  }") + 3], "empty it")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:2:3
   |
 2 | /   record point {
 3 | |     x: s32,
 4 | |     y: s32,
 5 | |   }
   | |___^ empty it
   |
"""
    )


def test_a_bracket_that_begins_within_a_line_and_its_long_middle():
    text = "type a = tuple<\n  u8,\n  u8,\n  u8,\n  u8,\n  u8>;\n"
    assert (
        picture(text, text[text.index("tuple") : text.index(";")], "too long")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:10
   |
 1 |   type a = tuple<
   |  __________^
 2 | |   u8,
...  |
 6 | |   u8>;
   | |_____^ too long
   |
"""
    )


def test_tabs_are_blanks_to_the_next_stop():
    assert (
        picture("\tx:\tnope", "nope")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:5
   |
 1 |     x:  nope
   |         ^^^^
   |
"""
    )


def test_wide_and_combining_characters_keep_the_underline_in_place():
    assert (
        picture("/* 日本 e\u0301 */ nope", "nope")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:13
   |
 1 | /* 日本 e\u0301 */ nope
   |              ^^^^
   |
"""
    )


def test_a_wide_character_is_underlined_in_its_width():
    assert picture("x 日本 y", "日本").splitlines()[-2] == "   |   ^^^^"


def test_nothing_that_a_terminal_would_obey_is_printed():
    text = "a \x1b]0;title\x07 \x7f \x9b1m \udcff \u202e \u2028 \ufeff nope"
    assert (
        picture(text, "nope")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:28
   |
 1 | a ␛]0;title␇ ␡ \ufffd1m \ufffd \\u{202e} \\u{2028} \\u{feff} nope
   |                                                 ^^^^
   |
"""
    )


def test_messages_and_paths_are_made_harmless_too():
    text = "nope"
    found = Diagnostic(CODE, "error", "no \x1b[31mred", Span(0, 4), "try\x07", ("a\x1bb",))
    shown = screen(found, {"evil\x1b[2J.wit": text})
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "no ␛[31mred" in shown
    assert "evil␛[2J.wit:1:1" in shown


def test_a_byte_order_mark_is_not_shown_and_has_no_column():
    assert (
        picture("\ufeffnope", "nope")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:1:1
   |
 1 | nope
   | ^^^^
   |
"""
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_break_is_one(newline: str):
    text = f"one{newline}two{newline}"
    assert (
        picture(text, "two")
        == """
error[unresolved-name]: this is wrong
  --> app.wit:2:1
   |
 2 | two
   | ^^^
   |
"""
    )
    assert picture(text, "one" + newline).splitlines()[4:6] == [" 1 | one", "   | ^^^"]


def test_the_end_of_a_file_can_be_pointed_at():
    assert picture("use\n", "").splitlines()[-2] == "   | ^"
    text = "use"
    assert screen(diagnostic(Span(3, 3)), {"app.wit": text}).splitlines()[-2] == "   |    ^"


def test_a_line_too_long_is_cut_around_the_place():
    text = "x" * 500_000 + " nope " + "y" * 500_000
    assert screen(diagnostic(span_of(text, "nope"), "here"), {"app.wit": text}, width=60) == dedent("""\
        error[unresolved-name]: this is wrong
          --> app.wit:1:500002
           |
         1 | ...xxxxxxxxxxxxxxx nope yyyyyyyyyyyyyyyyyyyyyyyyyyyy...
           |                    ^^^^ here
           |
        """)


def test_a_place_longer_than_the_screen_is_cut_as_well():
    text = "(" + "x" * 300 + ")"
    assert screen(diagnostic(Span(0, 302), "too long"), {"app.wit": text}, width=60) == dedent(f"""\
        error[unresolved-name]: this is wrong
          --> app.wit:1:1
           |
         1 | ({"x" * 48}...
           | {"^" * 49} too long
           |
        """)


def test_each_place_of_a_line_too_long_is_shown_by_itself():
    text = "first" + " " * 200 + "second"
    related = (Related("/here/app.wit", span_of(text, "first"), "the first"),)
    shown = screen(diagnostic(span_of(text, "second"), related=related), {"app.wit": text}, width=60)
    assert shown == dedent(f"""\
        error[unresolved-name]: this is wrong
          --> app.wit:1:206
           |
         1 | first{" " * 44}...
           | ----- the first
         1 | ...{" " * 43}second
           |    {" " * 43}^^^^^^
           |
        """)


def test_a_file_that_could_not_be_read_has_no_source():
    root = RootResult("/here", ("/here/app.wit",), (Found("/here/app.wit", diagnostic(Span(0, 0))),))
    assert render(Results((root,), {}, "/here")) == dedent("""\
        error[unresolved-name]: this is wrong
          --> app.wit
           |
           = help: dataflare-lsp explain unresolved-name

        """)


def test_colours():
    text = "use typos;"
    related = (Related("/here/app.wit", span_of(text, "use"), "by this"),)
    found = diagnostic(span_of(text, "typos"), "did you mean `types`?", "warning", related=related)
    shown = screen(found, {"app.wit": text}, style=COLOURED)
    named = {"1;33": "yellow", "1;34": "blue", "1": "bold"}
    for code, name in named.items():
        shown = shown.replace(f"\x1b[{code}m", f"<{name}>")
    assert (
        "\n" + shown.replace("\x1b[0m", "</>")
        == """
<yellow>warning[unresolved-name]</><bold>: this is wrong</>
  <blue>--></> app.wit:1:5
<blue>   |</>
<blue> 1 |</> use typos;
<blue>   |</> <blue>---</> <yellow>^^^^^ did you mean `types`?</>
<blue>   |</> <blue>|</>
<blue>   |</> <blue>by this</>
<blue>   |</>
"""
    )
