"""The tokens of WAVE, and the text that chars and strings stand for."""

import re
from typing import Final, NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.values.wave.errors import WaveError

KEYWORDS: Final = frozenset({"true", "false", "some", "none", "ok", "err", "inf", "nan"})
"""Labels that stand for themselves only with a `%` before them, but for fields and flags."""

_SKIPPED: Final = re.compile(r"(?:[ \t\n\r]+|//[^\n]*)*")
_TOKEN: Final = re.compile(
    r"(?P<label>%?[A-Za-z][A-Za-z0-9_-]*)"
    r"|(?P<number>-inf|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
    r'|(?P<lines>""")'
    r'|(?P<string>"[^\\"\n]*(?:\\.[^\\"\n]*)*")'
    r"|(?P<char>'(?:\\(?:u\{[^'\n}]*\}|.)|[^\\'\n])')"
    r"|(?P<sign>[\[\](){}:,])"
)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))?", re.DOTALL)
_ESCAPED: Final = {"'": "'", '"': '"', "\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_NOT_SCALAR: Final = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """One token: its kind (a sign's is the sign itself), and where it is.

    The kinds besides signs: `label`, `number`, `string`, `lines` (a string of several lines), `char` and `end` (of the
    text). What looks like a label need not have the form of one: no type has a name that has not.
    """

    kind: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where the token is."""
        return Span(self.start, self.end)


def as_case(name: str) -> str:
    """The name of a case as it is written."""
    return f"%{name}" if name in KEYWORDS else name


def next_token(text: str, start: int) -> Token:
    """The first token at or after `start`. Raises WaveError where there is something that is none."""
    skipped = _SKIPPED.match(text, start)
    start = skipped.end() if skipped else start
    match = _TOKEN.match(text, start)
    if match is None:
        if start == len(text):
            return Token("end", start, start)
        raise _no_token(text, start)
    kind = match.lastgroup or ""
    if kind == "sign":
        kind = match[0]
    elif kind == "lines":
        end = text.find('"""', match.end())
        if end < 0:
            raise WaveError(Span(start, len(text)), 'this string is not closed; expected `"""` on a line of its own')
        return Token(kind, start, end + 3)
    return Token(kind, start, match.end())


def decoded(text: str, token: Token) -> str:
    """What a char or a string stands for. Raises WaveError for escapes that are none, and for lines out of shape."""
    if token.kind == "lines":
        return _decoded_lines(text, token)
    return _unescaped(text[token.start + 1 : token.end - 1], token.start + 1)


def _decoded_lines(text: str, token: Token) -> str:
    first, *lines = text[token.start + 3 : token.end - 3].split("\n")
    indent = lines.pop() if lines else "none"
    if indent.strip(" "):
        close = Span(token.end - 3, token.end)
        raise WaveError(close, 'expected nothing but spaces on the line before the closing `"""`')
    if first not in ("", "\r"):
        place = Span(token.start + 3, token.start + 3 + len(first))
        raise WaveError(place, 'expected a line break after the opening `"""`', "the string begins on the next line")
    start = token.start + 3 + len(first) + 1
    pieces = []
    for line in lines:
        if not line.startswith(indent):
            message = f'expected {len(indent)} spaces at the start of this line, as before the closing `"""`'
            raise WaveError(Span(start, start + len(line)), message)
        pieces.append(_unescaped(line.removesuffix("\r")[len(indent) :], start + len(indent)))
        start += len(line) + 1
    return "\n".join(pieces)


def _unescaped(inner: str, start: int) -> str:
    """A part of the text that begins at `start`, with its escapes replaced."""
    lone = _NOT_SCALAR.search(inner)
    if lone is not None:
        raise WaveError(Span(start + lone.start(), start + lone.end()), "half of a surrogate pair is no character")
    if "\\" not in inner:
        return inner

    def replaced(escape: "re.Match[str]") -> str:
        code, letter = escape.groups()
        value = int(code, 16) if code is not None else 0
        if code is not None and value < 0x110000 and not 0xD800 <= value < 0xE000:
            return chr(value)
        if letter in _ESCAPED:
            return _ESCAPED[letter]
        place = Span(start + escape.start(), start + escape.end())
        if code is not None:
            raise WaveError(place, f"no character has the number {code}")
        raise WaveError(place, f"`{escape[0]}` is no escape", "\\\" \\' \\\\ \\t \\n \\r and \\u{1F44B} are")

    return _ESCAPE.sub(replaced, inner)


def _no_token(text: str, start: int) -> WaveError:
    place = Span(start, start + 1)
    match text[start]:
        case '"':
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            return WaveError(Span(start, end), 'this string is not closed; expected `"` on the same line')
        case "'":
            return WaveError(place, "expected one character, or one escape, between `'` and `'`")
        case other:
            shown = other if other.isprintable() else f"\\u{{{ord(other):x}}}"
            return WaveError(place, f"no value has a `{shown}` here")
