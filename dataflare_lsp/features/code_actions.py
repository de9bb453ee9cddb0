"""Code actions: the mends of what is wrong under the cursor, and of all that can be mended safely."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from dataflare_lsp.features.diagnostics import diagnostics
from dataflare_lsp.text import Diagnostic, Span, TextEdit
from dataflare_lsp.workspace.snapshot import Snapshot


class CodeAction(NamedTuple):
    """A change to the file. `preferred`: it is the one certain mend of `diagnostic`."""

    title: str
    kind: Literal["quickfix", "source.fixAll"]
    edits: tuple[TextEdit, ...]
    diagnostic: Diagnostic | None = None
    preferred: bool = False


def code_actions(snapshot: Snapshot, file: str, span: Span) -> tuple[CodeAction, ...]:
    """The mends of the diagnostics that touch `span`, then the one that mends all of the file at once."""
    found = diagnostics(snapshot, file)
    text = snapshot.source(file).text
    actions = []
    for diagnostic in found:
        if diagnostic.span.start <= span.end and span.start <= diagnostic.span.end:
            only = len(diagnostic.fixes) == 1
            for fix in diagnostic.fixes:
                edits = _with_newlines_of(text, fix.edits)
                actions.append(CodeAction(fix.title, "quickfix", edits, diagnostic, only and fix.safe))
    edits = _with_newlines_of(text, safe_edits(found))
    if edits:
        actions.append(CodeAction("Fix everything in this file that is certain", "source.fixAll", edits))
    return tuple(actions)


def safe_edits(found: Iterable[Diagnostic]) -> tuple[TextEdit, ...]:
    """The edits of the safe fixes, of each diagnostic the first. Of fixes that touch one place, the first counts."""
    edits: dict[TextEdit, None] = {}
    for diagnostic in found:
        fix = next((fix for fix in diagnostic.fixes if fix.safe), None)
        if fix is not None and not any(_clash(edit, taken) for edit in fix.edits for taken in edits):
            edits.update(dict.fromkeys(fix.edits))
    return tuple(sorted(edits))


def _clash(edit: TextEdit, taken: TextEdit) -> bool:
    """Whether two edits touch one place, and are not the same."""
    return edit != taken and edit.span.start <= taken.span.end and taken.span.start <= edit.span.end


def _with_newlines_of(text: str, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Edits whose line breaks are those of the text."""
    if "\r\n" not in text:
        return tuple(edits)
    return tuple(edit._replace(new=edit.new.replace("\r\n", "\n").replace("\n", "\r\n")) for edit in edits)
