"""Whether a whole component is valid, found by compiling it: the engine has no cheaper way.

An 18 MB component takes seconds and hundreds of megabytes, so it is compiled in a process of its own, once for each
content, and the compiled component is kept for whoever runs it.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from dataflare_lsp.component.binary import kind_of
from dataflare_lsp.runtime.cache import Cache, NotPrivate
from dataflare_lsp.runtime.engine import DEFAULT_SETTINGS, Settings, engine_key

_LOOK: Final = 0.02
"""Seconds between two looks at whether one is to go on."""
_CHUNK: Final = 1 << 20
_MAX_MESSAGE: Final = 2_000
_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from dataflare_lsp.runtime.worker import main; main(sys.argv[1:])"
)
_OFFSETS: Final = (
    (re.compile(r"\s*\(at offset 0x([0-9a-f]+)\)"), 16),
    (re.compile(r"^Invalid input WebAssembly code at offset ([0-9]+): "), 10),
)
"""How the engine names a byte of the file, and in which base."""


class Limits(NamedTuple):
    """What compiling a component may take: seconds, bytes of memory, and bytes of the component itself."""

    seconds: float = 120.0
    memory: int = 4 << 30
    size: int = 256 << 20


DEFAULT_LIMITS = Limits()


class Valid(NamedTuple):
    """The component is valid. `artefact` is the path of it compiled, or None where that could not be kept.

    `milliseconds`: how long compiling took, or None where it was not necessary.
    """

    artefact: str | None
    milliseconds: float | None


class Invalid(NamedTuple):
    """The component is not valid, as the engine says it, at a byte of the file where it names one."""

    message: str
    offset: int | None


class Undecided(NamedTuple):
    """It could not be found out; `reason` is a sentence fragment that says why."""

    reason: str


Outcome = Valid | Invalid | Undecided


def validate(
    path: str,
    cache: Cache,
    settings: Settings = DEFAULT_SETTINGS,
    limits: Limits = DEFAULT_LIMITS,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Outcome:
    """Whether the component in the file `path` is valid. Blocks; `is_wanted` is asked meanwhile whether to go on.

    Raises `OSError` where the file cannot be read.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        kind = kind_of(file.read(8))
    if kind != "component":
        return Invalid("it is a core module, not a component" if kind else "it is not WebAssembly", 0)
    if size > limits.size:
        return Undecided(f"it has {size:,} bytes, and no more than {limits.size:,} are compiled")
    engine = engine_key(settings)
    known = _known(cache, engine, _digest(path))
    return known or _compile(path, cache, engine, settings, limits, is_wanted)


def _known(cache: Cache, engine: str, digest: str) -> Outcome | None:
    try:
        artefact = cache.artefact(engine, digest)
    except (NotPrivate, OSError):
        artefact = None
    if artefact is not None:
        return Valid(artefact, None)
    match cache.verdict(engine, digest):
        case {"message": str(message), "offset": int() | None as offset}:
            return Invalid(message, offset)
    return None


def _digest(path: str) -> str:
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _compile(
    path: str, cache: Cache, engine: str, settings: Settings, limits: Limits, is_wanted: Callable[[], bool]
) -> Outcome:
    from tempfile import TemporaryDirectory

    try:
        with cache.new_file(engine) as target:
            return _judge(_worker(path, target, settings, limits, is_wanted), cache, engine, target)
    except OSError:
        # The cache cannot be written: the component is judged all the same, and not kept.
        with TemporaryDirectory(prefix="dataflare-lsp-") as folder:
            target = os.path.join(folder, "compiled")
            return _judge(_worker(path, target, settings, limits, is_wanted), None, engine, target)


def _judge(said: "dict[str, object] | Undecided", cache: Cache | None, engine: str, target: str) -> Outcome:
    """What comes of what the worker said. Raises `OSError` where it cannot be kept."""
    match said:
        case Undecided():
            return said
        case {"digest": str(digest), "milliseconds": int() | float() as took}:
            return Valid(cache.keep_artefact(engine, digest, target) if cache is not None else None, float(took))
        case {"digest": str(digest), "error": str(error)}:
            outcome = _invalid(error)
            if cache is not None:
                cache.keep_verdict(engine, digest, outcome._asdict())
            return outcome
    return Undecided("the process that compiles it said nothing that could be understood")


def _worker(
    path: str, target: str, settings: Settings, limits: Limits, is_wanted: Callable[[], bool]
) -> dict[str, object] | Undecided:
    """What a process says that compiles the file."""
    # Isolated, so that nothing in the current folder or in the environment is taken for a module.
    places = json.dumps([place for place in sys.path if os.path.isabs(place)])
    fuel = "fuel" if settings.fuel else "plain"
    command = [sys.executable, "-I", "-c", _START, places, os.path.abspath(path), target, str(limits.memory), fuel]
    end = time.monotonic() + limits.seconds
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=os.path.dirname(target)
    ) as process:
        while True:
            try:
                out, error = process.communicate(timeout=_LOOK)
                break
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


def _end_of(code: int, error: str, limits: Limits) -> str:
    """Why a process ended without a word."""
    if "memory allocation" in error or "MemoryError" in error or "Cannot allocate memory" in error:
        return f"it takes more than {limits.memory >> 20:,} MiB of memory to compile"
    last = error.strip().splitlines()[-1:] or [f"exit code {code}"]
    return f"the process that compiles it failed: {last[0][:_MAX_MESSAGE]}"


def _invalid(error: str) -> Invalid:
    """The innermost reason of an error of the engine."""
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    message = re.sub(r"^\d+: ", "", lines[-1]) if lines else "no reason is given"
    for pattern, base in _OFFSETS:
        found = pattern.search(message)
        if found is not None:
            return Invalid(pattern.sub("", message)[:_MAX_MESSAGE], int(found[1], base))
    return Invalid(message[:_MAX_MESSAGE], None)
