from support.workspaces import scene

from dataflare_lsp.features.formatting import format_document, format_on_type, format_range
from dataflare_lsp.text import apply_edits


def test_a_file_is_formatted() -> None:
    place = scene("interface a{f:func();}")
    edits = format_document(place.snapshot, place.file)
    assert apply_edits(place.text, edits) == "interface a {\n    f: func();\n}\n"
    narrow = format_document(place.snapshot, place.file, indent=2)
    assert apply_edits(place.text, narrow) == "interface a {\n  f: func();\n}\n"


def test_a_file_that_does_not_parse_stays_as_it_is() -> None:
    place = scene("interface a{f:func(;}")
    assert format_document(place.snapshot, place.file) == ()


def test_some_lines_are_formatted() -> None:
    place = scene("interface a {\n  <FROM>f:func();\n<TO>  g:func();\n}\n")
    edits = format_range(place.snapshot, place.file, place.span)
    assert apply_edits(place.text, edits) == "interface a {\n    f: func();\n  g:func();\n}\n"


def test_what_was_typed_is_formatted() -> None:
    place = scene("interface a {\n    f:func( );<CURSOR>\n")
    edits = format_on_type(place.snapshot, place.file, place.offset, ";")
    assert apply_edits(place.text, edits) == "interface a {\n    f: func();\n"
