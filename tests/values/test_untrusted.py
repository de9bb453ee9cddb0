"""Whatever JSON or text there is, it is a value of its type or refused in words."""

import json

from hypothesis import given
from hypothesis import strategies as st
from support.values import types

from dataflare_lsp.values import json as values_json
from dataflare_lsp.values import wave
from dataflare_lsp.values.fitting import misfit
from dataflare_lsp.values.types import Type, Value

TYPES = types()
NAMES = st.sampled_from(
    ["a", "b", "id", "ok", "err", "some", "none", "base64", "AA==", "nan", "inf", "\ud800", "\0", "x"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-300, 300), st.integers(), st.floats(), NAMES)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
SIGNS = "{}[]():,\"'\\%-.015aeokn \n/u"


def read(text: str, of: Type) -> "Value | wave.WaveError":
    try:
        return wave.parse(text, of)
    except wave.WaveError as error:
        return error


@given(JSON, TYPES)
def test_json(data, of: Type):
    try:
        value = values_json.parse(json.dumps(data), of)
    except values_json.JsonError:
        return
    assert misfit(value, of) is None
    assert repr(values_json.parse(values_json.write(value, of), of)) == repr(value)


@given(st.text(SIGNS), TYPES)
def test_text(text: str, of: Type):
    found = read(text, of)
    if isinstance(found, wave.WaveError):
        assert 0 <= found.span.start <= found.span.end <= len(text)
    else:
        assert misfit(found, of) is None


@given(st.text(SIGNS), TYPES, st.data())
def test_names_are_offered_anywhere(text: str, of: Type, data):
    offset = data.draw(st.integers(0, len(text)))
    begun, _ = wave.expected(text, offset, of)
    assert 0 <= begun.start <= begun.end == offset
