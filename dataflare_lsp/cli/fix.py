"""`check --fix`: applies the fixes that are certain, round by round, until none is left."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dataflare_lsp.cli.files import replace_text
from dataflare_lsp.cli.results import Keep
from dataflare_lsp.text import Diagnostic, Fix, apply_edits, safe_fixes, with_newlines_of
from dataflare_lsp.workspace.roots import Root, is_encoded
from dataflare_lsp.workspace.workspace import Workspace

_MOST_ROUNDS = 100


def apply_fixes(workspace: Workspace, roots: Sequence[Root], keep: Keep) -> int:
    """Mend what `keep` takes in the roots' own files, and write these. Returns how many mistakes were mended.

    A fix may uncover the next mistake, and fixes that touch the same place wait for the next round. Dependencies stay
    as they are: they belong to others. So does a file in which there is no end to it. Raises `Failure` where a file
    cannot be written.
    """
    before: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    mended = 0
    applied: Counter[str] = Counter()
    for _ in range(_MOST_ROUNDS):
        changed = False
        for file, fixes in _certain(workspace, roots, keep).items():
            text = workspace.sources[file].text
            new = apply_edits(text, with_newlines_of(text, [edit for fix in fixes for edit in fix.edits]))
            if new == text or (file, new) in seen:
                continue
            seen.add((file, new))
            before.setdefault(file, text)
            workspace.set_text(file, new)
            mended += len(fixes)
            applied[file] += len(fixes)
            changed = True
        if not changed:
            break
    else:
        # Where there is always one more to apply, none of them mends anything.
        for file in _certain(workspace, roots, keep):
            if file in before:
                workspace.set_text(file, before.pop(file))
                mended -= applied.pop(file)
    for file, text in before.items():
        replace_text(file, text, workspace.sources[file].text)
    return mended


def _certain(workspace: Workspace, roots: Iterable[Root], keep: Keep) -> dict[str, list[Fix]]:
    """The safe fixes of each file that do not touch each other."""
    found: dict[str, dict[Diagnostic, None]] = {}
    for root in roots:
        for file in root.groups[0]:
            if not is_encoded(file):
                kept = [one for one in workspace.diagnostics(root.path, file) if keep.takes(one)]
                found.setdefault(file, {}).update(dict.fromkeys(kept))
    chosen = {file: safe_fixes(diagnostics) for file, diagnostics in found.items()}
    return {file: fixes for file, fixes in chosen.items() if fixes}
