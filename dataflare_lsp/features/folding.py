"""Folding: the pieces of a file that can be hidden but for their first line."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from dataflare_lsp.features.symbols import Symbol, document_symbols
from dataflare_lsp.text import Lines
from dataflare_lsp.workspace.snapshot import Snapshot

FoldKind = Literal["", "comment", "imports"]


class Fold(NamedTuple):
    """Lines, from 0: the first stays to be seen, and all up to the last can be hidden."""

    first: int
    last: int
    kind: FoldKind = ""


_COMMENT_SIGN = re.compile(r"/\*|\*/")
_USE = re.compile(r"\s*use\b")


def folds(snapshot: Snapshot, file: str) -> tuple[Fold, ...]:
    """What can be hidden in a file: items with parts, comments of several lines, and `use`s that stand together.

    The line of a closing brace stays to be seen.
    """
    lines = snapshot.source(file).lines
    found = [*_items(lines, document_symbols(snapshot, file)), *_runs(lines)]
    return tuple(sorted({(fold.first, fold.last): fold for fold in reversed(found)}.values()))


def _items(lines: Lines, symbols: Sequence[Symbol]) -> Iterator[Fold]:
    for symbol in symbols:
        first = lines.position(symbol.selection.start).line
        last = lines.position(symbol.span.end).line
        if lines.line(last).strip().startswith("}"):
            last -= 1
        # A header stands for all that follows it in the file: there is nothing that could hide it.
        if last > first and symbol.kind != "package":
            yield Fold(first, last)
        yield from _items(lines, symbol.children)


def _runs(lines: Lines) -> Iterator[Fold]:
    """Comments, and lines that begin with `use`, where there are several of them."""
    begun, kind, depth = 0, "", 0
    for number in range(len(lines) + 1):
        text = lines.line(number).strip() if number < len(lines) else ""
        what: FoldKind = "comment" if depth or text.startswith(("//", "/*")) else "imports" if _USE.match(text) else ""
        if not depth and what != kind:
            if kind and number - 1 > begun:
                yield Fold(begun, number - 1, "comment" if kind == "comment" else "imports")
            begun, kind = number, what
        if what == "comment" and (depth or text.startswith("/*")):
            for sign in _COMMENT_SIGN.findall(text):
                depth = max(0, depth + (1 if sign == "/*" else -1))
