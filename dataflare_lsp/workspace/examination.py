"""What compiling a component shows, and what starting it does: found out in processes of their own, under limits."""

from collections.abc import Callable
from typing import NamedTuple

from dataflare_lsp.component.agreement import asynchronous
from dataflare_lsp.component.targets import Side
from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.instantiation import Budget, NotStarted, Started, instantiate
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Outcome, Valid, validate


class Examination(NamedTuple):
    """Whether a component is valid, and whether it starts, where that was tried."""

    outcome: Outcome
    start: Started | NotStarted | Undecided | None = None


def examine(
    path: str, side: Side, cache: Cache, budget: Budget | None = None, is_wanted: Callable[[], bool] = lambda: True
) -> Examination | None:
    """Validate the component in a file, whose world is `side`; with a `budget`, start it if it is valid.

    None where the file is gone. Blocks; `is_wanted` is asked meanwhile whether to go on.
    """
    try:
        outcome = validate(path, cache, is_wanted=is_wanted)
    except OSError:
        return None
    # The runtime calls plugins synchronously: it has no hosts for others.
    if budget is None or not isinstance(outcome, Valid) or outcome.artefact is None or asynchronous(side):
        return Examination(outcome)
    return Examination(outcome, instantiate(outcome.artefact, budget, is_wanted))
