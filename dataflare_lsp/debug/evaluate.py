"""Expressions of a watch, a hover or the console: what they mean at a stop, and what can be typed next.

`input.payload` means a value, which can be opened and changed. Anything else is CEL, and means a text. In the console
`data-processor.process({…})` is a call.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dataflare_lsp.debug import tree, variables
from dataflare_lsp.debug.conditions import names_at
from dataflare_lsp.debug.debuggee import Stop
from dataflare_lsp.debug.expressions import MOST_LENGTH, BadExpression, Expression, NoValue, snake, written
from dataflare_lsp.debug.messages import CompletionKind
from dataflare_lsp.debug.tree import Note, Part
from dataflare_lsp.debug.variables import Place
from dataflare_lsp.features.functions import LONGEST, Pattern, shown
from dataflare_lsp.text import Span, nearest
from dataflare_lsp.values import wave
from dataflare_lsp.values.describe import brief
from dataflare_lsp.values.types import Function, Value

_STEP = re.compile(r"\s*(?:\.\s*([A-Za-z][\w-]*)|(\[(?:[^\[\]\"]|\"(?:[^\"\\]|\\.)*\")*\]))\s*")
_NAME = re.compile(r"\s*(%?[A-Za-z][\w-]*)\s*")
_CALL = re.compile(r"\s*[%\w\[][\w.:/@#*\[\]-]*\s*\(")


class NoMeaning(Exception):
    """An expression means nothing here; the message says why."""


class Call(NamedTuple):
    """A call of a function of the plugin."""

    function: str
    arguments: tuple[Value, ...]


# Values ------------------------------------------------------------------------------------------------------------


def meaning(text: str, stop: Stop) -> Place:
    """What an expression means at a stop. Raises `NoMeaning`."""
    place = place_of(text, stop)
    if place is not None:
        return place
    try:
        return Place(Note(written(Expression(text).value(names_at(stop)))))
    except (BadExpression, NoValue) as error:
        raise NoMeaning(str(error)) from None


def place_of(text: str, stop: Stop) -> Place | None:
    """The value that an expression means by name and parts; None where it is something else, or there is none."""
    name = _NAME.match(text)
    if name is None:
        return None
    rows = roots(stop)
    at = name.end()
    if snake(name[1]) == "arguments" and "arguments" not in rows:
        step = _STEP.match(text, at)
        if step is None or step[1] is None:
            return None
        place = {row.name: row.place for row in variables.arguments(stop)}.get(step[1].replace("_", "-"))
        at = step.end()
    else:
        place = rows.get(snake(name[1].removeprefix("%")))
    while place is not None and at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            return None
        place = _part(place, step[1], step[2])
        at = step.end()
    return place


def _part(place: Place, name: str | None, index: str | None) -> Place | None:
    if name is not None:
        found: Iterable[Part] = [
            one for one in tree.named(place.content) if one.name == name or snake(one.name) == snake(name)
        ]
    else:
        assert index is not None
        inner = index[1:-1].strip()
        if inner.isdecimal() and len(inner) < 12 and not tree.is_map(place.content):
            found = tree.indexed(place.content, int(inner), 1)
        else:
            parts = tree.indexed(place.content, 0, tree.size(place.content).indexed)
            found = [one for one in parts if one.name == inner]
    part = next(iter(found), None)
    return place.part(part) if part is not None else None


def roots(stop: Stop) -> dict[str, Place]:
    """The values that an expression may begin with, by name."""
    rows = [*variables.records(stop), *variables.results(stop), *variables.arguments(stop)]
    return {row.place.written: row.place for row in rows if row.place.written is not None}


# Calls -------------------------------------------------------------------------------------------------------------


def is_call(text: str, exports: Mapping[str, Function]) -> bool:
    """Whether a text is the call of a function of the plugin, and not of one that CEL has."""
    name = text.partition("(")[0].strip()
    return _CALL.match(text) is not None and any([Pattern(name).fits(function) for function in exports])


def call(text: str, exports: Mapping[str, Function]) -> Call | None:
    """The call that a text is: the function by any of its names, arguments in WAVE. None where it looks like no call.

    Raises `NoMeaning`.
    """
    if _CALL.match(text) is None:
        return None
    name = text[: text.index("(")].strip()[: LONGEST + 1]
    found = [function for function in exports if Pattern(name).fits(function)]
    if len(found) > 1:
        raise NoMeaning(f"`{name}` may be {' or '.join([f'`{one}`' for one in found])}: write more of its name")
    if not found:
        near = nearest(name, [one for function in exports for one in (shown(function), shown(function).split(".")[-1])])
        known = ", ".join([f"`{shown(function)}`" for function in exports]) or "none"
        hint = f"did you mean `{near}`?" if near else f"the plugin exports {known}"
        raise NoMeaning(f"the plugin exports no function `{name}`; {hint}")
    try:
        return Call(found[0], wave.parse_call(text, exports[found[0]]))
    except wave.WaveError as error:
        raise NoMeaning(f"{error} (at column {error.span.start + 1})") from None


# Completion --------------------------------------------------------------------------------------------------------


class Candidate(NamedTuple):
    """Something that can stand at a place, in the stead of what is begun there."""

    label: str
    detail: str
    kind: CompletionKind
    begun: Span


_BEGUN = re.compile(r"[\w-]*\Z")
_BEFORE_DOT = re.compile(r"([A-Za-z][\w-]*(?:\s*\.\s*[\w-]+|\[[^\[\]]*\])*)\s*\.\s*[\w-]*\Z")


def candidates(text: str, offset: int, stop: Stop | None, exports: Mapping[str, Function]) -> Iterator[Candidate]:
    """What can be typed at an offset of an expression."""
    before = text[:offset]
    called = _CALL.match(before)
    name = called[0].rstrip("( ").strip() if called is not None else ""
    function = next((one for one in exports if name and Pattern(name).fits(one)), None)
    if function is not None:
        begun, names = wave.expected(before, offset, exports[function])
        yield from [Candidate(one, "", "value", begun) for one in names if one.startswith(before[begun.start :])]
        return
    if len(before) > MOST_LENGTH:
        return  # no expression is that long
    typing = _BEGUN.search(before)
    assert typing is not None
    span = Span(typing.start(), offset)
    start = snake(typing[0])
    dotted = _BEFORE_DOT.search(before)
    if stop is not None and dotted is not None:
        if snake(dotted[1]) == "arguments":
            inside = [(row.name, row.place.content) for row in variables.arguments(stop)]
        else:
            place = place_of(dotted[1], stop)
            inside = [(part.name, part.content) for part in tree.named(place.content)] if place is not None else []
        for name, content in inside:
            if snake(name).startswith(start):
                yield Candidate(snake(name), tree.type_text(content), "field", span)
    elif stop is not None:
        for name, found in roots(stop).items():
            if name.startswith(start):
                yield Candidate(name, tree.type_text(found.content), "variable", span)
    if before.lstrip() == before[span.start :] or (dotted is not None and dotted.start() == 0):
        typed = before.lstrip()
        for function in exports:
            if shown(function).startswith(typed):
                yield Candidate(
                    shown(function), brief(exports[function]), "function", Span(offset - len(typed), offset)
                )
