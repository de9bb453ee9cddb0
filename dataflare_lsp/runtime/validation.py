"""Whether a whole component is valid, found by compiling it: the engine has no cheaper way.

An 18 MB component takes seconds and hundreds of megabytes, so it is compiled in a process of its own, once for each
content, and the compiled component is kept for whoever runs it.
"""

import hashlib
import os
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from dataflare_lsp.component.binary import kind_of
from dataflare_lsp.runtime.cache import Cache, NotPrivate
from dataflare_lsp.runtime.engine import DEFAULT_SETTINGS, Settings, engine_key
from dataflare_lsp.runtime.process import DEFAULT_LIMITS, MAX_MESSAGE, Limits, Undecided, said_by

_CHUNK: Final = 1 << 20
_OFFSETS: Final = (
    (re.compile(r"\s*\(at offset 0x([0-9a-f]+)\)"), 16),
    (re.compile(r"^Invalid input WebAssembly code at offset ([0-9]+): "), 10),
)
"""How the engine names a byte of the file, and in which base."""


class Valid(NamedTuple):
    """The component is valid. `artefact` is the path of it compiled, or None where that could not be kept.

    `milliseconds`: how long compiling took, now or when it was kept; None where that is not known any more. `digest` is
    the SHA-256 of what was compiled.
    """

    artefact: str | None
    milliseconds: float | None
    digest: str


class Invalid(NamedTuple):
    """The component is not valid, as the engine says it, at a byte of the file where it names one."""

    message: str
    offset: int | None


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
    known = _known(cache, engine, digest_of(path))
    return known or _compile(path, cache, engine, settings, limits, is_wanted)


def _known(cache: Cache, engine: str, digest: str) -> Outcome | None:
    try:
        artefact = cache.artefact(engine, digest)
    except (NotPrivate, OSError):
        artefact = None
    if artefact is not None:
        kept = cache.verdict(engine, digest)
        took = kept.get("milliseconds") if isinstance(kept, dict) else None
        return Valid(artefact, float(took) if isinstance(took, int | float) else None, digest)
    match cache.verdict(engine, digest):
        case {"message": str(message), "offset": int() | None as offset}:
            return Invalid(message, offset)
    return None


def digest_of(path: str) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises `OSError`."""
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
            return _judge(_compiled(path, target, settings, limits, is_wanted), cache, engine, target)
    except OSError:
        # The cache cannot be written: the component is judged all the same, and not kept.
        with TemporaryDirectory(prefix="dataflare-lsp-") as folder:
            target = os.path.join(folder, "compiled")
            return _judge(_compiled(path, target, settings, limits, is_wanted), None, engine, target)


def _compiled(
    path: str, target: str, settings: Settings, limits: Limits, is_wanted: Callable[[], bool]
) -> dict[str, object] | Undecided:
    fuel = "fuel" if settings.fuel else "plain"
    return said_by("compile", (os.path.abspath(path), target, fuel), limits, is_wanted)


def _judge(said: dict[str, object] | Undecided, cache: Cache | None, engine: str, target: str) -> Outcome:
    """What comes of what the worker said. Raises `OSError` where it cannot be kept."""
    match said:
        case Undecided():
            return said
        case {"digest": str(digest), "milliseconds": int() | float() as took}:
            if cache is None:
                return Valid(None, float(took), digest)
            artefact = cache.keep_artefact(engine, digest, target)
            cache.keep_verdict(engine, digest, {"milliseconds": float(took)})
            return Valid(artefact, float(took), digest)
        case {"digest": str(digest), "error": str(error)}:
            outcome = _invalid(error)
            if cache is not None:
                cache.keep_verdict(engine, digest, outcome._asdict())
            return outcome
    return Undecided("the process that compiles it said nothing that could be understood")


def _invalid(error: str) -> Invalid:
    """The innermost reason of an error of the engine."""
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    message = re.sub(r"^\d+: ", "", lines[-1]) if lines else "no reason is given"
    for pattern, base in _OFFSETS:
        found = pattern.search(message)
        if found is not None:
            return Invalid(pattern.sub("", message)[:MAX_MESSAGE], int(found[1], base))
    return Invalid(message[:MAX_MESSAGE], None)
