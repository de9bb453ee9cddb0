"""(w) calls of WASI: this project's host beside the one that the engine brings, for the same program in C."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from support.wasi_programs import ALL, Ours, with_the_engines_host
from toolchains.builds import kept
from toolchains.tools import ToolMissingError, find
from toolchains.variants import variants_of

from dataflare_lsp.runtime.border import Border
from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.host.surroundings import Grants, Preopen
from dataflare_lsp.runtime.validation import Valid, validate

from .effort import Effort
from .figures import Entry, Figure, Note, median_ratio, progress

KINDS = {
    "clock": "the clock is read",
    "random": "16 random bytes",
    "write": "80 bytes to standard output",
    "write-block": "4,096 bytes to standard output",
    "read": "4,096 bytes of a file",
    "open": "a file is opened and closed",
}
"""What the program does many times, by its arguments; each is one call of its C library, and one to four of WASI's."""


def wasi(folder: str, effort: Effort, times: int = 2_000) -> Iterator[Entry]:
    """Each kind in turn with the engine's host; what a run takes that does nothing of it is taken off."""
    artefact = _program(folder)
    if artefact is None:
        yield Note(
            "w", "the program for WASI is not built (`python -m tests.toolchains wasi`), so nothing is measured."
        )
        return
    data = Path(folder, "data")
    data.mkdir()
    data.joinpath("given").write_bytes(bytes(8192))
    for kind, what in KINDS.items():
        progress(f"WASI: {what}")
        ours: list[float] = []
        theirs: list[float] = []
        for turn in range(effort.few + 1):
            pair = (_cost(_ours, artefact, data, kind, times), _cost(_theirs, artefact, data, kind, times))
            if turn:
                ours.append(pair[0])
                theirs.append(pair[1])
        ratio = median_ratio(ours, theirs)
        yield Figure("w", f"WASI, {what}", tuple(ours), unit="µs", beside="the engine's own host", ratio=ratio)
        yield Figure("w", f"the engine's own host, {what}", tuple(theirs), unit="µs")


def _program(folder: str) -> str | None:
    try:
        (variant,) = variants_of("wasi")
        built = kept("wasi", variant, find("wasi"))
    except ToolMissingError:
        return None
    if built is None:
        return None
    home = os.path.join(folder, "compiled")
    os.mkdir(home, 0o700)
    outcome = validate(str(built.component), Cache(home))
    assert isinstance(outcome, Valid)
    return outcome.artefact


def _grants(data: Path, kind: str, count: int) -> Grants:
    arguments = ("program", "often", kind, str(count))
    return Grants(wasi=ALL, filesystem=(Preopen(str(data), "/data", True),), arguments=arguments)


def _cost(run: Callable[[str, Grants], float], artefact: str, data: Path, kind: str, times: int) -> float:
    """Microseconds for each time. What is lost in the noise counts as a nanosecond."""
    took = run(artefact, _grants(data, kind, times)) - run(artefact, _grants(data, kind, 0))
    return max(took / times * 1e6, 0.001)


def _ours(artefact: str, grants: Grants) -> float:
    program = Ours(artefact, grants, border=Border)
    start = perf_counter()
    ran = program.main()
    took = perf_counter() - start
    assert ran.status == 0, ran.reason
    return took


def _theirs(artefact: str, grants: Grants) -> float:
    start = perf_counter()
    ran = with_the_engines_host(artefact, grants)
    took = perf_counter() - start
    assert ran.status == 0, ran.reason
    return took
