"""The extension for VS Code and the server are of one piece: version, settings, commands."""

import json
import re
from typing import Any

import pytest
from support.shared import REPOSITORY

from dataflare_lsp import __version__
from dataflare_lsp.debug.schema import launch_schema
from dataflare_lsp.server.capabilities import COMMANDS
from dataflare_lsp.server.settings import NAMES, Settings, settings_of

EXTENSION = REPOSITORY / "editors" / "vscode"


@pytest.fixture(scope="module")
def package() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    return found


def test_the_version_is_that_of_the_server(package: dict[str, Any]):
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert (package["version"], lock["version"]) == (__version__, __version__)


def test_every_setting_of_the_server_can_be_set_and_no_other(package: dict[str, Any]):
    properties = {
        name.removeprefix("dataflare."): one
        for section in package["contributes"]["configuration"]
        for name, one in section["properties"].items()
    }
    own = {"server.path", "trace.server"}
    assert set(properties) - own == set(NAMES)
    assert all(one["markdownDescription"].endswith(".") for one in properties.values())
    defaults = {name: properties[name]["default"] for name in NAMES}
    assert settings_of(defaults) == (Settings(), ())


def test_commands_are_not_those_that_the_client_registers_for_the_server(package: dict[str, Any]):
    contributed = {one["command"] for one in package["contributes"]["commands"]}
    assert contributed.isdisjoint(COMMANDS)
    source = (EXTENSION / "src" / "commands.ts").read_text(encoding="utf-8")
    assert {name for name in contributed if not re.search(rf"\b{name.removeprefix('dataflare.')}\b", source)} == set()


def test_launch_configurations_are_those_of_the_adapter(package: dict[str, Any]):
    (debugger,) = package["contributes"]["debuggers"]
    kept = debugger["configurationAttributes"]["launch"]
    wanted = {"properties": launch_schema()["properties"]}
    # JavaScript has only numbers of 64 bits with a point.
    assert floats(kept) == floats(wanted), (
        "in editors/vscode, run `dataflare-lsp schema launch | node scripts/launch.mjs`"
    )


def floats(value: object) -> object:
    return json.loads(json.dumps(value), parse_int=float)


def test_nothing_names_the_registry_that_it_came_from():
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, one in lock["packages"].items() if "resolved" in one] == []
    assert all("integrity" in one for name, one in lock["packages"].items() if name)


def test_ci_runs_the_commands_of_the_page():
    page = (REPOSITORY / "docs" / "how-to" / "vscode.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    run = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert [command for command in block.splitlines() if command not in run] == []
