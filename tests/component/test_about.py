"""What binaries tell about themselves beside their WIT."""

import pytest
from support.encoded import with_section

from dataflare_lsp.component.about import Producers, Tool, about
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.wat import binary_of

RUST = b"\x02\x08language\x01\x04Rust\x00\x0cprocessed-by\x01\x05rustc\x061.75.0"
LINKER = b"\x01\x0cprocessed-by\x02\x05rustc\x061.75.0\x0dwit-component\x070.245.1"


def component(definitions: str = "") -> bytes:
    return binary_of(f"(component {definitions})")


def inside(binary: bytes, section: int = 1) -> bytes:
    """A component that holds `binary` and nothing else."""
    return b"\0asm\x0d\0\1\0" + bytes([section, len(binary) & 0x7F | 0x80, len(binary) >> 7]) + binary


def test_producers_of_all_that_lies_inside_are_told_once():
    module = with_section(binary_of("(module)"), "producers", RUST)
    binary = with_section(inside(inside(module), 4), "producers", LINKER)
    assert about(binary).producers == Producers(
        languages=(Tool("Rust", ""),),
        tools=(Tool("rustc", "1.75.0"), Tool("wit-component", "0.245.1")),
    )


def test_the_name_and_the_sections_of_a_component():
    told = about(with_section(component('(import "f" (func))'), "component-name", b"\x00\x05\x04mine"))
    assert (told.kind, told.name) == ("component", "mine")
    assert [(section.id, section.name, section.offset, section.size) for section in told.sections] == [
        (7, "", 10, 5),
        (10, "", 17, 6),
        (0, "component-name", 43, 7),
    ]


def test_a_core_module():
    told = about(with_section(binary_of("(module (memory 1))"), "name", b"\x00\x02\x01m"))
    assert (told.kind, told.name, told.is_async) == ("core module", "m", False)
    assert [(section.id, section.name) for section in told.sections] == [(5, ""), (0, "name")]


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x01\x08language\x05\x04Rust", b"\x01\x02\xff\xfe\x00"])
def test_a_section_of_producers_that_makes_no_sense_tells_nothing(content):
    assert about(with_section(component(), "producers", content)).producers.languages == ()


@pytest.mark.parametrize(
    ("definitions", "is_async"),
    [
        ("", False),
        ('(import "f" (func (param "a" u8)))', False),
        ('(import "f" (func async))', True),
        ('(import "i" (instance (export "f" (func (result (future u8))))))', True),
        ('(component (import "f" (func (param "a" (stream u8)))))', True),
        ("(core func (canon waitable-set.new))", True),
        ("(type (resource (rep i32))) (core func (canon resource.new 0))", False),
        (
            """
            (core module $m (func (export "f") (result i32) i32.const 0) (func (export "g") (param i32 i32 i32) (result i32)
              i32.const 0))
            (core instance $m (instantiate $m))
            (func (canon lift (core func $m "f") async (callback (core func $m "g"))))
            """,
            True,
        ),
    ],
)
def test_whether_it_takes_an_asynchronous_runtime(definitions, is_async):
    assert about(component(definitions)).is_async is is_async


def test_what_is_no_webassembly():
    with pytest.raises(MalformedComponent, match="this is not WebAssembly"):
        about(b"package a:b;")
