"""Code actions: the mends of what is wrong under the cursor, and of all that can be mended safely."""

from typing import Literal, NamedTuple

from dataflare_lsp.features.diagnostics import diagnostics
from dataflare_lsp.text import Diagnostic, Span, TextEdit, safe_edits, with_newlines_of
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
                edits = with_newlines_of(text, fix.edits)
                actions.append(CodeAction(fix.title, "quickfix", edits, diagnostic, only and fix.safe))
    edits = with_newlines_of(text, safe_edits(found))
    if edits:
        actions.append(CodeAction("Fix everything in this file that is certain", "source.fixAll", edits))
    return tuple(actions)
