"""Figures of a run, for people and for programs: what was measured, and what the plugin has counted itself."""

from collections import defaultdict
from typing import NamedTuple

from dataflare_lsp.cli.terminal import harmless
from dataflare_lsp.manifest.units import time_text
from dataflare_lsp.runtime.life import Measured
from dataflare_lsp.values.json import Json


class Histogram(NamedTuple):
    """The values of `record-histogram`, in sum."""

    values: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def with_value(self, value: float) -> "Histogram":
        """One value more."""
        return Histogram(self.values + 1, self.total + value, min(self.least, value), max(self.most, value))


class Figures:
    """What the plugin has told of itself by `dataflare:core/metrics`."""

    def __init__(self) -> None:
        self.counters: defaultdict[str, int] = defaultdict(int)
        self.histograms: defaultdict[str, Histogram] = defaultdict(Histogram)


def figures_of(measured: Measured, own: Figures) -> Json:
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
        "counters": dict(sorted(own.counters.items())),
        "histograms": {
            name: {"count": one.values, "mean": one.total / one.values, "min": one.least, "max": one.most}
            for name, one in sorted(own.histograms.items())
        },
    }


def figures_text(measured: Measured, own: Figures) -> str:
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
    rows += [(f"counter {harmless(name)}", f"{value:,}") for name, value in sorted(own.counters.items())]
    rows += [
        (
            f"histogram {harmless(name)}",
            f"{one.values:,} values, mean {one.total / one.values:.6g}, from {one.least:.6g} to {one.most:.6g}",
        )
        for name, one in sorted(own.histograms.items())
    ]
    width = max(len(name) for name, _ in rows)
    return "".join(f"  {name:<{width}}  {value}\n" for name, value in rows)
