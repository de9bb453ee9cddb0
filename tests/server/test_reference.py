"""The page about the server names what there is."""

import re

from support.shared import REPOSITORY

from dataflare_lsp.server.capabilities import COMMANDS
from dataflare_lsp.server.reports import MOST
from dataflare_lsp.server.settings import NAMES

PAGE = (REPOSITORY / "docs" / "reference" / "server.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table() -> None:
    section = PAGE.partition("## Settings\n")[2]
    assert re.findall(r"^\| `dataflare\.([\w.]+)` \|", section, re.MULTILINE) == list(NAMES)


def test_the_limit_is_the_one_that_counts() -> None:
    assert f"the first {MOST:,} diagnostics" in PAGE


def test_every_command_is_in_the_table() -> None:
    assert tuple(re.findall(r"^\| `(dataflare\.\w+)` \| a ", PAGE, re.MULTILINE)) == COMMANDS
