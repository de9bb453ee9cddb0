"""The rules of names, types, worlds and packages, as a user's screen shows them."""

from support.screens import ROOT, assert_judged, workspace


def test_a_type_that_nothing_defines() -> None:
    """A name one letter off is named; one that another interface has is offered with its `use`."""
    assert_judged("""
        package corp:app;
        interface types {
            record data-record { id: string }
        }
        interface api {
            record point { x: s32 }
            move: func(by: pont) -> nowhere;
                         # ^^^^ error[unresolved-name]: no type `pont` in interface `api` -- did you mean `point`?
                                  # ^^^^^^^ error[unresolved-name]: no type `nowhere` in interface `api`
            read: func() -> data-record;
                          # ^^^^^^^^^^^ error[unresolved-name]: no type `data-record` in interface `api`
            write: func(record: data-recrod);
                      # ^^^^^^ error[keyword-as-name]: expected a name for the parameter, found the keyword `record` -- a name like this is written `%record`
                              # ^^^^^^^^^^^ error[unresolved-name]: no type `data-recrod` in interface `api` -- did you mean `data-record`?
            add: func(a: float32, b: int);
                       # ^^^^^^^ error[unresolved-name]: no type `float32` in interface `api` -- WIT calls it `f32`
                                   # ^^^ error[unresolved-name]: no type `int` in interface `api` -- WIT calls it `s32`
        }
    """)


def test_a_function_is_no_type() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            run: func();
            again: func(what: run);
                            # ^^^ error[not-a-type]: `run` is a function, not a type
        }
        interface user {
            use api.{run};
                   # ^^^ error[not-a-type]: `run` is a function of `api`; only types can be used
        }
    """)


def test_use_of_what_an_interface_does_not_have() -> None:
    assert_judged("""
        package corp:app;
        interface types {
            type id = u64;
        }
        interface api {
            use types.{ids, nothing};
                     # ^^^ error[unresolved-name]: no type `ids` in interface `types` -- did you mean `id`?
                          # ^^^^^^^ error[unresolved-name]: no type `nothing` in interface `types`
            use typos.{id};
              # ^^^^^ error[unresolved-interface]: no interface or world `typos` in this package -- did you mean `types`?
            use elsewhere:pkg/iface.{a};
              # ^^^^^^^^^^^^^ error[unresolved-package]: no package `elsewhere:pkg`
        }
    """)


def test_a_used_name_whose_path_is_wrong_is_not_reported_again() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            use missing.{a, b as c};
              # ^^^^^^^ error[unresolved-interface]: no interface or world `missing` in this package
            f: func(x: a) -> c;
        }
    """)


def test_worlds_and_interfaces_are_not_each_other() -> None:
    assert_judged("""
        package corp:app;
        world w {}
        interface i {}
        interface api {
            use w.{t};
              # ^ error[wrong-kind]: `w` is a world, not an interface
        }
        world other {
            include i;
                  # ^ error[wrong-kind]: `i` is an interface, not a world
            import w;
                 # ^ error[wrong-kind]: `w` is a world, not an interface
        }
    """)


def test_a_dependency_in_another_version() -> None:
    assert_judged("""
        //- app.wit
        package corp:app;
        world w {
            import corp:base/types@2.0.0;
                 # ^^^^^^^^^ error[unresolved-package]: no package `corp:base@2.0.0` -- found instead: `corp:base@1.0.0`
            import corp:bse/types@1.0.0;
                 # ^^^^^^^^ error[unresolved-package]: no package `corp:bse@1.0.0` -- did you mean `corp:base`?
            import corp:base/typs@1.0.0;
                           # ^^^^ error[unresolved-interface]: no interface or world `typs` in package `corp:base@1.0.0` -- did you mean `types`?
        }
        //- deps/base.wit
        package corp:base@1.0.0;
        interface types {}
    """)


def test_names_stand_once_in_an_interface() -> None:
    """Types come first, then functions; case and `-` do not tell names apart."""
    assert_judged("""
        package corp:app;
        interface api {
            f: func();
          # ^ error[duplicate-name]: `f` is already defined in interface `api`
            record f { a: u32 }
            type t = u32;
            type t = u64;
               # ^ error[duplicate-name]: `t` is already defined in interface `api`
            type foo-bar = u8;
            type foobar = u8;
               # ^^^^^^ error[duplicate-name]: `foobar` differs from `foo-bar` only in case or `-`, which does not count
            resource r {
                constructor();
                r: func();
              # ^ error[duplicate-name]: `r` is already defined in interface `api`
                m: func();
                m: static func();
              # ^ error[duplicate-name]: `m` is already defined in resource `r`
            }
        }
    """)


def test_parts_of_a_type_have_different_names() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            record point { x: s32, y: s32, x: s32 }
                                         # ^ error[duplicate-field]: field `x` is already defined in `point`
            variant v { a, b(u32), a }
                                 # ^ error[duplicate-field]: case `a` is already defined in `v`
            enum e { a-b, AB }
                        # ^^ error[duplicate-field]: case `AB` differs from `a-b` only in case or `-`, which does not count
            flags fl { a, a }
                        # ^ error[duplicate-field]: flag `a` is already defined in `fl`
            f: func(x: u32, x: u64);
                          # ^ error[duplicate-parameter]: parameter `x` of `f` is already defined
            resource r { m: func(self: u32); }
                               # ^^^^ error[duplicate-parameter]: parameter `self` of `m` clashes with the `self` that every method has
        }
    """)


def test_types_without_parts() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            record r {}
                 # ^ warning[empty-type]: record `r` should have at least one field -- today's tools refuse an empty one
            variant v {}
                  # ^ error[empty-variant]: `v` must have at least one case -- without a case it has no value
            enum e {}
               # ^ error[empty-variant]: `e` must have at least one case -- without a case it has no value
            flags fl {}
                # ^^ warning[empty-type]: flags `fl` should have at least one flag -- today's tools refuse an empty one
            type t = tuple<>;
                   # ^^^^^^^ warning[empty-type]: a tuple should have at least one element
        }
    """)


def test_too_many_flags() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            flags many { a1, a2, a3, a4, a5, a6, a7, a8, b1, b2, b3, b4, b5, b6, b7, b8, c1, c2, c3, c4, c5, c6, c7, c8, d1, d2, d3, d4, d5, d6, d7, d8, e1, e2 }
                                                                                                                                                       # ^^ error[too-many-flags]: flags `many` has 34 flags; the limit is 32
        }
    """)


def test_types_that_contain_themselves() -> None:
    """Each circle is one mistake, however many types lead into it."""
    assert_judged("""
        package corp:app;
        interface api {
            type own-tail = list<own-tail>;
                               # ^^^^^^^^ error[cyclic-type]: type `own-tail` contains itself -- WIT values are finite: refer to it by a resource handle or an index
            record a { b: option<b> }
                               # ^ error[cyclic-type]: type `a` contains itself: `a` → `b` → `c` → `a` -- WIT values are finite: refer to it by a resource handle or an index
            variant b { c(c) }
            type c = tuple<u8, a>;
            type into = a;
        }
    """)


def test_handles_need_resources() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            resource r;
            type alias = r;
            record rec { a: borrow<alias> }
            enum e { x }
            f: func(a: borrow<rec>, b: own<e>, c: borrow<missing>);
                            # ^^^ error[not-a-resource]: `borrow<rec>` needs a resource, and `rec` is a record
                                         # ^ error[not-a-resource]: `own<e>` needs a resource, and `e` is an enum
                                                       # ^^^^^^^ error[unresolved-name]: no type `missing` in interface `api`
        }
        interface user {
            use api.{rec, r};
            g: func(a: borrow<rec>, b: borrow<r>);
                            # ^^^ error[not-a-resource]: `borrow<rec>` needs a resource, and `rec` is a record
        }
    """)


def test_borrows_cannot_be_returned() -> None:
    """Not directly, not in a record, not through a `use`."""
    assert_judged("""
        //- app.wit
        package corp:app;
        interface api {
            use corp:base/types.{view};
            resource r { peek: func() -> borrow<r>; }
                       # ^^^^ error[borrowed-result]: `peek` returns a borrowed handle, which cannot outlive the call -- return an owned handle instead
            record holder { it: list<borrow<r>> }
            type alias = option<holder>;
            a: func() -> alias;
          # ^ error[borrowed-result]: `a` returns a borrowed handle, which cannot outlive the call -- `alias` contains a `borrow<…>`
            b: func() -> result<view>;
          # ^ error[borrowed-result]: `b` returns a borrowed handle, which cannot outlive the call -- `view` contains a `borrow<…>`
            c: func(x: view) -> own<r>;
        }
        //- deps/base.wit
        package corp:base;
        interface types {
            resource t;
            record view { t: borrow<t> }
        }
    """)


def test_constructors_return_their_resource_or_a_result_of_it() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            type made = result<c>;
            resource a { constructor() -> result<a, string>; }
            resource b { constructor() -> b; }
                                        # ^ error[invalid-constructor]: the constructor of `b` can return only a `result` of it -- write `result<b>` or `result<b, error>`, or leave it out
            resource c { constructor() -> made; }
            resource d { constructor() -> result<string>; }
                                               # ^^^^^^ error[invalid-constructor]: the `ok` type of the constructor of `d` must be `d` itself
            resource e { constructor() -> result; }
                                        # ^^^^^^ error[invalid-constructor]: the `ok` type of the constructor of `e` must be `e` itself
        }
    """)


def test_accessors() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            a: get() -> u32;
            a: set(v: u32);
            b: set(v: u32);
          # ^ error[missing-getter]: setter `b` has no getter beside it -- add `b: get() -> type;`
            c: get(x: u32) -> u32;
                 # ^ error[invalid-accessor]: getter `c` cannot have parameters
            d: get();
             # ^^^ error[invalid-accessor]: getter `d` must return a value -- add `-> type`
            e: get() -> u32;
            e: set();
             # ^^^ error[invalid-accessor]: setter `e` must have exactly one parameter
            f: get() -> u32;
            f: set(v: u32) -> u32;
                            # ^^^ error[invalid-accessor]: setter `f` can return only a `result` without an `ok` type -- write `result` or `result<_, error>`, or leave it out
            resource r {
                p: set(v: u32);
              # ^ error[missing-getter]: setter `p` has no getter beside it -- add `p: get() -> type;`
            }
        }
    """)


def test_map_keys() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            type name = string;
            type a = map<string, list<u8>>;
            type b = map<name, u8>;
                       # ^^^^ error[invalid-map-key]: `name` cannot be the key of a map -- a key is bool, char, string or an integer type, written out
            type c = map<f32, u8>;
                       # ^^^ error[invalid-map-key]: `f32` cannot be the key of a map -- a key is bool, char, string or an integer type, written out
        }
    """)


def test_gates_that_contradict_each_other() -> None:
    assert_judged("""
        package corp:app@1.0.0;
        interface api {
            @since(version = 1.0.0)
          # ^^^^^^^^^^^^^^^^^^^^^^^ error[conflicting-gates]: an item is either `@since` a version or `@unstable`, not both
            @unstable(feature = x)
            a: func();
            @deprecated(version = 1.0.0)
          # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[conflicting-gates]: `@deprecated` needs an `@since` or `@unstable` beside it -- say since when the item exists
            b: func();
            @since(version = 1.0.0)
            @since(version = 0.9.0)
          # ^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-gate]: `@since` is given twice
            c: func();
        }
    """)


def test_since_what_the_package_has_not_reached() -> None:
    assert_judged("""
        //- app.wit
        package corp:app@1.0.0;
        @since(version = 1.1.0)
        interface api {
                # ^^^ error[future-gate]: `@since(version = 1.1.0)` is later than this package's version, 1.0.0
            @since(version = 2.0.0)
            type t = u32;
               # ^ error[future-gate]: `@since(version = 2.0.0)` is later than this package's version, 1.0.0
            @since(version = 1.0.0-rc.1)
            f: func();
        }
        world w {
            @since(version = 3.0.0)
            import api;
                 # ^^^ error[future-gate]: `@since(version = 3.0.0)` is later than this package's version, 1.0.0
        }
        //- deps/base.wit
        package corp:base;
        interface types {
            @since(version = 1.0.0)
            type t = u32;
               # ^ error[unversioned-gate]: `@since` needs a package with a version, and `corp:base` has none -- add the version to the `package` header
        }
    """)


def test_what_a_feature_switches_off_cannot_be_read() -> None:
    assert_judged("""
        package corp:app@1.0.0;
        interface types {
            @unstable(feature = new)
            type t = u32;
            record r { t: t }
                        # ^ error[inactive-item]: `t` exists only with the feature `new`, which is not active -- gate this with `@unstable(feature = new)` too
            @unstable(feature = new)
            f: func(x: t);
            g: func() -> t;
                       # ^ error[inactive-item]: `t` exists only with the feature `new`, which is not active -- gate this with `@unstable(feature = new)` too
        }
        interface api {
            use types.{t};
                     # ^ error[inactive-item]: `t` exists only with the feature `new`, which is not active -- gate this with `@unstable(feature = new)` too
        }
        @unstable(feature = new)
        interface fresh {
            type ungated = u8;
               # ^^^^^^^ error[ungated-type]: type `ungated` is always there, but interface `fresh` is not: its feature is not active -- give the type the same `@unstable` gate
        }
        world w {
            import fresh;
                 # ^^^^^ error[inactive-item]: `fresh` exists only with the feature `new`, which is not active -- gate this with `@unstable(feature = new)` too
        }
    """)


def test_imports_and_exports_stand_once() -> None:
    assert_judged("""
        package corp:app;
        interface i {}
        world w {
            import i;
            import i;
                 # ^ error[duplicate-name]: interface `i` is imported already
            import x: func();
                 # ^ error[duplicate-name]: import `x` is already defined in world `w`
            import x: i;
                 # ^ error[duplicate-name]: import `x` is already defined in world `w`
            import X: func();
                 # ^ error[duplicate-name]: import `X` differs from an earlier one only in case, `-` or form, which does not count
            export x: func();
            type x = u32;
        }
    """)


def test_includes_that_clash() -> None:
    assert_judged("""
        package corp:app;
        world base {
            import a: func();
            export run: func();
            import types;
        }
        interface types {}
        world clash {
            import a: func();
            include base;
                  # ^^^^ error[shadowed-include]: import `a` of `base` clashes with another import of this world -- rename it: `with { a as … }`
        }
        world renamed {
            import a: func();
            include base with { a as b, types as t, rum as fun }
                                      # ^^^^^ error[unknown-rename]: world `base` has no plain name `types` to rename -- it is an interface by its own name, which cannot be renamed
                                                  # ^^^ error[unknown-rename]: world `base` has no plain name `rum` to rename -- did you mean `run`?
        }
        world missing {
            include bse;
                  # ^^^ error[unresolved-interface]: no interface or world `bse` in this package -- did you mean `base`?
        }
    """)


def test_an_export_that_needs_an_interface_in_two_ways() -> None:
    assert_judged("""
        package corp:app;
        interface a { type t = u32; }
        interface b { use a.{t}; }
        interface c { use a.{t}; use b.{t as t2}; }
        world w {
            # ^ error[conflicting-export]: world `w` exports `c`, which needs `a` both as an import and as this world's export -- export the interfaces between `c` and `a` as well, or do not export `a`
            export a;
            export c;
        }
        world fine {
            export a;
            export b;
            export c;
        }
    """)


def test_interfaces_in_a_circle() -> None:
    assert_judged("""
        package corp:app;
        interface a { use b.{t}; type u = u32; }
        interface b { use a.{u}; type t = u32; }
                # ^ error[cyclic-item]: interface `b` uses itself: `b` → `a` → `b` -- move what they share into an interface of its own
        world v { include w; }
        world w { include v; }
            # ^ error[cyclic-item]: world `w` includes itself: `w` → `v` → `w`
    """)


def test_packages_in_a_circle() -> None:
    assert_judged("""
        //- app.wit
        package corp:app;
        world w { import corp:one/i; }
        //- deps/one.wit
        package corp:one;
        interface i { use corp:two/i.{t}; type u = u32; }
        //- deps/two.wit
        package corp:two;
        interface i { use corp:one/i.{u}; type t = u32; }
                        # ^^^^^^^^ error[cyclic-package]: package `corp:two` depends on itself: `corp:two` → `corp:one` → `corp:two`
    """)


def test_files_of_one_directory_are_one_package() -> None:
    assert_judged("""
        //- a.wit
        package corp:app;
        interface x {}
        //- b.wit
        package corp:other;
              # ^^^^^^^^^^ error[package-mismatch]: this file is of package `corp:other`, and another one beside it of `corp:app` -- the files of one directory make up one package
        interface x {}
                # ^ error[duplicate-name]: `x` is already defined in this package
        //- c.wit
        use x as y;
        use x as y;
               # ^ error[duplicate-name]: the name `y` is already taken in this file
        world w { import y; import x; }
                                 # ^ error[duplicate-name]: interface `x` is imported already
    """)


def test_imports_and_exports_of_interfaces_stand_once_whatever_is_switched_off() -> None:
    assert_judged("""
        package corp:app;
        interface i {}
        world w {
            @unstable(feature = off)
            import i;
            import i;
                 # ^ error[duplicate-name]: interface `i` is imported already
            @unstable(feature = off)
            export corp:other/i;
            @unstable(feature = off)
            export corp:other/i;
                            # ^ error[duplicate-name]: interface `i` is exported already
            @unstable(feature = off)
            export corp:other/nowhere;
            @unstable(feature = off)
            export corp:other/nowhere;
                            # ^^^^^^^ error[duplicate-name]: interface `nowhere` is exported already
            @unstable(feature = off)
            export other: corp:other/i;
        }
        //- deps/other.wit
        package corp:other;
        @unstable(feature = off)
        interface i {}
    """)


def test_interfaces_of_a_package_that_does_not_say_its_name_stand_once_all_the_same() -> None:
    assert_judged("""
        package corp:app;
        world w {
            import corp:other/i;
            import corp:other/i;
                            # ^ error[duplicate-name]: interface `i` is imported already
        }
        //- deps/other.wit
        interface i {}
      # ^ error[missing-package-header]: this file does not name its package -- add `package namespace:name;` at the top
    """)


def test_a_name_that_leads_to_something_switched_off_is_reported_where_it_leads_there() -> None:
    assert_judged("""
        package corp:app;
        use corp:other/i as j;
                     # ^ error[inactive-item]: `i` exists only with the feature `off`, which is not active
        world w { import j; }
        //- deps/other.wit
        package corp:other;
        @unstable(feature = off)
        interface i {}
    """)


def test_a_package_without_a_name() -> None:
    assert_judged("""
        interface x {}
      # ^ error[missing-package-header]: this file does not name its package -- add `package namespace:name;` at the top
    """)


def test_packages_of_the_same_name() -> None:
    assert_judged("""
        //- app.wit
        package corp:app;
        package corp:base { interface a {} }
        package corp:base { interface b {} }
              # ^^^^^^^^^ error[duplicate-package]: package `corp:base` is already defined
        //- deps/base.wit
        package corp:base;
              # ^^^^^^^^^ error[duplicate-package]: package `corp:base` is already defined
    """)


def test_top_level_uses() -> None:
    assert_judged("""
        //- app.wit
        package corp:app;
        use corp:base/types as base-types;
        use corp:base/world-of-base;
                    # ^^^^^^^^^^^^^ error[wrong-kind]: `world-of-base` is a world; a top-level `use` of another package names an interface -- include the world by its full path
        use corp:base/nothing;
                    # ^^^^^^^ error[unresolved-interface]: no interface or world `nothing` in package `corp:base`
        use missing;
          # ^^^^^^^ error[unresolved-interface]: no interface or world `missing` in this package
        use types as mine;
      # ^^^^^^^^^^^^^^^^^^ warning[unused-use]: `mine` is never used in this file
        interface types { use base-types.{t}; }
        //- deps/base.wit
        package corp:base;
        interface types { type t = u8; }
        world world-of-base {}
    """)


def test_a_use_after_a_definition_of_the_same_name() -> None:
    """The reference drops the definition without a word."""
    assert_judged("""
        package corp:app;
        interface types { type t = u8; }
        interface api {
            type t = u32;
               # ^ warning[shadowed-type]: this `t` counts for nothing: a later `use` brings another `t`
            use types.{t};
        }
        interface refused {
            use types.{t};
            type t = u32;
               # ^ error[duplicate-name]: `t` is already defined in interface `refused`
        }
        interface twice {
            type t = u32;
               # ^ warning[shadowed-type]: this `t` counts for nothing: a later `use` brings another `t`
            resource t;
                   # ^ error[duplicate-name]: `t` is already defined in interface `twice`
            use types.{t};
        }
        world gated {
            @unstable(feature = off)
            type t = u32;
               # ^ warning[shadowed-type]: this `t` counts for nothing: a later `use` brings another `t`
            use types.{t};
        }
        @unstable(feature = off)
        world off {
            resource t;
                   # ^ warning[shadowed-type]: this `t` counts for nothing: a later `use` brings another `t`
            @unstable(feature = off)
            use types.{t};
        }
    """)


def test_inline_interfaces_have_names_of_their_own() -> None:
    assert_judged("""
        package corp:app;
        interface types { record r { a: u8 } }
        world w {
            type t = u32;
            import i: interface {
                use types.{r};
                f: func(x: r) -> t;
                               # ^ error[unresolved-name]: no type `t` in interface `i`
                f: func();
              # ^ error[duplicate-name]: `f` is already defined in interface `i`
            }
            export g: func(x: t) -> rr;
                                  # ^^ error[unresolved-name]: no type `rr` in world `w` -- did you mean `r`?
        }
    """)


def test_the_missing_use_is_added_where_it_belongs() -> None:
    """To the `use` of the interface that is there, else as a new one before everything else."""
    from dataflare_lsp.text import apply_edits

    text = """package corp:app;
interface types {
    record item { id: u64 }
    record other { id: u64 }
}
interface none {
    /// Documented.
    get: func() -> item;
}
interface some {
    use types.{item};
    both: func(a: item, b: other);
}
"""
    space = workspace({"package.wit": text})
    found = space.diagnostics(ROOT, f"{ROOT}/package.wit")
    assert (
        apply_edits(text, [edit for d in found for fix in d.fixes for edit in fix.edits])
        == """package corp:app;
interface types {
    record item { id: u64 }
    record other { id: u64 }
}
interface none {
    use types.{item};

    /// Documented.
    get: func() -> item;
}
interface some {
    use types.{item, other};
    both: func(a: item, b: other);
}
"""
    )


def test_a_misspelt_name_is_one_mistake() -> None:
    """What a name that cannot be one leads to is not asked."""
    assert_judged("""
        package corp:app;
        interface types {
            type byte = u8;
            type word = u16;
        }
        interface api {
            use types.{Word};
                     # ^^^^ error[invalid-identifier]: `Word` is not kebab-case -- write `word`: names are words of one case joined by `-`
            use Types.{byte};
              # ^^^^^ error[invalid-identifier]: `Types` is not kebab-case -- write `types`: names are words of one case joined by `-`
            type user-id = u64;
            get: func(key: userId) -> user_id;
                         # ^^^^^^ error[invalid-identifier]: `userId` is not kebab-case -- write `user-id`: names are words of one case joined by `-`
                                    # ^^^^^^^ error[invalid-identifier]: `user_id` is not kebab-case -- write `user-id`: names are words of one case joined by `-`
        }
    """)


def test_a_type_of_another_interface_comes_before_what_other_languages_call_so() -> None:
    """`byte` is the package's own where it has one; elsewhere it is another word for `u8`."""
    assert_judged("""
        package corp:app;
        interface types {
            type byte = list<bool>;
        }
        interface api {
            get: func() -> byte;
                         # ^^^^ error[unresolved-name]: no type `byte` in interface `api`
            put: func(what: number, all: bytes);
                          # ^^^^^^ error[unresolved-name]: no type `number` in interface `api` -- WIT calls it `f64`
                                       # ^^^^^ error[unresolved-name]: no type `bytes` in interface `api` -- WIT calls it `list<u8>`
        }
    """)


def test_a_resource_has_one_constructor() -> None:
    assert_judged("""
        package corp:app;
        interface api {
            resource r {
                constructor();
                constructor(name: string);
              # ^^^^^^^^^^^ error[duplicate-name]: resource `r` has a constructor already
            }
        }
    """)


def test_a_package_names_what_it_holds_without_itself() -> None:
    """Each path into the own package is a mistake, with the name that is meant."""
    assert_judged("""
        package corp:app@1.0.0;
        interface types {
            type id = u64;
        }
        interface %list {}
        interface api {
            use corp:app/types@1.0.0.{id};
              # ^^^^^^^^ error[cyclic-package]: package `corp:app@1.0.0` depends on itself -- what the package itself holds is named without it: write `types`
        }
        world app {
            import corp:app/types;
                 # ^^^^^^^^ error[unresolved-package]: no package `corp:app` -- this is package `corp:app@1.0.0`, which names what it holds without a package: write `types`
            export corp:app/%list@1.0.0;
                 # ^^^^^^^^ error[cyclic-package]: package `corp:app@1.0.0` depends on itself -- what the package itself holds is named without it: write `%list`
        }
    """)


def test_a_use_at_the_top_that_brings_a_taken_name_is_not_unused_as_well() -> None:
    assert_judged("""
        package corp:app;
        use api;
        interface api {}
                # ^^^ error[duplicate-name]: the name `api` is already taken in this file
    """)


def test_an_interface_that_uses_itself_has_nobody_to_share_with() -> None:
    assert_judged("""
        package corp:app;
        interface api {
                # ^^^ error[cyclic-item]: interface `api` uses itself
            use api.{id};
        }
    """)
