"""Parsing the items of interfaces and worlds: types, uses, imports and exports, includes, resources.

Specification: WIT.md, from "Item: `world`" on.
"""

from collections.abc import Callable
from typing import Literal

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import misspelt
from dataflare_lsp.wit.functions import Functions
from dataflare_lsp.wit.lexer import END, ID, INTEGER, KEYWORDS, PRIMITIVES, STRING
from dataflare_lsp.wit.phrases import article
from dataflare_lsp.wit.reader import (
    BODIED,
    FUNC_WORDS,
    ITEM_STARTS,
    TYPE_STARTS,
    TYPEDEF_STARTS,
    WORLD_ONLY,
    GiveUp,
)
from dataflare_lsp.wit.syntax import (
    Alias,
    Enum,
    Extern,
    Field,
    Flags,
    Func,
    FuncForm,
    Include,
    Inline,
    InterfaceItem,
    Lead,
    Missing,
    Name,
    Path,
    Record,
    Rename,
    Resource,
    TypeDef,
    Use,
    Variant,
    WorldItem,
)

_VISIBILITY = frozenset(("pub", "public", "private", "protected", "internal"))
_IN_INTERFACE = (*BODIED, "type", "use")
_WORLD_ITEMS = "`import`, `export`, `include`, `use` or a type in the world"
_RESOURCE_ITEMS = "`constructor` or a function in the resource"


class Items(Functions):
    """Reads the items of interfaces and worlds."""

    __slots__ = ()

    # Items -----------------------------------------------------------------------------------------------------------

    def _expected(self, what: str) -> str:
        return f"expected {what}, found {self._found()}"

    def _interface_item(self, lead: Lead) -> InterfaceItem | None:
        kind = self.kind
        if kind == ID and self.peek(1) != ":":
            kind = self._misspelt_item(self._expected("a type, a function or `use` in the interface"), _IN_INTERFACE)
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
        self._complain("unexpected-token", self._expected("a type, a function or `use` in the interface"))
        if kind not in ("}", END):
            self.advance()
        raise GiveUp

    def _world_item(self, lead: Lead, quietly: bool = False) -> WorldItem | None:
        kind = self.kind
        first = self.index
        if kind == ID and self.peek(1) != ":":
            kind = self._misspelt_item(self._expected(_WORLD_ITEMS), ("import", "export", "include", *_IN_INTERFACE))
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
            name = self.word(self.index)
            if not quietly and self.index == first and name != "%":
                self._complain(
                    "unexpected-token",
                    f"expected `import` or `export` before `{name}`: what a world holds is one or the other",
                )
            if self.peek(1) in (":", ";", "/") and not self._starts_func():
                self._extern_item(lead, "import")
            else:
                self._func(lead, "free")
            return None
        self._complain("unexpected-token", self._expected(_WORLD_ITEMS))
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
        if word in _VISIBILITY and (following in ITEM_STARTS or following == ID):
            hint = "what an interface or a world holds can be used by all"
            self._complain("unexpected-token", expected, hint, fixes=(self._removal(),))
            self.advance()
            return self.kind
        if second == "{":
            among = tuple(one for one in among if one in BODIED)
        elif second == "=":
            among = ("type",)
        elif second in (".", "/"):
            among = ("use", "include", "import", "export")
        elif following == ID and second == ":" and self.peek(3) in FUNC_WORDS and misspelt.meant(word, among) is None:
            fixes = () if "import" in among else (self._removal(),)
            self._complain("unexpected-token", expected, fixes=fixes)
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

    def _keyword_or_gap(self, kind: str) -> Span:
        """Read the keyword `kind`, or the word that stands for it; where it is missing and reported, nothing."""
        if (
            self.kind == ID
            and self.peek(1) in ("{", ":", "=", ".")
            and misspelt.meant(self.word(self.index), (kind,)) is None
        ):
            return Span(self.start - self.base, self.start - self.base)
        return self._take()

    def _guessed_body(self, brace: int = 2) -> str:
        """What the body whose `{` is that many tokens ahead is most likely to define, by how it begins."""
        first, second = self.peek(brace + 1), self.peek(brace + 2)
        if first == "constructor" or (second == ":" and self.peek(brace + 3) in FUNC_WORDS):
            return "resource"
        return "variant" if second == "(" else "record" if second == ":" else "enum"

    def _belongs_in_world(self) -> bool:
        """In an interface: an import, an export or an include, as only a world has them."""
        return self.kind in WORLD_ONLY and self.peek(1) != ":"

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
        hint = "name each of them, as in `{one, another}`" if self.kind == "*" else ""
        if self._expect("{", "before the types to use", fits=False, hint=hint):
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
            and not (self.peek(2) == ID and (self.peek(3) == "/" or (self.peek(3) == "@" and self.peek(4) == INTEGER)))
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

    # Types -----------------------------------------------------------------------------------------------------------

    def _typedef(self, lead: Lead, kind: str) -> TypeDef:
        keyword = self._keyword_or_gap(kind)
        name = self._name(kind)
        if self.kind == "<":
            self._complain("unexpected-token", f"{kind} `{name.text}` takes no type parameters: only built-in types do")
            self._skip_balanced()
        in_place, number = False, 0
        if kind == "type":
            if not self._expect("=", f"and what `{name.text}` stands for", instead=(":",), fits=self._type_follows()):
                return self._damaged_alias(lead, name)
            number = len(self.problems)
            if self.kind == "{":
                fields = self._fields(lead, self._body_in_place(name, keyword), name)
                self._end_of_body_in_place(number)
                return fields
            if self.kind not in BODIED or self.peek(1) != "{":
                alias = Alias(lead, name, self._type())
                self._semicolon(f"type `{name.text}`")
                return alias
            kind = self._definition_in_place(name, keyword)
            in_place = True
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
        fields = self._fields(lead, kind, name)
        if in_place:
            self._end_of_body_in_place(number)
        return fields

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

    def _body_in_place(self, name: Name, keyword: Span) -> str:
        """`type name = {`, at its brace: reported; what the body is most likely to define."""
        guess = self._guessed_body(0)
        if guess == "enum" and self.peek(4) == "(":
            guess = "variant"
        kind = guess if guess in ("record", "variant") else "enum" if self.peek(1) == ID else "record"
        fixes: tuple[Fix, ...] = ()
        if kind == "record" and self.peek(1) == ID:
            span = Span(keyword.start, self._here())
            fixes = (Fix(f"Write `record {name.text}`", (TextEdit(span, f"record {name.text}"),)),)
        hint = f"{article(kind)} is defined as `{kind} {name.text} {{ … }}`"
        self._complain("expected-type", "expected a type, found `{`", hint, fixes=fixes)
        return kind

    def _end_of_body_in_place(self, number: int) -> None:
        """The `;` after the body of a type that was written as an alias: gone with the problem of that number."""
        if self.kind != ";" or not self._same_line():
            return
        problem = self.problems[number] if number < len(self.problems) else None
        if problem is not None and problem.fixes:
            fix = problem.fixes[0]
            whole = fix._replace(edits=(*fix.edits, TextEdit(self._span(), "")))
            self.problems[number] = problem._replace(fixes=(whole,))
        self.advance()

    def _fields(self, lead: Lead, kind: str, name: Name) -> Record | Variant | Enum | Flags:
        """The rest of a record, a variant, an enum or flags, after its name."""
        what = f"{kind} `{name.text}`"
        if self.kind in ("=", ":") and self.peek(1) == "{":
            message = f"expected `{{` to open {what}, found `{self.kind}`"
            self._complain("expected-token", message, fixes=(self._removal(),))
            self.advance()
        fields: tuple[Field, ...]
        # Half-typed: a nameless field says that it is not empty by intent.
        unknown = (Field("", Name("", self._here(), self._here()), None),)
        if self._expect("{", f"to open {what}", fits=self._element_follows(kind)):
            known = len(self.problems)
            noun, element = self._ELEMENTS[kind]
            fields = self._list("}", what, noun, lambda comments: element(self, comments, kind))
            if not fields and (len(self.problems) > known or self.kinds[self.index - 1] != "}"):
                fields = unknown
        else:
            fields = unknown
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

    _ELEMENTS: "dict[str, tuple[str, Callable[[Items, str, str], Field]]]" = {  # noqa: RUF012
        "record": ("a field", _field),
        "variant": ("a case", _case),
        "enum": ("a case", _label),
        "flags": ("a flag", _label),
    }

    # Resources -------------------------------------------------------------------------------------------------------

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

    def _resource_item(self, lead: Lead) -> Func:
        kind = self.kind
        if kind == "constructor":
            return self._constructor(lead)
        if kind in ("static", "async", "func"):
            form: FuncForm = "static" if kind == "static" else "method"
            if self._modifier_first():
                return self._func(lead, form)
        elif kind == ID:
            if self._misspelt_item(self._expected(_RESOURCE_ITEMS), ("constructor",)) == "constructor":
                return self._constructor(lead)
            return self._func(lead, "method")
        elif self._names_function_wrongly():
            return self._func(lead, "method")
        self._complain("unexpected-token", self._expected(_RESOURCE_ITEMS))
        if self.kind not in ("}", END):
            self.advance()
        raise GiveUp
