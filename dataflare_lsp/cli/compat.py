"""`dataflare-lsp compat`: what changed between two versions of a package, and whom that breaks."""

import os
import sys
from contextlib import ExitStack
from typing import NamedTuple

from dataflare_lsp.cli.check import features_of
from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.results import Results, results_of
from dataflare_lsp.cli.terminal import style_of, width_of, write, write_bytes
from dataflare_lsp.cli.wit import only_root, print_errors, resolved
from dataflare_lsp.manifest.paths import GIT
from dataflare_lsp.wit.compat.compare import NoComparison, WorldComparison, compare_packages, compare_worlds
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.roots import Root, root_alone
from dataflare_lsp.workspace.workspace import Features, load


class Version(NamedTuple):
    """One of the two packages: as it was named, as it was resolved, and the sources by the paths to show.

    `groups` are the sources of each package, its own first. `is_built`: it is no package, but a component or a module,
    with a world of its own.
    """

    spelling: str
    resolve: Resolve
    groups: tuple[tuple[Source, ...], ...]
    sources: dict[str, Source]
    is_built: bool = False


def run(arguments: Arguments) -> int:
    """Compare the two packages that the arguments name, and print what differs."""
    if len(arguments.operands) != 2:
        raise Failure("`compat` needs two packages to compare: OLD and NEW")
    features = features_of(arguments)
    first, second = arguments.operands
    with ExitStack() as stack:
        old = _version(first, second, features, stack)
        new = _version(second, first, features, stack)
    worlds = _worlds(arguments, old, new)
    try:
        if worlds is None:
            return _packages(old, new, arguments)
        return _component(old, new, worlds, arguments)
    except NoComparison as nothing:
        raise Failure(str(nothing)) from None


def _packages(old: Version, new: Version, arguments: Arguments) -> int:
    comparison = compare_packages(old.resolve, new.resolve)
    if arguments.value("--format", "text") == "json":
        from dataflare_lsp.cli.output import compat_json

        write_bytes(compat_json.of_packages(old, new, comparison).encode("utf-8", "replace"))
    else:
        from dataflare_lsp.cli.output import compat_text

        write(compat_text.of_packages(old, new, comparison, style_of(sys.stdout), width_of(sys.stdout)))
    return int(not comparison.is_enough)


def _component(old: Version, new: Version, worlds: tuple[str, str], arguments: Arguments) -> int:
    comparison = compare_worlds(old.resolve, worlds[0], new.resolve, worlds[1])
    if arguments.value("--format", "text") == "json":
        from dataflare_lsp.cli.output import compat_json

        write_bytes(compat_json.of_worlds(old, new, comparison).encode("utf-8", "replace"))
    else:
        from dataflare_lsp.cli.output import compat_text

        write(compat_text.of_worlds(old, new, comparison, style_of(sys.stdout), width_of(sys.stdout)))
    return int(not runs(new, comparison))


def runs(new: Version, comparison: WorldComparison) -> bool:
    """Whether a component of the old world runs where the new one is wanted.

    What is built is never wanted, it is what runs: as the new one, it is to run where the old one is wanted.
    """
    return comparison.fits_back if new.is_built else comparison.fits


# Reading the two -----------------------------------------------------------------------------------------------


def _version(spelling: str, other: str, features: Features, stack: ExitStack) -> Version:
    """The package that an argument stands for. Raises `Failure` where there is none, or where it has errors."""
    folder = os.getcwd()
    prefix = ""
    path = spelling
    if spelling.startswith(GIT):
        revision, path = _revision(spelling, other)
        folder = _temporary_folder(stack)
        prefix = f"{GIT}{revision}:"
        path = _extracted(revision, path, folder)
    root = _root(path)
    workspace = load([root], features)
    results = results_of(workspace, [root])
    if results.count("error"):
        _refuse(spelling, results._replace(directory=folder))
    known, encoded = workspace.sources, workspace.encoded
    groups = tuple([tuple([known[file] for file in group if file not in encoded]) for group in root.groups])
    sources = {_shown(source.file, folder, prefix): source for group in groups for source in group}
    resolve = resolved(workspace, root)
    return Version(spelling, resolve, groups, sources, root.path in workspace.encoded and _is_built(resolve))


def _shown(file: str, folder: str, prefix: str) -> str:
    """A file's path as it is shown: that of one in a revision has the revision before it."""
    shown = shown_path(file, folder)
    return prefix + shown if shown != file else shown


def _is_built(resolve: Resolve) -> bool:
    from dataflare_lsp.component.recover import COMPONENT, MODULE

    return resolve.packages[resolve.main].name in (COMPONENT, MODULE)


def _root(path: str) -> Root:
    """The package at a path. A `.wit` file is one by itself: beside it may be the version to compare it with."""
    if path.endswith(".wit") and os.path.isfile(path):
        return root_alone(os.path.abspath(path))
    return only_root(path, "compare")


def _refuse(spelling: str, results: Results) -> None:
    print_errors(results)
    raise Failure(f"cannot compare `{spelling}` while it has errors")


def _revision(spelling: str, other: str) -> tuple[str, str]:
    """The revision that an argument names, and the path in it: that of the other package where it names none."""
    revision, _, path = spelling.removeprefix(GIT).partition(":")
    if not revision:
        raise Failure(f"`{spelling}` names no revision; it is written `git:REV` or `git:REV:PATH`")
    if not path:
        path = other.removeprefix(GIT).partition(":")[2] if other.startswith(GIT) else other
    return revision, path or "."


def _temporary_folder(stack: ExitStack) -> str:
    from tempfile import TemporaryDirectory

    return os.path.realpath(stack.enter_context(TemporaryDirectory(prefix="dataflare-lsp-")))


def _extracted(revision: str, path: str, folder: str) -> str:
    from dataflare_lsp.workspace.revision import NoRevision, extract

    try:
        return extract(revision, path, os.getcwd(), folder)
    except NoRevision as wrong:
        raise Failure(str(wrong)) from None


# Naming worlds -------------------------------------------------------------------------------------------------


def _worlds(arguments: Arguments, old: Version, new: Version) -> tuple[str, str] | None:
    """The worlds to compare, if any: one that is named stands for both, but for a package that has only another.

    What is built is compared by its world in any case. Raises `Failure` where that of the other is to be named.
    """
    first, second = arguments.value("--old-world"), arguments.value("--new-world")
    if not (first or second or old.is_built or new.is_built):
        return None
    before, after = first or _only(old) or second, second or _only(new) or first
    for world, version, option in ((before, old, "--old-world"), (after, new, "--new-world")):
        if not world:
            known = list(version.resolve.packages[version.resolve.main].worlds)
            hint = f"{len(known)} worlds; name one: `{option} {known[0]}`" if known else "no world"
            raise Failure(f"`{version.spelling}` has {hint}")
    return _world(before, old.resolve), _world(after, new.resolve)


def _only(version: Version) -> str:
    """The only world of a package, as that of a component is; "" where it has none or several."""
    worlds = version.resolve.packages[version.resolve.main].worlds
    return next(iter(worlds)) if len(worlds) == 1 else ""


def _world(name: str, resolve: Resolve) -> str:
    """A world's name without that of its package. Raises `Failure` where that is another package."""
    package, slash, world = name.rpartition("/")
    if not slash:
        return name
    world, _, version = world.partition("@")
    main = resolve.packages[resolve.main].name
    if package != f"{main.namespace}:{main.name}" or (version and version != main.version):
        raise Failure(f"the world `{name}` is not one of `{main}`")
    return world
