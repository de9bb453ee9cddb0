"""The WIT that core modules carry: what a language's bindings were made for."""

import pytest
from support.encoded import committed, source, with_section

from dataflare_lsp.component.errors import CoreModule, MalformedComponent, NotRepresentable
from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import WitText, wit_of

MODULE = binary_of("(module (memory 1))")


def world(name: str, declarations: str) -> bytes:
    """A component that encodes one world, as bindings put it into a module."""
    label = name.partition("/")[2].partition("@")[0]
    return binary_of(f"""
        (component
          (type (component (type $w (component {declarations})) (export "{name}" (component (type $w)))))
          (export "{label}" (type 0)))
    """)


def module_with(**sections: bytes) -> WitText:
    binary = MODULE
    for name, content in sections.items():
        binary = with_section(binary, f"component-type:{name}", content)
    return wit_of(binary)


def test_the_world_of_a_module_includes_that_of_its_bindings():
    wit = module_with(
        c=world("corp:app/app@1.0.0", '(import "corp:base/log" (instance (export "say" (func)))) (export "run" (func))')
    )
    assert (wit.kind, wit.world) == ("module", "root:root/root")
    assert wit.text == source("""
        package root:root;

        world root {
          include corp:app/app@1.0.0;
        }

        package corp:base {
          interface log {
            say: func();
          }
        }

        package corp:app@1.0.0 {
          world app {
            import corp:base/log;

            export run: func();
          }
        }
    """)


def test_what_several_sections_say_is_put_together():
    wit = module_with(
        c=world("corp:app/one", '(import "corp:base/log" (instance (export "say" (func))))'),
        rust=world("corp:app/two", '(import "corp:base/log" (instance (export "shout" (func)))) (export "run" (func))'),
    )
    assert (
        wit.package.text == "package root:root;\n\nworld root {\n  include corp:app/one;\n  include corp:app/two;\n}\n"
    )
    assert [each.name for each in wit.dependencies] == ["corp:base", "corp:app"]
    assert "  say: func();\n\n  shout: func();\n" in wit.dependencies[0].text


def test_worlds_with_the_same_names_cannot_be_included_and_are_repeated():
    both = '(export "run" (func)) (import "log" (instance (export "say" (func))))'
    wit = module_with(c=world("corp:one/app", both), rust=world("corp:two/app", f'{both} (import "now" (func))'))
    assert wit.package.text == source("""
        package root:root;

        world root {
          import log: interface {
            say: func();
          }
          import now: func();

          export run: func();
        }
    """)


def test_the_same_section_twice():
    section = world("corp:app/app", '(export "run" (func))')
    assert module_with(c=section, linked=section).text == module_with(c=section).text


def test_sections_that_contradict_each_other():
    with pytest.raises(NotRepresentable, match="`run` is described in two ways"):
        module_with(
            c=world("corp:one/app", '(export "run" (func))'),
            rust=world("corp:two/app", '(export "run" (func (param "times" u8)))'),
        )


def test_the_form_of_such_a_section_until_2023():
    # A version, the encoding of strings, the name of a world, and the package that it is in.
    wit = module_with(c=b"\x03\x00\x06plugin" + committed("plugin"))
    assert wit.package.text == "package root:root;\n\nworld root {\n  include corp:pipeline/plugin@1.2.0;\n}\n"
    with pytest.raises(MalformedComponent, match="does not tell which world it describes"):
        module_with(c=b"\x03\x00\x06pluggy" + committed("plugin"))


@pytest.mark.parametrize("binary", [MODULE, with_section(MODULE, "producers", b"\0"), b"\0asm\x01\0\0\0"])
def test_a_module_without_wit(binary):
    with pytest.raises(CoreModule, match="carries no WIT; `wasm-tools component new` makes a component of a module"):
        wit_of(binary)


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (MODULE + b"\x05\x09\x00", "a section of 9 bytes does not fit into what is around it (at byte 0xd)"),
        (MODULE + b"\x00\x02\x02ab", "the name of a custom section does not fit into it (at byte 0xf)"),
        (with_section(MODULE, "component-type", b"x"), "this is not a WebAssembly component (at byte 0x21)"),
        (
            with_section(MODULE, "component-type", b"\0asm\x0d\0\1\0"),
            "the section `component-type` does not describe a world (at byte 0x21)",
        ),
        (
            with_section(MODULE, "component-type", committed("plugin")[:50]),
            "a section of 584 bytes does not fit into its component (at byte 0x29, in a section of types)",
        ),
    ],
)
def test_damaged_modules(binary, message):
    with pytest.raises(MalformedComponent) as raised:
        wit_of(binary)
    assert str(raised.value) == message
