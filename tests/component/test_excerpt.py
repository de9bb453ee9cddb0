"""Reading only what tells the WIT of a file."""

import io

import pytest
from support.encoded import committed, with_section

from dataflare_lsp.component.about import about
from dataflare_lsp.component.binary import Limits
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.excerpt import excerpt
from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import wit_of


class Counted(io.BytesIO):
    """A file that knows how many bytes were read of it."""

    total = 0

    def readinto(self, buffer):
        self.total += len(buffer)
        return super().readinto(buffer)


def read(binary: bytes) -> bytes:
    return bytes(excerpt(io.BytesIO(binary), len(binary))[:])


def large_component() -> bytes:
    return binary_of(f"""
        (component
          (import "a:b/i" (instance (export "f" (func))))
          (core module (memory 64) (data "{"x" * 2_000_000}"))
          (component (core module (memory 64) (data "{"y" * 2_000_000}")))
          (import "g" (func (param "of" string)))
          (@custom "notes" "{"z" * 1_000_000}"))
    """)


def test_code_and_data_are_not_read():
    binary = large_component()
    file = Counted(binary)
    data = excerpt(file, len(binary))
    assert file.total < 3000
    assert wit_of(data) == wit_of(binary)
    assert about(data) == about(binary)


@pytest.mark.parametrize(
    "binary",
    [
        committed("plugin"),
        binary_of("(module)"),
        with_section(binary_of('(component (import "f" (func)))'), "producers", b"\x01\x03sdk\x01\x01a\x01b"),
    ],
)
def test_a_small_file_is_read_as_far_as_it_matters(binary):
    data = read(binary)
    assert len(data) == len(binary)
    assert about(data) == about(binary)


def test_any_form_of_bytes_will_do():
    binary = committed("plugin")
    assert wit_of(memoryview(binary)) == wit_of(binary)
    assert about(memoryview(binary)) == about(binary)


def test_what_wit_is_said_by_is_read_whole():
    assert read(committed("plugin")) == committed("plugin")


def test_sections_of_core_modules_that_carry_wit_are_read():
    binary = with_section(binary_of("(module (memory 1))"), "component-type:c", bytes(range(200)) * 50)
    assert read(binary) == binary


@pytest.mark.parametrize("cut", [0, 1, 7, 8, 9, 11, 60, 300, 900])
def test_a_file_that_is_cut_off_is_as_wrong_as_its_excerpt(cut):
    binary = committed("plugin")[:cut]
    assert outcome(read(binary)) == outcome(binary)


def test_a_file_that_has_become_shorter():
    binary = committed("plugin")
    with pytest.raises(MalformedComponent):
        wit_of(excerpt(io.BytesIO(binary[: len(binary) // 2]), len(binary)))


def test_a_file_that_is_too_large():
    with pytest.raises(MalformedComponent, match="the file is larger than the 1000 bytes that this tool reads"):
        excerpt(io.BytesIO(), 1001, Limits(size=1000))


def outcome(data: bytes) -> str:
    try:
        return wit_of(data).text
    except MalformedComponent as error:
        return str(error)
