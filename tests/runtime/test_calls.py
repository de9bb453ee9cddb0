"""Values go into a plugin and out of it as they are, through the real engine."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import echoes
from support.guests import GUEST
from support.instances import loaded, running
from support.stock import echoed
from support.values import types, values

from dataflare_lsp.runtime.border import Failure, Returned
from dataflare_lsp.runtime.calls import handles
from dataflare_lsp.runtime.host.surroundings import Trap
from dataflare_lsp.runtime.instance import NotLowered
from dataflare_lsp.values.types import (
    Case,
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
)

U8, STRING, CHAR, F32, F64 = (Primitive(name) for name in ("u8", "string", "char", "f32", "f64"))


def identity(*arguments: Value) -> Value:
    """The host's side of an echo."""
    return None if not arguments else arguments[0] if len(arguments) == 1 else arguments


def hosts(answer=identity):
    return {echoes.HOST: {"echo": answer}}


def inner(of: Type) -> list[Type]:
    """What a type is made of."""
    match of:
        case ListOf(element) | Option(element):
            return [element]
        case MapOf(key, value):
            return [key, value]
        case Record(members) | Variant(members):
            return [member.type for member in members if member.type is not None]
        case Tuple(elements):
            return list(elements)
        case Result(ok, err):
            return [side for side in (ok, err) if side is not None]
    return []


def parts(of: Type) -> list[Type]:
    """A type, what it is made of, what that is made of, and so on."""
    return [of, *(part for one in inner(of) for part in parts(one))]


def is_supported(type: Type) -> bool:
    """Whether the engine has such a type: no maps, no lists of fixed length, no names that differ only by case."""
    for part in parts(type):
        match part:
            case MapOf() | ListOf(_, int()):
                return False
            case Record(members) | Variant(members):
                names = [member.name for member in members]
            case Enum(names) | Flags(names):
                pass
            case _:
                continue
        if len({name.lower() for name in names}) < len(names):
            return False
    return True


SUPPORTED = types(max_leaves=12, fixed_lengths=False).filter(is_supported)
ROWS = st.lists(SUPPORTED | st.just(Handle(echoes.THING, True)), max_size=5).map(tuple)


def plain(value: Value) -> object:
    """A value whose equality is that of its bits: NaN is equal to NaN, and zeros differ by their sign."""
    match value:
        case float():
            return "nan" if math.isnan(value) else repr(value)
        case tuple():
            return (value.__class__.__name__, *map(plain, value))
    return value


@given(st.data())
@settings(max_examples=150)
def test_values_come_back_as_they_went(data):
    row = data.draw(ROWS)
    crossed = []

    def answer(*arguments: Value) -> Value:
        crossed.append(arguments)
        return identity(*arguments)

    with running(loaded(echoes.echo(row)), hosts(answer)) as plugin:
        assert plugin.exports["echo"] == echoes.function(row)
        for _ in range(4):
            given_ = tuple([data.draw(values(of, nan=True)) for of in row])
            assert plain(plugin.call("echo", given_)) == plain(Returned(identity(*given_)))
            assert plain(crossed.pop()) == plain(given_)


def nested(levels: int, wrap) -> Type:
    made: Type = STRING
    for level in range(levels):
        made = wrap(level, made)
    return made


def _mixed(level: int, inner: Type) -> Type:
    return (
        ListOf(inner),
        Tuple((U8, inner)),
        Option(inner),
        Result(inner, None),
        Record((Named("a", inner), Named("b", F64))),
        Variant((Named("a", None), Named("b", inner))),
    )[level % 6]


WIDE = tuple(f"n{number}" for number in range(300))
CORNERS: dict[str, tuple[Type, ...]] = {
    "options in options": (nested(9, lambda _, inner: Option(inner)),),
    "lists in lists": (nested(30, lambda _, inner: ListOf(inner)),),
    "tuples in tuples": (nested(40, lambda _, inner: Tuple((inner, U8))),),
    "results in results": (nested(12, lambda _, inner: Result(None, inner)),),
    "all in all": (nested(40, _mixed),),
    "records in lists": (ListOf(nested(12, lambda _, inner: Record((Named("only", inner),)))),),
    "a variant of many cases": (Variant(tuple(Named(n, (None, STRING, F32, F64)[i % 4]) for i, n in enumerate(WIDE))),),
    "an enum of many names": (ListOf(Enum(WIDE)),),
    **{f"{count} flags": (ListOf(Flags(WIDE[:count])), Flags(WIDE[:count])) for count in (1, 8, 9, 16, 17, 32)},
    "sixteen numbers": (F32,) * 16,
    "seventeen numbers": (F64,) * 17,
    "many parameters": (STRING, F32, U8) * 30,
    "a wide record": (Record(tuple(Named(name, STRING) for name in WIDE)),),
    "floats and integers in one place": (Variant(tuple(Named(n, Primitive(n)) for n in ("f32", "u64", "f64", "u32"))),),
    "handles": (ListOf(Handle(echoes.THING, True)), Option(Handle(echoes.THING, True))),
    "bytes": (ListOf(ListOf(U8)), Option(ListOf(U8))),
}


@pytest.mark.parametrize("what", CORNERS)
def test_corners(what):
    row = CORNERS[what]
    with running(loaded(echoes.echo(row)), hosts()) as plugin:
        assert plugin.exports["echo"] == echoes.function(row)

        @given(st.tuples(*map(values, row)))
        @settings(max_examples=30)
        def check(arguments):
            assert plugin.call("echo", arguments) == Returned(identity(*arguments))

        check()


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats()
    | st.sampled_from([1e300, "ok", "some", "a", "\ud800", "\0", Case("ok"), Case("some"), ("ok",), ()])
    | st.text(st.characters(), max_size=3)
    | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.lists(inner, max_size=3)
        | st.builds(Case, st.sampled_from(["ok", "err", "some", "a"]), inner)
    ),
    max_leaves=6,
)
"""Values of no type in particular, some of which happen to be of one."""


@given(st.data())
@settings(max_examples=100)
def test_wrong_values_are_refused_and_do_no_harm(data):
    row = data.draw(ROWS.filter(len))
    right = data.draw(st.tuples(*map(values, row)))
    with running(loaded(echoes.echo(row)), hosts()) as plugin:
        for _ in range(10):
            at = data.draw(st.integers(0, len(row) - 1))
            wrong = (*right[:at], data.draw(JUNK), *right[at + 1 :])
            try:
                outcome = plugin.call("echo", wrong)
            except NotLowered as refused:
                outcome = refused
            assert not isinstance(outcome, Failure), outcome
            assert plugin.call("echo", right) == Returned(identity(*right))


@given(st.data())
@settings(max_examples=100)
def test_hosts_that_answer_nonsense_are_named(data):
    row = data.draw(ROWS.filter(len))
    right = data.draw(st.tuples(*map(values, row)))
    answers = iter(data.draw(st.lists(JUNK, min_size=10, max_size=10)))
    with running(loaded(echoes.echo(row)), hosts(lambda *_: next(answers))) as plugin:
        for _ in range(10):
            outcome = plugin.call("echo", right)
            if isinstance(outcome, Failure):
                assert outcome.cause == "trap"
                assert outcome.reason.startswith(f"the host's answer to `{echoes.HOST}#echo` is not of its type: ")
                plugin.start()


@pytest.mark.parametrize(
    ("of", "wrong", "message"),
    [
        (Primitive("s8"), 128, "at `a0`, expected s8, found 128"),
        (F32, 1e300, "at `a0`, expected f32, found 1e+300"),
        (CHAR, "\ud800", "at `a0`, expected char, found '\\ud800'"),
        (CHAR, "ab", "at `a0`, expected char, found 'ab'"),
        (STRING, "a\udfff", "at `a0`, expected string, found 'a\\udfff'"),
        (Option(U8), ("some",), "at `a0`, expected option<u8>, found ('some',)"),
        (Enum(("a", "b")), "c", "at `a0`, expected enum { a, b }, found 'c'"),
        (
            ListOf(Record((Named("id", STRING), Named("tags", ListOf(STRING))))),
            (("x", ()), ("y", ("z", 7))),
            "at `a0[1].tags[1]`, expected string, found 7",
        ),
        (Result(None, Tuple((U8, U8))), Case("err", (1, -1)), "at `a0.err.1`, expected u8, found -1"),
        (Handle(echoes.THING, True), 1 << 32, "at `a0`, expected own<test:echo/host/thing>, found 4294967296"),
    ],
)
def test_a_wrong_value_is_pointed_at(of, wrong, message):
    with running(loaded(echoes.echo((of,))), hosts()) as plugin:
        with pytest.raises(NotLowered) as refused:
            plugin.call("echo", (wrong,))
        assert str(refused.value) == message
        with pytest.raises(NotLowered, match="expected 1 values, found 2"):
            plugin.call("echo", (wrong, wrong))


def test_large_values_find_room_and_each_handle_goes_once():
    things = ListOf(Handle(echoes.THING, True))
    row = (things, ListOf(U8), ListOf(STRING), things)
    with running(loaded(echoes.echo(row)), hosts()) as plugin:
        for size in (0, 1, 2_000, 5, 300_000, 10):
            strings = tuple([str(number) for number in range(size // 10)])
            given = (tuple(range(size // 100)), bytes(range(256)) * (size // 100), strings, (7, 7))
            assert plugin.call("echo", given) == Returned(given)


def test_resources_of_the_plugin_are_held_lent_given_and_dropped():
    with running(loaded(GUEST), {}) as plugin:
        (seven,) = plugin.call("make", (7,))
        (eight,) = plugin.call("make", (8,))
        assert seven != eight
        for _ in range(3):
            assert plugin.call("read", (seven,)) == Returned(7)
            assert plugin.call("read", (eight,)) == Returned(8)
        assert plugin.call("take", (seven,)) == Returned(7)
        with pytest.raises(NotLowered, match=f"there is no handle {seven} of `thing`"):
            plugin.call("read", (seven,))
        with pytest.raises(NotLowered):
            plugin.call("take", (seven,))
        assert plugin.call("dropped", ()) == Returned(0)
        assert plugin.running.handles.drop(eight) == 0
        assert plugin.call("dropped", ()) == Returned(8)
        with pytest.raises(NotLowered):
            plugin.call("read", (eight,))


def test_a_handle_that_was_not_taken_stays():
    row = """(func (export "take-with") (param "self" (own $exported)) (param "byte" u8) (result u32)
        (canon lift (core func $take-with)))"""
    text = GUEST.replace(
        """(func (export "read")""",
        """(func (export "take-with") (param i32 i32) (result i32) (call $number (local.get 0)))
           (func (export "read")""",
        1,
    ).replace(
        """(alias core export $code "read" """,
        """(alias core export $code "take-with" (core func $take-with)) (alias core export $code "read" """,
    )
    with running(loaded(text[: text.rindex(")")] + row + ")"), {}) as plugin:
        (thing,) = plugin.call("make", (5,))
        with pytest.raises(NotLowered, match="at `byte`, expected u8, found 256"):
            plugin.call("take-with", (thing, 256))
        assert plugin.call("read", (thing,)) == Returned(5)
        assert plugin.call("take-with", (thing, 255)) == Returned(5)


def is_clear(of: Type) -> bool:
    """Whether the engine's interface can tell cases apart: it goes by classes of payloads, and those may be anything."""
    alike = (Variant, Option, Result)
    return not any(isinstance(part, alike) and any(isinstance(one, alike) for one in inner(part)) for part in parts(of))


@given(st.data())
@settings(max_examples=60)
def test_the_engines_own_interface_sees_the_same(data):
    row = data.draw(st.lists(SUPPORTED.filter(is_clear), min_size=1, max_size=4).map(tuple))
    component = loaded(echoes.echo(row))
    arguments = data.draw(st.tuples(*map(values, row)))
    with running(component, hosts()) as plugin:
        assert plugin.call("echo", arguments) == Returned(echoed(component, echoes.HOST, arguments))


DROPPING = f"""(component
  (import "{echoes.HOST}" (instance $host (export "thing" (type $thing (sub resource)))))
  (alias export $host "thing" (type $thing))
  (core func $drop (canon resource.drop $thing))
  (core module $code
    (import "" "drop" (func $drop (param i32)))
    (func (export "take") (param i32) (call $drop (local.get 0))))
  (core instance $code (instantiate $code (with "" (instance (export "drop" (func $drop))))))
  (alias core export $code "take" (core func $take))
  (func (export "take") (param "thing" (own $thing)) (canon lift (core func $take))))"""
"""A component that lets go of what it is given."""


def test_the_host_hears_when_the_plugin_lets_go():
    dropped = []
    host = {echoes.HOST: {"[resource-drop]thing": lambda number: dropped.append(number)}}
    with running(loaded(DROPPING), host) as plugin:
        for number in (7, 8):
            assert plugin.call("take", (number,)) == Returned(None)
    assert dropped == [7, 8]


def test_a_host_that_fails_when_it_lets_go_is_named():
    def fail(number: int) -> None:
        raise Trap(f"thing {number} is in use") if number else KeyError("a bug")

    with running(loaded(DROPPING), {echoes.HOST: {"[resource-drop]thing": fail}}) as plugin:
        for number, cause, reason in (
            (7, "trap", "thing 7 is in use"),
            (0, "host", "the host failed: KeyError: 'a bug'"),
        ):
            outcome = plugin.call("take", (number,))
            assert isinstance(outcome, Failure)
            assert (outcome.cause, outcome.reason) == (cause, reason)
            plugin.start()
            assert plugin.exports


def test_handles_that_nobody_gives_back_have_a_limit(monkeypatch):
    monkeypatch.setattr(handles, "MAX_HANDLES", 3)
    with running(loaded(GUEST), {}) as plugin:
        for number in range(3):
            assert isinstance(plugin.call("make", (number,)), Returned)
        assert plugin.call("make", (4,)) == Failure(
            "handles", "it has given its host more than 3 handles of its resources"
        )
