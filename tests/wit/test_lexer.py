"""Tokens: what a text is made of, and what none of them depend on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.wit.lexer import (
    BAD,
    END,
    FORBIDDEN,
    ID,
    INTEGER,
    KEYWORDS,
    LOOKAHEAD,
    OPEN_COMMENT,
    STRING,
    StringProblem,
    Tokens,
    end_of_comment,
    is_kebab_case,
    string_value,
)


def kinds(text: str) -> list[str]:
    """The kinds of all tokens of a text."""
    return [kind for kind, _ in tokens(text)]


def tokens(text: str) -> list[tuple[str, str]]:
    """All tokens of a text: kind and text."""
    found = []
    reader = Tokens(text, 0)
    while reader.kind != END:
        found.append((reader.kind, reader.word(reader.index)))
        reader.advance()
    return found


def blanks(text: str) -> list[str]:
    """What is read over in a text and is no blank."""
    reader = Tokens(text, 0)
    while reader.kind != END:
        reader.advance()
    return [text[start:end] for start, end in reader.blanks]


def test_words_signs_and_numbers() -> None:
    assert tokens("get-it: func(a: list<u8, 4>) -> _;") == [
        (ID, "get-it"), (":", ":"), ("func", "func"), ("(", "("), (ID, "a"), (":", ":"), ("list", "list"), ("<", "<"),
        ("u8", "u8"), (",", ","), (INTEGER, "4"), (">", ">"), (")", ")"), ("->", "->"), ("_", "_"), (";", ";"),
    ]  # fmt: skip


def test_a_percent_sign_makes_a_name_of_any_word() -> None:
    assert tokens("%type % %") == [(ID, "%type"), (ID, "%"), (ID, "%")]


def test_accessors_and_words_of_attributes_are_names() -> None:
    assert kinds("get set since version feature") == [ID] * 5
    assert {"get", "set", "since", "version"}.isdisjoint(KEYWORDS)


def test_a_version_is_many_tokens() -> None:
    assert kinds("1.0.0-rc.1+b") == [INTEGER, ".", INTEGER, ".", INTEGER, "-", ID, ".", INTEGER, "+", ID]


def test_comments_stand_between_tokens() -> None:
    assert kinds("a // b\n/* c /* d */ */ e /**/ f /// g") == [ID, ID, ID]


def test_a_comment_that_nothing_closes_is_the_last_token() -> None:
    assert tokens("a /* b /* c */ d") == [(ID, "a"), (OPEN_COMMENT, "/* b /* c */ d")]
    assert end_of_comment("/* /* */", 0) == (8, False)
    assert end_of_comment("/* /* */ */ x", 0) == (11, True)
    assert end_of_comment("/*/*/", 0) == (5, False)


def test_strings_keep_their_escapes_until_their_value_is_asked_for() -> None:
    assert tokens(r'"a \" b" "\\"') == [(STRING, r'"a \" b"'), (STRING, r'"\\"')]


@pytest.mark.parametrize("text", ['"abc', '"abc\\"', '"abc\\', '"'])
def test_a_string_that_nothing_closes_ends_with_its_line(text: str) -> None:
    assert tokens(f"{text}\nx") == [(BAD, text), (ID, "x")]
    assert tokens(f"{text}\r\nx") == [(BAD, text), (ID, "x")]


def test_signs_that_wit_does_not_have_are_one_token_together() -> None:
    assert tokens("a $!? b") == [(ID, "a"), (BAD, "$!?"), (ID, "b")]
    assert tokens("[u8]") == [(BAD, "["), ("u8", "u8"), (BAD, "]")]
    assert tokens("a # the rest, of; the line\nb") == [(ID, "a"), (BAD, "# the rest, of; the line"), (ID, "b")]


def test_only_blank_tab_and_line_feed_are_blanks() -> None:
    assert kinds(" \t\n\r\n") == []
    assert blanks("a \t\n\r\nb") == []
    assert blanks("a\rb\xa0 c\u2028d") == ["\r", "\xa0 ", "\u2028"]
    assert kinds("a\rb\xa0 c\u2028d") == [ID, ID, ID, ID]
    assert kinds("\x0c") == [BAD]


def test_signs_that_nobody_sees_are_read_over_but_for_those_in_a_name() -> None:
    assert blanks("world\u200bw { \u2060 }") == ["\u200b", "\u2060"]
    assert tokens("world\u200bw") == [("world", "world"), (ID, "w")]
    assert tokens("a\u200bb") == [(ID, "a\u200bb")]


def test_signs_of_other_keyboards_are_what_they_stand_for() -> None:
    assert tokens("a：u8； → ！") == [(ID, "a"), (":", "："), ("u8", "u8"), (";", "；"), ("->", "→"), (BAD, "！")]


def test_a_byte_order_mark_is_ignored_at_the_start_of_the_text_only() -> None:
    reader = Tokens("\ufeffworld", 0)
    assert (reader.kind, reader.start) == ("world", 1)
    assert blanks("\ufeff\ufeff") == ["\ufeff"]
    assert blanks("world\ufeff") == ["\ufeff"]


def test_what_must_not_stand_anywhere_in_a_file() -> None:
    assert FORBIDDEN.findall("a\t\r\n\0b\x7f\x85\u202e\u2066\u0149\ud800\u200b\ufeff") == [
        "\0", "\x7f", "\x85", "\u202e", "\u2066", "\u0149", "\ud800",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a", "a0", "get-it", "A", "HTTP-get", "get-HTTP2", "a-0", "ENOENT", "bool"])
def test_kebab_case(name: str) -> None:
    assert is_kebab_case(name)


@pytest.mark.parametrize(
    "name", ["", "A-b-", "-a", "a--b", "aB", "Ab", "a_b", "0a", "é", "a b", "a\n", "_", "a" * 100 + "B"]
)
def test_no_kebab_case(name: str) -> None:
    assert not is_kebab_case(name)


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('""', ""),
        (r'"a\tb\n\r\"\'\\"', "a\tb\n\r\"'\\"),
        (r'"\41\c3\a9"', "A\u00e9"),
        (r'"\u{41}\u{1_F600}"', "A\U0001f600"),
        ('"\ufeffa"', "a"),  # the reference ignores a byte order mark there too
        ('"漢"', "漢"),
    ],
)
def test_the_value_of_a_string(literal: str, value: str) -> None:
    assert string_value(literal) == value


@pytest.mark.parametrize(
    ("literal", "fault", "what"),
    [
        (r'"a\qb"', r"\q", r"`\q` is not an escape"),
        (r'"\4"', r"\4", r"`\4` is not an escape"),
        (r'"\u{}"', r"\u{}", r"`\u{}` is not an escape"),
        (r'"\u{41"', r"\u{41", r"`\u{41` is not an escape"),
        (r'"\u{4_}"', r"\u{4_}", r"`\u{4_}` is not an escape"),
        (r'"\u{D800}"', r"\u{D800}", r"`\u{D800}` is not a Unicode scalar value"),
        (r'"\u{110000}"', r"\u{110000}", r"`\u{110000}` is not a Unicode scalar value"),
        (r'"\ff"', r'"\ff"', "the bytes of its escapes are not UTF-8"),
        ('"a\x01"', "\x01", "a control character must be written as an escape"),
    ],
)
def test_a_string_without_a_value(literal: str, fault: str, what: str) -> None:
    with pytest.raises(StringProblem) as caught:
        string_value(literal)
    problem = caught.value
    assert (literal[problem.at : problem.at + problem.length], problem.what) == (fault, what)


@given(st.text())
def test_every_string_can_be_written(value: str) -> None:
    literal = '"' + "".join(f"\\u{{{ord(character):x}}}" for character in value) + '"'
    assert string_value(literal) == value


PIECES = [
    "a",
    "-b",
    "%",
    "0",
    ".",
    "->",
    "-",
    ">",
    "/",
    "//",
    "/*",
    "*/",
    '"',
    "\\",
    "\n",
    "\r",
    " ",
    "{",
    "#",
    "$",
    "é",
]
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(texts)
def test_tokens_and_what_is_between_them_make_up_the_text(text: str) -> None:
    reader = Tokens(text, 0)
    at = 0
    while reader.kind != END:
        between = text[at : reader.start]
        assert between == "" or between[0] in " \n\r/"
        assert reader.start < reader.end
        at = reader.end
        reader.advance()
    assert reader.start == len(text)


@given(texts, st.integers(0, 6), texts)
def test_what_is_beyond_the_reach_of_some_tokens_does_not_matter(text: str, count: int, other: str) -> None:
    reader = Tokens(text, 0)
    for _ in range(count):
        reader.advance()
    seen = count + LOOKAHEAD
    changed = Tokens(text[: reader.reach] + other, 0)
    if reader.reach <= len(text):
        assert changed.kinds[:seen] == reader.kinds[:seen]
        assert changed.starts[:seen] == reader.starts[:seen]
        assert changed.ends[:seen] == reader.ends[:seen]


@given(texts)
def test_rewinding_leads_back_to_the_same_token(text: str) -> None:
    reader = Tokens(text, 0)
    first = (reader.kind, reader.start, reader.previous_end)
    for _ in range(4):
        reader.advance()
    reach = reader.reach
    reader.rewind(0)
    assert (reader.kind, reader.start, reader.previous_end) == first
    assert reader.reach == reach
