"""Selection: what is around the cursor, the smallest first."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from support.workspaces import scene

from dataflare_lsp.features.selection import selections

TEXT = """interface types {
    record pair { left: u8, right: list<pair> }
    resource file {
        read: func(size: u32) -> pair;
    }
}
world host { import i: interface { get: func(key: u8); } }
"""


def around(cursor: str) -> list[str]:
    place = scene(TEXT.replace(cursor.replace("<CURSOR>", ""), cursor, 1))
    return [place.text[span.start : span.end] for span in selections(place.snapshot, place.file, place.offset)][:-2]


def test_from_a_name_to_its_item() -> None:
    assert around("list<pa<CURSOR>ir>") == [
        "pair",
        "right: list<pair>",
        "record pair { left: u8, right: list<pair> }",
    ]
    assert around("si<CURSOR>ze: u32") == [
        "size",
        "size: u32",
        "read: func(size: u32) -> pair;",
        "resource file {\n        read: func(size: u32) -> pair;\n    }",
    ]
    assert around("k<CURSOR>ey: u8") == [
        "key",
        "key: u8",
        "get: func(key: u8);",
        "import i: interface { get: func(key: u8); }",
    ]


@given(st.integers(0, len(TEXT)))
@settings(max_examples=50)
def test_each_is_larger_than_the_one_before_and_the_last_is_all(offset: int) -> None:
    place = scene(TEXT)
    found = selections(place.snapshot, place.file, offset)
    assert found[-1] == (0, len(place.text))
    for inner, outer in pairwise(found):
        assert outer.start <= inner.start <= offset <= inner.end <= outer.end
        assert outer != inner
