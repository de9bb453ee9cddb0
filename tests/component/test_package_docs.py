"""Documentation and gates in the section `package-docs`."""

import pytest
from support.encoded import package, source, with_section

from dataflare_lsp.component.errors import MalformedComponent, NotRepresentable
from dataflare_lsp.component.wit_text import wit_of


def described(json: str, version: int = 1) -> bytes:
    """The package `a:b@1.0.0` of an interface and a world, with this section."""
    binary = package("""
        (type $i (instance
          (type $e (enum "a" "b"))
          (export "e" (type (eq $e)))
          (type $f (func))
          (export "f" (func (type $f)))))
        (export "a:b/i@1.0.0" (instance (type $i)))
        (type $w (component
          (import "a:b/i@1.0.0" (instance))
          (type $in (instance (type $f (func)) (export "g" (func (type $f)))))
          (import "in" (instance (type $in)))
          (import "f" (func))
          (export "in" (instance (type $in)))
          (export "out" (instance (type $in)))
          (export "f" (func))
          (export "a:b/i@1.0.0" (instance))))
        (export "a:b/w@1.0.0" (component (type $w)))
    """)
    return with_section(binary, "package-docs", bytes([version]) + json.encode())


def test_every_place_of_the_section():
    binary = described("""{
        "docs": "Package.",
        "interfaces": {"i": {
            "docs": "Interface.",
            "stability": {"stable": {"since": "0.9.0", "deprecated": "1.0.0"}},
            "funcs": {"f": {"docs": "Function.", "stability": {"unstable": {"feature": "x"}}}},
            "types": {"e": {"docs": "Type.", "items": {"b": "Case."}}}
        }},
        "worlds": {"w": {
            "docs": "World.",
            "interfaces": {"in": {"docs": "Import in place.", "funcs": {"g": {"docs": "Its function."}}}},
            "interface_exports": {"in": {"docs": "Export in place."}, "out": {"docs": "Only exported."}},
            "funcs": {"f": {"docs": "Imported function."}},
            "func_exports": {"f": {"docs": "Exported function."}},
            "interface_import_docs": {"a:b/i@1.0.0": "Import."},
            "interface_export_docs": {"a:b/i@1.0.0": "Export."},
            "interface_import_stability": {"a:b/i@1.0.0": {"stable": {"since": "1.0.0"}}},
            "interface_export_stability": {"a:b/i@1.0.0": {"unstable": {"feature": "y", "deprecated": "1.0.0"}}}
        }}
    }""")
    wit = wit_of(binary)
    assert wit.text == source("""
        /// Package.
        package a:b@1.0.0;

        /// Interface.
        @since(version = 0.9.0)
        @deprecated(version = 1.0.0)
        interface i {
          /// Type.
          enum e {
            a,
            /// Case.
            b,
          }

          /// Function.
          @unstable(feature = x)
          f: func();
        }

        /// World.
        world w {
          /// Import.
          @since(version = 1.0.0)
          import i;
          /// Import in place.
          import in: interface {
            /// Its function.
            g: func();
          }
          /// Imported function.
          import f: func();

          /// Export in place.
          export in: interface {
            g: func();
          }
          /// Only exported.
          export out: interface {
            g: func();
          }
          /// Exported function.
          export f: func();
          /// Export.
          @unstable(feature = y)
          @deprecated(version = 1.0.0)
          export i;
        }
    """)
    assert wit.features == {"x", "y"}


def test_the_oldest_version_knows_only_documentation_and_one_place_for_both_sides():
    wit = wit_of(
        described(
            '{"interfaces": {"i": {"funcs": {"f": "F."}}}, "worlds": {"w": {"interfaces": {"out": {"docs": "O."}}}}}',
            version=0,
        )
    )
    assert "  /// F.\n  f: func();" in wit.text
    assert "  /// O.\n  export out: interface {" in wit.text


def test_what_a_gate_has_beyond_what_is_known_is_passed_over():
    wit = wit_of(described('{"worlds": {"w": {"stability": {"stable": {"since": "1.0.0", "until": "2.0.0"}}}}}'))
    assert "@since(version = 1.0.0)\nworld w {" in wit.text


def test_characters_that_wit_forbids_are_replaced():
    wit = wit_of(described(r'{"docs": "a\u202eb\u0000c\rd"}'))
    assert wit.text.startswith("/// a\ufffdb\ufffdc d\n")


@pytest.mark.parametrize(
    ("json", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is not what it should be"),
        ('{"docs": 1}', "is not what it should be"),
        (r'{"docs": "\ud800"}', "is not what it should be"),
        ('{"unknown": 1}', "is not what it should be"),
        ('{"interfaces": {"i": {"stability": {"stable": {"since": "1"}}}}}', "is not what it should be"),
        ('{"interfaces": {"i": {"stability": {}}}}', "is not what it should be"),
        ("[" * 100_000, "nested too deep"),
        ('{"docs": ' + "9" * 100_000 + "}", "section `package-docs`"),
        ('{"interfaces": {"j": {}}}', "describes the interface `j`, which is not there"),
        ('{"interfaces": {"i": {"funcs": {"x": {}}}}}', "describes the function `x`, which is not there"),
        ('{"interfaces": {"i": {"types": {"x": {}}}}}', "describes the type `x`, which is not there"),
        ('{"interfaces": {"i": {"types": {"e": {"items": {"z": "Z"}}}}}}', "the member of `e` `z`, which is not there"),
        ('{"worlds": {"w": {"func_exports": {"x": {}}}}}', "describes the function `x`, which is not there"),
        ('{"worlds": {"w": {"interface_import_docs": {"x": ""}}}}', "describes the interface `x`, which is not there"),
    ],
)
def test_a_section_that_does_not_fit_is_malformed(json, message):
    with pytest.raises(MalformedComponent) as raised:
        wit_of(described(json))
    assert message in raised.value.message


def test_an_unknown_version_is_malformed():
    with pytest.raises(MalformedComponent, match="of an unknown version"):
        wit_of(described("{}", version=2))


def test_a_feature_that_wit_cannot_name_is_not_written():
    json = '{"interfaces": {"i": {"stability": {"unstable": {"feature": "a b"}}}}}'
    with pytest.raises(NotRepresentable, match="names the feature `a b`"):
        wit_of(described(json))
