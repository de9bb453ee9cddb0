"""A debuggee whose run is written down, and an adapter that debugs it: what the adapter does is seen without a plugin.

python tests/support/scripted.py SCENARIO
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.stops import DATA_RECORD, GET, LOG, PROCESS

from dataflare_lsp.debug.debuggee import (
    AtStart,
    Ended,
    Failed,
    Frame,
    How,
    Idle,
    Metrics,
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
    Verdict,
    Watch,
)
from dataflare_lsp.debug.launch import Configuration
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.life import Measured
from dataflare_lsp.values import wave
from dataflare_lsp.values.types import Case, Value

RECORDS: tuple[tuple[Value, ...], ...] = (("r0", b"{}", ()), ("r1", b'{"a": 1}', (("source", "kafka"),)))
MEASURED = Measured(3_000_000, 1_000_000, 2, 1, 50_000, 40_000, 90_000, 1000.0, 18 << 20)


def run_of(threshold: str) -> list[Stop]:
    """A run over the records: each asks for a setting, logs it, and returns; a threshold of 99 traps in the second."""
    run: list[Stop] = []
    for entry, given in enumerate(RECORDS):
        record = Typed(given, DATA_RECORD)

        def add(moment, function, arguments, result=None, error=None, entry=entry, record=record) -> None:  # type: ignore[no-untyped-def]
            run.append(
                Stop(
                    moment,
                    len(run),
                    entry,
                    PROCESS.name,
                    function.name,
                    function.type,
                    arguments,
                    result,
                    error,
                    record,
                )
            )

        add("entry", PROCESS, (given,))
        add("call", GET, ("threshold",))
        add("answer", GET, ("threshold",), Case("some", threshold))
        add("call", LOG, ("error" if entry else "info", f"threshold is {threshold}"))
        add("answer", LOG, ("error" if entry else "info", f"threshold is {threshold}"))
        if entry and threshold == "99":
            add("trap", PROCESS, (given,), None, Failure("trap", "unreachable", ("plugin!process", "plugin!run")))
            break
        add("return", PROCESS, (given,), Case("err", "bad") if entry else Case("ok", Case("some", given)))
    return run


class Scripted:
    """`debuggee.Debuggee` for such a run. It never runs by itself but in the scenario `endless`, until it is paused."""

    def __init__(self, scenario: str, report: Callable[[Report], None]) -> None:
        self._scenario = scenario
        self._report = report
        self._run = run_of("10")
        self._at = -1
        self._furthest = -1
        self._is_idle = False
        self._watch: Watch | None = None

    def start(self, configuration: Configuration, watch: Watch) -> None:
        self._watch = watch
        if self._scenario == "unfit":
            self._report(Failed("the component cannot be compiled: type mismatch"))
            return
        self._report(Progress("Compiling the plugin"))
        self._report(Progress("Compiling the plugin", is_done=True))
        functions = {LOG.name: LOG.type, GET.name: GET.type}
        self._report(Ready(functions, {PROCESS.name: PROCESS.type}, 4321))

    def watch(self, watch: Watch) -> None:
        self._watch = watch

    def resume(self, how: How) -> None:
        self._is_idle = False
        if self._scenario == "endless":
            return
        if how in ("step-back", "reverse-continue"):
            self._back(how)
            return
        here = self._run[self._at] if self._at >= 0 else None
        for number in range(self._at + 1, len(self._run)):
            stop = self._run[number]
            verdict = self._judged(stop)
            is_step = (
                how == "step-in"
                or (how == "next" and stop.moment in ("call", "return", "trap"))
                or (
                    how == "step-out"
                    and here is not None
                    and stop.entry == here.entry
                    and stop.moment in ("return", "trap")
                )
            )
            self._tell(number)
            if verdict.is_stop or is_step:
                self._stand(number, verdict.reason if verdict.is_stop else "step", verdict.breakpoints)
                return
        self._at = len(self._run)
        self._is_idle = True
        self._report(Idle())

    def goto(self, entry: int) -> None:
        self._is_idle = False
        self._stand(next(stop.number for stop in self._run if stop.entry == entry), "goto", ())

    def pause(self) -> None:
        self._report(Stopped(None, "pause"))

    def answer(self, value: Value) -> None:
        assert isinstance(value, tuple)
        self._fork(run_of(str(value[1])), answer=value)

    def arguments(self, values: Sequence[Value]) -> None:
        self._fork(self._run, arguments=tuple(values))

    def call(self, function: str, arguments: Sequence[Value]) -> None:
        if not self._is_idle:
            raise Refused("the plugin is at something else")
        assert PROCESS.type.result is not None
        self._report(
            Result(len(RECORDS), function, wave.write(Case("ok", Case("some", arguments[0])), PROCESS.type.result))
        )
        self._report(Idle())

    def measure(self) -> None:
        self._report(Metrics("paused", MEASURED))

    def stack(self) -> tuple[Frame, ...]:
        if self._is_idle or not 0 <= self._at < len(self._run):
            return ()
        stop = self._run[self._at]
        if stop.error is not None:
            return tuple([Frame(name) for name in stop.error.backtrace])
        return (Frame("plugin!helper", "/src/lib.rs", 42), Frame("plugin!process"))

    def terminate(self) -> None:
        self._report(Ended("ended", 1 if any(stop.error for stop in self._run) else 0))

    def _back(self, how: How) -> None:
        if self._at <= 0:
            self._report(AtStart())
        elif how == "step-back":
            self._stand(self._at - 1, "step", ())
        else:
            for number in range(self._at - 1, -1, -1):
                verdict = self._judged(self._run[number])
                if verdict.is_stop:
                    self._stand(number, verdict.reason, verdict.breakpoints)
                    return
            self._stand(0, "step", ())

    def _judged(self, stop: Stop) -> Verdict:
        assert self._watch is not None
        if not self._watch.watches(stop.moment, stop.function):
            return Verdict()
        verdict = self._watch.judge(stop)
        if stop.number > self._furthest:
            for text in verdict.output:
                self._report(Output("console", f"{text}\n"))
        return verdict

    def _tell(self, number: int) -> None:
        """Say what happens at a stop, once."""
        stop = self._run[number]
        if number <= self._furthest:
            return
        self._furthest = number
        if stop.moment == "answer" and stop.function == LOG.name:
            self._report(Output("log", f"{stop.arguments[0]}: {stop.arguments[1]}\n"))
        if stop.moment == "trap":
            self._report(Output("stderr", "panicked at lib.rs\n"))
        if stop.moment in ("return", "trap"):
            assert PROCESS.type.result is not None
            outcome = stop.error or wave.write(stop.result, PROCESS.type.result)
            self._report(Result(stop.entry, PROCESS.name, outcome, stop.entry == 1))

    def _stand(self, number: int, reason: Reason, breakpoints: tuple[int, ...]) -> None:
        self._at = number
        self._report(Metrics("paused", MEASURED))
        self._report(Stopped(self._run[number], reason, breakpoints))

    def _fork(self, run: list[Stop], answer: Value = None, arguments: tuple[Value, ...] | None = None) -> None:
        assert self._watch is not None
        at = self._at
        here = self._run[at]
        here = here._replace(result=answer) if arguments is None else here._replace(arguments=arguments)
        self._run = [*self._run[:at], here, *run[at + 1 :]]
        self._furthest = at
        self._watch.forget(at + 1)
        self._report(Output("console", "From here on it is another run.\n"))


if __name__ == "__main__":
    from dataflare_lsp.debug.main import debug_stdio

    sys.exit(debug_stdio(lambda report: Scripted(sys.argv[1], report)))
