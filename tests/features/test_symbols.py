from collections.abc import Iterator

import pytest
from support.workspaces import scene

from dataflare_lsp.features.symbols import Symbol, document_symbols


def outline(written: str) -> str:
    """The tree of a file's symbols, one to a line: kind, name and detail."""
    place = scene(written)
    return "\n".join(_lines(document_symbols(place.snapshot, place.file), 0))


def _lines(symbols: tuple[Symbol, ...], level: int) -> Iterator[str]:
    for symbol in symbols:
        mark = " (deprecated)" if symbol.deprecated else ""
        yield f"{'  ' * level}{symbol.kind} {symbol.name}{mark}{': ' * bool(symbol.detail)}{symbol.detail}"
        yield from _lines(symbol.children, level + 1)


def test_a_file_is_a_tree() -> None:
    assert (
        outline("""
        package corp:app@1.0.0;
        use corp:base/types;
        interface api {
            use types.{id};
            type name = option<string>;
            record point { x: s32, y: list<u8> }
            variant shape { none, some(point) }
            enum color { red }
            flags access { read }
            resource blob {
                constructor(init: list<u8>);
                @since(version = 0.9.0)
                @deprecated(version = 1.0.0)
                read: func(n: u32) -> list<u8>;
                merge: static async func(left: borrow<blob>) -> blob;
            }
            get: func(key: id) -> name;
        }
        world app {
            include base with { a as b }
            import corp:base/types;
            import cache: api;
            export run: func();
            import host: interface {
                record place { at: u8 }
                stop: func();
            }
        }
    """)
        == """\
package corp:app@1.0.0
  interface api
    type name: option<string>
    record point
      field x: s32
      field y: list<u8>
    variant shape
      case none
      case some: point
    enum color
      case red
    flags access
      flag read
    resource blob
      constructor constructor: constructor(init: list<u8>)
      method read (deprecated): func(n: u32) -> list<u8>
      method merge: static async func(left: borrow<blob>) -> blob
    function get: func(key: id) -> name
  world app
    include base: a as b
    import corp:base/types
    import cache: api
    export run: func()
    import host: interface
      record place
        field at: u8
      function stop: func()"""
    )


def test_nested_packages_hold_their_interfaces() -> None:
    assert (
        outline("""
        interface first {}
        package a:b {
            interface inner {}
        }
        package a:c {}
        interface last {}
    """)
        == """\
interface first
package a:b
  interface inner
package a:c
interface last"""
    )


def test_spans_are_the_items() -> None:
    place = scene("""
        package a:b {
            /// Documented.
            @unstable(feature = x)
            interface api {
                record point { x: s32, }
                resource r { f: func(a: u8); }
            }
        }
    """)
    (package,) = document_symbols(place.snapshot, place.file)
    (interface,) = package.children
    record, resource = interface.children
    text = place.text
    assert text[slice(*package.span)].startswith("package a:b {")
    assert text[slice(*package.span)].endswith("}\n}")
    assert text[slice(*interface.span)].startswith("@unstable")
    assert text[slice(*interface.selection)] == "api"
    assert text[slice(*record.span)] == "record point { x: s32, }"
    assert text[slice(*record.children[0].span)] == "x: s32"
    assert text[slice(*resource.children[0].span)] == "f: func(a: u8);"


@pytest.mark.parametrize(
    ("half_typed", "tree"),
    [
        ("interface {", "interface interface"),
        ("interface a { record", "interface a\n  record record"),
        ("interface a { record b {", "interface a\n  record b"),
        ("world w { import ", "world w"),
        ("package a:b", "package a:b"),
        ("interface a { f: func(", "interface a\n  function f: func()"),
    ],
)
def test_half_typed(half_typed: str, tree: str) -> None:
    assert outline(half_typed) == tree
