"""Building a plugin before it is debugged: the command that the user asked for, its output, and how it ended."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import NamedTuple

from dataflare_lsp.debug.debuggee import Output


class Built(NamedTuple):
    """The command has ended; `failure` says why the plugin is not built, and is empty where it is."""

    failure: str = ""


class Build:
    """A command that runs in a folder, as the user would run it there. What it does is reported by another thread."""

    def __init__(self, command: str, directory: str, report: Callable[[Output | Built], None]) -> None:
        self._command = command
        self._report = report
        self._is_stopped = False
        try:
            self._process = subprocess.Popen(
                command,
                shell=True,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            report(Built(f"`{command}` cannot be run in `{directory}`: {(error.strerror or str(error)).lower()}"))
            return
        threading.Thread(target=self._follow, name="build", daemon=True).start()

    def stop(self) -> None:
        """End the command, and what it has started."""
        self._is_stopped = True
        if sys.platform == "win32":
            self._process.kill()
        else:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass  # it has ended by itself

    def _follow(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self._report(Output("console", line.decode(errors="replace")))
        code = self._process.wait()
        if self._is_stopped:
            self._report(Built("the build was cancelled"))
        elif code:
            self._report(Built(f"`{self._command}` failed with exit code {code}; its output is in the console"))
        else:
            self._report(Built())
