"""Every code of components has a page, whose example has the mistake and whose mended example has none."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from support.components import component_of
from wasmtime import wat2wasm

from dataflare_lsp.cli.codes import severities
from dataflare_lsp.cli.components import look_into
from dataflare_lsp.cli.main import main
from dataflare_lsp.component.codes import SEVERITIES, explain
from dataflare_lsp.manifest.codes import SEVERITIES as OF_MANIFESTS
from dataflare_lsp.wit.codes import SEVERITIES as OF_WIT
from dataflare_lsp.workspace.agreement import Found
from dataflare_lsp.workspace.recorded import failed, sought_of, tallied
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import load

MANIFEST = """\
manifest-version = 1

[plugin]
name = "acme:json"
version = "1.0.0"
kind = "processor"

[component]
path = "build/json.wasm"
"""
WIT = """\
package acme:json@1.0.0;

world plugin {
    include dataflare:core/dataflare-plugin@1.0.0;
}
"""
COMPONENT, BUILT_FROM = "the component", "the component was built from this"
CALLED = "the component, whose `run` was called"
_BLOCK = re.compile(r"```(\w+)\n(?:(?://|;;) ([^\n]*)\n)?(.*?)```", re.DOTALL)


def parts(section: str) -> dict[str, str]:
    """The files that the blocks of an example are, with those that go without saying."""
    found = {"toml": MANIFEST, "wit/world.wit": WIT}
    for language, name, text in _BLOCK.findall(section):
        found[name or language] = text
    return found


def codes(section: str, folder: Path, wasm_tools: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The codes of what is wrong with the plugin, or the component alone, that an example shows."""
    found = parts(section)
    build = folder / "plugin" / "build"
    build.mkdir(parents=True)
    folder.chmod(0o700)
    monkeypatch.setattr("dataflare_lsp.runtime.cache.default_folder", lambda: str(folder / "cache"))
    component = build / "json.wasm"
    path = folder / "plugin"
    if CALLED in found:
        component.write_bytes(wat2wasm(found[CALLED]))
        (path / "dataflare.toml").write_text(MANIFEST)
        return {one.diagnostic.code for one in called(path)}
    if COMPONENT in found:
        component.write_bytes(wat2wasm(found[COMPONENT]))
        path = component
    else:
        (folder / "plugin" / "dataflare.toml").write_text(found["toml"])
        for name, text in found.items():
            if name.endswith(".wit"):
                file = folder / "plugin" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        wit = found.get(BUILT_FROM) or found["wit/world.wit"]
        deps = "".join(f"//- {name.removeprefix('wit/')}\n{text}" for name, text in found.items() if "/deps/" in name)
        component.write_bytes(component_of(wasm_tools, f"//- world.wit\n{wit}{deps}", "plugin", folder / "making"))
    workspace = load(find_roots([str(path)], manifests=True))
    roots = list(workspace.roots.values())
    look_into(workspace, roots, starting=COMPONENT in found)
    return {one.code for root in roots for file in root.files for one in workspace.diagnostics(root.path, file)}


def called(folder: Path) -> Iterator[Found]:
    """What is said of a plugin whose function `run` was called, and that remembered."""
    main(["run", str(folder), "--call", "run()", "--remember"])
    workspace = load(find_roots([str(folder)], manifests=True))
    plugin = workspace.plugin(str(folder / "dataflare.toml"))
    sought = sought_of(plugin)
    assert sought is not None
    workspace.plugins.recordings.keep(plugin.file, sought, tallied(sought))
    yield from failed(workspace, plugin)


@pytest.mark.parametrize("code", sorted(SEVERITIES))
def test_the_examples_of_a_page_are_what_they_say(
    code: str, tmp_path: Path, wasm_tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = explain(code)
    assert page is not None
    assert page.startswith(f"# {code}\n")
    bad, good = page.partition("## Example")[2].split("## Fix")
    assert codes(bad, tmp_path / "bad", wasm_tools, monkeypatch) == {code}
    assert codes(good, tmp_path / "good", wasm_tools, monkeypatch) == set()


def test_a_code_that_does_not_exist_has_no_page() -> None:
    assert explain("no-such-code") is None


def test_there_are_no_pages_of_other_codes() -> None:
    pages = {page.name for page in (files("dataflare_lsp.component") / "explanations").iterdir()}
    assert pages == {f"{code}.md" for code in SEVERITIES}


def test_no_code_is_one_of_another_layer() -> None:
    assert len(severities()) == len(SEVERITIES) + len(OF_WIT) + len(OF_MANIFESTS)
