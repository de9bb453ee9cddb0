"""Components in an editor: validated in the background, and shown as WIT."""

import os
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support.editor import Editor, area, capabilities, editor, write
from support.encoded import committed
from support.plugin_builds import COMPONENT, MANIFEST, WIT, build, component, plugin, unsound

SHOWN = {"virtualDocuments": True}


# Validating ------------------------------------------------------------------------------------------------------


async def test_a_component_is_validated_in_the_background(tmp_path: Path):
    good = component(tmp_path / "good")
    folder = tmp_path / "plugin"
    plugin(folder)
    build(folder, unsound(good))
    async with editor(folder) as it:
        assert await it.shown(MANIFEST, bool) == ["16:8-16:27 invalid-component"]
        build(folder, good)
        assert await it.shown(MANIFEST, lambda found: not found) == []


async def test_validating_can_be_switched_off(tmp_path: Path):
    plugin(tmp_path)
    build(tmp_path, unsound((tmp_path / COMPONENT).read_bytes()))
    off = {"validation": {"enable": False}}
    async with editor(tmp_path, options=off) as it:
        it.open(MANIFEST)
        assert await it.shown(MANIFEST) == []
        said = await command(it, "dataflare.validate", it.uri(MANIFEST))
        assert (said["ok"], said["diagnostics"]) == (False, 1)
        assert said["message"].startswith("this is not a valid component: ")
        assert await it.shown(MANIFEST, bool) == ["16:8-16:27 invalid-component"]


async def command(it: Editor, name: str, *arguments: object) -> dict[str, Any]:
    """What a command answers."""
    given: Any = list(arguments)
    answer: Any = await it.client.workspace_execute_command_async(types.ExecuteCommandParams(name, given))
    return answer if isinstance(answer, dict) else {key: getattr(answer, key) for key in answer._fields}


async def test_a_plugin_is_validated_and_started_on_demand(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path) as it:
        assert it.offered.execute_command_provider is not None
        assert it.offered.execute_command_provider.commands == ("dataflare.validate", "dataflare.showWit")
        it.open(MANIFEST)
        await it.shown(MANIFEST)
        said = await command(it, "dataflare.validate", it.uri(MANIFEST))
        good = "`plugin.wasm` is valid"
        assert said == {"ok": True, "diagnostics": 0, "message": f"{good} and agrees with its WIT and its manifest"}
        said = await command(it, "dataflare.validate", it.uri(COMPONENT), {"instantiate": True})
        assert said["message"].startswith(f"{good}, agrees with its WIT and its manifest and starts in ")
        it.type(MANIFEST, '["metrics"]', "[]")
        said = await command(it, "dataflare.validate", it.uri(MANIFEST))
        assert said["ok"] is False
        assert said["message"] == "the component imports `metrics` of the host, and `host` does not grant it"


async def test_what_cannot_be_validated(tmp_path: Path):
    outside = component(tmp_path / "outside")
    assert outside
    folder = tmp_path / "folder"
    write(folder, {"a.wit": "package a:a;\n", "b.wasm": "no"})
    async with editor(folder) as it:
        it.open("a.wit")
        await it.shown("a.wit")
        for uri in (it.uri("a.wit"), it.uri(MANIFEST), "untitled:x", "http://x/y.wasm"):
            assert (await command(it, "dataflare.validate", uri))["ok"] is False
        elsewhere = (tmp_path / "outside" / COMPONENT).as_uri()
        assert (await command(it, "dataflare.validate", elsewhere))[
            "message"
        ] == "the file lies outside of the workspace"
        said = await command(it, "dataflare.validate", it.uri("b.wasm"))
        assert (said["ok"], said["diagnostics"]) == (False, 1)
        (folder / "c.wat").write_text("(component)")
        said = await command(it, "dataflare.validate", it.uri("c.wat"))
        assert said["message"] == "`c.wat` was not validated: only `.wasm` files are"
        assert (await command(it, "dataflare.validate", it.uri("none.wasm")))["message"] == "there is no component"


# The WIT of binaries ---------------------------------------------------------------------------------------------


async def wit_of(it: Editor, uri: str) -> Any:
    return await it.client.protocol.send_request_async("dataflare/componentWit", {"uri": uri})


async def test_the_wit_of_a_component(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, options=SHOWN) as it:
        it.open(WIT)
        await it.shown(WIT)
        found = await wit_of(it, it.uri(COMPONENT))
        assert found.uri == it.uri(COMPONENT).replace("file:", "dataflare-wit:") + ".wit"
        assert "export dataflare:core/data-processor@1.0.0;" in found.text
        assert (await wit_of(it, found.uri)).text == found.text
        shown = await command(it, "dataflare.showWit", it.uri(MANIFEST))
        assert (shown["text"], shown["uri"]) == (found.text, found.uri)


async def test_a_document_that_shows_a_component_is_one_of_wit(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, options=SHOWN) as it:
        found = await wit_of(it, it.uri(COMPONENT))
        name = found.uri
        it.open(name, found.text)
        assert await it.shown(name) == []
        client: Any = it.client
        place = it.at(name, "data-record};")
        hovered = await client.text_document_hover_async(types.HoverParams(*place))
        assert "record data-record" in hovered.contents.value
        (there,) = await client.text_document_definition_async(types.DefinitionParams(*place))
        assert there.uri == name
        document = it.document(name)
        symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert symbols
        tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        assert tokens.data
        options = types.FormattingOptions(4, True)
        assert not await client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
        it.change(name, "package a:b")
        assert await it.shown(name) == []


async def test_a_document_is_shown_where_the_client_can(tmp_path: Path):
    plugin(tmp_path)
    can = capabilities()
    can.window = types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(support=True))
    async with editor(tmp_path, can, options=SHOWN) as it:
        shown: list[str] = []

        def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            shown.append(params.uri)
            return types.ShowDocumentResult(success=True)

        it.client.protocol.fm.features[types.WINDOW_SHOW_DOCUMENT] = show
        said = await command(it, "dataflare.showWit", it.uri(COMPONENT))
        assert shown == [said["uri"]]


async def test_a_name_of_an_encoded_dependency_leads_into_the_document_that_shows_it(tmp_path: Path):
    uses = "package corp:app;\ninterface i { use corp:pipeline/types@1.2.0.{mode}; f: func() -> mode; }\n"
    write(tmp_path, {"app.wit": uses})
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "plugin.wasm").write_bytes(committed("plugin"))
    async with editor(tmp_path, options=SHOWN) as it:
        it.open("app.wit")
        await it.shown("app.wit")
        (there,) = await it.client.text_document_definition_async(types.DefinitionParams(*it.at("app.wit", "mode;")))
        found = await wit_of(it, it.uri("deps/plugin.wasm"))
        assert there.uri == found.uri
        line = found.text.splitlines()[there.range.start.line]
        assert line[there.range.start.character : there.range.end.character] == "mode"
        assert line == "  enum mode {"


async def test_the_manifest_leads_to_the_wit_of_its_component(tmp_path: Path):
    plugin(tmp_path)
    async with editor(tmp_path, options=SHOWN) as it:
        it.open(MANIFEST)
        await it.shown(MANIFEST)
        place = types.DefinitionParams(*it.at(MANIFEST, "build/plugin.wasm"))
        (there,) = await it.client.text_document_definition_async(place)
        assert (there.uri, area(there.range)) == ((await wit_of(it, it.uri(COMPONENT))).uri, "1:1-1:1")


@pytest.mark.skipif(os.name != "posix", reason="links need rights here")
async def test_there_is_no_wit_of_what_is_not_in_the_workspace(tmp_path: Path):
    component(tmp_path / "outside")
    folder = tmp_path / "folder"
    write(folder, {"a.wit": "package a:a;\n", "garbage.wasm": "no"})
    (folder / "link.wasm").symlink_to(tmp_path / "outside" / COMPONENT)
    async with editor(folder) as it:
        for uri, message in {
            (tmp_path / "outside" / COMPONENT).as_uri(): "the file lies outside of the workspace",
            it.uri("link.wasm"): "the file lies outside of the workspace",
            it.uri("a.wit"): "this is neither a `.wasm` or `.wat` file nor a manifest that names one",
            it.uri("none.wasm"): "cannot read this file: it does not exist",
        }.items():
            found = await wit_of(it, uri)
            assert (found.text, found.message) == (None, message)
        assert (await wit_of(it, it.uri("garbage.wasm"))).text is None
