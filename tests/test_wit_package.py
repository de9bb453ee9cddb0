"""The `dataflare:core` package in `wit/`, and the copy of it that an example carries."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.shared import REPOSITORY

CORE = REPOSITORY / "wit"


@pytest.fixture(scope="module")
def resolved(wasm_tools: Path) -> Any:
    """`wit/` as the reference resolves it."""
    run = subprocess.run(
        [wasm_tools, "component", "wit", "--json", CORE],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(run.stdout)


def test_it_is_dataflare_core_1_0_0(resolved):
    assert [package["name"] for package in resolved["packages"]] == ["dataflare:core@1.0.0"]


@pytest.mark.parametrize(
    ("world", "exported"),
    [
        ("host", []),
        ("dataflare-plugin", ["data-processor"]),
        ("source-plugin", ["data-source"]),
        ("destination-plugin", ["data-destination"]),
        ("transformer-plugin", ["data-transformer"]),
        ("filter-plugin", ["data-filter"]),
        ("aggregator-plugin", ["data-aggregator"]),
    ],
)
def test_a_world_imports_the_host_and_exports_its_kind(resolved, world, exported):
    [found] = [each for each in resolved["worlds"] if each["name"] == world]

    def names(items):
        return [resolved["interfaces"][item["interface"]["id"]]["name"] for item in items.values()]

    assert {"logging", "metrics", "configuration"} <= set(names(found["imports"]))
    assert [name for name in names(found["exports"]) if name != "types"] == exported


def test_every_item_is_documented(resolved):
    undocumented = [
        f"{interface['name']}.{name}"
        for interface in resolved["interfaces"]
        for name, item in [("", interface), *interface["functions"].items()]
        if not item.get("docs")
    ]
    for type_ in resolved["types"]:
        kind = type_["kind"]
        if type_["name"] is None or (isinstance(kind, dict) and "type" in kind):
            continue  # anonymous, or another interface's type brought in by `use`
        members = [member for shape in kind.values() for member in shape.get("fields", shape.get("cases", []))]
        undocumented += [f"{type_['name']}.{m['name']}" for m in members if not m.get("docs")]
        undocumented += [] if type_.get("docs") else [type_["name"]]
    undocumented += [world["name"] for world in resolved["worlds"] if not world.get("docs")]
    assert undocumented == []


def test_the_weather_station_carries_an_exact_copy():
    copy = REPOSITORY / "examples" / "weather-station" / "wit" / "deps" / "dataflare-core"
    assert {path.name: path.read_text() for path in copy.iterdir()} == {
        path.name: path.read_text() for path in CORE.iterdir()
    }
