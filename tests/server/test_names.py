"""References, highlights, rename, folding, selection and symbols, as an editor asks for them."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from support.editor import Editor, applied, area, capabilities, editor, write

FILES = {
    "wit/types.wit": "package corp:app@1.0.0;\ninterface types {\n    type id = u64;\n    use-it: func(id: id);\n}\n",
    "wit/api.wit": "interface api {\n    use types.{id};\n    get: func() -> id;\n}\nworld plugin { export api; }\n",
    "dataflare.toml": 'manifest-version = 1\n[plugin]\nname = "corp:app"\nversion = "1.0.0"\nkind = "processor"\n'
    '[world]\nname = "corp:app/plugin@1.0.0"\n',
}
PREPARES = capabilities(document={"rename": types.RenameClientCapabilities(prepare_support=True)}, versioned_edits=True)


async def opened(it: Editor) -> Any:
    for name in FILES:
        it.open(name)
        await it.shown(name)
    return it.client


def places(it: Editor, found: Any) -> list[str]:
    return [f"{one.uri.removeprefix(it.folder.as_uri() + '/')} {area(one.range)}" for one in found or ()]


async def test_references_with_and_without_the_definition(tmp_path: Path):
    write(tmp_path, FILES)
    async with editor(tmp_path) as it:
        client = await opened(it)

        async def found(name: str, mark: str, offset: int, declaration: bool) -> list[str]:
            context = types.ReferenceContext(declaration)
            return places(
                it,
                await client.text_document_references_async(types.ReferenceParams(context, *it.at(name, mark, offset))),
            )

        used = ["wit/api.wit 2:16-2:18", "wit/api.wit 3:20-3:22", "wit/types.wit 4:22-4:24"]
        assert await found("wit/api.wit", "-> id", 3, False) == used
        assert await found("wit/api.wit", "-> id", 3, True) == [*used[:2], "wit/types.wit 3:10-3:12", used[2]]
        world = ["wit/api.wit 5:7-5:13", "dataflare.toml 7:18-7:24"]
        assert await found("wit/api.wit", "plugin", 0, True) == world
        assert await found("dataflare.toml", "/plugin@", 2, True) == world
        assert await found("dataflare.toml", "processor", 2, True) == []


async def test_highlights_tell_what_is_given_from_what_is_read(tmp_path: Path):
    write(tmp_path, FILES)
    async with editor(tmp_path) as it:
        client = await opened(it)
        found = await client.text_document_document_highlight_async(
            types.DocumentHighlightParams(*it.at("wit/types.wit", "type id", 5))
        )
        assert [(area(one.range), one.kind) for one in found] == [
            ("3:10-3:12", types.DocumentHighlightKind.Write),
            ("4:22-4:24", types.DocumentHighlightKind.Read),
        ]


async def test_a_world_is_renamed_in_the_manifest_too(tmp_path: Path):
    write(tmp_path, FILES)
    async with editor(tmp_path, PREPARES) as it:
        client = await opened(it)
        place = it.at("wit/api.wit", "plugin")
        shown = await client.text_document_prepare_rename_async(types.PrepareRenameParams(*place))
        assert (area(shown.range), shown.placeholder) == ("5:7-5:13", "plugin")
        edit = await client.text_document_rename_async(types.RenameParams(*place, "enricher"))
        after = {
            change.text_document.uri.rpartition("/")[2]: (
                change.text_document.version,
                applied(it.texts[change.text_document.uri.removeprefix(it.folder.as_uri() + "/")], change.edits),
            )
            for change in edit.document_changes
        }
        assert after["api.wit"] == (1, FILES["wit/api.wit"].replace("plugin", "enricher"))
        assert after["dataflare.toml"] == (1, FILES["dataflare.toml"].replace("app/plugin", "app/enricher"))


async def test_what_cannot_be_renamed_is_refused_with_a_reason(tmp_path: Path):
    write(tmp_path, FILES)
    async with editor(tmp_path) as it:
        client = await opened(it)
        with pytest.raises(JsonRpcException, match=r"`api` is there already: api\.wit:1"):
            await client.text_document_rename_async(types.RenameParams(*it.at("wit/types.wit", "types"), "api"))
        with pytest.raises(JsonRpcException, match="a package is known to others") as refused:
            await client.text_document_prepare_rename_async(
                types.PrepareRenameParams(*it.at("wit/types.wit", "corp:app"))
            )
        assert refused.value.code == types.LSPErrorCodes.RequestFailed.value


async def test_folds_selections_and_symbols(tmp_path: Path):
    write(tmp_path, FILES)
    async with editor(tmp_path) as it:
        client = await opened(it)
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(it.document("wit/types.wit")))
        assert [(one.start_line, one.end_line) for one in folds] == [(1, 3)]
        document, place = it.at("wit/types.wit", "use-it")
        (around,) = await client.text_document_selection_range_async(types.SelectionRangeParams(document, [place]))
        areas = []
        while around is not None:
            areas.append(area(around.range))
            around = around.parent
        assert areas[:2] == ["4:5-4:11", "4:5-4:26"]
        found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("plug"))
        best = found[0]
        assert (best.name, best.location.uri, area(best.location.range)) == (
            "plugin",
            it.uri("wit/api.wit"),
            "5:7-5:13",
        )
        assert all("plug" in one.name for one in found)
