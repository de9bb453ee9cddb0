"""Hostile sizes: time and memory grow with the text and no faster, and nothing is too deep."""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest
from support.marks import problems

from dataflare_lsp.text import Lines, Position
from dataflare_lsp.wit.source import Source

HOSTILE: dict[str, Callable[[int], str]] = {
    "nested types": lambda n: f"interface x {{ type t = {'list<' * n}u8{'>' * n}; }}",
    "nested types that nothing closes": lambda n: f"interface x {{ type t = {'list<' * n}",
    "nested tuples": lambda n: f"interface x {{ type t = {'tuple<u8,' * n}; }}",
    "results without a comma": lambda n: f"interface x {{ type t = {'result<a b, ' * n}; }}",
    "nested packages": lambda n: "package a:b {\n" * n,
    "nested packages on one line": lambda n: "package a:b { " * n,
    "opening braces": lambda n: "{" * n,
    "closing braces": lambda n: "}" * n,
    "opening parentheses": lambda n: f"interface x {{ f: func{'(' * n}",
    "opening brackets": lambda n: f"interface x {{ type t = {'[' * n}",
    "interfaces that nothing closes": lambda n: "interface x {\n" * n,
    "interfaces in place that nothing closes": lambda n: "world w {" + "import x: interface { " * n,
    "resources that nothing closes": lambda n: "interface x {" + "resource r { " * n,
    "resources that nothing closes, outdented": lambda n: "interface x {\n" + "resource r {\nf: func();\n" * n,
    "comments that nothing closes": lambda n: "/*" * n,
    "comments in comments": lambda n: "/*" * n + "*/" * n,
    "a comment that nothing closes, and lines like it": lambda n: "interface x {\n" + "f: func(); /* a\n" * n,
    "a long name": lambda n: f"interface {'a' * n} {{}}",
    "a long wrong name": lambda n: f"interface {'aB_' * n} {{}}",
    "a long string that nothing closes": lambda n: f'@external-id("{"a" * n}',
    "a long string of escapes": lambda n: 'interface x { @external-id("' + "\\u{41}" * n + '") f: func(); }',
    "a long wrong escape": lambda n: 'interface x { @external-id("\\u{' + "4" * n + '}") f: func(); }',
    "strings that nothing closes": lambda n: "interface x {\n" + '@external-id("a\nf: func();\n' * n,
    "quotes": lambda n: '"' * n,
    "backslashes": lambda n: '"' + "\\" * n,
    "control characters": lambda n: "\0" * n,
    "surrogates": lambda n: "\ud800" * n,
    "carriage returns": lambda n: "interface x {\r" * n,
    "at signs": lambda n: "@" * n,
    "attributes that nothing closes": lambda n: "@since(" * n,
    "attributes": lambda n: f"interface x {{{'@since(version = 1.0.0) ' * n}f: func(); }}",
    "a long version": lambda n: f"package a:b@1.0.0-{'a.' * n};",
    "a version of long numbers": lambda n: f"package a:b@{'1' * n}.{'0' * n}.0;",
    "points": lambda n: f"package a:b@1{'.' * n}",
    "minus signs": lambda n: f"package a:b@1.0.0{'-' * n}",
    "a long length": lambda n: f"interface x {{ type t = list<u8, {'9' * n}>; }}",
    "hashes": lambda n: "interface x {\n" + "# a\n" * n,
    "hashes in a record": lambda n: "interface x { record r {\n" + "# a\n" * n,
    "semicolons": lambda n: f"interface x {{{';' * n}",
    "commas": lambda n: f"interface x {{ record r {{{',' * n}",
    "cases without commas": lambda n: f"interface x {{ enum e {{{' a b' * n} }} }}",
    "words": lambda n: "a " * n,
    "words in a world": lambda n: f"world x {{{'a ' * n}",
    "one word again and again": lambda n: f"interface x {{ {'interface ' * n}",
    "heads without a keyword": lambda n: "x {\n" * n,
    "parameters that nothing closes": lambda n: "interface x {" + "f: func(a: " * n,
    "uses in braces": lambda n: "interface x {" + "use {a " * n,
}  # fmt: skip


def seconds(text: str) -> float:
    # Looking for garbage takes as long as all that other tests have left in this process.
    gc.disable()
    try:
        start = time.process_time()
        parsed = Source.parse("f.wit", text)
        parsed.edited(len(text) // 2, len(text) // 2, "x")
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_text(text: Callable[[int], str]) -> None:
    small, large = text(1_000), text(8_000)
    assert min(seconds(large), seconds(large)) < 30 * seconds(small) + 0.1  # 64 times, were it quadratic


def test_a_line_of_ten_megabytes() -> None:
    text = "interface x {} // " + "a" * 10_000_000
    assert seconds(text) < 5
    tracemalloc.start()
    parsed = Source.parse("f.wit", text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not problems(parsed)
    assert peak < 10 * len(text)


def test_columns_of_a_line_of_ten_megabytes() -> None:
    lines = Lines("\U0001f600é" * 2_000_000)
    start = time.process_time()
    assert lines.from_units(0, 3_000_000, "utf-16") == Position(0, 2_000_000)
    assert lines.from_units(0, 6_000_000, "utf-8") == Position(0, 2_000_000)
    assert lines.units(Position(0, 2_000_000), "utf-16") == 3_000_000
    assert time.process_time() - start < 5


def test_deep_nesting_fits_on_a_stack_that_is_already_deep() -> None:
    def below(depth: int) -> int:
        if depth:
            return below(depth - 1)
        return len(problems(Source.parse("f.wit", HOSTILE["nested tuples"](1_000))))

    assert below(sys.getrecursionlimit() // 3)
