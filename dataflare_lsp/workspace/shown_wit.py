"""The WIT of a binary by itself: a component, a core module that carries WIT, or an encoded package."""

from typing import NamedTuple

from dataflare_lsp.workspace.disk import Unreadable
from dataflare_lsp.workspace.workspace import Recovered, Undecodable, read_wit


class ShownWit(NamedTuple):
    """The WIT of a file, or None, and why there is none."""

    text: str | None
    message: str = ""


def shown_wit(path: str) -> ShownWit:
    """The WIT of the `.wasm` or `.wat` file at a path, as a workspace reads it of a dependency."""
    match read_wit(path, alone=True):
        case Recovered(text=text):
            return ShownWit(text)
        case Undecodable(message=message):
            return ShownWit(None, message)
        case Unreadable(reason):
            return ShownWit(None, f"cannot read this file: {reason}")
    return ShownWit(None, "this is not WebAssembly")
