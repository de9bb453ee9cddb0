import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.program import program

from dataflare_lsp.cli import parallel
from dataflare_lsp.cli.results import EVERYTHING
from dataflare_lsp.workspace.roots import Root, find_roots


@pytest.fixture
def several(cli, monkeypatch) -> None:
    """Four packages with mistakes, and two processes to judge them."""
    for name in ("a", "b", "c", "d"):
        folder = cli.folder / name
        program(f"//- app.wit\npackage corp:{name};\ninterface api {{ f: func() -> {name}{name}; }}").write(folder)
    monkeypatch.setattr(parallel, "WORTHWHILE", 10)
    monkeypatch.setattr(parallel, "_cores", lambda: 2)


def roots(sizes: dict[str, list[str]]) -> list[Root]:
    return [Root(name, (tuple(files),)) for name, files in sizes.items()]


@pytest.mark.usefixtures("several")
def test_the_report_is_that_of_one_process(cli, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(a) or popen(*a, **k))
    done = cli("check", "--format", "json")
    assert len(started) == 1
    monkeypatch.setattr(parallel, "_cores", lambda: 1)
    assert cli("check", "--format", "json") == done
    assert len(started) == 1
    assert done.code == 1
    assert '"errors": 4' in done.out


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("program", ["/does/not/exist", "/bin/false", "/bin/true"])
def test_a_worker_that_fails_costs_only_time(cli, monkeypatch, program: str):
    if os.path.dirname(program) == "/bin" and not os.path.exists(program):
        pytest.skip(f"there is no {program}")
    expected = cli("check")
    monkeypatch.setattr(sys, "executable", program)
    assert cli("check") == expected


@pytest.mark.usefixtures("several")
def test_a_worker_imports_nothing_from_where_it_runs(cli):
    """Modules of a folder that is checked are not code of ours, whatever they are called."""
    for module in ("pickle", "gc", "os", "typing", "dataflare_lsp", "encodings"):
        (cli.folder / f"{module}.py").write_text(f"open('run-{module}', 'w')")
    assert cli("check").code == 1
    assert [name for name in os.listdir(cli.folder) if name.startswith("run-")] == []


@pytest.mark.usefixtures("several")
def test_unreadable_files_are_told_of_by_workers_too(cli, monkeypatch):
    (cli.folder / "d" / "app.wit").write_bytes(b"//" + b"x" * 2000)
    seen, complete = parallel.check(find_roots(["."]), frozenset(), EVERYTHING)
    assert complete
    monkeypatch.setattr(parallel, "_start", lambda _: None)
    monkeypatch.setattr("dataflare_lsp.workspace.disk.MAX_BYTES", 1000)
    _, complete = parallel.check(find_roots(["."]), frozenset(), EVERYTHING)
    assert not complete
    assert len(seen.roots) == 4


class TestPartition:
    @pytest.fixture(autouse=True)
    def _sizes(self, monkeypatch) -> None:
        monkeypatch.setattr(parallel, "WORTHWHILE", 10)
        monkeypatch.setattr(parallel, "_size", len)

    def parts(self, files: dict[str, list[str]], most: int = 8) -> list[list[str]]:
        return [[root.path for root in part] for part in parallel.partition(roots(files), most)]

    def test_parts_are_of_about_the_same_size(self):
        files = {"one": ["x" * 40], "two": ["y" * 20], "three": ["z" * 15], "four": ["w" * 5]}
        assert self.parts(files, 2) == [["one"], ["two", "three", "four"]]

    def test_there_are_no_more_than_are_worth_it(self):
        assert self.parts({"one": ["x" * 9], "two": ["y" * 9]}) == [["one", "two"]]
        assert self.parts({"one": ["x" * 10], "two": ["y" * 10]}) == [["one"], ["two"]]

    def test_roots_that_share_a_file_stay_together(self):
        shared = "s" * 20
        files = {"one": ["x" * 20, shared], "two": ["y" * 20], "three": [shared]}
        assert [sorted(part) for part in self.parts(files)] == [["one", "three"], ["two"]]

    def test_roots_without_files_are_kept(self):
        assert sorted(*self.parts({"one": [], "two": ["x" * 10]})) == ["one", "two"]


def test_a_file_that_has_vanished_has_no_size(tmp_path: Path):
    root = Root("gone", ((str(tmp_path / "gone.wit"),),))
    assert parallel.partition([root], 4) == [(root,)]
