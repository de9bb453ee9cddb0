"""Whatever the text is, there are diagnostics for it, at places that exist, in bounded time and memory."""

import os
import sys
import time
from pathlib import Path

import pytest
from fuzz.case import Case
from fuzz.robustness import judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import Root, find_roots
from dataflare_lsp.workspace.workspace import Workspace, load

ALONE = Root("/a.wit", (("/a.wit",),))

quick = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

SIGNS = st.sampled_from(
    (
        *"{}()<>;:,.@/%=-_*\"'\\ \n\r\t\0\ufeff\x7f\x85\u2028\u202e\ud800\udc80\udfffé\U0001f600",
        *("//", "/*", "*/", "///", "->", "\r\n", "package a:b;", "interface i {", "world w {", "record r {", "use i.{"),
        *("func(", "list<", "result<_,", "@since(version = 1.0.0)", "@unstable(feature = f)", "a", "t", "u8", "1.0.0"),
    )
)
TEXTS = st.lists(SIGNS, max_size=60).map("".join) | st.text(st.characters(exclude_categories=()), max_size=80)


def check(*texts: str) -> None:
    finding = judge(Case({f"{name}.wit": text for name, text in zip("abc", texts, strict=False)}))
    assert finding is None, finding


@quick
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data.decode("utf-8", "surrogateescape"))


@quick
@given(TEXTS, TEXTS)
def test_any_text_beside_any_other(one: str, two: str) -> None:
    """Also what no file holds: lone surrogates of every kind, as they come in JSON."""
    check(one, two)


@quick
@given(TEXTS, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), TEXTS), max_size=4))
def test_any_edit_of_any_text(text: str, edits: list[tuple[float, int, str]]) -> None:
    workspace = Workspace()
    workspace.set_text("/a.wit", text)
    workspace.add_root(ALONE)
    for where, length, new in edits:
        before = workspace.diagnostics("/a.wit", "/a.wit")
        text = workspace.sources["/a.wit"].text
        start = int(where * len(text))
        workspace.edit("/a.wit", Span(start, min(start + length, len(text))), new)
        assert all(one.span.end <= len(text) for one in before)
    text = workspace.sources["/a.wit"].text
    fresh = Workspace()
    fresh.set_text("/a.wit", text)
    fresh.add_root(ALONE)
    assert workspace.diagnostics("/a.wit", "/a.wit") == fresh.diagnostics("/a.wit", "/a.wit")


HEAD = "package a:b;\ninterface i {\n"
LARGE = {
    "a line of 10 MB": HEAD + f"  // {'a' * 10_000_000}\n}}\n",
    "a name of 1 MB": HEAD + f"  type {'a' * 1_000_000} = u8;\n}}\n",
    "100,000 nested types": HEAD + f"  type t = {'list<' * 100_000}u8{'>' * 100_000};\n}}\n",
    "100,000 nested types left open": HEAD + f"  type t = {'list<' * 100_000}",
    "100,000 open braces": "{" * 100_000,
    "100,000 open packages": "package a:b {" * 100_000,
    "100,000 nested comments": "/*" * 100_000,
    "100,000 attributes": HEAD + "  @since(version = 1.0.0)\n" * 100_000,
    "50,000 types that stand for the next": HEAD + "".join(f"  type t{n} = t{n + 1};\n" for n in range(50_000)) + "}\n",
    "2,000 names that are missing among 5,000 others": HEAD
    + "".join(f"  type t{n}x = u8;\n" for n in range(5_000))
    + "".join(f"  f{n}: func() -> q{n}z;\n" for n in range(2_000))
    + "}\n",
    "2,000 names that another interface of 5,000 lacks": HEAD
    + "".join(f"  type t{n}x = u8;\n" for n in range(5_000))
    + "}\ninterface j {\n"
    + "".join(f"  use i.{{q{n}z}};\n" for n in range(2_000))
    + "}\n",
    "20,000 byte order marks": "/)\ufeff*" * 20_000,
    "20,000 types in one circle": HEAD
    + "".join(f"  type t{n} = t{(n + 1) % 20_000};\n" for n in range(20_000))
    + "}\n",
    "20,000 functions of one name": HEAD + "  f: func();\n" * 20_000 + "}\n",
    "20,000 names that nothing defines": HEAD + "".join(f"  f{n}: func() -> t{n};\n" for n in range(20_000)) + "}\n",
    "5,000 interfaces that use the next": "package a:b;\n"
    + "".join(f"interface i{n} {{ use i{n + 1}.{{t}}; }}\n" for n in range(5_000))
    + "interface i5000 { type t = u8; }\n",
    "2,000 worlds that include the one before": "package a:b;\nworld w0 { import f: func(); }\n"
    + "".join(f"world w{n + 1} {{ include w{n}; }}\n" for n in range(2_000)),
    "2,000 worlds that include the one behind": "package a:b;\n"
    + "".join(f"world w{n} {{ include w{n + 1}; }}\n" for n in range(2_000))
    + "world w2000 { import f: func(); }\n",
    "1,000 handles of what each uses from the next": "package a:b;\n"
    + "".join(f"interface i{n} {{ use i{n + 1}.{{t}}; f: func(a: borrow<t>); }}\n" for n in range(1_000))
    + "interface i1000 { resource t; }\n",
    "2,000 packages in one circle": "package a:b;\n"
    + "".join(f"package a:p{n} {{ interface i {{ use a:p{(n + 1) % 2_000}/i.{{t}}; }} }}\n" for n in range(2_000)),
    "5,000 packages of one name": "package a:b;\n" + "package c:d { interface i {} }\n" * 5_000,
}


@pytest.mark.parametrize("what", sorted(LARGE))
def test_large_texts(what: str) -> None:
    check(LARGE[what])


def test_many_files_in_one_folder(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"f{number}.wit").write_text(f"package a:b;\ninterface i{number} {{}}\n")
    start = time.process_time()
    roots = find_roots([str(tmp_path)])
    workspace = load(roots)
    assert [d for file in roots[0].files for d in workspace.diagnostics(roots[0].path, file)] == []
    assert time.process_time() - start < 10


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="paths cannot be as long on this system")
def test_folders_as_deep_as_paths_can_be(tmp_path: Path) -> None:
    """What lies deeper than the system has paths for is not there for us either."""
    here = os.getcwd()
    depth = 0
    try:
        os.chdir(tmp_path)
        for _ in range(1_000):
            os.mkdir("deep")
            os.chdir("deep")
            depth += 1
        Path("a.wit").write_text("package a:b;\n")
        assert find_roots([str(tmp_path)]) == []
    finally:
        # From the inside: no tool that is given a path gets there.
        Path("a.wit").unlink(missing_ok=True)
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("deep")
        os.chdir(here)
