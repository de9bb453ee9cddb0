"""WIT from encoded packages."""

import pytest
from support.encoded import FIXTURES, committed, interface, package, source, with_section

from dataflare_lsp.component.errors import MalformedComponent, NotAWitPackage, NotRepresentable
from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import PackageText, package_of, wit_of


def text_of(binary: bytes) -> str:
    return wit_of(binary).text


def test_everything_that_wit_has_comes_back_as_it_was_written():
    assert text_of(committed("plugin")) == (FIXTURES / "plugin.wit").read_text()


def test_the_package_and_its_dependencies_can_be_had_as_separate_files():
    wit = wit_of(committed("plugin"))

    assert wit.package.name == "corp:pipeline@1.2.0"
    assert "corp:base@0.3.1 {" not in wit.package.text
    assert wit.dependencies == (
        PackageText(
            "corp:base@0.3.1",
            source("""
                package corp:base@0.3.1;

                interface ids {
                  type id = u64;

                  type name = string;
                }
            """),
        ),
    )


def test_a_package_has_no_world_that_stands_for_it():
    wit = wit_of(committed("plugin"))
    assert (wit.kind, wit.world) == ("package", "")
    assert package_of(committed("plugin")) == wit


def test_the_features_that_gates_name_are_told():
    assert wit_of(committed("plugin")).features == {"cursors"}


@pytest.mark.parametrize(
    ("type_", "spelled"),
    [
        ("(list (option u8))", "list<option<u8>>"),
        ("(result)", "result"),
        ("(result string)", "result<string>"),
        ("(result (error char))", "result<_, char>"),
        ("(result bool (error error-context))", "result<bool, error-context>"),
        ("(tuple s8 s16 s32 s64)", "tuple<s8, s16, s32, s64>"),
        ("(stream)", "stream"),
        ("(stream f32)", "stream<f32>"),
        ("(future)", "future"),
        ("(future (list f64))", "future<list<f64>>"),
        ("(list u16 3)", "list<u16, 3>"),
        ("(map u32 u64)", "map<u32, u64>"),
    ],
)
def test_every_kind_of_value_type(type_, spelled):
    binary = interface(f"""
        (type $t {type_})
        (export "t" (type (eq $t)))
        (type $f (func (param "p" {type_}) (result {type_})))
        (export "f" (func (type $f)))
    """)
    assert text_of(binary) == source(f"""
        package a:b;

        interface i {{
          type t = {spelled};

          f: func(p: {spelled}) -> {spelled};
        }}
    """)


def test_a_type_is_called_as_it_was_exported_last_before_its_use():
    binary = interface("""
        (type $r (record (field "x" u8)))
        (export "first" (type $first (eq $r)))
        (export "second" (type $second (eq $first)))
        (type $f (func (param "a" $first) (param "b" (list $second))))
        (export "f" (func (type $f)))
    """)
    assert text_of(binary) == source("""
        package a:b;

        interface i {
          record first {
            x: u8,
          }

          type second = first;

          f: func(a: first, b: list<second>);
        }
    """)


def test_a_handle_is_told_from_a_name_for_its_resource():
    binary = interface("""
        (export "r" (type $r (sub resource)))
        (export "same" (type (eq $r)))
        (type $own (own $r))
        (export "handle" (type (eq $own)))
        (type $f (func (param "a" (own $r)) (param "b" (borrow $r))))
        (export "f" (func (type $f)))
    """)
    assert text_of(binary) == source("""
        package a:b;

        interface i {
          resource r;

          type same = r;

          type handle = own<r>;

          f: func(a: r, b: borrow<r>);
        }
    """)


def test_what_several_imports_show_of_a_dependency_is_united():
    binary = binary_of("""
        (component
          (type (component
            (import "x:y/t@1.0.0" (instance $t (export "a" (type (sub resource)))))
            (alias export $t "a" (type $a))
            (type $i (instance (alias outer 1 $a (type $a)) (export "a" (type (eq $a)))))
            (export "a:b/i" (instance (type $i)))))
          (export "i" (type 0))
          (type (component
            (import "x:y/t@1.0.0" (instance $t (type $b u8) (export "b" (type (eq $b)))))
            (alias export $t "b" (type $b))
            (type $i (instance (alias outer 1 $b (type $b)) (export "c" (type (eq $b)))))
            (export "a:b/j" (instance (type $i)))))
          (export "j" (type 2)))
    """)
    assert text_of(binary) == source("""
        package a:b;

        interface i {
          use x:y/t@1.0.0.{a};
        }

        interface j {
          use x:y/t@1.0.0.{b as c};
        }

        package x:y@1.0.0 {
          interface t {
            resource a;

            type b = u8;
          }
        }
    """)


def test_one_instance_type_imported_twice_is_two_interfaces():
    binary = package("""
        (type $t (instance (export "r" (type (sub resource)))))
        (import "x:y/one" (instance $one (type $t)))
        (import "x:y/two" (instance $two (type $t)))
        (alias export $one "r" (type $r1))
        (alias export $two "r" (type $r2))
        (type $i (instance
          (alias outer 1 $r1 (type $r1)) (export "s" (type (eq $r1)))
          (alias outer 1 $r2 (type $r2)) (export "r" (type (eq $r2)))))
        (export "a:b/i" (instance (type $i)))
    """)
    assert wit_of(binary).package.text == source("""
        package a:b;

        interface i {
          use x:y/one.{r as s};
          use x:y/two.{r};
        }
    """)


def test_canonical_interface_names_take_their_version_from_the_suffix():
    binary = package("""
        (import "x:y/t@0.2" (versionsuffix ".6-rc.1") (instance $t (type $u u8) (export "u" (type (eq $u)))))
        (alias export $t "u" (type $u))
        (type $i (instance (alias outer 1 $u (type $u)) (export "u" (type (eq $u)))))
        (export "a:b/i@1" (versionsuffix ".2.3") (instance (type $i)))
    """)
    assert wit_of(binary).package.text == source("""
        package a:b@1.2.3;

        interface i {
          use x:y/t@0.2.6-rc.1.{u};
        }
    """)


def test_the_first_encoding_of_packages_is_read():
    binary = binary_of("""
        (component
          (type (component
            (type $shapes (instance
              (type $point (record (field "x" u32)))
              (export "point" (type (eq $point)))))
            (export "a:b/shapes" (instance $shapes (type $shapes)))
            (alias export $shapes "point" (type $point))
            (type $draw (instance
              (alias outer 1 $point (type $p))
              (export "point" (type $q (eq $p)))
              (type $f (func (param "at" $q)))
              (export "dot" (func (type $f)))))
            (export "a:b/draw" (instance (type $draw)))
            (type $w (component
              (import "a:b/shapes" (instance
                (type $point (record (field "x" u32)))
                (export "point" (type (eq $point)))))
              (type $f (func))
              (export "run" (func (type $f)))))
            (export "a:b/w" (component (type $w)))))
          (export "a:b/wit" (type 0)))
    """)
    assert text_of(binary) == source("""
        package a:b;

        interface shapes {
          record point {
            x: u32,
          }
        }

        interface draw {
          use shapes.{point};

          dot: func(at: point);
        }

        world w {
          import shapes;

          export run: func();
        }
    """)


def test_keywords_are_escaped_wherever_a_name_stands():
    binary = package("""
        (import "use:type/list@1.0.0" (instance $t (type $u u8) (export "string" (type (eq $u)))))
        (alias export $t "string" (type $u))
        (type $i (instance
          (alias outer 1 $u (type $u))
          (export "string" (type $s (eq $u)))
          (export "enum" (type $r (sub resource)))
          (type $f (func (param "self" (borrow $r)) (param "own" $s)))
          (export "[method]enum.func" (func (type $f)))))
        (export "world:a/interface" (instance (type $i)))
    """)
    assert text_of(binary) == source("""
        package %world:a;

        interface %interface {
          use %use:%type/%list@1.0.0.{%string};

          resource %enum {
            %func: func(%own: %string);
          }
        }

        package %use:%type@1.0.0 {
          interface %list {
            type %string = u8;
          }
        }
    """)


def test_a_gate_later_than_the_package_is_left_out_since_wit_refuses_it():
    # A world takes such gates over from a world of another package that it includes.
    binary = package("""
        (type $w (component
          (import "x" (func))
          (import "y" (func))))
        (export "a:b/w@1.0.0" (component (type $w)))
    """)
    docs = b"""\x01{"worlds": {"w": {"funcs": {
        "x": {"stability": {"stable": {"since": "1.0.0"}}},
        "y": {"stability": {"stable": {"since": "1.0.1"}}, "docs": "Y."}
    }}}}"""
    binary = with_section(binary, "package-docs", docs)

    assert text_of(binary) == source("""
        package a:b@1.0.0;

        world w {
          @since(version = 1.0.0)
          import x: func();
          /// Y.
          import y: func();
        }
    """)


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (binary_of("(module (func))"), "this is a core WebAssembly module, not a WIT package"),
        (binary_of("(component (core module (func)))"), "this is a component, not a WIT package"),
        (binary_of('(component (import "a" (func)))'), "this is a component, not a WIT package"),
        (
            binary_of('(component (type (component)) (import "f" (func)) (export "t" (type 0)))'),
            "this is a component, not a WIT package",
        ),
        (
            binary_of("(component)"),
            "this has neither interfaces nor worlds: not a WIT package, but an empty component",
        ),
    ],
)
def test_what_is_webassembly_but_no_package_is_called_what_it_is(binary, message):
    with pytest.raises(NotAWitPackage) as raised:
        package_of(binary)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (
            interface('(type $f (func (param "p" (record (field "x" u8))))) (export "f" (func (type $f)))'),
            "a record, variant, enum or flags has no name",
        ),
        (
            interface('(export "a" (instance))'),
            "an interface has `a`, which is neither a type nor a function",
        ),
        (
            interface('(type $f (func (param "value" u8))) (export "[set]a" (func (type $f)))'),
            "`[set]a` has no getter before it",
        ),
        (
            interface(
                '(alias outer 1 $t (type $t)) (type $f (func (param "p" (own $t)))) (export "f" (func (type $f)))',
                '(import "x:y/z" (instance $z (export "t" (type (sub resource))))) (alias export $z "t" (type $t))',
            ),
            "the type `t` is mentioned where no `use` brings it in",
        ),
        (
            package("""
                (type $w (component
                  (import "r" (type $r (sub resource)))
                  (type $i (instance (alias outer 1 $r (type $r)) (export "r" (type (eq $r)))))
                  (import "i" (instance (type $i)))))
                (export "a:b/w" (component (type $w)))
            """),
            "the type `r` is one that no interface defines",
        ),
        (
            interface(
                "(type $t0 (list u8))"
                + "".join(f"(type $t{n} (list $t{n - 1}))" for n in range(1, 101))
                + '(export "t" (type (eq $t100)))'
            ),
            "a type is nested more than 100 deep",
        ),
    ],
)
def test_what_wit_cannot_say_is_refused(binary, message):
    with pytest.raises(NotRepresentable) as raised:
        wit_of(binary)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (package('(export "a:b/i" (instance)) (export "a:c/j" (instance))'), "`a:c/j` is not in the package `a:b`"),
        (package('(export "a:b/i@1.0" (instance))'), "`1.0` is not a semantic version"),
        (package('(export "i" (instance))'), "`i` is not the name of an interface in a package"),
        (package('(import "x:y/z" (instance))'), "a component type exports neither an interface nor a world"),
        (package('(import "f" (func)) (export "a:b/i" (instance))'), "`f` is not an interface of another package"),
        (package('(export "a:b/i" (func))'), "`a:b/i` is neither an interface nor a world"),
        (
            interface('(export "r" (type $r (sub resource))) (type $f (func)) (export "[method]r.f" (func (type $f)))'),
            "`[method]r.f` does not take `self` first",
        ),
        (
            interface('(type $f (func)) (type $l (list $f)) (export "l" (type (eq $l)))'),
            "a value is of a type that is not one of values",
        ),
        (interface('(type $o (own 0)) (export "o" (type (eq $o)))'), "there is no type 0 here"),
        (interface('(type $m (map f64 u8)) (export "m" (type (eq $m)))'), "`f64` is the key of a map"),
        (
            interface(
                '(export "r" (type $r (sub resource))) (type $f (func)) (export "[constructor]r" (func (type $f)))'
            ),
            "`[constructor]r` does not return its resource",
        ),
    ],
)
def test_a_package_that_contradicts_itself_is_refused(binary, message):
    with pytest.raises(MalformedComponent) as raised:
        wit_of(binary)
    assert raised.value.message == message


def test_names_cannot_smuggle_source_into_the_text():
    binary = interface('(type $e (enum "aaaaaaaaaaaaaaa")) (export "e" (type (eq $e)))')
    evil = binary.replace(b"aaaaaaaaaaaaaaa", b"a } type x = u8")
    with pytest.raises(MalformedComponent, match="is not a name in kebab case"):
        wit_of(evil)


def _returning(result: str) -> bytes:
    """A package whose function `f` has a result."""
    return binary_of(f"""
        (component
          (type (component
            (export "a:b/i" (instance
              (export "r" (type $r (sub resource)))
              (type $borrowed (borrow $r))
              (type $fields (record (field "handle" $borrowed)))
              (export "named" (type $record (eq $fields)))
              (type $result {result})
              (type $f (func (result $result)))
              (export "f" (func (type $f)))))))
          (export "i" (type 0)))
    """)


@pytest.mark.parametrize("result", ["(borrow $r)", "(list $borrowed)", "(option $record)", "(result (error $record))"])
def test_a_borrowed_handle_is_no_result(result: str) -> None:
    assert "f: func() -> list<r>;" in wit_of(_returning("(list (own $r))")).text
    with pytest.raises(MalformedComponent, match="`f` returns a borrowed handle"):
        wit_of(_returning(result))


@pytest.mark.parametrize(
    ("name", "type_", "is_one"),
    [
        ("[get]x", "(func (result u8))", True),
        ("[get]x", "(func)", False),
        ("[get]x", '(func (param "y" u8) (result u8))', False),
        ("[set]x", '(func (param "y" u8))', True),
        ("[set]x", '(func (param "y" u8) (result $result))', True),
        ("[set]x", '(func (param "y" u8) (result u8))', False),
        ("[set]x", "(func)", False),
    ],
)
def test_an_accessor_has_the_type_of_one(name: str, type_: str, is_one: bool) -> None:
    getter = '(export "[get]x" (func (result u8)))' if name == "[set]x" else ""
    binary = binary_of(f"""
        (component
          (type (component (export "a:b/i" (instance
            {getter}
            (type $result (result (error string)))
            (type $f {type_})
            (export "{name}" (func (type $f)))))))
          (export "i" (type 0)))
    """)
    if is_one:
        assert "x: " in wit_of(binary).text
    else:
        with pytest.raises(NotRepresentable, match="has not the type of a"):
            wit_of(binary)
