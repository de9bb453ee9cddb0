"""May a component that was built for one world run where another is wanted?"""

import pytest
from support.program import program

from dataflare_lsp.wit.compat.compare import NoComparison, WorldComparison, compare_worlds
from dataflare_lsp.wit.lower import lower

CORE = """
    package dataflare:core@1.0.0;
    interface types {
        record data { id: string }
    }
    interface logging {
        log: func(message: string);
    }
    interface filter {
        use types.{data};
        keep: func(input: data) -> bool;
    }
    world host {
        import logging;
    }
    world filter-plugin {
        include host;
        export filter;
    }
"""


def compare(old: str, new: str, before: str, after: str) -> WorldComparison:
    return compare_worlds(lower(program(old).groups()), before, lower(program(new).groups()), after)


def plugin(world: str, version: str = "1.0.0") -> str:
    """A package of its own, which has `dataflare:core` as its dependency."""
    core = "\n".join(CORE.strip("\n").split("\n")).replace("@1.0.0", f"@{version}")
    return f"""
    //- deps/core.wit
{core}
    //- app.wit
    package acme:keeper@0.1.0;
    world keeper {{
        {world}
    }}
"""


def misfits(comparison: WorldComparison) -> list[str]:
    return [f"{one.item} {one.problem}" for one in comparison.verdict.components]


def test_the_world_of_another_package():
    fits = "import dataflare:core/logging@1.0.0; export dataflare:core/filter@1.0.0;"
    assert compare(plugin(fits), CORE, "keeper", "filter-plugin").fits


def test_a_component_may_import_less_and_export_more():
    assert compare(
        plugin("export dataflare:core/filter@1.0.0; export more: func();"), CORE, "keeper", "filter-plugin"
    ).fits


def test_a_component_must_not_import_what_is_not_there():
    asks = "import extra: func(); export dataflare:core/filter@1.0.0;"
    comparison = compare(plugin(asks), CORE, "keeper", "filter-plugin")
    assert not comparison.fits
    assert misfits(comparison) == ["import `extra` is missing"]


def test_a_component_must_export_what_is_wanted():
    comparison = compare(plugin("import dataflare:core/logging@1.0.0;"), CORE, "keeper", "filter-plugin")
    assert misfits(comparison) == ["export `dataflare:core/filter@1` is missing"]


def test_a_component_of_a_compatible_version():
    fits = "import dataflare:core/logging@1.3.0; export dataflare:core/filter@1.3.0;"
    assert compare(plugin(fits, "1.3.0"), CORE, "keeper", "filter-plugin").fits


def test_a_component_of_an_incompatible_version():
    old = "import dataflare:core/logging@0.9.0; export dataflare:core/filter@0.9.0;"
    comparison = compare(plugin(old, "0.9.0"), CORE, "keeper", "filter-plugin")
    assert misfits(comparison) == [
        "import `dataflare:core/logging@0.9` is missing",
        "import `dataflare:core/types@0.9` is missing",
        "export `dataflare:core/filter@1` is missing",
    ]


def test_incompatible_versions_of_one_package():
    comparison = compare(CORE, CORE.replace("@1.0.0", "@2.0.0"), "filter-plugin", "filter-plugin")
    assert misfits(comparison) == []
    assert comparison.version == (
        "`dataflare:core@1.0.0` is not taken for `dataflare:core@2.0.0`: a host links an interface only to a compatible "
        "version of it"
    )
    assert not comparison.fits


def test_plain_names_have_no_version():
    before, after = (
        "package a:b@1.0.0; world w { import f: func(); }",
        "package a:b@2.0.0; world w { import f: func(); }",
    )
    assert compare(before, after, "w", "w").fits


def test_two_worlds_of_one_package():
    assert compare(CORE, CORE, "host", "filter-plugin").verdict.components == (("export `filter`", "is missing"),)
    assert [change.text for change in compare(CORE, CORE, "host", "filter-plugin").changes] == [
        "world `filter-plugin`: import `types` is new",
        "world `filter-plugin`: export `filter` is new",
    ]


def test_an_import_and_an_export_of_one_interface_are_two():
    """The resource that a component exports is not the one that it imports."""
    api = "package a:b@1.0.0; interface i { resource r; f: func() -> r; }"
    both, crossed = (
        f"{api} world w {{ import i; export i; export k: interface {{ use i.{{r}}; g: func() -> r; }} }}",
        f"{api} world w {{ import i; export k: interface {{ use i.{{r}}; g: func() -> r; }} }}",
    )
    assert compare(both, both, "w", "w").fits
    assert misfits(compare(both, crossed, "w", "w")) == [
        "export `k`: type `r` is another type",
        "export `k`: function `g` is another function",
    ]


def test_a_resource_that_moves_stays_the_same_where_its_name_is_kept():
    before = "package a:b@1.0.0; interface i { resource r; f: func() -> r; } world w { import i; }"
    after = "package a:b@1.1.0; interface t { resource r; } interface i { use t.{r}; f: func() -> r; } world w { import i; }"
    assert compare(before, after, "w", "w").fits
    assert misfits(compare(after, before, "w", "w")) == [
        "import `t` is missing",
        "import `i`: type `r` is another type",
        "import `i`: function `f` is another function",
    ]


@pytest.mark.parametrize("name", ["nowhere", "types"])
def test_a_world_that_is_not_there(name: str):
    with pytest.raises(
        NoComparison, match=f"^there is no world `{name}` in `dataflare:core@1.0.0`; its worlds: `host`, `f"
    ):
        compare(CORE, CORE, name, "host")
