"""docs/how-to/debug.md: the session that it shows is one."""

import re
from pathlib import Path

import pytest
from support.dap import REAL, Client, client
from support.shared import REPOSITORY

PAGE = (REPOSITORY / "docs" / "how-to" / "debug.md").read_text(encoding="utf-8")
COMMANDS = {
    "Continue": "continue",
    "Step Over": "next",
    "Step Into": "stepIn",
    "Step Out": "stepOut",
    "Step Back": "stepBack",
    "Reverse": "reverseContinue",
}


def rows() -> list[tuple[str, str]]:
    """What the user does and sees, row by row."""
    table = PAGE.partition("<!-- session -->\n")[2].partition("\n\n")[0]
    found = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [(done, seen.strip("`")) for done, seen in found]


def test_the_session_is_as_it_is_told(tmp_path: Path) -> None:
    records = PAGE.partition("<!-- records -->\n```json\n")[2].partition("```")[0]
    (tmp_path / "records.ndjson").write_text(records)
    program = str(REPOSITORY / "docs" / "examples" / "pass-through" / "plugin.wat")
    with client(REAL, tmp_path, tmp_path / "cache") as opened:
        for done, seen in rows():
            assert (done, did(opened, done, program, str(tmp_path / "records.ndjson"))) == (done, seen)


def did(opened: Client, done: str, program: str, records: str) -> str:
    """What a user sees who has done this."""
    if found := re.fullmatch(r"set a function breakpoint on `(.+)`, and start", done):
        return told(opened.launch(breakpoints=[found[1]], program=program, input=records))
    if found := re.fullmatch(r"look at `(.+)`", done):
        return opened.evaluate(found[1])
    if found := re.fullmatch(r"set `(.+)` to `(.+)`", done):
        value: str = opened.ask("setExpression", expression=found[1], value=found[2], frameId=1)["value"]
        return value
    return told(opened.go(COMMANDS[done.strip("*")]))


def told(where: str) -> str:
    """Where the plugin stops, without the reason."""
    return where.partition(": ")[2]


@pytest.mark.parametrize("name", ["arguments", "result", "error", "record", "record_index", "function", "moment"])
def test_every_name_is_described(name: str) -> None:
    assert f"`{name}`" in PAGE.partition("## Conditions")[2].partition("## Steps")[0]
