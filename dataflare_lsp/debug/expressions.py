"""Expressions over what a plugin was given and gave: CEL, the Common Expression Language.

An expression gives a value and can do nothing else; it is bounded in length, in depth and in time. WIT's names are
written in snake_case in it, `-` being minus. How values look:

| WIT | CEL |
|---|---|
| integers | `int`, and `uint` for what is too large for it |
| floats, `string`, `char`, `bool` | `double`, `string`, `string`, `bool` |
| `list<u8>` | `bytes` |
| lists, tuples | a list |
| records | a map, by names in snake_case |
| `map` | a map |
| `option` | `null`, or the value |
| `result` | a map with one of `ok` and `err` |
| `variant` | a map with the case's name in snake_case; `true` stands for no payload |
| `enum` | the name, a string |
| `flags` | a list of the names that are set |
| handles | the number |

Unlike the library, and like the specification, values of different types are compared: numbers as numbers, all others
are unequal. Specification: https://github.com/google/cel-spec, "Language Definition".
"""

import logging
import operator
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import inf
from time import thread_time
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dataflare_lsp.debug.debuggee import Typed
from dataflare_lsp.text import nearest
from dataflare_lsp.values.types import (
    Enum,
    Flags,
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
    Value,
    Variant,
    is_bytes,
)

if TYPE_CHECKING:
    from lark import Tree

MOST_TIME: Final = 0.05
"""Seconds of computing that one evaluation may take; that others compute meanwhile does not count."""
MOST_LENGTH: Final = 2000
_MOST_WRITTEN = 10_000
_MOST_SHOWN = 60
_TYPES = frozenset(("bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"))
_MACROS = frozenset(("all", "exists", "exists_one", "map", "filter"))

Names: TypeAlias = Mapping[str, "Typed | int | str | bool | None | Mapping[str, Typed]"]
"""What an expression may speak of. A mapping is a map by names in snake_case."""


class BadExpression(Exception):
    """This is no expression. The message says where and why."""


class NoValue(Exception):
    """The expression has no value here. The message says why."""


class _OutOfTime(BaseException):
    """Not an error of the expression's own, which `||` could make good."""


class Expression:
    """A CEL expression, read. Raises `BadExpression`."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if not self.text:
            raise BadExpression("the expression is empty")
        if len(self.text) > MOST_LENGTH:
            raise BadExpression(f"the expression is longer than {MOST_LENGTH} characters")
        try:
            celpy = _celpy()
        except ImportError:
            raise BadExpression(
                "conditions need the package cel-python: install `dataflare-lsp[debug]` into the adapter's environment"
            ) from None
        try:
            self._tree: Tree[Any] = celpy.environment.compile(self.text)
            self._needs = _needs(self._tree)
            self.names: Final = frozenset(self._needs)
            """The names that it reads, without those that it binds itself."""
        except celpy.parse_error as error:
            at = "" if error.column is None else f" at column {error.column}"
            raise BadExpression(f"`{self._shown}` is no CEL expression: it goes wrong{at}") from None
        except RecursionError:
            raise BadExpression("the expression is nested too deeply") from None

    @property
    def _shown(self) -> str:
        return self.text if len(self.text) <= _MOST_SHOWN else f"{self.text[:_MOST_SHOWN]}…"

    def value(self, names: Names, end: float = inf) -> object:
        """The value, where names stand for these. Raises `NoValue`, also when `thread_time` has come to the `end`."""
        deadline = min(end, thread_time() + MOST_TIME)
        try:
            given = {name: _given(names[name], needs, deadline) for name, needs in self._needs.items() if name in names}
            return _celpy().evaluate(self._tree, given, deadline)
        except _OutOfTime:
            if deadline == end:
                why = "all that is asked at this stop takes too long together"
                raise NoValue(f"`{self._shown}` has no value here: {why}") from None
            raise NoValue(f"`{self._shown}` takes longer than {MOST_TIME * 1000:.0f} ms") from None
        except RecursionError:
            raise NoValue(f"`{self._shown}` is nested too deeply") from None
        except Exception as error:
            # A name that is not there is no mistake where `&&` or `||` makes up for it.
            for name in sorted(self.names - names.keys() - _TYPES):
                near = nearest(name, names)
                hint = f"did you mean `{near}`?" if near else f"there are {', '.join([f'`{one}`' for one in names])}"
                raise NoValue(f"there is no `{name}` here; {hint}") from None
            raise NoValue(f"`{self._shown}` has no value here: {_reason(error)}") from None

    def holds(self, names: Names, end: float = inf) -> bool:
        """Whether it is true. Raises as `value`, also where it is neither true nor false."""
        value = self.value(names, end)
        if type(value).__name__ != "BoolType":
            raise NoValue(f"`{self._shown}` is neither true nor false but {written(value)}")
        return bool(value)


def snake(name: str) -> str:
    """A name of WIT as it is written in an expression."""
    return name.replace("-", "_")


def written(value: object) -> str:
    """A value of an expression as text, shortened: strings as they are, what is in others in the manner of CEL."""
    text = str(value) if isinstance(value, str) else _literal(value)
    return text if len(text) <= _MOST_WRITTEN else f"{text[:_MOST_WRITTEN]}… ({len(text):,} characters)"


def _literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case bytes():
            return "b" + repr(bytes(value))[1:]
        case float():
            return repr(float(value))
        case int() if type(value).__name__ == "BoolType":
            return "true" if value else "false"
        case int():
            return str(int(value))
        case Mapping():
            return "{" + ", ".join([f"{_literal(key)}: {_literal(inner)}" for key, inner in value.items()]) + "}"
        case list():
            return "[" + ", ".join([_literal(inner) for inner in value]) + "]"
    return str(value)


Needs: TypeAlias = "Mapping[str, Needs] | None"
"""Which fields of a value are read, and what of each; None: all of it."""


def _needs(tree: "Tree[Any]") -> dict[str, Needs]:
    """What is read of each name. A field of a large value costs no more than it does by itself."""
    found: dict[str, Any] = {}
    # What is read as a whole comes before what is read in part, which then is no more.
    for path in sorted(set(_paths(tree)), key=len):
        inside = found
        for name in path[:-1]:
            inside = inside.setdefault(name, {})
            if inside is None:
                break
        else:
            inside.setdefault(path[-1], None)
    return found


def _paths(tree: "Tree[Any]", bound: frozenset[str] = frozenset()) -> Iterable[tuple[str, ...]]:
    """The names that are read in a tree and not bound there, each with the fields that follow it."""
    path = _path(tree)
    if path is not None:
        if path[0] not in bound:
            yield path
        return
    children = tree.children
    if str(tree.data) == "member_dot_arg" and str(children[1]) in _MACROS and len(children) > 2:
        yield from _paths(children[0], bound)
        inner = children[2]
        variable = next(iter([str(one) for one in _first_names(inner)]), None)
        yield from _paths(inner, bound if variable is None else bound | {variable})
        return
    for child in children:
        if hasattr(child, "data"):
            yield from _paths(child, bound)


def _path(tree: "Tree[Any]") -> tuple[str, ...] | None:
    """The name and the fields that a tree is, if it is no more than that."""
    kind, children = str(tree.data), tree.children
    if kind == "ident":
        return (str(children[0]),)
    if kind == "member_dot":
        before = _path(children[0])
        return None if before is None else (*before, str(children[1]))
    return _path(children[0]) if kind in ("member", "primary") and len(children) == 1 else None


def _first_names(tree: "Tree[Any]") -> Iterable[object]:
    """The names in a tree, from the left."""
    if str(tree.data) == "ident":
        yield tree.children[0]
    for child in tree.children:
        if hasattr(child, "data"):
            yield from _first_names(child)


def _reason(error: Exception) -> str:
    """What the library says, without what it is made of."""
    message = str(error.args[0]) if error.args else str(error)
    if message.startswith("found no matching overload"):
        return "an operator or function does not take values of these types"
    if message.startswith("undeclared reference to"):
        return f"there is no {message.removeprefix('undeclared reference to ').partition(' (in ')[0]}"
    if message == "invalid_argument":
        return "there is nothing at this index"
    if "does not support field selection" in message:
        return "only maps have fields"
    return message.partition("\n")[0]


# Values ------------------------------------------------------------------------------------------------------------


def _given(value: object, needs: Needs, deadline: float) -> object:
    """A value that an expression may speak of, as the library has it."""
    types = _celpy().types
    if isinstance(value, Typed):
        return cel_value(value.value, value.type, needs, deadline)
    match value:
        case bool():
            return types.BoolType(value)
        case int():
            return types.IntType(value)
        case str():
            return types.StringType(value)
        case Mapping():
            wanted = [name for name in value if needs is None or name in needs]
            return types.MapType(
                {types.StringType(name): _given(value[name], _of(needs, name), deadline) for name in wanted}
            )
    return None


def cel_value(value: Value, type: Type, needs: Needs = None, deadline: float = inf) -> object:
    """A value of a type, as the library has it; of a record only the fields that are needed.

    Raises when `thread_time` has come to the `deadline`: a list may have millions of elements.
    """
    types = _celpy().types
    if is_bytes(type):
        return types.BytesType(value)
    match type:
        case Primitive(name="bool"):
            return types.BoolType(value)
        case Primitive(name="f32" | "f64"):
            return types.DoubleType(value)
        case Primitive(name="string" | "char"):
            return types.StringType(value)
        case Primitive() | Handle():
            assert isinstance(value, int)
            return types.IntType(value) if value < 1 << 63 else types.UintType(value)
        case Enum():
            return types.StringType(value)
        case Option(some=some):
            return None if value is None else cel_value(_payload(value), some, needs, deadline)
    assert isinstance(value, tuple)
    if thread_time() > deadline:
        raise _OutOfTime
    match type:
        case ListOf(element=element):
            return types.ListType([cel_value(one, element, None, deadline) for one in _in_time(value, deadline)])
        case Tuple(elements=elements):
            return types.ListType(
                [cel_value(inner, element, None, deadline) for inner, element in zip(value, elements, strict=True)]
            )
        case Flags():
            return types.ListType([types.StringType(name) for name in value])
        case MapOf(key=key, value=inner):
            return types.MapType(
                {
                    cel_value(one[0], key): cel_value(one[1], inner, None, deadline)  # type: ignore[index]
                    for one in _in_time(value, deadline)
                }
            )
        case Record(fields=fields):
            members = zip(fields, value, strict=True)
            return _map([one for one in members if needs is None or snake(one[0].name) in needs], needs, deadline)
        case Result(ok=ok, err=err):
            return _map([(Named(str(value[0]), ok if value[0] == "ok" else err), value[1])], needs, deadline)
        case Variant(cases=cases):
            return _map([(case, value[1]) for case in cases if case.name == value[0]], needs, deadline)
    raise NoValue("values of this type cannot be looked into")


def _payload(value: Value) -> Value:
    assert isinstance(value, tuple)
    return value[1]


def _of(needs: Needs, name: str) -> Needs:
    """What is needed of a field that is needed."""
    return None if needs is None else needs.get(name)


def _in_time(values: tuple[Value, ...], deadline: float) -> Iterator[Value]:
    """The values, as long as there is time."""
    for number, value in enumerate(values):
        if number % 256 == 0 and thread_time() > deadline:
            raise _OutOfTime
        yield value


def _map(fields: list[tuple[Named, Value]], needs: Needs, deadline: float) -> object:
    """A map of fields. A case that is not needed is there without its payload."""
    types = _celpy().types
    found = {}
    for field, value in fields:
        key = snake(field.name)
        if field.type is None:
            inner: object = types.BoolType(True)
        else:
            is_needed = needs is None or key in needs
            inner = cel_value(value, field.type, _of(needs, key), deadline) if is_needed else None
        found[types.StringType(key)] = inner
    return types.MapType(found)


# The library -------------------------------------------------------------------------------------------------------


class _Celpy:
    """cel-python, imported when the first expression is read, with comparisons as the specification has them."""

    def __init__(self) -> None:
        import celpy
        from celpy import celtypes
        from celpy.celparser import CELParseError
        from celpy.evaluation import Activation, CELEvalError, Evaluator

        for name in ("celpy", "Evaluator", "Activation", "NameContainer", "evaluation", "Environment"):
            logging.getLogger(name if name == "celpy" else f"celpy.{name}").setLevel(logging.CRITICAL)

        class Timed(Evaluator):
            """An evaluator that ends."""

            deadline = 0.0

            def visit_children(self, tree: "Tree[Any]") -> list[Any]:
                if thread_time() > self.deadline:
                    raise _OutOfTime
                return super().visit_children(tree)

            def sub_evaluator(self, ast: "Tree[Any]") -> "Timed":
                inner = Timed(ast, self.activation)
                inner.deadline = self.deadline
                return inner

        def compared(compare: Callable[[object, object], object]) -> Callable[[object, object], object]:
            def function(left: object, right: object) -> object:
                for side in (left, right):
                    if isinstance(side, CELEvalError):
                        return side
                return celtypes.BoolType(compare(left, right))

            return function

        def is_number(value: object) -> bool:
            return isinstance(value, int | float) and not isinstance(value, celtypes.BoolType)

        def plain(value: object) -> object:
            """A number without its type, so that Python compares it with any other, exactly."""
            if not isinstance(value, int | float) or isinstance(value, celtypes.BoolType):
                return value
            return float(value) if isinstance(value, float) else int(value)

        def equal(left: object, right: object) -> bool:
            if is_number(left) and is_number(right):
                return plain(left) == plain(right)
            return type(left) is type(right) and bool(left == right)

        def ordered(order: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
            return lambda left, right: order(plain(left), plain(right))

        functions: dict[str, Any] = {
            "_==_": compared(equal),
            "_!=_": compared(lambda left, right: not equal(left, right)),
            "_<_": compared(ordered(operator.lt)),
            "_<=_": compared(ordered(operator.le)),
            "_>_": compared(ordered(operator.gt)),
            "_>=_": compared(ordered(operator.ge)),
        }

        def evaluate(tree: "Tree[Any]", names: dict[str, Any], deadline: float) -> object:
            activation = Activation(
                annotations=self.environment.annotations, package=self.environment.package, functions=functions
            )
            evaluator = Timed(tree, activation)
            evaluator.deadline = deadline
            return evaluator.evaluate(names)

        self.types = celtypes
        self.parse_error = CELParseError
        limit = sys.getrecursionlimit()
        self.environment = celpy.Environment()
        # The library's parser raises it, for the whole process.
        sys.setrecursionlimit(limit)
        self.evaluate: Callable[[Tree[Any], dict[str, Any], float], object] = evaluate


@lru_cache(1)
def _celpy() -> _Celpy:
    return _Celpy()
