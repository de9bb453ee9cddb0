"""Lines: offsets to positions and back, in the columns of every protocol, and after edits as from scratch."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.texts import TEXTS

from dataflare_lsp.text import Encoding, Lines, Position

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")


def test_a_line_ends_at_any_of_the_three_breaks() -> None:
    lines = Lines("one\ntwo\r\nthree\rfour")
    assert [lines.line(number) for number in range(4)] == ["one", "two", "three", "four"]
    assert lines.position(4) == Position(1, 0)
    assert lines.offset(Position(3, 2)) == 17


def test_a_break_at_the_end_begins_an_empty_line() -> None:
    assert Lines("one\n").position(4) == Position(1, 0)
    assert Lines("").position(0) == Position(0, 0)


def test_places_beyond_the_text_are_its_nearest_ones() -> None:
    lines = Lines("one\ntwo")
    assert lines.position(-1) == Position(0, 0)
    assert lines.position(99) == Position(1, 3)
    assert lines.offset(Position(0, 99)) == 3
    assert lines.offset(Position(0, -1)) == 0
    assert lines.offset(Position(-1, 2)) == 0
    assert lines.offset(Position(9, 0)) == 7


@pytest.mark.parametrize(
    ("encoding", "column"),
    [("utf-8", 1 + 2 + 3 + 4), ("utf-16", 1 + 1 + 1 + 2), ("utf-32", 4)],
)
def test_columns_count_what_the_protocol_counts(encoding: Encoding, column: int) -> None:
    lines = Lines("aé漢\U0001f600!")
    assert lines.units(Position(0, 4), encoding) == column
    assert lines.from_units(0, column, encoding) == Position(0, 4)


def test_a_column_inside_a_character_is_before_it() -> None:
    lines = Lines("\U0001f600!")
    assert lines.from_units(0, 1, "utf-16") == Position(0, 0)
    assert lines.from_units(0, 3, "utf-8") == Position(0, 0)


def test_a_lone_surrogate_counts_as_one_unit_and_as_three_bytes() -> None:
    lines = Lines("\ud83d!")
    assert lines.units(Position(0, 1), "utf-16") == 1
    assert lines.units(Position(0, 1), "utf-8") == 3


@given(TEXTS)
def test_lines_are_those_of_an_independent_split(text: str) -> None:
    lines = Lines(text)
    expected = re.split(r"\r\n|\r|\n", text)
    assert [lines.line(number) for number in range(len(lines.starts))] == expected


@given(TEXTS)
def test_every_offset_comes_back(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        position = lines.position(offset)
        inside_crlf = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
        assert lines.offset(position) == (offset - 1 if inside_crlf else offset)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_columns_are_those_of_an_independent_encoder(text: str, encoding: Encoding) -> None:
    lines = Lines(text)
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    for number in range(len(lines.starts)):
        line = lines.line(number)
        for column in range(len(line) + 1):
            encoded = line[:column].encode(
                {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding], "surrogatepass"
            )
            units = lines.units(Position(number, column), encoding)
            assert units == len(encoded) // width
            assert lines.from_units(number, units, encoding) == Position(number, column)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 50), st.integers(0, 8), TEXTS), max_size=6))
def test_after_any_edits_lines_are_as_from_scratch(text: str, edits: list[tuple[int, int, str]]) -> None:
    lines = Lines(text)
    for start, length, new in edits:
        start = min(start, len(lines.text))
        end = min(start + length, len(lines.text))
        expected = lines.text[:start] + new + lines.text[end:]
        lines = lines.edited(start, end, new)
        fresh = Lines(expected)
        assert lines.text == expected
        assert [lines.start(number) for number in range(len(lines))] == fresh.starts
        assert [lines.position(at) for at in range(len(expected) + 1)] == [
            fresh.position(at) for at in range(len(expected) + 1)
        ]
    assert lines.starts == Lines(lines.text).starts
