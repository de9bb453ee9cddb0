"""`check --fix`: applies the fixes that are certain, round by round, until none is left."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dataflare_lsp.cli.files import replace_text
from dataflare_lsp.cli.results import Keep
from dataflare_lsp.text import Fix, Span, TextEdit, apply_edits
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
            chosen = compatible(fixes)
            new = apply_edits(text, [_with_newlines(text, edit) for fix in chosen for edit in fix.edits])
            if new == text or (file, new) in seen:
                continue
            seen.add((file, new))
            before.setdefault(file, text)
            workspace.set_text(file, new)
            mended += len(chosen)
            applied[file] += len(chosen)
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
    """The safe fixes of each file, without those that several roots propose."""
    found: dict[str, dict[Fix, None]] = {}
    for root in roots:
        for file in root.groups[0]:
            if is_encoded(file):
                continue
            for diagnostic in workspace.diagnostics(root.path, file):
                fix = next((fix for fix in diagnostic.fixes if fix.safe), None)
                if fix is not None and keep.takes(diagnostic):
                    found.setdefault(file, {})[fix] = None
    return {file: list(fixes) for file, fixes in found.items()}


def compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """As many of the fixes, from the start of the text on, as touch no place twice."""
    chosen = []
    taken: list[TextEdit] = []
    for fix in sorted(fixes, key=lambda fix: fix.edits):
        if any(_touch(edit.span, other.span) for edit in fix.edits for other in taken):
            continue
        chosen.append(fix)
        taken += fix.edits
    return chosen


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _with_newlines(text: str, edit: TextEdit) -> TextEdit:
    """An edit whose line breaks are those of the text."""
    return edit._replace(new=edit.new.replace("\n", "\r\n")) if "\r\n" in text and "\r" not in edit.new else edit
