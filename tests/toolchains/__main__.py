"""`python -m tests.toolchains`: build the plugins of languages in all variants. See README.md beside it."""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from toolchains.builds import BuildError, build, kept
from toolchains.tools import ToolMissingError, find, install
from toolchains.variants import LANGUAGES, variants_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Get the tools that are missing, build what is not built, and print what there is."""
    parser = argparse.ArgumentParser(prog="python -m tests.toolchains", description=__doc__)
    choices = (*LANGUAGES, "legacy", "wasi")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help=f"{', '.join(choices)}; all without one")
    given = parser.parse_args(arguments)
    unknown = [language for language in given.languages if language not in choices]
    if unknown:
        parser.error(f"there is no language {', '.join(unknown)}; the languages are {', '.join(choices)}")
    failed = False
    # One after the other, because two of them may want the same tool.
    ready = [language for language in given.languages or choices if _is_ready(language)]
    failed = len(ready) < len(given.languages or choices)
    with ThreadPoolExecutor(2) as threads:
        for said in threads.map(_all_of, ready):
            failed = failed or not said
    return int(failed)


def _is_ready(language: str) -> bool:
    """Whether the tools of a language are here, having got what can be got."""
    try:
        install(language)
        find(language)
    except (ToolMissingError, subprocess.CalledProcessError, OSError) as reason:
        print(f"{language}: {reason}", file=sys.stderr)
        return False
    return True


def _all_of(language: str) -> bool:
    """Whether all variants in a language are built now."""
    return all([_one(line) for line in _lines(language)])


def _lines(language: str) -> Iterator[str]:
    tools = find(language)
    for variant in variants_of(language):
        start = time.monotonic()
        try:
            built = kept(language, variant, tools)
            how = "kept" if built else ""
            built = built or build(language, variant, tools)
        except BuildError as reason:
            yield f"error: {reason}"
            continue
        how = how or f"{time.monotonic() - start:.1f} s"
        size = built.component.stat().st_size
        yield f"{language:10}  {variant.name:16}  {size / 1e6:7.2f} MB  {how:>7}  {built.component}"


def _one(line: str) -> bool:
    failed = line.startswith("error: ")
    print(line, file=sys.stderr if failed else sys.stdout, flush=True)
    return not failed


if __name__ == "__main__":
    sys.exit(main())
