"""Plugins in the languages that people write them in, built by those languages' own tools: read, judged, and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.built_plugins import HOME, compiled, plugin
from support.encoded import resolved
from support.running import DataRecord, start
from support.shared import CONFORMANCE, REPOSITORY, needs
from toolchains.builds import lay_out
from toolchains.tools import find
from toolchains.variants import LANGUAGES, VARIANTS

from dataflare_lsp.component.core_names import core_names, wrapping_command
from dataflare_lsp.component.errors import CoreModule
from dataflare_lsp.component.wit_text import wit_of
from dataflare_lsp.runtime.instantiation import Started, instantiate

GOOD = [*((language, "good") for language in LANGUAGES), ("javascript", "starlingmonkey")]
ALL = [(language, variant.name) for variant in VARIANTS for language in variant.languages if variant.core]
MODULES = [(language, "good") for language in ("c", "rust", "go")]
OLDER = ("javascript", "c", "rust", "go")
"""The languages whose tools take interfaces under plain names. componentize-py loses them."""


@pytest.mark.parametrize(("language", "name"), ALL)
@needs(CONFORMANCE)
def test_the_wit_of_a_component_is_what_the_reference_finds_in_it(language, name, wasm_tools, tmp_path):
    binary = plugin(language, name).component.read_bytes()
    assert resolved(wasm_tools, wit_of(binary).text, tmp_path) == resolved(wasm_tools, binary, tmp_path)


@pytest.mark.parametrize(("language", "name"), MODULES)
@needs(CONFORMANCE)
def test_so_is_the_wit_of_a_module_that_is_not_wrapped_yet(language, name, wasm_tools, tmp_path):
    binary = plugin(language, name).module.read_bytes()
    assert resolved(wasm_tools, wit_of(binary).text, tmp_path) == resolved(wasm_tools, binary, tmp_path)


@pytest.mark.parametrize("name", ["module", "smartmodule"])
def test_a_module_from_before_components_has_no_wit(name):
    with pytest.raises(CoreModule, match="carries no WIT"):
        wit_of(plugin("legacy", name).component.read_bytes())


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_plugin_is_valid_and_starts(language, name):
    artefact = compiled(plugin(language, name).component).artefact
    assert artefact is not None
    assert isinstance(instantiate(artefact), Started)


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_plugin_does_what_it_is_for(language, name):
    artefact = compiled(plugin(language, name).component).artefact
    assert artefact is not None
    process, logged = start(artefact)
    given = DataRecord("7", 1 << 60, b"From A to z", [("content-type", "text/plain"), ("", "")])
    assert process(given) == given._replace(payload=b"FROM A TO Z")
    assert process(given._replace(payload=b"")) is None
    assert logged == [("debug", "7")]


# Checked ------------------------------------------------------------------------------------------------------------


def dataflare_lsp(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dataflare_lsp", *map(str, arguments)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(HOME), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")


def check(*arguments: str | Path, folder: Path) -> list[str]:
    """What `check` reports, as lines `file:line code: message`, with the exit code as the last where it is not 0.

    That WASI is not granted is the same for all components of a language, and is left out.
    """
    run = dataflare_lsp("check", "--format=json", "--ignore=ungranted-import", *arguments, folder=folder)
    assert run.stderr == ""
    found = [
        f"{Path(one['file']).name}:{one['range']['start']['line']} {one['code']}: {one['message']}"
        for root in json.loads(run.stdout)["roots"]
        for one in root["diagnostics"]
    ]
    return [*found, f"exit code {run.returncode}"] if run.returncode else found


def plugin_folder(language: str, component: Path, folder: Path) -> Path:
    """A plugin as it should be in `folder`, with a component that is perhaps not its own."""
    lay_out(language, VARIANTS[0], folder)
    shutil.copy(component, folder / "plugin.wasm")
    return folder


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_plugin_is_accepted(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == []


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_plugin_starts_when_it_is_asked_to(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).component, tmp_path)
    assert check("--instantiate", tmp_path, folder=tmp_path) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_component_built_against_the_next_minor_version_is_accepted(language, tmp_path):
    plugin_folder(language, plugin(language, "newer-core").component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_of_another_type(language, tmp_path):
    plugin_folder(language, plugin(language, "narrow-timestamp").component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 function-mismatch: `dataflare:core/data-processor@1.0.0#process`: parameter `input`: "
        "record `data-record`: field `timestamp` is u32, the world wants u64",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_function_that_is_called_differently(language, tmp_path):
    plugin_folder(language, plugin(language, "renamed-function").component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 missing-export: `dataflare:core/data-processor@1.0.0`: "
        "function `process` is wanted, and not exported",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plugin_of_another_kind(language, tmp_path):
    plugin_folder(language, plugin(language, "filter").component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 missing-export: interface `dataflare:core/data-processor@1.0.0` is wanted, and not exported",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_import_that_the_host_does_not_offer(language, tmp_path):
    plugin_folder(language, plugin(language, "extra-import").component, tmp_path)
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 forbidden-import: interface `acme:capitals/lookup@1.0.0` is imported, and not offered",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_mistake_in_the_wit_is_reported_there(language, tmp_path):
    shutil.copytree(plugin(language, "extra-import").folder, tmp_path, dirs_exist_ok=True)
    assert check(tmp_path, folder=tmp_path) == [
        "world.wit:9 forbidden-import: interface `acme:capitals/lookup@1.0.0` is imported, and not offered",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_component_built_against_the_next_major_version(language, tmp_path):
    plugin_folder(language, plugin(language, "next-core").component, tmp_path)
    found = check(tmp_path, folder=tmp_path)
    # Which of the host's interfaces it imports, its tools decide.
    assert (
        "dataflare.toml:11 forbidden-import: interface `dataflare:core/logging@2.0.0` is imported, "
        "and offered in version 1.0.0"
    ) in found
    assert found[-2:] == [
        "dataflare.toml:11 missing-export: interface `dataflare:core/data-processor@1.0.0` is wanted, "
        "and exported in version 2.0.0",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", OLDER)
def test_host_interfaces_under_plain_names(language, tmp_path):
    shutil.copytree(plugin(language, "plain-names").folder, tmp_path, dirs_exist_ok=True)
    assert check(tmp_path, folder=tmp_path) == [
        "world.wit:5 plain-spelling: `logging` is spelled out here, as older plugins do: "
        "`dataflare:core/logging@1.0.0` is the interface that it stands for",
    ]


@pytest.mark.parametrize("language", OLDER)
def test_a_component_alone_that_was_built_against_the_older_core(language, tmp_path):
    plugin_folder(language, plugin(language, "older-core").component, tmp_path)
    shutil.rmtree(tmp_path / "wit")
    names = "`logging` and `metrics`" if language == "javascript" else "`logging`"
    assert check("dataflare.toml", folder=tmp_path) == [
        f"dataflare.toml:11 plain-spelling: the component has {names} under plain names, as older plugins do",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_wit_that_changed_after_the_build(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    world = tmp_path / "wit" / "world.wit"
    world.write_text(world.read_text().replace("}", "    export dataflare:core/data-filter@1.0.0;\n}"))
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 stale-component: the component was not built from this WIT: "
        "interface `dataflare:core/data-filter@1.0.0` is wanted, and not exported",
    ]


@pytest.mark.parametrize(("language", "name"), MODULES)
def test_a_module_that_is_not_wrapped(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).module, tmp_path)
    assert check(tmp_path, folder=tmp_path) == [
        "dataflare.toml:11 core-module: this is a core module, not a component",
        "exit code 1",
    ]


@pytest.mark.parametrize(("language", "name"), MODULES)
def test_the_command_that_wraps_it_makes_a_component_that_starts(language, name, wasm_tools, tmp_path):
    module = plugin(language, name).module
    shutil.copy(module, tmp_path / "plugin.wasm")
    if language == "go":
        shutil.copy(find("go").variables["WASI_PREVIEW1_ADAPTER"], tmp_path)
    command = wrapping_command(core_names(module.read_bytes()), "plugin.wasm").split()
    subprocess.run([wasm_tools, *command[1:]], cwd=tmp_path, check=True)
    artefact = compiled(tmp_path / "plugin.component.wasm").artefact
    assert artefact is not None
    assert isinstance(instantiate(artefact), Started)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("module", "a plugin from before components (it exports `alloc` and `process`)"),
        ("smartmodule", "a Fluvio SmartModule (it exports `filter`, and imports `env.copy_records`)"),
    ],
)
def test_a_module_from_before_components(name, what, tmp_path):
    shutil.copytree(plugin("legacy", name).folder, tmp_path, dirs_exist_ok=True)
    assert check(tmp_path, folder=tmp_path) == [
        f"dataflare.toml:14 older-plugin: this is {what}, which hosts of components cannot run",
        "exit code 1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_component_that_was_cut_off(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    component = tmp_path / "plugin.wasm"
    component.write_bytes(component.read_bytes()[: component.stat().st_size // 2])
    found, end = check(tmp_path, folder=tmp_path)
    assert re.fullmatch(
        r"dataflare\.toml:11 invalid-component: this is not a valid component: a section of \d+ bytes does not fit into "
        r"its component \(at byte 0x[0-9a-f]+, in a section of (core modules|components)\)",
        found,
    )
    assert end == "exit code 1"


def with_capabilities(folder: Path, **capabilities: object) -> Path:
    """The plugin in `folder`, with these capabilities in its manifest."""
    manifest = folder / "dataflare.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in capabilities.items()]
    manifest.write_text("\n".join([manifest.read_text(), "[capabilities]", *lines, ""]))
    return folder


@pytest.mark.parametrize("language", ["c", "rust", "go"])
def test_a_capability_for_an_import_that_the_tools_left_out(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    assert check(with_capabilities(tmp_path, host=["logging", "metrics"]), folder=tmp_path) == [
        "dataflare.toml:22 unused-capability: `metrics` is granted, and the component does not import it",
    ]


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_other_tools_import_what_the_author_never_uses(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    shown = dataflare_lsp("check", with_capabilities(tmp_path, host=["logging"]), folder=tmp_path).stdout
    assert [line for line in shown.splitlines() if line.startswith("error")] == [
        "error[ungranted-import]: the component imports `metrics` of the host, and `host` does not grant it",
        "error[ungranted-import]: the component imports `configuration` of the host, and `host` does not grant it",
    ]


# WASI ---------------------------------------------------------------------------------------------------------------

WASI = {
    "python": ["io", "clocks", "random", "cli", "filesystem", "sockets"],
    "javascript": ["cli", "io", "clocks", "filesystem", "random"],
    "go": ["cli", "io", "clocks", "filesystem", "random"],
    "c": [],
    "rust": [],
}
"""What the tools of a language import whether the author uses it or not."""


def first_of(folder: Path) -> str:
    """The first line that `check` prints."""
    return dataflare_lsp("check", folder, folder=folder).stdout.splitlines()[0]


def listed(interfaces: list[str]) -> str:
    names = [f"`wasi:{name}`" for name in interfaces]
    return f"{', '.join(names[:-1])} and {names[-1]}"


@pytest.mark.parametrize("language", ["python", "javascript", "go"])
def test_wasi_that_is_not_granted_is_told(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    assert first_of(tmp_path) == (
        f"information[ungranted-import]: the component imports {listed(WASI[language])}, which are not granted"
    )


@pytest.mark.parametrize("language", ["python", "javascript", "go"])
def test_wasi_that_is_not_granted_is_an_error_in_a_strict_manifest(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    assert first_of(with_capabilities(tmp_path, strict=True)) == (
        f"error[ungranted-import]: the component imports {listed(WASI[language])}, which are not granted"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strict_manifest_is_content_with_what_it_grants(language, tmp_path):
    plugin_folder(language, plugin(language, "good").component, tmp_path)
    said = first_of(with_capabilities(tmp_path, strict=True, wasi=WASI[language]))
    assert said == "no mistakes (checked 1 package and 1 manifest, 11 files)"


# Run ----------------------------------------------------------------------------------------------------------------

RECORDS = """\
{"id": "7", "timestamp": 1152921504606846976, "payload": "From A to z", "metadata": {"content-type": "text/plain"}}
{"payload": ""}
{"payload": {"base64": "AGEA"}}
"""
RESULTS = """\
1 (7)  {"id": "7", "timestamp": 1152921504606846976, "payload": "FROM A TO Z", "metadata": {"content-type": "text/plain"}}
2  skipped
3  {"id": "3", "timestamp": 0, "payload": {"base64": "AEEA"}, "metadata": {}}
"""


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """`dataflare-lsp run` with these records."""
    (folder / "records.ndjson").write_text(RECORDS)
    done = dataflare_lsp("run", folder, "--input", "records.ndjson", *arguments, folder=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_plugin_runs(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).component, tmp_path)
    said = "[debug] 7\n[debug] 3\n3 records: 2 handed on, 1 skipped\n"
    assert run(tmp_path) == (0, RESULTS, said)


@pytest.mark.parametrize("language", OLDER)
@pytest.mark.parametrize("name", ["plain-names", "older-core"])
def test_a_plugin_in_the_older_spelling_runs(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).component, tmp_path)
    code, results, said = run(tmp_path)
    assert (code, results) == (0, RESULTS)
    assert said.startswith("[debug] 7\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plugin_of_another_kind_than_its_manifest_says_runs_as_what_it_is(language, tmp_path):
    plugin_folder(language, plugin(language, "filter").component, tmp_path)
    code, results, _ = run(tmp_path, "--format", "wave")
    assert code == 0
    assert re.fullmatch(r"(ok\((true|false)\)\n){3}", results)


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_run_is_replayed(language, name, tmp_path):
    plugin_folder(language, plugin(language, name).component, tmp_path)
    code, results, said = run(tmp_path, "--record", "run.trace")
    assert code == 0
    again = dataflare_lsp("replay", "run.trace", folder=tmp_path)
    assert (again.returncode, again.stdout) == (0, results)
    assert again.stderr.startswith(said)


# Against a world ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "name"), ALL)
def test_the_verdict_against_a_world_is_the_references(language, name, wasm_tools, tmp_path):
    component = plugin(language, name).component
    wit, world = REPOSITORY / "wit", "dataflare:core/dataflare-plugin@1.0.0"
    reference = subprocess.run([wasm_tools, "component", "targets", wit, component, "--world", world])
    verdict = "exit code 1" not in check(component, "--world", world, "--wit", wit, folder=tmp_path)
    assert verdict == (reference.returncode == 0)
    assert verdict == (name == "good" and language in ("c", "rust"))
