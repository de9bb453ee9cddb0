"""Read WAVE as a value of a type.

One pass, directed by the type, with one token of look-ahead. Each step knows what it expects, so each can say so, in an
error as well as to whoever completes the text.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NoReturn, cast

from dataflare_lsp.text import Span, nearest
from dataflare_lsp.values import floats
from dataflare_lsp.values.describe import brief
from dataflare_lsp.values.types import (
    NO_DEFAULTS,
    RANGES,
    Case,
    Enum,
    Flags,
    Function,
    Handle,
    ListOf,
    MapOf,
    Option,
    Primitive,
    PrimitiveName,
    Record,
    Result,
    Tuple,
    Type,
    Unsupported,
    Value,
    Variant,
    is_bytes,
)
from dataflare_lsp.values.wave.errors import WaveError
from dataflare_lsp.values.wave.tokens import KEYWORDS, Token, as_case, decoded, next_token

MAX_DEPTH: Final = 100
"""How deep values may lie in each other, as in the reference."""

MAX_LENGTH: Final = 1 << 26
"""How many characters a text may have. A value takes no more than a fixed multiple of its text's memory."""

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBERS: Final = re.compile(r"\[([0-9, \t\r\n]*)\]")
_BYTE: Final = {str(number): number for number in range(256)}
_SHOWN: Final = 20
_FEW: Final = 3


def parse(text: str, type: Type, defaults: Mapping[str, Value] = NO_DEFAULTS) -> Value:
    """The value of `type` that `text` is. Raises WaveError.

    `defaults` are the values of the fields that may be left out of `type`, where it is a record, besides those that are
    options. WAVE as such has none.
    """
    reader = _Reader(text)
    value = reader.value(type, defaults)
    reader.finish()
    return value


def callee(text: str) -> str:
    """The name of the function that a call names: `interface#function` in `interface#function(1, "a")`.

    It is whatever stands before the arguments. Raises WaveError where there is no such name.
    """
    opening = text.find("(")
    name = text[: max(opening, 0)].strip()
    if not name:
        place = Span(0, 0) if opening >= 0 else Span(len(text), len(text))
        expected = "the name of a function" if opening >= 0 else "`(` and the arguments after the name of the function"
        raise WaveError(place, f"expected {expected}", "a call is written as `interface#function(1, true)`")
    return name


def parse_call(text: str, function: Function) -> tuple[Value, ...]:
    """The arguments of a call, in the order of the parameters; those at the end that are options may be left out.

    Which function it is, `callee` says. Raises WaveError.
    """
    callee(text)
    reader = _Reader(text, text.find("("))
    values = reader.arguments(function)
    reader.finish()
    return values


class _Reader:
    """A text and the token that comes next."""

    __slots__ = ("_depth", "_text", "_token")

    def __init__(self, text: str, start: int = 0) -> None:
        if len(text) > MAX_LENGTH:
            raise WaveError(Span(MAX_LENGTH, len(text)), f"the text is longer than {MAX_LENGTH} characters")
        self._text = text
        self._depth = 0
        self._token = next_token(text, start)

    def finish(self) -> None:
        """Raises WaveError where something is left of the text."""
        if self._token.kind != "end":
            self._fail("expected the end of the text after the value")

    def value(self, type: Type, defaults: Mapping[str, Value] = NO_DEFAULTS) -> Value:
        """The value of `type` that comes next. See `parse`."""
        if self._depth >= MAX_DEPTH:
            raise WaveError(self._token.span, f"values lie in each other more than {MAX_DEPTH} deep")
        self._depth += 1
        value = self._record(type, defaults) if isinstance(type, Record) else self._value(type)
        self._depth -= 1
        return value

    def arguments(self, function: Function) -> tuple[Value, ...]:
        """The arguments of a call, from `(` to `)`."""
        opening = self._expect("(")
        parameters = function.parameters
        values: list[Value] = []
        for _ in self._items(")"):
            if len(values) == len(parameters):
                self._fail(f"expected `)` after {_counted(len(parameters), 'argument')}", brief(function))
            values.append(self.value(cast("Type", parameters[len(values)].type)))
        closing = self._expect(")")
        left = parameters[len(values) :]
        missing = [parameter.name for parameter in left if not isinstance(parameter.type, Option)]
        if missing:
            message = f"{_listed('argument', missing)} {'are' if len(missing) > 1 else 'is'} missing"
            raise WaveError(Span(opening.start, closing.end), message, brief(function))
        return (*values, *[None] * len(left))

    # By type

    def _value(self, type: Type) -> Value:
        match type:
            case Primitive(name):
                return self._primitive(name)
            case ListOf():
                return self._list(type)
            case MapOf():
                return self._map(type)
            case Record():
                return self._record(type, NO_DEFAULTS)
            case Tuple(elements):
                return self._tuple(elements)
            case Variant(cases):
                types = {case.name: case.type for case in cases}
                chosen = self._case(type, types)
                return Case(chosen, self._payload(chosen, types[chosen]))
            case Enum(names):
                chosen = self._case(type, names)
                self._payload(chosen, None)
                return chosen
            case Flags():
                return self._flags(type)
            case Option():
                return self._option(type)
            case Result():
                return self._result(type)
            case Handle() | Unsupported():
                return self._fail(f"values of type {brief(type)} cannot be written down", found=False)

    def _primitive(self, name: PrimitiveName) -> Value:
        token = self._token
        text = self._text[token.start : token.end]
        match name:
            case "bool":
                if text not in ("true", "false"):
                    self._expected_type(Primitive(name))
                value: Value = text == "true"
            case "string":
                if token.kind not in ("string", "lines"):
                    self._expected_type(Primitive(name), "strings are written in double quotes")
                value = decoded(self._text, token)
            case "char":
                if token.kind != "char":
                    self._expected_type(Primitive(name), "chars are written in single quotes")
                value = decoded(self._text, token)
            case "f32" | "f64":
                if token.kind != "number" and text not in ("nan", "inf"):
                    self._expected_type(Primitive(name))
                value = floats.read(text, name)
            case _:
                if token.kind != "number" or not _INTEGER.fullmatch(text):
                    self._expected_type(Primitive(name))
                value = self._integer(text, name)
        self._advance()
        return value

    def _integer(self, text: str, name: PrimitiveName) -> int:
        least, most = RANGES[name]
        # Python refuses to read very long numbers, and these are out of range.
        value = int(text) if len(text) <= len(str(-most)) else most + 1
        if not least <= value <= most:
            self._fail(f"`{_short(text)}` is out of range for {name}, which is {least} to {most}", found=False)
        if text == "-0" and least == 0:
            self._fail(f"`-0` is no {name}, which has no sign", found=False)
        return value

    def _list(self, type: ListOf) -> Value:
        opening = self._token
        if opening.kind != "[":
            self._expected_type(type)
        value: bytes | tuple[Value, ...] | None = self._bytes() if is_bytes(type) else None
        if value is None:
            self._advance()
            elements: list[Value] = []
            for _ in self._items("]"):
                elements.append(self.value(type.element))
            value = bytes(cast("list[int]", elements)) if is_bytes(type) else tuple(elements)
        closing = self._expect("]")
        if type.length is not None and len(value) != type.length:
            place = Span(opening.start, closing.end)
            raise WaveError(place, f"expected {_counted(type.length, 'element')}, found {len(value)}")
        return value

    def _bytes(self) -> bytes | None:
        """What is in brackets, all at once, up to the closing one; None where something in it may be no byte."""
        match = _NUMBERS.match(self._text, self._token.start)
        if match is None or self._depth >= MAX_DEPTH:
            return None
        numbers = [number.strip() for number in match[1].split(",")]
        if not numbers[-1]:
            numbers.pop()
        try:
            found = bytes(map(_BYTE.__getitem__, numbers))
        except KeyError:
            return None
        self._token = Token("]", match.end() - 1, match.end())
        return found

    def _tuple(self, types: tuple[Type, ...]) -> Value:
        opening = self._token
        if opening.kind != "(":
            self._expected_type(Tuple(types))
        self._advance()
        values: list[Value] = []
        for _ in self._items(")"):
            if len(values) == len(types):
                self._fail(f"expected `)` after {_counted(len(types), 'element')}")
            values.append(self.value(types[len(values)]))
        closing = self._expect(")")
        place = Span(opening.start, closing.end)
        if not types:
            raise WaveError(place, "a tuple of nothing cannot be written down")
        if len(values) < len(types):
            raise WaveError(place, f"expected {_counted(len(types), 'element')}, found {len(values)}")
        return tuple(values)

    def _record(self, type: Record, defaults: Mapping[str, Value]) -> Value:
        opening = self._token
        if opening.kind != "{":
            self._expected_type(type)
        self._advance()
        types = {field.name: field.type for field in type.fields}
        found: dict[str, Value] = {}
        without_any = self._token.kind == ":"
        if without_any:
            self._advance()
        else:
            for _ in self._items("}"):
                name = self._name("field", types, found)
                self._expect(":")
                found[name] = self.value(cast("Type", types[name]))
        closing = self._expect("}")
        place = Span(opening.start, closing.end)
        left = [name for name in types if name not in found and name not in defaults]
        missing = [name for name in left if not isinstance(types[name], Option)]
        if missing:
            raise WaveError(place, f"{_listed('field', missing)} {'are' if len(missing) > 1 else 'is'} missing")
        if not found and not without_any:
            raise WaveError(place, "`{}` is no record", "one without fields is written as `{:}`")
        return tuple([found[name] if name in found else defaults.get(name) for name in types])

    def _map(self, type: MapOf) -> Value:
        if self._token.kind != "{":
            self._expected_type(type)
        self._advance()
        found: dict[Value, Value] = {}
        if self._token.kind == ":":
            self._advance()
        else:
            for _ in self._items("}"):
                key = self._value(type.key)
                self._expect(":")
                found[key] = self.value(type.value)
        self._expect("}")
        return tuple(found.items())

    def _flags(self, type: Flags) -> Value:
        if self._token.kind != "{":
            self._expected_type(type)
        self._advance()
        found: dict[str, Value] = {}
        for _ in self._items("}"):
            found[self._name("flag", type.names, found)] = True
        self._expect("}")
        return tuple([name for name in type.names if name in found])

    def _option(self, type: Option) -> Value:
        match self._keyword():
            case "none":
                self._advance()
                return self._payload("none", None)
            case "some":
                self._advance()
                return Case("some", self._payload("some", type.some))
            case _:
                return Case("some", self._flat(type, type.some))

    def _result(self, type: Result) -> Value:
        match self._keyword():
            case "ok":
                self._advance()
                return Case("ok", self._payload("ok", type.ok))
            case "err":
                self._advance()
                return Case("err", self._payload("err", type.err))
            case _:
                return Case("ok", self._flat(type, type.ok))

    def _flat(self, type: Type, inner: Type | None) -> Value:
        """A value that stands for the option or the result which holds it."""
        if inner is None or not _may_be_flat(inner) or self._token.kind == "end":
            self._expected_type(type)
        return self._value(inner)

    # Parts of values

    def _items(self, closing: str) -> Iterator[None]:
        """One step for each item to be read, between commas up to a closing sign, which is left."""
        while self._token.kind != closing:
            yield
            if self._token.kind == ",":
                self._advance()
            elif self._token.kind != closing:
                self._fail(f"expected `,` or `{closing}`")

    def _case(self, type: Type, names: Collection[str]) -> str:
        """The name of a case of `type`, which is gone over."""
        keyword = self._keyword()
        if keyword in names:
            self._fail(f"`{keyword}` is a keyword", f"write `%{keyword}` for the case of that name", found=False)
        if self._token.kind != "label":
            self._expected_type(type)
        return self._name("case", names)

    def _name(self, what: str, names: Collection[str], found: Mapping[str, Value] = NO_DEFAULTS) -> str:
        """One of `names`, which is gone over. It must not be among those found before."""
        token = self._token
        if token.kind != "label":
            self._fail(f"expected a {what}", names=[name for name in names if name not in found])
        name = self._text[token.start : token.end].removeprefix("%")
        if name not in names:
            possible = [name for name in names if name not in found]
            near = nearest(name, names)
            hint = f"did you mean `{near}`?" if near else f"expected {_listed(what, possible)}"
            self._fail(f"no {what} `{_short(name)}`", hint, possible, found=False)
        if name in found:
            self._fail(f"{what} `{name}` is given twice", found=False)
        self._advance()
        return name

    def _payload(self, name: str, type: Type | None) -> Value:
        """What follows the name of a case: in parentheses its payload, if it has one."""
        if type is None:
            if self._token.kind == "(":
                self._fail(f"`{name}` has no payload", found=False)
            return None
        if self._token.kind != "(":
            self._fail(f"expected `(` and a value of type {brief(type)} after `{name}`")
        self._advance()
        value = self.value(type)
        self._expect(")")
        return value

    # Tokens

    def _keyword(self) -> str:
        """The keyword that comes, or "" where none does."""
        text = self._text[self._token.start : self._token.end] if self._token.kind == "label" else ""
        return text if text in KEYWORDS else ""

    def _advance(self) -> None:
        self._token = next_token(self._text, self._token.end)

    def _expect(self, sign: str) -> Token:
        token = self._token
        if token.kind != sign:
            self._fail(f"expected `{sign}`")
        self._advance()
        return token

    def _expected_type(self, type: Type, hint: str = "") -> NoReturn:
        self._fail(f"expected a value of type {brief(type)}", hint, names=_names_of(type))

    def _fail(self, message: str, hint: str = "", names: Sequence[str] = (), found: bool = True) -> NoReturn:
        """Raise a WaveError at the token; what was found there is told unless the message does."""
        token = self._token
        if found:
            text = self._text[token.start : token.end]
            message += ", but the text ends" if token.kind == "end" else f", found `{_short(text)}`"
        raise WaveError(token.span, message, hint, tuple(names))


def _names_of(type: Type) -> tuple[str, ...]:
    """The names that a value of `type` may begin with, as they are written."""
    match type:
        case Primitive("bool"):
            return ("true", "false")
        case Primitive("f32" | "f64"):
            return ("nan", "inf")
        case Enum(names):
            return tuple(map(as_case, names))
        case Variant(cases):
            return tuple([as_case(case.name) for case in cases])
        case Option(some):
            return ("some", "none", *(_names_of(some) if _may_be_flat(some) else ()))
        case Result(ok, _):
            return ("ok", "err", *(_names_of(ok) if ok is not None and _may_be_flat(ok) else ()))
        case _:
            return ()


def _may_be_flat(inner: Type) -> bool:
    """Whether a value of this type may stand for an option or a result that holds it."""
    return not isinstance(inner, (Option, Result))


def _short(text: str) -> str:
    line = text.split("\n", 1)[0]
    return f"{line[:_SHOWN]}…" if len(line) > _SHOWN or line != text else text


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _listed(what: str, names: Sequence[str]) -> str:
    """Some names in a sentence: `fields `a`, `b` and `c``."""
    shown = [f"`{name}`" for name in names[:_FEW]]
    if len(names) > _FEW:
        shown.append(f"{len(names) - _FEW} more")
    *before, last = shown or ["none"]
    return f"{what}{'s' if len(names) != 1 else ''} {', '.join(before)}{' and ' if before else ''}{last}"
