import json
import os
from pathlib import Path

import pytest

from dataflare_lsp.workspace import disk

CLEAN = """
    //- wit/types.wit
    package corp:app;
    interface types {
        type id = u64;
    }
    //- wit/app.wit
    interface api {
        use types.{id};
        get: func(id: id);
    }
"""

ONE_ERROR = """
    //- app.wit
    package corp:app;
    interface api {
        record item { id: u64 }
        get: func() -> itme;
    }
"""

ONE_WARNING = """
    //- app.wit
    package corp:app;
    use types as unused;
    interface types {
        type id = u64;
    }
"""


def diagnostics(done) -> list[tuple[str, int, str]]:
    """What a report in JSON says: file, line and code of each diagnostic."""
    return [
        (found["file"], found["range"]["start"]["line"], found["code"])
        for root in json.loads(done.out)["roots"]
        for found in root["diagnostics"]
    ]


def test_a_clean_package(cli):
    cli.files(CLEAN)
    assert cli("check", "wit") == (0, "no mistakes (checked 1 package, 2 files)\n", "")


def test_a_mistake_is_shown_and_fails_the_check(cli):
    cli.files(ONE_ERROR)
    assert cli("check") == (
        1,
        """\
error[unresolved-name]: no type `itme` in interface `api`
  --> app.wit:4:20
   |
 4 |     get: func() -> itme;
   |                    ^^^^ did you mean `item`?
   |
   = help: dataflare-lsp explain unresolved-name

1 error, 1 can be mended by `--fix` (checked 1 package, 1 file)
""",
        "",
    )


def test_warnings_fail_the_check_only_where_they_are_denied(cli):
    cli.files(ONE_WARNING)
    done = cli("check")
    assert done.code == 0
    assert done.out.startswith("warning[unused-use]: ")
    assert done.out.endswith("\n1 warning, 1 can be mended by `--fix` (checked 1 package, 1 file)\n")
    assert cli("check", "--deny", "warnings") == done._replace(code=1)
    assert cli("check", "--deny=warnings", "--format=json").code == 1


def test_only_warnings_can_be_denied(cli):
    assert cli("check", "--deny", "warning").err.startswith(
        "error: `--deny` cannot be `warning`; did you mean `warnings`?\n"
    )


class TestPaths:
    def test_none_means_here(self, cli):
        cli.files(CLEAN)
        assert cli("check") == cli("check", ".") == cli("check", "wit")

    def test_a_folder_without_wit_stands_for_the_packages_beneath_it(self, cli):
        cli.files("""
            //- one/wit/a.wit
            package corp:one;
            interface api { f: func() -> x; }
            //- one/wit/deps/two/b.wit
            package corp:two;
            //- three.d/b.wit
            package corp:three;
            //- build/c.wit
            package corp:generated;
            interface api { f: func() -> x; }
            //- .gitignore
            build/
        """)
        done = cli("check", "--format", "json")
        assert [root["root"] for root in json.loads(done.out)["roots"]] == ["one/wit", "three.d"]
        assert diagnostics(done) == [("one/wit/a.wit", 2, "unresolved-name")]

    def test_a_file_stands_for_its_package(self, cli):
        cli.files(CLEAN)
        done = cli("check", "--format", "json", "wit/types.wit")
        assert json.loads(done.out)["roots"][0]["root"] == "wit"
        assert cli("check", "wit/types.wit").out == "no mistakes (checked 1 package, 2 files)\n"

    def test_a_file_beside_other_packages_stands_alone(self, cli):
        cli.files("""
            //- one.wit
            package corp:one;
            interface api { f: func() -> x; }
            //- two.wit
            package corp:two;
            interface api { f: func() -> y; }
        """)
        done = cli("check", "--format", "json", "two.wit")
        assert [root["root"] for root in json.loads(done.out)["roots"]] == ["two.wit"]
        assert diagnostics(done) == [("two.wit", 2, "unresolved-name")]

    def test_paths_outside_are_shown_in_full(self, cli, tmp_path: Path, monkeypatch):
        cli.files("//- outside/app.wit\npackage corp:app; interface api { f: func() -> x; }")
        (tmp_path / "inside").mkdir()
        monkeypatch.chdir(tmp_path / "inside")
        assert f"  --> {tmp_path / 'outside' / 'app.wit'}:1:48\n" in cli("check", "../outside").out

    def test_roots_come_in_the_order_given_each_once(self, cli):
        cli.files("//- b/b.wit\npackage corp:b;\n//- a/a.wit\npackage corp:a;")
        done = cli("check", "--format", "json", "b", "a", "b/b.wit", "./b")
        assert [root["root"] for root in json.loads(done.out)["roots"]] == ["b", "a"]

    def test_a_file_of_several_roots_is_judged_in_each_and_reported_once(self, cli, tmp_path: Path):
        cli.files("""
            //- one/app.wit
            package corp:one;
            //- two/app.wit
            package corp:two;
            //- two/deps/other.wit
            package corp:other;
            interface more {}
            //- shared/base.wit
            package corp:base;
            interface api {
                use corp:other/more.{};
                f: func() -> x;
            }
        """)
        (tmp_path / "one" / "deps").symlink_to(tmp_path / "shared", target_is_directory=True)
        os.symlink(tmp_path / "shared" / "base.wit", tmp_path / "two" / "deps" / "base.wit")
        done = cli("check", "--format", "json", "shared", "one", "two")
        assert diagnostics(done) == [
            ("shared/base.wit", 3, "unresolved-package"),
            ("shared/base.wit", 4, "unresolved-name"),
            ("one/deps/base.wit", 3, "unresolved-package"),
            ("one/deps/base.wit", 4, "unresolved-name"),
            ("two/deps/base.wit", 4, "unresolved-name"),
        ]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
    @pytest.mark.parametrize("command", ["check", "fmt", "wit"])
    def test_a_pipe_is_not_waited_for(self, cli, tmp_path: Path, command: str):
        os.mkfifo(tmp_path / "app.wit")
        done = cli(command, "app.wit")
        assert (done.code, done.out) == (2, "")
        assert "`app.wit`: it is neither a directory nor a `.wit` file\n" in done.err

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("nowhere", "cannot check `nowhere`: it does not exist"),
            ("notes.txt", "cannot check `notes.txt`: it is neither a directory nor a `.wit` file"),
            ("empty", "cannot check `empty`: there are no `.wit` files in it"),
            ("a\0b", "cannot check `a␀b`: its name is not one that files can have"),
        ],
    )
    def test_a_path_that_stands_for_nothing_is_refused(self, cli, path: str, message: str):
        cli.files("//- notes.txt\nnotes\n//- empty/readme.md\nnothing")
        assert cli("check", path) == (2, "", f"error: {message}\n")

    @pytest.mark.parametrize("gone", ["nowhere", "empty", "notes.txt"])
    @pytest.mark.parametrize("options", [[], ["--fix"]])
    def test_a_path_that_stands_for_nothing_does_not_keep_the_others_from_being_reported(
        self, cli, tmp_path: Path, gone: str, options: list[str]
    ):
        cli.files(
            ONE_ERROR.replace("app.wit", "good/app.wit").replace("itme", "nothing") + "    //- notes.txt\n    notes"
        )
        (tmp_path / "empty").mkdir()
        alone = cli("check", "good", *options)
        code, out, err = cli("check", gone, "good", *options)
        assert (code, out) == (2, alone.out)
        assert err.startswith(f"error: cannot check `{gone}`: ")
        assert alone.code == 1

    @pytest.mark.parametrize("form", ["json", "sarif", "github", "gitlab", "junit"])
    def test_every_format_has_what_could_be_read(self, cli, form: str):
        cli.files(ONE_ERROR.replace("app.wit", "good/app.wit"))
        alone = cli("check", "--format", form, "good")
        done = cli("check", "--format", form, "nowhere", "good")
        assert done.out == alone.out.replace('"executionSuccessful": true', '"executionSuccessful": false')
        assert (done.code, done.err) == (2, "error: cannot check `nowhere`: it does not exist\n")

    def test_several_paths_that_stand_for_nothing_are_all_named(self, cli):
        assert cli("check", "here", "there").err == (
            "error: cannot check `here`: it does not exist; cannot check `there`: it does not exist\n"
        )

    def test_packages_in_processes_of_their_own_are_reported_as_well(self, cli):
        cli.files("//- one/a.wit\npackage corp:one;\n//- two/a.wit\npackage corp:two;")
        assert cli("check", "one", "nowhere", "two") == (
            2,
            "no mistakes (checked 2 packages, 2 files)\n",
            "error: cannot check `nowhere`: it does not exist\n",
        )


class TestUnreadable:
    def test_a_file_that_cannot_be_read_makes_the_verdict_incomplete(self, cli, monkeypatch):
        cli.files("//- wit/app.wit\npackage corp:app;\n//- wit/big.wit\n// " + "x" * 2000)
        monkeypatch.setattr(disk, "MAX_BYTES", 1000)
        code, out, _ = cli("check")
        assert code == 2
        assert "error[unreadable-file]: cannot read this file: it is larger than" in out
        assert "  --> wit/big.wit\n" in out

    def test_a_folder_that_cannot_be_read_does_so_too(self, cli, monkeypatch):
        cli.files("//- wit/app.wit\npackage corp:app;\n//- wit/deps/x/x.wit\npackage corp:x;")
        listed = disk.list_directory
        monkeypatch.setattr(
            "dataflare_lsp.workspace.roots.list_directory",
            lambda path: disk.Unreadable("permission is denied") if path.endswith("deps") else listed(path),
        )
        done = cli("check", "--format", "json")
        assert done.code == 2
        assert diagnostics(done) == [("wit/deps", 1, "unreadable-file")]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_another_encoding_is_one_mistake_and_what_the_file_says_is_known(self, cli, tmp_path: Path, encoding: str):
        cli.files("//- wit/b.wit\ninterface api { use types.{id}; f: func() -> id; }")
        (tmp_path / "wit" / "a.wit").write_text(
            "package corp:app;\ninterface types { type id = u64; }", encoding=encoding
        )
        name = encoding[:6].upper()
        assert cli("check") == (
            1,
            f"""\
error[unreadable-file]: this file is {name}; WIT is UTF-8
  --> wit/a.wit
   |
   = note: convert it: `iconv -f {name} -t UTF-8`, or in an editor "Save with encoding: UTF-8"
   = note: Windows PowerShell writes UTF-16 by `>`; `Out-File -Encoding utf8` writes UTF-8
   = help: dataflare-lsp explain unreadable-file

1 error in 1 file (checked 1 package, 2 files)
""",
            "",
        )

    @pytest.mark.parametrize("arguments", [["check", "--stdin-filename", "a.wit"], ["fmt", "-"], ["fmt", "a.wit"]])
    def test_commands_refuse_another_encoding(self, cli, tmp_path: Path, arguments: list[str]):
        data = "package corp:app;".encode("utf-16")
        (tmp_path / "a.wit").write_bytes(data)
        done = cli(*arguments, stdin=data)
        assert (done.code, done.out) == (2, "")
        assert "it is UTF-16; WIT is UTF-8\n" in done.err
        assert (tmp_path / "a.wit").read_bytes() == data

    @pytest.mark.parametrize(
        ("path", "data", "message", "note"),
        [
            ("x.wasm", b"nothing", "this is not WebAssembly, which begins with the bytes", "wasm-tools component wit"),
            ("x.wasm", b"", "this is not WebAssembly: the file is empty", "wasm-tools component wit"),
            ("x.wasm", b"\xff\0\xff", "this is not WebAssembly, which begins with the bytes", "wasm-tools"),
            ("x.wat", b"nothing", "this is not WebAssembly, which begins with the bytes", "wasm-tools component wit"),
            ("x.wasm", b"package corp:x;", "this is not WebAssembly but WIT", "name it `x.wit`"),
            ("x.wat", "(component)".encode("utf-16"), "this file is UTF-16; WebAssembly text is UTF-8", "iconv"),
            ("x.wit", b"\0asm\x0d\0\1\0", "this file is WebAssembly, and a `.wit` file is text", "`x.wasm`"),
        ],
    )
    def test_a_file_that_is_not_what_its_name_says_is_one_mistake(
        self, cli, tmp_path: Path, path: str, data: bytes, message: str, note: str
    ):
        cli.files("//- wit/app.wit\npackage corp:app;")
        (tmp_path / "wit" / "deps").mkdir()
        (tmp_path / "wit" / "deps" / path).write_bytes(data)
        code, out, _ = cli("check", "wit")
        assert (code, out.count("error[")) == (1, 1)
        assert out.startswith(f"error[unreadable-file]: {message}")
        assert note in out.partition("= note: ")[2]

    def test_a_dependency_that_is_no_package_is_a_mistake(self, cli, tmp_path: Path):
        cli.files("//- wit/app.wit\npackage corp:app;\n//- wit/deps/readme.md\n")
        (tmp_path / "wit" / "deps").mkdir(exist_ok=True)
        (tmp_path / "wit" / "deps" / "x.wasm").write_bytes(b"\0asm\x01\0\0\0")
        done = cli("check", "--format", "json")
        assert done.code == 1
        assert diagnostics(done) == [("wit/deps/x.wasm", 1, "unreadable-file")]

    def test_bytes_that_are_not_text_are_mistakes(self, cli, tmp_path: Path):
        (tmp_path / "app.wit").write_bytes(b"package corp:app;\n// caf\xe9\n")
        done = cli("check", "--format", "json")
        assert done.code == 1
        assert diagnostics(done) == [("app.wit", 2, "invalid-character")]


class TestFeatures:
    GATED = """
        //- app.wit
        package corp:app@1.0.0;
        interface api {
            @unstable(feature = red)
            type a = u8;
            f: func(a: a);
            @unstable(feature = blue)
            type b = u8;
            g: func(b: b);
        }
    """

    @pytest.mark.parametrize(
        ("options", "lines"),
        [
            ([], [5, 8]),
            (["--features", "red"], [8]),
            (["--features", "red,blue"], []),
            (["--features=red", "--features=blue"], []),
            (["--all-features"], []),
        ],
    )
    def test_features_switch_unstable_items_on(self, cli, options: list[str], lines: list[int]):
        cli.files(self.GATED)
        done = cli("check", "--format", "json", *options)
        assert [(line, code) for _, line, code in diagnostics(done)] == [(line, "inactive-item") for line in lines]


class TestSelection:
    MISTAKES = """
        //- app.wit
        package corp:app;
        interface api {
            record r { a: u8, a: u8 }
            f: func() -> x;
        }
    """

    @pytest.mark.parametrize(
        ("options", "codes"),
        [
            ([], ["duplicate-field", "unresolved-name"]),
            (["--select", "unresolved-name"], ["unresolved-name"]),
            (["--select", "unresolved-name,duplicate-field"], ["duplicate-field", "unresolved-name"]),
            (["--ignore", "unresolved-name"], ["duplicate-field"]),
            (["--ignore=unresolved-name", "--ignore=duplicate-field"], []),
            (["--select", "unresolved-name", "--ignore", "unresolved-name"], []),
        ],
    )
    def test_codes_are_selected_and_ignored(self, cli, options: list[str], codes: list[str]):
        cli.files(self.MISTAKES)
        done = cli("check", "--format", "json", *options)
        assert [code for _, _, code in diagnostics(done)] == codes
        assert done.code == int(bool(codes))

    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    def test_a_code_that_does_not_exist_is_refused(self, cli, option: str):
        assert cli("check", option, "unresolved-nam") == (
            2,
            "",
            "error: there is no diagnostic `unresolved-nam`; did you mean `unresolved-name`?\n",
        )
        assert cli("check", option, "x").err == (
            "error: there is no diagnostic `x`; `dataflare-lsp explain` lists all codes\n"
        )


class TestStandardInput:
    def test_it_stands_for_a_file_of_a_package(self, cli):
        cli.files(CLEAN)
        done = cli("check", "--format", "json", "--stdin-filename", "wit/types.wit", stdin="package corp:app;")
        assert diagnostics(done) == [("wit/app.wit", 2, "unresolved-interface")]

    def test_it_may_stand_for_a_file_that_does_not_exist(self, cli):
        cli.files(CLEAN)
        done = cli(
            "check", "--stdin-filename", "wit/new.wit", stdin="interface new { use types.{id}; f: func() -> id; }"
        )
        assert done == (0, "no mistakes (checked 1 package, 3 files)\n", "")

    def test_its_package_decides_which_one_it_belongs_to(self, cli):
        cli.files(CLEAN)
        done = cli("check", "--stdin-filename", "wit/new.wit", stdin="package corp:other; interface i {}")
        assert done == (0, "no mistakes (checked 1 package, 1 file)\n", "")

    def test_it_needs_no_folder(self, cli):
        done = cli("check", "--format", "json", "--stdin-filename", "gone/app.wit", stdin="package corp:app; x")
        assert diagnostics(done) == [("gone/app.wit", 1, "unexpected-token")]

    def test_paths_may_be_checked_with_it(self, cli):
        cli.files(CLEAN)
        done = cli("check", "wit", "--stdin-filename", "wit/new.wit", stdin="interface new { f: func() -> x; }")
        assert "  --> wit/new.wit:1:30\n" in done.out
        assert done.out.endswith("1 error in 1 file (checked 1 package, 3 files)\n")

    @pytest.mark.parametrize("option", ["--fix", "--watch"])
    def test_it_cannot_be_written_or_watched(self, cli, option: str):
        assert cli("check", option, "--stdin-filename", "a.wit") == (
            2,
            "",
            f"error: `{option}` needs files, and `--stdin-filename` says that the text is on standard input\n",
        )

    def test_it_stands_for_wit(self, cli):
        assert cli("check", "--stdin-filename", "a.txt").err == "error: `a.txt` is not the name of a `.wit` file\n"


class TestColour:
    @pytest.fixture(autouse=True)
    def _package(self, cli):
        cli.files(ONE_ERROR)

    def test_there_is_none_where_the_output_is_no_terminal(self, cli):
        assert "\x1b" not in cli("check").out

    def test_it_can_be_forced(self, cli, monkeypatch):
        monkeypatch.setenv("CLICOLOR_FORCE", "1")
        assert cli("check").out.startswith("\x1b[1;31merror[unresolved-name]\x1b[0m")

    def test_it_is_there_on_a_terminal_and_can_be_refused(self, cli, monkeypatch):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        assert "\x1b[1;31m" in cli("check").out
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in cli("check").out

    def test_reports_for_programs_never_have_it(self, cli, monkeypatch):
        monkeypatch.setenv("CLICOLOR_FORCE", "1")
        for name in ("json", "sarif", "github", "gitlab", "junit"):
            assert "\x1b" not in cli("check", "--format", name).out
