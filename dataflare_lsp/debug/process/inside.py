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
| `lost` | there is no place to go back to |
"""

import os
import select
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NoReturn, cast

from dataflare_lsp.debug.process.channel import connect
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
from dataflare_lsp.runtime.border import Border, Cause, Failure, Outcome
from dataflare_lsp.runtime.engine import Settings
from dataflare_lsp.runtime.host import core
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.host.wasi import Wasi
from dataflare_lsp.runtime.instance import Loaded, NotLowered, NotStarted, Plugin, load
from dataflare_lsp.runtime.life import Life
from dataflare_lsp.runtime.limits import Clock
from dataflare_lsp.runtime.memory import linear_memory
from dataflare_lsp.runtime.messages import Inbox, Message, Outbox
from dataflare_lsp.runtime.recording.recorder import Recorder, begun
from dataflare_lsp.runtime.recording.trace import CallEvent, RefusedEvent, Trace, Writer
from dataflare_lsp.runtime.setup import from_message
from dataflare_lsp.runtime.worker import contain
from dataflare_lsp.runtime.world import World
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

    def __init__(self, address: str, *, can_fork: bool, goes_back: bool = True) -> None:
        self._goes_back = goes_back
        self._address = address
        self._first = os.getpid()
        self._connect()
        self._send("hello")
        setup = from_message(self._inbox.receive())
        self._setup = setup
        self._clock = Clock()
        self._asleep_since = 0
        self._timeline = Timeline(_LIFELINE, can_fork=can_fork)
        self._traveller = Traveller(self, self._clock, self._timeline)
        self._traveller.found = self._found
        self._life = Life(lambda state: self.tell("state", state))
        self._world = World(setup.allowance, _Speaker(self), self._clock)
        self._wasi = Wasi(self._world)
        self._writer: Writer | None = None
        self._rows: list[tuple[str, tuple[Value, ...]]] = []
        self._are_all = False
        self._next = 0
        self._functions: dict[str, tuple[int, ...]] = {}
        self._goes_on = False
        self._moment: Moment | None = None

    def load(self) -> None:
        """Load the plugin and start it; ends this process where that cannot be."""
        setup = self._setup
        began = time.perf_counter_ns()
        settings = Settings(fuel=setup.limits.fuel is not None)
        try:
            loaded = load(setup.artefact, settings)
            hosts = {**core.interfaces(self._world), **self._wasi.interfaces}
            self._plugin = self._made(loaded, hosts, self._traveller)
            if setup.record is not None:
                self._writer = begun(setup.record, self._plugin, setup)
                border: Border = Recorder(self._traveller, self._writer)
                self._plugin.border = border
            if setup.replay is not None:
                self._traveller.asks_again = False
                self._traveller.future.extend(_answers_of(setup.replay))
            self._life.load = time.perf_counter_ns() - began
            self._life.to("initializing")
            self._start()
        except NotStarted as error:
            self._unfit(error.failure)
        exports = {name: plain_function(shape) for name, shape in self._plugin.exports.items()}
        imports = {name: plain_function(shape) for name, shape in self._plugin.imports().items()}
        self._send("loaded", os.getpid(), imports, exports, self._life.load, self._life.start)
        self._wait()

    def _made(self, loaded: Loaded, hosts: Mapping[str, Interface], border: Border) -> Plugin:
        """The plugin, not started yet."""
        return Plugin(loaded, hosts, self._setup.limits, border, self._clock)

    def _look(self) -> None:
        """Let the plugin's hosts, when they wait, look at what is wanted."""
        self._world.look = self._plugin.running.timekeeper.look

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
        before = self._life.state
        if before == "processing":
            self._life.to("paused")
        self._flush()
        self._moment = moment
        self._send("stopped", moment, verdict.reason, verdict.breakpoints)
        self._wait()
        if self._life.state == "paused":
            self._life.to("processing")

    def look(self) -> None:
        if self._traveller.is_again:
            # What took the plugin so long before need not take it as long again.
            self._plugin.timekeeper.deadline = None
        self._outbox.flush()
        while select.select([self._socket], [], [], 0)[0]:
            self._asked(self._received())

    def asleep(self) -> None:
        self._asleep_since = time.monotonic_ns()
        self._socket.close()

    def awake(self, order: Message) -> None:
        self._clock.skip(time.monotonic_ns() - self._asleep_since)
        self._plugin.timekeeper.tick()
        if self._writer is not None:
            self._writer.rewind()
        self._connect()
        self._ordered(order)
        self._send("arrived", os.getpid())

    def _ordered(self, order: Message) -> None:
        # Functions may have been called since this place was kept.
        self._are_all = False
        match order:
            case (_, tuple(how), tuple(tail), tuple(changed), int(furthest), tuple(watched), tuple(ends)):
                traveller = self._traveller
                traveller.future = deque(answer_of(one) for one in tail)
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
        self._world.begin()
        self._life.entered()
        began = self._clock.now()
        try:
            outcome = self._plugin.call(name, arguments)
        except NotLowered as error:
            outcome = Failure("host", f"an argument is not of its type: {error}")
        took = self._clock.now() - began
        self._life.left(took, isinstance(outcome, Failure))
        self.tell("result", self._traveller.entry, name, took, *outcome)
        if isinstance(outcome, Failure):
            self._life.to("error")
            self._life.to("initializing")
            try:
                self._start()
            except NotStarted as error:
                self._unfit(error.failure)

    def _start(self) -> None:
        began = time.perf_counter_ns()
        self._world.begin()
        self._wasi.begin()
        self._plugin.start()
        self._look()
        self._life.start = time.perf_counter_ns() - began
        self._life.to("ready")

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
        is_stopped = self._clock.is_stopped
        match message:
            case ("watch", tuple(watched)):
                traveller.watched = frozenset(cast("tuple[tuple[str, str], ...]", watched))
            case ("resume", "continue" | "next" | "step-in" | "step-out" as how):
                traveller.go(how)
                self._goes_on = True
            case ("resume", "step-back" | "reverse-continue") | ("goto", _) if not self._goes_back:
                self._send("lost")
            case ("resume", "step-back"):
                traveller.back(traveller.present - 1, Verdict(True, "step"))
                self._send("lost")
            case ("resume", "reverse-continue"):
                traveller.back_to_breakpoint()
                self._send("lost")
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
                self._ordered(message)
                self._goes_on = True
            case ("stack",):
                self._send("stack", self._stack())
            case ("measure",):
                self._send("measured", self._life.state, *self._life.measured(linear_memory()))
            case ("end",):
                self._end()

    def _goto(self, entry: int) -> None:
        traveller = self._traveller
        if entry < len(traveller.entries) and traveller.entries[entry] <= traveller.present:
            traveller.back(traveller.entries[entry], Verdict(True, "goto"))
            self._send("lost")
        else:
            traveller.reach_entry(entry, Verdict(True, "goto"))
            self._goes_on = True

    def _stack(self) -> tuple[str, ...]:
        """The frames of the guest, the innermost first: a copy of this process ends its call, and is told where."""
        moment = self._moment
        if moment is not None and moment.kind == "trap" and moment.failure is not None:
            return moment.failure.backtrace
        if self._life.state != "paused" or (moment is not None and moment.kind not in ("call", "answer")):
            return ()
        found = in_child(self._probe)
        return tuple(found.decode(errors="replace").split("\0")) if found else ()

    def _probe(self, writer: int) -> NoReturn:
        self._traveller.probe = writer
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

    def _flush(self) -> None:
        if self._writer is not None:
            self._writer.flush()

    def _unfit(self, failure: Failure) -> NoReturn:
        self._life.to("error")
        self._send("unfit", *failure)
        self._end()

    def _end(self) -> NoReturn:
        """End this process, and all that wait."""
        if self._writer is not None:
            self._writer.flush()
        self._timeline.forget(-1)
        sys.stderr.flush()
        os._exit(0)
