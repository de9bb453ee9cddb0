"""Plugins in an editor: what is said of WIT, manifest and component follows each of the three."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support import variants
from support.editor import PULLS, PUSHES, Editor, area, capabilities, editor, lines
from support.plugin_builds import COMPONENT, MANIFEST, WIT, build, component, plugin

EXPORT = "export dataflare:core/data-processor@1.0.0;"
STALE = ["16:8-16:27 stale-component"]


WRONG_TYPE = variants.Change("plugin.wat", '(field "timestamp" u64)', '(field "timestamp" s64)', True)


_FIXES = capabilities(
    document={
        "code_action": types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
            )
        )
    }
)


def is_empty(found: list[str]) -> bool:
    return not found


async def test_a_good_plugin_is_clean(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path) as it:
        it.open(WIT)
        it.open(MANIFEST)
        assert await it.shown(WIT) == []
        assert await it.shown(MANIFEST) == []


async def test_an_edit_of_the_wit_makes_the_component_stale(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path) as it:
        it.open(WIT)
        await it.shown(WIT)
        it.type(WIT, "world plugin {", "world plugin {\n  export more: func();")
        assert await it.shown(MANIFEST, bool) == STALE
        it.type(WIT, "\n  export more: func();", "")
        assert await it.shown(MANIFEST, is_empty) == []


async def test_an_edit_of_the_manifest_is_compared_with_the_component(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, _FIXES) as it:
        it.open(MANIFEST)
        await it.shown(MANIFEST)
        it.type(MANIFEST, '["metrics"]', '["metrics", "logging"]')
        assert await it.shown(MANIFEST, bool) == ["23:20-23:29 unused-capability"]
        it.type(MANIFEST, '["metrics", "logging"]', "[]")
        assert await it.shown(MANIFEST, lambda found: "ungranted" in str(found)) == ["16:8-16:27 ungranted-import"]
        grant = await _fix(it, MANIFEST, "build/plugin.wasm")
        assert grant == ("grant `metrics`", '["metrics"]')


async def _fix(it: Editor, name: str, mark: str) -> tuple[str, str]:
    """The title of what mends a place, and what it writes."""
    document, position = it.at(name, mark)
    params = types.CodeActionParams(document, types.Range(position, position), types.CodeActionContext([]))
    actions: Any = await it.client.text_document_code_action_async(params)
    (edit,) = actions[0].edit.changes[it.uri(name)]
    return actions[0].title, edit.new_text


@pytest.mark.parametrize("can", [PUSHES, capabilities(watch=True)], ids=["polled", "watched"])
async def test_a_finished_build_is_noticed(tmp_path: Path, can: types.ClientCapabilities):
    good = component(tmp_path / "good")
    folder = tmp_path / "plugin"
    plugin(folder, WRONG_TYPE)
    async with editor(folder, can) as it:
        assert await it.shown(MANIFEST, bool) == ["16:8-16:27 function-mismatch"]
        build(folder, good)
        assert await it.shown(MANIFEST, is_empty) == []


async def test_what_is_wrong_with_the_component_is_shown_in_the_wit_too(tmp_path: Path):
    plugin(tmp_path, WRONG_TYPE)
    async with editor(tmp_path) as it:
        it.open(WIT)
        (shown,) = await it.eventually(lambda: it.client.diagnostics.get(it.uri(WIT)), bool)
        assert (area(shown.range), shown.code) == ("7:27-7:41", "function-mismatch")
        first = shown.related_information[0]
        assert (first.location.uri, area(first.location.range)) == (it.uri(MANIFEST), "16:8-16:27")


async def test_what_is_shown_moves_with_the_text_until_it_is_found_anew(tmp_path: Path):
    plugin(tmp_path, WRONG_TYPE)
    async with editor(tmp_path) as it:
        it.open(WIT)
        await it.shown(WIT, bool)
        it.published.clear()
        it.type(WIT, "/// Gives", "\n\n/// Gives")
        assert await it.shown(WIT, lambda found: found == ["9:27-9:41 function-mismatch"])
        # It is never gone in between, and never at the old place.
        assert {tuple(lines(one.diagnostics)) for one in it.published if one.uri == it.uri(WIT)} == {
            ("9:27-9:41 function-mismatch",)
        }


async def test_who_asks_and_cannot_be_told_again_is_answered_with_all(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, PULLS) as it:
        it.open(WIT)
        it.open(MANIFEST)
        await it.pulled(MANIFEST)
        it.type(WIT, "world plugin {", "world plugin {\n  export more: func();")
        report: Any = await it.pulled(MANIFEST)
        assert lines(report.items) == STALE


async def test_who_asks_is_told_to_ask_again(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, capabilities(pull=True, refresh=True)) as it:
        it.open(MANIFEST)
        await it.pulled(MANIFEST)
        it.open(WIT)
        await it.pulled(WIT)
        before = it.client.diagnostic_refresh_count
        it.type(WIT, "world plugin {", "world plugin {\n  export more: func();")
        await it.eventually(lambda: it.client.diagnostic_refresh_count, lambda count: count > before)
        report: Any = await it.pulled(MANIFEST)
        assert lines(report.items) == STALE


async def test_a_client_that_watches_is_asked_to_watch_what_manifests_name(tmp_path: Path):
    plugin(tmp_path, variants.Change(MANIFEST, "[component]\n", '[config]\nschema = "set[1].json"\n[component]\n'))
    async with editor(tmp_path, capabilities(watch=True)) as it:
        (named,) = await it.eventually(lambda: [one for one in it.registered if one.id == "dataflare-named"] or None)
        globs = [one["globPattern"] for one in named.register_options["watchers"]]
        assert globs == ["**/set?1?.json", "**/build/plugin.wasm", "**/.dataflare/last.trace"]


async def test_a_file_that_the_manifest_names_comes_and_goes(tmp_path: Path):
    plugin(tmp_path, variants.Change(MANIFEST, "[component]\n", '[debug]\ninput = "x.json"\n[component]\n'))
    async with editor(tmp_path) as it:
        assert await it.shown(MANIFEST, bool) == ["16:9-16:17 unresolved-path"]
        (tmp_path / "x.json").write_text("{}")
        assert await it.shown(MANIFEST, is_empty) == []


async def test_only_the_plugin_whose_component_was_built_is_published(tmp_path: Path):
    good = component(tmp_path / "good")
    folder = tmp_path / "plugins"
    for name in ("one", "two"):
        plugin(folder / name, WRONG_TYPE)
    async with editor(folder) as it:
        for name in ("one", "two"):
            await it.shown(f"{name}/{MANIFEST}", bool)
            await it.shown(f"{name}/{WIT}", bool)
        it.published.clear()
        build(folder / "one", good)
        assert await it.shown(f"one/{MANIFEST}", is_empty) == []
        assert await it.shown(f"one/{WIT}", is_empty) == []
        assert {one.uri for one in it.published} == {it.uri(f"one/{MANIFEST}"), it.uri(f"one/{WIT}")}


async def test_a_manifest_that_is_opened_without_a_folder(tmp_path: Path):
    plugin(tmp_path, variants.Change(MANIFEST, '["metrics"]', "[]"))
    async with editor(None, place=tmp_path) as it:
        it.open(MANIFEST)
        assert await it.shown(MANIFEST, bool) == ["16:8-16:27 ungranted-import"]


# What may lie where the component should -------------------------------------------------------------------------


async def test_components_of_all_sorts(tmp_path: Path):
    good = component(tmp_path / "good")
    folder = tmp_path / "plugin"
    plugin(folder)
    place = folder / COMPONENT
    async with editor(folder) as it:
        it.open(MANIFEST)
        await it.shown(MANIFEST)
        for binary in (b"", b"\0as", good[: len(good) // 2], b"garbage" * 1000, b"\0asm\x01\0\0\0"):
            build(folder, binary)
            await it.shown(MANIFEST, lambda found: "-component" in str(found) or "core-module" in str(found))
            build(folder, good)
            await it.shown(MANIFEST, is_empty)
        place.unlink()
        assert await it.shown(MANIFEST, bool) == ["16:8-16:27 missing-component"]
        place.mkdir()
        assert await it.shown(MANIFEST, lambda found: found != ["16:8-16:27 missing-component"])
        place.rmdir()
        place.symlink_to(tmp_path / "good" / COMPONENT)
        assert await it.shown(MANIFEST, lambda found: "leads out" in str(it.client.diagnostics[it.uri(MANIFEST)]))
        place.unlink()
        with place.open("wb") as file:
            file.truncate(100 << 20)
        await it.shown(MANIFEST, lambda found: "invalid-component" in str(found))


async def test_a_component_that_is_written_all_the_time(tmp_path: Path):
    good = component(tmp_path / "good")
    folder = tmp_path / "plugin"
    plugin(folder)
    async with editor(folder, capabilities(watch=True)) as it:
        it.open(MANIFEST)
        await it.shown(MANIFEST)
        event = types.FileEvent(it.uri(COMPONENT), types.FileChangeType.Changed)
        for number in range(200):
            (folder / COMPONENT).write_bytes(good[: number * len(good) // 200])
            it.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
            await asyncio.sleep(0.002)
        build(folder, good)
        await it.shown(MANIFEST, is_empty)
        assert len([one for one in it.published if one.uri == it.uri(MANIFEST)]) < 100


async def test_a_manifest_that_points_outside(tmp_path: Path):
    outside = tmp_path / "outside"
    plugin(outside, WRONG_TYPE)
    folder = tmp_path / "plugin"
    plugin(folder, variants.Change(MANIFEST, '"build/plugin.wasm"', '"../outside/build/plugin.wasm"'))
    async with editor(folder) as it:
        found = await it.shown(MANIFEST, bool)
        assert [one.partition(" ")[2] for one in found] == ["path-outside-plugin"]
