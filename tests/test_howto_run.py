"""The how-to page on running, followed to the letter, in the folder of the example that it is about."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from support.shared import REPOSITORY

_STEP = re.compile(
    r"<!-- file: (?P<path>\S+) -->\n```json\n(?P<content>.*?)```"
    r"|<!-- run -->\n```sh\ndataflare-lsp (?P<command>[^\n]*)\n```\n\n```text\n(?P<output>.*?)```",
    re.DOTALL,
)


def test_run_a_plugin(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "how-to" / "run-a-plugin.md").read_text(encoding="utf-8")
    folder = tmp_path / "pass-through"
    shutil.copytree(REPOSITORY / "docs" / "examples" / "pass-through", folder)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONIOENCODING": "utf-8"}
    exits = []
    for step in _STEP.finditer(page):
        if step["path"]:
            (folder / step["path"]).write_text(step["content"], encoding="utf-8")
            continue
        ran = subprocess.run(
            [sys.executable, "-m", "dataflare_lsp", *shlex.split(step["command"])],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
        assert ran.stdout == step["output"]
        exits.append(ran.returncode)
    assert exits == [0, 0, 1, 0, 0, 0]
