import json
import os
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from jsonschema import Draft202012Validator
from support.launch_page import MINIMAL, page
from support.shared import REPOSITORY

from dataflare_lsp.debug.codec import Table
from dataflare_lsp.debug.launch import Configuration, configuration, settings, unknown
from dataflare_lsp.debug.schema import launch_schema
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.workspace.launch import CannotLaunch

MANIFEST = """
manifest-version = 1

[plugin]
name = "acme:enrich"
version = "1.0.0"
kind = "processor"

[component]
path = "out/plugin.wasm"

[build]
command = "make plugin"

[capabilities]
host = ["logging"]
wasi = ["cli"]
environment = ["API_TOKEN", "REGION"]

[limits]
timeout = "2s"
memory = "8MiB"

[config.default]
threshold = 3
unit = "m"

[debug]
input = "records.ndjson"
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A plugin's folder; its component is a file of no meaning."""
    (tmp_path / "dataflare.toml").write_text(MANIFEST)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plugin.wasm").write_bytes(b"")
    (tmp_path / "records.ndjson").write_text("{}\n")
    return tmp_path


def launched(given: Table, directory: Path) -> Configuration:
    """What a configuration comes to."""
    return configuration(settings(given, str(directory)), {"REGION": "north", "HOME": "/home/ada"})


def refusal(given: Table, directory: Path) -> str:
    with pytest.raises(CannotLaunch) as found:
        launched(given, directory)
    return str(found.value).replace(str(directory), "PLUGIN").replace(os.sep, "/")


def test_nothing_need_be_said_in_the_folder_of_a_plugin(plugin: Path) -> None:
    found = launched(MINIMAL, plugin)
    assert found == Configuration(found.launch)
    launch = found.launch
    assert launch.component == str(plugin / "out" / "plugin.wasm")
    assert launch.input == str(plugin / "records.ndjson")
    assert (launch.limits.seconds, launch.limits.memory) == (2.0, 8 << 20)
    assert launch.allowance.configuration == {"threshold": "3", "unit": "m"}
    assert launch.allowance.grants == Grants(
        frozenset({"logging"}), frozenset({"cli"}), environment=(("REGION", "north"),), arguments=("plugin",)
    )


def test_nor_in_a_folder_beneath_it(plugin: Path) -> None:
    (plugin / "src").mkdir()
    assert launched({}, plugin / "src").launch.manifest == str(plugin / "dataflare.toml")


def test_what_is_said_goes_before_the_manifest(plugin: Path) -> None:
    (plugin / "few.ndjson").write_text("{}\n")
    found = launched(
        {
            "program": "dataflare.toml",
            "input": "few.ndjson",
            "stopOnEntry": True,
            "config": {"threshold": [1, 2], "name": "x"},
            "env": {"API_TOKEN": "secret", "OTHER": "unseen"},
            "limits": {"timeout": "500 ms", "fuel": 7},
            "record": "run.trace",
        },
        plugin,
    )
    assert found.stop_on_entry
    assert found.record == str(plugin / "run.trace")
    assert found.launch.input == str(plugin / "few.ndjson")
    assert found.launch.limits == (0.5, 8 << 20, 7)
    assert found.launch.allowance.configuration == {"threshold": "[1, 2]", "unit": "m", "name": "x"}
    assert dict(found.launch.allowance.grants.environment) == {"API_TOKEN": "secret", "REGION": "north"}


def test_a_component_by_itself_may_do_nothing_but_what_is_said(plugin: Path) -> None:
    launch = launched({"program": "out/plugin.wasm", "env": {"A": "b"}}, plugin).launch
    assert launch.manifest is None
    assert launch.allowance.grants == Grants(
        frozenset({"logging", "metrics", "configuration"}), frozenset({"cli"}), environment=(("A", "b"),)
    )
    assert launched({"program": "out/plugin.wasm"}, plugin).launch.allowance.grants.wasi == frozenset()


def test_instead_of_records_there_may_be_a_call_or_a_recorded_run(plugin: Path) -> None:
    (plugin / "run.trace").write_bytes(b"")
    called, replayed = launched({"call": "f(1)"}, plugin), launched({"replay": "run.trace"}, plugin)
    assert (called.call, called.launch.input) == ("f(1)", None)
    assert (replayed.replay, replayed.launch.input) == (str(plugin / "run.trace"), None)


def test_the_last_recording_need_not_be_named(plugin: Path) -> None:
    assert refusal({"replay": True}, plugin) == snapshot(
        "the plugin has no last recording: `run --remember`, or `record` with `true`, makes one"
    )
    remembered = launched({"record": True}, plugin)
    assert (remembered.record, remembered.remembers) == (None, True)
    (plugin / ".dataflare").mkdir()
    (plugin / ".dataflare" / "last.trace").write_bytes(b"")
    for program in ({}, {"program": "dataflare.toml"}, {"program": str(plugin)}):
        replayed = launched({"replay": True, **program}, plugin)
        assert replayed.replay == str(plugin / ".dataflare" / "last.trace")
    assert launched({"record": False, "replay": False}, plugin) == Configuration(launched({}, plugin).launch)


def test_a_plugin_is_built_only_where_that_is_said(plugin: Path) -> None:
    builds = [
        settings(given, str(plugin)).build for given in ({}, {"build": False}, {"build": True}, {"build": "cargo b"})
    ]
    assert builds == [None, None, "make plugin", "cargo b"]


def test_what_is_wrong_is_said_as_a_person_would(plugin: Path) -> None:
    given: list[Table] = [
        {"program": 1},
        {"program": " "},
        {"program": "nowhere"},
        {"program": "records.ndjson"},
        {"stopOnEntry": "yes", "call": 3},
        {"env": {"A": 1, "B-C": "x"}},
        {"limits": {"timeot": "1s"}},
        {"limits": {"memory": "lots", "fuel": 0}},
        {"build": 1},
        {"input": "missing.ndjson"},
        {"replay": "missing.trace"},
        {"input": "records.ndjson", "call": "f()"},
        {"record": "a", "replay": "b"},
        {"program": "out/plugin.wasm", "build": True},
    ]
    assert [refusal(one, plugin) for one in given] == snapshot(
        [
            "`program`: expected a string, found the number 1",
            "`program`: expected a text that is not empty, found the string ' '",
            "there is no `PLUGIN/nowhere`",
            "`PLUGIN/records.ndjson` is neither a folder, nor a dataflare.toml, nor a `.wasm` or `.wat` file",
            "`call`: expected a string, found the number 3; `stopOnEntry`: expected `true` or `false`, found the string 'yes'",
            "`env.A`: expected a string, found the number 1; `env`: expected the name of an environment variable, found `B-C`",
            "there is no `limits.timeot`; did you mean `timeout`?",
            "`limits.memory`: expected a size with its unit, such as `64MiB`, found the string 'lots'; `limits.fuel`: expected a whole number from 1 to 9223372036854775807, found the number 0",
            "`build`: expected `true` or `false` or a string, found the number 1",
            "there is no file `PLUGIN/missing.ndjson`, which `input` names",
            "there is no file `PLUGIN/missing.trace`, which `replay` names",
            "`input` and `call` exclude each other: they say what the plugin is given",
            "`replay` and `record` exclude each other: what is replayed is recorded already",
            "`PLUGIN/out/plugin.wasm` has no dataflare.toml that says how to build it",
        ]
    )


def test_a_folder_without_a_plugin_says_what_is_missing(tmp_path: Path) -> None:
    assert refusal({}, tmp_path) == snapshot(
        "`PLUGIN` has no dataflare.toml; name a plugin's folder, its manifest, or a component"
    )


def test_what_looks_misspelt_is_pointed_out_and_what_editors_add_is_not() -> None:
    given = {
        **MINIMAL,
        "stopOnEntyr": True,
        "__sessionId": "x",
        "presentation": {},
        "cwd": "/",
        "input": "a",
        "inputs": 1,
    }
    assert list(unknown(given)) == snapshot(
        ["the launch configuration has `stopOnEntyr`, which means nothing; did you mean `stopOnEntry`?"]
    )


def test_the_schema_accepts_what_is_accepted_and_refuses_what_is_not() -> None:
    schema = json.loads(json.dumps(launch_schema()))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for field in schema["properties"].values():
        for example in field.get("examples", ()):
            Draft202012Validator(field).validate(example)
    assert validator.is_valid({**MINIMAL, "env": {"A": "b"}, "limits": {"timeout": "1s"}, "build": "make"})
    for wrong in ({"program": 1}, {"env": {"A-B": ""}}, {"limits": {"timeot": "1s"}}, {"build": 1}):
        assert not validator.is_valid(wrong)


def test_the_page_is_the_models() -> None:
    assert (REPOSITORY / "docs" / "reference" / "launch.md").read_text(encoding="utf-8") == page()
