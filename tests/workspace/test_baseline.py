"""Plugins that are to stay compatible with what they were, in a folder of theirs or in a revision."""

import re
from pathlib import Path

import pytest
from support.program import program
from support.repository import Repository

from dataflare_lsp.text import Diagnostic, Span, apply_edits
from dataflare_lsp.workspace.baseline import ask_git, wanted_baselines
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import Workspace, load

MANIFEST = """
    //- dataflare.toml
    manifest-version = 1
    [plugin]
    name = "acme:weather"
    version = "1.0.0"
    kind = "processor"
    [world]
    baseline = "{0}"
"""
WAS = """
    //- released/weather.wit
    package acme:weather@1.0.0;
    interface station { latest: func() -> f32; reset: func(); }
    world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
"""
NOW = """
    //- wit/weather.wit
    package acme:weather@1.1.0;
    interface station { latest: func() -> f64; reset: func(); }
    world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
"""
MESSAGE = "1 major change since 1.0.0 calls for 2.0.0: `station`: function `latest` returns `f64`, returned `f32`"


def write(folder: Path, text: str) -> None:
    """Put the files of a text into a folder, all lines without margin."""
    program(re.sub("^ +", "", text, flags=re.MULTILINE)).write(folder)


def plugin(folder: Path, text: str) -> Workspace:
    """The workspace of the plugin that a text describes."""
    write(folder, text)
    return load(find_roots([str(folder)], manifests=True))


def found(workspace: Workspace) -> list[Diagnostic]:
    """What is wrong in the whole workspace."""
    return [
        one
        for root in workspace.roots.values()
        for file in root.files
        for one in workspace.diagnostics(root.path, file)
    ]


def said(workspace: Workspace) -> list[str]:
    """The same in words."""
    return [f"{one.code}: {one.message}" for one in found(workspace)]


def edit(file: Path, old: str, new: str) -> None:
    """Write another text in place of one on disk."""
    file.write_text(file.read_text().replace(old, new))


def asked(workspace: Workspace) -> list[str]:
    """What is wrong in the workspace after git was asked."""
    baselines = workspace.plugins.baselines
    for wanted in wanted_baselines(workspace):
        baselines.keep(ask_git(wanted, baselines.known(wanted)))
    return said(workspace)


# What is said -----------------------------------------------------------------------------------------------------


def test_what_the_version_does_not_allow_stands_at_the_version(tmp_path: Path):
    workspace = plugin(tmp_path, MANIFEST.format("released") + WAS + NOW)
    (one,) = found(workspace)
    text = workspace.sources[str(tmp_path / "wit/weather.wit")].text
    assert (one.code, one.severity, one.message) == ("breaking-change", "error", MESSAGE)
    assert text[one.span.start : one.span.end] == "acme:weather@1.1.0"
    assert one.hint == "1.1.0 promises all that 1.0.0 has"


def test_each_change_is_shown_where_it_is(tmp_path: Path):
    now = NOW.replace(" reset: func();", "").replace("world plugin", "interface more {} world plugin")
    workspace = plugin(tmp_path, MANIFEST.format("released") + WAS + now.replace("world plugin", "world other"))
    (one,) = found(workspace)
    shown = [(workspace.sources[file].text[span.start : span.end], message) for file, span, message in one.related]
    assert shown == [
        ('"released"', "the baseline is named here"),
        ("station", "it is here"),
        ("latest", "major: `station`: function `latest` returns `f64`, returned `f32`"),
    ]
    assert one.notes == ("major: world `plugin` is gone",)


def test_many_changes_are_counted(tmp_path: Path):
    functions = "".join([f"f{number}: func(); " for number in range(30)])
    was = WAS.replace("reset: func();", functions)
    (one,) = found(plugin(tmp_path, MANIFEST.format("released") + was + NOW))
    assert one.message.startswith("31 major changes since 1.0.0 call for 2.0.0: ")
    assert (len(one.related), one.notes) == (21, ("and 11 more",))


def test_the_fix_raises_the_version(tmp_path: Path):
    workspace = plugin(tmp_path, MANIFEST.format("released") + WAS + NOW)
    (fix,) = found(workspace)[0].fixes
    file = str(tmp_path / "wit/weather.wit")
    assert (fix.title, fix.safe) == ("raise the version to 2.0.0", False)
    workspace.set_text(file, apply_edits(workspace.sources[file].text, fix.edits))
    assert workspace.sources[file].text.startswith("package acme:weather@2.0.0;\n")
    assert said(workspace) == []


@pytest.mark.parametrize(
    ("version", "change", "allowed"),
    [
        ("1.0.0", "latest: func() -> f32; reset: func(); more: func();", False),
        ("1.0.1", "latest: func() -> f32; reset: func(); more: func();", False),
        ("1.1.0", "latest: func() -> f32; reset: func(); more: func();", True),
        ("1.1.0", "latest: func() -> f32;", False),
        ("2.0.0", "latest: func() -> f32;", True),
        ("1.0.0", "/// Now documented.\nlatest: func() -> f32; reset: func();", True),
    ],
)
def test_what_a_version_allows(version: str, change: str, allowed: bool, tmp_path: Path):
    now = NOW.replace("1.1.0", version).replace("latest: func() -> f64; reset: func();", change)
    codes = [one.code for one in found(plugin(tmp_path, MANIFEST.format("released") + WAS + now))]
    assert codes == ([] if allowed else ["breaking-change"])


def test_while_there_are_mistakes_nothing_is_compared(tmp_path: Path):
    workspace = plugin(tmp_path, MANIFEST.format("released") + WAS + NOW.replace("f64", "f46"))
    assert [one.code for one in found(workspace)] == ["unresolved-name"]


# In the plugin ----------------------------------------------------------------------------------------------------


def test_a_file_is_a_package_by_itself(tmp_path: Path):
    was = WAS.replace("released/", "old/1.0.0/")
    assert said(plugin(tmp_path, MANIFEST.format("old/1.0.0/weather.wit") + was + NOW)) == [
        f"breaking-change: {MESSAGE}"
    ]


def test_an_edit_of_either_counts_at_once(tmp_path: Path):
    workspace = plugin(tmp_path, MANIFEST.format("released") + WAS + NOW)
    now, was = tmp_path / "wit/weather.wit", tmp_path / "released/weather.wit"
    place = workspace.sources[str(now)].text.index("f64")
    workspace.edit(str(now), Span(place, place + 3), "f32")
    assert said(workspace) == []
    edit(was, "f32", "string")
    assert [one.split(": ")[-1] for one in said(workspace)] == ["function `latest` returns `f32`, returned `string`"]


def test_what_it_depends_on_may_be_what_the_plugin_depends_on_now(tmp_path: Path):
    uses = "use corp:units/types.{celsius}; latest: func() -> celsius;"
    units = """
    //- wit/deps/units.wit
    package corp:units;
    interface types { type celsius = f32; }
    """
    was, now = (text.replace("reset: func();", uses.replace("latest", "mean")) for text in (WAS, NOW))
    workspace = plugin(tmp_path, MANIFEST.format("released/weather.wit") + was + now + units)
    assert f"breaking-change: {MESSAGE}" in said(workspace)


@pytest.mark.parametrize(
    ("was", "why"),
    [
        (
            WAS.replace("f32", "f23"),
            "cannot be read: released/weather.wit:2: no type `f23`",
        ),
        (
            WAS.replace("acme:weather", "acme:climate"),
            "is `acme:climate@1.0.0`, and the plugin's WIT is another package, `acme:weather@1.1.0`",
        ),
        ("//- released/README.md\nNothing.", "cannot be read: there are no `.wit` files in it"),
        (
            WAS.replace("released/", "released/a/") + WAS.replace("released/", "released/b/"),
            "cannot be read: it holds 2 packages; name one",
        ),
    ],
)
def test_a_baseline_that_is_none(was: str, why: str, tmp_path: Path):
    workspace = plugin(tmp_path, MANIFEST.format("released") + was + NOW)
    (one,) = [one for one in found(workspace) if one.code == "unresolved-baseline"]
    assert one.message.startswith(f"the baseline `released` {why}")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("relaesed", "unresolved-path: there is no `relaesed` in the plugin"),
        ("../released", "path-outside-plugin: `../released` leads out of the plugin"),
    ],
)
def test_a_path_is_one_of_the_plugin(path: str, message: str, tmp_path: Path):
    assert message in said(plugin(tmp_path, MANIFEST.format(path) + WAS + NOW))


# In a revision ----------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository in which version 1.0.0 is tagged, and the plugin is as it is now."""
    repository = Repository(tmp_path / "repository")
    write(repository.folder, MANIFEST.format("git:v1") + WAS.replace("released/", "wit/"))
    repository.commit("v1")
    write(repository.folder, NOW)
    return repository


def opened(repository: Repository) -> Workspace:
    return load(find_roots([str(repository.folder)], manifests=True))


def test_git_is_not_asked_by_itself(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dataflare_lsp.workspace.revision.subprocess", None)
    assert said(opened(repository)) == []


def test_what_git_says(repository: Repository):
    workspace = opened(repository)
    assert asked(workspace) == [f"breaking-change: {MESSAGE}"]
    edit(repository.folder / "wit/weather.wit", "f64", "f32")
    workspace.read(str(repository.folder / "wit/weather.wit"))
    assert said(workspace) == []


def test_a_revision_is_read_once_for_each_tree(repository: Repository):
    workspace = opened(repository)
    (wanted,) = wanted_baselines(workspace)
    first = ask_git(wanted)
    assert ask_git(wanted, first) is first
    repository.git("commit", "--quiet", "--all", "--message", "now")
    repository.git("tag", "--force", "v1")
    assert ask_git(wanted, first).baseline.resolve != first.baseline.resolve


def test_a_path_in_a_revision_counts_from_the_manifest(repository: Repository):
    repository.git("mv", "wit", "interfaces")
    manifest = repository.folder / "dataflare.toml"
    edit(manifest, '"git:v1"', '"git:v1"\nwit = "interfaces"')
    workspace = opened(repository)
    assert asked(workspace) == [
        "unresolved-baseline: the baseline `git:v1` cannot be read: there is no `interfaces` in `v1`; if it was elsewhere then, "
        "name the path after the revision: `git:REV:PATH`"
    ]
    edit(manifest, '"git:v1"', '"git:v1:wit"')
    assert asked(opened(repository)) == [f"breaking-change: {MESSAGE}"]


@pytest.mark.parametrize("spelling", ["git:", "git:v1:", "git::wit"])
def test_what_names_no_revision_is_said_once(spelling: str, repository: Repository):
    edit(repository.folder / "dataflare.toml", "git:v1", spelling)
    assert asked(opened(repository)) == [
        "invalid-value: `baseline` is a path, or `git:` and a revision, with or without `:` and a path in it, found "
        f"`{spelling}`"
    ]


def test_a_revision_that_is_not_there(repository: Repository):
    edit(repository.folder / "dataflare.toml", "git:v1", "git:v9")
    assert asked(opened(repository)) == [
        "unresolved-baseline: the baseline `git:v9` cannot be read: there is no revision `v9` in the repository of "
        f"`{repository.folder}`"
    ]
