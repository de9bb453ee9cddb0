"""What a process that is debugged does: it runs a plugin along its rows, and does as the adapter says where it stops.

| it says | about |
|---|---|
| `hello` | it wants a setup |
| `loaded` | its number as a process, imports and exports with types, nanoseconds of loading and starting |
| `unfit` | a failure: the plugin cannot be loaded, or not be started again |
| `rows` | wants the rows (function and arguments) from this number on; is sent `rows`, with whether these are all |
| `judge` | a moment; is sent `verdict`: whether to stop, why, breakpoints |
| `stopped` | a moment or None, why, breakpoints; waits for what to do |
| `idle` | all rows are through; waits for what to do |
| `result` | of an entry: number, function, nanoseconds, and a value or what a failure has |
| `stack`, `measured` | answers to questions of this name |
| `forked` | what comes is another run than what was told before |
| `moved` | another process goes on, and will connect; or None is kept, and the adapter makes one, by this order |
| `lost` | there is no place to go back to; whether that is because the run began here |
"""

import os
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal, NoReturn, cast

from dataflare_lsp.debug.process.channel import connect, is_spoken_to
from dataflare_lsp.debug.process.timeline import Timeline, in_child, prepare, rest
from dataflare_lsp.debug.process.traveller import (
    Answer,
    Answered,
    Moment,
    NotAnswered,
    Probe,
    Traveller,
    Verdict,
    answer_of,
)
from dataflare_lsp.runtime.border import Cause, Failure, Outcome
from dataflare_lsp.runtime.hosted import Hosted, Make
from dataflare_lsp.runtime.instance import NotStarted, Plugin
from dataflare_lsp.runtime.memory import linear_memory
from dataflare_lsp.runtime.messages import Inbox, Message, Outbox
from dataflare_lsp.runtime.recording.trace import CallEvent, RefusedEvent, Trace
from dataflare_lsp.runtime.setup import from_message
from dataflare_lsp.runtime.worker import contain
from dataflare_lsp.values.plain import plain_function
from dataflare_lsp.values.types import Value

_LIFELINE = 0
"""Standard input: the adapter holds its other end, and nothing is ever sent through it."""


def main(arguments: Sequence[str]) -> None:
    """Be debugged by the adapter at the address `arguments[2]`, with `arguments[1]` bytes of memory at most.

    `arguments[3]` is `fork` where earlier places are kept as processes, `anew` where they are not.
    """
    _, memory, address, how = arguments
    contain(int(memory), is_running=True)
    if how == "fork":
        prepare()
    inside = Inside(address, can_fork=how == "fork")
    inside.load()
    inside.run()


def _answers_of(trace: str) -> Iterator[Answer]:
    """What hosts answered in a recorded run."""
    for event in Trace(trace).events():
        if isinstance(event, CallEvent):
            yield Answered(event.answer)
        elif isinstance(event, RefusedEvent):
            yield NotAnswered(event.cause, event.reason)


class _Speaker:
    """Tells the adapter what the plugin does, unless it has done that before."""

    def __init__(self, inside: "Inside") -> None:
        self._inside = inside

    def log(self, level: str, message: str) -> None:
        self._inside.tell("log", level, message)

    def metric(self, kind: Literal["counter", "histogram"], name: str, value: float) -> None:
        self._inside.tell("metric", kind, name, value)

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._inside.tell("output", stream, data)

    def denied(self, function: str, grant: str) -> None:
        self._inside.tell("denied", function, grant)
        self._inside.denied(f"`{function}` is not granted; the manifest would have to say {grant}")


class Inside:
    """The plugin, its timeline, and the connection to the adapter."""

    def __init__(self, address: str, *, can_fork: bool, goes_back: bool = True, make: Make = Plugin) -> None:
        self._goes_back = goes_back
        self._address = address
        self._first = os.getpid()
        self._connect()
        self._send("hello")
        setup = from_message(self._inbox.receive())
        self._setup = setup
        self._asleep_since = 0
        self._timeline = Timeline(_LIFELINE, can_fork=can_fork)
        self._hosted = Hosted(setup, _Speaker(self), lambda state: self.tell("state", state), make)
        self._traveller = Traveller(self, self._hosted.clock, self._timeline)
        self._traveller.found = self._found
        self._rows: list[tuple[str, tuple[Value, ...]]] = []
        self._are_all = False
        self._next = 0
        self._goes_on = False
        self._moment: Moment | None = None

    def load(self) -> None:
        """Load the plugin and start it; ends this process where that cannot be."""
        hosted, setup = self._hosted, self._setup
        try:
            hosted.load(self._traveller)
            if setup.replay is not None:
                self._traveller.asks_again = False
                self._traveller.future.extend(_answers_of(setup.replay))
            hosted.start()
        except NotStarted as error:
            self._unfit(error.failure)
        exports = {name: plain_function(shape) for name, shape in hosted.plugin.exports.items()}
        imports = {name: plain_function(shape) for name, shape in hosted.plugin.imports().items()}
        self._send("loaded", os.getpid(), imports, exports, hosted.life.load, hosted.life.start)
        self._wait()

    def run(self) -> NoReturn:
        """Run along the rows; at their end, wait for what to do, for ever."""
        while True:
            row = self._row(self._next)
            if row is None:
                self._traveller.at_end()
                self._send("idle", self._traveller.number)
                self._wait()
                continue
            self._next += 1
            self._one(*row)

    # What the border wants -------------------------------------------------------------------------------------------

    def judge(self, moment: Moment) -> Verdict:
        self._send("judge", *moment)
        match self._until("verdict"):
            case (_, bool(is_stop), str(reason), tuple(breakpoints)):
                return Verdict(is_stop, reason, tuple(cast("tuple[int, ...]", breakpoints)))
        return Verdict(True)

    def stopped(self, moment: Moment | None, verdict: Verdict) -> None:
        life = self._hosted.life
        if life.state == "processing":
            life.to("paused")
        if self._hosted.writer is not None:
            self._hosted.writer.flush()
        self._moment = moment
        self._send("stopped", moment, verdict.reason, verdict.breakpoints)
        self._wait()
        if life.state == "paused":
            life.to("processing")

    def look(self) -> None:
        if self._traveller.is_again:
            # What took the plugin so long before need not take it as long again.
            self._hosted.plugin.timekeeper.deadline = None
        self._outbox.flush()
        while is_spoken_to(self._socket):
            self._asked(self._received())

    def asleep(self) -> None:
        self._asleep_since = time.monotonic_ns()
        self._socket.close()

    def awake(self) -> None:
        self._hosted.clock.skip(time.monotonic_ns() - self._asleep_since)
        self._hosted.plugin.timekeeper.tick()
        if self._hosted.writer is not None:
            self._hosted.writer.rewind()
        self._connect()

    def ordered(self, order: Message) -> None:
        # Functions may have been called since this place was kept.
        self._are_all = False
        match order:
            case (_, tuple(how), tuple(tail), tuple(changed), int(furthest), tuple(watched), tuple(ends)):
                traveller = self._traveller
                traveller.future = deque(answer_of(one) for one in tail)
                if traveller.answers:
                    traveller.answers[-1] = traveller.future.popleft()
                traveller.changed = dict(cast("tuple[tuple[int, tuple[Value, ...]], ...]", changed))
                traveller.furthest = furthest
                rows = cast("tuple[tuple[int, Cause, str], ...]", ends)
                traveller.ends = {number: NotAnswered(cause, reason) for number, cause, reason in rows}
                traveller.watched = frozenset(cast("tuple[tuple[str, str], ...]", watched))
                match how:
                    case ("reach", int(number), bool(is_stop), str(reason), tuple(breakpoints)):
                        verdict = Verdict(is_stop, reason, tuple(cast("tuple[int, ...]", breakpoints)))
                        traveller.reach(number, verdict)
                    case ("search", int(until)):
                        traveller.search(until)

    def gone(self, order: Message | None) -> NoReturn:
        self._send("moved", order)
        self._socket.close()
        if os.getpid() == self._first and self._timeline.can_fork:
            rest(_LIFELINE)
        os._exit(0)

    def forks(self) -> None:
        self._send("forked", self._traveller.number)

    # ----------------------------------------------------------------------------------------------------------------

    def tell(self, *message: object) -> None:
        """Tell what happens, unless it has happened before."""
        if not self._traveller.is_again:
            try:
                self._outbox.hold(*message)
            except OSError:
                self._end()

    def denied(self, why: str) -> None:
        """A host has refused a call with an error that it answers: the answer is a place to stop at."""
        self._traveller.denied = why

    def _one(self, name: str, arguments: tuple[Value, ...]) -> None:
        took, outcome = self._hosted.call(name, arguments)
        self.tell("result", self._traveller.entry, name, took, *outcome)
        if isinstance(outcome, Failure):
            try:
                self._hosted.start()
            except NotStarted as error:
                self._unfit(error.failure)

    def _row(self, number: int) -> tuple[str, tuple[Value, ...]] | None:
        if number >= len(self._rows) and not self._are_all:
            self._send("rows", number)
            match self._until("rows"):
                case (_, int(first), tuple(rows), bool(are_all)) if first == len(self._rows):
                    self._rows += cast("tuple[tuple[str, tuple[Value, ...]], ...]", rows)
                    self._are_all = are_all
        return self._rows[number] if number < len(self._rows) else None

    # The conversation -----------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Do as the adapter says until it says to go on."""
        self._goes_on = False
        while not self._goes_on:
            self._asked(self._received())

    def _until(self, kind: str) -> Message:
        """The message of a kind; what else comes meanwhile is done."""
        while (message := self._received())[0] != kind:
            self._asked(message)
        return message

    def _asked(self, message: Message) -> None:
        traveller = self._traveller
        is_stopped = self._hosted.clock.is_stopped
        match message:
            case ("watch", tuple(watched)):
                traveller.watched = frozenset(cast("tuple[tuple[str, str], ...]", watched))
            case ("resume", "continue" | "next" | "step-in" | "step-out" as how):
                traveller.go(how)
                self._goes_on = True
            case ("resume", "step-back" | "reverse-continue") | ("goto", _) if not self._goes_back:
                self._lost()
            case ("resume", "step-back"):
                traveller.back(traveller.present - 1, Verdict(True, "step"))
                self._lost()
            case ("resume", "reverse-continue"):
                traveller.back_to_breakpoint()
                self._lost()
            case ("goto", int(entry)):
                self._goto(entry)
            case ("pause",):
                if not is_stopped:
                    traveller.paused()
            case ("answer", value):
                traveller.use_answer(cast(Value, value))
            case ("arguments", tuple(values)):
                traveller.use_arguments(cast("tuple[Value, ...]", values))
            case ("call", str(function), tuple(arguments)):
                self._rows.append((function, cast("tuple[Value, ...]", arguments)))
                self._goes_on = True
            case ("go", *_):
                self.ordered(message)
                self._goes_on = True
            case ("stack",):
                self._send("stack", self._stack())
            case ("measure",):
                life = self._hosted.life
                self._send("measured", life.state, *life.measured(linear_memory()))
            case ("end",):
                self._end()

    def _goto(self, entry: int) -> None:
        traveller = self._traveller
        if entry < len(traveller.entries) and traveller.entries[entry] <= traveller.present:
            traveller.back(traveller.entries[entry], Verdict(True, "goto"))
            self._lost()
        else:
            traveller.reach_entry(entry, Verdict(True, "goto"))
            self._goes_on = True

    def _lost(self) -> None:
        self._send("lost", self._traveller.knows_start)

    def _stack(self) -> tuple[str, ...]:
        """The frames of the guest, the innermost first: a copy of this process ends its call, and is told where."""
        moment = self._moment
        if moment is not None and moment.kind == "trap" and moment.failure is not None:
            return moment.failure.backtrace
        if self._hosted.life.state != "paused" or (moment is not None and moment.kind not in ("call", "answer")):
            return ()
        found = in_child(self._probe)
        return tuple(found.decode(errors="replace").split("\0")) if found else ()

    def _probe(self, writer: int) -> NoReturn:
        self._traveller.probe = writer
        if self._hosted.writer is not None:
            self._hosted.writer.mute()
        raise Probe("to see where it is")

    def _found(self, outcome: Outcome) -> NoReturn:
        writer = self._traveller.probe
        if writer is not None and isinstance(outcome, Failure):
            os.write(writer, "\0".join(outcome.backtrace).encode()[: 1 << 16])
        os._exit(0)

    def _connect(self) -> None:
        self._socket = connect(self._address)
        self._inbox = Inbox(self._socket.fileno())
        self._outbox = Outbox(self._socket.fileno())

    def _send(self, *message: object) -> None:
        try:
            self._outbox.send(*message)
        except OSError:
            self._end()

    def _received(self) -> Message:
        message = self._inbox.receive()
        if message is None:
            self._end()
        return message

    def _unfit(self, failure: Failure) -> NoReturn:
        self._hosted.life.to("error")
        self._send("unfit", *failure)
        self._end()

    def _end(self) -> NoReturn:
        """End this process, and all that wait."""
        if self._hosted.writer is not None:
            self._hosted.writer.flush()
        self._timeline.forget(-1)
        sys.stderr.flush()
        os._exit(0)
