"""Building a variant of a plugin, and what was built, kept by what it was built from."""

import fnmatch
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from toolchains.tools import Tools, cache
from toolchains.variants import Edit, Variant

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).resolve().parents[2]

_PATTERNS = ("*.toml", "*.sh", "*.wit", "*.py", "*.js", "*.json", "*.c", "*.rs", "*.go", "go.mod")
"""What belongs to a plugin's source. Whatever else lies there, somebody's editor or a build left."""


class BuildError(Exception):
    """A plugin does not build; the message is what its tools said."""


class Built(NamedTuple):
    """A plugin that was built: the folder of its sources, and what came of them.

    `component` is what its manifest calls so; `module` the core module in it, for languages that make one first.
    """

    folder: Path
    component: Path
    module: Path


def kept(language: str, variant: Variant, tools: Tools) -> Built | None:
    """What was built from these sources with these tools, if it was."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(language, variant, Path(folder))
        place = _place(language, variant, tools, Path(folder))
    return _built(place) if place.exists() else None


def build(language: str, variant: Variant, tools: Tools) -> Built:
    """Build a plugin by the command of its manifest, and keep it. Raises BuildError."""
    home = cache() / "plugins"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".building-") as temporary:
        folder = Path(temporary) / "plugin"
        folder.mkdir()
        lay_out(language, variant, folder)
        place = _place(language, variant, tools, folder)
        command = tomllib.loads((folder / "dataflare.toml").read_text(encoding="utf-8"))["build"]["command"]
        run = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=tools.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if run.returncode != 0 or not _built(folder).component.exists():
            raise BuildError(f"{language} {variant.name}: `{command}` ended with {run.returncode}\n{run.stdout}")
        if place.exists():
            shutil.rmtree(place)
        folder.rename(place)
    return _built(place)


def lay_out(language: str, variant: Variant, folder: Path) -> None:
    """Write a variant's sources into an empty folder, `dataflare:core` among the dependencies of its WIT."""
    source = REPOSITORY / "tests" / "toolchains" / language
    core = REPOSITORY / variant.core
    files = {path.relative_to(source).as_posix(): path for path in source.rglob("*") if _is_source(path, source)}
    if variant.core:
        files |= {f"wit/deps/core/{path.name}": path for path in core.glob("*.wit")}
    texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    for edit in (*variant.edits, *variant.languages[language]):
        _apply(edit, texts)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _is_source(path: Path, source: Path) -> bool:
    parts = path.relative_to(source).parts
    return (
        path.is_file()
        and (len(parts) == 1 or parts[0] == "wit")
        and any(fnmatch.fnmatch(path.name, pattern) for pattern in _PATTERNS)
    )


def _apply(edit: Edit, texts: dict[str, str]) -> None:
    found = [name for name, text in texts.items() if fnmatch.fnmatch(name, edit.files) and edit.old in text]
    if not found:
        raise LookupError(f"{edit.old!r} is not in {edit.files}")
    for name in found:
        texts[name] = texts[name].replace(edit.old, edit.new)


def _place(language: str, variant: Variant, tools: Tools, folder: Path) -> Path:
    """Where a plugin is kept that is built with these tools from the sources in a folder."""
    digest = hashlib.sha256(tools.identity.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return cache() / "plugins" / f"{language}-{variant.name}-{digest.hexdigest()[:16]}"


def _built(folder: Path) -> Built:
    return Built(folder, folder / "plugin.wasm", folder / "core.wasm")
