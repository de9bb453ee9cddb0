"""What a process of its own does with one component: `main` of a fresh interpreter, told what by its arguments.

It prints one line of JSON: what came of it. Ending in any other way means that it could not say. A plugin that runs
(`running`) is the exception: that is a conversation.
"""

import hashlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dataflare_lsp.runtime.engine import Settings, compiled, loaded

if TYPE_CHECKING:
    from wasmtime import Engine
    from wasmtime.component import LinkerInstance, ResourceType
    from wasmtime.component._types import ComponentExtern


_LOOK = 0.5
"""Seconds between two looks at whether the process that asked is still there."""


def main(arguments: Sequence[str]) -> None:
    """Do the task `arguments[0]` with `arguments[1]` bytes of memory at most, and with the other arguments."""
    task, memory, *rest = arguments
    contain(int(memory), is_running=task == "run")
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    if task == "run":
        from dataflare_lsp.runtime.running import main as run

        run()
    else:
        print(json.dumps(_TASKS[task](*rest)))


def _compile(path: str, target: str, fuel: str) -> dict[str, object]:
    """Compile the file `path` into the file `target`: `digest`, with `milliseconds` or an `error`."""
    with open(path, "rb") as file:
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    from wasmtime import WasmtimeError

    start = time.perf_counter()
    try:
        made = compiled(data, Settings(fuel == "fuel"))
    except WasmtimeError as error:
        return {"digest": digest, "error": str(error)}
    took = (time.perf_counter() - start) * 1e3
    with open(target, "wb") as file:
        file.write(made)
    return {"digest": digest, "milliseconds": took}


def _instantiate(artefact: str, memory: str, seconds: str) -> dict[str, object]:
    """Start what was compiled to `artefact`: `milliseconds` and `bytes`, or the `step` and `error` at which it ended.

    `called` is the first function that has no host and was called. WASI is there and denies everything; every other
    import is there and traps.
    """
    from wasmtime import Store, Trap, WasiConfig, WasmtimeError
    from wasmtime.component import Linker

    try:
        engine, component = loaded(artefact)
    except WasmtimeError as error:
        return {"step": "load", "error": str(error), "called": None}
    stubs = _Stubs(engine)
    store = Store(engine)
    limit = int(memory)
    store.set_limits(memory_size=limit or -1)
    store.set_epoch_deadline(1)
    store.set_wasi(WasiConfig())
    step = "link"
    alarm = threading.Timer(float(seconds), engine.increment_epoch)
    alarm.daemon = True
    try:
        linker = Linker(engine)
        linker.add_wasip2()
        linker.add_wasi_http()
        with linker.root() as root:
            stubs.define(root, component.type.imports(engine))
        step = "start"
        before, start = _resident(), time.perf_counter()
        alarm.start()
        linker.instantiate(store, component)
        took = (time.perf_counter() - start) * 1e3
        return {"milliseconds": took, "bytes": max(0, _resident() - before)}
    except (WasmtimeError, Trap) as error:
        return {"step": step, "error": str(error), "called": stubs.called}
    finally:
        alarm.cancel()


_WASI = re.compile(r"wasi:(?:cli|clocks|filesystem|http|io|random|sockets)/[^@]+@0\.2\.\d+")
"""What the engine has hosts for. The rest is defined here: its own stubs would hide these hosts, too."""


class _Stubs:
    """What is imported and not WASI's: functions that trap, and resources that nothing makes."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._resources: list[tuple[ResourceType, ResourceType]] = []
        self.called: str | None = None
        """The function that was called first."""

    def define(self, place: "LinkerInstance", items: "Mapping[str, ComponentExtern]", path: str = "") -> None:
        from wasmtime.component import ComponentInstanceType, FuncType, ResourceType

        for name, extern in items.items():
            item = extern.ty
            where = f"{path}#{name}" if path else name
            if not path and _WASI.fullmatch(name):
                continue
            if isinstance(item, FuncType):
                place.add_func(name, self._trap(where))
            elif isinstance(item, ResourceType):
                place.add_resource(name, self._host(item), _drop)
            elif isinstance(item, ComponentInstanceType):
                with place.add_instance(name) as inside:
                    self.define(inside, item.exports(self._engine), where)

    def _host(self, item: "ResourceType") -> "ResourceType":
        """The same for all names of one resource, and for no others."""
        from wasmtime.component import ResourceType

        for known, host in self._resources:
            if known == item:
                return host
        host = ResourceType.host(len(self._resources))
        self._resources.append((item, host))
        return host

    def _trap(self, name: str) -> Callable[..., object]:
        def called(*_: object) -> object:
            self.called = self.called or name
            raise RuntimeError(f"`{name}` has no host")

        return called


def _drop(*_: object) -> None:
    """Nothing is to be done for a resource that nothing made."""


def _tally(trace: str, component: str) -> dict[str, object]:
    """What the recording `trace` comes to, for as long as the file `component` is what it is of.

    `tally` is None where it is not, or where there is no recording.
    """
    from dataflare_lsp.runtime.recording.tally import tally
    from dataflare_lsp.runtime.recording.trace import NotATrace, Trace
    from dataflare_lsp.runtime.validation import digest_of

    try:
        found = Trace(trace)
        is_of_it = digest_of(component) == found.header.component
        return {"tally": tally(found) if is_of_it else None}
    except (NotATrace, OSError):
        return {"tally": None}


def _resident() -> int:
    """Bytes of memory that this process has had at most, or 0 where the platform does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def end_with(parent: int) -> None:
    """End when the process that asked is no more, however it ended: nobody else stops what takes long."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def contain(memory: int, *, is_running: bool) -> None:
    """Limit this process, where the platform can.

    Addresses, for what compiles; memory that is written to, for what runs: linear memories reserve far more addresses
    than they have memory.
    """
    if sys.platform == "win32":
        return
    import resource

    counted = resource.RLIMIT_DATA if is_running else resource.RLIMIT_AS
    for limit, most in ((counted, memory), (resource.RLIMIT_CORE, 0)):
        try:
            _, hard = resource.getrlimit(limit)
            resource.setrlimit(limit, (most if hard < 0 else min(most, hard), hard))
        except (OSError, ValueError):
            pass  # macOS does not limit address space


_TASKS: dict[str, Callable[..., dict[str, object]]] = {
    "compile": _compile,
    "instantiate": _instantiate,
    "tally": _tally,
}
