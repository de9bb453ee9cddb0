"""What kind of plugin a component is, by what it exports: which function takes records, and what it says of them.

An interface counts by its label, so that `dataflare:core/data-filter@1.0.0` and `data-filter`, the spelling of the
plan, are the same. Where the type of the record is defined does not matter, either: it is that of the parameter.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from dataflare_lsp.runtime.border import interface_name
from dataflare_lsp.values.shapes import case
from dataflare_lsp.values.types import Function, Record, Result, Value, Variant

KindName: TypeAlias = Literal["source", "processor", "destination", "transformer", "filter", "aggregator"]


class Shape(NamedTuple):
    """How plugins of a kind are run: an interface, and its functions.

    `each` is called with each record, or, by a source, to get one. `first` and `last` are called before and after.
    """

    interface: str
    each: str
    first: str | None = None
    last: str | None = None


SHAPES: Final[Mapping[KindName, Shape]] = {
    "source": Shape("data-source", "read-next"),
    "processor": Shape("data-processor", "process"),
    "destination": Shape("data-destination", "write", last="flush"),
    "transformer": Shape("data-transformer", "transform"),
    "filter": Shape("data-filter", "keep"),
    "aggregator": Shape("data-aggregator", "add", first="reset", last="snapshot"),
}


class Kind(NamedTuple):
    """A kind of plugin, with its functions by the names under which a component exports them."""

    name: KindName
    each: str
    first: str | None = None
    last: str | None = None


def kinds_of(exports: Mapping[str, Function]) -> tuple[Kind, ...]:
    """The kinds that a component is of, nearly always one. What it exports has to have the types to be run so."""
    found = []
    for kind, shape in SHAPES.items():
        functions = {
            name.partition("#")[2]: name for name in exports if label(name.partition("#")[0]) == shape.interface
        }
        each = functions.get(shape.each)
        if each is None or not _fits(kind, exports[each]):
            continue
        first, last = (
            functions.get(name) if name and name in functions and not exports[functions[name]].parameters else None
            for name in (shape.first, shape.last)
        )
        found.append(Kind(kind, each, first, last))
    return tuple(found)


def label(interface: str) -> str:
    """The last part of an interface's name: `data-filter` of `dataflare:core/data-filter@1.0.0`."""
    return interface_name(interface).rpartition("/")[2]


def record_of(function: Function) -> Record | None:
    """The type of the one record that a function takes, if that is what it takes."""
    match function.parameters:
        case ((_, Record() as record),):
            return record
    return None


def is_error(value: Value, function: Function) -> bool:
    """Whether what a function returned says that it could not do it: `err` of a result, `error` of a variant."""
    match function.result:
        case Result():
            return case(value)[0] == "err"
        case Variant(cases) if any(one.name == "error" for one in cases):
            return case(value)[0] == "error"
    return False


def _fits(kind: KindName, function: Function) -> bool:
    return not function.parameters if kind == "source" else record_of(function) is not None
