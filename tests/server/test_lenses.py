"""Code lenses: what can be done with a plugin, for clients that say that they can do it."""

from pathlib import Path
from typing import Any

from lsprotocol import types
from support.editor import editor, write

MANIFEST = """\
manifest-version = 1
[plugin]
name = "acme:json"
version = "1.0.0"
kind = "processor"
[world]
name = "acme:json/plugin"
"""
WORLD = """\
package acme:json@1.0.0;
world plugin {
    include dataflare:core/dataflare-plugin@1.0.0;
    export extra: func();
}
world other { export more: func(); }
"""
PLUGIN = {"dataflare.toml": MANIFEST, "wit/world.wit": WORLD, "elsewhere/alone.wit": WORLD}
BOTH = {"commands": ["dataflare.runPlugin", "dataflare.debugPlugin"]}


async def lenses(folder: Path, file: str, options: dict[str, Any]) -> list[str]:
    """The lenses of a file: line, title and command, having seen that they are about the plugin's manifest."""
    write(folder, PLUGIN)
    async with editor(folder, options=options) as it:
        it.open(file)
        await it.shown(file)
        client: Any = it.client
        found = await client.text_document_code_lens_async(
            types.CodeLensParams(types.TextDocumentIdentifier(it.uri(file)))
        )
        assert [lens.command.arguments for lens in found or ()] == [(it.uri("dataflare.toml"),)] * len(found or ())
        return [f"{lens.range.start.line + 1} {lens.command.title}" for lens in found or ()]


async def test_the_plugins_world_can_be_run_and_debugged(tmp_path: Path):
    assert await lenses(tmp_path, "wit/world.wit", BOTH) == ["2 ▶ Run", "2 Debug", "4 Debug"]


async def test_the_manifest_can_be_run_and_debugged(tmp_path: Path):
    assert await lenses(tmp_path, "dataflare.toml", BOTH) == ["2 ▶ Run", "2 Debug"]


async def test_a_client_is_offered_what_it_can_do(tmp_path: Path):
    only = {"commands": ["dataflare.debugPlugin"]}
    assert await lenses(tmp_path, "dataflare.toml", only) == ["2 Debug"]


async def test_wit_that_is_not_the_plugins_has_none(tmp_path: Path):
    assert await lenses(tmp_path, "elsewhere/alone.wit", BOTH) == []
