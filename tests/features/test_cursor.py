import pytest
from support.workspaces import scene

from dataflare_lsp.features.cursor import cursor_at


def context(written: str) -> str:
    """What can stand at the cursor."""
    place = scene(written)
    found = cursor_at(place.snapshot.source(place.file), place.offset)
    if found is None:
        return "comment or string"
    shown = type(found.context).__name__
    match found.context:
        case _ if shown == "AtItem":
            return f"item of {found.scope}"
    return shown


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ("", "item of start"),
        ("package a:b; ", "item of file"),
        ("package a:b { ", "item of package"),
        ("interface ", "Nowhere"),
        ("interface a { ", "item of interface"),
        ("interface a { f: ", "AtWords"),
        ("interface a { f: func() ", "Nowhere"),
        ("interface a { f: func() -> ", "AtType"),
        ("interface a { f: func() -> u8\n", "item of interface"),
        ("interface a { f: func(", "Nowhere"),
        ("interface a { f: func(a: ", "AtType"),
        ("interface a { f: func(a: list<", "AtType"),
        ("interface a { f: func(a: result<_, ", "AtType"),
        ("interface a { f: func(a: u8, ", "Nowhere"),
        ("interface a { type t = ", "AtType"),
        ("interface a { type t = u8; ", "item of interface"),
        ("interface a { record r { x: ", "AtType"),
        ("interface a { record r { x: u8, ", "Nowhere"),
        ("interface a { variant v { x(", "AtType"),
        ("interface a { resource r { ", "item of resource"),
        ("interface a { resource r { m: ", "AtWords"),
        ("interface a { resource r { constructor(a: ", "AtType"),
        ("interface a { use ", "AtPath"),
        ("interface a { use b:c/", "AtPath"),
        ("interface a { use b:c/d@", "AtVersion"),
        ("interface a { use b:c/d@1.0", "AtVersion"),
        ("interface a { use b:c/d@1.0.0.{", "AtUsed"),
        ("interface a { use b.", "AtUsed"),
        ("interface a { use b.{", "AtUsed"),
        ("interface a { use b.{x as ", "Nowhere"),
        ("interface a { use b.{x as y, ", "AtUsed"),
        ("interface a { use b.{x}; ", "item of interface"),
        ("use ", "AtPath"),
        ("use a:b/c ", "AtWords"),
        ("world w { ", "item of world"),
        ("world w { import ", "AtPath"),
        ("world w { import a: ", "AtPath"),
        ("world w { import a: interface { ", "item of interface"),
        ("world w { import a: interface { resource r { ", "item of resource"),
        ("world w { import a: func(x: ", "AtType"),
        ("world w { include ", "AtPath"),
        ("world w { include a ", "AtWords"),
        ("world w { include a with { ", "AtIncluded"),
        ("world w { include a with { b ", "AtWords"),
        ("world w { include a with { b as c, ", "AtIncluded"),
        ("@", "AtAttribute"),
        ("@since(", "AtGate"),
        ("@since(version = ", "AtGate"),
        ("@since(version = 1.", "AtVersion"),
        ("@unstable(feature = ", "AtGate"),
        ("@since(version = 1.0.0) ", "item of start"),
        ("// ", "comment or string"),
        ("/* ", "comment or string"),
        ('interface a { @external-id("', "comment or string"),
        ("interface a { /* // */ ", "item of interface"),
        ("interface a { ) ( } ", "item of file"),
    ],
)
def test_what_can_stand_after(before: str, what: str) -> None:
    for word in ("", "x"):
        assert context(f"{before}{word}<CURSOR>") == what


def test_what_follows_does_not_count() -> None:
    assert context("interface a { f: func() -> <CURSOR>\n  g: func();\n}") == "AtType"
    assert context("interface a { use types.{<CURSOR>\n  g: func();\n}") == "AtUsed"
    assert context("interface a {\n  f: func() -> <CURSOR>\ninterface b {}") == "AtType"
    assert context("interface a {\n  f: func();\n  <CURSOR>\ninterface b {}") == "item of interface"
    assert context("world w { import a:b/<CURSOR>\n  import c;\n}") == "AtPath"


def test_a_comma_may_be_missing_at_the_end_of_a_line() -> None:
    assert context("interface a { record r {\n  x: u8\n  y: <CURSOR>\n} }") == "AtType"
    assert context("interface a { f: func(x: u8\n  y: <CURSOR>) }") == "AtType"
    assert context("interface a { use b.{c\n  <CURSOR>} }") == "AtUsed"


def test_a_mistake_before_does_not_count() -> None:
    assert context("interface a { f: funk();\n  g: func() -> <CURSOR>; }") == "AtType"
    assert context("world w { import x: interface { f: ]];\n g: func(a: <CURSOR>) } }") == "AtType"
