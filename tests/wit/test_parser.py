"""The parser: what well-formed WIT means to it, and every syntax mistake that it knows, as the user sees it."""

import pytest
from support.marks import assert_screen, problems
from support.outlines import cases, outline

from dataflare_lsp.text import Span
from dataflare_lsp.wit.parser import MAX_DEPTH
from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import (
    Alias,
    Deprecated,
    Extern,
    ExternalId,
    Field,
    Func,
    FutureOf,
    Handle,
    Include,
    Inline,
    InterfaceHead,
    ListOf,
    MapOf,
    Name,
    Named,
    Node,
    OptionOf,
    PackageHead,
    PackageHeader,
    PackageName,
    Path,
    Primitive,
    Record,
    Resource,
    ResultOf,
    Since,
    StreamOf,
    TopLevelUse,
    TupleOf,
    Type,
    Unstable,
    Use,
    Variant,
)


def nodes(text: str) -> list[Node]:
    """The nodes of a text that has no mistake in it."""
    parsed = Source.parse("f.wit", text)
    assert problems(parsed) == []
    return [segment.node for segment in parsed.segments if segment.node is not None]


def item(text: str, scope: str = "interface") -> Node:
    """The only item of an interface, or of another `scope`."""
    (_, found) = nodes(f"{scope} x {{{text}}}")
    return found


def type_of(text: str) -> Type:
    """A type, as an alias for it."""
    alias = item(f"type t = {text};")
    assert isinstance(alias, Alias)
    return alias.type


def shown(found: Type | None) -> str:
    """A type, as its kind and what it is made of."""
    match found:
        case None:
            return "none"
        case Primitive(name=name):
            return name
        case Named(name=name):
            return f"`{name.text}`"
        case Handle(borrowed=borrowed, resource=resource):
            return f"{'borrow' if borrowed else 'own'}({resource.text})"
        case ListOf(element=element, length=length):
            return f"list({shown(element)}{'' if length is None else f', {length}'})"
        case MapOf(key=key, value=value):
            return f"map({shown(key)}, {shown(value)})"
        case TupleOf(elements=elements):
            return f"tuple({', '.join(map(shown, elements))})"
        case ResultOf(ok=ok, err=err):
            return f"result({shown(ok)}, {shown(err)})"
        case OptionOf(element=inner) | FutureOf(element=inner) | StreamOf(element=inner):
            return f"{type(found).__name__.removesuffix('Of').lower()}({shown(inner)})"
        case _:
            return "missing"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("u32", "u32"),
        ("error-context", "error-context"),
        ("some-type", "`some-type`"),
        ("%u32", "`u32`"),
        ("list<u8>", "list(u8)"),
        ("list<u8, 16>", "list(u8, 16)"),
        ("map<string, list<t>>", "map(string, list(`t`))"),
        ("option<option<bool>>", "option(option(bool))"),
        ("tuple<u8, string,>", "tuple(u8, string)"),
        ("result", "result(none, none)"),
        ("result<u8>", "result(u8, none)"),
        ("result<_, e>", "result(none, `e`)"),
        ("result<u8, e>", "result(u8, `e`)"),
        ("future", "future(none)"),
        ("future<u8>", "future(u8)"),
        ("stream", "stream(none)"),
        ("stream<u8>", "stream(u8)"),
        ("own<r>", "own(r)"),
        ("borrow<%list>", "borrow(list)"),
        ("list /* of */ < // what\n u8 >", "list(u8)"),
    ],
)
def test_types(written: str, meant: str) -> None:
    assert shown(type_of(written)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "name: func();",
        "name: func(a: u8, %type: string,) -> u8;",
        "name: async func() -> result;",
        "get: func();",
        "name: get() -> u8;",
        "name: set(value: u8);",
    ],
)
def test_functions(text: str) -> None:
    function = item(text)
    assert isinstance(function, Func)
    assert (function.name.text, function.form) == ("get" if text.startswith("get") else "name", "free")
    assert function.is_async == ("async" in text)
    assert function.accessor == {"get()": "get", "set(v": "set"}.get(text[6:11], "")
    assert [param.name.text for param in function.params] == (
        ["a", "type"] if "%type" in text else ["value"] if "value" in text else []
    )


def test_the_functions_of_a_resource() -> None:
    resource = item(
        "resource r { constructor(a: u8) -> result<r>; m: func(); s: static async func(); x: get() -> u8; }"
    )
    assert isinstance(resource, Resource)
    assert [(function.name.text, function.form, function.is_async) for function in resource.functions] == [
        ("constructor", "constructor", False),
        ("m", "method", False),
        ("s", "static", True),
        ("x", "method", False),
    ]
    assert item("resource r;") == item("resource r;")


def test_types_with_parts() -> None:
    record = item("record r { a: u8, /// the other\n b: string }")
    assert isinstance(record, Record)
    assert [(field.name.text, shown(field.type), "other" in field.comments) for field in record.fields] == [
        ("a", "u8", False),
        ("b", "string", True),
    ]
    variant = item("variant v { none, some(u8), }")
    assert isinstance(variant, Variant)
    assert [(case.name.text, shown(case.type)) for case in variant.fields] == [("none", "none"), ("some", "u8")]


def test_attributes_and_comments_lead_an_item() -> None:
    function = item(
        "/// What it does.\n@since(version = 1.2.0)\n@unstable(feature = fancy)\n@deprecated(version = 1.3.0-rc.1)\n"
        '@external-id("a\\u{62}c")\nf: func();'
    )
    assert isinstance(function, Func)
    since, unstable, deprecated, external = function.lead.attributes
    assert isinstance(since, Since)
    assert since.version == "1.2.0"
    assert isinstance(unstable, Unstable)
    assert unstable.feature.text == "fancy"
    assert isinstance(deprecated, Deprecated)
    assert deprecated.version == "1.3.0-rc.1"
    assert isinstance(external, ExternalId)
    assert external.id == "abc"
    assert "/// What it does." in function.lead.comments


def test_uses_and_includes() -> None:
    use = item("use corp:base/types@1.0.0-rc.1+b.2.{a, b as c};")
    assert isinstance(use, Use)
    assert use.path is not None
    assert use.path.package == PackageName("corp", "base", "1.0.0-rc.1+b.2")
    assert [(rename.name.text, rename.local.text) for rename in use.names] == [("a", "a"), ("b", "c")]
    include = item("include base with { a as b }", "world")
    assert isinstance(include, Include)
    assert [(rename.name.text, rename.local.text) for rename in include.renames] == [("a", "b")]
    assert isinstance(item("include corp:base/w;", "world"), Include)


def test_imports_and_exports() -> None:
    plain = item("import corp:base/types@1.0.0;", "world")
    assert isinstance(plain, Extern)
    assert (plain.direction, plain.name) == ("import", None)
    named = item("export name: corp:base/types;", "world")
    assert isinstance(named, Extern)
    assert isinstance(named.item, Path)
    assert named.name is not None
    assert (named.direction, named.name.text, named.item.name.text) == ("export", "name", "types")
    inline = item("import i: interface { use a.{b}; f: func(); }", "world")
    assert isinstance(inline, Extern)
    assert isinstance(inline.item, Inline)
    assert [type(member) for member in inline.item.members] == [Use, Func]
    function = item("export run: async func();", "world")
    assert isinstance(function, Extern)
    assert isinstance(function.item, Func)


def test_the_top_of_a_file() -> None:
    found = nodes("package a:b@1.0.0; use c:d/e as f; package g:h { interface i {} }")
    assert [type(node) for node in found] == [PackageHeader, TopLevelUse, PackageHead, InterfaceHead]
    header, use = found[:2]
    assert isinstance(header, PackageHeader)
    assert header.package == PackageName("a", "b", "1.0.0")
    assert isinstance(use, TopLevelUse)
    assert use.local.text == "f"


def test_spans_count_from_where_the_segment_starts() -> None:
    parsed = Source.parse("f.wit", "interface x {\n  // first\n  get: func();\n}")
    function = parsed.segments[1].node
    assert isinstance(function, Func)
    assert parsed.segments[1].text[function.name.start : function.name.end] == "get"
    assert parsed.absolute(1, function.name.span) == Span(27, 30)
    assert function.name == Name("get", 14, 17)


ACCEPTED = """
    === includes with renames end without a semicolon
    world w { include x with { a as b } include y; }
    === a comment between any two tokens
    /* a */ use /* b */ c /* d */ ; // e
    === attributes before the comments of their item, and after
    @since(version = 1.0.0) /// doc
    interface x { /** more */ @since(version = 1.0.0) // why
        f: func(); }
    === a line that goes on in the next
    interface
    x
    {
    f
    :
    func
    (
    )
    ;
    }
    === names in capitals and with digits
    interface HTTP { get-URL2: func(); ENOENT: func(); a-0: func(); }
    === an empty list of names to use
    interface x { use y.{}; }
    === a last comma everywhere
    interface x { use y.{a,}; record r { a: u8, } f: func(a: u8,); type t = tuple<u8,>; }
    === a version with a minus or a plus that nothing follows
    package a:b@1.0.0-;
    === a name of a function that is a word elsewhere
    interface x { get: func(); set: func(); since: func(version: u8); }
"""


@pytest.mark.parametrize("text", [case.partition("\n")[2] for case in ACCEPTED.split("===")[1:]])
def test_what_may_surprise_and_is_well_formed(text: str) -> None:
    assert problems(Source.parse("f.wit", text)) == []


@pytest.mark.parametrize(
    ("screen", "left"),
    cases(r"""
        === expected-token
        interface x {
            f: func() -> list<u8;
                              # ^ error[expected-token]: expected `>` to close `list<`, found `;`
            g func();
            # ^^^^ error[expected-token]: expected `:` after `g`, found the keyword `func`
        }
        --> interface x { f g }

        === expected-name
        interface x {
            record {
                 # ^ error[expected-name]: expected a name for the record, found `{`
                a: u32,
            }
            f: func(: u32);
                  # ^ error[expected-name]: expected a name for the parameter, found `:`
        }
        --> interface x { _(a) f(_) }

        === expected-type
        interface x {
            type t = ;
                   # ^ error[expected-type]: expected a type, found `;`
            f: func(a: ) -> 3;
                     # ^ error[expected-type]: expected a type, found `)`
                          # ^ error[expected-type]: expected a type, found `3`
        }
        --> interface x { t f(a) }

        === unexpected-token
        interface x {
            f: func();;
                    # ^ error[unexpected-token]: this `;` ends nothing
        }
        import y;
      # ^^^^^^ error[unexpected-token]: expected `interface`, `world`, `use` or `package` at the top of a file, found the keyword `import` -- `import` belongs in a world
        --> interface x { f }

        === keyword-as-name
        interface list {
                # ^^^^ error[keyword-as-name]: expected a name for the interface, found the keyword `list` -- a name like this is written `%list`
            f: func(type: u32) -> record;
                  # ^^^^ error[keyword-as-name]: expected a name for the parameter, found the keyword `type` -- a name like this is written `%type`
                                # ^^^^^^ error[keyword-as-name]: expected a type, found the keyword `record` -- a type of that name is written `%record`
        }
        --> interface list { f(type) }

        === invalid-identifier
        interface x {
            getItem: func(user_id: u32);
          # ^^^^^^^ error[invalid-identifier]: `getItem` is not kebab-case -- write `get-item`: names are words of one case joined by `-`
                        # ^^^^^^^ error[invalid-identifier]: `user_id` is not kebab-case -- write `user-id`: names are words of one case joined by `-`
            2nd: func();
          # ^^^ error[invalid-identifier]: `2nd` is not kebab-case -- names begin with a letter
            %: func();
          # ^ error[invalid-identifier]: a name is missing after `%` -- with it, a keyword can be a name, as in `%list`
        }
        --> interface x { getItem(user_id) _ _ }

        === unclosed-brace
        interface x {
            record r {
                a: u32,
            f: func();
          # ^ error[unclosed-brace]: expected `}` to close record `r`, found `f`

        world w {
      # ^^^^^ error[unclosed-brace]: expected `}` to close the interface, found the keyword `world`
               # ^ error[unclosed-brace]: expected `}` to close the world, found the end of the file
        --> interface x { r(a) f } world w {}

        === unknown-attribute
        interface x {
            @sinse(version = 1.0.0)
           # ^^^^^ error[unknown-attribute]: there is no attribute `@sinse` -- did you mean `@since`?
            f: func();
            @inline
           # ^^^^^^ error[unknown-attribute]: there is no attribute `@inline` -- known are `@since`, `@unstable`, `@deprecated`, `@external-id`
            g: func();
        }
        --> interface x { f g }

        === invalid-attribute
        interface x {
            @since(1.0.0)
                 # ^ error[invalid-attribute]: expected `version = …` in `@since(…)`, found `1`
            f: func();
            @unstable(name = f)
                    # ^^^^ error[invalid-attribute]: expected `feature = …` in `@unstable(…)`, found `name`
            g: func();
            @external-id(h)
                       # ^ error[invalid-attribute]: expected a string in quotes, found `h`
            h: func();
        }
        --> interface x { f g h }

        === misplaced-attribute
        @since(version = 1.0.0)
        package a:b;
      # ^^^^^^^ error[misplaced-attribute]: a package header takes no attributes
        @since(version = 1.0.0)
        use c:d/e;
      # ^^^ error[misplaced-attribute]: a top-level `use` takes no attributes
        @external-id("x")
      # ^^^^^^^^^^^^^^^^^ error[misplaced-attribute]: an interface takes no `@external-id` -- it belongs on an import, an export, a type or a function
        interface x {}
        world w {
            @external-id("y")
          # ^^^^^^^^^^^^^^^^^ error[misplaced-attribute]: an `include` takes no `@external-id` -- it belongs on an import, an export, a type or a function
            include v;
        }
        --> package a:b; use c:d/e interface x {} world w { include v }

        === misplaced-package
        interface x {}
        package a:b;
                 # ^ error[misplaced-package]: `package a:b;` must be the first item of its file -- expected `{`, which would start a nested package
        package c:d {
            package e:f {}
                  # ^^^ error[misplaced-package]: package `e:f` is inside another package -- nested packages stand at the top of a file
        }
        --> interface x {} package c:d { package e:f {} }

        === invalid-version
        package a:b@1.0;
                  # ^^^ error[invalid-version]: `1.0` is not a full version -- write all three numbers: major.minor.patch
        interface x {
            use c:d/e@latest.{t};
                    # ^^^^^^ error[invalid-version]: expected a version such as `1.0.0`, found `latest`
            use c:d/e@01.0.0.{t};
                    # ^^^^^^ error[invalid-version]: `01.0.0` is not a semantic version -- expected major.minor.patch, with `-pre.release` or `+build` parts after it if any
            use c:d/e@v1.0.0.{t};
                    # ^^ error[invalid-version]: expected a version such as `1.0.0`, found `v1` -- a version has no `v`
            @since(version = "1.0.0")
                           # ^^^^^^^ error[invalid-version]: expected a version such as `1.0.0`, found `"1.0.0"` -- a version stands without quotes
            f: func();
        }
        --> package a:b@1.0.0; interface x { use c:d/e(t) use c:d/e(t) use c:d/e(t) f }

        === invalid-string
        interface x {
            @external-id("a\qb")
                         # ^^ error[invalid-string]: `\q` is not an escape
            f: func();
            @external-id("never closed)
                       # ^^^^^^^^^^^^^^ error[invalid-string]: this string is never closed -- expected `"` before the line ends
            g: func();
        }
        --> interface x { f g }

        === invalid-character
        interface x {
            f: func(a: &string);
                     # ^ error[invalid-character]: `&` means nothing in WIT -- WIT has no references: write the type alone, or `borrow<…>` around a resource
            g: func(); # then
                     # ^ error[invalid-character]: `#` means nothing in WIT -- a comment begins with `//`
            h$: func();
           # ^ error[invalid-character]: `$` means nothing in WIT
        }
        --> interface x { f(a) g h }

        === unterminated-comment
        interface x {
            /* a comment /* in a comment */
          # ^^ error[unterminated-comment]: this block comment is never closed -- expected `*/`
            f: func();
        }
        --> interface x {}

        === invalid-length
        interface x {
            type t = list<u8, 4294967296>;
                            # ^^^^^^^^^^ error[invalid-length]: a list cannot have 4294967296 elements: the limit is 2^32 - 1
            type u = list<u8, 4294967295>;
        }
        --> interface x { t u }
    """),
)
def test_every_code(screen: str, left: str) -> None:
    assert outline(assert_screen(screen)) == left


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\x00", "U+0000 is a control character"),
        ("\x0c", "U+000C is a control character"),
        ("\x85", "U+0085 is a control character"),
        ("\u202e", "U+202E changes the direction of text, so the source would not mean what it shows"),
        ("\u0149", "U+0149 is deprecated by Unicode"),
        ("\ud800", "U+D800 is half of a surrogate pair, not a character"),
    ],
)
@pytest.mark.parametrize("place", ["// a comment with {}", "f{}f: func();", '/* {} */ @external-id("{}") h: func();'])
def test_characters_that_must_stand_nowhere(place: str, character: str, message: str) -> None:
    text = place.replace("{}", character)
    parsed = Source.parse("f.wit", f"interface x {{\n    {text}\n    g: func();\n}}")
    found = [(problem.code, problem.message) for _, problem in problems(parsed) if problem.code != "invalid-string"]
    assert found == [("invalid-character", message)] * text.count(character)
    assert outline(parsed).endswith("g }")


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\r", "a carriage return alone ends no line in WIT"),
        ("\xa0", "this is a no-break space, not a plain one"),
        ("\u2028", "U+2028 is no blank in WIT"),
        ("\ufeff", "a byte order mark belongs at the start of the file only"),
        ("\u200b", "this is a zero-width space, which nobody sees"),
        ("\U0001f600", "`\U0001f600` means nothing in WIT"),
    ],
)
@pytest.mark.parametrize("place", ["f: func();{}", "{} f: func();", "f: {} func();", "f: func({});", "f: func() {};"])
def test_characters_that_must_not_stand_between_others(place: str, character: str, message: str) -> None:
    text = place.replace("{}", character)
    parsed = Source.parse("f.wit", f"interface x {{\n    {text} \n    g: func();\n}}")
    assert [(problem.code, problem.message) for _, problem in problems(parsed)] == [("invalid-character", message)]
    assert outline(parsed) == "interface x { f g }"


def test_a_byte_order_mark_at_the_start_is_welcome() -> None:
    parsed = Source.parse("f.wit", "\ufeffpackage a:b;\r\ninterface x {}\r\n")
    assert problems(parsed) == []
    assert outline(parsed) == "package a:b; interface x {}"
    assert parsed.starts[1] == 13


def test_types_are_nested_as_deep_as_the_reference_allows() -> None:
    fine = f"interface x {{ type t = {'list<' * (MAX_DEPTH - 1)}u8{'>' * (MAX_DEPTH - 1)}; }}"
    assert problems(Source.parse("f.wit", fine)) == []
    deeper = Source.parse("f.wit", fine.replace("u8", "list<u8>").replace("; }", "; f: func(); }"))
    ((span, problem),) = problems(deeper)
    assert (problem.code, problem.message) == ("nesting-too-deep", "types are nested more than 100 deep")
    assert deeper.text[span.start : span.end] == "u8"
    assert outline(deeper) == "interface x { t f }"


def test_packages_are_nested_as_deep_as_the_reference_allows() -> None:
    deep = Source.parse("f.wit", "package a:b {\n" * (MAX_DEPTH + 2) + "}\n" * (MAX_DEPTH + 2) + "interface x {}")
    assert [problem.code for _, problem in problems(deep)] == ["misplaced-package", "nesting-too-deep"]
    assert outline(deep).endswith("} interface x {}")


def test_a_field_that_stands_for_a_missing_body_has_no_name() -> None:
    parsed = Source.parse("f.wit", "interface x {\n    record r\n    f: func();\n}")
    record = parsed.segments[1].node
    assert isinstance(record, Record)
    assert record.fields == (Field("", Name("", 13, 13), None),)
