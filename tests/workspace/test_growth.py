"""What a keystroke costs must not grow with what lies around the file; chains of any length are followed."""

import sys
from collections.abc import Callable

import pytest
from support.screens import ROOT, workspace

from dataflare_lsp.memo import Database
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.workspace import Workspace

BASE = "package corp:base;\ninterface base { resource handle; record item { id: u64 } type it = item; }\n"


def chained(packages: int) -> Workspace:
    """A root in which each package uses a type of the one before it."""
    files = {"app.wit": "package corp:app;\nworld app { import corp:base/base; }\n", "deps/base.wit": BASE}
    before = "corp:base/base.{it, item as its}"
    for number in range(packages):
        files[f"deps/p{number}.wit"] = (
            f"package corp:p{number};\n"
            f"interface api {{ use corp:base/base.{{item}}; use {before}; f: func(a: item) -> it; }}\n"
            f"world w {{ {f'include corp:p{number - 1}/w;' if number else ''} import api; }}\n"
        )
        before = f"corp:p{number}/api.{{it}}"
    return workspace(files)


def replace(space: Workspace, file: str, old: str, new: str) -> None:
    start = space.sources[file].text.index(old)
    space.edit(file, Span(start, start + len(old)), new)


def questions(packages: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many queries are asked or looked after when what everything uses is edited, and its own file judged."""
    space = chained(packages)
    file = f"{ROOT}/deps/base.wit"
    for path in space.sources:
        space.diagnostics(ROOT, path)
    count = 0

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def counting(*args: object) -> object:
            nonlocal count
            count += 1
            return original(*args)

        return counting

    with monkeypatch.context() as patch:
        patch.setattr(Database, "ask", counted(Database.ask))
        patch.setattr(Database, "_refresh", counted(Database._refresh))
        replace(space, file, "u64", "u6")
        assert [one.code for one in space.diagnostics(ROOT, file)] == ["unresolved-name"]
    return count


def test_a_keystroke_asks_the_same_in_a_workspace_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < questions(8, monkeypatch) == questions(200, monkeypatch)


def test_chains_longer_than_the_stack() -> None:
    """Judged from either end, and again after an edit at the bottom."""
    length = sys.getrecursionlimit()
    for last in (True, False):
        space = chained(length)
        end = f"{ROOT}/deps/p{length - 1}.wit"
        order = [end, f"{ROOT}/deps/p0.wit"] if last else [f"{ROOT}/deps/p0.wit", end]
        for file in order:
            assert space.diagnostics(ROOT, file) == ()
        replace(space, f"{ROOT}/deps/base.wit", "type it = item", "type it = borrow<handle>")
        for file in order:
            assert [one.code for one in space.diagnostics(ROOT, file)] == ["borrowed-result"]
