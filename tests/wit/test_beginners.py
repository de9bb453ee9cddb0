"""What beginners write, with the habits of other languages or half of a word typed: one answer each, and its mend."""

from support.mends import assert_mended
from support.screens import ROOT, assert_judged, workspace


def test_a_built_in_type_in_capitals() -> None:
    """It is written without a `%`, which would make it the name of a type of one's own."""
    assert_judged("""
        package acme:p;
        interface api {
            type name = String;
                      # ^^^^^^ error[invalid-identifier]: `String` is not kebab-case -- write `string`: names are words of one case joined by `-`
            get: func(a: Option) -> Result;
                       # ^^^^^^ error[invalid-identifier]: `Option` is not kebab-case -- write `option<…>`
                                  # ^^^^^^ error[invalid-identifier]: `Result` is not kebab-case -- write `result`: names are words of one case joined by `-`
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            type name = String;
            get: func(a: Bool, Type: list<U8>) -> Result;
        }
        """,
        """
        package acme:p;
        interface api {
            type name = string;
            get: func(a: bool, %type: list<u8>) -> result;
        }
        """,
    )


def test_a_version_in_the_middle_of_a_path() -> None:
    """Said once, wherever a path stands, also of a package that nobody has."""
    assert_judged("""
        package acme:p;
        use wasi:io@0.2.0/poll;
                 # ^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/poll@0.2.0`
        interface api {
            use wasi:io@0.2.0/streams.{input};
                     # ^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/streams@0.2.0`
            use poll.{pollable};
            read: func(source: borrow<input>, until: borrow<pollable>);
        }
        world app {
            import wasi:io@0.2.0-rc.1/streams;
                        # ^^^^^^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/streams@0.2.0-rc.1`
            export wasi:io@0.2.0/%list;
                        # ^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/%list@0.2.0`
            import name: wasi:io@0.2.0/streams;
                              # ^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/streams@0.2.0`
            include wasi:io@0.2.0/imports;
                         # ^^^^^^ error[unexpected-token]: the version stands at the end of a path: `wasi:io/imports@0.2.0`
        }
    """)
    assert_judged("""
        package acme:p;
        world app {
            import wasi:io@0.2.0;
                        # ^ error[expected-token]: expected `/` and an interface after `wasi:io`, found `@`
        }
    """)


def test_a_version_in_the_middle_of_a_path_is_moved() -> None:
    assert_mended(
        """
        package acme:p;
        interface api {
            use wasi:io@0.2.0/streams.{input};
            read: func(source: borrow<input>);
        }
        package wasi:io@0.2.0 {
            interface streams {
                resource input;
            }
        }
        """,
        """
        package acme:p;
        interface api {
            use wasi:io/streams@0.2.0.{input};
            read: func(source: borrow<input>);
        }
        package wasi:io@0.2.0 {
            interface streams {
                resource input;
            }
        }
        """,
    )


def test_half_a_version_names_no_package() -> None:
    """What the rest of it would be, nobody knows."""
    assert_judged("""
        package acme:p;
        world app {
            import wasi:io/streams@0.2;
                                 # ^^^ error[invalid-version]: `0.2` is not a full version -- write all three numbers: major.minor.patch
        }
    """)


def test_half_a_keyword_in_a_world() -> None:
    assert_judged("""
        package acme:p;
        world one { ex }
                  # ^^ error[unexpected-token]: expected `import` or `export` before `ex`: what a world holds is one or the other
        world two {
            e
          # ^ error[unexpected-token]: expected `import` or `export` before `e`: what a world holds is one or the other
        }
        world three {
            e
          # ^ error[unexpected-token]: expected `import` or `export` before `e`: what a world holds is one or the other
            import f: func();
        }
        world four {
            e f: func();
          # ^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `e`
        }
        world five { % }
                   # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
    """)


def test_half_an_attribute() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            f: func();
            @s
           # ^ error[unknown-attribute]: there is no attribute `@s` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
        }
        world app {
            @since(v
                 # ^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `v`
        }
        @s
       # ^ error[unknown-attribute]: there is no attribute `@s` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
    """)


def test_a_percent_sign_without_its_name() -> None:
    assert_judged("""
        package acme:p;
        interface api { % }
                      # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        interface items { type % }
                             # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        interface parts { record r { % } }
                                   # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        interface more {
            f: func(%: u8);
                  # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
            % : func();
          # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        }
    """)


def test_a_record_that_is_being_typed_is_not_empty() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            record r {
            f: func();
          # ^ error[unclosed-brace]: expected `}` to close record `r`, found `f`
        }
    """)


def test_what_stands_before_the_package_header() -> None:
    """The header counts, and is judged as one."""
    assert_judged("""
        junk
      # ^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `junk`
        package acme.foo;
                  # ^ error[expected-token]: expected `:` and the name of the package after `acme`, found `.` -- a package is named `namespace:name`
        interface api {}
    """)
    assert_judged("""
        use api;
      # ^ error[missing-package-header]: this file does not name its package -- add `package namespace:name;` at the top
        package acme:foo;
                      # ^ error[misplaced-package]: `package acme:foo;` must be the first item of its file -- expected `{`, which would start a nested package
        interface api {}
                # ^^^ error[duplicate-name]: the name `api` is already taken in this file
    """)


def test_blanks_that_are_none() -> None:
    """What was copied from a web page is read as it looks."""
    screen = """
        package acme:p;
        interface~c {
               # ^ error[invalid-character]: this is a no-break space, not a plain one
            type~t = u8;~
              # ^ error[invalid-character]: this is a no-break space, not a plain one
                      # ^ error[invalid-character]: this is a no-break space, not a plain one
            f:~func(a: t) -> u33;
            # ^ error[invalid-character]: this is a no-break space, not a plain one
                           # ^^^ error[unresolved-name]: no type `u33` in interface `c` -- did you mean `u32`?
        }
        interface¦d {
               # ^ error[invalid-character]: this is a zero-width space, which nobody sees
            va¦lue: func(a¦: va¦lue-type);
            # ^ error[invalid-character]: this is a zero-width space, which nobody sees
                        # ^ error[invalid-character]: this is a zero-width space, which nobody sees
                             # ^ error[invalid-character]: this is a zero-width space, which nobody sees
            type va¦lue-type = u8;
                 # ^ error[invalid-character]: this is a zero-width space, which nobody sees
        }
    """
    assert_judged(screen.replace("~", "\u00a0").replace("¦", "\u200b"))
    assert_mended(
        "package acme:p;\ninterface\u200bd {\u00a0va\u200blue:\u2060 func(a: u8);\u200b }\n",
        "package acme:p;\ninterface d { value: func(a: u8); }\n",
    )


def test_signs_of_other_keyboards_and_word_processors() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            f: func(a：u32，b: u8)；
                   # ^ error[invalid-character]: `：` means nothing in WIT -- write `:`
                       # ^ error[invalid-character]: `，` means nothing in WIT -- write `,`
                              # ^ error[invalid-character]: `；` means nothing in WIT -- write `;`
            g: func() → u8;
                    # ^ error[invalid-character]: `→` means nothing in WIT -- write `->`
            h: func() –> u8;
                    # ^^ error[expected-token]: expected `->` before the result of `h`, found `–>`
            @external-id(“x”)
                       # ^ error[invalid-character]: `“` means nothing in WIT -- a string stands between straight quotes: `"…"`
            i: func();
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api ｛
            f: func（a：u32，b: u8）;
            g: func() → u8;
            h: func() –> u8;
        ｝
        """,
        """
        package acme:p;
        interface api {
            f: func(a:u32,b: u8);
            g: func() -> u8;
            h: func() -> u8;
        }
        """,
    )


def test_types_as_other_languages_write_them() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            record user {
                name?: string,
                  # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
                age: u8?,
                     # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
            }
            type known = string | u8;
                              # ^ error[invalid-character]: `|` means nothing in WIT -- one of several types is a `variant`, defined by its own name
            f: func(a: &string, b: &mut u8, c: &str, d: &user, e?: u8);
                     # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
                                 # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
                                             # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
                                                      # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
                                                              # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            record user {
                name?: string,
                age: list<u8>?,
            }
            f: func(a: &string, b: &mut u8, e?: u8);
        }
        """,
        """
        package acme:p;
        interface api {
            record user {
                name: option<string>,
                age: option<list<u8>>,
            }
            f: func(a: string, b: u8, e: option<u8>);
        }
        """,
    )


def test_a_type_defined_in_place() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            type user = { name: string };
                      # ^ error[expected-type]: expected a type, found `{` -- a record is defined as `record user { … }`
            type state = { open, shut };
                       # ^ error[expected-type]: expected a type, found `{` -- an enum is defined as `enum state { … }`
            type event = { opened, moved(u8) };
                       # ^ error[expected-type]: expected a type, found `{` -- a variant is defined as `variant event { … }`
            f: func(a: user, b: state, c: event);
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            type user = { name: string };
            type other = record { name: string };
        }
        """,
        """
        package acme:p;
        interface api {
            record user { name: string }
            record other { name: string }
        }
        """,
    )


def test_letters_that_names_do_not_have() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            café: func();
          # ^^^^ error[invalid-identifier]: `café` is not kebab-case -- names are made of the letters a to z, digits and `-`
            f: func(größe: u8);
                  # ^^^^^ error[invalid-identifier]: `größe` is not kebab-case -- names are made of the letters a to z, digits and `-`
        }
    """)


def test_a_name_whose_definition_is_spelt_wrongly() -> None:
    """It is there once that is mended, so nothing is missing."""
    assert_judged("""
        package acme:p;
        interface Orders {
                # ^^^^^^ error[invalid-identifier]: `Orders` is not kebab-case -- write `orders`: names are words of one case joined by `-`
            record LineItem { count: u8 }
                 # ^^^^^^^^ error[invalid-identifier]: `LineItem` is not kebab-case -- write `line-item`: names are words of one case joined by `-`
            f: func(a: line-item);
        }
        interface more {
            use orders.{line-item};
        }
        world w {
            import orders;
        }
    """)


def test_types_that_only_other_languages_have() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            f: func(a: Int, b: any) -> void;
                     # ^^^ error[invalid-identifier]: `Int` is not kebab-case -- write `s32`, or `int` for a type of your own
                             # ^^^ error[unresolved-name]: no type `any` in interface `api` -- WIT has no type for any value: a `variant` names those that there may be
                                     # ^^^^ error[unresolved-name]: no type `void` in interface `api` -- WIT has no type without a value: a function that returns nothing has no `->`
            type callback = func(a: u8);
                          # ^^^^ error[expected-type]: expected a type, found the keyword `func` -- a function is no value: pass a resource that has it
            g: func() -> option<()>;
                              # ^ error[expected-type]: expected a type, found `(` -- WIT has no type without a value
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            f: func() -> result<(), string>;
            g: func() -> result<u8, ()>;
            h: func(a: Int);
        }
        """,
        """
        package acme:p;
        interface api {
            f: func() -> result<_, string>;
            g: func() -> result<u8>;
            h: func(a: int);
        }
        """,
        left=["no type `int` in interface `api`"],
    )


def test_functions_as_other_languages_write_them() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            f: func(u8, list<string>);
                  # ^^ error[expected-name]: expected a name for the parameter, found the keyword `u8` -- a parameter is written `name: u8`
                      # ^^^^ error[expected-name]: expected a name for the parameter, found the keyword `list` -- a parameter is written `name: list<…>`
            g: func() throws nothing-of-this-name;
                    # ^^^^^^ error[expected-token]: expected `->` before the result of `g`, found `throws` -- an error is part of the result: `-> result<_, error>`
                           # ^^^^^^^^^^^^^^^^^^^^ error[unresolved-name]: no type `nothing-of-this-name` in interface `api`
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            f: func(a: u8) returns string;
        }
        """,
        """
        package acme:p;
        interface api {
            f: func(a: u8) -> string;
        }
        """,
    )


def test_words_before_a_definition() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            const limit: u8 = 5;
                # ^^^^^ error[expected-token]: expected `:` and `func` after `const`, found `limit` -- WIT has no constants and variables, only types and functions
            resource file { size: u64; }
                                # ^^^ error[expected-token]: expected `func` after `size:`, found the keyword `u64` -- functions are all that stands here
        }
    """)
    assert_mended(
        """
        package acme:p;
        interface api {
            pub type id = u64;
            public record user { id: id }
            private f: func(a: user);
        }
        """,
        """
        package acme:p;
        interface api {
            type id = u64;
            record user { id: id }
            f: func(a: user);
        }
        """,
    )


def test_what_stands_without_quotes() -> None:
    assert_judged("""
        package acme:p@1.0.0;
        interface api {
            @unstable(feature = "not a name")
                              # ^^^^^^^^^^^^ error[expected-name]: expected a name for the feature, found `"not a name"` -- a feature stands without quotes
            f: func();
        }
    """)
    assert_mended(
        """
        package acme:p@1.0.0;
        interface api {
            @since(version = "1.0.0")
            f: func();
            @since("1.0.0")
            g: func();
            @unstable("fast")
            h: func();
            @unstable(feature = "fast")
            i: func();
        }
        """,
        """
        package acme:p@1.0.0;
        interface api {
            @since(version = 1.0.0)
            f: func();
            @since(version = 1.0.0)
            g: func();
            @unstable(feature = fast)
            h: func();
            @unstable(feature = fast)
            i: func();
        }
        """,
    )


def test_an_alias_of_itself() -> None:
    assert_judged("""
        package acme:p;
        interface api {
            type t = t;
                   # ^ error[cyclic-type]: type `t` contains itself -- an alias stands for another type, and these stand for none
            type a = b;
                   # ^ error[cyclic-type]: type `a` contains itself: `a` → `b` → `a` -- an alias stands for another type, and these stand for none
            type b = a;
            type c = list<c>;
                        # ^ error[cyclic-type]: type `c` contains itself -- WIT values are finite: refer to it by a resource handle or an index
        }
    """)


def test_an_interface_is_no_type() -> None:
    assert_judged("""
        package acme:p;
        interface i {
            f: func(a: own<i>, b: other);
                         # ^ error[unresolved-name]: no type `i` in interface `i` -- `i` is this interface, not a type
                                # ^^^^^ error[unresolved-name]: no type `other` in interface `i` -- `other` is an interface, not a type
            type s = u8;
        }
        interface other {
            type t = st;
                   # ^^ error[unresolved-name]: no type `st` in interface `other` -- did you mean `t`?
            type u = s9;
                   # ^^ error[unresolved-name]: no type `s9` in interface `other` -- did you mean `s8`?
            type v = strin;
                   # ^^^^^ error[unresolved-name]: no type `strin` in interface `other` -- did you mean `string`?
        }
    """)


def test_a_name_as_near_to_two_others_is_left_to_the_user() -> None:
    source = """
        package acme:p;
        interface api {
            type item-a = u8;
            type item-b = u8;
            f: func(a: item-c);
        }
    """
    assert_judged("""
        package acme:p;
        interface api {
            type item-a = u8;
            type item-b = u8;
            f: func(a: item-c);
                     # ^^^^^^ error[unresolved-name]: no type `item-c` in interface `api` -- did you mean `item-a`?
        }
    """)
    space = workspace({"package.wit": source})
    [problem] = space.diagnostics(ROOT, f"{ROOT}/package.wit")
    assert [(fix.title, fix.safe) for fix in problem.fixes] == [("Change to `item-a`", False)]
