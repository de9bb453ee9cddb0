"""The command, run in this process, in a folder of its own."""

import io
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support.program import program

from dataflare_lsp.cli.main import main


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class CommandLine:
    """A folder, and commands that are given in it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._capture = capture

    def files(self, written: str) -> None:
        """Put the files of a text into the folder: `//- path` begins each."""
        program(written).write(self.folder)

    def text(self, path: str) -> str:
        """The text of a file as it is now, with its line breaks as they are."""
        return (self.folder / path).read_bytes().decode()

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> Done:
        """`dataflare-lsp` with these arguments, and this on its standard input."""
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        code = main(arguments)
        return Done(code, *self._capture.readouterr())


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line in an empty folder."""
    for name in ("NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "DATAFLARE_LSP_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path, monkeypatch, capsys)
