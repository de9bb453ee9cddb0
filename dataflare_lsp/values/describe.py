"""Types and functions as text, the way WIT writes them: for messages and for the debugger."""

from collections.abc import Iterable
from typing import Final, TypeVar

from dataflare_lsp.values.types import (
    Enum,
    Flags,
    Function,
    Handle,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Unsupported,
    Variant,
)

Member = TypeVar("Member", Named, Type, str)

_FEW: Final = 3


def describe(type: Type | Function) -> str:
    """All of a type or a function: `record { id: string, tags: list<string> }`, `func(id: u64) -> bool`."""
    return _described(type, None)


def brief(type: Type | Function) -> str:
    """So much of it as a sentence can bear: of each record the first fields, and `…` where there are more."""
    return _described(type, _FEW)


def _described(type: Type | Function, most: int | None) -> str:
    """`type`, showing at most so many members of it; of what its members are made, a third as many, and so on."""
    match type:
        case Primitive(name) | Unsupported(name):
            return name
        case ListOf(element, None):
            return f"list<{_described(element, most)}>"
        case ListOf(element, length):
            return f"list<{_described(element, most)}, {length}>"
        case MapOf(key, value):
            return f"map<{_described(key, most)}, {_described(value, most)}>"
        case Record(fields):
            return f"record {_braced([_named(each, ': ', '', _fewer(most)) for each in _first(fields, most)], fields)}"
        case Variant(cases):
            return f"variant {_braced([_named(case, '(', ')', _fewer(most)) for case in _first(cases, most)], cases)}"
        case Enum(names):
            return f"enum {_braced(_first(names, most), names)}"
        case Flags(names):
            return f"flags {_braced(_first(names, most), names)}"
        case Tuple(elements):
            shown = [_described(element, _fewer(most)) for element in _first(elements, most)]
            return f"tuple<{_listed(shown, len(elements))}>"
        case Option(some):
            return f"option<{_described(some, most)}>"
        case Result(None, None):
            return "result"
        case Result(ok, None):
            return f"result<{_or_none(ok, most)}>"
        case Result(ok, err):
            return f"result<{_or_none(ok, most)}, {_or_none(err, most)}>"
        case Handle(resource, owned):
            return f"{'own' if owned else 'borrow'}<{resource or '_'}>"
        case Function(parameters, result):
            taken = _listed([_named(each, ": ", "", most) for each in parameters], len(parameters))
            return f"func({taken})" + (f" -> {_described(result, most)}" if result is not None else "")


def _named(member: Named, before: str, after: str, most: int | None) -> str:
    return member.name if member.type is None else f"{member.name}{before}{_described(member.type, most)}{after}"


def _or_none(type: Type | None, most: int | None) -> str:
    return "_" if type is None else _described(type, most)


def _first(members: tuple[Member, ...], most: int | None) -> tuple[Member, ...]:
    return members if most is None else members[:most]


def _fewer(most: int | None) -> int | None:
    return None if most is None else most // 3


def _braced(shown: Iterable[str], all_of_them: tuple[object, ...]) -> str:
    listed = _listed(list(shown), len(all_of_them))
    return f"{{ {listed} }}" if listed else "{}"


def _listed(shown: list[str], count: int) -> str:
    return ", ".join([*shown, "…"] if len(shown) < count else shown)
