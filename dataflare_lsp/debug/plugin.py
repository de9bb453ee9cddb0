"""The debuggee that is a plugin: what the adapter wants of it, put to its processes, and what they say, reported."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from dataflare_lsp.debug.debuggee import (
    AtStart,
    Attachable,
    Ended,
    Failed,
    Frame,
    Idle,
    Metrics,
    Moment,
    Output,
    Progress,
    Ready,
    Reason,
    Refused,
    Report,
    Result,
    Stop,
    Stopped,
    Typed,
    Watch,
)
from dataflare_lsp.debug.launch import Configuration
from dataflare_lsp.debug.native.bindings import native_of
from dataflare_lsp.debug.process import outside, traveller
from dataflare_lsp.debug.process.outside import Debugged
from dataflare_lsp.debug.rows import is_source, rows_of
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.kinds import is_error
from dataflare_lsp.runtime.recording.trace import NotATrace, Trace
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.values import wave
from dataflare_lsp.values.types import Function, Value
from dataflare_lsp.workspace.compiling import compiled
from dataflare_lsp.workspace.launch import CannotLaunch
from dataflare_lsp.workspace.recording import remembering

_HOST_MOMENTS: tuple[Moment, ...] = ("call", "answer")
_PLUGIN_MOMENTS: tuple[Moment, ...] = ("entry", "return", "trap")
_FAILED = 1
_MOST_TEXT = 1 << 16
"""Characters that are reported together: of a text that is longer the rest comes after it, or is left out."""
_MOST_ELEMENTS = 1000
"""Elements of a list that are shown in a result."""


class PluginDebuggee:
    """`debuggee.Debuggee` for a component."""

    def __init__(self, report: Callable[[Report], None]) -> None:
        self._report = report
        self._lock = threading.RLock()
        self._held = ExitStack()
        self._configuration: Configuration
        self._watch: Watch
        self._debugged: Debugged | None = None
        self._functions: dict[str, Function] = {}
        self._exports: dict[str, Function] = {}
        self._furthest = -1
        self._is_idle = False
        self._is_over = False
        self._is_loading = False
        self._is_source = False
        self._is_drained = False
        self._exit = 0
        self._spoken: dict[str, bytes] = {}

    def start(self, configuration: Configuration, watch: Watch) -> None:
        self._configuration = configuration
        self._watch = watch
        self._is_loading = True
        threading.Thread(target=self._load, name="load", daemon=True).start()

    def watch(self, watch: Watch) -> None:
        self._watch = watch
        self._tell_watched()

    def resume(self, how: str) -> None:
        self._is_idle = False
        self._living.resume(how)

    def goto(self, entry: int) -> None:
        self._is_idle = False
        self._living.goto(entry)

    def pause(self) -> None:
        self._living.pause()

    def answer(self, value: Value) -> None:
        self._living.answer(value)

    def arguments(self, values: Sequence[Value]) -> None:
        self._living.arguments(values)

    def call(self, function: str, arguments: Sequence[Value]) -> None:
        if not self._is_idle:
            raise Refused("the plugin is at something else; functions can be called when all records are through")
        self._is_idle = False
        self._living.call(function, arguments)

    def measure(self) -> None:
        self._living.measure()

    def stack(self) -> tuple[Frame, ...]:
        return tuple(_frame(text) for text in self._living.stack())

    def terminate(self) -> None:
        with self._lock:
            self._is_over = True
            debugged, is_loading = self._debugged, self._is_loading
        if debugged is not None:
            debugged.end()
        elif not is_loading:
            self._over("ended", self._exit)

    # ----------------------------------------------------------------------------------------------------------------

    @property
    def _living(self) -> Debugged:
        debugged = self._debugged
        if debugged is None:
            raise Refused("the plugin does not run")
        return debugged

    def _load(self) -> None:
        try:
            self._begin()
        finally:
            with self._lock:
                self._is_loading = False
                is_over = self._is_over and self._debugged is None
            if is_over:
                self._over("ended", self._exit)

    def _begin(self) -> None:
        """Compile the plugin, and start its process, unless that is not wanted any more."""
        configuration = self._configuration
        launch = configuration.launch
        title = "Compiling the plugin"

        def is_wanted() -> bool:
            self._report(Progress(title))
            return not self._is_over

        try:
            artefact, digest = self._held.enter_context(
                compiled(launch.component, launch.limits, launch.component, is_wanted)
            )
        except CannotLaunch as error:
            self._report(Progress(title, is_done=True))
            if not self._is_over:
                self._report(Failed(str(error)))
            return
        self._report(Progress(title, is_done=True))
        native: tuple[str, ...] = ()
        if configuration.is_source:
            try:
                found = self._held.enter_context(native_of(launch, configuration.module))
            except CannotLaunch as error:
                self._report(Failed(str(error)))
                return
            native = (found.module, *found.folders)
        wrong = None if configuration.replay is None else _unfit(configuration.replay, digest)
        if wrong is not None:
            self._report(Failed(wrong))
            return
        record = configuration.record
        try:
            if configuration.remembers:
                record = self._held.enter_context(remembering(launch.manifest))
        except CannotLaunch as error:
            self._report(Failed(str(error)))
            return
        setup = Setup(
            artefact,
            digest,
            launch.limits,
            launch.allowance,
            record,
            configuration.replay,
            launch.component,
        )
        with self._lock:
            if self._is_over:
                return
            self._debugged = Debugged(setup, self._rows(), self._heard, self._judged, native=native)
            self._debugged.start()

    def _rows(self) -> Iterator[outside.Row]:
        """What the plugin is called with: read when it is wanted, when the exports are known."""
        try:
            yield from rows_of(self._configuration, self._exports, lambda: self._is_drained)
        except CannotLaunch as error:
            self._exit = 2
            self._report(Output("stderr", f"{error}\n"))

    def _heard(self, event: outside.Event) -> None:
        """Report what a process says. Called by the thread that listens to it."""
        debugged = self._debugged
        assert debugged is not None
        match event:
            case outside.Loaded(imports, exports, _, _, process):
                self._exports = dict(exports)
                self._functions = {**imports, **exports}
                self._is_source = is_source(self._configuration, self._exports)
                if self._is_source:
                    debugged.batch = 1
                self._tell_watched()
                self._report(Ready(imports, exports, process))
            case outside.Attachable(host, port):
                self._report(Attachable(host, port))
            case outside.Stopped(moment, reason, breakpoints):
                debugged.measure()
                stop = None if moment is None else self._stop(debugged, moment)
                self._report(Stopped(stop, _reason(reason), breakpoints))
            case outside.Idle():
                debugged.measure()
                self._is_idle = True
                self._report(Idle())
            case outside.AtStart(is_start):
                self._report(AtStart(is_start))
            case outside.Entered():
                self._entered(event)
            case outside.Forked(number):
                self._furthest = number - 1
                self._watch.forget(number)
                self._report(Output("console", "From here on it is another run: what came after has not happened.\n"))
            case outside.Figures(state, measured):
                self._report(Metrics(state, measured))
            case outside.Said(message):
                self._said(message)
            case outside.Ended(failure):
                if failure is not None:
                    self._report(Output("stderr", f"The plugin has ended ({failure.cause}): {failure.reason}.\n"))
                self._over(failure.reason if failure else "ended", self._exit if failure is None else _FAILED)

    def _over(self, reason: str, code: int) -> None:
        self._held.close()
        self._report(Ended(reason, code))

    def _judged(self, reached: traveller.Moment) -> traveller.Verdict:
        debugged = self._debugged
        assert debugged is not None
        verdict = self._watch.judge(self._stop(debugged, reached))
        if reached.number > self._furthest:
            self._furthest = reached.number
            for text in verdict.output:
                self._report(Output("console", f"{text}\n"))
        return traveller.Verdict(verdict.is_stop, verdict.reason, verdict.breakpoints)

    def _tell_watched(self) -> None:
        debugged = self._debugged
        if debugged is None:
            return
        watch = self._watch
        moments = [
            (moment, name)
            for name in self._functions
            for moment in (_PLUGIN_MOMENTS if name in self._exports else _HOST_MOMENTS)
        ]
        # What went wrong is always put to the watch.
        debugged.watch(
            frozenset((moment, name) for moment, name in moments if moment == "trap" or watch.watches(moment, name))
        )

    def _stop(self, debugged: Debugged, moment: traveller.Moment) -> Stop:
        rows = debugged.rows
        entered, given = rows[moment.entry] if 0 <= moment.entry < len(rows) else ("", ())
        parameters = self._functions[entered].parameters if entered in self._functions else ()
        record = None
        if len(parameters) == len(given) == 1 and parameters[0].type is not None:
            record = Typed(given[0], parameters[0].type)
        return Stop(
            moment=moment.kind,
            number=moment.number,
            entry=moment.entry,
            entered=entered,
            function=moment.function,
            type=self._functions.get(moment.function, Function((), None)),
            arguments=moment.arguments,
            result=moment.result,
            error=moment.failure,
            record=record,
        )

    def _entered(self, event: outside.Entered) -> None:
        function = self._functions.get(event.function, Function((), None))
        if isinstance(event.outcome, Failure):
            self._exit = _FAILED
            self._report(Result(event.entry, event.function, event.outcome))
            return
        if self._is_source and event.outcome is None:
            self._is_drained = True
        text = ""
        if function.result is not None:
            text = wave.write(event.outcome, function.result, elements=_MOST_ELEMENTS, characters=_MOST_TEXT)
        self._report(Result(event.entry, event.function, text, is_error(event.outcome, function)))

    def _said(self, message: tuple[object, ...]) -> None:
        match message:
            case ("log", str(level), str(text)):
                left_out = f"… {len(text) - _MOST_TEXT:,} more characters" if len(text) > _MOST_TEXT else ""
                self._report(Output("log", f"{level}: {text[:_MOST_TEXT]}{left_out}\n"))
            case ("output", "stdout" | "stderr" as stream, bytes(data)):
                text = self._text(stream, data)
                for start in range(0, len(text), _MOST_TEXT):
                    self._report(Output(stream, text[start : start + _MOST_TEXT]))
            case ("denied", str(function), str(grant)):
                self._report(Output("stderr", f"`{function}` was denied; the manifest would have to say {grant}\n"))

    def _text(self, stream: str, data: bytes) -> str:
        """What was written, as text: a sign that is not whole yet waits for its rest."""
        data = self._spoken.pop(stream, b"") + data
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            if error.end == len(data) and len(data) - error.start < 4:
                self._spoken[stream] = data[error.start :]
                return data[: error.start].decode()
            return data.decode(errors="replace")


def _reason(reason: str) -> Reason:
    match reason:
        case "entry" | "breakpoint" | "exception" | "step" | "pause" | "goto" | "restart":
            return reason
    return "step"


def _unfit(trace: str, digest: str) -> str | None:
    """Why a component with this SHA-256 cannot be run along a trace."""
    try:
        recorded = Trace(trace).header.component
    except (NotATrace, OSError) as error:
        return f"cannot replay `{trace}`: {error}"
    return None if recorded == digest else f"`{trace}` was recorded with another component, or before it was rebuilt"


_PLACE = re.compile(r"(.*?) at (.+?):([0-9]+)(?::[0-9]+)?(?: at .*)?")


def _frame(text: str) -> Frame:
    """A frame as the engine writes it: `module!function`, and where it stands in the source if that is known."""
    found = _PLACE.fullmatch(text)
    return Frame(found[1], found[2], int(found[3])) if found is not None else Frame(text)
