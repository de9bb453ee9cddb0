"""Folding: what can be hidden of a text, each piece as its first and last line, from 1."""

from support.workspaces import scene

from dataflare_lsp.features.folding import folds

TEXT = """package corp:app;

/// What flows
/// through.
interface types {
    use a.{b};
    use c.{d};

    // One line.
    record pair {
        left: u8,
        /* Several
           /* nested */
           lines. */
        right: u8,
    }
    resource file {
        read: func(
            size: u32,
        ) -> list<u8>;
    }
    type one = u8;
}

world host { import types; }
"""


def test_items_with_parts_comments_and_uses() -> None:
    place = scene(TEXT)
    assert [(fold.first + 1, fold.last + 1, fold.kind) for fold in folds(place.snapshot, place.file)] == [
        (3, 4, "comment"),
        (5, 22, ""),
        (6, 7, "imports"),
        (10, 15, ""),
        (12, 14, "comment"),
        (17, 20, ""),
        (18, 20, ""),
    ]


def test_half_a_text() -> None:
    place = scene("interface a {\n    record b {\n        c: u8,\n/* open\n")
    assert [(fold.first + 1, fold.last + 1) for fold in folds(place.snapshot, place.file)] != []
    assert folds(scene("").snapshot, scene("").file) == ()
