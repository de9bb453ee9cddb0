"""The README does as it says: its commands are those that CI runs, and what it shows is what is printed."""

import os
import shlex
import subprocess
import sys

import pytest
from support.readme import block
from support.shared import REPOSITORY


@pytest.mark.parametrize("command", ["try-it", "run-tests"])
def test_a_command_is_one_line_and_ci_runs_it(command: str):
    assert block(command).count("\n") == 1
    assert f"support/readme.py {command})" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed() -> str:
    """What the first command prints, run here from its last part on."""
    program, *arguments = shlex.split(block("try-it").split("&&")[-1])
    assert program == ".venv/bin/dataflare-lsp"
    run = subprocess.run(
        [sys.executable, "-m", "dataflare_lsp", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (run.returncode, run.stderr) == (1, "")
    return run.stdout


def test_the_output_shown_is_the_output(printed: str):
    assert block("try-it-output") == printed


def test_the_picture_is_a_part_of_the_output(printed: str):
    assert block("picture") in printed
