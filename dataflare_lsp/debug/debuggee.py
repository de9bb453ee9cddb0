"""What the adapter wants of what it debugs: a plugin that runs in a process of its own and stops where it is told to.

A run is a row of *stops*, numbered from 0: entry into the plugin, a call to the host, the host's answer, the return, a
trap. The debuggee can stand at one of them, go on to a later one, and go back to an earlier one. What it has to say it
reports, from whatever thread it likes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, TypeAlias

from dataflare_lsp.debug.launch import Configuration
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.life import Measured, State
from dataflare_lsp.values.types import Function, Type, Value

Moment = Literal["entry", "call", "answer", "return", "trap"]
"""Into the plugin, from the plugin to the host, back to the plugin, out of the plugin, and out of it in a bad way."""

How = Literal["continue", "next", "step-in", "step-out", "step-back", "reverse-continue"]
"""To what reaches a breakpoint; to the next call or return; to the next stop; to the return; one stop back; to what
reached a breakpoint before, or the first stop."""

Reason = Literal["entry", "breakpoint", "exception", "step", "pause", "goto", "restart"]
"""Why the debuggee has stopped."""


class Typed(NamedTuple):
    """A value and what it is a value of."""

    value: Value
    type: Type


class Stop(NamedTuple):
    """A place in a run.

    `entry` is the number of the record, or of the call, that the plugin was entered for, from 0, and `entered` the
    function of the plugin that was. `function` is what this is about, named as the component has it,
    `dataflare:core/logging@1.0.0#log`: for a call and its answer the host's function, else the one that was entered.
    `result` means something at an answer and at a return. `record` is the record of the entry, where there is one.
    """

    moment: Moment
    number: int
    entry: int
    entered: str
    function: str
    type: Function
    arguments: tuple[Value, ...]
    result: Value = None
    error: Failure | None = None
    record: Typed | None = None


class Verdict(NamedTuple):
    """Whether to stop, for which breakpoints (their ids) or what failure, and what to say on the way."""

    is_stop: bool = False
    breakpoints: tuple[int, ...] = ()
    reason: Reason = "breakpoint"
    output: tuple[str, ...] = ()


class Watch(Protocol):
    """Where a run is to be stopped."""

    def watches(self, moment: Moment, function: str) -> bool:
        """Whether a stop of this kind can matter. The answer does not change: the debuggee may keep it."""
        ...

    def judge(self, stop: Stop) -> Verdict:
        """What a stop of a kind that matters is to lead to."""
        ...

    def forget(self, number: int) -> None:
        """From the stop with this number on it is another run than the one that was judged before."""
        ...


class Frame(NamedTuple):
    """A function of the guest that is running. `line` is from 1; `file` is empty where the component does not say."""

    name: str
    file: str = ""
    line: int = 0


# Reports -----------------------------------------------------------------------------------------------------------


class Ready(NamedTuple):
    """The component is loaded, and waits for the first `resume`. Functions by name, as in `Stop`."""

    imports: Mapping[str, Function]
    exports: Mapping[str, Function]
    process: int | None = None


class Stopped(NamedTuple):
    """The plugin stands at a stop; `stop` is None where it was paused between two."""

    stop: Stop | None
    reason: Reason
    breakpoints: tuple[int, ...] = ()


class Attachable(NamedTuple):
    """The plugin runs as Python, and a debugger of Python can be attached to it."""

    host: str
    port: int


class Idle(NamedTuple):
    """All records are through. Functions can be called, and earlier stops gone back to."""

    kind: Literal["idle"] = "idle"


class AtStart(NamedTuple):
    """It was to go back, and cannot. It stands where it stood.

    That is where the run began; or, not `is_start`, what lies before is too long ago and was forgotten.
    """

    is_start: bool = True


class Output(NamedTuple):
    """Something to read: what the plugin wrote to its streams or logged, or what there is to say about it."""

    category: Literal["stdout", "stderr", "log", "console"]
    text: str


class Metrics(NamedTuple):
    """How the run is going."""

    state: State
    measured: Measured


class Result(NamedTuple):
    """How an entry has ended: `outcome` is what the function gave, as text (WAVE), or the failure.

    `is_error`: it returned, and says that it could not do it.
    """

    entry: int
    function: str
    outcome: str | Failure
    is_error: bool = False


class Progress(NamedTuple):
    """Something that takes its time. `percentage` is None where nobody knows, `is_done` ends it."""

    title: str
    message: str = ""
    percentage: float | None = None
    is_done: bool = False


class Failed(NamedTuple):
    """The run could not be started, or not be gone on with; the message is for the user."""

    message: str


class Ended(NamedTuple):
    """The debuggee is over: the last report. `exit` is the exit code that `run` would have."""

    reason: str
    exit: int


Report: TypeAlias = (
    Ready | Attachable | Stopped | Idle | AtStart | Output | Metrics | Result | Progress | Failed | Ended
)


class Refused(Exception):
    """The debuggee cannot do what it was asked for as it stands; the message says why."""


class Debuggee(Protocol):
    """A plugin being debugged. No method waits for the plugin, all but `stack`; what follows is reported."""

    def start(self, configuration: Configuration, watch: Watch) -> None:
        """Load the plugin; `Ready` or `Failed` is reported. The run begins with the first `resume`."""
        ...

    def watch(self, watch: Watch) -> None:
        """Stop by these from now on."""
        ...

    def resume(self, how: How) -> None:
        """Go on, or back; `Stopped`, `Idle`, `AtStart` or `Ended` is reported in the end."""
        ...

    def goto(self, entry: int) -> None:
        """Go to the entry of an earlier record, or run to that of a later one; `Stopped` is reported."""
        ...

    def pause(self) -> None:
        """Stop where it is; `Stopped` is reported."""
        ...

    def answer(self, value: Value) -> None:
        """What the host answers, at a call or an answer. What came after in the run is then another run's."""
        ...

    def arguments(self, values: Sequence[Value]) -> None:
        """What the function is called with, at an entry or a call."""
        ...

    def call(self, function: str, arguments: Sequence[Value]) -> None:
        """Call an exported function while the plugin is idle; `Result` is reported. Raises `Refused`."""
        ...

    def measure(self) -> None:
        """Say how the run is going; `Metrics` is reported."""
        ...

    def stack(self) -> tuple[Frame, ...]:
        """The functions of the guest that are running, innermost first. Takes some milliseconds."""
        ...

    def terminate(self) -> None:
        """End the run and its process, whatever it does; `Ended` is reported."""
        ...


Start: TypeAlias = Callable[[Callable[[Report], None]], Debuggee]
"""Makes a debuggee that reports to the function given."""
