"""A root package with its dependencies as files: written as one text, parsed, put on disk, shown to the reference.

    //- deps/base/types.wit
    package corp:base@1.0.0;
    …
    //- app.wit
    package corp:app;

A line `//- path` begins a file; text before the first is `app.wit`. Files in `deps` are dependencies.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import NamedTuple

from dataflare_lsp.wit.source import Source


class ReferenceRefusesError(Exception):
    """The reference finds an error in the program; the message is the reference's."""


class Program(NamedTuple):
    """The files of a root package, by their paths from its folder: its own and those under `deps/`."""

    files: dict[str, str]

    @staticmethod
    def read(root: Path) -> "Program":
        """What is on disk: a file, or a folder with its `deps`. WebAssembly among them is passed over."""
        if root.is_file():
            return Program({root.name: root.read_bytes().decode()})
        found = [*root.glob("*.wit"), *root.glob("deps/*.wit"), *root.glob("deps/*/*.wit")]
        return Program({file.relative_to(root).as_posix(): file.read_bytes().decode() for file in sorted(found)})

    def write(self, folder: Path) -> None:
        """Put the files into an empty `folder`."""
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())

    def groups(self) -> list[list[Source]]:
        """The files, parsed: those of the root first, then those of each dependency."""
        groups: dict[str, list[Source]] = {}
        for path in sorted(self.files):
            parts = path.split("/")
            groups.setdefault(parts[1] if len(parts) > 1 else "", []).append(Source.parse(path, self.files[path]))
        return [groups[name] for name in sorted(groups)]

    def seen_by(self, reference: Path, features: frozenset[str] | None, *options: str) -> str:
        """What `wasm-tools component wit` prints for it; `features` None: all. Raises ReferenceRefusesError."""
        with TemporaryDirectory() as folder:
            self.write(Path(folder))
            return seen_by(reference, Path(folder), features, *options)

    def __repr__(self) -> str:
        return "\n".join(f"//- {path}\n{text}" for path, text in self.files.items())


def program(written: str) -> Program:
    """The files that a text describes."""
    files: dict[str, str] = {}
    path, lines = "app.wit", list[str]()
    for line in [*dedent(written).strip("\n").split("\n"), "//- "]:
        if line.startswith("//- "):
            if any(lines):
                files[path] = "\n".join(lines) + "\n"
            path, lines = line[4:].strip(), []
        else:
            lines.append(line)
    return Program(files)


def seen_by(reference: Path, root: Path, features: frozenset[str] | None, *options: str) -> str:
    """What `wasm-tools component wit` prints for a file or folder. Raises ReferenceRefusesError."""
    wanted = ["--all-features"] if features is None else [f"--features={feature}" for feature in sorted(features)]
    command = [str(reference), "component", "wit", str(root), *wanted, *options]
    done = subprocess.run(command, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise ReferenceRefusesError(done.stderr.decode(errors="replace"))
    return done.stdout.decode()
