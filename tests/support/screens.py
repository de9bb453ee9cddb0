"""Whole packages as one text, judged: what a user's editor would show under each line.

Files are introduced by `//- path` lines; without one, the text is a single file. What lies under `deps/` is a dependency,
one group for each folder or file there. Marks are those of `support.marks`.
"""

import re

from support.marks import Mark, marked, unindented, unmarked

from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace

_FILE = re.compile(r"^\s*//- (\S+)\n", re.MULTILINE)
ROOT = "/package"


def files_in(text: str) -> dict[str, str]:
    """The files of a text by path, each without the margin of its lines."""
    parts = _FILE.split(text)
    if len(parts) == 1:
        return {"package.wit": parts[0]}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def workspace(files: dict[str, str], features: frozenset[str] | None = frozenset()) -> Workspace:
    """A workspace of one root, held in memory."""
    space = Workspace(features)
    own = sorted(path for path in files if not path.startswith("deps/"))
    groups: dict[str, list[str]] = {}
    for path in sorted(files):
        if path.startswith("deps/"):
            groups.setdefault(path.split("/")[1], []).append(f"{ROOT}/{path}")
    for path, text in files.items():
        space.set_text(f"{ROOT}/{path}", text)
    space.add_root(Root(ROOT, (tuple(f"{ROOT}/{path}" for path in own), *map(tuple, groups.values()))))
    return space


def assert_judged(screen: str, features: frozenset[str] | None = frozenset()) -> None:
    """The diagnostics of the package in `screen` are exactly its marks."""
    expected = files_in(screen)
    sources = {path: unmarked(text) for path, text in expected.items()}
    space = workspace(sources, features)
    for path, text in expected.items():
        file = f"{ROOT}/{path}"
        found = [Mark(d.span, d.code, d.message, d.hint, d.severity) for d in space.diagnostics(ROOT, file)]
        assert marked(sources[path], found).rstrip() == unindented(text).rstrip()
