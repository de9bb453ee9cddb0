"""Parsing what items are made of: names, paths, versions, attributes and types.

Specification: WIT.md, "WIT Identifiers", "Package Names", "Feature Gates" and "Types".
"""

import re

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import lexer, misspelt
from dataflare_lsp.wit.lexer import BAD, END, FORBIDDEN, ID, INTEGER, INVISIBLE, KEYWORDS, MAP_KEYS, PRIMITIVES, STRING
from dataflare_lsp.wit.reader import FUNC_WORDS, ITEM_STARTS, TYPE_STARTS, Reader, clipped
from dataflare_lsp.wit.syntax import (
    NO_LEAD,
    Attribute,
    Deprecated,
    ExternalId,
    FutureOf,
    Handle,
    Lead,
    ListOf,
    MapOf,
    Missing,
    Name,
    Named,
    OptionOf,
    PackageName,
    Path,
    Primitive,
    ResultOf,
    Since,
    StreamOf,
    TupleOf,
    Type,
    Unstable,
)

MAX_DEPTH = 100
"""Of types in types, and of packages in packages; the reference's limit."""

_GENERIC = ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow")
_ALONE = frozenset(("result", "future", "stream"))
_JOINTS = frozenset(("as", "with", "from"))
_AFTER_TYPE = frozenset((",", ")", ">", "}", ";"))
_ATTRIBUTES = ("since", "unstable", "deprecated", "external-id")
_ATTRIBUTE_EXAMPLES = {
    "since": "@since(version = 1.0.0)",
    "unstable": "@unstable(feature = name)",
    "deprecated": "@deprecated(version = 1.0.0)",
    "external-id": '@external-id("…")',
}

_TWO_NUMBERS = re.compile(r"\d+\.\d")
_SEMVER = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_DIGITS = re.compile("[0-9]+")
_PLAIN = re.compile(r"[0-9A-Za-z.+-]+")
_SEEN = dict.fromkeys(map(ord, INVISIBLE))


class Phrases(Reader):
    """Reads the parts of items."""

    __slots__ = ()

    # Names -----------------------------------------------------------------------------------------------------------

    def _name(self, what: str, *, defines: bool = True, leads: bool = False, built_in: bool = False) -> Name:
        """An identifier: the name that `what` gets, or, where it does not define, that of a `what` elsewhere.

        Where there is none, the name is empty. `leads`: an item begins with this name; otherwise what plainly begins an
        item is left alone. `built_in`: a built-in type may stand here as well.
        """
        while self.kind in KEYWORDS and self.peek(1) in (ID, self.kind) and self._goes_on() and self._doubled():
            pass
        kind = self.kind
        start = self.start - self.base
        if kind == ID and (leads or self.peek(1) != ":" or not self._at_item()):
            text = self.text[self.start : self.ends[self.index]]
            if text[0] == "%":
                text = text[1:]
            if not lexer.is_kebab_case(text):
                self._bad_name(text, built_in)
                text = text.translate(_SEEN)
            self.advance()
            if self.kind == BAD and self.start == self.previous_end:
                self._foreign_sign_in_name()
            return Name(text, start, self._here())
        in_the_way = kind in ("}", ")", ">", "@", "*", "/", "=") and self.peek(1) == ID and self._in_the_way()
        wanted = f"a name for the {what}" if defines else f"the name of {article(what)}"
        message = f"expected {wanted}, found {self._found()}"
        if kind in PRIMITIVES and not defines:
            self._complain("expected-name", message)
            self.advance()
            return Name("", start, start)
        if kind in KEYWORDS and not self._begins_something() and not (kind in _JOINTS and self.peek(1) == ID):
            hint = f"a name like this is written `%{kind}`"
            fixes = (self._escape_fix(),) if defines or self.peek(1) not in ("(", "{") else ()
            self._complain("keyword-as-name", message, hint, fixes=fixes)
            self.advance()
            # What is defined under the keyword can be read; what would be read under it is not looked for.
            return Name(kind if defines else "", start, self._here())
        if kind == INTEGER and self.peek(1) in (ID, *KEYWORDS) and self.starts[self.index + 1] == self.end:
            span = Span(start, self.ends[self.index + 1] - self.base)
            word = self.text[self.start : self.ends[self.index + 1]]
            if self.complained_at != self.start:
                message = f"`{clipped(word)}` is not kebab-case"
                self._report("invalid-identifier", message, span, "names begin with a letter")
            self.advance()
            self.advance()
            return Name("", start, start)
        if in_the_way:
            self._complain("expected-name", message, fixes=(self._removal(),))
            self.advance()
            return self._name(what, defines=defines)
        self._complain("expected-name", message)
        if kind in (INTEGER, BAD, "_", STRING):
            self.advance()
            self._mute()
        return Name("", start, start)

    def _foreign_sign_in_name(self) -> None:
        """A sign that names cannot have, in the middle of one: one mistake, and the whole word is read."""
        self._complain("invalid-character", "")
        self.advance()
        while self.kind in (ID, INTEGER, BAD) and self.start == self.previous_end:
            self.advance()

    def _begins_something(self) -> bool:
        """Whether the keyword at hand plainly begins an item rather than being used as a name."""
        if self.kind == "constructor":
            return self.peek(1) == "("
        if self._same_line():
            return False
        following = self.peek(1)
        return self.kind in ITEM_STARTS and (following == ID or (following in KEYWORDS and self.peek(2) in "{;:="))

    def _bad_name(self, text: str, built_in: bool) -> None:
        if text.translate(_SEEN) != text:
            self._hidden_sign()
            return
        better = misspelt.kebab_case(text)
        fixes: tuple[Fix, ...] = ()
        hint = "names are words of one case joined by `-`, each starting with a letter"
        if better and not (text[-1] == "-" and self.peek(1) == ">"):
            hint = f"write `{better}`: names are words of one case joined by `-`"
            written = self.word(self.index)
            called = misspelt.primitive(text) if built_in and not written.startswith("%") else None
            is_meant = built_in and better in TYPE_STARTS and not written.startswith("%")
            escaped = "%" if written.startswith("%") or (better in KEYWORDS and not is_meant) else ""
            if is_meant and better not in PRIMITIVES | _ALONE:
                hint = f"write `{better}<…>`"
            else:
                fixes = (Fix(f"Rename to `{better}`", (TextEdit(self._span(), escaped + better),)),)
                if called:  # or a type of one's own, whose name is to be mended
                    hint = f"write `{called}`, or `{better}` for a type of your own"
                    fixes = (Fix(f"Write `{called}`", (TextEdit(self._span(), called),), False), *fixes)
        if FORBIDDEN.search(text):
            return  # reported for the whole segment
        message = f"`{clipped(text)}` is not kebab-case"
        if not text:
            message, hint = "a name is missing after `%`", "with it, a keyword can be a name, as in `%list`"
        elif not text.isascii():
            hint = "names are made of the letters a to z, digits and `-`"
        self._complain("invalid-identifier", message, hint, fixes=fixes)

    def _escape_fix(self) -> Fix:
        start = self.start - self.base
        return Fix(f"Write `%{self.kind}`", (TextEdit(Span(start, start), "%"),))

    # Paths -----------------------------------------------------------------------------------------------------------

    def _path(self, what: str = "interface") -> Path:
        """`name`, or `namespace:package/name@version`; `what` is named."""
        start = self.start - self.base
        first = self._name(what, defines=False)
        if self.kind != ":":
            if self.kind == "/":
                message = f"expected a namespace before `{first.text}/`, as in `namespace:{first.text}/{what}`"
                self._complain("expected-token", message)
                self.advance()
                self._name(what, defines=False)
                self._optional_version()
                return Path(None, Name("", start, start), start, self._here())
            return Path(None, first, start, first.end)
        self.advance()
        twice = self.kind == ":" and self.start == self.previous_end
        if twice:
            fixes = (self._removal(),) if self.peek(2) == "/" else ()
            self._complain("unexpected-token", "expected one `:`, found `::`", fixes=fixes)
            self.advance()
        package = self._name("package", defines=False)
        package_end = self._here()
        if self._version_in_the_middle():
            return self._path_with_version_first(what, PackageName(first.text, package.text, ""), start, package_end)
        if self.kind != "/":
            if twice:
                self._mute()
            self._expect("/", f"and {article(what)} after `{first.text}:{package.text}`", fits=False)
            self._optional_version()
            if self.kind == "/":
                self.advance()
                self._name(what, defines=False)
            return Path(None, Name("", start, start), start, self._here())
        self.advance()
        name = self._name(what, defines=False)
        version = self._optional_version(guessed=False)
        return Path(PackageName(first.text, package.text, version), name, start, self._here(), package_end)

    def _version_in_the_middle(self) -> bool:
        """`ns:pkg@1.0.0/name`: whether a version stands here that a `/` follows."""
        if self.kind != "@" or self.peek(1) != INTEGER or not self._goes_on():
            return False
        here = self.index
        while self.kind in ("@", INTEGER, ".", "-", "+", ID) and self._goes_on():
            self.advance()
        found = self.kind == "/" and self._same_line()
        self.rewind(here)
        return found

    def _path_with_version_first(self, what: str, package: PackageName, start: int, package_end: int) -> Path:
        """The rest of `ns:pkg@1.0.0/name`, reported; its package is looked for by nobody, being written wrongly."""
        known = len(self.problems)
        at = self.start
        while self.kind != "/":
            self.advance()
        version = self.text[at : self.previous_end]
        span = Span(at - self.base, self._here())
        self.advance()
        name = self._name(what, defines=False)
        if len(self.problems) == known and name.text:
            written = self.text[name.start + self.base : name.end + self.base]
            message = (
                f"the version stands at the end of a path: `{package.namespace}:{package.name}/{written}{version}`"
            )
            fixes: tuple[Fix, ...] = ()
            if _SEMVER.fullmatch(version, 1):
                whole = Span(package_end, name.end)
                fixes = (Fix("Move the version to the end", (TextEdit(whole, f"/{written}{version}"),)),)
            self._report("unexpected-token", message, span, fixes=fixes)
        return Path(package, name, start, self._here(), package_end)

    # Versions --------------------------------------------------------------------------------------------------------

    def _optional_version(self, guessed: bool = True) -> str | None:
        """The version of a package's name; "" for one that cannot be told, so that nobody looks for it.

        `guessed`: of a short one, what it would be in full.
        """
        if self.kind != "@" or (self.peek(1) == ID and not self._same_line()):
            return None
        self.advance()
        start = self.start
        version = self._version(certain=guessed) or ""
        if not guessed and not self.text.startswith(version, start):
            return ""
        # Of one number alone, those that are missing cannot be guessed.
        return version if _TWO_NUMBERS.match(self.text, start) and _SEMVER.fullmatch(version) else ""

    def _version(self, certain: bool = True) -> str | None:
        """A semantic version, in the reference's way: tokens first, then their text. None when there is no number.

        `certain`: the numbers that a short one lacks are 0.
        """
        if self.kind != INTEGER:
            self._no_version()
            return None
        start = self.start
        for part in range(3):
            if part:
                if self.kind != "." or self.peek(1) != INTEGER:
                    return self._short_version(start, part, certain)
                self.advance()
            self.advance()
        end = self.previous_end
        for sign in "-+":
            if self.kind == sign:
                self.advance()
                # A sign that nothing follows is no part of the version, and is welcome all the same.
                end = self.previous_end if self._version_identifiers() else end
                if self._runs_on():
                    return self.text[start:end]
        if self.kind == "." and self.peek(1) == INTEGER:
            while self.kind == "." and self.peek(1) == INTEGER:
                self.advance()
                self.advance()
            end = self.previous_end
        text = self.text[start:end]
        if not _SEMVER.fullmatch(text) or any(int(n) > 0xFFFFFFFFFFFFFFFF for n in _DIGITS.findall(text[:99])):
            self._report(
                "invalid-version",
                f"`{text}` is not a semantic version",
                Span(start - self.base, end - self.base),
                "expected major.minor.patch, with `-pre.release` or `+build` parts after it if any",
            )
        return text

    def _no_version(self) -> None:
        """Where a version should be and none begins."""
        word = self.word(self.index)
        message = f"expected a version such as `1.0.0`, found {self._found()}"
        if self.kind == STRING and _SEMVER.fullmatch(word[1:-1]):
            self._complain_of_quotes("invalid-version", message, "a version")
            return
        if self.kind == ID and word[0] in "vV" and word[1:].isdecimal():
            start = self.start - self.base
            fixes = (Fix("Remove the `v`", (TextEdit(Span(start, start + 1), ""),)),)
            self._complain("invalid-version", message, "a version has no `v`", fixes=fixes)
            while self.kind in (ID, INTEGER) or (self.kind == "." and self.peek(1) in (INTEGER, ID)):
                self.advance()
            return
        self._complain("invalid-version", message)
        if self.kind in (STRING, ID, "*") and self._same_line():
            self.advance()
        while self.kind == "." and self.peek(1) == INTEGER and self._same_line():
            self.advance()
            self.advance()

    def _short_version(self, start: int, parts: int, certain: bool) -> str:
        """The version that begins at `start` has fewer than three numbers; what it would be in full."""
        found = self.text[start : self.previous_end]
        full = found + ".0" * (3 - parts)
        span = Span(start - self.base, self._here())
        dot = self.kind == "." and self.peek(1) != "{"
        if dot:
            self.advance()
        if not self._same_line():
            self._complain("invalid-version", f"expected the rest of the version `{found}`, found {self._found()}")
        else:
            helps = not dot and self.kind != ID and _SEMVER.fullmatch(full)
            fixes = (Fix(f"Write `{full}`", (TextEdit(span, full),), certain),) if helps else ()
            hint = "write all three numbers: major.minor.patch"
            self._report("invalid-version", f"`{found}` is not a full version", span, hint, fixes)
            self._mute(len(self.problems) - 1)
        if dot:
            if self.kind in (ID, "*") and self._same_line():
                self.advance()
            while self.kind in (".", INTEGER) and self.peek(1) != "{" and self._same_line():
                self.advance()
            self._mute()
        return full

    def _version_identifiers(self) -> bool:
        """The identifiers after `-` or `+`, in the reference's way; whether there are any."""
        seen = False
        while self._same_line():
            if self.kind in (INTEGER, "-") or self._plain_id(0):
                self.advance()
            elif self.kind == "." and self._goes_on() and (self.peek(1) in (INTEGER, "-") or self._plain_id(1)):
                self.advance()
                self.advance()
            else:
                break
            seen = True
        return seen

    def _runs_on(self) -> bool:
        """Whether the reference would take what begins the next line for a part of the version; reported then."""
        dot = self.kind == "."
        if self._same_line() and (not dot or self._goes_on()):
            return False
        if not (self.peek(dot) in (INTEGER, "-") or self._plain_id(dot)):
            return False
        line = max(self.text.rfind("\n", self.base, self.previous_end) + 1, self.base)
        start = max(line, self.starts[self.index - 1])
        message = f"nothing ends the version on its line, so it goes on with `{self.word(self.index + dot)}`"
        self._report("invalid-version", message, Span(start - self.base, self._here()))
        if dot:
            self.advance()
        self._mute()
        return True

    def _plain_id(self, ahead: int) -> bool:
        return self.peek(ahead) == ID and self.text[self.starts[self.index + ahead]] != "%"

    # Attributes ------------------------------------------------------------------------------------------------------

    def _lead(self) -> Lead:
        """The comments and attributes before an item."""
        comments = self._comments()
        if self.kind != "@" and not self._lacks_at():
            return Lead(comments) if comments else NO_LEAD
        attributes = []
        while self.kind == "@" or self._lacks_at():
            attribute = self._attribute()
            if attribute is not None:
                attributes.append(attribute)
            elif self.kind in ("}", END):
                self._mute()  # an attribute that is being typed: what it belongs to comes later
        return Lead(comments, tuple(attributes))

    def _lacks_at(self) -> bool:
        """`since(version = …)`: an attribute without its `@`."""
        if self.kind != ID or self.peek(1) != "(" or self.word(self.index) not in _ATTRIBUTES:
            return False
        return self.peek(2) == STRING or (self.peek(2) == ID and self.peek(3) == "=")

    def _attribute(self) -> Attribute | None:
        start = self.start - self.base
        if self.kind == "@":
            self.advance()
        else:
            fixes = (Fix("Insert `@`", (TextEdit(Span(start, start), "@"),)),)
            self._complain(
                "expected-token", f"expected `@` before the attribute `{self.word(self.index)}`", fixes=fixes
            )
        if self.kind != ID or self._at_item():
            self._complain("expected-name", f"expected the name of an attribute after `@`, found {self._found()}")
            return None
        name = self.word(self.index).removeprefix("%")
        span = self._take()
        if name not in _ATTRIBUTES:
            known = misspelt.meant(name, _ATTRIBUTES)
            self._unknown_attribute(name, span, known)
            if self.kind != "(":
                self._skip_attribute()
                return None
            if known is None:
                self._skip_balanced()
                return None
            name = known
        if self.kind != "(":
            message = f"expected `(` after `@{name}`, found {self._found()}"
            self._complain("expected-token", message, f"write `{_ATTRIBUTE_EXAMPLES[name]}`")
            self._skip_attribute()
            return None
        self.advance()
        attribute = self._attribute_body(name, start)
        if self.kind == ")":
            self.advance()
            return attribute._replace(end=self._here()) if attribute is not None else None
        fits = not self._same_line() or self.kind in ("@", "{", ";", "}", END) or self._starts_item()
        self._complain(
            "expected-token", f"expected `)` to close `@{name}(`, found {self._found()}", insert=")" if fits else ""
        )
        if not fits:
            self._skip_attribute()
        return attribute

    def _skip_attribute(self) -> None:
        """Skip what is left of a damaged attribute: on its line, up to where its item begins."""
        while self._same_line() and self.kind not in (")", "{", "}", ";", "@", END):
            if self._starts_item() or self._starts_outer():
                return
            self.advance()
        if self.kind == ")" and self._same_line():
            self.advance()

    def _attribute_body(self, name: str, start: int) -> Attribute | None:
        if name == "external-id":
            return self._external_id(start)
        key = "feature" if name == "unstable" else "version"
        if not self._attribute_key(name, key):
            return None
        if name == "unstable":
            if self.kind == STRING:
                message = f"expected a name for the feature, found {self._found()}"
                self._complain_of_quotes("expected-name", message, "a feature")
                return None
            return Unstable(self._name("feature"), start, self._here())
        version_start = self.start - self.base
        version = self._version()
        if version is None:
            return None
        end = self._here()
        if name == "since":
            return Since(version, start, end, version_start, end)
        return Deprecated(version, start, end)

    def _attribute_key(self, name: str, key: str) -> bool:
        """`version =` or `feature =`; whether its value can be read now."""
        message = f"expected `{key} = …` in `@{name}(…)`, found {self._found()}"
        if self._at_item():
            self._complain("invalid-attribute", message)
            return False
        if self.kind == ID or self.kind in KEYWORDS:
            written = self.word(self.index).removeprefix("%")
            if written != key:
                if key == "feature" and self.peek(1) != "=":
                    self._complain("invalid-attribute", message, fixes=(self._key_fix(key),))
                    return True
                following = self.peek(1)
                doubled = following == ID and self.word(self.index + 1) == key
                fixes = (self._removal(),) if doubled else (self._replacement(key),) if following == "=" else ()
                self._complain("invalid-attribute", message, fixes=fixes)
                if doubled:
                    self.advance()
            self.advance()
            return self._expect("=", f"after `{key}`", instead=(":",), fits=self.kind in (INTEGER, ID))
        if self.kind == INTEGER and key == "version":
            self._complain("invalid-attribute", message, fixes=(self._key_fix(key),))
            return True
        if self.kind == STRING:
            self._complain_of_quotes("invalid-attribute", message, f"a {key}", f"{key} = ")
            return False
        self._complain("invalid-attribute", message)
        return False

    def _complain_of_quotes(self, code: str, message: str, what: str, before: str = "") -> None:
        """Report and skip a string where something stands without quotes; `before` is missing, too."""
        inside = self.word(self.index)[1:-1]
        new = before + inside
        fixes = (Fix(f"Write `{new}`", (TextEdit(self._span(), new),)),) if _PLAIN.fullmatch(inside) else ()
        self._complain(code, message, f"{what} stands without quotes", fixes=fixes)
        self.advance()

    def _key_fix(self, key: str) -> Fix:
        start = self.start - self.base
        return Fix(f"Insert `{key} =`", (TextEdit(Span(start, start), f"{key} = "),))

    def _external_id(self, start: int) -> ExternalId | None:
        if self.kind != STRING:
            self._complain("invalid-attribute", f"expected a string in quotes, found {self._found()}")
            if self.kind == ID and self._same_line():
                self.advance()
            return None
        try:
            value = lexer.string_value(self.word(self.index))
        except lexer.StringProblem as problem:
            at = self.start - self.base + problem.at
            self._report("invalid-string", problem.what, Span(at, at + problem.length))
            value = ""
        self.advance()
        return ExternalId(value, start, self._here())

    def _unknown_attribute(self, name: str, span: Span, known: str | None) -> None:
        hint = f"did you mean `@{known}`?" if known else f"known are {', '.join(f'`@{one}`' for one in _ATTRIBUTES)}"
        fixes = (Fix(f"Change to `@{known}`", (TextEdit(span, known),)),) if known and self.kind == "(" else ()
        self._report("unknown-attribute", f"there is no attribute `@{name}`", span, hint, fixes)

    def _refuse_external_id(self, lead: Lead, what: str) -> None:
        for attribute in lead.attributes:
            if isinstance(attribute, ExternalId):
                self._report(
                    "misplaced-attribute",
                    f"{what} takes no `@external-id`",
                    Span(attribute.start, attribute.end),
                    "it belongs on an import, an export, a type or a function",
                )

    # Types -----------------------------------------------------------------------------------------------------------

    def _type(self, depth: int = 0) -> Type:
        """A type, or what other languages write for one."""
        start = self.start
        found = self._reference(depth) if self.kind == BAD and self.text[start] == "&" else self._wit_type(depth)
        if self.kind == BAD and self._same_line() and self.complained_at != self.start:
            word = self.word(self.index)
            if word == "?" and not isinstance(found, Missing):
                self._complain("expected-type", "")
                self.advance()
                return self._wrapped(found, start, Span(self._here() - 1, self._here()), len(self.problems) - 1)
            if word == "|":  # what the others are is not looked for, and neither is this one
                return Missing(start - self.base, self._here())
        return found

    def _wrapped(self, type: Type, start: int, mark: Span, number: int) -> Type:
        """A type as an option, for the question mark at `mark`, which the problem of that number is about."""
        first, end = start - self.base, self._here()
        edits: tuple[TextEdit, ...]
        if mark.start >= first:  # behind the type
            edits = (TextEdit(Span(first, first), "option<"), TextEdit(mark, ">"))
        else:
            edits = (TextEdit(mark, ""), TextEdit(Span(first, first), "option<"), TextEdit(Span(end, end), ">"))
        self.problems[number] = self.problems[number]._replace(fixes=(Fix("Write `option<…>`", edits),))
        return OptionOf(type, first, end)

    def _reference(self, depth: int) -> Type:
        """`&type`, `&mut type` or `&'a type`, at its first sign."""
        first = self._span()
        lifetime = self.word(self.index) == "&'"
        number = len(self.problems)
        self._complain("expected-type", "")
        self.advance()
        if lifetime and (self.kind == ID or self.kind in KEYWORDS):
            self.advance()
        if self.kind == ID and self.peek(1) in TYPE_STARTS and self._goes_on():
            self.advance()
        if self.kind not in TYPE_STARTS or not self._same_line():
            if self.kind == BAD:
                self._mute()
            return Missing(first.start, first.start)
        if number < len(self.problems) and (self.kind != ID or misspelt.primitive(self.word(self.index))):
            # Around anything else, it may be a `borrow<…>` that is wanted.
            fix = Fix("Remove `&`", (TextEdit(Span(first.start, self.start - self.base), ""),))
            self.problems[number] = self.problems[number]._replace(fixes=(fix,))
        if self.kind == ID and self.peek(1) != "<":
            self.advance()
            return Missing(first.start, self._here())
        return self._wit_type(depth)

    def _wit_type(self, depth: int) -> Type:
        kind = self.kind
        if depth >= MAX_DEPTH and kind != END:
            span = self._span()
            self._complain("nesting-too-deep", f"types are nested more than {MAX_DEPTH} deep")
            self.advance()
            if self.kind == "<":
                self._skip_balanced()
            return Missing(*span)
        if kind == ID:
            if self.peek(1) == "<" and self._goes_on():
                return self._unknown_generic(depth)
            if self.peek(1) == ":" and self._at_item():
                return self._no_type()
            return Named(self._name("type", defines=False, built_in=True))
        if kind not in TYPE_STARTS:
            return self._no_type()
        keyword = self._take()
        if kind in PRIMITIVES:
            if self.kind == "<":
                self._complain("unexpected-token", f"`{kind}` takes no other type, found `<`")
                self._skip_balanced()
            return Primitive(kind, *keyword)
        if self.kind == kind:
            self._doubled()
        if self.kind != "<":
            if kind in _ALONE:
                if kind == "result":
                    return ResultOf(None, None, *keyword)
                return (FutureOf if kind == "future" else StreamOf)(None, *keyword)
            opens = self.kind in TYPE_STARTS and self._same_line()
            self._expect("<", f"after `{kind}`", fits=False, hint=_example(kind))
            if not opens:
                if self.kind == "(":
                    self._skip_balanced()
                return Missing(*keyword)
            return self._applied(kind, keyword.start, depth + 1, quietly=True)
        self.advance()
        if self.kind == "<":
            self._doubled()
        return self._applied(kind, keyword.start, depth + 1)

    def _applied(self, kind: str, start: int, depth: int, quietly: bool = False) -> Type:
        """The rest of a type with arguments, after its `<`; `quietly`: that is missing, so its `>` may be as well."""
        if kind == "tuple":
            elements = self._list(">", "the tuple", "a type", lambda _: self._type(depth), starts=TYPE_STARTS)
            if not elements and self.complained_at < start + self.base:
                self._report("empty-type", "a tuple should have at least one element", Span(start, self._here()))
            return TupleOf(elements, start, self._here())
        if kind in ("own", "borrow"):
            resource = self._name("resource", defines=False)
            self._close_type(kind, depth, quietly)
            return Handle(kind == "borrow", resource, start, self._here())
        if kind == "result" and (self.kind == "_" or self._unit()):
            self.advance()
            err: Type = Missing(self._here(), self._here())
            hint = "a result without any type is just `result`"
            if self._expect(",", "and the error type after `_`", fits=self.kind in TYPE_STARTS, hint=hint):
                err = self._type(depth)
            self._close_type(kind, depth, quietly)
            return ResultOf(None, err, start, self._here())
        first_start = self.start
        first = self._type(depth)
        first_end = self.previous_end
        if kind == "list":
            length = None
            if self.kind == "," and self.peek(1) in TYPE_STARTS and self._goes_on() and self._closers_ahead() < depth:
                self._list_closes_late()
                return ListOf(first, None, start, self._here())
            if self.kind == "," or (self.kind == ";" and self.peek(1) == INTEGER):
                self._expect(",", "before the length of the list", instead=(";",))
                length = self._length()
            self._close_type(kind, depth, quietly)
            return ListOf(first, length, start, self._here())
        if kind == "map":
            known = len(self.problems)
            value: Type = Missing(self._here(), self._here())
            if self._expect(",", "and the type of the map's values", instead=(":",), fits=self.kind in TYPE_STARTS):
                value = self._type(depth)
            self._close_type(kind, depth, quietly)
            whole = len(self.problems) == known and self.previous_end > first_end
            if whole and not (isinstance(first, Missing) or (isinstance(first, Primitive) and first.name in MAP_KEYS)):
                self._report(
                    "invalid-map-key",
                    f"`{self.text[first_start:first_end]}` cannot be the key of a map",
                    Span(first_start - self.base, first_end - self.base),
                    "a key is bool, char, string or an integer type, written out",
                )
            return MapOf(first, value, start, self._here())
        if kind == "result":
            error: Type | None = None
            if self.kind == ",":
                self.advance()
                error = self._error_type(depth)
            self._close_type(kind, depth, quietly)
            return ResultOf(first, error, start, self._here())
        self._close_type(kind, depth, quietly)
        if kind == "option":
            return OptionOf(first, start, self._here())
        return (FutureOf if kind == "future" else StreamOf)(first, start, self._here())

    def _error_type(self, depth: int) -> Type:
        """The second type of a result, after its comma."""
        unit = self.kind == "(" and self.peek(1) == ")"
        if self.kind != "_" and not unit:
            return self._type(depth)
        word = "()" if unit else "_"
        span = Span(self.start - self.base, self.ends[self.index + unit] - self.base)
        comma = self.starts[self.index - 1] - self.base
        self._complain(
            "expected-type",
            f"expected the error type of the result, found `{word}`",
            "a result without an error type is `result<…>`",
            fixes=(Fix(f"Remove `, {word}`", (TextEdit(Span(comma, span.end), ""),)),),
        )
        self._move_to(self.index + 1 + unit)
        return Missing(*span)

    def _unit(self) -> bool:
        """Whether `()` stands for the first type of a result, before its comma; reported, and read up to its `)`."""
        if self.kind != "(" or self.peek(1) != ")" or self.peek(2) != ",":
            return False
        span = Span(self.start - self.base, self.ends[self.index + 1] - self.base)
        fixes = (Fix("Write `_`", (TextEdit(span, "_"),)),)
        self._complain("expected-type", "expected a type or `_`, found `()`", "`_` is for no value", fixes=fixes)
        self.advance()
        return True

    def _length(self) -> int | None:
        if self.kind != INTEGER:
            self._complain("expected-token", f"expected the length of the list, found {self._found()}")
            return None
        digits = self.word(self.index)
        # Bounded before the conversion: Python refuses to convert very long numbers, and a list is never that long.
        length = int(digits) if len(digits.lstrip("0")) <= 10 else 1 << 32
        if length >= 1 << 32:
            self._complain("invalid-length", f"a list cannot have {digits[:24]} elements: the limit is 2^32 - 1")
        self.advance()
        return length

    def _list_closes_late(self) -> None:
        """`result<list<u8, string>`: what follows the comma is no length, but belongs to the type around the list."""
        span = Span(self.starts[self.index + 1] - self.base, self.ends[self.index + 1] - self.base)
        word = self.word(self.index + 1)
        message = f"expected the length of the list, found `{word}`"
        self._report("expected-token", message, span, "or is a `>` missing before the comma?", (self._insertion(">"),))

    def _close_type(self, kind: str, depth: int, quietly: bool) -> None:
        """Read the `>` of a type that is the `depth`th open one, skipping what is too much before it."""
        if self.kind == ">":
            self.advance()
            return
        if quietly:
            return
        surplus = self.complained_at != self.start and self._closers_ahead() >= depth
        message = f"expected `>` to close `{kind}<`, found {self._found()}"
        self._complain("expected-token", message, insert="" if surplus else ">")
        while surplus:
            surplus = self.kind != ">"
            if not self._skip_balanced():
                self.advance()

    def _closers_ahead(self) -> int:
        """How many `>` follow that close what is open, before the type at hand plainly ends."""
        here = self.index
        closers = 0
        while self.kind not in (")", "}", ";", "{", "->", ":", "=", END) and self._same_line():
            if self.kind == ">":
                closers += 1
                self.advance()
            elif not self._skip_balanced():
                self.advance()
        self.rewind(here)
        return closers

    def _unknown_generic(self, depth: int) -> Type:
        """`name<…>`, with a name that is none of the built-in types that take others."""
        name = self.word(self.index)
        start = self.start - self.base
        known = misspelt.meant(name, _GENERIC)
        hint = (
            f"did you mean `{known}`?"
            if known
            else "types that take others are " + ", ".join(f"`{one}`" for one in _GENERIC)
        )
        message = f"`{name}` takes no other type: only built-in types do"
        self._complain("unexpected-token", message, hint, fixes=(self._replacement(known),) if known else ())
        self.advance()
        if known:
            self.advance()
            return self._applied(known, start, depth + 1)
        self._skip_balanced()
        return Missing(start, self._here())

    def _no_type(self) -> Missing:
        """Where a type should be and none begins."""
        span = self._span()
        kind = self.kind
        if kind in KEYWORDS and self.peek(1) in _AFTER_TYPE and kind not in FUNC_WORDS and not self._at_item():
            hint = f"a type of that name is written `%{kind}`"
            message = f"expected a type, found the keyword `{kind}`"
            self._complain("keyword-as-name", message, hint, fixes=(self._escape_fix(),))
            self.advance()
            return Missing(*span)
        hint = ""
        sign = self.text[self.start] if kind == BAD else kind
        if sign == "(" and self.peek(1) == ")":
            hint = "WIT has no type without a value"
        elif sign == "(":
            hint = "several values are a `tuple<…>`"
        elif kind in FUNC_WORDS:
            hint = "a function is no value: pass a resource that has it"
        elif sign == "[":
            hint = "a list is written `list<…>`"
        elif kind == "_":
            hint = "`_` stands only for the first type of a `result`"
        if sign == "[":
            self._complain_of_bracket(hint)
        else:
            self._complain("expected-type", f"expected a type, found {self._found()}", hint)
        if kind == "{" and not self._same_line():
            return Missing(span.start, span.start)
        if self._skip_balanced(braces=True):
            return Missing(span.start, self._here())
        if kind in (INTEGER, STRING, BAD, "_", "*"):
            self.advance()
            if kind in (BAD, "*") and self.kind in TYPE_STARTS and self._same_line():  # `&string`, `*u8`, `'text'`
                self.advance()
            if self.kind == BAD:
                self._mute()
        return Missing(span.start, span.start)

    def _complain_of_bracket(self, hint: str) -> None:
        if self.complained_at != self.start:
            self._mute()
            self._report("expected-type", "expected a type, found `[`", self._span(), hint)


def article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _example(kind: str) -> str:
    inside = {"map": "string, u32", "tuple": "u32, string", "own": "resource-name", "borrow": "resource-name"}
    return f"as in `{kind}<{inside.get(kind, 'u8')}>`"
