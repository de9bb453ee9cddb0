"""The real Emacs with the real server, without a terminal: the tests are Emacs's own, `editors/emacs/test`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.others import missing, other
from support.plugin_builds import plugin
from support.shared import REPOSITORY

from dataflare_lsp.workspace.roots import CORE

EDITOR = REPOSITORY / "editors" / "emacs"
TESTS = EDITOR / "test" / "dataflare-test.el"
NAMES = re.findall(r"^\(ert-deftest (\S+)", TESTS.read_text(encoding="utf-8"), re.MULTILINE)


def emacs(home: Path, *arguments: str, **variables: str) -> str:
    """What Emacs says, having run without the user's configuration. Fails where it does."""
    done = subprocess.run(
        [other("emacs"), "--batch", "--no-init-file", "-L", str(EDITOR), *arguments],
        env={**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(autouse=True)
def eglot(tmp_path: Path) -> None:
    """It is a part of Emacs since 29, and a package before."""
    found = emacs(tmp_path, "--eval", '(progn (package-initialize) (message "eglot: %s" (locate-library "eglot")))')
    if "eglot: nil" in found:
        missing("this Emacs has no eglot")


def test_what_a_user_sees(tmp_path: Path):
    plugin(tmp_path / "plugin")
    said = emacs(
        tmp_path,
        "-l",
        str(TESTS),
        "-f",
        "ert-run-tests-batch-and-exit",
        DATAFLARE_TEST_COMMAND="\n".join([sys.executable, "-m", "dataflare_lsp"]),
        DATAFLARE_TEST_PLUGIN=str(tmp_path / "plugin"),
        DATAFLARE_TEST_HOST_WIT=str(Path(CORE) / "host.wit"),
    )
    assert f"Ran {len(NAMES)} tests, " in said
    # Those for packages of others are skipped without these.
    if skipped := re.findall(r"SKIPPED +(\S+)", said):
        missing(f"lsp-mode or dap-mode is not installed, for {', '.join(sorted(set(skipped)))}")


def test_the_page_sets_it_up(tmp_path: Path):
    """What a reader copies into a fresh configuration starts the server, which says what is wrong."""
    page = (REPOSITORY / "docs" / "how-to" / "emacs.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```elisp\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.wit").write_text("package a:b;\ninterface i { f: func() -> nothing; }\n", encoding="utf-8")
    (tmp_path / "init.el").write_text(
        block.replace("/path/to/dataflare-lsp", str(REPOSITORY))
        + f"""
        (package-initialize)
        (setq dataflare-program '("{sys.executable}" "-m" "dataflare_lsp"))
        (find-file "{tmp_path}/a.wit")
        (run-hooks 'post-command-hook)
        (let ((end (+ (float-time) 60)))
          (while (and (< (float-time) end) (not (flymake-diagnostics)))
            (accept-process-output nil 0.05)
            (flymake-start)))
        (message "%s" (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
        (eglot-shutdown (eglot-current-server))
        """,
        encoding="utf-8",
    )
    said = emacs(tmp_path, "--eval", "(package-initialize)", "-l", str(tmp_path / "init.el"))
    assert "no type `nothing` in interface `i`" in said


@pytest.mark.parametrize("name", ["wit-mode.el", "dataflare.el"])
def test_it_compiles_without_a_warning(tmp_path: Path, name: str):
    """Into a folder of the test, so that nothing compiled is left beside the source."""
    target = f'(setq byte-compile-error-on-warn t byte-compile-dest-file-function (lambda (_) "{tmp_path}/x.elc"))'
    emacs(tmp_path, "--eval", target, "-f", "batch-byte-compile", str(EDITOR / name))
    assert (tmp_path / "x.elc").exists()
