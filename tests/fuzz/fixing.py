"""Every fix mends its diagnostic and breaks no syntax; applying all that are safe comes to an end."""

from pathlib import Path
from random import Random

from dataflare_lsp.cli.fix import apply_fixes
from dataflare_lsp.cli.results import EVERYTHING
from dataflare_lsp.text import Diagnostic, Fix, apply_edits
from dataflare_lsp.workspace.workspace import Workspace
from fuzz.case import Case, Finding, loaded
from fuzz.mutation import mutated
from fuzz.robustness import in_memory
from fuzz.seeds import seed


def make(chance: Random) -> Case:
    return mutated(seed(chance), chance)


def judge(case: Case) -> Finding | None:
    workspace, root = in_memory(case)
    for path in root.files:
        before = workspace.diagnostics("/", path)
        text = workspace.sources[path].text
        for diagnostic in before:
            for fix in diagnostic.fixes:
                mended = apply_edits(text, fix.edits)
                problem = _compare(case, path, diagnostic, before, mended, fix)
                if problem is not None:
                    details = f"{path}: {diagnostic}\nfix: {fix}\n{problem.details}\n--- becomes\n{mended[:2000]}"
                    return Finding(f"{problem.kind}: {diagnostic.code}", details)
    return _all_at_once(case)


def _compare(
    case: Case, path: str, diagnostic: Diagnostic, before: tuple[Diagnostic, ...], mended: str, fix: Fix
) -> Finding | None:
    errors = len([one for one in before if one.code in _SYNTAX])
    if errors > 1:
        return None  # what is mended of a text without structure may show what other mistakes hid
    after, _ = in_memory(case.with_text(path[1:], mended))
    found = after.diagnostics("/", path)
    moved = sum([len(new) - (span.end - span.start) for span, new in fix.edits if span.end <= diagnostic.span.start])
    if (_kind(diagnostic), diagnostic.span.start + moved) in [(_kind(one), one.span.start) for one in found]:
        return Finding("a fix leaves its diagnostic", "\n".join(map(str, found)))
    # What is not safe may turn what was skipped into an item, with the mistakes in it.
    if fix.safe and _syntax_errors(after, path) > errors:
        return Finding("a fix breaks the syntax", "\n".join(map(str, found)))
    return None


def _kind(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.code, diagnostic.message


_SYNTAX = frozenset((
    "expected-name", "expected-token", "expected-type", "invalid-attribute", "invalid-character", "invalid-identifier",
    "invalid-length", "invalid-string", "invalid-version", "keyword-as-name", "misplaced-attribute", "misplaced-package",
    "nesting-too-deep", "unclosed-brace", "unexpected-token", "unknown-attribute", "unterminated-comment",
))  # fmt: skip


def _syntax_errors(workspace: Workspace, path: str) -> int:
    return len([one for one in workspace.diagnostics("/", path) if one.code in _SYNTAX])


def _all_at_once(case: Case) -> Finding | None:
    """`check --fix` on disk: in a file that it changes, nothing that is safe is left to mend."""
    with case.on_disk() as path:
        found = loaded(path, case.features)
        if found is None:
            return None
        workspace, root = found
        mended = apply_fixes(workspace, [root], EVERYTHING)
        folder = path if path.is_dir() else path.parent
        again = loaded(path, case.features)
        assert again is not None
        left = [
            f"{file}: {diagnostic}"
            for file in again[1].groups[0]
            for diagnostic in again[0].diagnostics(again[1].path, file)
            if any(fix.safe for fix in diagnostic.fixes)
            and case.files[Path(file).relative_to(folder).as_posix()] != again[0].sources[file].text
        ]
        if left:
            return Finding("safe fixes are left after all were applied", f"{mended} mended\n" + "\n".join(left))
        return None
