from support.workspaces import scene

from dataflare_lsp.features.hover import hover


def hover_at(written: str, features: frozenset[str] = frozenset()) -> str:
    """What the hover at the cursor says, the fences of WIT left out."""
    place = scene(written, features)
    found = hover(place.snapshot, place.file, place.offset)
    if found is None:
        return ""
    assert found.span.start <= place.offset <= found.span.end
    return found.markdown.replace("```wit\n", "").replace("\n```", "").replace("\n\n", "\n")


def test_follows_a_use_into_another_package() -> None:
    assert (
        hover_at("""
        //- deps/base/types.wit
        package corp:base@1.0.0;
        interface types {
            /// A key.
            type id = u64;
        }
        //- app.wit
        package corp:app;
        interface api {
            use corp:base/types@1.0.0.{id};
            get: func(key: i<CURSOR>d);
        }
    """)
        == """\
type id = u64
---
A key.
---
`corp:base/types@1.0.0`"""
    )


def test_shows_what_an_alias_stands_for() -> None:
    assert (
        hover_at("""
        interface api {
            /// Where a shape begins.
            type origin = point;
            record point { x: s32, y: s32 }
            move: func(to: <CURSOR>origin);
        }
    """)
        == """\
type origin = point
record point {
    x: s32,
    y: s32,
}
---
Where a shape begins.
---
`api`"""
    )


def test_a_function_with_its_gates() -> None:
    gated = """
        package corp:app@1.2.0;
        interface api {
            /// Reads **all** of it.
            @unstable(feature = fast-read)
            @deprecated(version = 1.1.0)
            re<CURSOR>ad: async func(path: string, limit: option<u32>) -> result<list<u8>, string>;
        }
    """
    assert (
        hover_at(gated)
        == """\
read: async func(path: string, limit: option<u32>) -> result<list<u8>, string>
---
Reads **all** of it.
---
`corp:app/api@1.2.0`  
unstable: feature `fast-read`, not active, **deprecated** since 1.1.0"""
    )
    assert "feature `fast-read`, active" in hover_at(gated, frozenset({"fast-read"}))


def test_methods_name_their_resource() -> None:
    assert (
        hover_at("""
        package corp:app@1.0.0;
        interface api {
            @since(version = 1.0.0)
            resource blob {
                /** Joins two. */
                mer<CURSOR>ge: static func(left: borrow<blob>, right: borrow<blob>) -> blob;
            }
        }
    """)
        == """\
merge: static func(left: borrow<blob>, right: borrow<blob>) -> blob
---
Joins two.
---
resource `blob`, `corp:app/api@1.0.0`  
since 1.0.0"""
    )


def test_fields_cases_and_parameters() -> None:
    shapes = """
        interface shapes {
            type length = u32;
            record size {
                /// Across.
                width: length,
            }
            variant shape { none, some(size) }
            draw: func(what: shape);
        }
    """
    assert (
        hover_at(shapes.replace("width:", "w<CURSOR>idth:"))
        == """\
width: length
type length = u32
---
Across.
---
field of `size`, `shapes`"""
    )
    assert hover_at(shapes.replace("some(", "s<CURSOR>ome(")).startswith("some(size)\nrecord size {")
    assert hover_at(shapes.replace("none,", "n<CURSOR>one,")) == "none\n---\ncase of `shape`, `shapes`"
    assert hover_at(shapes.replace("what:", "w<CURSOR>hat:")).endswith("parameter of `draw`, `shapes`")


def test_an_interface_lists_what_is_in_it() -> None:
    assert (
        hover_at("""
        package corp:app;
        /// Things that both sides know.
        interface types {
            use other.{id};
            record point { x: s32 }
            resource blob { size: func() -> u64; }
            %get: func(key: id) -> option<blob>;
        }
        interface other { type id = u8; }
        world app {
            import typ<CURSOR>es;
        }
    """)
        == """\
interface types {
    record point;
    resource blob;
    get: func(key: id) -> option<blob>;
}
---
Things that both sides know.
---
`corp:app/types`"""
    )


def test_a_world_sums_up_what_goes_in_and_out() -> None:
    assert (
        hover_at("""
        package corp:app;
        interface log {}
        world base {}
        /// All of it.
        world <CURSOR>app {
            export run: async func();
            import log;
            import host: interface { stop: func(); }
            include base with { a as b }
        }
    """)
        == """\
world app {
    include base with { a as b };
    import log;
    import host: interface;
    export run: async func();
}
---
All of it.
---
`corp:app/app`"""
    )


def test_a_package_lists_its_interfaces_and_worlds() -> None:
    assert (
        hover_at("""
        //- deps/base/a.wit
        /// What everything stands on.
        package corp:base@1.0.0;
        interface types {}
        //- deps/base/b.wit
        interface more {}
        world all {}
        //- app.wit
        package corp:app;
        world app {
            import corp:ba<CURSOR>se/types@1.0.0;
        }
    """)
        == """\
package corp:base@1.0.0;
---
What everything stands on.
---
Interfaces: `types`, `more`
Worlds: `all`"""
    )


def test_an_import_without_documentation_has_that_of_its_interface() -> None:
    assert (
        hover_at("""
        package corp:app;
        /// Keeps values by key.
        interface store {}
        world app {
            import ca<CURSOR>che: store;
        }
    """)
        == "import cache: store\n---\nKeeps values by key.\n---\n`corp:app/app`"
    )


def test_a_renamed_import_is_what_it_was() -> None:
    assert (
        hover_at("""
        world base {
            /// Writes a line.
            import log: func(line: string);
        }
        world app {
            include base with { log as wri<CURSOR>te }
        }
    """)
        == "import log: func(line: string)\n---\nWrites a line.\n---\n`base`"
    )


def test_built_in_types_and_keywords() -> None:
    assert hover_at("interface a { f: func(x: bor<CURSOR>row<r>); }") == (
        "borrow<resource>\n---\nA resource lent for the length of the call: the caller keeps it, and it cannot be "
        "returned or held on to."
    )
    assert hover_at("interface a { f: func(x: <CURSOR>u8); }").startswith("u8\n---\nAn unsigned integer of 8 bits")
    assert hover_at("wor<CURSOR>ld a {}") == "world\n---\nAll that a component of one kind imports and exports."
    assert hover_at("interface a { size: g<CURSOR>et() -> u32; }").startswith("get\n---\nA getter")
    assert hover_at("@sin<CURSOR>ce(version = 1.0.0) interface a {}").startswith("@since\n---\n")


def test_a_feature_says_whether_it_is_active() -> None:
    assert hover_at("@unstable(feature = f<CURSOR>ast) interface a {}") == "feature `fast`: not active"


def test_a_long_type_is_cut() -> None:
    fields = "".join(f"f{n}: u8, " for n in range(100))
    shown = hover_at(f"interface a {{ record <CURSOR>big {{ {fields} }} }}")
    assert shown.count("\n") < 40
    assert "// and 76 more" in shown


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert hover_at("interface api { get: func(key: <CURSOR>nothing); }") == ""
    assert hover_at("interface api <CURSOR>{}") == ""
    assert hover_at("// interface <CURSOR>api\n") == ""
    assert hover_at("interface a { use b.{<CURSOR>t}; } interface b { use c.{t}; }") == "use c.{t}"
