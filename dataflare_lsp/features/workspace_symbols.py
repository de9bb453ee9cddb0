"""Workspace symbols: definitions anywhere in the workspace, by a part of their names."""

import re
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import Final, NamedTuple

from dataflare_lsp.features.symbols import Symbol, SymbolKind, document_symbols
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.roots import is_manifest
from dataflare_lsp.workspace.snapshot import Snapshot

MOST: Final = 200
"""How many are found at most: nobody reads on."""
_FOUND: Final[frozenset[SymbolKind]] = frozenset(
    ("interface", "world", "type", "record", "variant", "enum", "flags", "resource", "function", "method")
)


class Found(NamedTuple):
    """A definition, the text that it is in, as that was then, and the name of what it is in."""

    source: Source
    symbol: Symbol
    container: str


def workspace_symbols(snapshot: Snapshot, query: str) -> Iterator[Found | None]:
    """The definitions whose names have the letters of a query in this order, the best first; in steps, each None.

    What is edited between two steps may be found as it was before.

    A name that begins with the query goes before one that has it somewhere, and that before one that has only its
    letters; then the shorter one.
    """
    wanted = "".join(query.lower().split())
    expression = re.compile(".*?".join(map(re.escape, wanted)))
    found: list[tuple[tuple[int, int, str, str], Found]] = []
    for file in snapshot.owners:
        source = snapshot.source(file)
        if is_manifest(file) or not _may_have(source.text, wanted):
            continue
        for one in _symbols(source, document_symbols(snapshot, file), ""):
            name = one.symbol.name.lower()
            if expression.search(name):
                rank = 0 if name.startswith(wanted) else 1 if wanted in name else 2
                found.append(((rank, len(name), name, file), one))
        yield None
    for _, one in nsmallest(MOST, found, key=lambda pair: pair[0]):
        yield one


def _may_have(text: str, wanted: str) -> bool:
    lower = text.lower()
    return all([sign in lower for sign in wanted])


def _symbols(source: Source, symbols: Sequence[Symbol], container: str) -> Iterator[Found]:
    for symbol in symbols:
        if symbol.kind in _FOUND:
            yield Found(source, symbol, container)
        yield from _symbols(source, symbol.children, symbol.name)
