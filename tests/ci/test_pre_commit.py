"""The hooks, run by the real pre-commit from a clone of this repository, as a user's configuration names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support import clone
from support.shared import REPOSITORY

HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

TYPES = "package corp:app;\n\ninterface types {\n    type key = u64;\n}\n"
API = "interface api {\n    use types.{key};\n\n    get: func(key: key);\n}\n"


class Project:
    """A user's repository with the hooks, whose environment is made once for all tests."""

    def __init__(self, folder: Path, home: Path, hooks: Path, revision: str) -> None:
        self.folder = folder
        self._home = home
        configuration = {
            "repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": hook["id"]} for hook in HOOKS]}]
        }
        folder.mkdir()
        self.write(".pre-commit-config.yaml", yaml.safe_dump(configuration))
        clone.git(folder, "init", "--quiet", "--initial-branch=main")

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")

    def run(self) -> tuple[int, str]:
        """Stage everything and run the hooks on what changed since the last commit: the exit code, and what is said."""
        clone.git(self.folder, "add", "--all")
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color=never"],
            cwd=self.folder,
            env={**os.environ, "PRE_COMMIT_HOME": str(self._home)},
            capture_output=True,
            encoding="utf-8",
            timeout=600,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A home for pre-commit, a clone with the hooks, and its commit."""
    hooks = tmp_path_factory.mktemp("hooks")
    clone.copy(hooks)
    return tmp_path_factory.mktemp("home"), hooks, clone.commit(hooks)


@pytest.fixture
def project(tmp_path: Path, published: tuple[Path, Path, str]) -> Project:
    home, hooks, revision = published
    project = Project(tmp_path / "project", home, hooks, revision)
    project.write("wit/types.wit", TYPES)
    project.write("wit/api.wit", API)
    return project


def test_the_package_is_checked_and_not_the_file_that_changed(project: Project):
    assert project.run()[0] == 0
    clone.commit(project.folder)
    project.write("wit/types.wit", TYPES.replace("key", "id"))
    code, said = project.run()
    assert code == 1
    assert "error[unresolved-name]: no type `key` in interface `types`" in said
    assert "wit/api.wit:2:16" in said


def test_the_files_that_changed_are_formatted_and_dependencies_are_not(project: Project):
    loose = "package corp:dep;\ninterface   d{}\n"
    project.write("wit/deps/dep/d.wit", loose)
    project.write("wit/api.wit", API.replace("get: func(key: key)", "get:func( key:key )"))
    code, said = project.run()
    assert code == 1
    assert "files were modified by this hook" in said
    assert (project.folder / "wit" / "api.wit").read_text() == API
    assert (project.folder / "wit" / "deps" / "dep" / "d.wit").read_text() == loose
    assert project.run()[0] == 0


def test_a_manifest_starts_the_check_and_other_files_start_nothing(project: Project):
    clone.commit(project.folder)
    project.write("notes.txt", "nothing\n")
    code, said = project.run()
    assert (code, said.count("Skipped")) == (0, 2)
    project.write("dataflare.toml", 'manifest-version = 1\n[plugin]\nname = "corp:app"\nkind = "procesor"\n')
    code, said = project.run()
    assert code == 1
    assert "error[invalid-value]" in said


def test_the_hooks_are_as_pre_commit_wants_them():
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=REPOSITORY,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
