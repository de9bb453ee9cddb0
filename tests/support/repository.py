"""A git repository in a folder, to read packages from its revisions."""

import subprocess
from pathlib import Path

from dataflare_lsp.workspace.revision import extract

PACKAGE = "package corp:app;\n"


class Repository:
    """A git repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.file.allow=always"]
        done = subprocess.run(["git", *names, *arguments], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, path: str, text: str = PACKAGE) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def commit(self, tag: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", tag)
        self.git("tag", tag)

    def files(self, revision: str, path: str, start: str = ".") -> dict[str, str]:
        """What is extracted, by the paths below the folder that it is put into; `to` is what they stand for."""
        folder = self.folder.parent / f"out{len(list(self.folder.parent.iterdir()))}"
        folder.mkdir()
        target = extract(revision, path, str(self.folder / start), str(folder))
        assert Path(target).exists()
        found = [file for file in sorted(folder.rglob("*")) if file.is_file()]
        return {file.relative_to(folder).as_posix(): file.read_text() for file in found}
