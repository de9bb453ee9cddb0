from support.workspaces import scene

from dataflare_lsp.features.code_actions import CodeAction, code_actions
from dataflare_lsp.text import apply_edits


def actions(written: str) -> tuple[str, tuple[CodeAction, ...]]:
    """The text, and what can be done about what is selected in it."""
    place = scene(written)
    return place.text, code_actions(place.snapshot, place.file, place.span)


WRONG = """\
package a:b;
interface a {
    type id = u64;
    f: func(a: boolean, b: idd);
    <CURSOR>g: func(a: int);
}
"""


def test_what_is_under_the_cursor_can_be_mended() -> None:
    text, found = actions(WRONG.replace("<CURSOR>", "").replace("idd", "id<CURSOR>d"))
    fix, everything = found
    assert (fix.title, fix.kind, fix.preferred) == ("Change to `id`", "quickfix", True)
    assert fix.diagnostic is not None
    assert fix.diagnostic.code == "unresolved-name"
    assert "f: func(a: boolean, b: id);" in apply_edits(text, fix.edits)
    assert everything.kind == "source.fixAll"


def test_all_that_is_safe_can_be_mended_at_once() -> None:
    text, found = actions(WRONG)
    (everything,) = found
    assert (
        apply_edits(text, everything.edits)
        == """\
package a:b;
interface a {
    type id = u64;
    f: func(a: bool, b: id);
    g: func(a: s32);
}
"""
    )


def test_nothing_wrong_needs_nothing() -> None:
    assert actions("package a:b;\ninterface <CURSOR>a {}")[1] == ()
