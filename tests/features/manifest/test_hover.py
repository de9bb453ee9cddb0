"""Hover in `dataflare.toml`."""

from pathlib import Path

from support.plugins import scene
from support.variants import COMPONENT, EXAMPLE, Change, write
from wasmtime import wat2wasm

from dataflare_lsp.features.manifest.hover import hover
from dataflare_lsp.workspace.roots import MANIFEST, find_roots
from dataflare_lsp.workspace.workspace import load


def shown(folder: Path, written: str) -> str | None:
    place = scene(folder, written)
    found = hover(place.plugin, place.offset)
    return found.markdown if found is not None else None


def test_a_key(tmp_path: Path):
    assert shown(tmp_path, "[limits]\nmem<CURSOR>ory = '64MiB'") == (
        "How much memory an instance may have, from 64KiB to 4GiB.\n\n"
        "Value: a size with its unit, such as `64MiB`.\n\n"
        '```toml\nmemory = "64MiB"\n```'
    )


def test_a_key_with_a_default_and_one_that_is_required(tmp_path: Path):
    assert "Default: `false`." in (shown(tmp_path, "[capabilities]\n<CURSOR>strict = true") or "")
    assert "Required." in (shown(tmp_path, "[plugin]\n<CURSOR>name = ''") or "")


def test_a_table(tmp_path: Path):
    assert (shown(tmp_path, "[lim<CURSOR>its]") or "").startswith("What an instance, or a call, may use.")
    assert (shown(tmp_path, "[[capabilities.<CURSOR>filesystem]]") or "").startswith("The files and directories")


def test_a_key_in_braces(tmp_path: Path):
    text = "[capabilities]\nfilesystem = [{ path = 'a', acc<CURSOR>ess = 'read' }]"
    assert (shown(tmp_path, text) or "").startswith("What the plugin may do there.")


def test_a_word_that_is_chosen(tmp_path: Path):
    assert (
        shown(tmp_path, "[plugin]\nkind = 'fil<CURSOR>ter'") == "`filter`: Decides for each record whether it goes on."
    )
    assert shown(tmp_path, "[capabilities]\nwasi = ['ran<CURSOR>dom']") == "`random`: Random numbers: `wasi:random`."


def test_a_world(tmp_path: Path):
    assert shown(tmp_path, "[world]\nname = 'acme:json/pl<CURSOR>ugin'") == (
        "```wit\nworld plugin\n```\n\nIn `acme:json@1.0.0`, the plugin's own package.\n\n"
        "It imports `logging`, `metrics`, `configuration` from the host."
    )


def test_a_dependency(tmp_path: Path):
    assert shown(tmp_path, "[dependencies]\n'wasi:<CURSOR>clocks' = '1'") == (
        "```wit\npackage wasi:clocks@0.2.3\n```\n\nHere: a dependency."
    )


# The component


def of_example(folder: Path, mark: str, *changes: Change) -> str:
    """What is shown in the manifest of the example of the documentation, which is changed."""
    write(folder, changes)
    plugin = load(find_roots([str(folder)], manifests=True)).plugin(str(folder / MANIFEST))
    found = hover(plugin, plugin.document.text.index(mark))
    return found.markdown if found is not None else ""


def test_a_component(tmp_path: Path):
    size = f"{len(wat2wasm((EXAMPLE / 'plugin.wat').read_text(encoding='utf-8'))):,}"
    assert of_example(tmp_path, "build/plugin.wasm") == (
        f"A component of {size} bytes with 2 imports and 1 export. It has not been validated.\n\n"
        "Imports: `dataflare:core/metrics@1.0.0`, `dataflare:core/types@1.0.0`\n\n"
        "Exports: `dataflare:core/data-processor@1.0.0`"
    )


def test_who_made_a_component(tmp_path: Path):
    made = '(component (@producers (language "Rust" "1.90") (processed-by "wit-component" "0.240")))'
    text = of_example(tmp_path, "build/plugin.wasm", Change("plugin.wat", "", made))
    assert text.endswith("with 0 imports and 0 exports. It has not been validated.\n\n"
                         "Written in Rust 1.90, made by wit-component 0.240.")  # fmt: skip


def test_what_is_no_component(tmp_path: Path):
    text = of_example(tmp_path, "build/plugin.wasm", Change(COMPONENT, "", ""))
    assert text == "This is not a component: the file is empty."


def test_a_grant_that_is_used_and_one_that_is_not(tmp_path: Path):
    grants = Change(MANIFEST, '["metrics"]', '["metrics", "logging"]\nwasi = ["random"]')
    assert of_example(tmp_path / "a", "metrics", grants).endswith(
        "\n\nThe component imports `dataflare:core/metrics@1.0.0`."
    )
    assert of_example(tmp_path / "b", "logging", grants).endswith("\n\nThe component does not import it.")
    assert of_example(tmp_path / "c", "random", grants).endswith("\n\nThe component does not import it.")


def test_nothing(tmp_path: Path):
    assert shown(tmp_path, "[plugin]\ncolo<CURSOR>ur = 1") is None
    assert shown(tmp_path, "# x<CURSOR>") is None
