"""How much is measured: enough for percentiles, or only a first impression."""

from typing import NamedTuple


class Effort(NamedTuple):
    """Numbers of samples."""

    keys: int
    """Keystrokes and requests of each kind."""
    warm_up: int
    """Those before them that do not count."""
    runs: int
    """Starts of each command."""
    few: int
    """The same for what takes seconds."""
    pause: float
    """Seconds between keystrokes: those of a fast typist. The server goes on judging dependents meanwhile."""


FULL = Effort(240, 24, 25, 10, 0.05)
QUICK = Effort(36, 6, 5, 4, 0.05)
