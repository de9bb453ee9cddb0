"""What the editor can do and wants, read from its `initialize` request."""

from typing import Final, NamedTuple

from dataflare_lsp.text import Encoding

_PREFERRED: Final[tuple[Encoding, ...]] = ("utf-8", "utf-32", "utf-16")


class Client(NamedTuple):
    """The editor. Where it says nothing of something, it cannot do it."""

    name: str = ""
    folders: tuple[str, ...] = ()
    """The URIs of the folders that it has open."""
    encoding: Encoding = "utf-16"
    pulls_diagnostics: bool = False
    refreshes_diagnostics: bool = False
    refreshes_lenses: bool = False
    refreshes_hints: bool = False
    related_information: bool = False
    diagnostic_tags: bool = False
    diagnostic_versions: bool = False
    snippets: bool = False
    completion_markdown: bool = False
    completion_tags: bool = False
    label_details: bool = False
    edit_range_default: bool = False
    """Whether a list of completions may name the range of all its edits once."""
    hover_markdown: bool = False
    definition_links: bool = False
    type_definition_links: bool = False
    symbol_tree: bool = False
    symbol_tags: bool = False
    code_action_literals: bool = False
    preferred_actions: bool = False
    prepares_rename: bool = False
    versioned_edits: bool = False
    watches_files: bool = False
    configuration: bool = False
    configuration_registration: bool = False
    progress: bool = False
    shows_documents: bool = False
    """Whether it opens a document that it is asked to."""
    virtual_documents: bool = False
    """Whether it shows documents of the scheme `dataflare-wit`, by its `initializationOptions`."""
    commands: frozenset[str] = frozenset()
    """The commands of its own that it knows, by its `initializationOptions`: `dataflare.runPlugin`, …"""


def client_of(params: object) -> Client:
    """The client that sends the parameters `params` with `initialize`, however odd they are."""
    can = look(params, "capabilities")
    document = look(can, "textDocument")
    workspace = look(can, "workspace")
    diagnostic = look(document, "publishDiagnostics")
    pull = look(document, "diagnostic")
    completion = look(document, "completion")
    item = look(completion, "completionItem")
    symbol = look(document, "documentSymbol")
    action = look(document, "codeAction")
    return Client(
        name=text(look(params, "clientInfo", "name")),
        folders=_folders(params),
        encoding=_encoding(look(can, "general", "positionEncodings")),
        pulls_diagnostics=isinstance(pull, dict),
        refreshes_diagnostics=flag(workspace, "diagnostics", "refreshSupport"),
        refreshes_lenses=flag(workspace, "codeLens", "refreshSupport"),
        refreshes_hints=flag(workspace, "inlayHint", "refreshSupport"),
        related_information=flag(diagnostic, "relatedInformation") or flag(pull, "relatedInformation"),
        diagnostic_tags=bool(look(diagnostic, "tagSupport") or look(pull, "tagSupport")),
        diagnostic_versions=flag(diagnostic, "versionSupport"),
        snippets=flag(item, "snippetSupport"),
        completion_markdown=_prefers_markdown(look(item, "documentationFormat")),
        completion_tags=bool(look(item, "tagSupport")),
        label_details=flag(item, "labelDetailsSupport"),
        edit_range_default="editRange" in strings(look(completion, "completionList", "itemDefaults")),
        hover_markdown=_prefers_markdown(look(document, "hover", "contentFormat")),
        definition_links=flag(document, "definition", "linkSupport"),
        type_definition_links=flag(document, "typeDefinition", "linkSupport"),
        symbol_tree=flag(symbol, "hierarchicalDocumentSymbolSupport"),
        symbol_tags=bool(look(symbol, "tagSupport")),
        code_action_literals=isinstance(look(action, "codeActionLiteralSupport"), dict),
        prepares_rename=flag(document, "rename", "prepareSupport"),
        preferred_actions=flag(action, "isPreferredSupport"),
        versioned_edits=flag(workspace, "workspaceEdit", "documentChanges"),
        watches_files=flag(workspace, "didChangeWatchedFiles", "dynamicRegistration"),
        configuration=flag(workspace, "configuration"),
        configuration_registration=flag(workspace, "didChangeConfiguration", "dynamicRegistration"),
        progress=flag(can, "window", "workDoneProgress"),
        shows_documents=flag(can, "window", "showDocument", "support"),
        virtual_documents=flag(params, "initializationOptions", "virtualDocuments"),
        commands=frozenset(strings(look(params, "initializationOptions", "commands"))),
    )


def look(value: object, *path: str) -> object:
    """What is at a path of names in JSON, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def flag(value: object, *path: str) -> bool:
    """Whether `true` is at a path of names in JSON."""
    return look(value, *path) is True


def text(value: object) -> str:
    """A string of JSON; anything else is empty."""
    return value if isinstance(value, str) else ""


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list of JSON."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _encoding(offered: object) -> Encoding:
    """UTF-8 costs nothing in ASCII and is what most editors keep; UTF-16 is what all have."""
    known = strings(offered)
    return next((encoding for encoding in _PREFERRED if encoding in known), "utf-16")


def _prefers_markdown(formats: object) -> bool:
    """The first format is the preferred one."""
    return strings(formats)[:1] == ("markdown",)


def _folders(params: object) -> tuple[str, ...]:
    folders = look(params, "workspaceFolders")
    if isinstance(folders, list):
        return tuple(filter(None, (text(look(folder, "uri")) for folder in folders)))
    uri = text(look(params, "rootUri"))
    if uri:
        return (uri,)
    path = text(look(params, "rootPath"))
    if path:
        from dataflare_lsp.workspace.uris import uri_of

        return (uri_of(path),)
    return ()
