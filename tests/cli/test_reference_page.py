"""The reference page describes what there is, and nothing else."""

import re

import pytest
from support.shared import REPOSITORY

from dataflare_lsp.cli.commands import COMMANDS, FORMATS
from dataflare_lsp.cli.options import Command

PAGE = (REPOSITORY / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def section(name: str, level: str = "##") -> str:
    """The part of the page under a heading."""
    found = re.search(rf"^{level} {name}\n(.*?)(?=^{level} |^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {name}"
    return found[1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_options_of_a_command_are_described(command: Command):
    described = re.findall(r"^\| `(--[^`]+)` \|", section(command.name), re.MULTILINE)
    assert described == [f"{option.name} {option.metavar}".strip() for option in command.options]


def test_every_command_is_listed():
    listed = re.findall(r"^\| \[`([a-z]+)`\]\(#\1\) \| (.*) \|$", PAGE, re.MULTILINE)
    assert listed == [(command.name, command.summary[0].lower() + command.summary[1:]) for command in COMMANDS]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_section(name: str):
    assert section(name, "###").strip()
