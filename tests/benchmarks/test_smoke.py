"""The benchmark runs: every part, on workspaces too small to say anything about speed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.beginnings import memory, starts
from benchmarks.breakdown import breakdown
from benchmarks.calls import calls, records
from benchmarks.commands import checks
from benchmarks.components import components
from benchmarks.effort import Effort
from benchmarks.figures import Entry, Figure, as_table
from benchmarks.keystrokes import growth, keystrokes
from benchmarks.loading import instances, loading
from benchmarks.plugins import checking, edits
from benchmarks.wasi import wasi

ONCE = Effort(keys=2, warm_up=1, runs=1, few=1, pause=0.0)

PARTS: dict[str, Callable[[str], Iterator[Entry]]] = {
    "keystrokes": lambda folder: keystrokes(folder, ONCE, lines=200, large=80, packages=2),
    "growth": lambda folder: growth(folder, ONCE, ((100, 2), (200, 3)), edited=60),
    "checks": lambda folder: checks(folder, ONCE, (100, 200), packages=2),
    "starts": lambda folder: starts(folder, ONCE),
    "memory": lambda folder: memory(folder, ((200, 2),), edited=60),
    "components": lambda folder: components(folder, ONCE, megabytes=1, interfaces=2),
    "edits": lambda folder: edits(folder, ONCE, lines=200, packages=2),
    "checking": lambda folder: checking(folder, megabytes=1),
    "loading": lambda folder: loading(folder, ONCE, has_large=False),
    "calls": lambda folder: calls(ONCE, seconds=0.001, many=100),
    "records": lambda folder: records(folder, ONCE, count=1_000),
    "instances": lambda folder: instances(ONCE, count=3),
    "wasi": lambda folder: wasi(folder, ONCE, times=20),
    "breakdown": lambda folder: breakdown(folder, ONCE, lines=200, edited=80, packages=2),
}


@pytest.mark.parametrize("part", PARTS)
def test_measures_something(part, tmp_path):
    entries = list(PARTS[part](str(tmp_path)))
    if part == "wasi" and not isinstance(entries[0], Figure):
        pytest.skip(entries[0].text)
    figures = [entry for entry in entries if isinstance(entry, Figure)]
    assert figures
    assert [figure.what for figure in figures if not figure.samples] == []
    assert len(as_table(entries).splitlines()) == 1 + len(entries)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were measured; each has one figure."""
    parts: list[str] = []

    def measure(part: str, folder: str, effort: Effort) -> Iterator[Entry]:
        parts.append(part)
        yield Figure(part, "a thing", (1.0,))

    monkeypatch.setattr(command, "measure", measure)
    return parts


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot read "),
        ("", "has no line <!-- figures: begin --> with <!-- figures: end --> after it"),
        (command.END + command.BEGIN, "has no line <!-- figures: begin --> with <!-- figures: end --> after it"),
    ],
)
def test_a_document_that_cannot_take_the_table_is_refused_before_anything_is_measured(
    measured, tmp_path: Path, capsys, content: str | None, complaint: str
):
    document = tmp_path / "page.md"
    if content is not None:
        document.write_text(content)
    with pytest.raises(SystemExit) as ended:
        command.main(["e", "--markdown", str(document)])
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err
    assert measured == []


def test_figures_that_have_nowhere_to_go_are_not_measured(measured, tmp_path: Path, capsys):
    with pytest.raises(SystemExit):
        command.main(["e", "--json", str(tmp_path / "nowhere" / "figures.json")])
    assert "there is no directory" in capsys.readouterr().err
    assert measured == []


def test_the_table_is_put_between_the_marks(measured, tmp_path: Path):
    document = tmp_path / "page.md"
    document.write_text(f"before\n{command.BEGIN}old\n{command.END}after\n")
    assert command.main(["e", "--quick", "--markdown", str(document)]) == 0
    assert measured == ["e"]
    text = document.read_text()
    assert text.startswith(f"before\n{command.BEGIN}\nMeasured (e) on: ")
    assert "| e | a thing | 1 | 1 ms |" in text
    assert text.endswith(f"\n\n{command.END}after\n")
