"""(a) keystroke to diagnostics, (b) while the workspace grows, (c) completion and hover."""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from .effort import Effort
from .figures import Entry, Figure, Note, Taken, Target, percentile, progress, timed
from .session import Edit, Session, Typist
from .workspaces import Workspace, write

_BURST = 12
"""Keystrokes in one workspace before it is another one's turn."""

BARE = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare_server.py")]


def keystrokes(
    folder: str, effort: Effort, lines: int = 20_000, large: int = 10_000, packages: int = 60
) -> Iterator[Entry]:
    """(a) and (c): a file of 1,000 lines in a workspace of 20,000, and one of 10,000 lines."""
    sizes = [(min(1_000, large), 5.0, "small"), (large, 10.0, "large")]
    for edited, limit, name in sizes:
        workspace = write(os.path.join(folder, f"keys-{name}"), max(lines, edited), packages, edited)
        place = f"{edited:,}-line file"
        with Session(workspace) as session, Session(workspace, BARE) as bare:
            typist = Typist(session)
            yield from _typed(typist, Typist(bare), place, limit, effort)
            yield from _asked(typist, place, effort)


def _typed(ours: Typist, echo: Typist, place: str, limit: float, effort: Effort) -> Iterator[Entry]:
    progress(f"keystrokes in a {place}")
    target = (Target("p95", limit),)
    variants: list[tuple[str, Callable[[Typist], Edit], tuple[Target, ...]]] = [
        ("a field's type, deleted and typed", Typist.field_type, target),
        ("a line break in the doc comment", Typist.doc_comment, target),
        ("the type's name: no user resolves", Typist.name, ()),
    ]
    echoes: list[Taken] = []
    for what, edit, targets in variants:
        mine: list[Taken] = []
        its: list[Taken] = []
        # Whole rounds of the states, so that the file is as it was when the next variant begins.
        turns = effort.warm_up + effort.keys
        for turn in range(turns + -turns % len(Typist.STATES)):
            taken = ours.session.type(edit(ours))
            time.sleep(effort.pause)
            echoed = echo.session.type(edit(echo))
            if turn >= effort.warm_up:
                mine.append(taken)
                its.append(echoed)
        ours.session.settle()
        yield timed("a", f"{place}: {what}", mine, targets, "bare pygls echo", its)
        echoes += its
    yield timed("a", f"{place}: bare pygls echo of all these edits", echoes)


def _asked(typist: Typist, place: str, effort: Effort) -> Iterator[Entry]:
    session = typist.session
    target = (Target("p95", 5.0),)
    for method, what in (("textDocument/completion", "completion"), ("textDocument/hover", "hover")):
        progress(f"{what} in a {place}")
        rest: list[Taken] = []
        typed: list[Taken] = []
        for turn in range(effort.warm_up + effort.keys):
            offset = session.text.index("with-it: common", len(session.text) // 2) + len("with-it: com")
            at_rest = session.ask(method, offset)
            time.sleep(effort.pause)
            # The place is asked about in the text after the edit.
            edit = typist.field_type()
            behind = session.type_and_ask(edit, method, offset + len(edit.new) - len(edit.old))
            time.sleep(effort.pause)
            if turn >= effort.warm_up:
                rest.append(at_rest)
                typed.append(behind)
        yield timed("c", f"{place}: {what} at rest", rest, target)
        yield timed("c", f"{place}: {what} sent with a keystroke", typed, target)
        session.settle()


def growth(
    folder: str,
    effort: Effort,
    sizes: Sequence[tuple[int, int]] = ((2_000, 60), (20_000, 60), (200_000, 60), (200_000, 600)),
    edited: int = 1_000,
) -> Iterator[Entry]:
    """(b): the same edit in workspaces of some lines and packages, in turn."""
    with ExitStack() as stack:
        typists: list[tuple[str, Typist]] = []
        for lines, packages in sizes:
            progress(f"opening a workspace of {lines:,} lines, {packages} packages")
            workspace: Workspace = write(os.path.join(folder, f"grow-{lines}-{packages}"), lines, packages, edited)
            session = stack.enter_context(Session(workspace))
            typists.append((f"workspace of {lines:,} lines in {packages} packages", Typist(session)))
        own: dict[str, list[Taken]] = {name: [] for name, _ in typists}
        progress("keystrokes in all of them")
        rounds = max(2, effort.keys // _BURST + 1)
        order = list(typists)
        shuffle = random.Random(3).shuffle
        for turn in range(rounds):
            shuffle(order)
            for name, typist in order:
                for _ in range(_BURST):
                    taken = typist.session.type(typist.field_type())
                    time.sleep(effort.pause)
                    if turn:
                        own[name].append(taken)
                typist.session.settle()
        smallest = own[typists[0][0]]
        for name, _ in typists:
            grown = name != typists[0][0]
            yield timed(
                "b",
                f"{name}: own diagnostics",
                own[name],
                (Target("ratio", 1.2),) if grown else (),
                typists[0][0] if grown else "",
                smallest if grown else (),
            )
        for name, typist in typists:
            progress(f"dependents in a {name}")
            own_times: list[float] = []
            times: list[float] = []
            for _ in range(effort.few):
                first, last = typist.session.type_for_all(typist.name())
                own_times.append(first)
                times.append(last)
                typist.session.settle()
            dependents = len(typist.session.workspace.dependents)
            yield Figure("b", f"{name}: all {dependents} dependents changed and published", tuple(times))
            yield Note("b", f"{name}: own diagnostics of that edit, {percentile(own_times, 50):.1f} ms at the median.")
