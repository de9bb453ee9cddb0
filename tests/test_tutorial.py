"""The tutorial, followed to the letter: its files are written, its commands run, their output is what it shows."""

import re
import subprocess
import sys
from pathlib import Path

from support.shared import REPOSITORY

_STEP = re.compile(
    r"<!-- file: (?P<path>\S+) -->\n```wit\n(?P<content>.*?)```"
    r"|<!-- run -->\n```sh\ndataflare-lsp (?P<command>[^\n]*)\n```(?:\n\n```text\n(?P<output>.*?)```)?",
    re.DOTALL,
)


def test_getting_started(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "tutorial" / "getting-started.md").read_text(encoding="utf-8")
    steps = list(_STEP.finditer(page))
    assert len([step for step in steps if step["command"]]) == 5
    for step in steps:
        if step["path"]:
            file = tmp_path / step["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["content"], encoding="utf-8")
            continue
        ran = subprocess.run(
            [sys.executable, "-m", "dataflare_lsp", *step["command"].split()],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if step["output"] is None:
            assert ran.returncode == 0, ran.stderr
        else:
            assert ran.stdout + ran.stderr == step["output"]
