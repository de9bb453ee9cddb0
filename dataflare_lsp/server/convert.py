"""Between the protocol's values and ours: places in the client's encoding, and what features answer, as JSON.

JSON rather than lsprotocol's classes, which take four times as long for the long lists of completions and symbols.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json import dumps
from typing import TYPE_CHECKING, Final, cast

from lsprotocol.types import (
    CodeActionContext,
    CodeActionKind,
    CompletionItem,
    CompletionItemKind,
    Diagnostic,
    DocumentHighlightKind,
    InsertTextFormat,
    MarkupContent,
    MarkupKind,
    Range,
)
from lsprotocol.types import SymbolKind as Kind

from dataflare_lsp.features.code_actions import CodeAction
from dataflare_lsp.features.completion import About, Completion, CompletionKind, Completions
from dataflare_lsp.features.definition import Location
from dataflare_lsp.features.hover import Hover
from dataflare_lsp.features.symbols import Symbol, SymbolKind
from dataflare_lsp.server.capabilities import Json
from dataflare_lsp.server.plain import plain
from dataflare_lsp.server.reports import range_text
from dataflare_lsp.server.view import Area, JsonText, View
from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from dataflare_lsp.features.folding import Fold
    from dataflare_lsp.features.inlay_hints import Hint
    from dataflare_lsp.features.lenses import Lens
    from dataflare_lsp.features.manifest import Link
    from dataflare_lsp.features.references import Reference
    from dataflare_lsp.features.workspace_symbols import Found

DEPRECATED: Final = 1
"""The tag of completions and symbols."""

COMPLETION_KINDS: Final[dict[CompletionKind, CompletionItemKind]] = {
    "keyword": CompletionItemKind.Keyword,
    "builtin": CompletionItemKind.Keyword,
    "type": CompletionItemKind.TypeParameter,
    "record": CompletionItemKind.Struct,
    "variant": CompletionItemKind.Enum,
    "enum": CompletionItemKind.Enum,
    "flags": CompletionItemKind.Enum,
    "resource": CompletionItemKind.Class,
    "function": CompletionItemKind.Function,
    "interface": CompletionItemKind.Interface,
    "world": CompletionItemKind.Module,
    "package": CompletionItemKind.Folder,
    "version": CompletionItemKind.Constant,
    "feature": CompletionItemKind.Constant,
    "attribute": CompletionItemKind.Property,
    "table": CompletionItemKind.Struct,
    "key": CompletionItemKind.Property,
    "value": CompletionItemKind.Value,
    "file": CompletionItemKind.File,
    "folder": CompletionItemKind.Folder,
}

SYMBOL_KINDS: Final[dict[SymbolKind, Kind]] = {
    "package": Kind.Package,
    "interface": Kind.Interface,
    "world": Kind.Module,
    "type": Kind.TypeParameter,
    "record": Kind.Struct,
    "variant": Kind.Enum,
    "enum": Kind.Enum,
    "flags": Kind.Enum,
    "resource": Kind.Class,
    "function": Kind.Function,
    "method": Kind.Method,
    "constructor": Kind.Constructor,
    "field": Kind.Field,
    "case": Kind.EnumMember,
    "flag": Kind.EnumMember,
    "import": Kind.Event,
    "export": Kind.Event,
    "include": Kind.Namespace,
    "table": Kind.Object,
    "key": Kind.Key,
}


_Areas = Callable[[Span], Area]


def range_of(area: Area) -> dict[str, Json]:
    """A range of the protocol."""
    return {
        "start": {"line": area.line, "character": area.column},
        "end": {"line": area.end_line, "character": area.end_column},
    }


def edits_json(view: View, file: str, edits: Iterable[TextEdit]) -> list[Json]:
    """Edits of a file."""
    areas = view.areas(file)
    return [{"range": range_of(areas(span)), "newText": new} for span, new in edits]


def hover_json(view: View, file: str, found: Hover | None) -> Json:
    """A hover, or null."""
    if found is None:
        return None
    return {
        "contents": _markup(found.markdown, view.client.hover_markdown),
        "range": range_of(view.area(file, found.span)),
    }


def _markup(markdown: str, wanted: bool) -> Json:
    if wanted:
        return {"kind": "markdown", "value": markdown}
    return {"kind": "plaintext", "value": plain(markdown)}


# Places --------------------------------------------------------------------------------------------------------


def locations_json(view: View, found: Sequence[Location], links: bool) -> Json:
    """Definitions: as links with all of each, or as the places of their names; not those without a text."""
    shown: list[Json] = []
    for location in found:
        if not view.has_text(location.file):
            continue
        uri = view.uri(location.file)
        name = range_of(view.area(location.file, location.span))
        if links:
            full = range_of(view.area(location.file, location.full))
            shown.append({"targetUri": uri, "targetRange": full, "targetSelectionRange": name})
        else:
            shown.append({"uri": uri, "range": name})
    return shown or None


def references_json(view: View, found: "Iterable[Reference]") -> list[Json]:
    """Places where a name is written; not those without a text."""
    return [
        {"uri": view.uri(one.file), "range": range_of(view.area(one.file, one.span))}
        for one in found
        if view.has_text(one.file)
    ]


def highlights_json(view: View, file: str, found: "Iterable[Reference]") -> list[Json]:
    """The same in one file: where a name is given, it is written, elsewhere it is read."""
    areas = view.areas(file)
    kinds = {True: DocumentHighlightKind.Write, False: DocumentHighlightKind.Read}
    return [{"range": range_of(areas(one.span)), "kind": kinds[one.gives].value} for one in found]


def folds_json(found: "Iterable[Fold]") -> list[Json]:
    """Lines that can be hidden."""
    return [
        {"startLine": fold.first, "endLine": fold.last, **({"kind": fold.kind} if fold.kind else {})} for fold in found
    ]


def selections_json(view: View, file: str, found: Sequence[Span]) -> Json:
    """What is around a place, the smallest first, each within the next."""
    areas = view.areas(file)
    around: Json = None
    for span in reversed(found):
        inner: dict[str, Json] = {"range": range_of(areas(span))}
        around = inner if around is None else {**inner, "parent": around}
    return around


def links_json(view: View, file: str, found: "Iterable[Link]") -> list[Json]:
    """Links to files and to addresses of the web."""
    areas = view.areas(file)
    return [
        {"range": range_of(areas(span)), "target": address or view.uri_of(target)} for span, target, address in found
    ]


_LENSES = {
    "run": ("▶ Run", "dataflare.runPlugin"),
    "debug": ("Debug", "dataflare.debugPlugin"),
    "replay": ("Replay", "dataflare.replayPlugin"),
}
"""What a lens says, and the command of the client that it stands for."""


def lenses_json(view: View, file: str, found: "Iterable[Lens]") -> list[Json]:
    """Those lenses whose commands the client has. Their argument is the URI of the plugin's manifest."""
    areas = view.areas(file)
    return [
        {
            "range": range_of(areas(lens.span)),
            "command": {"title": title, "command": command, "arguments": [view.uri_of(lens.manifest)]},
        }
        for lens in found
        for title, command in (_LENSES[lens.act],)
        if command in view.client.commands
    ]


def hints_json(view: View, file: str, found: "Iterable[Hint]") -> list[Json]:
    """Inlay hints, each at the end of its line."""
    areas = view.areas(file)
    return [
        {
            "position": range_of(areas(Span(hint.offset, hint.offset)))["start"],
            "label": hint.label,
            "tooltip": hint.tooltip,
            "paddingLeft": True,
        }
        for hint in found
    ]


def found_json(view: View, found: "Found") -> JsonText:
    """A definition somewhere in the workspace."""
    uri = dumps(view.uri(found.source.file))
    lines, encoding = found.source.lines, view.client.encoding
    start, end = map(lines.position, found.symbol.selection)
    area = range_text(Area(start.line, lines.units(start, encoding), end.line, lines.units(end, encoding)))
    inside = f',"containerName":{dumps(found.container)}' if found.container else ""
    return JsonText(f'{_symbol_head(view, found.symbol)},"location":{{"uri":{uri},"range":{area}}}{inside}}}')


def symbols_json(view: View, file: str, found: Sequence[Symbol]) -> JsonText:
    """The outline: a tree, or for clients that show none a list. Written at once, since there may be thousands."""
    areas = view.areas(file)
    if view.client.symbol_tree:
        return JsonText(f"[{','.join([_symbol(view, areas, symbol) for symbol in found])}]")
    uri = dumps(view.uri_of(file))
    return JsonText(f"[{','.join(_flat_symbols(view, areas, uri, found, ''))}]")


def _symbol(view: View, areas: _Areas, symbol: Symbol) -> str:
    area, name = range_text(areas(symbol.span)), range_text(areas(symbol.selection))
    shown = f'{_symbol_head(view, symbol)},"range":{area},"selectionRange":{name}'
    if symbol.detail:
        shown += f',"detail":{dumps(symbol.detail)}'
    if symbol.children:
        shown += f',"children":[{",".join([_symbol(view, areas, child) for child in symbol.children])}]'
    return shown + "}"


def _flat_symbols(view: View, areas: _Areas, uri: str, found: Sequence[Symbol], container: str) -> Iterator[str]:
    inside = f',"containerName":{dumps(container)}' if container else ""
    for symbol in found:
        area = range_text(areas(symbol.span))
        yield f'{_symbol_head(view, symbol)},"location":{{"uri":{uri},"range":{area}}}{inside}}}'
        yield from _flat_symbols(view, areas, uri, symbol.children, symbol.name)


def _symbol_head(view: View, symbol: Symbol) -> str:
    head = f'{{"name":{dumps(symbol.name)},"kind":{SYMBOL_KINDS[symbol.kind].value}'
    if symbol.deprecated:
        head += f',"tags":[{DEPRECATED}]' if view.client.symbol_tags else ',"deprecated":true'
    return head


def _deprecate(shown: dict[str, Json], tags: bool) -> None:
    if tags:
        shown["tags"] = [DEPRECATED]
    else:
        shown["deprecated"] = True


# Completions ---------------------------------------------------------------------------------------------------


def completions_json(view: View, file: str, found: Completions) -> Json:
    """A list of completions."""
    spans = {item.span for item in found.items}
    common = spans.pop() if len(spans) == 1 and view.client.edit_range_default else None
    areas: dict[Span, Json] = {}
    shown: dict[str, Json] = {
        "isIncomplete": found.is_incomplete,
        "items": [_completion(view, file, item, common, areas) for item in found.items],
    }
    if common is not None:
        shown["itemDefaults"] = {"editRange": range_of(view.area(file, common))}
    return shown


def _completion(view: View, file: str, item: Completion, common: Span | None, areas: dict[Span, Json]) -> Json:
    client = view.client
    snippet = bool(item.snippet) and client.snippets
    new = item.snippet if snippet else item.insert
    shown: dict[str, Json] = {"label": item.label, "kind": COMPLETION_KINDS[item.kind].value}
    if common is None:
        if item.span not in areas:
            areas[item.span] = range_of(view.area(file, item.span))
        shown["textEdit"] = {"range": areas[item.span], "newText": new}
    elif new != item.label:
        shown["textEditText"] = new
    if snippet:
        shown["insertTextFormat"] = InsertTextFormat.Snippet.value
    if item.detail:
        if client.label_details:
            shown["labelDetails"] = {"description": item.detail}
        else:
            shown["detail"] = item.detail
    if item.sort_text:
        shown["sortText"] = item.sort_text
    if item.filter_text:
        shown["filterText"] = item.filter_text
    if item.edits:
        shown["additionalTextEdits"] = edits_json(view, file, item.edits)
    if item.deprecated:
        _deprecate(shown, client.completion_tags)
    if item.documentation:
        rich = client.completion_markdown
        shown["documentation"] = _markup(item.documentation, True) if rich else plain(item.documentation)
    elif item.about is not None:
        body = item.about.body
        shown["data"] = [file, body.file, body.scope, body.name, body.nth, item.about.name]
    return shown


def about_of(data: object) -> tuple[str, About] | None:
    """The file that a completion was offered in and what it stands for, from the `data` of it."""
    match data:
        case [str(file), str(where), int(scope), str(body), int(nth), str(name)]:
            return file, About(BodyId(where, scope, body, nth), name)
    return None


def resolved(view: View, item: CompletionItem, documented: Callable[[Snapshot, str, About], str]) -> CompletionItem:
    """A completion with its documentation."""
    found = about_of(item.data)
    markdown = documented(view.snapshot, *found) if found is not None else ""
    if markdown:
        rich = view.client.completion_markdown
        item.documentation = MarkupContent(MarkupKind.Markdown, markdown) if rich else plain(markdown)
    return item


# Code actions --------------------------------------------------------------------------------------------------


def actions_json(view: View, file: str, found: Iterable[CodeAction], asked: CodeActionContext) -> list[Json]:
    """Code actions of the kinds that the client asks for; what mends its diagnostics has these with it."""
    return [
        _action(view, file, action, asked.diagnostics)
        for action in found
        if asked.only is None or any(_is_of(action.kind, kind) for kind in map(_kind, asked.only))
    ]


def _is_of(kind: str, wanted: str) -> bool:
    """Whether a kind is the one wanted or below it; that of no name is above all."""
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


def _area(given: Range) -> Area:
    return Area(given.start.line, given.start.character, given.end.line, given.end.character)


def _kind(kind: CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, CodeActionKind) else kind


def _action(view: View, file: str, action: CodeAction, given: Iterable[Diagnostic]) -> Json:
    shown: dict[str, Json] = {
        "title": action.title,
        "kind": action.kind,
        "edit": workspace_edit_json(view, {file: action.edits}),
    }
    if action.diagnostic is not None:
        area = view.area(file, action.diagnostic.span)
        mended = [one for one in given if one.code == action.diagnostic.code and _area(one.range) == area]
        if mended:
            shown["diagnostics"] = cast(list[Json], mended)
    if action.preferred and view.client.preferred_actions:
        shown["isPreferred"] = True
    return shown


def workspace_edit_json(view: View, edits: Mapping[str, Iterable[TextEdit]]) -> Json:
    """Edits of several files."""
    files = [(view.uri_of(file), view.version_of(file), edits_json(view, file, some)) for file, some in edits.items()]
    if view.client.versioned_edits:
        changes: list[Json] = [
            {"textDocument": {"uri": uri, "version": version}, "edits": some} for uri, version, some in files
        ]
        return {"documentChanges": changes}
    return {"changes": {uri: some for uri, _, some in files}}
