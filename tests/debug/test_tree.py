import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from support.stops import DATA_RECORD

from dataflare_lsp.debug.debuggee import Typed
from dataflare_lsp.debug.tree import Content, NotRead, indexed, named, read, replaced, size, text, type_text
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Case,
    Enum,
    Flags,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Value,
    Variant,
)

U32 = Primitive("u32")


def opened(value: Value, type: Type, *, is_hex: bool = False) -> str:
    """A value with all that is in it, one part to a line: name, value, type, and the expression for it."""
    return "\n".join(_lines("value", Typed(value, type), "value", 0, is_hex))


def _lines(name: str, content: Content, written: str | None, level: int, is_hex: bool) -> list[str]:
    shown = text(content, is_hex=is_hex)
    lines = [f"{'  ' * level}{name} = {shown}" + (f" : {type_text(content)}" if type_text(content) else "")]
    if written is None:
        lines[0] += " (a view)"
    elif level and written.rpartition(".")[2] != name and not written.endswith(name):
        lines[0] += f" ({written})"
    for part in (*named(content), *indexed(content, 0, 1000)):
        inner = None if written is None or part.written is None else written + part.written
        lines += _lines(part.name, part.content, inner, level + 1, is_hex)
    return lines


def test_a_record_has_its_fields() -> None:
    assert opened(("r1", b"ok", (("source", "kafka"),)), DATA_RECORD) == snapshot("""\
value = {id: "r1", payload: [111, 107], metadata: [("source", "kafka")]} : record { id: string, payload: list<u8>, metadata: list<tuple<string, …>> }
  id = "r1" : string
  payload = 2 bytes: "ok" : list<u8>
    text = "ok" : string (a view)
    hex = 6f 6b : hexadecimal (a view)
      00000000 = 6f 6b                                            ok (a view)
    [0] = 111 : u8
    [1] = 107 : u8
  metadata = [("source", "kafka")] : list<tuple<string, string>>
    [0] = ("source", "kafka") : tuple<string, string>
      [0] = "source" : string
      [1] = "kafka" : string\
""")


def test_bytes_are_seen_as_text_as_json_and_as_digits() -> None:
    payload = json.dumps({"id": 7, "tags": ["a", None], "price": 1.5, "ok": True}).encode()
    parts = [f"{part.name} = {text(part.content)}" for part in named(Typed(payload, BYTES))]
    assert (text(Typed(payload, BYTES)), parts) == snapshot(
        (
            '56 bytes: "{\\"id\\": 7, \\"tags\\": [\\"a\\", null], \\"price\\": 1.5, \\"ok\\": true}"',
            [
                'text = "{\\"id\\": 7, \\"tags\\": [\\"a\\", null], \\"price\\": 1.5, \\"ok\\": true}"',
                'json = {id: 7, tags: ("a", none), price: 1.5, ok: true}',
                "hex = 7b 22 69 64 22 3a 20 37 2c 20 22 74 61 67 73 22 …",
            ],
        )
    )
    (view,) = [part.content for part in named(Typed(payload, BYTES)) if part.name == "json"]
    assert "\n".join(_lines("json", view, None, 0, False)) == snapshot("""\
json = {id: 7, tags: ("a", none), price: 1.5, ok: true} : record { id: s64, tags: tuple<string, …>, price: f64, … } (a view)
  id = 7 : s64 (a view)
  tags = ("a", none) : tuple<string, option<string>> (a view)
    [0] = "a" : string (a view)
    [1] = none : option<string> (a view)
  price = 1.5 : f64 (a view)
  ok = true : bool (a view)\
""")
    (digits,) = [part.content for part in named(Typed(payload, BYTES)) if part.name == "hex"]
    assert [f"{part.name} {text(part.content)}" for part in indexed(digits, 0, 9)] == snapshot(
        [
            '00000000 7b 22 69 64 22 3a 20 37 2c 20 22 74 61 67 73 22  {"id": 7, "tags"',
            '00000010 3a 20 5b 22 61 22 2c 20 6e 75 6c 6c 5d 2c 20 22  : ["a", null], "',
            '00000020 70 72 69 63 65 22 3a 20 31 2e 35 2c 20 22 6f 6b  price": 1.5, "ok',
            '00000030 22 3a 20 74 72 75 65 7d                          ": true}',
        ]
    )


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (b"", "0 bytes"),
        (b"a", '1 byte: "a"'),
        ("é".encode() * 3, '6 bytes: "ééé"'),
        (b"\xff\xfe", "2 bytes: ff fe"),
        (bytes(range(256)), "256 bytes: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f …"),
    ],
)
def test_bytes_in_one_line(payload: bytes, shown: str) -> None:
    assert text(Typed(payload, BYTES)) == shown


@given(st.binary(max_size=3000) | st.text(max_size=1000).map(lambda found: found.encode("utf-8", "surrogatepass")))
def test_any_bytes_can_be_looked_at(payload: bytes) -> None:
    line = text(Typed(payload, BYTES))
    assert line.isprintable()
    assert len(line) < 2500
    assert size(Typed(payload, BYTES)).indexed == len(payload)


def test_cases_have_their_payload_and_options_have_no_level_of_their_own() -> None:
    shape = Variant((Named("unit", None), Named("two-parts", Tuple((U32, STRING)))))
    both = Record(
        (Named("a", shape), Named("b", shape), Named("c", Option(Option(ListOf(U32)))), Named("d", Option(U32)))
    )
    assert opened(
        (Case("unit"), Case("two-parts", (1, "x")), Case("some", Case("some", (5,))), None), both
    ) == snapshot("""\
value = {a: unit, b: two-parts((1, "x")), c: some(some([5]))} : record { a: variant { unit, … }, b: variant { unit, … }, c: option<option<list<u32>>>, … }
  a = unit : variant { unit, two-parts(tuple<u32, …>) }
  b = two-parts((1, "x")) : variant { unit, two-parts(tuple<u32, …>) }
    two-parts = (1, "x") : tuple<u32, string> (value.b.two_parts)
      [0] = 1 : u32
      [1] = "x" : string
  c = some(some([5])) : option<option<list<u32>>>
    [0] = 5 : u32
  d = none : option<u32>\
""")
    assert opened(Case("err", ("x",)), Result(None, Record((Named("why", STRING),)))) == snapshot("""\
value = err({why: "x"}) : result<_, record { why: string }>
  err = {why: "x"} : record { why: string }
    why = "x" : string\
""")


def test_the_rest_are_one_line() -> None:
    many = Record(
        (Named("e", Enum(("a", "b"))), Named("f", Flags(("x", "y"))), Named("m", MapOf(STRING, U32)), Named("h", U32))
    )
    assert opened(("a", ("x",), (("one", 1), ("two", 2)), 255), many, is_hex=True) == snapshot("""\
value = {e: a, f: {x}, m: {"one": 1, "two": 2}, h: 255} : record { e: enum { a, … }, f: flags { x, … }, m: map<string, u32>, … }
  e = a : enum { a, b }
  f = {x} : flags { x, y }
  m = {"one": 1, "two": 2} : map<string, u32>
    "one" = 0x1 : u32 (value.m["one"])
    "two" = 0x2 : u32 (value.m["two"])
  h = 0xff : u32\
""")


def test_long_lists_are_opened_in_pages() -> None:
    numbers = Typed(tuple(range(100_000)), ListOf(U32))
    assert size(numbers) == (0, 100_000)
    assert [part.name for part in indexed(numbers, 99_998, 50)] == ["[99998]", "[99999]"]
    assert text(numbers) == snapshot("[0, 1, 2, 3, 4, 5, 6, 7, … 99992 more]")


def test_what_is_too_large_to_be_read_at_a_stop_is_not_looked_at_as_json() -> None:
    small, large = (b'{"a": "' + b"x" * count + b'"}' for count in (1000, 1 << 20))
    assert [part.name for part in named(Typed(small, BYTES))] == ["text", "json", "hex"]
    assert [part.name for part in named(Typed(large, BYTES))] == ["text", "hex"]


# Changes ---------------------------------------------------------------------------------------------------------------


def changed(value: Value, type: Type, path: list[str], new: str) -> Value:
    """A value in which the part at a path of names is what is written."""
    content: Content = Typed(value, type)
    steps: tuple[int, ...] = ()
    for name in path:
        (part,) = [one for one in (*named(content), *indexed(content, 0, 100)) if one.name == name]
        assert part.steps is not None
        content, steps = part.content, (*steps, *part.steps)
    return replaced(value, steps, read(new, content))


def test_any_part_can_be_replaced() -> None:
    record = ("r1", b"ok", (("source", "kafka"),))
    answer = Case("ok", Case("some", record))
    result = Result(Option(DATA_RECORD), STRING)
    assert changed(record, DATA_RECORD, ["id"], '"r2"') == ("r2", b"ok", (("source", "kafka"),))
    assert changed(answer, result, ["ok", "metadata", "[0]", "[1]"], '"file"') == (
        "ok", ("some", ("r1", b"ok", (("source", "file"),))),
    )  # fmt: skip
    assert changed(answer, result, ["ok", "payload", "[1]"], "33") == ("ok", ("some", ("r1", b"o!", record[2])))
    assert changed(answer, result, [], 'err("no")') == ("err", "no")
    assert changed((("a", 1),), MapOf(STRING, U32), ['"a"'], "2") == (("a", 2),)


@pytest.mark.parametrize(
    ("written", "payload"),
    [("[1, 2]", b"\1\2"), ('"{}"', b"{}"), ('"é"', "é".encode()), ("0x7b 7D", b"{}"), ("0x", b""), (" [] ", b"")],
)
def test_bytes_can_be_written_in_three_ways(written: str, payload: bytes) -> None:
    assert read(written, Typed(b"", BYTES)) == payload


def test_what_is_no_value_is_refused_with_its_place() -> None:
    found = []
    for written, of in (
        ("{id: 1}", DATA_RECORD),
        ("256", Primitive("u8")),
        ("wran", Enum(("warn",))),
        ("0x7", BYTES),
        ("x", BYTES),
    ):
        with pytest.raises(NotRead) as refused:
            read(written, Typed(b"", of))
        found.append(str(refused.value))
    assert found == snapshot(
        [
            "expected a value of type string, found `1`; strings are written in double quotes (at column 6)",
            "`256` is out of range for u8, which is 0 to 255 (at column 1)",
            "no case `wran`; did you mean `warn`? (at column 1)",
            "expected pairs of hexadecimal digits after `0x`, such as `0x7b 7d`",
            "expected a value of type list<u8>, found `x` (at column 1)",
        ]
    )
