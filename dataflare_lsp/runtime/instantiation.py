"""Whether a valid component starts: it is linked and instantiated, with hosts that do nothing, and nothing is called.

A component may run code of its own when it starts. So this is done only where a user asked for it, in a process of its
own, under limits, with no authority: WASI denies everything, and what else is imported traps when it is called.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from dataflare_lsp.runtime.process import MAX_MESSAGE, Limits, Undecided, said_by

_RESERVED = 64 << 30
"""Bytes of addresses that the engine may reserve for linear memories, of which nearly all are never used."""


class Budget(NamedTuple):
    """What starting may take: bytes of each linear memory, and seconds."""

    memory: int = 256 << 20
    seconds: float = 10.0


DEFAULT_BUDGET = Budget()


class Started(NamedTuple):
    """It starts, in so many milliseconds, after which the process had so many bytes more (0 if nobody says)."""

    milliseconds: float
    bytes: int


class NotStarted(NamedTuple):
    """It does not. `link`: its imports do not fit together; `start`: it trapped, or a limit was hit.

    `reason` is the innermost one; `backtrace` the frames of WebAssembly, the innermost first.
    """

    step: Literal["link", "start"]
    reason: str
    backtrace: tuple[str, ...]


_UNLINKED = re.compile(r"component imports \w+ (`[^`]+`), but a matching implementation was not found")
_NUMBER = re.compile(r"^\d+: ")
_FRAME = re.compile(r"^\s*\d+:\s+0x[0-9a-f]+ - (.*)$", re.MULTILINE)


def instantiate(
    artefact: str, budget: Budget = DEFAULT_BUDGET, is_wanted: Callable[[], bool] = lambda: True
) -> Started | NotStarted | Undecided:
    """Start the component that was compiled to `artefact`, as `validate` gives it. Blocks."""
    # The engine interrupts what runs too long; the process is stopped where even that does not help.
    limits = Limits(seconds=budget.seconds + 5.0, memory=_RESERVED)
    arguments = (artefact, str(budget.memory), str(budget.seconds))
    said = said_by("instantiate", arguments, limits, is_wanted)
    match said:
        case Undecided() as undecided:
            return undecided
        case {"milliseconds": int() | float() as took, "bytes": int(size)}:
            return Started(float(took), size)
        case {"step": "link" | "start" as step, "error": str(error)}:
            unlinked = _UNLINKED.match(error)
            if unlinked is not None:
                causes = [_NUMBER.sub("", line.strip()) for line in error.partition("Caused by:")[2].splitlines()]
                reason = ": ".join([unlinked[1], *filter(None, causes)])[:MAX_MESSAGE]
                return NotStarted("link", reason, ())
            called = said.get("called")
            reason = (
                f"it calls the import `{called}` while it starts, and there is no host here"
                if isinstance(called, str)
                else _reason(error, budget)
            )
            return NotStarted(step, reason, tuple(_FRAME.findall(error))[:50])
        case {"error": str(error)}:
            return Undecided(f"the compiled component cannot be loaded: {_last(error)}")
    return Undecided("the process that starts it said nothing that could be understood")


def _reason(error: str, budget: Budget) -> str:
    if "wasm trap: interrupt" in error:
        return f"it took longer than {budget.seconds:g} s"
    if "exceeds memory limits" in error:
        return f"it wants more memory than the limit of {budget.memory:,} bytes: {_last(error)}"
    return _last(error)


def _last(error: str) -> str:
    """The innermost reason in an error of the engine."""
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    reasons = [line for line in lines if not _FRAME.match(line) and not line.startswith(("note:", "error while exec"))]
    return _NUMBER.sub("", reasons[-1])[:MAX_MESSAGE] if reasons else "no reason is given"
