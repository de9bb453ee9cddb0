"""Hover in `dataflare.toml`."""

from pathlib import Path

from support.plugins import scene

from dataflare_lsp.features.manifest.hover import hover


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


def test_nothing(tmp_path: Path):
    assert shown(tmp_path, "[plugin]\ncolo<CURSOR>ur = 1") is None
    assert shown(tmp_path, "# x<CURSOR>") is None
