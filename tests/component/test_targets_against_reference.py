"""Whether a component fits a world, held against `wasm-tools component targets`, for components that it makes itself."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from support.compat_cases import CASES, OLD, Case
from support.components import dummy, is_target
from support.wit_changes import NEW as CHANGED
from support.wit_changes import OLD as UNCHANGED
from support.wit_changes import plain, versions
from support.wit_programs import random_program

from dataflare_lsp.component.built import Built, built
from dataflare_lsp.component.targets import Side, mismatches
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.source import Source


def fits(component: Path, wit: str, world: str) -> bool:
    """Whether a component fits a world, as we say."""
    found = built(component.read_bytes(), component.name)
    assert isinstance(found, Built)
    resolve = lower([[Source.parse("wanted.wit", wit)]], None)
    return not mismatches(found.side, Side(resolve, resolve.packages[resolve.main].worlds[world]))


@pytest.mark.parametrize("case", [case for case in CASES if "world w " in case.old and "world w " in case.new], ids=str)
def test_a_component_fits_the_worlds_that_the_reference_says(case: Case, wasm_tools: Path, tmp_path: Path):
    old, new = (f"package a:b@{OLD};\n{body}" for body in (case.old, case.new))
    for mine, wanted in ((old, new), (new, old)):
        component = dummy(wasm_tools, mine, "w", tmp_path)
        assert component is not None
        assert fits(component, wanted, "w") == is_target(wasm_tools, component, wanted, "w")


def generated(number: int) -> Iterator[tuple[str, str, str]]:
    """A package, what a few changes make of it, and a world that both have."""
    chance = Random(f"component/{number}")
    two = versions(plain(lower(random_program(chance, 2).groups(), None)), chance, chance.randint(0, 2))
    yield from ((two.old, two.new.replace(f"@{CHANGED}", f"@{UNCHANGED}"), world) for world in two.worlds)


def test_components_of_generated_worlds(wasm_tools: Path, tmp_path: Path):
    compared = {True: 0, False: 0}
    for number in range(60):
        for old, new, world in generated(number):
            component = dummy(wasm_tools, old, world, tmp_path)
            if component is None or not is_target(wasm_tools, component, old, world):
                # Where a world imports an interface twice, its component is not one of that world itself, it says.
                continue
            theirs = is_target(wasm_tools, component, new, world)
            assert fits(component, new, world) == theirs, f"{world}\n{old}\n{new}"
            compared[theirs] += 1
    assert min(compared.values()) > 10
