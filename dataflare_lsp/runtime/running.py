"""The process that runs a plugin, from its inside: it is told what to call, and tells what came of it.

| it is sent | and answers |
|---|---|
| a setup (`setup`) | `loaded`: exports with types, nanoseconds of loading and starting; or `unfit`: a failure |
| `call`: function, rows of arguments, whether to go on after a failure | `results` as they come, and `done` |
| `drain`: function, how often at most, whether to go on | the same, for calls without arguments until one gives none |
| `measure` | `measured`, figures |
| `replay` | `replayed`, what came of it |

A result is nanoseconds, and a value or what a failure has. In between it tells what the plugin does: `log`, `metric`,
`output`, `denied`, `state`, after the results of all calls that had ended before. After a failure without going on,
`call` and `drain` are not heard any more. It ends when nobody sends any more.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import TYPE_CHECKING, Literal

from dataflare_lsp.runtime.border import Border, Failure
from dataflare_lsp.runtime.hosted import Hosted
from dataflare_lsp.runtime.instance import NotStarted
from dataflare_lsp.runtime.memory import linear_memory
from dataflare_lsp.runtime.messages import Inbox, Outbox
from dataflare_lsp.runtime.setup import Setup, from_message
from dataflare_lsp.values.plain import plain_function
from dataflare_lsp.values.types import Value

if TYPE_CHECKING:
    from dataflare_lsp.runtime.recording.replayer import Replayer
    from dataflare_lsp.runtime.recording.trace import Trace

_TOGETHER = 0.05
"""Seconds for which results are gathered before they are sent."""
_MOST = 512
"""Results that are sent together."""


class Speaker:
    """Tells the one who watches what the plugin does."""

    def __init__(self, send: Callable[..., None]) -> None:
        self._send = send

    def log(self, level: str, message: str) -> None:
        self._send("log", level, message)

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None:
        self._send("metric", kind, name, value)

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._send("output", stream, data)

    def denied(self, function: str, grant: str) -> None:
        self._send("denied", function, grant)


def main() -> None:
    """Serve whoever holds the other ends of standard input and output."""
    inbox, outbox = Inbox(os.dup(0)), Outbox(os.dup(1))
    # What this process or a library prints by mistake is no message.
    os.dup2(2, 1)
    os.close(0)
    setup = from_message(inbox.receive())
    served = _Served(setup, outbox)
    if served.is_loaded:
        served.serve(inbox)
    sys.stderr.flush()


class _Served:
    """One plugin and its conversation."""

    def __init__(self, setup: Setup, outbox: Outbox) -> None:
        self._outbox = outbox
        self._results: list[object] = []
        """Results that are not sent yet."""
        self._sent = 0.0
        """When results were sent last, in seconds."""
        self._hosted = Hosted(setup, Speaker(self._tell), lambda state: self._tell("state", state))
        self._replayer: Replayer | None = None
        self._trace: Trace | None = None
        self.is_loaded = False
        hosted = self._hosted
        self._tell("state", hosted.life.state)
        try:
            border = Border()
            if setup.replay is not None:
                from dataflare_lsp.runtime.recording import replayer, trace

                self._trace = trace.Trace(setup.replay)
                border = self._replayer = replayer.Replayer(self._trace)
            hosted.load(border)
            if self._replayer is None:
                hosted.start()
        except NotStarted as error:
            hosted.life.to("error")
            outbox.send("unfit", *error.failure)
            return
        exports = {name: plain_function(shape) for name, shape in hosted.plugin.exports.items()}
        outbox.send("loaded", exports, hosted.life.load, hosted.life.start)
        self.is_loaded = True

    def serve(self, inbox: Inbox) -> None:
        """Do what is asked until nobody asks."""
        life = self._hosted.life
        while (message := inbox.receive()) is not None:
            match message:
                case ("call" | "drain", *_) if life.state == "error":
                    pass
                case ("call", str(name), tuple(rows), bool(goes_on)):
                    self._calls(name, rows, goes_on, ends=False)
                case ("drain", str(name), int() | None as most, bool(goes_on)):
                    self._calls(name, repeat(()) if most is None else repeat((), most), goes_on, ends=True)
                case ("measure",):
                    self._outbox.send("measured", *life.measured(linear_memory()))
                case ("replay",):
                    self._replay()
        life.to("stopping")
        self._hosted.plugin.close()
        if self._hosted.writer is not None:
            self._hosted.writer.close()
        life.to("stopped")

    def _tell(self, *message: object) -> None:
        """Send a message that is no result, after all results before it."""
        self._flush()
        self._outbox.send(*message)

    def _flush(self) -> None:
        if self._results:
            self._outbox.send("results", tuple(self._results))
            self._results.clear()
        self._sent = time.monotonic()

    def _calls(self, name: str, rows: Iterable[tuple[Value, ...]], goes_on: bool, ends: bool) -> None:
        """Call a function with each row; with `ends`, until it gives none."""
        self._sent = time.monotonic()
        for row in rows:
            took, outcome = self._hosted.call(name, row)
            self._results.append((took, *outcome))
            if isinstance(outcome, Failure):
                if not goes_on:
                    break
                try:
                    self._hosted.start()
                except NotStarted as error:
                    self._hosted.life.to("error")
                    self._tell("unfit", *error.failure)
                    return
            elif ends and outcome.value is None:
                break
            elif len(self._results) >= _MOST or time.monotonic() - self._sent > _TOGETHER:
                self._flush()
        self._tell("done")

    def _replay(self) -> None:
        assert self._trace is not None
        assert self._replayer is not None
        from dataflare_lsp.runtime.recording.replayer import replay

        done = replay(self._trace, self._hosted.plugin, self._replayer)
        self._outbox.send("replayed", done.entries, done.calls, done.divergence, done.ended)
