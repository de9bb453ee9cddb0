"""Plugins as one text: a manifest and what lies around it, all in memory.

Files are introduced by `#- path` lines; without one, the text is the manifest. `.wit` files in `wit/` are the plugin's
own package, those in `wit/deps/` its dependencies. Marks are those of `support.marks`.
"""

import re
from textwrap import dedent

from support.marks import Mark, marked, unindented, unmarked

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.surroundings import Origin, Package, PathKind, World
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.text import Diagnostic, Span

_FILE = re.compile(r"^\s*#- (\S+)\n", re.MULTILINE)
_PACKAGE = re.compile(r"package\s+([a-z0-9:-]+)(?:@([0-9.]+))?;")
_WORLD = re.compile(r"world\s+([a-z0-9-]+)\s*\{([^}]*)\}")
MANIFEST = "dataflare.toml"

CORE = """
    package dataflare:core@1.0.0;
    world dataflare-plugin { import logging; import metrics; import configuration; }
    world source-plugin { import logging; import metrics; import configuration; }
"""


class Around:
    """Surroundings held in memory, by path. A path in `links` leads out of the plugin."""

    def __init__(self, files: dict[str, str], links: frozenset[str] = frozenset()) -> None:
        self.files = files
        self.links = links

    def kind(self, path: str) -> PathKind:
        if path in self.links:
            return "outside"
        if path in self.files:
            return "file"
        inside = path == "." or any(file.startswith(path + "/") for file in self.files)
        return "directory" if inside else "missing"

    def text(self, path: str) -> str | None:
        return self.files.get(path)

    def listing(self, path: str) -> tuple[tuple[str, bool], ...]:
        start = "" if path == "." else path + "/"
        below = {file[len(start) :] for file in self.files if file.startswith(start)}
        return tuple(sorted({(name.split("/")[0], "/" in name) for name in below}))

    def packages(self) -> tuple[Package, ...]:
        found = [self._package(file, text) for file, text in sorted(self.files.items()) if file.endswith(".wit")]
        found.sort(key=lambda package: package.origin != "own")
        return (*found, _package("/core.wit", CORE, "shipped"))

    def package_at(self, path: str) -> tuple[Package, ...]:
        return tuple(
            _package(file, text, "path")
            for file, text in sorted(self.files.items())
            if file.endswith(".wit") and (file == path or file.startswith(path + "/"))
        )

    def _package(self, file: str, text: str) -> Package:
        return _package(file, text, "deps" if "/deps/" in file else "own")


def _package(file: str, text: str, origin: Origin) -> Package:
    header = _PACKAGE.search(text)
    assert header
    worlds = [
        World(found[1], file, Span(*found.span(1)), tuple(re.findall(r"import ([a-z-]+);", found[2])))
        for found in _WORLD.finditer(text)
    ]
    return Package(header[1], header[2] or "", file, Span(*header.span(1)), origin, tuple(worlds))


def files_in(text: str) -> dict[str, str]:
    """The files of a text by path, each without the margin of its lines."""
    parts = _FILE.split(text)
    if len(parts) == 1:
        return {MANIFEST: parts[0]}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def judged(screen: str, links: frozenset[str] = frozenset()) -> tuple[str, tuple[Diagnostic, ...]]:
    """The manifest of a plugin without its marks, and what is wrong with it."""
    files = {path: dedent(text) for path, text in files_in(screen).items()}
    text = unmarked(files_in(screen)[MANIFEST])
    files[MANIFEST] = text
    return text, check(parse(text), Around(files, links))


def assert_judged(screen: str, links: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    """The diagnostics of the manifest in `screen` are exactly its marks."""
    text, found = judged(screen, links)
    marks = [Mark(one.span, one.code, one.message, one.hint, one.severity) for one in found]
    assert marked(text, marks).rstrip() == unindented(files_in(screen)[MANIFEST]).rstrip()
    return found


def complete(text: str) -> str:
    """A manifest with the keys that each needs, and `text` after these."""
    return f'manifest-version = 1\n[plugin]\nname = "acme:json"\nversion = "1.0.0"\nkind = "processor"\n{dedent(text)}'


_OF_THE_SHAPE = {"missing-key", "unknown-key", "wrong-type", "invalid-value", "duplicate-value"}
"""The codes of what a JSON Schema can express, all but the port of an `invalid-value`."""


def of_the_shape(text: str) -> bool:
    """Whether the checks find all values of the right shape."""
    return not any(one.code in _OF_THE_SHAPE for one in check(parse(text)))
