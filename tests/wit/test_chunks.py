"""Bodies in chunks: what is said of some items together is kept, and says what each of them says."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflare_lsp.text import Diagnostic, Span
from dataflare_lsp.wit import source
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace

LARGE = "package a:b;\ninterface large {\n" + "".join(f"  type t{n} = u{8 << n % 4};\n" for n in range(200)) + "}\n"


def chunks_of(parsed: Source) -> tuple[source.Chunk, ...]:
    (body,) = parsed.bodies.values()
    assert tuple(segment for chunk in body.chunks for segment in chunk.segments) == body.members
    return body.chunks


@pytest.mark.parametrize(
    ("old", "new"),
    [("t100 = u8", "t100 = u16"), ("  type t100 = u8;\n", ""), ("type t100", "type more = u8; type t100")],
    ids=["changed", "removed", "added"],
)
def test_an_edit_of_an_item_makes_one_chunk_anew(old: str, new: str) -> None:
    before = Source.parse("f.wit", LARGE)
    at = LARGE.index(old)
    after = before.edited(at, at + len(old), new)
    assert len(set(chunks_of(before)) - set(chunks_of(after))) == 1
    assert len(set(chunks_of(after)) - set(chunks_of(before))) == 1


def test_what_is_edited_again_and_again_stays_in_few_chunks() -> None:
    parsed = Source.parse("f.wit", LARGE)
    for number in range(300):
        at = parsed.text.index("type t100")
        parsed = parsed.edited(at, at, f"type more{number} = u8; ")
    assert len(chunks_of(parsed)) < 20


def test_an_edit_elsewhere_keeps_the_body() -> None:
    before = Source.parse("f.wit", LARGE)
    after = before.edited(0, 0, "// A comment.\n")
    assert chunks_of(after) is chunks_of(before)


FILE = "/root/a.wit"
TEXT = """\
package a:b@1.0.0;
interface other { resource handle; type key = u64; type held = borrow<handle>; }
interface large {
  use other.{handle, key, held};
  type one = key;
  record two { a: one, b: three }
  type three = u8;
  @since(version = 1.0.0)
  type four = list<two>;
  @unstable(feature = later)
  type five = u8;
  resource six { constructor(a: four); get: func() -> borrow<handle>; }
  type seven = own<six>;
  eight: func(a: seven) -> result<one, nine>;
  enum nine { a, b }
  flags ten { a, b }
  eleven: func(a: five) -> held;
}
"""

PIECES = [
    "one",
    "two",
    "three",
    "held",
    "five",
    "type ",
    "record ",
    "{",
    "}",
    ";",
    " = ",
    "u8",
    "nine",
    "x",
    "use ",
    "\n",
]

edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 3, 5, 12]), st.sampled_from(["", *PIECES])),
    min_size=1,
    max_size=8,
)


def judged(space: Workspace) -> tuple[Diagnostic, ...]:
    return space.diagnostics("/root", FILE)


def space_of(text: str) -> Workspace:
    space = Workspace()
    space.open_text(FILE, text)
    space.add_root(Root("/root", ((FILE,),)))
    return space


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits, st.sampled_from([1, 2, 3, 5]))
def test_the_size_of_chunks_and_what_was_before_change_nothing(made: list[tuple[float, int, str]], size: int) -> None:
    usual = source._CHUNK
    source._CHUNK = size
    try:
        text = TEXT
        space = space_of(text)
        judged(space)
        for place, length, new in made:
            start = int(place * len(text))
            end = min(start + length, len(text))
            text = text[:start] + new + text[end:]
            space.edit(FILE, Span(start, end), new)
            found = judged(space)
    finally:
        source._CHUNK = usual
    assert space.sources[FILE].text == text
    assert found == judged(space_of(text))


def test_a_circle_across_chunks_is_found() -> None:
    circular = LARGE.replace("type t100 = u8;", "record t100 { next: t180 }").replace(
        "type t180 = u8;", "type t180 = t100;"
    )
    assert [one.code for one in judged(space_of(circular))] == ["cyclic-type"]


def test_a_name_that_stands_again_in_another_chunk_is_found() -> None:
    twice = LARGE.replace("type t180 =", "type T100 =")
    assert [one.code for one in judged(space_of(twice))] == ["duplicate-name"]
