"""(j) from a component to its first call, (m) many instances in one process: their memory, and their calls."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from support.instances import loaded as loaded_text
from support.instances import running
from support.passing import COMPONENT, PROCESS, record
from support.stock import FOREVER
from support.wasi_programs import Listener
from toolchains.builds import kept
from toolchains.tools import ToolMissingError, find
from toolchains.variants import VARIANTS
from wasmtime import Config, Engine, Store, WasiConfig, wat2wasm
from wasmtime import _bindings as bindings
from wasmtime.component import Component, Linker

from dataflare_lsp.runtime.border import Border, Returned
from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.engine import Settings
from dataflare_lsp.runtime.engine import loaded as engine_loaded
from dataflare_lsp.runtime.host import core
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.host.wasi import Wasi
from dataflare_lsp.runtime.instance import Plugin, load
from dataflare_lsp.runtime.limits import CallLimits, Clock
from dataflare_lsp.runtime.program import Program
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.validation import Valid, validate
from dataflare_lsp.runtime.world import Allowance, World
from dataflare_lsp.values.types import Value

from .effort import Effort
from .figures import Entry, Figure, Note, Target, progress
from .stock import Stock, function_of

GRANTS = Grants(
    frozenset({"logging", "metrics", "configuration"}), frozenset({"cli", "clocks", "filesystem", "random"})
)


class _Subject(NamedTuple):
    """A component to load: what it is, the function to call, and with what."""

    what: str
    path: Path
    function: str
    arguments: tuple[Value, ...]


def _subjects(folder: str, has_large: bool) -> list[_Subject]:
    passing = Path(folder, "passing-to-load.wasm")
    passing.write_bytes(wat2wasm(COMPONENT))
    found = [_Subject("a plugin of 1 KB", passing, PROCESS, (record(100),))]
    if not has_large:
        return found
    good = next(variant for variant in VARIANTS if variant.name == "good")
    try:
        built = kept("python", good, find("python"))
    except ToolMissingError:
        built = None
    if built is not None:
        size = os.path.getsize(built.component) / 1e6
        name = "dataflare:core/data-processor@1.0.0#process"
        found.append(_Subject(f"a Python plugin of {size:.0f} MB", built.component, name, (record(100),)))
    return found


def loading(folder: str, effort: Effort, has_large: bool = True) -> Iterator[Entry]:
    """(j): each step of a start, ours and the engine's own in turn."""
    subjects = _subjects(folder, has_large)
    if has_large and len(subjects) == 1:
        yield Note("j", "the plugin in Python is not built (`python -m tests.toolchains python`).")
    for what, path, function, arguments in subjects:
        progress(f"loading {what}")
        home = os.path.join(folder, f"cache-{path.stem}-{len(what)}")
        os.mkdir(home, 0o700)
        start = perf_counter()
        outcome = validate(str(path), Cache(home))
        compiled = (perf_counter() - start) * 1e3
        assert isinstance(outcome, Valid)
        assert outcome.artefact is not None
        yield Figure("j", f"{what}: compiled, into an empty cache", (compiled,))
        ours: list[_Steps] = []
        theirs: list[_Steps] = []
        whole: list[float] = []
        for turn in range(effort.runs + 1):
            pair = _ours(outcome.artefact, function, arguments), _theirs(outcome.artefact, function)
            setup = Setup(outcome.artefact, outcome.digest, CallLimits(), Allowance(GRANTS, {}))
            start = perf_counter()
            with Program(setup, lambda _: None) as program:
                program.call(function, arguments)
                took = (perf_counter() - start) * 1e3
            if turn:
                ours.append(pair[0])
                theirs.append(pair[1])
                whole.append(took)
        for step in ("load", "start"):
            mine, other = ([getattr(steps, step) for steps in side] for side in (ours, theirs))
            targets = (Target("p50", 10.0),) if step == "load" else ()
            ratio = min(mine) / min(other)
            named = {"load": "loaded from the cache", "start": "an instance started"}[step]
            yield Figure("j", f"{what}: {named}", tuple(mine), "ms", targets, "wasmtime-py", ratio)
            yield Figure("j", f"{what}: {named}, by wasmtime-py", tuple(other))
        yield Figure("j", f"{what}: first call of an instance", tuple([steps.call for steps in ours]))
        yield Figure("j", f"{what}: a process of its own, from its start to its first result", tuple(whole))


class _Steps(NamedTuple):
    """Milliseconds."""

    load: float
    start: float
    call: float


def _ours(artefact: str, function: str, arguments: tuple[Value, ...]) -> _Steps:
    clock = Clock()
    world = World(Allowance(GRANTS, {}), Listener(), clock)
    wasi = Wasi(world)
    hosts = {**core.interfaces(world), **wasi.interfaces}
    moments = [perf_counter()]
    plugin = Plugin(load(artefact, Settings()), hosts, CallLimits(), Border(), clock)
    moments.append(perf_counter())
    world.begin()
    wasi.begin()
    plugin.start()
    moments.append(perf_counter())
    outcome = plugin.call(function, arguments)
    moments.append(perf_counter())
    assert isinstance(outcome, Returned), outcome
    plugin.close()
    return _Steps(*[(after - before) * 1e3 for before, after in pairwise(moments)])


def _theirs(artefact: str, function: str) -> _Steps:
    moments = [perf_counter()]
    engine, component = engine_loaded(artefact)
    moments.append(perf_counter())
    store = Store(engine)
    store.set_wasi(WasiConfig())
    store.set_epoch_deadline(FOREVER)
    linker = Linker(engine)
    linker.add_wasip2()
    with linker.root() as root:
        for name in component.type.imports(engine):
            if name.startswith("dataflare:core/") and not name.startswith("dataflare:core/types"):
                with root.add_instance(name) as instance:
                    for inner in ("log", "increment-counter", "record-histogram", "get", "all"):
                        instance.add_func(inner, lambda *_: None)
    function_of(linker.instantiate(store, component), store, function)
    moments.append(perf_counter())
    return _Steps(*[(after - before) * 1e3 for before, after in pairwise(moments)], 0.0)


def instances(effort: Effort, count: int = 200) -> Iterator[Entry]:
    """(m): instances of one component in one process, by the engine as it is set up and with its pool."""
    progress(f"{count} instances in one process")
    component = loaded_text(COMPONENT)
    before = _own()
    with ExitStack() as stack:
        start = perf_counter()
        plugins = [stack.enter_context(running(component, {})) for _ in range(count)]
        each = (perf_counter() - start) / count * 1e3
        given = (record(100),)
        for plugin in plugins:
            plugin.call(PROCESS, given)
        memory = (_own() - before) / count / 1e3
        yield Figure("m", f"starting one of {count} instances", (each,))
        if memory > 0:
            yield Figure("m", "memory of a further instance that was called", (memory,), "KB", (Target("p50", 1000.0),))
        else:
            yield Note("m", "memory is read from /proc, which this system does not have.")
        alone: list[float] = []
        side: list[float] = []
        for _ in range(effort.runs):
            start = perf_counter()
            for _ in range(count):
                plugins[0].call(PROCESS, given)
            alone.append((perf_counter() - start) / count * 1e6)
            start = perf_counter()
            for plugin in plugins:
                plugin.call(PROCESS, given)
            side.append((perf_counter() - start) / count * 1e6)
        yield Figure(
            "m",
            f"a call with 100 bytes, in turn over {count} instances",
            tuple(side),
            "µs",
            (),
            "one instance",
            min(side) / min(alone),
        )
    yield from _pooled(count)


def _pooled(count: int) -> Iterator[Entry]:
    """The same by the engine's own interface alone, with and without its pool: what a pool would change."""
    kept = []
    for name, engine in (("without a pool", _engine(None)), ("with a pool", _engine(count))):
        component = Component(engine, wat2wasm(COMPONENT))
        Stock(engine, component).caller(record(100))()
        before = _own()
        start = perf_counter()
        made = [Stock(engine, component) for _ in range(count)]
        each = (perf_counter() - start) / count * 1e3
        for one in made:
            one.caller(record(100))()
        memory = max(_own() - before, 0) / count / 1e3
        kept += made  # what is let go of would be taken again by the next
        yield Figure("m", f"starting one of {count} instances by wasmtime-py, {name}", (each,))
        if memory:
            yield Figure("m", f"memory of a further instance of wasmtime-py that was called, {name}", (memory,), "KB")


def _engine(pool: int | None) -> Engine:
    config = Config()
    config.epoch_interruption = True
    bindings.wasmtime_config_concurrency_support_set(config.ptr(), False)
    if pool is not None:
        settings = bindings.wasmtime_pooling_allocation_config_new()
        for what in ("component_instances", "core_instances", "memories", "tables"):
            getattr(bindings, f"wasmtime_pooling_allocation_config_total_{what}_set")(settings, 2 * pool)
        bindings.wasmtime_pooling_allocation_strategy_set(config.ptr(), settings)
        bindings.wasmtime_pooling_allocation_config_delete(settings)
    return Engine(config)


def _own() -> int:
    """Bytes of memory that are this process's share, or 0 where the system does not tell."""
    try:
        for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
