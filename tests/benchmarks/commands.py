"""(d) `check` as a command, from a cold start, beside the reference tool and an interpreter that does nothing."""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter

from support.shared import CORPUS

from .effort import Effort
from .figures import Entry, Figure, Note, Target, median_ratio, progress
from .session import program
from .workspaces import write

PEER = "wasm-tools"
NOTHING = "python -c pass"


def checks(
    folder: str, effort: Effort, lines: Sequence[int] = (20_000, 200_000), packages: int = 60
) -> Iterator[Entry]:
    """The WASI 0.3 corpus, and workspaces of some lines."""
    tool = shutil.which(PEER)
    if tool is None:
        yield Note("d", f"`{PEER}` is not on PATH, so nothing is beside `check`.")
    corpus = CORPUS / "wasi-0.3"
    if corpus.is_dir():
        targets = (Target("p50", 150.0), Target("ratio", 7.0))
        yield from _check("WASI 0.3 corpus", str(corpus), tool, effort.runs, targets)
    else:
        yield Note("d", "the WASI 0.3 corpus is not there; name its folder by DATAFLARE_LSP_SHARED.")
    medians = []
    for number, size in enumerate(lines):
        workspace = write(os.path.join(folder, f"check-{size}"), size, packages, min(1_000, size // 2))
        runs = effort.runs if number == 0 else effort.few
        targets = (Target("p50", 1_000.0),) if size == 20_000 else ()
        for entry in _check(f"{size:,} lines", workspace.folder, tool, runs, targets):
            yield entry
            if isinstance(entry, Figure) and entry.what == f"check, {size:,} lines":
                medians.append((size, entry.samples))
    for (small, its), (large, mine) in itertools.pairwise(medians):
        growth = median_ratio(mine, its)
        yield Figure(
            "d",
            f"{large:,} lines by {small:,} lines",
            (growth,),
            unit="×",
            targets=(Target("p50", large / small),),
        )


def _check(what: str, path: str, tool: str | None, runs: int, targets: Sequence[Target]) -> Iterator[Entry]:
    progress(f"check of {what}")
    commands = {"check": [*program(), "check", path], NOTHING: [sys.executable, "-c", "pass"]}
    if tool is not None:
        commands[PEER] = [tool, "component", "wit", path]
    times: dict[str, list[float]] = {name: [] for name in commands}
    work: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            wall, processor = time_of(command)
            if turn:
                times[name].append(wall)
                work[name].append(processor)
    mine = times["check"]
    yield Figure(
        "d",
        f"check, {what}",
        tuple(mine),
        targets=tuple(targets),
        beside=NOTHING,
        ratio=median_ratio(mine, times[NOTHING]),
    )
    if tool is not None:
        yield Figure(
            "d",
            f"{PEER} component wit, {what}",
            tuple(times[PEER]),
            beside="check",
            ratio=median_ratio(times[PEER], mine),
        )
    yield Figure("d", f"{NOTHING}, in the same run", tuple(times[NOTHING]))
    ratio = median_ratio(work["check"], work[NOTHING])
    yield Figure("d", f"check, {what}: processor time", tuple(work["check"]), beside=NOTHING, ratio=ratio)


def time_of(command: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of a run by the clock, and of the processor."""
    used = _processor_time()
    start = perf_counter()
    code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode
    wall = perf_counter() - start
    processor = _processor_time() - used
    if code != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return wall * 1e3, processor * 1e3


def _processor_time() -> float:
    """Seconds that the processes started by this one have used of the processor."""
    try:
        import resource
    except ImportError:  # Windows
        return sum(os.times()[2:4])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
