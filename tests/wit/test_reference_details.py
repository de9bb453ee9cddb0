"""Details in which the rules follow the reference, most of them found by the fuzzer."""

from support.screens import assert_judged

ON = frozenset({"on"})


def test_a_circle_is_reported_where_the_first_interface_in_trouble_leads() -> None:
    assert_judged("""
        package corp:app;
        interface leads { use first.{t}; }
        interface first {
                # ^^^^^ error[cyclic-item]: interface `first` uses itself: `first` → `second` → `first` -- move what they share into an interface of its own
            use second.{t};
        }
        interface second { use first.{t}; }
    """)


def test_a_circle_is_reported_once_where_an_interface_uses_itself_as_well() -> None:
    assert_judged("""
        package corp:app;
        interface one { use two.{t}; use one.{t as u}; }
        interface two {
                # ^^^ error[cyclic-item]: interface `two` uses itself: `two` → `one` → `two` -- move what they share into an interface of its own
            use one.{t};
        }
    """)


def test_a_package_that_depends_on_itself_is_reported_at_each_path() -> None:
    """The first is the reference's."""
    assert_judged("""
        package corp:app@1.0.0;
        use corp:app/api@1.0.0 as me;
          # ^^^^^^^^ error[cyclic-package]: package `corp:app@1.0.0` depends on itself -- what the package itself holds is named without it: write `api`
        world w { import me; }
        interface api {}
        world v { import corp:app/api@1.0.0; }
                       # ^^^^^^^^ error[cyclic-package]: package `corp:app@1.0.0` depends on itself -- what the package itself holds is named without it: write `api`
    """)


def test_a_use_that_is_switched_off_asks_nothing_of_another_package() -> None:
    """Neither by the full path nor by a name that a `use` at the top gives it."""
    assert_judged("""
        package corp:app;
        use corp:base/types as base;
        interface api {
            @unstable(feature = off)
            use base.{gated, nothing};
            @unstable(feature = off)
            use corp:base/types.{gated as again};
        }
        package corp:base {
            interface types {
                @unstable(feature = off)
                enum gated { a }
            }
        }
    """)


# Types written in place --------------------------------------------------------------------------------------------


def test_a_type_written_in_place_goes_with_the_definition_that_writes_it_first() -> None:
    """Types come before functions; what has names in it is one type in its interface only. Each is reported once."""
    assert_judged("""
        package corp:app;
        interface api {
            early: func(a: tuple<u8>) -> option<thing>;
                         # ^^^^^^^^^ error[inactive-item]: `tuple<u8>` is written in `gated` first, which exists only with the feature `off`, and that is not active -- define a `type` for it, and use that in `gated`
                                       # ^^^^^^^^^^^^^ error[inactive-item]: `option<thing>` is written in `gated` first, which exists only with the feature `off`, and that is not active -- define a `type` for it, and use that in `gated`
            @unstable(feature = off)
            record gated { a: list<tuple<u8>>, b: option<thing> }
            enum thing { one }
            later: func(a: tuple<u8>);
        }
        interface other {
            use api.{thing};
            type named = tuple<u8>;
            record r {
                a: string,
                b: list<
              # ^ error[inactive-item]: `tuple<u8>` is written in `gated` first, which exists only with the feature `off`, and that is not active -- define a `type` for it, and use that in `gated`
                    tuple<u8>>,
                c: option<thing>,
            }
        }
    """)


def test_a_type_written_in_place_stays_where_something_else_writes_it_first() -> None:
    assert_judged("""
        package corp:app;
        interface user {
            use base.{thing};
            record before { b: option<thing>, c: stream<u8>, d: future }
            @unstable(feature = off)
            record gated { a: list<u8>, b: option<thing>, c: stream<u8>, d: future }
            @unstable(feature = off)
            function: func(a: list<bool>);
            f: func(a: list<u8>, b: option<thing>, c: list<bool>);
        }
        interface base {
            enum thing { one }
            f: func() -> list<u8>;
        }
    """)


def test_a_method_borrows_its_resource_in_place() -> None:
    assert_judged("""
        package corp:app;
        world w {
            import api: interface {
                @unstable(feature = off)
                type gated = list<borrow<file>>;
                resource file {
                    read: func();
                  # ^^^^ error[inactive-item]: `borrow<file>` is written in `gated` first, which exists only with the feature `off`, and that is not active -- define a `type` for it, and use that in `gated`
                }
            }
        }
    """)


def test_a_type_in_a_function_that_is_switched_off_has_the_gate_of_its_first_part() -> None:
    """So it can be there while another part of it is not."""
    assert_judged(
        """
        package corp:app;
        interface api {
            @unstable(feature = on)
            enum there { a }
            @unstable(feature = off)
            enum absent { a }
            @unstable(feature = off)
            f: func() -> result<there, absent>;
                       # ^^^^^^^^^^^^^^^^^^^^^ error[inactive-item]: `absent` exists only with the feature `off`, which is not active, and the type around it has the gate of another part -- define a `type` for it, with the gate of the function
            @unstable(feature = off)
            g: func() -> result<absent, there>;
            @external-id("no gate")
            type open = u8;
            @unstable(feature = off)
            h: func() -> result<open, absent>;
        }
    """,
        ON,
    )


# What is damaged is reported once ----------------------------------------------------------------------------------


def test_gates_are_not_held_against_a_version_that_cannot_be_read() -> None:
    assert_judged("""
        package corp:app1.0.0;
                       # ^ error[expected-token]: expected `;` or `{` after `package corp:app1`, found `.` -- a version follows an `@`
        interface api {
            @since(version = 1.0.0)
            f: func();
        }
    """)


def test_a_damaged_header_is_the_one_mistake() -> None:
    """It is no other package; gates are not held against it; what may lead to it is not missed."""
    assert_judged("""
        //- a.wit
        package corp:app@1.0.0;
        world w { import corp:base/api@1.0.0; import corp:nameless/api; }
        //- b.wit
        package corp;
                  # ^ error[expected-token]: expected `:` and the name of the package after `corp`, found `;` -- a package is named `namespace:name`
        //- c.wit
        package corp:;
                   # ^ error[expected-name]: expected a name for the package, found `;`
        //- deps/base/a.wit
        package corp:base@1;
                        # ^ error[invalid-version]: `1` is not a full version -- write all three numbers: major.minor.patch
        @since(version = 1.0.0)
        interface api {}
        //- deps/base/b.wit
        package corp:base@1.0.0;
        //- deps/nameless.wit
        interface api {}
      # ^ error[missing-package-header]: this file does not name its package -- add `package namespace:name;` at the top
    """)


def test_what_is_no_name_is_not_what_was_meant() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            enum from_one { a }
               # ^^^^^^^^ error[invalid-identifier]: `from_one` is not kebab-case -- write `from-one`: names are words of one case joined by `-`
            f: func(x: from-ones);
                     # ^^^^^^^^^ error[unresolved-name]: no type `from-ones` in interface `api`
        }
    """)


def test_a_name_that_a_use_gives_to_an_item_of_another_package_is_no_world() -> None:
    """Whatever it leads to, and even where that cannot be known."""
    assert_judged("""
        //- app.wit
        package corp:app;
        use corp:damaged/other;
        world w {
            include other;
                  # ^^^^^ error[wrong-kind]: `other` was named before as an interface -- include the world by its full path only
        }
        //- deps/damaged.wit
        package corp;
                  # ^ error[expected-token]: expected `:` and the name of the package after `corp`, found `;` -- a package is named `namespace:name`
    """)


def test_a_world_that_is_included_is_no_interface_behind_any_gate() -> None:
    """Elsewhere in the package, what is switched off asks nothing of another package."""
    assert_judged("""
        //- app.wit
        package corp:app;
        interface api {
            @unstable(feature = off)
            use corp:base/other.{t};
        }
        world w {
            @unstable(feature = off)
            export corp:base/everything;
                           # ^^^^^^^^^^ error[wrong-kind]: `everything` is a world, not an interface
            @unstable(feature = off)
            include corp:base/everything;
        }
        //- deps/base.wit
        package corp:base;
        world everything {}
        world other {}
    """)
