"""Diagnostics of a file for the editor: what any of its roots finds wrong, each thing once."""

from dataflare_lsp.text import Diagnostic
from dataflare_lsp.workspace.snapshot import Snapshot


def diagnostics(snapshot: Snapshot, file: str) -> tuple[Diagnostic, ...]:
    """What is wrong in a file, in order of place."""
    found = dict.fromkeys(one for root in snapshot.roots_of(file) for one in snapshot.judge(root, file))
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))
