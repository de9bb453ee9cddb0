"""A border that writes down what crosses it."""

from dataflare_lsp import __version__
from dataflare_lsp.runtime.border import Border, Entry, Failure, HostCall, Outcome
from dataflare_lsp.runtime.engine import engine_key
from dataflare_lsp.runtime.instance import Plugin
from dataflare_lsp.runtime.limits import Clock, refusal
from dataflare_lsp.runtime.recording.trace import FORMAT, Header, Writer
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.values.types import Value


def begun(path: str, plugin: Plugin, setup: Setup) -> Writer:
    """A new trace of a plugin. Raises `OSError` where it cannot be written."""
    functions = {**plugin.exports, **plugin.imports()}
    header = Header(
        FORMAT,
        __version__,
        setup.digest,
        setup.component,
        engine_key(plugin.loaded.settings),
        setup.limits.fuel,
        setup.limits.memory,
        tuple(functions),
        tuple(functions.values()),
    )
    return Writer(path, header)


class Recorder(Border):
    """Records what crosses another border, with the time that the plugin has."""

    def __init__(self, border: Border, writer: Writer, clock: Clock) -> None:
        self._border = border
        self._writer = writer
        self._numbers = {name: number for number, name in enumerate(writer.header.functions)}
        self._clock = clock
        self._began = clock.now()

    def started(self) -> None:
        """An instance is about to start."""
        self._writer.start(self._now())
        self._border.started()

    def enter(self, entry: Entry, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
        arguments = self._border.enter(entry, arguments)
        self._writer.entry(self._numbers[entry.name], self._now(), arguments)
        return arguments

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        number = self._numbers[call.name]
        asked = self._clock.now()
        try:
            answer = self._border.call(call, arguments)
        except BaseException as raised:
            failure = refusal(raised)
            now = self._clock.now()
            self._writer.refused(number, now - self._began, now - asked, arguments, failure.cause, failure.reason)
            raise
        now = self._clock.now()
        self._writer.call(number, now - self._began, now - asked, arguments, answer)
        return answer

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        if isinstance(outcome, Failure):
            self._writer.failed(self._now(), outcome)
        else:
            self._writer.returned(self._now(), outcome.value)
        self._border.leave(entry, outcome)

    def not_started(self, failure: Failure) -> None:
        self._writer.failed(self._now(), failure)
        self._border.not_started(failure)

    def pause(self) -> None:
        self._border.pause()

    def _now(self) -> int:
        return self._clock.now() - self._began
