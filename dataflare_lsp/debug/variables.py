"""What a client sees of a stop: scopes with variables in them, to look at and to change.

A client names what it wants to open by a number that it was given. The numbers are good until the plugin goes on.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from dataflare_lsp.debug import tree
from dataflare_lsp.debug.debuggee import Metrics, Stop, Typed
from dataflare_lsp.debug.expressions import snake
from dataflare_lsp.debug.messages import Scope, SetValueBody, Variable, VariablePresentationHint
from dataflare_lsp.debug.tree import Awaited, Content, Note, Part
from dataflare_lsp.values.types import Value

Root: TypeAlias = int | Literal["result"]
"""What a value is a part of: the argument of this number, or the result."""

_MOST_AT_ONCE = 5000
"""Variables of one answer, however many a client wants."""


class Place(NamedTuple):
    """A value somewhere in a stop. `root` and `steps` say what to change to change it; without a root, nothing.

    `written` is the expression that means it; None where none does.
    """

    content: Content
    root: Root | None = None
    steps: tuple[int, ...] = ()
    written: str | None = None

    def part(self, part: Part) -> "Place":
        """A part of it."""
        written = None if self.written is None or part.written is None else f"{self.written}{part.written}"
        if self.root is None or part.steps is None:
            return Place(part.content, None, (), written)
        return Place(part.content, self.root, (*self.steps, *part.steps), written)


class Row(NamedTuple):
    """A variable of a scope: its name, and what it is."""

    name: str
    place: Place


class Change(NamedTuple):
    """What a client wants instead: another result, or other arguments."""

    root: Root
    value: Value


class NotHere(Exception):
    """What is asked for is not there, or cannot be changed; the message says why."""


class Variables:
    """The variables of one stop."""

    def __init__(self) -> None:
        self._open: list[Place | tuple[Row, ...]] = []
        self._numbers: dict[object, int] = {}
        """The numbers that were given, by what they are for: what is asked for again has the same."""

    def scope(self, name: str, rows: Sequence[Row], hint: str | None = None) -> Scope:
        """A scope with some variables."""
        return Scope(name, self._number(("scope", name), tuple(rows)), False, hint, named_variables=len(rows))

    def children(
        self, reference: int, only: Literal["indexed", "named"] | None, start: int, count: int, *, is_hex: bool
    ) -> tuple[Variable, ...]:
        """The variables in a scope or a value: `count` from `start`, not more than are sent at once.

        Raises `NotHere`.
        """
        most = min(count, _MOST_AT_ONCE) if count > 0 else _MOST_AT_ONCE
        opened = self._opened(reference)
        start = max(start, 0)
        found: Sequence[tuple[str, Place]]
        if not isinstance(opened, Place):
            found = opened[start : start + most] if only != "indexed" else ()
        else:
            named = tree.named(opened.content)
            parts = named[start : start + most] if only != "indexed" else ()
            if only == "indexed":
                parts = tree.indexed(opened.content, start, most)
                start += len(named)
            elif only is None:
                # Those with numbers follow those with names.
                parts += tree.indexed(opened.content, max(start - len(named), 0), most - len(parts))
            found = [(part.name, opened.part(part)) for part in parts]
        return tuple(
            [
                self.variable(name, place, (reference, number), is_hex=is_hex)
                for number, (name, place) in enumerate(found, start)
            ]
        )

    def variable(self, name: str, place: Place, what: object, *, is_hex: bool = False) -> Variable:
        """A value as a client shows it; `what` is as of `reference`."""
        reference, size = self.reference(place, what)
        return Variable(
            name,
            tree.text(place.content, is_hex=is_hex),
            reference,
            tree.type_text(place.content) or None,
            None if place.root is not None else VariablePresentationHint(attributes=("readOnly",)),
            place.written,
            size.named or None,
            size.indexed or None,
        )

    def reference(self, place: Place, what: object) -> tuple[int, tree.Size]:
        """The number to open a value by, 0 where there is nothing in it, and how much there is.

        `what` tells it from all others of this stop.
        """
        size = tree.size(place.content)
        if not size.named and not size.indexed:
            return 0, size
        return self._number(what, place), size

    def _number(self, what: object, opened: Place | tuple[Row, ...]) -> int:
        number = self._numbers.get(what)
        if number is None:
            self._open.append(opened)
            number = self._numbers[what] = len(self._open)
        return number

    def find(self, reference: int, name: str) -> Place:
        """A variable by its name in what is open. Raises `NotHere`."""
        opened = self._opened(reference)
        if not isinstance(opened, Place):
            found = next((row.place for row in opened if row.name == name), None)
        else:
            part = next((one for one in tree.named(opened.content) if one.name == name), None)
            part = part or _numbered(opened.content, name)
            found = opened.part(part) if part is not None else None
        if found is None:
            raise NotHere(f"there is no variable `{name}` here")
        return found

    def _opened(self, reference: int) -> Place | tuple[Row, ...]:
        if not 1 <= reference <= len(self._open):
            raise NotHere("these variables are of a stop that is over")
        return self._open[reference - 1]


def _numbered(content: Content, name: str) -> Part | None:
    """The part with a number that has a name such as `[3]`, or a map's key."""
    digits = name.removeprefix("[").removesuffix("]")
    if name == f"[{digits}]" and digits.isdecimal() and len(digits) < 12:
        found = tree.indexed(content, int(digits), 1)
        return found[0] if found else None
    size = tree.size(content).indexed
    return next((part for part in tree.indexed(content, 0, size) if part.name == name), None)


def changed(place: Place, written: str, values: Mapping[Root, Value]) -> Change:
    """What to change to make a value what a client writes; `values` are those that there are.

    Raises `NotHere` where it cannot be changed, and `tree.NotRead` where it is no value of the type.
    """
    if place.root is None:
        raise NotHere(
            "this cannot be changed: only arguments and results that the plugin or its host has yet to see can"
        )
    new = tree.read(written, place.content)
    return Change(place.root, tree.replaced(values[place.root], place.steps, new))


def set_body(variables: Variables, place: Place, *, is_hex: bool) -> SetValueBody:
    """What a client is told of a value that was changed."""
    reference, size = variables.reference(place, (place.root, place.steps, place.written))
    return SetValueBody(
        tree.text(place.content, is_hex=is_hex),
        tree.type_text(place.content) or None,
        reference,
        size.named or None,
        size.indexed or None,
    )


# The scopes of a stop ------------------------------------------------------------------------------------------------


def arguments(stop: Stop) -> tuple[Row, ...]:
    """The arguments of the function that a stop is about; they can be changed before it has seen them."""
    can_change = stop.moment in ("entry", "call")
    return tuple(
        [
            Row(
                parameter.name,
                Place(Typed(value, parameter.type), number if can_change else None, (), snake(parameter.name)),
            )
            for number, (parameter, value) in enumerate(zip(stop.type.parameters, stop.arguments, strict=True))
            if parameter.type is not None
        ]
    )


def results(stop: Stop) -> tuple[Row, ...]:
    """The result of the function that a stop is about, where it has one, and what went wrong.

    Where the host has not answered yet, the answer can be given in its place.
    """
    rows = []
    if stop.type.result is not None and stop.moment == "call":
        rows.append(Row("result", Place(Awaited(stop.type.result), "result", (), "result")))
    if stop.type.result is not None and stop.moment in ("answer", "return"):
        root: Root | None = "result" if stop.moment == "answer" else None
        rows.append(Row("result", Place(Typed(stop.result, stop.type.result), root, (), "result")))
    if stop.error is not None:
        rows.append(Row("error", Place(Note(stop.error.reason, stop.error.cause), written="error")))
    return tuple(rows)


def records(stop: Stop) -> tuple[Row, ...]:
    """The record that the plugin was entered for, and its number."""
    index = Row("index", Place(Note(str(stop.entry)), written="record_index"))
    if stop.record is None:
        return (index,)
    return (index, Row("record", Place(stop.record, written="record")))


def plugin(metrics: Metrics | None) -> tuple[Row, ...]:
    """The plugin's state and figures, as far as they are known."""
    if metrics is None:
        return ()
    state, measured = metrics
    figures = {
        "state": state,
        "calls": str(measured.calls),
        "failed": str(measured.failed),
        "error rate": f"{measured.error_rate:.1%}",
        "throughput": f"{measured.throughput:.0f} calls/s",
        "load": milliseconds(measured.load),
        "start": milliseconds(measured.start),
        "mean": milliseconds(measured.mean),
        "p50": milliseconds(measured.p50),
        "p99": milliseconds(measured.p99),
        "memory": "unknown" if measured.memory is None else f"{measured.memory / (1 << 20):.1f} MiB",
    }
    return tuple([Row(name, Place(Note(value))) for name, value in figures.items()])


def settings(configuration: Mapping[str, str]) -> tuple[Row, ...]:
    """The plugin's settings."""
    return tuple([Row(name, Place(Note(value))) for name, value in configuration.items()])


def milliseconds(nanoseconds: int) -> str:
    """A time for people."""
    return f"{nanoseconds / 1e6:.3g} ms"
