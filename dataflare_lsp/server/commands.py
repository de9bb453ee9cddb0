"""What a user can have the server do: `workspace/executeCommand`, and the request for the WIT of a binary."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams

from dataflare_lsp.server.capabilities import SHOW_WIT, VALIDATE, Json
from dataflare_lsp.server.client import flag
from dataflare_lsp.server.outlet import Refused
from dataflare_lsp.server.session import Session
from dataflare_lsp.text import Diagnostic
from dataflare_lsp.workspace.roots import is_encoded, is_manifest
from dataflare_lsp.workspace.uris import file_of, view_of, viewed

if TYPE_CHECKING:
    from dataflare_lsp.workspace.parts import Artefact


async def run(session: Session, command: str, arguments: Sequence[object]) -> Json:
    """Do what a command says. Raises `JsonRpcInvalidParams` where it makes no sense."""
    uri, *options = arguments or [None]
    if command not in (VALIDATE, SHOW_WIT) or not isinstance(uri, str):
        raise JsonRpcInvalidParams(f"`{command}` is no command, or lacks the URI of a manifest or a component")
    if command == VALIDATE:
        return await _validate(session, uri, bool(options) and flag(options[0], "instantiate"))
    return await _show_wit(session, uri)


# The WIT of a binary ----------------------------------------------------------------------------------------------


async def component_wit(session: Session, uri: str) -> dict[str, Json]:
    """The WIT of the binary at a URI, or of that which a manifest names: its `text` and `uri`, or a `message`."""
    await session.loaded()
    file = _binary(session, uri)
    if file is None or not is_encoded(file):
        return {"text": None, "message": "this is neither a `.wasm` or `.wat` file nor a manifest that names one"}
    if not session.is_of_workspace(file):
        return {"text": None, "message": "the file lies outside of the workspace"}
    from dataflare_lsp.workspace.shown_wit import shown_wit

    found = await asyncio.get_running_loop().run_in_executor(None, shown_wit, file)
    if found.text is None:
        return {"text": None, "message": found.message}
    return {"text": found.text, "uri": view_of(file)}


def _binary(session: Session, uri: str) -> str | None:
    file = viewed(uri) or file_of(uri)
    return session.plugins.component(file) if is_manifest(file) else file


async def _show_wit(session: Session, uri: str) -> Json:
    found = await component_wit(session, uri)
    client = session.state.client
    if found["text"] is not None and client.virtual_documents and client.shows_documents:
        try:
            await session.state.outlet.ask("window/showDocument", {"uri": found["uri"], "takeFocus": True})
        except Refused as refusal:
            found["message"] = str(refusal)
    return found


# Validating -------------------------------------------------------------------------------------------------------


async def _validate(session: Session, uri: str, starting: bool) -> Json:
    """Whether a plugin, or a component by itself, is as it should be: `ok`, how many `diagnostics`, and a `message`."""
    await session.loaded()
    file = file_of(uri)
    manifest = file if is_manifest(file) else next(iter(session.plugins.naming(file)), None)
    path = session.plugins.component(file) if is_manifest(file) else file
    workspace = session.state.workspace
    if (manifest is None and not is_encoded(file)) or (manifest is not None and manifest not in workspace.roots):
        return _answer("this is neither a manifest of the workspace nor a component")
    if path is not None and not session.is_of_workspace(path):
        return _answer("the file lies outside of the workspace")
    if path is not None:
        await session.validation.examine(path, manifest, starting, asked=True)
    artefact = workspace.plugins.artefacts.at(path) if path is not None else None
    found = _of_plugin(session, manifest) if manifest is not None else _of_component(artefact)
    worst = sorted(found, key=lambda one: _ORDER.index(one.severity))
    if worst:
        more = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
        ok = worst[0].severity != "error"
        return {"ok": ok, "diagnostics": len(worst), "message": worst[0].message + more}
    return _good(artefact, manifest is not None)


_ORDER = ("error", "warning", "information", "hint")


def _answer(message: str) -> Json:
    return {"ok": False, "diagnostics": 0, "message": message}


def _of_plugin(session: Session, manifest: str) -> list[Diagnostic]:
    workspace = session.state.workspace
    found = [one.diagnostic for one in workspace.agreement(manifest)]
    return [*workspace.own_diagnostics(manifest, manifest), *found]


def _of_component(artefact: "Artefact | None") -> list[Diagnostic]:
    from dataflare_lsp.workspace.agreement import judge_file

    return list(judge_file(artefact, None)) if artefact is not None else []


def _good(artefact: "Artefact | None", is_plugin: bool) -> Json:
    from dataflare_lsp.runtime.instantiation import Started
    from dataflare_lsp.runtime.validation import Valid

    if artefact is None:
        return _answer("there is no component")
    said = []
    if isinstance(artefact.outcome, Valid):
        said.append("is valid")
    if is_plugin:
        said.append("agrees with its WIT and its manifest")
    if isinstance(artefact.start, Started):
        said.append(f"starts in {artefact.start.milliseconds:,.1f} ms")
    listed = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
    name = os.path.basename(artefact.path)
    return {
        "ok": True,
        "diagnostics": 0,
        "message": f"`{name}` {listed or 'was not validated: only `.wasm` files are'}",
    }
