"""Diagnostics of a file for the editor: what any of its roots finds wrong, each thing once.

Where the parts of a plugin do not agree is found in the background: a keystroke does not wait for it.
"""

from collections.abc import Iterator

from dataflare_lsp.text import Diagnostic
from dataflare_lsp.wit.diagnose import body_findings
from dataflare_lsp.workspace.roots import is_encoded
from dataflare_lsp.workspace.snapshot import Snapshot


def diagnostics(snapshot: Snapshot, file: str) -> tuple[Diagnostic, ...]:
    """What is wrong in a file, in order of place."""
    found = dict.fromkeys(one for root in snapshot.roots_of(file) for one in snapshot.judge(root, file))
    found.update(dict.fromkeys(snapshot.compared(file)))
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def judge(snapshot: Snapshot, file: str) -> Iterator[None]:
    """Judge a file one interface or world at a time, so that `diagnostics` has little left to do."""
    if is_encoded(file):
        return
    for root in snapshot.roots_of(file):
        for body in snapshot.source(file).bodies:
            body_findings(snapshot.db, root, body)
            yield
