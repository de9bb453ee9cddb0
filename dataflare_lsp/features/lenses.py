"""Code lenses: what can be done with a plugin, shown where its world and its manifest are written."""

import os
from typing import Literal, NamedTuple

from dataflare_lsp.features.symbols import document_symbols
from dataflare_lsp.manifest.tree import Document, text_of
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.provided import wit_of
from dataflare_lsp.workspace.snapshot import Snapshot

Act = Literal["run", "debug", "replay"]


class Lens(NamedTuple):
    """Something that can be done with the plugin of a manifest, shown above a span."""

    span: Span
    act: Act
    manifest: str


def world_lenses(snapshot: Snapshot, file: str, plugin: Plugin, is_recorded: bool) -> tuple[Lens, ...]:
    """Lenses at the plugin's own world, and debug at each of its exports; nothing in files of others.

    `is_recorded`: whether there is a recording that can be replayed.
    """
    place = wit_of(plugin.file, plugin.document)
    if place is None or not (file == place or os.path.dirname(file) == place):
        return ()
    outline = document_symbols(snapshot, file)
    # A file's package holds what is in it, if it says which package it is.
    inside = [child for symbol in outline for child in symbol.children if symbol.kind == "package"]
    worlds = [symbol for symbol in (*outline, *inside) if symbol.kind == "world"]
    named = _world(plugin.document)
    found = []
    for world in worlds:
        if named not in (None, world.name):
            continue
        found += [Lens(world.selection, act, plugin.file) for act in _acts(is_recorded)]
        found += [Lens(child.selection, "debug", plugin.file) for child in world.children if child.kind == "export"]
    return tuple(found)


def manifest_lenses(plugin: Plugin, is_recorded: bool) -> tuple[Lens, ...]:
    """Lenses at the name of the plugin."""
    table = plugin.document.root.entries.get("plugin")
    if table is None:
        return ()
    return tuple([Lens(table.key.span, act, plugin.file) for act in _acts(is_recorded)])


def _acts(is_recorded: bool) -> tuple[Act, ...]:
    return ("run", "debug", "replay") if is_recorded else ("run", "debug")


def _world(document: Document) -> str | None:
    """The plugin's world as it is called in its package, where the manifest names it."""
    named = text_of(document.root.get("world", "name"))
    return named.partition("@")[0].rpartition("/")[2] if named else None
