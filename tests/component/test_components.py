"""The WIT of components, from WebAssembly text."""

import pytest
from support.encoded import source, with_section

from dataflare_lsp.component.errors import MalformedComponent, NotRepresentable
from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import WitText, wit_of


def component(definitions: str) -> WitText:
    return wit_of(binary_of(f"(component {definitions})"))


def world(definitions: str) -> str:
    """The text of the world of a component, without what goes around it."""
    text = component(definitions).package.text
    return text.removeprefix("package root:component;\n\nworld root {\n").removesuffix("}\n")


def test_a_component_is_a_world_that_needs_no_more_than_it_uses():
    wit = component("""
        (import "corp:base/types@1.2.0" (instance $types
          (type $point (record (field "x" u32)))
          (export "point" (type (eq $point)))
          (export "session" (type (sub resource)))))
        (alias export $types "point" (type $point))
        (alias export $types "session" (type $session))
        (import "draw" (func $draw (param "at" (list u8))))
        (component $made
          (import "a" (type $a (sub resource)))
          (import "b" (func $b (param "at" (list u8))))
          (export $session "session" (type $a))
          (export "open" (func $b)))
        (instance $made (instantiate $made (with "a" (type $session)) (with "b" (func $draw))))
        (export "corp:app/sessions" (instance $made))
        (export "run" (func $draw))
    """)

    assert (wit.kind, wit.world) == ("component", "root:component/root")
    assert wit.text == source("""
        package root:component;

        world root {
          import corp:base/types@1.2.0;
          import draw: func(at: list<u8>);

          export corp:app/sessions;
          export run: func(at: list<u8>);
        }

        package corp:base@1.2.0 {
          interface types {
            record point {
              x: u32,
            }

            resource session;
          }
        }

        package corp:app {
          interface sessions {
            use corp:base/types@1.2.0.{session};

            open: func(at: list<u8>);
          }
        }
    """)


def test_an_empty_component():
    assert component("").text == "package root:component;\n\nworld root {\n}\n"


def test_types_and_functions_of_the_world_itself():
    assert world("""
        (type $r (record (field "a" u8)))
        (import "r" (type $r' (eq $r)))
        (import "file" (type $file (sub resource)))
        (import "[constructor]file" (func (result (own $file))))
        (import "[method]file.read" (func (param "self" (borrow $file)) (result $r')))
        (import "[static]file.open" (func (param "how" $r') (result (result (own $file) (error $r')))))
        (import "close" (func (param "file" (own $file))))
    """) == (
        """\
  record r {
    a: u8,
  }

  resource file {
    constructor();
    read: func() -> r;
    open: static func(how: r) -> result<file, r>;
  }
  import close: func(file: file);
"""
    )


def test_asynchronous_functions_and_types():
    assert (
        world("""
        (import "f" (func async (param "a" (stream u8)) (result (future string))))
    """)
        == "  import f: async func(a: stream<u8>) -> future<string>;\n"
    )


def test_an_interface_under_another_name():
    assert (
        world("""
        (import "primary" (implements "corp:base/store@2.0.0") (instance (export "get" (func))))
        (import "corp:base/store@2.0.0" (instance (export "get" (func))))
    """)
        == "  import primary: corp:base/store@2.0.0;\n  import corp:base/store@2.0.0;\n"
    )


def test_a_version_is_what_name_and_suffix_say_together():
    assert world('(import "a:b/i@0.2" (versionsuffix ".7") (instance))') == "  import a:b/i@0.2.7;\n"


def test_interfaces_in_place():
    assert world("""
        (import "a:b/types" (instance $t (type $e (enum "x")) (export "e" (type (eq $e)))))
        (alias export $t "e" (type $e))
        (import "log" (instance (alias outer 1 $e (type $e)) (export "level" (type (eq $e)))))
        (import "f" (func $f))
        (instance $i (export "g" (func $f)))
        (export "made" (instance $i))
    """) == (
        """\
  import a:b/types;
  import log: interface {
    use a:b/types.{e as level};
  }
  import f: func();

  export made: interface {
    g: func();
  }
"""
    )


def test_what_no_world_has_is_left_out_where_it_is_imported():
    assert world('(import "m" (core module)) (import "c" (component)) (import "f" (func))') == "  import f: func();\n"


def test_a_type_has_its_name_from_where_it_was_first_declared():
    # Both instances are made of the same resource, which neither imports from the other.
    wit = component("""
        (component $one (type $r (resource (rep i32))) (export "r" (type $r)))
        (instance $one (instantiate $one))
        (alias export $one "r" (type $r))
        (component $wrap (import "x" (type $x (sub resource))) (export "r" (type $x)))
        (instance $first (instantiate $wrap (with "x" (type $r))))
        (instance $second (instantiate $wrap (with "x" (type $r))))
        (export "a:b/first" (instance $first))
        (export "a:b/second" (instance $second))
    """)
    assert wit.dependencies[0].text == source("""
        package a:b;

        interface first {
          resource r;
        }

        interface second {
          use first.{r};
        }
    """)


def test_each_instance_has_resources_of_its_own():
    wit = component("""
        (component $one (type $r (resource (rep i32))) (export "r" (type $r)))
        (instance $first (instantiate $one))
        (instance $second (instantiate $one))
        (export "a:b/first" (instance $first))
        (export "a:b/second" (instance $second))
    """)
    assert wit.dependencies[0].text.count("resource r;") == 2


def test_types_that_only_nested_components_declare_are_written_out():
    wit = component("""
        (component $inner (type $r (record (field "a" u8))) (export "r" (type $r)))
        (instance $inner (instantiate $inner))
        (alias export $inner "r" (type $r))
        (component $wrap
          (type $t (record (field "a" u8)))
          (import "x" (type $x (eq $t)))
          (export "s" (type $x)))
        (instance $made (instantiate $wrap (with "x" (type $r))))
        (export "a:b/i" (instance $made))
    """)
    assert wit.dependencies[0].text == "package a:b;\n\ninterface i {\n  record s {\n    a: u8,\n  }\n}\n"


def test_an_imported_interface_that_is_exported_again():
    imported = """
        (import "a:b/i" (instance $i
          (export "r" (type $r (sub resource)))
          (export "f" (func (param "of" (borrow $r))))))
    """
    assert world(f'{imported} (export "a:b/i" (instance $i))') == "  import a:b/i;\n\n  export a:b/i;\n"
    renamed = component(f'{imported} (export "a:b/k" (instance $i))')
    assert "interface k {\n  use i.{r};\n\n  f: func(of: borrow<r>);\n}" in renamed.dependencies[0].text


def test_components_in_components_may_see_those_around_them():
    assert world("""
        (component $base (import "f" (func $f)) (export "f" (func $f)))
        (component $outer
          (import "g" (func $g))
          (alias outer 1 $base (component $base))
          (instance $inner (instantiate $base (with "f" (func $g))))
          (export "inner" (instance $inner)))
        (import "f" (func $f (param "a" u8)))
        (instance $made (instantiate $outer (with "g" (func $f))))
        (alias export $made "inner" (instance $inner))
        (alias export $inner "f" (func $g))
        (export "run" (func $g))
        (export "a:b/i" (instance $inner))
    """).endswith("\n  export run: func();\n  export a:b/i;\n")


def test_an_export_is_what_its_own_type_says():
    wit = component("""
        (import "f" (func $f))
        (instance $all (export "f" (func $f)) (export "g" (func $f)))
        (export "a:b/i" (instance $all) (instance (export "g" (func))))
    """)
    assert wit.dependencies[0].text == "package a:b;\n\ninterface i {\n  g: func();\n}\n"


def test_documentation_beside_a_component():
    docs = b'\x01{"worlds": {"root": {"docs": "What it does.", "interface_import_docs": {"a:b/i": "Why."}}}}'
    binary = with_section(binary_of('(component (import "a:b/i" (instance)))'), "package-docs", docs)
    assert wit_of(binary).package.text == source("""
        package root:component;

        /// What it does.
        world root {
          /// Why.
          import a:b/i;
        }
    """)


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        (
            '(component $c) (export "c" (component $c))',
            "a world has `c`, which is neither a function nor an interface",
        ),
        (
            '(import "a:b/i" (instance (export "n" (instance))))',
            "an interface has `n`, which is neither a type nor a function",
        ),
        (
            """
            (import "a:b/i" (instance $i (export "r" (type (sub resource)))))
            (alias export $i "r" (type $r))
            (import "f" (func (result (own $r))))
            """,
            "the type `r` is mentioned where no `use` brings it in",
        ),
        (
            """
            (import "x" (instance $i (export "r" (type (sub resource)))))
            (alias export $i "r" (type $r))
            (import "y" (instance (alias outer 1 $r (type $r)) (export "s" (type (eq $r)))))
            """,
            "the type `s` is one that no interface defines",
        ),
        (
            """
            (import "a:b/i" (instance (type $r (record (field "x" u32))) (export "r" (type (eq $r)))))
            (component $c (type $r (record (field "x" u64))) (export "r" (type $r)))
            (instance $i (instantiate $c))
            (export "a:b/i" (instance $i))
            """,
            "the type `r` is not the same wherever its interface is mentioned",
        ),
        (
            """
            (import "a:b/i" (instance (export "f" (func (param "x" u32)))))
            (import "g" (func $g (param "y" u32)))
            (instance $i (export "f" (func $g)))
            (export "a:b/i" (instance $i))
            """,
            "`f` is not the same wherever its interface is mentioned",
        ),
        (
            """
            (import "a:x/i" (instance $i (export "t" (type (sub resource)))))
            (alias export $i "t" (type $t))
            (import "b:y/j" (instance $j (alias outer 1 $t (type $t)) (export "t" (type (eq $t)))
              (export "u" (type (sub resource)))))
            (alias export $j "u" (type $u))
            (import "a:x/k" (instance (alias outer 1 $u (type $u)) (export "u" (type (eq $u)))))
            """,
            "packages use each other in a circle: `a:x` uses `b:y` uses `a:x`",
        ),
    ],
)
def test_what_wit_has_no_way_to_write(definitions, message):
    with pytest.raises(NotRepresentable) as raised:
        component(definitions)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (b"\x05\x04\x01\x00\x09\x00", "there is no component 9 here"),
        (b"\x05\x03\x01\x02\x00", "unexpected byte 0x02 where an instance should be"),
        (b"\x06\x06\x01\x01\x00\x07\x01f", "there is no instance 7 here"),
        (b"\x06\x05\x01\x04\x02\x00\x03", "there is no component 3 here"),
        (b"\x08\x06\x01\x00\x00\x00\x00\x05", "there is no type 5 here"),
        (b"\x08\x02\x01\x7f", "unexpected byte 0x7f where a canonical definition should be"),
        (
            b"\x08\x06\x01\x01\x00\x00\x01\x33",
            "unexpected byte 0x33 where an option of a canonical definition should be",
        ),
        (b"\x0b\x07\x01\x00\x01f\x01\x03\x00", "there is no function 3 here"),
    ],
)
def test_indices_and_codes_that_lead_nowhere(section, message):
    with pytest.raises(MalformedComponent) as raised:
        wit_of(binary_of("(component)") + section)
    assert raised.value.message == message


def test_an_import_that_is_not_given():
    binary = binary_of("""
        (component
          (component $c (import "needed" (func)))
          (import "f" (func $f))
          (instance (instantiate $c (with "needed" (func $f)))))
    """)
    at = binary.rindex(b"needed")
    with pytest.raises(MalformedComponent, match="is instantiated without its import `needed`"):
        wit_of(binary[:at] + b"other!" + binary[at + 6 :])
    with pytest.raises(
        MalformedComponent, match="the import `needed` of a component is given something of another sort"
    ):
        # A type, where the function was.
        wit_of(binary[: at + 6] + b"\x03\x00" + binary[at + 8 :])
