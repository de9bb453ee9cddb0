"""Version requirements, as Cargo reads them."""

import pytest

from dataflare_lsp.manifest.units import bytes_of, nanoseconds_of
from dataflare_lsp.manifest.versions import matches, version_of


@pytest.mark.parametrize(
    ("requirement", "yes", "no"),
    [
        ("1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"),
        ("^1.2", "1.2.0 1.9.9", "1.1.9 2.0.0"),
        ("0.2", "0.2.0 0.2.9", "0.1.9 0.3.0 1.0.0"),
        ("0.0.3", "0.0.3", "0.0.4 0.1.0"),
        ("^0.0", "0.0.0 0.0.9", "0.1.0"),
        ("^0", "0.0.1 0.9.9", "1.0.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
        ("~1", "1.0.0 1.9.0", "2.0.0"),
        ("=1.2", "1.2.0 1.2.9", "1.3.0"),
        ("=1.2.3", "1.2.3 1.2.3+build", "1.2.4"),
        (">=1.2, <1.5", "1.2.0 1.4.9", "1.1.0 1.5.0"),
        (">1", "2.0.0", "1.9.9"),
        ("<=1.2", "1.2.9", "1.3.0"),
        ("1.*", "1.0.0 1.9.0", "2.0.0"),
        ("*", "0.0.1 9.9.9", "1.0.0-rc.1"),
        ("1.0.0-rc.1", "1.0.0-rc.1 1.0.0-rc.2 1.0.0 1.1.0", "1.0.0-beta 1.1.0-rc.1"),
        ("one", "", "1.0.0"),
    ],
)
def test_requirements(requirement: str, yes: str, no: str):
    assert [version for version in yes.split() if not matches(requirement, version)] == []
    assert [version for version in no.split() if matches(requirement, version)] == []


def test_versions_stand_in_the_order_of_semver():
    order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
    ]
    found = [version_of(one) for one in order]
    assert None not in found
    assert found == sorted(found, key=lambda one: one or (0,))


@pytest.mark.parametrize("text", ["1", "1.0", "01.0.0", "v1.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "9" * 5000 + ".0.0"])
def test_what_is_no_version(text: str):
    assert version_of(text) is None


@pytest.mark.parametrize(
    ("size", "amount"),
    [
        ("64MiB", 64 * 1024**2),
        ("1.5 GiB", 3 * 1024**3 // 2),
        ("10kB", 10_000),
        ("1B", 1),
        ("64", None),
        ("64mib", None),
        ("MiB", None),
    ],
)
def test_sizes(size: str, amount: int | None):
    assert bytes_of(size) == amount


@pytest.mark.parametrize(
    ("time", "amount"),
    [("500ms", 500_000_000), ("1.5s", 1_500_000_000), ("2m", 120 * 10**9), ("7 us", 7000), ("5h", None), ("s", None)],
)
def test_times(time: str, amount: int | None):
    assert nanoseconds_of(time) == amount
