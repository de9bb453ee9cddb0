"""One mistake gives one diagnostic, or few: a valid package loses a token, or gets one too many.

What is found beside the mistake itself is an echo. The distribution is printed by `python -m tests.fuzz`; more than
`MOST` for one token is a finding.
"""

from collections import Counter
from functools import cache
from random import Random

from support.wit_programs import random_program

from fuzz.case import Case, Finding
from fuzz.mutation import TOKEN
from fuzz.robustness import in_memory
from fuzz.seeds import FEATURES, published

MOST = 30
"""Beyond a few, it is the structure of the file that was lost, as where a brace goes; that must not repeat itself either."""

counts: Counter[int] = Counter()
"""How many cases had how many diagnostics, since the start of the process."""


def make(chance: Random) -> Case:
    if chance.random() < 0.5:
        case = Case(random_program(chance).files, FEATURES)
    else:
        case = chance.choice(_valid())
    path = chance.choice(case.sources)
    tokens = TOKEN.findall(case.files[path])
    places = [n for n, token in enumerate(tokens) if not token.isspace() and not token.startswith(("//", "/*"))]
    if places:
        at = chance.choice(places)
        match chance.randrange(4):
            case 0 | 1:
                del tokens[at]
            case 2:
                tokens.insert(at, tokens[at] + " ")
            case _:
                other = chance.choice(places)
                tokens[at], tokens[other] = tokens[other], tokens[at]
                if abs(places.index(at) - places.index(other)) != 1:
                    tokens[at], tokens[other] = tokens[other], tokens[at]
                    tokens[at] = chance.choice((";", ",", "}", "{", ")", "x", ":", ">"))
    return case.with_text(path, "".join(tokens))


@cache
def _valid() -> tuple[Case, ...]:
    return tuple(case for case in published() if case.sources and not _errors(case))


def _errors(case: Case) -> list[str]:
    workspace, root = in_memory(case)
    return [
        f"{path}: {diagnostic.code}: {diagnostic.message} at {diagnostic.span}"
        for path in root.files
        for diagnostic in workspace.diagnostics("/", path)
        if diagnostic.severity == "error"
    ]


def judge(case: Case) -> Finding | None:
    errors = _errors(case)
    counts[len(errors)] += 1
    if len(errors) > MOST:
        return Finding("one mistake, many diagnostics", "\n".join(errors[:30]))
    return None
