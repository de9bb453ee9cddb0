"""The reference page is the one that the model makes."""

import pytest
from support.manifest_page import example, page
from support.shared import REPOSITORY

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.rules import RULES
from dataflare_lsp.manifest.toml import parse


def test_the_page_is_current():
    written = (REPOSITORY / "docs" / "reference" / "manifest.md").read_text(encoding="utf-8")
    assert written == page()


def test_its_example_is_right():
    assert check(parse(example())) == ()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_listed(rule: str):
    assert f"| `{rule}` |" in page()
