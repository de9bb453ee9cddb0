"""Whatever the bytes are: WIT, or a `ComponentError`, within time and memory in proportion to them."""

import io
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.encoded import committed, interface, package, with_section

from dataflare_lsp.component.about import about
from dataflare_lsp.component.allowance import TooLong
from dataflare_lsp.component.binary import Limits, decode, kind_of
from dataflare_lsp.component.errors import ComponentError, MalformedComponent
from dataflare_lsp.component.excerpt import excerpt
from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import wit_of

PREAMBLE = b"\0asm\x0d\0\1\0"
COMPONENT = binary_of("""
    (component
      (import "a:b/i@1.0.0" (instance $i
        (export "r" (type $r (sub resource)))
        (type $p (record (field "x" u8)))
        (export "p" (type (eq $p)))
        (export "[method]r.m" (func (param "self" (borrow $r)) (result (list string))))))
      (alias export $i "r" (type $r))
      (core module $m (func (export "f")))
      (core instance $m (instantiate $m))
      (func $f (canon lift (core func $m "f")))
      (component $w
        (import "r" (type $r (sub resource)))
        (import "f" (func $f))
        (export "q" (type $r))
        (export "g" (func $f)))
      (instance $j (instantiate $w (with "r" (type $r)) (with "f" (func $f))))
      (instance $k (export "h" (func $f)))
      (export "a:b/j" (instance $j))
      (export "k" (instance $k))
      (export "f" (func $f)))
""")
MODULE = with_section(binary_of("(module (memory 1))"), "component-type:w", committed("plugin"))
SEEDS = [
    COMPONENT,
    MODULE,
    committed("plugin"),
    interface('(type $e (enum "a" "b")) (export "e" (type (eq $e)))'),
    binary_of('(component (core type (module (import "a" "b" (func)))) (core module (func)) (component))'),
]


def survives(data: bytes) -> None:
    """All functions give an answer, or the error that they promise; and the same for what is read of a file."""
    kind_of(data)
    read = excerpt(io.BytesIO(data), len(data))
    assert outcome(lambda: about(read)) == outcome(lambda: about(data))
    assert outcome(lambda: wit_of(read)) == outcome(lambda: wit_of(data))
    malformed = None
    try:
        decode(data)
    except MalformedComponent as error:
        malformed = error
    assert malformed is None or 0 <= malformed.offset <= len(data)


def outcome(ask: Callable[[], object]) -> object:
    """What a function gives, or None where it fails as it should."""
    try:
        answer = ask()
    except ComponentError:
        return None
    str(answer).encode()
    return answer


@given(st.binary(max_size=300))
def test_random_bytes(data):
    survives(data)


@given(st.binary(max_size=300))
def test_random_sections(data):
    survives(PREAMBLE + data)


@given(st.lists(st.tuples(st.sampled_from([7, 7, 7, 6, 10, 11, 4, 0]), st.binary(max_size=100))))
def test_random_content_of_sections(sections):
    survives(PREAMBLE + b"".join(bytes([section, len(content)]) + content for section, content in sections))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A package, component or module with some bytes changed, cut out, repeated or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(8, len(data) - 1))
        match draw(st.sampled_from(["change", "cut", "repeat", "insert"])):
            case "change":
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[at : at + draw(st.integers(1, 8))]
            case "repeat":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
        if len(data) <= 9:
            break
    return bytes(data)


@settings(max_examples=1500, deadline=None)
@given(mutated())
@example(committed("plugin"))
@example(COMPONENT)
@example(MODULE)
def test_mutated_binaries(data):
    survives(data)


def test_every_single_byte_of_a_package_set_to_telling_values():
    data = SEEDS[3]
    for at in range(len(data)):
        for value in (0x00, 0x01, 0x3F, 0x40, 0x41, 0x42, 0x70, 0x7F, 0x80, 0xFF):
            survives(data[:at] + bytes([value]) + data[at + 1 :])


def test_types_nested_without_end():
    instance = b"\x01\x42\x01"
    data = PREAMBLE + b"\x07\x80\x80\x80\x01\x01\x42\x01" + instance * 200_000
    with pytest.raises(MalformedComponent):
        wit_of(data)


def test_components_nested_without_end():
    data = PREAMBLE
    for _ in range(300):
        size = len(data)
        data = PREAMBLE + bytes([4, size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + data
    with pytest.raises(MalformedComponent, match="components are nested more than 100 deep"):
        decode(data)


def test_instances_of_instances_without_end():
    types = "(type $t0 (instance))" + "".join(
        f'(type $t{n} (instance (alias outer 1 $t{n - 1} (type $x)) (export "x" (instance (type $x)))))'
        for n in range(1, 1000)
    )
    with pytest.raises(MalformedComponent, match="instances are nested more than 50 deep"):
        wit_of(package(f'{types} (export "a:b/i" (instance (type $t999)))'))


def test_types_that_double_with_every_line():
    types = "(type $t0 (tuple u8 u8))" + "".join(f"(type $t{n} (tuple $t{n - 1} $t{n - 1}))" for n in range(1, 90))
    with pytest.raises(TooLong):
        wit_of(interface(f'{types} (export "t" (type (eq $t89)))'))


def test_an_instance_type_imported_ever_again():
    types = "".join(f'(export "r{n}" (type (sub resource)))' for n in range(300))
    imports = "".join(f'(import "x:y/i{n}" (instance (type $t)))' for n in range(300))
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        wit_of(package(f'(type $t (instance {types})) {imports} (export "a:b/i" (instance))'))


def test_components_that_make_two_of_each_other():
    doubling = "".join(
        f"(component $c{n} (alias outer 1 $c{n - 1} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))"
        for n in range(1, 40)
    )
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        wit_of(binary_of(f"(component (component $c0) {doubling} (instance (instantiate $c39)))"))


def test_components_that_make_one_another_without_end():
    chain = "".join(
        f"(component $c{n} (alias outer 1 $c{n - 1} (component $c)) (instance (instantiate $c)))" for n in range(1, 200)
    )
    with pytest.raises(MalformedComponent, match="instances are nested more than 50 deep"):
        wit_of(binary_of(f"(component (component $c0) {chain} (instance (instantiate $c199)))"))


def test_a_type_that_is_equal_to_another_ever_again():
    # Each of them is mentioned, and what the last one is equal to lies many steps away.
    bound = "".join(f'(export "a{n}" (type $a{n + 1} (eq $a{n})))' for n in range(2000))
    mentions = "".join(
        f'(alias export $i "a1999" (type $m{n})) (import "f{n}" (func (param "x" $m{n})))' for n in range(2000)
    )
    with pytest.raises(ComponentError):
        wit_of(
            binary_of(f"""
            (component
              (component $c (type $a0 (enum "x")) {bound})
              (instance $i (instantiate $c))
              {mentions})
        """)
        )


FIELDS = "".join(f'(field "f{n}" u8)' for n in range(5000))
PARAMS = FIELDS.replace("(field", "(param")
NAMES = " ".join(f'"f{n}"' for n in range(5000))


@pytest.mark.parametrize(
    ("shared", "mention"),
    [
        (f"record {FIELDS}", '(export "t" (type (eq $t)))'),
        (f"enum {NAMES}", '(export "t" (type (eq $t)))'),
        (f"func {PARAMS}", '(export "t" (func (type $t)))'),
    ],
    ids=["record", "enum", "function"],
)
def test_a_large_type_mentioned_ever_again(shared, mention):
    imports = "".join(f'(import "a:b/i{n}" (instance (alias outer 1 $t (type $t)) {mention}))' for n in range(1000))
    with pytest.raises(TooLong):
        wit_of(binary_of(f"(component (type $t ({shared})) {imports})"))


def test_a_large_instance_made_ever_again():
    exports = "".join(f'(export "f{n}" (func $f))' for n in range(2000))
    made = '(instance (instantiate $c (with "f" (func $f))))' * 2000
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        wit_of(
            binary_of(f"""
            (component
              (component $c (import "f" (func $f)) (instance {exports}))
              (import "f" (func $f))
              {made})
        """)
        )


def test_more_sections_than_are_looked_at():
    sections = b"\x02\x00" * 110_000
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        wit_of(PREAMBLE + sections, Limits(elements=100_000))
    with pytest.raises(MalformedComponent, match="the file declares more than this tool reads"):
        about(b"\0asm\x01\0\0\0" + sections)


def test_a_module_with_more_worlds_than_libraries():
    section = with_section(b"", "component-type", committed("plugin"))
    assert wit_of(binary_of("(module)") + section * 100).world == "root:root/root"
    with pytest.raises(MalformedComponent, match="more than 100 sections describe worlds"):
        wit_of(binary_of("(module)") + section * 101)


def test_a_long_name_mentioned_ever_again():
    name = "a" * 60_000
    uses = "".join(f'(export "r{n}" (type (eq $long)))' for n in range(3000))
    with pytest.raises(TooLong):
        wit_of(interface(f'(export "{name}" (type $long (sub resource))) {uses}'))


def test_a_long_name_that_is_just_not_a_name_is_refused_at_once():
    binary = interface(f'(type $e (enum "a{"-1" * 20_000}-bb")) (export "e" (type (eq $e)))')
    started = time.perf_counter()
    with pytest.raises(MalformedComponent, match="is not a name in kebab case"):
        wit_of(binary.replace(b"-bb", b"-bB"))
    assert time.perf_counter() - started < 2


def test_documentation_larger_than_is_read():
    binary = with_section(package('(export "a:b/i" (instance))'), "package-docs", b"\x01" + b" " * (1 << 23))
    with pytest.raises(MalformedComponent, match="is larger than 4194304 bytes"):
        wit_of(binary)


def test_memory_stays_in_proportion():
    fields = b"".join(bytes([4]) + b"%04x" % n + b"\x79" for n in range(0xA000, 0xA000 + 9000))
    record = b"\x72" + bytes([9000 & 0x7F | 0x80, 9000 >> 7]) + fields
    content = b"\x01" + record
    size = bytes([len(content) & 0x7F | 0x80, len(content) >> 7 & 0x7F | 0x80, len(content) >> 14])
    data = PREAMBLE + b"\x07" + size + content
    tracemalloc.start()
    try:
        decode(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * len(data)


def test_a_large_package_is_read_in_a_moment():
    data = committed("plugin")
    started = time.perf_counter()
    for _ in range(20):
        wit_of(data)
    assert time.perf_counter() - started < 2
