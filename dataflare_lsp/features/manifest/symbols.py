"""Document symbols of a manifest: its tables, and the keys in them."""

from dataflare_lsp.features.manifest.place import keys_of
from dataflare_lsp.features.symbols import Symbol
from dataflare_lsp.manifest.tree import Document, Missing, Statement
from dataflare_lsp.text import Span

_SHOWN = 60


def document_symbols(document: Document) -> tuple[Symbol, ...]:
    """The tables as their headers have them, each with its keys; keys before the first header stand by themselves."""
    found: list[Symbol] = []
    for statement in document.statements:
        if not statement.keys:
            continue
        name = ".".join([key.name for key in statement.keys])
        if statement.kind != "pair":
            found.append(Symbol(name, "table", statement.span, keys_of(statement)))
            continue
        key = Symbol(name, "key", statement.span, keys_of(statement), _detail(document, statement))
        if found and found[-1].kind == "table":
            table = found[-1]
            span = Span(table.span.start, max(table.span.end, statement.span.end))
            found[-1] = table._replace(span=span, children=(*table.children, key))
        else:
            found.append(key)
    return tuple(found)


def _detail(document: Document, statement: Statement) -> str:
    """The value as it is written, on one line."""
    if statement.value is None or isinstance(statement.value, Missing):
        return ""
    written = " ".join(document.text[slice(*statement.value.span)].split())
    return written if len(written) <= _SHOWN else written[: _SHOWN - 1] + "…"
