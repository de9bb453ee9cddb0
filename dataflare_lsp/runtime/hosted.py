"""A plugin with its hosts, its life and its recording, in the process that runs it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from dataflare_lsp.runtime.border import Border, Failure, Outcome
from dataflare_lsp.runtime.engine import Settings
from dataflare_lsp.runtime.host import core
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.host.wasi import Wasi
from dataflare_lsp.runtime.instance import Loaded, NotLowered, Plugin, load, unfit
from dataflare_lsp.runtime.life import Life, State
from dataflare_lsp.runtime.limits import CallLimits, Clock
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.world import Audience, World
from dataflare_lsp.values.types import Value

if TYPE_CHECKING:
    from dataflare_lsp.runtime.recording.trace import Writer


class Make(Protocol):
    """What makes a plugin that was not started yet; `Plugin` does."""

    def __call__(
        self, loaded: Loaded, hosts: Mapping[str, Interface], limits: CallLimits, border: Border, clock: Clock
    ) -> Plugin: ...


class Hosted:
    """What a setup asks for. `changed` is told of the plugin's states, `audience` of what it does.

    `plugin` is there after `load`. `writer` is that of the trace, where one is to be written.
    """

    def __init__(self, setup: Setup, audience: Audience, changed: Callable[[State], None], make: Make = Plugin) -> None:
        self.life = Life(changed)
        self.clock = Clock()
        self.plugin: Plugin
        self.writer: Writer | None = None
        self._setup = setup
        self._make = make
        self._world = World(setup.allowance, audience, self.clock)
        self._wasi = Wasi(self._world)

    def load(self, border: Border) -> None:
        """Load the plugin behind a border. Raises NotStarted, and `OSError` where no trace can be written."""
        setup = self._setup
        began = self.clock.now()
        loaded = load(setup.artefact, Settings(fuel=setup.limits.fuel is not None))
        hosts = {**core.interfaces(self._world), **self._wasi.interfaces}
        self.plugin = self._make(loaded, hosts, setup.limits, border, self.clock)
        self._world.look = self.plugin.look
        if setup.record is not None:
            # Recordings are imported where there is one: it is some of the time that a start takes.
            from dataflare_lsp.runtime.recording.recorder import Recorder, begun

            self.writer = begun(setup.record, self.plugin, setup)
            self.plugin.border = Recorder(border, self.writer, self.clock)
        self.life.load = self.clock.now() - began
        self.life.to("initializing")

    def start(self) -> None:
        """Start a new instance, at first and after a failure. Raises NotStarted."""
        if self.life.state == "error":
            self.life.to("initializing")
        began = self.clock.now()
        self._world.begin()
        self._wasi.begin()
        self.plugin.start()
        self.life.start = self.clock.now() - began
        self.life.to("ready")

    def call(self, name: str, arguments: tuple[Value, ...]) -> tuple[int, Outcome]:
        """Call a function: how many nanoseconds that took, and what came of it. After a failure, `start` is due."""
        self._world.begin()
        self.life.entered()
        began = self.clock.now()
        try:
            outcome = self.plugin.call(name, arguments)
        except NotLowered as error:
            outcome = unfit(error)
        took = self.clock.now() - began
        is_failure = isinstance(outcome, Failure)
        self.life.left(took, is_failure)
        if is_failure:
            self.life.to("error")
        return took, outcome
