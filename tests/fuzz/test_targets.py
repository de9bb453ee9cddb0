"""Each target of the fuzzer for a while, always the same; and that a target sees what it looks for."""

from random import Random

import pytest

from fuzz.case import Case, Finding
from fuzz.reduction import reduced
from fuzz.session import TARGETS, judged

CASES = {
    "robustness": 60,
    "formatting": 150,
    "fixing": 60,
    "editing": 100,
    "asking": 80,
    "cascades": 300,
    "commands": 80,
    "manifests": 100,
    "components": 150,
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_is_found(name: str) -> None:
    """The reference has tests of its own, in `tests/wit/test_against_reference.py`."""
    for number in range(CASES[name]):
        case = TARGETS[name].make(Random(f"suite/{name}/{number}"))
        finding = judged(TARGETS[name], case)
        assert finding is None, f"{finding.kind}\n{finding.details}\n{case}"


def test_a_target_that_raises_has_found_something() -> None:
    class Broken:
        def make(self, chance: Random) -> Case:
            return Case({"a.wit": ""})

        def judge(self, case: Case) -> Finding | None:
            raise ValueError("too bad")

    finding = judged(Broken(), Case({}))
    assert finding is not None
    assert finding.kind == "ValueError in judge of test_targets.py"


def test_a_finding_is_made_small() -> None:
    case = Case(
        {
            "a.wit": "package a:b;\ninterface x {\n  f: func();\n  type t = nowhere;\n}\nworld w {}\n",
            "deps/b.wit": "package b:b;\n",
        },
        frozenset({"on"}),
    )
    small = reduced(case, lambda smaller: "nowhere" in "".join(smaller.files.values()))
    assert small == Case({"a.wit": "nowhere"})
