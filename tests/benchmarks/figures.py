"""What is reported: samples, targets beside them, and tables for terminals, Markdown and programs."""

import json
import os
import platform
import re
import statistics
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Target(NamedTuple):
    """A limit that a statistic of the figure should keep: `p50`, `p95`, `p99`, or `ratio` to what is beside it."""

    statistic: str
    limit: float


class Taken(NamedTuple):
    """Milliseconds that something took, and for how many of them the system let a process of ours wait for a processor.

    The latter is None where the system does not tell.
    """

    ms: float
    waited: float | None


class Figure(NamedTuple):
    """What was measured of one thing.

    `samples` are in `unit`; `calm` are those of them in which nobody waited for a processor. `beside` names what was
    measured in the same run, in turn with it, and `ratio` compares the two (median of this by median of that).
    """

    part: str
    what: str
    samples: tuple[float, ...]
    unit: str = "ms"
    targets: tuple[Target, ...] = ()
    beside: str = ""
    ratio: float | None = None
    calm: tuple[float, ...] = ()

    def statistic(self, name: str) -> float:
        """One of `p50`, `p95`, `p99`, `ratio`."""
        if name == "ratio":
            assert self.ratio is not None
            return self.ratio
        return percentile(self.samples, int(name[1:]))

    def met(self) -> bool | None:
        """Whether all targets are kept; None where there is none."""
        return all(self.statistic(name) <= limit for name, limit in self.targets) if self.targets else None


CALM = 0.25
"""Milliseconds of waiting for a processor that do not count: every wait for a message ends with some."""


def timed(
    part: str,
    what: str,
    taken: Sequence[Taken],
    targets: tuple[Target, ...] = (),
    beside: str = "",
    other: Sequence[Taken] = (),
) -> Figure:
    """The figure of some times, compared with those of what is `beside`."""
    samples = tuple([one.ms for one in taken])
    calm = tuple([one.ms for one in taken if one.waited is not None and one.waited < CALM])
    ratio = median_ratio(samples, [one.ms for one in other]) if other else None
    return Figure(part, what, samples, targets=targets, beside=beside, ratio=ratio, calm=calm)


class Note(NamedTuple):
    """Why something was not measured, or what to know of a figure."""

    part: str
    text: str


Entry = Figure | Note


def percentile(samples: Sequence[float], rank: int) -> float:
    """The smallest sample that at least `rank` per cent of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * rank // 100) - 1)]


def median_ratio(mine: Sequence[float], other: Sequence[float]) -> float:
    """How the medians of two things compare."""
    return statistics.median(mine) / statistics.median(other)


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    except OSError:
        return platform.processor() or "unknown"


def as_json(entries: Iterable[Entry], about: dict[str, str | int]) -> str:
    """The figures for programs."""
    figures: list[dict[str, Any]] = []
    notes = []
    for entry in entries:
        if isinstance(entry, Note):
            notes.append({"part": entry.part, "text": entry.text})
            continue
        figures.append(
            {
                "part": entry.part,
                "what": entry.what,
                "unit": entry.unit,
                "samples": len(entry.samples),
                **{name: round(entry.statistic(name), 4) for name in ("p50", "p95", "p99")},
                "calm": {"samples": len(entry.calm), "p95": round(percentile(entry.calm, 95), 4)}
                if entry.calm
                else None,
                "targets": dict(entry.targets),
                "met": entry.met(),
                "beside": entry.beside or None,
                "ratio": round(entry.ratio, 4) if entry.ratio is not None else None,
            }
        )
    return json.dumps({"machine": about, "figures": figures, "notes": notes}, indent=2) + "\n"


HEAD = ("part", "what", "n", "p50", "p95", "p99", "calm p95", "target", "", "beside", "ratio")


def rows(entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    """The cells of the table, without its head."""
    found = []
    for entry in entries:
        if isinstance(entry, Note):
            continue
        unit = entry.unit
        goals = ", ".join(f"{name} ≤ {limit:g}{'' if name == 'ratio' else f' {unit}'}" for name, limit in entry.targets)
        verdict = {True: "met", False: "MISSED", None: ""}[entry.met()]
        spread = [entry.statistic(name) for name in ("p50", "p95", "p99")] if len(entry.samples) > 1 else []
        values = [_shown(value, unit) for value in spread or entry.samples]
        values += [""] * (3 - len(values))
        values.append(f"{_shown(percentile(entry.calm, 95), unit)} of {len(entry.calm)}" if entry.calm else "")
        ratio = f"{entry.ratio:.2f}" if entry.ratio is not None else ""
        found.append((entry.part, entry.what, str(len(entry.samples)), *values, goals, verdict, entry.beside, ratio))
    return found


def _shown(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"


def as_table(entries: Sequence[Entry]) -> str:
    """The figures for a terminal."""
    cells = [HEAD, *rows(entries)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([*lines, *[f"note ({entry.part}): {entry.text}" for entry in entries if isinstance(entry, Note)]])


def as_markdown(entries: Sequence[Entry], about: dict[str, str | int]) -> str:
    """The figures for a document."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(_bold(cell) for cell in row) + " |" for row in rows(entries)]
    notes = [f"- ({entry.part}) {entry.text}" for entry in entries if isinstance(entry, Note)]
    parts = ", ".join(sorted({entry.part for entry in entries}))
    measured = f"Measured ({parts}) on: " + ", ".join(f"{name} {value}" for name, value in about.items()) + "."
    return "\n".join([measured, "", *lines, *(["", *notes] if notes else [])]) + "\n"


_MEASURED = re.compile(r"Measured(?: \((.*?)\))? on: (.*)")
_ROW = re.compile(r"\| (\w+) \|")
_NOTE = re.compile(r"- \((\w+)\) ")


def merged(old: str, new: str) -> str:
    """A table with the figures of an older one for those parts that were not measured again."""
    measured = {row[1] for row in map(_ROW.match, new.splitlines()) if row and row[1] != "part"}
    measured |= {note[1] for note in map(_NOTE.match, new.splitlines()) if note}
    abouts, table, notes = [], [], []
    kept = [line for line in old.splitlines() if (found := _ROW.match(line) or _NOTE.match(line)) and
            found[1] not in measured and found[1] != "part"]  # fmt: skip
    still = {found[1] for line in kept if (found := _ROW.match(line) or _NOTE.match(line))}
    for line in (*old.splitlines(), *new.splitlines()):
        about = _MEASURED.match(line)
        if about is not None:
            parts = set(about[1].split(", ")) if about[1] else still
            parts &= measured if line in new.splitlines() else still
            if parts:
                abouts.append(f"Measured ({', '.join(sorted(parts))}) on: {about[2]}")
    for line in (*kept, *new.splitlines()):
        if (row := _ROW.match(line)) and row[1] != "part":
            table.append((row[1], line))
        elif note := _NOTE.match(line):
            notes.append((note[1], line))
    head = [line for line in new.splitlines() if line.startswith(("| part |", "|--"))]
    rows = [line for _, line in sorted(table, key=lambda pair: pair[0])]
    told = [line for _, line in sorted(notes, key=lambda pair: pair[0])]
    between = [one for about in abouts for one in (about, "")]
    return "\n".join([*between, *head, *rows, *(["", *told] if told else [])]) + "\n"


def _bold(cell: str) -> str:
    return f"**{cell}**" if cell == "MISSED" else cell


def progress(text: str) -> None:
    """Say on standard error what is being measured."""
    print(f"  {text} …", file=sys.stderr, flush=True)
