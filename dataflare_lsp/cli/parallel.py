"""`check` on several cores: roots that share no file are judged in processes of their own.

A worker is a fresh interpreter on every system, so that nothing depends on what the parent has open. It takes a pickled
`Task` on its standard input and gives back a pickled `Judged`; where it fails, the parent does its work.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.cli.results import Keep, Results, RootResult, results_of
from dataflare_lsp.text import Lines
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Features, Workspace, load

if TYPE_CHECKING:
    import subprocess

WORTHWHILE = 600_000
"""The bytes of source that a process must have to judge, for it to be worth its start (about 25,000 lines)."""


class Task(NamedTuple):
    """Roots to judge."""

    roots: tuple[Root, ...]
    features: Features
    keep: Keep


class Judged(NamedTuple):
    """What was found in the roots of a task, in their order, and the texts that this speaks of."""

    roots: tuple[RootResult, ...]
    texts: dict[str, str]
    is_complete: bool


def check(roots: Sequence[Root], features: Features, keep: Keep) -> tuple[Results, bool]:
    """What is wrong in the roots, and whether all could be read. Uses as many processes as are worth it."""
    parts = partition(roots, _cores())
    workers = [_start(Task(part, features, keep)) for part in parts[1:]]
    judged = [_judge(Task(parts[0], features, keep))]
    for worker, part in zip(workers, parts[1:], strict=True):
        judged.append(_outcome(worker) or _judge(Task(part, features, keep)))
    by_path = {root.path: root for one in judged for root in one.roots}
    lines = {file: Lines(text) for one in judged for file, text in one.texts.items()}
    results = Results(tuple([by_path[root.path] for root in roots]), lines, os.getcwd())
    return results, all(one.is_complete for one in judged)


def partition(roots: Sequence[Root], most: int) -> list[tuple[Root, ...]]:
    """The roots in at most `most` parts of about the same size, none sharing a file with another."""
    sizes = {file: _size(file) for root in roots for file in root.files}
    groups = sorted(
        [
            (sum(sizes[file] for file in {file for root in group for file in root.files}), group)
            for group in _apart(roots)
        ],
        key=lambda sized: -sized[0],
    )
    count = max(1, min(most, len(groups), sum(sizes.values()) // WORTHWHILE))
    parts: list[list[Root]] = [[] for _ in range(count)]
    loads = [0] * count
    for size, group in groups:
        lightest = loads.index(min(loads))
        loads[lightest] += size
        parts[lightest] += group
    return [tuple(part) for part in parts if part]


def _apart(roots: Iterable[Root]) -> list[list[Root]]:
    """The roots in groups that share no file."""
    groups: dict[int, list[Root]] = {}
    owner: dict[str, int] = {}
    for number, root in enumerate(roots):
        mine = [root]
        for other in {owner[file] for file in root.files if file in owner}:
            mine += groups.pop(other)
        groups[number] = mine
        owner.update((file, number) for one in mine for file in one.files)
    return list(groups.values())


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size
    except OSError:
        return 0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(task: Task) -> "subprocess.Popen[bytes] | None":
    import pickle
    import subprocess

    # The path is replaced before anything is imported: the current directory may hold anything.
    code = f"import sys; sys.path[:] = {sys.path!r}; from dataflare_lsp.cli.parallel import work; work()"
    try:
        worker = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert worker.stdin is not None
        worker.stdin.write(pickle.dumps(task))
        worker.stdin.close()
    except OSError:
        return None
    return worker


def work() -> None:
    """Judge the task on standard input; the whole life of a worker."""
    import gc
    import pickle

    gc.disable()
    try:
        task: Task = pickle.loads(sys.stdin.buffer.read())
        sys.stdout.buffer.write(pickle.dumps(_judge(task)))
        sys.stdout.flush()
        code = 0
    except KeyboardInterrupt:
        code = 130
    os._exit(code)


def _judge(task: Task) -> Judged:
    workspace: Workspace = load(task.roots, task.features)
    results = results_of(workspace, task.roots, task.keep)
    texts = {file: lines.text for file, lines in results.lines.items()}
    return Judged(results.roots, texts, not workspace.unreadable)


def _outcome(worker: "subprocess.Popen[bytes] | None") -> Judged | None:
    """What a worker found; None where it could not be started, or failed."""
    if worker is None:
        return None
    assert worker.stdout is not None
    data = worker.stdout.read()
    if worker.wait() != 0:
        return None
    import pickle

    try:
        judged: Judged = pickle.loads(data)
    except (EOFError, pickle.UnpicklingError):
        return None
    return judged
