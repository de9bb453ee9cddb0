"""Orders that lists of the resolved package come in: by need, and of versions."""

import re
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeVar

from dataflare_lsp.wit.syntax import PackageName

Key = TypeVar("Key")

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([^+]*))?(?:\+(.*))?")


def by_need(needs: Mapping[Key, Sequence[Key]]) -> list[Key] | None:
    """The keys, each after those that it needs, else in the order given; None where they need each other in a circle.

    What is needed and is not a key counts for nothing.
    """
    places = {key: place for place, key in enumerate(needs)}
    keys = list(needs)
    needed_by: list[list[int]] = [[] for _ in keys]
    missing = [0] * len(keys)
    for place, wanted in enumerate(needs.values()):
        for key in wanted:
            other = places.get(key)
            if other is not None:
                needed_by[other].append(place)
                missing[place] += 1
    ready = [place for place, count in enumerate(missing) if count == 0]
    heapify(ready)
    order = []
    while ready:
        place = heappop(ready)
        order.append(keys[place])
        for user in needed_by[place]:
            missing[user] -= 1
            if missing[user] == 0:
                heappush(ready, user)
    return order if len(order) == len(keys) else None


def package_order(name: PackageName) -> tuple[object, ...]:
    """A key that sorts packages by namespace, name and version, those without a version first.

    Versions are in semver's order, and those that differ only in their build in the order of their builds.
    """
    if name.version is None:
        return (name.namespace, name.name)
    match = _VERSION.fullmatch(name.version)
    if match is None:
        return (name.namespace, name.name, (), name.version)
    major, minor, patch, pre, build = match.groups()
    core = tuple([_number(part) for part in (major, minor, patch)])
    return (name.namespace, name.name, core, pre is None, _identifiers(pre), _builds(build))


def is_released(version: str, package: PackageName) -> bool:
    """Whether `package` has a version, and `version` is that or an earlier one."""
    if package.version is None:
        return False
    return package_order(package._replace(version=version)) <= package_order(package)


def _number(digits: str) -> tuple[int, str]:
    """A key that sorts numbers. The longer is the greater; converting them could be refused for their length."""
    significant = digits.lstrip("0")
    return len(significant), significant


def _identifiers(text: str | None) -> tuple[tuple[bool, int, str], ...]:
    parts = text.split(".") if text else []
    return tuple((False, *_number(part)) if part.isdigit() else (True, 0, part) for part in parts)


def _builds(text: str | None) -> tuple[tuple[bool, int, str, int], ...]:
    """As `_identifiers`, where numbers may have zeros in front: more of them come later."""
    keys = []
    for part in text.split(".") if text else []:
        keys.append((False, *_number(part), len(part)) if part.isdigit() else (True, 0, part, 0))
    return tuple(keys)
