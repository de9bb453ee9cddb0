"""Conditions: whether a breakpoint that is reached is to stop the plugin, or to say something instead.

Three parts, as editors have them: a condition, which is a CEL expression; a hit condition, which counts how often the
breakpoint was reached with its condition true; a log message with expressions in braces, which is said instead of
stopping.
"""

import operator
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from math import inf
from typing import Final, Literal, NamedTuple, cast

from dataflare_lsp.debug.debuggee import Stop, Typed
from dataflare_lsp.debug.expressions import MOST_LENGTH, BadExpression, Expression, Names, NoValue, snake, written

# What expressions may speak of ---------------------------------------------------------------------------------------


def names_at(stop: Stop) -> Names:
    """What expressions may speak of at a stop.

    The parameters of the function by name, in snake_case, and all of them in `arguments`; `result` at an answer and a
    return, null elsewhere; `error`, the message of what failed, or null; `record`, the record that the plugin was
    entered for; `record_index`, its number from 0; `function` and `moment`. A parameter goes before any of these.
    """
    parameters = {
        snake(parameter.name): Typed(value, parameter.type)
        for parameter, value in zip(stop.type.parameters, stop.arguments, strict=True)
        if parameter.type is not None
    }
    has_result = stop.moment in ("answer", "return") and stop.type.result is not None
    return {
        "result": Typed(stop.result, stop.type.result) if has_result and stop.type.result is not None else None,
        "error": stop.error.reason if stop.error is not None else None,
        "record": stop.record,
        "record_index": stop.entry,
        "function": stop.function,
        "moment": stop.moment,
        "arguments": parameters,
        **parameters,
    }


# Hit conditions ------------------------------------------------------------------------------------------------------

_MOST_SHOWN = 60
_HITS = re.compile(r"\s*(==?|>=?|<=?|%)?\s*([0-9]{1,15})(?:\s*==?\s*([0-9]{1,15}))?\s*")
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    "==": operator.eq, "=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


_Sign = Literal["==", "=", ">", ">=", "<", "<=", "%"]


class HitCondition(NamedTuple):
    """A question about how often a breakpoint was hit, from 1: `hits OPERATOR number`, or `hits % number == rest`."""

    operator: _Sign
    number: int
    rest: int = 0

    def holds(self, hits: int) -> bool:
        """Whether this hit is meant."""
        if self.operator == "%":
            return hits % self.number == self.rest
        return _COMPARE[self.operator](hits, self.number)


def hit_condition(text: str) -> HitCondition:
    """A hit condition as users write it: `5`, `>= 3`, `% 10 == 0`, `% 10`. Raises `BadExpression`."""
    found = _HITS.fullmatch(text)
    sign, number, rest = found.groups() if found is not None else (None, None, None)
    if number is None or (rest is not None and sign != "%"):
        raise BadExpression(f"`{text.strip()[:_MOST_SHOWN]}` is no hit condition: write `5`, `>= 3` or `% 10 == 0`")
    if sign == "%" and not 0 <= int(rest or 0) < int(number):
        raise BadExpression(f"`{text.strip()}` is never true: a rest is less than what is divided by")
    return HitCondition(cast("_Sign", sign or "=="), int(number), int(rest or 0))


# Log messages --------------------------------------------------------------------------------------------------------


def log_message(text: str) -> tuple[str | Expression, ...]:
    """The parts of a log message: text, and expressions that stand in braces in it. Raises `BadExpression`.

    `{{`, `}}`, `\\{` and `\\}` stand for a brace.
    """
    if len(text) > MOST_LENGTH:
        raise BadExpression(f"the message is longer than {MOST_LENGTH} characters")
    return tuple(_parts(text))


_ESCAPED = re.compile(r"\{\{|\}\}|\\[{}]")
_IN_EXPRESSION = re.compile(r"""[{}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)


def _parts(text: str) -> Iterator[str | Expression]:
    at, plain = 0, ""
    while at < len(text):
        escaped = _ESCAPED.match(text, at)
        if escaped is not None:
            plain += escaped[0][1]
            at = escaped.end()
        elif text[at] == "{":
            end = _closing(text, at)
            if plain:
                yield plain
            yield Expression(text[at + 1 : end])
            at, plain = end + 1, ""
        elif text[at] == "}":
            raise BadExpression(f"the `}}` at column {at + 1} closes nothing; write `}}}}` for a brace")
        else:
            plain += text[at]
            at += 1
    if plain:
        yield plain


def _closing(text: str, opening: int) -> int:
    """Where the brace at a place is closed: braces of maps and in strings are the expression's."""
    depth = 0
    for found in _IN_EXPRESSION.finditer(text, opening):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    raise BadExpression(f"the `{{` at column {opening + 1} is not closed; write `{{{{` for a brace")


# Together ------------------------------------------------------------------------------------------------------------


class Rule(NamedTuple):
    """What is asked when a breakpoint is reached. Nothing of it set: stop."""

    condition: Expression | None = None
    hits: HitCondition | None = None
    message: tuple[str | Expression, ...] | None = None


def rule(condition: str | None, hits: str | None, message: str | None) -> Rule:
    """A rule as users write it; what is empty is not set. Raises `BadExpression`."""
    return Rule(
        Expression(condition) if condition and not condition.isspace() else None,
        hit_condition(hits) if hits and not hits.isspace() else None,
        log_message(message) if message else None,
    )


class Answer(NamedTuple):
    """What a rule says of a stop: to stop there or not, and what to say."""

    is_stop: bool
    output: str = ""


class Hits:
    """At which stops of a run a breakpoint was hit.

    How often it was hit by then depends on the place in the run, not on how one came there: going back and forth over
    a stop counts it once.
    """

    def __init__(self) -> None:
        self._stops: list[int] = []

    def hit(self, number: int) -> int:
        """Count a hit at a stop; gives how many there are up to it."""
        at = bisect_left(self._stops, number)
        if at == len(self._stops) or self._stops[at] != number:
            insort(self._stops, number)
        return at + 1

    def forget(self, number: int) -> None:
        """From the stop with this number on it is another run: what was hit then was not hit."""
        del self._stops[bisect_left(self._stops, number) :]


def ask(rule: Rule, stop: Stop, hits: Hits, end: float = inf) -> Answer:
    """What a rule says of a stop that its breakpoint is for; its expressions have no value beyond `thread_time` `end`.

    A condition that has no value stops, and says why: better once too often than never.
    """
    names = names_at(stop)
    try:
        if rule.condition is not None and not rule.condition.holds(names, end):
            return Answer(False)
    except NoValue as error:
        return Answer(True, f"A breakpoint's condition failed: {error}")
    count = hits.hit(stop.number)
    if rule.hits is not None and not rule.hits.holds(count):
        return Answer(False)
    if rule.message is None:
        return Answer(True)
    return Answer(False, "".join([_said(part, names, end) for part in rule.message]))


def _said(part: str | Expression, names: Names, end: float) -> str:
    if isinstance(part, str):
        return part
    try:
        return written(part.value(names, end))
    except NoValue as error:
        return f"<{error}>"
