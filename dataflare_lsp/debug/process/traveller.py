"""The border that can be stopped at, and gone back to.

What crosses the border is numbered: entry, call, answer and return each have a number in the run, from 0. To be at an
earlier place means to be the process that was kept there, or to run on from the last one that was kept before it. Until
the place is reached that was gone back from, the plugin is answered what it was answered before. So it does the same
again, and whoever changes an answer sees what comes of that alone.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple, NoReturn, Protocol, TypeAlias, cast

from dataflare_lsp.debug.process.timeline import Timeline
from dataflare_lsp.runtime.border import Border, Cause, Entry, Failure, HostCall, Outcome
from dataflare_lsp.runtime.host.surroundings import Trap
from dataflare_lsp.runtime.limits import Clock, LimitHit, refusal
from dataflare_lsp.runtime.messages import Message
from dataflare_lsp.values.types import Value

Kind: TypeAlias = Literal["entry", "call", "answer", "return", "trap"]
How: TypeAlias = Literal["continue", "next", "step-in", "step-out"]
"""To a breakpoint; to the next call or return; to whatever comes next; to the return of this entry."""

_UNTIMED: tuple[Cause, ...] = ("time", "stopped")
"""Ends that another run need not come to by itself. They stay where they were."""

MOST_HISTORY = 256 << 20
"""Bytes, about, that the answers of hosts may take which are remembered."""
_LIGHT = 72
"""Bytes that any answer takes."""

_STATELESS = ("dataflare:core/", "wasi:clocks/", "wasi:random/", "wasi:http/", "wasi:sockets/")
"""Hosts that are not asked again for what they answered before: they keep nothing of it, or would do it twice.

The others have to know what the plugin has open, where a run goes on from here.
"""


class Moment(NamedTuple):
    """Something that crosses the border. `function` is named in full; the result is there at an answer and a return."""

    kind: Kind
    number: int
    entry: int
    function: str
    arguments: tuple[Value, ...]
    result: Value = None
    failure: Failure | None = None


class Answered(NamedTuple):
    """What a host answered."""

    value: Value


class NotAnswered(NamedTuple):
    """A host ended the plugin's call."""

    cause: Cause
    reason: str


Answer: TypeAlias = Answered | NotAnswered


class Verdict(NamedTuple):
    """Whether to stop at a moment, why, and for which breakpoints."""

    is_stop: bool
    reason: str = "breakpoint"
    breakpoints: tuple[int, ...] = ()


class _Aim(NamedTuple):
    """Where a run is to stop: by a step, at a number, at an entry, or (searching) nowhere until a number."""

    how: How = "continue"
    number: int | None = None
    entry: int | None = None
    until: int | None = None
    verdict: Verdict = Verdict(True, "step")


class Adapter(Protocol):
    """The adapter, as the border sees it."""

    def judge(self, moment: Moment) -> Verdict:
        """Whether to stop at a moment that is watched."""
        ...

    def stopped(self, moment: Moment | None, verdict: Verdict) -> None:
        """The plugin has stopped; returns when it is to go on. Tells the traveller what to do by its methods."""
        ...

    def look(self) -> None:
        """Nothing happens at the border for a while: see whether something is wanted."""
        ...

    def asleep(self) -> None:
        """This process is going to wait at a checkpoint: let go of the adapter."""
        ...

    def awake(self) -> None:
        """This process was woken, and is the one that runs now: take up with the adapter. Raises `OSError`."""
        ...

    def ordered(self, order: Message) -> None:
        """Do what this process was woken for."""
        ...

    def gone(self, order: Message | None) -> NoReturn:
        """Another process goes on; with an order, one that is yet to be made."""
        ...

    def forks(self) -> None:
        """From here on it is another run than the one that was gone back from."""
        ...


class Probe(Trap):
    """Ends a call to see where the plugin is. Only ever raised in a copy of the process."""


class Traveller(Border):
    """Numbers what crosses the border, stops where that is wanted, and remembers what was answered."""

    def __init__(self, adapter: Adapter, clock: Clock, timeline: Timeline) -> None:
        self.number = 0
        """The number of what crosses the border next."""
        self.entry = -1
        """The number of the entry that the plugin is in, or was in last."""
        self.entries: list[int] = []
        """The number of each entry's first moment."""
        self.answers: list[Answer] = []
        """What hosts have answered so far, but for the oldest that were forgotten."""
        self._forgotten = 0
        """How many were: what lies before cannot be gone back to."""
        self._weight = 0
        """About how many bytes they take."""
        self.future: deque[Answer] = deque()
        """What hosts will answer, because they did so before."""
        self.ends: dict[int, NotAnswered] = {}
        """Where calls of the plugin ended for want of time, by the number of the trap."""
        self.changed: dict[int, tuple[Value, ...]] = {}
        """What entries are called with by the user's wish."""
        self.furthest = -1
        """The place in this run from which one went back. What lies before it was told."""
        self._watched: frozenset[tuple[str, str]] = frozenset()
        self._concerned: frozenset[str] = frozenset()
        """The functions of the host among them."""
        self.denied: str | None = None
        """What the host has just refused with an error that it answers: a sentence."""
        self.asks_again = True
        """Whether hosts are asked again for what they keep. Not where a recorded run is debugged."""
        self.probe: int | None = None
        self._adapter = adapter
        self._clock = clock
        self._timeline = timeline
        self._aim: _Aim | None = None
        """Where to stop besides at breakpoints, if anywhere."""
        self._found: tuple[int, Verdict] | None = None
        self._standing: int | None = None
        self._current: tuple[Value, ...] = ()
        self._arguments: tuple[Value, ...] | None = None
        self._answer: Answered | None = None

    # What the adapter wants -----------------------------------------------------------------------------------------

    @property
    def watched(self) -> frozenset[tuple[str, str]]:
        """Kinds and functions, at which the adapter is asked."""
        return self._watched

    @watched.setter
    def watched(self, watched: frozenset[tuple[str, str]]) -> None:
        self._watched = watched
        self._concerned = frozenset(function for kind, function in watched if kind in ("call", "answer"))

    def go(self, how: How) -> None:
        """Go on until something happens that `how` is about."""
        self._aim = None if how == "continue" else _Aim(how=how)

    def reach(self, number: int, verdict: Verdict) -> None:
        """Go on to a place that lies ahead, and stop there."""
        self._aim = _Aim(number=number, verdict=verdict)

    def reach_entry(self, entry: int, verdict: Verdict) -> None:
        """Go on to the entry of a later row, and stop there."""
        self._aim = _Aim(entry=entry, verdict=verdict)

    def search(self, until: int) -> None:
        """Go on to a place that lies ahead without stopping, and then back to the last breakpoint before it."""
        self._aim, self._found = _Aim(until=until), None

    def use_arguments(self, arguments: tuple[Value, ...]) -> None:
        """What the function that is being called gets."""
        self._arguments = arguments
        self._fork_history()

    def use_answer(self, value: Value) -> None:
        """What the host answers."""
        self._answer = Answered(value)
        self._fork_history()

    def back(self, number: int, verdict: Verdict) -> None:
        """Go back to a place; where nothing was kept before it, nothing happens."""
        self._travel(number, ("reach", number, *verdict))

    def back_to_breakpoint(self) -> None:
        """Go back to the last place at which a breakpoint stops, or to the very first."""
        if self.watched:
            self._travel(self.present - 1, ("search", self.present))
        elif self.present > self._first:
            self._travel(self._first, ("reach", self._first, *Verdict(True, "step")))

    def at_end(self) -> None:
        """There is nothing more to be called: what was to be reached later is not."""
        aim, self._aim = self._aim, None
        if aim is not None and aim.until == self.number:
            self._searched(self.number)

    @property
    def is_again(self) -> bool:
        """Whether what happens now has happened before, and was told then."""
        return self.number <= self.furthest

    @property
    def knows_start(self) -> bool:
        """Whether the start of the run can be gone back to: whether nothing was forgotten."""
        return not self._forgotten

    @property
    def _first(self) -> int:
        """The number of the first place that can be gone back to."""
        return self._timeline.checkpoints[0].number if self._forgotten and self._timeline.checkpoints else 0

    @property
    def present(self) -> int:
        """The number of the place where the plugin stands: of the moment that has not been left, or of the next."""
        return self._standing if self._standing is not None else self.number

    # What crosses ---------------------------------------------------------------------------------------------------

    def enter(self, entry: Entry, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
        self.entry += 1
        self.entries.append(self.number)
        self._moment("entry", entry.name, self.changed.get(self.entry, arguments))
        if self._arguments is not None:
            self.changed[self.entry], self._arguments = self._arguments, None
        self._current = self.changed.get(self.entry, arguments)
        return self._current

    def call(self, call: HostCall, arguments: tuple[Value, ...]) -> Value:
        number = self.number
        if number in self.ends:
            raise LimitHit(*self.ends[number])
        if call.name not in self._concerned and self._is_calm(number) and not self.future:
            # The most common case by far, and the one whose price a whole run pays.
            self.number = number + 1
            answer = self._asked(call, arguments)
            self._keep(answer)
            if self.denied is None and isinstance(answer, Answered):
                self.number = number + 2
                return answer.value
        else:
            self._moment("call", call.name, arguments)
            if self._arguments is not None:
                arguments, self._arguments = self._arguments, None
            answer = self._answered(call, arguments)
            self._keep(answer)
        # A call that was not answered has no moment of an answer.
        if isinstance(answer, Answered):
            self._moment("answer", call.name, arguments, answer.value, self._denied())
            if self._answer is not None:
                self.answers[-1], self._answer = self._answer, None
            answer = self.answers[-1]
        if isinstance(answer, NotAnswered):
            self.denied = None
            raise LimitHit(answer.cause, answer.reason)
        return answer.value

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        if self.probe is not None:
            self.found(outcome)
        if isinstance(outcome, Failure):
            if outcome.cause in _UNTIMED:
                self.ends[self.number] = NotAnswered(outcome.cause, outcome.reason)
            self._moment("trap", entry.name, self._current, failure=outcome)
        else:
            self._moment("return", entry.name, self._current, outcome.value)

    def pause(self) -> None:
        self._adapter.look()
        if self.is_again and self.number in self.ends:
            raise LimitHit(*self.ends[self.number])

    def paused(self) -> None:
        """Stop in the middle of what the plugin computes."""
        with self._clock.stopped():
            self._adapter.stopped(None, Verdict(True, "pause"))

    found: Callable[[Outcome], None]
    """What is done with the outcome of a probe."""

    # ----------------------------------------------------------------------------------------------------------------

    def _answered(self, call: HostCall, arguments: tuple[Value, ...]) -> Answer:
        """What the host answers: what the user wants, or what it answered before, or what it answers now."""
        if self._answer is not None:
            answer, self._answer = self._answer, None
            return answer
        if self.future:
            answered = self.future.popleft()
            if self.asks_again and isinstance(answered, Answered) and not call.interface.startswith(_STATELESS):
                _ask(call, arguments)
            return answered
        return self._asked(call, arguments)

    def _denied(self) -> Failure | None:
        denied, self.denied = self.denied, None
        return None if denied is None else Failure("denied", denied)

    @staticmethod
    def _asked(call: HostCall, arguments: tuple[Value, ...]) -> Answer:
        try:
            return Answered(call.answer(*arguments))
        except Probe:
            raise
        except Exception as error:
            return NotAnswered(*refusal(error)[:2])

    def _moment(
        self,
        kind: Kind,
        function: str,
        arguments: tuple[Value, ...],
        result: Value = None,
        failure: Failure | None = None,
    ) -> None:
        number = self.number
        self.number = number + 1
        if failure is None and (kind, function) not in self._watched and self._is_calm(number):
            return
        moment = Moment(kind, number, self.entry, function, arguments, result, failure)
        while True:
            if self._aim is not None and self._aim.until == number:
                self._searched(number)
                # Nothing is left to go back to: better to stand here than to run on.
                self._aim = _Aim(number=number)
            verdict = self._verdict(moment)
            if not verdict.is_stop:
                is_wanted = number == 0 or time.monotonic_ns() >= self._timeline.due
                if is_wanted and self._mark(number):
                    moment = self._now(moment)
                    continue
                return
            if self._aim is not None and self._aim.until is not None:
                self._found = (number, verdict)
                return
            if self._mark(number):
                moment = self._now(moment)
                continue
            self._stop(moment, verdict)
            return

    def _now(self, moment: Moment) -> Moment:
        """A moment that one has come back to: what was changed there is part of the run."""
        if moment.kind == "entry":
            return moment._replace(arguments=self.changed.get(moment.entry, moment.arguments))
        if moment.kind == "answer" and isinstance(self.answers[-1], Answered):
            return moment._replace(result=self.answers[-1].value)
        return moment

    def _is_calm(self, number: int) -> bool:
        """Whether there is nothing to do at a moment that nobody watches."""
        return self._aim is None and number != 0 and time.monotonic_ns() < self._timeline.due

    def _verdict(self, moment: Moment) -> Verdict:
        aim, kind = self._aim, moment.kind
        if aim is not None and aim.number is not None:
            return aim.verdict if moment.number >= aim.number else _GO_ON
        if aim is not None and aim.entry is not None and kind == "entry" and moment.entry >= aim.entry:
            return aim.verdict
        # What was denied is put to the adapter whatever it watches: nobody knows beforehand where that will be.
        is_denied = kind == "answer" and moment.failure is not None
        if is_denied or (kind, moment.function) in self._watched:
            judged = self._adapter.judge(moment)
            if judged.is_stop:
                return judged
        how = "continue" if aim is None else aim.how
        is_stepped = (
            how == "step-in"
            or (how == "next" and kind in ("call", "return", "trap"))
            or (how == "step-out" and kind in ("return", "trap"))
        )
        return Verdict(True, "step") if is_stepped else _GO_ON

    def _mark(self, number: int) -> bool:
        """Keep this place; True in the process that is woken there."""
        if not self._timeline.can_fork or self._timeline.has(number):
            return False
        answered = self._forgotten + len(self.answers)
        order = self._timeline.mark(number, answered, self._adapter.asleep, self._adapter.awake)
        if order is None:
            return False
        self._adapter.ordered(order)
        return True

    def _stop(self, moment: Moment, verdict: Verdict) -> None:
        self._aim = None
        self._standing = moment.number
        try:
            with self._clock.stopped():
                self._adapter.stopped(moment, verdict)
        finally:
            self._standing = None

    def _searched(self, number: int) -> None:
        """The end of a search: go to what was found, or search before."""
        self._aim = None
        found, start = self._found, self._timeline.before(number - 1)
        if found is not None:
            self._travel(found[0], ("reach", found[0], *found[1]))
        elif start is None or start.number == self._first:
            self._travel(self._first, ("reach", self._first, *Verdict(True, "step")))
        else:
            self._travel(start.number - 1, ("search", start.number))

    def _travel(self, to: int, order: tuple[object, ...]) -> None:
        """Wake the process that was kept last before a place, with what is known of what comes after it.

        Where none is kept, the adapter makes one that begins at the start. Nothing happens where that cannot be.
        """
        if to < 0:
            return
        while (checkpoint := self._timeline.before(to)) is not None:
            if self._timeline.wake(checkpoint, self._from(checkpoint.answered, order)):
                self._adapter.gone(None)
        if not self._forgotten:
            self._adapter.gone(self._from(0, order))

    def _from(self, answered: int, order: tuple[object, ...]) -> Message:
        """What a process is told that goes on where so many host calls were answered: the last of these answers,
        which may have been changed since, and what is known of what comes after it.
        """
        first = max(answered - 1, 0) - self._forgotten
        tail = tuple([tuple(one) for one in (*self.answers[first:], *self.future)])
        furthest = max(self.furthest, self.present)
        ends = tuple([(number, *end) for number, end in self.ends.items()])
        return ("go", order, tail, tuple(self.changed.items()), furthest, tuple(sorted(self.watched)), ends)

    def _keep(self, answer: Answer) -> None:
        """Remember what a host has answered, and forget what is oldest where that becomes too much.

        The last answer is kept, and so is the last one of the first place that is kept.
        """
        self.answers.append(answer)
        value = answer.value if isinstance(answer, Answered) else None
        self._weight += _LIGHT if value is None else _LIGHT + _weight(value)
        while self._weight > MOST_HISTORY and len(self.answers) > 1:
            kept = self._forgotten + len(self.answers)
            self._timeline.forget_before(self._forgotten + len(self.answers) // 2 + 1)
            places = self._timeline.checkpoints
            first = max((places[0].answered if places else kept) - 1, 0)
            del self.answers[: first - self._forgotten]
            self._forgotten = first
            self._weight = sum([_LIGHT + _weight(one) for one in self.answers])

    def _fork_history(self) -> None:
        if self.future or self.is_again:
            self.future.clear()
            self.furthest = -1
            self.ends = {number: end for number, end in self.ends.items() if number <= self.present}
            self._adapter.forks()


_GO_ON = Verdict(False)


def _ask(call: HostCall, arguments: tuple[Value, ...]) -> None:
    """Let a host do again what it did, for what it keeps; what it says is known."""
    try:
        call.answer(*arguments)
    except Exception:
        # It did not fail before. That the world has changed since is no matter here: the answer is the old one.
        pass


def _weight(value: object) -> int:
    """About how many bytes a value takes."""
    if isinstance(value, bytes | str):
        return 50 + len(value)
    return 50 + sum([_weight(inner) for inner in value]) if isinstance(value, tuple) else 30


def answer_of(row: object) -> Answer:
    """An answer that came from another process."""
    match row:
        case (value,):
            return Answered(cast(Value, value))
        case (str(cause), str(reason)):
            return NotAnswered(cast(Cause, cause), reason)
    raise ValueError(f"this stands for no answer: {row!r}")
