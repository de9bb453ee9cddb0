"""Programs for WASI, run with this project's host or with the engine's own, in this process."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from dataflare_lsp.runtime.border import Border, Failure, HostCall
from dataflare_lsp.runtime.engine import Settings, loaded
from dataflare_lsp.runtime.host.surroundings import Grants, Interface
from dataflare_lsp.runtime.host.wasi import Wasi
from dataflare_lsp.runtime.instance import Plugin, load
from dataflare_lsp.runtime.limits import CallLimits, Clock
from dataflare_lsp.runtime.world import Allowance, World
from dataflare_lsp.values.types import Case, Value

ALL = frozenset({"cli", "clocks", "filesystem", "http", "random", "sockets"})


class Ran(NamedTuple):
    """What came of a program. `status` is None where it did not end by itself, and `reason` says why."""

    stdout: bytes
    stderr: bytes
    status: int | None
    reason: str = ""


class Listener:
    """Who hears of what a program does."""

    def __init__(self) -> None:
        self._written = {"stdout": bytearray(), "stderr": bytearray()}
        self.refused: list[tuple[str, str]] = []
        self.calls: dict[str, int] = {}
        """How often each function of WASI was called."""

    @property
    def stdout(self) -> bytes:
        return bytes(self._written["stdout"])

    @property
    def stderr(self) -> bytes:
        return bytes(self._written["stderr"])

    def log(self, level: str, message: str) -> None: ...

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None: ...

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._written[stream] += data

    def denied(self, function: str, grant: str) -> None:
        self.refused.append((function, grant))


class _Counting(Border):
    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        name = f"{call.interface}#{call.function}"
        self._listener.calls[name] = self._listener.calls.get(name, 0) + 1
        return super().call(call, arguments)


class Ours:
    """A component with this project's hosts; `imports` are those besides WASI."""

    def __init__(
        self,
        artefact: str,
        grants: Grants,
        limits: CallLimits = CallLimits(),  # noqa: B008
        imports: Mapping[str, Interface] = {},
        border: type[Border] | None = None,
    ) -> None:
        self.listener = Listener()
        clock = Clock()
        self._world = World(Allowance(grants, {}), self.listener, clock)
        self._wasi = Wasi(self._world)
        hosts = {**imports, **self._wasi.interfaces}
        edge = _Counting(self.listener) if border is None else border()
        self.plugin = Plugin(load(artefact, Settings()), hosts, limits, edge, clock)
        self.start()

    def start(self) -> None:
        """A new instance."""
        self._world.begin()
        self._wasi.begin()
        self.plugin.start()
        self._world.look = self.plugin.look

    def main(self) -> Ran:
        """Run a program from its start to its end."""
        name = next(name for name in self.plugin.exports if name.startswith("wasi:cli/run@"))
        outcome = self.plugin.call(name, ())
        self.plugin.close()
        told = self.listener
        if isinstance(outcome, Failure):
            status = int(outcome.reason.rpartition(" ")[2]) if outcome.cause == "exit" else None
            return Ran(told.stdout, told.stderr, status, outcome.reason)
        assert isinstance(outcome.value, Case)
        return Ran(told.stdout, told.stderr, 0 if outcome.value.name == "ok" else 1)


def with_the_engines_host(artefact: str, grants: Grants) -> Ran:
    """Run a program with the host of the engine, which is given the same."""
    from wasmtime import Store, Trap, WasiConfig, WasmtimeError
    from wasmtime.component import Linker

    engine, component = loaded(artefact)
    store = Store(engine)
    store.set_epoch_deadline(1)
    config = WasiConfig()
    config.argv = list(grants.arguments)
    config.env = list(grants.environment)
    for folder in grants.filesystem:
        config.preopen_dir(folder.path, folder.name, folder.is_writable)
    with tempfile.TemporaryDirectory() as temporary:
        stdout, stderr = Path(temporary, "stdout"), Path(temporary, "stderr")
        config.stdout_file, config.stderr_file = str(stdout), str(stderr)
        store.set_wasi(config)
        linker = Linker(engine)
        linker.add_wasip2()
        instance = linker.instantiate(store, component)
        name = next(name for name in component.type.exports(engine) if name.startswith("wasi:cli/run@"))
        place = instance.get_export_index(store, "run", instance.get_export_index(store, name))
        assert place is not None
        function = instance.get_func(store, place)
        assert function is not None
        status: int | None = 0
        reason = ""
        try:
            answer = function(store)
            status = 0 if getattr(answer, "tag", "ok") == "ok" else 1
        except (Trap, WasmtimeError) as error:
            reason = str(error)
            ended = re.search(r"exit status (\d+)", reason)
            status = int(ended[1]) if ended else None
        return Ran(stdout.read_bytes(), stderr.read_bytes(), status, reason)
