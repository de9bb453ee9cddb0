"""What the server can do for a client: its answer to `initialize`, as JSON."""

from dataflare_lsp import __version__
from dataflare_lsp.features.token_legend import LEGEND_MODIFIERS, LEGEND_TYPES
from dataflare_lsp.server.client import Client

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

VALIDATE = "dataflare.validate"
SHOW_WIT = "dataflare.showWit"
COMMANDS = (VALIDATE, SHOW_WIT)
COMPLETION_TRIGGERS = (":", "/", ".", "{", "@", "<", "%", '"', "'", "[")
FORMAT_TRIGGERS = (";", "}", "\n")


def initialize_result(client: Client) -> dict[str, Json]:
    """The result of `initialize`."""
    return {
        "capabilities": server_capabilities(client),
        "serverInfo": {"name": "dataflare-lsp", "version": __version__},
    }


def server_capabilities(client: Client) -> dict[str, Json]:
    """What is offered to a client, and nothing that it cannot take."""
    offered: dict[str, Json] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": False}},
        "completionProvider": {
            "triggerCharacters": list(COMPLETION_TRIGGERS),
            "resolveProvider": True,
        },
        "hoverProvider": True,
        "definitionProvider": True,
        "typeDefinitionProvider": True,
        "referencesProvider": True,
        "documentHighlightProvider": True,
        "renameProvider": {"prepareProvider": True} if client.prepares_rename else True,
        "foldingRangeProvider": True,
        "selectionRangeProvider": True,
        "workspaceSymbolProvider": True,
        "documentSymbolProvider": True,
        "documentLinkProvider": {"resolveProvider": False},
        "inlayHintProvider": {"resolveProvider": False},
        "documentFormattingProvider": True,
        "documentRangeFormattingProvider": True,
        "documentOnTypeFormattingProvider": {
            "firstTriggerCharacter": FORMAT_TRIGGERS[0],
            "moreTriggerCharacter": list(FORMAT_TRIGGERS[1:]),
        },
        "semanticTokensProvider": {
            "legend": {"tokenTypes": list(LEGEND_TYPES), "tokenModifiers": list(LEGEND_MODIFIERS)},
            "full": True,
            "range": True,
        },
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if client.code_action_literals:
        offered["codeActionProvider"] = {"codeActionKinds": ["quickfix", "source.fixAll"]}
    if client.commands:
        offered["codeLensProvider"] = {"resolveProvider": False}
    if client.pulls_diagnostics:
        offered["diagnosticProvider"] = {
            "identifier": "dataflare",
            "interFileDependencies": True,
            "workspaceDiagnostics": True,
        }
    return offered
