"""Versions as semver, cargo and the linker of wasmtime read them."""

import pytest

from dataflare_lsp.wit.compat.versions import are_compatible, following, greatest, promise, track


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.1.2", "1"),
        ("2.1.2+abc", "2"),
        ("10.0.0", "10"),
        ("0.1.2", "0.1"),
        ("0.10.2+abc", "0.10"),
        ("0.0.1", "0.0.1"),
        ("1.0.0-rc.1", "1.0.0-rc.1"),
        ("0.1.0-rc.2", "0.1.0-rc.2"),
        (None, ""),
    ],
)
def test_the_versions_that_are_taken_for_one(version: str | None, expected: str):
    assert track(version) == expected


@pytest.mark.parametrize(
    ("old", "new", "compatible"),
    [
        ("1.0.0", "1.9.3", True),
        ("1.0.0", "2.0.0", False),
        ("0.2.0", "0.2.6", True),
        ("0.2.0", "0.3.0", False),
        ("0.0.1", "0.0.2", False),
        ("0.0.1", "0.0.1", True),
        ("1.0.0-rc.1", "1.0.0", False),
        (None, "1.0.0", False),
        (None, None, True),
    ],
)
def test_compatible_versions(old: str | None, new: str | None, compatible: bool):
    assert are_compatible(old, new) == are_compatible(new, old) == compatible


@pytest.mark.parametrize(
    ("old", "new", "bump", "why"),
    [
        ("1.0.0", "1.0.0", "none", "1.0.0 is the version that it had before"),
        ("1.2.0", "1.1.9", "none", "1.1.9 is older than 1.2.0"),
        ("1.0.0", "1.0.1", "patch", "1.0.1 promises what 1.0.0 has, and nothing new"),
        ("1.0.0", "1.1.0", "minor", "1.1.0 promises all that 1.0.0 has"),
        ("1.0.0", "2.0.0", "major", "2.0.0 promises nothing to who knows 1.0.0"),
        ("0.2.0", "0.2.1", "minor", "0.2.1 promises all that 0.2.0 has"),
        ("0.0.1", "0.0.2", "major", "0.0.2 promises nothing to who knows 0.0.1"),
        ("1.0.0", "1.1.0-rc.1", "major", "1.1.0-rc.1 is a pre-release, and compatible with no other version"),
        (None, None, "minor", "without a version, every state of a package is taken for every other"),
        (None, "1.0.0", "major", "1.0.0 is not taken for a package without a version"),
        ("1.0.0", None, "major", "a package without a version is not taken for 1.0.0"),
    ],
)
def test_what_a_step_promises(old: str | None, new: str | None, bump: str, why: str):
    assert promise(old, new) == (bump, why)


@pytest.mark.parametrize(
    ("version", "patch", "minor", "major"),
    [
        ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
        ("0.2.3", "0.2.4", "0.2.4", "0.3.0"),
        ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
        ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
        (None, None, None, None),
        ("1" * 5000 + ".0.0", None, None, None),
    ],
)
def test_the_version_that_is_next(version: str | None, patch: str, minor: str, major: str):
    assert [following(version, bump) for bump in ("none", "patch", "minor", "major")] == [version, patch, minor, major]


def test_a_version_that_is_next_promises_enough():
    for version in ("1.2.3", "0.2.3", "0.0.3", "1.0.0-rc.1"):
        for bump in ("patch", "minor", "major"):
            after = following(version, bump)
            assert greatest([promise(version, after).bump, bump]) == promise(version, after).bump


def test_the_greatest_of_none_is_none():
    assert greatest([]) == "none"
