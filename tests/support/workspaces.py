"""Small workspaces written as one text, with the cursor in it.

    //- deps/base/types.wit
    package corp:base@1.0.0;
    …
    //- app.wit
    interface api { get: func(key: i<CURSOR>d); }

A line `//- path` begins a file; text before the first is `app.wit`. Files in `deps` are dependencies, in groups as on
disk; the others are the root. `<CURSOR>` is taken out, and says where the cursor is; `<FROM>` and `<TO>` do the same for
a selection.
"""

import os
import re
from textwrap import dedent
from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.snapshot import Snapshot
from dataflare_lsp.workspace.workspace import Features, Workspace

ROOT = "/work"


class Scene(NamedTuple):
    """A workspace, and the place in a file that a test is about."""

    workspace: Workspace
    file: str
    offset: int
    span: Span

    @property
    def snapshot(self) -> Snapshot:
        return self.workspace.snapshot()

    @property
    def text(self) -> str:
        """The text of the file with the cursor."""
        return self.snapshot.source(self.file).text


def scene(written: str, features: Features = frozenset()) -> Scene:
    """The workspace that a text describes. Without a cursor, the place is the start of the last file."""
    files = {}
    name, lines = "app.wit", []
    for line in dedent(written).lstrip("\n").split("\n"):
        if line.startswith("//- "):
            if any(lines) or files:
                files[name] = "\n".join(lines)
            name, lines = line[4:].strip(), []
        else:
            lines.append(line)
    files[name] = "\n".join(lines).rstrip(" ")
    place = name, 0, Span(0, 0)
    for path, text in files.items():
        found = {}
        for mark in ("<FROM>", "<TO>", "<CURSOR>"):
            if mark in text:
                found[mark] = text.index(mark)
                text = text.replace(mark, "", 1)
        if found:
            at = found.get("<CURSOR>", 0)
            place = path, at, Span(found.get("<FROM>", at), found.get("<TO>", at))
        files[path] = text
    workspace = Workspace(features)
    for path, text in files.items():
        workspace.set_text(full(path), text)
    own = tuple(sorted(full(path) for path in files if not path.startswith("deps/")))
    groups: dict[str, list[str]] = {}
    for path in sorted(files):
        if path.startswith("deps/"):
            groups.setdefault(path.split("/")[1], []).append(full(path))
    workspace.add_root(Root(ROOT, (own, *map(tuple, groups.values()))))
    path, offset, span = place
    return Scene(workspace, full(path), offset, span)


def full(path: str) -> str:
    """The path of a scene's file in its workspace."""
    return os.path.join(ROOT, path)


def shown(scene: Scene, file: str, span: Span) -> str:
    """A place as `path:line: text of the line`, with the span in brackets."""
    source = scene.snapshot.source(file)
    line, column = source.lines.position(span.start)
    text = source.lines.line(line)
    end = column + span.end - span.start
    marked = f"{text[:column]}[{text[column:end]}]{text[end:]}"
    return f"{os.path.relpath(file, ROOT)}:{line + 1}: {re.sub(r'^ +', '', marked)}"
