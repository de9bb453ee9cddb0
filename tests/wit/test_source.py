"""A file as segments: each is reused until its text changes, and the result is always that of a fresh parse."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflare_lsp.text import Span
from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import PackageHeader

TEXT = """\
package corp:app@1.0.0;

use corp:base/types as base;

/// What the program does.
interface api {
    use base.{id};
    /// One of many.
    record item { key: id, tags: list<string> }
    get: func(key: id) -> option<item>;
}

world app {
    import api;
    export run: func();
}
"""


def source() -> Source:
    return Source.parse("app.wit", TEXT)


def edited(before: Source, old: str, new: str) -> Source:
    """The file after the only `old` in it was replaced by `new`."""
    start = before.text.index(old)
    assert before.text.count(old) == 1
    return before.edited(start, start + len(old), new)


def parsed_anew(before: Source, after: Source) -> list[str]:
    """The segments that were not taken over, each as its words."""
    return [" ".join(segment.text.split()) for segment in after.segments if segment not in before.segments]


def test_a_segment_is_an_item_or_what_items_stand_in() -> None:
    shown = [(segment.kind, segment.text.strip().partition("\n")[0]) for segment in source().segments]
    assert shown == [
        ("header", "package corp:app@1.0.0;"),
        ("use", "use corp:base/types as base;"),
        ("open", "/// What the program does."),
        ("member", "use base.{id};"),
        ("member", "/// One of many."),
        ("member", "get: func(key: id) -> option<item>;"),
        ("close", "}"),
        ("open", "world app {"),
        ("member", "import api;"),
        ("member", "export run: func();"),
        ("close", "}"),
        ("end", ""),
    ]


def test_segments_make_up_the_text() -> None:
    parsed = source()
    assert "".join(segment.text for segment in parsed.segments) == TEXT
    assert [
        TEXT[start:].startswith(segment.text) for start, segment in zip(parsed.starts, parsed.segments, strict=False)
    ]
    assert parsed.starts[-1] == len(TEXT)


def test_a_change_in_an_item_parses_that_item() -> None:
    before = source()
    after = edited(before, "list<string>", "list<u8>")
    assert parsed_anew(before, after) == ["/// One of many. record item { key: id, tags: list<u8> }"]


def test_a_change_at_the_start_of_the_file_parses_none_of_the_rest() -> None:
    before = source()
    after = edited(before, "corp:app@1.0.0", "corp:application@1.0.0")
    assert parsed_anew(before, after) == ["package corp:application@1.0.0;"]
    assert after.starts[-1] == len(TEXT) + len("lication")


def test_a_new_item_leaves_its_neighbours() -> None:
    before = source()
    after = edited(before, "    get: func", "    put: func(value: item);\n    get: func")
    assert parsed_anew(before, after) == [
        "/// One of many. record item { key: id, tags: list<string> }",  # it looked ahead at what changed
        "put: func(value: item);",
        "get: func(key: id) -> option<item>;",
    ]
    assert after.segments[3] is before.segments[3]
    assert after.segments[7] is before.segments[6]


def test_an_item_that_only_moves_keeps_its_values() -> None:
    before = source()
    after = edited(before, "/// What the program does.\n", "/// What the program does,\n/// and does not.\n")
    assert after.segments[5] is before.segments[5]
    assert after.absolute(5, Span(5, 8)) == Span(before.starts[5] + 5 + 18, before.starts[5] + 8 + 18)


def test_a_comment_that_is_opened_and_closed_again() -> None:
    before = source()
    opened = edited(before, "    record item", "    /* record item")
    assert [segment.problems[0].code for segment in opened.segments if segment.problems] == ["unterminated-comment"]
    closed = edited(opened, "tags: list<string> }", "tags: list<string> } */")
    assert not any(segment.problems for segment in closed.segments)
    assert [body.name.text for body in closed.bodies.values()] == ["api", "app"]


def test_bodies_that_did_not_change_keep_their_identity() -> None:
    before = source()
    after = edited(before, "export run", "export start")
    (api, app), (new_api, new_app) = before.bodies.values(), after.bodies.values()
    assert new_api is api
    assert new_app is not app
    assert new_app.id == app.id


def test_units_are_the_file_and_its_nested_packages() -> None:
    parsed = Source.parse(
        "all.wit",
        """
        package corp:app;
        use a:b/c;
        interface outside {}
        package corp:one { interface inside {} interface inside {} }
        package corp:two { use a:b/c; world inside {} }
        """,
    )
    shown = [
        (
            unit.scope,
            unit.header >= 0,
            len(unit.uses),
            [(body.kind, body.name.text, body.id.nth) for _, body in unit.bodies],
        )
        for unit in parsed.units
    ]
    assert shown == [
        (-1, True, 1, [("interface", "outside", 0)]),
        (0, True, 0, [("interface", "inside", 0), ("interface", "inside", 1)]),
        (1, True, 1, [("world", "inside", 0)]),
    ]
    header = parsed.header()
    assert isinstance(header, PackageHeader)
    assert str(header.package) == "corp:app"
    assert Source.parse("none.wit", "interface x {}").header() is None


def test_a_cursor_between_two_segments_is_in_the_second() -> None:
    parsed = source()
    border = parsed.starts[3]
    assert parsed.segment_at(border) == 3
    assert parsed.segment_at(border - 1) == 2
    assert parsed.segment_at(10**9) == len(parsed.segments) - 1


FILES = [
    TEXT,
    "",
    "\ufeffpackage a:b;\r\ninterface x {\r\n  f: func();\r\n}\r\n",
    """\
package a:b { interface x { resource r { constructor(); m: static func(); } } }
package c:d@1.0.0-rc.1 { world w { include x with { a as b } import i: interface { f: func(); } } }
""",
    """\
interface deep { type t = list<list<list<result<_, tuple<u8, option<string>>>>>>; /* a /* b */ c */ enum e { a, b } }
@since(version = 1.0.0) world w { @unstable(feature = f) @external-id("x\\u{41}") import a:b/c@1.0.0; use d.{e as f}; }
""",
    "interface broken {\n  f: func(a: list<u8\n  record r {\n    a: u8\n  }\n\nworld w {\n  import\n}\n",
]
PIECES = [
    "{", "}", ";", ",", "<", ">", "(", ")", ":", "=", ".", "/", "*", "%", "_", "@", "-", "->", "+", "1", "a", "é", '"',
    "/*", "*/", "//", "\n", "\r\n", "\r", " ", "    ", "\n\n", "\ufeff", "\0", "\ud800", "\u202e", "#", "[", "]", "$", "\\",
    "\xa0", "\u200b", "：", "→", "–", "&", "?", "|",
    "interface x", "interface", "world w {", "world", "package a:b", "package a:b {", "package a:b;", "use ", "use a.{b",
    "record", "record r {", "enum e {", "resource r {", "constructor(", "type ", "type t = ", "func", "f: func();", "fn f()",
    "static", "import ", "import x: interface {", "include w with {", "@since(", "@since(version = 1.0.0)", "interfce x {",
    "recrod r {", "struct", "= 1", "1.0", "list<", "as", "a.{",
]  # fmt: skip
edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 0, 1, 1, 2, 5, 20]), st.sampled_from(["", *PIECES])),
    min_size=1,
    max_size=12,
)


def everything(parsed: Source) -> object:
    """All that a parsed file holds, as values."""
    return (
        [
            (one.kind, one.node, one.text, one.anchor, one.before, one.after, one.problems)
            for one in parsed.segments
        ],
        parsed.starts,
        parsed.lines.starts,
        [
            (unit.scope, unit.header, unit.uses, [(number, body.id, body.kind, body.members) for number, body in unit.bodies])
            for unit in _by_number(parsed)
        ],
    )  # fmt: skip


def _by_number(parsed: Source) -> list:
    """The units of a file, with the numbers of segments instead of the segments."""
    numbers = {segment: number for number, segment in enumerate(parsed.segments)}
    return [
        unit._replace(
            bodies=tuple(
                (number, body._replace(members=tuple(numbers[member] for member in body.members)))
                for number, body in unit.bodies
            )
        )
        for unit in parsed.units
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FILES), edits)
def test_after_any_edits_a_file_is_as_from_scratch(text: str, edits: list[tuple[float, int, str]]) -> None:
    parsed = Source.parse("f.wit", text)
    for place, length, new in edits:
        start = int(place * len(parsed.text))
        end = min(start + length, len(parsed.text))
        parsed = parsed.edited(start, end, new)
        assert everything(parsed) == everything(Source.parse("f.wit", parsed.text))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_a_file(text: str) -> None:
    parsed = Source.parse("f.wit", text)
    assert "".join(segment.text for segment in parsed.segments) == text
