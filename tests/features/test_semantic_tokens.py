from support.workspaces import scene

from dataflare_lsp.features.semantic_tokens import semantic_tokens
from dataflare_lsp.features.token_legend import LEGEND_MODIFIERS, LEGEND_TYPES
from dataflare_lsp.text import Span


def tokens(written: str) -> str:
    """The tokens of the last file, one to a line: the word, its type and its modifiers."""
    place = scene(written)
    lines = []
    done = 0
    for token in semantic_tokens(place.snapshot, place.file):
        assert done <= token.span.start < token.span.end
        assert token.type in LEGEND_TYPES
        assert list(token.modifiers) == [name for name in LEGEND_MODIFIERS if name in token.modifiers]
        done = token.span.end
        lines.append(" ".join((place.text[slice(*token.span)].strip(), token.type, *token.modifiers)))
    return "\n".join(lines)


def kind(written: str, word: str) -> list[str]:
    """What each occurrence of a word is."""
    return [line.removeprefix(f"{word} ") for line in tokens(written).split("\n") if line.startswith(f"{word} ")]


def test_every_word_is_something() -> None:
    assert (
        tokens("""
        // Licence.
        package corp:app@1.2.0-rc.1;
        use corp:base/types@1.0.0 as base;
        /// Things.
        @since(version = 1.2.0)
        @external-id("it")
        interface api {
            use base.{id as key};
            f: async func(a: option<key>, b: result<_, u8>) -> list<u8, 4>;
        }
        world app {
            include other with { x as y }
            export api;
        }
    """)
        == """\
// Licence. comment
package keyword
corp namespace declaration
app namespace declaration
1.2.0-rc.1 number
use keyword
corp namespace
base namespace
types interface
1.0.0 number
as keyword
base interface declaration
/// Things. comment documentation
@since decorator
version property
1.2.0 number
@external-id decorator
"it" string
interface keyword
api interface declaration
use keyword
base interface
id type
as keyword
key type declaration
f function declaration async
async keyword
func keyword
a parameter declaration
option type defaultLibrary
key type
b parameter declaration
result type defaultLibrary
_ keyword
u8 type defaultLibrary
list type defaultLibrary
u8 type defaultLibrary
4 number
world keyword
app namespace declaration
include keyword
other namespace
with keyword
x variable
as keyword
y variable declaration
export keyword
api interface"""
    )


SHAPES = """
    //- deps/base.wit
    package corp:base;
    interface types {
        resource blob;
        @since(version = 1.0.0)
        @deprecated(version = 1.0.0)
        record old { x: u8 }
    }
    //- app.wit
    package corp:app;
    interface api {
        use corp:base/types.{blob, old as ancient};
        type alias = blob;
        record point { x: s32 }
        variant shape { none }
        enum color { red }
        flags access { read }
        resource file {
            size: get() -> u64;
            open: static func(path: string) -> file;
        }
        f: func(a: borrow<alias>, b: point, c: shape, d: color, e: access, f: ancient, g: missing);
    }
"""


def test_types_are_what_they_are_wherever_they_come_from() -> None:
    assert kind(SHAPES, "blob") == ["class", "class"]
    assert kind(SHAPES, "alias") == ["class declaration", "class"]
    assert kind(SHAPES, "point") == ["struct declaration", "struct"]
    assert kind(SHAPES, "shape") == ["enum declaration", "enum"]
    assert kind(SHAPES, "access") == ["enum declaration", "enum"]
    assert kind(SHAPES, "file") == ["class declaration", "class"]
    assert kind(SHAPES, "missing") == ["type"]
    assert kind(SHAPES, "x") == ["property declaration"]
    assert kind(SHAPES, "red") == ["enumMember declaration"]
    assert kind(SHAPES, "size") == ["method declaration"]
    assert kind(SHAPES, "open") == ["method declaration static"]


def test_deprecated_names_are_marked() -> None:
    assert kind(SHAPES, "old") == ["struct deprecated"]
    assert kind(SHAPES, "ancient") == ["struct declaration deprecated", "struct deprecated"]


def test_interfaces_in_place_have_a_scope_of_their_own() -> None:
    written = """
        interface types { resource r; }
        world app {
            resource s;
            import host: interface {
                use types.{r};
                record s { x: u8 }
                f: func(a: r, b: s);
            }
        }
    """
    assert kind(written, "r") == ["class declaration", "class", "class"]
    assert kind(written, "s") == ["class declaration", "struct declaration", "struct"]


def test_half_typed_code_keeps_its_colours() -> None:
    assert tokens("interface a { use b.{ f: func(x: u8) /* open").startswith(
        "interface keyword\na interface declaration"
    )
    assert tokens("package a /* b */ : c") == (
        "package keyword\na namespace declaration\n/* b */ comment\nc namespace declaration"
    )
    assert tokens("") == ""
    assert tokens("}}}} 12 @ ;") == "12 number"


def test_what_an_edit_elsewhere_means_is_seen() -> None:
    place = scene("interface a { type t = u8; } interface b { use a.{t}; }")
    start = place.text.index("type")
    place.workspace.edit(place.file, Span(start, start + 11), "resource t")
    used = semantic_tokens(place.snapshot, place.file)[-1]
    assert (used.type, place.text[slice(*used.span)]) == ("class", "t")


def test_some_lines_only() -> None:
    place = scene("interface a {\n  f: func();\n  <FROM>g: func();\n<TO>  h: func();\n}\n")
    shown = [place.text[slice(*token.span)] for token in semantic_tokens(place.snapshot, place.file, place.span)]
    assert shown == ["g", "func", "h", "func"]
