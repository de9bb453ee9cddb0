"""Every code of manifests has a page, whose example has the mistake and whose mended example has none."""

import re
from importlib.resources import files

import pytest
from support.manifests import Around

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.codes import SEVERITIES, explain
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.wit.codes import SEVERITIES as OF_WIT

_EXAMPLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)

PLUGIN = Around(
    {
        "wit/world.wit": "package acme:json@1.0.0;\nworld plugin { }\n",
        "wit/deps/clocks.wit": "package wasi:clocks@0.2.3;\n",
        "samples/records.ndjson": "",
        "target/json.wasm": "",
    }
)
"""The plugin that the examples are the manifests of."""


def _codes(text: str) -> set[str]:
    return {one.code for one in check(parse(text), PLUGIN)}


@pytest.mark.parametrize("code", sorted(SEVERITIES))
def test_the_examples_of_a_page_are_what_they_say(code: str) -> None:
    page = explain(code)
    assert page is not None
    assert page.startswith(f"# {code}\n")
    bad, good = _EXAMPLE.findall(page)
    assert _codes(bad) == {code}
    assert _codes(good) == set()


def test_a_code_that_does_not_exist_has_no_page() -> None:
    assert explain("no-such-code") is None


def test_there_are_no_pages_of_other_codes() -> None:
    pages = {page.name for page in (files("dataflare_lsp.manifest") / "explanations").iterdir()}
    assert pages == {f"{code}.md" for code in SEVERITIES}


def test_no_code_is_one_of_wit_as_well() -> None:
    assert set(SEVERITIES).isdisjoint(OF_WIT)
