"""What `--fix` makes of a text."""

from collections.abc import Sequence

from support.marks import unindented
from support.screens import ROOT, workspace

from dataflare_lsp.text import apply_edits, safe_edits


def assert_mended(before: str, after: str, left: Sequence[str] = ()) -> None:
    """The certain fixes of a file, applied at once, make of `before` what `after` shows.

    `left` are the messages that there are about that; none by default.
    """
    text, wanted = unindented(before), unindented(after)
    space = workspace({"package.wit": text})
    mended = apply_edits(text, safe_edits(space.diagnostics(ROOT, f"{ROOT}/package.wit")))
    assert mended == wanted
    found = workspace({"package.wit": wanted}).diagnostics(ROOT, f"{ROOT}/package.wit")
    assert [diagnostic.message for diagnostic in found] == list(left)
