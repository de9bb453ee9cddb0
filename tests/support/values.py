"""Hypothesis strategies of types and of their values, for tests that write, read, call or record them."""

from collections.abc import Callable
from functools import lru_cache
from typing import get_args

from hypothesis import strategies as st

from dataflare_lsp.values.types import (
    BYTES,
    RANGES,
    STRING,
    Case,
    Enum,
    Flags,
    Handle,
    ListOf,
    MapOf,
    Named,
    Option,
    Primitive,
    PrimitiveName,
    Record,
    Result,
    Tuple,
    Type,
    Value,
    Variant,
    is_bytes,
)

KEYS = tuple(Primitive(name) for name in get_args(PrimitiveName) if name not in ("f32", "f64"))
"""The types that the keys of a map may have."""

DATA_RECORD = Record(
    (
        Named("id", STRING),
        Named("timestamp", Primitive("u64")),
        Named("payload", BYTES),
        Named("metadata", ListOf(Tuple((STRING, STRING)))),
    )
)
"""The record of `dataflare:core`."""

_PRIMITIVES = st.sampled_from([Primitive(name) for name in get_args(PrimitiveName)])
_NAMES = st.one_of(
    st.sampled_from(["true", "false", "some", "none", "ok", "err", "inf", "nan", "a", "b", "id", "base64"]),
    st.from_regex(r"([a-z][a-z0-9]{0,3}|[A-Z][A-Z0-9]{0,3})(-([a-z0-9]{1,3}|[A-Z0-9]{1,3})){0,2}", fullmatch=True),
)
_NAME_LISTS = st.lists(_NAMES, min_size=1, max_size=4, unique=True).map(tuple)


def types(max_leaves: int = 8, fixed_lengths: bool = True) -> st.SearchStrategy[Type]:
    """Types of any shape, but for handles, and for what has no values."""
    return st.recursive(
        st.one_of(_PRIMITIVES, _NAME_LISTS.map(Enum), _NAME_LISTS.map(Flags)),
        lambda inner: _composites(inner, fixed_lengths),
        max_leaves=max_leaves,
    )


def _composites(inner: st.SearchStrategy[Type], fixed_lengths: bool) -> st.SearchStrategy[Type]:
    maybe = st.none() | inner
    lengths = st.none() | st.integers(1, 3) if fixed_lengths else st.none()
    return st.one_of(
        st.builds(ListOf, inner, lengths),
        st.builds(ListOf, st.just(Primitive("u8")), lengths),
        st.just(ListOf(Tuple((Primitive("string"), Primitive("string"))))),
        st.builds(MapOf, st.sampled_from(KEYS), inner),
        _members(inner).map(Record),
        st.lists(inner, min_size=1, max_size=3).map(lambda elements: Tuple(tuple(elements))),
        _members(maybe).map(Variant),
        st.builds(Option, inner),
        st.builds(Result, maybe, maybe),
    )


def _members(of: st.SearchStrategy[Type | None]) -> st.SearchStrategy[tuple[Named, ...]]:
    return _NAME_LISTS.flatmap(lambda names: st.tuples(*[st.builds(Named, st.just(name), of) for name in names]))


@lru_cache(maxsize=10_000)
def values(type: Type, nan: bool = False) -> st.SearchStrategy[Value]:
    """Values of a type. Without `nan`, each is equal to itself."""

    def of(inner: Type) -> st.SearchStrategy[Value]:
        return values(inner, nan)

    match type:
        case Primitive("bool"):
            return st.booleans()
        case Primitive("char"):
            return st.characters(exclude_categories=["Cs"])
        case Primitive("string"):
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
        case Primitive("f32"):
            return st.floats(width=32, allow_nan=nan)
        case Primitive("f64"):
            return st.floats(allow_nan=nan)
        case Primitive(name):
            return st.integers(*RANGES[name])
        case ListOf(_, length) if is_bytes(type):
            texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4).map(str.encode)
            sized = st.binary(min_size=length or 0, max_size=8 if length is None else length)
            return sized | texts if length is None else sized
        case ListOf(element, length):
            sizes = {"min_size": length or 0, "max_size": 4 if length is None else length}
            return st.lists(of(element), **sizes).map(tuple)
        case MapOf(key, value):
            pairs = st.lists(st.tuples(of(key), of(value)), max_size=4, unique_by=lambda pair: pair[0])
            return pairs.map(tuple)
        case Record(fields):
            return st.tuples(*[of(field.type) for field in fields if field.type is not None])
        case Tuple(elements):
            return st.tuples(*map(of, elements))
        case Variant(cases):
            return st.one_of([_case(case.name, case.type, of) for case in cases])
        case Enum(names):
            return st.sampled_from(names)
        case Flags(names):
            return st.sets(st.sampled_from(names)).map(lambda some: tuple(name for name in names if name in some))
        case Option(some):
            return st.none() | _case("some", some, of)
        case Result(ok, err):
            return _case("ok", ok, of) | _case("err", err, of)
        case Handle():
            return st.integers(0, 2**32 - 1)
    raise ValueError(type)


def _case(name: str, type: Type | None, of: Callable[[Type], st.SearchStrategy[Value]]) -> st.SearchStrategy[Value]:
    return (st.none() if type is None else of(type)).map(lambda payload: Case(name, payload))


_ANY = types()


@st.composite
def typed_values(draw: st.DrawFn, of: st.SearchStrategy[Type] | None = None, nan: bool = False) -> tuple[Type, Value]:
    """A type and one of its values."""
    chosen = draw(_ANY if of is None else of)
    return chosen, draw(values(chosen, nan))
