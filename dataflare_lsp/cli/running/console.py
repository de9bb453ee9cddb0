"""The two streams of a run: results on standard output, and all else on standard error, in the order of events."""

import sys
import time
from typing import Final

from dataflare_lsp.cli.running.figures import Figures
from dataflare_lsp.cli.terminal import Paint, harmless, style_of, width_of, write
from dataflare_lsp.runtime.program import Changed, Happening, Log, Metric, Output, Refused

_PATIENCE: Final = 1.0
"""Seconds after which there is a progress bar."""
_PACE: Final = 0.1
_BAR: Final = 30
_MOST: Final = 1 << 16
"""Bytes of a line of a plugin's output, which is broken when it is longer."""
_LEVELS: Final[dict[str, Paint]] = {"error": "error", "warn": "warning"}


class Console:
    """Shows results, what a plugin says, and how far a run is.

    `shows_states`: whether changes of the plugin's state are told, too.
    """

    def __init__(self, shows_states: bool = False) -> None:
        self.style = style_of(sys.stdout)
        self.figures = Figures()
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

    def note(self, label: str, text: str, paint: Paint = "faint") -> None:
        """Show a line of something that is no result, with what it is."""
        self._clear()
        sys.stdout.flush()
        shown = self._style.paint(paint, f"[{label}]")
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
                self.figures.counters[name] += int(value)
            case Metric(_, name, value):
                self.figures.histograms[name] = self.figures.histograms[name].with_value(value)

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
