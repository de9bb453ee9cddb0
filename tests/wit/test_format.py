"""The formatter: what it writes, what it refuses, and what it does while someone types."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from support.shared import REPOSITORY

from dataflare_lsp.text import Span, TextEdit, apply_edits
from dataflare_lsp.wit.format import Unformattable, format_edits, format_on_type, format_text


def formatted(screen: str) -> str:
    return format_text(source(screen))


def source(screen: str) -> str:
    return dedent(screen.removeprefix("\n"))


# Items ---------------------------------------------------------------------------------------------------------


def test_every_item_has_a_line_of_its_own():
    assert formatted("""
        package corp:app@1.0.0; use corp:base/types@2.0.0 as base; use corp:base/more;
        interface api{type id=u64;resource session;use base.{key,value as val};get:func(k:key)->option<val>;}
    """) == source("""
        package corp:app@1.0.0;

        use corp:base/types@2.0.0 as base;
        use corp:base/more;

        interface api {
            type id = u64;
            resource session;
            use base.{key, value as val};
            get: func(k: key) -> option<val>;
        }
    """)


def test_fields_and_cases_have_lines_of_their_own_and_a_comma_each():
    assert formatted("""
        interface api {
            record point {x:s32,y:s32}
            variant shape {circle(f64),square( f64 ),none}
            enum colour{red,
                green
            }
            flags mode{read,write,}
        }
    """) == source("""
        interface api {
            record point {
                x: s32,
                y: s32,
            }
            variant shape {
                circle(f64),
                square(f64),
                none,
            }
            enum colour {
                red,
                green,
            }
            flags mode {
                read,
                write,
            }
        }
    """)


def test_resources_and_every_kind_of_function():
    assert formatted("""
        interface api {
            resource file { constructor(path:string,)->result<file> ; open:static async func ( ) ;
              size : get ( ) -> u64; size:set(value:u64); close:func(); }
        }
    """) == source("""
        interface api {
            resource file {
                constructor(path: string) -> result<file>;
                open: static async func();
                size: get() -> u64;
                size: set(value: u64);
                close: func();
            }
        }
    """)


def test_every_kind_of_type():
    assert formatted("""
        interface api {
            type t=tuple< list < u8 >,list<u8,4> , map<string,option<own<r>>> ,result,result<_,string>,result<u8>,
              stream , future<borrow < r >> , error-context , >;
        }
    """) == source("""
        interface api {
            type t = tuple<
                list<u8>,
                list<u8, 4>,
                map<string, option<own<r>>>,
                result,
                result<_, string>,
                result<u8>,
                stream,
                future<borrow<r>>,
                error-context,
            >;
        }
    """)


def test_worlds():
    assert formatted("""
        world plugin{include wasi:cli/imports@0.3.0;include base with{a as b,c as d,}
        import wasi:clocks/wall-clock@0.3.0-rc.1a;import log:corp:host/logging; import other: local;
        export %interface:interface{f:func();}
        import empty: interface { }
        export run:async func(args:list<string>);}
    """) == source("""
        world plugin {
            include wasi:cli/imports@0.3.0;
            include base with { a as b, c as d }
            import wasi:clocks/wall-clock@0.3.0-rc.1a;
            import log: corp:host/logging;
            import other: local;
            export %interface: interface {
                f: func();
            }
            import empty: interface {}
            export run: async func(args: list<string>);
        }
    """)


def test_nested_packages():
    assert formatted("""
        package corp:app;
        package corp:base@1.2.3+build{interface a{}
        interface b{ f:func(); }}
    """) == source("""
        package corp:app;

        package corp:base@1.2.3+build {
            interface a {}

            interface b {
                f: func();
            }
        }
    """)


def test_each_attribute_has_a_line_of_its_own():
    assert formatted("""
        @since(version=1.0.0)@deprecated( version = 1.1.0 ) interface api { @unstable(feature=fast) f: func();
        @external-id("a  b")

        type t = u8; }
    """) == source("""
        @since(version = 1.0.0)
        @deprecated(version = 1.1.0)
        interface api {
            @unstable(feature = fast)
            f: func();
            @external-id("a  b")
            type t = u8;
        }
    """)


def test_empty_bodies_are_two_braces():
    assert formatted("""
        interface a {

        }
        world b
        {}
        interface c { resource r { } flags f { } }
    """) == source("""
        interface a {}

        world b {}

        interface c {
            resource r {}
            flags f {}
        }
    """)


# Long lines ----------------------------------------------------------------------------------------------------


def test_parameters_that_do_not_fit_have_lines_of_their_own():
    assert formatted("""
        interface api {
            short: func(
                a: u32,
                b: u32,
            );
            exactly-a-hundred: func(first-parameter: u32, second-parameter: u32, third: u32) -> result<abc>;
            one-more-than-that: func(first-parameter: u32, second-parameter: u32, third: u32) -> result<abc>;
        }
    """) == source("""
        interface api {
            short: func(a: u32, b: u32);
            exactly-a-hundred: func(first-parameter: u32, second-parameter: u32, third: u32) -> result<abc>;
            one-more-than-that: func(
                first-parameter: u32,
                second-parameter: u32,
                third: u32,
            ) -> result<abc>;
        }
    """)


def test_names_and_renames_that_do_not_fit_have_lines_of_their_own():
    assert formatted("""
        world plugin {
            use wasi:filesystem/types@0.3.0.{descriptor, descriptor-flags, descriptor-stat, descriptor-type as kind};
            include the-world-of-another-package with { the-first-name as the-name, the-second-name as another }
        }
    """) == source("""
        world plugin {
            use wasi:filesystem/types@0.3.0.{
                descriptor,
                descriptor-flags,
                descriptor-stat,
                descriptor-type as kind,
            };
            include the-world-of-another-package with {
                the-first-name as the-name,
                the-second-name as another,
            }
        }
    """)


def test_a_type_is_opened_only_where_its_own_line_does_not_fit():
    assert formatted("""
        interface api {
            look-up: func(
            names: list<tuple<the-first-component, the-second-component, the-third-component, the-fourth-one>>,
            limit: u32) -> result<option<found-by-its-name-or-by-number>, the-error-of-an-unsuccessful-look-up-by-name>;
        }
    """) == source("""
        interface api {
            look-up: func(
                names: list<tuple<
                    the-first-component,
                    the-second-component,
                    the-third-component,
                    the-fourth-one,
                >>,
                limit: u32,
            ) -> result<
                option<found-by-its-name-or-by-number>,
                the-error-of-an-unsuccessful-look-up-by-name
            >;
        }
    """)


# Blank lines and comments --------------------------------------------------------------------------------------


def test_blank_lines_are_one_between_outer_items_and_at_most_one_elsewhere():
    assert formatted("""


        package corp:app;
        use corp:base/types;
        use corp:base/more;


        use corp:base/others;
        interface a {

            f: func();


            g: func();
            h: func();
            record r {

                a: u8,

                b: u8,

            }

        }
        interface b {}


    """) == source("""
        package corp:app;

        use corp:base/types;
        use corp:base/more;

        use corp:base/others;

        interface a {
            f: func();

            g: func();
            h: func();
            record r {
                a: u8,

                b: u8,
            }
        }

        interface b {}
    """)


def test_comments_stay_where_they_are():
    assert formatted("""
        // Licence


        /// The package.
        package corp:app; // after the package
        /// An interface.
        @since(version = 1.0.0) // after an attribute
        // between attribute and item
        interface api { // after the brace

          // before a field's type
            /// A record.
            record r { // the record
            a: u32,// about a
              /// About b.
              b: u32 // about b
              // after the last field
            }


            // before the end

        }
        // at the end
    """) == source("""
        // Licence

        /// The package.
        package corp:app; // after the package

        /// An interface.
        @since(version = 1.0.0) // after an attribute
        // between attribute and item
        interface api { // after the brace
            // before a field's type
            /// A record.
            record r { // the record
                a: u32, // about a
                /// About b.
                b: u32, // about b
                // after the last field
            }

            // before the end
        }
        // at the end
    """)


def test_block_comments_keep_their_inside():
    assert formatted("""
        interface api {
          /** A record.
              Deeper,
            less deep. */
          record r {/* about a */a: u32, /* about b */ b:u32 /* the last */}
          /* on the line of f */ f: func(/* none */);
          enum e {/* to do */}
        }
    """) == source("""
        interface api {
            /** A record.
              Deeper,
            less deep. */
            record r {
                /* about a */ a: u32,
                /* about b */ b: u32, /* the last */
            }
            /* on the line of f */ f: func(/* none */);
            enum e { /* to do */ }
        }
    """)


def test_a_comment_that_ends_its_line_opens_the_list_that_it_is_in():
    assert formatted("""
        interface api {
            f: func(a: u32, // first
                b: list<u8 // bytes
                >) -> result<u32, string>;
            g: func( // nothing
            );
            use types.{ // types
              a, b };
        }
    """) == source("""
        interface api {
            f: func(
                a: u32, // first
                b: list<
                    u8 // bytes
                >,
            ) -> result<u32, string>;
            g: func( // nothing
            );
            use types.{ // types
                a,
                b,
            };
        }
    """)


def test_a_comment_inside_a_line_stays_inside():
    assert formatted("""
        interface api /* a */ {
            f /* b */ : func ( a /* c */ : u32 /* d */, ) /* e */ -> u32 // f
              ;
            use p : /* g */ q / /* h */ r @1.0.0 . {/* i */ t };
        }
    """) == source("""
        interface api /* a */ {
            f /* b */: func(a /* c */: u32 /* d */) /* e */ -> u32 // f
                ;
            use p: /* g */ q/ /* h */ r@1.0.0.{/* i */ t};
        }
    """)


def test_a_file_of_comments_alone():
    assert format_text("\n\n// nothing\n\n\n  /* yet */  \n\n") == "// nothing\n\n/* yet */\n"
    assert format_text("") == ""
    assert format_text(" \n\n\t\n") == ""


# Files ---------------------------------------------------------------------------------------------------------


def test_line_breaks_become_those_that_most_lines_have():
    text = "interface a {\r\n/* one\r\ntwo\nthree */\n}\r\n"
    assert format_text(text) == "interface a {\r\n    /* one\r\ntwo\r\nthree */\r\n}\r\n"
    text = "interface a {\r\n/* one\r\ntwo */\n\n}\n"
    assert format_text(text) == "interface a {\n    /* one\ntwo */\n}\n"


def test_a_byte_order_mark_stays():
    assert format_text("\ufeff\n interface a{}") == "\ufeffinterface a {}\n"
    assert format_text("\ufeff// a") == "\ufeff// a\n"
    assert format_text("\ufeff") == "\ufeff"


def test_the_indentation_is_what_the_editor_asks_for():
    assert format_text("interface a { f: func(); }", indent=2) == "interface a {\n  f: func();\n}\n"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("interface a {\n    f: func()\n}\n", "}", "expected `;` after function `f`, found `}`"),
        ("interface a { /* ", "/*", "this block comment is never closed"),
        ("interface a {} \x07", "\x07", "U+0007 is a control character"),
    ],
)
def test_what_does_not_parse_is_refused_at_its_first_mistake(text: str, at: str, message: str):
    with pytest.raises(Unformattable) as refused:
        format_text(text)
    assert (refused.value.message, refused.value.span.start) == (message, text.rindex(at))
    with pytest.raises(Unformattable):
        format_edits(text)


PAGE = REPOSITORY / "docs" / "reference" / "formatting.md"


@pytest.mark.parametrize("shown", re.findall(r"^```wit\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL))
def test_what_the_documentation_shows_is_formatted(shown: str):
    assert format_text(shown) == shown


@pytest.mark.parametrize(
    "file",
    [*(REPOSITORY / "wit").rglob("*.wit"), *(REPOSITORY / "examples" / "weather-station").rglob("*.wit")],
    ids=lambda file: file.name,
)
def test_the_wit_of_the_project_is_formatted(file: Path):
    text = file.read_text("utf-8")
    assert format_text(text) == text


# Edits ---------------------------------------------------------------------------------------------------------


def test_edits_touch_only_the_blanks_that_change():
    text = "interface a {\n\n    f:func();\n  record r { x: u8 }\n}\n"
    assert [(text[edit.span.start : edit.span.end], edit.new) for edit in format_edits(text)] == [
        ("\n", ""),
        ("", " "),
        ("  ", "    "),
        (" ", "\n        "),
        (" ", ",\n    "),
    ]
    assert apply_edits(text, format_edits(text)) == format_text(text)


def test_edits_of_formatted_text_are_none():
    assert format_edits("interface a {\r\n    f: func();\r\n}\r\n") == ()


def selected(screen: str, indent: int = 4) -> str:
    """`screen` after formatting the range between its two `|`."""
    text = source(screen)
    first = text.index("|")
    last = text.index("|", first + 1) - 1
    text = text.replace("|", "")
    return apply_edits(text, format_edits(text, Span(first, last), indent))


def test_a_range_is_formatted_as_far_as_its_lines_go():
    assert selected("""
        interface a {
          f:func();
          |g:func( );
          h:func();
        |  i:func();
        }
    """) == source("""
        interface a {
          f:func();
            g: func();
            h: func();
          i:func();
        }
    """)


def test_a_range_with_a_mistake_in_it_is_formatted_around_it():
    assert selected("""
        |interface a {
          f:func( );
          g:func(;
          h:func( );
        }|
        interface
    """) == source("""
        interface a {
            f: func();
          g:func(;
            h: func();
        }
        interface
    """)


def test_what_shares_its_line_with_a_mistake_stays():
    text = "interface a\n}\n"
    assert format_edits(text, Span(0, len(text))) == ()
    text = "interface a { f: func(; g: func(); }"
    assert apply_edits(text, format_edits(text, Span(0, len(text)))) == "interface a { f: func(; g: func();\n}\n"


# While typing --------------------------------------------------------------------------------------------------


def typed(screen: str, indent: int = 4) -> str:
    """`screen` after the sign before its `|` was typed."""
    text = source(screen)
    offset = text.index("|")
    text = text.replace("|", "")
    return apply_edits(text, format_on_type(text, offset, text[offset - 1], indent))


def test_a_semicolon_formats_its_item_and_nothing_else():
    assert typed("""
        interface a {
          f:func( );
          g:func( a:u32 )->u32;|
          h:func( );
        }
    """) == source("""
        interface a {
          f:func( );
            g: func(a: u32) -> u32;
          h:func( );
        }
    """)


def test_a_semicolon_formats_its_item_in_an_unfinished_file():
    assert typed("""
        package corp:app
        interface a {
          record {
          resource r {
            /// A function.
            @since(version=1.0.0) f:static func( );|
            g:func(
        interface b
    """) == source("""
        package corp:app
        interface a {
          record {
          resource r {
            /// A function.
                @since(version = 1.0.0)
                f: static func();
            g:func(
        interface b
    """)


def test_a_semicolon_after_a_mistake_does_nothing():
    assert format_on_type("interface a {\n  f: fnc();\n}", 25, ";") == ()
    assert format_on_type("interface a {\n  // f;\n}", 21, ";") == ()


def test_a_brace_formats_the_item_that_it_closes():
    assert typed("""
        interface a {
          f:func( );
          record r{x:u8,y:u8}|
          enum e{a}
    """) == source("""
        interface a {
          f:func( );
            record r {
                x: u8,
                y: u8,
            }
          enum e{a}
    """)


def test_a_brace_formats_the_interface_that_it_closes():
    assert typed("""
        interface z{ }
        // about a
        interface a{
          f:func( );
          }|
        interface b{ }
    """) == source("""
        interface z{ }
        // about a
        interface a {
            f: func();
        }
        interface b{ }
    """)


def test_a_brace_that_closes_something_unfinished_takes_its_place():
    assert typed("""
        interface a {
            record r {
                x:
                }|
            f:func( );
        }
    """) == source("""
        interface a {
            record r {
                x:
            }
            f:func( );
        }
    """)
    assert typed("""
        interface a {
            f:
            }|
        interface b { }
    """) == source("""
        interface a {
            f:
        }
        interface b { }
    """)


@pytest.mark.parametrize(
    ("before", "indented"),
    [
        ("interface a {\n|", "    "),
        ("interface a {\n|}", ""),
        ("interface a {\n    f: func();\n|\ninterface b {}", "    "),
        ("interface a {\n    record r {\n|\n    f: func();\n}", "        "),
        ("interface a {\n    record r {\n        x: u8,\n|}", "    "),
        ("interface a {\n    f: func(\n|", "        "),
        ("interface a {\n    f: func(\n        x: u8,\n|);", "    "),
        ("interface a {\n    f: func(x: u8\n|);", "    "),
        ("world w {\n    import a: interface {\n|", "        "),
        ("interface a {\n    @since(version = 1.0.0)\n|f: func();", "    "),
        ("interface a {\n    f: func();\n}\n  |", ""),
        ("\ufeff\n  |", ""),
        ("interface a {\n    /// About f.\n|", "    "),
    ],
)
def test_a_new_line_is_indented_as_deep_as_what_is_open(before: str, indented: str):
    offset = before.index("|")
    text = before.replace("|", "")
    line = text.rfind("\n", 0, offset) + 1
    edits = () if text[line:offset] == indented else (TextEdit(Span(line, offset), indented),)
    assert format_on_type(text, offset, "\n") == edits


def test_a_new_line_in_a_block_comment_is_the_authors():
    assert format_on_type("interface a {\n/*\n      */\n}", 17, "\n") == ()
    assert format_on_type("interface a {\n/*\n      ", 17, "\n") == ()


def test_other_signs_do_nothing():
    assert format_on_type("interface a{", 12, "{") == ()
    assert format_on_type("a;", 0, ";") == ()
    assert format_on_type("a;", 9, ";") == ()
