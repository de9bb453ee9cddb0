"""The process that runs a plugin, from the outside: started, asked, listened to, ended."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Literal, NamedTuple, TypeAlias, cast

from dataflare_lsp.runtime.border import Cause, Failure, Outcome, Returned
from dataflare_lsp.runtime.life import Measured, State
from dataflare_lsp.runtime.messages import Broken, Inbox, Message, Outbox
from dataflare_lsp.runtime.process import command_for
from dataflare_lsp.runtime.setup import Setup, to_message
from dataflare_lsp.values.plain import Plain, function_from_plain
from dataflare_lsp.values.types import Function, Value

_PATIENCE = 5.0
"""Seconds that a process is given to end by itself when nobody asks it any more."""
_AHEAD = 2
"""Batches that are under way at once: one is worked on, one waits."""


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
    """A plugin in a process of its own. Use as a context manager: at the end the process is gone.

    `exports` are the functions that can be called. `load` and `start` are nanoseconds. Every method raises `Ended` when
    the process has come to an end, whatever the reason. What the plugin does meanwhile is told to `listener`, in order.
    """

    def __init__(self, setup: Setup, listener: Callable[[Happening], None]) -> None:
        self._setup = setup
        self._listener = listener
        self._stderr = bytearray()
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
        self._inbox = Inbox(self._process.stdout.fileno())
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

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, name: str, arguments: tuple[Value, ...]) -> Called:
        """Call a function once."""
        return next(self.calls(name, ((arguments,),), goes_on=False))

    def calls(self, name: str, batches: Iterable[tuple[tuple[Value, ...], ...]], goes_on: bool) -> Iterator[Called]:
        """Call a function with each row of arguments; gives what came of each, in order.

        Ends at the first failure, unless `goes_on`: then a new instance takes the rows that follow.
        """
        waiting: list[int] = []
        batch_of = iter(batches)
        more = True
        while more or waiting:
            while more and len(waiting) < _AHEAD:
                batch = next(batch_of, None)
                if batch is None:
                    more = False
                elif batch:
                    self._send("call", name, batch, goes_on)
                    waiting.append(len(batch))
            if not waiting:
                return
            match self._receive():
                case ("results", tuple(rows)):
                    for row in rows:
                        called = _called(row)
                        yield called
                        if isinstance(called.outcome, Failure) and not goes_on:
                            return
                        waiting[0] -= 1
                        if not waiting[0]:
                            del waiting[0]
                case message:
                    raise self._unfit(message)

    def measure(self) -> Measured:
        """The plugin's figures now."""
        self._send("measure")
        match self._receive():
            case ("measured", *figures):
                return Measured(*cast("list[int]", figures))
            case message:
                raise self._unfit(message)

    def ask(self, *message: object) -> Message:
        """Send a message, and give the answer."""
        self._send(*message)
        return self._receive()

    def close(self) -> None:
        """End the process: it is asked to, and killed when it does not."""
        if self._process.poll() is None and self._process.stdin is not None:
            try:
                self._process.stdin.close()
                while self._process.stdout is not None and self._drained():
                    pass
                self._process.wait(_PATIENCE)
            except (OSError, subprocess.TimeoutExpired):
                pass
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

    def _drained(self) -> bool:
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
        said = self._stderr.decode(errors="replace").strip()
        last = said.splitlines()[-1] if said else ""
        if "memory allocation" in said or "MemoryError" in said or "Cannot allocate memory" in said:
            return Failure(
                "memory", "its process has no memory left: the plugin, or what it passes to its host, is too big"
            )
        return Failure("host", f"its process ended with {self._process.returncode}" + (f": {last}" if last else ""))

    def _listen(self, stream: IO[bytes]) -> None:
        while data := stream.read1(1 << 16):  # type: ignore[attr-defined]
            self._stderr += data
            del self._stderr[:-10_000]


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


__all__ = ["Called", "Ended", "Happening", "Program"]
