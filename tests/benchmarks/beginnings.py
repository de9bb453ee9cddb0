"""(e) the start of a server, beside the least that a pygls server can be, and (f) the memory of one that has loaded."""

import os
from collections.abc import Iterator, Sequence

from .effort import Effort
from .figures import Entry, Figure, Note, Target, median_ratio, progress
from .keystrokes import BARE
from .lsp_client import LspClient, uri_of
from .session import PUSH, Session, program
from .workspaces import write

_TEXT = "package bench:start;\n\ninterface api {\n  get: func() -> nothing;\n}\n"


def starts(folder: str, effort: Effort) -> Iterator[Entry]:
    """(e): from the start of the process to the answer to `initialize`, and on to the first diagnostics."""
    progress("server starts")
    file = os.path.join(folder, "start", "api.wit")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as out:
        out.write(_TEXT)
    mine: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for turn in range(effort.runs + 1):
        for command, times in (([*program(), "serve"], mine), (BARE, bare)):
            taken = _start(command, file)
            if turn:
                times.append(taken)
    for number, what, targets in (
        (0, "start to `initialize` answered", (Target("ratio", 1.1),)),
        (1, "start to a file's first diagnostics", ()),
    ):
        ours, its = [pair[number] for pair in mine], [pair[number] for pair in bare]
        ratio = median_ratio(ours, its)
        yield Figure("e", what, tuple(ours), targets=targets, beside="bare pygls server", ratio=ratio)
        yield Figure("e", f"bare pygls server, {what}", tuple(its))


def _start(command: Sequence[str], file: str) -> tuple[float, float]:
    """Milliseconds to the answer to `initialize`, and to the diagnostics of a file that is opened right after it."""
    with LspClient(command) as client:
        answered = client.initialize(os.path.dirname(file), PUSH).at - client.started
        client.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri_of(file), "languageId": "wit", "version": 1, "text": _TEXT}},
        )
        first = client.wait_for(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        return answered * 1e3, (first.at - client.started) * 1e3


def memory(
    folder: str, sizes: Sequence[tuple[int, int]] = ((20_000, 60), (200_000, 60)), edited: int = 1_000
) -> Iterator[Entry]:
    """(f): resident memory for 1,000 lines: of a server with a workspace, less that of one with next to nothing."""
    empty = write(os.path.join(folder, "empty"), 40, 1, 30)
    with Session(empty) as session:
        least = session.memory()
    if least is None:
        yield Note("f", "memory is read from /proc, which this system does not have.")
        return
    yield Figure("f", "server without a workspace", (least / 1e6,), unit="MB")
    for lines, packages in sizes:
        progress(f"memory of {lines:,} lines")
        workspace = write(os.path.join(folder, f"memory-{lines}"), lines, packages, edited)
        with Session(workspace) as session:
            used = session.memory()
        assert used is not None
        each = (used - least) / 1e3 / (workspace.lines / 1_000)
        yield Figure("f", f"for each 1,000 lines of {lines:,}", (each,), unit="KB")
