"""Pairs of packages, each with what is to be said of the step from one to the other.

A case is a text: `- ` begins a line of the old package, `+ ` one of the new, two blanks one of both. Below the line of
dashes stands each change: its bump, its sentence, and whom it breaks.
"""

from typing import NamedTuple

OLD, NEW = "1.0.0", "1.1.0"


class Case(NamedTuple):
    """Two bodies of a package, and the changes between them."""

    title: str
    old: str
    new: str
    changes: tuple[str, ...]

    def __str__(self) -> str:
        return self.title


def cases(written: str) -> list[Case]:
    """The cases of a text; `# ` begins each, with its title."""
    found = []
    for block in ("\n" + written).split("\n# ")[1:]:
        title, _, rest = block.partition("\n")
        body, _, expected = rest.partition("\n----\n")
        lines = [line for line in body.split("\n") if line.strip()]
        assert all(line[:2] in ("- ", "+ ", "  ") for line in lines), f"{title}: {lines}"
        old = "\n".join(line[2:] for line in lines if line[0] in "- ")
        new = "\n".join(line[2:] for line in lines if line[0] in "+ ")
        found.append(Case(title, old, new, tuple(line for line in expected.split("\n") if line.strip())))
    return found


CASES = cases("""
# nothing
  interface i { f: func(); }
  world w { import i; }
----

# a function is added to what components import
  interface i {
    f: func();
+   g: func();
  }
  world w { import i; }
----
minor: `i`: function `g` is new: breaks hosts

# a function is added to what components export
  interface i {
    f: func();
+   g: func();
  }
  world w { export i; }
----
major: `i`: function `g` is new: breaks components

# a function is added to what is both imported and exported
  interface i {
    f: func();
+   g: func();
  }
  world w { import i; export i; }
----
major: `i`: function `g` is new: breaks hosts, components

# a function is removed from what components import
  interface i {
    f: func();
-   g: func();
  }
  world w { import i; }
----
major: `i`: function `g` is gone: breaks components

# a function is removed from what components export
  interface i {
    f: func();
-   g: func();
  }
  world w { export i; }
----
minor: `i`: function `g` is gone: breaks hosts

# the order of functions means nothing
- interface i { f: func(); g: func(); }
+ interface i { g: func(); f: func(); }
  world w { import i; export i; }
----

# a parameter is added
- interface i { f: func(a: u8); }
+ interface i { f: func(a: u8, b: u8); }
  world w { import i; }
----
major: `i`: function `f`: parameter `b` is new: breaks components, hosts

# a parameter is removed
- interface i { f: func(a: u8, b: u8); }
+ interface i { f: func(b: u8); }
  world w { export i; }
----
major: `i`: function `f`: parameter `a` is gone: breaks components, hosts

# a parameter has another name
- interface i { f: func(a: u8); }
+ interface i { f: func(b: u8); }
  world w { import i; }
----
major: `i`: function `f`: parameter `b` was called `a`: breaks components, hosts

# parameters change places
- interface i { f: func(a: u8, b: u8); }
+ interface i { f: func(b: u8, a: u8); }
  world w { import i; }
----
major: `i`: function `f`: the parameters are in another order: `b`, `a`; it was `a`, `b`: breaks components, hosts

# a parameter has another type
- interface i { f: func(a: list<u8>); }
+ interface i { f: func(a: list<option<u8>>); }
  world w { import i; }
----
major: `i`: function `f`: parameter `a` is `list<option<u8>>`, was `list<u8>`: breaks components, hosts

# a result has another type
- interface i { f: func() -> result<u8>; }
+ interface i { f: func() -> result<u8, string>; }
  world w { import i; }
----
major: `i`: function `f` returns `result<u8, string>`, returned `result<u8>`: breaks components, hosts

# a result comes
- interface i { f: func(); }
+ interface i { f: func() -> u8; }
  world w { export i; }
----
major: `i`: function `f` returns `u8`, returned nothing: breaks components, hosts

# a result goes
- interface i { f: func() -> u8; }
+ interface i { f: func(); }
  world w { export i; }
----
major: `i`: function `f` returns nothing, returned `u8`: breaks components, hosts

# a function becomes async
- interface i { f: func(); }
+ interface i { f: async func(); }
  world w { import i; }
----
major: `i`: function `f` is async, was not: breaks components, hosts

# a function is no longer async
- interface i { f: async func(); }
+ interface i { f: func(); }
  world w { import i; }
----
major: `i`: function `f` is not async any more: breaks components, hosts

# a field has another type
- interface i { record r { a: u64 } f: func() -> r; }
+ interface i { record r { a: u32 } f: func() -> r; }
  world w { import i; }
----
major: `i`: record `r`: field `a` is `u32`, was `u64`: breaks components, hosts

# a field is added
- interface i { record r { a: u8 } f: func() -> r; }
+ interface i { record r { a: u8, b: u8 } f: func() -> r; }
  world w { import i; }
----
major: `i`: record `r`: field `b` is new: breaks components, hosts

# fields change places
- interface i { record r { a: u8, b: u8 } f: func() -> r; }
+ interface i { record r { b: u8, a: u8 } f: func() -> r; }
  world w { import i; }
----
major: `i`: record `r`: the fields are in another order: `b`, `a`; it was `a`, `b`: breaks components, hosts

# a field has another name
- interface i { record r { a: u8 } f: func() -> r; }
+ interface i { record r { b: u8 } f: func() -> r; }
  world w { export i; }
----
major: `i`: record `r`: field `b` was called `a`: breaks components, hosts

# a case is added at the end of a variant
- interface i { variant v { a, b(u8) } f: func() -> v; }
+ interface i { variant v { a, b(u8), c } f: func() -> v; }
  world w { import i; }
----
major: `i`: variant `v`: case `c` is new: breaks components, hosts

# a case carries something else
- interface i { variant v { a, b(u8) } f: func() -> v; }
+ interface i { variant v { a(u8), b } f: func() -> v; }
  world w { import i; }
----
major: `i`: variant `v`: case `a` carries `u8`, carried nothing: breaks components, hosts
major: `i`: variant `v`: case `b` carries nothing, carried `u8`: breaks components, hosts

# a case is added to an enum
- interface i { enum e { a } f: func() -> e; }
+ interface i { enum e { a, b } f: func() -> e; }
  world w { import i; }
----
major: `i`: enum `e`: case `b` is new: breaks components, hosts

# a flag is added
- interface i { flags s { a } f: func() -> s; }
+ interface i { flags s { a, b } f: func() -> s; }
  world w { export i; }
----
major: `i`: flags `s`: flag `b` is new: breaks components, hosts

# a type is of another kind
- interface i { enum e { a } f: func() -> e; }
+ interface i { variant e { a } f: func() -> e; }
  world w { import i; }
----
major: `i`: variant `e` is a variant, was an enum: breaks components, hosts

# what a type stands for changes
- interface i { type t = list<u8>; f: func() -> t; }
+ interface i { type t = string; f: func() -> t; }
  world w { import i; }
----
major: `i`: type `t` is `string`, was `list<u8>`: breaks components, hosts

# a type that others are made of is spoken of once
- interface i { record r { a: u64 } type l = list<r>; f: func(x: option<l>) -> r; }
+ interface i { record r { a: u32 } type l = list<r>; f: func(x: option<l>) -> r; }
  world w { import i; }
----
major: `i`: record `r`: field `a` is `u32`, was `u64`: breaks components, hosts

# the same type by another name
- interface i { type id = u64; f: func(a: id, b: u64); }
+ interface i { type id = u64; f: func(a: u64, b: id); }
  world w { import i; }
----
patch: `i`: function `f`: parameter `a` is `u64`, was `id`, which is the same type: breaks nobody
patch: `i`: function `f`: parameter `b` is `id`, was `u64`, which is the same type: breaks nobody

# a type is renamed
- interface i { record r { a: u8 } f: func() -> r; }
+ interface i { record s { a: u8 } f: func() -> s; }
  world w { import i; }
----
major: `i`: record `r` is gone: breaks components, packages
minor: `i`: record `s` is new: breaks hosts
patch: `i`: function `f` returns `s`, returned `r`, which is the same type: breaks nobody

# a type that nothing passes is removed from what components import
- interface i { type t = u8; f: func(); }
+ interface i { f: func(); }
  world w { import i; }
----
major: `i`: type `t` is gone: breaks packages

# a type is removed from what components export
- interface i { type t = u8; f: func(); }
+ interface i { f: func(); }
  world w { export i; }
----
major: `i`: type `t` is gone: breaks hosts, packages

# a type is added to what components import
- interface i { f: func(); }
+ interface i { type t = u8; f: func(); }
  world w { import i; }
----
minor: `i`: type `t` is new: breaks nobody

# a type is added to what components export
- interface i { f: func(); }
+ interface i { type t = u8; f: func(); }
  world w { export i; }
----
major: `i`: type `t` is new: breaks components

# a type that nothing passes changes
- interface i { type t = u8; f: func(); }
+ interface i { type t = u16; f: func(); }
  world w { import i; }
----
major: `i`: type `t` is `u16`, was `u8`: breaks packages

# a value type moves to another interface, and keeps its name
- interface i { record r { a: u8 } f: func() -> r; }
+ interface t { record r { a: u8 } }
+ interface i { use t.{r}; f: func() -> r; }
  world w { import i; }
----
minor: interface `t` is new: breaks nobody
patch: `i`: type `r` is `r` of `t`, was a record, which is the same type: breaks nobody
minor: world `w`: import `t` is new: breaks hosts

# a value type moves out of another interface
- interface t { record r { a: u8 } }
- interface i { use t.{r}; f: func() -> r; }
+ interface i { record r { a: u8 } f: func() -> r; }
  world w { import i; }
----
major: interface `t` is gone: breaks packages
patch: `i`: record `r` is a record, was `r` of `t`, which is the same type: breaks nobody
major: world `w`: import `t` is gone: breaks components

# a type of the same structure is used from elsewhere
  interface s { record r { a: u8 } }
  interface t { record r { a: u8 } }
- interface i { use s.{r}; f: func() -> r; }
+ interface i { use t.{r}; f: func() -> r; }
  world w { import s; import t; import i; }
----
patch: `i`: type `r` is `r` of `t`, was `r` of `s`, which is the same type: breaks nobody

# another type is used from elsewhere
  interface s { record r { a: u8 } }
  interface t { record r { a: u16 } }
- interface i { use s.{r}; f: func() -> r; }
+ interface i { use t.{r}; f: func() -> r; }
  world w { import s; import t; import i; }
----
major: `i`: type `r` is `r` of `t`, was `r` of `s`: breaks components, hosts

# another resource is used from elsewhere
  interface s { resource r; }
  interface t { resource r; }
- interface i { use s.{r}; f: func() -> r; }
+ interface i { use t.{r}; f: func() -> r; }
  world w { import s; import t; import i; }
----
major: `i`: type `r` is `r` of `t`, was `r` of `s`: breaks components, hosts

# a type of a world is used from elsewhere
  interface s { record r { a: u8 } }
  interface t { record r { a: u16 } }
- world w { use s.{r}; import t; import f: func() -> r; }
+ world w { use t.{r}; import s; import f: func() -> r; }
----
major: world `w`: type `r` is `r` of `t`, was `r` of `s`: breaks components, hosts

# an imported interface has another name
  interface i { f: func(); }
- world w { import a: i; }
+ world w { import b: i; }
----
major: world `w`: import `a` is gone: breaks components
minor: world `w`: import `b` is new: breaks hosts

# a name is given to another interface
  interface i { f: func(); }
  interface j { f: func(); g: func(); }
- world w { import a: i; }
+ world w { import a: j; }
----
patch: world `w`: import `a` is `j`, was `i`: breaks nobody
minor: world `w`: import `a`: function `g` is new: breaks hosts

# a stream has other elements
- interface i { f: func() -> stream<u8>; }
+ interface i { f: func() -> stream<u16>; }
  world w { import i; }
----
major: `i`: function `f` returns `stream<u16>`, returned `stream<u8>`: breaks components, hosts

# a resource moves to another interface, and keeps its name
- interface i { resource r; f: func() -> r; }
+ interface t { resource r; }
+ interface i { use t.{r}; f: func() -> r; }
  world w { import i; }
----
minor: interface `t` is new: breaks nobody
patch: `i`: type `r` is `r` of `t`, was a resource, which is the same type: breaks nobody
minor: world `w`: import `t` is new: breaks hosts

# a resource gets a second identity
- interface t { resource r; }
- interface i { use t.{r}; f: func() -> r; }
+ interface t { resource r; }
+ interface i { resource r; f: func() -> r; }
  world w { import t; import i; }
----
major: `i`: resource `r` is a resource, was `r` of `t`: breaks components, hosts

# a resource becomes a value
- interface i { resource r; f: func(x: r); }
+ interface i { record r { a: u8 } f: func(x: r); }
  world w { import i; }
----
major: `i`: record `r` is a record, was a resource: breaks components, hosts

# a resource is lent where it was given
  interface i {
    resource r;
-   f: func(x: r);
+   f: func(x: borrow<r>);
  }
  world w { import i; }
----
major: `i`: function `f`: parameter `x` is `borrow<r>`, was `r`: breaks components, hosts

# a resource is added to what components import
  interface i {
    f: func();
+   resource r;
  }
  world w { import i; }
----
minor: `i`: resource `r` is new: breaks hosts

# a resource is removed from what components import
  interface i {
    f: func();
-   resource r;
  }
  world w { import i; }
----
major: `i`: resource `r` is gone: breaks components, packages

# methods come and go
- interface i { resource r { constructor(); m: func(); } }
+ interface i { resource r { m: func(); n: func(); } }
  world w { import i; }
----
major: `i`: constructor of `r` is gone: breaks components
minor: `i`: method `r.n` is new: breaks hosts

# a method becomes static
- interface i { resource r { m: func(); } }
+ interface i { resource r { m: static func(); } }
  world w { import i; }
----
major: `i`: `r.m` is a static function, was a method: breaks components, hosts

# a constructor may fail
- interface i { resource r { constructor(); } }
+ interface i { resource r { constructor() -> result<r>; } }
  world w { import i; }
----
major: `i`: constructor of `r` returns `result<r>`, returned `r`: breaks components, hosts

# a world gains an import
  interface i { f: func(); }
- world w {}
+ world w { import i; }
----
minor: world `w`: import `i` is new: breaks hosts

# a world loses an import
  interface i { f: func(); }
- world w { import i; }
+ world w {}
----
major: world `w`: import `i` is gone: breaks components

# a world gains an export
  interface i { f: func(); }
- world w {}
+ world w { export i; }
----
major: world `w`: export `i` is new: breaks components

# a world loses an export
  interface i { f: func(); }
- world w { export i; }
+ world w {}
----
minor: world `w`: export `i` is gone: breaks hosts

# a world exports what it imported
  interface i { f: func(); }
- world w { import i; }
+ world w { export i; }
----
major: world `w`: import `i` is gone: breaks components
major: world `w`: export `i` is new: breaks components

# a resource is exported that was imported, and another export passes it
  interface i { resource r; }
  interface j { use i.{r}; f: func() -> r; }
- world w { export j; }
+ world w { export i; export j; }
----
major: world `w`: import `i` is gone: breaks components
major: world `w`: export `i` is new: breaks components
major: world `w`: export `j` has the resources of `i` from the exports, had them from the imports: breaks components, hosts

# a world gains an interface of types alone
  interface t { type x = u8; }
- world w {}
+ world w { import t; }
----
minor: world `w`: import `t` is new: breaks nobody

# a world loses an interface of types that nothing passes
  interface t { type x = u8; }
- world w { import t; }
+ world w {}
----
patch: world `w`: import `t` is gone: breaks nobody

# functions of a world come, go and change
- world w { import a: func(); import b: func(); export c: func(); export d: func(); import e: func(x: u8); }
+ world w { import b: func(); import f: func(); export c: func(); export g: func(); import e: func(x: u16); }
----
major: world `w`: imported function `a` is gone: breaks components
minor: world `w`: imported function `f` is new: breaks hosts
major: world `w`: imported function `e`: parameter `x` is `u16`, was `u8`: breaks components, hosts
minor: world `w`: exported function `d` is gone: breaks hosts
major: world `w`: exported function `g` is new: breaks components

# an interface that is written in a world is judged by its place
- world w { import k: interface { f: func(); } export l: interface { f: func(); } }
+ world w { import k: interface { f: func(); g: func(); } export l: interface { f: func(); g: func(); } }
----
minor: world `w`: import `k`: function `g` is new: breaks hosts
major: world `w`: export `l`: function `g` is new: breaks components

# an import is of another kind
- world w { import k: interface { f: func(); } }
+ world w { import k: func(); }
----
major: world `w`: import `k` is a function, was an interface: breaks components, hosts

# a type of a world changes
- world w { record r { a: u8 } import f: func() -> r; }
+ world w { record r { a: u16 } import f: func() -> r; }
----
major: world `w`: record `r`: field `a` is `u16`, was `u8`: breaks components, hosts

# a type of a world is removed
- world w { type t = u8; import f: func(); }
+ world w { import f: func(); }
----
major: world `w`: type `t` is gone: breaks components, packages

# what a world includes counts as its own
  interface i { f: func(); }
- world base { }
+ world base { import i; }
  world w { include base; }
----
minor: world `base`: import `i` is new: breaks hosts
minor: world `w`: import `i` is new: breaks hosts

# interfaces and worlds come and go
- interface i {}
+ interface j {}
- world v {}
+ world u {}
  world w {}
----
major: interface `i` is gone: breaks packages
minor: interface `j` is new: breaks nobody
major: world `v` is gone: breaks packages
minor: world `u` is new: breaks nobody

# what no world speaks of counts as imported
- interface i { f: func(); g: func(); }
+ interface i { f: func(); h: func(); }
  world w {}
----
major: `i`: function `g` is gone: breaks components
minor: `i`: function `h` is new: breaks hosts

# documentation
- /// One.
+ /// Two.
  interface i {
-   /// One.
+   /// Two.
    record r {
      a: u8,
    }
    record s {
-     /// One.
+     /// Two.
      a: u8,
    }
-   /// One.
+   /// Two.
    f: func();
  }
  world w { import i; }
----
patch: interface `i`: its documentation changed: breaks nobody
patch: `i`: record `r`: its documentation changed: breaks nobody
patch: `i`: record `s`: its documentation changed: breaks nobody
patch: `i`: function `f`: its documentation changed: breaks nobody

# documentation in a world
  interface i { f: func(); }
- /// One.
+ /// Two.
  world w {
-   /// One.
+   /// Two.
    import i;
-   /// One.
+   /// Two.
    export k: interface {}
-   /// One.
+   /// Two.
    export f: func();
  }
----
patch: world `w`: its documentation changed: breaks nobody
patch: world `w`: import `i`: its documentation changed: breaks nobody
patch: world `w`: export `k`: its documentation changed: breaks nobody
patch: world `w`: exported function `f`: its documentation changed: breaks nobody

# an external id
  interface i {
-   @external-id("a")
+   @external-id("b")
    f: func();
-   @external-id("a")
    type t = u8;
  }
  world w { import i; }
----
patch: `i`: type `t` has no external id any more: breaks nobody
patch: `i`: function `f` has another external id: breaks nobody

# a gate says when something came
  interface i {
-   f: func();
+   @since(version = 1.0.0)
+   f: func();
  }
  world w { import i; }
----
patch: `i`: function `f` is there since 1.0.0, as its gate says now: breaks nobody

# something is deprecated
  interface i {
    @since(version = 1.0.0)
+   @deprecated(version = 1.1.0)
    f: func();
  }
  world w { import i; }
----
minor: `i`: function `f` is deprecated since 1.1.0: breaks nobody
""")
