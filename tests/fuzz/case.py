"""A case: the files that something is tried on, and how to put them on disk."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from dataflare_lsp.text import Diagnostic
from dataflare_lsp.workspace.roots import NoSuchPath, Root, find_roots
from dataflare_lsp.workspace.workspace import Features, Workspace, load


class Case(NamedTuple):
    """Files by their paths from a folder. `chance` is all that a target may draw on besides them.

    Lone surrogates U+DC80 to U+DCFF in a text stand for bytes that are not UTF-8.
    """

    files: Mapping[str, str]
    features: Features = frozenset()
    chance: int = 0

    @property
    def is_alone(self) -> bool:
        """Whether the case is one file, which is then named by itself and not by its folder."""
        return len(self.files) == 1 and "/" not in next(iter(self.files))

    def with_text(self, path: str, text: str) -> "Case":
        """The case with another text for a file."""
        return self._replace(files={**self.files, path: text})

    def without(self, path: str) -> "Case":
        """The case without a file."""
        return self._replace(files={other: text for other, text in self.files.items() if other != path})

    @property
    def sources(self) -> list[str]:
        """The paths of the files that are WIT text."""
        return [path for path in self.files if path.endswith(".wit")]

    @property
    def texts(self) -> list[str]:
        """The paths of the files that people write."""
        return [path for path in self.files if path.endswith((".wit", ".toml"))]

    def write(self, folder: Path) -> Path:
        """Put the files into a folder, and give the path of the root."""
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8", "surrogateescape"))
        return folder / next(iter(self.files)) if self.is_alone else folder

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The path of the root, on disk for as long as the context lasts."""
        folder = Path(mkdtemp(prefix="fuzz-"))
        try:
            yield self.write(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def __str__(self) -> str:
        features = "all" if self.features is None else ", ".join(sorted(self.features)) or "none"
        shown = [f"# features: {features}; chance: {self.chance}"]
        for path, text in self.files.items():
            shown += [f"//- {path}", text if path in self.texts else f"({len(text)} bytes)"]
        return "\n".join(shown)


class Finding(NamedTuple):
    """Something that must not be. `kind` is what stays while the case is made smaller."""

    kind: str
    details: str


def loaded(path: Path, features: Features) -> tuple[Workspace, Root] | None:
    """The workspace of what lies at a path, and its root; None where there is no WIT."""
    try:
        roots = find_roots([str(path)])
    except NoSuchPath:
        return None
    return (load(roots, features), roots[0]) if roots else None


class Place(NamedTuple):
    """A diagnostic with the name of its file and its line, counted from 1.

    Lines end at line feeds only, as the reference counts them: for us, as for editors, a lone carriage return ends one too.
    """

    file: str
    line: int
    diagnostic: Diagnostic

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.diagnostic.code}: {self.diagnostic.message}"


def places(workspace: Workspace, root: Root, folder: Path) -> list[Place]:
    """All diagnostics of a root."""
    found = []
    for file in root.files:
        text = workspace.sources[file].text
        name = Path(file).relative_to(folder).as_posix()
        for diagnostic in workspace.diagnostics(root.path, file):
            found.append(Place(name, text.count("\n", 0, diagnostic.span.start) + 1, diagnostic))
    return found
