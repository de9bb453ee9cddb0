"""Whatever is done often takes no more memory than when it was done first."""

import gc
import mmap
from collections.abc import Callable

import pytest
from support import echoes, steps
from support.guests import GUEST
from support.instances import loaded, running
from support.steps import RUN, Step, script

from dataflare_lsp.runtime.border import Failure, Returned
from dataflare_lsp.runtime.host.surroundings import Trap
from dataflare_lsp.runtime.instance import NotLowered
from dataflare_lsp.runtime.memory import resident
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Case,
    Enum,
    Flags,
    Handle,
    ListOf,
    Named,
    Option,
    Record,
    Result,
    Tuple,
    Variant,
)

ROUNDS = 8


def grows(act: Callable[[], None], times: int, least: int) -> bool:
    """Whether each of some rounds of `times` acts leaves objects behind, or `least` bytes for each act.

    What leaks does so in every round; what an allocator keeps for later is taken once.
    """
    for _ in range(times):
        act()
    for _ in range(ROUNDS):
        gc.collect()
        objects, size = len(gc.get_objects()), resident()
        for _ in range(times):
            act()
        gc.collect()
        if len(gc.get_objects()) - objects < times / 2 and resident() - size < least * times:
            return False
    return True


CHOICE = Variant((Named("x", Flags(("a", "b"))), Named("y", Enum(("q", "r")))))
RECORD = Record(
    (
        Named("id", STRING),
        Named("payload", BYTES),
        Named("metadata", ListOf(Tuple((STRING, STRING)))),
        Named("choice", Option(Result(STRING, CHOICE))),
    )
)
GOOD = ("an id", b"x" * 1000, (("a", "b"), ("c", "d")), Case("some", Case("err", Case("x", ("a", "b")))))


def test_grows_sees_what_is_kept():
    kept: list[object] = []

    def keep() -> None:
        # Not from an allocator, which may have some left.
        page = mmap.mmap(-1, mmap.PAGESIZE)
        page[0] = 1
        kept.append(page)

    if resident():
        assert grows(keep, 1000, 1000)
    assert grows(lambda: kept.append([]), 1000, 1 << 30)
    assert not grows(lambda: None, 1000, 100)


def test_calls_with_values_of_all_kinds():
    row = (RECORD, Handle(echoes.THING, True))
    with running(loaded(echoes.echo(row)), {echoes.HOST: {"echo": lambda *arguments: arguments}}) as plugin:

        def act() -> None:
            assert plugin.call("echo", (GOOD, 3)) == Returned((GOOD, 3))

        assert not grows(act, 2_000, 50)


def test_arguments_that_are_refused():
    with running(loaded(echoes.echo((RECORD,))), {echoes.HOST: {"echo": lambda value: value}}) as plugin:

        def act() -> None:
            with pytest.raises(NotLowered):
                plugin.call("echo", ((*GOOD[:3], 7),))

        assert not grows(act, 2_000, 50)


def test_resources_that_the_plugin_makes():
    with running(loaded(GUEST), {}) as plugin:

        def act() -> None:
            (kept,) = plugin.call("make", (1,))
            (given,) = plugin.call("make", (2,))
            plugin.call("read", (kept,))
            plugin.call("take", (given,))
            assert plugin.running.handles.drop(kept) == 0

        # A handle that the plugin took stays in its own table: eight bytes or so.
        assert not grows(act, 2_000, 100)


@pytest.mark.parametrize("last", [Step("trap"), Step("recurse"), Step("ask"), Step("return")])
def test_instances_that_are_made_anew(last):
    def ask(_: bytes) -> bytes:
        raise Trap("it asks")

    hosts = {steps.HOST: {"tell": lambda state: None, "draw": lambda: 1, "ask": ask}}
    with running(loaded(steps.COMPONENT), hosts) as plugin:

        def act() -> None:
            outcome = plugin.call(RUN, (script(Step("draw"), Step("tell"), last),))
            assert isinstance(outcome, Failure) == (last.name != "return")
            plugin.start()

        # An instance takes more than 100 KiB while it is there.
        assert not grows(act, 30, 10_000)
