"""An editor with a folder open, driven by pytest-lsp: files by name, answers as short lines.

async with editor(tmp_path, PUSHES) as it:
    it.open("app.wit", "interface i { f: func() -> nothing; }")
    assert await it.shown("app.wit") == ["1:28-1:35 unresolved-name"]
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

SERVER = [sys.executable, "-m", "dataflare_lsp", "serve"]
PATIENCE = 20.0
"""Seconds to wait for what has to come."""


def capabilities(
    *,
    encodings: tuple[str, ...] = ("utf-8", "utf-16"),
    pull: bool = False,
    refresh: bool = False,
    watch: bool = False,
    configuration: bool = False,
    progress: bool = False,
    document: Mapping[str, Any] | None = None,
    versioned_edits: bool = False,
) -> types.ClientCapabilities:
    """What a client can do. `document` are capabilities of `textDocument`, by name."""
    edit = types.WorkspaceEditClientCapabilities(document_changes=versioned_edits)
    watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=watch)
    changes = types.DidChangeConfigurationClientCapabilities(dynamic_registration=configuration)
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(one) for one in encodings]
        ),
        text_document=types.TextDocumentClientCapabilities(
            **{
                "publish_diagnostics": types.PublishDiagnosticsClientCapabilities(
                    version_support=True, related_information=True
                ),
                "diagnostic": types.DiagnosticClientCapabilities() if pull else None,
                **(document or {}),
            }
        ),
        window=types.WindowClientCapabilities(work_done_progress=progress),
        workspace=types.WorkspaceClientCapabilities(
            configuration=configuration,
            did_change_configuration=changes,
            did_change_watched_files=watched,
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=refresh),
            workspace_edit=edit,
            workspace_folders=True,
        ),
    )


PUSHES = capabilities()
PULLS = capabilities(pull=True)


class Editor:
    """A running server and its client. Files are named by their paths in the folder, or by URI."""

    def __init__(self, client: LanguageClient, folder: Path, offered: types.ServerCapabilities) -> None:
        self.client = client
        self.folder = folder
        self.offered = offered
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: list[types.PublishDiagnosticsParams] = []
        """All that was published, in order."""
        self.registered: list[types.Registration] = []

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def document(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    # Texts

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file, as it is on disk if no text is given."""
        if text is None:
            text = (self.folder / name).read_text(encoding="utf-8")
        self.texts[name], self.versions[name] = text, 1
        item = types.TextDocumentItem(self.uri(name), "wit", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in an open file (in ASCII)."""
        text = self.texts[name]
        at = text.index(old)
        self.change(name, (*_place(text, at), *_place(text, at + len(old)), new))
        self.texts[name] = text.replace(old, new, 1)

    def change(self, name: str, *edits: tuple[int, int, int, int, str] | str) -> None:
        """Send edits as `(line, character, end line, end character, new)`, or whole texts."""
        changes: list[types.TextDocumentContentChangeEvent] = []
        for edit in edits:
            if isinstance(edit, str):
                changes.append(types.TextDocumentContentChangeWholeDocument(edit))
            else:
                line, character, end_line, end_character, new = edit
                where = types.Range(types.Position(line, character), types.Position(end_line, end_character))
                changes.append(types.TextDocumentContentChangePartial(where, new))
        self.versions[name] = self.versions.get(name, 0) + 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def close(self, name: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(name)))

    # Diagnostics

    async def shown(self, name: str, wanted: Callable[[list[str]], bool] = lambda _: True) -> list[str]:
        """What is published for a file, once it is as wanted. Fails with what is there when it never is."""
        uri = self.uri(name)
        return await self.eventually(
            lambda: lines(self.client.diagnostics[uri]) if uri in self.client.diagnostics else None, wanted
        )

    async def pulled(self, name: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """What the server says when it is asked."""
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(self.document(name), previous_result_id=previous)
        )

    async def eventually(self, look: Callable[[], Any], wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """What `look` sees, once that is not None and as wanted."""
        end = monotonic() + PATIENCE
        while True:
            seen = look()
            if seen is not None and wanted(seen):
                return seen
            assert monotonic() < end, f"for {PATIENCE} s there was only {seen!r}"
            await asyncio.sleep(0.005)

    # Features

    def at(self, name: str, mark: str, offset: int = 0) -> Any:
        """The arguments of a request about the place where `mark` begins in an open file (in ASCII)."""
        return self.document(name), types.Position(*_place(self.texts[name], self.texts[name].index(mark) + offset))


def lines(found: Any) -> list[str]:
    """Diagnostics as `line:column-line:column code`, 1-based."""
    return [f"{area(one.range)} {one.code}" for one in found]


def area(where: types.Range) -> str:
    """A range as `line:column-line:column`, 1-based."""
    start, end = where.start, where.end
    return f"{start.line + 1}:{start.character + 1}-{end.line + 1}:{end.character + 1}"


def applied(text: str, edits: Any) -> str:
    """A text in ASCII after the edits of an answer."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        first = starts[edit.range.start.line] + edit.range.start.character
        last = starts[edit.range.end.line] + edit.range.end.character
        text = text[:first] + edit.new_text + text[last:]
    return text


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1


@asynccontextmanager
async def editor(
    folder: Path | None,
    can: types.ClientCapabilities = PUSHES,
    *,
    options: object = None,
    settings: dict[str, Any] | None = None,
    place: Path | None = None,
) -> AsyncIterator[Editor]:
    """An editor with `folder` open, or none: then `place` is where its files are."""
    client = make_test_lsp_client()
    if settings is not None:
        client.set_configuration(settings)
    cache = TemporaryDirectory()
    await client.start_io(*SERVER, env={**os.environ, "XDG_CACHE_HOME": cache.name})
    it = Editor(client, folder or place or Path("/nowhere"), types.ServerCapabilities())

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _(params: types.RegistrationParams) -> None:
        it.registered += params.registrations

    def published(params: types.PublishDiagnosticsParams) -> None:
        it.published.append(params)
        client.diagnostics[params.uri] = params.diagnostics

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = published
    folders = [types.WorkspaceFolder(folder.as_uri(), folder.name)] if folder is not None else None
    try:
        result = await client.initialize_session(
            types.InitializeParams(
                capabilities=can,
                workspace_folders=folders,
                root_uri=folders[0].uri if folders else None,
                initialization_options=options,
            )
        )
        it.offered = result.capabilities
        yield it
        await client.shutdown_session()
        assert client.error is None
    except BaseException:
        # A test that fails says no goodbye, and pytest-lsp would wait for the server for ever.
        if client._server is not None and client._server.returncode is None:
            client._server.kill()
        raise
    finally:
        await client.stop()
        cache.cleanup()


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Put files into a folder, by their paths in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
