"""Does the reference say the same: the verdict, the line of its first error, and what the packages mean?

Of one line on which the reference refuses, we must have an error there as well; ours may be more. What it accepts we must
accept, and resolve to the same JSON.
"""

import re
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from support.oracles import locate, pinned

from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved_json import dumps
from dataflare_lsp.workspace.roots import Root, is_encoded
from dataflare_lsp.workspace.workspace import Features, Workspace
from fuzz.case import Case, Finding, Place, loaded, places
from fuzz.mutation import mutated
from fuzz.seeds import seed

_PLACE = re.compile(r"(?:-->|\*) (?P<file>.+):(?P<line>\d+):\d+$", re.MULTILINE)


class Answer(NamedTuple):
    """What the reference says: the resolved package as JSON, or what it refuses and where (if it says where)."""

    resolved: str | None
    message: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        if self.resolved is not None:
            return "accepts it"
        return f"refuses it at {self.file}:{self.line}: {self.message}"


class Known(NamedTuple):
    """A difference that is meant: `reason` says why, `applies` when, `example` has it."""

    reason: str
    applies: "Callable[[Answer, list[Place]], bool]"
    example: str


KNOWN = (
    Known(
        "which of two kinds a name of another package has is reported where it is wrong, not where it differs from the "
        "first mention",
        lambda answer, found: (
            "is defined as a" in answer.message and _has(found, "wrong-kind", "missing-package-header")
        ),
        """
        package a:b;
        world v {
            include c:d/i;
            import c:d/i;
        }
        package c:d { interface i {} }
        """,
    ),
    Known(
        "a type that is always there, in an interface that is not, is reported as such; what it reads is not",
        lambda answer, found: "excluded due to its feature" in answer.message and _has(found, "ungated-type"),
        """
        package a:b;
        @unstable(feature = off)
        interface i {
            @unstable(feature = off)
            type gated = u32;
            record r {
                a: gated
            }
        }
        """,
    ),
    Known(
        "a brace that is not closed is reported where the next item begins, not where that cannot go on as a part",
        lambda answer, found: "expected" in answer.message and _has(found, "unclosed-brace"),
        """
        package a:b;
        interface i {
            flags f { a,
            b
            : func();
        }
        """,
    ),
    Known(
        "a type that is switched off is reported where it stands or at the name of what reads it, not at an unnamed type "
        "that holds it",
        lambda answer, found: "excluded due to its feature" in answer.message and _has(found, "inactive-item"),
        """
        package a:b;
        package a:b@1.0.0 {
            world v {
                @unstable(feature = off)
                use i.{x as gated};
                @since(version = 1.0.0)
                enum x { a }
                record y { a: list<x> }
                import f: func(a: x) ->
                    result<list<x>, future<gated>>;
            }
            interface i {
                variant x { a(u8) }
            }
            world w {
                flags r { a }
                export f: func(a: r);
            }
        }
        """,
    ),
    Known(
        "what cannot be the key of a map is reported where it is, not at the map",
        lambda answer, found: "invalid map key" in answer.message and _has(found, "invalid-map-key"),
        """
        package a:b;
        interface i {
            type t = map<
                f64, string>;
        }
        """,
    ),
    Known(
        "a file that begins with a parenthesis is WebAssembly text for the reference, whatever its name",
        lambda answer, found: "expected valid module field" in answer.message and bool(found),
        """
        (
        """,
    ),
    Known(
        "a circle is reported in the circle, not where something outside leads to something that leads into it",
        lambda answer, found: "depends on itself" in answer.message and _has(found, "cyclic-item"),
        """
        package a:b;
        interface outside { use leads.{t}; }
        interface leads { use circle.{t}; }
        interface circle {
            use circle.{t};
        }
        """,
    ),
    Known(
        "a character that no file or string may have is reported where it is; the reference takes its place in its own "
        "file for one in all files together",
        lambda answer, found: (
            re.search(r"Control code|odepoint|string|escape|character '[{}]'", answer.message) is not None
            and _has(found, "invalid-character", "invalid-string", "expected-token")
        ),
        """
        package a:b;
        //- x.wit
        // \x7f
        """,
    ),
    Known(
        "two names before a function are reported at the second, not where the path that they might be does not go on",
        lambda answer, found: "expected `/`" in answer.message and _has(found, "expected-name"),
        """
        package a:b;
        world w {
            export k:
            v:
            set(
        """,
    ),
    Known(
        "a gate that is one too many is reported at its `@`, not at the name behind that, which may be on another line",
        lambda answer, found: "cannot specify" in answer.message and _has(found, "duplicate-gate", "conflicting-gates"),
        """
        package a:b@1.0.0;
        interface i {
            @since(version = 1.0.0) @
            since(version = 1.0.0)
            type t = u8;
        }
        """,
    ),
    Known(
        "what another package does not have is reported where it is used, not at its first mention behind a feature that "
        "is switched off",
        lambda answer, found: "not found in package" in answer.message and _has(found, "unresolved-interface"),
        """
        package a:b;
        interface gated { @unstable(feature = off) use c:d/nothing.{t}; }
        interface open {
            use c:d/nothing.{t};
        }
        package c:d {}
        """,
    ),
    Known(
        "a name that an `include` cannot rename is reported in the list of names, not at the world",
        lambda answer, found: "no import or export kebab-name" in answer.message and _has(found, "unknown-rename"),
        """
        package a:b;
        world v {}
        world w {
            include v with {
                a as b
            }
        }
        """,
    ),
    Known(
        "a circle of types is reported in the circle, not at the type that leads into it",
        lambda answer, found: "depends on itself" in answer.message and _has(found, "cyclic-type"),
        """
        package a:b;
        interface i {
            record leads { to: circle }
            record circle {
                of: circle,
            }
        }
        """,
    ),
    Known(
        "a `@since` that the package has not reached is reported at the definition, not at an unnamed type in it",
        lambda answer, found: "feature gate" in answer.message and _has(found, "future-gate", "unversioned-gate"),
        """
        package a:b@1.0.0;
        interface i {
            @since(version = 2.0.0)
            record r {
                a: list<u8>,
            }
        }
        """,
    ),
)
"""Where our error may be on another line than the reference's. The verdict is the same for all of them."""


def _has(found: list[Place], *codes: str) -> bool:
    return any(place.diagnostic.code in codes for place in found)


def refusals(found: list[Place]) -> list[Place]:
    """What the reference would refuse: errors, and the warning about what only today's reference refuses.

    Nothing counts where a type is shadowed by a `use`: the reference drops such a type with the mistakes in it.
    """
    return [place for place in found if place.diagnostic.severity == "error" or place.diagnostic.code == "empty-type"]


@cache
def wasm_tools() -> Path:
    """The reference. Raises `OracleMissingError`."""
    return locate(pinned()["wasm-tools"])


def answer_of(tool: Path, root: Path, features: Features) -> Answer | None:
    """What the reference says about the package at a path; None where it panics, which says nothing."""
    wanted = ["--all-features"] if features is None else [f"--features={feature}" for feature in sorted(features)]
    done = subprocess.run([tool, "component", "wit", "--json", *wanted, root], capture_output=True, timeout=60)
    if done.returncode == 0:
        return Answer(done.stdout.decode())
    said = done.stderr.decode(errors="replace")
    if "panicked" in said:
        return None
    place = _PLACE.search(said)
    folder = root if root.is_dir() else root.parent
    if place is None:
        return Answer(None, said)
    file = Path(place["file"])
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    return Answer(None, said, name, int(place["line"]))


def make(chance: Random) -> Case:
    case = seed(chance)
    return mutated(case, chance) if chance.random() < 0.85 else case


def judge(case: Case) -> Finding | None:
    return compare(case, wasm_tools()).finding


class Comparison(NamedTuple):
    """What the reference says, and where we differ, if we do. It says nothing where it panics, or finds no WIT."""

    answer: Answer | None
    finding: Finding | None


def compare(case: Case, tool: Path, known: Sequence[Known] = KNOWN) -> Comparison:
    """The reference and we about a case; `known` differences do not count."""
    with case.on_disk() as path:
        answer = answer_of(tool, path, case.features)
        ours = loaded(path, case.features)
        if answer is None or ours is None or not any("/" not in source for source in case.sources):
            return Comparison(None, None)  # for us a folder without WIT stands for the packages beneath it
        return Comparison(answer, _difference(answer, *ours, path if path.is_dir() else path.parent, known))


def _difference(
    answer: Answer, workspace: Workspace, root: Root, folder: Path, known: Sequence[Known]
) -> Finding | None:
    everything = places(workspace, root, folder)
    found = refusals(everything)
    shown = "\n".join(map(str, (f"the reference {answer}", "we say:", *found)))
    if answer.resolved is None:
        if not found:
            return Finding("only the reference refuses", shown)
        if any(place.line == answer.line and place.file == answer.file for place in found) or not answer.line:
            return None
        if any(difference.applies(answer, found) for difference in known):
            return None
        return Finding("no error on the reference's line", shown)
    if found:
        if _has(everything, "shadowed-type"):
            return None
        codes = ", ".join(sorted({place.diagnostic.code for place in found}))
        return Finding(f"only we refuse: {codes}", shown)
    if any(is_encoded(file) for file in root.files):
        return None  # packages in binaries are compared by tests of their own
    return _meaning(workspace, root, answer.resolved)


def _meaning(workspace: Workspace, root: Root, expected: str) -> Finding | None:
    groups = [[workspace.sources[file] for file in group] for group in root.groups]
    try:
        resolved = dumps(lower(groups, workspace.features))
    except Exception as error:
        return Finding("the resolved package is refused", f"{type(error).__name__}: {error}")
    if resolved == expected:
        return None
    pairs = zip(resolved.splitlines(), expected.splitlines(), strict=False)
    first = next((f"ours:      {a}\nreference: {b}" for a, b in pairs if a != b), "one ends before the other")
    return Finding("the resolved package differs", first)
