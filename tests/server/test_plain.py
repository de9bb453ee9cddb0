"""Markdown for clients that show none."""

from dataflare_lsp.server.plain import plain


def test_a_hover_reads_as_text() -> None:
    markdown = "```wit\ntype id = u64\n```\n\n---\n\nA `key`, see [the docs](https://x.example).  \nSecond line."
    assert plain(markdown) == "type id = u64\n\nA key, see the docs.\nSecond line."


def test_text_stays() -> None:
    assert plain("a * b_c <d>\n\ne") == "a * b_c <d>\n\ne"
