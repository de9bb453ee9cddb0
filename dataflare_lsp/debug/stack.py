"""The frames of a stop: the host's function, those of the guest, and the function that the plugin was entered by."""

from typing import Literal, NamedTuple, TypeAlias

from dataflare_lsp.debug.debuggee import Frame, Stop
from dataflare_lsp.features.functions import shown

Kind: TypeAlias = Literal["host", "guest", "entry", "idle"]


class Shown(NamedTuple):
    """A frame as it is shown: `function` is that of the component whose declaration is its source."""

    kind: Kind
    name: str
    function: str = ""
    file: str = ""
    line: int = 0


def concerned(stop: Stop) -> Shown:
    """The frame whose arguments and result are those of the stop."""
    if stop.moment in ("call", "answer"):
        return Shown("host", f"{shown(stop.function)} (host)", stop.function)
    return entry(stop)


def known(stop: Stop | None) -> tuple[Shown, ...]:
    """The frames down to those of the guest: what is known without asking it."""
    return () if stop is None or stop.moment == "trap" else (concerned(stop),)


def least(stop: Stop) -> int:
    """How many frames there are at least."""
    return 2 if stop.moment in ("call", "answer") else 1


def entry(stop: Stop) -> Shown:
    """The frame of the function that the plugin was entered by."""
    function = stop.entered or stop.function
    return Shown("entry", f"{shown(function)}, record {stop.entry}", function)


def all_of(stop: Stop | None, guest: tuple[Frame, ...]) -> tuple[Shown, ...]:
    """All frames, the innermost first."""
    frames = tuple([Shown("guest", one.name, "", one.file, one.line) for one in guest])
    if stop is None:
        return frames or (Shown("guest", "the plugin"),)
    if stop.moment in ("call", "answer"):
        return (concerned(stop), *frames, entry(stop))
    return (*frames, entry(stop)) if stop.moment == "trap" else (entry(stop),)
