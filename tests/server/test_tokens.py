"""Semantic tokens as the protocol's numbers, kept from one answer to the next."""

import json
import random

from dataflare_lsp.features.semantic_tokens import semantic_tokens
from dataflare_lsp.features.token_legend import LEGEND_MODIFIERS, LEGEND_TYPES
from dataflare_lsp.server.client import Client
from dataflare_lsp.server.tokens import TokenWriter
from dataflare_lsp.server.view import View
from dataflare_lsp.text import Encoding, Lines, Span
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.uris import uri_of
from dataflare_lsp.workspace.workspace import Workspace

FILE = "/work/a.wit"
TEXT = """/* 😀 of
   two lines é */ package a:b@1.0.0;
/// Everything.\r
interface i { /* é */ use j.{x as y};\r
  @since(version = 1.0.0) f: func(é-no: y, 😀: list<y>) -> option<string>; g: func();
  record r { a: u8 /* 😀 */, b: y }
}
interface j { type x = u64; }
"""
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")


def workspace(text: str) -> Workspace:
    space = Workspace()
    space.set_text(FILE, text)
    space.add_root(Root("/work", ((FILE,),)))
    return space


def written(writer: TokenWriter, space: Workspace, encoding: Encoding, span: Span | None = None) -> list[int]:
    """The numbers that are sent."""
    view = View(space.snapshot(), Client(encoding=encoding), uri_of)
    numbers: list[int] = json.loads(writer.write(view, FILE, span).text)["data"]
    return numbers


def read(text: str, numbers: list[int], encoding: Encoding) -> list[tuple[int, int, str, tuple[str, ...]]]:
    """Numbers as an editor reads them: start and end in code points, type, modifiers."""
    lines = Lines(text)
    line = column = 0
    found = []
    for down, right, length, kind, modifiers in zip(*[iter(numbers)] * 5, strict=True):
        line, column = line + down, right if down else column + right
        start = lines.offset(lines.from_units(line, column, encoding))
        end = lines.offset(lines.from_units(line, column + length, encoding))
        names = tuple(name for bit, name in enumerate(LEGEND_MODIFIERS) if modifiers >> bit & 1)
        found.append((start, end, LEGEND_TYPES[kind], names))
    return found


def expected(space: Workspace, span: Span | None = None) -> list[tuple[int, int, str, tuple[str, ...]]]:
    """The tokens, those of several lines cut at the line breaks."""
    text = space.sources[FILE].text
    found = []
    for token in semantic_tokens(space.snapshot(), FILE, span):
        start = token.span.start
        while start < token.span.end:
            stops = [at for at in (text.find("\r", start), text.find("\n", start)) if at >= 0]
            end = min([token.span.end, *stops])
            if start < end:
                found.append((start, end, token.type, tuple(sorted(token.modifiers, key=LEGEND_MODIFIERS.index))))
            start = end + 1
    return found


def test_numbers_say_where_each_token_is() -> None:
    space = workspace("package a:b;\ninterface i { f: func(); }\n")
    numbers = written(TokenWriter("utf-8"), space, "utf-8")
    kinds = [LEGEND_TYPES[kind] for kind in numbers[3::5]]
    assert kinds == ["keyword", "namespace", "namespace", "keyword", "interface", "function", "keyword"]
    assert numbers[:10] == [0, 0, 7, kinds_number("keyword"), 0, 0, 8, 1, kinds_number("namespace"), numbers[9]]


def kinds_number(name: str) -> int:
    return LEGEND_TYPES.index(name)


def test_numbers_lead_back_to_the_tokens_in_every_encoding() -> None:
    for encoding in ENCODINGS:
        space = workspace(TEXT)
        assert read(TEXT, written(TokenWriter(encoding), space, encoding), encoding) == expected(space)


def test_tokens_of_a_part_are_counted_from_the_start_of_the_file() -> None:
    space = workspace(TEXT)
    span = Span(TEXT.index("f: func"), TEXT.index("g: func"))
    numbers = written(TokenWriter("utf-16"), space, "utf-16", span)
    assert read(TEXT, numbers, "utf-16") == expected(space, span)
    assert len(numbers) < len(written(TokenWriter("utf-16"), space, "utf-16"))


def test_what_is_kept_is_what_would_be_written_anew() -> None:
    chance = random.Random(5)
    pieces = ["\n", "\r\n", " ", "é", "😀", "/* \n */", "}", "{", ";", "x", "type x = u8;", "// c\n", "y"]
    for encoding in ENCODINGS:
        space = workspace(TEXT)
        writer = TokenWriter(encoding)
        for _ in range(150):
            text = space.sources[FILE].text
            if len(text) > 2000:
                space.set_text(FILE, TEXT)
                continue
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.choice((0, 0, 1, 4)))
            space.edit(FILE, Span(start, end), chance.choice(pieces))
            numbers = written(writer, space, encoding)
            assert numbers == written(TokenWriter(encoding), space, encoding)
            assert read(space.sources[FILE].text, numbers, encoding) == expected(space)
