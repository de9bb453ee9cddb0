"""What fits and what does not, held against `wasm-tools component semver-check`."""

import subprocess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import NamedTuple

import pytest
from support.compat_cases import CASES, NEW, OLD, Case
from support.wit_changes import NEW as CHANGED
from support.wit_changes import OLD as UNCHANGED
from support.wit_changes import escaped, plain, versions
from support.wit_programs import random_program

from dataflare_lsp.wit.compat.compare import UNEXPLAINED, compare_packages, compare_worlds
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.wit.source import Source


def resolved(text: str) -> Resolve:
    return lower([[Source.parse("app.wit", text)]], None)


def reference(wasm_tools: Path, text: str, old: str, new: str) -> bool | None:
    """Whether components of the world `old` fit the world `new`; None where the reference gives no answer."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "app.wit"
        file.write_bytes(text.encode())
        options = ["--all-features", "--prev", old, "--new", new]
        command = [str(wasm_tools), "component", "semver-check", *options, str(file)]
        done = subprocess.run(command, capture_output=True, timeout=60)
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
    """Once they agree, the difference is to be taken off the list, and out of docs/how-to/compatibility.md."""
    rest = dedent(known.rest)
    both = f"package a:b@1.0.0;\n{known.old}\npackage a:b@1.1.0 {{\n{known.new}\n}}\n{rest}"
    assert reference(wasm_tools, both, "a:b/w@1.0.0", "a:b/w@1.1.0") == known.theirs
    old, new = (
        resolved(f"package a:b@1.0.0;\n{known.old}\n{rest}"),
        resolved(f"package a:b@1.1.0;\n{known.new}\n{rest}"),
    )
    assert compare_worlds(old, "w", new, "w").fits == known.ours
