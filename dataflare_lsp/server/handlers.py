"""One handler for each method of the protocol: convert, ask, convert back."""

import asyncio
import os

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dataflare_lsp.features.code_actions import code_actions
from dataflare_lsp.features.completion import completion, documented
from dataflare_lsp.features.definition import definition, type_definition
from dataflare_lsp.features.formatting import format_document, format_on_type, format_range
from dataflare_lsp.features.hover import hover
from dataflare_lsp.features.symbols import document_symbols
from dataflare_lsp.server import convert
from dataflare_lsp.server.capabilities import Json
from dataflare_lsp.server.client import text
from dataflare_lsp.server.documents import Change
from dataflare_lsp.server.protocol import Server
from dataflare_lsp.server.session import Session
from dataflare_lsp.server.view import JsonText, View
from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.workspace.roots import CORE, is_manifest, is_view, manifest_above
from dataflare_lsp.workspace.uris import file_of, viewed


def register(server: Server, session: Session) -> None:
    """Handle the messages of a session."""
    _life(server, session)
    _texts(server, session)
    _diagnostics(server, session)
    _features(server, session)
    _names(server, session)
    _formatting(server, session)
    _commands(server, session)


def _life(server: Server, session: Session) -> None:
    @server.feature(types.INITIALIZED)
    def _(_: types.InitializedParams) -> None:
        session.begin()

    @server.feature(types.SHUTDOWN)
    def _(_: None) -> None:
        server.protocol.stop()

    @server.feature(types.EXIT)
    def _(_: None) -> None:
        server.protocol.end()

    @server.feature(types.SET_TRACE)
    def _(_: types.SetTraceParams) -> None:
        pass


def _texts(server: Server, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.open(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        session.change(document.uri, document.version, [_change(one) for one in params.content_changes])

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def _(params: types.DidSaveTextDocumentParams) -> None:
        session.save(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def _(params: types.DidChangeWatchedFilesParams) -> None:
        session.told([(file_of(one.uri), one.type != types.FileChangeType.Changed) for one in params.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def _(params: types.DidChangeWorkspaceFoldersParams) -> None:
        event = params.event
        session.change_folders([folder.uri for folder in event.added], [folder.uri for folder in event.removed])

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def _(params: types.DidChangeConfigurationParams) -> None:
        session.change_settings(params.settings)


def _diagnostics(server: Server, session: Session) -> None:
    pulled = session.pulled
    if pulled is None:
        return

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC)
    def _(params: types.DocumentDiagnosticParams) -> JsonText:
        return pulled.of_file(file_of(params.text_document.uri), params.previous_result_id)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def _(params: types.WorkspaceDiagnosticParams) -> JsonText:
        previous = {file_of(one.uri): one.value for one in params.previous_result_ids}
        return await pulled.of_workspace(previous, params.partial_result_token)


def _features(server: Server, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION)
    def _(params: types.CompletionParams) -> Json:
        view, file, offset = _place(session, params)
        if is_manifest(file):
            from dataflare_lsp.features import manifest

            return convert.completions_json(view, file, manifest.completion(view.snapshot.plugin(file), offset))
        return convert.completions_json(view, file, completion(view.snapshot, file, offset))

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def _(item: types.CompletionItem) -> types.CompletionItem | dict[str, Json]:
        return convert.resolved(session.view(), item, documented)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _(params: types.HoverParams) -> Json:
        view, file, offset = _place(session, params)
        if is_manifest(file):
            from dataflare_lsp.features import manifest

            return convert.hover_json(view, file, manifest.hover(view.snapshot.plugin(file), offset))
        return convert.hover_json(view, file, hover(view.snapshot, file, offset))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def _(params: types.DefinitionParams) -> Json:
        view, file, offset = _place(session, params)
        if is_manifest(file):
            from dataflare_lsp.features import manifest

            found = manifest.definition(view.snapshot.plugin(file), offset)
        else:
            found = definition(view.snapshot, file, offset)
        return convert.locations_json(view, found, view.client.definition_links)

    @server.feature(types.TEXT_DOCUMENT_TYPE_DEFINITION)
    def _(params: types.TypeDefinitionParams) -> Json:
        view, file, offset = _place(session, params)
        found = type_definition(view.snapshot, file, offset)
        return convert.locations_json(view, found, view.client.type_definition_links)

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def _(params: types.FoldingRangeParams) -> Json:
        from dataflare_lsp.features.folding import folds

        view, file = session.view(), file_of(params.text_document.uri)
        return convert.folds_json(() if is_manifest(file) else folds(view.snapshot, file))

    @server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)
    def _(params: types.SelectionRangeParams) -> Json:
        from dataflare_lsp.features.selection import selections

        view, file = session.view(), file_of(params.text_document.uri)
        offsets = [view.offset(file, place.line, place.character) for place in params.positions]
        if is_manifest(file):
            return [{"range": convert.range_of(view.area(file, Span(offset, offset)))} for offset in offsets]
        return [convert.selections_json(view, file, selections(view.snapshot, file, offset)) for offset in offsets]

    @server.feature(types.WORKSPACE_SYMBOL)
    async def _(params: types.WorkspaceSymbolParams) -> JsonText:
        from dataflare_lsp.features.workspace_symbols import workspace_symbols

        await session.loaded()
        view = session.view()
        shown = []
        for found in workspace_symbols(view.snapshot, params.query):
            if found is not None:
                shown.append(convert.found_json(view, found).text)
            else:
                await asyncio.sleep(0)
        return JsonText(f"[{','.join(shown)}]")

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def _(params: types.DocumentSymbolParams) -> JsonText:
        view, file = session.view(), file_of(params.text_document.uri)
        if is_manifest(file):
            from dataflare_lsp.features import manifest

            document = view.snapshot.plugin(file).document
            return convert.symbols_json(view, file, manifest.document_symbols(document))
        return convert.symbols_json(view, file, document_symbols(view.snapshot, file))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    def _(params: types.DocumentLinkParams) -> Json:
        view, file = session.view(), file_of(params.text_document.uri)
        if not is_manifest(file):
            return []
        from dataflare_lsp.features import manifest

        return convert.links_json(view, file, manifest.links(view.snapshot.plugin(file)))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def _(params: types.CodeLensParams) -> Json:
        view, file = session.view(), file_of(params.text_document.uri)
        manifest = _manifest_of(file)
        if manifest is None or not view.client.commands:
            return []
        from dataflare_lsp.features.lenses import manifest_lenses, world_lenses

        plugin = view.snapshot.plugin(manifest)
        is_recorded = session.recordings.at(manifest) is not None
        if is_manifest(file):
            return convert.lenses_json(view, file, manifest_lenses(plugin, is_recorded))
        return convert.lenses_json(view, file, world_lenses(view.snapshot, file, plugin, is_recorded))

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def _(params: types.InlayHintParams) -> Json:
        view, file, span = _selection(session, params)
        manifest = _caller_of(session, file)
        tally = session.recordings.at(manifest) if manifest is not None else None
        if tally is None or is_manifest(file):
            return []
        from dataflare_lsp.features.inlay_hints import recorded_hints

        return convert.hints_json(view, file, recorded_hints(view.snapshot, file, span, tally))

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL)
    def _(params: types.SemanticTokensParams) -> JsonText:
        return session.state.tokens.write(session.view(), file_of(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE)
    def _(params: types.SemanticTokensRangeParams) -> JsonText:
        view, file, span = _selection(session, params)
        return session.state.tokens.write(view, file, span)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def _(params: types.CodeActionParams) -> Json:
        view, file, span = _selection(session, params)
        return convert.actions_json(view, file, code_actions(view.snapshot, file, span), params.context)


def _names(server: Server, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def _(params: types.ReferenceParams) -> Json:
        from dataflare_lsp.features.references import references

        view, named = _named_at(session, params)
        found = references(view.snapshot, *named) if named is not None else ()
        wanted = [one for one in found if params.context.include_declaration or not one.gives]
        return convert.references_json(view, wanted)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def _(params: types.DocumentHighlightParams) -> Json:
        from dataflare_lsp.features.references import highlights

        view, file, offset = _place(session, params)
        return convert.highlights_json(view, file, highlights(view.snapshot, file, offset))

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def _(params: types.PrepareRenameParams) -> Json:
        from dataflare_lsp.features.rename import NotRenamed, renamable

        view, file, offset = _place(session, params)
        if is_manifest(file):
            return None
        try:
            found = renamable(view.snapshot, file, offset)
        except NotRenamed as why:
            raise _failed(why) from None
        if found is None:
            return None
        return {"range": convert.range_of(view.area(file, found.span)), "placeholder": found.name}

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    def _(params: types.RenameParams) -> Json:
        from dataflare_lsp.features.rename import NotRenamed, rename

        view, file, offset = _place(session, params)
        try:
            edits = rename(view.snapshot, file, offset, params.new_name)
        except NotRenamed as why:
            raise _failed(why) from None
        return convert.workspace_edit_json(view, edits)


def _failed(why: Exception) -> JsonRpcException:
    """What a client shows to its user."""
    return JsonRpcException(str(why), types.LSPErrorCodes.RequestFailed.value)


def _formatting(server: Server, session: Session) -> None:
    state = session.state

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def _(params: types.DocumentFormattingParams) -> Json:
        view, file = session.view(), file_of(params.text_document.uri)
        return _edits(session, view, file, format_document(view.snapshot, file, state.settings.indent))

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def _(params: types.DocumentRangeFormattingParams) -> Json:
        view, file, span = _selection(session, params)
        return _edits(session, view, file, format_range(view.snapshot, file, span, state.settings.indent))

    @server.feature(types.TEXT_DOCUMENT_ON_TYPE_FORMATTING)
    def _(params: types.DocumentOnTypeFormattingParams) -> Json:
        view, file, offset = _place(session, params)
        found = format_on_type(view.snapshot, file, offset, params.ch, state.settings.indent)
        return _edits(session, view, file, found)


def _commands(server: Server, session: Session) -> None:
    @server.feature(types.WORKSPACE_EXECUTE_COMMAND)
    async def _(params: types.ExecuteCommandParams) -> Json:
        from dataflare_lsp.server.commands import run

        return await run(session, params.command, params.arguments or ())

    @server.feature("dataflare/componentWit")
    async def _(params: tuple[object, ...]) -> Json:
        from dataflare_lsp.server.commands import component_wit

        return await component_wit(session, text(getattr(params, "uri", None)))


def _manifest_of(file: str) -> str | None:
    """The manifest of the plugin that a file is in, or that it is."""
    return file if is_manifest(file) else manifest_above(os.path.dirname(file))


def _caller_of(session: Session, file: str) -> str | None:
    """The manifest of the plugin that is meant where functions of a file are called.

    For the host's interfaces as this tool has them, that is the only plugin that there is.
    """
    if os.path.dirname(file) == CORE:
        manifests = [root for root in session.state.workspace.roots if is_manifest(root)]
        return manifests[0] if len(manifests) == 1 else None
    return _manifest_of(viewed(file) or file)


def _edits(session: Session, view: View, file: str, found: tuple[TextEdit, ...]) -> Json:
    """What formatting does, unless the user wants none. Manifests are left to what formats TOML, and what shows a
    binary cannot be changed."""
    wanted = session.state.settings.formatting and not is_manifest(file) and not is_view(file)
    return convert.edits_json(view, file, found) if wanted else None


_AtPosition = (
    types.TextDocumentPositionParams
    | types.CompletionParams
    | types.HoverParams
    | types.DefinitionParams
    | types.TypeDefinitionParams
    | types.ReferenceParams
    | types.DocumentHighlightParams
    | types.PrepareRenameParams
    | types.RenameParams
    | types.DocumentOnTypeFormattingParams
)


def _named_at(session: Session, params: "_AtPosition") -> tuple[View, tuple[str, int] | None]:
    """The file and offset of the name that a request is about: for a manifest, where what it names is defined."""
    view, file, offset = _place(session, params)
    if not is_manifest(file):
        return view, (file, offset)
    from dataflare_lsp.features import manifest

    found = manifest.definition(view.snapshot.plugin(file), offset)
    return view, (found[0].file, found[0].span.start) if found and found[0].span.end else None


_AtRange = (
    types.SemanticTokensRangeParams
    | types.CodeActionParams
    | types.DocumentRangeFormattingParams
    | types.InlayHintParams
)


def _place(session: Session, params: _AtPosition) -> tuple[View, str, int]:
    """The file and offset that a request is about."""
    view, file, position = session.view(), file_of(params.text_document.uri), params.position
    return view, file, view.offset(file, position.line, position.character)


def _selection(session: Session, params: _AtRange) -> tuple[View, str, Span]:
    """The file and the text in it that a request is about."""
    view, file = session.view(), file_of(params.text_document.uri)
    start, end = params.range.start, params.range.end
    span = Span(view.offset(file, start.line, start.character), view.offset(file, end.line, end.character))
    return view, file, span


def _change(change: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(change, types.TextDocumentContentChangePartial):
        start, end = change.range.start, change.range.end
        return Change(change.text, (start.line, start.character), (end.line, end.character))
    return Change(change.text)
