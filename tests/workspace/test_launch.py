"""What a plugin is run with, by its manifest; nothing of it is outside of the plugin."""

import os
import sys
from pathlib import Path

import pytest

from dataflare_lsp.runtime.host.surroundings import Preopen
from dataflare_lsp.workspace.launch import CannotLaunch, Launch, launch_of

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="makes links as on POSIX")

MANIFEST = """\
manifest-version = 1

[plugin]
name = "acme:links"
version = "1.0.0"
kind = "processor"
description = "Reads a folder"
license = "Apache-2.0"

[component]
path = "plugin.wasm"
language = "c"

[capabilities]
wasi = ["filesystem"]
filesystem = [{ path = "data", access = "read" }, { path = "table.csv", access = "write" }]

[debug]
input = "records.ndjson"
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A plugin, and beside it what is none of its business."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    folder = tmp_path / "plugin"
    (folder / "data").mkdir(parents=True)
    for name in ("plugin.wasm", "table.csv", "records.ndjson"):
        (folder / name).write_text("")
    (folder / "dataflare.toml").write_text(MANIFEST)
    return folder


def launched(plugin: Path) -> Launch:
    return launch_of(str(plugin), {})


def test_what_the_manifest_says(plugin: Path):
    launch = launched(plugin)
    assert launch.component == str(plugin / "plugin.wasm")
    assert launch.input == str(plugin / "records.ndjson")
    assert launch.allowance.grants.filesystem == (
        Preopen(str(plugin / "data"), "data", False),
        Preopen(str(plugin / "table.csv"), "table.csv", True),
    )


@POSIX
@pytest.mark.parametrize(
    ("path", "line"), [("plugin.wasm", 11), ("data", 16), ("table.csv", 16), ("records.ndjson", 19)]
)
@pytest.mark.parametrize("target", ["../outside", "../outside/secret", ".."])
def test_nothing_that_a_link_leads_to_outside_of_the_plugin(plugin: Path, path: str, line: int, target: str):
    (plugin / path).rename(plugin / "before")
    (plugin / path).symlink_to(target)
    with pytest.raises(
        CannotLaunch, match=rf"dataflare\.toml:{line}: a link on the way to `{path}` leads out of the plugin"
    ):
        launched(plugin)


@POSIX
def test_a_folder_is_where_links_inside_of_the_plugin_lead(plugin: Path):
    (plugin / "data").rename(plugin / "real")
    (plugin / "data").symlink_to("real")
    assert launched(plugin).allowance.grants.filesystem[0] == Preopen(str(plugin / "real"), "data", False)


@POSIX
def test_a_plugin_may_itself_be_reached_by_a_link(plugin: Path, tmp_path: Path):
    link = tmp_path / "link"
    link.symlink_to(plugin)
    assert launched(link).allowance.grants.filesystem == launched(plugin).allowance.grants.filesystem


@POSIX
def test_a_file_that_is_a_link_cannot_be_granted_by_itself(plugin: Path):
    os.replace(plugin / "table.csv", plugin / "data" / "today.csv")
    (plugin / "table.csv").symlink_to("data/today.csv")
    with pytest.raises(CannotLaunch, match=r"`table\.csv` is granted and is a link; grant the file that it leads to"):
        launched(plugin)
