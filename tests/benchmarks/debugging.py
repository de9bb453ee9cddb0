"""(t) debugging: what the adapter adds to a run, and how long one waits for it where the plugin stops.

Everything goes through the adapter's own command and the protocol, but for the run without breakpoints, whose peer is the
same run without the adapter.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from support.dap import REAL, Client
from support.debugged import session
from toolchains.builds import kept
from toolchains.tools import ToolMissingError, find
from toolchains.variants import variants_of

from dataflare_lsp.runtime.cache import Cache, default_folder
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.program import Program
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.validation import Valid, validate
from dataflare_lsp.runtime.world import Allowance

from .effort import QUICK, Effort
from .figures import Entry, Figure, Note, Target, median_ratio, progress

PROCESS = "dataflare:core/data-processor@1.0.0#process"
HOST = frozenset({"logging", "metrics", "configuration"})


class _Unchecked(Client):
    """A client that does not hold what it gets against the schema: that takes longer than what is measured."""

    def _receive(self) -> None:
        message = self.message()
        if message["type"] == "event":
            self.events.append(message)
        else:
            self._answers[message["request_seq"]] = message


def debugging(folder: str, effort: Effort) -> Iterator[Entry]:
    """The plugins are those of tests/toolchains."""
    records = 2_000 if effort is QUICK else 10_000
    c, python = _plugin("c", folder), _plugin("python", folder)
    if c is None or python is None:
        yield Note("t", "the plugins to be debugged are not built (`python -m tests.toolchains c python`).")
        return
    yield from _run(c, effort, records)
    yield from _stops(c, effort, records)
    yield from _launches(python, effort)
    yield _pauses(c, effort)
    yield from _memory(python)


def _run(plugin: Path, effort: Effort, records: int) -> Iterator[Entry]:
    """A run of many records: by itself, recorded, and under the adapter's processes without a breakpoint."""
    setup = Setup(_compiled(plugin), "0" * 64, CallLimits(), Allowance(Grants(HOST), {}))
    rows = tuple(((str(number), 0, b"x" * 100, ()),) for number in range(records))

    def run(record: Path | None = None) -> float:
        with Program(setup._replace(record=str(record) if record else None), lambda _: None) as program:
            batches = (rows[start : start + 256] for start in range(0, records, 256))
            return _timed(lambda: sum(1 for _ in program.calls(PROCESS, batches, goes_on=False)))

    def debug() -> float:
        with session(setup.artefact, [(PROCESS, row) for row in rows]) as debugged:
            return _timed(lambda: debugged.do("continue"))

    plain, recorded, debugged = [], [], []
    for turn in range(effort.few + 1):
        progress(f"debugging: a run of {records:,} records, {turn} of {effort.few}")
        taken = (run(), run(plugin / "run.trace"), debug())
        if turn:
            for samples, one in zip((plain, recorded, debugged), taken, strict=True):
                samples.append(one)
    what = f"a run of {records:,} records"
    yield Figure(
        "t", f"{what}, debugged without breakpoints", tuple(debugged), "ms", (Target("ratio", 1.3),), "`run`",
        median_ratio(debugged, plain),
    )  # fmt: skip
    yield Figure(
        "t", f"{what}, recorded", tuple(recorded), "ms", (Target("ratio", 1.5),), "`run`", median_ratio(recorded, plain)
    )


def _stops(plugin: Path, effort: Effort, records: int) -> Iterator[Entry]:
    """At the end of a run of many records: steps back, and what an editor asks for where the plugin stops."""
    progress("debugging: steps back")
    given = _records(plugin, "many.ndjson", ["x" * 100] * records)
    last = f"record_index == {records - 1}"
    with _client(plugin) as client:
        client.ask("initialize", adapterID="dataflare")
        launching = client.send("launch", program=str(plugin), input=str(given))
        client.event("initialized")
        client.ask("setFunctionBreakpoints", breakpoints=[{"name": "logging.log", "condition": last}])
        client.ask("configurationDone")
        client.answer(launching)
        client.where()
        back, shown = [], []
        for _ in range(effort.keys):
            back.append(_timed(lambda: client.go("stepBack")))
            shown.append(_timed(lambda: _look(client)))
        client.leave()
    yield Figure("t", f"a step back at the end of {records:,} records", tuple(back), targets=(Target("p95", 100),))
    yield Figure("t", "stack, scopes and variables where it stops", tuple(shown), targets=(Target("p95", 30),))


def _launches(plugin: Path, effort: Effort) -> Iterator[Entry]:
    """From the start of the adapter to the first stop, in a plugin of 18 MB that is compiled already."""
    given = _records(plugin, "one.ndjson", ["a"])
    whole, launched = [], []
    for turn in range(effort.few + 1):
        progress(f"debugging: launches, {turn} of {effort.few}")
        began = perf_counter()
        with _client(plugin) as client:
            client.ask("initialize", adapterID="dataflare")
            asked = perf_counter()
            launching = client.send("launch", program=str(plugin), input=str(given))
            client.event("initialized")
            client.ask("setFunctionBreakpoints", breakpoints=[{"name": "logging.log"}])
            client.ask("configurationDone")
            client.answer(launching)
            client.where()
            end = perf_counter()
            client.leave()
        if turn:
            whole.append((end - began) * 1e3)
            launched.append((end - asked) * 1e3)
    size = "a Python plugin of 18 MB"
    yield Figure("t", f"`launch` to the first stop, {size}", tuple(launched), targets=(Target("p95", 500),))
    yield Figure("t", f"the same, with the start of the adapter, {size}", tuple(whole))


def _pauses(plugin: Path, effort: Effort) -> Entry:
    """How long a plugin that computes takes to stop."""
    progress("debugging: pauses")
    given = _records(plugin, "loop.ndjson", ["loop"])
    samples = []
    with _client(plugin) as client:
        client.ask("initialize", adapterID="dataflare")
        launching = client.send("launch", program=str(plugin), input=str(given), limits={"timeout": "10m"})
        client.event("initialized")
        client.ask("configurationDone")
        client.answer(launching)
        client.event("output")
        for _ in range(effort.keys):
            samples.append(_timed(lambda: client.go("pause")))
            client.ask("continue", threadId=1)
        client.leave()
    return Figure("t", "pause of an endless loop", tuple(samples), targets=(Target("p95", 50),))


def _memory(plugin: Path) -> Iterator[Entry]:
    """What a hundred kept places of a plugin in Python take, in memory that is theirs alone or shared among them."""
    progress("debugging: memory of kept places")
    rows = [(PROCESS, ((str(number), 0, b"x" * 100, ()),)) for number in range(60)]
    with session(_compiled(plugin), rows) as debugged:
        debugged.do("step-in")
        before = _proportional(debugged.loaded.process)
        for _ in range(100):
            debugged.do("next")
        after = _proportional(debugged.loaded.process)
    if before is None or after is None:
        yield Note("t", "the system does not tell how much memory processes share.")
        return
    yield Figure("t", "memory of 100 more kept places, a Python plugin of 18 MB", ((after - before) / 2**20,), "MiB")


def _proportional(group: int) -> int | None:
    """Bytes of memory of a group of processes, with what several share counted once."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if status.read_text().rpartition(")")[2].split()[2] != str(group):
                continue
            lines = status.with_name("smaps_rollup").read_text().splitlines()
        except (OSError, IndexError):
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return total or None


def _look(client: Client) -> None:
    """What an editor asks for when the plugin stops."""
    client.frames()
    for reference in client.scopes().values():
        client.variables(reference)


@contextmanager
def _client(plugin: Path) -> Iterator[Client]:
    opened = _Unchecked(REAL, plugin, None)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1e3


def _compiled(plugin: Path) -> str:
    outcome = validate(str(plugin / "plugin.wasm"), Cache(default_folder()))
    assert isinstance(outcome, Valid), outcome
    assert outcome.artefact is not None
    return outcome.artefact


def _plugin(language: str, folder: str) -> Path | None:
    """A copy of the plugin that does what its records say."""
    try:
        tools = find(language)
    except ToolMissingError:
        return None
    built = kept(language, next(one for one in variants_of(language) if one.name == "debugged"), tools)
    if built is None:
        return None
    place = Path(folder, f"debugged-{language}")
    shutil.copytree(built.folder, place)
    return place


def _records(plugin: Path, name: str, payloads: list[str]) -> Path:
    path = plugin / name
    path.write_text("".join(f"{json.dumps({'payload': payload})}\n" for payload in payloads), encoding="utf-8")
    return path
