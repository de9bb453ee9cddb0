"""The WIT parser: one segment of a file at a time, every mistake reported once, neighbours left intact.

A segment is the smallest piece that is parsed by itself: a package header, a top-level `use`, the opening of an
interface, world or nested package, one item inside it, or a closing brace. What a segment is depends only on the text
from its start, on the scopes open there, and on nothing beyond its `reach`; this is what makes `wit.source` incremental.

Recovery: after a mistake the parser goes on as if the missing sign were there when what follows fits, else it skips to
where the next item plainly begins. A second mistake at the same token is an echo and is not reported.
Specification: WIT.md; where the reference parser differs from it, the reference wins.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeVar

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import lexer
from dataflare_lsp.wit.lexer import BAD, END, FORBIDDEN, ID, INTEGER, KEYWORDS, OPEN_COMMENT, STRING, Tokens
from dataflare_lsp.wit.syntax import (
    NO_LEAD,
    Accessor,
    Alias,
    Attribute,
    Deprecated,
    Enum,
    Extern,
    ExternalId,
    Field,
    Flags,
    Func,
    FuncForm,
    FutureOf,
    Handle,
    Include,
    Inline,
    InterfaceHead,
    InterfaceItem,
    Lead,
    ListOf,
    MapOf,
    Missing,
    Name,
    Named,
    Node,
    OptionOf,
    PackageHead,
    PackageHeader,
    PackageName,
    Param,
    Path,
    Primitive,
    Record,
    Rename,
    Resource,
    ResultOf,
    Since,
    StreamOf,
    TopLevelUse,
    TupleOf,
    Type,
    TypeDef,
    Unstable,
    Use,
    Variant,
    WorldHead,
    WorldItem,
)

Scope = Literal["start", "file", "package", "interface", "world"]
"""What the text stands in. `start`: in a file, where a package header may still come."""

SegmentKind = Literal["header", "use", "open", "close", "member", "junk", "end"]

MAX_DEPTH = 100
"""Of types in types, and of packages in packages; the reference's limit."""

T = TypeVar("T")


class Problem(NamedTuple):
    """A mistake, with spans that count from the start of the segment it lies in."""

    code: str
    message: str
    span: Span
    hint: str = ""
    notes: tuple[str, ...] = ()
    related: tuple[tuple[Span, str], ...] = ()
    fixes: tuple[Fix, ...] = ()


class State(NamedTuple):
    """All that a segment's meaning takes from the text before it.

    `scopes` are those open, outermost first. `muted`: a mistake was already reported at the first token that comes.
    """

    scopes: tuple[Scope, ...] = ("start",)
    muted: bool = False


START = State()


class Segment:
    """One parsed piece of a file. Immutable; compared by identity, kept as long as its text stays the same.

    `length` is in code points and starts where the previous segment ended, so blank text and comments lead a segment.
    `anchor` is where its first token starts. `reach` is the first offset, from its start, that it does not depend on.
    `before` and `after` are the parser's state around it.
    """

    __slots__ = ("after", "anchor", "before", "facts", "judged", "kind", "length", "node", "problems", "reach", "text")

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

    def __repr__(self) -> str:
        return f"Segment({self.kind}, {self.text.strip()[:40]!r})"


class _GiveUp(Exception):
    """The rest of the item cannot be read; the mistake is already reported."""


_TYPE_STARTS = frozenset(
    (*lexer.PRIMITIVES, "list", "map", "option", "result", "tuple", "future", "stream", "own", "borrow", ID)
)
_TYPEDEF_STARTS = frozenset(("type", "record", "variant", "enum", "flags", "resource"))
_WORLD_ONLY = frozenset(("import", "export", "include"))
_OUTER_STARTS = frozenset(("interface", "world", "package"))
_ITEM_STARTS = _TYPEDEF_STARTS | _WORLD_ONLY | _OUTER_STARTS | {"use"}
_MAP_KEYS = lexer.PRIMITIVES - {"f32", "f64", "error-context"}
_CLOSER = {"{": "}", "(": ")", "<": ">"}

_SEMVER = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_WORD_BREAK = re.compile(r"[_\s]+|(?<=[a-z0-9])(?=[A-Z])")

_FUNC_WORDS = frozenset(("func", "async", "static"))


class Parser:
    """Reads the segments of `text` from `start` on, one per call of `segment`."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.tokens = Tokens(text, start)
        self.base = start
        self.problems: list[Problem] = []
        self.complained_at = -1
        self.previous_end = start

    # Segments --------------------------------------------------------------------------------------------------

    def segment(self, before: State) -> Segment:
        """The next segment, after `before`."""
        tokens = self.tokens
        base = self.base = self.previous_end
        self.problems = []
        anchor = tokens.start
        first = tokens.index
        self.complained_at = anchor if before.muted else -1
        kind, node, scopes = self._read(before.scopes)
        after = State(scopes, self.complained_at == tokens.start)
        end = self.previous_end if tokens.index > first else base
        if kind == "end":
            end = self.previous_end = len(self.text)
        text = self.text[base:end]
        found = FORBIDDEN.search(text)
        if found is not None:
            self._forbidden(text)
        return Segment(
            kind, node, text, anchor - base, tokens.reach - base, before, after, tuple(self.problems)
        )

    def _read(self, scopes: tuple[Scope, ...]) -> tuple[SegmentKind, Node | None, tuple[Scope, ...]]:
        scope = scopes[-1]
        settled: tuple[Scope, ...] = ("file",) if scope == "start" else scopes
        kind = self.tokens.kind
        if kind == END:
            if len(scopes) > 1:
                self._unclosed(scope)
                return "close", None, scopes[:-1]
            return "end", None, settled
        if kind == "}":
            if len(scopes) > 1:
                self._advance()
                return "close", None, scopes[:-1]
            self._complain("unexpected-token", "this `}` closes nothing")
            self._advance()
            return "junk", None, settled
        first, start, known = self.tokens.index, self.previous_end, len(self.problems)
        lead = self._lead()
        if scope in ("interface", "world") and self._starts_outer():
            # The attributes belong to what begins here, outside: give them back.
            del self.problems[known:]
            self._unclosed(scope)
            self.tokens.rewind(first)
            self.previous_end = start
            return "close", None, scopes[:-1]
        try:
            if scope in ("start", "file", "package"):
                return self._outer_item(lead, scopes, settled)
            node: Node | None = (
                self._interface_item(lead) if scope == "interface" else self._world_item(lead)
            )
            return ("member" if node is not None else "junk"), node, settled
        except _GiveUp:
            self._skip_item()
            return "junk", None, settled

    def _outer_item(
        self, lead: Lead, scopes: tuple[Scope, ...], settled: tuple[Scope, ...]
    ) -> tuple[SegmentKind, Node | None, tuple[Scope, ...]]:
        tokens = self.tokens
        kind = tokens.kind
        if kind == "package":
            return self._package(lead, scopes, settled)
        if kind in ("interface", "world"):
            keyword = self._advance()
            self._refuse_external_id(lead, f"{'an' if kind == 'interface' else 'a'} {kind}")
            name = self._name(kind)
            if tokens.kind == ";":
                self._complain("expected-token", f"expected `{{` to open {kind} `{name.text}`, found `;`")
                self._advance()
                return "junk", None, settled
            self._expect("{", f"to open {kind} `{name.text}`")
            head = InterfaceHead if kind == "interface" else WorldHead
            inside: Scope = "interface" if kind == "interface" else "world"
            return "open", head(lead, name, keyword), (*settled, inside)
        if kind == "use":
            return self._top_level_use(lead, settled)
        if lead.attributes and kind in ("}", END):
            self._complain("expected-token", f"expected an item after its attributes, found {self._found()}")
            return "junk", None, settled
        where = "a nested package" if settled[-1] == "package" else "a file"
        expected = "expected `interface`, `world`, `use` or `package`"
        belongs = ""
        if kind in _WORLD_ONLY:
            belongs = f"`{kind}` belongs in a world"
        elif kind in _TYPEDEF_STARTS or (kind == ID and tokens.peek(1) == ":"):
            belongs = "types and functions belong in an interface or a world"
        self._complain("unexpected-token", f"{expected} at the top of {where}, found {self._found()}", belongs)
        if kind in _WORLD_ONLY or kind in _TYPEDEF_STARTS or (kind == ID and tokens.peek(1) == ":"):
            self._world_item(NO_LEAD, quietly=True)
        else:
            self._advance()
            self._skip_item()
        return "junk", None, settled

    def _package(
        self, lead: Lead, scopes: tuple[Scope, ...], settled: tuple[Scope, ...]
    ) -> tuple[SegmentKind, Node | None, tuple[Scope, ...]]:
        keyword = self._advance()
        name, span = self._package_name()
        if self.tokens.kind != ";":
            if lead.attributes:
                self._report("misplaced-attribute", "a nested package takes no attributes", keyword)
            if len(settled) > MAX_DEPTH:
                self._report("nesting-too-deep", f"packages are nested more than {MAX_DEPTH} deep", keyword)
                while self.tokens.kind != END:
                    self._advance()
                self.complained_at = self.tokens.start  # that nothing is closed now is an echo
                return "junk", None, settled
            if settled.count("package") == 1:  # one mistake, however deep they go on
                self._report(
                    "misplaced-package",
                    f"package `{name}` is inside another package",
                    span,
                    hint="nested packages stand at the top of a file",
                )
            if self.tokens.kind != "{":
                self._complain("expected-token", f"expected `{{` or `;` after `package {name}`, found {self._found()}")
                if scopes == ("start",):
                    return "header", PackageHeader(lead, name, span), settled
                return "junk", None, settled
            self._advance()
            return "open", PackageHead(lead, name, span), (*settled, "package")
        if scopes == ("start",) and not lead.attributes:
            self._advance()
            return "header", PackageHeader(lead, name, span), settled
        if lead.attributes and scopes == ("start",):
            self._report("misplaced-attribute", "a package header takes no attributes", keyword)
            self._advance()
            return "header", PackageHeader(lead, name, span), settled
        self._complain(
            "misplaced-package",
            f"`package {name};` must be the first item of its file",
            "expected `{`, which would start a nested package",
        )
        self._advance()
        return "junk", None, settled

    def _package_name(self) -> tuple[PackageName, Span]:
        tokens = self.tokens
        start = tokens.start - self.base
        namespace = self._name("package namespace")
        if tokens.kind == ID and self._same_line():
            self._complain("expected-token", f"expected `:` after the namespace `{namespace.text}`")
        else:
            self._expect(":", f"and a package name after `{namespace.text}`", give_up=True)
        name = self._name("package")
        version = self._optional_version()
        span = Span(start, self.previous_end - self.base)
        return PackageName(namespace.text, name.text, version), span

    def _top_level_use(
        self, lead: Lead, settled: tuple[Scope, ...]
    ) -> tuple[SegmentKind, Node | None, tuple[Scope, ...]]:
        keyword = self._advance()
        if lead.attributes:
            self._report("misplaced-attribute", "a top-level `use` takes no attributes", keyword)
        path = self._path()
        alias = None
        if self.tokens.kind == "as":
            self._advance()
            alias = self._name("alias")
        if self.tokens.kind == "." and self.tokens.peek(1) == "{":
            self._complain(
                "unexpected-token",
                "types are used inside an interface or a world",
                "a top-level `use` names an interface only",
            )
            raise _GiveUp
        self._semicolon("this `use`")
        return "use", TopLevelUse(lead, path, alias, keyword), settled

    # Items -----------------------------------------------------------------------------------------------------

    def _interface_item(self, lead: Lead) -> InterfaceItem | None:
        kind = self.tokens.kind
        if kind == ID:
            return self._func(lead, "free")
        if kind in _TYPEDEF_STARTS:
            return self._typedef(lead)
        if kind == "use":
            return self._use(lead)
        if kind in _WORLD_ONLY:
            self._complain("unexpected-token", f"`{kind}` belongs in a world, not in an interface")
            self._world_item(NO_LEAD, quietly=True)
            return None
        if self._keyword_names_function():
            return self._func(lead, "free")
        self._complain(
            "unexpected-token", f"expected a type, a function or `use` in the interface, found {self._found()}"
        )
        if kind not in ("}", END):
            self._advance()
        raise _GiveUp

    def _world_item(self, lead: Lead, quietly: bool = False) -> WorldItem | None:
        kind = self.tokens.kind
        if kind in ("import", "export"):
            return self._extern(lead)
        if kind in _TYPEDEF_STARTS:
            return self._typedef(lead)
        if kind == "use":
            return self._use(lead)
        if kind == "include":
            return self._include(lead)
        if kind == ID or self._keyword_names_function():
            if not quietly:
                name = self.tokens.word(self.tokens.index)
                self._complain(
                    "unexpected-token",
                    f"expected `import` or `export` before `{name}`: a world's functions are one or the other",
                )
            self._func(lead, "free")
            return None
        self._complain(
            "unexpected-token",
            f"expected `import`, `export`, `include`, `use` or a type in the world, found {self._found()}",
        )
        if kind not in ("}", END):
            self._advance()
        raise _GiveUp

    def _use(self, lead: Lead) -> Use:
        self._advance()
        path = self._path()
        if self.tokens.kind == ";":
            self._complain(
                "expected-token",
                f"expected `.{{` and the types to use from `{path.name.text}`, found `;`",
                "a `use` in an interface or a world names types",
            )
            self._advance()
            return Use(lead, path, ())
        self._expect(".", "and the names in braces", give_up=self.tokens.kind != "{")
        self._expect("{", "before the names to use", give_up=True)
        names = self._list("}", "the names to use", self._rename)
        self._semicolon("this `use`")
        return Use(lead, path, names)

    def _rename(self, _comments: str) -> Rename:
        name = self._name("name", reference=True)
        alias = None
        if self.tokens.kind == "as":
            self._advance()
            alias = self._name("alias")
        return Rename(name, alias)

    def _include(self, lead: Lead) -> Include:
        self._advance()
        self._refuse_external_id(lead, "an `include`")
        path = self._path()
        renames: tuple[Rename, ...] = ()
        if self.tokens.kind == "with":
            self._advance()
            self._expect("{", "before the renames", give_up=True)
            renames = self._list("}", "the renames", self._include_rename)
        else:
            self._semicolon("this `include`")
        return Include(lead, path, renames)

    def _include_rename(self, _comments: str) -> Rename:
        name = self._name("name", reference=True)
        self._expect("as", f"and the new name of `{name.text}`")
        return Rename(name, self._name("new name"))

    def _extern(self, lead: Lead) -> Extern | None:
        tokens = self.tokens
        direction: Literal["import", "export"] = "import" if tokens.kind == "import" else "export"
        self._advance()
        named = tokens.kind == ID or tokens.kind in KEYWORDS
        if named and tokens.peek(1) == ":" and not (tokens.peek(2) == ID and tokens.peek(3) == "/"):
            name = self._name(direction)
            self._advance()
            if tokens.kind in ("func", "async") or self._accessor():
                return Extern(lead, direction, name, self._signature(lead, name, "free"))
            if tokens.kind == "interface":
                self._advance()
                self._expect("{", f"to open the interface of `{name.text}`", give_up=True)
                return Extern(lead, direction, name, Inline(self._inline()))
            path = self._path()
            self._semicolon(f"this `{direction}`")
            return Extern(lead, direction, name, path)
        path = self._path()
        self._semicolon(f"this `{direction}`")
        return Extern(lead, direction, None, path)

    def _inline(self) -> tuple[InterfaceItem, ...]:
        members: list[InterfaceItem] = []
        opening = self.previous_end
        while True:
            if self.tokens.kind == "}":
                self._advance()
                break
            lead = self._lead()
            if self.tokens.kind == END or self._starts_outer() or self.tokens.kind in _WORLD_ONLY:
                self._unclosed("interface", opening)
                break
            try:
                member = self._interface_item(lead)
                if member is not None:
                    members.append(member)
            except _GiveUp:
                self._skip_item()
        return tuple(members)

    def _typedef(self, lead: Lead) -> TypeDef:
        tokens = self.tokens
        kind = tokens.kind
        self._advance()
        name = self._name(kind)
        if kind == "type":
            self._expect("=", f"and what `{name.text}` stands for")
            alias = Alias(lead, name, self._type())
            self._semicolon(f"type `{name.text}`")
            return alias
        if kind == "resource":
            functions: tuple[Func, ...] = ()
            if tokens.kind == "{":
                self._advance()
                functions = self._resource_body()
            else:
                self._semicolon(f"resource `{name.text}`", or_else="`{`")
            return Resource(lead, name, functions)
        self._expect("{", f"to open {kind} `{name.text}`", give_up=not self._starts_element())
        what = f"{kind} `{name.text}`"
        if kind == "record":
            return Record(lead, name, self._list("}", what, self._field))
        if kind == "variant":
            return Variant(lead, name, self._list("}", what, self._case))
        fields = self._list("}", what, self._label)
        return Enum(lead, name, fields) if kind == "enum" else Flags(lead, name, fields)

    def _field(self, comments: str) -> Field:
        name = self._name("field")
        self._expect(":", f"and the type of field `{name.text}`")
        return Field(comments, name, self._type())

    def _case(self, comments: str) -> Field:
        name = self._name("case")
        if self.tokens.kind != "(":
            return Field(comments, name, None)
        self._advance()
        payload = self._type()
        self._expect(")", f"after the payload of case `{name.text}`")
        return Field(comments, name, payload)

    def _label(self, comments: str) -> Field:
        return Field(comments, self._name("name"), None)

    def _resource_body(self) -> tuple[Func, ...]:
        tokens = self.tokens
        functions: list[Func] = []
        opening = self.previous_end
        while True:
            if tokens.kind == "}":
                self._advance()
                break
            lead = self._lead()
            if tokens.kind == END or tokens.kind in _ITEM_STARTS - {"package"} or self._starts_outer():
                self._unclosed("resource", opening)
                break
            try:
                if tokens.kind == "constructor":
                    functions.append(self._constructor(lead))
                elif tokens.kind == ID or self._keyword_names_function():
                    functions.append(self._func(lead, "method"))
                else:
                    self._complain(
                        "unexpected-token",
                        f"expected `constructor` or a function's name in the resource, found {self._found()}",
                    )
                    if tokens.kind not in ("}", END):
                        self._advance()
                    raise _GiveUp
            except _GiveUp:
                self._skip_item()
        return tuple(functions)

    def _constructor(self, lead: Lead) -> Func:
        start = self.tokens.start - self.base
        keyword = self._advance()
        self._expect("(", "after `constructor`", give_up=self.tokens.kind != ID)
        params = self._list(")", "the parameters", self._param)
        result = None
        if self.tokens.kind == "->":
            self._advance()
            result = self._type()
        self._semicolon("the constructor")
        name = Name("constructor", start, keyword.end)
        return Func(lead, name, "constructor", False, "", params, result, keyword)

    def _func(self, lead: Lead, form: FuncForm) -> Func:
        name = self._name("function")
        tokens = self.tokens
        if tokens.kind != ":" and not (tokens.kind in _FUNC_WORDS or self._accessor()):
            self._expect(":", f"and `func` after `{name.text}`")
            raise _GiveUp
        self._expect(":", f"after `{name.text}`")
        if tokens.kind == "static" and form == "method":
            self._advance()
            form = "static"
        return self._signature(lead, name, form)

    def _signature(self, lead: Lead, name: Name, form: FuncForm) -> Func:
        tokens = self.tokens
        is_async = tokens.kind == "async"
        if is_async:
            self._advance()
        accessor: Accessor = "" if is_async else self._accessor()
        if accessor or tokens.kind == "func":
            keyword = self._advance()
        elif tokens.kind == "(":
            keyword = Span(tokens.start - self.base, tokens.end - self.base)
            self._expect("func", f"before the parameters of `{name.text}`")
        else:
            self._expect("func", f"after `{name.text}:`", give_up=True)
            raise AssertionError
        self._expect("(", f"after `{accessor or 'func'}`", give_up=tokens.kind not in (ID, ")"))
        params = self._list(")", f"the parameters of `{name.text}`", self._param)
        result = None
        if tokens.kind == "->":
            self._advance()
            result = self._result(name)
        self._semicolon(f"function `{name.text}`")
        return Func(lead, name, form, is_async, accessor, params, result, keyword)

    def _result(self, name: Name) -> Type:
        """The result of a function; the named results of old WIT get a message of their own."""
        if self.tokens.kind != "(":
            return self._type()
        span = self._span()
        self._complain(
            "expected-type",
            f"expected one type as the result of `{name.text}`, found `(`",
            "return several values as a `tuple<…>` or a record",
        )
        self._skip_balanced()
        return Missing(*span)

    def _param(self, comments: str) -> Param:
        name = self._name("parameter")
        self._expect(":", f"and the type of parameter `{name.text}`")
        return Param(name, self._type(), comments)

    # Types -----------------------------------------------------------------------------------------------------

    def _type(self, depth: int = 0) -> Type:
        tokens = self.tokens
        kind = tokens.kind
        if depth >= MAX_DEPTH and kind != END:
            span = self._span()
            self._complain("nesting-too-deep", f"types are nested more than {MAX_DEPTH} deep")
            self._advance()
            self._skip_balanced()
            return Missing(*span)
        if kind == ID:
            return Named(self._name("type", reference=True))
        if kind not in _TYPE_STARTS:
            return self._no_type()
        start = tokens.start - self.base
        keyword = self._advance()
        if kind in lexer.PRIMITIVES:
            return Primitive(kind, start, keyword.end)
        if kind in ("result", "future", "stream") and tokens.kind != "<":
            if kind == "result":
                return ResultOf(None, None, start, keyword.end)
            return (FutureOf if kind == "future" else StreamOf)(None, start, keyword.end)
        if tokens.kind != "<":
            self._expect("<", f"after `{kind}`")
            return Missing(start, keyword.end)
        self._advance()
        return self._applied(kind, start, depth + 1)

    def _applied(self, kind: str, start: int, depth: int) -> Type:
        """The rest of a type with arguments, after its `<`."""
        tokens = self.tokens
        if kind == "tuple":
            elements = self._list(">", "the tuple", lambda _: self._type(depth))
            if not elements and self.complained_at < start + self.base:
                self._report("empty-type", "a tuple should have at least one element", Span(start, self._here()))
            return TupleOf(elements, start, self._here())
        if kind in ("own", "borrow"):
            resource = self._name("resource", reference=True)
            self._close_type(kind)
            return Handle(kind == "borrow", resource, start, self._here())
        if kind == "result" and tokens.kind == "_":
            self._advance()
            self._expect(",", "and the error type after `_`")
            err = self._type(depth)
            self._close_type(kind)
            return ResultOf(None, err, start, self._here())
        first_start = tokens.start
        first = self._type(depth)
        first_end = self.previous_end
        if kind == "list":
            length = None
            if tokens.kind == ",":
                self._advance()
                length = self._length()
            self._close_type(kind)
            return ListOf(first, length, start, self._here())
        if kind == "map":
            self._expect(",", "and the value type of the map")
            value = self._type(depth)
            self._close_type(kind)
            if not (isinstance(first, Missing) or (isinstance(first, Primitive) and first.name in _MAP_KEYS)):
                self._report(
                    "invalid-map-key",
                    f"`{self.text[first_start : first_end]}` cannot be the key of a map",
                    Span(first_start - self.base, first_end - self.base),
                    hint="a key is bool, char, string or an integer type, written out",
                )
            return MapOf(first, value, start, self._here())
        if kind == "result":
            err_type: Type | None = None
            if tokens.kind == ",":
                self._advance()
                err_type = self._type(depth)
            self._close_type(kind)
            return ResultOf(first, err_type, start, self._here())
        self._close_type(kind)
        if kind == "option":
            return OptionOf(first, start, self._here())
        return (FutureOf if kind == "future" else StreamOf)(first, start, self._here())

    def _length(self) -> int | None:
        tokens = self.tokens
        if tokens.kind != INTEGER:
            self._complain("expected-token", f"expected the length of the list, found {self._found()}")
            return None
        digits = tokens.word(tokens.index)
        # Bounded before the conversion: Python refuses to convert very long numbers, and a list is never that long.
        length = int(digits) if len(digits.lstrip("0")) <= 10 else 1 << 32
        if length >= 1 << 32:
            self._complain("invalid-length", f"a list cannot have {digits[:24]} elements: the limit is 2^32 - 1")
        self._advance()
        return length

    def _close_type(self, kind: str) -> None:
        self._expect(">", f"to close `{kind}<`")

    def _no_type(self) -> Missing:
        span = self._span()
        kind = self.tokens.kind
        if kind in KEYWORDS and self.tokens.peek(1) in (",", ")", ">", "}", ";") and kind not in _FUNC_WORDS:
            self._complain(
                "keyword-as-name",
                f"expected a type, found the keyword `{kind}`",
                f"a type of that name is written `%{kind}`",
                fixes=(self._escape_fix(),),
            )
            self._advance()
            return Missing(*span)
        self._complain("expected-type", f"expected a type, found {self._found()}")
        if kind in (INTEGER, STRING, BAD, "_"):
            self._advance()
        return Missing(span.start, span.start)

    # Paths, names, versions, attributes --------------------------------------------------------------------------

    def _path(self) -> Path:
        tokens = self.tokens
        start = tokens.start - self.base
        first = self._name("interface", reference=True)
        if tokens.kind != ":":
            if tokens.kind == "/":
                self._complain(
                    "expected-token", f"expected a namespace: `{first.text}` would be written `namespace:{first.text}`"
                )
                self._advance()
                self._name("interface", reference=True)
                self._optional_version()
                return Path(None, Name("", start, start), start, self._here())
            return Path(None, first, start, first.end)
        self._advance()
        package = self._name("package", reference=True)
        package_end = self._here()
        if tokens.kind != "/":
            self._expect("/", f"and an interface after `{first.text}:{package.text}`")
            self._optional_version()
            return Path(None, Name("", start, start), start, self._here())
        self._advance()
        name = self._name("interface", reference=True)
        version = self._optional_version()
        return Path(PackageName(first.text, package.text, version), name, start, self._here(), package_end)

    def _name(self, what: str, reference: bool = False) -> Name:
        """An identifier. Where it stands for something defined elsewhere, `reference`, its spelling is not judged."""
        tokens = self.tokens
        kind = tokens.kind
        start = tokens.start - self.base
        if kind != ID:
            if kind in KEYWORDS and not self._begins_something():
                self._complain(
                    "keyword-as-name",
                    f"expected a name for the {what}, found the keyword `{kind}`"
                    if not reference
                    else f"expected the name of the {what}, found the keyword `{kind}`",
                    f"a name like this is written `%{kind}`",
                    fixes=(self._escape_fix(),),
                )
                self._advance()
                return Name("" if reference else kind, start, self._here())
            self._complain("expected-name", f"expected {_article(what)} name, found {self._found()}")
            if kind in (INTEGER, BAD, "_", STRING):
                self._advance()
            return Name("", start, start)
        text = tokens.word(tokens.index)
        if text[0] == "%":
            text = text[1:]
        if not lexer.is_kebab_case(text):
            self._bad_name(text)
        self._advance()
        return Name(text, start, self._here())

    def _begins_something(self) -> bool:
        """Whether the keyword at hand plainly begins an item rather than being used as a name."""
        tokens = self.tokens
        following = tokens.peek(1)
        if tokens.kind == "constructor":
            return following == "("
        return tokens.kind in _ITEM_STARTS and following == ID and not self._same_line()

    def _bad_name(self, text: str) -> None:
        words = [word for word in _WORD_BREAK.split(text.replace("-", " ")) if word]
        better = "-".join(word if word.isupper() else word.lower() for word in words)
        fixes: tuple[Fix, ...] = ()
        hint = "names are words of one case joined by `-`, each starting with a letter"
        if lexer.is_kebab_case(better):
            hint = f"write `{better}`: names are words of one case joined by `-`"
            written = self.tokens.word(self.tokens.index)
            escaped = "%" if written.startswith("%") or better in KEYWORDS else ""
            fixes = (Fix(f"Rename to `{better}`", (TextEdit(self._span(), escaped + better),)),)
        self._complain("invalid-identifier", f"`{text}` is not kebab-case" if text else "a name is missing after `%`",
                       hint, fixes=fixes)

    def _escape_fix(self) -> Fix:
        span = self._span()
        return Fix(f"Write `%{self.tokens.kind}`", (TextEdit(Span(span.start, span.start), "%"),))

    def _optional_version(self) -> str | None:
        if self.tokens.kind != "@":
            return None
        self._advance()
        return self._version()

    def _version(self) -> str | None:
        """A semantic version, in the reference's way: tokens first, then their text. None when there is no number."""
        tokens = self.tokens
        if tokens.kind != INTEGER:
            self._complain("invalid-version", f"expected a version such as `1.0.0`, found {self._found()}")
            return None
        start = tokens.start
        for part in range(3):
            if part:
                if tokens.kind != "." or tokens.peek(1) != INTEGER:
                    found = self.text[start : self.previous_end]
                    span = Span(start - self.base, self._here())
                    self._report(
                        "invalid-version",
                        f"`{found}` is not a full version",
                        span,
                        hint="write all three numbers: major.minor.patch",
                        fixes=(Fix(f"Write `{found + '.0' * (3 - part)}`",
                                   (TextEdit(span, found + ".0" * (3 - part)),)),),
                    )
                    self.complained_at = tokens.start
                    return found + ".0" * (3 - part)
                self._advance()
            self._advance()
        for sign in "-+":
            if tokens.kind == sign:
                self._advance()
                end = self._version_identifiers()
                if end is None:
                    break
        text = self.text[start : self.previous_end]
        if not _SEMVER.fullmatch(text) or any(int(n) > 0xFFFFFFFFFFFFFFFF for n in re.findall("[0-9]+", text[:99])):
            self._report(
                "invalid-version",
                f"`{text}` is not a semantic version",
                Span(start - self.base, self._here()),
                hint="expected major.minor.patch, with `-pre.release` or `+build` parts after it if any",
            )
        return text

    def _version_identifiers(self) -> bool | None:
        tokens = self.tokens
        seen = None
        while True:
            if tokens.kind in (INTEGER, "-") or self._plain_id(0):
                seen = True
                self._advance()
            elif tokens.kind == "." and (tokens.peek(1) in (INTEGER, "-") or self._plain_id(1)):
                self._advance()
            else:
                return seen

    def _plain_id(self, ahead: int) -> bool:
        tokens = self.tokens
        return tokens.peek(ahead) == ID and self.text[tokens.starts[tokens.index + ahead]] != "%"

    def _lead(self) -> Lead:
        """The comments and attributes before an item."""
        comments = self._comments()
        if self.tokens.kind != "@":
            return Lead(comments) if comments else NO_LEAD
        attributes = []
        while self.tokens.kind == "@":
            attribute = self._attribute()
            if attribute is not None:
                attributes.append(attribute)
        return Lead(comments, tuple(attributes))

    def _comments(self) -> str:
        between = self.text[self.previous_end : self.tokens.start]
        return between if "/" in between else ""

    def _attribute(self) -> Attribute | None:
        tokens = self.tokens
        start = tokens.start - self.base
        self._advance()
        if tokens.kind != ID:
            self._complain("expected-name", f"expected an attribute's name after `@`, found {self._found()}")
            return None
        word = tokens.word(tokens.index)
        span = self._span()
        self._advance()
        name = word.removeprefix("%")
        if name not in ("since", "unstable", "deprecated", "external-id"):
            self._unknown_attribute(name, span)
            return None
        if tokens.kind != "(":
            needs = {"since": "version = 1.0.0", "unstable": "feature = name", "deprecated": "version = 1.0.0"}
            self._expect("(", f"after `@{name}`: write `@{name}({needs.get(name, chr(34) + '…' + chr(34))})`")
            return None
        self._advance()
        known = len(self.problems)
        attribute = self._attribute_body(name, start)
        if len(self.problems) > known:
            attribute = None  # a damaged gate gates nothing, so that no rule judges it again
        if tokens.kind == ")":
            self._advance()
            if attribute is not None:
                attribute = attribute._replace(end=self._here())
        else:
            self._expect(")", f"to close `@{name}(`")
            if self._same_line() and tokens.kind not in ("@", "{", ";", "}", END):
                while self._same_line() and tokens.kind not in (")", "{", "}", ";", END):
                    self._advance()
                if tokens.kind == ")":
                    self._advance()
        return attribute

    def _attribute_body(self, name: str, start: int) -> Attribute | None:
        tokens = self.tokens
        if name == "external-id":
            if tokens.kind != STRING:
                self._complain("invalid-attribute", f"expected a string in quotes, found {self._found()}")
                return None
            try:
                value = lexer.string_value(tokens.word(tokens.index))
            except lexer.StringProblem as problem:
                at = tokens.start - self.base + problem.at
                self._report("invalid-string", problem.what, Span(at, at + 1))
                value = ""
            self._advance()
            return ExternalId(value, start, self._here())
        key = "feature" if name == "unstable" else "version"
        if tokens.kind != ID or tokens.word(tokens.index).removeprefix("%") != key:
            wrong = tokens.kind == ID or tokens.kind in KEYWORDS
            fixes = (Fix(f"Write `{key}`", (TextEdit(self._span(), key),)),) if wrong else ()
            self._complain(
                "invalid-attribute", f"expected `{key} = …` in `@{name}(…)`, found {self._found()}", fixes=fixes
            )
            if not wrong:
                return None
        self._advance()
        self._expect("=", f"after `{key}`")
        if name == "unstable":
            return Unstable(self._name("feature"), start, self._here())
        version_start = tokens.start - self.base
        version = self._version()
        if version is None:
            return None
        end = self._here()
        if name == "since":
            return Since(version, start, end, version_start, end)
        return Deprecated(version, start, end)

    def _unknown_attribute(self, name: str, span: Span) -> None:
        from dataflare_lsp.text import nearest

        meant = nearest(name, ("since", "unstable", "deprecated", "external-id"))
        self._report(
            "unknown-attribute",
            f"there is no attribute `@{name}`",
            span,
            hint=f"did you mean `@{meant}`?" if meant else "known are `@since`, `@unstable`, `@deprecated`, `@external-id`",
            fixes=(Fix(f"Change to `@{meant}`", (TextEdit(span, meant),)),) if meant else (),
        )
        if self.tokens.kind == "(":
            self._skip_balanced()

    def _refuse_external_id(self, lead: Lead, what: str) -> None:
        for attribute in lead.attributes:
            if isinstance(attribute, ExternalId):
                self._report(
                    "misplaced-attribute",
                    f"{what} takes no `@external-id`",
                    Span(attribute.start, attribute.end),
                    hint="it belongs on an import, an export, a type or a function",
                )

    # Lists and recovery ----------------------------------------------------------------------------------------

    def _list(self, close: str, what: str, element: Callable[[str], T]) -> tuple[T, ...]:
        """Elements between commas up to `close`, the opening sign being read already. A last comma is welcome."""
        tokens = self.tokens
        opening = self.previous_end
        items: list[T] = []
        while True:
            comments = self._comments()
            if tokens.kind == close:
                self._advance()
                break
            if self._leaves_list(close):
                self._unclosed_list(close, what, opening)
                break
            before = tokens.index
            try:
                items.append(element(comments))
            except _GiveUp:
                pass
            if tokens.kind == ",":
                self._advance()
                continue
            if tokens.kind == close:
                self._advance()
                break
            if self._leaves_list(close):
                self._unclosed_list(close, what, opening)
                break
            self._complain(
                "expected-token",
                f"expected `,` or `{close}` in {what}, found {self._found()}",
                fixes=(self._insert_fix(","),) if self._starts_element() else (),
            )
            if not self._starts_element() or tokens.index == before:
                self._skip_element(close)
                if tokens.kind == ",":
                    self._advance()
        return tuple(items)

    def _leaves_list(self, close: str) -> bool:
        """Whether what comes can no longer belong to the list: its closing sign must be missing."""
        tokens = self.tokens
        kind = tokens.kind
        if kind in (END, OPEN_COMMENT) or kind in ("}", ";") or (kind == "{" and close != "}"):
            return True
        if close == "}":
            if self._same_line():
                return False
            return kind == "@" or (kind in _ITEM_STARTS and tokens.peek(1) == ID) or self._starts_func()
        if kind in ("->", ")"):
            return True
        return not self._same_line() and kind in _ITEM_STARTS

    def _unclosed_list(self, close: str, what: str, opening: int) -> None:
        if close == "}":
            self._complain(
                "unclosed-brace",
                f"expected `}}` to close {what}, found {self._found()}",
                related=((Span(opening - 1 - self.base, opening - self.base), "opened here"),),
                fixes=(self._insert_fix(" }"),),
            )
        else:
            self._complain(
                "expected-token",
                f"expected `{close}` to close {what}, found {self._found()}",
                fixes=(self._insert_fix(close),),
            )

    def _skip_element(self, close: str) -> None:
        tokens = self.tokens
        while tokens.kind not in (",", close) and not self._leaves_list(close):
            if not self._same_line() and self._starts_element():
                return
            if tokens.kind in _CLOSER:
                self._skip_balanced()
            else:
                self._advance()

    def _skip_item(self) -> None:
        """Skip the rest of a damaged item: past its `;`, or to where the next item or a closing brace stands."""
        tokens = self.tokens
        depth = 0
        while tokens.kind != END:
            kind = tokens.kind
            if not self._same_line() and (self._starts_outer() or (depth == 0 and self._starts_item())):
                return
            if kind == "{":
                depth += 1
            elif kind == "}":
                if depth == 0:
                    return
                depth -= 1
                if depth == 0:
                    self._advance()
                    return
            self._advance()
            if kind == ";" and depth == 0:
                return

    def _skip_balanced(self) -> None:
        """Skip a bracketed group, or nothing where none begins; stops early where an item plainly ends."""
        tokens = self.tokens
        closers: list[str] = []
        while tokens.kind != END:
            kind = tokens.kind
            if kind in _CLOSER:
                closers.append(_CLOSER[kind])
            elif closers and kind == closers[-1]:
                closers.pop()
            elif kind in (";", "}", "{"):
                return
            if not closers and kind not in (")", ">"):
                return
            self._advance()
            if not closers:
                return

    def _starts_item(self) -> bool:
        kind = self.tokens.kind
        return kind in _ITEM_STARTS or kind == "@" or self._starts_func() or (
            kind == "constructor" and self.tokens.peek(1) == "("
        )

    def _starts_func(self) -> bool:
        """`name: func`, `name: async`, `name: static`, `name: get(`, …"""
        tokens = self.tokens
        if tokens.kind != ID or tokens.peek(1) != ":":
            return False
        return tokens.peek(2) in _FUNC_WORDS or (tokens.peek(2) == ID and tokens.peek(3) == "(")

    def _keyword_names_function(self) -> bool:
        """`keyword: func…`: a function named by a keyword that lacks its `%`."""
        tokens = self.tokens
        return tokens.kind in KEYWORDS and tokens.peek(1) == ":" and tokens.peek(2) in _FUNC_WORDS

    def _starts_outer(self) -> bool:
        """An interface, a world or a package begins, as no item inside one of them can."""
        tokens = self.tokens
        kind = tokens.kind
        if kind == "package":
            return tokens.peek(1) == ID and tokens.peek(2) == ":" and tokens.peek(3) == ID
        return kind in ("interface", "world") and tokens.peek(1) != ":"

    def _starts_element(self) -> bool:
        return self.tokens.kind == ID

    def _accessor(self) -> Accessor:
        tokens = self.tokens
        if tokens.kind == ID and tokens.peek(1) == "(":
            word = tokens.word(tokens.index)
            if word == "get":
                return "get"
            if word == "set":
                return "set"
        return ""

    # Tokens and messages ---------------------------------------------------------------------------------------

    def _advance(self) -> Span:
        tokens = self.tokens
        start = tokens.starts[tokens.index]
        self.previous_end = tokens.ends[tokens.index]
        tokens.advance()
        return Span(start - self.base, self.previous_end - self.base)

    def _here(self) -> int:
        return self.previous_end - self.base

    def _span(self) -> Span:
        tokens = self.tokens
        return Span(tokens.start - self.base, tokens.end - self.base)

    def _same_line(self) -> bool:
        return "\n" not in self.text[self.previous_end : self.tokens.start]

    def _expect(self, kind: str, why: str, give_up: bool = False) -> None:
        """Read `kind`. Where something else stands, report that and go on as if it had been there, or give up."""
        if self.tokens.kind == kind:
            self._advance()
            return
        self._complain(
            "expected-token",
            f"expected `{kind}` {why}, found {self._found()}",
            fixes=() if give_up else (self._insert_fix(kind),),
        )
        if give_up:
            raise _GiveUp

    def _semicolon(self, after: str, or_else: str = "") -> None:
        tokens = self.tokens
        if tokens.kind == ";":
            self._advance()
            return
        fits = not self._same_line() or tokens.kind in ("}", END)
        expected = f"expected `;`{' or ' + or_else if or_else else ''} after {after}"
        self._complain(
            "expected-token",
            f"{expected}, found {self._found()}",
            fixes=(self._insert_fix(";"),) if fits else (),
        )
        if not fits:
            self._skip_item()

    def _insert_fix(self, sign: str) -> Fix:
        at = self.previous_end - self.base
        return Fix(f"Insert `{sign.strip()}`", (TextEdit(Span(at, at), sign if sign in _SIGNS else f" {sign}"),))

    def _unclosed(self, scope: str, opening: int = -1) -> None:
        related = ((Span(opening - 1 - self.base, opening - self.base), "opened here"),) if opening > 0 else ()
        what = {"package": "the nested package"}.get(scope, f"the {scope}")
        self._complain(
            "unclosed-brace",
            f"expected `}}` to close {what}, found {self._found()}",
            related=related,
            fixes=(self._insert_fix("\n}"),),
        )

    def _found(self) -> str:
        tokens = self.tokens
        kind = tokens.kind
        if kind == END:
            return "the end of the file"
        if kind in KEYWORDS:
            return f"the keyword `{kind}`"
        word = tokens.word(tokens.index)
        return f"`{word if len(word) <= 40 else word[:40] + '…'}`"

    def _complain(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        related: tuple[tuple[Span, str], ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Report a mistake at the current token, unless one was reported there already."""
        tokens = self.tokens
        if self.complained_at == tokens.start:
            return
        self.complained_at = tokens.start
        kind = tokens.kind
        span = self._span()
        if kind == OPEN_COMMENT:
            span = Span(span.start, span.start + 2)
            self.problems.append(
                Problem("unterminated-comment", "this block comment is never closed", span, "expected `*/`")
            )
            return
        if kind == BAD:
            self._bad_character(span)
            return
        self.problems.append(Problem(code, _short(message), span, hint, (), related, fixes))

    def _bad_character(self, span: Span) -> None:
        character = self.text[self.tokens.start]
        if FORBIDDEN.match(character):
            return  # reported for the whole segment
        if character == '"':
            self.problems.append(Problem("invalid-string", "this string is never closed", span, 'expected `"`'))
            return
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        self.problems.append(Problem("invalid-character", f"`{shown}` means nothing in WIT", span))

    def _report(
        self, code: str, message: str, span: Span, hint: str = "", fixes: tuple[Fix, ...] = ()
    ) -> None:
        """Report a mistake at a place of its own."""
        self.problems.append(Problem(code, _short(message), span, hint, (), (), fixes))

    def _forbidden(self, text: str) -> None:
        for match in FORBIDDEN.finditer(text):
            code = ord(match.group())
            if 0xD800 <= code <= 0xDFFF:
                what = "is not valid Unicode text"
            elif code < 0xA0:
                what = "is a control character"
            elif 0x202A <= code <= 0x2069:
                what = "changes the direction of text, so the source would not mean what it shows"
            else:
                what = "is deprecated by Unicode"
            self._report("invalid-character", f"U+{code:04X} {what}", Span(*match.span()))
            if len(self.problems) >= 100:
                return


_SIGNS = frozenset(";:,.{}()<>=/")


def _short(message: str) -> str:
    return message if len(message) <= 300 else message[:300] + "…"


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}" if not what.endswith("name") else f"a {what}".removesuffix(
        " name"
    )


