"""Manifests in an editor: what is said of them, and what they are asked, through the protocol."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support.editor import PULLS, PUSHES, applied, area, capabilities, editor, write

MANIFEST = """\
manifest-version = 1
[plugin]
name = "acme:json"
version = "1.0.0"
kind = "processor"
[world]
name = "acme:json/plugin"
"""
WORLD = "package acme:json@1.0.0;\nworld plugin { include dataflare:core/dataflare-plugin@1.0.0; }\n"
PLUGIN = {"dataflare.toml": MANIFEST, "wit/world.wit": WORLD}


async def test_a_manifest_on_disk_is_judged(tmp_path: Path):
    write(tmp_path, {**PLUGIN, "dataflare.toml": MANIFEST.replace("processor", "procesor")})
    async with editor(tmp_path) as it:
        assert await it.shown("dataflare.toml") == ["5:8-5:18 invalid-value"]


async def test_an_open_manifest_is_judged_as_it_is_typed(tmp_path: Path):
    write(tmp_path, PLUGIN)
    async with editor(tmp_path) as it:
        it.open("dataflare.toml")
        assert await it.shown("dataflare.toml") == []
        it.type("dataflare.toml", "processor", "procesor")
        assert await it.shown("dataflare.toml", bool) == ["5:8-5:18 invalid-value"]
        it.type("dataflare.toml", "procesor", "source")
        assert await it.shown("dataflare.toml", lambda found: not found) == []
        it.close("dataflare.toml")


async def test_manifests_are_pulled(tmp_path: Path):
    write(tmp_path, {**PLUGIN, "dataflare.toml": MANIFEST.replace("kind", "kinf")})
    async with editor(tmp_path, PULLS) as it:
        it.open("dataflare.toml")
        report = await it.pulled("dataflare.toml")
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [one.code for one in report.items] == ["unknown-key"]


async def test_an_edit_of_the_wit_is_seen_in_the_manifest(tmp_path: Path):
    write(tmp_path, PLUGIN)
    async with editor(tmp_path) as it:
        it.open("wit/world.wit")
        await it.shown("wit/world.wit")
        it.type("wit/world.wit", "world plugin", "world gadget")
        assert await it.shown("dataflare.toml", bool) == ["7:8-7:26 unresolved-world"]
        it.type("wit/world.wit", "world gadget", "world plugin")
        assert await it.shown("dataflare.toml", lambda found: not found) == []


async def test_features_of_the_manifest_are_on_in_the_wit(tmp_path: Path):
    gated = WORLD + "interface i {\n  @unstable(feature = active)\n  type t = u8;\n  type u = t;\n}\n"
    write(tmp_path, {**PLUGIN, "wit/world.wit": gated})
    async with editor(tmp_path) as it:
        it.open("dataflare.toml")
        assert await it.shown("wit/world.wit", bool) == ["6:12-6:13 inactive-item"]
        it.type("dataflare.toml", "[world]\n", '[world]\nfeatures = ["active"]\n')
        assert await it.shown("wit/world.wit", lambda found: not found) == []


async def test_questions_about_a_manifest(tmp_path: Path):
    write(tmp_path, {**PLUGIN, "dataflare.toml": MANIFEST + '[debug]\ninput = "x.json"\n', "x.json": "{}"})
    async with editor(tmp_path) as it:
        it.open("dataflare.toml")
        await it.shown("dataflare.toml")
        client: Any = it.client
        asked = client.text_document_completion_async
        offered = await asked(types.CompletionParams(*it.at("dataflare.toml", "processor")))
        assert "source" in [item.label for item in offered.items]
        hovered = await client.text_document_hover_async(types.HoverParams(*it.at("dataflare.toml", "kind")))
        assert hovered.contents.value.startswith("What the plugin does in a pipeline.")
        place = it.at("dataflare.toml", "json/plugin")
        (found,) = await client.text_document_definition_async(types.DefinitionParams(*place))
        assert (found.uri, area(found.range)) == (it.uri("wit/world.wit"), "2:7-2:13")
        document = it.document("dataflare.toml")
        links = await client.text_document_document_link_async(types.DocumentLinkParams(document))
        assert [(area(one.range), one.target) for one in links] == [("9:10-9:16", it.uri("x.json"))]
        symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert [one.name for one in symbols][:3] == ["manifest-version", "plugin", "name"]


async def test_a_mistake_is_mended(tmp_path: Path):
    write(tmp_path, {**PLUGIN, "dataflare.toml": MANIFEST.replace("processor", "procesor")})
    can = capabilities(
        document={
            "code_action": types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
                )
            )
        }
    )
    async with editor(tmp_path, can) as it:
        it.open("dataflare.toml")
        await it.shown("dataflare.toml", bool)
        document, position = it.at("dataflare.toml", "procesor")
        params = types.CodeActionParams(document, types.Range(position, position), types.CodeActionContext([]))
        actions: Any = await it.client.text_document_code_action_async(params)
        edits = actions[0].edit.changes[it.uri("dataflare.toml")]
        assert applied(it.texts["dataflare.toml"], edits) == MANIFEST


async def test_a_manifest_is_not_formatted(tmp_path: Path):
    write(tmp_path, PLUGIN)
    async with editor(tmp_path) as it:
        it.open("dataflare.toml")
        await it.shown("dataflare.toml")
        options = types.FormattingOptions(4, True)
        document = it.document("dataflare.toml")
        assert not await it.client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
        tokens: Any = await it.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        assert not tokens.data
        assert not await it.client.text_document_type_definition_async(
            types.TypeDefinitionParams(*it.at("dataflare.toml", "plugin"))
        )


async def test_other_toml_is_passed_by(tmp_path: Path):
    write(tmp_path, {**PLUGIN, "Cargo.toml": "[package]\n"})
    async with editor(tmp_path) as it:
        it.open("Cargo.toml")
        it.open("dataflare.toml")
        await it.shown("dataflare.toml")
        assert it.uri("Cargo.toml") not in it.client.diagnostics


@pytest.mark.parametrize("name", ["untitled:dataflare.toml", "dataflare.toml"])
async def test_a_manifest_without_a_folder(tmp_path: Path, name: str):
    async with editor(None, PUSHES, place=tmp_path) as it:
        it.open(name, MANIFEST.replace('name = "acme:json/plugin"', "nam"))
        assert await it.shown(name, bool) == ["7:1-7:4 invalid-toml"]
        offered: Any = await it.client.text_document_completion_async(types.CompletionParams(*it.at(name, "nam\n", 3)))
        assert "name" in [item.label for item in offered.items]
