"""The peer: the least that a pygls server can be. It publishes one diagnostic for each document that is opened."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def publish(params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
    start = types.Position(0, 0)
    said = types.Diagnostic(types.Range(start, start), f"version {params.text_document.version}")
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(params.text_document.uri, [said], params.text_document.version)
    )


if __name__ == "__main__":
    server.start_io()
