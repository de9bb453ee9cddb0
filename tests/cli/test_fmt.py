import os
import subprocess
from pathlib import Path

import pytest

UGLY = "package corp:app;\ninterface   api{f:func( );}\n"
TIDY = "package corp:app;\n\ninterface api {\n    f: func();\n}\n"
BROKEN = "package corp:app;\ninterface api { f: func() }\n"
DIFF = """\
--- a/wit/app.wit
+++ b/wit/app.wit
@@ -1,2 +1,5 @@
 package corp:app;
-interface   api{f:func( );}
+
+interface api {
+    f: func();
+}
"""


@pytest.fixture
def package(cli, tmp_path: Path):
    """A package with a file to format, one that is formatted, and a dependency that is not."""
    cli.files(f"//- wit/app.wit\n{UGLY}//- wit/tidy.wit\ninterface tidy {{}}\n//- wit/deps/base.wit\n{UGLY}")
    return cli


def test_files_are_formatted_in_place_and_dependencies_left_alone(package):
    assert package("fmt") == (0, "", "formatted 1 file; 1 file is formatted already\n")
    assert package.text("wit/app.wit") == TIDY
    assert package.text("wit/deps/base.wit") == UGLY


def test_a_second_run_has_nothing_to_do(package):
    package("fmt")
    assert package("fmt", "wit") == (0, "", "2 files are formatted already\n")


def test_a_file_that_is_named_is_formatted_wherever_it_lies(package):
    assert package("fmt", "wit/deps/base.wit").code == 0
    assert package.text("wit/deps/base.wit") == TIDY
    assert package.text("wit/app.wit") == UGLY


def test_a_folder_of_dependencies_that_is_named_is_formatted(package):
    assert package("fmt", "wit/deps").code == 0
    assert package.text("wit/deps/base.wit") == TIDY


def test_check_writes_nothing_and_lists_what_would_change(package):
    assert package("fmt", "--check") == (
        1,
        "would format wit/app.wit\n",
        "would format 1 file; 1 file is formatted already\n",
    )
    assert package.text("wit/app.wit") == UGLY
    package("fmt")
    assert package("fmt", "--check") == (0, "", "2 files are formatted already\n")


def test_diff_writes_nothing_and_shows_what_would_change(package):
    assert package("fmt", "--diff") == (1, DIFF, "would format 1 file; 1 file is formatted already\n")
    assert package.text("wit/app.wit") == UGLY


def test_git_applies_the_diff(package, tmp_path: Path):
    (tmp_path / "wit" / "app.wit").write_text(UGLY.rstrip("\n"))
    diff = package("fmt", "--diff").out
    assert "\n\\ No newline at end of file\n" in diff
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=tmp_path, check=True, timeout=60)
    assert package.text("wit/app.wit") == TIDY


def test_the_diff_is_coloured_on_a_terminal(package, monkeypatch):
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = package("fmt", "--diff").out
    assert "\x1b[31m-interface   api{f:func( );}\x1b[0m\n" in shown
    assert "\x1b[32m+    f: func();\x1b[0m\n" in shown


class TestBroken:
    def test_a_file_that_does_not_parse_is_not_touched_and_the_others_are_formatted(self, cli, tmp_path: Path):
        cli.files(f"//- a.wit\n{BROKEN}//- b.wit\n{UGLY}")
        before = os.stat(tmp_path / "a.wit")
        code, out, err = cli("fmt")
        assert (code, out) == (2, "")
        assert err.startswith("error: cannot format `a.wit`, because it does not parse\nerror[expected-token]: ")
        assert "  --> a.wit:2:" in err
        assert err.endswith("\nformatted 1 file; 1 cannot be formatted\n")
        assert cli.text("a.wit") == BROKEN
        assert os.stat(tmp_path / "a.wit").st_mtime_ns == before.st_mtime_ns
        assert cli.text("b.wit") == TIDY

    @pytest.mark.parametrize("option", ["--check", "--diff"])
    def test_looking_only_fails_as_well(self, cli, option: str):
        cli.files(BROKEN)
        assert cli("fmt", option).code == 2

    def test_what_parses_and_had_better_not_be_there_is_formatted(self, cli):
        cli.files("package corp:app; interface api { type none = tuple < >; }")
        assert cli("fmt").code == 0
        assert cli.text("app.wit") == "package corp:app;\n\ninterface api {\n    type none = tuple<>;\n}\n"

    def test_other_mistakes_do_not_matter(self, cli):
        cli.files("interface api { f: func() -> nowhere; }")
        assert cli("fmt").code == 0
        assert cli.text("app.wit") == "interface api {\n    f: func() -> nowhere;\n}\n"


class TestStandardInput:
    def test_it_is_formatted_to_standard_output(self, cli):
        assert cli("fmt", "-", stdin=UGLY) == (0, TIDY, "")

    def test_line_breaks_and_byte_order_mark_stay(self, cli):
        assert cli("fmt", "-", stdin="\ufeff" + UGLY.replace("\n", "\r\n")).out == "\ufeff" + TIDY.replace("\n", "\r\n")

    def test_a_text_that_does_not_parse_gives_nothing(self, cli):
        code, out, err = cli("fmt", "-", stdin=BROKEN)
        assert (code, out) == (2, "")
        assert err.startswith("error: cannot format `<stdin>`, because it does not parse\n")
        assert "  --> <stdin>:2:" in err

    def test_check_and_diff(self, cli):
        assert cli("fmt", "-", "--check", stdin=UGLY) == (1, "", "")
        assert cli("fmt", "-", "--check", stdin=TIDY) == (0, "", "")
        assert cli("fmt", "-", "--diff", stdin=UGLY) == (1, DIFF.replace("wit/app.wit", "<stdin>"), "")

    def test_it_stands_alone(self, cli):
        assert cli("fmt", "-", "app.wit") == (
            2,
            "",
            "error: `-` is standard input, and cannot be formatted together with files\n",
        )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_breaks_stay(cli, tmp_path: Path, newline: str):
    (tmp_path / "app.wit").write_bytes(UGLY.replace("\n", newline).encode())
    cli("fmt")
    assert cli.text("app.wit") == TIDY.replace("\n", newline)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.wit", "cannot format `nowhere.wit`: it does not exist"),
        ("nowhere", "cannot format `nowhere`: it does not exist"),
        ("notes.txt", "cannot format `notes.txt`: it is neither a directory nor a `.wit` file"),
        ("package.wasm", "cannot format `package.wasm`: it is a package in WebAssembly's own form"),
        ("empty", "cannot format `empty`: there are no `.wit` files in it"),
    ],
)
def test_what_cannot_be_formatted_is_refused(cli, path: str, message: str):
    cli.files("//- notes.txt\nnotes\n//- empty/a.txt\nnotes\n//- package.wasm\nwasm")
    done = cli("fmt", path)
    assert (done.code, done.err.splitlines()[0]) == (2, f"error: {message}")


def test_what_cannot_be_formatted_does_not_stop_the_others(cli):
    cli.files(f"//- package.wasm\nwasm\n//- wit/app.wit\n{UGLY}")
    done = cli("fmt", "nowhere", "package.wasm", "wit")
    assert (done.code, done.err.splitlines()[-1]) == (2, "formatted 1 file; 2 cannot be formatted")
    assert cli.text("wit/app.wit") == TIDY


def test_a_file_that_cannot_be_written_does_not_stop_the_others(package, monkeypatch):
    (package.folder / "wit" / "b.wit").write_text(UGLY)
    access = os.access
    monkeypatch.setattr(
        "dataflare_lsp.cli.files.os.access", lambda path, mode: not path.endswith("app.wit") and access(path, mode)
    )
    assert package("fmt") == (
        2,
        "",
        "error: cannot write `wit/app.wit`: permission is denied\n"
        "formatted 1 file; 1 file is formatted already; 1 cannot be formatted\n",
    )
    assert package.text("wit/app.wit") == UGLY
    assert package.text("wit/b.wit") == TIDY
