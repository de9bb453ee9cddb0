"""The how-to page on compatibility, followed to the letter, in a git repository of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from support.shared import REPOSITORY

_STEP = re.compile(
    r"<!-- file: (?P<path>\S+) -->\n```(?:wit|toml)\n(?P<content>.*?)```"
    r"|<!-- shell -->\n```sh\n(?P<shell>[^\n]*)\n```"
    r"|<!-- run -->\n```sh\ndataflare-lsp (?P<command>[^\n]*)\n```(?:\n\n```text\n(?P<output>.*?)```)?",
    re.DOTALL,
)
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


def test_keep_a_package_compatible(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "how-to" / "compatibility.md").read_text(encoding="utf-8")
    steps = list(_STEP.finditer(page))
    exits = []
    for step in steps:
        if step["path"]:
            file = tmp_path / step["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["content"], encoding="utf-8")
        elif step["shell"]:
            for command in step["shell"].split(" && "):
                words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
                subprocess.run(words, cwd=tmp_path, env={**os.environ, **_IDENTITY}, check=True)
        else:
            ran = subprocess.run(
                [sys.executable, "-m", "dataflare_lsp", *step["command"].split()],
                cwd=tmp_path,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            exits.append(ran.returncode)
            assert ran.stderr == ""
            if step["output"] is None:
                assert '"enough": true' in ran.stdout
            else:
                assert ran.stdout == step["output"]
    assert exits == [1, 0, 1, 1]
