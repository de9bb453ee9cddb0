"""Parsing functions: their signatures, their parameters, and the forms that other languages give them.

Specification: WIT.md, "Item: `func`" and "Item: `resource`".
"""

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import misspelt
from dataflare_lsp.wit.lexer import BAD, END, ID, INTEGER, KEYWORDS, PRIMITIVES
from dataflare_lsp.wit.phrases import Phrases
from dataflare_lsp.wit.reader import BODIED, FUNC_WORDS, TYPE_STARTS, GiveUp
from dataflare_lsp.wit.syntax import (
    Accessor,
    Func,
    FuncForm,
    Lead,
    Missing,
    Name,
    Param,
    Primitive,
    Type,
)

_CONSTANTS = frozenset(("const", "let", "var", "val", "readonly", "final"))
_RESULT_WORDS = frozenset(("returns", "return", "yields", "result"))
_ERROR_WORDS = frozenset(("throws", "throw", "raises"))
_DASHES = ("–", "—", "−", "‐", "‑")


class Functions(Phrases):
    """Reads functions, wherever they stand."""

    __slots__ = ()

    # Signatures ------------------------------------------------------------------------------------------------------

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
            among = ("constructor",) if form == "method" else (*BODIED, "type", "use")
            meant = None if self._same_line() else misspelt.meant(name.text, among)
            hint = f"did you mean `{meant}`?" if meant else ""
            if name.text in _CONSTANTS and self.kind == ID and self._same_line():
                hint = "WIT has no constants and variables, only types and functions"
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
            stands = "types and functions are all" if form == "free" else "functions are all"
            hint = f"{stands} that stands here" if self.kind in TYPE_STARTS - {ID} else ""
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
        elif (following == ">" and (kind in ("=", "-") or self.word(self.index) in _DASHES)) or (
            kind in (":", "=") and following in TYPE_STARTS
        ):
            last = self.index + (following == ">")
            span = Span(self.start - self.base, self.ends[last] - self.base)
            found = self.text[self.start : self.ends[last]]
            message = f"expected `->` before the result of `{name.text}`, found `{found}`"
            mends = (Fix("Write `->`", (TextEdit(span, "->"),)),)
            if kind == BAD:
                self._mute()
                self._report("expected-token", message, span, fixes=mends)
            self._complain("expected-token", message, fixes=mends)
            while self.index <= last:
                self.advance()
        elif kind == ID and following in TYPE_STARTS and self._goes_on() and self._word_for_arrow(name):
            pass
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

    def _word_for_arrow(self, name: Name) -> bool:
        """Whether a word of other languages stands here before the result, or the error; reported and read then."""
        word = self.word(self.index)
        message = f"expected `->` before the result of `{name.text}`, found `{word}`"
        if word in _RESULT_WORDS:
            self._complain("expected-token", message, fixes=(self._replacement("->"),))
        elif word in _ERROR_WORDS:
            self._complain("expected-token", message, "an error is part of the result: `-> result<_, error>`")
        else:
            return False
        self.advance()
        return True

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

    # Parameters ------------------------------------------------------------------------------------------------------

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
        if self.kind in TYPE_STARTS - {ID} and self.peek(1) in (",", ")", "<") and self._goes_on():
            message = f"expected a name for the parameter, found {self._found()}"
            shown = f"{self.kind}<…>" if self.peek(1) == "<" else self.kind
            self._complain("expected-name", message, f"a parameter is written `name: {shown}`")
            nameless = Name("", self.start - self.base, self.start - self.base)
            return Param(nameless, self._type(), comments)
        self._skip_extra_word()
        name = self._name("parameter")
        return Param(name, self._type_of("parameter", name), comments)

    def _type_of(self, what: str, name: Name) -> Type:
        """`: type`, of a field or a parameter."""
        colon = self.kind == ":"
        fits = self._type_follows()
        asked = self.index - 1 if colon and name.text and self.kinds[self.index - 1] == BAD else -1
        if not self._expect(":", f"and the type of {what} `{name.text}`", instead=("=",), fits=fits):
            if not name.text:
                raise GiveUp
            return Missing(self._here(), self._here())
        if not colon and self.kind == ID and self._same_line() and self.text[self.previous_end - 1] != "=":
            # Without its colon, `int a` may as well be meant as `a: int`: which of the two is the type is not certain.
            self.advance()
            return Missing(self._here(), self._here())
        start, known = self.start, len(self.problems)
        found = self._type()
        if asked >= 0 and self.word(asked) == "?" and len(self.problems) == known and not isinstance(found, Missing):
            mark = Span(self.starts[asked] - self.base, self.ends[asked] - self.base)
            if known and self.problems[-1].span == mark:
                return self._wrapped(found, start, mark, known - 1)
        return found

    def _type_follows(self) -> bool:
        return self.kind in TYPE_STARTS and self._same_line()

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

    def _skip_extra_word(self) -> None:
        """`mut name: type`"""
        word = self.kind == ID or self.kind in KEYWORDS
        if word and self.peek(1) == ID and self.peek(2) == ":" and self._goes_on():
            message = f"expected `:` after `{self.word(self.index)}`, found `{self.word(self.index + 1)}`"
            self._complain("expected-token", message, fixes=(self._removal(),))
            self.advance()
