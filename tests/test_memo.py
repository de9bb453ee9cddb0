"""The memo engine: the right values, and no more work than what changed asks for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.memo import Database, query

RAN: list[str] = []
"""Which queries ran since it was last cleared."""


@query
def length(db: Database, file: str) -> int:
    RAN.append(f"length {file}")
    return len(str(db.read(file)))


@query
def total(db: Database, files: tuple[str, ...]) -> int:
    RAN.append("total")
    return sum(length(db, file) for file in files)


@query
def is_long(db: Database, files: tuple[str, ...]) -> bool:
    RAN.append("is_long")
    return total(db, files) > 10


@pytest.fixture
def db() -> Database:
    database = Database()
    database.set("a.wit", "abc")
    database.set("b.wit", "de")
    RAN.clear()
    return database


def ran(ask: Callable[[], object]) -> list[str]:
    """Which queries run when asked for something."""
    RAN.clear()
    ask()
    return sorted(RAN)


FILES = ("a.wit", "b.wit")


def test_a_value_is_computed_once(db: Database) -> None:
    assert total(db, FILES) == 5
    assert ran(lambda: total(db, FILES)) == []


def test_only_what_read_a_changed_input_runs_again(db: Database) -> None:
    total(db, FILES)
    db.set("b.wit", "defg")
    assert ran(lambda: total(db, FILES)) == ["length b.wit", "total"]
    assert total(db, FILES) == 7


def test_a_value_that_comes_out_equal_stops_the_change(db: Database) -> None:
    is_long(db, FILES)
    db.set("b.wit", "ed")
    assert ran(lambda: is_long(db, FILES)) == ["length b.wit"]
    db.set("b.wit", "edc")
    assert ran(lambda: is_long(db, FILES)) == ["is_long", "length b.wit", "total"]


def test_setting_an_equal_value_changes_nothing(db: Database) -> None:
    total(db, FILES)
    before = db.revision
    db.set("a.wit", "abc")
    assert db.revision == before
    assert ran(lambda: total(db, FILES)) == []


def test_an_input_that_was_never_set_is_none_until_it_is(db: Database) -> None:
    @query
    def seen(db: Database) -> object:
        return db.read("c.wit")

    assert seen(db) is None
    db.set("c.wit", "x")
    assert seen(db) == "x"


def test_what_a_query_no_longer_reads_does_not_concern_it(db: Database) -> None:
    @query
    def chosen(db: Database) -> object:
        RAN.append("chosen")
        return db.read("b.wit") if db.read("a.wit") == "use b" else "nothing"

    db.set("a.wit", "use b")
    assert chosen(db) == "de"
    db.set("a.wit", "none")
    assert chosen(db) == "nothing"
    db.set("b.wit", "new")
    assert ran(lambda: chosen(db)) == []


def test_a_query_that_failed_is_asked_anew(db: Database) -> None:
    @query
    def parsed(db: Database) -> int:
        return int(str(db.read("a.wit")))

    with pytest.raises(ValueError, match="abc"):
        parsed(db)
    with pytest.raises(ValueError, match="abc"):
        parsed(db)
    db.set("a.wit", "42")
    assert parsed(db) == 42


def test_what_rests_on_durable_inputs_is_not_even_looked_at() -> None:
    db = Database()
    looked: list[str] = []

    @query
    def library(db: Database) -> object:
        looked.append("library")
        return db.read("deps/base.wit")

    @query
    def program(db: Database) -> tuple[object, object]:
        return library(db), db.read("app.wit")

    db.set("deps/base.wit", "base", durable=True)
    db.set("app.wit", "app")
    assert program(db) == ("base", "app")
    db.set("app.wit", "app 2")
    assert program(db) == ("base", "app 2")
    db.set("deps/base.wit", "base 2", durable=True)
    assert program(db) == ("base 2", "app 2")
    assert looked == ["library", "library"]


def test_what_was_forgotten_is_computed_again_and_right(db: Database) -> None:
    assert is_long(db, FILES) is False
    assert len(db) == 2 + 4
    db.forget(lambda key: "a.wit" not in key)
    assert len(db) == 2 + 3
    db.set("a.wit", "a long text")
    assert is_long(db, FILES) is True
    assert length(db, "a.wit") == 11


INPUTS = range(4)
Recipe = tuple[tuple[int, ...], int]
recipes = st.lists(
    st.tuples(st.lists(st.integers(0, 7), max_size=3).map(tuple), st.integers(1, 3)), min_size=4, max_size=4
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.sampled_from(INPUTS), st.integers(0, 3)),
        st.tuples(st.just("ask"), st.integers(4, 7), st.just(0)),
        st.tuples(st.just("forget"), st.integers(4, 7), st.just(0)),
    ),
    max_size=20,
)


@given(recipes, st.sets(st.sampled_from(INPUTS)), steps)
def test_incremental_is_from_scratch(
    recipes: list[Recipe], durable: set[int], steps: list[tuple[str, int, int]]
) -> None:
    """Queries 4 to 7 each sum some of the inputs and queries before them, modulo something; the inputs change."""
    values = dict.fromkeys(INPUTS, 0)
    db = Database()
    runs: list[int] = []
    turns = dict.fromkeys(range(8), 0)
    """How often each had another value than before: one that is back where it was has changed twice."""
    last: dict[int, int] = {}

    def fresh(number: int) -> int:
        if number in values:
            return values[number]
        parts, modulus = recipes[number - 4]
        return sum(fresh(part) for part in parts if part < number) % modulus

    @query
    def value(db: Database, number: int) -> int:
        runs.append(number)
        parts, modulus = recipes[number - 4]
        found = 0
        for part in parts:
            if part < number:
                found += int(str(db.read(part))) if part in values else value(db, part)
        turns[number] += last.get(number) != found % modulus
        last[number] = found % modulus
        return found % modulus

    def part_turns(number: int) -> list[int]:
        return [turns[part] for part in recipes[number - 4][0] if part < number]

    for number, start in values.items():
        db.set(number, start, durable=number in durable)
    saw: dict[int, list[int]] = {}
    forgotten: set[int] = set()
    """Those that read one of these still know it as it was, so it may run for them as well as for who asks anew."""
    for action, number, new in steps:
        if action == "set":
            turns[number] += values[number] != new
            values[number] = new
            db.set(number, new, durable=number in durable)
        elif action == "forget":
            db.forget(lambda key, number=number: key[-1] != number)
            forgotten.add(number)
        else:
            runs.clear()
            assert value(db, number) == fresh(number)
            for one in runs:
                if one not in forgotten:
                    assert saw.get(one) != part_turns(one), f"query {one} ran, and nothing that it reads had changed"
                saw[one] = part_turns(one)


@query
def lengths(db: Database, files: str) -> dict[str, int]:
    return {file: length(db, file) for file in str(db.read(files)).split()}


@query
def first(db: Database, files: str) -> str:
    return next(iter(lengths(db, files)))


def test_the_order_of_a_dict_is_part_of_its_value(db: Database) -> None:
    db.set("order", "a.wit b.wit")
    assert first(db, "order") == "a.wit"
    db.set("order", "b.wit a.wit")
    assert first(db, "order") == "b.wit"


def test_a_long_chain_is_brought_up_to_date():
    """Each query reads the one before it; the first of them was asked first, so that no call went deep."""

    @query
    def link(db: Database, number: int) -> int:
        return int(str(db.read("start"))) if number == 0 else link(db, number - 1) + 1

    db = Database()
    db.set("start", 0)
    for number in range(5_000):
        link(db, number)
    db.set("start", 1)
    assert link(db, 4_999) == 5_000
    db.set("other", 1)
    assert link(db, 4_999) == 5_000
