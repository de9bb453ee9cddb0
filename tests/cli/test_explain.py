import pytest

from dataflare_lsp.cli.codes import explain, severities
from dataflare_lsp.cli.explain import painted
from dataflare_lsp.cli.terminal import COLOURED


@pytest.mark.parametrize("code", severities())
def test_every_code_is_explained(cli, code: str):
    assert cli("explain", code) == (0, explain(code), "")


def test_a_code_may_be_copied_with_what_is_around_it(cli):
    assert cli("explain", "error[unresolved-name]") == cli("explain", "unresolved-name")


def test_without_a_code_all_are_listed(cli):
    code, out, err = cli("explain")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(severities())
    assert "  unresolved-name         There is no type of that name.\n" in out


def test_an_unknown_code_says_what_was_meant(cli):
    assert cli("explain", "unresolvedname") == (
        2,
        "",
        "error: there is no diagnostic `unresolvedname`; did you mean `unresolved-name`?\n",
    )


def test_headings_and_code_are_set_off_by_colour():
    page = "# some-code\n\nUse `x`.\n\n## Example\n\n```wit\npackage a:b;\n```\n"
    assert painted(page, COLOURED) == (
        "\x1b[1msome-code\x1b[0m\n\nUse \x1b[1;36mx\x1b[0m.\n\n\x1b[1mExample\x1b[0m\n\n"
        "    \x1b[1;36mpackage a:b;\x1b[0m\n"
    )
