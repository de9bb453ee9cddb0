"""Baselines in an editor: those in the plugin always, those in a revision once the user has said that git may be asked."""

from pathlib import Path

import pytest
from lsprotocol import types
from support.editor import Editor, editor, write
from support.repository import Repository

WIT, MANIFEST = "wit/weather.wit", "dataflare.toml"
WAS = """\
package acme:weather@1.0.0;
interface station { latest: func() -> f32; }
world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
"""
NOW = WAS.replace("@1.0.0;\ninterface", "@1.1.0;\ninterface")
BREAKING = ["1:9-1:27 breaking-change"]
ON = {"baseline": True}


def manifest(baseline: str) -> str:
    return f"""\
manifest-version = 1
[plugin]
name = "acme:weather"
version = "1.0.0"
kind = "processor"
[world]
baseline = "{baseline}"
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A plugin whose first version is tagged."""
    repository = Repository(tmp_path)
    write(tmp_path, {MANIFEST: manifest("git:v1"), WIT: WAS})
    repository.commit("v1")
    write(tmp_path, {WIT: NOW})
    return repository


def save(it: Editor, name: str) -> None:
    it.client.text_document_did_save(types.DidSaveTextDocumentParams(it.document(name)))


def is_empty(found: list[str]) -> bool:
    return not found


async def test_a_baseline_in_the_plugin_is_compared_while_one_types(tmp_path: Path):
    write(tmp_path, {MANIFEST: manifest("released"), "released/weather.wit": WAS, WIT: NOW})
    async with editor(tmp_path) as it:
        it.open(WIT)
        assert await it.shown(WIT) == []
        it.type(WIT, "f32", "f64")
        assert await it.shown(WIT, bool) == BREAKING
        it.type(WIT, "1.1.0", "2.0.0")
        assert await it.shown(WIT, is_empty) == []


async def test_git_is_asked_where_the_setting_says_so(repository: Repository):
    async with editor(repository.folder, options=ON) as it:
        it.open(WIT, NOW.replace("f32", "f64"))
        assert await it.shown(WIT, bool) == BREAKING
        it.client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"baseline": False}))
        assert await it.shown(WIT, is_empty) == []
        it.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(ON))
        assert await it.shown(WIT, bool) == BREAKING


async def test_another_revision_is_looked_at_when_it_is_named(repository: Repository):
    write(repository.folder, {WIT: NOW.replace("f32", "f64")})
    repository.commit("v2")
    async with editor(repository.folder, options=ON) as it:
        it.open(WIT)
        it.open(MANIFEST)
        assert await it.shown(WIT, bool) == BREAKING
        it.type(MANIFEST, "git:v1", "git:v2")
        assert await it.shown(WIT, is_empty) == []
        it.type(MANIFEST, "git:v2", "git:v3")
        assert await it.shown(MANIFEST, bool) == ["7:12-7:20 unresolved-baseline"]


async def test_a_branch_that_moves_is_noticed_when_something_is_saved(repository: Repository):
    write(repository.folder, {MANIFEST: manifest("git:main")})
    async with editor(repository.folder, options=ON) as it:
        it.open(WIT, NOW.replace("f32", "f64"))
        assert await it.shown(WIT, bool) == BREAKING
        write(repository.folder, {WIT: NOW.replace("f32", "f64")})
        repository.commit("v2")
        save(it, WIT)
        assert await it.shown(WIT, is_empty) == []
