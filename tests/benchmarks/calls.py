"""(k) what a call costs, (l) records for each second through a process, and what recording adds."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from support.instances import loaded, running
from support.passing import COMPONENT, PROCESS, record
from wasmtime import wat2wasm

from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.memory import resident
from dataflare_lsp.runtime.program import Program
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.validation import Valid, validate
from dataflare_lsp.runtime.world import Allowance

from .effort import Effort
from .figures import Entry, Figure, Note, Target, progress
from .stock import Stock

PAYLOADS = (0, 100, 10_000)
COUNTED = 100
"""Bytes of payload of the records that stand for the targets but one: a call by itself has none."""
BATCH = 256
"""Records that a process is sent together, as `run` sends them."""


def calls(effort: Effort, seconds: float = 0.05, many: int = 1_000_000) -> Iterator[Entry]:
    """(k): this project's call, the engine's own in Python, and its C function alone, in turn."""
    component = loaded(COMPONENT)
    stock = Stock(component.engine, component.component)
    with running(component, {}) as plugin:
        for size in PAYLOADS:
            progress(f"calls with {size:,} bytes")
            given = record(size)
            acts: dict[str, Callable[[], object]] = {
                "ours": lambda given=(given,): plugin.call(PROCESS, given),  # type: ignore[misc]
                "stock": stock.caller(given),
                "bare": stock.bare(given, plugin.exports[PROCESS]),
            }
            taken = _in_turn(acts, effort.runs, seconds)
            what = f"a call with {size:,} bytes"
            targets = {0: (Target("p50", 1.0),), COUNTED: (Target("ratio", 0.05),)}.get(size, ())
            yield Figure(
                "k", what, taken["ours"], "µs", targets, *_beside("wasmtime-py", taken["ours"], taken["stock"])
            )
            yield Figure("k", f"{what}, by wasmtime-py", taken["stock"], "µs")
            yield Figure(
                "k",
                f"{what}, by the C function alone, values laid out before and none read",
                taken["bare"],
                "µs",
                (),
                *_beside("our call", taken["bare"], taken["ours"]),
            )
            least = {name: min(samples) for name, samples in taken.items()}
            yield Note(
                "k",
                f"{what}, the fastest of each: {least['ours']:.1f} µs, by wasmtime-py {least['stock']:.1f} µs "
                f"({least['stock'] / least['ours']:.1f} times that), by the C function alone {least['bare']:.1f} µs.",
            )
        progress(f"{many:,} calls")
        given = (record(COUNTED),)
        for _ in range(many // 10):
            plugin.call(PROCESS, given)
        before = resident()
        for _ in range(many):
            plugin.call(PROCESS, given)
        grown = max(resident() - before, 0) / 1e3
        yield Figure("k", f"memory that {many:,} calls leave behind", (grown,), "KB", (Target("p50", 100.0),))


def _in_turn(acts: dict[str, Callable[[], object]], turns: int, seconds: float) -> dict[str, tuple[float, ...]]:
    """Microseconds of each act, in each turn: of so many that they fill about this time."""
    counts = {}
    for name, act in acts.items():
        act()
        start = perf_counter()
        for _ in range(10):
            act()
        counts[name] = max(10, int(seconds * 10 / (perf_counter() - start)))
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(turns):
        for name, act in acts.items():
            start = perf_counter()
            for _ in range(counts[name]):
                act()
            taken[name].append((perf_counter() - start) / counts[name] * 1e6)
    return {name: tuple(samples) for name, samples in taken.items()}


def _beside(name: str, mine: tuple[float, ...], other: tuple[float, ...]) -> tuple[str, float]:
    """The name of a peer, and how the fastest of each compare: what else runs on the machine only adds."""
    return name, min(mine) / min(other)


def records(folder: str, effort: Effort, count: int = 50_000) -> Iterator[Entry]:
    """(l): microseconds for each record, through a process of its own, recorded and not, in turn."""
    source = Path(folder, "passing.wasm")
    source.write_bytes(wat2wasm(COMPONENT))
    home = os.path.join(folder, "passing-compiled")
    os.mkdir(home, 0o700)
    outcome = validate(str(source), Cache(home))
    assert isinstance(outcome, Valid)
    assert outcome.artefact is not None
    plain = Setup(outcome.artefact, outcome.digest, CallLimits(), Allowance(Grants(), {}))
    setups = {"plain": plain, "recorded": plain._replace(record=os.path.join(folder, "trace"))}
    taken: dict[str, list[float]] = {name: [] for name in setups}
    progress("records through a process")
    for _ in range(effort.few):
        for name, setup in setups.items():
            with Program(setup, lambda _: None) as program:
                taken[name].append(_each(program, count))
    one = f"a record of {COUNTED} bytes through a process"
    yield Figure("l", one, tuple(taken["plain"]), "µs", (Target("p50", 10.0),))
    yield Figure(
        "l",
        f"{one}, recorded",
        tuple(taken["recorded"]),
        "µs",
        (Target("ratio", 1.5),),
        *_beside("not recorded", tuple(taken["recorded"]), tuple(taken["plain"])),
    )
    best = 1e6 / min(taken["plain"])
    yield Note("l", f"the fastest run is {best:,.0f} records for each second; the target is 100,000.")


def _each(program: Program, count: int) -> float:
    batch = tuple([(record(COUNTED),)] * BATCH)
    done = 0
    start = perf_counter()
    for group in program.results(PROCESS, [batch] * (count // BATCH), goes_on=False):
        done += len(group)
        assert not isinstance(group[-1].outcome, Failure)
    return (perf_counter() - start) / done * 1e6
