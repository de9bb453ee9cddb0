"""Comparing two versions of a package, or two worlds."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from dataflare_lsp.text import nearest
from dataflare_lsp.wit.compat import rules
from dataflare_lsp.wit.compat.change import Break, Change, Place, Whom
from dataflare_lsp.wit.compat.fit import Misfit, misfits
from dataflare_lsp.wit.compat.interfaces import Scope, Used, change, interface_changes
from dataflare_lsp.wit.compat.notes import gate_change
from dataflare_lsp.wit.compat.rules import Role
from dataflare_lsp.wit.compat.shapes import Pair
from dataflare_lsp.wit.compat.side import Side
from dataflare_lsp.wit.compat.versions import (
    BUMPS,
    Bump,
    Promise,
    are_compatible,
    following,
    greatest,
    promise,
    release_of,
)
from dataflare_lsp.wit.compat.worlds import Worlds, world_changes
from dataflare_lsp.wit.resolved import Interface, InterfaceItem, Resolve, Unstable, World
from dataflare_lsp.wit.syntax import PackageName

UNEXPLAINED = "what is asked for is not what is there"
"""Why something breaks for no reason that any change tells."""


class NoComparison(Exception):
    """There is nothing to compare; the message is a sentence for the user."""


class WorldVerdict(NamedTuple):
    """How two worlds get on with each other.

    `components`: why a component of the old world does not run where the new one is wanted; nothing where it does.
    `hosts`: why one of the new world does not run on a host of the old one.
    """

    old: str
    new: str
    components: tuple[Misfit, ...]
    hosts: tuple[Misfit, ...]


class Comparison(NamedTuple):
    """What changed between two versions of a package.

    `bump` is the step of the version that the changes call for, `promise` what the one that was made allows, and
    `next` the least version that would allow enough.
    """

    old: PackageName
    new: PackageName
    changes: tuple[Change, ...]
    worlds: tuple[WorldVerdict, ...]
    bump: Bump
    promise: Promise
    next: str | None

    @property
    def is_enough(self) -> bool:
        """Whether the version promises no more than is true.

        A patch is what anybody may make of a change that none can notice, and so no version denies it.
        """
        return _covers(self.promise.bump, self.bump)

    def allows(self, change: Change) -> bool:
        """Whether the version promises no more than a change leaves true."""
        return _covers(self.promise.bump, change.bump)

    @property
    def early_warning(self) -> str | None:
        """The release that the new version is a pre-release of, where that will promise more than is true."""
        release = release_of(self.new.version)
        if release is None or _covers(promise(self.old.version, release).bump, self.bump):
            return None
        return release


def _covers(promised: Bump, bump: Bump) -> bool:
    return bump in ("none", "patch") or BUMPS.index(bump) <= BUMPS.index(promised)


class WorldComparison(NamedTuple):
    """Whether a component that was built for one world runs where another is wanted, and what differs."""

    old: PackageName
    new: PackageName
    changes: tuple[Change, ...]
    verdict: WorldVerdict
    version: str
    """What keeps the versions of the packages from fitting, as a sentence; "" where nothing does."""

    @property
    def fits(self) -> bool:
        """Whether a component of the old world runs where the new one is wanted."""
        return not self.verdict.components and not self.version

    @property
    def fits_back(self) -> bool:
        """Whether a component of the new world runs where the old one is wanted."""
        return not self.verdict.hosts and not self.version


def compare_packages(old: Resolve, new: Resolve) -> Comparison:
    """What changed between two versions of a package. Raises `NoComparison` where they are two packages."""
    before, after = old.packages[old.main].name, new.packages[new.main].name
    if before[:2] != after[:2]:
        raise NoComparison(
            f"`{before}` and `{after}` are two packages, not two versions of one; name the worlds to compare with "
            "`--old-world` and `--new-world`"
        )
    pair = Pair(Side(old), Side(new))
    changes = list(_package_changes(pair))
    worlds = tuple(_verdicts(pair))
    changes += unexplained(changes, worlds)
    bump = greatest([one.bump for one in changes])
    promised = promise(before.version, after.version)
    return Comparison(before, after, tuple(changes), worlds, bump, promised, following(before.version, bump))


def unexplained(changes: Sequence[Change], worlds: Iterable[WorldVerdict]) -> list[Change]:
    """What keeps worlds from fitting where no change says whom it breaks, so that nothing passes in silence."""
    found = []
    broken = {one.whom for change in changes for one in change.breaks}
    for world in worlds:
        sides: tuple[tuple[Whom, tuple[Misfit, ...]], ...] = ("components", world.components), ("hosts", world.hosts)
        for whom, wrong in sides:
            for misfit in wrong if whom not in broken else ():
                breaks = (Break(whom, UNEXPLAINED),)
                text = f"world `{world.new}`: {misfit.item} {misfit.problem}"
                bump = rules.bump_of("changed", breaks)
                found.append(Change("changed", Place("world", world.new), text, bump, breaks))
    return found


def _package_changes(pair: Pair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    if old.main.docs != new.main.docs:
        yield Change("changed", Place("package", ""), "the documentation of the package changed", "patch")
    roles = _roles(pair)
    used = Used(old.used(), new.used())
    before, after = old.interfaces(), new.interfaces()
    for name, number in before.items():
        if name not in after:
            yield _whole(pair, "interface", name, "removed", old.resolve.interfaces[number])
    for name, number in after.items():
        if name not in before:
            yield _whole(pair, "interface", name, "added", new.resolve.interfaces[number])
    foreign = old.foreign_interfaces()
    others = {name: number for name, number in new.foreign_interfaces().items() if name in foreign}
    for name, number in {**after, **others}.items():
        known = before.get(name, foreign.get(name))
        if known is not None:
            yield from _interface_changes(pair, used, name, roles.get(name, ()), known, number)
    was, now = old.worlds(), new.worlds()
    for name, number in was.items():
        if name not in now:
            yield _whole(pair, "world", name, "removed", old.resolve.worlds[number])
    for name, number in now.items():
        if name not in was:
            yield _whole(pair, "world", name, "added", new.resolve.worlds[number])
        else:
            worlds = Worlds(old.resolve.worlds[was[name]], new.resolve.worlds[number])
            yield from _notes(Place("world", name), f"world `{name}`", worlds.old, worlds.new)
            yield from world_changes(pair, used, Place("world", name), f"world `{name}`: ", worlds)


def _roles(pair: Pair) -> dict[str, set[Role]]:
    """What worlds do with each interface, before and after."""
    roles: dict[str, set[Role]] = {}
    worlds = pair.new.worlds()
    for name, number in pair.old.worlds().items():
        if name in worlds:
            both = Worlds(pair.old.resolve.worlds[number], pair.new.resolve.worlds[worlds[name]])
            for interface, role in both.roles(pair):
                roles.setdefault(interface, set()).add(role)
    return roles


def _whole(
    pair: Pair, kind: Literal["interface", "world"], name: str, event: rules.Event, item: Interface | World
) -> Change:
    """An interface or a world that is there on one side only."""
    scope = Scope(pair, Used(frozenset(), frozenset()), Place(kind, name), "", ())
    gone = rules.INTERFACE_GONE if kind == "interface" else rules.WORLD_GONE
    text = f"{kind} `{name}` is {'gone' if event == 'removed' else 'new'}"
    return change(scope, event, "", text, (gone,) if event == "removed" else (), item.stability)


def _interface_changes(
    pair: Pair, used: Used, name: str, roles: Iterable[Role], old: int, new: int
) -> Iterator[Change]:
    before, after = pair.old.resolve.interfaces[old], pair.new.resolve.interfaces[new]
    place = Place("interface", name)
    yield from _notes(place, f"interface `{name}`", before, after)
    is_unstable = isinstance(before.stability, Unstable)
    scope = Scope(pair, used, place, f"`{name}`: ", tuple(sorted(roles)), is_unstable)
    yield from interface_changes(scope, before, after)


def _notes(place: Place, subject: str, old: Interface | World, new: Interface | World) -> Iterator[Change]:
    note = gate_change(old.stability, new.stability)
    if note is not None:
        yield note.of(place, subject, False)
    if old.docs != new.docs:
        yield Change("changed", place, f"{subject}: its documentation changed", "patch")


def _verdicts(pair: Pair) -> Iterator[WorldVerdict]:
    worlds = pair.new.worlds()
    for name, number in pair.old.worlds().items():
        if name in worlds:
            yield _verdict(pair, number, worlds[name])


def _verdict(pair: Pair, before: int, after: int) -> WorldVerdict:
    old, new, shapes = pair.old, pair.new, pair.shapes
    was, now = old.resolve.worlds[before], new.resolve.worlds[after]
    components, hosts = misfits(shapes, old, was, new, now), misfits(shapes, new, now, old, was)
    return WorldVerdict(was.name, now.name, components, hosts)


def compare_worlds(old: Resolve, before: str, new: Resolve, after: str) -> WorldComparison:
    """Whether a component that was built for the world `before` of one package runs where `after` of the other is
    wanted. Raises `NoComparison` for a world that is not there.
    """
    packages = old.packages[old.main].name, new.packages[new.main].name
    foreign = packages[0][:2] != packages[1][:2]
    pair = Pair(Side(old, before, foreign), Side(new, after, foreign))
    numbers = _world(pair.old, before), _world(pair.new, after)
    worlds = Worlds(old.worlds[numbers[0]], new.worlds[numbers[1]])
    verdict = _verdict(pair, *numbers)
    version = _version(pair, packages, foreign, worlds)
    return WorldComparison(packages[0], packages[1], tuple(_world_changes(pair, worlds)), verdict, version)


def _world(side: Side, name: str) -> int:
    found = side.worlds().get(name)
    if found is None:
        near = nearest(name, side.worlds())
        known = ", ".join([f"`{one}`" for one in side.worlds()]) or "none"
        hint = f"did you mean `{near}`?" if near else f"its worlds: {known}"
        raise NoComparison(f"there is no world `{name}` in `{side.main.name}`; {hint}")
    return found


def _world_changes(pair: Pair, worlds: Worlds) -> Iterator[Change]:
    old, new = pair.old, pair.new
    name = worlds.new.name
    used = Used(old.used(worlds.old), new.used(worlds.new))
    roles: dict[str, set[Role]] = {}
    for interface, role in worlds.roles(pair):
        roles.setdefault(interface, set()).add(role)
    before, after = _interfaces_of(old, worlds.old), _interfaces_of(new, worlds.new)
    for interface, of in roles.items():
        yield from _interface_changes(pair, used, interface, of, before[interface], after[interface])
    yield from world_changes(pair, used, Place("world", name), f"world `{name}`: ", worlds)


def _interfaces_of(side: Side, world: World) -> dict[str, int]:
    items = [*world.imports.values(), *world.exports.values()]
    numbers = [item.id for item in items if isinstance(item, InterfaceItem)]
    return {side.interface(number): number for number in numbers if side.interface(number)}


def _version(pair: Pair, packages: tuple[PackageName, PackageName], foreign: bool, worlds: Worlds) -> str:
    """Why interfaces of the package itself are not linked, where its two versions are not compatible."""
    old, new = packages
    if foreign or are_compatible(old.version, new.version) or not all(_own_interfaces(pair, worlds)):
        return ""
    return f"`{old}` is not taken for `{new}`: a host links an interface only to a compatible version of it"


def _own_interfaces(pair: Pair, worlds: Worlds) -> Iterator[bool]:
    """Of both worlds, whether it brings in interfaces of its package, which the linker finds with their versions."""
    for side, world in ((pair.old, worlds.old), (pair.new, worlds.new)):
        keys = [key for key in (*world.imports, *world.exports) if isinstance(key, int)]
        yield any(side.resolve.interfaces[key].package == side.resolve.main for key in keys)
