"""Typing: whatever is typed, character by character, what stands around it stays as it is."""

import pytest
from support.marks import problems
from support.outlines import outline
from support.shared import CONFORMANCE, CORPUS, needs

from dataflare_lsp.wit.lexer import end_of_comment
from dataflare_lsp.wit.source import Source

IN_AN_INTERFACE = [
    "f: func();",
    "f: async func(a: u32, %b: list<string>) -> result<option<u8>, error-context>;",
    "get: func();",
    "x: get() -> u8;",
    "use other.{a, b as c};",
    "use ns:pkg/face@1.2.3-rc.1.{a};",
    "type t = tuple<u8, map<string, list<u8, 4>>>;",
    "type s = stream<result<_, u8>>;",
    "record r { a: u32, b: option<t>, }",
    "record r {\n        a: u32,\n        /// What it is for.\n        b: option<t>,\n    }",
    "variant v { a, b(u32), c(list<u8>), }",
    "enum e { a, b, c }",
    "flags f { a, b }",
    "resource r;",
    "resource r {\n        constructor(a: u32) -> result<r>;\n        m: func(a: borrow<r>) -> own<r>;\n"
    "        s: static async func();\n        x: get() -> u32;\n    }",
    "@since(version = 1.0.0)\n    f: func();",
    "@unstable(feature = my-feature)\n    @deprecated(version = 1.0.0)\n    f: func();",
    '@external-id("some\\u{1f}thing")\n    f: func();',
    "/// What it does.\n    f: func(/* in */ a: u32);",
]
IN_A_WORLD = [
    "import f: func(a: u32) -> u32;",
    "export ns:pkg/face@1.0.0;",
    "import face;",
    "import x: interface {\n        use a.{b};\n        f: func();\n    }",
    "export name: ns:pkg/face;",
    "include other;",
    "include ns:pkg/w@1.0.0 with { a as b, c as d }",
    "use a.{b};",
    "record r { a: u32 }",
    "@since(version = 1.0.0)\n    import f: func();",
    "resource r { m: func(); }",
]
AT_THE_TOP = [
    "interface x {\n    f: func();\n    record r { a: u32 }\n}",
    "world w {\n    import f: func();\n    include other;\n}",
    "use ns:pkg/face@1.0.0 as other;",
    "@since(version = 1.0.0)\ninterface x {}",
    "package a:b@1.0.0 {\n    interface x {\n        f: func();\n    }\n}",
    "/// What it is.\ninterface x {}",
]
GATED = "/// The next one.\n{indent}@since(version = 1.0.0)\n{indent}"


def typed(item: str) -> list[str]:
    """What is there after each character, but for those states in which a comment swallows what follows."""
    states = [item[:length] for length in range(len(item) + 1)]
    return [state for state in states if "/*" not in state or end_of_comment(state, state.index("/*"))[1]]


def check(before: str, item: str, after: str, kept: list[str]) -> None:
    for state in typed(item):
        parsed = Source.parse("f.wit", before + state + after)
        left = outline(parsed)
        found = [problem.message for _, problem in problems(parsed)]
        assert all(name in left for name in kept), f"after typing {state!r}, there is {left}"
        # A package around packages is closed only where the file ends: that is a second thing to say.
        allowed = 3 if item.startswith("package") else 2 if state.endswith((": f", ": fu")) else 1
        assert len(found) <= allowed, f"after typing {state!r}: {found}"


@pytest.mark.parametrize("gate", ["", GATED], ids=["plain", "gated"])
@pytest.mark.parametrize("item", IN_AN_INTERFACE)
def test_an_item_of_an_interface(item: str, gate: str) -> None:
    check(
        "package p:q;\ninterface i {\n    before: func();\n    ",
        item,
        f"\n    {gate.format(indent='    ')}after: func();\n    record later {{ z: u8 }}\n}}\ninterface last {{ l: func(); }}",
        ["interface i { before ", " after later(z) } interface last { l }"],
    )


@pytest.mark.parametrize("gate", ["", GATED], ids=["plain", "gated"])
@pytest.mark.parametrize("item", IN_A_WORLD)
def test_an_item_of_a_world(item: str, gate: str) -> None:
    check(
        "package p:q;\nworld v {\n    import before: func();\n    ",
        item,
        f"\n    {gate.format(indent='    ')}export after: func();\n    import later;\n}}\ninterface last {{ l: func(); }}",
        ["world v { import before ", "export after import later } interface last { l }"],
    )


@pytest.mark.parametrize("gate", ["", GATED], ids=["plain", "gated"])
@pytest.mark.parametrize("item", AT_THE_TOP)
def test_an_item_of_a_file(item: str, gate: str) -> None:
    check(
        "package p:q;\ninterface before { b: func(); }\n\n",
        item,
        f"\n\n{gate.format(indent='')}interface after {{ a: func(); }}\nworld last {{ export l: func(); }}",
        ["interface before { b }", "interface after { a } world last { export l }"],
    )


@needs(CONFORMANCE)
@needs(CORPUS)
def test_a_file_typed_from_its_start_keeps_what_is_complete() -> None:
    """At a place in every file, one edit per character, up to where the next three items are there."""
    for path in sorted([*CONFORMANCE.rglob("*.wit"), *CORPUS.rglob("*.wit")]):
        text = path.read_text(encoding="utf-8")
        whole = Source.parse("f.wit", text)
        first = len(whole.segments) // 2
        last = min(first + 3, len(whole.segments) - 1)
        begin, end = whole.starts[first], min(whole.starts[last], whole.starts[first] + 400)
        parsed = Source.parse("f.wit", text[:begin])
        for at in range(begin, end):
            parsed = parsed.edited(at, at, text[at])
            for number, segment in enumerate(whole.segments[: first + 3]):
                if whole.starts[number + 1] <= at:
                    assert parsed.segments[number].node == segment.node
