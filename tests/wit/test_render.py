"""Canonical WIT: the resolved package as text that means the same again."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.meaning import meaning
from support.program import Program, program, seen_by
from support.shared import CORPUS, REPOSITORY, needs
from support.wit_programs import FEATURES, programs

from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.order import is_released
from dataflare_lsp.wit.render import render
from dataflare_lsp.wit.resolved import InterfaceItem, Resolve, Stable, TypeItem
from dataflare_lsp.wit.resolved_json import dumps
from dataflare_lsp.wit.source import Source


def rendered(written: str) -> str:
    return render(lower(program(written).groups()), dependencies=False)


def wit(expected: str) -> str:
    return dedent(expected).lstrip("\n")


def read_back(text: str, features: frozenset[str] | None = None) -> Resolve | None:
    """What a rendered text means; None where it has errors of syntax."""
    source = Source.parse("printed.wit", text)
    return None if any(segment.problems for segment in source.segments) else lower([[source]], features)


def test_everything_has_its_layout():
    assert rendered("""
        /// The package.
        package corp:app@1.0.0;
        /** Everything. */
        @since(version = 1.0.0) @deprecated(version = 1.0.0)
        interface all {
            use corp:app2/base@2.0.0-rc.1.{id, id as key}; use corp:app2/base@2.0.0-rc.1.{name};
            @external-id("\\u{e9} \\"q\\"") use other.{name as other-name};
            f: async func(a: list<u8, 4>, b: map<string, option<key>>,) -> result<_, tuple<id, name>>;
            /// The size.
            @unstable(feature = %list) size: get() -> result; size: set(value: stream<future>);
            record point { /// Across.
                x: s32, y: s32 }
            variant shape { dot(point), none } flags bits { a, %type } enum level { low }
            resource file { constructor(id: id) -> result<file>; read: static async func() -> file; name: get() -> name; }
            resource empty {}
            type own-file = own<file>; type lent = borrow<file>; type other-file = file;
        }
        interface other { type name = string; }
        world app {
            /// Why.
            import all; import named: other; @external-id("e") import in-place: interface { f: func(); }
            export run: func(); export other; resource r { m: func(); } use other.{name}; import g: func();
        }
        //- deps/base.wit
        package corp:app2@2.0.0-rc.1;
        interface base { type id = u64; type name = string; }
    """) == wit("""
        /// The package.
        package corp:app@1.0.0;

        interface other {
          type name = string;
        }

        /// Everything.
        @since(version = 1.0.0)
        @deprecated(version = 1.0.0)
        interface all {
          use corp:app2/base@2.0.0-rc.1.{id, id as key, name};
          @external-id("\\u{e9} \\"q\\"")
          use other.{name as other-name};

          record point {
            /// Across.
            x: s32,
            y: s32,
          }

          variant shape {
            dot(point),
            none,
          }

          flags bits {
            a,
            %type,
          }

          enum level {
            low,
          }

          resource file {
            constructor(id: id) -> result<file>;
            read: static async func() -> file;
            name: get() -> name;
          }

          resource empty;

          type own-file = own<file>;

          type lent = borrow<file>;

          type other-file = file;

          f: async func(a: list<u8, 4>, b: map<string, option<key>>) -> result<_, tuple<id, name>>;

          /// The size.
          @unstable(feature = %list)
          size: get() -> result;

          size: set(value: stream<future>);
        }

        world app {
          import corp:app2/base@2.0.0-rc.1;
          import other;
          /// Why.
          import all;
          import named: other;
          @external-id("e")
          import in-place: interface {
            f: func();
          }
          use other.{name};

          resource r {
            m: func();
          }
          import g: func();

          export run: func();
          export other;
        }
    """)


def test_other_packages_follow_as_nested_ones():
    resolve = lower(
        program("""
            package corp:app;
            interface api { use b:b/i.{t}; use c:c/i.{t as u}; }
            package b:b { interface i { type t = u8; } }
            package c:c { interface i { type t = u8; } }
        """).groups()
    )
    assert render(resolve) == wit("""
        package corp:app;

        interface api {
          use b:b/i.{t};
          use c:c/i.{t as u};
        }

        package b:b {
          interface i {
            type t = u8;
          }
        }


        package c:c {
          interface i {
            type t = u8;
          }
        }
    """)


def test_documentation_in_a_column_of_stars_stays_so():
    """As line comments it would lose the blanks before the stars, and with them its meaning for the reference."""
    text = wit("""
        package corp:app;

        /**
         * All.
         */
        interface api {
          /**
           * The point.
           */
          record point {
            x: s32,
          }
        }

    """)
    assert rendered(text) == text


def test_a_named_import_takes_no_documentation_from_its_interface():
    text = wit("""
        package corp:app;

        /// Of the interface.
        interface api {
        }

        world app {
          import named: api;
        }
    """)
    assert rendered(text) == text


def test_a_version_of_another_package_is_left_out():
    text = """
        package corp:app;
        world app { include corp:base/base@2.0.0; }
        package corp:base@2.0.0 {
            world base { @since(version = 2.0.0) @deprecated(version = 2.0.0) import f: func(); }
        }
    """
    assert rendered(text) == wit("""
        package corp:app;

        world app {
          import f: func();
        }
    """)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.sampled_from((FEATURES, None)))
def test_the_text_means_the_same(valid: Program, features: frozenset[str] | None):
    resolve = lower(valid.groups(), features)
    again = read_back(render(resolve), features)
    assert again is not None
    if not has_foreign_versions(resolve):
        assert meaning(again) == meaning(resolve)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(valid=programs(), features=st.sampled_from((FEATURES, None)))
def test_the_text_means_the_same_to_the_reference(valid: Program, features: frozenset[str] | None, wasm_tools: Path):
    text = Program({"printed.wit": render(lower(valid.groups(), features))})
    assert text.seen_by(wasm_tools, features, "--json") == dumps(lower(text.groups(), features))


def has_foreign_versions(resolve: Resolve) -> bool:
    """Whether a world has a version of another package on something that it included."""
    for world in resolve.worlds:
        package = resolve.packages[world.package].name
        for item in [*world.imports.values(), *world.exports.values()]:
            found = [item if not isinstance(item, TypeItem) else resolve.types[item.id]]
            if isinstance(item, InterfaceItem):
                interface = resolve.interfaces[item.id]
                if interface.name is None:
                    found += [*interface.functions.values(), *(resolve.types[t] for t in interface.types.values())]
            gates = [each.stability for each in found]
            if any(isinstance(gate, Stable) and not is_released(gate.since, package) for gate in gates):
                return True
    return False


@pytest.mark.parametrize("root", [REPOSITORY / "wit", REPOSITORY / "examples" / "weather-station" / "wit"], ids=str)
def test_our_packages_as_the_reference_prints_them(root: Path, wasm_tools: Path):
    assert render(lower(Program.read(root).groups())) == seen_by(wasm_tools, root, None)


@needs(CORPUS)
def test_the_corpus_as_the_reference_prints_it(wasm_tools: Path):
    root = CORPUS / "wasi-0.3"
    assert render(lower(Program.read(root).groups())) == seen_by(wasm_tools, root, None)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(valid=programs(), features=st.sampled_from((FEATURES, None)))
def test_programs_as_the_reference_prints_them(valid: Program, features: frozenset[str] | None, wasm_tools: Path):
    """Wherever the reference's own text still means the same."""
    resolve = lower(valid.groups(), features)
    expected = valid.seen_by(wasm_tools, features)
    if render(resolve) != expected:
        theirs = read_back(expected, features)
        if theirs is not None and not has_foreign_versions(resolve):
            assert meaning(theirs, margins=True) != meaning(resolve, margins=True)
