"""What mutation begins with: the conformance cases, the corpus, the project's own packages, and generated programs."""

import json
from functools import cache
from pathlib import Path
from random import Random

from support.shared import CONFORMANCE, CORPUS, REPOSITORY
from support.wit_programs import FEATURES, random_program

from dataflare_lsp.workspace.workspace import Features
from fuzz.case import Case
from fuzz.dense import dense

MOST = 20_000
"""The most characters of a seed: small ones are mutated more often in the same time, and to more effect."""


@cache
def published() -> tuple[Case, ...]:
    """The packages that lie around as files. Those of the shared folder are missing where that is."""
    found = [_read(root, frozenset()) for root in (REPOSITORY / "wit", *sorted(REPOSITORY.glob("examples/*/wit")))]
    found.append(_read(REPOSITORY / "examples" / "mistakes", frozenset()))
    if CONFORMANCE.is_dir():
        for case in json.loads((CONFORMANCE / "cases.json").read_text(encoding="utf-8")):
            found.append(_read(CONFORMANCE / case["root"], frozenset(case["features"])))
    if CORPUS.is_dir():
        found += [_read(root, frozenset()) for root in sorted(CORPUS.iterdir())]
    return tuple(found)


def seed(chance: Random, most: int = MOST) -> Case:
    """Something to begin with: half of the time a published package, else a generated one."""
    draw = chance.random()
    if draw < 0.25:
        return dense(chance)
    features: Features = FEATURES if chance.random() < 0.7 else chance.choice((None, frozenset()))
    if draw < 0.5:
        return Case(random_program(chance).files, features)
    among = [case for case in published() if sum(map(len, case.files.values())) <= most]
    case = chance.choice(among)
    if chance.random() < 0.3:
        case = case._replace(features=chance.choice((None, frozenset(), frozenset(("active",)))))
    return case


def _read(root: Path, features: Features) -> Case:
    if root.is_file():
        return Case({root.name: _text(root)}, features)
    found = [
        file
        for pattern in ("*.wit", "deps/*.w*", "deps/*/*.wit")
        for file in sorted(root.glob(pattern))
        if file.suffix in (".wit", ".wasm", ".wat") and file.is_file()
    ]
    return Case({file.relative_to(root).as_posix(): _text(file) for file in found}, features)


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogateescape")
