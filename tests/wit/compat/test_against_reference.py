"""What fits and what does not, held against what `wasm-tools` says of two worlds, and of components built for them."""

import json
import subprocess
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import NamedTuple

import pytest
from support.compat_cases import CASES, NEW, OLD, Case
from support.components import dummy, is_target
from support.shared import CONFORMANCE, needs
from support.wit_changes import NEW as CHANGED
from support.wit_changes import OLD as UNCHANGED
from support.wit_changes import escaped, plain, versions
from support.wit_programs import random_program

from dataflare_lsp.wit.compat.compare import UNEXPLAINED, compare_packages, compare_worlds
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import load


def resolved(text: str) -> Resolve:
    return lower([[Source.parse("app.wit", text)]], None)


def reference(wasm_tools: Path, text: str, old: str, new: str) -> bool | None:
    """Whether components of the world `old` fit the world `new`; None where the reference gives no answer."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "app.wit"
        file.write_bytes(text.encode())
        return judged(wasm_tools, file, old, new)


def judged(wasm_tools: Path, path: Path, old: str, new: str) -> bool | None:
    """The same of two worlds of a package on disk."""
    options = ["--all-features", "--prev", old, "--new", new]
    done = subprocess.run([wasm_tools, "component", "semver-check", *options, path], capture_output=True, timeout=60)
    if done.returncode == 0:
        return True
    said = done.stderr.decode(errors="replace")
    if "is not semver-compatible with the previous world" not in said or " feature (at offset" in said:
        # It cannot read the package, or builds something of it that its own validator does not know.
        return None
    return False


@pytest.mark.parametrize("case", [case for case in CASES if "world w " in case.old and "world w " in case.new], ids=str)
def test_the_rules(case: Case, wasm_tools: Path):
    both = f"package a:b@{OLD};\n{case.old}\npackage a:b@{NEW} {{\n{case.new}\n}}\n"
    verdict = compare_worlds(
        resolved(f"package a:b@{OLD};\n{case.old}"), "w", resolved(f"package a:b@{NEW};\n{case.new}"), "w"
    ).verdict
    assert (not verdict.components) == reference(wasm_tools, both, f"a:b/w@{OLD}", f"a:b/w@{NEW}")
    assert (not verdict.hosts) == reference(wasm_tools, both, f"a:b/w@{NEW}", f"a:b/w@{OLD}")


def test_generated_packages(wasm_tools: Path):
    """Packages that nobody wrote, and what a few changes make of them."""
    compared = {True: 0, False: 0}
    for number in range(500):
        chance = Random(f"compat/{number}")
        before = plain(lower(random_program(chance, 2).groups(), None))
        two = versions(before, chance, chance.randint(0, 3))
        for world in two.worlds:
            old, new = (f"{two.name}/{escaped(world)}@{version}" for version in (UNCHANGED, CHANGED))
            theirs = reference(wasm_tools, two.both, old, new)
            if theirs is None:
                break
            comparison = compare_packages(resolved(two.old), resolved(two.new))
            verdict = next(one for one in comparison.worlds if one.old == world)
            if theirs != (not verdict.components):
                # It takes two imports of one interface for one another: such a world does not even fit itself.
                assert not reference(wasm_tools, two.both, old, old), f"{verdict.components}\n{two.both}"
                continue
            compared[theirs] += 1
            assert comparison.bump == "major" or not verdict.components, two.both
            assert UNEXPLAINED not in [one.why for change in comparison.changes for one in change.breaks], two.both
    assert min(compared.values()) > 100


@needs(CONFORMANCE)
def test_worlds_of_the_conformance_packages(wasm_tools: Path):
    """Each world of a package against each."""
    compared = {True: 0, False: 0}
    for case in json.loads((CONFORMANCE / "cases.json").read_text()):
        path = CONFORMANCE / case["root"]
        if case["kind"] != "ok":
            continue
        (root,) = find_roots([str(path)])
        workspace = load([root], None)
        resolve = lower([[workspace.sources[file] for file in group] for group in root.groups], None)
        package = resolve.packages[resolve.main]
        for old, new in product(package.worlds, repeat=2):
            full = [
                f"{package.name.namespace}:{package.name.name}/{escaped(world)}"
                + (f"@{package.name.version}" if package.name.version else "")
                for world in (old, new)
            ]
            theirs = judged(wasm_tools, path, *full)
            if theirs is not None:
                assert (not compare_worlds(resolve, old, resolve, new).verdict.components) == theirs, (path, full)
                compared[theirs] += 1
    assert min(compared.values()) > 15


# Components that are built ---------------------------------------------------------------------------------------


def targets(wasm_tools: Path, built_for: str, wanted: str, world: str) -> bool | None:
    """Whether a component that is built for the world of one package is one of that of another; None for none."""
    with TemporaryDirectory() as folder:
        component = dummy(wasm_tools, built_for, world, Path(folder))
        return None if component is None else is_target(wasm_tools, component, wanted, world)


@pytest.mark.parametrize("case", [case for case in CASES if "world w " in case.old and "world w " in case.new], ids=str)
def test_a_component_of_one_world_is_one_of_the_other_where_it_fits(case: Case, wasm_tools: Path):
    old, new = (f"package a:b@{OLD};\n{body}" for body in (case.old, case.new))
    verdict = compare_worlds(resolved(old), "w", resolved(new), "w").verdict
    assert (not verdict.components) == targets(wasm_tools, old, new, "w")
    assert (not verdict.hosts) == targets(wasm_tools, new, old, "w")


def test_components_of_generated_worlds(wasm_tools: Path):
    compared = {True: 0, False: 0}
    for number in range(60):
        chance = Random(f"targets/{number}")
        two = versions(plain(lower(random_program(chance, 2).groups(), None)), chance, chance.randint(0, 2))
        old, new = two.old, two.new.replace(f"@{CHANGED}", f"@{UNCHANGED}")
        for world in two.worlds:
            theirs = targets(wasm_tools, old, new, world)
            if theirs is not None:
                comparison = compare_worlds(resolved(old), world, resolved(new), world)
                assert comparison.fits == theirs, f"{world}: {comparison.verdict.components}\n{old}\n{new}"
                compared[theirs] += 1
    assert min(compared.values()) > 10


# Where the two differ --------------------------------------------------------------------------------------------


class Known(NamedTuple):
    """Two worlds that the two commands judge otherwise, and why ours is right."""

    reason: str
    old: str
    new: str
    rest: str
    theirs: bool
    ours: bool


KNOWN = (
    Known(
        "a linker takes no interface of 0.3 for one of 0.2, whatever is in it",
        "world w { import corp:base/types@0.2.0; }",
        "world w { import corp:base/types@0.3.0; }",
        """
        package corp:base@0.2.0 { interface types { f: func(); } }
        package corp:base@0.3.0 { interface types { f: func(); } }
        """,
        theirs=True,
        ours=False,
    ),
    Known(
        "what a world imports twice, by its own name and by another, is two instances, and each is there in both worlds",
        "interface x { resource r; } world w { import x; import y: x; export k: interface { use x.{r}; f: func() -> r; } }",
        "interface x { resource r; } world w { import x; import y: x; export k: interface { use x.{r}; f: func() -> r; } }",
        "",
        theirs=False,
        ours=True,
    ),
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.reason)
def test_what_differs_on_purpose(known: Known, wasm_tools: Path):
    """Once they agree, the difference is to be taken off the list, and out of docs/how-to/compatibility.md.

    That ours is right is shown by a component: it is one of the world that is wanted where we say that it fits. That a
    world fits itself needs no showing, and there the reference is wrong about the component, too.
    """
    rest = dedent(known.rest)
    both = f"package a:b@1.0.0;\n{known.old}\npackage a:b@1.1.0 {{\n{known.new}\n}}\n{rest}"
    assert reference(wasm_tools, both, "a:b/w@1.0.0", "a:b/w@1.1.0") == known.theirs
    old, new = (
        resolved(f"package a:b@1.0.0;\n{known.old}\n{rest}"),
        resolved(f"package a:b@1.1.0;\n{known.new}\n{rest}"),
    )
    assert compare_worlds(old, "w", new, "w").fits == known.ours
    built, wanted = (f"package a:b@1.0.0;\n{body}\n{rest}" for body in (known.old, known.new))
    assert targets(wasm_tools, built, wanted, "w") == (known.ours and built != wanted)
