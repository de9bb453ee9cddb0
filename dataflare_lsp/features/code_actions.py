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
    actions = []
    for diagnostic in found:
        if diagnostic.span.start <= span.end and span.start <= diagnostic.span.end:
            only = len(diagnostic.fixes) == 1
            actions += [
                CodeAction(fix.title, "quickfix", fix.edits, diagnostic, only and fix.safe) for fix in diagnostic.fixes
            ]
    edits = safe_edits(found)
    if edits:
        actions.append(CodeAction("Fix all safe problems in this file", "source.fixAll", edits))
    return tuple(dict.fromkeys(actions))


def safe_edits(found: Iterable[Diagnostic]) -> tuple[TextEdit, ...]:
    """The edits of all safe fixes that do not get in each other's way, of each diagnostic the first safe one."""
    edits: dict[TextEdit, None] = {}
    for diagnostic in found:
        fix = next((fix for fix in diagnostic.fixes if fix.safe), None)
        if fix is not None and not any(_clash(edit, taken) for edit in fix.edits for taken in edits):
            edits.update(dict.fromkeys(fix.edits))
    return tuple(sorted(edits))


def _clash(edit: TextEdit, taken: TextEdit) -> bool:
    """Whether two different edits touch the same text, or insert at the same place."""
    if edit == taken:
        return False
    return edit.span == taken.span or (edit.span.start < taken.span.end and taken.span.start < edit.span.end)
