"""Roots as they are found: in the folders that the editor has open, and around files opened outside of these.

A file is judged in the roots of the folders that it belongs to; where it belongs to none, in a root of its own, made of
what lies beside it. Folders are walked and files are read in the background; nothing is read but what lies in the
folders, and beside an open file.
"""

import os
import re
from collections.abc import Callable, Iterator

from dataflare_lsp.server.documents import Documents
from dataflare_lsp.workspace.links import leads_out
from dataflare_lsp.workspace.roots import DEPS, Root, is_manifest, linked, root_of_file, root_of_manifest, walk
from dataflare_lsp.workspace.uris import is_on_disk
from dataflare_lsp.workspace.workspace import Workspace


class Folders:
    """The folders and the roots found in them. `changed` is told of every root that came, went or changed."""

    def __init__(self, workspace: Workspace, documents: Documents, changed: Callable[[str], None]) -> None:
        self.paths: list[str] = []
        self.directories: tuple[str, ...] = ()
        """The directories that were looked into."""
        self._workspace = workspace
        self._documents = documents
        self._changed = changed
        self._found: dict[str, Root] = {}
        self._covered: set[str] = set()
        self._own: dict[str, Root] = {}
        """The roots of open files that belong to none of a folder, by file."""

    def has(self, file: str) -> bool:
        """Whether the root of an open file is there."""
        return file in self._covered or file in self._own

    def is_alone(self, file: str) -> bool:
        """Whether an open file belongs to no root of a folder."""
        return file in self._own

    def is_within(self, file: str) -> bool:
        """Whether a file lies in one of the folders; one that a link there leads to elsewhere does not."""
        return any(file.startswith(path.rstrip(os.sep) + os.sep) and not leads_out(path, file) for path in self.paths)

    def glob(self, file: str) -> str | None:
        """The pattern by which clients watch a file in one of the folders. Signs that mean something stand for any."""
        for path in self.paths:
            if file.startswith(path.rstrip(os.sep) + os.sep):
                return "**/" + re.sub(r"[][{}*?!\\]", "?", os.path.relpath(file, path).replace(os.sep, "/"))
        return None

    def scan(self, progress: Callable[[int, int], None]) -> Iterator[None]:
        """Find all roots and read them, in steps. `progress` is told how many of how many roots are read."""
        found: dict[str, Root] = {}
        directories = []
        for folder in tuple(self.paths):
            for directory, root in walk(folder):
                directories.append(directory)
                if root is not None and root.files:
                    found.setdefault(root.path, root)
                yield
        self.directories = tuple(directories)
        found = {root.path: root for root in linked(found.values())}
        news = [root for root in found.values() if self._found.get(root.path) != root]
        news.sort(key=lambda root: not any(file in self._documents for file in root.files))
        for number, root in enumerate(news):
            progress(number, len(news))
            yield from self._read(root)
            self._found[root.path] = root
            self._covered.update(root.files)
            self._judge(root)
            yield
        for path in self._found.keys() - found.keys():
            del self._found[path]
            self._drop(path)
        self._covered = {file for root in found.values() for file in root.files}
        yield
        for file in self._documents.files():
            if file in self._covered:
                self.close(file)
            else:
                yield from self.open(file)

    def open(self, file: str) -> Iterator[None]:
        """Make the root of an open file that is of no other, in steps; those of open files beside it may change too."""
        if not is_on_disk(file):
            self._take(file, Root(file, ((file,),)))
            return
        beside = os.path.dirname(file)
        siblings = [other for other in self._documents.files() if os.path.dirname(other) == beside]
        texts = {other: self._workspace.sources[other].text for other in siblings}
        for other in dict.fromkeys([file, *siblings]):
            if other in self._documents and other not in self._covered:
                root = root_of_manifest(other) if is_manifest(other) else root_of_file(other, texts=texts)
                yield from self._read(root)
                self._take(other, root)

    def _take(self, file: str, root: Root) -> None:
        """An open file belongs to a root that no folder has."""
        if file in self._documents and file not in self._covered:
            before = self._own.get(file)
            self._own[file] = root
            if before is not None and before.path != root.path:
                self._drop(before.path)
            self._judge(root)

    def close(self, file: str) -> None:
        """A file is closed, or turns out to be of a root in a folder."""
        root = self._own.pop(file, None)
        if root is not None:
            self._drop(root.path)

    def _read(self, root: Root) -> Iterator[None]:
        owned = {file for own in self._own.values() for file in own.files}
        for file in root.files:
            # What no root had until now may have changed on disk since it was last read.
            fresh = file in self._documents or file in self._covered or file in owned
            if not fresh or file not in self._workspace.sources:
                yield from self._workspace.reading(file)
                yield

    def _drop(self, path: str) -> None:
        """A root is no longer what one reason said; it goes if there is no other."""
        others = [root for root in self._own.values() if root.path == path]
        if path in self._found:
            others.append(self._found[path])
        if others:
            self._judge(others[0])
        elif path in self._workspace.roots:
            self._changed(path)
            self._workspace.remove_root(path)

    def _judge(self, root: Root) -> None:
        """Judge a root, with the files that are not on disk yet."""
        files = {file for own in self._own.values() if own.path == root.path for file in own.groups[0]}
        if root.path in self._found:
            files.update(self._found[root.path].groups[0])
        files.update(root.groups[0])
        whole = root._replace(groups=(tuple(sorted(files)), *root.groups[1:]))
        if self._workspace.roots.get(root.path) != whole:
            if root.path in self._workspace.roots:
                self._changed(root.path)
            self._workspace.add_root(whole)
            self._changed(root.path)

    def watched(self) -> tuple[str, ...]:
        """The files and directories whose change means something."""
        roots = self._workspace.roots
        files = [file for root in roots.values() for file in root.files if is_on_disk(file)]
        around = [os.path.dirname(file) for file in files]
        below = [os.path.join(path, DEPS) for path in roots if is_on_disk(path)]
        strays = [stray.path for root in roots.values() for stray in root.strays]
        return tuple(dict.fromkeys([*files, *self.directories, *around, *below, *strays]))
