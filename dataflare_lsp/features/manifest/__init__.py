"""What an editor asks of a manifest: functions of a plugin, and a place in its manifest's text.

Invariant: as for all features, takes a snapshot's plugin and gives back plain values.
"""

from dataflare_lsp.features.manifest.completion import completion
from dataflare_lsp.features.manifest.definition import Link, definition, links, paths, world_names
from dataflare_lsp.features.manifest.hover import hover
from dataflare_lsp.features.manifest.symbols import document_symbols

__all__ = ["Link", "completion", "definition", "document_symbols", "hover", "links", "paths", "world_names"]
