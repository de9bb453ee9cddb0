"""Definition and links in `dataflare.toml`."""

from pathlib import Path

import pytest
from support.plugins import scene

from dataflare_lsp.features.manifest.definition import definition, links


def found(folder: Path, written: str) -> list[str]:
    """The places that the cursor leads to: the file from the folder, and the text there."""
    place = scene(folder, written)
    shown = []
    for location in definition(place.plugin, place.offset):
        text = Path(location.file).read_text(encoding="utf-8")
        name = Path(location.file).name if "core" in location.file else str(Path(location.file).relative_to(folder))
        shown.append(f"{name}: {text[slice(*location.span)]}".rstrip())
    return shown


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("[world]\nname = 'acme:json/plu<CURSOR>gin'", "wit/world.wit: plugin"),
        ("[world]\nname = 'ot<CURSOR>her'", "wit/world.wit: other"),
        ("[world]\ntarget = 'dataflare:core/source-<CURSOR>plugin'", "worlds.wit: source-plugin"),
        ("[debug]\ninput = 'samples/<CURSOR>more.ndjson'", "samples/more.ndjson:"),
        ("[config]\nschema = '<CURSOR>config.schema.json'", "config.schema.json:"),
        ("[dependencies]\n'wasi:<CURSOR>clocks' = '1'", "wit/deps/clocks/clocks.wit: wasi:clocks@0.2.3"),
    ],
)
def test_where_names_lead(tmp_path: Path, written: str, place: str):
    assert found(tmp_path, written) == [place]


@pytest.mark.parametrize("value", ["'../x'", "'samples'", "'gone.json'", "1", "'/etc/passwd'"])
def test_what_leads_nowhere(tmp_path: Path, value: str):
    assert found(tmp_path, f"[debug]\ninput = <CURSOR>{value}") == []


def test_links(tmp_path: Path):
    place = scene(
        tmp_path,
        """
        [plugin]
        homepage = "https://example.com/x"
        description = "https://example.com"
        [debug]
        input = "samples/more.ndjson"
        [config]
        schema = "gone.json"
        """,
    )
    assert [(place.text[slice(*one.span)], one.file, one.address) for one in links(place.plugin)] == [
        ("https://example.com/x", "", "https://example.com/x"),
        ("samples/more.ndjson", str(tmp_path / "samples" / "more.ndjson"), ""),
    ]
