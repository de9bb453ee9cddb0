"""WebAssembly text."""

import sys

import pytest

from dataflare_lsp.component.errors import MalformedWat, WatUnavailable
from dataflare_lsp.component.wat import binary_of


def test_text_becomes_binary():
    assert binary_of("(component)") == b"\0asm\x0d\0\1\0"


def test_malformed_text_is_told_with_its_place():
    with pytest.raises(MalformedWat) as raised:
        binary_of("(component\n  (typ))")
    assert raised.value.message == "expected valid component field"
    assert (raised.value.line, raised.value.column) == (2, 4)
    assert str(raised.value) == "expected valid component field (line 2, column 4)"


@pytest.mark.parametrize("text", ["", "\0", "(" * 100_000, "(component \udc80)"])
def test_any_text_is_refused_cleanly(text):
    with pytest.raises(MalformedWat):
        binary_of(text)


def test_without_wasmtime_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(WatUnavailable, match=r"install it, or turn the file into a `\.wasm`"):
        binary_of("(component)")
