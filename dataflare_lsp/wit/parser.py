"""The WIT parser: one segment of a file at a time, every mistake reported once, neighbours left intact.

A segment is the smallest piece that is parsed by itself: a package header, a top-level `use`, the opening of an
interface, world or nested package, one item inside it, or a closing brace. What a segment is depends only on the text
from its start, on the state of the parser there, and on nothing beyond its `reach`; this is what makes `wit.source`
incremental. How mistakes are met is told in `wit.reader`.
Specification: WIT.md; where the reference parser differs from it, the reference wins.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import misspelt
from dataflare_lsp.wit.lexer import BAD, END, FORBIDDEN, ID, INTEGER, KEYWORDS, PRIMITIVES, STRING
from dataflare_lsp.wit.phrases import MAX_DEPTH, Phrases
from dataflare_lsp.wit.reader import (
    FUNC_WORDS,
    ITEM_STARTS,
    OUTER_STARTS,
    TYPE_STARTS,
    TYPEDEF_STARTS,
    WORLD_ONLY,
    GiveUp,
    Problem,
)
from dataflare_lsp.wit.syntax import (
    NO_LEAD,
    Accessor,
    Alias,
    Enum,
    Extern,
    Field,
    Flags,
    Func,
    FuncForm,
    Include,
    Inline,
    InterfaceHead,
    InterfaceItem,
    Lead,
    Missing,
    Name,
    Node,
    PackageHead,
    PackageHeader,
    PackageName,
    Param,
    Path,
    Primitive,
    Record,
    Rename,
    Resource,
    TopLevelUse,
    Type,
    TypeDef,
    Use,
    Variant,
    WorldHead,
    WorldItem,
)

__all__ = ["MAX_DEPTH", "START", "Parser", "Problem", "Scope", "Segment", "SegmentKind", "State"]

Scope = Literal["start", "file", "package", "interface", "world"]
"""What the text stands in. `start`: in a file, where a package header may still come."""

SegmentKind = Literal["header", "use", "open", "close", "member", "junk", "end"]

_BODIED = ("record", "variant", "enum", "flags", "resource")
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


class Parser(Phrases):
    """Reads the segments of `text` from `start` on, one per call of `segment`."""

    __slots__ = ()

    # Segments --------------------------------------------------------------------------------------------------------

    def segment(self, before: State) -> Segment:
        """The next segment, after `before`."""
        base = self.base = self.previous_end
        self.problems = []
        self._complaint = -1
        self._complained_index = -2
        anchor = self.item_start = self.start
        self.complained_at = anchor if before.muted else -1
        kind, node, after = self._read(before)
        muted = self.complained_at == self.start
        if muted != after.muted:
            after = after._replace(muted=muted)
        if muted and self._stays_wrong(after):
            self._withdraw_fix()
        end = len(self.text) if kind == "end" else self.previous_end
        if self._hashes:
            self._report_hashes(end)
        text = self.text[base:end]
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
            return "junk", None, settled

    def _after_attributes(self) -> None:
        """What must not stand between the attributes of an item and the item: signs too many, or an end."""
        while self.kind in (";", ",", ")"):
            what = "closes nothing" if self.kind == ")" else "cannot stand after an attribute"
            self._complain("unexpected-token", f"this `{self.kind}` {what}", fixes=(self._removal(),))
            self.advance()
        if self.kind in ("}", END):
            message = f"expected the item that the attributes belong to, found {self._found()}"
            self._complain("expected-token", message)
            raise GiveUp

    def _goes_on_after_attributes(self) -> bool:
        """Whether an item follows its attributes, which is reported where it does not."""
        try:
            self._after_attributes()
        except GiveUp:
            return False
        return True

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
        what = f"{'an' if kind == 'interface' else 'a'} {kind}"
        self._complain("unexpected-token", f"{what} cannot stand inside {_a(scope)}", hint, fixes=fixes)
        self.advance()
        self._skip_item()
        return "junk"

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
        self._refuse_external_id(lead, f"{'an' if kind == 'interface' else 'a'} {kind}")
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

    def _keyword_or_gap(self, kind: str) -> Span:
        """Read the keyword `kind`, or the word that stands for it; where it is missing and reported, nothing."""
        if (
            self.kind == ID
            and self.peek(1) in ("{", ":", "=", ".")
            and misspelt.meant(self.word(self.index), (kind,)) is None
        ):
            return Span(self.start - self.base, self.start - self.base)
        return self._take()

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

    # Items -----------------------------------------------------------------------------------------------------------

    def _belongs_in_world(self) -> bool:
        """In an interface: an import, an export or an include, as only a world has them."""
        return self.kind in WORLD_ONLY and self.peek(1) != ":"

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

    def _interface_item(self, lead: Lead) -> InterfaceItem | None:
        kind = self.kind
        expected = f"expected a type, a function or `use` in the interface, found {self._found()}"
        if kind == ID:
            kind = self._misspelt_item(expected, (*_BODIED, "type", "use"))
        if self._names_function_wrongly():
            kind = ID
        if kind == ID:
            return self._func(lead, "free")
        if kind in TYPEDEF_STARTS:
            return self._typedef(lead, kind)
        if kind == "use":
            return self._use(lead)
        if kind in ("async", "static", "func") and self._modifier_first():
            return self._func(lead, "free")
        self._complain("unexpected-token", expected)
        if kind not in ("}", END):
            self.advance()
        raise GiveUp

    def _world_item(self, lead: Lead, quietly: bool = False) -> WorldItem | None:
        kind = self.kind
        expected = f"expected `import`, `export`, `include`, `use` or a type in the world, found {self._found()}"
        if kind == ID:
            kind = self._misspelt_item(expected, ("import", "export", "include", *_BODIED, "type", "use"))
        if kind not in ("import", "export") and self._names_function_wrongly():
            kind = ID
        if kind in ("import", "export"):
            return self._extern(lead, "import" if kind == "import" else "export")
        if kind in TYPEDEF_STARTS:
            return self._typedef(lead, kind)
        if kind == "use":
            return self._use(lead)
        if kind == "include":
            return self._include(lead)
        if kind == ID:
            if not quietly:
                name = self.word(self.index)
                self._complain(
                    "unexpected-token",
                    f"expected `import` or `export` before `{name}`: what a world holds is one or the other",
                )
            if self.peek(1) in (":", ";", "/") and not self._starts_func():
                self._extern_item(lead, "import")
            else:
                self._func(lead, "free")
            return None
        self._complain("unexpected-token", expected)
        if kind not in ("}", END):
            self.advance()
        raise GiveUp

    def _misspelt_item(self, expected: str, among: tuple[str, ...]) -> str:
        """The keyword that the word at hand stands for, reported; else ID, for a name."""
        following, second = self.peek(1), self.peek(2)
        if following in (":", "(", *FUNC_WORDS):
            return ID
        if following in ("{", "=", ".") and self._goes_on():
            return self._keyword_missing(expected)
        word = self.word(self.index)
        if not self._goes_on() or not (following == ID or following in KEYWORDS):
            return ID
        if second == "{":
            among = tuple(one for one in among if one in _BODIED)
        elif second == "=":
            among = ("type",)
        elif second in (".", "/"):
            among = ("use", "include", "import", "export")
        elif following == ID and second == ":" and self.peek(3) in FUNC_WORDS and misspelt.meant(word, among) is None:
            self._complain("unexpected-token", expected, fixes=(self._removal(),))
            self.advance()
            return ID
        elif second == "(":
            self._modifier_first()
            return ID
        meant = misspelt.meant(word, among)
        if meant == "record" and self._guessed_body() == "resource":
            meant = "resource"
        if meant is None and second not in ("{", "="):
            return ID
        shown = meant or ("type" if second == "=" else "")
        fixes = (self._replacement(shown),) if shown else ()
        hint = f"did you mean `{shown}`?" if meant else "a type is written `type name = …`" if shown else ""
        self._complain("unexpected-token", expected, hint, fixes=fixes)
        return shown or self._guessed_body()

    def _keyword_missing(self, expected: str) -> str:
        """`name {`, `name =` or `path.{`: the keyword that is missing before it, reported; ID where none is."""
        following, second = self.peek(1), self.peek(2)
        if following == "{":
            keyword = self._guessed_body(1)
        elif following == "=" and second in TYPE_STARTS and not self._accessor_at(2):
            keyword = "type"
        elif following == "." and second == "{":
            keyword = "use"
        else:
            return ID
        start = self.start - self.base
        hint = f"is `{keyword}` missing before it?"
        fixes = (Fix(f"Insert `{keyword}`", (TextEdit(Span(start, start), f"{keyword} "),), False),)
        self._complain("unexpected-token", expected, hint, fixes=fixes)
        return keyword

    def _guessed_body(self, brace: int = 2) -> str:
        """What the body whose `{` is that many tokens ahead is most likely to define, by how it begins."""
        first, second = self.peek(brace + 1), self.peek(brace + 2)
        if first == "constructor" or (second == ":" and self.peek(brace + 3) in FUNC_WORDS):
            return "resource"
        return "variant" if second == "(" else "record" if second == ":" else "enum"

    def _modifier_first(self) -> bool:
        """`fn f(`, `static f: func(`, `async func f(`: reported; whether the name is at hand then."""
        kind, following, second = self.kind, self.peek(1), self.peek(2)
        first = self.index
        if following == ID and second == ":" and kind in ("static", "async"):
            name = self.word(first + 1)
            where = Span(self.start - self.base, self.starts[first + 1] - self.base)
            colon = self.ends[first + 2] - self.base
            edits = (TextEdit(where, ""), TextEdit(Span(colon, colon), f" {kind}"))
            message = f"`{kind}` stands after the name, as in `{name}: {kind} func`"
            self._complain("unexpected-token", message, fixes=(Fix(f"Move `{kind}`", edits),))
            self.advance()
            return True
        words = 2 if kind in ("static", "async") and following in (ID, "func") and second == ID else 1
        if self.peek(words) != ID or self.peek(words + 1) != "(":
            return False
        name = self.word(first + words)
        modifier = f"{kind} " if words == 2 else ""
        span = Span(self.start - self.base, self.ends[first + words] - self.base)
        new = f"{name}: {modifier}func"
        self._complain(
            "unexpected-token",
            f"a function is written `{new}(…)`, its name first",
            fixes=(Fix(f"Write `{new}`", (TextEdit(span, new),)),),
        )
        for _ in range(words):
            self.advance()
        # The missing `: func` is part of the same mistake.
        self.complained_at = self.starts[self.index + 1]
        self._complaint = -1
        return True

    # Use and include -------------------------------------------------------------------------------------------------

    def _use(self, lead: Lead) -> Use:
        self._keyword_or_gap("use")
        if self.kind == "{":
            message = "expected the name of an interface, found `{`"
            self._complain("expected-name", message, "write `use interface.{type};`")
            self.advance()
            self._list("}", "the types to use", "the name of a type", self._rename, ends_item=True)
            raise GiveUp
        path = self._path()
        if self.kind == ";":
            self._complain(
                "expected-token",
                f"expected `.{{` and the types to use from `{path.name.text}`, found `;`",
                "a `use` in an interface or a world names types",
            )
            self.advance()
            return Use(lead, path, ())
        if not self._expect(".", "and the types to use in braces", fits=self.kind == "{"):
            raise GiveUp
        if self.kind == ID and not self._at_item():
            return self._use_without_braces(lead, path)
        if self._expect("{", "before the types to use", fits=False):
            names = self._list("}", "the types to use", "the name of a type", self._rename, ends_item=True)
        else:
            names = ()
            if self._same_line() and self.kind not in (";", "}", END):
                raise GiveUp
        self._semicolon("this `use`")
        return Use(lead, path, names)

    def _use_without_braces(self, lead: Lead, path: Path) -> Use:
        """`use path.name;`, or `use path.name, other};`"""
        name = self.word(self.index)
        following = self.peek(3) if self.peek(1) == "as" else self.peek(1)
        if following in (",", "}") and self._goes_on():
            self._expect("{", "before the types to use")
            names = self._list("}", "the types to use", "the name of a type", self._rename, ends_item=True)
            self._semicolon("this `use`")
            return Use(lead, path, names)
        fixes = (self._replacement(f"{{{name}}}"),) if self.peek(1) == ";" else ()
        message = f"expected `{{` before the types to use, found `{name}`"
        self._complain("expected-token", message, f"write `{{{name}}}`", fixes=fixes)
        names = (Rename(self._name("type", defines=False)),)
        if self.kind != ";" and self._same_line():
            self._skip_item()
        else:
            self._semicolon("this `use`")
        return Use(lead, path, names)

    def _rename(self, _comments: str) -> Rename:
        name = self._name("type", defines=False)
        if not name.text and self.kind != "as":
            raise GiveUp
        alias = None
        if self.kind == "as":
            self.advance()
            alias = self._name("alias")
        return Rename(name, alias)

    def _include(self, lead: Lead) -> Include:
        self.advance()
        self._refuse_external_id(lead, "an `include`")
        path = self._path("world")
        renames: tuple[Rename, ...] = ()
        if self.kind == "with":
            self.advance()
            if not self._expect("{", "before the renames", fits=self.kind == ID and self.peek(1) == "as"):
                raise GiveUp
            renames = self._list("}", "the renames", "a rename", self._include_rename)
        else:
            self._semicolon("this `include`")
        return Include(lead, path, renames)

    def _include_rename(self, _comments: str) -> Rename:
        name = self._name("import or export", defines=False)
        if not self._expect("as", f"and the new name of `{name.text}`", instead=("=", ":", "->"), fits=self.kind == ID):
            if self._same_line() and self.kind not in (",", "}"):
                raise GiveUp
            return Rename(name, Name("", self._here(), self._here()))
        return Rename(name, self._name("import or export"))

    # Imports and exports ---------------------------------------------------------------------------------------------

    def _extern(self, lead: Lead, direction: Literal["import", "export"]) -> Extern | None:
        self.advance()
        if self.kind == direction:
            self._doubled()
        return self._extern_item(lead, direction)

    def _extern_item(self, lead: Lead, direction: Literal["import", "export"]) -> Extern | None:
        """What is imported or exported, after the keyword."""
        kind, following = self.kind, self.peek(1)
        if kind == ":":
            return self._named_extern(lead, direction)
        if kind == following == ID and self.peek(2) == ":" and self.word(self.index) == self.word(self.index + 1):
            self.advance()
            self._complain("unexpected-token", f"`{self.word(self.index)}` is written twice", fixes=(self._removal(),))
            return self._named_extern(lead, direction)
        if kind == "interface" and following == ID and self.peek(2) == "{" and self._same_line():
            return self._keyword_first(lead, direction)
        if kind in (ID, "func", "async") and following != ":" and self._same_line():
            if following == "interface" and self.peek(2) == "{" and kind == ID:
                return self._named_extern(lead, direction)
            if following == "(" or (following in FUNC_WORDS and self._goes_on()):
                return self._extern_func(lead, direction)
            if self._goes_on() and self._modifier_first():
                return self._extern_func(lead, direction)
        if (
            (kind in (ID, STRING) or kind in KEYWORDS)
            and following == ":"
            and not (self.peek(2) == ID and self.peek(3) == "/")
        ):
            return self._named_extern(lead, direction)
        path = self._path()
        if not path.name.text and path.package is None and not self._here_or_later(path.start):
            return None
        self._semicolon(f"this `{direction}`")
        return Extern(lead, direction, None, path)

    def _here_or_later(self, start: int) -> bool:
        """Whether anything was read since `start`."""
        return self._here() > start

    def _named_extern(self, lead: Lead, direction: Literal["import", "export"]) -> Extern:
        """`name: func(…)`, `name: interface { … }` or `name: path`."""
        name = self._name(direction, leads=True)
        self._expect(":", f"after `{name.text}`")
        if self.kind in ("func", "async", "(") or self._accessor() or self._misspelt_func():
            return Extern(lead, direction, name, self._signature(lead, name, "free"))
        if self.kind == "interface" and (self._same_line() or self.peek(1) != ID):
            self.advance()
            if self.kind == ID and self.peek(1) == "{" and self._same_line():
                message = f"expected `{{` to open the interface of `{name.text}`, found {self._found()}"
                self._complain("expected-token", message, fixes=(self._removal(),))
                self.advance()
            fits = self._starts_item() or (self.kind == "}" and self._same_line())
            if not self._expect("{", f"to open the interface of `{name.text}`", fits=fits):
                return Extern(lead, direction, name, Inline(()))
            return Extern(lead, direction, name, Inline(self._inline()))
        path = self._path()
        self._semicolon(f"this `{direction}`")
        return Extern(lead, direction, name, path)

    def _extern_func(self, lead: Lead, direction: Literal["import", "export"]) -> Extern:
        """A function whose `:` or `: func` is missing."""
        function = self._func(lead, "free")
        return Extern(lead, direction, function.name, function)

    def _keyword_first(self, lead: Lead, direction: Literal["import", "export"]) -> Extern:
        """`import interface name { … }`"""
        name = self.word(self.index + 1)
        span = Span(self.start - self.base, self.ends[self.index + 1] - self.base)
        new = f"{name}: interface"
        self._complain(
            "unexpected-token",
            f"the name comes first: `{direction} {new}`",
            fixes=(Fix(f"Write `{new}`", (TextEdit(span, new),)),),
        )
        self.advance()
        named = self._name(direction)
        self.advance()
        return Extern(lead, direction, named, Inline(self._inline()))

    def _inline(self) -> tuple[InterfaceItem, ...]:
        """The items of an interface in place, its `{` being read already."""
        members: list[InterfaceItem] = []
        opening = self.previous_end
        while True:
            if self.kind == "}":
                self.advance()
                break
            if self._skip_semicolon():
                continue
            first, known = self.index, len(self.problems)
            lead = self._lead()
            if self.kind == END or self._starts_outer():
                self._unclosed_before(first, known, "interface", opening)
                break
            if lead.attributes and not self._goes_on_after_attributes():
                continue
            if self._belongs_in_world():
                if not self._indented():
                    self._unclosed_before(first, known, "interface", opening)
                    break
                self._complain("unexpected-token", f"`{self.kind}` belongs in a world, not in an interface")
                self.advance()
                if not (self._starts_item() or self.kind == ID):
                    self._skip_item()
                continue
            try:
                member = self._interface_item(lead)
                if member is not None:
                    members.append(member)
            except GiveUp:
                self._skip_item()
        return tuple(members)

    def _indented(self) -> bool:
        """Whether the current token stands further right than the item at hand begins, as what is inside it would."""
        return not self._same_line() and self._column(self.start) > self._column(self.item_start) >= 0

    def _skip_semicolon(self) -> bool:
        """Skip a `;` where an item should begin, having reported it."""
        if self.kind != ";":
            return False
        self._complain("unexpected-token", "this `;` ends nothing", fixes=(self._removal(),))
        self.advance()
        return True

    # Types -----------------------------------------------------------------------------------------------------------

    def _typedef(self, lead: Lead, kind: str) -> TypeDef:
        keyword = self._keyword_or_gap(kind)
        name = self._name(kind)
        if self.kind == "<":
            self._complain("unexpected-token", f"{kind} `{name.text}` takes no type parameters: only built-in types do")
            self._skip_balanced()
        if kind == "type":
            if not self._expect("=", f"and what `{name.text}` stands for", instead=(":",), fits=self._type_follows()):
                return self._damaged_alias(lead, name)
            if self.kind not in _BODIED or self.peek(1) != "{":
                alias = Alias(lead, name, self._type())
                self._semicolon(f"type `{name.text}`")
                return alias
            kind = self._definition_in_place(name, keyword)
        if kind == "resource":
            functions: tuple[Func, ...] = ()
            if self.kind == "{":
                self.advance()
                functions = self._resource_body()
            elif self.kind == "constructor" or (self._starts_func() and self._indented()):
                self._expect("{", f"to open resource `{name.text}`")
                functions = self._resource_body()
            else:
                self._semicolon(f"resource `{name.text}`", or_else="`{`")
            return Resource(lead, name, functions)
        return self._fields(lead, kind, name)

    def _type_follows(self) -> bool:
        return self.kind in TYPE_STARTS and self._same_line()

    def _damaged_alias(self, lead: Lead, name: Name) -> Alias:
        """A type whose `=` is missing, and what it stands for."""
        here = self._here()
        if self._same_line() and self.kind not in ("}", END):
            if self.kind != ";":
                self._skip_item()
            else:
                self.advance()
        return Alias(lead, name, Missing(here, here))

    def _definition_in_place(self, name: Name, keyword: Span) -> str:
        """`type name = record { …`, whose second keyword is at hand: reported and read."""
        kind = self.kind
        new = f"{kind} {name.text}"
        span = Span(keyword.start, self.ends[self.index] - self.base)
        message = f"expected a type, found the keyword `{kind}`"
        fixes = (Fix(f"Write `{new}`", (TextEdit(span, new),)),)
        self._complain("expected-type", message, f"a {kind} is defined as `{new} {{ … }}`", fixes=fixes)
        self.advance()
        return kind

    def _fields(self, lead: Lead, kind: str, name: Name) -> Record | Variant | Enum | Flags:
        """The rest of a record, a variant, an enum or flags, after its name."""
        what = f"{kind} `{name.text}`"
        if self.kind in ("=", ":") and self.peek(1) == "{":
            message = f"expected `{{` to open {what}, found `{self.kind}`"
            self._complain("expected-token", message, fixes=(self._removal(),))
            self.advance()
        fields: tuple[Field, ...]
        if self._expect("{", f"to open {what}", fits=self._element_follows(kind)):
            noun, element = self._ELEMENTS[kind]
            fields = self._list("}", what, noun, lambda comments: element(self, comments, kind))
        else:
            # Half-typed: a nameless field says that it is not empty by intent.
            fields = (Field("", Name("", self._here(), self._here()), None),)
            if self.kind == ";" and self._same_line():
                self.advance()
            elif self._same_line() and self.kind not in ("}", END) and not self._starts_item():
                self._skip_item()
        if kind == "record":
            return Record(lead, name, fields)
        if kind == "variant":
            return Variant(lead, name, fields)
        return Enum(lead, name, fields) if kind == "enum" else Flags(lead, name, fields)

    def _element_follows(self, kind: str) -> bool:
        """Whether a field or a case plainly begins here."""
        if self.kind != ID or self._at_item():
            return False
        return self.peek(1) in {"record": (":",), "variant": ("(", ",", "}")}.get(kind, (",", "}"))

    def _field(self, comments: str, _kind: str) -> Field:
        if self.kind in PRIMITIVES and self.peek(1) == ID and self._goes_on():
            return Field(comments, *self._type_first())
        self._skip_extra_word()
        name = self._name("field")
        return Field(comments, name, self._type_of("field", name))

    def _skip_extra_word(self) -> None:
        """`mut name: type`"""
        word = self.kind == ID or self.kind in KEYWORDS
        if word and self.peek(1) == ID and self.peek(2) == ":" and self._goes_on():
            message = f"expected `:` after `{self.word(self.index)}`, found `{self.word(self.index + 1)}`"
            self._complain("expected-token", message, fixes=(self._removal(),))
            self.advance()

    def _type_first(self) -> tuple[Name, Type]:
        """`u32 name`, as other languages have it."""
        kind = self.kind
        name = self.word(self.index + 1)
        span = Span(self.start - self.base, self.ends[self.index + 1] - self.base)
        new = f"{name}: {kind}"
        message = f"expected a name and its type, found the keyword `{kind}`"
        fixes = (Fix(f"Write `{new}`", (TextEdit(span, new),)),)
        self._complain("expected-name", message, f"the name comes first: `{new}`", fixes=fixes)
        keyword = self._take()
        return self._name("field"), Primitive(kind, *keyword)

    def _type_of(self, what: str, name: Name) -> Type:
        """`: type`, of a field or a parameter."""
        colon = self.kind == ":"
        fits = self._type_follows()
        if not self._expect(":", f"and the type of {what} `{name.text}`", instead=("=",), fits=fits):
            if not name.text:
                raise GiveUp
            return Missing(self._here(), self._here())
        if not colon and self.kind == ID and self._same_line() and self.text[self.previous_end - 1] != "=":
            # Without its colon, `int a` may as well be meant as `a: int`: which of the two is the type is not certain.
            self.advance()
            return Missing(self._here(), self._here())
        return self._type()

    def _case(self, comments: str, _kind: str) -> Field:
        name = self._name("case")
        if not name.text and self.kind != "(":
            raise GiveUp
        if self.kind in (":", "=") and self._same_line() and self.peek(1) in TYPE_STARTS:
            message = f"expected `(` before the payload of case `{name.text}`, found `{self.kind}`"
            self._complain("expected-token", message, f"a case with a payload is written `{name.text}(…)`")
            self.advance()
            return Field(comments, name, self._type())
        if self.kind != "(":
            return Field(comments, name, None)
        self.advance()
        payload = self._type()
        if self.kind == "," and self._payload_goes_on():
            message = f"expected `)` after the payload of case `{name.text}`, found `,`"
            self._complain("expected-token", message, "several values are a `tuple<…>`")
            while self.kind in (",", *TYPE_STARTS) and not self._at_item():
                self.advance()
                if self.kind == "<":
                    self._skip_balanced()
        self._expect(")", f"after the payload of case `{name.text}`")
        return Field(comments, name, payload)

    def _payload_goes_on(self) -> bool:
        """After the first type of a case, at a comma: whether another type follows rather than another case."""
        following = self.peek(1)
        if not self._goes_on():
            return False
        return self.peek(2) == ")" if following == ID else following in TYPE_STARTS

    def _label(self, comments: str, kind: str) -> Field:
        word = "flag" if kind == "flags" else "case"
        name = self._name(word)
        if not name.text:
            raise GiveUp
        if self.kind in ("(", ":", "=") and self._same_line():
            hint = "a `variant` has cases that carry a value" if self.kind != "=" and kind == "enum" else ""
            message = f"expected `,` or `}}` after {word} `{name.text}`, found `{self.kind}`"
            self._complain("expected-token", message, hint or f"a {word} is a name and nothing else")
            self._skip_element("}")
        return Field(comments, name, None)

    _ELEMENTS: "dict[str, tuple[str, Callable[[Parser, str, str], Field]]]" = {  # noqa: RUF012
        "record": ("a field", _field),
        "variant": ("a case", _case),
        "enum": ("a case", _label),
        "flags": ("a flag", _label),
    }

    # Resources and functions -----------------------------------------------------------------------------------------

    def _resource_body(self) -> tuple[Func, ...]:
        """The functions of a resource, its `{` being read already.

        Where its `}` proves to be missing, the functions that stand no further right than the resource itself are given
        back: they are the interface's own.
        """
        functions: list[Func] = []
        opening = self.previous_end
        outside: tuple[int, int, int] | None = None
        while True:
            if outside is None and self.kind in (ID, "@") and self._dedented():
                outside = self.index, len(functions), len(self.problems)
            if self.kind == "}":
                self.advance()
                break
            if self._skip_semicolon():
                continue
            first, known = self.index, len(self.problems)
            lead = self._lead()
            if lead.attributes and not self._goes_on_after_attributes():
                continue
            begins = self.kind in ITEM_STARTS and not self._names_function_wrongly()
            if self.kind == END or begins or self._starts_outer():
                if not begins or self._starts_outer() or not self._indented():
                    if outside is None:
                        self._unclosed_before(first, known, "resource", opening)
                    else:
                        index, kept, good = outside
                        self._unclosed_before(index, good, "resource", opening)
                        del functions[kept:]
                    break
                self._complain(
                    "unexpected-token", f"`{self.kind}` cannot stand inside a resource: it has functions only"
                )
                self.advance()
                self._skip_item()
                continue
            try:
                functions.append(self._resource_item(lead))
            except GiveUp:
                self._skip_item()
            if self._complained_index >= self.index - 1 and self.kind != "}" and self._dedented():
                # A function that is being typed, and after it what is indented as the resource is.
                self._unclosed("resource", opening)
                break
        return tuple(functions)

    def _dedented(self) -> bool:
        """Whether the current token begins its line, no further right than the item at hand begins."""
        return not self._same_line() and 0 <= self._column(self.start) <= self._column(self.item_start)

    def _resource_item(self, lead: Lead) -> Func:
        kind = self.kind
        if kind == "constructor":
            return self._constructor(lead)
        expected = f"expected `constructor` or a function in the resource, found {self._found()}"
        if kind in ("static", "async", "func"):
            form: FuncForm = "static" if kind == "static" else "method"
            if self._modifier_first():
                return self._func(lead, form)
        elif kind == ID:
            if self._misspelt_item(expected, ("constructor",)) == "constructor":
                return self._constructor(lead)
            return self._func(lead, "method")
        elif self._names_function_wrongly():
            return self._func(lead, "method")
        self._complain("unexpected-token", expected)
        if self.kind not in ("}", END):
            self.advance()
        raise GiveUp

    def _constructor(self, lead: Lead) -> Func:
        keyword = self._take()
        if self.kind == ":" and self.peek(1) == "func":
            span = Span(self._here(), self.ends[self.index + 1] - self.base)
            fixes = (Fix("Remove `: func`", (TextEdit(span, ""),)),)
            self._complain("unexpected-token", "a constructor is written `constructor(…)`", fixes=fixes)
            self.advance()
            self.advance()
        params = self._params("constructor", "the parameters of the constructor")
        result = None
        if self.kind == "->":
            self.advance()
            result = self._type()
        self._semicolon("the constructor")
        name = Name("constructor", *keyword)
        return Func(lead, name, "constructor", False, "", params, result, keyword)

    def _func(self, lead: Lead, form: FuncForm) -> Func:
        name = self._name("function", leads=True)
        kind = self.kind
        if kind == ":":
            self._expect(":", "")
        elif kind == "(" and self._same_line():
            message = f"expected `: func` before the parameters of `{name.text}`, found `(`"
            self._complain("expected-token", message, insert=": func")
            return self._after_keyword(lead, name, form, False, "", Span(self._here(), self._here()))
        elif kind in ("=", "->") and (self.peek(1) in FUNC_WORDS or self._accessor_at(1)):
            self._expect(":", f"after `{name.text}`", instead=(kind,))
        elif kind in FUNC_WORDS or self._accessor():
            self._expect(":", f"after `{name.text}`")
        else:
            among = ("constructor",) if form == "method" else (*_BODIED, "type", "use")
            meant = None if self._same_line() else misspelt.meant(name.text, among)
            hint = f"did you mean `{meant}`?" if meant else ""
            self._expect(":", f"and `func` after `{name.text}`", fits=False, hint=hint)
            raise GiveUp
        if self.kind == "static" and form in ("method", "static"):
            self.advance()
            form = "static"
        return self._signature(lead, name, form)

    def _signature(self, lead: Lead, name: Name, form: FuncForm) -> Func:
        """`async func(…) -> …;`, the name being read already."""
        self._skip_modifier(name)
        is_async = self.kind == "async"
        if is_async:
            self.advance()
        accessor: Accessor = "" if is_async else self._accessor()
        if accessor or self.kind == "func":
            keyword = self._take()
        elif self.kind == "(":
            keyword = Span(self._here(), self._here())
            self._complain(
                "expected-token", f"expected `func` before the parameters of `{name.text}`, found `(`", insert="func"
            )
        elif self._misspelt_func():
            message = f"expected `func` after `{name.text}:`, found {self._found()}"
            fixes = (self._replacement("func"),) if self.peek(1) == "(" else ()
            self._complain("expected-token", message, "did you mean `func`?", fixes=fixes)
            keyword = self._take()
            if self.kind != "(":
                self._mute()
        else:
            hint = "types and functions are all that stands here" if self.kind in TYPE_STARTS - {ID} else ""
            self._expect("func", f"after `{name.text}:`", fits=False, hint="" if self._at_item() else hint)
            raise GiveUp
        return self._after_keyword(lead, name, form, is_async, accessor, keyword)

    def _skip_modifier(self, name: Name) -> None:
        """A word before `func` that cannot stand there."""
        if self.peek(1) != "func" or self.kind not in (ID, BAD, "static") or not self._goes_on():
            return
        message = f"expected `func` after `{name.text}:`, found {self._found()}"
        if self.kind == "static":
            self._complain("expected-token", message, "only a resource has static functions", fixes=(self._removal(),))
        elif self.kind == ID and misspelt.meant(self.word(self.index), ("async",)):
            self._complain("expected-token", message, "did you mean `async`?", fixes=(self._replacement("async"),))
        else:
            self._complain("expected-token", message, fixes=(self._removal(),))
        self.advance()

    def _misspelt_func(self) -> bool:
        """Whether a word stands here for `func`."""
        if self.kind != ID or not self._same_line():
            return False
        return self.peek(1) == "(" or misspelt.meant(self.word(self.index), ("func",)) is not None

    def _after_keyword(
        self, lead: Lead, name: Name, form: FuncForm, is_async: bool, accessor: Accessor, keyword: Span
    ) -> Func:
        if self.kind in ("async", "static") and self.peek(1) == "(":
            self._modifier_last(keyword, form)
        elif self.kind == "<":
            self._complain(
                "unexpected-token", f"function `{name.text}` takes no type parameters: only built-in types do"
            )
            self._skip_balanced()
        params = self._params(accessor or "func", f"the parameters of `{name.text}`")
        result = self._result(name)
        if self.kind == "{" and self._same_line():
            self._complain("unexpected-token", f"function `{name.text}` has no body in WIT: expected `;`, found `{{`")
            self._skip_braces()
        else:
            self._semicolon(f"function `{name.text}`")
        return Func(lead, name, form, is_async, accessor, params, result, keyword)

    def _modifier_last(self, keyword: Span, form: FuncForm) -> None:
        """`func async(`"""
        new = "func" if self.kind == "static" and form == "free" else f"{self.kind} func"
        span = Span(keyword.start, self.end - self.base)
        message = f"`{self.kind}` stands before `func`"
        self._complain("unexpected-token", message, fixes=(Fix(f"Write `{new}`", (TextEdit(span, new),)),))
        self.advance()

    def _params(self, after: str, what: str) -> tuple[Param, ...]:
        if self.kind != "(" and not (self._doubled() and self.kind == "("):
            begins = self.kind == ID and self.peek(1) in (":", ")") and not self._at_item()
            if not begins and self.kind != ")":
                message = f"expected `(` after `{after}`, found {self._found()}"
                whole = not self._same_line() or self.kind in ("->", ";", "}", END)
                self._complain("expected-token", message, insert="()" if whole else "")
                if not whole:
                    raise GiveUp
                return ()
        self._expect("(", f"after `{after}`")
        return self._list(")", what, "a parameter", self._param)

    def _param(self, comments: str) -> Param:
        if self.kind in PRIMITIVES and self.peek(1) == ID and self._goes_on():
            name, kind = self._type_first()
            return Param(name, kind, comments)
        self._skip_extra_word()
        name = self._name("parameter")
        return Param(name, self._type_of("parameter", name), comments)

    def _result(self, name: Name) -> Type | None:
        """What stands after the parameters of a function, up to its `;`."""
        if self.kind == ")":
            self._doubled()
        kind, following = self.kind, self.peek(1)
        if kind == "->":
            self.advance()
            if self.kind == "->":
                self._doubled()
        elif not self._same_line():
            return None
        elif (kind in ("=", "-") and following == ">") or (kind in (":", "=") and following in TYPE_STARTS):
            last = self.index + (following == ">")
            span = Span(self.start - self.base, self.ends[last] - self.base)
            found = self.text[self.start : self.ends[last]]
            message = f"expected `->` before the result of `{name.text}`, found `{found}`"
            self._complain("expected-token", message, fixes=(Fix("Write `->`", (TextEdit(span, "->"),)),))
            while self.index <= last:
                self.advance()
        elif kind in TYPE_STARTS and not self._starts_item():
            self._expect("->", f"before the result of `{name.text}`")
        else:
            return None
        if self.kind != "(":
            return self._type()
        span = self._span()
        message = f"expected one type as the result of `{name.text}`, found `(`"
        hint = "return several values as a `tuple<…>` or a record"
        fixes: tuple[Fix, ...] = ()
        if following == "(" and self.peek(1) == ")":
            hint = "a function that returns nothing has no `->`"
            arrow = Span(self.starts[self.index - 1] - self.base, self.ends[self.index + 1] - self.base)
            fixes = (Fix("Remove `-> ()`", (TextEdit(arrow, ""),)),)
        self._complain("expected-type", message, hint, fixes=fixes)
        self._skip_balanced()
        return Missing(*span)

    def _names_function_wrongly(self) -> bool:
        """`keyword: func…` or `3d: func…`: a function whose name is none."""
        if self.kind in KEYWORDS:
            return self.peek(1) == ":" and self.peek(2) in FUNC_WORDS and self._goes_on()
        return self.kind == INTEGER and self.peek(1) == ID and self.peek(2) == ":" and self.peek(3) in FUNC_WORDS

    def _accessor(self) -> Accessor:
        """The word `get` or `set`, where it makes an accessor here."""
        return self._accessor_at(0)

    def _accessor_at(self, ahead: int) -> Accessor:
        if self.peek(ahead) == ID and self.peek(ahead + 1) == "(":
            word = self.word(self.index + ahead)
            if word == "get":
                return "get"
            if word == "set":
                return "set"
        return ""

    # Braces and signs ------------------------------------------------------------------------------------------------

    def _unclosed_before(self, first: int, known: int, scope: str, opening: int = -1) -> None:
        """Report that a brace is missing before the item at hand, and give back its attributes.

        They begin with token `first`, and brought the problems from number `known` on.
        """
        del self.problems[known:]
        if self.complained_at == self.starts[first] or (
            self._complained_index == first - 1 and self._complaint < known
        ):
            self._mute(self._complaint)
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

    def _skip_braces(self) -> None:
        """Skip from a `{` to its `}`, whatever is between."""
        depth = 0
        while self.kind != END:
            depth += (self.kind == "{") - (self.kind == "}")
            self.advance()
            if depth == 0:
                return

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


def _closed(state: State) -> State:
    """The state after the innermost scope was closed. That a package stood in a package was reported with the first."""
    scopes = state.scopes[:-1]
    return State(scopes, False, state.indents[:-1], state.scopes[-1] == "package" == scopes[-1])


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
