"""A session of the fuzzer: targets take turns until the time is up; what is found is made small, shown and kept."""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Protocol

from support.oracles import OracleMissingError

from fuzz import (
    asking,
    cascades,
    commands,
    components,
    editing,
    fixing,
    formatting,
    manifests,
    reference,
    robustness,
)
from fuzz.case import Case, Finding
from fuzz.reduction import reduced


class Target(Protocol):
    """A module that makes cases from chance alone, and judges each of them the same way every time."""

    def make(self, chance: Random) -> Case: ...

    def judge(self, case: Case) -> Finding | None: ...


TARGETS: dict[str, Target] = {
    "reference": reference,
    "robustness": robustness,
    "formatting": formatting,
    "fixing": fixing,
    "editing": editing,
    "asking": asking,
    "cascades": cascades,
    "commands": commands,
    "manifests": manifests,
    "components": components,
}
SHARES = {"reference": 0.4}
"""How much of the time a target gets; the others share the rest."""

_SHOWN = 5
"""How many findings of one kind are made small and shown; all are counted."""
_WIDTH = 400
"""How much of a line is shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a session; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="how long (default: 1)")
    parser.add_argument("--seed", default="1", help="what chance begins with; the same finds the same (default: 1)")
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="where findings are kept")
    options = parser.parse_args(arguments)
    names = options.target or list(TARGETS)
    if "reference" in names:
        try:
            reference.wasm_tools()
        except OracleMissingError as missing:
            parser.error(f"{missing}; or choose other targets with --target")
    session = _Session(options.seed, options.findings)
    session.run(names, options.minutes * 60)
    session.report(names)
    return int(bool(session.found))


class _Session:
    def __init__(self, seed: str, findings: Path) -> None:
        self.seed = seed
        self.findings = findings
        self.cases: Counter[str] = Counter()
        self.spent: Counter[str] = Counter()
        self.found: Counter[tuple[str, str]] = Counter()

    def run(self, names: Sequence[str], seconds: float) -> None:
        """Let the targets take turns, the one most behind its share first."""
        rest = (1 - sum(SHARES.get(name, 0) for name in names)) / max(len([n for n in names if n not in SHARES]), 1)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = min(names, key=lambda name: self.spent[name] / SHARES.get(name, rest))
            start = time.monotonic()
            self.once(name)
            self.spent[name] += time.monotonic() - start

    def once(self, name: str) -> None:
        """The next case of a target. It depends on the seed and on its number alone."""
        target = TARGETS[name]
        number = self.cases[name]
        self.cases[name] += 1
        case = target.make(Random(f"{self.seed}/{name}/{number}"))
        finding = judged(target, case)
        if finding is None:
            return
        self.found[name, finding.kind] += 1
        if self.found[name, finding.kind] <= _SHOWN:
            self.keep(name, number, case, finding)

    def keep(self, name: str, number: int, case: Case, finding: Finding) -> None:
        """Make a finding small, print it, and put it where it can be looked at."""
        target = TARGETS[name]

        def fails(smaller: Case) -> bool:
            again = judged(target, smaller)
            return again is not None and again.kind == finding.kind

        small = reduced(case, fails)
        finding = judged(target, small) or finding
        text = f"{name} {self.seed}/{name}/{number}: {finding.kind}\n{finding.details}\n{small}\n"
        print("\n".join(line[:_WIDTH] for line in text.split("\n")), flush=True)
        folder = self.findings / f"{name}-{self.seed}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "finding.txt").write_text(text, encoding="utf-8", errors="backslashreplace")
        if name != "commands":
            small.write(folder / "case")

    def report(self, names: Sequence[str]) -> None:
        """How much was tried, and what came of it."""
        for name in names:
            kinds = [f"{count} × {kind}" for (target, kind), count in self.found.items() if target == name]
            print(
                f"{name:12} {self.cases[name]:7} cases {self.spent[name]:6.0f} s  {'; '.join(kinds) or 'nothing found'}"
            )
        if "cascades" in names and cascades.counts:
            total = sum(cascades.counts.values())
            few = [f"{n}: {cascades.counts[n] / total:.1%}" for n in range(7)]
            more = sum(count for n, count in cascades.counts.items() if n > 6) / total
            print(f"diagnostics for one wrong token: {', '.join(few)}, more: {more:.1%}")
        sys.stdout.flush()


def judged(target: Target, case: Case) -> Finding | None:
    """What a target says; that it raised something is a finding, too."""
    try:
        return target.judge(case)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {place.name} of {Path(place.filename).name}"
        return Finding(kind, traceback.format_exc()[-3000:])
