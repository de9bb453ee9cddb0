"""Plugins on disk: their manifests, found from above and below, and judged by what lies around them."""

import os
import re
from pathlib import Path

import pytest
from support.program import program

from dataflare_lsp.workspace.roots import CORE, find_roots, manifest_above
from dataflare_lsp.workspace.workspace import Workspace, load

HEAD = """
    //- {0}dataflare.toml
    manifest-version = 1
    [plugin]
    name = "acme:{1}"
    version = "1.0.0"
    kind = "processor"
"""
PLUGIN = HEAD.format("", "json")
WIT = """
    //- wit/world.wit
    package acme:json@1.0.0;
    world plugin { import log: func(); }
"""


def write(folder: Path, text: str) -> None:
    """Put the files of a text into a folder, all lines without margin."""
    program(re.sub("^ +", "", text, flags=re.MULTILINE)).write(folder)


def plugin(folder: Path, text: str) -> Workspace:
    """The workspace of the plugins in a folder."""
    write(folder, text)
    return load(find_roots([str(folder)], manifests=True))


def found(workspace: Workspace, manifest: Path) -> list[str]:
    """What is wrong with a manifest, without where."""
    return [f"{one.code}: {one.message}" for one in workspace.diagnostics(str(manifest), str(manifest))]


def test_a_good_plugin(tmp_path: Path):
    workspace = plugin(
        tmp_path,
        PLUGIN
        + """
    [world]
    name = "acme:json/plugin"
    target = "dataflare:core/dataflare-plugin@1.0.0"
    [capabilities]
    host = ["logging", "metrics", "configuration"]
    [config]
    schema = "config.schema.json"
    [config.default]
    size = 1
    [dependencies]
    "dataflare:core" = "^1.0.0"
    "wasi:clocks" = { version = "0.2", path = "wit/deps/clocks" }
    //- config.schema.json
    {"properties": {"size": {"type": "integer"}}}
    //- wit/deps/clocks/clocks.wit
    package wasi:clocks@0.2.3;
    """
        + WIT,
    )
    assert found(workspace, tmp_path / "dataflare.toml") == []
    assert list(workspace.roots) == [str(tmp_path / "dataflare.toml"), str(tmp_path / "wit")]


def test_the_host_offers_what_the_target_imports(tmp_path: Path):
    workspace = plugin(
        tmp_path,
        PLUGIN
        + """
    [world]
    target = "corp:host/all"
    [capabilities]
    host = ["billing", "audit", "more", "logging"]
    //- wit/deps/host.wit
    package corp:host;
    interface billing {}
    interface audit {}
    world base { import audit; import wasi:io/streams@0.2.0; import more: interface {} }
    world all { import billing; include base; }
    """
        + WIT,
    )
    assert found(workspace, tmp_path / "dataflare.toml") == ["unknown-capability: the host has no interface `logging`"]


def test_links_that_lead_out(tmp_path: Path):
    inside, outside = tmp_path / "plugin", tmp_path / "outside"
    outside.mkdir()
    (outside / "x.json").write_text("{}")
    write(inside, PLUGIN + '[debug]\ninput = "data/x.json"\n[world]\nwit = "linked"\n')
    os.symlink(outside, inside / "data")
    os.symlink(outside, inside / "linked")
    workspace = load(find_roots([str(inside)], manifests=True))
    assert found(workspace, inside / "dataflare.toml") == [
        "path-outside-plugin: a link on the way to `data/x.json` leads out of the plugin",
        "path-outside-plugin: a link on the way to `linked` leads out of the plugin",
    ]


def test_links_that_stay_inside(tmp_path: Path):
    write(tmp_path, PLUGIN + '[debug]\ninput = "data/x.json"\n//- real/x.json\n{}\n')
    os.symlink(tmp_path / "real", tmp_path / "data")
    assert found(load(find_roots([str(tmp_path)], manifests=True)), tmp_path / "dataflare.toml") == []


def test_several_plugins_in_one_workspace(tmp_path: Path):
    workspace = plugin(
        tmp_path,
        HEAD.format("a/", "a")
        + '[dependencies]\n"acme:b" = "1"\n"acme:c" = "1"\n'
        + HEAD.format("b/", "b")
        + "//- a/wit/a.wit\npackage acme:a@1.0.0;\nworld w {}\n//- b/wit/b.wit\npackage acme:b@1.0.0;\nworld w {}\n",
    )
    assert found(workspace, tmp_path / "a" / "dataflare.toml") == [
        "unresolved-dependency: there is no package `acme:c`"
    ]
    assert found(workspace, tmp_path / "b" / "dataflare.toml") == []


def test_a_manifest_stands_for_its_package(tmp_path: Path):
    there = WIT.replace("wit/", "api/") + "//- other/x.wit\npackage x:y;"
    write(tmp_path, PLUGIN + '[world]\nwit = "api"\n' + there)
    roots = find_roots([str(tmp_path / "dataflare.toml")], manifests=True)
    assert [root.path for root in roots] == [str(tmp_path / "dataflare.toml"), str(tmp_path / "api")]


@pytest.mark.parametrize("place", [".", "wit", "wit/deps/x", "wit/world.wit"])
def test_a_manifest_is_found_from_below(tmp_path: Path, place: str):
    write(tmp_path, PLUGIN + WIT + "//- wit/deps/x/x.wit\npackage x:y;")
    assert manifest_above(str((tmp_path / place).resolve())) == str(tmp_path / "dataflare.toml")


def test_no_manifest_is_looked_for_above_the_repository(tmp_path: Path):
    write(tmp_path, PLUGIN + "//- inner/wit/x.wit\npackage x:y;")
    (tmp_path / "inner" / ".git").mkdir()
    assert manifest_above(str(tmp_path / "inner" / "wit")) is None


def test_features_of_a_manifest_are_on_in_its_package(tmp_path: Path):
    gated = """
    //- wit/world.wit
    package acme:json@1.0.0;
    interface i {
        @unstable(feature = active)
        type t = u8;
        type u = t;
    }
    world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
    """
    wit = tmp_path / "wit"
    workspace = plugin(tmp_path, PLUGIN + gated)
    assert [one.code for one in workspace.diagnostics(str(wit), str(wit / "world.wit"))] == ["inactive-item"]
    with_feature = (tmp_path / "dataflare.toml").read_text() + '[world]\nfeatures = ["active"]\n'
    workspace.set_text(str(tmp_path / "dataflare.toml"), with_feature)
    assert workspace.diagnostics(str(wit), str(wit / "world.wit")) == ()


def test_an_edit_of_a_manifest(tmp_path: Path):
    workspace = plugin(tmp_path, PLUGIN + WIT)
    file = str(tmp_path / "dataflare.toml")
    text = workspace.sources[file].text
    at = text.index("processor")
    from dataflare_lsp.text import Span

    workspace.edit(file, Span(at, at + 1), "")
    assert workspace.sources[file].text == text.replace("processor", "rocessor")
    assert [one.code for one in workspace.diagnostics(file, file)] == ["invalid-value"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("[plugin]".encode("utf-16"), "this file is UTF-16; TOML is UTF-8"),
        (b"\xff\xfd", "a key with other signs"),
        (b"x = '\xff'", "this byte in a string is not UTF-8"),
        (b"\0asm\1\0\0\0", "no control character U+0000 in a key"),
    ],
)
def test_any_bytes(tmp_path: Path, data: bytes, message: str):
    (tmp_path / "dataflare.toml").write_bytes(data)
    workspace = load(find_roots([str(tmp_path)], manifests=True))
    assert any(message in one or "not UTF-8" in one for one in found(workspace, tmp_path / "dataflare.toml"))


def test_the_package_that_comes_with_this_tool_is_the_one_of_this_repository():
    ours = Path(__file__).parents[2] / "wit"
    assert {file.name: file.read_bytes() for file in Path(CORE).glob("*.wit")} == {
        file.name: file.read_bytes() for file in ours.glob("*.wit")
    }
