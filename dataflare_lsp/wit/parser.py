"""The WIT parser: one segment of a file at a time, every mistake reported once, neighbours left intact.

A segment is the smallest piece that is parsed by itself: a package header, a top-level `use`, the opening of an
interface, world or nested package, one item inside it, or a closing brace. What a segment is depends only on the text
from its start, on the state of the parser there, and on nothing beyond its `reach`; this is what makes `wit.source`
incremental. How mistakes are met is told in `wit.reader`.
Specification: WIT.md; where the reference parser differs from it, the reference wins.
"""

from typing import Literal, NamedTuple

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import misspelt
from dataflare_lsp.wit.items import Items
from dataflare_lsp.wit.lexer import BAD, END, FORBIDDEN, ID, OPEN_COMMENT
from dataflare_lsp.wit.phrases import MAX_DEPTH, article
from dataflare_lsp.wit.reader import (
    FUNC_WORDS,
    ITEM_STARTS,
    OUTER_STARTS,
    TYPEDEF_STARTS,
    WORLD_ONLY,
    GiveUp,
    Problem,
)
from dataflare_lsp.wit.syntax import (
    NO_LEAD,
    InterfaceHead,
    Lead,
    Node,
    PackageHead,
    PackageHeader,
    PackageName,
    TopLevelUse,
    WorldHead,
)

__all__ = ["MAX_DEPTH", "START", "Parser", "Problem", "Scope", "Segment", "SegmentKind", "State"]

Scope = Literal["start", "file", "package", "interface", "world"]
"""What the text stands in. `start`: in a file, where a package header may still come."""

SegmentKind = Literal["header", "use", "open", "close", "member", "junk", "end"]

_GUESS = 64
"""How many tokens to look at for what a body is whose keyword is not there."""
_OUTER_WORDS = ("interface", "world", "package", "use")


class State(NamedTuple):
    """All that a segment's meaning takes from the text before it.

    `scopes` are those open, outermost first. `muted`: a mistake was already reported at the first token that comes.
    `indents` are the columns at which the open interfaces, worlds and packages begin, -1 where that is not known.
    `stray`: items that belong elsewhere were already reported in this scope.
    """

    scopes: tuple[Scope, ...] = ("start",)
    muted: bool = False
    indents: tuple[int, ...] = ()
    stray: bool = False


START = State()
_FILE = State(("file",))
_LITTERED = State(("start",), stray=True)
"""Before a package header, but not at the start of the file."""


class Segment:
    """One parsed piece of a file. Immutable; compared by identity, kept as long as its text stays the same.

    `length` is in code points and starts where the previous segment ended, so blank text and comments lead a segment.
    `anchor` is where its first token starts. `reach` is the first offset, from its start, that it does not depend on.
    `before` and `after` are the parser's state around it.
    """

    __slots__ = (
        "after", "anchor", "before", "facts", "judged", "kind", "length", "node", "problems", "reach", "text", "words",
    )  # fmt: skip

    def __init__(
        self,
        kind: SegmentKind,
        node: Node | None,
        text: str,
        anchor: int,
        reach: int,
        before: State,
        after: State,
        problems: tuple[Problem, ...],
    ) -> None:
        self.kind: SegmentKind = kind
        self.node = node
        self.text = text
        self.length = len(text)
        self.anchor = anchor
        self.reach = reach
        self.before = before
        self.after = after
        self.problems = problems
        self.facts: object = None
        """What `wit.facts` knows of the node, once it was asked."""
        self.judged: tuple[Problem, ...] | None = None
        """What `wit.rules.items` finds wrong with the node by itself, once it was asked."""
        self.words: object = None
        """What each word of the text is, for editors to colour, once it was asked."""

    def __repr__(self) -> str:
        return f"Segment({self.kind}, {self.text.strip()[:40]!r})"


_Read = tuple[SegmentKind, Node | None, State]


class Parser(Items):
    """Reads the segments of `text` from `start` on, one per call of `segment`."""

    __slots__ = ()

    # Segments --------------------------------------------------------------------------------------------------------

    def segment(self, before: State) -> Segment:
        """The next segment, after `before`."""
        base = self.base = self.previous_end
        self.problems = []
        self._complaint = -1
        self._complained_index = -2
        self._swallowed = -1
        anchor = self.item_start = self.start
        first = self.index
        self.complained_at = anchor if before.muted else -1
        kind, node, after = self._read(before)
        if self.index > first and self.kinds[self.index - 1] == OPEN_COMMENT:
            self._mute(self._complaint)  # what is missing behind it is missing for its sake
        muted = self.complained_at == self.start
        if muted != after.muted:
            after = after._replace(muted=muted)
        if muted and self._stays_wrong(after):
            self._withdraw_fix()
        end = len(self.text) if kind == "end" else self.previous_end
        if self._hashes:
            self._report_hashes(end)
        text = self.text[base:end]
        if self.blanks and self.blanks[0][0] < end:
            self._report_blanks(end)
        if not text.isascii():
            self._report_lookalikes(first, node is None)
        if FORBIDDEN.search(text) is not None:
            self._forbidden(text)
        return Segment(kind, node, text, anchor - base, self.reach - base, before, after, tuple(self.problems))

    def _read(self, state: State) -> _Read:
        scopes = state.scopes
        scope = scopes[-1]
        kind = self.kind
        settled = _FILE if scope == "start" else state
        if kind == END:
            if len(scopes) > 1:
                self._unclosed(scope)
                return "close", None, _closed(state)
            return "end", None, settled
        if kind == "}":
            return self._closing(state, settled)
        if kind == ";":
            self._complain("unexpected-token", "this `;` ends nothing", fixes=(self._removal(),))
            self.advance()
            return "junk", None, settled
        if kind == BAD and self.text[self.start] == "#":
            self._meet_bad()
            return "junk", None, settled
        if kind == BAD and self._goes_on() and self.peek(1) not in ("}", END):  # a sign in front of an item
            self._complain("invalid-character", "")
            self.advance()
        first, known = self.index, len(self.problems)
        lead = self._lead()
        if scope in ("interface", "world") and self._starts_outer():
            if 0 <= state.indents[-1] < self._column(self.item_start):
                return self._misplaced_outer(lead, scope), None, settled
            self._unclosed_before(first, known, scope)
            return "close", None, _closed(state)
        try:
            if lead.attributes:
                self._after_attributes()
            if scope in ("start", "file", "package"):
                return self._outer_item(lead, state, settled)
            if scope == "interface":
                if self._belongs_in_world():
                    return self._stray_world_item(state)
                node: Node | None = self._interface_item(lead)
            else:
                node = self._world_item(lead)
            return ("member" if node is not None else "junk"), node, settled
        except GiveUp:
            self._skip_item()
            # Before the package header there may be what is no item at all, and it is the header all the same.
            return "junk", None, settled if kind in ITEM_STARTS or scope != "start" else _LITTERED

    def _stray_world_item(self, state: State) -> _Read:
        """An import, an export or an include in an interface: said once, for an interface that ought to be a world."""
        kind = self.kind
        following, third = self.peek(1), self.peek(3)
        message = f"`{kind}` belongs in a world, not in an interface"
        if following in TYPEDEF_STARTS or (following == ID and self.peek(2) == ":" and third in FUNC_WORDS):
            self._complain("unexpected-token", message, fixes=(self._removal(),))
            self.advance()
            return "member", self._interface_item(NO_LEAD), state
        if state.stray:
            self._mute()
        self._complain("unexpected-token", message)
        try:
            self._world_item(NO_LEAD, quietly=True)
        except GiveUp:
            self._skip_item()
        return "junk", None, state._replace(stray=True)

    def _stays_wrong(self, after: State) -> bool:
        """Whether the current token, at which a mistake was reported, would be one without that mistake too."""
        inside = len(after.scopes) > 1
        if self.kind == END:
            return inside
        return inside and after.scopes[-1] in ("interface", "world") and self._starts_outer()

    def _closing(self, state: State, settled: State) -> _Read:
        inside = len(state.scopes) > 1
        if state.stray and not (inside and (state.scopes[-1] != "package" or self._closes_head(state))):
            self.advance()
            return "junk", None, settled._replace(stray=False)
        if inside:
            self.advance()
            return "close", None, _closed(state)
        self._complain("unexpected-token", "this `}` closes nothing", fixes=(self._removal(),))
        self.advance()
        return "junk", None, settled

    def _closes_head(self, state: State) -> bool:
        """Whether the current `}` stands as far left as the head of the scope at hand, as far as that is known."""
        return state.indents[-1] < 0 or self._column(self.start) <= state.indents[-1]

    def _misplaced_outer(self, lead: Lead, scope: str) -> SegmentKind:
        """An interface, world or package that is indented as if it belonged in the interface or world around it."""
        kind = self.kind
        fixes: tuple[Fix, ...] = ()
        hint = f"close the {scope} before it"
        if scope == "world" and kind == "interface" and self.peek(1) == ID and not lead.attributes:
            name = self.word(self.index + 1)
            hint = f"write `import {name}: interface`, or `export`"
            span = Span(self.start - self.base, self.ends[self.index + 1] - self.base)
            fixes = (Fix(f"Write `import {name}: interface`", (TextEdit(span, f"import {name}: interface"),), False),)
        what = article(kind)
        self._complain("unexpected-token", f"{what} cannot stand inside {article(scope)}", hint, fixes=fixes)
        self.advance()
        self._skip_item()
        return "junk"

    def _forbidden(self, text: str) -> None:
        for match in FORBIDDEN.finditer(text):
            code = ord(match.group())
            if 0xDC80 <= code <= 0xDCFF:  # how a byte that is no UTF-8 is read
                self._report("invalid-character", f"the byte 0x{code - 0xDC00:02X} is not UTF-8", Span(*match.span()))
                continue
            if 0xD800 <= code <= 0xDFFF:
                what = "is half of a surrogate pair, not a character"
            elif code < 0xA0:
                what = "is a control character"
            elif 0x202A <= code <= 0x2069:
                what = "changes the direction of text, so the source would not mean what it shows"
            else:
                what = "is deprecated by Unicode"
            self._report("invalid-character", f"U+{code:04X} {what}", Span(*match.span()))
            if len(self.problems) >= 100:
                return

    # Top level -------------------------------------------------------------------------------------------------------

    def _outer_item(self, lead: Lead, state: State, settled: State) -> _Read:
        kind = self.kind
        where = "a nested package" if settled.scopes[-1] == "package" else "a file"
        expected = f"expected `interface`, `world`, `use` or `package` at the top of {where}, found {self._found()}"
        if kind not in OUTER_STARTS and kind != "use" and self.peek(1) in OUTER_STARTS and self._goes_on():
            self._complain("unexpected-token", expected, fixes=(self._removal(),))
            self.advance()
            kind = self.kind
        elif kind == ID:
            kind = self._misspelt_outer(expected)
        elif kind not in ITEM_STARTS and self.peek(1) == ID and self.peek(2) == "{" and self._goes_on():
            self._complain("unexpected-token", expected)
            self.advance()
            kind = self._guessed_head(1)
        if kind == "package":
            return self._package(lead, state, settled)
        if kind in ("interface", "world"):
            return self._body_head(lead, kind, settled)
        if kind == "use":
            return self._top_level_use(lead, settled)
        if kind in WORLD_ONLY or kind in TYPEDEF_STARTS or (kind == ID and self._looks_like_member()):
            if state.stray:
                self._mute()
            belongs = "types and functions belong in an interface or a world"
            self._complain(
                "unexpected-token", expected, f"`{kind}` belongs in a world" if kind in WORLD_ONLY else belongs
            )
            stray = settled._replace(stray=True)
            try:
                self._world_item(NO_LEAD, quietly=True)
            except GiveUp:
                self._skip_item()
            return "junk", None, stray
        self._complain("unexpected-token", expected)
        self.advance()
        raise GiveUp

    def _looks_like_member(self) -> bool:
        following = self.peek(1)
        return following == ":" or (following in FUNC_WORDS and self._goes_on())

    def _misspelt_outer(self, expected: str) -> str:
        """The keyword that the word at hand stands for at the top of a file, reported; else the token's own kind.

        Where the keyword is missing altogether, the token before it is made the current one.
        """
        following, second = self.peek(1), self.peek(2)
        word = self.word(self.index)
        if following == "{" and misspelt.meant(word, ("interface", "world")) is None:
            self._complain("unexpected-token", expected)
            return self._guessed_head(1)
        if following == ":" and second == ID and self.peek(3) in ("{", ";", "@"):
            self._complain("unexpected-token", expected, f"did you mean `package {word}:{self.word(self.index + 2)}`?")
            return "package"
        if following == ":" or not self._goes_on():
            meant = misspelt.meant(word, _OUTER_WORDS) if following != ":" else None
            if meant is not None:
                self._complain("unexpected-token", expected, f"did you mean `{meant}`?")
            return ID
        if following == "{" or second == "{":
            among: tuple[str, ...] = ("interface", "world")
        elif second in (":", "/", ";"):
            among = ("package", "use")
        else:
            among = _OUTER_WORDS
        meant = misspelt.meant(word, among)
        if meant is None and (following != ID or second != "{" or misspelt.meant(word, TYPEDEF_STARTS)):
            return ID
        fixes = (self._replacement(meant),) if meant else ()
        self._complain("unexpected-token", expected, f"did you mean `{meant}`?" if meant else "", fixes=fixes)
        return meant or self._guessed_head(2)

    def _guessed_head(self, brace: int) -> str:
        """Whether the body whose `{` is that many tokens ahead is a world's or an interface's, by its first item."""
        here = self.index
        for _ in range(brace + 1):
            self.advance()
        depth = 1
        for _ in range(_GUESS):
            depth += (self.kind == "{") - (self.kind == "}")
            if depth == 0 or (depth == 1 and self.kind in WORLD_ONLY):
                break
            self.advance()
        guess = "world" if self.kind in WORLD_ONLY else "interface"
        self.rewind(here)
        return guess

    def _body_head(self, lead: Lead, kind: str, settled: State) -> _Read:
        """The head of an interface or a world, whose keyword (or what stands for it) is at hand."""
        keyword = self._keyword_or_gap(kind)
        self._refuse_external_id(lead, article(kind))
        name = self._name(kind)
        opening = f"to open {kind} `{name.text}`"
        if self.kind == ";":
            message = f"expected `{{` {opening}, found `;`"
            self._complain("expected-token", message, fixes=(Fix("Write `{}`", (TextEdit(self._span(), " {}"),)),))
            self.advance()
            return "junk", None, settled
        fits = self.kind != END and not self._starts_outer()
        if not self._expect("{", opening, fits=fits and not self._same_line()):
            while self._same_line() and self.kind not in ("{", "}", END):
                self.advance()
            if self.kind == "{":
                self.advance()
        node = (InterfaceHead if kind == "interface" else WorldHead)(lead, name, keyword)
        inside: Scope = "interface" if kind == "interface" else "world"
        return "open", node, self._opened(settled, inside)

    def _opened(self, state: State, scope: Scope) -> State:
        return State((*state.scopes, scope), False, (*state.indents, self._column(self.item_start)))

    def _package(self, lead: Lead, state: State, settled: State) -> _Read:
        keyword = self._keyword_or_gap("package")
        known = len(self.problems)
        name, span = self._package_name()
        if len(settled.scopes) > MAX_DEPTH:
            del self.problems[known:]
            self._report("nesting-too-deep", f"packages are nested more than {MAX_DEPTH} deep", keyword)
            if self.kind == "{":
                self._skip_braces()
            elif self.kind == ";":
                self.advance()
            return "junk", None, settled
        first = state.scopes == ("start",)
        if self.kind not in ("{", ";", "}", END) and self._same_line():
            message = f"expected `;` or `{{` after `package {name}`, found {self._found()}"
            self._complain("expected-token", message, "a version follows an `@`" if self.kind == "." else "")
            name = name._replace(version=name.version or "")  # what stands here may be meant as one
            while self.kind not in ("{", ";", "}", END) and self._same_line():
                self.advance()
            if self.kind not in ("{", ";"):
                self._mute()
        elif not first and (self._starts_outer() or self.kind == "@") and self._indented():
            self._expect("{", f"to open the nested package `{name}`")
            return self._nested_package(lead, settled, keyword, name, span, opened=True)
        if self.kind == "{":
            return self._nested_package(lead, settled, keyword, name, span)
        if first:
            if lead.attributes:
                self._report("misplaced-attribute", "a package header takes no attributes", keyword)
            self._semicolon(f"`package {name}`", or_else="`{`")
            return "header", PackageHeader(lead, name, span), settled
        self._complain(
            "misplaced-package",
            f"`package {name};` must be the first item of its file",
            "expected `{`, which would start a nested package",
        )
        if self.kind == ";":
            self.advance()
        elif self._same_line():
            self._skip_item()
        return "junk", None, settled

    def _nested_package(
        self, lead: Lead, settled: State, keyword: Span, name: PackageName, span: Span, opened: bool = False
    ) -> _Read:
        if lead.attributes:
            self._report("misplaced-attribute", "a nested package takes no attributes", keyword)
        if settled.scopes.count("package") == 1 and not settled.stray:  # one mistake, however it goes on
            message = f"package `{name}` is inside another package"
            hint = "nested packages stand at the top of a file"
            if 0 <= self._column(self.item_start) <= settled.indents[-1]:
                hint += ": is a `}` missing before it?"
            self._report("misplaced-package", message, span, hint)
        if not opened:
            self.advance()
        return "open", PackageHead(lead, name, span), self._opened(settled, "package")

    def _package_name(self) -> tuple[PackageName, Span]:
        start = self.start - self.base
        namespace = self._name("package's namespace")
        if self.kind == ID and self._goes_on() and self._same_line() and self.peek(1) in (";", "{", "@"):
            self._complain("expected-token", f"expected `:` after the namespace `{namespace.text}`", insert=":")
        elif not self._expect(
            ":",
            f"and the name of the package after `{namespace.text}`",
            instead=("/", "."),
            fits=False,
            hint="a package is named `namespace:name`",
        ):
            version = self._optional_version() if self._same_line() else None
            return PackageName(namespace.text, "", version), Span(start, max(start, self._here()))
        name = self._name("package")
        version = self._optional_version()
        return PackageName(namespace.text, name.text, version), Span(start, max(start, self._here()))

    def _top_level_use(self, lead: Lead, settled: State) -> _Read:
        keyword = self._take()
        if lead.attributes:
            self._report("misplaced-attribute", "a top-level `use` takes no attributes", keyword)
        path = self._path()
        alias = None
        if self.kind == "as":
            self.advance()
            alias = self._name("alias")
        if self.kind == "." and self.peek(1) == "{":
            self._complain(
                "unexpected-token",
                "types are used inside an interface or a world",
                "a top-level `use` names an interface only",
            )
            raise GiveUp
        self._semicolon("this `use`")
        return "use", TopLevelUse(lead, path, alias, keyword), settled


def _closed(state: State) -> State:
    """The state after the innermost scope was closed. That a package stood in a package was reported with the first."""
    scopes = state.scopes[:-1]
    return State(scopes, False, state.indents[:-1], state.scopes[-1] == "package" == scopes[-1])
