"""docs/reference/values.md shows values that are ones."""

import re

import pytest
from support.shared import REPOSITORY
from support.values import DATA_RECORD

from dataflare_lsp.values import json, wave
from dataflare_lsp.values.describe import describe
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Enum,
    Flags,
    Function,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Variant,
)

PAGE = (REPOSITORY / "docs" / "reference" / "values.md").read_text(encoding="utf-8")

U8 = Primitive("u8")
OUTCOME = Variant((Named("skip", None), Named("failed", STRING), Named("ok", None)))
POINT = Record((Named("x", U8), Named("y", Option(U8))))

TYPES: dict[str, tuple[Type, ...]] = {
    "bool": (Primitive("bool"),),
    "u8": (U8,),
    "s64": (Primitive("s64"),),
    "f32": (Primitive("f32"),),
    "f64": (Primitive("f64"),),
    "char": (Primitive("char"),),
    "string": (STRING,),
    "list<u8>": (BYTES,),
    "list": (BYTES, ListOf(U8)),
    "tuple": (Tuple((U8, U8)), Tuple((U8, STRING))),
    "list<tuple<string, string>>": (ListOf(Tuple((STRING, STRING))),),
    "map": (MapOf(STRING, U8), MapOf(U8, STRING)),
    "record": (POINT, Record((Named("y", Option(U8)),))),
    "variant": (OUTCOME,),
    "enum": (Enum(("warn", "ok")),),
    "flags": (Flags(("read", "write")),),
    "option": (Option(U8), Option(Option(U8))),
    "result": (OUTCOME, Result(U8, STRING), Result(None, None)),
}
"""Types of the sorts that the first column names."""

NO_VALUES = {"option", "string", "some(1)", "ok(1)", '"""', r"\"", r"\'", r"\\", r"\t", r"\n", r"\r", r"\u{1F44B}"}
"""What is in the second column as a part of values, or as a type."""


def block(name: str) -> list[str]:
    """The fenced blocks or the table after each comment of a name."""
    return re.findall(rf"<!-- {name} -->\n(?:```\w+\n(.*?)```|(\|.*?)\n\n)", PAGE, re.DOTALL)


def rows(name: str) -> list[tuple[str, str]]:
    ((_, table),) = block(name)
    return [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in table.split("\n")[2:]]


def spans(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def reads(parse: object, text: str, types: list[Type]) -> bool:
    for of in types:
        try:
            parse(text, of)
        except (json.JsonError, wave.WaveError):
            continue
        return True
    return False


@pytest.mark.parametrize(("name", "form"), [("json", json), ("wave", wave)])
def test_every_example_is_a_value_of_its_type(name: str, form: object):
    examples = [
        (text, [of for sort in spans(sorts) for of in TYPES[sort]])
        for sorts, shown in rows(name)
        for text in spans(shown)
        if text not in NO_VALUES
    ]
    assert len(examples) > 20
    assert [text for text, types in examples if not reads(form.parse, text, types)] == []


def test_the_record_is_shown_in_both_forms():
    in_json, in_wave = [shown for shown, _ in block("record")]
    value = json.parse(in_json, DATA_RECORD)
    assert json.write(value, DATA_RECORD) == in_json.strip()
    assert wave.parse(in_wave, DATA_RECORD) == value
    assert wave.write(value, DATA_RECORD, width=60) + "\n" == in_wave.replace(' // "21.5"', "")


def test_the_record_is_that_of_the_package():
    source = (REPOSITORY / "wit" / "types.wit").read_text(encoding="utf-8")
    (body,) = re.findall(r"record data-record \{(.*?)\n    \}", source, re.DOTALL)
    fields = re.findall(r"^ +([a-z-]+: .+),$", body, re.MULTILINE)
    assert describe(DATA_RECORD) == f"record {{ {', '.join(fields)} }}"


def test_the_call_is_one():
    ((call, _),) = block("call")
    assert wave.callee(call) == "dataflare:core/data-source@1.0.0#read-batch"
    assert wave.parse_call(call, Function((Named("size", Primitive("u32")),), None)) == (100,)
