"""Which types hold a borrowed handle, which no result may: it cannot outlive the call. Specification: Explainer.md."""

from collections.abc import Iterator

from dataflare_lsp.component import model
from dataflare_lsp.component.model import ValType
from dataflare_lsp.component.scope import Allowance, NamedType, Structure


class Borrows:
    """Answers for the types of one file, each looked at once."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._known: dict[int, bool] = {}
        """By the identity of a structure, which its scope keeps alive."""

    def are_in(self, value: ValType | None, at: Structure) -> bool:
        """Whether a value of a type that `at` mentions holds one. Raises `MalformedComponent`."""
        root = _structure(value, at)
        pending = [root] if root is not None else []
        while pending:
            current = pending[-1]
            if id(current) in self._known:
                pending.pop()
                continue
            self._allowance.spend(1, current.offset)
            inner = list(_inner(current))
            unknown = [one for one in inner if id(one) not in self._known]
            if unknown:
                pending += unknown
                continue
            is_one = isinstance(current.type, model.BorrowType)
            self._known[id(current)] = is_one or any(self._known[id(one)] for one in inner)
            pending.pop()
        return root is not None and self._known[id(root)]


def _inner(at: Structure) -> Iterator[Structure]:
    """The types that a type is made of, without primitives and resources."""
    for value in _values(at.type):
        found = _structure(value, at)
        if found is not None:
            yield found


def _structure(value: ValType | None, at: Structure) -> Structure | None:
    if not isinstance(value, int):
        return None
    entry = at.scope.type_at(value, at.position, at.offset)
    while isinstance(entry, NamedType):
        if entry.bound is None:
            return None
        entry = entry.bound
    return entry


def _values(type_: model.Type) -> tuple[ValType | None, ...]:
    match type_:
        case model.RecordType(fields):
            return tuple([field.type for field in fields])
        case model.VariantType(cases):
            return tuple([case.type for case in cases])
        case model.TupleType(elements):
            return elements
        case model.ResultType(ok, error):
            return (ok, error)
        case model.MapType(key, value):
            return (key, value)
        case model.ListType(inner) | model.FixedLengthListType(inner, _) | model.OptionType(inner):
            return (inner,)
        case model.StreamType(inner) | model.FutureType(inner):
            return (inner,)
    return ()
