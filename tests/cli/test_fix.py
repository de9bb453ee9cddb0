import os
import stat
from pathlib import Path

import pytest

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.files import replace_text

FIXABLE = """
    //- app.wit
    package corp:app;
    interface api {
        record item { id: u64 }
        get: func() -> itme
        put: func(item: iten);
        drop: func() -> nothing;
    }
"""


def test_what_is_certain_is_mended_and_the_rest_reported(cli):
    cli.files(FIXABLE)
    assert cli("check", "--fix") == (
        1,
        """\
error[unresolved-name]: no type `nothing` in interface `api`
  --> app.wit:6:21
   |
 6 |     drop: func() -> nothing;
   |                     ^^^^^^^
   |
   = help: dataflare-lsp explain unresolved-name

mended 3 mistakes; 1 error (checked 1 package, 1 file)
""",
        "",
    )
    assert (
        cli.text("app.wit")
        == """\
package corp:app;
interface api {
    record item { id: u64 }
    get: func() -> item;
    put: func(item: item);
    drop: func() -> nothing;
}
"""
    )


def test_what_is_wrong_in_a_dependency_is_not_counted_as_to_be_mended(cli):
    cli.files("""
        //- wit/app.wit
        package corp:app;
        interface api { f: func() }
        //- wit/deps/base.wit
        package corp:base;
        interface api { f: func() }
    """)
    assert cli("check", "wit").out.endswith(
        "\n2 errors in 2 files, 1 can be mended by `--fix` (checked 1 package, 2 files)\n"
    )
    assert cli("check", "wit", "--fix").out.endswith(
        "\nmended 1 mistake; 1 error in 1 file (checked 1 package, 2 files)\n"
    )
    # What is a dependency of one package may be given itself.
    assert cli("check", "wit", "wit/deps/base.wit").out.endswith(
        "\n1 error in 1 file, 1 can be mended by `--fix` (checked 2 packages, 2 files)\n"
    )


def test_a_second_run_changes_nothing(cli):
    cli.files(FIXABLE)
    cli("check", "--fix")
    mended = cli.text("app.wit")
    assert cli("check", "--fix").out.endswith("\n1 error (checked 1 package, 1 file)\n")
    assert cli.text("app.wit") == mended


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("package a:b;\ninterface i {\n  f: func(:{\n", id="behind a brace that nothing closes"),
        pytest.param("package a:b;\ninterface i {\n  f: func() -> /* u8;\n}\n", id="behind an open comment"),
        pytest.param("package a:b;\nworld w {\n  import f: func(x: (u8\n", id="behind a bracket that nothing closes"),
    ],
)
def test_what_no_sign_can_mend_is_left_alone(cli, tmp_path: Path, text: str):
    """What would be inserted there would be read as part of what is open."""
    (tmp_path / "app.wit").write_bytes(text.encode())
    assert cli("check", "--fix").code == 1
    mended = cli.text("app.wit")
    again = cli("check", "--fix")
    assert "can be mended" not in again.out
    assert cli.text("app.wit") == mended
    assert len(mended) < len(text) + 5


def test_only_what_is_selected_is_mended(cli):
    cli.files(FIXABLE)
    cli("check", "--fix", "--select", "expected-token")
    assert "get: func() -> itme;" in cli.text("app.wit")


def test_dependencies_are_left_to_their_owners(cli):
    cli.files("""
        //- app.wit
        package corp:app;
        //- deps/base.wit
        package corp:base;
        interface api { type item = u8; get: func() -> itme; }
    """)
    before = cli.text("deps/base.wit")
    assert cli("check", "--fix").code == 1
    assert cli.text("deps/base.wit") == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_byte_order_mark_and_foreign_bytes_stay(cli, tmp_path: Path, newline: str, mark: str):
    interface = "interface api { type item = u8; f: func() -> itme; }"
    text = f"{mark}package corp:app;{newline}// caf\udce9{newline}{interface}{newline}"
    (tmp_path / "app.wit").write_bytes(text.encode("utf-8", "surrogateescape"))
    cli("check", "--fix")
    after = (tmp_path / "app.wit").read_bytes().decode("utf-8", "surrogateescape")
    assert after == text.replace("itme", "item")


@pytest.mark.skipif(os.name == "nt", reason="the modes are those of POSIX")
def test_mode_and_link_of_a_file_stay(cli, tmp_path: Path):
    cli.files(FIXABLE.replace("app.wit", "real/app.wit"))
    real = tmp_path / "real" / "app.wit"
    real.chmod(0o640)
    (tmp_path / "link.wit").symlink_to(real)
    assert cli("check", "--fix", "link.wit").out.startswith("error[unresolved-name]")
    assert (tmp_path / "link.wit").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "itme" not in real.read_text()
    assert os.listdir(tmp_path / "real") == ["app.wit"]


class TestReplacing:
    def test_a_failing_write_leaves_the_old_text_and_nothing_else(self, tmp_path: Path, monkeypatch):
        file = tmp_path / "app.wit"
        file.write_text("old")

        def fail(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("dataflare_lsp.cli.files.os.replace", fail)
        with pytest.raises(Failure) as failed:
            replace_text(str(file), "old", "new")
        assert failed.value.message == f"cannot write `{file}`: no space left on device"
        assert file.read_text() == "old"
        assert os.listdir(tmp_path) == ["app.wit"]

    def test_what_somebody_else_has_written_meanwhile_is_not_lost(self, tmp_path: Path):
        file = tmp_path / "app.wit"
        file.write_text("theirs")
        with pytest.raises(Failure, match="it was changed by someone else meanwhile"):
            replace_text(str(file), "old", "new")
        assert file.read_text() == "theirs"

    def test_a_file_that_is_gone_is_not_made_again(self, tmp_path: Path):
        with pytest.raises(Failure, match="it does not exist"):
            replace_text(str(tmp_path / "app.wit"), "old", "new")
        assert os.listdir(tmp_path) == []

    def test_a_file_that_may_not_be_written_is_not(self, tmp_path: Path, monkeypatch):
        file = tmp_path / "app.wit"
        file.write_text("old")
        monkeypatch.setattr("dataflare_lsp.cli.files.os.access", lambda *_: False)
        with pytest.raises(Failure, match="permission is denied"):
            replace_text(str(file), "old", "new")
        assert file.read_text() == "old"


def test_an_interface_named_like_a_keyword_is_used_with_its_sign(cli):
    cli.files("""
        //- app.wit
        package corp:app;
        interface %from { type it = u8; }
        interface api { f: func() -> it; }
    """)
    assert cli("check", "--fix").code == 0
    assert "use %from.{it};" in cli.text("app.wit")
