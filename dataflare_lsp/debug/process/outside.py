"""A plugin that is debugged, from the adapter's side: its processes started, asked, listened to, ended."""

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, cast

from dataflare_lsp.debug.process.channel import Listener
from dataflare_lsp.debug.process.timeline import CAN_FORK
from dataflare_lsp.debug.process.traveller import Moment, Verdict
from dataflare_lsp.runtime.border import Cause, Failure
from dataflare_lsp.runtime.life import Measured, State
from dataflare_lsp.runtime.messages import Broken, Inbox, Message, Outbox
from dataflare_lsp.runtime.process import command_for
from dataflare_lsp.runtime.program import death_of, memory_of
from dataflare_lsp.runtime.setup import Setup, to_message
from dataflare_lsp.values.plain import Plain, function_from_plain
from dataflare_lsp.values.types import Function, Value

logger = logging.getLogger(__name__)

Row: TypeAlias = tuple[str, tuple[Value, ...]]
"""A function to call, and its arguments."""

_MODULE: Final = "dataflare_lsp.debug.process.inside"
_NATIVE_MODULE: Final = "dataflare_lsp.debug.native.inside"
_BATCH: Final = 256
_PATIENCE: Final = 10.0


class Loaded(NamedTuple):
    """The plugin waits for the first order. Functions by name; nanoseconds of loading and starting."""

    imports: Mapping[str, Function]
    exports: Mapping[str, Function]
    load: int
    start: int
    process: int


class Stopped(NamedTuple):
    """The plugin stands: at a moment, or (None) between two."""

    moment: Moment | None
    reason: str
    breakpoints: tuple[int, ...]


class Attachable(NamedTuple):
    """A debugger of Python can be attached here."""

    host: str
    port: int


class Idle(NamedTuple):
    """All rows are through; `number` is that of what would come next."""

    number: int


class AtStart(NamedTuple):
    """It was to go back, and cannot. It stands where it stood.

    That is where the run began; or, not `is_start`, what lies before is too long ago and was forgotten.
    """

    is_start: bool = True


class Ended(NamedTuple):
    """There is no process any more, and why if that was not wanted."""

    failure: Failure | None


class Entered(NamedTuple):
    """What came of an entry, after so many nanoseconds."""

    entry: int
    function: str
    nanoseconds: int
    outcome: "Value | Failure"
    is_failure: bool


class Forked(NamedTuple):
    """From the moment with this number on it is another run than the one that was told."""

    number: int


class Said(NamedTuple):
    """What the plugin does: the message of `log`, `metric`, `output`, `denied` or `state`."""

    message: Message


class Figures(NamedTuple):
    """How it is going, and in which state of its life the plugin is."""

    state: State
    measured: Measured


Event: TypeAlias = Loaded | Attachable | Stopped | Idle | AtStart | Ended | Entered | Forked | Said | Figures


class Debugged:
    """A plugin that is debugged.

    From `start` on, events are told to `listener`, and moments that are watched are put to `judge`, both in a thread of
    this object's own. `rows` are what the plugin is called with; they are read as they are needed, and kept.
    """

    def __init__(
        self,
        setup: Setup,
        rows: Iterator[Row],
        listener: Callable[[Event], None],
        judge: Callable[[Moment], Verdict],
        *,
        can_fork: bool = CAN_FORK,
        native: Sequence[str] = (),
    ) -> None:
        """`native`: a module and folders, for a plugin that is to be run as Python."""
        self._native = tuple(native)
        self._setup = setup
        self._can_fork = can_fork
        self.batch = _BATCH
        """How many rows are handed over at once. One, where the next row depends on what came of the last."""
        self._source = rows
        self._are_all = False
        self.rows: list[Row] = []
        """The rows that were read so far."""
        self._listener = listener
        self._judge = judge
        self._channel = Listener()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._connected: list[subprocess.Popen[bytes]] = []
        """Those of them that have connected, each once."""
        self._outbox: Outbox | None = None
        self._lock = threading.Lock()
        self._killing = threading.Lock()
        self._is_ended = False
        self._is_first = True
        """Whether the process that runs is one that was started here, and no copy of one."""
        self._order: Message | None = None
        self._stacks: queue.SimpleQueue[tuple[str, ...]] = queue.SimpleQueue()
        self._stderr = bytearray()

    def start(self) -> None:
        """Start the first process; `Loaded` or `Ended` is the first event."""
        self._spawn()
        threading.Thread(target=self._listen, name="debuggee", daemon=True).start()

    # What the adapter wants ------------------------------------------------------------------------------------------

    def watch(self, watched: frozenset[tuple[str, str]]) -> None:
        """Put these kinds of moments, at these functions, to `judge` from now on."""
        self._send("watch", tuple(sorted(watched)))

    def resume(self, how: str) -> None:
        """Go on (`continue`, `next`, `step-in`, `step-out`) or back (`step-back`, `reverse-continue`)."""
        self._send("resume", how)

    def goto(self, entry: int) -> None:
        """Go to the entry of a row, back or forth."""
        self._send("goto", entry)

    def pause(self) -> None:
        """Stop wherever the plugin is."""
        self._send("pause")

    def answer(self, value: Value) -> None:
        """What the host answers to the call at which the plugin stands."""
        self._send("answer", value)

    def arguments(self, values: Sequence[Value]) -> None:
        """What the function is called with at which the plugin stands."""
        self._send("arguments", tuple(values))

    def call(self, function: str, arguments: Sequence[Value]) -> None:
        """Call an exported function, while the plugin is idle."""
        self.rows.append((function, tuple(arguments)))
        self._send("call", function, tuple(arguments))

    def measure(self) -> None:
        """Ask for figures; they come as an event."""
        self._send("measure")

    def stack(self) -> tuple[str, ...]:
        """The frames of the guest where the plugin stands, the innermost first; none when it does not answer."""
        while not self._stacks.empty():
            self._stacks.get()
        if self._is_ended:
            return ()
        self._send("stack")
        try:
            return self._stacks.get(timeout=_PATIENCE)
        except queue.Empty:
            return ()

    def end(self) -> None:
        """End all processes now. `Ended` is the last event, told soon after."""
        self._is_ended = True
        self._kill_all()

    # ----------------------------------------------------------------------------------------------------------------

    def _spawn(self) -> None:
        how = "fork" if self._can_fork else "anew"
        module = _NATIVE_MODULE if self._native else _MODULE
        command = command_for("debug", memory_of(self._setup), self._channel.address, how, *self._native, module=module)
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=os.path.abspath(os.sep),
            start_new_session=True,
        )
        self._processes.append(process)
        self._is_first = True
        threading.Thread(target=self._overhear, args=(process,), daemon=True).start()

    def _overhear(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stderr is not None
        while data := process.stderr.read1(1 << 16):  # type: ignore[attr-defined]
            self._stderr += data
            del self._stderr[:-10_000]
        process.wait()
        if process is self._processes[-1] and process not in self._connected:
            self._channel.close()  # it ended before it connected, and nobody else will

    def _send(self, *message: object) -> None:
        with self._lock:
            if self._outbox is not None:
                try:
                    self._outbox.send(*message)
                except OSError:
                    pass  # its end is told by the thread that listens

    def _listen(self) -> None:
        try:
            failure = self._conversations()
        except Exception as error:
            # A fault of the adapter's: nobody would hear of the plugin any more.
            logger.exception("listening to the plugin failed")
            failure = Failure("host", f"internal error: {type(error).__name__}: {error}")
        is_wanted, self._is_ended = self._is_ended, True
        self._kill_all()
        self._stacks.put(())
        self._listener(Ended(None if is_wanted else failure))

    def _conversations(self) -> Failure:
        """Listen to one process after the other until one ends without another that goes on; gives why it did."""
        while True:
            try:
                connection = self._channel.accept()
            except OSError:
                return self._death()
            if self._is_first:
                self._connected.append(self._processes[-1])
            inbox = Inbox(connection.fileno(), ahead=True)
            with self._lock:
                self._outbox = Outbox(connection.fileno())
            try:
                failure = self._converse(inbox)
            except OSError:
                failure = self._death()  # it was at a word
            except Broken as error:
                failure = Failure("host", f"its process said something that is no message: {error}")
            finally:
                with self._lock:
                    self._outbox = None
                connection.close()
            if failure is not None:
                return failure

    def _converse(self, inbox: Inbox) -> Failure | None:
        """Listen to one process; None when another one goes on, else why none does."""
        while (message := inbox.receive()) is not None:
            match message:
                # The most frequent ones first.
                case ("result", int(entry), str(function), int(took), *outcome):
                    self._listener(_entered(entry, function, took, outcome))
                case ("log" | "metric" | "output" | "denied" | "state", *_):
                    self._listener(Said(message))
                case ("moved", order):
                    self._is_first = False
                    if isinstance(order, tuple):
                        self._order = order
                        self._spawn()
                    return None
                case ("hello",):
                    self._send(*to_message(self._setup))
                case ("loaded", int(process), dict(imports), dict(exports), int(load), int(start)):
                    if self._order is not None:
                        self._send(*self._order)
                        self._order = None
                    else:
                        self._listener(Loaded(_functions(imports), _functions(exports), load, start, process))
                case ("rows", int(first)):
                    self._feed(first)
                case ("judge", *moment):
                    self._send("verdict", *self._judge(_moment(moment)))
                case ("stopped", moment, str(reason), tuple(breakpoints)):
                    where = _moment(moment) if isinstance(moment, tuple) else None
                    self._listener(Stopped(where, reason, cast("tuple[int, ...]", breakpoints)))
                case ("idle", int(number)):
                    self._listener(Idle(number))
                case ("attach", str(host), int(port)):
                    self._listener(Attachable(host, port))
                case ("lost", bool(is_start)):
                    self._listener(AtStart(is_start))
                case ("forked", int(number)):
                    self._listener(Forked(number))
                case ("stack", tuple(frames)):
                    self._stacks.put(tuple(map(str, frames)))
                case ("measured", str(state), *figures):
                    self._listener(Figures(cast(State, state), Measured(*cast("list[int]", figures))))
                case ("unfit", str(cause), str(reason), tuple(frames)):
                    return Failure(cast(Cause, cause), reason, tuple(map(str, frames)))
        return self._death()

    def _feed(self, first: int) -> None:
        while not self._are_all and len(self.rows) < first + self.batch:
            row = next(self._source, None)
            if row is None:
                self._are_all = True
            else:
                self.rows.append(row)
        rows = tuple(self.rows[first : first + self.batch])
        self._send("rows", first, rows, self._are_all and first + len(rows) >= len(self.rows))

    def _death(self) -> Failure:
        """Why the process that ran is no more."""
        code = None
        if self._is_first:
            try:
                code = self._processes[-1].wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                pass
        return death_of(code, self._stderr.decode(errors="replace"))

    def _kill_all(self) -> None:
        self._channel.close()
        with self._killing:
            for process in self._processes:
                _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that came of it: they are a session of their own."""
    assert process.stdin is not None
    if process.stdin.closed:
        return  # it was done
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    process.wait()
    process.stdin.close()


def _functions(plain: Mapping[object, object]) -> dict[str, Function]:
    return {str(name): function_from_plain(cast(Plain, shape)) for name, shape in plain.items()}


def _moment(row: Sequence[object]) -> Moment:
    match row:
        case [
            "entry" | "call" | "answer" | "return" | "trap" as kind,
            int(number),
            int(entry),
            str(function),
            tuple(arguments),
            result,
            failure,
        ]:
            wrong = None
            match failure:
                case (str(cause), str(reason), tuple(frames)):
                    wrong = Failure(cast(Cause, cause), reason, tuple(map(str, frames)))
            given = cast("tuple[Value, ...]", arguments)
            return Moment(kind, number, entry, function, given, cast(Value, result), wrong)
    raise Broken("a moment that cannot be understood")


def _entered(entry: int, function: str, took: int, outcome: Sequence[object]) -> Entered:
    match outcome:
        case [value]:
            return Entered(entry, function, took, cast(Value, value), False)
        case [str(cause), str(reason), tuple(frames)]:
            failure = Failure(cast(Cause, cause), reason, tuple(map(str, frames)))
            return Entered(entry, function, took, failure, True)
    raise Broken("a result that cannot be understood")
