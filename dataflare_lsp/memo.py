"""The memo engine: derived values that know what they were derived from.

A *query* is a pure function `f(db, *key)` marked with `@query`. The database keeps its last value and the inputs and
queries that it read. Setting an input starts a new revision; a query asked again first checks whether anything that it
read has really changed, and runs only then. When it runs and its value equals the old one, nothing that read it runs
either (early cut-off). Queries must not read themselves, directly or through others: write a loop instead.

Some inputs are *durable*: they change rarely. What was derived from nothing else is known to hold, without a look at
what it read, for as long as no durable input changes. That keeps the price of an edit from growing with the workspace.
"""

from collections.abc import Callable, Hashable, Iterator
from operator import eq
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

K = ParamSpec("K")
V = TypeVar("V")
Inputs = TypeVar("Inputs", bound="Database")


_STEP = 2_000
"""Queries looked at in a step of forgetting, which takes some 2 ms for so many."""


class _Cell:
    """One remembered value: an input (`compute` is None) or a query at a key."""

    __slots__ = ("changed_at", "compute", "durable", "key", "reads", "value", "verified_at")

    def __init__(self, compute: Callable[..., object] | None, key: tuple[Hashable, ...]) -> None:
        self.compute = compute
        self.key = key
        self.value: object = None
        self.reads: tuple[_Cell, ...] = ()
        self.changed_at = 0
        self.verified_at = -1
        self.durable = False


class Database:
    """Inputs and everything derived from them, valid at `revision`."""

    def __init__(self) -> None:
        self.revision = 1
        self._durable_revision = 1
        """When a durable input last changed."""
        self._cells: dict[tuple[Hashable, ...], _Cell] = {}
        self._active: list[dict[_Cell, None]] = []

    def set(self, name: Hashable, value: object, *, durable: bool = False) -> None:
        """Give the input `name` a value; an equal one changes nothing. An input is durable always or never."""
        cell = self._input(name)
        cell.durable = durable
        if cell.verified_at >= 0 and _is_same(cell.value, value):
            return
        self.revision += 1
        cell.value = value
        cell.changed_at = cell.verified_at = self.revision
        if durable:
            self._durable_revision = self.revision

    def read(self, name: Hashable) -> object:
        """The input `name`, or None when it was never set."""
        cell = self._input(name)
        if self._active:
            self._active[-1][cell] = None
        return cell.value

    def _input(self, name: Hashable) -> _Cell:
        cell = self._cells.get((name,))
        if cell is None:
            cell = self._cells[(name,)] = _Cell(None, (name,))
        return cell

    def ask(self, compute: Callable[..., V], key: tuple[Hashable, ...]) -> V:
        """The value of the query `compute` at `key`, computed only if what it read has changed."""
        whole = (compute, *key)
        cell = self._cells.get(whole)
        if cell is None:
            cell = self._cells[whole] = _Cell(compute, key)
        if cell.verified_at != self.revision and not (cell.durable and cell.verified_at >= self._durable_revision):
            self._refresh(cell)
        if self._active:
            self._active[-1][cell] = None
        return cast(V, cell.value)

    def _refresh(self, cell: _Cell) -> None:
        """Bring a query up to date: run it if it never ran, or if something that it read has really changed.

        What it read is brought up to date first, and so on down. That may go as deep as packages use each other, so the
        way down is kept in a list rather than in calls.
        """
        revision, durable = self.revision, self._durable_revision
        below: list[tuple[_Cell, Iterator[_Cell]]] = [(cell, iter(cell.reads))]
        done: _Cell | None = None
        while below:
            current, rest = below[-1]
            since = current.verified_at
            has_changed = since < 0 or (done is not None and done.changed_at > since)
            done = None
            if not has_changed:
                for read in rest:
                    if (
                        read.compute is not None
                        and read.verified_at != revision
                        and not (read.durable and read.verified_at >= durable)
                    ):
                        below.append((read, iter(read.reads)))
                        break
                    if read.changed_at > since:
                        has_changed = True
                        break
                else:
                    current.verified_at = revision
                    done = below.pop()[0]
                    continue
                if not has_changed:
                    if len(below) > len(self._cells):
                        raise RecursionError(f"a query reads itself: {cell.key}")
                    continue
            self._run(current)
            done = below.pop()[0]

    def _run(self, cell: _Cell) -> None:
        """Compute a query, and note what it reads."""
        assert cell.compute is not None
        reads: dict[_Cell, None] = {}
        self._active.append(reads)
        try:
            value = cell.compute(self, *cell.key)
        finally:
            self._active.pop()
        cell.reads = tuple(reads)
        cell.durable = all([read.durable for read in reads])
        if cell.verified_at < 0 or not _is_same(cell.value, value):
            cell.value = value
            cell.changed_at = self.revision
        cell.verified_at = self.revision

    def __len__(self) -> int:
        """How many values are remembered, inputs among them."""
        return len(self._cells)

    def forget(self, keep: Callable[[tuple[Hashable, ...]], bool]) -> None:
        """Drop every remembered query whose key `keep` refuses: what was derived for files that are gone."""
        for _ in self.forgetting(keep):
            pass

    def forgetting(self, keep: Callable[[tuple[Hashable, ...]], bool]) -> Iterator[None]:
        """`forget` in steps, each of some thousands of queries; others may be asked and inputs set in between."""
        for number, key in enumerate(list(self._cells), 1):
            cell = self._cells.get(key)
            if cell is not None and cell.compute is not None and not keep(key):
                del self._cells[key]
            if number % _STEP == 0:
                yield


def _is_same(old: object, new: object) -> bool:
    """Whether two values are equal, with their dicts in the same order: those who read them may go by it."""
    return old is new or (old == new and _is_ordered_alike(old, new))


def _is_ordered_alike(old: object, new: object) -> bool:
    """The same of values that are equal. Dicts are looked for in named tuples, where this project has them."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(map(eq, old, new))
    if isinstance(old, tuple) and isinstance(new, tuple) and hasattr(old, "_fields"):
        return all(map(_is_ordered_alike, old, new))
    return True


class _Query(Generic[K, V]):
    """A query: called as the function that it wraps."""

    __slots__ = ("__wrapped__",)

    def __init__(self, compute: Callable[..., V]) -> None:
        self.__wrapped__ = compute

    def __call__(self, db: Database, /, *key: K.args, **_: K.kwargs) -> V:
        return db.ask(self.__wrapped__, cast(Any, key))


def query(compute: Callable[Concatenate[Inputs, K], V]) -> _Query[K, V]:
    """Remember the values of `compute` in the database that it is given, by its other (hashable) arguments."""
    return _Query(compute)
