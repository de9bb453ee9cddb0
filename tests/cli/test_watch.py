"""Watching, with a hand on the clock: each look at the disk is a step of a test."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.variants import COMPONENT, write

from dataflare_lsp.cli import watch
from dataflare_lsp.wit.source import Source


@pytest.fixture
def steps(cli, monkeypatch) -> Callable[..., list[str]]:
    """Watch while each step is done in turn, and give what was printed after each."""

    def run(*todo: Callable[[], object], options: tuple[str, ...] = ()) -> list[str]:
        pending = iter(todo)
        printed: list[str] = []

        def next_step(_: float) -> None:
            printed.append(sys.stdout.getvalue() + sys.stderr.getvalue())  # type: ignore[attr-defined]
            for stream in (sys.stdout, sys.stderr):
                stream.seek(0)
                stream.truncate()
            step = next(pending, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        # Only here: whoever waits for a process sleeps, too.
        monkeypatch.setattr(watch, "time", SimpleNamespace(sleep=next_step, monotonic=time.monotonic))
        assert cli("check", "--watch", *options) == (130, "", "")
        return printed

    return run


APP = """
    //- app.wit
    package corp:app;
    interface api { f: func() -> u8; }
"""


def test_a_changed_file_is_checked_again(cli, steps, tmp_path: Path):
    cli.files(APP)
    file = tmp_path / "app.wit"
    printed = steps(
        lambda: None,
        lambda: file.write_text("package corp:app;\ninterface api { f: func() -> nope; }"),
        lambda: file.write_text("package corp:app;\ninterface api { f: func() -> bool; }"),
    )
    clean = "no mistakes (checked 1 package, 1 file)\n"
    assert [printed[0], printed[1], printed[3]] == [clean, "", clean]
    assert printed[2].startswith("error[unresolved-name]: no type `nope` in interface `api`\n  --> app.wit:2:30\n")


def test_files_and_packages_come_and_go(cli, steps, tmp_path: Path):
    cli.files(APP.replace("app.wit", "one/app.wit"))
    two = tmp_path / "two"

    def add() -> None:
        two.mkdir()
        (two / "two.wit").write_text("package corp:two; interface api { f: func() -> nope; }")

    def remove() -> None:
        (two / "two.wit").unlink()

    printed = steps(add, remove, (tmp_path / "one" / "app.wit").unlink, lambda: None, add_back(tmp_path))
    assert printed[1].endswith("1 error in 1 file (checked 2 packages, 2 files)\n")
    assert printed[2] == "no mistakes (checked 1 package, 1 file)\n"
    assert printed[3] == "error: cannot check `.`: there are no `.wit` files in it\n"
    assert printed[4] == ""
    assert printed[5] == "no mistakes (checked 1 package, 1 file)\n"


def test_a_path_that_stands_for_nothing_is_told_of_until_it_is_there(cli, steps, tmp_path: Path):
    cli.files(APP.replace("app.wit", "one/app.wit"))
    clean = "no mistakes (checked {})\n"
    printed = steps(
        lambda: (tmp_path / "one" / "app.wit").write_text("package corp:changed;"),
        lambda: (tmp_path / "two.wit").write_text("package corp:two;"),
        options=("one", "two.wit"),
    )
    missing = "error: cannot check `two.wit`: it does not exist\n"
    assert printed == [
        clean.format("1 package, 1 file") + missing,
        clean.format("1 package, 1 file") + missing,
        clean.format("2 packages, 2 files"),
    ]


def add_back(folder: Path) -> Callable[[], object]:
    return lambda: (folder / "one" / "app.wit").write_text("package corp:app;")


def test_only_what_has_changed_is_read_again(cli, steps, tmp_path: Path, monkeypatch):
    cli.files(APP + "\n    //- more.wit\n    interface more {}")
    parsed = []
    parsing = Source.parsing
    monkeypatch.setattr(Source, "parsing", lambda file, text: (parsed.append(Path(file).name), parsing(file, text))[1])
    steps(lambda: (tmp_path / "more.wit").write_text("interface more { type a = u8; }"))
    assert parsed == ["app.wit", "more.wit", "more.wit"]


def test_fixes_are_applied_to_each_change_once(cli, steps, tmp_path: Path):
    cli.files(APP)
    file = tmp_path / "app.wit"
    printed = steps(
        lambda: file.write_text("package corp:app;\ninterface api { type item = u8; f: func() -> itme; }"),
        lambda: None,
        options=("--fix",),
    )
    assert printed[1:] == ["mended 1 mistake; no mistakes (checked 1 package, 1 file)\n", ""]
    assert "-> item;" in file.read_text()


def test_the_screen_is_cleared_where_there_is_one(cli, steps, tmp_path: Path, monkeypatch):
    cli.files(APP)
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    printed = steps(lambda: (tmp_path / "app.wit").write_text("package corp:app;"))
    assert printed[1].startswith("\x1b[2J\x1b[3J\x1b[H")


def test_a_build_that_is_done_is_checked(cli, steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr("dataflare_lsp.runtime.cache.default_folder", lambda: str(tmp_path / "cache"))
    write(tmp_path / "plugin")
    component = tmp_path / "plugin" / COMPONENT
    good = component.read_bytes()
    component.unlink()
    printed = steps(
        lambda: component.write_bytes(b"nothing"),
        lambda: component.write_bytes(good),
    )
    assert printed[0].startswith("information[missing-component]: ")
    assert printed[1].startswith("error[invalid-component]: ")
    assert printed[2] == "no mistakes (checked 1 package and 1 manifest, 2 files)\n"
