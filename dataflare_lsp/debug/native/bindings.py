"""Where a plugin's Python code is, and the bindings that it was written against."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from dataflare_lsp.workspace.launch import CannotLaunch, Launch

_TOOL: Final = "componentize-py"
_PATIENCE: Final = 60.0
_IS_NEW_ENOUGH: bool = tuple(sys.version_info) >= (3, 11)
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Native(NamedTuple):
    """A module to run, and the folders that it and its bindings are in."""

    module: str
    folders: tuple[str, ...]


@contextmanager
def native_of(launch: Launch, module: str | None) -> Iterator[Native]:
    """What to run of a plugin that is written in Python, for as long as this lasts. Raises CannotLaunch.

    The module is the one named, or the one that the manifest's build command gives to componentize-py. Bindings are
    those in the plugin's folder; where there are none, componentize-py makes them.
    """
    if not _IS_NEW_ENOUGH:
        raise CannotLaunch("componentize-py's bindings need Python 3.11; this is an older one")
    module = module or _built(launch.build or "")
    if module is None:
        raise CannotLaunch(
            "it is not known which module the plugin is: let `build.command` of the manifest call componentize-py, "
            "or name it with `module`"
        )
    if not _MODULE.fullmatch(module):
        raise CannotLaunch(f"`{module}` is no name of a module")
    directory = launch.directory
    if not any(os.path.exists(os.path.join(directory, *module.split(".")) + end) for end in (".py", "/__init__.py")):
        raise CannotLaunch(f"there is no module `{module}` in `{directory}`")
    with ExitStack() as stack:
        folders = [directory]
        if not os.path.isdir(os.path.join(directory, "wit_world")):
            folders.append(_made(launch, stack.enter_context(TemporaryDirectory(prefix="dataflare-lsp-"))))
        yield Native(module, tuple(folders))


def _built(command: str) -> str | None:
    """The module in `componentize-py -d wit -w plugin componentize app -o plugin.wasm`."""
    words = _words(command)
    at = next((i for i, word in enumerate(words) if word == "componentize"), None)
    return words[at + 1] if at is not None and at + 1 < len(words) else None


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _made(launch: Launch, folder: str) -> str:
    """Bindings made by componentize-py, with the options that the build gives it."""
    words = _words(launch.build or "")
    at = next((i for i, word in enumerate(words) if word == "componentize"), None)
    tool = shutil.which(_TOOL) or _beside()
    if at is None or tool is None:
        raise CannotLaunch(
            f"there are no bindings (`wit_world`) in `{launch.directory}`, and {_TOOL} is not there to make them: "
            f"`{_TOOL} -d wit -w WORLD bindings .` makes them"
        )
    first = next((i for i, word in enumerate(words) if os.path.basename(word) == _TOOL), -1)
    command = [tool, *words[first + 1 : at], "bindings", folder]
    try:
        done = subprocess.run(
            command, cwd=launch.directory, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotLaunch(f"{_TOOL} does not make bindings: {error}") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["without a word"]
        raise CannotLaunch(f"{_TOOL} does not make bindings: {said[0]}")
    return folder


def _beside() -> str | None:
    """componentize-py where it is installed beside this tool."""
    place = os.path.join(os.path.dirname(sys.executable), _TOOL)
    return place if os.path.exists(place) else None
