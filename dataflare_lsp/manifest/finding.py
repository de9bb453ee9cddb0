"""What rules report: diagnostics with the severity of their code, and mends in a manifest's text."""

from typing import NamedTuple

from dataflare_lsp.manifest.codes import SEVERITIES
from dataflare_lsp.manifest.surroundings import Surroundings
from dataflare_lsp.manifest.toml import quoted
from dataflare_lsp.manifest.tree import Array, Document, Scalar, Table, Value
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit


class Context(NamedTuple):
    """What a rule may look at besides its value."""

    document: Document
    surroundings: Surroundings


def finding(
    code: str,
    message: str,
    span: Span,
    hint: str = "",
    notes: tuple[str, ...] = (),
    fixes: tuple[Fix, ...] = (),
    related: tuple[Related, ...] = (),
) -> Diagnostic:
    """A diagnostic of a code."""
    return Diagnostic(code, SEVERITIES[code], message, span, hint, notes, related, fixes)


def did_you_mean(near: tuple[str, ...] | list[str]) -> str:
    """A question after near misses; "" where there are none."""
    if not near:
        return ""
    shown = [f"`{one}`" for one in near[:3]]
    return f"did you mean {' or '.join([', '.join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)}?"


def replacing(span: Span, words: tuple[str, ...] | list[str], safe: bool = True) -> tuple[Fix, ...]:
    """Fixes that write one of some words as a string in place of a value; certain where there is only one."""
    return tuple([
        Fix(f"write `{word}`", (TextEdit(span, quoted(word)),), safe and len(words) == 1) for word in words[:3]
    ])  # fmt: skip


def inside(document: Document, value: Scalar, start: int, end: int) -> Span | None:
    """Where a part of a string stands in the text; None where the string is not written as it reads."""
    written = document.text[value.span.start : value.span.end]
    if written[1:-1] != value.value:
        return None
    return Span(value.span.start + 1 + start, value.span.start + 1 + end)


def insertion(document: Document, table: Table, line: str) -> TextEdit:
    """The edit that adds a line (a key and its value) to a table."""
    text = document.text
    if text.startswith("{", table.span.start) and table.span.end > table.span.start:
        inner = text[table.span.start + 1 : table.span.end - 1]
        if not inner.strip():
            return TextEdit(table.span, f"{{ {line} }}")
        place = table.span.start + 1 + len(inner.rstrip())
        return TextEdit(Span(place, place), f", {line}")
    last = None
    for number, statement in enumerate(document.statements):
        if statement.kind != "pair" and statement.span == table.span:
            last = statement
            for following in document.statements[number + 1 :]:
                if following.kind != "pair":
                    break
                last = following
    if last is None:
        # The table of the whole text, or one that only dotted keys make: its keys stand before all headers.
        start = 1 if text.startswith("\ufeff") else 0
        below = "\n" if text[start : start + 1] == "[" else ""
        return TextEdit(Span(start, start), f"{line}\n{below}")
    end = text.find("\n", last.span.end)
    end = len(text) if end < 0 else end - (text[end - 1] == "\r")
    return TextEdit(Span(end, end), f"\n{line}")


def without_item(document: Document, array: Array, number: int) -> TextEdit:
    """The edit that removes an item from an array, with the comma that goes with it."""
    item = array.items[number].span
    if number:
        return TextEdit(Span(array.items[number - 1].span.end, item.end), "")
    if len(array.items) > 1:
        return TextEdit(Span(item.start, array.items[1].span.start), "")
    end = document.text.find(",", item.end, array.span.end)
    return TextEdit(Span(item.start, end + 1 if end >= 0 else item.end), "")


def type_of(value: Value) -> str:
    """What a value is called, with its article."""
    match value:
        case Table():
            return "a table"
        case Array():
            return "an array"
        case Scalar(value=bool()):
            return f"`{str(value.value).lower()}`"
        case Scalar(value=str()):
            return "a string"
        case Scalar(value=int()):
            return "a whole number"
        case Scalar(value=float()):
            return "a number"
        case Scalar():
            return "a date or time"
    return "nothing"
