"""Types by structure: numbers that are equal where the component model takes two types for the same.

Value types are the same where they are built the same, by whatever names. A resource is the same only as itself, so
whoever asks says which resources of two sides stand for one another. Specification: Explainer.md, "Type Checking".
"""

from collections.abc import Callable, Hashable

from dataflare_lsp.wit.compat.side import Side
from dataflare_lsp.wit.resolved import (
    Alias,
    Enum,
    FixedLengthList,
    Flags,
    Function,
    Handle,
    Kind,
    Record,
    Resource,
    Result,
    TypeRef,
    Variant,
    parts,
)

Shape = int
"""A number that stands for a structure, within one `Shapes`."""


class Shapes:
    """Numbers for structures: the same number for the same structure, whichever side it is of."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, Shape] = {}
        self._values: dict[Side, tuple[list[Shape], list[int]]] = {}

    def number(self, structure: Hashable) -> Shape:
        """The number of a structure that is given as a value."""
        return self._numbers.setdefault(structure, len(self._numbers))

    def of_types(self, side: Side, of_resource: Callable[[int], Shape]) -> list[Shape]:
        """The shapes of all types of a side, by their ids. `of_resource` says which resource one is."""
        values, others = self._values_of(side)
        shapes = list(values)
        for known in others:
            shapes[known] = self.of_kind(known, side.resolve.types[known].kind, shapes, of_resource)
        return shapes

    def resourceful(self, side: Side) -> list[int]:
        """The types that are resources or have handles of them inside: only these depend on which resource is which."""
        return self._values_of(side)[1]

    def _values_of(self, side: Side) -> tuple[list[Shape], list[int]]:
        """The shapes of value types, -1 for all others; and these others, in the order of need."""
        found = self._values.get(side)
        if found is None:
            shapes: list[Shape] = []
            others: list[int] = []
            for known, definition in enumerate(side.resolve.types):
                kind = definition.kind
                if isinstance(kind, Resource) or -1 in [shapes[p] for p in parts(kind) if isinstance(p, int)]:
                    shapes.append(-1)
                    others.append(known)
                else:
                    shapes.append(self.of_kind(known, kind, shapes, _no_resource))
            found = self._values[side] = shapes, others
        return found

    def of_kind(self, known: int, kind: Kind, shapes: list[Shape], of_resource: Callable[[int], Shape]) -> Shape:
        """The shape of a type whose parts have the shapes in `shapes`."""
        if isinstance(kind, Resource):
            return of_resource(known)
        inner = tuple([self.of(part, shapes) for part in parts(kind)])
        return inner[0] if isinstance(kind, Alias) else self.number((type(kind).__name__, _labels(kind), inner))

    def of(self, written: TypeRef, shapes: list[Shape]) -> Shape:
        """The shape of a type that is referred to."""
        return self.number(written) if isinstance(written, str) else shapes[written]

    def of_function(self, function: Function, shapes: list[Shape]) -> Shape:
        """The shape of a function: parameters by name and type, result, and whether it is async."""
        params = tuple([(param.name, self.of(param.type, shapes)) for param in function.params])
        result = None if function.result is None else self.of(function.result, shapes)
        return self.number(("func", is_async(function), params, result))


def _no_resource(known: int) -> Shape:
    raise AssertionError(f"type {known} is no value type")


def is_async(function: Function) -> bool:
    """Whether a function is async."""
    return function.kind.form.startswith("async")


def _labels(kind: Kind) -> Hashable:
    """What of a type is not a part of it: the names, and where parts may be missing, which are there."""
    match kind:
        case Record(fields):
            return tuple([field.name for field in fields])
        case Variant(cases):
            return tuple([(case.name, case.type is None) for case in cases])
        case Enum(labels) | Flags(labels):
            return tuple([label.name for label in labels])
        case Result(ok, err):
            return ok is None, err is None
        case FixedLengthList(_, length):
            return length
        case Handle(borrowed, _):
            return borrowed
        case _:
            return None


class Pair:
    """The types of two sides, compared.

    A resource of the old side is the one that the new side has under the same name in the same interface.
    """

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.shapes = Shapes()
        here: dict[Hashable, Shape] = {}
        number = self.shapes.number
        self._new = self.shapes.of_types(new, lambda known: number(("new", known)))
        for known in self.shapes.resourceful(new):
            name = name_of(new, known)
            if name is not None and new.is_resource(known):
                here[name] = self._new[known]

        def of_old(known: int) -> Shape:
            found = here.get(name_of(old, known))
            return number(("old", known)) if found is None else found

        self._old = self.shapes.of_types(old, of_old)
        self._names_old = self._by_name(old)
        self._names_new = self._by_name(new)

    def same(self, old: TypeRef | None, new: TypeRef | None) -> bool:
        """Whether two types are built the same; None is the lack of one."""
        if old is None or new is None:
            return old is new
        return self.shapes.of(old, self._old) == self.shapes.of(new, self._new)

    def alike(self, old: TypeRef | None, new: TypeRef | None) -> bool:
        """Whether two types are named the same, whatever these names stand for."""
        if old is None or new is None:
            return old is new
        return self.shapes.of(old, self._names_old) == self.shapes.of(new, self._names_new)

    def same_function(self, old: Function, new: Function) -> bool:
        """Whether two functions have the same type."""
        return self.shapes.of_function(old, self._old) == self.shapes.of_function(new, self._new)

    def _by_name(self, side: Side) -> list[Shape]:
        shapes: list[Shape] = []
        for known, definition in enumerate(side.resolve.types):
            name = name_of(side, known)
            if name is None:
                # A resource always has a name, so none is asked for.
                shapes.append(self.shapes.of_kind(known, definition.kind, shapes, lambda known: known))
            else:
                shapes.append(self.shapes.number(("named", name)))
        return shapes


def name_of(side: Side, known: int) -> tuple[str, ...] | None:
    """Where a type can be found on either side; None for one that is written in place."""
    definition = side.resolve.types[known]
    owner = side.owner(known)
    return None if definition.name is None or not owner else (*owner, definition.name)
