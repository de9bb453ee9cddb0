"""Real editors' capabilities: every feature asked as they would, no answer that they did not ask for.

pytest-lsp checks each answer against the capabilities that its client declared.
"""

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities
from support.editor import editor, lines, write

CLIENTS = ("emacs", "neovim", "visual-studio-code")
TYPES = """package corp:app;
/// What everything uses.
interface types {
    /// A key.
    type id = u64;
    find: func() -> idd;
}
"""
API = "interface api {\n    use types.{id};\n    find: func(key: id) -> option<id>;\n}\n"


@pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_session_in(name: str, tmp_path: Path) -> None:
    can = client_capabilities(name)
    write(tmp_path, {"types.wit": TYPES, "api.wit": API})
    async with editor(tmp_path, can) as it:
        it.open("types.wit")
        it.open("api.wit")
        document = it.document("api.wit")
        pulls = can.text_document is not None and can.text_document.diagnostic is not None
        found = lines((await it.pulled("types.wit")).items) if pulls else await it.shown("types.wit", bool)
        assert found == ["6:21-6:24 unresolved-name"]
        assert (it.offered.diagnostic_provider is not None) == pulls
        assert not (pulls and it.published)
        ask = it.client
        place = it.at("api.wit", "id) -> option")
        assert await ask.text_document_hover_async(types.HoverParams(*place))
        assert await ask.text_document_definition_async(types.DefinitionParams(*place))
        assert await ask.text_document_type_definition_async(types.TypeDefinitionParams(*place))
        assert await ask.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert await ask.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        offered = await ask.text_document_completion_async(types.CompletionParams(*place))
        assert isinstance(offered, types.CompletionList)
        (item,) = (one for one in offered.items if one.label == "id")
        assert (await ask.completion_item_resolve_async(item)).documentation
        start = types.Position(5, 21)
        actions = await ask.text_document_code_action_async(
            types.CodeActionParams(
                it.document("types.wit"), types.Range(start, start), types.CodeActionContext(diagnostics=[])
            )
        )
        assert actions
        options = types.FormattingOptions(4, True)
        assert await ask.text_document_formatting_async(types.DocumentFormattingParams(document, options)) == ()
