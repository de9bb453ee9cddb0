"""What the benchmark says of its samples."""

import json

from benchmarks.figures import Figure, Note, Taken, Target, as_json, as_markdown, as_table, merged, percentile, timed

KEPT = Figure(
    "a", "typing", (1.0, 2.0, 3.0, 4.0), targets=(Target("p50", 2.0), Target("ratio", 1.5)), beside="x", ratio=1.2
)
MISSED = timed(
    "a",
    "typing more",
    [Taken(1.0, 0.0), Taken(2.0, 0.1), Taken(3.0, 0.2), Taken(4.0, 2.0)],
    (Target("p95", 3.5),),
)
SINGLE = Figure("f", "memory", (12.5,), unit="MB")
NOTE = Note("d", "nothing is beside it.")


def test_a_percentile_is_a_sample_that_so_many_do_not_exceed():
    samples = [float(n) for n in range(100, 0, -1)]
    assert [percentile(samples, rank) for rank in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert percentile([7.0], 95) == 7.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 95) == 4.0


def test_a_target_is_met_or_missed():
    assert (KEPT.met(), MISSED.met(), SINGLE.met()) == (True, False, None)


def test_the_table():
    assert as_table([KEPT, MISSED, SINGLE, NOTE]).splitlines() == [
        "part  what         n  p50      p95   p99   calm p95   target                           beside  ratio",
        "a     typing       4  2 ms     4 ms  4 ms             p50 ≤ 2 ms, ratio ≤ 1.5  met     x       1.20",
        "a     typing more  4  2 ms     4 ms  4 ms  3 ms of 3  p95 ≤ 3.5 ms             MISSED",
        "f     memory       1  12.5 MB",
        "note (d): nothing is beside it.",
    ]


def test_the_table_of_a_document():
    assert (
        as_markdown([MISSED, NOTE], {"cores": 2})
        == """\
Measured (a, d) on: cores 2.

| part | what | n | p50 | p95 | p99 | calm p95 | target |  | beside | ratio |
|---|---|---|---|---|---|---|---|---|---|---|
| a | typing more | 4 | 2 ms | 4 ms | 4 ms | 3 ms of 3 | p95 ≤ 3.5 ms | **MISSED** |  |  |

- (d) nothing is beside it.
"""
    )


def test_the_figures_for_programs():
    assert json.loads(as_json([KEPT, NOTE], {"cores": 2})) == {
        "machine": {"cores": 2},
        "figures": [
            {
                "part": "a",
                "what": "typing",
                "unit": "ms",
                "samples": 4,
                "p50": 2.0,
                "p95": 4.0,
                "p99": 4.0,
                "calm": None,
                "targets": {"p50": 2.0, "ratio": 1.5},
                "met": True,
                "beside": "x",
                "ratio": 1.2,
            }
        ],
        "notes": [{"part": "d", "text": "nothing is beside it."}],
    }


def test_a_table_keeps_the_parts_that_were_not_measured_again() -> None:
    old = as_markdown([Figure("a", "kept", (1.0,)), Figure("b", "old", (2.0,)), Note("a", "why")], {"cores": 2})
    new = as_markdown([Figure("b", "new", (3.0,)), Figure("c", "first", (4.0,))], {"cores": 4})
    both = merged(old, new)
    assert [line for line in both.splitlines() if line.startswith("Measured")] == [
        "Measured (a) on: cores 2.",
        "Measured (b, c) on: cores 4.",
    ]
    assert [line.split(" | ")[1] for line in both.splitlines() if line[:4] in ("| a ", "| b ", "| c ")] == [
        "kept",
        "new",
        "first",
    ]
    assert "- (a) why" in both
    assert "old" not in both
    assert merged("", new) == new
