"""What the reference implementation of WAVE says, and other spellings of values than the one that is written."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from dataflare_lsp.values import wave
from dataflare_lsp.values.types import (
    Enum,
    Flags,
    ListOf,
    MapOf,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Value,
    Variant,
)
from dataflare_lsp.values.wave.tokens import as_case


class Verdict(NamedTuple):
    """The values that the reference reads, as it writes them; or what it says is wrong."""

    texts: tuple[str, ...] | None
    error: str


class Reference:
    """A running `wave-reference`, which answers one question after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def value(self, text: str, type: Type) -> Verdict:
        """What it makes of a value."""
        return self._ask({"type": _encoded(type), "text": text})

    def call(self, text: str, parameters: Sequence[Type]) -> Verdict:
        """What it makes of the arguments of a call."""
        return self._ask({"parameters": list(map(_encoded, parameters)), "text": text})

    def _ask(self, request: dict[str, object]) -> Verdict:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # The reference panics where a text ends in the two signs that begin a comment. A line break changes nothing else.
        request["text"] = f"{request['text']}\n"
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        texts = answer.get("ok")
        return Verdict(None if texts is None else tuple(texts), answer.get("error", ""))


@contextmanager
def reference(program: Path) -> Iterator[Reference]:
    """Run the reference for as long as questions are asked."""
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    with process:
        yield Reference(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 0


def _encoded(type: Type | None) -> object:
    """A type as `wave-reference` reads it."""
    match type:
        case None:
            return None
        case Primitive(name):
            return name
        case ListOf(element, None):
            return ["list", _encoded(element)]
        case MapOf(key, value):
            return ["map", _encoded(key), _encoded(value)]
        case Record(members) | Variant(members):
            return [type.kind, *[[member.name, _encoded(member.type)] for member in members]]
        case Tuple(elements):
            return ["tuple", *map(_encoded, elements)]
        case Enum(names) | Flags(names):
            return [type.kind, *names]
        case Option(some):
            return ["option", _encoded(some)]
        case Result(ok, err):
            return ["result", _encoded(ok), _encoded(err)]
    raise ValueError(f"the reference has no {type}")


_SPACES = st.sampled_from(["", "", "", " ", "\n", "\r\n\t", '// a, {b} "c\n', " //\n"])


@st.composite
def spellings(draw: st.DrawFn, value: Value, type: Type) -> str:
    """Some way to write a value of `type`, among all that there are."""
    return _Speller(draw).value(value, type)


class _Speller:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def value(self, value: Value, type: Type) -> str:
        return f"{self._space()}{self._value(value, type)}{self._space()}"

    def _value(self, value: Value, type: Type) -> str:
        match type:
            case Primitive("string" | "char" as name):
                return self._text(value, name == "char")
            case Primitive("f32" | "f64") if self._chance() and "e" not in (text := wave.write(value, type)):
                return (
                    text if text.strip("-").isalpha() else f"{text}{self._draw(st.sampled_from(['e0', 'E+0', 'e-00']))}"
                )
            case ListOf(element):
                return self._listed("[", [self.value(item, element) for item in value], "]")
            case MapOf(key, of):
                entries = [f"{self._spaced(self._value(k, key))}:{self.value(v, of)}" for k, v in value]
                return self._listed("{", entries, "}", self._draw(st.sampled_from(["{}", "{:}", "{ : }"])))
            case Record(fields):
                entries = [
                    f"{self._spaced(self._name(field.name))}:{self.value(item, field.type)}"
                    for field, item in zip(fields, value, strict=True)
                    if item is not None or not isinstance(field.type, Option) or self._chance()
                ]
                return self._listed("{", self._draw(st.permutations(entries)), "}", "{:}")
            case Tuple(elements):
                return self._listed("(", [self.value(v, of) for v, of in zip(value, elements, strict=True)], ")")
            case Flags():
                names = [self._spaced(self._name(name)) for name in self._draw(st.permutations(value))]
                return self._listed("{", names, "}", "{}")
            case Enum():
                return self._name(value, as_case(value))
            case Option(some):
                if value is None:
                    return "none"
                return self._case("some", value[1], some, flat=not isinstance(some, (Option, Result)))
            case Result(ok, err):
                flat = value[0] == "ok" and ok is not None and not isinstance(ok, (Option, Result))
                return self._case(value[0], value[1], ok if value[0] == "ok" else err, flat)
            case Variant(cases):
                of = next(case.type for case in cases if case.name == value[0])
                return self._case(self._name(value[0], as_case(value[0])), value[1], of, flat=False)
            case _:
                return wave.write(value, type)

    def _case(self, name: str, payload: Value, type: Type | None, flat: bool) -> str:
        if type is None:
            return name
        if flat and self._chance():
            return self._value(payload, type)
        return f"{name}{self._space()}({self.value(payload, type)})"

    def _listed(self, opening: str, items: Sequence[str], closing: str, empty: str = "") -> str:
        if not items and empty:
            return empty
        trailing = f",{self._space()}" if items and self._chance() else ""
        return f"{opening}{self._space() if not items else ''}{','.join(items)}{trailing}{closing}"

    def _name(self, name: str, least: str = "") -> str:
        return f"%{name}" if self._chance() else least or name

    def _text(self, text: str, char: bool) -> str:
        quote = "'" if char else '"'
        if not char and self._chance():
            indent = " " * self._draw(st.integers(0, 2))
            lines = "".join([self._character(each, "", literal="\n") for each in text]).split("\n")
            breaks = [self._draw(st.sampled_from(["\n", "\r\n"])) for _ in range(len(lines) + 1)]
            inner = "".join([f"{indent}{line}{end}" for line, end in zip(lines, breaks[1:], strict=True)])
            return f'"""{breaks[0]}{inner}{indent}"""'
        return f"{quote}{''.join(self._character(each, quote) for each in text)}{quote}"

    def _character(self, each: str, quote: str, literal: str = "") -> str:
        if each == literal and self._chance():
            return each
        if each in ("\\", "\n", quote) or (not quote and each in '"\r') or self._chance():
            return f"\\u{{{ord(each):x}}}"
        return each

    def _spaced(self, text: str) -> str:
        return f"{self._space()}{text}{self._space()}"

    def _space(self) -> str:
        return self._draw(_SPACES)

    def _chance(self) -> bool:
        return self._draw(st.booleans())
