"""Reading of WebAssembly files what tells their WIT."""

import os
from pathlib import Path

import pytest
from support.encoded import committed

from dataflare_lsp.component.binary import DEFAULT_LIMITS
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.wit_text import wit_of
from dataflare_lsp.workspace.disk import MAX_BYTES, Unreadable, read_excerpt


def test_a_binary(tmp_path: Path):
    file = tmp_path / "plugin.wasm"
    file.write_bytes(committed("plugin"))
    data = read_excerpt(str(file))
    assert not isinstance(data, Unreadable)
    assert wit_of(data) == wit_of(committed("plugin"))


@pytest.mark.parametrize("content", [b"", b"\0as", b"(component)", b"package a:b;"])
def test_what_is_no_binary_is_read_whole(tmp_path: Path, content: bytes):
    file = tmp_path / "file.wasm"
    file.write_bytes(content)
    assert read_excerpt(str(file)) == content


def test_binaries_may_be_larger_than_sources(tmp_path: Path):
    file = tmp_path / "large.wasm"
    size = MAX_BYTES + 1
    section = bytes([0, *(size >> shift & 0x7F | 0x80 for shift in (0, 7, 14, 21)), 0])
    file.write_bytes(b"\0asm\x0d\0\1\0" + section)
    os.truncate(file, 8 + len(section) + size)
    data = read_excerpt(str(file))
    assert not isinstance(data, Unreadable)
    assert wit_of(data).kind == "component"


def test_binaries_of_more_than_the_limit_are_refused_unread(tmp_path: Path):
    file = tmp_path / "vast.wasm"
    file.write_bytes(b"\0asm\x0d\0\1\0")
    os.truncate(file, DEFAULT_LIMITS.size + 1)
    with pytest.raises(MalformedComponent, match="the file is larger than the 268435456 bytes that this tool reads"):
        read_excerpt(str(file))


def test_what_cannot_be_read(tmp_path: Path):
    assert read_excerpt(str(tmp_path / "missing.wasm")) == Unreadable("it does not exist")
    assert isinstance(read_excerpt(str(tmp_path)), Unreadable)
    assert isinstance(read_excerpt("a\0b.wasm"), Unreadable)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.wasm")
    assert read_excerpt(str(tmp_path / "pipe.wasm")) == Unreadable("it is not a regular file")
