"""A clone of this repository as it stands, with what is not committed yet."""

import shutil
import subprocess
from pathlib import Path

import pytest
from support.shared import REPOSITORY


def files() -> list[str]:
    """The paths of the repository's own files. Skips the test outside of a clone, as in a source distribution."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is not a clone of the repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    return [path for path in listed.stdout.decode().split("\0") if path and (REPOSITORY / path).exists()]


def copy(folder: Path) -> None:
    """Put the files into `folder`."""
    for path in files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / path, target)


def git(folder: Path, *arguments: str) -> str:
    """What git prints in `folder`, as an author of its own, without the user's configuration."""
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *names, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    """The name of a commit of all that is in `folder`, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it stands")
    return git(folder, "rev-parse", "HEAD")
