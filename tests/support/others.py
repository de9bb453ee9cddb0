"""Programs of others that only some tests need: shells, editors. Who lacks one skips these tests; CI has them all.

Run as a program, it prints the Debian packages of those that are missing.
"""

import os
import shutil
from typing import NoReturn

import pytest

PACKAGES = {
    "bash": "bash",
    "dbus-run-session": "dbus-daemon",
    "emacs": "emacs-nox elpa-eglot elpa-dap-mode",
    "fish": "fish",
    "kate": "kate",
    "kate-syntax-highlighter": "libkf5syntaxhighlighting-tools",
    "zsh": "zsh",
}
"""The Debian packages of each program that is not on every machine."""


def other(name: str) -> str:
    """The path of a program. Skips the test without it, or fails it where DATAFLARE_LSP_REQUIRE_OTHERS is 1."""
    path = shutil.which(name)
    if path is None:
        missing(f"there is no `{name}` on PATH; Debian has it in `{PACKAGES.get(name, name)}`")
    return path


def missing(message: str) -> NoReturn:
    """Skip the test for want of what the message names, or fail it where nothing may be missing."""
    if os.environ.get("DATAFLARE_LSP_REQUIRE_OTHERS") == "1":
        pytest.fail(message)
    pytest.skip(message)


if __name__ == "__main__":
    print(*sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None}))
