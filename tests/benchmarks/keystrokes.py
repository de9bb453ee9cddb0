"""(a) keystroke to diagnostics, (b) while the workspace grows, (c) completion and hover."""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from .figures import Entry, Figure, Note, Target, median_ratio, percentile, progress
from .session import Edit, Session, Typist
from .workspaces import Workspace, write

PAUSE = 0.05
"""Seconds between keystrokes: a very fast typist. The server goes on judging dependents meanwhile."""

BARE = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare_server.py")]


def keystrokes(folder: str, keys: int, lines: int = 20_000, large: int = 10_000, packages: int = 60) -> Iterator[Entry]:
    """(a) and (c): a file of 1,000 lines in a workspace of 20,000, and one of 10,000 lines."""
    sizes = [(min(1_000, large), 5.0, "small"), (large, 10.0, "large")]
    for edited, limit, name in sizes:
        workspace = write(os.path.join(folder, f"keys-{name}"), max(lines, edited), packages, edited)
        place = f"{edited:,}-line file"
        with Session(workspace) as session, Session(workspace, BARE) as bare:
            yield from _typed(session, bare, place, limit, keys)
            yield from _asked(session, place, keys)


def _typed(session: Session, bare: Session, place: str, limit: float, keys: int) -> Iterator[Entry]:
    progress(f"keystrokes in a {place}")
    ours, echo = Typist(session), Typist(bare)
    target = (Target("p95", limit),)
    variants: list[tuple[str, Callable[[Typist], Edit], tuple[Target, ...]]] = [
        ("a field's type, deleted and typed", Typist.field_type, target),
        ("a line break in the doc comment", Typist.doc_comment, target),
        ("the type's name: no user resolves", Typist.name, ()),
    ]
    for what, edit, targets in variants:
        mine: list[float] = []
        its: list[float] = []
        for turn in range(_warm_up(keys) + keys):
            taken = session.type(edit(ours))
            time.sleep(PAUSE)
            echoed = bare.type(edit(echo))
            if turn >= _warm_up(keys):
                mine.append(taken * 1e3)
                its.append(echoed * 1e3)
        session.settle()
        yield Figure(
            "a",
            f"{place}: {what}",
            tuple(mine),
            targets=targets,
            beside="bare pygls echo",
            ratio=median_ratio(mine, its),
        )


def _asked(session: Session, place: str, keys: int) -> Iterator[Entry]:
    typist = Typist(session)
    target = (Target("p95", 5.0),)
    for method, what in (("textDocument/completion", "completion"), ("textDocument/hover", "hover")):
        progress(f"{what} in a {place}")
        rest: list[float] = []
        typed: list[float] = []
        for turn in range(_warm_up(keys) + keys):
            offset = session.text.index("with-it: common", len(session.text) // 2) + len("with-it: com")
            at_rest = session.ask(method, offset)
            time.sleep(PAUSE)
            # The place is asked about in the text after the edit.
            edit = typist.field_type()
            behind = session.type_and_ask(edit, method, offset + len(edit.new) - len(edit.old))
            time.sleep(PAUSE)
            if turn >= _warm_up(keys):
                rest.append(at_rest * 1e3)
                typed.append(behind * 1e3)
        yield Figure("c", f"{place}: {what} at rest", tuple(rest), targets=target)
        yield Figure("c", f"{place}: {what} sent with a keystroke", tuple(typed), targets=target)
        session.settle()


def growth(
    folder: str,
    keys: int,
    sizes: Sequence[tuple[int, int]] = ((2_000, 60), (20_000, 60), (200_000, 60), (200_000, 600)),
    edited: int = 1_000,
) -> Iterator[Entry]:
    """(b): the same edit in workspaces of some lines and packages, in turn."""
    with ExitStack() as stack:
        typists: list[tuple[str, Session, Typist]] = []
        for lines, packages in sizes:
            progress(f"opening a workspace of {lines:,} lines, {packages} packages")
            workspace: Workspace = write(os.path.join(folder, f"grow-{lines}-{packages}"), lines, packages, edited)
            session = stack.enter_context(Session(workspace))
            typists.append((f"workspace of {lines:,} lines in {packages} packages", session, Typist(session)))
        own: dict[str, list[float]] = {name: [] for name, _, _ in typists}
        progress("keystrokes in all of them")
        rounds, burst = max(2, keys // 12), 12
        order = list(typists)
        shuffle = random.Random(3).shuffle
        for turn in range(rounds):
            shuffle(order)
            for name, session, typist in order:
                for _ in range(burst):
                    taken = session.type(typist.field_type())
                    time.sleep(PAUSE)
                    if turn:
                        own[name].append(taken * 1e3)
                session.settle()
        smallest = own[typists[0][0]]
        for name, _, _ in typists:
            grown = name != typists[0][0]
            yield Figure(
                "b",
                f"{name}: own diagnostics",
                tuple(own[name]),
                targets=(Target("ratio", 1.2),) if grown else (),
                beside=typists[0][0] if grown else "",
                ratio=median_ratio(own[name], smallest) if grown else None,
            )
        for name, session, typist in typists:
            progress(f"dependents in a {name}")
            own_times: list[float] = []
            times: list[float] = []
            for _ in range(4 if keys < 60 else 10):
                first, last = session.type_for_all(typist.name())
                own_times.append(first * 1e3)
                times.append(last * 1e3)
                session.settle()
            dependents = len(session.workspace.dependents)
            yield Figure("b", f"{name}: all {dependents} dependents changed and published", tuple(times))
            yield Note("b", f"{name}: own diagnostics of that edit, {percentile(own_times, 50):.1f} ms at the median.")


def _warm_up(keys: int) -> int:
    return max(6, keys // 10)
