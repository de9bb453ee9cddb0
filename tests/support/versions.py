"""The one version of all that is released: it stands in `dataflare_lsp/__init__.py`, and here is where else it is written.

Run as a program, it writes that version into the other places; with a version as argument, into all.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = "dataflare_lsp/__init__.py"


class Place(NamedTuple):
    """A file (or several, by a pattern) and what stands around the version in it."""

    files: str
    before: str

    def found(self) -> list[tuple[Path, re.Match[str]]]:
        """Each file with the place of its version. Raises ValueError for a file that has none."""
        places = []
        for path in sorted(REPOSITORY.glob(self.files)):
            match = re.search(self.before + r"(\d+\.\d+\.\d+[\w.+-]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
            if match is None:
                raise ValueError(f"{path} has no version after `{self.before}`")
            places.append((path, match))
        return places


PLACES = (
    Place(SOURCE, r'^__version__ = "'),
    Place("editors/*/package.json", r'^  "version": "'),
    Place("editors/vscode/package-lock.json", r'\A\{\s+"name": "[^"]+",\s+"version": "'),
    Place("editors/vscode/package-lock.json", r'"": \{\s+"name": "[^"]+",\s+"version": "'),
    Place("editors/intellij/gradle.properties", r"^version="),
    Place("editors/emacs/*.el", r"^;; Version: "),
    Place("editors/zed/extension.toml", r'^version = "'),
    Place("editors/zed/Cargo.toml", r'^version = "'),
    Place("editors/zed/Cargo.lock", r'^name = "dataflare-zed"\nversion = "'),
    Place("grammars/tree-sitter-wit/package.json", r'^  "version": "'),
)


def versions() -> dict[str, str]:
    """The version in each place, by its file and its offset there."""
    return {
        f"{path.relative_to(REPOSITORY).as_posix()}:{match.start(1)}": match[1]
        for place in PLACES
        for path, match in place.found()
    }


def write(version: str) -> None:
    """Write a version into every place."""
    for place in PLACES:
        for path, match in place.found():
            text = path.read_text(encoding="utf-8")
            path.write_text(text[: match.start(1)] + version + text[match.end(1) :], encoding="utf-8", newline="")


if __name__ == "__main__":
    (source,) = PLACES[0].found()
    write(sys.argv[1] if len(sys.argv) > 1 else source[1][1])
