"""Document symbols: the outline of a file, as a tree."""

from typing import Literal, NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.snapshot import Snapshot

SymbolKind = Literal[
    "package", "interface", "world", "use", "alias", "record", "variant", "enum", "flags", "resource", "function",
    "method", "static", "constructor", "field", "case", "flag", "import", "export", "include",
]  # fmt: skip


class Symbol(NamedTuple):
    """A definition: `span` is all of it, `selection` its name, which lies in it."""

    name: str
    kind: SymbolKind
    span: Span
    selection: Span
    detail: str = ""
    deprecated: bool = False
    children: tuple["Symbol", ...] = ()


def document_symbols(snapshot: Snapshot, file: str) -> tuple[Symbol, ...]:
    """The packages, interfaces and worlds of a file, with what is in them."""
    return ()
