"""What the WIT of a plugin can use besides its `deps`, as its manifest says."""

import re
from pathlib import Path

from support.program import program

from dataflare_lsp.workspace.roots import CORE, find_roots, root_of_file
from dataflare_lsp.workspace.workspace import load

MANIFEST = """
    //- {0}dataflare.toml
    manifest-version = 1
    [plugin]
    name = "acme:json"
    version = "1.0.0"
    kind = "processor"
"""
HOSTED = """
    //- wit/world.wit
    package acme:json@1.0.0;
    world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
"""


def said(folder: Path, text: str) -> list[str]:
    """What is wrong in the WIT of all packages in a folder."""
    program(re.sub("^ +", "", text, flags=re.MULTILINE)).write(folder)
    workspace = load(find_roots([str(folder)], manifests=True))
    files = [(path, file) for path, root in workspace.roots.items() for file in root.files if file.endswith(".wit")]
    found = [one for path, file in files for one in workspace.diagnostics(path, file)]
    return [one.message for one in found if one.code.startswith("unresolved-")]


def test_core_comes_with_the_tool(tmp_path: Path):
    assert said(tmp_path, MANIFEST.format("") + HOSTED) == []


def test_without_a_manifest_it_does_not(tmp_path: Path):
    assert said(tmp_path, HOSTED) == ["no package `dataflare:core@1.0.0`"]


def test_other_wit_in_the_plugin_has_nothing_of_it(tmp_path: Path):
    assert said(tmp_path, MANIFEST.format("") + HOSTED.replace("wit/", "other/")) == [
        "no package `dataflare:core@1.0.0`"
    ]


def test_a_copy_in_deps_counts_first(tmp_path: Path):
    copy = """
        //- wit/deps/core.wit
        package dataflare:core@1.0.0;
        world other {}
    """
    assert said(tmp_path, MANIFEST.format("") + HOSTED + copy) == [
        "no interface or world `dataflare-plugin` in package `dataflare:core@1.0.0`"
    ]


def test_a_path_counts_before_deps(tmp_path: Path):
    text = """
        [dependencies]
        "acme:base" = { path = "base" }
        //- base/base.wit
        package acme:base;
        interface types { type id = u8; }
        //- wit/deps/old.wit
        package acme:base;
        interface types {}
        //- wit/world.wit
        package acme:json;
        interface api { use acme:base/types.{id}; }
    """
    assert said(tmp_path, MANIFEST.format("") + text) == []


def test_a_path_that_leads_out_is_not_followed(tmp_path: Path):
    program("//- secret/base.wit\npackage acme:base;\ninterface types {}\n").write(tmp_path)
    text = """
        [dependencies]
        "acme:base" = { path = "../secret" }
        //- wit/world.wit
        package acme:json;
        world plugin { import acme:base/types; }
    """
    plugin = tmp_path / "plugin"
    plugin.mkdir()
    assert said(plugin, MANIFEST.format("") + text) == ["no package `acme:base`"]


SIBLINGS = """
    {0}
    //- a/wit/world.wit
    package acme:json;
    world plugin {{ import acme:base/types; }}
    //- b/wit/base.wit
    package acme:base;
    interface types {{ use acme:deeper/types.{{id}}; }}
    //- b/wit/deps/deeper.wit
    package acme:deeper;
    interface types {{ type id = u8; }}
"""


def test_a_package_beside_the_plugin_counts_where_it_is_a_dependency(tmp_path: Path):
    depends = '[dependencies]\n"acme:base" = "*"'
    assert said(tmp_path, MANIFEST.format("a/") + SIBLINGS.format(depends)) == []


def test_a_package_beside_the_plugin_is_nothing_to_it_otherwise(tmp_path: Path):
    assert said(tmp_path, MANIFEST.format("a/") + SIBLINGS.format("")) == ["no package `acme:base`"]


def test_a_file_that_is_opened_by_itself(tmp_path: Path):
    program(re.sub("^ +", "", MANIFEST.format("") + HOSTED, flags=re.MULTILINE)).write(tmp_path)
    root = root_of_file(str(tmp_path / "wit" / "world.wit"))
    assert root.groups[1][0].startswith(CORE)
