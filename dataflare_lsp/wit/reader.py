"""What all parsing of WIT shares: the token at hand, mistakes reported once, and the way on after them.

After a mistake the reader goes on as if the missing sign were there when what follows fits, else it skips to where the
next part plainly begins. A second mistake at the same token is an echo and is not reported; where the first one's fix
inserts a sign, what the echo would insert goes with it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit.lexer import (
    BAD,
    END,
    FORBIDDEN,
    ID,
    INTEGER,
    INVISIBLE,
    KEYWORDS,
    LOOKALIKES,
    OPEN_COMMENT,
    PRIMITIVES,
    STRING,
    Tokens,
)

T = TypeVar("T")

TYPE_STARTS = PRIMITIVES | {
    "list", "map", "option", "result", "tuple", "future", "stream", "own", "borrow", ID,
}  # fmt: skip
BODIED = ("record", "variant", "enum", "flags", "resource")
TYPEDEF_STARTS = frozenset(("type", *BODIED))
WORLD_ONLY = frozenset(("import", "export", "include"))
OUTER_STARTS = frozenset(("interface", "world", "package"))
ITEM_STARTS = TYPEDEF_STARTS | WORLD_ONLY | OUTER_STARTS | {"use"}
FUNC_WORDS = frozenset(("func", "async", "static"))
NAMES = frozenset((ID,))

_CLOSER = {"{": "}", "(": ")", "<": ">", "[": "]"}
_CLOSERS = frozenset(_CLOSER.values())
_NO_ITEM_AFTER = frozenset((":", ",", "(", ")", ">", "->", "}"))
_BLANKS = {
    "\r": "a carriage return alone ends no line in WIT",
    "\xa0": "this is a no-break space, not a plain one",
    "\xad": "this is a soft hyphen, which nobody sees",
    "\u200b": "this is a zero-width space, which nobody sees",
    "\u200c": "this is a zero-width non-joiner, which nobody sees",
    "\u200d": "this is a zero-width joiner, which nobody sees",
    "\u2060": "this is a word joiner, which nobody sees",
    "\ufeff": "a byte order mark belongs at the start of the file only",
}
_FOREIGN_HINTS = (
    ("&", "WIT has no references: write the type alone, or `borrow<…>` around a resource"),
    ("|", "one of several types is a `variant`, defined by its own name"),
    ("?", "what may be missing is an `option<…>`"),
    ("“”„‟«»‘’", 'a string stands between straight quotes: `"…"`'),
    ("–—−‐‑", "write `-`"),
)
_LAST_WORD = re.compile(r"[\w-]+\Z")
_LONGEST_KEYWORD = max(map(len, KEYWORDS))
_STRAY = frozenset(("}", ")", ">", "@", "/", "*", "+", "-", "=", ".", ":", ",", ";", INTEGER, STRING, BAD))
_UNFINISHED = frozenset((ID, BAD, "as", "-", "/", "@"))
_SPACED = frozenset(("{", "}", "as", "func"))


class Problem(NamedTuple):
    """A mistake, with spans that count from the start of the segment it lies in."""

    code: str
    message: str
    span: Span
    hint: str = ""
    notes: tuple[str, ...] = ()
    related: tuple[tuple[Span, str], ...] = ()
    fixes: tuple[Fix, ...] = ()


class GiveUp(Exception):
    """The rest of the item or element cannot be read; the mistake is already reported."""


class Reader(Tokens):
    """Reads tokens, notes problems. Spans of problems and nodes count from `base`, where the segment starts."""

    __slots__ = (
        "_complained_index",
        "_complaint",
        "_hashes",
        "_swallowed",
        "base",
        "complained_at",
        "item_start",
        "problems",
    )

    def __init__(self, text: str, start: int = 0) -> None:
        self._hashes: list[int] = []
        super().__init__(text, start)
        self.base = start
        self.problems: list[Problem] = []
        self.complained_at = -1
        self._complaint = -1
        self._complained_index = -2
        self._swallowed = -1
        """Where a group ended that nothing closes: what is inserted before it would be part of the group."""
        self.item_start = start
        """Where the item at hand starts, whose column tells what is inside it."""

    def _meet_bad(self) -> None:
        """Take `# …` for the comment that it is meant to be: skip it wherever it stands, to be reported later."""
        while self.kind == BAD and self.text[self.start] == "#":
            self._hashes.append(self.start)
            self._move_to(self.index + 1)

    # Places --------------------------------------------------------------------------------------------------------

    def _take(self) -> Span:
        """Read the current token, whatever it is."""
        span = Span(self.start - self.base, self.ends[self.index] - self.base)
        self.advance()
        return span

    def _here(self) -> int:
        """Where the token before the current one ends."""
        return self.previous_end - self.base

    def _span(self) -> Span:
        """Of the current token."""
        return Span(self.start - self.base, self.ends[self.index] - self.base)

    def _same_line(self) -> bool:
        """Whether no line ends between the token before the current one and it."""
        return "\n" not in self.text[self.previous_end : self.start]

    def _goes_on(self) -> bool:
        """Whether the next token stands on the line of the current one."""
        return "\n" not in self.text[self.ends[self.index] : self.starts[self.index + 1]]

    def _column(self, offset: int) -> int:
        """The column of `offset`, or -1 where its line begins before the segment."""
        line = self.text.rfind("\n", self.base, offset)
        return offset - line - 1 if line >= 0 or self.base == 0 else -1

    def _indented(self) -> bool:
        """Whether the current token stands further right than the item at hand begins, as what is inside it would."""
        return not self._same_line() and self._column(self.start) > self._column(self.item_start) >= 0

    def _dedented(self) -> bool:
        """Whether the current token begins its line, no further right than the item at hand begins."""
        return not self._same_line() and 0 <= self._column(self.start) <= self._column(self.item_start)

    # Mistakes ------------------------------------------------------------------------------------------------------

    def _complain(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        insert: str = "",
        related: tuple[tuple[Span, str], ...] = (),
        fixes: tuple[Fix, ...] = (),
        separate: bool = False,
    ) -> bool:
        """Report a mistake at the current token, unless one was reported there already; whether it was new.

        `insert` is the sign whose absence is the mistake, where inserting it is certain to help. What is missing after
        a line or a body whose last word was reported is an echo too, of one that is still being typed; unless the
        mistake is a `separate` one.
        """
        start = self.start
        if self.complained_at == start:
            self._amend(insert)
            return False
        self.complained_at = start
        last, self._complained_index = self._complained_index, self.index
        if last == self.index - 1 and not separate and self.kinds[last] in _UNFINISHED:
            if not self._same_line() or self.kind in ("}", END) or self.word(last) == "%":
                self._amend("")
                return False
        self._complaint = len(self.problems)
        span = self._span()
        if self.kind == OPEN_COMMENT:
            span = Span(span.start, span.start + 2)
            self.problems.append(
                Problem("unterminated-comment", "this block comment is never closed", span, "expected `*/`")
            )
            # It goes on to the end of the file, so all that is missing there is missing for its sake.
            self.advance()
            self._mute()
        elif self.kind == BAD:
            self._foreign_sign(span)
        elif self.kind == "*" and self.peek(1) == "/" and self.starts[self.index + 1] == self.end:
            self._report("unexpected-token", "this `*/` closes no comment", Span(span.start, span.end + 1))
        else:
            # Behind an open comment there is nowhere to insert anything.
            behind = self.index > 0 and self.kinds[self.index - 1] == OPEN_COMMENT
            if insert and not behind and self._swallowed != self.index:
                fixes = (self._insertion(insert),)
            self.problems.append(Problem(code, _short(message), span, hint, (), related, fixes))
        return True

    def _amend(self, insert: str) -> None:
        """Carry the fix of the complaint at hand on to an echo of it, or drop the fix."""
        if not 0 <= self._complaint < len(self.problems):
            return
        problem = self.problems[self._complaint]
        if not problem.fixes:
            return
        edits = problem.fixes[0].edits
        here = self._gap()
        fixes: tuple[Fix, ...] = ()
        if insert and len(edits) == 1 and edits[0].span == Span(here, here):
            whole = edits[0].new + _spaced(insert)
            fixes = (Fix(f"Insert `{whole.strip()}`", (TextEdit(edits[0].span, whole),)),)
        self.problems[self._complaint] = problem._replace(fixes=fixes)

    def _mute(self, problem: int = -1) -> None:
        """What would be complained of at the current token is an echo, of that problem if its number is given."""
        self.complained_at = self.start
        self._complaint = problem

    def _withdraw_fix(self) -> None:
        """Take back the fix of the complaint at the current token, since it would not be the whole of it."""
        self._amend("")

    def _report(self, code: str, message: str, span: Span, hint: str = "", fixes: tuple[Fix, ...] = ()) -> None:
        """Report a mistake at a place of its own."""
        self.problems.append(Problem(code, _short(message), span, hint, (), (), fixes))

    def _report_hashes(self, end: int) -> None:
        """Report the `#` that were skipped since the last time, up to the offset `end`."""
        for start in sorted(set(self._hashes)):
            if start < end:
                at = start - self.base
                fixes = (Fix("Write `//`", (TextEdit(Span(at, at + 1), "//"),)),)
                self._report(
                    "invalid-character",
                    "`#` means nothing in WIT",
                    Span(at, at + 1),
                    "a comment begins with `//`",
                    fixes,
                )
        self._hashes = []

    def _report_blanks(self, end: int) -> None:
        """Report what was read over before the offset `end` as if it were a blank, or nothing."""
        count = 0
        for start, stop in self.blanks:
            if start >= end:
                break
            count += 1
            word = self.text[start:stop]
            new = "\n" if word[0] == "\r" else " " * len(word)
            if word[0] in INVISIBLE:
                # No further back than a keyword can reach: there may be one such sign after the other.
                before = _LAST_WORD.search(self.text, max(self.base, start - _LONGEST_KEYWORD - 1), start)
                separates = before is not None and before.group() in KEYWORDS and self.text[stop : stop + 1].isalnum()
                new = " " if separates else ""
            self._report_blank(start, stop, new)
        del self.blanks[:count]

    def _hidden_sign(self) -> None:
        """Report the first sign that nobody sees in the word at hand, with all of them to be removed."""
        start = self.start
        places = [start + at for at, sign in enumerate(self.word(self.index)) if sign in INVISIBLE]
        edits = tuple(TextEdit(Span(at - self.base, at - self.base + 1), "") for at in places)
        self._report_blank(places[0], places[0] + 1, "", Fix("Remove it", edits))

    def _report_blank(self, start: int, stop: int, new: str, fix: Fix | None = None) -> None:
        """Report what looks like a blank, or like nothing; `new` is to stand in its place."""
        first = self.text[start]
        span = Span(start - self.base, stop - self.base)
        title = "Write a line feed" if new == "\n" else "Write a plain blank" if new else "Remove it"
        what = _BLANKS.get(first, f"U+{ord(first):04X} is no blank in WIT")
        self._report("invalid-character", what, span, "", (fix or Fix(title, (TextEdit(span, new),)),))

    def _report_lookalikes(self, first: int, junk: bool) -> None:
        """Report the signs, from the token number `first` on, that were read as those that they stand for.

        `junk`: of what was skipped, one mistake is enough.
        """
        known = {problem.span.start for problem in self.problems}
        limit = min(known) if known and junk else len(self.text)
        for index in range(first, self.index):
            sign = self.kinds[index]
            word = self.word(index)
            start = self.starts[index] - self.base
            if LOOKALIKES.get(word) != sign or start in known or start > limit:
                continue
            span = Span(start, start + len(word))
            fixes = (Fix(f"Write `{sign}`", (TextEdit(span, sign),)),)
            self._report("invalid-character", f"`{word}` means nothing in WIT", span, f"write `{sign}`", fixes)

    def _foreign_sign(self, span: Span) -> None:
        """Report a token that WIT does not have."""
        word = self.word(self.index)
        first = word[0]
        if FORBIDDEN.match(first):
            return  # reported for the whole segment
        if first == '"':
            self._report("invalid-string", "this string is never closed", span, 'expected `"` before the line ends')
            return
        if first in "[]":
            hint = "a list is written `list<…>`"
            self._report("invalid-character", f"`{first}` means nothing in WIT", span, hint)
            return
        shown = clipped(word) if word.isprintable() else f"U+{ord(first):04X}"
        hint = next((hint for signs, hint in _FOREIGN_HINTS if first in signs), "")
        self._report("invalid-character", f"`{shown}` means nothing in WIT", span, hint)

    def _found(self) -> str:
        """The current token, in the words of a message."""
        kind = self.kind
        if kind == END:
            return "the end of the file"
        if kind in KEYWORDS:
            return f"the keyword `{kind}`"
        return f"`{clipped(self.word(self.index))}`"

    # Fixes ---------------------------------------------------------------------------------------------------------

    def _gap(self, index: int = -1) -> int:
        """Where something missing before a token would stand (the current one if none is named): after the last one."""
        last = (self.index if index < 0 else index) - 1
        while last >= 0 and self.kinds[last] == BAD and self.text[self.starts[last]] == "#":
            last -= 1
        return max(self.ends[last] - self.base, 0) if last >= 0 else 0

    def _insertion(self, sign: str, index: int = -1) -> Fix:
        """Insert a sign that is missing before a token, the current one if none is named."""
        at = self._gap(index)
        return Fix(f"Insert `{sign.strip()}`", (TextEdit(Span(at, at), _spaced(sign)),))

    def _replacement(self, new: str) -> Fix:
        """Write something else in place of the current token."""
        text = new
        if new[-1].isalpha():
            text = f" {new}" if self.start == self.previous_end and self.kind != ID else new
            text += " " * (self.kind != ID and self.end == self.starts[self.index + 1])
        return Fix(f"Write `{new}`", (TextEdit(self._span(), text),))

    def _removal(self) -> Fix:
        """Remove the current token and the blanks after it, or those before it where it ends its line."""
        span = self._span()
        after = self.text[self.ends[self.index] : self.starts[self.index + 1]]
        if after and not after.strip(" ") and self.kinds[self.index + 1] != END:
            span = Span(span.start, span.end + len(after))
        return Fix(f"Remove `{clipped(self.word(self.index))}`", (TextEdit(span, ""),))

    # Signs ---------------------------------------------------------------------------------------------------------

    def _expect(self, kind: str, why: str, *, instead: tuple[str, ...] = (), fits: bool = True, hint: str = "") -> bool:
        """Read `kind`; whether one can go on as if it had been there, which is reported where it was not.

        What stands `instead` of it by a common mistake is read in its place. `fits` says whether what follows is what
        would follow it.
        """
        if self.kind == kind or (self._doubled() and self.kind == kind):
            self.advance()
            if self.kind == kind:
                self._doubled()
            return True
        message = f"expected `{kind}` {why}, found {self._found()}"
        if self.kind in instead:
            self._complain("expected-token", message, hint, fixes=(self._replacement(kind),))
            self.advance()
            return True
        if self.peek(1) == kind and self._in_the_way():
            self._complain("expected-token", message, hint, fixes=(self._removal(),))
            self.advance()
            self.advance()
            return True
        self._complain("expected-token", message, hint, insert=kind if fits else "")
        return fits

    def _in_the_way(self) -> bool:
        """Whether the current token is a sign that has no business between its neighbours on the same line."""
        return self.kind in _STRAY and self.complained_at != self.start and self._same_line() and self._goes_on()

    def _doubled(self) -> bool:
        """Skip the current token if it only says again what the one before it says, and report that."""
        index = self.index
        if index == 0 or self.complained_at == self.start or not self._same_line():
            return False
        word = self.word(index)
        if self.starts[index - 1] < self.base or word != self.word(index - 1) or self.kind in (STRING, INTEGER, BAD):
            return False
        self._complain("unexpected-token", f"`{word}` is written twice", fixes=(self._removal(),))
        self.advance()
        return True

    def _semicolon(self, after: str, or_else: str = "") -> None:
        """Read the `;` that ends an item, or report that it is missing and skip what does not belong to the item."""
        kind = self.kind
        if kind == ";":
            self.advance()
            return
        if (kind != "}" or (self.peek(1) == ";" and self._goes_on())) and self._doubled() and self.kind == ";":
            self.advance()
            return
        kind = self.kind
        if self.peek(1) == ";" and kind not in (")", ",", ":", ".") and self._in_the_way():
            self._complain(
                "expected-token", f"expected `;` after {after}, found {self._found()}", fixes=(self._removal(),)
            )
            self.advance()
            self.advance()
            return
        message = f"expected `;`{' or ' + or_else if or_else else ''} after {after}, found {self._found()}"
        if kind in (",", ":", ".") and self._ends_line():
            self._complain("expected-token", message, fixes=(self._replacement(";"),))
            self.advance()
            return
        if kind == ")":
            self._complain("unexpected-token", "this `)` closes nothing", fixes=(self._removal(),))
            self.advance()
            if self.kind == ";":
                self.advance()
                return
            self._mute(self._complaint)
        fits = kind in ("}", END) or (kind != "@" and self._starts_item()) or not self._same_line()
        helps = kind in ("}", END, ID) or self._starts_item()
        self._complain("expected-token", message, insert=";" if fits and helps else "")
        if not fits:
            self._skip_item()

    def _ends_line(self) -> bool:
        """Whether the current token is the last of its line or of its body."""
        after = self.text[self.ends[self.index] : self.starts[self.index + 1]]
        return "\n" in after or self.peek(1) in ("}", END)

    def _skip_semicolon(self) -> bool:
        """Skip a `;` where an item should begin, having reported it."""
        if self.kind != ";":
            return False
        self._complain("unexpected-token", "this `;` ends nothing", fixes=(self._removal(),))
        self.advance()
        return True

    def _unclosed_before(self, first: int, known: int, scope: str, opening: int = -1) -> None:
        """Report that a brace is missing before the item at hand, and give back its attributes.

        They begin with token `first`, and brought the problems from number `known` on.
        """
        del self.problems[known:]
        if self.complained_at == self.starts[first] or (
            self._complained_index == first - 1 and self._complaint < known
        ):
            self._mute(self._complaint)
        elif self._complaint >= known:  # taken back, so that it speaks for nothing
            self.complained_at = self._complaint = -1
        self._unclosed(scope, opening, first)
        self.rewind(first)

    def _unclosed(self, scope: str, opening: int = -1, before: int = -1) -> None:
        """Report that a brace is missing, where the item begins with the token `before`, or with the current one."""
        related = ((Span(opening - 1 - self.base, opening - self.base), "opened here"),) if opening > 0 else ()
        what = "the nested package" if scope == "package" else f"the {scope}"
        message = f"expected `}}` to close {what}, found {self._found()}"
        if self._complain("unclosed-brace", message, related=related, insert="\n}") and before >= 0:
            problem = self.problems[self._complaint]
            self.problems[self._complaint] = problem._replace(fixes=(self._insertion("\n}", before),))

    # Lists -----------------------------------------------------------------------------------------------------------

    def _list(
        self,
        close: str,
        what: str,
        noun: str,
        element: Callable[[str], T],
        *,
        starts: frozenset[str] = NAMES,
        ends_item: bool = False,
    ) -> tuple[T, ...]:
        """Elements between commas up to `close`, the opening sign being read already. A last comma is welcome.

        `what` names the list, `noun` one element, `starts` the tokens that begin one; `ends_item`: a `;` follows it.
        """
        opening = self.previous_end
        items: list[T] = []
        while True:
            comments = self._comments()
            kind = self.kind
            if kind == close:
                self.advance()
                break
            if kind == ",":
                helps = items or self.peek(1) != close
                fixes = (self._removal(),) if helps else ()
                self._complain("unexpected-token", f"expected {noun} before `,`", fixes=fixes)
                self.advance()
                continue
            if self._wrong_closer(close):
                message = f"expected `{close}` to close {what}, found `{kind}`"
                self._complain("expected-token", message, fixes=(self._replacement(close),))
                self.advance()
                break
            if self._leaves_list(close, ends_item):
                self._unclosed_list(close, what, opening)
                break
            before = self.index
            try:
                items.append(element(comments))
            except GiveUp:
                pass
            kind = self.kind
            if kind == ",":
                self.advance()
                continue
            if kind == close or self._wrong_closer(close) or self._leaves_list(close, ends_item):
                continue
            if self._doubled():
                if self.kind == ",":
                    self.advance()
                continue
            message = f"expected `,` or `{close}` in {what}, found {self._found()}"
            if kind == ";":
                self._complain("expected-token", message, fixes=(self._replacement(","),))
                self.advance()
                continue
            fits = kind in starts or (ID in starts and self._named_by_keyword(close))
            self._complain("expected-token", message, insert="," if fits else "", separate=True)
            if not fits or self.index == before:
                self._skip_element(close)
                if self.kind == ",":
                    self.advance()
        return tuple(items)

    def _comments(self) -> str:
        """What stands before the current token, where that holds a comment."""
        between = self.text[self.previous_end : self.start]
        return between if "/" in between else ""

    def _wrong_closer(self, close: str) -> bool:
        """Whether another closing sign stands where `close` should, and what follows says so."""
        kind = self.kind
        if kind not in _CLOSERS or kind == close or close == ">" or not self._same_line():
            return False
        return (self.peek(1) in (";", "->") and self._goes_on()) or (kind != "}" and self._ends_line())

    def _leaves_list(self, close: str, ends_item: bool = False) -> bool:
        """Whether what comes can no longer belong to the list: its closing sign must be missing."""
        kind = self.kind
        if kind in (END, OPEN_COMMENT, "}") or (kind == "{" and close != "}"):
            return True
        if kind == ";":
            return not self._separates(close, ends_item)
        if close != "}" and (kind == "->" or (kind == ")" and close == ">")):
            return True
        if self._same_line():
            return False
        if kind == "@":
            inside = self._column(self.start) > self._column(self.item_start) >= 0
            return not (inside and close == "}")
        return self._starts_item() or self._starts_outer()

    def _separates(self, close: str, ends_item: bool) -> bool:
        """Whether the current `;` stands where a comma should, between the elements of a list."""
        following, second = self.peek(1), self.peek(2)
        if following == close and close == "}":
            return not ends_item or self._goes_on()
        if not (following == ID or following in KEYWORDS):
            return False
        same_line = self._goes_on()
        if ends_item and not same_line:
            return False
        if close != "}" and not same_line:
            return False
        if second == ":":
            third = self.peek(3)
            return not (third in FUNC_WORDS or (third == ID and self.peek(4) == "("))
        if following in ITEM_STARTS and (second == ID or second in KEYWORDS):
            return False
        return second in (",", ";", close, "as", "(") and (same_line or second != "(")

    def _named_by_keyword(self, close: str) -> bool:
        """Whether an element begins here whose name is a keyword."""
        return self.kind in KEYWORDS and self.peek(1) in (":", ",", close)

    def _unclosed_list(self, close: str, what: str, opening: int) -> None:
        code = "unclosed-brace" if close == "}" else "expected-token"
        message = f"expected `{close}` to close {what}, found {self._found()}"
        related: tuple[tuple[Span, str], ...] = ()
        if close == "}":
            related = ((Span(opening - 1 - self.base, opening - self.base), "opened here"),)
        self._complain(code, message, related=related, insert=close)

    # Skipping --------------------------------------------------------------------------------------------------------

    def _skip_element(self, close: str) -> None:
        """Skip the rest of a damaged element: to its comma, or to where the list or the next element goes on."""
        while self.kind not in (",", close) and not self._leaves_list(close) and self.kind != ";":
            if self.kind == ID and not self._same_line():
                return
            if not self._skip_balanced(braces=close == "}"):
                self._skip_token()

    def _skip_item(self) -> None:
        """Skip the rest of a damaged item: past its `;`, or to where the next item or a closing brace stands."""
        depth = 0
        while self.kind != END:
            kind = self.kind
            if not self._same_line() and (self._starts_outer() or (depth == 0 and self._starts_item())):
                return
            if kind == "{":
                depth += 1
            elif kind == "}":
                if depth == 0:
                    return
                depth -= 1
                if depth == 0:
                    self.advance()
                    if self.kind == ";" and self._same_line():
                        self.advance()
                    return
            self._skip_token()
            if kind == ";" and depth == 0:
                return

    def _skip_token(self) -> None:
        unclosed = self.kind == BAD and self.text[self.start] == '"'
        self.advance()
        if unclosed:  # what is missing after it is in it
            self._mute()

    def _skip_balanced(self, braces: bool = False) -> bool:
        """Skip a group in brackets, if one begins here; whether anything was. Stops where an item plainly ends.

        `braces`: they are brackets too.
        """
        closers: list[str] = []
        while self.kind != END:
            kind = self.kind
            sign = self.text[self.start] if kind == BAD else kind
            if sign in _CLOSER and (braces or sign != "{"):
                closers.append(_CLOSER[sign])
            elif not closers:
                return False
            elif sign == closers[-1]:
                closers.pop()
            elif kind == ";" and closers[-1] == "]":
                pass
            elif kind in (";", "{", "}") or (not self._same_line() and (self._starts_item() or self._starts_outer())):
                self._swallowed = self.index
                return True
            elif sign in _CLOSERS and sign in closers:
                while closers.pop() != sign:
                    pass
            self.advance()
            if not closers:
                return True
        self._swallowed = self.index
        return bool(closers)

    def _skip_braces(self) -> None:
        """Skip from a `{` to its `}`, whatever is between."""
        depth = 0
        while self.kind != END:
            depth += (self.kind == "{") - (self.kind == "}")
            self.advance()
            if depth == 0:
                return

    # What begins here ------------------------------------------------------------------------------------------------

    def _starts_item(self) -> bool:
        """An item plainly begins, if one may stand here."""
        kind = self.kind
        if kind == ID:
            return self._starts_func()
        if kind in ITEM_STARTS:
            return self.peek(1) not in _NO_ITEM_AFTER
        return kind == "@" or (kind == "constructor" and self.peek(1) == "(")

    def _starts_func(self) -> bool:
        """`name: func`, `name: async`, `name: static`, `name: get(`, …"""
        if self.kind != ID or self.peek(1) != ":":
            return False
        second = self.peek(2)
        return second in FUNC_WORDS or (second == ID and self.peek(3) == "(")

    def _starts_outer(self) -> bool:
        """An interface, a world or a package begins, as no item inside one of them can."""
        kind = self.kind
        if kind == "package":
            return self.peek(1) == ID and self.peek(2) == ":" and self.peek(3) == ID
        return kind in ("interface", "world") and self.peek(1) != ":"

    def _at_item(self) -> bool:
        """Whether the current token is the first of its line and plainly begins an item."""
        return (self._starts_item() or self._starts_outer()) and not self._same_line()


def _spaced(sign: str) -> str:
    return f" {sign}" if sign in _SPACED else sign


def clipped(word: str) -> str:
    return word if len(word) <= 40 else word[:40] + "…"


def _short(message: str) -> str:
    return message if len(message) <= 300 else message[:300] + "…"
