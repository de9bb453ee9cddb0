"""Python source that is written for one type, and made into a function.

What a plan does for each field of a record is known when the plan is made. Written out as one function, it takes half
the time of functions that call each other.
"""

from collections.abc import Callable
from typing import Any

DEEP = 8
"""Levels of types that are written into one function. Python's compiler has limits, and deep values are rare."""


class Source:
    """The lines of a function, the names that it uses, and fresh names."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, object] = {}
        self._count = 0

    def fresh(self, letter: str) -> str:
        """A name that nothing else has."""
        self._count += 1
        return f"{letter}{self._count}"

    def constant(self, value: object) -> str:
        """A name for a value that the code uses."""
        name = self.fresh("C")
        self.names[name] = value
        return name

    def add(self, depth: int, *lines: str) -> None:
        """Lines, indented so many levels."""
        self.lines += [f"{'    ' * depth}{line}" for line in lines]

    def function(self, name: str, origin: str) -> Callable[..., Any]:
        """The function of this name that the lines define; `origin` is what tracebacks say of where it stands."""
        # Every line was written by this package; what a component says reaches it only as constants and as `repr`.
        exec(compile("\n".join(self.lines), f"<{origin}>", "exec"), self.names)
        made: Callable[..., Any] = self.names[name]  # type: ignore[assignment]
        return made
