"""Diagnostics, fixes and edits as data, the same for the command line, the server and the tests."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from dataflare_lsp.text.span import Span

Severity = Literal["error", "warning", "information", "hint"]


class TextEdit(NamedTuple):
    """Replace the text of `span` by `new`."""

    span: Span
    new: str


class Fix(NamedTuple):
    """One way to mend a diagnostic, in the diagnostic's own file.

    `safe` means that it does what the author certainly meant: only such fixes are applied by `check --fix`.
    """

    title: str
    edits: tuple[TextEdit, ...]
    safe: bool = True


class Related(NamedTuple):
    """Another place that a diagnostic speaks of."""

    file: str
    span: Span
    message: str


class Diagnostic(NamedTuple):
    """What is wrong, where, and what would be right.

    `message` is one sentence in the words of the file; `hint` stands beside the underlined text; `notes` stand below.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    hint: str = ""
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    tag: Literal["", "unnecessary", "deprecated"] = ""


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """`text` after `edits`, whose spans all refer to it as it was. An edit that overlaps an earlier one is left out."""
    pieces = []
    done = 0
    for span, new in sorted(set(edits)):
        if span.start < done:
            continue
        pieces.append(text[done : span.start])
        pieces.append(new)
        done = span.end
    pieces.append(text[done:])
    return "".join(pieces)
