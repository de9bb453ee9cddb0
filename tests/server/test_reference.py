"""The page about the server names what there is."""

import re

from support.shared import REPOSITORY

from dataflare_lsp.server.reports import MOST
from dataflare_lsp.server.settings import NAMES

PAGE = (REPOSITORY / "docs" / "reference" / "server.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table() -> None:
    assert re.findall(r"^\| `dataflare\.([\w.]+)` \|", PAGE, re.MULTILINE) == list(NAMES)


def test_the_limit_is_the_one_that_counts() -> None:
    assert f"the first {MOST:,} diagnostics" in PAGE
