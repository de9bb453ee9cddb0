"""The two streams of a run: results on standard output, and all else on standard error, in the order of events."""

import sys
import time
from collections import defaultdict
from typing import Final, NamedTuple

from dataflare_lsp.cli.terminal import harmless, style_of, width_of, write
from dataflare_lsp.runtime.life import Measured
from dataflare_lsp.runtime.program import Changed, Happening, Log, Metric, Output, Refused
from dataflare_lsp.values.json import Json

_PATIENCE: Final = 1.0
"""Seconds after which there is a progress bar."""
_PACE: Final = 0.1
_BAR: Final = 30
_MOST: Final = 1 << 16
"""Bytes of a line of a plugin's output, which is broken when it is longer."""
_LEVELS: Final = {"error": "error", "warn": "warning"}


class Histogram(NamedTuple):
    """The values of `record-histogram`, in sum."""

    values: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def with_value(self, value: float) -> "Histogram":
        """One value more."""
        return Histogram(self.values + 1, self.total + value, min(self.least, value), max(self.most, value))


class Console:
    """Shows results, what a plugin says, and how far a run is.

    `shows_states`: whether changes of the plugin's state are told, too.
    """

    def __init__(self, shows_states: bool = False) -> None:
        self.style = style_of(sys.stdout)
        self.counters: defaultdict[str, int] = defaultdict(int)
        self.histograms: defaultdict[str, Histogram] = defaultdict(Histogram)
        self._shows_states = shows_states
        self._style = style_of(sys.stderr)
        self._partial: dict[str, bytes] = {}
        self._is_terminal = sys.stderr.isatty()
        self._began = self._drawn = time.monotonic()
        self._has_bar = False

    def result(self, text: str) -> None:
        """Show results."""
        self._clear()
        write(text)

    def flush(self) -> None:
        """Let others see the results."""
        sys.stdout.flush()

    def note(self, label: str, text: str, paint: str = "faint") -> None:
        """Show a line of something that is no result, with what it is."""
        self._clear()
        sys.stdout.flush()
        shown = self._style.paint(paint, f"[{label}]")  # type: ignore[arg-type]
        write(f"{shown} {harmless(text)}\n", sys.stderr)

    def say(self, text: str) -> None:
        """Show lines on standard error as they are."""
        self._clear()
        sys.stdout.flush()
        write(text, sys.stderr)

    def hear(self, happening: Happening) -> None:
        """Show what a plugin does, or remember it for the end."""
        match happening:
            case Log(level, message):
                self.note(harmless(level), message, _LEVELS.get(level, "information"))
            case Output(stream, data):
                self._output(stream, data)
            case Refused(function, grant):
                self.note("denied", f"`{function}`: the manifest would have to say {grant}", "warning")
            case Changed(state):
                if self._shows_states:
                    self.note("state", state)
            case Metric("counter", name, value):
                self.counters[name] += int(value)
            case Metric(_, name, value):
                self.histograms[name] = self.histograms[name].with_value(value)

    def end_lines(self) -> None:
        """A call has ended: what the plugin wrote without a line break is shown now."""
        for stream, rest in self._partial.items():
            self.note(stream, rest.decode(errors="replace"))
        self._partial.clear()

    def progress(self, entries: int, done: int, size: int | None) -> None:
        """Show how far a run is, where somebody is looking and it takes longer: of `size` bytes, `done` are read."""
        now = time.monotonic()
        if not self._is_terminal or now - self._began < _PATIENCE or now - self._drawn < _PACE:
            return
        self._drawn = now
        self._has_bar = True
        rate = entries / (now - self._began)
        said = f"{entries:,} records, {rate:,.0f} a second"
        if size:
            filled = min(_BAR, done * _BAR // size)
            said = f"[{'=' * filled}{' ' * (_BAR - filled)}] {min(100, done * 100 // size)} %  {said}"
        write(f"\r\x1b[2K{said[: width_of(sys.stderr) - 1]}", sys.stderr)
        sys.stderr.flush()

    def waiting(self, what: str) -> None:
        """Show what one waits for, where somebody is looking and it takes longer."""
        now = time.monotonic()
        if self._is_terminal and now - self._began > _PATIENCE and now - self._drawn > _PACE:
            self._drawn = now
            self._has_bar = True
            write(f"\r\x1b[2K{harmless(what)} … {now - self._began:.0f} s", sys.stderr)
            sys.stderr.flush()

    def close(self) -> None:
        """Nothing more is shown."""
        self.end_lines()
        self._clear()
        sys.stderr.flush()

    def _output(self, stream: str, data: bytes) -> None:
        *lines, rest = (self._partial.pop(stream, b"") + data).split(b"\n")
        for line in lines:
            self.note(stream, line.decode(errors="replace"))
        if len(rest) > _MOST:
            self.note(stream, rest.decode(errors="replace"))
        elif rest:
            self._partial[stream] = rest

    def _clear(self) -> None:
        if self._has_bar:
            self._has_bar = False
            write("\r\x1b[2K", sys.stderr)
            sys.stderr.flush()


def figures_of(measured: Measured, console: Console) -> Json:
    """The figures of a run, its plugin's own among them, as JSON; times in nanoseconds, memory in bytes."""
    return {
        "load": measured.load,
        "start": measured.start,
        "calls": measured.calls,
        "failed": measured.failed,
        "mean": measured.mean,
        "p50": measured.p50,
        "p99": measured.p99,
        "throughput": measured.throughput,
        "memory": measured.memory,
        "counters": dict(sorted(console.counters.items())),
        "histograms": {
            name: {"count": one.values, "mean": one.total / one.values, "min": one.least, "max": one.most}
            for name, one in sorted(console.histograms.items())
        },
    }


def figures_text(measured: Measured, console: Console) -> str:
    """The figures of a run for people."""
    rows = [
        ("load", time_text(measured.load)),
        ("start", time_text(measured.start)),
        ("calls", f"{measured.calls:,}, {measured.failed:,} failed ({measured.error_rate:.1%})"),
        (
            "a call",
            f"mean {time_text(measured.mean)}, p50 {time_text(measured.p50)}, p99 {time_text(measured.p99)}",
        ),
        ("throughput", f"{measured.throughput:,.0f} calls a second"),
    ]
    if measured.memory is not None:
        rows.append(("memory", f"{measured.memory / (1 << 20):,.4g} MiB"))
    rows += [(f"counter {harmless(name)}", f"{value:,}") for name, value in sorted(console.counters.items())]
    rows += [
        (
            f"histogram {harmless(name)}",
            f"{one.values:,} values, mean {one.total / one.values:.6g}, from {one.least:.6g} to {one.most:.6g}",
        )
        for name, one in sorted(console.histograms.items())
    ]
    width = max(len(name) for name, _ in rows)
    return "".join(f"  {name:<{width}}  {value}\n" for name, value in rows)


def time_text(nanoseconds: int) -> str:
    """A time for people: `12.3 µs`."""
    for unit, size in (("s", 10**9), ("ms", 10**6), ("µs", 10**3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds} ns"
