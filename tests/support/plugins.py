"""Plugins written as one text, with the cursor in the manifest: what features are asked about.

    [plugin]
    name = "<CURSOR>"
    //- wit/world.wit
    package acme:json;

Text before the first `//- path` line is the manifest. The files are on disk.
"""

import re
from pathlib import Path
from typing import NamedTuple

from support.program import program

from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.roots import MANIFEST, find_roots
from dataflare_lsp.workspace.workspace import Workspace, load

WIT = """
//- wit/world.wit
package acme:json@1.0.0;
world plugin { include dataflare:core/dataflare-plugin@1.0.0; }
world other {}
//- wit/deps/clocks/clocks.wit
package wasi:clocks@0.2.3;
//- samples/records.ndjson
{}
//- samples/more.ndjson
{}
//- config.schema.json
{}
"""


class Scene(NamedTuple):
    """A plugin, and the place in its manifest that a test is about."""

    workspace: Workspace
    plugin: Plugin
    offset: int

    @property
    def text(self) -> str:
        return self.plugin.document.text


def scene(folder: Path, written: str, wit: str = WIT) -> Scene:
    """The plugin that a text describes."""
    flat = re.sub("^ +", "", written.lstrip("\n"), flags=re.MULTILINE)
    manifest = flat.partition("//- ")[0]
    offset = max(manifest.find("<CURSOR>"), 0)
    flat = flat.replace("<CURSOR>", "")
    program(f"//- {MANIFEST}\n{flat}{wit}").write(folder)
    workspace = load(find_roots([str(folder)], manifests=True))
    return Scene(workspace, workspace.plugin(str(folder / MANIFEST)), offset)
