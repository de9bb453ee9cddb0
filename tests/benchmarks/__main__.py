"""The benchmark's command: `python -m tests.benchmarks`. See README.md beside it."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from .beginnings import memory, starts
from .breakdown import breakdown
from .calls import calls, records
from .commands import checks
from .components import components
from .debugging import debugging
from .effort import FULL, QUICK, Effort
from .figures import Entry, Figure, as_json, as_markdown, as_table, machine, merged
from .keystrokes import growth, keystrokes
from .loading import instances, loading
from .plugins import checking, edits
from .wasi import wasi

PARTS = ("a", "b", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "t", "w", "profile")
"""What can be run alone; (c) is measured in the sessions of (a)."""

BEGIN = "<!-- figures: begin -->\n"
END = "<!-- figures: end -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; all without one"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few samples and no large workspaces, for a first impression"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures as JSON")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="put the table into FILE, between its marks")
    given = parser.parse_args(arguments)
    unknown = [part for part in given.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    # Measuring takes long: what could keep the figures from being written is asked before.
    if given.json is not None and not given.json.resolve().parent.is_dir():
        parser.error(f"there is no directory {given.json.parent} to write {given.json.name} into")
    if given.markdown is not None:
        try:
            parted(given.markdown)
        except Unsuitable as unsuitable:
            parser.error(str(unsuitable))
    # Installed modules are compiled; so are these, at the first run.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    about = machine()
    print(", ".join(f"{name} {value}" for name, value in about.items()), file=sys.stderr)
    entries: list[Entry] = []
    with tempfile.TemporaryDirectory(prefix="dataflare-benchmark-") as folder:
        for part in given.parts or PARTS:
            entries += measure(part, folder, QUICK if given.quick else FULL)
    if hasattr(os, "getloadavg"):
        about["load after"] = f"{os.getloadavg()[0]:.1f}"
    entries.sort(key=lambda entry: entry.part)
    print(as_table(entries))
    if given.json is not None:
        given.json.write_text(as_json(entries, about), encoding="utf-8")
    if given.markdown is not None:
        _put(given.markdown, as_markdown(entries, about))
    missed = [entry for entry in entries if isinstance(entry, Figure) and entry.met() is False]
    print(f"\n{len(missed)} of {sum(bool(e.targets) for e in entries if isinstance(e, Figure))} targets missed")
    return 0


def measure(part: str, folder: str, effort: Effort) -> Iterator[Entry]:
    """The figures of one part."""
    quick = effort is QUICK
    match part:
        case "a":
            yield from keystrokes(folder, effort)
        case "b":
            sizes = ((2_000, 60), (20_000, 60), *(() if quick else ((200_000, 60), (200_000, 600))))
            yield from growth(folder, effort, sizes)
        case "d":
            yield from checks(folder, effort)
        case "e":
            yield from starts(folder, effort)
        case "f":
            yield from memory(folder, ((20_000, 60), *(() if quick else ((200_000, 60),))))
        case "g":
            yield from components(folder, effort)
        case "h":
            yield from edits(folder, effort)
        case "i":
            yield from checking(folder)
        case "j":
            yield from loading(folder, effort)
        case "k":
            yield from calls(effort, many=100_000 if quick else 1_000_000)
        case "l":
            yield from records(folder, effort)
        case "m":
            yield from instances(effort)
        case "t":
            yield from debugging(folder, effort)
        case "w":
            yield from wasi(folder, effort)
        case _:
            yield from breakdown(folder, effort)


class Unsuitable(Exception):
    """A document that no table can be put into; the message says why."""


def parted(document: Path) -> tuple[str, str, str]:
    """What stands before the place of the table in a document, there, and after it. Raises `Unsuitable`."""
    try:
        text = document.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unsuitable(f"cannot read {document}: {error}") from None
    before, begin, rest = text.partition(BEGIN)
    there, end, after = rest.partition(END)
    if not (begin and end):
        raise Unsuitable(f"{document} has no line {BEGIN.strip()} with {END.strip()} after it")
    return before, there, after


def _put(document: Path, table: str) -> None:
    """Put a table between the marks of a document. What it has of parts that were not measured now stays."""
    before, old, after = parted(document)
    document.write_text(f"{before}{BEGIN}\n{merged(old, table)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
