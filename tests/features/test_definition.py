from support.workspaces import scene, shown

from dataflare_lsp.features.definition import definition, type_definition


def definitions(written: str) -> list[str]:
    """Where the name at the cursor is defined: the line of each place, its name in brackets."""
    place = scene(written)
    return [shown(place, found.file, found.span) for found in definition(place.snapshot, place.file, place.offset)]


def type_definitions(written: str) -> list[str]:
    """Where the type of what is at the cursor is defined."""
    place = scene(written)
    found = type_definition(place.snapshot, place.file, place.offset)
    return [shown(place, location.file, location.span) for location in found]


def test_a_type_leads_to_its_definition() -> None:
    assert definitions("""
        interface api {
            get: func(key: i<CURSOR>d);
            type id = u64;
        }
    """) == ["app.wit:3: type [id] = u64;"]


CHAIN = """
    //- deps/base/types.wit
    package corp:base@1.0.0;
    interface keys {
        type key = string;
    }
    interface types {
        use keys.{key as id};
    }
    //- app.wit
    package corp:app;
    interface api {
        use corp:base/types@1.0.0.{id};
        get: func(key: id);
    }
"""


def test_a_used_type_leads_to_the_interface_that_it_is_used_from() -> None:
    at_type = CHAIN.replace("func(key: id)", "func(key: i<CURSOR>d)")
    assert definitions(at_type) == ["deps/base/types.wit:6: use keys.{key as [id]};"]


def test_a_name_of_a_use_leads_one_step_on() -> None:
    at_use = CHAIN.replace("{id}", "{<CURSOR>id}")
    assert definitions(at_use) == ["deps/base/types.wit:6: use keys.{key as [id]};"]
    at_origin = CHAIN.replace("as id}", "as i<CURSOR>d}")
    assert definitions(at_origin) == ["deps/base/types.wit:3: type [key] = string;"]


def test_the_type_definition_follows_the_whole_chain() -> None:
    at_type = CHAIN.replace("func(key: id)", "func(key: i<CURSOR>d)")
    assert type_definitions(at_type) == ["deps/base/types.wit:3: type [key] = string;"]


def test_the_parts_of_a_path_lead_to_package_and_interface() -> None:
    assert definitions(CHAIN.replace("use corp:base", "use corp:<CURSOR>base")) == [
        "deps/base/types.wit:1: package [corp:base@1.0.0];"
    ]
    assert definitions(CHAIN.replace("base/types@1", "base/typ<CURSOR>es@1")) == [
        "deps/base/types.wit:5: interface [types] {"
    ]


def test_a_top_level_alias_leads_to_the_interface() -> None:
    aliased = """
        //- deps/base/types.wit
        package corp:base@1.0.0;
        interface types {
            type id = u64;
        }
        //- app.wit
        package corp:app;
        use corp:base/types@1.0.0 as base-types;
        world app {
            import base-types;
        }
    """
    to = ["deps/base/types.wit:2: interface [types] {"]
    assert definitions(aliased.replace("as base", "as b<CURSOR>ase")) == to
    assert definitions(aliased.replace("import base", "import b<CURSOR>ase")) == to


def test_includes_and_their_renames_lead_into_the_included_world() -> None:
    included = """
        world inner {
            import log: func(line: string);
        }
        world middle {
            include inner with { log as write }
        }
        world outer {
            include middle with { write as print }
        }
    """
    assert definitions(included.replace("include middle", "include m<CURSOR>iddle")) == ["app.wit:4: world [middle] {"]
    assert definitions(included.replace("{ write", "{ w<CURSOR>rite")) == [
        "app.wit:2: import [log]: func(line: string);"
    ]
    assert definitions(included.replace("as print", "as p<CURSOR>rint")) == [
        "app.wit:2: import [log]: func(line: string);"
    ]


def test_an_interface_written_in_place_has_a_scope_of_its_own() -> None:
    assert definitions("""
        world app {
            type id = u8;
            import host: interface {
                get: func() -> i<CURSOR>d;
                type id = string;
            }
        }
    """) == ["app.wit:5: type [id] = string;"]


def test_what_is_defined_here_leads_to_itself() -> None:
    assert definitions("""
        interface api {
            record point { x: s32, <CURSOR>y: s32 }
        }
    """) == ["app.wit:2: record point { x: s32, [y]: s32 }"]


def test_nothing_leads_nowhere() -> None:
    assert definitions("interface api { get: func(key: <CURSOR>nothing); }") == []
    assert definitions("interface api { get: <CURSOR>func(); }") == []
    assert definitions("interface api { use missing.{i<CURSOR>d}; }") == []
    assert definitions("<CURSOR>") == []


def test_types_that_contain_themselves_end() -> None:
    assert (
        type_definitions("""
        interface a {
            use b.{t};
            f: func(x: <CURSOR>t);
        }
        interface b {
            use a.{t};
        }
    """)
        == []
    )
    assert type_definitions("""
        interface a {
            type t = u;
            type u = t;
            f: func(x: <CURSOR>t);
        }
    """) == ["app.wit:3: type [u] = t;"]


def test_the_type_of_a_field_or_a_function_is_the_named_types_in_it() -> None:
    point = """
        interface shapes {
            record point { x: s32 }
            record size { w: u32 }
            record box { at: option<point>, size: size }
            area: func(of: box) -> result<tuple<size, point>>;
        }
    """
    record, size = "app.wit:2: record [point] { x: s32 }", "app.wit:3: record [size] { w: u32 }"
    assert type_definitions(point.replace("{ at", "{ <CURSOR>at")) == [record]
    assert type_definitions(point.replace("area", "<CURSOR>area")) == [size, record]


def test_the_full_span_is_the_whole_definition() -> None:
    place = scene("""
        interface types {
            /// A place.
            record point {
                x: s32,
            }
            read: func(at: p<CURSOR>oint);
        }
    """)
    (found,) = definition(place.snapshot, place.file, place.offset)
    assert place.text[slice(*found.full)] == "record point {\n        x: s32,\n    }"


def test_a_file_of_no_root_is_its_own_package() -> None:
    place = scene("interface other {}")
    text = "interface a { type id = u8; }\ninterface b { use a.{id}; }"
    place.workspace.set_text("/elsewhere/one.wit", text)
    (found,) = definition(place.snapshot, "/elsewhere/one.wit", text.index("{id}") + 1)
    assert (found.file, text[slice(*found.span)]) == ("/elsewhere/one.wit", "id")
