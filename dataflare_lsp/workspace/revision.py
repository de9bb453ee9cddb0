"""WIT as it is in a revision of a git repository.

Git is asked only where its user asked for it, and only to say what a name stands for and what objects hold: nothing is
checked out, and nothing that the repository's own configuration names is run. Paths stay inside the revision.
"""

import os
import posixpath
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.workspace.disk import MAX_BYTES, reason_of
from dataflare_lsp.workspace.provided import dependency_paths, manifest_document
from dataflare_lsp.workspace.roots import DEPS, MANIFEST

_WIT = ".wit"
_ENCODED = (".wasm", ".wat")
_MOST_FILES = 10_000
_MOST_LINKS = 40
_PATIENCE = 60.0
"""Seconds for git to find a revision."""

_SAFE = (
    "--no-pager",
    # What a repository may name to be run, switched off.
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.sshCommand=false"),
    *("-c", "core.askPass=false"),
    *("-c", "protocol.allow=never"),
)
_SAFE_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # Objects that a partial clone lacks are not fetched: fetching runs what the repository says.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}


class NoRevision(Exception):
    """A revision or a path in it that cannot be read; the message is a sentence for the user."""


class _Entry(NamedTuple):
    """What a tree holds under a name."""

    name: str
    kind: str
    """`file`, `tree`, `link`, `module` (a repository of its own), or `other`."""
    oid: str


_KINDS = {"40000": "tree", "120000": "link", "160000": "module"}


def extract(revision: str, path: str, start: str, folder: str) -> str:
    """Put the WIT package at `path` in a revision below the empty `folder`; where it is there.

    `path` is relative to the directory `start`, in whose repository the revision is looked for. Of a package its
    `.wit` files are written, and its dependencies, with the manifest of the plugin that it is in; of a directory that
    is none, the packages beneath it. Raises `NoRevision`.
    """
    git = _Git(start)
    inside = git.path_inside(path)
    objects = _Objects(git, git.tree_of(revision))
    try:
        return _extract(objects, inside, folder, f"`{path}` in `{revision}`")
    finally:
        objects.close()


def identity(revision: str, start: str) -> str:
    """What is the same as long as a revision holds the same: the id of its tree. Raises `NoRevision`."""
    return _Git(start).tree_of(revision)


class _Git:
    """Git, asked about the repository that the directory `start` is in, with nothing of it trusted."""

    def __init__(self, start: str) -> None:
        self.start = start
        found = shutil.which("git")
        if found is None or not os.path.isabs(found):
            # One in the current directory is whoever's it is.
            raise NoRevision("there is no program `git` to read a revision with")
        self.program = found
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        for name in ("GIT_CONFIG_GLOBAL", "GIT_CEILING_DIRECTORIES"):
            if name in os.environ:
                kept[name] = os.environ[name]
        self.environment = {**kept, **_SAFE_ENVIRONMENT}

    def tree_of(self, revision: str) -> str:
        """The id of a revision's tree."""
        done = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
        if done.returncode != 0:
            reason = f"there is no revision `{revision}` in the repository of `{self.start}`"
            if self._ask("rev-parse", "--is-shallow-repository").stdout == b"true\n":
                reason += ", which is a shallow clone: fetch the rest by `git fetch --tags --unshallow`"
            raise NoRevision(reason)
        return done.stdout.decode("ascii", "replace").strip()

    def path_inside(self, path: str) -> list[str]:
        """The parts of a path from the top of the repository."""
        done = self._ask("rev-parse", "--show-prefix")
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").split("\n")[0]
            raise NoRevision(f"git finds no repository at `{self.start}`: {said}")
        # An absolute path is one below the directory where it says so.
        try:
            relative = os.path.relpath(path, self.start) if os.path.isabs(path) else path
        except ValueError:  # on another drive
            raise NoRevision(f"`{path}` is outside of the repository") from None
        prefix = os.fsdecode(done.stdout.rstrip(b"\n"))
        inside = posixpath.normpath(posixpath.join("/" + prefix, relative.replace(os.sep, "/")))
        outside = posixpath.normpath(posixpath.join(prefix, relative.replace(os.sep, "/")))
        if outside == ".." or outside.startswith("../"):
            raise NoRevision(f"`{path}` is outside of the repository")
        return [part for part in inside.split("/") if part]

    def _ask(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(
                [self.program, *_SAFE, *arguments],
                check=False,
                cwd=self.start,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
            )
        except OSError as error:
            raise NoRevision(f"cannot ask git about `{self.start}`: {reason_of(error)}") from None
        except subprocess.TimeoutExpired:
            raise NoRevision(f"git does not answer within {_PATIENCE:.0f} seconds") from None
        except ValueError:
            raise NoRevision("a revision or path cannot have such a name") from None

    def reader(self) -> "subprocess.Popen[bytes]":
        """A process that answers ids of objects with what they hold."""
        return subprocess.Popen(
            [self.program, *_SAFE, "cat-file", "--batch"],
            cwd=self.start,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


class _Objects:
    """The trees and files of a revision."""

    def __init__(self, git: _Git, root: str) -> None:
        self.root = root
        self._process = git.reader()
        self._left = 4 * MAX_BYTES
        self._trees: dict[str, dict[str, _Entry]] = {}

    def close(self) -> None:
        """End the process that reads."""
        self._process.kill()
        self._process.communicate()

    def read(self, oid: str) -> bytes:
        """What an object holds."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        try:
            asked.write(oid.encode("ascii") + b"\n")
            asked.flush()
            head = answers.readline().split()
            if len(head) != 3:
                raise NoRevision("the repository lacks an object of this revision, as partial clones do")
            size = int(head[2])
            if size > MAX_BYTES:
                raise NoRevision(f"a file of this revision is larger than {MAX_BYTES // 1024 // 1024} MiB")
            self._left -= size
            if self._left < 0:
                raise NoRevision(f"this revision holds more than {4 * MAX_BYTES // 1024 // 1024} MiB of WIT")
            return answers.read(size + 1)[:size]
        except OSError:
            raise NoRevision("git has stopped reading the revision") from None

    def entries(self, oid: str) -> dict[str, _Entry]:
        """What a tree holds, by name. Names that no file could have here are left out."""
        found = self._trees.get(oid)
        if found is None:
            found = self._trees[oid] = {one.name: one for one in _entries(self.read(oid), len(oid) // 2)}
        return found

    def find(self, parts: list[str]) -> tuple[list[str], _Entry] | None:
        """What is at a path, links followed as far as they stay inside: its path without links, and itself."""
        pending = list(reversed(parts))
        place: list[_Entry] = [_Entry("", "tree", self.root)]
        links = 0
        while pending:
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if len(place) == 1:
                    return None
                place.pop()
                continue
            if place[-1].kind != "tree":
                return None
            entry = self.entries(place[-1].oid).get(part)
            if entry is None:
                return None
            if entry.kind == "link":
                target = self.read(entry.oid).decode("utf-8", "surrogateescape")
                links += 1
                if links > _MOST_LINKS or target.startswith("/"):
                    return None
                pending += reversed(target.split("/"))
            else:
                place.append(entry)
        return [entry.name for entry in place[1:]], place[-1]

    def why_missing(self, parts: list[str]) -> str:
        """What is to be said of a path that is not there, after that."""
        for number in range(1, len(parts) + 1):
            found = self.find(parts[:number])
            if found is not None and found[1].kind == "module":
                return f": `{'/'.join(found[0])}` is a submodule; ask in it for a revision of its own"
        return "; if it was elsewhere then, name the path after the revision: `git:REV:PATH`"


def _entries(data: bytes, width: int) -> Iterator[_Entry]:
    """What a tree object says: for each entry mode, blank, name, NUL, and the id in `width` bytes."""
    at = 0
    while at < len(data):
        space, end = data.find(b" ", at), data.find(b"\0", at)
        after = end + 1 + width
        if not at < space < end or after > len(data):
            raise NoRevision("a directory of this revision is damaged")
        mode = data[at:space].decode("ascii", "replace")
        kind = _KINDS.get(mode) or ("file" if mode[:2] == "10" else "other")
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        if _is_a_name(name):
            yield _Entry(name, kind, data[end + 1 : after].hex())
        at = after


def _is_a_name(name: str) -> bool:
    """Whether a file may have this name without leaving its directory, on this system too."""
    if name in ("", ".", "..") or "/" in name or os.sep in name:
        return False
    return os.name != "nt" or not set(name) & set('<>:"\\|?*')


def _extract(objects: _Objects, parts: list[str], folder: str, what: str) -> str:
    found = objects.find(parts)
    if found is None or found[1].kind == "module":
        raise NoRevision(f"there is no {what}{objects.why_missing(parts)}")
    place, entry = found
    writer = _Writer(objects, folder)
    is_file = entry.kind == "file"
    if is_file and entry.name.endswith(_ENCODED):
        writer.file(place, entry)
    elif is_file and not entry.name.endswith(_WIT):
        raise NoRevision(f"{what} is neither a directory nor a `.wit` file")
    elif entry.kind not in ("file", "tree"):
        raise NoRevision(f"{what} is no directory and no file")
    else:
        directory = place[:-1] if is_file else place
        writer.package(directory)
        writer.manifest(directory)
        if directory[-1:] == [DEPS] or directory[-2:-1] == [DEPS]:
            # A package that lies among dependencies has the others as its own.
            writer.package(directory[: -1 if directory[-1] == DEPS else -2])
        if not is_file and not any(name.endswith(_WIT) for name in objects.entries(entry.oid)):
            writer.beneath(directory)
    target = os.path.join(folder, *place)
    if not os.path.exists(target):
        os.makedirs(target, exist_ok=True)
    return target


class _Writer:
    """Writes WIT out of a revision to the same places below `folder`."""

    def __init__(self, objects: _Objects, folder: str) -> None:
        self.objects = objects
        self.folder = folder
        self.written: set[tuple[str, ...]] = set()
        self._count = 0

    def package(self, directory: list[str]) -> None:
        """The `.wit` files of a directory, and what its `deps` hold."""
        self._wit_files(directory, directory)
        for entry, place in self._entries([*directory, DEPS]):
            target = [*directory, DEPS, entry.name]
            if entry.kind == "tree":
                os.makedirs(os.path.join(self.folder, *target), exist_ok=True)
                self._wit_files(place, target)
            elif entry.name.endswith((_WIT, *_ENCODED)):
                self.file(target, entry)

    def manifest(self, directory: list[str]) -> None:
        """The manifest of the plugin that a directory is in, and the packages that it gives by their paths."""
        for depth in range(len(directory), -1, -1):
            above = directory[:depth]
            for entry, _ in self._entries(above):
                if entry.name == MANIFEST and entry.kind == "file":
                    self.file([*above, MANIFEST], entry)
                    for place in dependency_paths(manifest_document(os.path.join(self.folder, *above, MANIFEST))):
                        self._given([*above, *place.split("/")])
                    return

    def _given(self, place: list[str]) -> None:
        """A package, as a directory or a file."""
        found = self.objects.find(place)
        if found is not None and found[1].kind == "tree":
            self._wit_files(found[0], place)
        elif found is not None and found[1].kind == "file" and place[-1].endswith((_WIT, *_ENCODED)):
            self.file(place, found[1])

    def _wit_files(self, source: list[str], target: list[str]) -> None:
        for entry, _ in self._entries(source):
            if entry.kind == "file" and entry.name.endswith(_WIT):
                self.file([*target, entry.name], entry)

    def beneath(self, directory: list[str]) -> None:
        """All packages below a directory. Links to directories are not followed."""
        pending = [directory]
        while pending:
            current = pending.pop()
            found = self.objects.find(current)
            assert found is not None
            entries = self.objects.entries(found[1].oid)
            is_package = any(name.endswith(_WIT) for name in entries)
            if is_package:
                self.package(current)
            for entry in entries.values():
                if entry.kind == "tree" and not (is_package and entry.name == DEPS):
                    pending.append([*current, entry.name])
                    self._one_more()

    def _entries(self, directory: list[str]) -> Iterator[tuple[_Entry, list[str]]]:
        """What a directory holds, links replaced by what they lead to, with the place of that."""
        found = self.objects.find(directory)
        if found is None or found[1].kind != "tree":
            return
        for entry in self.objects.entries(found[1].oid).values():
            place = [*found[0], entry.name]
            if entry.kind == "link":
                led = self.objects.find(place)
                if led is not None:
                    yield led[1]._replace(name=entry.name), led[0]
            else:
                yield entry, place

    def file(self, place: list[str], entry: _Entry) -> None:
        """Write one file."""
        if tuple(place) in self.written:
            return
        self.written.add(tuple(place))
        self._one_more()
        target = os.path.join(self.folder, *place)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            with open(target, "xb") as file:
                file.write(self.objects.read(entry.oid))
        except FileExistsError:
            raise NoRevision(f"`{'/'.join(place)}` and another file of the revision have one name here") from None

    def _one_more(self) -> None:
        self._count += 1
        if self._count > _MOST_FILES:
            raise NoRevision(f"there are more than {_MOST_FILES} files and directories to read; name a package")
