"""Reading what lies on disk: every kind of file, every kind of name."""

import os
from pathlib import Path

import pytest

from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_bytes, read_text, text_of
from dataflare_lsp.workspace.roots import find_roots

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


def test_bytes_that_are_not_utf8_stand_as_surrogates(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_bytes(b"\xef\xbb\xbf a \xff\x80 \xed\xa0\x80")
    assert read_text(str(tmp_path / "a.wit")) == "\ufeff a \udcff\udc80 \udced\udca0\udc80"


@posix
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = str(tmp_path / "a.wit")
    os.mkfifo(pipe)
    assert read_bytes(pipe) == Unreadable("it is not a regular file")


@posix
def test_a_device_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.wit").symlink_to("/dev/zero")
    assert read_bytes(str(tmp_path / "a.wit")) == Unreadable("it is not a regular file")


@pytest.mark.parametrize("name", ["nothing.wit", "a\0b.wit"])
def test_what_cannot_be_opened_says_why(tmp_path: Path, name: str) -> None:
    assert isinstance(read_bytes(str(tmp_path / name)), Unreadable)


@posix
def test_links_that_lead_nowhere_or_in_a_circle_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "nowhere.wit").symlink_to("nothing")
    (tmp_path / "circle.wit").symlink_to("circle.wit")
    (tmp_path / "folder.wit").mkdir()
    (tmp_path / "up").symlink_to("..")
    (tmp_path / "a.wit").write_text("package a:b;\n")
    (root,) = find_roots([str(tmp_path)])
    assert root.files == (str(tmp_path / "a.wit"),)
    assert root.unreadable == ()


@posix
def test_names_that_are_not_unicode_are_passed_by(tmp_path: Path) -> None:
    """As in the reference; but a folder by such a name can be worked in."""
    try:
        strange = tmp_path / "\udcff"
        strange.mkdir()
    except OSError:
        pytest.skip("this file system has no such names")
    (strange / "a.wit").write_text("package a:b;\n")
    (strange / "\udcfe.wit").write_text("package a:b;\n")
    assert find_roots([str(tmp_path)]) == []
    (root,) = find_roots([str(strange)])
    assert root.files == (str(strange / "a.wit"),)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a:b", "a:b"),
        (b"\xef\xbb\xbfa:b", "\ufeffa:b"),
        (b"", ""),
        (b"\0", "\0"),
        (b"a\0b:", "a\0b:"),
        ("a:b é".encode("utf-16"), ForeignEncoding("UTF-16", "a:b é")),
        (b"\xfe\xff" + "a:b".encode("utf-16-be"), ForeignEncoding("UTF-16", "a:b")),
        ("a:b".encode("utf-16-le"), ForeignEncoding("UTF-16", "a:b")),
        ("a:b".encode("utf-16-be"), ForeignEncoding("UTF-16", "a:b")),
        ("a:b".encode("utf-32"), ForeignEncoding("UTF-32", "a:b")),
        (b"\0\0\xfe\xff" + "a:b".encode("utf-32-be"), ForeignEncoding("UTF-32", "a:b")),
        ("a:b".encode("utf-32-le"), ForeignEncoding("UTF-32", "a:b")),
        ("a:b".encode("utf-32-be"), ForeignEncoding("UTF-32", "a:b")),
        (b"\xff\xfea\0b", ForeignEncoding("UTF-16", "a\ufffd")),
    ],
)
def test_other_encodings_are_known_by_their_first_bytes(data: bytes, found: str | ForeignEncoding) -> None:
    assert text_of(data) == found
