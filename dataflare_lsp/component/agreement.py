"""Whether the three things that a plugin is agree: its WIT, its manifest, and the component that was built.

The author's world must fit the world that the host requires, and the component must fit both. Each is compared by
itself, so that what is said tells which of the three is out of step. Pure: what is compared is found elsewhere.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.component.built import Built
from dataflare_lsp.component.targets import Matching, Mismatch, Side, items, mismatches, semver_compatible
from dataflare_lsp.wit.resolved import Function, Future, InterfaceItem, Stream

CODES = {
    "missing-export": "missing-export",
    "forbidden-import": "forbidden-import",
    "different-kind": "item-mismatch",
    "different-function": "function-mismatch",
    "different-type": "type-mismatch",
}
"""The code for what a comparison finds; what an interface lacks goes by its direction."""

WASI = "wasi:"
_WASI_0_2 = "0.2"

Subject = Literal["world", "component"]
"""What is out of step with the world that the host requires."""


class World(NamedTuple):
    """A world and its full name, as a message says it."""

    side: Side
    name: str


class Disagreement(NamedTuple):
    """One thing that does not agree: which of the plugin's parts is to be changed, and why."""

    subject: Subject
    mismatch: Mismatch


class Comparison(NamedTuple):
    """What came of comparing the parts that there are.

    `stale` is why the component was not built from the WIT as it is now, and `plain` are the names that stand for
    interfaces of the host although they name no package.
    """

    disagreements: tuple[Disagreement, ...]
    stale: tuple[Mismatch, ...]
    plain: tuple[str, ...]


def code_of(mismatch: Mismatch) -> str:
    """The diagnostic code of a mismatch."""
    if mismatch.problem == "missing-member":
        return "missing-export" if mismatch.direction == "export" else "forbidden-import"
    return CODES[mismatch.problem]


def is_wasi(name: str) -> bool:
    """Whether an import is one of WASI 0.2, which hosts always link."""
    version = name.partition("@")[2]
    return name.startswith(WASI) and (version == _WASI_0_2 or version.startswith(_WASI_0_2 + "."))


def wasi_package(name: str) -> str:
    """The package of WASI that an interface is of: `clocks` of `wasi:clocks/wall-clock@0.2.0`."""
    return name.removeprefix(WASI).partition("/")[0]


def host_matching(target: Side) -> Matching:
    """How names are held against those of the world that a host requires.

    Versions match as wasmtime's linker takes them, WASI is always there, and a plain name stands for the interface of
    the host that is called so: plugins of an older spelling write these in their world.
    """
    labels = plain_labels(target)

    def canonical(name: str) -> str:
        return semver_compatible(labels.get(name, name))

    return Matching(canonical, is_wasi)


def plain_labels(target: Side) -> dict[str, str]:
    """The names of a world's interfaces without their package, and the full ones."""
    names = [*items(target, "import"), *items(target, "export")]
    return {label_of(name): name for name in names if "/" in name and not name.startswith(WASI)}


def label_of(name: str) -> str:
    """The name of an interface without its package: `logging` of `dataflare:core/logging@1.0.0`."""
    return name.rpartition("/")[2].partition("@")[0]


OWN = Matching(semver_compatible, is_wasi)
"""How a component's names are held against those of the world that it is written in."""


def compare(own: World | None, target: World | None, component: Built | None) -> Comparison:
    """Compare the parts that there are, each with each."""
    found: list[Disagreement] = []
    known: set[tuple[str, str, str]] = set()
    stale: tuple[Mismatch, ...] = ()
    if own is not None and target is not None:
        for mismatch in mismatches(own.side, target.side, host_matching(target.side)):
            found.append(Disagreement("world", mismatch))
            known.add(_key(mismatch))
    if component is not None and target is not None:
        for mismatch in mismatches(component.side, target.side, host_matching(target.side)):
            # A component built from a world that does not fit does not fit either: that is said once.
            if _key(mismatch) not in known:
                found.append(Disagreement("component", mismatch))
                known.add(_key(mismatch))
    if component is not None and own is not None:
        differing = mismatches(component.side, own.side, OWN)
        if not differing and not any(one.subject == "component" for one in found):
            # Of one of which more is said, what it exports instead goes without saying.
            differing = tuple(_surplus(component.side, own.side))
        said = {(label, member) for _, label, member in known}
        stale = tuple([one for one in differing if _key(one)[1:] not in said])
    differing_items = frozenset([label_of(one.mismatch.item) for one in found])
    return Comparison(tuple(found), stale, tuple(_plain(own, target, component, differing_items)))


def _surplus(component: Side, own: Side) -> Iterator[Mismatch]:
    """What a component exports and the author's world does not: it fits, and was built from another world.

    Under a plain name, tools export what is for themselves: componentize-py has an interface `exports`.
    """
    there = {OWN.canonical(name): item for name, item in items(own, "export").items()}
    for name, item in items(component, "export").items():
        known = there.get(OWN.canonical(name))
        if known is None and "/" in name and not is_wasi(name):
            message = f"interface `{name}` is exported, and the WIT has none of that name"
            yield Mismatch("surplus-export", "export", name, "", message)
        elif isinstance(item, InterfaceItem) and isinstance(known, InterfaceItem):
            functions = own.resolve.interfaces[known.id].functions
            for member in component.resolve.interfaces[item.id].functions:
                if member not in functions:
                    message = f"`{name}`: function `{member}` is exported, and the WIT has none of that name"
                    yield Mismatch("surplus-export", "export", name, member, message)


def _key(mismatch: Mismatch) -> tuple[str, str, str]:
    return mismatch.problem, label_of(mismatch.item), mismatch.member


def _plain(
    own: World | None, target: World | None, component: Built | None, differing: frozenset[str]
) -> Iterator[str]:
    """The plain names by which the author's world, or else the component, has interfaces of the host.

    Of what differs, it is said that it does.
    """
    side = own.side if own is not None else component.side if component is not None else None
    if target is None or side is None:
        return
    labels = {label: full for label, full in plain_labels(target.side).items() if label not in differing}
    for direction in ("import", "export"):
        for name, item in items(side, direction).items():
            if name in labels and isinstance(item, InterfaceItem):
                yield name


# Imports that nothing grants --------------------------------------------------------------------------------------


class Grants(NamedTuple):
    """What a manifest grants: interfaces of the host by their labels (None: all of them), and packages of WASI."""

    host: tuple[str, ...] | None
    wasi: tuple[str, ...]


class Ungranted(NamedTuple):
    """What a component imports and the manifest does not grant."""

    host: tuple[str, ...]
    wasi: tuple[str, ...]


def ungranted(component: Built, target: Side, grants: Grants) -> Ungranted:
    """What a component imports of the host's interfaces, and of WASI's packages, without a grant for it."""
    offered = {label_of(name) for name in items(target, "import")}
    host = [label_of(name) for name in component.imports if label_of(name) in offered and not is_wasi(name)]
    wasi = [wasi_package(name) for name in component.imports if is_wasi(name)]
    return Ungranted(
        tuple(dict.fromkeys([label for label in host if grants.host is not None and label not in grants.host])),
        tuple(dict.fromkeys([package for package in wasi if package not in grants.wasi])),
    )


def unused(component: Built, grants: Grants) -> tuple[str, ...]:
    """What is granted and the component does not import."""
    labels = {label_of(name) for name in component.imports if not name.startswith(WASI)}
    packages = {wasi_package(name) for name in component.imports if is_wasi(name)}
    host = [label for label in grants.host or () if label not in labels]
    return (*host, *[package for package in grants.wasi if package not in packages])


# What the runtime cannot run --------------------------------------------------------------------------------------


def asynchronous(side: Side, already: Iterable[str] = ()) -> tuple[str, ...]:
    """The functions of a component that are async, or speak of streams or futures; without those of some items."""
    skipped = set(already)
    found: dict[str, None] = {}
    for direction in ("import", "export"):
        for name, item in items(side, direction).items():
            if name in skipped:
                continue
            if isinstance(item, Function):
                functions = {"": item}
            elif isinstance(item, InterfaceItem):
                functions = dict(side.resolve.interfaces[item.id].functions)
            else:
                continue
            for label, function in functions.items():
                if "async" in function.kind.form:
                    found[f"`{name}#{label}`" if label else f"`{name}`"] = None
    for definition in side.resolve.types:
        if isinstance(definition.kind, Future | Stream) and not found:
            word = "future" if isinstance(definition.kind, Future) else "stream"
            found[f"a {word}"] = None
    return tuple(found)
