"""What holds for every comparison."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.program import Program
from support.wit_changes import changed, grown
from support.wit_programs import FEATURES, programs

from dataflare_lsp.wit.compat.change import Change
from dataflare_lsp.wit.compat.compare import UNEXPLAINED, Comparison, compare_packages, compare_worlds
from dataflare_lsp.wit.lower import lower

examples = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@examples
@given(valid=programs(), features=st.sampled_from((FEATURES, None)))
def test_a_package_is_compatible_with_itself(valid: Program, features: frozenset[str] | None):
    once, again = lower(valid.groups(), features), lower(valid.groups(), features)
    comparison = compare_packages(once, again)
    assert comparison.changes == ()
    assert [(world.components, world.hosts) for world in comparison.worlds] == [((), ())] * len(comparison.worlds)
    assert (comparison.bump, comparison.is_enough) == ("none", True)


@examples
@given(valid=programs())
def test_a_world_fits_itself(valid: Program):
    once, again = lower(valid.groups(), None), lower(valid.groups(), None)
    for name in once.packages[once.main].worlds:
        comparison = compare_worlds(once, name, again, name)
        assert (comparison.changes, comparison.fits) == ((), True)


@examples
@given(valid=programs())
def test_what_only_grows_is_a_minor_version(valid: Program):
    before = lower(valid.groups(), None)
    comparison = compare_packages(before, grown(before))
    assert {change.kind for change in comparison.changes} == {"added"}
    assert comparison.bump == "minor"
    assert not any(world.components for world in comparison.worlds)


def _items(comparison: Comparison, kind: str) -> set[tuple[str, ...]]:
    return {_item(change) for change in comparison.changes if change.kind == kind}


def _item(change: Change) -> tuple[str, ...]:
    return tuple(map(str, change.place))


@examples
@given(valid=programs(), chance=st.randoms(use_true_random=False), steps=st.integers(1, 4))
def test_what_is_added_one_way_is_removed_the_other_way(valid: Program, chance, steps: int):
    before = after = lower(valid.groups(), None)
    for _ in range(steps):
        after = changed(after, chance)
    there, back = compare_packages(before, after), compare_packages(after, before)
    assert _items(there, "added") == _items(back, "removed")
    assert _items(there, "removed") == _items(back, "added")
    fates = [(world.components != (), world.hosts != ()) for world in there.worlds]
    assert fates == [(world.hosts != (), world.components != ()) for world in back.worlds]


@examples
@given(valid=programs(), chance=st.randoms(use_true_random=False))
def test_a_world_stops_to_fit_by_a_change_that_says_why(valid: Program, chance):
    before = lower(valid.groups(), None)
    comparison = compare_packages(before, changed(before, chance))
    assert UNEXPLAINED not in [one.why for change in comparison.changes for one in change.breaks]
