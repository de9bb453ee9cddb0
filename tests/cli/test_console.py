"""What a run shows on a terminal while it takes long, and that nothing of it stays."""

import io
import sys

import pytest
from inline_snapshot import snapshot

from dataflare_lsp.cli.running.console import Console
from dataflare_lsp.runtime.program import Changed, Log, Metric, Output, Refused


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        """What was written since this was asked last."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    times = [100.0]
    monkeypatch.setattr("dataflare_lsp.cli.running.console.time.monotonic", lambda: times[0])
    return times


def looking(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in the place of standard error."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_a_bar_where_it_takes_longer(
    monkeypatch: pytest.MonkeyPatch, now: list[float], capsys: pytest.CaptureFixture[str]
):
    terminal = looking(monkeypatch)
    console = Console()
    now[0] += 0.9
    console.progress(10, 100, 1000)
    assert terminal.shown() == ""
    now[0] += 1.1
    console.progress(500, 250, 1000)
    assert terminal.shown() == snapshot("\r\x1b[2K[=======                       ] 25 %  500 records, 250 a second")
    console.progress(501, 251, 1000)
    assert terminal.shown() == ""  # it was drawn just now
    console.result("1  kept\n")
    assert terminal.shown() == snapshot("\r\x1b[2K")
    now[0] += 1
    console.progress(600, 0, None)
    assert terminal.shown() == snapshot("\r\x1b[2K600 records, 200 a second")
    console.close()
    assert terminal.shown() == snapshot("\r\x1b[2K")
    assert capsys.readouterr().out == "1  kept\n"


def test_no_bar_where_nobody_looks(now: list[float], capsys: pytest.CaptureFixture[str]):
    console = Console()
    now[0] += 5
    console.progress(10, 100, 1000)
    console.waiting("compiling x.wasm")
    console.close()
    assert capsys.readouterr() == ("", "")


def test_what_one_waits_for(monkeypatch: pytest.MonkeyPatch, now: list[float]):
    terminal = looking(monkeypatch)
    console = Console()
    now[0] += 3
    console.waiting("compiling x.wasm")
    assert terminal.shown() == snapshot("\r\x1b[2Kcompiling x.wasm … 3 s")


def test_what_a_plugin_does(monkeypatch: pytest.MonkeyPatch):
    terminal = looking(monkeypatch)
    console = Console(shows_states=True)
    for happening in (
        Log("info", "started"),
        Log("whatever\x1b[2J", "two\nlines"),
        Output("stdout", b"half a "),
        Output("stderr", b"a whole line\nand \xff"),
        Output("stdout", b"line\n"),
        Refused("wasi:clocks/wall-clock#now", '`"clocks"` in `capabilities.wasi`'),
        Changed("ready"),
        Metric("counter", "records", 2),
        Metric("counter", "records", 3),
        Metric("histogram", "size", 1.5),
    ):
        console.hear(happening)
    console.end_lines()
    assert terminal.shown() == snapshot("""\
[info] started
[whatever␛[2J] two lines
[stderr] a whole line
[stdout] half a line
[denied] `wasi:clocks/wall-clock#now`: the manifest would have to say `"clocks"` in `capabilities.wasi`
[state] ready
[stderr] and �
""")
    assert console.figures.counters == {"records": 5}
    assert console.figures.histograms["size"].values == 1


def test_a_line_without_an_end(monkeypatch: pytest.MonkeyPatch):
    terminal = looking(monkeypatch)
    console = Console()
    for _ in range(3):
        console.hear(Output("stdout", b"x" * 50_000))
    console.end_lines()
    assert [len(line) for line in terminal.shown().splitlines()] == [100_009, 50_009]
