"""Processes of their own for foreign code: started isolated, watched, stopped when they take too long."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

MAX_MESSAGE: Final = 4_000
"""Characters of what a process says that are shown."""

_LOOK: Final = 0.02
"""Seconds between two looks at whether one is to go on."""
_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from importlib import import_module; import_module(sys.argv.pop(1)).main(sys.argv[1:])"
)
_WORKER: Final = "dataflare_lsp.runtime.worker"


class Limits(NamedTuple):
    """What may be taken: seconds, bytes of memory, and bytes of the component itself."""

    seconds: float = 120.0
    memory: int = 4 << 30
    size: int = 256 << 20


DEFAULT_LIMITS = Limits()


class Undecided(NamedTuple):
    """It could not be found out; `reason` is a sentence fragment that says why."""

    reason: str


def command_for(task: str, memory: int, *arguments: str, module: str = _WORKER) -> list[str]:
    """The command line of a worker for `task` that may have so many bytes of memory: `module.main` is called."""
    # Isolated, so that nothing in the current folder or in the environment is taken for a module.
    places = json.dumps([place for place in sys.path if os.path.isabs(place)])
    return [sys.executable, "-I", "-c", _START, places, module, task, str(memory), *arguments]


def said_by(
    task: str, arguments: Sequence[str], limits: Limits, is_wanted: Callable[[], bool]
) -> dict[str, object] | Undecided:
    """What the worker for `task` says of these arguments. Blocks; `is_wanted` is asked whether to go on."""
    command = command_for(task, limits.memory, *arguments)
    end = time.monotonic() + limits.seconds
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=os.path.abspath(os.sep)
    ) as process:
        while True:
            try:
                out, error = process.communicate(timeout=_LOOK)
                break
            except KeyboardInterrupt:
                process.kill()  # it hears of no interrupt while it compiles
                raise
            except subprocess.TimeoutExpired:
                late = time.monotonic() > end
                if late or not is_wanted():
                    process.kill()
                    process.communicate()
                    return Undecided(f"it took longer than {limits.seconds:g} s" if late else "nobody waits for it")
    try:
        said = json.loads(out)
    except ValueError:
        return Undecided(_end_of(process.returncode, error.decode(errors="replace"), limits))
    return said if isinstance(said, dict) else {}


def is_for_want_of_memory(said: str) -> bool:
    """Whether what a process said at its end means that it had no memory left."""
    signs = ("memory allocation", "MemoryError", "Cannot allocate memory", "failed to map segment")
    return any([sign in said for sign in signs])


def _end_of(code: int, error: str, limits: Limits) -> str:
    """Why a process ended without a word."""
    if is_for_want_of_memory(error):
        return f"it takes more than {limits.memory >> 20:,} MiB of memory"
    last = error.strip().splitlines()[-1:] or [f"exit code {code}"]
    return f"the process for it failed: {last[0][:MAX_MESSAGE]}"
