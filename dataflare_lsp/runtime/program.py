"""The process that runs a plugin, from the outside: started, asked, listened to, ended."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import IO, Literal, NamedTuple, TypeAlias, cast

from dataflare_lsp.runtime.border import Cause, Failure, Outcome, Returned
from dataflare_lsp.runtime.life import Measured, State
from dataflare_lsp.runtime.messages import Broken, Inbox, Message, Outbox
from dataflare_lsp.runtime.process import command_for, is_for_want_of_memory
from dataflare_lsp.runtime.recording.replayed import Divergence, Replayed
from dataflare_lsp.runtime.setup import Setup, to_message
from dataflare_lsp.values.plain import Plain, function_from_plain
from dataflare_lsp.values.types import Function, Value

_PATIENCE = 5.0
"""Seconds that a process is given to end by itself when nobody asks it any more."""
_AHEAD = 2
"""Batches that are under way at once: one is worked on, one waits."""

Rows: TypeAlias = tuple[tuple[Value, ...], ...]
"""Arguments of calls that follow each other."""


class Log(NamedTuple):
    """A line of `dataflare:core/logging`."""

    level: str
    message: str


class Metric(NamedTuple):
    """A value of `dataflare:core/metrics`."""

    kind: Literal["counter", "histogram"]
    name: str
    value: float


class Output(NamedTuple):
    """Bytes that the plugin wrote."""

    stream: Literal["stdout", "stderr"]
    data: bytes


class Refused(NamedTuple):
    """A call that was refused for want of a grant, for the first time."""

    function: str
    grant: str


class Changed(NamedTuple):
    """The plugin's state is another one."""

    state: State


Happening: TypeAlias = Log | Metric | Output | Refused | Changed


class Ended(Exception):
    """The process is no more; carries why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class Called(NamedTuple):
    """One call: how many nanoseconds it took, and what came of it."""

    nanoseconds: int
    outcome: Outcome


class Program:
    """A plugin in a process of its own. Use as a context manager: at the end the process is gone, at once on errors.

    `exports` are the functions that can be called. `load` and `start` are nanoseconds. Every method raises `Ended` when
    the process has come to an end, whatever the reason. What the plugin does meanwhile is told to `listener`, in order.
    """

    def __init__(self, setup: Setup, listener: Callable[[Happening], None]) -> None:
        self._setup = setup
        self._listener = listener
        self._stderr = bytearray()
        self._failure: Failure | None = None
        self._has_ended_well = False
        """Whether the process has said that it comes to its end."""
        self._process = subprocess.Popen(
            command_for("run", memory_of(setup)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=os.path.abspath(os.sep),
            # An interrupt in the terminal is for the one who runs this; the plugin is ended by it.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._outbox = Outbox(self._process.stdin.fileno())
        self._inbox = Inbox(self._process.stdout.fileno(), ahead=True)
        assert self._process.stderr is not None
        self._listening = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listening.start()
        try:
            self._send(*to_message(setup))
            self.exports, self.load, self.start = self._loaded()
        except BaseException:
            self.kill()
            raise

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
            if not self._has_ended_well:
                raise Ended(self._death())
        else:
            self.kill()  # nobody waits for what it is still at

    def call(self, name: str, arguments: tuple[Value, ...]) -> Called:
        """Call a function once."""
        (called,) = self.calls(name, ((arguments,),), goes_on=False)
        return called

    def calls(self, name: str, batches: Iterable[Rows], goes_on: bool) -> Iterator[Called]:
        """Call a function with each row of arguments; gives what came of each, in order. See `results`."""
        for group in self.results(name, batches, goes_on):
            yield from group

    def results(self, name: str, batches: Iterable[Rows], goes_on: bool) -> Iterator[tuple[Called, ...]]:
        """What comes of calling a function with each row of arguments, in order, in groups as they come.

        Ends at the first failure, unless `goes_on`: then a new instance takes the rows that follow. After a failure
        that ends it, nothing can be called any more. `batches` are read in another thread, a few ahead of the results,
        and what reading them raises is raised here when the results of those before have come. Whoever gives up before
        the end also ends the process.
        """
        feeder = _Feeder(lambda rows: self._send("call", name, rows, goes_on), batches)
        while feeder.has_sent():
            yield from self._groups(goes_on)
            if self._failure is not None:
                return
            feeder.go_on()

    def drained(self, name: str, most: int | None, goes_on: bool) -> Iterator[tuple[Called, ...]]:
        """What comes of calling a function without arguments until it gives none, or `most` times; as `results`."""
        self._send("drain", name, most, goes_on)
        yield from self._groups(goes_on)

    def _groups(self, goes_on: bool) -> Iterator[tuple[Called, ...]]:
        """The results of one message."""
        if self._failure is not None:
            raise Ended(self._failure)
        is_over = False
        try:
            while True:
                match self._receive():
                    case ("results", tuple(rows)) if rows:
                        group = tuple([_called(row) for row in rows])
                        last = group[-1].outcome
                        if isinstance(last, Failure) and not goes_on:
                            self._failure = last
                        yield group
                    case ("done",):
                        is_over = True
                        return
                    case message:
                        raise self._unfit(message)
        finally:
            if not is_over:
                self.kill()

    def measure(self) -> Measured:
        """The plugin's figures now."""
        self._send("measure")
        match self._receive():
            case ("measured", *figures):
                return Measured(*cast("list[int]", figures))
            case message:
                raise self._unfit(message)

    def replay(self) -> Replayed:
        """Run along the trace that the setup names."""
        self._send("replay")
        match self._receive():
            case ("replayed", int(entries), int(calls), divergence, str() | None as ended):
                differs = None if divergence is None else Divergence(*cast("tuple[int, str, str]", divergence))
                return Replayed(entries, calls, differs, ended)
            case message:
                raise self._unfit(message)

    def close(self) -> None:
        """End the process: it is asked to, and killed when it does not."""
        if self._process.poll() is None and self._process.stdin is not None:
            alarm = threading.Timer(_PATIENCE, self._process.kill)
            alarm.start()
            try:
                self._process.stdin.close()
                while self._is_talking():
                    pass
            except OSError:
                pass
            finally:
                alarm.cancel()
        self.kill()

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.wait()
        self._listening.join(_PATIENCE)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass

    def _is_talking(self) -> bool:
        try:
            return self._next() is not None
        except (Broken, OSError):
            return False

    def _loaded(self) -> tuple[dict[str, Function], int, int]:
        match self._receive():
            case ("loaded", dict(exports), int(load), int(start)):
                types = {str(name): function_from_plain(cast(Plain, shape)) for name, shape in exports.items()}
                return types, load, start
            case message:
                raise self._unfit(message)

    def _send(self, *message: object) -> None:
        try:
            self._outbox.send(*message)
        except OSError:
            pass  # that it has ended is seen when the answer is read

    def _receive(self) -> Message:
        """The next message that is an answer. Raises Ended."""
        while True:
            try:
                message = self._next()
            except Broken as error:
                raise Ended(Failure("host", f"its process said something that is no message: {error}")) from error
            if message is None:
                self._process.wait()
                self._listening.join(_PATIENCE)
                raise Ended(self._death())
            if message[0] not in _HAPPENINGS:
                return message

    def _next(self) -> Message | None:
        """The next message of any kind; happenings are told."""
        message = self._inbox.receive()
        happening = None if message is None else _happening(message)
        self._has_ended_well |= happening == Changed("stopped")
        if happening is not None:
            self._listener(happening)
        return message

    def _unfit(self, message: Message) -> Ended:
        match message:
            case ("unfit", str(cause), str(reason), tuple(frames)):
                return Ended(Failure(cast(Cause, cause), reason, tuple(map(str, frames))))
        return Ended(Failure("host", f"its process said something else than was asked: {message[0]!r}"))

    def _death(self) -> Failure:
        """Why the process has ended without being asked."""
        return death_of(self._process.returncode, self._stderr.decode(errors="replace"))

    def _listen(self, stream: IO[bytes]) -> None:
        while data := stream.read1(1 << 16):  # type: ignore[attr-defined]
            self._stderr += data
            del self._stderr[:-10_000]


class _Feeder:
    """Sends batches from a thread of its own, so that neither process waits for the other to read, nor for input."""

    def __init__(self, send: Callable[[Rows], None], batches: Iterable[Rows]) -> None:
        self._send = send
        self._room = threading.Semaphore(_AHEAD)
        self._sent: SimpleQueue[BaseException | Literal["batch", "end"]] = SimpleQueue()
        threading.Thread(target=self._feed, args=(batches,), daemon=True, name="feeder").start()

    def has_sent(self) -> bool:
        """Wait until one more batch is sent, or there are no more."""
        sent = self._sent.get()
        if isinstance(sent, BaseException):
            raise sent
        return sent == "batch"

    def go_on(self) -> None:
        """One batch is done."""
        self._room.release()

    def _feed(self, batches: Iterable[Rows]) -> None:
        try:
            for batch in batches:
                self._room.acquire()
                if batch:
                    self._sent.put("batch")
                    self._send(batch)
            self._sent.put("end")
        except BaseException as raised:
            self._sent.put(raised)


def death_of(code: int | None, said: str) -> Failure:
    """Why a process that runs a plugin has ended without being asked, by its exit code, if known, and what it said."""
    last = said.strip().splitlines()[-1:]
    if is_for_want_of_memory(said):
        reason = "its process has no memory left: the plugin, or what it passes to its host, is too big"
        return Failure("memory", reason)
    if code is not None and code < 0:
        return Failure("host", f"its process was ended by {_signal(-code)}")
    if code is None and not last:
        reason = "its process has ended without a word: somebody, or the system for want of memory, may have killed it"
        return Failure("host", reason)
    ended = "its process has ended" if code is None else f"its process ended with {code}"
    return Failure("host", ": ".join([ended, *last]))


def memory_of(setup: Setup) -> int:
    """Bytes that the whole process may have: the plugin's memories, and what passing their content takes."""
    return (1 << 30) + 8 * (setup.limits.memory or 1 << 30)


_HAPPENINGS = frozenset({"log", "metric", "output", "denied", "state"})


def _happening(message: Message) -> Happening | None:
    match message:
        case ("log", str(level), str(text)):
            return Log(level, text)
        case ("metric", "counter" | "histogram" as kind, str(name), int() | float() as value):
            return Metric(kind, name, value)
        case ("output", "stdout" | "stderr" as stream, bytes(data)):
            return Output(stream, data)
        case ("denied", str(function), str(grant)):
            return Refused(function, grant)
        case ("state", str(state)):
            return Changed(cast(State, state))
    return None


def _called(row: object) -> Called:
    match row:
        case (int(took), value):
            return Called(took, Returned(cast(Value, value)))
        case (int(took), str(cause), str(reason), tuple(frames)):
            return Called(took, Failure(cast(Cause, cause), reason, tuple(map(str, frames))))
    raise Ended(Failure("host", "its process gave a result that cannot be understood"))


def _signal(number: int) -> str:
    if number == signal.SIGKILL:
        return "SIGKILL: somebody, or the system for want of memory, has killed it"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


__all__ = ["Called", "Ended", "Happening", "Program"]
