"""Whether a value is one of a type: every generated one is, and what is of another type is not."""

import pytest
from hypothesis import given
from support.values import typed_values

from dataflare_lsp.values.fitting import Misfit, misfit
from dataflare_lsp.values.types import BYTES, Flags, Handle, ListOf, MapOf, Named, Primitive, Record, Tuple, Unsupported

U8, STRING = Primitive("u8"), Primitive("string")


@given(typed_values(nan=True))
def test_values_of_a_type_fit(typed):
    of, value = typed
    assert misfit(value, of) is None


@given(typed_values())
def test_nothing_else_does(typed):
    of, _ = typed
    nothing = object()
    found = misfit(nothing, of)
    assert found is not None
    assert (found.place, found.found) == ("", repr(nothing))


@pytest.mark.parametrize(
    ("value", "of", "expected"),
    [
        (True, U8, Misfit("", "u8", "True")),
        (1, Primitive("bool"), Misfit("", "bool", "1")),
        (1, Primitive("f64"), Misfit("", "f64", "1")),
        ((1, 2), BYTES, Misfit("", "list<u8>", "(1, 2)")),
        (b"ab", ListOf(U8, 3), Misfit("", "list<u8, 3>", "b'ab'")),
        ("ab", ListOf(STRING), Misfit("", "list<string>", "'ab'")),
        (("a",), Flags(("b",)), Misfit("", "flags { b }", "('a',)")),
        (-1, Handle("file", True), Misfit("", "own<file>", "-1")),
        ((("a", 1), ("b", "c")), MapOf(STRING, U8), Misfit("[1]", "u8", "'c'")),
        (((1, 1),), MapOf(STRING, U8), Misfit("[0].key", "string", "1")),
        ((1,), Tuple((U8, U8)), Misfit("", "tuple<u8, u8>", "(1,)")),
        (("a" * 100,), Record((Named("a", U8),)), Misfit(".a", "u8", "'" + "a" * 58 + "…")),
        (0, Unsupported("stream"), Misfit("", "stream", "0")),
    ],
)
def test_the_place_is_told(value, of, expected):
    assert misfit(value, of) == expected
