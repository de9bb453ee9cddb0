"""The tools in Rust that the tests need: which version is pinned, and where it is.

Run as a program, it prints one line per tool: program, crate, version, and the arguments of `cargo install`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PINS = Path(__file__).parent.parent / "oracles.toml"


class Oracle(NamedTuple):
    """A tool as pinned in `oracles.toml`."""

    program: str
    crate: str
    version: str
    features: tuple[str, ...]
    """Those that it is built with, or none for its default ones."""
    path: str = ""
    """Where its source lies in this repository; otherwise it comes from the registry of crates."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What `cargo install` is told."""
        if self.path:
            return ("--locked", "--path", self.path)
        features = ("--no-default-features", "--features", ",".join(self.features)) if self.features else ()
        return ("--locked", *features, f"{self.crate}@{self.version}")


class OracleMissingError(Exception):
    """The tool is not on PATH in the pinned version; the message says which and how to get it."""


def pinned() -> dict[str, Oracle]:
    """All pinned tools by the name of their program."""
    tables = tomllib.loads(PINS.read_text(encoding="utf-8"))
    return {
        program: Oracle(
            program, pin.get("crate", program), pin["version"], tuple(pin.get("features", ())), pin.get("path", "")
        )
        for program, pin in tables.items()
    }


def locate(oracle: Oracle) -> Path:
    """The tool's path, having asked it for its version. Raises OracleMissingError."""
    install = f"install it with `cargo install {' '.join(oracle.arguments)}`"
    found = shutil.which(oracle.program)
    if found is None:
        raise OracleMissingError(f"{oracle.program} {oracle.version} is not on PATH; {install}")
    printed = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=60).stdout
    version = re.search(r"\d+\.\d+\.\d+\S*", printed)
    if version is None or version[0] != oracle.version:
        actual = version[0] if version else "of unknown version"
        raise OracleMissingError(f"{found} is {actual}, but the tests are pinned to {oracle.version}; {install}")
    return Path(found)


if __name__ == "__main__":
    for oracle in pinned().values():
        print(oracle.program, oracle.crate, oracle.version, *oracle.arguments)
