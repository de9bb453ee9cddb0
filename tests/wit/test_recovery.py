"""Recovery: what a mistake looks like on the user's screen, and what is left of the file around it.

Every screen shows the exact problems and, after the arrow, everything that is still known of the file.
"""

import pytest
from support.marks import assert_screen, problems, unmarked
from support.outlines import cases, outline

from dataflare_lsp.text import TextEdit, apply_edits
from dataflare_lsp.wit.source import Source

THE_TOP_OF_A_FILE = cases(r"""
    === a package without its semicolon
    package a:b

    interface x {
  # ^^^^^^^^^ error[expected-token]: expected `;` or `{` after `package a:b`, found the keyword `interface`
        f: func();
    }
    --> package a:b; interface x { f }

    === a package without a name
    package a;
           # ^ error[expected-token]: expected `:` and the name of the package after `a`, found `;` -- a package is named `namespace:name`

    interface x {
        f: func();
    }
    --> package a:; interface x { f }

    === a package with half a name
    package a:;
            # ^ error[expected-name]: expected a name for the package, found `;`
    interface x {}
    --> package a:; interface x {}

    === a version of two numbers
    package a:b@1.0;
              # ^^^ error[invalid-version]: `1.0` is not a full version -- write all three numbers: major.minor.patch
    interface x {}
    --> package a:b@1.0.0; interface x {}

    === a version not yet typed
    package a:b@;
              # ^ error[invalid-version]: expected a version such as `1.0.0`, found `;`
    interface x {}
    --> package a:b; interface x {}

    === the word package alone
    package
    interface x { f: func(); }
  # ^^^^^^^^^ error[expected-name]: expected a name for the package's namespace, found the keyword `interface`
    --> package :; interface x { f }

    === a misspelt package
    pakage a:b;
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `pakage` -- did you mean `package`?
    interface x { f: func(); }
    --> package a:b; interface x { f }

    === a misspelt interface
    package a:b;
    interfce x {
  # ^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `interfce` -- did you mean `interface`?
        f: func();
        record r { a: u8 }
    }
    interface y { g: func(); }
    --> package a:b; interface x { f r(a) } interface y { g }

    === two misspelt keywords
    packge a:b;
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `packge` -- did you mean `package`?

    /// Doc
    interfac x {
  # ^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `interfac` -- did you mean `interface`?
        f: func();
    }
    --> package a:b; interface x { f }

    === keywords with capitals
    Interface X {
  # ^^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `Interface` -- did you mean `interface`?
        F: Func();
         # ^^^^ error[expected-token]: expected `func` after `F:`, found `Func` -- did you mean `func`?
    }
    --> interface X { F }

    === an interface without a name
    interface {
            # ^ error[expected-name]: expected a name for the interface, found `{`
        f: func();
    }
    interface y { g: func(); }
    --> interface _ { f } interface y { g }

    === an interface without its opening brace
    interface x
        f: func();
      # ^ error[expected-token]: expected `{` to open interface `x`, found `f`
    }
    interface y { g: func(); }
    --> interface x { f } interface y { g }

    === an interface without its closing brace
    interface x {
        f: func();

    interface y {
  # ^^^^^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `interface`
        g: func();
    }
    --> interface x { f } interface y { g }

    === a dot in a package name
    package a.b;
           # ^ error[expected-token]: expected `:` and the name of the package after `a`, found `.` -- a package is named `namespace:name`
    interface y {}
    --> package a:b; interface y {}

    === a slash in a package name
    package a/b@1.0.0;
           # ^ error[expected-token]: expected `:` and the name of the package after `a`, found `/` -- a package is named `namespace:name`
    interface y {}
    --> package a:b@1.0.0; interface y {}

    === a blank in a package name
    package a b;
            # ^ error[expected-token]: expected `:` after the namespace `a`
    interface y {}
    --> package a:b; interface y {}

    === a package name of three parts
    package a:b:c;
             # ^ error[expected-token]: expected `;` or `{` after `package a:b`, found `:`
    interface y {}
    --> package a:b; interface y {}

    === a package name in quotes
    package "a:b";
          # ^^^^^ error[expected-name]: expected a name for the package's namespace, found `"a:b"`
    interface y {}
    --> package :; interface y {}

    === packages after the first
    package a:b;
    package c:d;
             # ^ error[misplaced-package]: `package c:d;` must be the first item of its file -- expected `{`, which would start a nested package
    interface x {}
    package e:f
    interface y {}
  # ^^^^^^^^^ error[misplaced-package]: `package e:f;` must be the first item of its file -- expected `{`, which would start a nested package
    --> package a:b; interface x {} interface y {}

    === a function in a nested package
    package a:b {
        interface x { f: func(); }
        f: func();
      # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a nested package, found `f` -- types and functions belong in an interface or a world
    }
    interface y {}
    --> package a:b { interface x { f } } interface y {}

    === a package in a nested package
    package a:b {
        package c:d {
              # ^^^ error[misplaced-package]: package `c:d` is inside another package -- nested packages stand at the top of a file
            interface x { f: func(); }
        }
    }
    interface y {}
    --> package a:b { package c:d { interface x { f } } } interface y {}

    === attributes where none may be
    @since(version = 1.0.0)
    package a:b;
  # ^^^^^^^ error[misplaced-attribute]: a package header takes no attributes
    @since(version = 1.0.0)
    use a:b/c;
  # ^^^ error[misplaced-attribute]: a top-level `use` takes no attributes
    @external-id("x")
  # ^^^^^^^^^^^^^^^^^ error[misplaced-attribute]: an interface takes no `@external-id` -- it belongs on an import, an export, a type or a function
    interface y {}
    @since(version = 1.0.0)
    package c:d { }
  # ^^^^^^^ error[misplaced-attribute]: a nested package takes no attributes
    --> package a:b; use a:b/c interface y {} package c:d {}

    === types and functions outside of an interface
    resource r;
  # ^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found the keyword `resource` -- types and functions belong in an interface or a world
    f: func();
    interface y { g: func(); }
    --> interface y { g }

    === a closing brace too early
    interface x {
        f: func();
        }
        g: func();
      # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `g` -- types and functions belong in an interface or a world
        h: func();
    }
    interface y { i: func(); }
    --> interface x { f } interface y { i }

    === a closing brace too many
    interface x {
        f: func();
    }}
   # ^ error[unexpected-token]: this `}` closes nothing
    interface y {}
    --> interface x { f } interface y {}

    === heads of interfaces and worlds
    interface x, {
             # ^ error[expected-token]: expected `{` to open interface `x`, found `,`
        g: func();
    }
    interface y extends x {
              # ^^^^^^^ error[expected-token]: expected `{` to open interface `y`, found `extends`
        g: func();
    }
    interface z: x {
             # ^ error[expected-token]: expected `{` to open interface `z`, found `:`
        g: func();
    }
    interface
    interface zz;
  # ^^^^^^^^^ error[expected-name]: expected a name for the interface, found the keyword `interface`
              # ^ error[expected-token]: expected `{` to open interface `zz`, found `;`
    pub interface v {}
  # ^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `pub`
    default world w {}
  # ^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `default`
    export interface u {}
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found the keyword `export`
    interface t {} }
                 # ^ error[unexpected-token]: this `}` closes nothing
    module m { f: func(); }
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `module` -- did you mean `interface`?
    world
       # ^ error[expected-name]: expected a name for the world, found the end of the file
    --> interface x { g } interface y { g } interface z { g } interface _ {} interface v {} world w {} interface u {} interface t {} interface m { f } world _ {}

    === top-level uses
    use a:b/c;
    use a:b/c as d
    use a:b/c as;
  # ^^^ error[expected-token]: expected `;` after this `use`, found the keyword `use`
              # ^ error[expected-name]: expected a name for the alias, found `;`
    use a:b;
         # ^ error[expected-token]: expected `/` and an interface after `a:b`, found `;`
    use a;
    use a.{b};
       # ^ error[unexpected-token]: types are used inside an interface or a world -- a top-level `use` names an interface only
    use "a";
      # ^^^ error[expected-name]: expected the name of an interface, found `"a"`
    use a:b/c.{d};
           # ^ error[unexpected-token]: types are used inside an interface or a world -- a top-level `use` names an interface only
    import a:b/c;
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found the keyword `import` -- `import` belongs in a world
    interface x {}
    --> use a:b/c use a:b/c use a:b/c use _ use a use _ interface x {}
""")


@pytest.mark.parametrize(("screen", "left"), THE_TOP_OF_A_FILE)
def test_the_top_of_a_file(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_FUNCTION = cases(r"""
    === without its semicolon
    interface x {
        f: func()
        g: func();
      # ^ error[expected-token]: expected `;` after function `f`, found `g`
    }
    --> interface x { f g }

    === at the end without its semicolon
    interface x {
        f: func(a: u32) -> u32
    }
  # ^ error[expected-token]: expected `;` after function `f`, found `}`
    --> interface x { f(a) }

    === without its closing parenthesis
    interface x {
        f: func(a: u32;
                    # ^ error[expected-token]: expected `)` to close the parameters of `f`, found `;`
        g: func();
    }
    --> interface x { f(a) g }

    === without its closing parenthesis before a result
    interface x {
        f: func(a: u32 -> u32;
                     # ^^ error[expected-token]: expected `)` to close the parameters of `f`, found `->`
        g: func();
    }
    --> interface x { f(a) g }

    === without its opening parenthesis
    interface x {
        f: func a: u32) -> u32;
              # ^ error[expected-token]: expected `(` after `func`, found `a`
        g: func();
    }
    --> interface x { f(a) g }

    === a parameter without its colon
    interface x {
        f: func(a u32) -> u32;
                # ^^^ error[expected-token]: expected `:` and the type of parameter `a`, found the keyword `u32`
        g: func();
    }
    --> interface x { f(a) g }

    === a parameter without its type
    interface x {
        f: func(a:) -> u32;
                # ^ error[expected-type]: expected a type, found `)`
        g: func();
    }
    --> interface x { f(a) g }

    === a parameter without its name
    interface x {
        f: func(: u32) -> u32;
              # ^ error[expected-name]: expected a name for the parameter, found `:`
        g: func();
    }
    --> interface x { f(_) g }

    === parameters without a comma
    interface x {
        f: func(a: u32 b: u32) -> u32;
                     # ^ error[expected-token]: expected `,` or `)` in the parameters of `f`, found `b`
        g: func();
    }
    --> interface x { f(a b) g }

    === a comma too many
    interface x {
        f: func(a: u32,, b: u32) -> u32;
                     # ^ error[unexpected-token]: expected a parameter before `,`
        g: func();
    }
    --> interface x { f(a b) g }

    === an arrow without a result
    interface x {
        f: func(a: u32) -> ;
                         # ^ error[expected-type]: expected a type, found `;`
        g: func();
    }
    --> interface x { f(a) g }

    === a result without an arrow
    interface x {
        f: func(a: u32) u32;
                      # ^^^ error[expected-token]: expected `->` before the result of `f`, found the keyword `u32`
        g: func();
    }
    --> interface x { f(a) g }

    === a result after a colon
    interface x {
        f: func(a: u32): u32;
                     # ^ error[expected-token]: expected `->` before the result of `f`, found `:`
        g: func();
    }
    --> interface x { f(a) g }

    === fn
    interface x {
        f: fn(a: u32) -> u32;
         # ^^ error[expected-token]: expected `func` after `f:`, found `fn` -- did you mean `func`?
        g: func();
    }
    --> interface x { f(a) g }

    === function
    interface x {
        f: function(a: u32) -> u32;
         # ^^^^^^^^ error[expected-token]: expected `func` after `f:`, found `function` -- did you mean `func`?
        g: func();
    }
    --> interface x { f(a) g }

    === fn first
    interface x {
        fn f(a: u32) -> u32;
      # ^^ error[unexpected-token]: a function is written `f: func(…)`, its name first
        g: func();
    }
    --> interface x { f(a) g }

    === func first
    interface x {
        func f(a: u32) -> u32;
      # ^^^^ error[unexpected-token]: a function is written `f: func(…)`, its name first
        g: func();
    }
    --> interface x { f(a) g }

    === no func at all
    interface x {
        f(a: u32) -> u32;
       # ^ error[expected-token]: expected `: func` before the parameters of `f`, found `(`
        g: func();
    }
    --> interface x { f(a) g }

    === the order of C
    interface x {
        int f(int a);
      # ^^^ error[unexpected-token]: a function is written `f: func(…)`, its name first
                # ^ error[expected-token]: expected `:` and the type of parameter `int`, found `a`
        g: func();
    }
    --> interface x { f(int) g }

    === without its colon
    interface x {
        f func();
        # ^^^^ error[expected-token]: expected `:` after `f`, found the keyword `func`
        g: func();
    }
    --> interface x { f g }

    === many lines of parameters
    interface x {
        f: func(
            a: u32
            b: u32
          # ^ error[expected-token]: expected `,` or `)` in the parameters of `f`, found `b`
        );
        g: func(
            a: u32,
            b: u32
        h: func();
      # ^ error[expected-token]: expected `)` to close the parameters of `g`, found `h`
    }
    --> interface x { f(a b) g(a b) h }

    === the wrong closing sign
    interface x {
        f: func(};
              # ^ error[expected-token]: expected `)` to close the parameters of `f`, found `}`
        g: func();
    }
    --> interface x { f g }

    === a closing brace in the way
    interface x {
        f: func()};
               # ^ error[expected-token]: expected `;` after function `f`, found `}`
        g: func();
    }
    interface y { }
    --> interface x { f g } interface y {}

    === other mistakes
    interface x {
        f: asyn func();
         # ^^^^ error[expected-token]: expected `func` after `f:`, found `asyn` -- did you mean `async`?
        f1: async;
               # ^ error[expected-token]: expected `func` after `f1:`, found `;`
        f2: async fn();
                # ^^ error[expected-token]: expected `func` after `f2:`, found `fn` -- did you mean `func`?
        f3: static func();
          # ^^^^^^ error[expected-token]: expected `func` after `f3:`, found the keyword `static` -- only a resource has static functions
        f4: func static();
               # ^^^^^^ error[unexpected-token]: `static` stands before `func`
        f5: get;
          # ^^^ error[expected-token]: expected `func` after `f5:`, found `get`
        f6: get(a: u32) -> u32;
        f7: u32;
          # ^^^ error[expected-token]: expected `func` after `f7:`, found the keyword `u32` -- types and functions are all that stands here
        f8: func = ();
               # ^ error[expected-token]: expected `(` after `func`, found `=`
        f9 = func();
         # ^ error[expected-token]: expected `:` after `f9`, found `=`
        f10 -> func();
          # ^^ error[expected-token]: expected `:` after `f10`, found `->`
        f11: () -> u32;
           # ^ error[expected-token]: expected `func` before the parameters of `f11`, found `(`
        f12: func() - > u32;
                  # ^ error[expected-token]: expected `->` before the result of `f12`, found `- >`
        f13: func(): ;
                 # ^ error[expected-token]: expected `;` after function `f13`, found `:`
        f14: func()->;
                   # ^ error[expected-type]: expected a type, found `;`
        f15: func(a, b);
                 # ^ error[expected-token]: expected `:` and the type of parameter `a`, found `,`
                    # ^ error[expected-token]: expected `:` and the type of parameter `b`, found `)`
        f16: func(a: b: c);
                    # ^ error[expected-token]: expected `,` or `)` in the parameters of `f16`, found `:`
        f17: func(mut a: u32);
                # ^^^ error[expected-token]: expected `:` after `mut`, found `a`
        f18: func(a: *u32);
                   # ^ error[expected-type]: expected a type, found `*`
        f19: func(a: u32[4]);
                      # ^ error[invalid-character]: `[` means nothing in WIT -- a list is written `list<…>`
        f20: func(a: list[u8]);
                       # ^ error[invalid-character]: `[` means nothing in WIT -- a list is written `list<…>`
        f21: func(a: list(u8));
                       # ^ error[expected-token]: expected `<` after `list`, found `(` -- as in `list<u8>`
        f22: func<T>(a: T);
               # ^ error[unexpected-token]: function `f22` takes no type parameters: only built-in types do
        f23: func(a: {x: u32});
                   # ^ error[expected-type]: expected a type, found `{`
        f24: func(a: (u32, u32));
                   # ^ error[expected-type]: expected a type, found `(` -- several values are a `tuple<…>`
        f25: func(a: u32) -> (u32, u32);
                           # ^ error[expected-type]: expected one type as the result of `f25`, found `(` -- return several values as a `tuple<…>` or a record
        f26: func(a: "str");
                   # ^^^^^ error[expected-type]: expected a type, found `"str"`
        f27: func(a: 'str');
                   # ^ error[invalid-character]: `'` means nothing in WIT
        f28: func(a: u32,) -> u32,;
                               # ^ error[expected-token]: expected `;` after function `f28`, found `,`
        f29: func(a: u32).;
                       # ^ error[expected-token]: expected `;` after function `f29`, found `.`
        f30: func(a: u32) -> u32:
                              # ^ error[expected-token]: expected `;` after function `f30`, found `:`
        f31: func();
    }
    --> interface x { f f2 f3 f4 f6(a) f9 f10 f11 f12 f13 f14 f15(a b) f16(a) f17(a) f18(a) f19(a) f20(a) f21(a) f22(a) f23(a) f24(a) f25(a) f26(a) f27(a) f28(a) f29(a) f30(a) f31 }

    === other mistakes with types and results
    interface x {
        f: func() { return 1; }
                # ^ error[unexpected-token]: function `f` has no body in WIT: expected `;`, found `{`
        g: func() => u32;
                # ^ error[expected-token]: expected `->` before the result of `g`, found `=>`
        h: func() -> ();
                   # ^ error[expected-type]: expected one type as the result of `h`, found `(` -- a function that returns nothing has no `->`
        i: func() -> (a: u32, b: u32);
                   # ^ error[expected-type]: expected one type as the result of `i`, found `(` -- return several values as a `tuple<…>` or a record
        j: func() -> [u8];
                   # ^ error[expected-type]: expected a type, found `[` -- a list is written `list<…>`
        k: func() -> u8 | string;
                      # ^ error[invalid-character]: `|` means nothing in WIT -- one of several types is a `variant`, defined by its own name
        l: func() -> u8?;
                     # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
        m: func() throws;
                # ^^^^^^ error[expected-token]: expected `->` before the result of `m`, found `throws`
        n: func() -> result<u8, _>;
                              # ^ error[expected-type]: expected the error type of the result, found `_` -- a result without an error type is `result<…>`
        o: func() -> result<_>;
                           # ^ error[expected-token]: expected `,` and the error type after `_`, found `>` -- a result without any type is just `result`
        p: func() -> option<u8, u8>;
                            # ^ error[expected-token]: expected `>` to close `option<`, found `,`
        q: func() -> tuple<u8 u8>;
                            # ^^ error[unexpected-token]: `u8` is written twice
        r: func() -> map<string: u8>;
                             # ^ error[expected-token]: expected `,` and the type of the map's values, found `:`
        s: func() -> map<string>;
                             # ^ error[expected-token]: expected `,` and the type of the map's values, found `>`
        t: func() -> list<u8, >;
                            # ^ error[expected-token]: expected the length of the list, found `>`
        u: func() -> list<u8; 4>;
                          # ^ error[expected-token]: expected `,` before the length of the list, found `;`
        v: func() -> list<u8, 99999999999>;
                            # ^^^^^^^^^^^ error[invalid-length]: a list cannot have 99999999999 elements: the limit is 2^32 - 1
        w: func() -> own r;
                       # ^ error[expected-token]: expected `<` after `own`, found `r` -- as in `own<resource-name>`
        y: func() -> u8<u8>;
                     # ^ error[unexpected-token]: `u8` takes no other type, found `<`
        z: func() -> foo<u8>;
                   # ^^^ error[unexpected-token]: `foo` takes no other type: only built-in types do -- types that take others are `list`, `option`, `result`, `tuple`, `map`, `future`, `stream`, `own`, `borrow`
        aa: func(...) -> u8;
               # ^ error[expected-name]: expected a name for the parameter, found `.`
        ab: func(self) -> u8;
                   # ^ error[expected-token]: expected `:` and the type of parameter `self`, found `)`
        ac: func(a: u32 = 5);
                      # ^ error[expected-token]: expected `,` or `)` in the parameters of `ac`, found `=`
        ad: func(a: u32; b: u32);
                     # ^ error[expected-token]: expected `,` or `)` in the parameters of `ad`, found `;`
        ae: func(type: u32);
               # ^^^^ error[keyword-as-name]: expected a name for the parameter, found the keyword `type` -- a name like this is written `%type`
        af: func() -> record;
                    # ^^^^^^ error[keyword-as-name]: expected a type, found the keyword `record` -- a type of that name is written `%record`
        ag: func(a: func());
                  # ^^^^ error[expected-type]: expected a type, found the keyword `func` -- a function is no value: pass a resource that has it
        ah: func(a: u32))
                      # ^ error[unexpected-token]: `)` is written twice
        ai: func(a: u32)) -> u32;
      # ^^ error[expected-token]: expected `;` after function `ah`, found `ai`
                      # ^ error[unexpected-token]: `)` is written twice
        aj: func((a: u32);
               # ^ error[unexpected-token]: `(` is written twice
        ak: func();
    }
    --> interface x { f g h i j k l m n o p q r s t u v w y z aa ab(self) ac(a) ad(a b) ae(type) af ag(a) ah(a) ai(a) aj(a) ak }
""")


@pytest.mark.parametrize(("screen", "left"), A_FUNCTION)
def test_a_function(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_FUNCTION_BEING_TYPED = cases(r"""
    === f
    interface x {
        f
        g: func();
      # ^ error[expected-token]: expected `:` and `func` after `f`, found `g`
    }
    --> interface x { g }

    === f:
    interface x {
        f:
        g: func();
      # ^ error[expected-token]: expected `func` after `f:`, found `g`
    }
    --> interface x { g }

    === f: at the end of the interface
    interface x {
        f: 
    }
  # ^ error[expected-token]: expected `func` after `f:`, found `}`
    --> interface x {}

    === f: func
    interface x {
        f: func
        g: func();
      # ^ error[expected-token]: expected `(` after `func`, found `g`
    }
    --> interface x { f g }

    === f: func(
    interface x {
        f: func(
        g: func();
      # ^ error[expected-token]: expected `)` to close the parameters of `f`, found `g`
    }
    --> interface x { f g }

    === f: func(a
    interface x {
        f: func(a
        g: func();
      # ^ error[expected-token]: expected `:` and the type of parameter `a`, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a:
    interface x {
        f: func(a:
        g: func();
      # ^ error[expected-type]: expected a type, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list
    interface x {
        f: func(a: list
        g: func();
      # ^ error[expected-token]: expected `<` after `list`, found `g` -- as in `list<u8>`
    }
    --> interface x { f(a) g }

    === f: func(a: list<
    interface x {
        f: func(a: list<
        g: func();
      # ^ error[expected-type]: expected a type, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8
    interface x {
        f: func(a: list<u8
        g: func();
      # ^ error[expected-token]: expected `>` to close `list<`, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8>
    interface x {
        f: func(a: list<u8>
        g: func();
      # ^ error[expected-token]: expected `)` to close the parameters of `f`, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8>) ->
    interface x {
        f: func(a: list<u8>) -> 
        g: func();
      # ^ error[expected-type]: expected a type, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8>) -> result<
    interface x {
        f: func(a: list<u8>) -> result<
        g: func();
      # ^ error[expected-type]: expected a type, found `g`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8>) -> result<_
    interface x {
        f: func(a: list<u8>) -> result<_
        g: func();
      # ^ error[expected-token]: expected `,` and the error type after `_`, found `g` -- a result without any type is just `result`
    }
    --> interface x { f(a) g }

    === f: func(a: list<u8>) -> result<u8,
    interface x {
        f: func(a: list<u8>) -> result<u8,
        g: func();
      # ^ error[expected-type]: expected a type, found `g`
    }
    --> interface x { f(a) g }
""")


@pytest.mark.parametrize(("screen", "left"), A_FUNCTION_BEING_TYPED)
def test_a_function_being_typed(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_TYPE = cases(r"""
    === a list without its closing sign
    interface x {
        f: func(a: list<u8) -> u8;
                        # ^ error[expected-token]: expected `>` to close `list<`, found `)`
        g: func();
    }
    --> interface x { f(a) g }

    === a list without its opening sign
    interface x {
        f: func(a: list u8>) -> u8;
                      # ^^ error[expected-token]: expected `<` after `list`, found the keyword `u8` -- as in `list<u8>`
        g: func();
    }
    --> interface x { f(a) g }

    === a list of nothing
    interface x {
        f: func(a: list<>) -> u8;
                      # ^ error[expected-type]: expected a type, found `>`
        g: func();
    }
    --> interface x { f(a) g }

    === a list without what it holds
    interface x {
        f: func(a: list) -> u8;
                     # ^ error[expected-token]: expected `<` after `list`, found `)` -- as in `list<u8>`
        g: func();
    }
    --> interface x { f(a) g }

    === a closing sign too many
    interface x {
        f: func(a: list<u8>>) -> u8;
                         # ^ error[unexpected-token]: `>` is written twice
        g: func();
    }
    --> interface x { f(a) g }

    === a list in brackets
    interface x {
        f: func(a: [u8]) -> u8;
                 # ^ error[expected-type]: expected a type, found `[` -- a list is written `list<…>`
        g: func();
    }
    --> interface x { f(a) g }

    === a type before brackets
    interface x {
        f: func(a: u8[]) -> u8;
                   # ^ error[invalid-character]: `[` means nothing in WIT -- a list is written `list<…>`
        g: func();
    }
    --> interface x { f(a) g }

    === the types of Rust
    interface x {
        f: func(a: &str, b: Vec<u8>) -> u8;
                 # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
                          # ^^^ error[unexpected-token]: `Vec` takes no other type: only built-in types do -- did you mean `list`?
        g: func();
    }
    --> interface x { f(a b) g }

    === other mistakes
    interface x {
        type t = "a" | "b";
               # ^^^ error[expected-type]: expected a type, found `"a"`
        type u = { a: u32 };
               # ^ error[expected-type]: expected a type, found `{` -- a record is defined as `record u { … }`
        type v = fn(u32) -> u32;
                 # ^ error[expected-token]: expected `;` after type `v`, found `(`
        type w = func();
               # ^^^^ error[expected-type]: expected a type, found the keyword `func` -- a function is no value: pass a resource that has it
        type y = u32[];
                  # ^ error[invalid-character]: `[` means nothing in WIT -- a list is written `list<…>`
        type z = [u8; 4];
               # ^ error[expected-type]: expected a type, found `[` -- a list is written `list<…>`
        type aa = list<list<u8>;
                             # ^ error[expected-token]: expected `>` to close `list<`, found `;`
        type ab = list<list<u8>>>;
                              # ^ error[unexpected-token]: `>` is written twice
        type ac = option<list<u8>, string;
                               # ^ error[expected-token]: expected `>` to close `option<`, found `,`
        type ad == u32;
               # ^ error[unexpected-token]: `=` is written twice
        type ae = u32 = u8;
                    # ^ error[expected-token]: expected `;` after type `ae`, found `=`
        type af u32
              # ^^^ error[expected-token]: expected `=` and what `af` stands for, found the keyword `u32`
        type ag
      # ^^^^ error[expected-token]: expected `;` after type `af`, found the keyword `type`
        type = u32;
      # ^^^^ error[expected-token]: expected `=` and what `ag` stands for, found the keyword `type`
           # ^ error[expected-name]: expected a name for the type, found `=`
        type ah = map<string, list<u8>;
                                    # ^ error[expected-token]: expected `>` to close `map<`, found `;`
        type ai = map<>;
                    # ^ error[expected-type]: expected a type, found `>`
        type aj = result<,u8>;
                       # ^ error[expected-type]: expected a type, found `,`
        type ak = tuple<u8,,u8>;
                         # ^ error[unexpected-token]: expected a type before `,`
        type al = tuple<,>;
                      # ^ error[unexpected-token]: expected a type before `,`
        type am = borrow<u8>;
                       # ^^ error[expected-name]: expected the name of a resource, found the keyword `u8`
        type an = own<>;
                    # ^ error[expected-name]: expected the name of a resource, found `>`
        type ao = list<u8 4>;
                        # ^ error[expected-token]: expected `>` to close `list<`, found `4`
        type ap = future<u8, u8>;
                         # ^ error[expected-token]: expected `>` to close `future<`, found `,`
        type aq = list<u8, n>;
                         # ^ error[expected-token]: expected the length of the list, found `n`
        type ar = list<u8, -1>;
                         # ^ error[expected-token]: expected the length of the list, found `-`
        type as = u32;
           # ^^ error[keyword-as-name]: expected a name for the type, found the keyword `as` -- a name like this is written `%as`
        type at = stream<;
                       # ^ error[expected-type]: expected a type, found `;`
        type au = option?;
                      # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
        g: func();
    }
    --> interface x { t u(a) v w y z aa ab ac ad ae af ag _ ah ai aj ak al am an ao ap aq ar as at au g }

    === types with parameters
    interface x {
        type t<T> = list<T>;
            # ^ error[unexpected-token]: type `t` takes no type parameters: only built-in types do
        record r<T> { a: T }
              # ^ error[unexpected-token]: record `r` takes no type parameters: only built-in types do
        g: func();
    }
    --> interface x { t r(a) g }

    === aliases
    interface x {
        type t: u32;
            # ^ error[expected-token]: expected `=` and what `t` stands for, found `:`
        type u u32;
             # ^^^ error[expected-token]: expected `=` and what `u` stands for, found the keyword `u32`
        type v = ;
               # ^ error[expected-type]: expected a type, found `;`
        type w =
        type
      # ^^^^ error[expected-type]: expected a type, found the keyword `type`
        g: func();
      # ^ error[expected-name]: expected a name for the type, found `g`
    }
    --> interface x { t u v w _ g }
""")


@pytest.mark.parametrize(("screen", "left"), A_TYPE)
def test_a_type(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_RECORD_OR_ANOTHER_TYPE_WITH_A_BODY = cases(r"""
    === a misspelt record
    interface x {
        recrod p {
      # ^^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `recrod` -- did you mean `record`?
            a: u32,
        }
        g: func();
    }
    --> interface x { p(a) g }

    === struct
    interface x {
        struct p {
      # ^^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `struct` -- did you mean `record`?
            a: u32,
        }
        g: func();
    }
    --> interface x { p(a) g }

    === class
    interface x {
        class p {
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `class` -- did you mean `resource`?
            constructor();
            m: func();
        }
        g: func();
    }
    --> interface x { p(constructor m) g }

    === misspelt aliases
    interface x {
        typ t = u32;
      # ^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `typ` -- did you mean `type`?
        let u = u32;
      # ^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `let` -- a type is written `type name = …`
        g: func();
    }
    --> interface x { t u g }

    === semicolons between fields
    interface x {
        record r {
            a: u32;
                # ^ error[expected-token]: expected `,` or `}` in record `r`, found `;`
            b: u32;
                # ^ error[expected-token]: expected `,` or `}` in record `r`, found `;`
        }
        g: func();
    }
    --> interface x { r(a b) g }

    === a missing comma
    interface x {
        record r {
            a: u32
            b: u32
          # ^ error[expected-token]: expected `,` or `}` in record `r`, found `b`
        }
        g: func();
    }
    --> interface x { r(a b) g }

    === a missing closing brace
    interface x {
        record r {
            a: u32,
            b: u32,
        g: func();
      # ^ error[unclosed-brace]: expected `}` to close record `r`, found `g`
    }
    --> interface x { r(a b) g }

    === a field without a type
    interface x {
        record r {
            a: u32,
            b
        }
      # ^ error[expected-token]: expected `:` and the type of field `b`, found `}`
        g: func();
    }
    --> interface x { r(a b) g }

    === a field with a colon and no type
    interface x {
        record r {
            a: u32,
            b:
        }
      # ^ error[expected-type]: expected a type, found `}`
        g: func();
    }
    --> interface x { r(a b) g }

    === types first
    interface x {
        record r {
            u32 a,
          # ^^^ error[expected-name]: expected a name and its type, found the keyword `u32` -- the name comes first: `a: u32`
            string b,
          # ^^^^^^ error[expected-name]: expected a name and its type, found the keyword `string` -- the name comes first: `b: string`
        }
        g: func();
    }
    --> interface x { r(a b) g }

    === optional fields and defaults
    interface x {
        record r {
            a = u32,
            # ^ error[expected-token]: expected `:` and the type of field `a`, found `=`
            b?: u32,
           # ^ error[invalid-character]: `?` means nothing in WIT -- what may be missing is an `option<…>`
            c: u32 = 5,
                 # ^ error[expected-token]: expected `,` or `}` in record `r`, found `=`
        }
        g: func();
    }
    --> interface x { r(a b c) g }

    === semicolons after braces
    interface x {
        record r { a: u32, b: u32 };
                                 # ^ error[unexpected-token]: this `;` ends nothing
        enum e { a, b };
                     # ^ error[unexpected-token]: this `;` ends nothing
        g: func();;
                # ^ error[unexpected-token]: this `;` ends nothing
    }
    --> interface x { r(a b) e(a b) g }

    === a record being typed
    interface x {
        record r
        g: func();
      # ^ error[expected-token]: expected `{` to open record `r`, found `g`
    }
    --> interface x { r(_) g }

    === a record without a name being typed
    interface x {
        record
        g: func();
      # ^ error[expected-name]: expected a name for the record, found `g`
    }
    --> interface x { _(_) g }

    === a record with its opening brace
    interface x {
        record r {
        g: func();
      # ^ error[unclosed-brace]: expected `}` to close record `r`, found `g`
    }
    --> interface x { r(_) g }

    === a record with a semicolon
    interface x {
        record r;
              # ^ error[expected-token]: expected `{` to open record `r`, found `;`
        g: func();
    }
    --> interface x { r(_) g }

    === records written in other ways
    interface x {
        record r = { a: u32 }
               # ^ error[expected-token]: expected `{` to open record `r`, found `=`
        record s: { a: u32 }
              # ^ error[expected-token]: expected `{` to open record `s`, found `:`
        record t(a: u32)
              # ^ error[expected-token]: expected `{` to open record `t`, found `(`
        type u = record { a: u32 }
               # ^^^^^^ error[expected-type]: expected a type, found the keyword `record` -- a record is defined as `record u { … }`
        type v { a: u32 }
             # ^ error[expected-token]: expected `=` and what `v` stands for, found `{`
        g: func();
    }
    --> interface x { r(a) s(a) t(_) u(a) v g }

    === cases with what they cannot have
    interface x {
        enum e { a(u32), b = 1, c: u32 }
                # ^ error[expected-token]: expected `,` or `}` after case `a`, found `(` -- a `variant` has cases that carry a value
                         # ^ error[expected-token]: expected `,` or `}` after case `b`, found `=` -- a case is a name and nothing else
                               # ^ error[expected-token]: expected `,` or `}` after case `c`, found `:` -- a `variant` has cases that carry a value
        variant v { a: u32, b(u32, u8), c { x: u32 }, d() }
                   # ^ error[expected-token]: expected `(` before the payload of case `a`, found `:` -- a case with a payload is written `a(…)`
                               # ^ error[expected-token]: expected `)` after the payload of case `b`, found `,` -- several values are a `tuple<…>`
                                        # ^ error[expected-token]: expected `,` or `}` in variant `v`, found `{`
                                                      # ^ error[expected-type]: expected a type, found `)`
        flags f { a = 1, b = 2 }
                  # ^ error[expected-token]: expected `,` or `}` after flag `a`, found `=` -- a flag is a name and nothing else
                         # ^ error[expected-token]: expected `,` or `}` after flag `b`, found `=` -- a flag is a name and nothing else
        union u { u32, string }
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `union` -- did you mean `variant`?
                # ^^^ error[keyword-as-name]: expected a name for the case, found the keyword `u32` -- a name like this is written `%u32`
                     # ^^^^^^ error[keyword-as-name]: expected a name for the case, found the keyword `string` -- a name like this is written `%string`
        g: func();
    }
    --> interface x { e(a b c) v(a b c d) f(a b) u(u32 string) g }

    === cases without commas
    interface x {
        enum e { a b c }
                 # ^ error[expected-token]: expected `,` or `}` in enum `e`, found `b`
                   # ^ error[expected-token]: expected `,` or `}` in enum `e`, found `c`
        g: func();
    }
    --> interface x { e(a b c) g }

    === cases without commas, a keyword among them
    interface x {
        enum e {
            a
            b
          # ^ error[expected-token]: expected `,` or `}` in enum `e`, found `b`
            type
          # ^^^^ error[expected-token]: expected `,` or `}` in enum `e`, found the keyword `type`
        }
        g: func();
    }
    --> interface x { e(a b type) g }

    === payloads
    interface x {
        variant v {
            a(u32),
            b(u32,
               # ^ error[expected-token]: expected `)` after the payload of case `b`, found `,`
            c,
        }
        variant w {
            a(
            b,
           # ^ error[expected-token]: expected `)` after the payload of case `a`, found `,`
        }
        variant y {
            a)
           # ^ error[expected-token]: expected `}` to close variant `y`, found `)`
        }
        g: func();
      # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `g` -- types and functions belong in an interface or a world
    }
    --> interface x { v(a b c) w(a) y(a) }

    === flags being typed
    interface x {
        flags f { a, b
        g: func();
      # ^ error[unclosed-brace]: expected `}` to close flags `f`, found `g`
    }
    --> interface x { f(a b) g }
""")


@pytest.mark.parametrize(("screen", "left"), A_RECORD_OR_ANOTHER_TYPE_WITH_A_BODY)
def test_a_record_or_another_type_with_a_body(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_RESOURCE = cases(r"""
    === its functions
    interface x {
        resource r {
            constructor: func(a: u32);
                     # ^ error[unexpected-token]: a constructor is written `constructor(…)`
            constructor;
                     # ^ error[expected-token]: expected `(` after `constructor`, found `;`
            fn f();
          # ^^ error[unexpected-token]: a function is written `f: func(…)`, its name first
            g(a: u32) -> u32;
           # ^ error[expected-token]: expected `: func` before the parameters of `g`, found `(`
            static s: func();
          # ^^^^^^ error[unexpected-token]: `static` stands after the name, as in `s: static func`
            s2: func static();
                   # ^^^^^^ error[unexpected-token]: `static` stands before `func`
            async a: func();
          # ^^^^^ error[unexpected-token]: `async` stands after the name, as in `a: async func`
            a2: func async();
                   # ^^^^^ error[unexpected-token]: `async` stands before `func`
            method m: func();
          # ^^^^^^ error[unexpected-token]: expected `constructor` or a function in the resource, found `method`
            record q { a: u32 }
          # ^^^^^^ error[unexpected-token]: `record` cannot stand inside a resource: it has functions only
            n: func()
            o: func();
          # ^ error[expected-token]: expected `;` after function `n`, found `o`
        }
        g: func();
    }
    --> interface x { r(constructor constructor f g s s2 a a2 m n o) g }

    === a missing closing brace
    interface x {
        resource r {
            constructor(a: u32);
            f: func();
        g: func();
    }
    interface y { i: func(); }
  # ^^^^^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `interface`
    --> interface x { r(constructor f g) } interface y { i }

    === being typed
    interface x {
        resource r
        g: func();
      # ^ error[expected-token]: expected `;` or `{` after resource `r`, found `g`
    }
    --> interface x { r g }

    === being typed before a type
    interface x {
        resource r {
        type t = u32;
      # ^^^^ error[unclosed-brace]: expected `}` to close the resource, found the keyword `type`
        g: func();
    }
    --> interface x { r t g }

    === constructors
    interface x {
        resource r {
            constructor(
            f: func();
          # ^ error[expected-token]: expected `)` to close the parameters of the constructor, found `f`
        }
        resource s { constructor() -> ; }
                                    # ^ error[expected-type]: expected a type, found `;`
        resource t { constructor }
                               # ^ error[expected-token]: expected `(` after `constructor`, found `}`
        g: func();
    }
    --> interface x { r(constructor f) s(constructor) t(constructor) g }
""")


@pytest.mark.parametrize(("screen", "left"), A_RESOURCE)
def test_a_resource(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_USE_BEING_TYPED = cases(r"""
    === use
    interface x {
        use
        g: func();
      # ^ error[expected-name]: expected the name of an interface, found `g`
    }
    --> interface x { g }

    === use a
    interface x {
        use a
        g: func();
      # ^ error[expected-token]: expected `.` and the types to use in braces, found `g`
    }
    --> interface x { g }

    === use a.
    interface x {
        use a.
        g: func();
      # ^ error[expected-token]: expected `{` before the types to use, found `g`
    }
    --> interface x { use a g }

    === use a.{
    interface x {
        use a.{
        g: func();
      # ^ error[unclosed-brace]: expected `}` to close the types to use, found `g`
    }
    --> interface x { use a g }

    === use a.{b
    interface x {
        use a.{b
        g: func();
      # ^ error[unclosed-brace]: expected `}` to close the types to use, found `g`
    }
    --> interface x { use a(b) g }

    === use a.{b as
    interface x {
        use a.{b as
        g: func();
      # ^ error[expected-name]: expected a name for the alias, found `g`
    }
    --> interface x { use a(b) g }

    === use a.{b as c}
    interface x {
        use a.{b as c}
        g: func();
      # ^ error[expected-token]: expected `;` after this `use`, found `g`
    }
    --> interface x { use a(b) g }

    === use a:
    interface x {
        use a:
        g: func();
      # ^ error[expected-name]: expected the name of a package, found `g`
    }
    --> interface x { g }

    === use a:b
    interface x {
        use a:b
        g: func();
      # ^ error[expected-token]: expected `/` and an interface after `a:b`, found `g`
    }
    --> interface x { g }

    === use a:b/
    interface x {
        use a:b/
        g: func();
      # ^ error[expected-name]: expected the name of an interface, found `g`
    }
    --> interface x { g }

    === use a:b/c@
    interface x {
        use a:b/c@
        g: func();
      # ^ error[invalid-version]: expected a version such as `1.0.0`, found `g`
    }
    --> interface x { g }

    === use a:b/c@1
    interface x {
        use a:b/c@1
        g: func();
      # ^ error[invalid-version]: expected the rest of the version `1`, found `g`
    }
    --> interface x { g }

    === all kinds of uses
    interface x {
        use a:b/c@1.0.{d};
                # ^^^ error[invalid-version]: `1.0` is not a full version -- write all three numbers: major.minor.patch
        use a:b/c@v1.0.0.{d};
                # ^^ error[invalid-version]: expected a version such as `1.0.0`, found `v1` -- a version has no `v`
        use a:b/c@1.0.0.0.{d};
                # ^^^^^^^ error[invalid-version]: `1.0.0.0` is not a semantic version -- expected major.minor.patch, with `-pre.release` or `+build` parts after it if any
        use a::b.{c};
            # ^ error[unexpected-token]: expected one `:`, found `::`
        use a/b.{c};
           # ^ error[expected-token]: expected a namespace before `a/`, as in `namespace:a/interface`
        use a.b;
            # ^ error[expected-token]: expected `{` before the types to use, found `b` -- write `{b}`
        use {b} from a;
          # ^ error[expected-name]: expected the name of an interface, found `{` -- write `use interface.{type};`
        use a.*;
            # ^ error[expected-token]: expected `{` before the types to use, found `*` -- name each of them, as in `{one, another}`
        use a.{b, c;
                 # ^ error[unclosed-brace]: expected `}` to close the types to use, found `;`
        use a.{b c};
               # ^ error[expected-token]: expected `,` or `}` in the types to use, found `c`
        use a.{b,, c};
               # ^ error[unexpected-token]: expected the name of a type before `,`
        g: func();
    }
    --> interface x { use a:b/c(d) use a:b/c(d) use a:b/c(d) use _(c) use _(c) use a(b) use a(b c) use a(b c) use a(b c) g }
""")


@pytest.mark.parametrize(("screen", "left"), A_USE_BEING_TYPED)
def test_a_use_being_typed(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_WORLD = cases(r"""
    === import
    world w {
        import
        export g: func();
      # ^^^^^^ error[expected-name]: expected the name of an interface, found the keyword `export`
    }
    --> world w { export g }

    === import f
    world w {
        import f
        export g: func();
      # ^^^^^^ error[expected-token]: expected `;` after this `import`, found the keyword `export`
    }
    --> world w { import f export g }

    === import f:
    world w {
        import f:
        export g: func();
      # ^^^^^^ error[expected-name]: expected the name of an interface, found the keyword `export`
    }
    --> world w { import f export g }

    === import f: func
    world w {
        import f: func
        export g: func();
      # ^^^^^^ error[expected-token]: expected `(` after `func`, found the keyword `export`
    }
    --> world w { import f export g }

    === import f: interface
    world w {
        import f: interface
        export g: func();
      # ^^^^^^ error[expected-token]: expected `{` to open the interface of `f`, found the keyword `export`
    }
    --> world w { import f {} export g }

    === import f: interface {
    world w {
        import f: interface {
        export g: func();
      # ^^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `export`
    }
    --> world w { import f {} export g }

    === import f: interface { h: func();
    world w {
        import f: interface { h: func();
        export g: func();
      # ^^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `export`
    }
    --> world w { import f { h } export g }

    === import a:b/
    world w {
        import a:b/
        export g: func();
      # ^^^^^^ error[expected-name]: expected the name of an interface, found the keyword `export`
    }
    --> world w { import a:b/_ export g }

    === import a:b/c@1.0
    world w {
        import a:b/c@1.0
        export g: func();
      # ^^^^^^ error[invalid-version]: expected the rest of the version `1.0`, found the keyword `export`
    }
    --> world w { import a:b/c export g }

    === misspelt keywords
    world w {
        imprt a:b/c;
      # ^^^^^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `imprt` -- did you mean `import`?
        exprot f: func();
      # ^^^^^^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `exprot` -- did you mean `export`?
        inclde z;
      # ^^^^^^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `inclde` -- did you mean `include`?
        export g: func();
    }
    --> world w { import a:b/c export f include z export g }

    === imports written in other ways
    world w {
        import fn f();
             # ^^ error[unexpected-token]: a function is written `f: func(…)`, its name first
        import f2();
               # ^ error[expected-token]: expected `: func` before the parameters of `f2`, found `(`
        import func f3();
             # ^^^^ error[unexpected-token]: a function is written `f3: func(…)`, its name first
        import interface q { h: func(); }
             # ^^^^^^^^^ error[unexpected-token]: the name comes first: `import q: interface`
        import q2 { h: func(); }
                # ^ error[expected-token]: expected `;` after this `import`, found `{`
        import "log" : func();
             # ^^^^^ error[expected-name]: expected a name for the import, found `"log"`
        import x from y;
               # ^^^^ error[expected-token]: expected `;` after this `import`, found the keyword `from`
        use a:b/c;
               # ^ error[expected-token]: expected `.{` and the types to use from `c`, found `;` -- a `use` in an interface or a world names types
        export g: func();
    }
    --> world w { import f import f2 import f3 import q { h } import q2 import _ import x use a:b/c export g }

    === a function and an interface
    world w {
        f: func();
      # ^ error[unexpected-token]: expected `import` or `export` before `f`: what a world holds is one or the other
        interface y {
      # ^^^^^^^^^ error[unexpected-token]: an interface cannot stand inside a world -- write `import y: interface`, or `export`
            h: func();
        }
        export g: func();
    }
    --> world w { export g }

    === an interface, and no closing brace
    world w {
        export g: func();
        interface y {
      # ^^^^^^^^^ error[unexpected-token]: an interface cannot stand inside a world -- write `import y: interface`, or `export`
            h: func();
        }
       # ^ error[unclosed-brace]: expected `}` to close the world, found the end of the file
    --> world w { export g }

    === a missing closing brace
    world w {
        export g: func();

    interface y {
  # ^^^^^^^^^ error[unclosed-brace]: expected `}` to close the world, found the keyword `interface`
            h: func();
        }
    --> world w { export g } interface y { h }

    === include
    world w {
        include
        export g: func();
      # ^^^^^^ error[expected-name]: expected the name of a world, found the keyword `export`
    }
    --> world w { include _ export g }

    === include a with
    world w {
        include a with
        export g: func();
      # ^^^^^^ error[expected-token]: expected `{` before the renames, found the keyword `export`
    }
    --> world w { export g }

    === include a with {
    world w {
        include a with {
        export g: func();
      # ^^^^^^ error[unclosed-brace]: expected `}` to close the renames, found the keyword `export`
    }
    --> world w { include a export g }

    === include a with { b
    world w {
        include a with { b
        export g: func();
      # ^^^^^^ error[expected-token]: expected `as` and the new name of `b`, found the keyword `export`
    }
    --> world w { include a export g }

    === include a with { b as
    world w {
        include a with { b as
        export g: func();
      # ^^^^^^ error[expected-name]: expected a name for the import or export, found the keyword `export`
    }
    --> world w { include a export g }

    === includes written in other ways
    world w {
        include a with { b as c };
                               # ^ error[unexpected-token]: this `;` ends nothing
        include d with { b: c }
                        # ^ error[expected-token]: expected `as` and the new name of `b`, found `:`
        include e.{f};
               # ^ error[expected-token]: expected `;` after this `include`, found `.`
        export g: func();
    }
    --> world w { include a include d include e export g }
""")


@pytest.mark.parametrize(("screen", "left"), A_WORLD)
def test_a_world(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


AN_INTERFACE = cases(r"""
    === an interface inside it
    interface x {
        f: func();
        interface y {
      # ^^^^^^^^^ error[unexpected-token]: an interface cannot stand inside an interface -- close the interface before it
            g: func();
        }
        h: func();
    }
    interface z { g: func(); }
    --> interface x { f h } interface z { g }

    === items of a world inside it
    interface x {
        import a;
      # ^^^^^^ error[unexpected-token]: `import` belongs in a world, not in an interface
        import b: func();
      # ^^^^^^ error[unexpected-token]: `import` belongs in a world, not in an interface
        export c: func();
      # ^^^^^^ error[unexpected-token]: `export` belongs in a world, not in an interface
        include d;
        h: func();
    }
    --> interface x { b c h }

    === several words and paths
    interface x {
        class p {
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `class` -- did you mean `resource`?
            constructor();
            m: func();
        }
        class q { m: func(); }
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `class` -- did you mean `resource`?
        record t(a: u32)
              # ^ error[expected-token]: expected `{` to open record `t`, found `(`
        variant v { a, c { x: u32 }, d() }
                       # ^ error[expected-token]: expected `,` or `}` in variant `v`, found `{`
                                     # ^ error[expected-type]: expected a type, found `)`
        use a:b/c@1.0.0.0.{d};
                # ^^^^^^^ error[invalid-version]: `1.0.0.0` is not a semantic version -- expected major.minor.patch, with `-pre.release` or `+build` parts after it if any
        use a::b.{c};
            # ^ error[unexpected-token]: expected one `:`, found `::`
        use a::b/d.{c};
            # ^ error[unexpected-token]: expected one `:`, found `::`
        use {b} from a;
          # ^ error[expected-name]: expected the name of an interface, found `{` -- write `use interface.{type};`
        g: func();
    }
    world w {
        import "log" : func();
             # ^^^^^ error[expected-name]: expected a name for the import, found `"log"`
    }
    --> interface x { p(constructor m) q(m) t(_) v(a c d) use a:b/c(d) use _(c) use a:b/d(c) g } world w { import _ }

    === names
    interface x {
        fooBar: func();
      # ^^^^^^ error[invalid-identifier]: `fooBar` is not kebab-case -- write `foo-bar`: names are words of one case joined by `-`
        foo_bar: func();
      # ^^^^^^^ error[invalid-identifier]: `foo_bar` is not kebab-case -- write `foo-bar`: names are words of one case joined by `-`
        3d: func();
      # ^^ error[invalid-identifier]: `3d` is not kebab-case -- names begin with a letter
        foo$bar: func();
         # ^ error[invalid-character]: `$` means nothing in WIT
        foo.bar: func();
         # ^ error[expected-token]: expected `:` and `func` after `foo`, found `.`
        -foo: func();
      # ^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `-`
        %: func();
      # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        foo--bar: func();
      # ^^^^^^^^ error[invalid-identifier]: `foo--bar` is not kebab-case -- write `foo-bar`: names are words of one case joined by `-`
        FooBar: func();
      # ^^^^^^ error[invalid-identifier]: `FooBar` is not kebab-case -- write `foo-bar`: names are words of one case joined by `-`
        getURL: func();
      # ^^^^^^ error[invalid-identifier]: `getURL` is not kebab-case -- write `get-url`: names are words of one case joined by `-`
        list: func();
      # ^^^^ error[keyword-as-name]: expected a name for the function, found the keyword `list` -- a name like this is written `%list`
        café: func();
      # ^^^^ error[invalid-identifier]: `café` is not kebab-case -- names are made of the letters a to z, digits and `-`
        record Foo { aB: u32 }
             # ^^^ error[invalid-identifier]: `Foo` is not kebab-case -- write `foo`: names are words of one case joined by `-`
                   # ^^ error[invalid-identifier]: `aB` is not kebab-case -- write `a-b`: names are words of one case joined by `-`
        f: func(aB: listOf);
              # ^^ error[invalid-identifier]: `aB` is not kebab-case -- write `a-b`: names are words of one case joined by `-`
                  # ^^^^^^ error[invalid-identifier]: `listOf` is not kebab-case -- write `list-of`: names are words of one case joined by `-`
    }
    --> interface x { fooBar foo_bar _ foo _ foo--bar FooBar getURL list café Foo(aB) f(aB) }

    === comments with a hash
    interface x {
        # one
      # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        record r { # two
                 # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
            a: u32, # three
                  # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
            # four
          # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
            b: u32 # five
                 # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        } # six
        # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        f: func( # seven
               # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
            a: u32, # eight
                  # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        ); # nine
         # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        # ten; f
      # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        g: func();
        type t = u32 # eleven
                   # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
    }
  # ^ error[expected-token]: expected `;` after type `t`, found `}`
    # twelve
  # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
    --> interface x { r(a b) f(a) g t }

    === an unclosed string
    interface x {
        f: func(a: string = "abc);
                        # ^ error[expected-token]: expected `,` or `)` in the parameters of `f`, found `=`
        g: func();
    }
    --> interface x { f(a) g }

    === an unclosed comment
    interface x {
        /* unclosed
      # ^^ error[unterminated-comment]: this block comment is never closed -- expected `*/`
        g: func();
    }
    --> interface x {}

    === the end of no comment
    interface x {
        f: func(); */
                 # ^^ error[unexpected-token]: this `*/` closes no comment
        g: func();
    }
    --> interface x { f g }
""")


@pytest.mark.parametrize(("screen", "left"), AN_INTERFACE)
def test_an_interface(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


AN_ATTRIBUTE = cases(r"""
    === without its closing parenthesis
    interface x {
        @since(version = 1.0.0
        f: func();
      # ^ error[expected-token]: expected `)` to close `@since(`, found `f`
        g: func();
    }
    --> interface x { f g }

    === written in other ways
    interface x {
        @since(1.0.0)
             # ^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `1`
        f: func();
        @since(version: 1.0.0)
                    # ^ error[expected-token]: expected `=` after `version`, found `:`
        f2: func();
        @since(version 1.0.0)
                     # ^ error[expected-token]: expected `=` after `version`, found `1`
        f3: func();
        @since(version = "1.0.0")
                       # ^^^^^^^ error[invalid-version]: expected a version such as `1.0.0`, found `"1.0.0"` -- a version stands without quotes
        f4: func();
        @since
        f5: func();
      # ^^ error[expected-token]: expected `(` after `@since`, found `f5` -- write `@since(version = 1.0.0)`
        @since version = 1.0.0
             # ^^^^^^^ error[expected-token]: expected `(` after `@since`, found `version` -- write `@since(version = 1.0.0)`
        f6: func();
        @since()
             # ^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `)`
        f7: func();
        @since(version = 1.0)
                       # ^^^ error[invalid-version]: `1.0` is not a full version -- write all three numbers: major.minor.patch
        f8: func();
        @unstable(foo)
                # ^^^ error[invalid-attribute]: expected `feature = …` in `@unstable(…)`, found `foo`
        f9: func();
        @unstable(feature = "foo")
                          # ^^^^^ error[expected-name]: expected a name for the feature, found `"foo"` -- a feature stands without quotes
        f10: func();
        @unstable(features = foo)
                # ^^^^^^^^ error[invalid-attribute]: expected `feature = …` in `@unstable(…)`, found `features`
        f11: func();
        @deprecated
        f12: func();
      # ^^^ error[expected-token]: expected `(` after `@deprecated`, found `f12` -- write `@deprecated(version = 1.0.0)`
        @depricated(version = 1.0.0)
       # ^^^^^^^^^^ error[unknown-attribute]: there is no attribute `@depricated` -- did you mean `@deprecated`?
        f13: func();
        @inline
       # ^^^^^^ error[unknown-attribute]: there is no attribute `@inline` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
        f14: func();
        @foo(bar = 3)
       # ^^^ error[unknown-attribute]: there is no attribute `@foo` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
        f15: func();
        @external-id(foo)
                   # ^^^ error[invalid-attribute]: expected a string in quotes, found `foo`
        f16: func();
        @external-id("foo)
                   # ^^^^^ error[invalid-string]: this string is never closed -- expected `"` before the line ends
        f17: func();
        @external-id("f\qoo")
                     # ^^ error[invalid-string]: `\q` is not an escape
        f18: func();
        @ since(version = 1.0.0)
        f19: func();
        @
        f20: func();
      # ^^^ error[expected-name]: expected the name of an attribute after `@`, found `f20`
        #[since(version = 1.0.0)]
      # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
        f21: func();
        @since(version = 01.0.0)
                       # ^^^^^^ error[invalid-version]: `01.0.0` is not a semantic version -- expected major.minor.patch, with `-pre.release` or `+build` parts after it if any
        f22: func();
        @since(version = 1.0.0))
                             # ^ error[unexpected-token]: this `)` closes nothing
        f23: func();
        @since(version = )
                       # ^ error[invalid-version]: expected a version such as `1.0.0`, found `)`
        f24: func();
        @since(
        f25: func();
      # ^^^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `f25`
        @since(version
        f26: func();
      # ^^^ error[expected-token]: expected `=` after `version`, found `f26`
        @since(version =
        f27: func();
      # ^^^ error[invalid-version]: expected a version such as `1.0.0`, found `f27`
        @since(version = 1.
        f28: func();
      # ^^^ error[invalid-version]: expected the rest of the version `1`, found `f28`
        @sin
       # ^^^ error[unknown-attribute]: there is no attribute `@sin` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
        f29: func();
        @since(version = 1.0.0);
                             # ^ error[unexpected-token]: this `;` cannot stand after an attribute
        f30: func();
    }
    --> interface x { f f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 }

    === before no item
    interface x {
        f: func();
        @since(version = 1.0.0)
    }
  # ^ error[expected-token]: expected the item that the attributes belong to, found `}`
    interface y {}
    --> interface x { f } interface y {}

    === at the end of the file
    interface x {
        f: func();
    }
    @since(version = 1.0.0)
                         # ^ error[expected-token]: expected the item that the attributes belong to, found the end of the file
    --> interface x { f }
""")


@pytest.mark.parametrize(("screen", "left"), AN_ATTRIBUTE)
def test_an_attribute(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


A_WORD_MISSING_OR_SAID_TWICE = cases(r"""
    === heads
    functions {
  # ^^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `functions`
        f: func();
    }
    plugin {
  # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `plugin`
        import log: func(line: string);
        export run: func();
    }
    corp:app {
  # ^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `corp` -- did you mean `package corp:app`?
        interface inside { f: func(); }
    }
    --> interface functions { f } world plugin { import log export run } package corp:app { interface inside { f } }

    === a package header
    corp:app@1.0.0;
  # ^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `corp` -- did you mean `package corp:app`?
    interface x {}
    --> package corp:app@1.0.0; interface x {}

    === items of an interface
    interface x {
        point { x: u32, y: u32 }
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `point` -- is `record` missing before it?
        shape { circle(f32), square(f32) }
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `shape` -- is `variant` missing before it?
        color { red, green }
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `color` -- is `enum` missing before it?
        file { read: func() -> list<u8>; }
      # ^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `file` -- is `resource` missing before it?
        id = u64;
      # ^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `id` -- is `type` missing before it?
        types.{id};
      # ^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `types` -- is `use` missing before it?
        since(version = 1.0.0)
      # ^^^^^ error[expected-token]: expected `@` before the attribute `since`
        f: func();
        g: func();
    }
    --> interface x { point(x y) shape(circle square) color(red green) file(read) id use types(id) f g }

    === items of a world
    world w {
        a;
      # ^ error[unexpected-token]: expected `import` or `export` before `a`: what a world holds is one or the other
        a:b/c;
      # ^ error[unexpected-token]: expected `import` or `export` before `a`: what a world holds is one or the other
        run: func();
      # ^^^ error[unexpected-token]: expected `import` or `export` before `run`: what a world holds is one or the other
        inner: interface { f: func(); }
      # ^^^^^ error[unexpected-token]: expected `import` or `export` before `inner`: what a world holds is one or the other
        point { x: u32 }
      # ^^^^^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `point` -- is `record` missing before it?
        types.{id};
      # ^^^^^ error[unexpected-token]: expected `import`, `export`, `include`, `use` or a type in the world, found `types` -- is `use` missing before it?
        export last: func();
    }
    --> world w { point(x) use types(id) export last }

    === twice in an interface
    interface interface x {
            # ^^^^^^^^^ error[unexpected-token]: `interface` is written twice
        type type t = u32;
           # ^^^^ error[unexpected-token]: `type` is written twice
        record record r { a: u32 }
             # ^^^^^^ error[unexpected-token]: `record` is written twice
        use use y.{z};
          # ^^^ error[unexpected-token]: `use` is written twice
        f: : func();
         # ^ error[unexpected-token]: `:` is written twice
        g: func func();
              # ^^^^ error[unexpected-token]: `func` is written twice
        h: func((a: u32);
              # ^ error[unexpected-token]: `(` is written twice
        i: func(a: a: u32);
                  # ^ error[expected-token]: expected `,` or `)` in the parameters of `i`, found `:`
        j: func(a: u32 u32);
                     # ^^^ error[unexpected-token]: `u32` is written twice
        k: func() -> -> u32;
                   # ^^ error[unexpected-token]: `->` is written twice
        l: func() -> list list<u8>;
                        # ^^^^ error[unexpected-token]: `list` is written twice
        m: func() -> list<<u8>;
                        # ^ error[unexpected-token]: `<` is written twice
        enum e { a a, b }
                 # ^ error[unexpected-token]: `a` is written twice
        last: func();
    }
    --> interface x { t r(a) use y(z) f g h(a) i(a) j(a) k l m e(a b) last }

    === twice in a world
    world w {
        import import f: func();
             # ^^^^^^ error[unexpected-token]: `import` is written twice
        export g g: func();
               # ^ error[unexpected-token]: `g` is written twice
        include include other;
              # ^^^^^^^ error[unexpected-token]: `include` is written twice
        import x: interface interface { f: func(); }
                          # ^^^^^^^^^ error[unexpected-token]: `interface` is written twice
        import y interface { f: func(); }
               # ^^^^^^^^^ error[expected-token]: expected `:` after `y`, found the keyword `interface`
        import z: interface name { f: func(); }
                          # ^^^^ error[expected-token]: expected `{` to open the interface of `z`, found `name`
        import : func();
             # ^ error[expected-name]: expected a name for the import, found `:`
        import log func();
                 # ^^^^ error[expected-token]: expected `:` after `log`, found the keyword `func`
        export last: func();
    }
    --> world w { import f export g include other import x { f } import y { f } import z { f } import _ import log export last }

    === signs in the way
    interface x , {
              # ^ error[expected-token]: expected `{` to open interface `x`, found `,`
        resource ) r;
               # ^ error[expected-name]: expected a name for the resource, found `)`
        type t / = u32;
             # ^ error[expected-token]: expected `=` and what `t` stands for, found `/`
        f: func() * -> u32;
                # ^ error[expected-token]: expected `;` after function `f`, found `*`
        g: func() };
                # ^ error[expected-token]: expected `;` after function `g`, found `}`
        last: func();
    }
    --> interface x { r t f g last }

    === in types and parameters
    interface x {
        a: func() -> result<list<u8, string>;
                                   # ^^^^^^ error[expected-token]: expected the length of the list, found `string` -- or is a `>` missing before the comma?
        b: func() -> tuple<option<u8, string>, u8>;
                                  # ^ error[expected-token]: expected `>` to close `option<`, found `,`
        c: func(a: list<u8 16>);
                         # ^^ error[expected-token]: expected `>` to close `list<`, found `16`
        d: func(a: tuple<u8; u8>);
                         # ^ error[expected-token]: expected `,` or `>` in the tuple, found `;`
        e: func(a: u32, b: u32};
                            # ^ error[expected-token]: expected `)` to close the parameters of `e`, found `}`
        last: func();
    }
    --> interface x { a b c(a) d(a) e(a b) last }

    === a brace missing between packages
    package a:b;
    package c:d {
        interface x { f: func(); }

    package e:f {
          # ^^^ error[misplaced-package]: package `e:f` is inside another package -- nested packages stand at the top of a file: is a `}` missing before it?
        interface y { g: func(); }
    }
    interface last {}
                   # ^ error[unclosed-brace]: expected `}` to close the nested package, found the end of the file
    --> package a:b; package c:d { interface x { f } package e:f { interface y { g } } interface last {} }

    === a brace missing in a package
    package a:b {
        interface x {
            f: func();

        interface y {
      # ^^^^^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `interface`
            g: func();
        }
    }
    interface last {}
    --> package a:b { interface x { f } interface y { g } } interface last {}
""")


@pytest.mark.parametrize(("screen", "left"), A_WORD_MISSING_OR_SAID_TWICE)
def test_a_word_missing_or_said_twice(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


TWENTY_INDEPENDENT_MISTAKES = cases(r"""
    === all in one file
    package corp:shop@1.0;
                    # ^^^ error[invalid-version]: `1.0` is not a full version -- write all three numbers: major.minor.patch

    interface types {
        record price { amount: u64 currency: string }
                                 # ^^^^^^^^ error[expected-token]: expected `,` or `}` in record `price`, found `currency`
        enum state { open, closedNow }
                         # ^^^^^^^^^ error[invalid-identifier]: `closedNow` is not kebab-case -- write `closed-now`: names are words of one case joined by `-`
        variant event { opened, moved(u32, }
                                       # ^ error[expected-token]: expected `)` after the payload of case `moved`, found `,`
        flags rights { read = 1, write }
                          # ^ error[expected-token]: expected `,` or `}` after flag `read`, found `=` -- a flag is a name and nothing else
        type %list = list<price;
                             # ^ error[expected-token]: expected `>` to close `list<`, found `;`
        type type = u32;
           # ^^^^ error[keyword-as-name]: expected a name for the type, found the keyword `type` -- a name like this is written `%type`
        typ other = u32;
      # ^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `typ` -- did you mean `type`?
        resource cart {
            constructor: func();
                     # ^ error[unexpected-token]: a constructor is written `constructor(…)`
            add(item: price);
             # ^ error[expected-token]: expected `: func` before the parameters of `add`, found `(`
        }
        lookup: fn(key: string) -> price;
              # ^^ error[expected-token]: expected `func` after `lookup:`, found `fn` -- did you mean `func`?
        count: func(of: list) -> u32;
                          # ^ error[expected-token]: expected `<` after `list`, found `)` -- as in `list<u8>`
        @since(1.0.0)
             # ^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `1`
        later: func();
        total: func(items: [price]) -> u64;
                         # ^ error[expected-type]: expected a type, found `[` -- a list is written `list<…>`
        struct pair { a: u32, b: u32 }
      # ^^^^^^ error[unexpected-token]: expected a type, a function or `use` in the interface, found `struct` -- did you mean `record`?
    }

    interfce api {
  # ^^^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `interfce` -- did you mean `interface`?
        use types.price;
                # ^^^^^ error[expected-token]: expected `{` before the types to use, found `price` -- write `{price}`
        sell: func(what: price) => bool;
                              # ^ error[expected-token]: expected `->` before the result of `sell`, found `=>`
    }

    world shop {
        import api;
        export run: func() -> (a: u32);
                            # ^ error[expected-type]: expected one type as the result of `run`, found `(` -- return several values as a `tuple<…>` or a record
        import log: func(line: string;
                                   # ^ error[expected-token]: expected `)` to close the parameters of `log`, found `;`
    }
    --> package corp:shop@1.0.0; interface types { price(amount currency) state(open closedNow) event(opened moved) rights(read write) list type other cart(constructor add) lookup(key) count(of) later total(items) pair(a b) } interface api { use types(price) sell(what) } world shop { import api export run import log }
""")


@pytest.mark.parametrize(("screen", "left"), TWENTY_INDEPENDENT_MISTAKES)
def test_twenty_independent_mistakes(screen: str, left: str) -> None:
    assert screen.count("error[") == 20
    assert outline(assert_screen(screen)) == left


A_FILE_THAT_ENDS_TOO_EARLY = cases(r"""
    === interface x
    interface x
             # ^ error[expected-token]: expected `{` to open interface `x`, found the end of the file
    --> interface x {}

    === interface x {
    interface x {
               # ^ error[unclosed-brace]: expected `}` to close the interface, found the end of the file
    --> interface x {}

    === a name
    interface x {
        f
       # ^ error[expected-token]: expected `:` and `func` after `f`, found the end of the file
    --> interface x {}

    === a name and a colon
    interface x {
        f:
        # ^ error[expected-token]: expected `func` after `f:`, found the end of the file
    --> interface x {}

    === func
    interface x {
        f: func
             # ^ error[expected-token]: expected `(` after `func`, found the end of the file
    --> interface x { f }

    === func(
    interface x {
        f: func(
              # ^ error[expected-token]: expected `)` to close the parameters of `f`, found the end of the file
    --> interface x { f }

    === func()
    interface x {
        f: func()
               # ^ error[expected-token]: expected `;` after function `f`, found the end of the file
    --> interface x { f }

    === a record
    interface x {
        record r {
            a: u32
                # ^ error[unclosed-brace]: expected `}` to close record `r`, found the end of the file
    --> interface x { r(a) }

    === an interface in a world
    world w {
        import x: interface {
            f: func();
                    # ^ error[unclosed-brace]: expected `}` to close the interface, found the end of the file
    --> world w { import x { f } }

    === a nested package
    package a:b {
        interface x {
            f: func();
                    # ^ error[unclosed-brace]: expected `}` to close the interface, found the end of the file
    --> package a:b { interface x { f } }

    === use
    use
     # ^ error[expected-name]: expected the name of an interface, found the end of the file
    --> use _

    === package
    package a:b@1.0.0-rc.;
                      # ^ error[expected-token]: expected `;` or `{` after `package a:b@1.0.0-rc`, found `.` -- a version follows an `@`
    package
         # ^ error[expected-name]: expected a name for the package's namespace, found the end of the file
    --> package a:b@1.0.0-rc;

    === @
    @
   # ^ error[expected-name]: expected the name of an attribute after `@`, found the end of the file
    --> nothing

    === @since
    @since
        # ^ error[expected-token]: expected `(` after `@since`, found the end of the file -- write `@since(version = 1.0.0)`
    --> nothing

    === a comment
    /// doc
    --> nothing

    === {
    {
  # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `{`
    --> nothing

    === }
    }
  # ^ error[unexpected-token]: this `}` closes nothing
    --> nothing

    === (
    (
  # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `(`
    --> nothing

    === a word
    x
  # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `x`
    --> nothing

    === %
    %
  # ^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found `%`
    --> nothing

    === a quote
    "
  # ^ error[invalid-string]: this string is never closed -- expected `"` before the line ends
    --> nothing

    === a comment that goes on
    /*
  # ^^ error[unterminated-comment]: this block comment is never closed -- expected `*/`
    --> nothing

    === a sign of no meaning
    $
  # ^ error[invalid-character]: `$` means nothing in WIT
    --> nothing
""")


@pytest.mark.parametrize(("screen", "left"), A_FILE_THAT_ENDS_TOO_EARLY)
def test_a_file_that_ends_too_early(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


EVERY_SCREEN = [
    case.values[0]
    for case in [
        *THE_TOP_OF_A_FILE,
        *A_FUNCTION,
        *A_FUNCTION_BEING_TYPED,
        *A_TYPE,
        *A_RECORD_OR_ANOTHER_TYPE_WITH_A_BODY,
        *A_RESOURCE,
        *A_USE_BEING_TYPED,
        *A_WORLD,
        *AN_INTERFACE,
        *AN_ATTRIBUTE,
        *A_WORD_MISSING_OR_SAID_TWICE,
        *TWENTY_INDEPENDENT_MISTAKES,
        *A_FILE_THAT_ENDS_TOO_EARLY,
    ]
]


def test_every_fix_mends_its_mistake_and_makes_none() -> None:
    """Applied to the screens above, each by itself."""
    mended = 0
    for screen in EVERY_SCREEN:
        source = Source.parse("screen.wit", unmarked(str(screen)))
        before = sorted(problem.message for _, problem in problems(source))
        for number, segment in enumerate(source.segments):
            for problem in segment.problems:
                for fix in problem.fixes:
                    start = source.starts[number]
                    edits = [TextEdit(edit.span.shifted(start), edit.new) for edit in fix.edits]
                    after = Source.parse("screen.wit", apply_edits(source.text, edits))
                    expected = list(before)
                    expected.remove(problem.message)
                    assert sorted(message.message for _, message in problems(after)) == expected, (
                        fix.title,
                        after.text,
                    )
                    mended += 1
    assert mended > 150
