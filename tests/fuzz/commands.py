"""Commands in folders of every kind: they end, in time, with an exit code that they are documented to have."""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest import mock

from dataflare_lsp.cli.main import main
from fuzz.case import Case, Finding
from fuzz.mutation import mutated
from fuzz.robustness import make as any_text
from fuzz.seeds import seed

SECONDS = 20.0
"""How long a command may compute here, where no folder holds more than some 100 KB, each sign of it a mistake."""

LINK = "\0link "
PIPE = "\0pipe"
FOLDER = "\0folder"
"""Texts that stand for what is no file: a link to what follows, a pipe, a folder."""

_NAMES = (
    *(
        "x.wit",
        "a b.wit",
        "-x.wit",
        "--fix.wit",
        "é.wit",
        "\U0001f600.wit",
        "new\nline.wit",
        "\udcff.wit",
        ".wit",
        ".x.wit",
    ),
    *(
        "x.WIT",
        "x.wit.wit",
        "x.wasm",
        "x.wat",
        "notes.txt",
        ".gitignore",
        "n" * 250 + ".wit",
        "'\".wit",
        "\x1b[31m.wit",
    ),
)
_FOLDERS = (
    "deps",
    "a",
    "b",
    ".git",
    "node_modules",
    "x.wit",
    "é",
    "\udcfe",
    "d" * 200,
    "deps/a",
    "a/deps",
    "a/b/c/d/e/f/g/h",
)
_GIVEN = ("deps", "x.wit", ".", "deps/a", "a", "..", "nothing", "nothing.wit", "", "\0", "a/../x.wit", "x.wit/", "-")
_COMMANDS = (
    *(("check",), ("check", "--format", "json"), ("check", "--format", "sarif"), ("check", "--format", "github")),
    *(("check", "--format", "junit"), ("check", "--all-features", "--deny", "warnings"), ("check", "--fix")),
    *(("fmt",), ("fmt", "--check"), ("fmt", "--diff"), ("wit",), ("wit", "--json")),
)


def make(chance: Random) -> Case:
    case = mutated(seed(chance, most=6000), chance)
    if chance.random() < 0.1:
        case = any_text(chance)
    files = {path: text for path, text in case.files.items() if not _clashes(path, {})}
    for _ in range(chance.choice((0, 1, 2, 2, 3, 5))):
        folder = chance.choice(("", "", *_FOLDERS))
        path = f"{folder}/{chance.choice(_NAMES)}" if folder else chance.choice(_NAMES)
        text = chance.choice(
            (
                *(
                    LINK + target
                    for target in (".", "..", "x.wit", "nothing", path.split("/")[-1], "/dev/zero", "deps", "../a")
                ),
                *(PIPE, FOLDER, "", "*.wit\n!x.wit\n", "package a:b;\n", "\udcff\0", "(module)", "\0asm\x01\0\0\0"),
                *case.files.values(),
            )
        )
        if not _clashes(path, files):
            files[path] = text
    return Case(files, case.features, chance.randrange(1 << 32))


def _clashes(path: str, files: dict[str, str]) -> bool:
    """Whether a path goes through a file, or one of the files through it."""
    return any(path == other or path.startswith(other + "/") or other.startswith(path + "/") for other in files)


def write(case: Case, folder: Path) -> None:
    """Put the files, and what is none, into a folder; what the system does not allow is left out."""
    for path, text in case.files.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith(LINK):
                target.symlink_to(text.removeprefix(LINK))
            elif text == PIPE:
                os.mkfifo(target)
            elif text == FOLDER:
                target.mkdir()
            else:
                target.write_bytes(text.encode("utf-8", "surrogateescape" if "\ud800" not in text else "replace"))
        except OSError:
            continue


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: bytes
    error: bytes
    seconds: float


def run(*arguments: str) -> Done:
    """A command in this process, with nothing on its standard input."""
    out, error = io.BytesIO(), io.BytesIO()
    start = time.process_time()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""))),
        mock.patch.dict(os.environ, {"DATAFLARE_LSP_TRACEBACK": "1"}),
        contextlib.redirect_stdout(io.TextIOWrapper(out, "utf-8", write_through=True)) as stdout,
        contextlib.redirect_stderr(io.TextIOWrapper(error, "utf-8", write_through=True)) as stderr,
    ):
        code = main(arguments)
        stdout.flush()
        stderr.flush()
        return Done(code, out.getvalue(), error.getvalue(), time.process_time() - start)


def judge(case: Case) -> Finding | None:
    chance = Random(case.chance)
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as name:
        # A folder deeper, so that `..` holds nothing of anybody else.
        folder = Path(name) / "case"
        folder.mkdir()
        write(case, folder)
        os.chdir(folder)
        try:
            for _ in range(3):
                command = (*chance.choice(_COMMANDS), *_paths(case, chance))
                present = _entries(folder)
                done = run(*command)
                if done.code not in (0, 1, 2):
                    return Finding("an exit code that means nothing", f"{command}: {done}")
                if done.seconds > SECONDS:
                    return Finding("slow", f"{command}: {done.seconds:.1f} s")
                if "json" in command and done.out:
                    json.loads(done.out)
                if done.code == 2 and not done.error and not done.out:
                    return Finding("a refusal without a word", f"{command}: {done}")
                if _entries(folder) != present:
                    return Finding("files come or go", f"{command}: {_entries(folder) ^ present}")
        finally:
            os.chdir(before)
            shutil.rmtree(folder / "a", ignore_errors=True)
    return None


def _entries(folder: Path) -> set[str]:
    return {os.path.join(path, name) for path, folders, files in os.walk(folder) for name in (*folders, *files)}


def _paths(case: Case, chance: Random) -> list[str]:
    paths = [chance.choice((*_GIVEN, *case.files, *case.files)) for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    return ["--", *paths] if chance.random() < 0.7 else paths
