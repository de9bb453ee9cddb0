"""What editors ask about a file, each feature once through the real server, and what the client's abilities change."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from lsprotocol import types
from support.editor import Editor, applied, area, capabilities, editor, write

from dataflare_lsp.features.token_legend import LEGEND_TYPES

TYPES = """package corp:app@1.0.0;

/// What everything uses.
interface types {
    /// A key.
    type id = u64;
    record item { key: id, name: string }
    @since(version = 1.0.0) @deprecated(version = 1.0.0)
    old: func(what: item);
}
"""
API = """interface api {
    use types.{item};
    /// Finds it.
    find: func(key: u64) -> option<item>;
}
"""

RICH = capabilities(
    versioned_edits=True,
    document={
        "hover": types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        "definition": types.DefinitionClientCapabilities(link_support=True),
        "type_definition": types.TypeDefinitionClientCapabilities(link_support=True),
        "document_symbol": types.DocumentSymbolClientCapabilities(
            hierarchical_document_symbol_support=True,
            tag_support=types.ClientSymbolTagOptions([types.SymbolTag.Deprecated]),
        ),
        "completion": types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=True,
                documentation_format=[types.MarkupKind.Markdown],
                label_details_support=True,
            ),
            completion_list=types.CompletionListCapabilities(item_defaults=["editRange"]),
        ),
        "code_action": types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
            ),
            is_preferred_support=True,
        ),
    },
)
POOR = capabilities(
    encodings=("utf-16",),
    document={
        "code_action": types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(types.ClientCodeActionKindOptions([]))
        ),
    },
)


@pytest_asyncio.fixture
async def rich(tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor that can do everything, with both files open."""
    write(tmp_path, {"types.wit": TYPES, "api.wit": API})
    async with editor(tmp_path, RICH) as it:
        it.open("types.wit", TYPES)
        it.open("api.wit", API)
        yield it


@pytest_asyncio.fixture
async def poor(tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor that can do as little as the protocol allows."""
    write(tmp_path, {"types.wit": TYPES, "api.wit": API})
    async with editor(tmp_path, POOR) as it:
        it.open("types.wit", TYPES)
        it.open("api.wit", API)
        yield it


# Hover


async def test_hover_says_what_a_name_means(rich: Editor) -> None:
    found = await rich.client.text_document_hover_async(types.HoverParams(*rich.at("types.wit", "id, name")))
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind == types.MarkupKind.Markdown
    assert "```wit\ntype id = u64\n```" in found.contents.value
    assert "A key." in found.contents.value
    assert found.range is not None
    assert area(found.range) == "7:24-7:26"


async def test_hover_is_text_for_who_shows_no_markdown(poor: Editor) -> None:
    found = await poor.client.text_document_hover_async(types.HoverParams(*poor.at("types.wit", "id, name")))
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind == types.MarkupKind.PlainText
    assert "`" not in found.contents.value


async def test_hover_over_nothing_is_null(rich: Editor) -> None:
    nowhere = rich.document("types.wit"), types.Position(1, 0)
    assert await rich.client.text_document_hover_async(types.HoverParams(*nowhere)) is None


# Definitions


async def test_a_definition_is_a_link_with_all_of_it(rich: Editor) -> None:
    found = await rich.client.text_document_definition_async(types.DefinitionParams(*rich.at("api.wit", "item>")))
    assert isinstance(found, list | tuple)
    (link,) = found
    assert isinstance(link, types.LocationLink)
    assert link.target_uri == rich.uri("types.wit")
    assert area(link.target_selection_range) == "7:12-7:16"
    assert area(link.target_range) == "7:5-7:42"


async def test_a_definition_is_a_place_for_who_knows_no_links(poor: Editor) -> None:
    found: Any = await poor.client.text_document_definition_async(types.DefinitionParams(*poor.at("api.wit", "item>")))
    assert [(one.uri, area(one.range)) for one in found] == [(poor.uri("types.wit"), "7:12-7:16")]


async def test_the_type_of_a_field_is_where_it_is_defined(rich: Editor) -> None:
    where = types.TypeDefinitionParams(*rich.at("types.wit", "key: id"))
    found: Any = await rich.client.text_document_type_definition_async(where)
    assert [area(one.target_selection_range) for one in found] == ["6:10-6:12"]


async def test_no_definition_is_null(rich: Editor) -> None:
    nowhere = types.DefinitionParams(rich.document("types.wit"), types.Position(1, 0))
    assert await rich.client.text_document_definition_async(nowhere) is None


# Symbols


def outline(found: Any, depth: int = 0) -> list[str]:
    return [
        line
        for one in found
        for line in (
            f"{'  ' * depth}{one.name} {one.kind.name} {area(one.selection_range)}",
            *outline(one.children or (), depth + 1),
        )
    ]


async def test_the_outline_is_a_tree(rich: Editor) -> None:
    found = await rich.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(rich.document("types.wit"))
    )
    assert outline(found) == [
        "corp:app@1.0.0 Package 1:9-1:23",
        "  types Interface 4:11-4:16",
        "    id TypeParameter 6:10-6:12",
        "    item Struct 7:12-7:16",
        "      key Field 7:19-7:22",
        "      name Field 7:28-7:32",
        "    old Function 9:5-9:8",
    ]


async def test_the_outline_is_a_list_for_who_shows_no_tree(poor: Editor) -> None:
    found: Any = await poor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(poor.document("types.wit"))
    )
    assert [(one.name, one.container_name) for one in found][-5:] == [
        ("id", "types"),
        ("item", "types"),
        ("key", "item"),
        ("name", "item"),
        ("old", "types"),
    ]
    assert [one.name for one in found if one.deprecated] == ["old"]


# Completion


async def completed(it: Editor, name: str, mark: str) -> Any:
    return await it.client.text_document_completion_async(types.CompletionParams(*it.at(name, mark, len(mark))))


async def test_completion_offers_what_fits(rich: Editor) -> None:
    found = await completed(rich, "api.wit", "option<i")
    (item,) = (one for one in found.items if one.label == "item")
    assert item.kind == types.CompletionItemKind.Struct
    assert found.item_defaults is not None
    assert area(found.item_defaults.edit_range) == "4:36-4:40"


async def test_completion_brings_the_use_that_a_type_needs(rich: Editor) -> None:
    rich.type("api.wit", "use types.{item};", "use types.{item};\n    get: func() -> i;")
    found = await completed(rich, "api.wit", "-> i")
    (item,) = (one for one in found.items if one.label == "id")
    text = applied(rich.texts["api.wit"], item.additional_text_edits)
    assert "use types.{item, id};" in text


async def test_documentation_comes_when_it_is_asked_for(rich: Editor) -> None:
    found = await completed(rich, "types.wit", "key: i")
    (item,) = (one for one in found.items if one.label == "id")
    full = await rich.client.completion_item_resolve_async(item)
    assert isinstance(full.documentation, types.MarkupContent)
    assert full.documentation.kind == types.MarkupKind.Markdown
    assert "A key." in full.documentation.value


async def test_documentation_is_text_for_who_shows_no_markdown(poor: Editor) -> None:
    found = await completed(poor, "types.wit", "key: i")
    (item,) = (one for one in found.items if one.label == "id")
    full = await poor.client.completion_item_resolve_async(item)
    assert isinstance(full.documentation, str)
    assert "A key." in full.documentation
    assert "`" not in full.documentation


async def test_snippets_only_for_who_fills_them_in(rich: Editor, poor: Editor) -> None:
    for it, snippets in ((rich, True), (poor, False)):
        it.type("api.wit", "    /// Finds it.", "    r\n    /// Finds it.")
        found = await completed(it, "api.wit", "    r")
        (record,) = (one for one in found.items if one.label == "record")
        new = record.text_edit.new_text if record.text_edit else record.text_edit_text
        assert ("$" in (new or "")) == snippets
        assert (record.insert_text_format == types.InsertTextFormat.Snippet) == snippets


async def test_each_completion_has_its_edit_for_who_knows_no_defaults(poor: Editor) -> None:
    found = await completed(poor, "api.wit", "option<i")
    assert found.item_defaults is None
    (item,) = (one for one in found.items if one.label == "item")
    assert isinstance(item.text_edit, types.TextEdit)
    assert (area(item.text_edit.range), item.text_edit.new_text) == ("4:36-4:40", "item")


# Tokens


def tokens(text: str, data: Any) -> list[str]:
    """Tokens as `type text`."""
    rows = text.split("\n")
    line = column = 0
    found = []
    for down, right, length, kind, _ in zip(*[iter(data)] * 5, strict=True):
        line, column = line + down, right if down else column + right
        found.append(f"{LEGEND_TYPES[kind]} {rows[line][column : column + length]}")
    return found


async def test_semantic_tokens_say_what_each_word_is(rich: Editor) -> None:
    found = await rich.client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(rich.document("api.wit"))
    )
    assert found is not None
    seen = tokens(API, found.data)
    assert seen[:4] == ["keyword interface", "interface api", "keyword use", "interface types"]
    assert "struct item" in seen
    assert "function find" in seen


async def test_a_comment_of_several_lines_is_a_token_on_each(rich: Editor) -> None:
    text = "/* one\n   two */\npackage a:b;\n"
    rich.open("c/c.wit", text)
    found = await rich.client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(rich.document("c/c.wit"))
    )
    assert found is not None
    assert tokens(text, found.data)[:2] == ["comment /* one", "comment    two */"]


async def test_tokens_of_a_range_are_those_near_it(rich: Editor) -> None:
    where = types.Range(types.Position(3, 0), types.Position(3, 10))
    found = await rich.client.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(rich.document("api.wit"), where)
    )
    assert found is not None
    seen = tokens(API, found.data)
    assert "function find" in seen
    assert "interface types" not in seen


# Code actions


async def actions(it: Editor, name: str, mark: str, *only: types.CodeActionKind | str) -> Any:
    document, start = it.at(name, mark)
    found = await it.eventually(lambda: it.client.diagnostics.get(it.uri(name)), bool)
    context = types.CodeActionContext(list(found), only=list(only) or None)
    where = types.Range(start, start)
    return await it.client.text_document_code_action_async(types.CodeActionParams(document, where, context))


async def test_a_mistake_with_one_certain_mend_has_a_quick_fix(rich: Editor) -> None:
    rich.type("api.wit", "use types.{item};", "use types.{itme};")
    fix, *_ = await actions(rich, "api.wit", "itme")
    assert (fix.kind, fix.title) == (types.CodeActionKind.QuickFix, "Change to `item`")
    assert [one.code for one in fix.diagnostics] == ["unresolved-name"]
    (change,) = fix.edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (rich.uri("api.wit"), 2)
    assert "use types.{item};" in applied(rich.texts["api.wit"], change.edits)


async def test_edits_are_by_file_for_who_knows_no_versions(poor: Editor) -> None:
    poor.type("api.wit", "use types.{item};", "use types.{itme};")
    fix, *_ = await actions(poor, "api.wit", "itme")
    assert list(fix.edit.changes) == [poor.uri("api.wit")]
    assert fix.is_preferred is None


async def test_only_the_kinds_that_are_asked_for(rich: Editor) -> None:
    rich.open("more.wit", "interface more { f: func(a: float32, b: float64); }\n")
    everything = await actions(rich, "more.wit", "float32")
    assert [one.kind for one in everything] == ["quickfix", "source.fixAll"]
    (fix_all,) = await actions(rich, "more.wit", "float32", types.CodeActionKind.SourceFixAll)
    (change,) = fix_all.edit.document_changes
    assert applied(rich.texts["more.wit"], change.edits) == "interface more { f: func(a: f32, b: f64); }\n"
    assert [one.kind for one in await actions(rich, "more.wit", "float32", "source")] == ["source.fixAll"]
    assert list(await actions(rich, "more.wit", "float32", "refactor")) == []


# Formatting

LOOSE = "package a:b;\ninterface i{f:func( );\n        g: func( );}\n"
NEAT = "package a:b;\n\ninterface i {\n    f: func();\n    g: func();\n}\n"
OPTIONS = types.FormattingOptions(tab_size=8, insert_spaces=False)


async def test_a_file_is_formatted(rich: Editor) -> None:
    rich.open("loose/a.wit", LOOSE)
    edits = await rich.client.text_document_formatting_async(
        types.DocumentFormattingParams(rich.document("loose/a.wit"), OPTIONS)
    )
    assert applied(LOOSE, edits) == NEAT


async def test_a_file_that_does_not_parse_is_left_alone(rich: Editor) -> None:
    rich.open("loose/a.wit", "package a:b;\ninterface i { f: func( }\n")
    edits = await rich.client.text_document_formatting_async(
        types.DocumentFormattingParams(rich.document("loose/a.wit"), OPTIONS)
    )
    assert list(edits or ()) == []


async def test_some_lines_are_formatted(rich: Editor) -> None:
    rich.open("loose/a.wit", LOOSE)
    where = types.Range(types.Position(2, 0), types.Position(2, 3))
    edits = await rich.client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(rich.document("loose/a.wit"), where, OPTIONS)
    )
    assert applied(LOOSE, edits).startswith("package a:b;\ninterface i{f:func( );\n    g: func();")


async def test_what_is_typed_falls_into_place(rich: Editor) -> None:
    text = "package a:b;\n\ninterface i {\n  f:func( );\n}\n"
    rich.open("loose/a.wit", text)
    document, position = rich.at("loose/a.wit", ";\n}", 1)
    edits = await rich.client.text_document_on_type_formatting_async(
        types.DocumentOnTypeFormattingParams(document, position, ";", OPTIONS)
    )
    assert "\n    f: func();\n" in applied(text, edits)
