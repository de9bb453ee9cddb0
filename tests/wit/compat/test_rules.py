"""Each rule of what breaks whom, on the smallest package that shows it."""

import pytest
from support.compat_cases import CASES, NEW, OLD, Case
from support.program import program

from dataflare_lsp.wit.compat.change import Break, Change, Place
from dataflare_lsp.wit.compat.compare import (
    UNEXPLAINED,
    Comparison,
    NoComparison,
    WorldVerdict,
    compare_packages,
    unexplained,
)
from dataflare_lsp.wit.compat.fit import Misfit
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved import Resolve


def resolved(written: str, *features: str) -> Resolve:
    groups = program(written).groups()
    assert [problem for group in groups for source in group for s in source.segments for problem in s.problems] == []
    return lower(groups, frozenset(features))


def said(change: Change) -> str:
    breaks = ", ".join(one.whom for one in change.breaks) or "nobody"
    return f"{change.bump}: {change.text}: breaks {breaks}"


def compared(old: str, new: str, *features: str) -> Comparison:
    return compare_packages(resolved(old, *features), resolved(new, *features))


def changes(old: str, new: str, *features: str) -> list[str]:
    return [said(change) for change in compared(old, new, *features).changes]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_change(case: Case):
    old, new = f"package a:b@{OLD};\n{case.old}", f"package a:b@{NEW};\n{case.new}"
    assert changes(old, new) == list(case.changes)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_world_stops_to_fit_without_a_change_that_says_why(case: Case):
    comparison = compared(f"package a:b@{OLD};\n{case.old}", f"package a:b@{NEW};\n{case.new}")
    assert UNEXPLAINED not in [one.why for change in comparison.changes for one in change.breaks]


def test_each_reason_names_the_two_sides():
    comparison = compared(
        "package a:b@1.0.0; interface i { f: func(); } world w { import i; }",
        "package a:b@1.1.0; interface i { f: func(); g: func(); } world w { import i; }",
    )
    assert comparison.changes[0].breaks[0].why == (
        "a host of the old version does not provide it, and a component of the new one may import it"
    )


def test_a_world_that_stops_to_fit_for_no_known_reason_is_no_silent_change():
    verdict = WorldVerdict("w", "w", (Misfit("import `i`", "is missing"),), (Misfit("export `e`", "is missing"),))
    told = Change("changed", Place("package", ""), "", "minor", (Break("hosts", ""),))
    assert [said(change) for change in unexplained([], [verdict])] == [
        "major: world `w`: import `i` is missing: breaks components",
        "minor: world `w`: export `e` is missing: breaks hosts",
    ]
    assert [said(change) for change in unexplained([told], [verdict])] == [
        "major: world `w`: import `i` is missing: breaks components"
    ]


# Gates ---------------------------------------------------------------------------------------------------------

UNSTABLE = """
    package a:b@1.0.0;
    interface i {
        @unstable(feature = next)
        f: func();
    }
    world w { import i; }
"""
STABLE = """
    package a:b@1.1.0;
    interface i {
        f: func();
    }
    world w { import i; }
"""


def test_what_is_behind_a_feature_is_not_there():
    assert changes(UNSTABLE, UNSTABLE.replace("f: func()", "f: func(x: u8)")) == []


def test_what_becomes_stable_is_new():
    assert changes(UNSTABLE, STABLE) == ["minor: `i`: function `f` is new: breaks hosts"]
    assert changes(UNSTABLE, STABLE, "next") == [
        "minor: `i`: function `f` is stable now, was behind the feature `next`: breaks nobody"
    ]


def test_what_becomes_unstable_is_gone():
    assert changes(STABLE, UNSTABLE) == ["major: `i`: function `f` is gone: breaks components"]
    assert changes(STABLE, UNSTABLE, "next") == [
        "major: `i`: function `f` is behind the feature `next` now: breaks components"
    ]


def test_what_is_unstable_promises_nothing():
    after = UNSTABLE.replace("f: func()", "f: func(x: u8)")
    assert changes(UNSTABLE, after, "next") == [
        "patch: `i`: function `f`: parameter `x` is new: breaks components, hosts"
    ]
    assert changes(UNSTABLE, "package a:b@1.1.0; interface i {} world w { import i; }", "next") == [
        "patch: `i`: function `f` is gone: breaks components"
    ]


def test_an_unstable_interface_promises_nothing():
    before = "package a:b@1.0.0; @unstable(feature = next) interface i { f: func(); }"
    assert changes(before, before.replace("f: func();", "f: func() -> u8;"), "next") == [
        "patch: `i`: function `f` returns `u8`, returned nothing: breaks components, hosts"
    ]
    assert changes(before, "package a:b@1.1.0;", "next") == ["patch: interface `i` is gone: breaks packages"]


def test_an_unstable_world_promises_nothing():
    before = "package a:b@1.0.0; @unstable(feature = next) world w { import f: func(); }"
    assert changes(before, before.replace("f: func()", "g: func()"), "next") == [
        "patch: world `w`: imported function `f` is gone: breaks components",
        "patch: world `w`: imported function `g` is new: breaks hosts",
    ]


def test_what_a_world_has_behind_a_gate_promises_nothing():
    before = "package a:b@1.0.0; world w { @unstable(feature = next) import k: interface { f: func(); } }"
    assert changes(before, before.replace("f: func()", "f: func() -> u8"), "next") == [
        "patch: world `w`: import `k`: function `f` returns `u8`, returned nothing: breaks components, hosts"
    ]
    assert changes(before, "package a:b@1.0.0; world w {}", "next") == [
        "patch: world `w`: import `k` is gone: breaks components"
    ]


def test_another_feature():
    assert changes(UNSTABLE, UNSTABLE.replace("next", "later"), "next", "later") == [
        "patch: `i`: function `f` is behind the feature `later`, was behind `next`: breaks nobody"
    ]


# Dependencies --------------------------------------------------------------------------------------------------


def with_dependency(version: str, functions: str) -> str:
    return f"""
        //- deps/base.wit
        package corp:base@{version};
        interface types {{
            {functions}
        }}
        //- app.wit
        package a:b@1.0.0;
        interface api {{
            use corp:base/types@{version}.{{id}};
            f: func() -> id;
        }}
        world w {{
            import api;
        }}
    """


def test_a_dependency_of_a_compatible_version():
    before = with_dependency("0.2.1", "type id = u64;")
    assert changes(before, with_dependency("0.2.6", "type id = u64;")) == []
    assert changes(before, with_dependency("0.2.6", "type id = u64; f: func();")) == [
        "minor: `corp:base/types@0.2`: function `f` is new: breaks hosts"
    ]
    assert changes(before, with_dependency("0.2.6", "type id = u32;")) == [
        "major: `corp:base/types@0.2`: type `id` is `u32`, was `u64`: breaks components, hosts"
    ]


def test_a_dependency_of_an_incompatible_version():
    assert changes(with_dependency("0.2.1", "type id = u64;"), with_dependency("0.3.0", "type id = u64;")) == [
        "patch: `api`: type `id` is `id` of `corp:base/types@0.3`, was `id` of `corp:base/types@0.2`, which is the same "
        "type: breaks nobody",
        "major: world `w`: import `corp:base/types@0.2` is gone: breaks components",
        "minor: world `w`: import `corp:base/types@0.3` is new: breaks hosts",
    ]


def test_two_packages_are_no_two_versions():
    with pytest.raises(NoComparison, match=r"^`a:b@1\.0\.0` and `a:c` are two packages"):
        compared("package a:b@1.0.0;", "package a:c;")


# The version ---------------------------------------------------------------------------------------------------

NOTHING = "interface i { f: func(); }"
DOCUMENTED = "/// What it is.\ninterface i { f: func(); }"
ADDED = "interface i { f: func(); g: func(); }"
CHANGED = "interface i { f: func(x: u8); }"


@pytest.mark.parametrize(
    ("old", "new", "body", "bump", "following", "enough"),
    [
        ("1.0.0", "1.0.0", NOTHING, "none", "1.0.0", True),
        ("1.0.0", "1.7.0", NOTHING, "none", "1.0.0", True),
        ("1.0.0", "1.0.0", DOCUMENTED, "patch", "1.0.1", True),
        ("1.0.0", "1.0.0", ADDED, "minor", "1.1.0", False),
        ("1.0.0", "1.0.1", ADDED, "minor", "1.1.0", False),
        ("1.0.0", "1.1.0", ADDED, "minor", "1.1.0", True),
        ("1.0.0", "1.1.0", CHANGED, "major", "2.0.0", False),
        ("1.0.0", "2.0.0", CHANGED, "major", "2.0.0", True),
        ("0.2.0", "0.2.1", ADDED, "minor", "0.2.1", True),
        ("0.2.0", "0.2.1", CHANGED, "major", "0.3.0", False),
        ("0.2.0", "0.3.0", CHANGED, "major", "0.3.0", True),
        ("0.0.1", "0.0.1", ADDED, "minor", "0.0.2", False),
        ("0.0.1", "0.0.2", CHANGED, "major", "0.0.2", True),
        ("1.0.0-rc.1", "1.0.0-rc.2", CHANGED, "major", "1.0.0", True),
        ("1.0.0-rc.1", "1.0.0-rc.1", CHANGED, "major", "1.0.0", False),
        ("1.1.0", "1.0.0", ADDED, "minor", "1.2.0", False),
        ("1.1.0", "1.0.0", NOTHING, "none", "1.1.0", True),
        ("1.0.0+a", "1.0.0+b", ADDED, "minor", "1.1.0", False),
        ("", "", ADDED, "minor", None, True),
        ("", "", CHANGED, "major", None, False),
        ("", "1.0.0", CHANGED, "major", None, True),
        ("1.0.0", "", CHANGED, "major", "2.0.0", True),
    ],
)
def test_whether_the_version_is_honest(old: str, new: str, body: str, bump: str, following: str | None, enough: bool):
    comparison = compared(f"package a:b{old and '@' + old};\n{NOTHING}", f"package a:b{new and '@' + new};\n{body}")
    assert (comparison.bump, comparison.next, comparison.is_enough) == (bump, following, enough)
