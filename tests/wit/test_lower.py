"""From packages to their resolved form. What a test expects is that form as canonical WIT, or the reference's JSON."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.program import Program, program, seen_by
from support.shared import CONFORMANCE, CORPUS, REPOSITORY, needs
from support.wit_programs import FEATURES, programs

from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.render import render
from dataflare_lsp.wit.resolved import (
    Alias,
    Handle,
    Interface,
    List,
    Owner,
    Resolve,
    TypeDef,
    Unstable,
)
from dataflare_lsp.wit.resolved_json import dumps
from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.unresolvable import Unresolvable


def resolved(written: str, *features: str) -> Resolve:
    groups = program(written).groups()
    assert [problem for group in groups for source in group for s in source.segments for problem in s.problems] == []
    return lower(groups, frozenset(features))


def text(written: str, *features: str) -> str:
    """The main package as canonical WIT."""
    return render(resolved(written, *features), dependencies=False)


def wit(expected: str) -> str:
    return dedent(expected).lstrip("\n")


def interface(resolve: Resolve, name: str) -> Interface:
    (found,) = [interface for interface in resolve.interfaces if interface.name == name]
    return found


# Types ---------------------------------------------------------------------------------------------------------


def test_types_come_after_what_they_are_made_of():
    assert text("""
        package corp:app;
        interface api {
            record line { ends: tuple<point, point> }
            type point = tuple<coordinate, coordinate>;
            type coordinate = f64;
        }
    """) == wit("""
        package corp:app;

        interface api {
          type coordinate = f64;

          type point = tuple<coordinate, coordinate>;

          record line {
            ends: tuple<point, point>,
          }
        }

    """)


def test_a_type_written_in_place_is_one_type_in_its_package():
    resolve = resolved("""
        package corp:app;
        interface a { f: func(x: option<list<u8>>) -> list<u8>; }
        interface b { type bytes = list<u8>; g: func() -> list<u8>; }
    """)
    assert resolve.types == (
        TypeDef(None, List("u8"), None),
        TypeDef(None, resolve.types[1].kind, None),
        TypeDef("bytes", List("u8"), Owner("interface", 1)),
    )
    assert interface(resolve, "b").functions["g"].result == 0


def test_a_resource_where_a_value_is_expected_is_an_owned_handle():
    resolve = resolved("""
        package corp:app;
        interface files {
            resource file { read: func() -> list<file>; }
            type other = file;
            open: func(near: file, like: own<file>, in: borrow<file>, other: other) -> file;
        }
    """)
    kinds = [definition.kind for definition in resolve.types]
    file, other, self_, owned, files, owned_other = range(6)
    assert kinds[file + 1] == Alias(file)
    assert (kinds[self_], kinds[owned], kinds[files]) == (Handle(True, file), Handle(False, file), List(owned))
    assert kinds[owned_other] == Handle(False, other)
    open_ = interface(resolve, "files").functions["open"]
    assert [param.type for param in open_.params] == [owned, owned, self_, owned_other]
    assert open_.result == owned


def test_use_makes_an_alias_that_belongs_to_its_user():
    resolve = resolved("""
        package corp:app;
        interface base { type id = u64; }
        interface api { use base.{id as key}; }
    """)
    assert resolve.types[1] == TypeDef("key", Alias(0), Owner("interface", 1))


# Functions -----------------------------------------------------------------------------------------------------


def test_functions_have_the_names_and_kinds_that_components_have():
    resolve = resolved("""
        package corp:app;
        interface api {
            level: set(value: u8);
            level: get() -> u8;
            wait: async func();
            resource r {
                constructor(a: u8);
                m: async func();
                s: static func();
                size: set(value: u32) -> result<_, string>;
                size: get() -> u32;
                all: static get() -> list<u32>;
            }
        }
    """)
    assert {name: f.kind for name, f in interface(resolve, "api").functions.items()} == {
        "[get]level": ("getter", None),
        "[set]level": ("setter", None),
        "wait": ("async-freestanding", None),
        "[constructor]r": ("constructor", 0),
        "[method]r.m": ("async-method", 0),
        "[static]r.s": ("static", 0),
        "[method][get]r.size": ("method-getter", 0),
        "[method][set]r.size": ("method-setter", 0),
        "[static][get]r.all": ("static-getter", 0),
    }
    # A setter comes after its getter, wherever it is written.
    assert list(interface(resolve, "api").functions)[:2] == ["[get]level", "[set]level"]


# Worlds --------------------------------------------------------------------------------------------------------


def test_a_world_imports_what_its_imports_and_exports_need():
    """Exports, too, come after those that they need."""
    assert text("""
        package corp:app;
        interface ids { type id = u64; }
        interface store { use ids.{id}; }
        interface api { use store.{id}; }
        interface log { use store.{id}; }
        world app { export api; import log; }
        world both { export api; export store; }
    """).partition("world")[2] == wit("""
         app {
          import ids;
          import store;
          import log;

          export api;
        }
        world both {
          import ids;

          export store;
          export api;
        }
    """)


def test_include_takes_what_a_world_has_and_copies_the_types_that_it_defines():
    resolve = resolved("""
        package corp:app;
        interface api {}
        world base {
            import api;
            record point { x: s32 }
            import draw: func(at: point);
            import keys: interface { type key = u8; press: func(key: key); }
            resource pen { constructor(); up: func(); }
            export run: func();
        }
        world app {
            include base with { point as dot, draw as paint, pen as brush, run as go, keys as %type }
        }
    """)
    assert render(resolve).partition("world app")[2] == wit("""
         {
          import api;
          import %type: interface {
            type key = u8;

            press: func(key: key);
          }

          record dot {
            x: s32,
          }

          resource brush {
            constructor();
            up: func();
          }
          import paint: func(at: dot);

          export go: func();
        }
    """)
    copied = resolve.interfaces[-1]
    assert (copied.name, copied.clone_of) == (None, 1)
    owners = {d.name: d.owner for d in resolve.types if d.name in ("point", "dot")}
    assert owners == {"point": Owner("world", 0), "dot": Owner("world", 1)}


def test_a_version_of_another_package_does_not_come_with_include():
    assert text("""
        //- deps/base.wit
        package corp:base@2.0.0;
        @since(version = 2.0.0) interface api {}
        @since(version = 2.0.0) world base {
            @since(version = 2.0.0) import api;
        }
        //- app.wit
        package corp:app;
        world app { include corp:base/base@2.0.0; }
    """) == wit("""
        package corp:app;

        world app {
          import corp:base/api@2.0.0;
        }
    """)


# Packages ------------------------------------------------------------------------------------------------------


def test_files_nested_packages_and_dependencies_become_packages_in_the_order_of_need():
    resolve = resolved("""
        //- deps/types/a.wit
        /// Types of everybody.
        package corp:types@1.0.0;
        interface a { type t = u8; }
        //- deps/types/b.wit
        interface b { use a.{t}; }
        //- app.wit
        package corp:app;
        use corp:types/b@1.0.0 as types;
        interface api { use types.{t}; use inner:one/c.{u}; }
        package inner:one {
            interface c { use corp:types/a@0.9.0.{u}; }
        }
        //- deps/old.wit
        package corp:types@0.9.0;
        interface a { type u = u16; }
    """)
    assert [str(package.name) for package in resolve.packages] == [
        "corp:types@1.0.0",
        "corp:types@0.9.0",
        "inner:one",
        "corp:app",
    ]
    assert resolve.main == 3
    assert resolve.packages[0].docs == "Types of everybody."
    assert list(resolve.packages[0].interfaces) == ["a", "b"]


# Gates ---------------------------------------------------------------------------------------------------------

GATED = """
    package corp:app@1.0.0;
    @unstable(feature = colour)
    interface colours {
        @unstable(feature = colour)
        type colour = u32;
    }
    interface api {
        @unstable(feature = colour)
        use colours.{colour};
        @since(version = 1.0.0)
        @deprecated(version = 1.0.0)
        plain: func();
        @unstable(feature = colour)
        paint: func(shade: option<colour>);
    }
    world app {
        @unstable(feature = colour)
        import colours;
        export api;
    }
"""


def test_what_an_unstable_feature_gates_is_there_with_the_feature_only():
    assert text(GATED) == wit("""
        package corp:app@1.0.0;

        interface api {
          @since(version = 1.0.0)
          @deprecated(version = 1.0.0)
          plain: func();
        }

        world app {
          export api;
        }
    """)
    assert "paint: func(shade: option<colour>);" in text(GATED, "colour")


def test_features_of_none_are_all_features():
    assert dumps(lower(program(GATED).groups(), None)) == dumps(resolved(GATED, "colour"))


def test_gates_in_what_was_recovered_from_a_binary_are_open():
    app = Source.parse("app.wit", "package corp:root; interface api { use corp:app/colours@1.0.0.{colour}; }")
    colours = Source.parse("app.wasm", GATED)
    assert "colours" in lower([[app], [colours]], frozenset(), encoded={1}).packages[0].interfaces
    with pytest.raises(Unresolvable):
        lower([[app], [colours]], frozenset())


def test_a_type_written_in_place_takes_the_gate_of_its_parts():
    resolve = resolved(GATED, "colour")
    (option,) = [definition for definition in resolve.types if definition.name is None]
    assert option.stability == Unstable("colour", None)


# What has no resolved form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "interface nobody {}",
        "package a:b; interface i { f: func(x: missing); }",
        "package a:b; interface i { type t = list<t>; }",
        "package a:b; interface i { use j.{t}; } interface j { use i.{t}; }",
        "package a:b; interface i { use c:d/e.{f}; }",
        "package a:b; interface i { use a:b/i.{t}; }",
        "package a:b; interface i { f: func(x: ); }",
        "package a:b; world w { include w; }",
        "package a:b; world w { import i; }",
        "package a:b; world v { import f: func(); } world w { include v; import f: func(); }",
        "package a:b; package a:b {}",
        "package a:b; interface a { type t = u8; } interface b { use a.{t}; } interface c { use a.{t}; use b.{t as u}; }"
        " world w { export a; export c; }",
        "package a:b; interface i { @unstable(feature = off) type t = u8; f: func() -> t; }",
        "package a:b; world w { @unstable(feature = off) type t = u8; }",
    ],
)
def test_errors_make_a_package_unresolvable(written: str):
    with pytest.raises(Unresolvable):
        lower(program(written).groups(), frozenset())


TOKENS = st.sampled_from(("{", "}", ";", "<", ",", "use", "a", "b", "%type", "interface", "world", "include", "@", ""))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs(), st.lists(st.tuples(st.integers(0, 2000), TOKENS), min_size=1, max_size=4))
def test_damaged_packages_resolve_or_are_unresolvable(valid: Program, damage: list[tuple[int, str]]):
    files = dict(valid.files)
    path = sorted(files)[-1]
    words = files[path].split(" ")
    for place, token in damage:
        words[place % len(words)] = token
    files[path] = " ".join(words)
    try:
        resolve = lower(Program(files).groups(), FEATURES)
    except Unresolvable:
        return
    assert json.loads(dumps(resolve))["packages"]
    assert render(resolve)


def test_long_chains_are_no_problem():
    count = 3000
    interfaces = [
        f"interface i{n} {{ use i{n - 1}.{{t}}; type u{n} = u{n}-0; type u{n}-0 = t; }}" for n in range(1, count)
    ]
    chain = "\n".join(["package a:b; interface i0 { type t = u8; }", *interfaces])
    packages = [f"package a:p{n} {{ interface i {{ use a:p{n + 1}/i.{{t}}; }} }}" for n in range(count)]
    world = f"world w {{ import i{count - 1}; export i{count // 2}; }}"
    last = f"package a:p{count} {{ interface i {{ type t = u8; }} }}"
    resolve = lower(program("\n".join([chain, world, *packages, last])).groups())
    assert len(resolve.worlds[0].imports) == count
    assert len(resolve.packages) == count + 2


# The reference -------------------------------------------------------------------------------------------------


def conformance_cases() -> list[Any]:
    if not CONFORMANCE.is_dir():
        return []
    cases = json.loads((CONFORMANCE / "cases.json").read_text(encoding="utf-8"))
    has_wasm = {case["id"] for case in cases if any(CONFORMANCE.joinpath(case["root"]).glob("deps/*.wa*"))}
    return [pytest.param(case, id=case["id"]) for case in cases if case["kind"] == "ok" and case["id"] not in has_wasm]


@pytest.fixture(scope="module")
def differences() -> Callable[[Any, Any], list[str]]:
    """The conformance cases' own comparison of two JSON forms."""
    spec = importlib.util.spec_from_file_location("compare", CONFORMANCE / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    return lambda expected, actual: list(compare.differences(compare.canonical(expected), compare.canonical(actual)))


@needs(CONFORMANCE)
@pytest.mark.parametrize("case", conformance_cases())
def test_conformance(case: dict[str, Any], differences: Callable[[Any, Any], list[str]]):
    resolve = lower(Program.read(CONFORMANCE / case["root"]).groups(), frozenset(case["features"]))
    expected = json.loads((CONFORMANCE / case["resolved"]).read_text(encoding="utf-8"))
    assert differences(expected, json.loads(dumps(resolve))) == []


@pytest.mark.parametrize("features", [None, frozenset()], ids=["all features", "no features"])
@pytest.mark.parametrize("root", [REPOSITORY / "wit", REPOSITORY / "examples" / "weather-station" / "wit"], ids=str)
def test_our_packages_as_the_reference_has_them(root: Path, features: frozenset[str] | None, wasm_tools: Path):
    assert dumps(lower(Program.read(root).groups(), features)) == seen_by(wasm_tools, root, features, "--json")


@needs(CORPUS)
@pytest.mark.parametrize("features", [None, frozenset()], ids=["all features", "no features"])
def test_the_corpus_as_the_reference_has_it(features: frozenset[str] | None, wasm_tools: Path):
    root = CORPUS / "wasi-0.3"
    assert dumps(lower(Program.read(root).groups(), features)) == seen_by(wasm_tools, root, features, "--json")


ODDITIES = {
    "what exports need takes their gates and their external ids": """
        package a:b@1.0.0;
        interface i { type t = u8; }
        interface j { use i.{t}; }
        world w {
            @since(version = 1.0.0) @external-id("x") export j;
            @since(version = 0.1.0) import named: j;
        }
    """,
    "documentation of an export is lost where another export needs it first": """
        package a:b;
        interface i { type t = u8; }
        interface j { use i.{t}; }
        world w {
            export j;
            /// Lost.
            export i;
        }
    """,
    "versions of a package, in the order of semantic versions": """
        package a:a { }
        package z:z@1.0.0 {} package z:z@1.0.0-rc.10 {} package z:z@1.0.0-rc.9 {} package z:z@1.0.0-rc.a {}
        package z:z@1.0.0+b.01 {} package z:z@1.0.0+b.1 {} package z:z@1.0.0+a {} package z:z {} package z:z@0.10.0 {}
        package z:z@0.9.0 {} package z:z@1.0.0-rc {} package y:z@10.0.0 {} package z:z@1.0.0+b.2 {}
        package z:z@1.0.0-99999999999999999999999999 {} package z:z@1.0.0-alpha.1.x {}
    """.replace("package a:a { }", "package a:a;"),
    "a byte order mark and line ends of Windows": (
        "\ufeff/// Docs.\r\n// More.\r\npackage a:b;\r\n/**\r\n * One\r\n *\r\n */\r\ninterface i {\r\n}\r\n"
    ),
    "comments around attributes, in lists and behind what they follow": """
        /* package */ package /* not */ a:b@1.0.0 /* not */ ; // of i
        /// i
        @since /* not */ (version = 1.0.0) // not
        /// not
        interface i { // of f
            f: func(/// not
                x: u8, /* not */) -> u8; // of r
            record r { a: u8, // of b
                /* b */ b: u8 // not
            } // of v
            variant v { a(/* not */ u8), /// b
                b } /** last, of nothing */ }
        // of nothing
    """,
    "an inclusion of an inclusion, renamed twice": """
        package a:b;
        interface api { resource r; }
        world one {
            use api.{r as used};
            resource res { p: get() -> used; p: set(value: used); @unstable(feature = f) q: static func(x: res); }
            type t = res;
            import x: interface { use api.{r}; record rec { r: r } f: func(x: borrow<r>) -> rec; }
            import y: set(value: option<t>);
            import y: get() -> option<t>;
            export z: func(t: list<t>, used: used);
            import named: api;
            export named2: api;
        }
        world two { include one with { res as res2, t as t2, y as y2, used as used2 } }
        world three { include two with { res2 as res3, x as x3, y2 as y3, z as z3, named as n3, named2 as n4 } include one; }
    """,
    "gates that meet in includes": """
        package a:b@1.0.0;
        interface i {} interface j {} interface k {}
        world one { @since(version = 1.0.0) import i; import j; @since(version = 1.0.0) export k; }
        world two { import i; include one; @since(version = 1.0.0) import j; }
        world three { @since(version = 1.0.0) include one; include c:d/w@2.0.0; }
        package c:d@2.0.0 {
            interface i {}
            world w { @since(version = 2.0.0) import f: func(); @since(version = 2.0.0) import i; export a:x/i; }
        }
        package a:x { interface i {} }
    """,
    "names of other files and of uses at the top": """
        //- a.wit
        package a:b;
        use j as i;
        use c:d/api as j;
        world w { import i; import j; use i.{t}; use j.{u}; include v2; }
        use v as v2;
        //- b.wit
        interface j { type t = u8; }
        world v { import i; }
        interface i {}
        //- deps/d.wit
        package c:d;
        interface api { type u = u16; }
    """,
    "kinds of functions and types": """
        package %list:%type;
        interface %interface {
            resource %resource { constructor(a: list<u8, 4294967295>) -> result<%resource, stream>; }
            use other.{%resource as other-one, e,};
            type own-one = own<other-one>;
            type lent = borrow<other-one>;
            type again = own-one;
            f: async func(a: future, b: stream<future<error-context>>, c: map<string, map<u8, result<_, e>>>) -> again;
            g: func(a: tuple<other-one, own<other-one>, borrow<other-one>, lent, own-one, again>);
            %get: get() -> result;
            %set: func(get: u8);
        }
        interface other { resource %resource; enum e { %enum, b } flags f { a, %flags } }
        world %world { export %export: func(%import: u8); export %interface; }
    """,
    "a world that is switched off names what is": """
        package a:b@1.2.3;
        @unstable(feature = on) interface i {}
        @unstable(feature = off) world w {
            @since(version = 1.0.0) import i;
            @since(version = 1.0.0) export k: i;
            export j: interface { f: func(); }
        }
    """,
    "a gated use keeps a package as a dependency": """
        package a:z;
        interface i { @unstable(feature = off) use b:y/i.{t}; @unstable(feature = off) f: func(x: option<t>, y: list<u8>); }
        package b:y { interface i { @unstable(feature = off) type t = u8; } }
    """,
}


@pytest.mark.parametrize("features", [None, frozenset()], ids=["all features", "no features"])
@pytest.mark.parametrize("written", [pytest.param(written, id=what) for what, written in ODDITIES.items()])
def test_oddities_as_the_reference_has_them(written: str, features: frozenset[str] | None, wasm_tools: Path):
    odd = Program({"a.wit": written}) if written.startswith("\ufeff") else program(written)
    assert dumps(lower(odd.groups(), features)) == odd.seen_by(wasm_tools, features, "--json")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(valid=programs(), features=st.sampled_from((FEATURES, None)))
def test_programs_as_the_reference_has_them(valid: Program, features: frozenset[str] | None, wasm_tools: Path):
    """Every id is the same, so the texts are."""
    assert dumps(lower(valid.groups(), features)) == valid.seen_by(wasm_tools, features, "--json")
