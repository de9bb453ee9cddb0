"""A debug session: in which state it is, and what follows from what the debuggee reports.

| state | until |
|---|---|
| `new` | `initialize` |
| `initialized` | `launch` |
| `loading` | the plugin is built and loaded; then `initialized` is said, and breakpoints are asked for |
| `configuring` | `configurationDone` |
| `running` | the plugin stops, or all records are through |
| `stopped`, `idle` | it is told to go on; `idle`: no function of the plugin is running |
| `over` | the client leaves |

Everything happens on one thread: messages and reports are taken from one inbox.
"""

import os
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.debug import messages
from dataflare_lsp.debug.breakpoints import Breakpoints, Gates, Placed, Watched
from dataflare_lsp.debug.build import Build, Built
from dataflare_lsp.debug.codec import Table
from dataflare_lsp.debug.debuggee import (
    AtStart,
    Attachable,
    Debuggee,
    Ended,
    Failed,
    Frame,
    Idle,
    Metrics,
    Output,
    Progress,
    Ready,
    Report,
    Result,
    Start,
    Stop,
    Stopped,
)
from dataflare_lsp.debug.launch import Configuration, Settings, configuration, settings, unknown
from dataflare_lsp.debug.sources import Sources
from dataflare_lsp.debug.transport import Inbox, Outgoing
from dataflare_lsp.debug.variables import Variables
from dataflare_lsp.features.functions import shown
from dataflare_lsp.features.sites import Sites
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.values.types import Function, Value
from dataflare_lsp.workspace.launch import CannotLaunch

State: TypeAlias = Literal[
    "new", "initialized", "loading", "configuring", "running", "stopped", "idle", "over"
]  # fmt: skip
THREAD: Final = 1
"""The plugin's instance, as a client numbers it."""
_NOTHING_BEFORE: Final = "This is where the run began: there is nothing before it.\n"
_FORGOTTEN: Final = (
    "What lies before is not kept any more: the plugin has called its host too often since. To see it, restart the "
    "session and stop earlier.\n"
)
_LAST_LINES = 20
"""Lines of what the plugin wrote to stderr that are shown with what went wrong."""


class Heard(NamedTuple):
    """A report, and which of the debuggees of a session it is from: those that were restarted may still speak."""

    debuggee: int
    report: Report | Built


class Refuse(Exception):
    """A request is refused. `code` is for the client, the message for its user."""

    def __init__(self, message: str, code: str = "refused", *, is_shown: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.is_shown = is_shown


class Session:
    """One client, one plugin."""

    def __init__(
        self, out: Outgoing, inbox: "Inbox[Heard]", start: Start, directory: str, attached: Table | None = None
    ) -> None:
        """`attached` is the configuration of a plugin that waits for a client to attach, if one does."""
        self.attached: Final = attached
        self.out: Final = out
        self.state: State = "new"
        self.client = messages.InitializeArguments()
        self.sources: Final = Sources()
        self.breakpoints: Final = Breakpoints()
        self.stopped: Stopped | None = None
        self.variables = Variables()
        self.first_frame = 1
        """The id of the innermost frame of the stop. None is used twice: clients tell by it which frames are new."""
        self.imports: dict[str, Function] = {}
        self.exports: dict[str, Function] = {}
        self.metrics: Metrics | None = None
        self.configuration: Configuration | None = None
        self._inbox = inbox
        self._start = start
        self._directory = directory
        self._settings: Settings | None = None
        self._debuggee: Debuggee | None = None
        self._build: Build | None = None
        self._number = 0
        self._launching: messages.Request | None = None
        self._calling: messages.Request | None = None
        self._is_entering = False
        self._is_restarting = False
        self._has_run = False
        self._frames: tuple[Frame, ...] | None = None
        self._progress: str | None = None
        self._stderr = ""

    # What requests need -----------------------------------------------------------------------------------------------

    @property
    def debuggee(self) -> Debuggee:
        """The debuggee. Raises `Refuse` where there is none."""
        if self._debuggee is None or self.state == "over":
            raise Refuse("no plugin is being debugged")
        return self._debuggee

    @property
    def stop(self) -> Stop:
        """The stop at which the plugin stands. Raises `Refuse` where it stands at none."""
        if self.state == "stopped" and self.stopped is not None and self.stopped.stop is not None:
            return self.stopped.stop
        raise Refuse("the plugin does not stand at a call, an answer, an entry or a return", "notStopped")

    @property
    def last_words(self) -> str:
        """The last lines that the plugin wrote to stderr."""
        return "\n".join(self._stderr.splitlines()[-_LAST_LINES:])

    def launch(self, given: Table, request: messages.Request) -> None:
        """Begin with a launch configuration; the request is answered when the plugin runs."""
        for text in unknown(given):
            self.say(f"{text}\n", "important")
        wanted = settings(given, self._directory)
        self._launching = request
        try:
            self._load(wanted)
        except Exception:
            # A fault of the adapter's, which answers the request; another launch can be tried.
            self._launching, self.state = None, "initialized"
            raise

    def restart(self, given: Table | None) -> None:
        """Begin anew, with the plugin as it is on disk now."""
        if self._settings is None:
            raise Refuse("nothing was launched that could be restarted")
        wanted = self._settings if given is None else settings(given, self._directory)
        self._is_restarting = True
        self.breakpoints.forget()
        self._drop()
        self._load(wanted)

    def configured(self) -> None:
        """The client has said all that it has to say before the plugin runs."""
        if self._launching is not None:
            self.out.answer(self._launching)
            self._launching = None
        self._run()

    def resume(self, act: Callable[[Debuggee], None]) -> None:
        """Let the plugin go on, or back."""
        act(self.debuggee)
        self.state = "running"
        self._forget_stop()

    def call(self, function: str, arguments: tuple[Value, ...], request: messages.Request) -> None:
        """Call a function of the plugin; the request is answered when it has returned."""
        self.debuggee.call(function, arguments)
        self._calling = request
        self.state = "running"
        self._forget_stop()

    def watch(self) -> None:
        """Stop by the breakpoints as they are now."""
        if self._debuggee is not None and self.state not in ("loading", "over"):
            self._debuggee.watch(self._watched)

    def change(self, stop: Stop) -> None:
        """The plugin stands at a stop that was changed."""
        assert self.stopped is not None
        self.stopped = self.stopped._replace(stop=stop)
        self.variables = Variables()
        if self.client.supports_invalidated_event:
            self.out.event("invalidated", messages.InvalidatedBody(("variables",)))

    def frames(self) -> tuple[Frame, ...]:
        """The frames of the guest at the stop, asked for once."""
        if self._frames is None:
            self._frames = self.debuggee.stack()
        return self._frames

    @property
    def are_frames_known(self) -> bool:
        """Whether the frames of the guest were asked for."""
        return self._frames is not None

    def cancel(self, wanted: int | None, progress: str | None) -> None:
        """Give up what takes its time, if it is that."""
        is_launch = self._launching is not None and self._launching.seq == wanted
        if self._build is not None and (is_launch or (progress is not None and progress == self._progress)):
            self._build.stop()
        elif self._calling is not None and self._calling.seq == wanted:
            self.debuggee.pause()

    def tick(self) -> None:
        """A second has passed, and nothing has happened."""
        if self.state == "running" and self._debuggee is not None:
            self._debuggee.measure()

    def terminate(self) -> None:
        """End the plugin, gently for the client: it is told when that is done."""
        if self._build is not None:
            self._build.stop()
        if self._debuggee is not None:
            self._debuggee.terminate()
        elif self.state != "over":
            self._over(0)

    @property
    def is_alive(self) -> bool:
        """Whether there is a debuggee that has not reported its end, or a build that is not done."""
        return self._debuggee is not None or self._build is not None

    # What follows from reports ----------------------------------------------------------------------------------------

    def hear(self, heard: Heard) -> None:
        """Do what follows from a report."""
        if heard.debuggee != self._number:
            return
        match heard.report:
            case Built(failure):
                self._build = None
                self._end_progress()
                if failure:
                    self._fail(failure)
                else:
                    self._begin()
            case Ready():
                self._ready(heard.report)
            case Stopped():
                self._stand(heard.report)
            case Idle():
                self._idle()
            case Attachable(host, port):
                self._offer(host, port)
            case AtStart(is_start):
                self.say(_NOTHING_BEFORE if is_start else _FORGOTTEN, "console")
                self._stand_again()
            case Output(category, text):
                if category == "stderr":
                    self._stderr = (self._stderr + text)[-10_000:]
                self.say(text, category)
            case Metrics():
                self.metrics = heard.report
                self.out.event("dataflare/metrics", _metrics_body(heard.report))
            case Result():
                self._result(heard.report)
            case Progress():
                self._progresses(heard.report)
            case Failed(message):
                self._fail(message)
            case Ended(reason, code):
                self._debuggee = None
                self._over(code, reason)

    def _offer(self, host: str, port: int) -> None:
        """Say what it means that a plugin runs as Python, and have its lines debugged, where the client can."""
        self.say(
            "The plugin runs as Python, not as a component: it is not contained, it has no limits, and it does not run "
            "backwards.\n",
            "important",
        )
        if self.configuration is None or not self.configuration.debugs:
            return
        if not self.client.supports_start_debugging_request:
            self.say(f"A debugger of Python (debugpy) can be attached at {host}:{port}.\n", "important")
            return
        child: Table = {
            "type": "debugpy",
            "name": "Plugin in Python",
            "connect": {"host": host, "port": port},
            "justMyCode": True,
        }
        self.out.ask("startDebugging", messages.StartDebuggingArguments(child))

    def say(self, text: str, category: str) -> None:
        """Write to the client's console."""
        self.out.event("output", messages.OutputBody(text, category))

    def tell_changed(self, changed: tuple[Placed, ...]) -> None:
        """Breakpoints are other than the client was told."""
        for placed in changed:
            body = messages.BreakpointBody("changed", self.breakpoint(placed))
            self.out.event("breakpoint", body)

    def breakpoint(self, placed: Placed, source: messages.Source | None = None) -> messages.Breakpoint:
        """How the client is told what became of a breakpoint."""
        line = None if placed.site is None else self.line(placed.site.start.line)
        verified = placed.state == "set"
        reason: Literal["pending", "failed"] | None = (
            None if verified else "pending" if placed.state == "pending" else "failed"
        )
        return messages.Breakpoint(verified, placed.id, placed.message, source, line, reason=reason)

    def line(self, line: int) -> int:
        """A line from 0, as the client counts lines."""
        return line + 1 if self.client.lines_start_at1 else line

    def _load(self, wanted: Settings) -> None:
        """Build the plugin if that is wanted, and begin."""
        self._settings = wanted
        self._number += 1
        self.state = "loading"
        self._forget_stop()
        self.stopped = None
        self._has_run = False
        self._stderr = ""
        if wanted.build is None:
            self._begin()
            return
        number = self._number
        self._begin_progress(f"Building: {wanted.build}")
        self._build = Build(wanted.build, wanted.directory, lambda report: self._inbox.tell(Heard(number, report)))

    def _begin(self) -> None:
        assert self._settings is not None
        try:
            self.configuration = configuration(self._settings, os.environ)
        except CannotLaunch as error:
            self._fail(str(error))
            return
        launch = self.configuration.launch
        for name in launch.missing:
            self.say(f"The environment variable `{name}`, which the manifest grants, is not set.\n", "important")
        self.sources.know(launch.component, launch.manifest)
        number = self._number
        self._debuggee = self._start(lambda report: self._inbox.tell(Heard(number, report)))
        self._debuggee.start(self.configuration, self._watched)
        # The plugin is loaded meanwhile, in its own process.
        self.sources.prepare()

    @property
    def _watched(self) -> Watched:
        is_debugged = self.configuration is not None and self.configuration.debugs
        return self.breakpoints.watched if is_debugged else Watched((), ())

    def _ready(self, ready: Ready) -> None:
        self.imports, self.exports = dict(ready.imports), dict(ready.exports)
        assert self.configuration is not None
        self.tell_changed(self.breakpoints.know(Gates(tuple(ready.imports), tuple(ready.exports))))
        name = os.path.basename(self.configuration.launch.component)
        self.out.event("process", messages.ProcessBody(name, ready.process, True, "launch"))
        self.out.event("thread", messages.ThreadBody("started", THREAD))
        self.state = "configuring"
        if self._is_restarting:
            self._is_restarting = False
            self._run()
        else:
            self.out.event("initialized")

    def _run(self) -> None:
        assert self.configuration is not None
        self.watch()
        self._is_entering = self.configuration.stop_on_entry and self.configuration.debugs
        self.resume(lambda debuggee: debuggee.resume("step-in" if self._is_entering else "continue"))

    def _stand(self, stopped: Stopped) -> None:
        if self._is_entering:
            stopped = stopped._replace(reason="entry")
        self._is_entering = False
        self.stopped = stopped
        self._stand_again()

    def _stand_again(self) -> None:
        """The plugin stands where it stood."""
        if self.stopped is None:
            self._idle_again()
            return
        self.state = "stopped"
        self._relocate()
        self.out.event("stopped", self._stopped_body(self.stopped))

    def _idle(self) -> None:
        assert self.configuration is not None
        self.stopped = None
        if self._has_run and not self.configuration.stop_on_exit:
            self.debuggee.terminate()
            return
        self._idle_again()

    def _idle_again(self) -> None:
        self.state = "idle"
        text = "All records are through. Functions of the plugin can be called in the console."
        self.out.event("stopped", messages.StoppedBody("pause", "Idle", THREAD, text, True))

    def _stopped_body(self, stopped: Stopped) -> messages.StoppedBody:
        reason, text = stopped.reason, None
        stop = stopped.stop
        if stop is not None and stop.error is not None and reason == "exception":
            text = stop.error.reason
        elif stop is not None and reason == "exception":
            text = f"{shown(stop.function)} returned an error"
        description = None if stop is None else f"Paused {_where(stop)}"
        hit = stopped.breakpoints or None
        if reason == "breakpoint" and self.breakpoints.are_on_functions(stopped.breakpoints):
            return messages.StoppedBody("function breakpoint", description, THREAD, text, True, hit)
        return messages.StoppedBody(reason, description, THREAD, text, True, hit)

    def _result(self, result: Result) -> None:
        self._has_run = True
        outcome = result.outcome
        text = f"failed: {outcome.reason}" if isinstance(outcome, Failure) else outcome or "done"
        if self._calling is not None:
            request, self._calling = self._calling, None
            if isinstance(outcome, Failure):
                self.out.refuse(request.seq, request.command, "failed", error_body(f"the call {text}"))
            else:
                self.out.answer(request, messages.EvaluateBody(text, 0))
            return
        self.say(f"{result.entry}: {text}\n", "result")

    def _fail(self, message: str) -> None:
        """The plugin cannot be started."""
        self._drop()
        if self._launching is not None:
            request, self._launching = self._launching, None
            self.out.refuse(request.seq, request.command, "failed", error_body(message, is_shown=True))
        else:
            self.say(f"{message}\n", "important")
        self._over(2)

    def _drop(self) -> None:
        """Let go of the debuggee, and of what it may still say."""
        self._number += 1
        self._end_progress()
        if self._build is not None:
            self._build.stop()
            self._build = None
        if self._debuggee is not None:
            self._debuggee.terminate()
            self._debuggee = None

    def _over(self, code: int, reason: str = "") -> None:
        if self.state == "over":
            return
        self._end_progress()
        for pending in (self._launching, self._calling):
            if pending is not None:
                why = f"the plugin has ended: {reason}" if reason else "the plugin has ended"
                self.out.refuse(pending.seq, pending.command, "failed", error_body(why))
        self._launching = self._calling = None
        self.state = "over"
        self._forget_stop()
        self.out.event("exited", messages.ExitedBody(code))
        self.out.event("terminated")

    def _forget_stop(self) -> None:
        self.variables = Variables()
        if self.stopped is not None:
            # The frames of the guest, the host's function, and the entry.
            self.first_frame += len(self._frames or ()) + 2
        self._frames = None

    def _relocate(self) -> None:
        """Files may have been edited since breakpoints were set in them."""
        for file in self.breakpoints.files:
            sites = self.sources.texts.read(file)
            if isinstance(sites, Sites):
                self.tell_changed(self.breakpoints.move(file, sites))

    # Progress ---------------------------------------------------------------------------------------------------------

    def _progresses(self, progress: Progress) -> None:
        if progress.is_done:
            self._end_progress()
        elif self._progress is None:
            self._begin_progress(progress.title)
        elif self.client.supports_progress_reporting:
            body = messages.ProgressUpdateBody(self._progress, progress.message or None, progress.percentage)
            self.out.event("progressUpdate", body)

    def _begin_progress(self, title: str) -> None:
        self._progress = f"progress-{self._number}"
        if self.client.supports_progress_reporting:
            seq = self._launching.seq if self._launching is not None else None
            cancellable = self._settings is not None and self._settings.build is not None
            self.out.event("progressStart", messages.ProgressStartBody(self._progress, title, seq, cancellable))
        else:
            self.say(f"{title}\n", "console")

    def _end_progress(self) -> None:
        if self._progress is not None and self.client.supports_progress_reporting:
            self.out.event("progressEnd", messages.ProgressEndBody(self._progress))
        self._progress = None


def _where(stop: Stop) -> str:
    """Where a stop is, for people."""
    name = shown(stop.function)
    match stop.moment:
        case "call":
            return f"where {name} is called"
        case "answer":
            return f"where {name} has answered"
        case "entry":
            return f"on entry into {name}"
        case "return":
            return f"on return from {name}"
        case "trap":
            return f"where {name} has failed"


def error_body(message: str, *, is_shown: bool = False) -> messages.ErrorBody:
    """An error as it is sent; `is_shown`: the client is to show it to its user."""
    return messages.ErrorBody(messages.ErrorMessage(1, message, is_shown))


def _metrics_body(metrics: Metrics) -> messages.MetricsBody:
    measured = metrics.measured
    return messages.MetricsBody(
        metrics.state,
        measured.calls,
        measured.failed,
        measured.throughput,
        measured.error_rate,
        measured.load / 1e9,
        measured.start / 1e9,
        measured.mean / 1e9,
        measured.p50 / 1e9,
        measured.p99 / 1e9,
        measured.memory,
    )
