"""WIT tokens. Specification: WIT.md, "Lexical structure"; where the reference lexer is stricter, it wins.

Tokens are read on demand into parallel lists, so that a parser can look ahead and an edit costs only what it touches.
"""

import re
from functools import lru_cache

KEYWORDS = frozenset((
    "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export", "f32", "f64", "flags",
    "from", "func", "future", "import", "include", "interface", "list", "map", "option", "own", "package", "record",
    "resource", "result", "s16", "s32", "s64", "s8", "static", "stream", "string", "tuple", "type", "u16", "u32",
    "u64", "u8", "use", "variant", "with", "world",
))  # fmt: skip
"""Words that name nothing unless written with a leading `%`. Specification: WIT.md, "Keywords"."""

PRIMITIVES = frozenset((
    "bool", "char", "error-context", "f32", "f64", "s16", "s32", "s64", "s8", "string", "u16", "u32", "u64", "u8",
))  # fmt: skip
MAP_KEYS = PRIMITIVES - {"f32", "f64", "error-context"}

# Kinds of tokens: a keyword or a sign is its own kind; the others are these.
ID = "id"
INTEGER = "integer"
STRING = "string literal"
BAD = "bad"
OPEN_COMMENT = "open comment"
END = "end"

# Blanks and line comments, then one token. Every alternative together matches anything, so nothing backtracks and the
# matches follow one another without a gap. A carriage return counts only as part of CRLF, as in the reference.
_TOKEN = re.compile(
    r"""[ \t\n]*(?:(?://[^\n]*|\r\n)[ \t\n]*)*
    (?:([^\W\d][\w\u0300-\u036f-]*)                     # combining accents: never right, but one wrong name, not two
       ((?:[\u00ad\u200b-\u200d\u2060\ufeff]+[\w-]+)+)?   # and so with signs that nobody sees
      |(->|/(?![/*])|[{}();:,<>=.@*+-])
      |(%(?:[^\W\d][\w\u0300-\u036f-]*)?)
      |([0-9]+)
      |("[^"\\\n]*(?:\\[^\n][^"\\\n]*)*\\?)(")?       # without its last quote, a string ends with the line
      |(/\*)
      |(\Z)
      |([^\S\r\n\x0b\x0c\x1c-\x1f\x85]+|\r|[\u00ad\u200b-\u200d\u2060\ufeff]+)   # no blanks here, or not seen
      |(\#[^\r\n]*                                    # what means nothing here, as one mistake
        |[：；，（）｛｝＜＞＝＠／＊→⟶⇒]
        |[^\s\w"{}();:,<>=.@*+%/#\[\]\u00ad\u200b-\u200d\u2060\ufeff：；，（）｛｝＜＞＝＠／＊→⟶⇒-]+|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORD, _BROKEN_WORD, _SIGN, _ESCAPED, _INTEGER, _OPEN_STRING, _STRING, _COMMENT, _END, _BLANK = range(1, 11)
_COMMENT_MARK = re.compile(r"/\*|\*/")
_KIND_OF_WORD = {word: word for word in (*KEYWORDS, "_")}
_KIND_OF_GROUP = {_ESCAPED: ID, _INTEGER: INTEGER, _STRING: STRING, _END: END}

LOOKALIKES = {
    "：": ":", "；": ";", "，": ",", "（": "(", "）": ")", "｛": "{", "｝": "}", "＜": "<", "＞": ">",
    "＝": "=", "＠": "@", "／": "/", "＊": "*", "→": "->", "⟶": "->", "⇒": "->",
}  # fmt: skip
"""Signs that other keyboards and programs write for those of WIT: never right, but read as what they stand for."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Signs that nobody sees."""

_VALID_ID = re.compile(
    # The alternatives exclude one another, so that nothing backtracks.
    r"(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-[0-9]*(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*|(?<=[0-9])))*"
)

# Control codes other than tab and line breaks, bidirectional overrides, and what Unicode deprecates or discourages.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5\ud800-\udfff]"
)

BYTE_ORDER_MARK = "\ufeff"
"""Ignored at the start of a file, and only there."""

LOOKAHEAD = 5
"""How many tokens beyond the current one a parser may look at."""

_FIRST_BATCH, _LARGEST_BATCH = 32, 1024


class Tokens:
    """The tokens of `text` from the offset `start`: their kinds, starts and ends, as far as they were asked for.

    The current one is number `index`; `kind` and `start` are its own; `previous_end` is where the one before it ends.
    `blanks` are the places of what looks like a blank, or like nothing, and is neither: read over, never right.
    """

    __slots__ = (
        "_batch", "_begin", "_furthest", "_matches",
        "blanks", "ends", "index", "kind", "kinds", "previous_end", "start", "starts", "text",
    )  # fmt: skip

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self._begin = self.previous_end = start
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.blanks: list[tuple[int, int]] = []
        self.index = 0
        self._furthest = 0
        self._batch = _FIRST_BATCH
        self._matches = _TOKEN.finditer(text, 1 if start == 0 and text[:1] == BYTE_ORDER_MARK else start)
        self._fill()
        self.kind = self.kinds[0]
        self.start = self.starts[0]

    def _fill(self) -> None:
        """Read on, more each time: an edit needs few tokens, a file all of them."""
        kinds, starts, ends, text = self.kinds, self.starts, self.ends, self.text
        wanted = len(kinds) + self._batch
        self._batch = min(2 * self._batch, _LARGEST_BATCH)
        while len(kinds) < wanted:
            for match in self._matches:
                group = match.lastindex
                assert group is not None
                start = match.start(group)
                end = match.end()
                if group == _WORD:
                    kind = _KIND_OF_WORD.get(match.group(group), ID)
                elif group == _SIGN:
                    kind = match.group(group)
                elif group == _COMMENT:
                    end, closed = end_of_comment(text, start)
                    self._matches = _TOKEN.finditer(text, end)
                    if closed:
                        break
                    kind = OPEN_COMMENT
                elif group == _BLANK:
                    self.blanks.append((start, end))
                    continue
                elif group == _BROKEN_WORD:
                    start = match.start(_WORD)
                    kind = _KIND_OF_WORD.get(match.group(_WORD), ID)
                    if kind != ID:
                        end = match.end(_WORD)
                        self._matches = _TOKEN.finditer(text, end)
                else:
                    kind = _KIND_OF_GROUP.get(group, BAD)
                    if group == _STRING:
                        start = match.start(_OPEN_STRING)
                    elif group == _OPEN_STRING and text[end - 1] == "\r":
                        end -= 1
                    elif kind == BAD:
                        kind = LOOKALIKES.get(text[start:end], BAD)
                kinds.append(kind)
                starts.append(start)
                ends.append(end)
                if len(kinds) >= wanted or kind == OPEN_COMMENT or group == _BROKEN_WORD:
                    break
            else:
                # Beyond the end is the end, as far as a parser may look.
                kinds += [END] * (wanted - len(kinds))
                starts += [len(text)] * (wanted - len(starts))
                ends += [len(text)] * (wanted - len(ends))

    def advance(self) -> None:
        """Make the next token the current one; at the end of the text, stay."""
        if self.kind != END:
            index = self.index
            self.previous_end = self.ends[index]
            self.index = index = index + 1
            if index + LOOKAHEAD >= len(self.kinds):
                self._fill()
            self.kind = kind = self.kinds[index]
            self.start = self.starts[index]
            if kind == BAD:
                self._meet_bad()

    def _meet_bad(self) -> None:
        """Called when a token of the kind BAD becomes the current one."""

    def rewind(self, index: int) -> None:
        """Make an earlier token the current one; what was seen since still counts for `reach`."""
        self._furthest = max(self._furthest, self.index)
        self._move_to(index)

    def _move_to(self, index: int) -> None:
        """Make token number `index` the current one, no further on than the next."""
        self.index = index
        if index + LOOKAHEAD >= len(self.kinds):
            self._fill()
        self.kind = self.kinds[index]
        self.start = self.starts[index]
        self.previous_end = self.ends[index - 1] if index else self._begin

    @property
    def end(self) -> int:
        """The end of the current token."""
        return self.ends[self.index]

    def peek(self, ahead: int) -> str:
        """The kind of the token `ahead` (at most LOOKAHEAD) after the current one."""
        return self.kinds[self.index + ahead]

    @property
    def reach(self) -> int:
        """The first offset that the tokens seen so far do not depend on, `LOOKAHEAD` tokens included."""
        last = max(self.index, self._furthest) + LOOKAHEAD
        # One more for the character that ended the token, and one for a sign that could have been longer.
        return len(self.text) + 2 if self.kinds[last] == END else self.ends[last] + 2

    def word(self, index: int) -> str:
        """The text of a token."""
        return self.text[self.starts[index] : self.ends[index]]


def end_of_comment(text: str, start: int) -> tuple[int, bool]:
    """Where the block comment that starts at `start` ends, comments in it nested, and whether it is closed at all."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end(), True
    return len(text), False


def is_kebab_case(name: str) -> bool:
    """Whether `name` is a label: words of one case joined by `-`. Specification: WIT.md, "WIT Identifiers"."""
    return _is_valid_id(name) if len(name) <= 64 else _VALID_ID.fullmatch(name) is not None


@lru_cache(maxsize=1 << 16)
def _is_valid_id(name: str) -> bool:
    return _VALID_ID.fullmatch(name) is not None


_ESCAPE = re.compile(r"""\\(?:([tnr"'\\])|u\{([^}"]*)\}?|([0-9a-fA-F]{2})|(.?))""", re.DOTALL)
_HEX_NUMBER = re.compile(r"[0-9a-fA-F]+(?:_+[0-9a-fA-F]+)*")
_PLAIN_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class StringProblem(ValueError):
    """A string literal that is not well-formed: what is wrong with the `length` code points at offset `at` of it."""

    def __init__(self, at: int, length: int, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.length = length
        self.what = what


def string_value(literal: str) -> str:
    """The value of a string literal, quotes included in `literal`. Raises `StringProblem`.

    Specification: WIT.md, "String Literals".
    """
    value = bytearray()
    at = 2 if literal[1] == BYTE_ORDER_MARK else 1
    last = len(literal) - 1
    while at < last:
        if literal[at] != "\\":
            if literal[at] < " " or literal[at] == "\x7f":
                raise StringProblem(at, 1, "a control character must be written as an escape")
            value += literal[at].encode("utf-8", "replace")
            at += 1
            continue
        escape = _ESCAPE.match(literal, at, last)
        assert escape is not None
        plain, number, byte, _ = escape.groups()
        if plain is not None:
            value += _PLAIN_ESCAPES[plain].encode()
        elif byte is not None:
            value.append(int(byte, 16))
        elif number is not None and _HEX_NUMBER.fullmatch(number) and escape.group().endswith("}"):
            code = int(number.replace("_", ""), 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise StringProblem(at, len(escape.group()), f"`{escape.group()}` is not a Unicode scalar value")
            value += chr(code).encode()
        else:
            raise StringProblem(at, len(escape.group()), f"`{escape.group()}` is not an escape")
        at = escape.end()
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise StringProblem(0, len(literal), "the bytes of its escapes are not UTF-8") from error
