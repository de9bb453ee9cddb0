"""Shows what came of calls in the wanted format, and counts it."""

from collections import Counter

from dataflare_lsp.cli.running.console import Console
from dataflare_lsp.cli.running.entries import Entry, Word, data_of, summary, text_of, wave_of, word_of
from dataflare_lsp.cli.running.figures import figures_of, figures_text
from dataflare_lsp.cli.terminal import complain, harmless
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.runtime.kinds import Kind
from dataflare_lsp.runtime.life import Measured
from dataflare_lsp.runtime.program import Called
from dataflare_lsp.runtime.records import BadRecord
from dataflare_lsp.values import json
from dataflare_lsp.values.types import Function


class Shower:
    """Shows entries on a console. `words` counts what came of them; `kind` is to be set where the plugin has one."""

    def __init__(self, console: Console, form: str) -> None:
        self.kind: Kind | None = None
        self.console = console
        self.words: Counter[Word] = Counter()
        self.has_ended = False
        """Whether the plugin has come to an end before the run."""
        self._format = form
        self._number = 0
        self._unread = 0

    def show(
        self, name: str, type: Function, called: Called, line: int | None = None, identity: str | None = None
    ) -> None:
        """Show what came of one call."""
        self._number += 1
        entry = Entry(self._number, name, type, called, line, identity)
        word = word_of(entry, self.kind)
        self.words[word] += 1
        self.console.end_lines()
        match self._format:
            case "ndjson":
                self.console.result(json.encode(data_of(entry)) + "\n")
            case "wave" if word != "failed":
                shown = wave_of(entry)
                self.console.result("" if shown is None else shown + "\n")
            case "wave":
                self.console.say(text_of(entry, self.kind, self.console.style))
            case _:
                self.console.result(text_of(entry, self.kind, self.console.style))

    def progress(self, done: int, size: int | None) -> None:
        """Let others see the results so far, and show how far it is."""
        self.console.flush()
        self.console.progress(self._number, done, size)

    def skip(self, wrong: BadRecord) -> None:
        """Show a line that is no record."""
        self._unread += 1
        self.console.say("")
        complain(str(wrong), "warning")

    def end(self, measured: Measured | None) -> None:
        """Show the sum, and figures where there are any."""
        self.console.end_lines()
        if measured is not None and self._format == "ndjson":
            self.console.result(json.encode({"metrics": figures_of(measured, self.console.figures)}) + "\n")
        elif measured is not None:
            self.console.say(figures_text(measured, self.console.figures))
        if self.kind is not None and self._format == "text" and (self.words or not self.has_ended):
            self.console.say(summary(self.words, self._unread) + "\n")

    def ended(self, failure: Failure) -> None:
        """The plugin did not start, or its process has ended by itself."""
        self.has_ended = True
        self.console.end_lines()
        if self._format == "ndjson":
            row = {"entry": None, "outcome": "failed", **failure._asdict(), "backtrace": list(failure.backtrace)}
            self.console.result(json.encode(row) + "\n")
        else:
            self.console.say("")
            complain(f"the plugin has ended ({failure.cause}): {failure.reason}")
            self.console.say("".join(f"  in {harmless(frame)}\n" for frame in failure.backtrace))
