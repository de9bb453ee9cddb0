"""Decoding the type level of components."""

import pytest
from support.encoded import committed, package

from dataflare_lsp.component.binary import Limits, decode, kind_of
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import (
    BorrowType,
    Case,
    Component,
    ComponentType,
    CoreTypeDefinition,
    CustomSection,
    Export,
    ExportAlias,
    ExportDeclaration,
    ExternName,
    Field,
    FuncRef,
    FuncType,
    Import,
    InlineInstance,
    InstanceRef,
    InstanceType,
    Instantiation,
    Lift,
    ListType,
    ModuleRef,
    NestedComponent,
    OuterAlias,
    OwnType,
    RecordType,
    ResourceType,
    Skipped,
    SubResource,
    TypeDefinition,
    TypeEq,
    VariantType,
)
from dataflare_lsp.component.wat import binary_of

PREAMBLE = b"\0asm\x0d\0\1\0"


def only_type(declarations: str) -> tuple[object, ...]:
    """The declarations of the only component type of a package."""
    (definition, *_) = decode(package(declarations)).definitions
    assert isinstance(definition, TypeDefinition)
    assert isinstance(definition.type, ComponentType)
    return definition.type.declarations


def test_an_empty_component():
    assert decode(PREAMBLE) == Component(())


def test_definitions_come_in_the_order_of_the_file_with_offsets():
    binary = binary_of("""
        (component
          (type $list (list u8))
          (import "a" (func))
          (export "t" (type $list)))
    """)
    assert decode(binary).definitions[:4] == (
        TypeDefinition(ListType("u8"), 11),
        TypeDefinition(FuncType((), None, False), 13),
        Import(ExternName("a"), FuncRef(1), 20),
        Export(ExternName("t"), "type", 0, None, 28),
    )


def test_a_scope_with_aliases_and_attributes():
    instance, imported, first, second, *_ = only_type("""
        (type $t (instance (export "r" (type (sub resource)))))
        (import "p" (implements "x:y/z@1") (versionsuffix ".2.3") (external-id "id") (instance $p (type $t)))
        (alias export $p "r" (type $r))
        (type (instance (alias outer 1 $r (type $q)) (export "s" (type (eq $q)))))
    """)
    assert isinstance(instance, TypeDefinition)
    assert instance.type == InstanceType((ExportDeclaration(ExternName("r"), SubResource(), 16),))
    assert imported == Import(ExternName("p", "x:y/z@1", ".2.3", "id"), InstanceRef(0), 23)
    assert first == ExportAlias("type", 0, "r", 49)
    assert isinstance(second, TypeDefinition)
    assert second.type == InstanceType(
        (OuterAlias("type", 1, 1, 58), ExportDeclaration(ExternName("s"), TypeEq(0), 62))
    )


def test_indices_of_more_than_one_byte():
    # Value types are signed: 64 takes two bytes, where 63 takes one.
    lists = "".join(f"(type $l{n} (list u8))" for n in range(130))
    declarations = only_type(f"{lists} (type (option $l63)) (type (option $l64)) (type (option $l129))")
    assert [declaration.type[0] for declaration in declarations[130:]] == [63, 64, 129]


def test_types_with_parts():
    record, variant, resource, own, borrow, function = only_type("""
        (type (record (field "a" u8) (field "b" string)))
        (type (variant (case "none") (case "some" u8)))
        (import "r" (type $r (sub resource)))
        (type (own $r))
        (type (borrow $r))
        (type (func async (param "p" 0) (result char)))
    """)
    assert record.type == RecordType((Field("a", "u8"), Field("b", "string")))
    assert variant.type == VariantType((Case("none", None), Case("some", "u8")))
    assert resource.type == SubResource()
    assert (own.type, borrow.type) == (OwnType(2), BorrowType(2))
    assert function.type == FuncType((Field("p", 0),), "char", True)


def test_core_types_among_declarations_are_passed_over():
    core, *_, last = only_type("""
        (core type $m (module
          (type $f (func (param i32 (ref null func)) (result v128)))
          (import "a" "b" (func (type $f)))
          (import "a" "c" (memory i64 1 2))
          (import "a" "d" (table 1 funcref))
          (export "e" (global (mut externref)))))
        (import "m" (core module (type $m)))
        (type (list u8))
    """)
    assert isinstance(core, CoreTypeDefinition)
    assert last.type == ListType("u8")


def test_a_real_component_is_decoded_as_far_as_its_types_go():
    binary = binary_of("""
        (component
          (core module $m (func (export "f")) (memory 1))
          (core instance $i (instantiate $m))
          (type $r (resource (rep i32)))
          (component $inner (type (list u8)))
          (func $f (canon lift (core func $i "f")))
          (instance $n (instantiate $inner (with "f" (func $f))))
          (instance (export "n" (instance $n)))
          (export "f" (func $f))
          (@custom "notes" "hello"))
    """)
    component = decode(binary)
    kinds = [type(definition) for definition in component.definitions]
    assert kinds[:4] == [Skipped, Skipped, TypeDefinition, NestedComponent]
    assert isinstance(component.definitions[2].type, ResourceType)
    assert component.definitions[3].component.definitions[0].type == ListType("u8")
    (export,) = [item for item in component.definitions if isinstance(item, Export)]
    assert export[:3] == (ExternName("f"), "func", 0)
    (notes,) = [item for item in component.definitions if isinstance(item, CustomSection) and item.name == "notes"]
    assert binary[notes.offset :][: notes.size] == b"hello"
    lift, made, inline = [
        item for item in component.definitions if isinstance(item, (Lift, Instantiation, InlineInstance))
    ]
    assert (lift.type_index, lift.is_async) == (1, False)
    assert (made.component, made.arguments) == (0, (("f", "func", 0),))
    assert [export[:3] for export in inline.exports] == [(ExternName("n"), "instance", 0)]


def test_module_types_are_referred_to_by_their_core_type():
    definitions = decode(binary_of('(component (import "m" (core module)))')).definitions
    assert [item.type for item in definitions if isinstance(item, Import)] == [ModuleRef(0)]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PREAMBLE, "component"),
        (b"\0asm\1\0\0\0", "core module"),
        (b"\0asm\1\0", None),
        (b"package a:b;", None),
        (b"", None),
    ],
)
def test_the_kind_of_a_file_by_its_first_bytes(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is not a WebAssembly component (at byte 0x0)"),
        (b"\0asm\1\0\0\0", "this is a core module, not a component (at byte 0x0)"),
        (b"\0asm\x0c\0\1\0", "version 12 of the format is unknown; 13 is read (at byte 0x4)"),
        (PREAMBLE + b"\x07", "unexpected end of the file (at byte 0x9, in a section of types)"),
        (PREAMBLE + b"\x0d\x00", "unknown section 13 (at byte 0x8)"),
        (
            PREAMBLE + b"\x07\x05\x00",
            "a section of 5 bytes does not fit into its component (at byte 0x8, in a section of types)",
        ),
        (PREAMBLE + b"\x07\x02\x00\x00", "a section of 2 bytes has content of 1 (at byte 0x8, in a section of types)"),
        (
            PREAMBLE + b"\x07\x02\x01\x00",
            "unexpected byte 0x00 where a type should be (at byte 0xb, in a section of types)",
        ),
        (
            PREAMBLE + b"\x07\x03\x01\x70\x60",
            "unexpected byte 0x60 where a value type should be (at byte 0xc, in a section of types)",
        ),
        (PREAMBLE + b"\x07\x03\x01\x72\x00", "a type has no fields (at byte 0xc, in a section of types)"),
        (
            PREAMBLE + b"\x07\x04\x01\x67\x7d\x00",
            "a list of fixed length has no elements (at byte 0xd, in a section of types)",
        ),
        (
            PREAMBLE + b"\x07\x02\x7f\x00",
            "127 types do not fit into the rest of the file (at byte 0xa, in a section of types)",
        ),
        (
            PREAMBLE + b"\x07\xff\xff\xff\xff\x1f",
            "an integer is larger than 32 bits (at byte 0x9, in a section of types)",
        ),
        (
            PREAMBLE + b"\x07\xff\xff\xff\xff\xff\x00",
            "an integer is larger than 32 bits (at byte 0x9, in a section of types)",
        ),
        (
            PREAMBLE + b"\x07\x04\x01\x70\xff\x40",
            "the index of a type is negative or larger than 32 bits (at byte 0xc, in a section of types)",
        ),
        (PREAMBLE + b"\x00\x02\x01\xff", "a name is not UTF-8 (at byte 0xb, in a section of custom content)"),
        (
            PREAMBLE + b"\x00\x02\x05a",
            "a name of 5 bytes does not fit into the rest of the file (at byte 0xa, in a section of custom content)",
        ),
        (
            PREAMBLE + b"\x06\x03\x01\x09\x00",
            "unexpected byte 0x09 where a sort should be (at byte 0xb, in a section of aliases)",
        ),
        (
            PREAMBLE + b"\x0a\x04\x01\x03\x00\x00",
            "unexpected byte 0x03 where the name of an import or export should be (at byte 0xb, in a section of imports)",
        ),
    ],
)
def test_malformed_bytes_are_told_with_their_place(data, message):
    with pytest.raises(MalformedComponent) as raised:
        decode(data)
    assert str(raised.value) == message


def test_every_cut_of_a_package_is_malformed_or_ends_between_sections():
    data = committed("plugin")
    whole = decode(data)
    for length in range(len(data)):
        try:
            part = decode(data[:length])
        except MalformedComponent:
            continue
        assert part.definitions == whole.definitions[: len(part.definitions)]


def test_limits_refuse_what_is_too_large():
    data = committed("plugin")
    with pytest.raises(MalformedComponent, match="larger than the 100 bytes that this tool reads"):
        decode(data, Limits(size=100))
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        decode(data, Limits(elements=50))
    with pytest.raises(MalformedComponent, match="types are nested more than 1 deep"):
        decode(data, Limits(depth=1))
