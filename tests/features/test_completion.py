from support.workspaces import Scene, scene

from dataflare_lsp.features.completion import Completion, completion, documented
from dataflare_lsp.text import TextEdit, apply_edits

NO_FEATURES: frozenset[str] = frozenset()


def offered(written: str, features: frozenset[str] | None = NO_FEATURES) -> tuple[Scene, list[Completion]]:
    """What is offered at the cursor, in its order."""
    place = scene(written, features)
    items = completion(place.snapshot, place.file, place.offset).items
    for item in items:
        assert item.span.start <= place.offset <= item.span.end
    return place, sorted(items, key=lambda item: item.sort_text)


def labels(written: str, kind: str = "", features: frozenset[str] | None = NO_FEATURES) -> str:
    """The labels of what is offered, or of one kind of it."""
    return " ".join(item.label for item in offered(written, features)[1] if kind in ("", item.kind))


def names(written: str) -> str:
    """The labels of what is offered, without the built-in types."""
    return " ".join(item.label for item in offered(written)[1] if item.kind != "builtin")


def completed(written: str, label: str) -> str:
    """The text after choosing the item with that label."""
    place, items = offered(written)
    (item,) = [item for item in items if item.label == label]
    return apply_edits(place.text, [TextEdit(item.span, item.insert), *item.edits])


# Keywords ------------------------------------------------------------------------------------------------------


def test_what_begins_at_the_top_of_a_file() -> None:
    assert labels("<CURSOR>") == "package use interface world @since @unstable @deprecated"
    assert labels("package a:b;\nint<CURSOR>", "keyword") == "use interface world package"
    assert labels("package a:b { <CURSOR> }", "keyword") == "use interface world"
    assert labels("@since(version = 1.0.0) <CURSOR>") == "interface world @deprecated"


def test_what_begins_in_an_interface_a_world_and_a_resource() -> None:
    types = "use type record variant enum flags resource"
    assert labels("interface a { <CURSOR> }", "keyword") == f"{types} func"
    assert labels("world a { <CURSOR> }", "keyword") == f"import export include {types}"
    assert labels("interface a { resource r { <CURSOR> } }", "keyword") == "constructor func static"
    assert labels("world a { import b: interface { <CURSOR> } }", "keyword") == f"{types} func"


def test_what_follows_a_name() -> None:
    assert labels("interface a { f: <CURSOR>") == "func async func get set"
    assert labels("interface a { f: async <CURSOR>") == "func"
    assert labels("interface a { resource r { f: <CURSOR>") == "func async func static func static async func get set"
    assert labels("world w { import f: <CURSOR>", "keyword") == "func async func interface"
    assert labels("world w { include a <CURSOR>") == "with"
    assert labels("use a:b/c <CURSOR>") == "as"


def test_nothing_is_offered_for_new_names_and_in_comments() -> None:
    assert labels("interface <CURSOR>") == ""
    assert labels("interface a { f: func(<CURSOR>") == ""
    assert labels("interface a { record r { <CURSOR>") == ""
    assert labels("// <CURSOR>") == ""
    assert labels("/// int<CURSOR>\ninterface a {}") == ""


def test_an_item_is_a_snippet() -> None:
    _, items = offered("interface a { rec<CURSOR> }")
    (record,) = [item for item in items if item.label == "record"]
    assert (record.insert, record.snippet) == ("record", "record ${1:name} {\n    ${2:field}: ${3:type},\n}")
    assert record.documentation == "A type made of named fields, all of them always there."


# Types ---------------------------------------------------------------------------------------------------------

TYPES = """
    interface other {
        type id = u64;
    }
    interface api {
        use other.{id};
        record point { x: s32 }
        resource blob;
        type alias = blob;
        get: func(key: MARK);
    }
"""


def test_types_of_the_scope_come_first_then_built_in_ones() -> None:
    shown = labels(TYPES.replace("MARK", "<CURSOR>")).split()
    assert shown[:4] == ["alias", "blob", "id", "point"]
    assert shown[4:].index("u8") < shown[4:].index("list")


def test_types_that_match_what_is_typed() -> None:
    assert labels(TYPES.replace("MARK", "po<CURSOR>")) == "point option"


def test_only_resources_are_lent() -> None:
    assert labels(TYPES.replace("MARK", "borrow<<CURSOR>>")) == "alias blob"


def test_only_some_types_are_keys() -> None:
    assert labels(TYPES.replace("MARK", "map<<CURSOR>")) == "bool char s16 s32 s64 s8 string u16 u32 u64 u8"
    assert "point" in labels(TYPES.replace("MARK", "map<u8, <CURSOR>"))


def test_a_result_may_have_no_value() -> None:
    assert labels(TYPES.replace("MARK", "result<<CURSOR>")).split().count("_") == 1


def test_a_type_is_not_made_of_itself() -> None:
    assert names("interface a { type b = u8; record c { d: <CURSOR> } }") == "b"


def test_types_say_what_they_are() -> None:
    place, items = offered(TYPES.replace("MARK", "<CURSOR>"))
    shown = {item.label: (item.kind, item.detail) for item in items[:4]}
    assert shown == {
        "alias": ("resource", ""),
        "blob": ("resource", ""),
        "id": ("type", "from other"),
        "point": ("record", ""),
    }
    about = next(item.about for item in items if item.label == "id")
    assert about is not None
    assert documented(place.snapshot, place.file, about).startswith("```wit\ntype id = u64\n```")


def test_generic_types_are_snippets() -> None:
    _, items = offered(TYPES.replace("MARK", "res<CURSOR>"))
    (result,) = [item for item in items if item.label == "result"]
    assert (result.insert, result.snippet) == ("result", "result<${1:ok}, ${2:error}>")


def test_a_keyword_as_a_name_is_escaped() -> None:
    written = "interface a { type %record = u8; f: func(x: rec<CURSOR>); }"
    assert completed(written, "record") == "interface a { type %record = u8; f: func(x: %record); }"
    escaped = "interface a { type %record = u8; type size = u8; f: func(x: %s<CURSOR>); }"
    assert completed(escaped, "size").endswith("f: func(x: %size); }")


def test_an_interface_written_in_place_has_its_own_types() -> None:
    assert names("world w { type a = u8; import i: interface { type b = u8; f: func(x: <CURSOR>); } }") == "b"


def test_the_whole_word_is_replaced() -> None:
    assert completed("interface a { type size = u8; f: func(x: si<CURSOR>xe); }", "size").endswith("(x: size); }")


# Types that no `use` brings yet --------------------------------------------------------------------------------

BASE = """\
//- deps/base/types.wit
package corp:base@1.0.0;
interface types {
    /// A key.
    type id = u64;
    type user-id = u64;
    @unstable(feature = soon)
    type item = u64;
}
//- app.wit
package corp:app;
"""


def app(written: str, label: str) -> str:
    """The app of these lines after choosing an item."""
    return completed(BASE + written, label).removeprefix("package corp:app;\n")


def test_a_type_of_another_package_comes_with_a_use() -> None:
    assert (
        app(
            """\
interface api {
    get: func(key: i<CURSOR>);
}
""",
            "id",
        )
        == """\
interface api {
    use corp:base/types@1.0.0.{id};

    get: func(key: id);
}
"""
    )


def test_a_use_of_the_same_interface_takes_the_name() -> None:
    assert (
        app(
            """\
interface api {
    use corp:base/types@1.0.0.{id};
    get: func(key: us<CURSOR>);
}
""",
            "user-id",
        )
        == """\
interface api {
    use corp:base/types@1.0.0.{id, user-id};
    get: func(key: user-id);
}
"""
    )


def test_a_use_with_a_name_to_a_line_stays_so() -> None:
    assert (
        app(
            """\
interface api {
    use corp:base/types@1.0.0.{
        user-id,
        other,
    };
    get: func(key: i<CURSOR>);
}
""",
            "id",
        )
        == """\
interface api {
    use corp:base/types@1.0.0.{
        user-id,
        other,
        id,
    };
    get: func(key: id);
}
"""
    )


def test_a_new_use_follows_the_others() -> None:
    assert (
        app(
            """\
interface more { type size = u8; }
interface api {
  use more.{size};
  /// Gets.
  get: func(key: i<CURSOR>);
}
""",
            "id",
        )
        == """\
interface more { type size = u8; }
interface api {
  use more.{size};
  use corp:base/types@1.0.0.{id};
  /// Gets.
  get: func(key: id);
}
"""
    )


def test_a_top_level_name_is_used_where_there_is_one() -> None:
    assert "use types.{id};" in app("use corp:base/types@1.0.0;\ninterface api { get: func(key: i<CURSOR>); }", "id")


def test_an_interface_on_one_line_stays_on_it() -> None:
    assert app("interface api { get: func(key: i<CURSOR>); }", "id") == (
        "interface api { use corp:base/types@1.0.0.{id}; get: func(key: id); }"
    )


def test_a_world_and_an_interface_in_place_get_their_own() -> None:
    assert app("world w {\n    import get: func(key: i<CURSOR>);\n}", "id") == (
        "world w {\n    use corp:base/types@1.0.0.{id};\n\n    import get: func(key: id);\n}"
    )
    assert app("world w {\n    import a: interface {\n        get: func(key: i<CURSOR>);\n    }\n}", "id") == (
        "world w {\n    import a: interface {\n        use corp:base/types@1.0.0.{id};\n\n"
        "        get: func(key: id);\n    }\n}"
    )


def test_line_breaks_stay_what_they_are() -> None:
    written = "interface b { type id = u8; }\r\ninterface a {\r\n    f: func(x: i<CURSOR>);\r\n}\r\n"
    assert "{\r\n    use b.{id};\r\n\r\n    f: func(x: id);" in completed(written, "id")


def test_a_type_of_a_sibling_file_is_used_by_the_interface_alone() -> None:
    assert (
        completed(
            """
        //- types.wit
        package a:b;
        interface types { type id = u8; }
        //- app.wit
        package a:b;
        interface api { f: func(x: i<CURSOR>); }
        """,
            "id",
        )
        == "package a:b;\ninterface api { use types.{id}; f: func(x: id); }\n"
    )


def test_what_would_be_a_circle_or_is_taken_is_not_offered() -> None:
    circle = "interface a { type id = u8; f: func(x: <CURSOR>); } interface b { use a.{id}; type name = string; }"
    assert names(circle) == "id"
    taken = "interface a { type id = u8; f: func(x: i<CURSOR>); } interface b { type id = u16; }"
    assert names(taken) == "id"


def test_inactive_types_are_not_offered() -> None:
    written = BASE + "interface api { f: func(x: i<CURSOR>); }"
    assert "item" not in labels(written).split()
    assert "item" in labels(written, "", frozenset({"soon"})).split()


def test_more_than_can_be_shown_is_asked_for_again() -> None:
    types = "".join(f"type t{n} = u8; " for n in range(500))
    place = scene(f"interface a {{ {types} f: func(x: <CURSOR>); }}")
    found = completion(place.snapshot, place.file, place.offset)
    assert (len(found.items), found.is_incomplete) == (200, True)


def test_what_begins_as_typed_is_never_left_out() -> None:
    types = "".join(f"type x{n}-u32 = u8; " for n in range(500)) + "type u32-like = u8; "
    written = f"interface a {{ {types} f: func(x: u32<CURSOR>); }} interface b {{ type u32-too = u8; }}"
    assert labels(written).split()[0] == "u32-like"
    assert {"u32", "u32-too"} < set(labels(written).split())


# Names in braces, paths, versions, gates -----------------------------------------------------------------------


def test_names_to_use() -> None:
    assert labels(BASE + "interface api { use corp:base/types@1.0.0.{<CURSOR>} }") == "id user-id"
    assert labels(BASE + "interface api { use corp:base/types@1.0.0.{<CURSOR>, id} }") == "user-id"
    assert labels(BASE + "interface api { use corp:base/types@1.0.0.{id as key, u<CURSOR>}; }") == "user-id"
    assert labels(BASE + "interface api { use corp:base/types@1.0.0.{u<CURSOR>\n f: func(); }") == "user-id"
    assert labels(BASE + "interface api { type id = u8; use corp:base/types@1.0.0.{<CURSOR>}; }") == "user-id"
    assert labels("interface a { use missing.{<CURSOR>}; }") == ""


def test_names_to_use_come_with_their_braces() -> None:
    written = "interface b { type c = u8; }\ninterface a { use b.<CURSOR> }"
    assert completed(written, "c").endswith("interface a { use b.{c}; }")


def test_names_to_rename() -> None:
    worlds = """
        interface i {}
        world inner { import log: func(); export run: func(); }
        world outer { include inner with { log as write } import cache: i; import i; }
        world app { include outer with { MARK } }
    """
    assert labels(worlds.replace("MARK", "<CURSOR>")) == "cache run write"
    assert labels(worlds.replace("MARK", "run as go, <CURSOR>")) == "cache write"


PATHS = (
    BASE
    + """\
use corp:base/types@1.0.0 as keys;
interface one {}
interface two {}
world small {}
world app {
    import one;
    MARK
}
"""
)


def test_paths_in_a_world() -> None:
    assert labels(PATHS.replace("MARK", "import <CURSOR>")) == "keys two corp:base/types@1.0.0"
    assert labels(PATHS.replace("MARK", "export <CURSOR>")) == "keys one two corp:base/types@1.0.0"
    assert labels(PATHS.replace("MARK", "include <CURSOR>")) == "small"
    assert labels(PATHS.replace("MARK", "import corp:<CURSOR>"), "interface") == "corp:base/types@1.0.0"
    assert labels(PATHS.replace("MARK", "import corp:base/<CURSOR>")) == "corp:base/types@1.0.0"
    assert labels(PATHS.replace("MARK", "import other:base/<CURSOR>")) == ""
    assert labels(PATHS.replace("MARK", "import name: t<CURSOR>"), "interface") == "two corp:base/types@1.0.0"


def test_a_path_is_replaced_as_a_whole() -> None:
    written = PATHS.replace("MARK", "import corp:b<CURSOR>/types@1.0;")
    assert "    import corp:base/types@1.0.0;\n" in completed(written, "corp:base/types@1.0.0")


def test_paths_of_a_use() -> None:
    written = BASE + "interface other {}\ninterface api { use <CURSOR> }"
    _, items = offered(written)
    assert [(item.label, item.snippet) for item in items] == [
        ("other", "other.{$1};"),
        ("corp:base/types@1.0.0", "corp:base/types@1.0.0.{$1};"),
    ]
    assert labels(BASE + "use <CURSOR>\ninterface other {}") == "other corp:base/types@1.0.0"


def test_versions() -> None:
    two = "//- deps/new.wit\npackage corp:base@2.0.0;\ninterface types {}\n" + BASE
    assert labels(two + "world w { import corp:base/types@<CURSOR>; }") == "2.0.0 1.0.0"
    assert completed(two + "world w { import corp:base/types@1<CURSOR>; }", "2.0.0").endswith("types@2.0.0; }")
    assert labels(two + "world w { import corp:base/nothing@<CURSOR>; }") == ""


def test_gates() -> None:
    gated = """
        package a:b@1.2.0;
        @unstable(feature = fast)
        interface one {}
        MARK
        interface two {}
    """
    assert completed(gated.replace("MARK", "@si<CURSOR>"), "since").count("@since(version = 1.2.0)") == 1
    assert completed(gated.replace("MARK", "<CURSOR>"), "@since").count("@since(version = 1.2.0)") == 1
    assert completed(gated.replace("MARK", "@since(<CURSOR>)"), "version").count("@since(version = 1.2.0)") == 1
    assert labels(gated.replace("MARK", "@since(version = <CURSOR>)")) == "1.2.0"
    assert labels(gated.replace("MARK", "@since(version = 1.<CURSOR>)")) == "1.2.0"
    assert labels(gated.replace("MARK", "@unstable(feature = <CURSOR>)")) == "fast"
    assert labels(gated.replace("MARK", "@since(version = 1.2.0) @<CURSOR>")) == "deprecated"


def test_a_use_at_the_top_names_no_world_of_another_package() -> None:
    """The reference takes it for an interface; a world of this package may have another name."""
    assert (
        names("""
        //- deps/io/a.wit
        package wasi:io@0.2.1;
        interface streams {}
        world imports {}
        //- a.wit
        package acme:p;
        use <CURSOR>
        interface api {}
        world app {}
    """)
        == "api app wasi:io/streams@0.2.1"
    )


def test_behind_the_last_item_of_a_body_that_is_not_closed_its_items_are_offered() -> None:
    resource = "package a:b;\ninterface x {\n    resource r {\n        m: func();<CURSOR>"
    inline = "package a:b;\nworld w {\n    import x: interface {\n        m: func();\n        <CURSOR>"
    assert labels(resource, "keyword") == "constructor func static"
    assert labels(inline, "keyword") == "use type record variant enum flags resource func"


def test_behind_the_dot_of_a_use_a_brace_is_offered() -> None:
    assert completed("package a:b;\ninterface types {}\ninterface x {\n    use types.<CURSOR>\n}\n", "{…}") == (
        "package a:b;\ninterface types {}\ninterface x {\n    use types.{}\n}\n"
    )
