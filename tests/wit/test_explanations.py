"""Every code has a page, whose example has the mistake and whose mended example has none."""

import re

import pytest
from support.screens import ROOT, files_in, workspace

from dataflare_lsp.wit.codes import SEVERITIES, explain

_EXAMPLE = re.compile(r"```wit\n(.*?)```", re.DOTALL)


def _codes(text: str) -> set[str]:
    files = files_in(text)
    space = workspace(files)
    return {d.code for path in files for d in space.diagnostics(ROOT, f"{ROOT}/{path}")}


@pytest.mark.parametrize("code", sorted(set(SEVERITIES) - {"unreadable-file", "not-a-package"}))
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
    from importlib.resources import files

    pages = {page.name for page in (files("dataflare_lsp.wit") / "explanations").iterdir()}
    assert pages == {f"{code}.md" for code in SEVERITIES}


def test_the_reference_page_lists_them_all() -> None:
    from support.diagnostics_page import page
    from support.shared import REPOSITORY

    written = (REPOSITORY / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    assert written == page()
