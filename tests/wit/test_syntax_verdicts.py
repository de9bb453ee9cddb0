"""The reference's verdict on syntax is ours: same files refused, and a problem on the line where it refuses.

Files are conformance files with tokens deleted, doubled, swapped, replaced and inserted.
"""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.marks import problems
from support.shared import CONFORMANCE, needs

from dataflare_lsp.wit.codes import SEVERITIES
from dataflare_lsp.wit.lexer import END, KEYWORDS, Tokens
from dataflare_lsp.wit.source import Source

_REFUSAL = re.compile(r"error: (?P<message>.*)\n +--> .*:(?P<line>\d+):\d+")
_SYNTAX = re.compile(
    "expected |unexpected |Control code|Codepoint|Input contains|unterminated|invalid character|identifiers must|"
    "invalid (unicode|string|UTF-8|hex|list size|leading zero)|number is too big|trailing underscore|empty identifier|"
    "cannot place attributes|package nesting|type nesting|unknown attribute|@external-id is not|value of .* exceeds"
)
"""How the reference's messages about syntax begin."""

INSERTED = [
    *"{};,<>():=.@/*+-_%#$\"'[]?|&!\\", "->", "1", "01", "1.0.0", "1.0.0-", "-rc.1", "+b.2", '"x"', '"\\q"', '"\\u{41}"',
    "x", "%a", "A", "aB", "a--b", "a_b", "é", "get", "set", "since", "version", "feature", "/*", "*/", "//", "// c\n",
    "/* c */", "\r", "\n", "\r\n", "\t", "\0", "\x0c", "\x7f", "\xa0", "\u2028", "\u200b", "\u202e", "\u0149", "\ufeff",
    "@since(version = 1.0.0)", "@unstable(feature = x)", '@external-id("x")', "list<u8, 3>", "list<u8, 4294967296>",
    "map<string, u8>", "a:b/c@1.0.0", "package a:b;", "package a:b {", "interface i {", "world w {", "use a.{b};",
    "include w;", "import f: func();", "constructor()", *sorted(KEYWORDS),
]  # fmt: skip

mutations = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "swap", "insert", "replace"]), st.floats(0, 1), st.sampled_from(INSERTED)
    ),
    min_size=1,
    max_size=3,
)


def mutated(text: str, kind: str, place: float, new: str) -> str:
    """`text` with one of its tokens changed."""
    spans = []
    tokens = Tokens(text, 0)
    while tokens.kind != END:
        spans.append((tokens.start, tokens.end))
        tokens.advance()
    if not spans:
        return new
    number = min(int(place * len(spans)), len(spans) - 1)
    start, end = spans[number]
    if kind == "delete":
        return text[:start] + text[end:]
    if kind == "double":
        return f"{text[:end]} {text[start:end]}{text[end:]}"
    if kind == "replace":
        return text[:start] + new + text[end:]
    if kind == "swap" and number + 1 < len(spans):
        after, last = spans[number + 1]
        return text[:start] + text[after:last] + text[end:after] + text[start:end] + text[last:]
    return f"{text[:start]}{new} {text[start:]}"


def refusal(wasm_tools: Path, path: Path) -> tuple[str, int] | None:
    """Why the reference refuses a file, and on which line (0: it does not say); None if it takes it."""
    command = [wasm_tools, "component", "wit", path, "--json", "--all-features"]
    answer = subprocess.run(command, capture_output=True, timeout=60)
    if answer.returncode == 0:
        return None
    said = answer.stderr.decode("utf-8", "replace")
    found = _REFUSAL.search(said)
    return (found["message"], int(found["line"])) if found else (said, 0)


def check(wasm_tools: Path, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
    theirs = refusal(wasm_tools, path)
    # The reference counts a line for each line feed.
    ours = {
        text.count("\n", 0, span.start) + 1: problem.message
        for span, problem in problems(Source.parse("f.wit", text))
        if SEVERITIES[problem.code] == "error" and problem.code != "invalid-map-key"
    }
    assert not (ours and theirs is None), f"accepted by the reference: {ours}\n{text}"
    if theirs is not None and _SYNTAX.match(theirs[0]):
        assert theirs[1] in ours or (ours and not theirs[1]), f"{theirs} is not among {ours}\n{text}"


SMALL = [path for path in sorted(CONFORMANCE.rglob("*.wit")) if path.stat().st_size < 3000]


@needs(CONFORMANCE)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutated_files(wasm_tools: Path, tmp_path: Path, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SMALL)).read_bytes().decode()
    for kind, place, new in data.draw(mutations):
        text = mutated(text, kind, place, new)
    check(wasm_tools, tmp_path / "mutated.wit", text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffpackage a:b;\ninterface x {}\n",
        "package a:b;\n\ufeffinterface x {}\n",
        "package a:b;\r\ninterface x {}\r\n",
        "package a:b;\rinterface x {}\r",
        "package a:b;\n// \0\ninterface x {}\n",
        "package a:b;\n\x0cinterface x {}\n",
        "package a:b@1.0.0-;\ninterface x {}\n",
        "package a:b@1.0.0+;\ninterface x {}\n",
        "package a:b@1.0.0-+b;\ninterface x {}\n",
        "package a:b @ 1.0.0 ;\ninterface x {}\n",
        "package a:b@1 . 0 . 0;\ninterface x {}\n",
        "package a:b@1.0.0-rc 1;\ninterface x {}\n",
        "package a:b@1.0.0-rc\nx;\ninterface x {}\n",
        "package a:b@2// .00;\n",
        "package a:b@18446744073709551616.0.0;\n",
        "package a:b@1.0.0-01;\n",
        "package a:b;\nworld w { include v with { a as b } }\nworld v { import a: func(); }\n",
        "package a:b;\nworld w { include v with { a as b }; }\nworld v { import a: func(); }\n",
        "package a:b;\nworld w { import\n x: func(); }\n",
        "package a:b;\ninterface x { f: func(a: u8,) -> tuple<u8,>; }\n",
        "package a:b;\ninterface x { f: func(,); }\n",
        "package a:b;\ninterface x { use y.{}; }\ninterface y {}\n",
        "package a:b;\ninterface x { f: func() -> (); }\n",
        "package a:b;\ninterface x { f: async get(); }\n",
        "package a:b;\ninterface x { get: func(); set: func(get: u8); }\n",
        "package a:b;\ninterface x { get\n:\nfunc\n(\n)\n;\n}\n",
        "package a:b;\ninterface x { @since(version = 1.0.0) /* c */ f: func(); }\n",
        "package a:b;\ninterface x { record r { @since(version = 1.0.0) a: u8 } }\n",
        'package a:b;\ninterface x { @external-id("\\u{0}\\7f\\u{1_F600}") f: func(); }\n',
        'package a:b;\ninterface x { @external-id("\\80") f: func(); }\n',
        'package a:b;\ninterface x { @external-id("a\nb") f: func(); }\n',
        "package a:b;\ninterface x { /* /* */ f: func(); }\n",
        "package a:b;\ninterface x { /*/*/*/*/ f: func(); }\n",
        "package a:b;\ninterface x { f: func(); } */\n",
        "interface %interface { %type: func(%func: u8); }\npackage a:b;\n",
        "package a:b;\ninterface x { type t = list<u8, 4294967295>; }\n",
        "package a:b;\ninterface x { type t = list<u8, 4294967296>; }\n",
        "package a:b;\ninterface x { type t = list<u8, 00000000001>; }\n",
        "package a:b;\ninterface x { type t = " + "list<" * 99 + "u8" + ">" * 99 + "; }\n",
        "package a:b;\ninterface x { type t = " + "list<" * 100 + "u8" + ">" * 100 + "; }\n",
        "package a:b;\n" + "package c:d {\n" * 101 + "}\n" * 101,
    ],
)
def test_details(wasm_tools: Path, tmp_path: Path, text: str) -> None:
    check(wasm_tools, tmp_path / "detail.wit", text)


@pytest.mark.parametrize(
    "text",
    [
        "package a:b;\nworld w{\nexport g: interface {resource a {\n%asyn",
        "package a:b;\ninterface i {\nresource a {\nasyn",
        "package a:b;\nworld w {\nimport g: interface {\n@since(version = 1.0.0)\n",
    ],
)
def test_what_ends_too_early_is_never_accepted(text: str) -> None:
    assert problems(Source.parse("a.wit", text))
