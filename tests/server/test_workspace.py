"""Folders, files that come and go on disk, and settings."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support.editor import Editor, capabilities, editor, write
from support.encoded import committed

WRONG = "package a:b;\ninterface i { f: func() -> nothing; }\n"
RIGHT = "package a:b;\ninterface i { f: func(); }\n"
AT_NOTHING = ["2:28-2:35 unresolved-name"]
BASE = "package corp:base;\ninterface types { type id = u64; }\n"
APP = "package corp:app;\ninterface i { use corp:base/types.{id}; f: func() -> id; }\n"


def is_empty(found: list[str]) -> bool:
    return not found


async def changed(it: Editor, name: str, kind: types.FileChangeType) -> None:
    """Tell the server of a change on disk, as a client that watches does."""
    it.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([types.FileEvent(it.uri(name), kind)])
    )


# Folders


async def test_a_package_finds_its_dependencies(tmp_path: Path) -> None:
    write(tmp_path, {"wit/app.wit": APP, "wit/deps/base.wit": BASE})
    async with editor(tmp_path) as it:
        it.open("wit/app.wit")
        assert await it.shown("wit/app.wit") == []


async def test_a_dependency_that_is_open_is_judged_as_the_package_sees_it(tmp_path: Path) -> None:
    write(tmp_path, {"wit/app.wit": APP, "wit/deps/base.wit": BASE})
    async with editor(tmp_path) as it:
        it.open("wit/deps/base.wit")
        it.type("wit/deps/base.wit", "type id", "type key")
        assert await it.shown("wit/app.wit", bool) == ["2:36-2:38 unresolved-name"]


async def test_what_git_ignores_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "out/\n", "out/a.wit": WRONG, "in/a.wit": WRONG})
    async with editor(tmp_path) as it:
        assert await it.shown("in/a.wit") == AT_NOTHING
        assert {one.uri for one in it.published} == {it.uri("in/a.wit")}


async def test_folders_come_and_go(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.wit": WRONG, "two/a.wit": WRONG})
    async with editor(tmp_path / "one", place=tmp_path) as it:
        it.folder = tmp_path
        assert await it.shown("one/a.wit") == AT_NOTHING
        folders = [types.WorkspaceFolder(it.uri(name), name) for name in ("one", "two")]
        event = types.WorkspaceFoldersChangeEvent(added=[folders[1]], removed=[folders[0]])
        it.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        assert await it.shown("two/a.wit", bool) == AT_NOTHING
        assert await it.shown("one/a.wit", is_empty) == []


async def test_an_open_file_outlives_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.wit": WRONG})
    async with editor(tmp_path / "one", place=tmp_path) as it:
        it.folder = tmp_path
        it.open("one/a.wit")
        assert await it.shown("one/a.wit", bool) == AT_NOTHING
        event = types.WorkspaceFoldersChangeEvent([], [types.WorkspaceFolder(it.uri("one"), "one")])
        it.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        it.type("one/a.wit", "interface", "\ninterface")
        assert await it.shown("one/a.wit", lambda found: found == ["3:28-3:35 unresolved-name"])


async def test_files_beside_an_open_one_are_its_package_without_a_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": BASE, "b.wit": "interface more { use types.{id}; f: func() -> id; }\n"})
    async with editor(None, place=tmp_path) as it:
        it.open("b.wit")
        assert await it.shown("b.wit") == []
        assert {one.uri for one in it.published} == {it.uri("b.wit")}


async def test_files_that_are_not_on_disk_yet_are_of_the_package_beside_them(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": BASE})
    async with editor(tmp_path) as it:
        it.open("new.wit", "interface more { use types.{id}; use newer.{x}; f: func() -> id; }\n")
        assert await it.shown("new.wit", bool) == ["1:38-1:43 unresolved-interface"]
        it.open("newer.wit", "interface newer { type x = u8; }\n")
        assert await it.shown("new.wit", is_empty) == []


async def test_packages_side_by_side_are_alone_without_a_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": BASE, "b.wit": APP})
    async with editor(None, place=tmp_path) as it:
        it.open("a.wit")
        assert await it.shown("a.wit") == []


async def test_a_file_of_several_roots_has_what_each_of_them_finds_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": "package a:a;\n", "b.wit": "package b:b;\n", "deps/x.wit": WRONG})
    async with editor(None, place=tmp_path) as it:
        it.open("a.wit")
        assert await it.shown("deps/x.wit") == AT_NOTHING
        it.open("b.wit")
        assert await it.shown("b.wit") == []
        it.open("deps/x.wit", WRONG.replace("i {", "i {\n"))
        assert await it.shown("deps/x.wit", lambda found: found == ["3:15-3:22 unresolved-name"])


@pytest.mark.skipif(os.name != "posix", reason="links need rights here")
async def test_a_text_that_is_open_counts_for_packages_that_have_a_link_to_it(tmp_path: Path) -> None:
    write(tmp_path, {"one/app.wit": APP, "one/deps/base.wit": BASE, "two/app.wit": APP})
    (tmp_path / "two" / "deps").symlink_to(tmp_path / "one" / "deps")
    async with editor(tmp_path) as it:
        it.open("one/deps/base.wit")
        it.open("two/app.wit")
        assert await it.shown("two/app.wit") == []
        it.type("one/deps/base.wit", "type id", "type key")
        assert await it.shown("two/app.wit", bool) == ["2:36-2:38 unresolved-name"]
        it.close("one/deps/base.wit")
        assert await it.shown("two/app.wit", is_empty) == []


# Changes on disk


async def test_a_change_that_the_client_tells_of_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT})
    async with editor(tmp_path, capabilities(watch=True)) as it:
        await it.eventually(lambda: it.registered or None)
        write(tmp_path, {"a.wit": WRONG})
        await changed(it, "a.wit", types.FileChangeType.Changed)
        assert await it.shown("a.wit") == AT_NOTHING


async def test_the_client_is_asked_to_watch_what_counts(tmp_path: Path) -> None:
    async with editor(tmp_path, capabilities(watch=True)) as it:
        (registered,) = await it.eventually(lambda: it.registered or None)
        assert registered.method == "workspace/didChangeWatchedFiles"
        globs = [one["globPattern"] for one in registered.register_options["watchers"]]
        assert globs == ["**/*.wit", "**/dataflare.toml", "**/deps/*.{wasm,wat}", "**/deps", "**/.gitignore"]


async def test_files_come_and_go_where_the_client_watches(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT})
    async with editor(tmp_path, capabilities(watch=True)) as it:
        await it.eventually(lambda: it.registered or None)
        write(tmp_path, {"b.wit": "interface j { f: func() -> nothing; }\n"})
        await changed(it, "b.wit", types.FileChangeType.Created)
        assert await it.shown("b.wit") == ["1:28-1:35 unresolved-name"]
        (tmp_path / "b.wit").unlink()
        await changed(it, "b.wit", types.FileChangeType.Deleted)
        assert await it.shown("b.wit", is_empty) == []


async def test_without_a_watcher_the_disk_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {"wit/app.wit": APP})
    async with editor(tmp_path) as it:
        assert await it.shown("wit/app.wit") == ["2:19-2:28 unresolved-package"]
        write(tmp_path, {"wit/deps/base/types.wit": BASE})
        assert await it.shown("wit/app.wit", is_empty) == []
        write(tmp_path, {"wit/deps/base/types.wit": BASE.replace("type id", "type key")})
        assert await it.shown("wit/app.wit", bool) == ["2:36-2:38 unresolved-name"]
        shutil.rmtree(tmp_path / "wit" / "deps")
        assert await it.shown("wit/app.wit", lambda found: found == ["2:19-2:28 unresolved-package"])


async def test_a_package_that_appears_in_a_folder_without_any_is_found(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    async with editor(tmp_path) as it:
        await asyncio.sleep(0.5)
        write(tmp_path, {"src/new/wit/a.wit": WRONG})
        assert await it.shown("src/new/wit/a.wit") == AT_NOTHING
        os.rename(tmp_path / "src" / "new", tmp_path / "src" / "renamed")
        assert await it.shown("src/renamed/wit/a.wit") == AT_NOTHING
        assert await it.shown("src/new/wit/a.wit", is_empty) == []


async def test_an_unsaved_text_wins_over_a_change_on_disk(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT, "b.wit": "interface j {}\n"})
    async with editor(tmp_path) as it:
        it.open("a.wit")
        assert await it.shown("a.wit") == []
        write(tmp_path, {"a.wit": WRONG, "b.wit": "interface j { f: func() -> nothing; }\n"})
        assert await it.shown("b.wit") == ["1:28-1:35 unresolved-name"]
        assert await it.shown("a.wit") == []
        it.close("a.wit")
        assert await it.shown("a.wit", bool) == AT_NOTHING


async def test_saving_under_another_package_name_parts_a_file_from_its_neighbours(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": BASE, "b.wit": "package corp:base;\ninterface types {}\n"})
    async with editor(None, place=tmp_path) as it:
        it.open("b.wit")
        assert await it.shown("b.wit", bool) == ["2:11-2:16 duplicate-name"]
        it.type("b.wit", "corp:base", "corp:other")
        write(tmp_path, {"b.wit": it.texts["b.wit"]})
        it.client.text_document_did_save(types.DidSaveTextDocumentParams(it.document("b.wit")))
        assert await it.shown("b.wit", is_empty) == []


# Files that are hard to read


async def test_a_dependency_that_is_no_package_is_said_where_it_is(tmp_path: Path) -> None:
    write(tmp_path, {"app.wit": "package corp:app;\n"})
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "x.wasm").write_bytes(b"\0asm\1\0\0\0")
    async with editor(tmp_path) as it:
        assert await it.shown("deps/x.wasm") == ["1:1-1:1 unreadable-file"]


async def test_a_dependency_that_lies_too_deep_is_said_until_it_is_moved(tmp_path: Path) -> None:
    write(tmp_path, {"app.wit": APP, "deps/base/wit/base.wit": BASE})
    async with editor(tmp_path) as it:
        it.open("app.wit")
        assert await it.shown("app.wit", bool) == ["1:9-1:17 not-a-package", "2:19-2:28 unresolved-package"]
        (tmp_path / "deps" / "base" / "wit" / "base.wit").rename(tmp_path / "deps" / "base" / "base.wit")
        assert await it.shown("app.wit", is_empty) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read everything")
async def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT})
    (tmp_path / "a.wit").chmod(0)
    async with editor(tmp_path) as it:
        assert await it.shown("a.wit") == ["1:1-1:1 unreadable-file"]


async def test_a_name_of_a_package_in_webassembly_is_explained_and_leads_nowhere(tmp_path: Path) -> None:
    uses = "package corp:app;\ninterface i { use corp:pipeline/types@1.2.0.{mode}; f: func() -> mode; }\n"
    write(tmp_path, {"app.wit": uses})
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "plugin.wasm").write_bytes(committed("plugin"))
    async with editor(tmp_path) as it:
        it.open("app.wit")
        assert await it.shown("app.wit") == []
        place = it.at("app.wit", "mode; }")
        found = await it.client.text_document_hover_async(types.HoverParams(*place))
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        assert "enum mode" in found.contents.value
        assert await it.client.text_document_definition_async(types.DefinitionParams(*place)) is None


# Settings

GATED = "package a:b;\ninterface i { @unstable(feature = x) type t = u8; f: func() -> t; }\n"
AT_T = ["2:64-2:65 unresolved-name"]


async def test_features_are_set_at_the_start(tmp_path: Path) -> None:
    for options in ({"features": ["x"]}, {"dataflare": {"features": "all"}}):
        async with editor(tmp_path, options=options) as it:
            it.open("a.wit", GATED)
            assert await it.shown("a.wit") == []


async def test_settings_that_the_client_sends_count_at_once(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        it.open("a.wit", GATED)
        assert await it.shown("a.wit", bool)
        settings: dict[str, Any] = {"dataflare": {"features": ["x"]}}
        it.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        assert await it.shown("a.wit", is_empty) == []


async def test_settings_are_asked_for_where_the_client_can_be_asked(tmp_path: Path) -> None:
    settings = {"dataflare": {"features": ["x"]}}
    async with editor(tmp_path, capabilities(configuration=True), settings=settings) as it:
        it.open("a.wit", GATED)
        assert await it.shown("a.wit", is_empty) == []
        it.client.set_configuration({"dataflare": {"features": []}})
        it.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        assert await it.shown("a.wit", bool)
        assert [one.method for one in it.registered] == ["workspace/didChangeConfiguration"]


async def test_diagnostics_can_be_switched_off_and_on(tmp_path: Path) -> None:
    async with editor(tmp_path, options={"diagnostics": {"enable": False}}) as it:
        it.open("a.wit", WRONG)
        assert await it.shown("a.wit") == []
        it.client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"dataflare": {}}))
        assert await it.shown("a.wit", bool) == AT_NOTHING


async def test_formatting_is_set_too(tmp_path: Path) -> None:
    text = "package a:b;\n\ninterface i {\nf: func();\n}\n"
    params = lambda it: types.DocumentFormattingParams(it.document("a.wit"), types.FormattingOptions(8, False))  # noqa: E731
    async with editor(tmp_path, options={"format": {"indent": 2}}) as it:
        it.open("a.wit", text)
        (edit,) = await it.client.text_document_formatting_async(params(it)) or ()
        assert edit.new_text.endswith("  ")
        assert not edit.new_text.endswith("   ")
    async with editor(tmp_path, options={"format": {"enable": False}}) as it:
        it.open("a.wit", text)
        assert await it.client.text_document_formatting_async(params(it)) is None


async def test_a_setting_that_means_nothing_is_said(tmp_path: Path) -> None:
    async with editor(tmp_path, options={"format": {"indent": "wide"}}) as it:
        await it.eventually(lambda: it.client.messages or None)
        assert [(one.type, one.message) for one in it.client.messages] == [
            (
                types.MessageType.Warning,
                "setting `dataflare.format.indent`: expected a number of spaces from 1 to 16",
            )
        ]


# Progress


async def test_reading_a_big_workspace_shows_its_progress(tmp_path: Path) -> None:
    body = "".join(f"  record r{n} {{ a: u8, b: list<string> }}\n" for n in range(400))
    write(tmp_path, {f"p{number}/a.wit": f"package a:p{number};\ninterface i {{\n{body}}}\n" for number in range(250)})
    async with editor(tmp_path, capabilities(progress=True)) as it:
        reports = await it.eventually(lambda: next(iter(it.client.progress_reports.values()), None), bool)
        await it.eventually(lambda: reports, lambda seen: isinstance(seen[-1], types.WorkDoneProgressEnd))
        assert isinstance(reports[0], types.WorkDoneProgressBegin)
        assert reports[0].title == "Reading WIT packages"
        percentages = [one.percentage for one in reports[1:-1]]
        assert percentages == sorted(set(percentages))
