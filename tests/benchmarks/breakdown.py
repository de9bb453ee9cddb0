"""Where the time of a keystroke goes: the parts measured one by one in this process, and the whole through the server.

`--profile` (run as `python -m tests.benchmarks.breakdown`) prints what `cProfile` says of parsing and analysis.
"""

import argparse
import cProfile
import gc
import json
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dataflare_lsp.server.client import client_of
from dataflare_lsp.server.reports import diagnostics_json
from dataflare_lsp.server.view import View
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.uris import uri_of
from dataflare_lsp.workspace.workspace import load

from .effort import Effort
from .figures import Entry, Figure, progress
from .session import PUSH, Session, Typist
from .workspaces import Workspace, write


def breakdown(
    folder: str, effort: Effort, lines: int = 20_000, edited: int | None = None, packages: int = 60
) -> Iterator[Entry]:
    """A field's type edited in a file of 1,000 and in one of 10,000 lines, part by part."""
    for size in (1_000, 10_000) if edited is None else (edited,):
        progress(f"where the time goes in a {size:,}-line file")
        workspace = write(os.path.join(folder, f"breakdown-{size}"), max(lines, size), packages, size)
        place = f"{size:,}-line file"
        with Session(workspace) as session:
            typist = Typist(session)
            whole, floor = [], []
            for _ in range(effort.keys):
                whole.append(session.type(typist.field_type()).ms)
                time.sleep(effort.pause)
                floor.append(session.ping().ms)
                time.sleep(0.01)
            yield Figure("profile", f"{place}: keystroke to diagnostics", tuple(whole))
            yield Figure(
                "profile", f"{place}: of that, a message there and back (one that the server refuses)", tuple(floor)
            )
            messages = [session.change(typist.field_type()) for _ in range(effort.keys)]
        parts = _parts(workspace, session.text, messages)
        for what, samples in parts.items():
            yield Figure("profile", f"{place}: of that, {what}", tuple(samples))
        known = sum(statistics.median(samples) for samples in (floor, *parts.values()))
        rest = statistics.median(whole) - known
        yield Figure("profile", f"{place}: the rest (the event loop; caches gone cold)", (rest,))


def _parts(workspace: Workspace, text: str, messages: list[bytes]) -> dict[str, list[float]]:
    """The same edits without a server around them; milliseconds each."""
    found = load(find_roots([workspace.folder]))
    root = workspace.folder
    found.open_text(workspace.edited, text)
    for file in found.roots[root].files:
        found.diagnostics(root, file)
    gc.collect()
    gc.freeze()
    view = View(found.snapshot(), client_of({"capabilities": PUSH}), uri_of)
    times: dict[str, list[float]] = {
        "reading the message": [],
        "parsing": [],
        "analysis": [],
        "writing the message": [],
    }
    for message in messages:
        at = [perf_counter()]
        change = json.loads(message.partition(b"\r\n\r\n")[2])["params"]["contentChanges"][0]
        at.append(perf_counter())
        lines = found.sources[workspace.edited].lines
        start, end = (
            lines.offset(lines.from_units(place["line"], place["character"], "utf-8"))
            for place in (change["range"]["start"], change["range"]["end"])
        )
        found.edit(workspace.edited, Span(start, end), change["text"])
        at.append(perf_counter())
        diagnostics = found.diagnostics(root, workspace.edited)
        at.append(perf_counter())
        diagnostics_json(view, workspace.edited, diagnostics)
        at.append(perf_counter())
        for samples, one, other in zip(times.values(), at, at[1:], strict=False):
            samples.append((other - one) * 1e3)
    gc.unfreeze()
    return times


def _profile(lines: int, edited: int, packages: int, keys: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dataflare-benchmark-") as folder:
        workspace = write(folder, lines, packages, edited)
        with Session(workspace) as session:
            typist = Typist(session)
            text = session.text
            messages = [session.change(typist.field_type()) for _ in range(keys)]
        profile = cProfile.Profile()
        profile.enable()
        _parts(workspace, text, messages[:1])
        profile.disable()
        profile.clear()
        profile.enable()
        _parts(workspace, text, messages)
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.breakdown", description=__doc__)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--edited", type=int, default=1_000)
    parser.add_argument("--packages", type=int, default=60)
    parser.add_argument("--keys", type=int, default=300)
    given = parser.parse_args()
    _profile(given.lines, given.edited, given.packages, given.keys)
