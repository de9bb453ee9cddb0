"""Which names are offered at a place of a text that is being written."""

import pytest

from dataflare_lsp.values import wave
from dataflare_lsp.values.types import (
    Enum,
    Flags,
    Function,
    ListOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Type,
    Variant,
)

LEVEL = Enum(("debug", "info", "err"))
RECORD = Record(
    (Named("id", Primitive("string")), Named("level", LEVEL), Named("tags", Option(Flags(("hot", "cold")))))
)
CALL = Function((Named("input", RECORD), Named("when", Option(Primitive("bool")))), None)


@pytest.mark.parametrize(
    ("text", "of", "names"),
    [
        ("|", LEVEL, "debug info %err"),
        ("in|", LEVEL, "debug info %err"),
        ("in|fo", LEVEL, "debug info %err"),
        ("info|", LEVEL, "debug info %err"),
        ("info |", LEVEL, ""),
        ("{|", RECORD, "id level tags"),
        ('{id: "a", |', RECORD, "level tags"),
        ('{id: "a", l|, tags: none}', RECORD, "level tags"),
        ('{id: "a"|', RECORD, ""),
        ('{id: "|', RECORD, ""),
        ("{id: |", RECORD, ""),
        ("{level: |", RECORD, "debug info %err"),
        ("{tags: |", RECORD, "some none"),
        ("{tags: {|", RECORD, "hot cold"),
        ("{tags: some({hot, |", RECORD, "cold"),
        ("{ // wh|", RECORD, ""),
        ("{ // what\n|", RECORD, "id level tags"),
        ("{wrong: 1, |", RECORD, ""),
        ("[true, |", ListOf(Primitive("bool")), "true false"),
        ("|", Result(Primitive("f64"), None), "ok err nan inf"),
        ("|", Option(Variant((Named("none", None), Named("other", None)))), "some none %none other"),
        ("run({level: |", CALL, "debug info %err"),
        ('run({id: "a", level: info}, |', CALL, "some none true false"),
        ("ru|", CALL, ""),
    ],
)
def test_names_at_the_cursor(text: str, of: Type | Function, names: str):
    offset = text.index("|")
    assert " ".join(wave.expected(text.replace("|", ""), offset, of).names) == names


def test_what_is_begun_is_to_be_replaced():
    assert wave.expected("{id: 1, %le", 11, LEVEL).begun == (8, 11)
