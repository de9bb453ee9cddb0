"""The outline of `dataflare.toml`."""

from dataflare_lsp.features.manifest.symbols import document_symbols
from dataflare_lsp.features.symbols import Symbol
from dataflare_lsp.manifest.toml import parse


def outline(symbols: tuple[Symbol, ...], depth: int = 0) -> list[str]:
    return [
        line
        for one in symbols
        for line in (f"{'  ' * depth}{one.kind} {one.name} {one.detail}".rstrip(), *outline(one.children, depth + 1))
    ]


def test_tables_and_keys():
    text = 'manifest-version = 1\n[plugin]\nname = "a:b"\nauthors = [\n  "x",\n]\nkin\n[[capabilities.filesystem]]\npath = "a"\n'
    symbols = document_symbols(parse(text))
    assert outline(symbols) == [
        "key manifest-version 1",
        "table plugin",
        '  key name "a:b"',
        '  key authors [ "x", ]',
        "  key kin",
        "table capabilities.filesystem",
        '  key path "a"',
    ]
    assert text[slice(*symbols[1].span)] == '[plugin]\nname = "a:b"\nauthors = [\n  "x",\n]\nkin'
    assert text[slice(*symbols[1].selection)] == "plugin"
