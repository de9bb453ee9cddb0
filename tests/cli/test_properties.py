"""Whatever is in a file, a report is one that its readers can read."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflare_lsp.cli.output import github, text
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.cli.terminal import COLOURED, PLAIN
from dataflare_lsp.text import Diagnostic, Lines, Related, Span

ANYTHING = st.text(
    st.characters(codec=None) | st.sampled_from("\t\n\r\0\x1b\x9b\ufeff\u202e日e\u0301\udcff "), max_size=300
)


@st.composite
def results(draw: st.DrawFn) -> Results:
    """A diagnostic with related places, anywhere in two files of any text."""
    lines = {file: Lines(draw(ANYTHING)) for file in ("/here/a.wit", "/here/b.wit")}

    def span(file: str) -> Span:
        length = len(lines[file].text)
        start = draw(st.integers(0, length))
        return Span(start, draw(st.integers(start, length)))

    files = st.sampled_from(list(lines))
    related = [Related(file, span(file), draw(ANYTHING)) for file in draw(st.lists(files, max_size=4))]
    notes = tuple(draw(st.lists(ANYTHING, max_size=2)))
    found = Diagnostic("wrong", "error", draw(ANYTHING), span("/here/a.wit"), draw(ANYTHING), notes, tuple(related))
    root = RootResult("/here", tuple(lines), (Found("/here/a.wit", found),))
    return Results((root,), lines, "/here")


@given(results(), st.integers(1, 200))
def test_a_terminal_gets_only_what_it_can_show(found: Results, width: int):
    for line in text.render(found, PLAIN, width).split("\n"):
        assert not any(sign < " " or "\x7f" <= sign < "\xa0" or "\ud800" <= sign <= "\udfff" for sign in line)


@given(results())
def test_colours_change_nothing_else(found: Results):
    coloured = text.render(found, COLOURED)
    for code in ("0", "1", "1;31", "1;34"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == text.render(found, PLAIN)


@given(results())
def test_a_workflow_command_is_one_line(found: Results):
    command, _ = github.render(found).removesuffix("\n").rsplit("\n", 1)
    assert command.startswith("::error file=a.wit,")
    assert "\n" not in command
    assert "\r" not in command


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200) | ANYTHING.map(lambda written: ("package a:b; " + written).encode(errors="replace")))
@pytest.mark.parametrize("name", ["text", "json", "sarif", "gitlab", "junit"])
def test_every_format_of_every_file_is_well_formed(cli, name: str, content: bytes):
    (cli.folder / "app.wit").write_bytes(content)
    done = cli("check", "--format", name)
    assert done.code in (0, 1)
    assert done.err == ""
    if name == "junit":
        ElementTree.fromstring(done.out)
    elif name != "text":
        json.loads(done.out)
