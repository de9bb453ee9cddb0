"""What a version number promises: the rules of semver, as cargo and the linker of wasmtime read them.

Two versions are compatible where the linker takes one for the other: the first of major, minor and patch that is not
zero is the same in both, and neither is a pre-release. `0.0.z` and pre-releases are compatible with nothing else.
"""

import re
from typing import Literal, NamedTuple

from dataflare_lsp.wit.order import package_order
from dataflare_lsp.wit.syntax import PackageName

Bump = Literal["none", "patch", "minor", "major"]

BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
"""From what any version may do to what only an incompatible one may."""

_VERSION = re.compile(r"(?P<major>\d+)\.(?P<minor>\d+)\.(?P<patch>\d+)(?P<pre>-[^+]*)?(?:\+.*)?")


_SANE = 200
"""The longest version that is counted up: longer numbers than Python converts are no versions of anything."""


def greatest(bumps: "list[Bump] | tuple[Bump, ...]") -> Bump:
    """The one that covers all of them."""
    return max(bumps, key=BUMPS.index, default="none")


def track(version: str | None) -> str:
    """The versions that the linker takes for this one: the shared start of their numbers, or the version itself.

    "" where there is no version.
    """
    if version is None:
        return ""
    match = _VERSION.fullmatch(version)
    if match is None or match["pre"]:
        return version
    if match["major"].strip("0"):
        return match["major"]
    if match["minor"].strip("0"):
        return f"{match['major']}.{match['minor']}"
    return version


def are_compatible(old: str | None, new: str | None) -> bool:
    """Whether the linker takes one version for the other."""
    return track(old) == track(new)


class Promise(NamedTuple):
    """What the step from one version to another allows: changes up to `bump`. `why` says so to people."""

    bump: Bump
    why: str


def promise(old: str | None, new: str | None) -> Promise:
    """What somebody who knows the old version may expect of the new one."""
    if new is None:
        if old is None:
            return Promise("minor", "without a version, every state of a package is taken for every other")
        return Promise("major", f"a package without a version is not taken for {old}")
    if old is None:
        return Promise("major", f"{new} is not taken for a package without a version")
    if _place(old) == _place(new):
        return Promise("none", f"{new} is the version that it had before")
    if _place(new) < _place(old):
        return Promise("none", f"{new} is older than {old}")
    if not are_compatible(old, new):
        return Promise("major", _incompatible(old, new))
    first, second = old.split("."), new.split(".")
    if first[0].strip("0") and first[1] == second[1]:
        return Promise("patch", f"{new} promises what {old} has, and nothing new")
    return Promise("minor", f"{new} promises all that {old} has")


def release_of(version: str | None) -> str | None:
    """The version that a pre-release comes before; None for any other."""
    match = _VERSION.fullmatch(version) if version is not None else None
    return f"{match['major']}.{match['minor']}.{match['patch']}" if match is not None and match["pre"] else None


def _incompatible(old: str, new: str) -> str:
    for version in (new, old):
        if release_of(version) is not None:
            return f"{version} is a pre-release, and compatible with no other version"
    return f"{new} promises nothing to who knows {old}"


def _place(version: str) -> tuple[object, ...]:
    """Where a version stands in semver's order. Its build says nothing there."""
    return package_order(PackageName("", "", version.partition("+")[0]))


def following(version: str | None, bump: Bump) -> str | None:
    """The least version after `version` that allows `bump`; None where there is none to speak of."""
    match = _VERSION.fullmatch(version) if version is not None else None
    if version is None or match is None or bump == "none" or len(version) > _SANE:
        return None if bump != "none" else version
    major, minor, patch = int(match["major"]), int(match["minor"]), int(match["patch"])
    if match["pre"]:
        return f"{major}.{minor}.{patch}"
    if not major:
        # Cargo and the linker read the first number that is not zero as the major one, and have no minor below it.
        return f"0.{minor + 1}.0" if bump == "major" and minor else f"0.{minor}.{patch + 1}"
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"
