from inline_snapshot import snapshot
from support.workspaces import scene

from dataflare_lsp.features.sites import NoSite, sites_in


def stops(written: str) -> str:
    """The text, each line with the line and the function that a breakpoint there would be for, or why there is none."""
    place = scene(written)
    source = place.snapshot.source(place.file)
    sites = sites_in(place.snapshot, place.file)
    lines = []
    for number in range(len(source.lines)):
        found = sites.at(number)
        if isinstance(found, NoSite):
            lines.append(f"{source.lines.line(number):50} - {found.reason}")
        else:
            moved = "" if found.start.line == number else f"{found.start.line - number:+} "
            lines.append(f"{source.lines.line(number):50} {moved}{found.function}")
    return "\n".join(lines)


def test_a_line_is_for_its_function_or_the_next_in_the_same_block() -> None:
    assert stops("""
        package dataflare:core@1.0.0;

        /// What to say.
        interface logging {
            enum level { info, warn }

            /// Say something.
            @since(version = 1.0.0)
            log: func(level: level,
                      message: string);
            flush: func();

            type unused = u8;
        }

        interface types {
            type id = u64;
        }
    """) == snapshot("""\
package dataflare:core@1.0.0;                      +8 dataflare:core/logging#log
                                                   +7 dataflare:core/logging#log
/// What to say.                                   +6 dataflare:core/logging#log
interface logging {                                +5 dataflare:core/logging#log
    enum level { info, warn }                      +4 dataflare:core/logging#log
                                                   +3 dataflare:core/logging#log
    /// Say something.                             +2 dataflare:core/logging#log
    @since(version = 1.0.0)                        +1 dataflare:core/logging#log
    log: func(level: level,                        dataflare:core/logging#log
              message: string);                    -1 dataflare:core/logging#log
    flush: func();                                 dataflare:core/logging#flush
                                                   - no function follows in interface `logging`
    type unused = u8;                              - no function follows in interface `logging`
}                                                  - no function follows in interface `logging`
                                                   - no function follows in interface `types`
interface types {                                  - no function follows in interface `types`
    type id = u64;                                 - no function follows in interface `types`
}                                                  - no function follows in interface `types`
                                                   - no function follows in this file\
""")


def test_methods_are_functions() -> None:
    assert stops("""
        package wasi:http;
        interface types {
            resource fields {
                constructor();
                /// All at once.
                from-list: static func(entries: list<string>)
                    -> fields;
                get: func(name: string) -> string;

            }
        }
    """) == snapshot("""\
package wasi:http;                                 +3 wasi:http/types#[constructor]fields
interface types {                                  +2 wasi:http/types#[constructor]fields
    resource fields {                              +1 wasi:http/types#[constructor]fields
        constructor();                             wasi:http/types#[constructor]fields
        /// All at once.                           +1 wasi:http/types#[static]fields.from-list
        from-list: static func(entries: list<string>) wasi:http/types#[static]fields.from-list
            -> fields;                             -1 wasi:http/types#[static]fields.from-list
        get: func(name: string) -> string;         wasi:http/types#[method]fields.get
                                                   - no function follows in interface `types`
    }                                              - no function follows in interface `types`
}                                                  - no function follows in interface `types`
                                                   - no function follows in this file\
""")


def test_a_world_has_functions_of_its_own() -> None:
    assert stops("""
        package acme:plugin;
        world plugin {
            import dataflare:core/logging@1.0.0;
            export data-processor;
            import now: func() -> u64;
            import clock: interface {
                resolution: func() -> u64;
            }
            export run: func();
        }
    """) == snapshot("""\
package acme:plugin;                               +4 now
world plugin {                                     +3 now
    import dataflare:core/logging@1.0.0;           - this line is about a whole interface: set a function breakpoint on `dataflare:core/logging#*` instead
    export data-processor;                         - this line is about a whole interface: set a function breakpoint on `data-processor#*` instead
    import now: func() -> u64;                     now
    import clock: interface {                      +1 clock#resolution
        resolution: func() -> u64;                 clock#resolution
    }                                              +1 run
    export run: func();                            run
}                                                  - no function follows in world `plugin`
                                                   - no function follows in this file\
""")


def test_the_package_may_be_named_in_another_file() -> None:
    place = scene("""
        //- host.wit
        package dataflare:core@1.0.0;
        //- logging.wit
        interface logging { log<CURSOR>: func(); }
    """)
    assert [site.function for site in sites_in(place.snapshot, place.file).all] == ["dataflare:core/logging#log"]


def test_what_is_read_from_a_component_has_packages_in_packages() -> None:
    assert stops("""
        package root:component;
        world root {
            import dataflare:core/logging@1.0.0;
        }
        package dataflare:core@1.0.0 {
            interface logging {
                log: func();
            }
        }
    """) == snapshot("""\
package root:component;                            +6 dataflare:core/logging#log
world root {                                       - no function follows in world `root`
    import dataflare:core/logging@1.0.0;           - this line is about a whole interface: set a function breakpoint on `dataflare:core/logging#*` instead
}                                                  - no function follows in world `root`
package dataflare:core@1.0.0 {                     +2 dataflare:core/logging#log
    interface logging {                            +1 dataflare:core/logging#log
        log: func();                               dataflare:core/logging#log
    }                                              - no function follows in interface `logging`
}                                                  - no function follows in this file
                                                   - no function follows in this file\
""")


def test_half_typed_text_has_the_functions_that_can_be_read() -> None:
    assert stops("""
        package a:b;
        interface i {
            f: func(
            g: func();
            : func();
    """) == snapshot("""\
package a:b;                                       +2 a:b/i#f
interface i {                                      +1 a:b/i#f
    f: func(                                       a:b/i#f
    g: func();                                     a:b/i#g
    : func();                                      - no function follows in interface `i`
                                                   - no function follows in this file\
""")


def test_a_file_without_functions_says_so() -> None:
    assert stops("package a:b; interface types { type id = u64; }") == snapshot(
        "package a:b; interface types { type id = u64; }    - this file declares no functions: a plugin is stopped where it calls one or one is called"
    )


def test_of_several_on_a_line_the_column_picks_one() -> None:
    place = scene("package a:b; interface i { f: func(); g: func(); }")
    functions = []
    for column in (0, 27, 36, 38, 60):
        found = sites_in(place.snapshot, place.file).at(0, column)
        assert not isinstance(found, NoSite)
        functions.append(found.function[-1])
    assert functions == ["f", "f", "f", "g", "g"]


def test_a_line_that_is_not_there_has_none() -> None:
    place = scene("package a:b; interface i { f: func(); }")
    assert sites_in(place.snapshot, place.file).at(7) == NoSite("the file ends before this line")
    assert sites_in(place.snapshot, place.file).at(-1) == NoSite("the file ends before this line")


def test_the_functions_of_some_lines() -> None:
    place = scene("""
        package a:b;
        interface i {
            f: func();
            g: func(
            );
            h: func();
        }
    """)
    assert [site.function for site in sites_in(place.snapshot, place.file).between(3, 4)] == ["a:b/i#g"]
