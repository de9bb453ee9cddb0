"""Roots: packages as they are judged, each with the dependencies beside it.

A root is a directory with `.wit` files, whose `deps` folder holds its dependencies: directories, single `.wit` files,
and packages encoded as `.wasm` or `.wat`. Paths are absolute and keep the spelling they were found by.
Specification: WIT.md, "Filesystem structure".
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dataflare_lsp.workspace.disk import (
    ForeignEncoding,
    Unreadable,
    is_directory,
    is_regular,
    list_directory,
    read_text,
    reason_of,
)

DEPS = "deps"
GIT_IGNORE = ".gitignore"
MANIFEST = "dataflare.toml"
"""How the manifest of a plugin is named."""
CORE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "manifest", "core")
"""The directory of the WIT package `dataflare:core` that comes with this tool."""
VIEW = "dataflare-wit:"
"""The scheme of documents that show the WIT of a binary."""
_ENCODED = (".wasm", ".wat")
_PACKAGE = re.compile(r"\s*package\s+([^\s;{]+)\s*;")
_LEADING_COMMENTS = re.compile(r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_PASSED_BY = frozenset((".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "target"))


class Stray(NamedTuple):
    """Something in a `deps` folder that is no package: what is wrong with it, and what to do, for its user."""

    path: str
    message: str
    advice: str


class Root(NamedTuple):
    """A package to judge. `path` names it: its directory, or its only file.

    `groups` are the files that are parsed together: its own first, then one group for each dependency.
    """

    path: str
    groups: tuple[tuple[str, ...], ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    """Directories and files that could not be read, and why."""
    strays: tuple[Stray, ...] = ()
    """What is in the way of reading the dependencies."""
    unread: tuple[str, ...] = ()
    """The `deps` folders of dependencies, by their paths from the package's directory: nothing looks there."""

    @property
    def files(self) -> tuple[str, ...]:
        """All files of the root, its own first."""
        return tuple(file for group in self.groups for file in group)


def root_of_directory(directory: str) -> Root:
    """The root that a directory makes."""
    files, failed = wit_files(directory)
    return _root(directory, files, failed, dependencies(directory))


def _root(path: str, own: Sequence[str], failed: tuple[tuple[str, str], ...], found: "Dependencies") -> Root:
    root = Root(path, (tuple(own), *found.groups), (*failed, *found.unreadable), found.strays, found.unread)
    manifest = manifest_above(path)
    if manifest is None:
        return root
    from dataflare_lsp.workspace.provided import with_paths_and_core

    return with_paths_and_core(root, manifest)


_NO_TEXTS: Mapping[str, str] = {}


def root_of_file(file: str, siblings: bool = True, texts: Mapping[str, str] = _NO_TEXTS) -> Root:
    """The root that a file belongs to.

    The files of its directory that declare the same package or none; the file alone where its directory holds several
    packages side by side. `texts` are those of files that are not, or not so, on disk.
    """
    directory = os.path.dirname(file)
    if file in texts and not os.path.isdir(directory):
        return Root(file, ((file,),))
    files, failed = wit_files(directory) if siblings else ([file], ())
    unsaved = [other for other in texts if other.endswith(".wit") and os.path.dirname(other) == directory]
    files = sorted({*files, *unsaved, file})
    declared = {other: declared_package(other, texts.get(other)) for other in files}
    names = {name for name in declared.values() if name}
    if len(names) > 1:
        return _root(file, (file,), failed, dependencies(directory, but=file))
    found = dependencies(directory)
    return _root(directory if len(files) > 1 or found.groups else file, files, failed, found)


def root_alone(file: str) -> Root:
    """The root that a `.wit` file is by itself, whatever lies beside it but for its dependencies."""
    found = dependencies(os.path.dirname(file), but=file)
    return Root(file, ((file,), *found.groups), *found[1:])


def wit_files(directory: str) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """The `.wit` files directly in a directory, by name, and what could not be read."""
    entries = list_directory(directory)
    if isinstance(entries, Unreadable):
        return [], ((directory, entries.reason),)
    return [e.path for e in entries if e.name.endswith(".wit") and is_regular(e) and _is_text(e.name)], ()


class Dependencies(NamedTuple):
    """What the `deps` folder of a directory holds; the fields are those of `Root`."""

    groups: tuple[tuple[str, ...], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    strays: tuple[Stray, ...] = ()
    unread: tuple[str, ...] = ()


def dependencies(directory: str, but: str = "") -> Dependencies:
    """The groups of files in the `deps` folder of a directory, and what else is there.

    A package that lies in such a folder itself has the others there as its dependencies; what is wrong there is not
    its concern.
    """
    deps = os.path.join(directory, DEPS)
    beside = False
    if not os.path.isdir(deps):
        beside = True
        if os.path.exists(deps):
            advice = "make it a directory that holds a directory or a `.wit` file for each dependency, or remove it"
            return Dependencies(strays=(Stray(deps, "`deps` is not a directory", advice),))
        if but and os.path.basename(directory) == DEPS:
            deps = directory
        elif os.path.basename(os.path.dirname(directory)) == DEPS:
            deps, but = os.path.dirname(directory), directory
        else:
            return Dependencies()
    entries = list_directory(deps)
    if isinstance(entries, Unreadable):
        return Dependencies(unreadable=((deps, entries.reason),))
    groups: list[tuple[str, ...]] = []
    failed: list[tuple[str, str]] = []
    strays: list[Stray] = []
    unread: list[str] = []
    for entry in entries:
        if entry.path == but or not _is_text(entry.name):
            continue
        if is_directory(entry):
            files, more = wit_files(entry.path)
            failed += more
            if files:
                groups.append(tuple(files))
                if os.path.isdir(os.path.join(entry.path, DEPS)):
                    unread.append(f"{DEPS}/{entry.name}/{DEPS}")
            elif not more:
                strays.append(stray(directory, entry.path))
        elif entry.name.endswith((".wit", *_ENCODED)) and is_regular(entry):
            groups.append((entry.path,))
        elif not os.path.exists(entry.path) and not entry.name.startswith(_LOCK):
            advice = "let it lead to the directory or file of a package, or remove it"
            strays.append(Stray(entry.path, f"the link `{DEPS}/{entry.name}` leads nowhere", advice))
    if beside:
        return Dependencies(tuple(groups), tuple(failed))
    return Dependencies(tuple(groups), tuple(failed), tuple(strays), tuple(unread))


_LOCK = ".#"
"""How Emacs names the link, to nowhere, that it puts beside a file which is being edited."""
_MOST_LOOKED_INTO = 100
"""How many directories are looked into for files that lie too deep."""


def stray(directory: str, path: str) -> Stray:
    """A directory in the `deps` folder of `directory` that holds no `.wit` files, and where these may be instead."""
    shown = _below(path, directory)
    pending = [path]
    looked = 0
    while pending and looked < _MOST_LOOKED_INTO:
        current = pending.pop(0)
        looked += 1
        entries = list_directory(current)
        if isinstance(entries, Unreadable):
            continue
        if current == path and not entries:
            return Stray(
                path, f"the directory `{shown}` is empty", "put the `.wit` files of a package into it, or remove it"
            )
        encoded = [entry.name for entry in entries if entry.name.endswith(_ENCODED) and is_regular(entry)]
        if encoded:
            where = _below(os.path.join(current, encoded[0]), directory)
            return Stray(
                path,
                f"the directory `{shown}` holds no `.wit` files",
                f"an encoded package lies in `{DEPS}` itself: move `{where}` to `{DEPS}/{encoded[0]}`",
            )
        if any(entry.name.endswith(".wit") and is_regular(entry) for entry in entries):
            where = _below(current, directory)
            return Stray(
                path,
                f"the directory `{shown}` holds no `.wit` files itself",
                f"they lie too deep, in `{where}`: move them to `{_place_of(current, path)}`",
            )
        pending += [entry.path for entry in entries if is_directory(entry) and not entry.is_symlink()]
    return Stray(
        path,
        f"the directory `{shown}` holds no `.wit` files",
        f"each directory in `{DEPS}` is a package: put its `.wit` files there, or remove the directory",
    )


def _place_of(found: str, stray: str) -> str:
    """Where the `.wit` files in `found`, somewhere below `stray`, would be read.

    A folder that is named for what it holds says nothing of the package; any other may be one of several.
    """
    name = os.path.basename(found)
    return f"{DEPS}/{os.path.basename(stray) if name in ('wit', 'src', DEPS) else name}"


def _below(path: str, directory: str) -> str:
    return os.path.relpath(path, directory).replace(os.sep, "/")


def is_manifest(file: str) -> bool:
    """Whether a file, by its path or URI, is the manifest of a plugin."""
    return file.endswith(MANIFEST) and file[: -len(MANIFEST)][-1:] in ("", "/", "\\", ":")


def root_of_manifest(file: str) -> Root:
    """The root that a manifest is by itself; what it speaks of is found when it is judged."""
    return Root(file, ((file,),))


def manifest_above(path: str) -> str | None:
    """The manifest of the plugin that a directory or file belongs to: the nearest one above, within its repository."""
    current = path
    while True:
        if os.path.isfile(os.path.join(current, MANIFEST)):
            return os.path.join(current, MANIFEST)
        above = os.path.dirname(current)
        if above == current or os.path.exists(os.path.join(current, ".git")):
            return None
        current = above


def is_encoded(file: str) -> bool:
    """Whether a file is a package in WebAssembly's binary or text form."""
    return file.endswith(_ENCODED)


def is_view(file: str) -> bool:
    """Whether a file, by its URI, is a document that shows the WIT of a binary."""
    return file.startswith(VIEW)


def declared_package(file: str, text: str | None = None) -> str:
    """The package that a file's header names, as written, or "" where it has none: a cheap look at its start.

    `text` stands for what is on disk.
    """
    if text is None:
        on_disk = read_text(file)
        text = on_disk if isinstance(on_disk, str) else on_disk.text if isinstance(on_disk, ForeignEncoding) else ""
    text = text.removeprefix("\ufeff")
    start = _LEADING_COMMENTS.match(text)
    found = _PACKAGE.match(text, start.end() if start else 0)
    return found.group(1) if found else ""


def roots_beneath(directory: str) -> Iterator[Root]:
    """The roots in a directory that is none itself, honouring `.gitignore` files; `deps` folders belong to their root.

    As in git, the patterns of the folders above count too, up to the one that holds the repository.
    """
    return (root for _, root in walk(directory) if root is not None and not is_manifest(root.path))


def walk(directory: str) -> Iterator[tuple[str, Root | None]]:
    """The directories from `directory` down that may hold roots, each with the root that it is, if any.

    A directory with a manifest comes twice, first with the root that the manifest is.
    """
    ignores = _ignores_above(directory)
    pending = [directory]
    seen: set[tuple[int, int]] = set()
    while pending:
        current = pending.pop()
        entries = list_directory(current)
        if isinstance(entries, Unreadable):
            yield current, Root(current, ((),), ((current, entries.reason),))
            continue
        ignores = [ignore for ignore in ignores if _is_below(current, ignore.base)]
        if any(entry.name == GIT_IGNORE and is_regular(entry) for entry in entries):
            ignores.append(_Ignore(current))
        # Patterns are slow to match, so only what can matter is asked about.
        kept = [
            e
            for e in entries
            if _is_text(e.name)
            and (e.name.endswith(".wit") or e.name == MANIFEST or (e.name not in _PASSED_BY and is_directory(e)))
        ]
        if ignores:
            kept = [e for e in kept if not _is_ignored(ignores, e)]
        for entry in kept:
            if entry.name == MANIFEST and is_regular(entry):
                yield current, root_of_manifest(entry.path)
        has_wit = any(e.name.endswith(".wit") and is_regular(e) for e in kept)
        yield current, root_of_directory(current) if has_wit else None
        below = []
        for entry in kept:
            if (has_wit and entry.name == DEPS) or not is_directory(entry):
                continue
            try:
                status = entry.stat()
            except OSError:
                continue
            identity = (status.st_dev, status.st_ino)
            if entry.is_symlink() or (status.st_ino and identity in seen) or not _is_text(entry.name):
                continue
            seen.add(identity)
            below.append(entry.path)
        pending += reversed(below)


def _ignores_above(directory: str) -> list["_Ignore"]:
    """The `.gitignore` files above a directory, outermost first; none where it is in no repository."""
    found: list[_Ignore] = []
    current = directory
    while not os.path.exists(os.path.join(current, ".git")):
        above = os.path.dirname(current)
        if above == current:
            return []
        current = above
        if os.path.isfile(os.path.join(current, GIT_IGNORE)):
            found.append(_Ignore(current))
    return found[::-1]


def _is_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def _is_ignored(ignores: "list[_Ignore]", entry: os.DirEntry[str]) -> bool:
    """What the innermost file with a pattern for it says."""
    for ignore in reversed(ignores):
        verdict = ignore.verdict(entry.path, is_directory(entry))
        if verdict is not None:
            return verdict
    return False


class _Ignore:
    """The patterns of the `.gitignore` in the directory `base`."""

    def __init__(self, base: str) -> None:
        from pathspec import GitIgnoreSpec

        text = read_text(os.path.join(base, GIT_IGNORE))
        self.base = base
        try:
            self.spec = GitIgnoreSpec.from_lines(text.splitlines() if isinstance(text, str) else [])
        except ValueError:
            self.spec = GitIgnoreSpec.from_lines([])

    def verdict(self, path: str, directory: bool) -> bool | None:
        """Whether a path below is ignored; None where no pattern is about it."""
        relative = os.path.relpath(path, self.base).replace(os.sep, "/")
        return self.spec.check_file(relative + "/" if directory else relative).include


class NoSuchPath(Exception):
    """A path that is not there, or is no WIT; `reason` says why, in words for its user."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def find_roots(
    paths: Iterable[str],
    texts: Mapping[str, str] = _NO_TEXTS,
    missing: list[NoSuchPath] | None = None,
    manifests: bool = False,
) -> list[Root]:
    """The roots that some paths stand for, in the order given, each once.

    A directory with `.wit` files is a root; in any other directory, those beneath; a file stands for its package.
    `texts` are those of files that are not, or not so, on disk, by their absolute paths.
    A path that stands for none is added to `missing`; without that, one that is not there raises `NoSuchPath`.
    With `manifests`, those found beneath directories are roots, too, and a manifest stands for itself and its package.
    """
    found: dict[str, Root] = {}
    groups = set()
    for given in paths:
        try:
            those = _roots_of(given, os.path.abspath(given), texts, manifests)
        except NoSuchPath as wrong:
            if missing is None:
                raise
            missing.append(wrong)
            continue
        stands_for_one = False
        for root in those:
            stands_for_one = True
            known = found.get(root.path)
            # The only file of a directory is the same package as the directory; a file that exists as text only is
            # part of its directory, too.
            if root.groups not in groups if known is None else len(known.groups[0]) < len(root.groups[0]):
                found[root.path] = root
                if root.files:
                    groups.add(root.groups)
        if not stands_for_one and missing is not None:
            missing.append(NoSuchPath(given, "there are no `.wit` files in it"))
    return linked(found.values())


def linked(roots: Iterable[Root]) -> list[Root]:
    """The roots, those of plugins with the packages among them that their manifests depend on."""
    found = list(roots)
    if not any(is_manifest(root.path) for root in found):
        return found
    from dataflare_lsp.workspace.provided import with_siblings

    return with_siblings(found)


def _roots_of(given: str, path: str, texts: Mapping[str, str], manifests: bool) -> Iterable[Root]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if path not in texts:
            raise NoSuchPath(given, reason_of(error)) from None
        mode = stat.S_IFREG
    except ValueError:
        raise NoSuchPath(given, "its name is not one that files can have") from None
    if not stat.S_ISDIR(mode):
        if manifests and is_manifest(path) and stat.S_ISREG(mode):
            return (root_of_manifest(path), *_package_of(path))
        if not (path.endswith((".wit", *_ENCODED)) and stat.S_ISREG(mode)):
            raise NoSuchPath(given, "it is neither a directory nor a `.wit` file")
        return (root_of_file(path, texts=texts) if path.endswith(".wit") else Root(path, ((path,),)),)
    if wit_files(path)[0]:
        beside = os.path.join(path, MANIFEST)
        known = (root_of_manifest(beside),) if manifests and os.path.isfile(beside) else ()
        return (*known, root_of_directory(path))
    if manifests:
        return (root for _, root in walk(path) if root is not None)
    return roots_beneath(path)


def _package_of(manifest: str) -> tuple[Root, ...]:
    """The root of the WIT package that a manifest speaks of, where it is in the plugin and there."""
    from dataflare_lsp.workspace.provided import wit_of

    place = wit_of(manifest)
    if place is not None and os.path.isdir(place) and wit_files(place)[0]:
        return (root_of_directory(place),)
    return (root_of_file(place),) if place is not None and place.endswith(".wit") and os.path.isfile(place) else ()


def _is_text(name: str) -> bool:
    """Whether a name is Unicode; others are passed by, as in the reference."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
