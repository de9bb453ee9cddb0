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


def compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """As many of the fixes, from the start of the text on, as touch no place twice, each of them whole."""
    chosen = []
    taken: list[TextEdit] = []
    for fix in sorted(dict.fromkeys(fixes), key=lambda fix: fix.edits):
        if any(_touch(edit.span, other.span) for edit in fix.edits for other in taken):
            continue
        chosen.append(fix)
        taken += fix.edits
    return chosen


def safe_fixes(found: Iterable[Diagnostic]) -> list[Fix]:
    """The fixes that are certain, of each diagnostic the first, as many as touch no place twice."""
    firsts = [next((fix for fix in diagnostic.fixes if fix.safe), None) for diagnostic in found]
    return compatible([fix for fix in firsts if fix is not None])


def safe_edits(found: Iterable[Diagnostic]) -> list[TextEdit]:
    """The edits of `safe_fixes`, in order."""
    return sorted([edit for fix in safe_fixes(found) for edit in fix.edits])


def with_newlines_of(text: str, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Edits whose line breaks are those of the text."""
    if "\r\n" not in text:
        return tuple(edits)
    return tuple([edit._replace(new=edit.new.replace("\r\n", "\n").replace("\n", "\r\n")) for edit in edits])


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
