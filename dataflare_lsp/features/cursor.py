"""The cursor in half-typed code: what WIT allows there, from the tokens before it.

The text from the start of the damaged or current item to the cursor is read by the grammar, and where it ends is where
something can be completed. What follows the cursor does not count: it may be unfinished. Specification: WIT.md, from
"Top-level items".
"""

import re
from typing import Literal, NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.wit.layout import comments
from dataflare_lsp.wit.lexer import BAD, END, ID, INTEGER, KEYWORDS, OPEN_COMMENT, PRIMITIVES, STRING, Tokens
from dataflare_lsp.wit.parser import MAX_DEPTH
from dataflare_lsp.wit.source import Source

Scope = Literal["start", "file", "package", "interface", "world", "resource"]
Purpose = Literal["top-level", "use", "import", "export", "include"]


class AtItem(NamedTuple):
    """An item may begin, after `attributes` by name."""

    attributes: tuple[str, ...]


class AtType(NamedTuple):
    """A type, directly or as an argument of `inside`. `first`: as its first one. `defining`: the type it is part of."""

    inside: str = ""
    first: bool = True
    defining: str = ""


class AtPath(NamedTuple):
    """A path that begins at `start`. `words`: what can stand there instead, after `import name:`."""

    purpose: Purpose
    start: int
    words: tuple[str, ...] = ()


class AtVersion(NamedTuple):
    """The version of a path or a gate, which begins at `start`. `package` is the path's, without a version."""

    start: int
    package: tuple[str, str] | None = None
    item: str = ""


class AtUsed(NamedTuple):
    """A name in the braces of `use path.{…}`. `path` is from where to where it is written.

    `opened`: the `{` is there.
    """

    path: Span
    opened: bool = True


class AtIncluded(NamedTuple):
    """A name in the braces of `include path with {…}`."""

    path: Span


class AtAttribute(NamedTuple):
    """The name of an attribute, after its `@` and after `others` by name."""

    others: tuple[str, ...]


class AtGate(NamedTuple):
    """In the parentheses of an attribute: its key, or with `value` what stands after the `=`."""

    attribute: str
    value: bool


class AtWords(NamedTuple):
    """One of some words."""

    words: tuple[str, ...]


class Nowhere(NamedTuple):
    """A new name, a sign, or something that cannot be made sense of."""


Context = AtItem | AtType | AtPath | AtVersion | AtUsed | AtIncluded | AtAttribute | AtGate | AtWords | Nowhere


class Cursor(NamedTuple):
    """A place to complete at. `word` is the word under the cursor, `typed` its part before it.

    `segment` is the number of the one that was read from, `scope` what the item is in. `inline` is the place after the
    `{` of the interface written in place that the cursor is in, or -1.
    """

    context: Context
    word: Span
    typed: str
    segment: int
    scope: Scope
    inline: int = -1


_WORD = re.compile(r"%?[\w-]*")
_VERSION = re.compile(r"[0-9A-Za-z.+-]*")
_ENDS = {"open": "{", "close": "}"}
_OUTER = ("interface", "world", "package", "use")
_BODIED = ("record", "variant", "enum", "flags")
_STARTS = frozenset((*_OUTER, *_BODIED, "type", "resource", "import", "export", "include", "constructor", "@"))
_FUNCTIONS = ("func", "async func", "get", "set")


def cursor_at(source: Source, offset: int) -> Cursor | None:
    """What can be written at `offset`, or None inside comments and strings."""
    number = _first_segment(source, offset)
    base = source.starts[number]
    text = source.text
    tokens = Tokens(text[base : _line_end(text, offset)], 0)
    at = offset - base
    while tokens.kind not in (END, OPEN_COMMENT) and tokens.end < at:
        tokens.advance()
    word = Span(offset, offset)
    if tokens.start >= at:
        for one in comments(tokens.text, tokens.previous_end, tokens.start):
            if one.start < at and ("\n" not in tokens.text[one.start : at] if one.is_line else at < one.end):
                return None
    elif tokens.kind in (STRING, OPEN_COMMENT) or (tokens.kind == BAD and tokens.text[tokens.start] == '"'):
        return None
    elif tokens.kind == ID or tokens.kind in KEYWORDS or tokens.kind == "_":
        word = Span(tokens.start, tokens.end).shifted(base)
    reader = _Reader(text, base, word.start, source.segments[number].before.scopes[-1])
    context = reader.read()
    return Cursor(context, word, text[word.start : offset], number, reader.scope, reader.inline)


def _first_segment(source: Source, offset: int) -> int:
    """The segment to read from: that of the cursor, or an earlier one that is unfinished where the cursor's begins."""
    segments = source.segments
    number = source.segment_at(offset)
    word = _WORD.match(source.text, source.starts[number] + segments[number].anchor)
    if offset > (word.end() if word is not None else source.starts[number] + segments[number].anchor):
        return number
    while number and not _is_finished(source, number - 1):
        number -= 1
    return number


def _is_finished(source: Source, number: int) -> bool:
    segment = source.segments[number]
    if segment.kind in _ENDS:
        return segment.text.endswith(_ENDS[segment.kind])
    unclosed = any(problem.code == "unclosed-brace" for problem in segment.problems)
    return segment.text.endswith((";", "}")) and not unclosed


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


class _Found(Exception):
    """The cursor is reached."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context


class _Lost(Exception):
    """The tokens do not make sense here."""


class _Reader:
    """Reads items up to the cursor. Each `_want` says what can stand there; at the cursor, that is the answer."""

    def __init__(self, text: str, base: int, end: int, scope: Scope) -> None:
        self.text = text[base:end]
        self.base = base
        self.tokens = Tokens(self.text, 0)
        self.scope: Scope = scope
        self.inline = -1

    def read(self) -> Context:
        try:
            while True:
                self._next_item()
                if self.kind == "}":
                    self._next()  # it closes nothing
        except _Found as found:
            return found.context

    def _next_item(self) -> None:
        """An item, or where that makes no sense what stands before the next one."""
        before = self.tokens.index
        try:
            self._item()
        except _Lost:
            if self.tokens.index == before and self.kind != "}":
                self._next()
            self._skip()

    # Tokens ----------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        return self.tokens.kind

    def _want(self, context: Context) -> None:
        if self.tokens.kind in (END, OPEN_COMMENT):
            raise _Found(context)

    def _take(self, kind: str, context: Context | None = None) -> str:
        """Read a token of that kind."""
        self._want(context or Nowhere())
        if self.tokens.kind != kind:
            raise _Lost
        return self._next()

    def _next(self) -> str:
        word = self.tokens.word(self.tokens.index)
        self.tokens.advance()
        return word

    def _name(self, context: Context | None = None) -> str:
        self._want(context or Nowhere())
        if self.tokens.kind != ID and self.tokens.kind not in KEYWORDS:
            raise _Lost
        return self._next().removeprefix("%")

    def _comma(self, close: str) -> None:
        """The comma after an element, which may be missing where a line ends."""
        if self.kind == ",":
            self._next()
        elif self.kind != close and not self._new_line():
            self._take(",")

    def _touches(self) -> bool:
        """Whether the cursor stands directly after the last token."""
        return self.tokens.kind == END and self.tokens.previous_end == len(self.text)

    def _new_line(self) -> bool:
        return "\n" in self.text[self.tokens.previous_end : self.tokens.start]

    def _here(self) -> int:
        return self.base + self.tokens.start

    def _end_of_item(self, words: tuple[str, ...] = ()) -> None:
        """The `;`; where it is missing and a line ends, an item can begin."""
        if self.kind == ";":
            self._next()
        elif self.kind == END and not self._new_line():
            raise _Found(AtWords(words) if words else Nowhere())
        elif not self._new_line():
            raise _Lost

    def _skip(self) -> None:
        """Go on to where the next item begins, or to the brace that closes what it is in."""
        depth = 0
        while self.kind not in (END, OPEN_COMMENT):
            starts = self.kind in _STARTS or self.tokens.peek(1) == ":"
            if depth == 0 and (self.kind == "}" or (starts and self._new_line())):
                return
            sign = self._next()
            depth += (sign == "{") - (sign == "}")
            if depth == 0 and sign in (";", "}"):
                return
        raise _Found(Nowhere())

    # Items -----------------------------------------------------------------------------------------------------

    def _item(self) -> None:
        attributes = self._attributes()
        self._want(AtItem(attributes))
        if self.scope in ("start", "file", "package"):
            self._outer()
        elif self.scope == "resource":
            self._function(method=True)
        elif self.kind in ("import", "export") and self.scope == "world":
            self._extern("import" if self._next() == "import" else "export")
        elif self.kind == "include" and self.scope == "world":
            self._next()
            self._include()
        elif self.kind == "use":
            self._next()
            self._use()
        elif self.kind == "type":
            self._next()
            name = self._name()
            self._take("=")
            self._type(AtType(defining=name))
            self._end_of_item()
        elif self.kind in _BODIED:
            self._parts(self._next())
        elif self.kind == "resource":
            self._next()
            self._name()
            if self.kind == "{":
                self._next()
                self._block("resource")
            else:
                self._end_of_item()
        else:
            self._function(method=False)

    def _block(self, scope: Scope) -> None:
        """Items up to the closing brace."""
        outer, self.scope = self.scope, scope
        while self.kind != "}":
            self._next_item()
        self._next()
        self.scope = outer

    def _attributes(self) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        while self.kind == "@":
            self._next()
            name = self._name(AtAttribute(names))
            names = (*names, name)
            self._take("(")
            if name == "external-id":
                self._take(STRING)
            else:
                self._name(AtGate(name, False))
                self._take("=")
                if name == "unstable":
                    self._name(AtGate(name, True))
                else:
                    self._want(AtGate(name, True))
                    self._version()
            self._take(")")
        return names

    def _version(self, package: tuple[str, str] | None = None, item: str = "") -> None:
        """A version, of numbers, signs and words that stand together."""
        start = self._here()
        found = _VERSION.match(self.text, self.tokens.start)
        end = found.end() if found is not None else 0
        # `use a:b/c@1.0.0.{` goes on after the version.
        end -= self.text[:end].endswith(".") and end < len(self.text)
        if end == len(self.text):
            raise _Found(AtVersion(start, package, item))
        if self.kind != INTEGER:
            raise _Lost
        while self.kind != END and self.tokens.start < end:
            self._next()

    def _outer(self) -> None:
        word = self._next() if self.kind in _OUTER else ""
        if word == "use":
            self._path("top-level")
            self._alias()
            self._end_of_item()
        elif word in ("interface", "world"):
            self._name()
            self._take("{")
            self.scope = "interface" if word == "interface" else "world"
        elif word == "package":
            self._name()
            self._take(":")
            self._name()
            if self.kind == "@":
                self._next()
                self._want(AtVersion(self._here()))
                self._version()
            if self.kind == "{":
                self._next()
                self.scope = "package"
            else:
                self._end_of_item()
        else:
            raise _Lost

    def _alias(self) -> None:
        if self.kind == END and not self._touches() and not self._new_line():
            raise _Found(AtWords(("as",)))
        if self.kind == "as":
            self._next()
            self._name()

    def _use(self) -> None:
        path = self._path("use")
        self._take(".")
        self._take("{", AtUsed(path, opened=False))
        while self.kind != "}":
            self._name(AtUsed(path))
            self._alias()
            self._comma("}")
        self._next()
        self._end_of_item()

    def _include(self) -> None:
        path = self._path("include")
        if self.kind == END and not self._touches() and not self._new_line():
            raise _Found(AtWords(("with",)))
        if self.kind != "with":
            self._end_of_item()
            return
        self._next()
        self._take("{")
        while self.kind != "}":
            self._name(AtIncluded(path))
            self._want(AtWords(("as",)))
            self._take("as")
            self._name()
            self._comma("}")
        self._next()

    def _extern(self, direction: Literal["import", "export"]) -> None:
        start = self._here()
        self._want(AtPath(direction, start))
        if self.tokens.peek(1) == ":" and not (self.tokens.peek(2) == ID and self.tokens.peek(3) == "/"):
            self._name()
            self._next()
            spaced = self.tokens.previous_end < self.tokens.start
            words = ("func", "async func", "interface")
            # `import wasi:` may begin a path, `import name: ` no more.
            self._want(AtPath(direction, self._here() if spaced else start, words))
            if self.kind == "interface":
                self._next()
                self._take("{")
                self.inline = self.base + self.tokens.previous_end
                self._block("interface")
                self.inline = -1
                return
            if self.kind in ("func", "async") or self.tokens.peek(1) == "(":
                self._signature()
                return
        self._path(direction)
        self._end_of_item()

    def _path(self, purpose: Purpose) -> Span:
        """A path; where it is from and to."""
        start = self._here()
        here = AtPath(purpose, start)
        namespace = self._name(here)
        if self.kind == ":":
            self._next()
            package = self._name(here)
            self._take("/")
            item = self._name(here)
            if self.kind == "@":
                self._next()
                self._want(AtVersion(self._here(), (namespace, package), item))
                self._version((namespace, package), item)
        return Span(start, self.base + self.tokens.previous_end)

    # Types and functions ---------------------------------------------------------------------------------------

    def _parts(self, keyword: str) -> None:
        """The fields or cases of a type."""
        defining = self._name()
        self._take("{")
        while self.kind != "}":
            self._name()
            if keyword == "record":
                self._take(":")
                self._type(AtType(defining=defining))
            elif keyword == "variant" and self.kind == "(":
                self._next()
                self._type(AtType(defining=defining))
                self._take(")")
            self._comma("}")
        self._next()

    def _function(self, method: bool) -> None:
        if method and self.kind == "constructor":
            self._next()
            self._parameters()
            self._result()
            self._end_of_item()
            return
        self._name()
        self._take(":")
        if method:
            self._want(AtWords(("func", "async func", "static func", "static async func", "get", "set")))
            if self.kind == "static":
                self._next()
        self._signature()

    def _signature(self) -> None:
        self._want(AtWords(_FUNCTIONS))
        if self.kind == "async":
            self._next()
            self._take("func", AtWords(("func",)))
        elif self.kind == "func" or self.kind == ID:
            self._next()
        else:
            raise _Lost
        self._parameters()
        self._result()
        self._end_of_item()

    def _parameters(self) -> None:
        self._take("(")
        while self.kind != ")":
            self._name()
            self._take(":")
            self._type(AtType())
            self._comma(")")
        self._next()

    def _result(self) -> None:
        if self.kind == "->":
            self._next()
            self._type(AtType())

    def _type(self, here: AtType, depth: int = 0) -> None:
        self._want(here)
        if depth > MAX_DEPTH:
            raise _Lost
        kind = self.kind
        if kind == ID or kind in PRIMITIVES:
            self._next()
            return
        if kind == "_" and here.inside == "result" and here.first:
            self._next()
            return
        if kind not in ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow"):
            raise _Lost
        self._next()
        if self.kind != "<":
            if self.kind == END and self._touches():
                raise _Found(Nowhere())
            if kind in ("result", "future", "stream"):
                return
            raise _Lost
        self._next()
        self._type(AtType(kind, True, here.defining), depth + 1)
        while self.kind == ",":
            self._next()
            if kind == "list":
                self._take(INTEGER)
            else:
                self._type(AtType(kind, False, here.defining), depth + 1)
        self._take(">")
