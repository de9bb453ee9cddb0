"""References: the cursor in a text, and where the same thing is written, each place in brackets.

A place that defines the thing, or that calls it otherwise from there on, has an `=` before it.
"""

from support.workspaces import scene, shown

from dataflare_lsp.features.references import highlights, references


def found(written: str) -> list[str]:
    place = scene(written)
    return [
        ("= " if one.gives else "") + shown(place, one.file, one.span)
        for one in references(place.snapshot, place.file, place.offset)
    ]


TWO = """
    //- api.wit
    interface api {
        use types.{id, key as name};
        get: func(id: id) -> option<name>;
        put: func(name: name);
    }
    //- types.wit
    package corp:app;
    interface types {
        type id = u64;
        type key = list<id>;
    }
    world host {
        import types;
        export api;
    }
"""


def test_a_type_where_it_is_used_and_what_reads_it() -> None:
    everywhere = [
        "api.wit:2: use types.{[id], key as name};",
        "api.wit:3: get: func(id: [id]) -> option<name>;",
        "= types.wit:3: type [id] = u64;",
        "types.wit:4: type key = list<[id]>;",
    ]
    assert found(TWO.replace("type id", "type i<CURSOR>d")) == everywhere
    assert found(TWO.replace("{id,", "{<CURSOR>id,")) == everywhere
    assert found(TWO.replace("(id: id)", "(id: id<CURSOR>)")) == everywhere


def test_what_is_called_otherwise_is_the_same() -> None:
    everywhere = [
        "api.wit:2: use types.{id, [key] as name};",
        "= api.wit:2: use types.{id, key as [name]};",
        "api.wit:3: get: func(id: id) -> option<[name]>;",
        "api.wit:4: put: func(name: [name]);",
        "= types.wit:4: type [key] = list<id>;",
    ]
    assert found(TWO.replace("type key", "type <CURSOR>key")) == everywhere
    assert found(TWO.replace("option<name>", "option<<CURSOR>name>")) == everywhere


def test_an_interface() -> None:
    everywhere = [
        "api.wit:2: use [types].{id, key as name};",
        "= types.wit:2: interface [types] {",
        "types.wit:7: import [types];",
    ]
    assert found(TWO.replace("interface types", "interface <CURSOR>types")) == everywhere
    assert found(TWO.replace("import types", "import typ<CURSOR>es")) == everywhere


def test_a_parameter_is_only_itself() -> None:
    assert found(TWO.replace("(name: name)", "(<CURSOR>name: name)")) == ["= api.wit:4: put: func([name]: name);"]


def test_a_package_where_paths_lead_into_it() -> None:
    written = """
        //- deps/base/types.wit
        package corp:bas<CURSOR>e@1.0.0;
        interface types {
            type id = u64;
        }
        //- app.wit
        package corp:app;
        use corp:base/types@1.0.0 as base;
        interface api {
            use base.{id};
            use corp:base/types@1.0.0.{id as other};
        }
    """
    assert found(written) == [
        "app.wit:2: use [corp:base]/types@1.0.0 as base;",
        "app.wit:5: use [corp:base]/types@1.0.0.{id as other};",
        "= deps/base/types.wit:1: package [corp:base@1.0.0];",
    ]
    assert found(written.replace("bas<CURSOR>e", "base").replace("interface types", "interface <CURSOR>types")) == [
        "app.wit:2: use corp:base/[types]@1.0.0 as base;",
        "= app.wit:2: use corp:base/types@1.0.0 as [base];",
        "app.wit:4: use [base].{id};",
        "app.wit:5: use corp:base/[types]@1.0.0.{id as other};",
        "= deps/base/types.wit:2: interface [types] {",
    ]


def test_what_an_include_renames() -> None:
    written = """
        package corp:app;
        world small {
            import ru<CURSOR>n: func();
        }
        world middle {
            include small with { run as start }
        }
        world large {
            include middle with { start as begin }
        }
    """
    assert found(written) == [
        "= app.wit:3: import [run]: func();",
        "app.wit:6: include small with { [run] as start }",
        "= app.wit:6: include small with { run as [start] }",
        "app.wit:9: include middle with { [start] as begin }",
        "= app.wit:9: include middle with { start as [begin] }",
    ]


def test_a_feature() -> None:
    assert found("""
        package corp:app;
        @unstable(feature = fast)
        interface api {
            @unstable(feature = fa<CURSOR>st)
            get: func();
            @unstable(feature = slow)
            put: func();
        }
    """) == ["app.wit:2: @unstable(feature = [fast])", "app.wit:4: @unstable(feature = [fast])"]


def test_nothing_where_there_is_no_name_or_nobody_knows_it() -> None:
    assert found("interface api {\n<CURSOR>\n}") == []
    assert found("interface api { get: func() -> nowh<CURSOR>ere; }") == []
    assert found("package corp:app@1.<CURSOR>0.0;") == ["= app.wit:1: package [corp:app@1.0.0];"]


def test_highlights_of_what_has_another_name_here() -> None:
    chain = TWO.replace(
        "export api;", "export api;\n        use api.{name as <CURSOR>title, id};\n        type t = title;"
    )
    place = scene(chain)
    assert [shown(place, one.file, one.span) for one in highlights(place.snapshot, place.file, place.offset)] == [
        "types.wit:4: type [key] = list<id>;",
        "types.wit:9: use api.{[name] as title, id};",
        "types.wit:9: use api.{name as [title], id};",
        "types.wit:10: type t = [title];",
    ]


def test_highlights_are_those_of_the_file() -> None:
    place = scene(TWO.replace("type id", "type i<CURSOR>d"))
    assert [shown(place, one.file, one.span) for one in highlights(place.snapshot, place.file, place.offset)] == [
        "types.wit:3: type [id] = u64;",
        "types.wit:4: type key = list<[id]>;",
    ]


def test_a_name_that_an_include_has_taken_away_is_nobodys() -> None:
    assert (
        found("""
        package corp:app;
        world small { import run: func(); }
        world middle { include small with { run as start } }
        world large { include middle with { ru<CURSOR>n as begin } }
    """)
        == []
    )
