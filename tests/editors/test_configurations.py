"""What is put into the configuration of Helix, Zed and Kate has the form that these editors document."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from support.others import other
from support.shared import REPOSITORY

from dataflare_lsp.cli.commands import COMMANDS
from dataflare_lsp.debug.schema import launch_schema

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EDITORS = REPOSITORY / "editors"
NAMES = {command.name for command in COMMANDS} | {"dap"}


def toml(path: str) -> dict:
    return tomllib.loads((EDITORS / path).read_text(encoding="utf-8"))


# Helix. From its book: "Adding languages", "Language server configuration", "Languages", and the form of `debugger` in
# the `languages.toml` that comes with it.

LANGUAGE = """
    name language-id scope injection-regex file-types shebangs roots auto-format diagnostic-severity comment-token
    comment-tokens block-comment-tokens indent language-servers grammar config formatter soft-wrap text-width rulers
    path-completion word-completion workspace-lsp-roots persistent-diagnostic-sources debugger
"""


def test_helix_knows_every_key():
    configuration = toml("helix/languages.toml")
    assert set(configuration) <= {"language", "language-server", "grammar", "use-grammars"}
    for server in configuration["language-server"].values():
        assert set(server) <= {"command", "args", "config", "timeout", "environment", "required-root-patterns"}
        assert server["args"][0] in NAMES
    for language in configuration["language"]:
        assert set(language) <= set(LANGUAGE.split())
        assert {"name", "scope", "file-types", "language-servers"} <= set(language)
        assert set(language["language-servers"]) <= set(configuration["language-server"])
    (debugger,) = [language["debugger"] for language in configuration["language"] if "debugger" in language]
    assert set(debugger) == {"name", "transport", "command", "args", "templates"}
    assert debugger["args"][0] in NAMES
    for template in debugger["templates"]:
        assert set(template) == {"name", "request", "completion", "args"}
    for grammar in configuration["grammar"]:
        assert set(grammar) == {"name", "source"}


def test_helix_has_the_queries_of_each_language():
    for language in toml("helix/languages.toml")["language"]:
        assert (EDITORS / "helix" / "queries" / language["name"] / "highlights.scm").exists()


# Zed. From its documentation: "Developing Extensions", "Language Extensions", "Debugger Extensions".


def test_zed_has_all_that_the_extension_names():
    extension = toml("zed/extension.toml")
    assert {"id", "name", "version", "schema_version", "authors", "description", "repository"} <= set(extension)
    for name, grammar in extension["grammars"].items():
        assert (REPOSITORY / grammar["path"] / "grammar.js").exists()
        assert toml(f"zed/languages/{name}/config.toml")["grammar"] == name
    for server in extension["language_servers"].values():
        assert set(server["language_ids"]) == set(server["languages"])
    schemas = {path.stem for path in (EDITORS / "zed" / "debug_adapter_schemas").iterdir()}
    assert set(extension["debug_adapters"]) == schemas


def test_zed_has_the_schema_of_launch_configurations():
    path = EDITORS / "zed" / "debug_adapter_schemas" / "dataflare.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == launch_schema(), f"run `dataflare-lsp schema launch > {path.relative_to(REPOSITORY)}`"


def test_zed_knows_every_key_of_the_language():
    assert set(toml("zed/languages/wit/config.toml")) <= {
        *("name", "grammar", "path_suffixes", "line_comments", "block_comment", "autoclose_before", "brackets"),
        *("tab_size", "hard_tabs", "word_characters", "first_line_pattern", "opt_into_language_servers"),
    }


def test_zed_starts_commands_that_there_are():
    source = (EDITORS / "zed" / "src" / "dataflare.rs").read_text(encoding="utf-8")
    assert set(re.findall(r'vec!\["(\w+)"\.to_string\(\)\]', source)) == {"serve", "dap"} <= NAMES


# Kate. From its handbook: "LSP Client Plugin", "Debugger Plugin"; highlighting by the engine itself.


def test_kate_starts_commands_that_there_are():
    servers = json.loads((EDITORS / "kate" / "lspclient-settings.json").read_text(encoding="utf-8"))["servers"]
    modes = {ElementTree.parse(path).getroot().get("name", "") for path in (EDITORS / "kate" / "syntax").glob("*.xml")}
    for server in servers.values():
        assert set(server) <= {"command", "rootIndicationFileNames", "highlightingModeRegex", "settings", "url"}
        assert server["command"][1] in NAMES
        assert any(re.match(server["highlightingModeRegex"], mode) for mode in modes)
    adapters = json.loads((EDITORS / "kate" / "debugger.json").read_text(encoding="utf-8"))["dap"]
    for adapter in adapters.values():
        assert set(adapter) <= {"url", "run", "configurations"}
        assert adapter["run"]["command"][1] in NAMES


def highlighted(tmp_path: Path, name: str, text: str) -> str:
    """What Kate's engine makes of a file: each line, and below it what its parts are."""
    syntax = tmp_path / "data" / "org.kde.syntax-highlighting" / "syntax"
    syntax.mkdir(parents=True)
    for path in (EDITORS / "kate" / "syntax").glob("*.xml"):
        (syntax / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [other("kate-syntax-highlighter"), "-f", "ansi", "--syntax-trace", "format", str(tmp_path / name)],
        env={
            **os.environ,
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "QT_QPA_PLATFORM": "offscreen",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", done.stdout)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("/* a /* b */ c */", {"Comment"}),
        ("// a", {"Comment"}),
        ("/// a", {"Documentation"}),
        ("interface", {"Keyword"}),
        ("interface-name", {"Normal"}),
        ("%interface", {"Normal"}),
        ("u32", {"Type"}),
        ("use", {"Import"}),
        ("1.0.0", {"Number"}),
        ("@since", {"Attribute"}),
        ("get: func", {"Function", "Symbol", "Normal", "Keyword"}),
        ("list: list", {"Member", "Symbol", "Normal", "Type"}),
    ],
)
def test_kate_colours_wit(tmp_path: Path, line: str, parts: set[str]):
    shown, *below = highlighted(tmp_path, "a.wit", line + "\n").splitlines()
    assert shown == line
    assert set(re.findall(r"[A-Za-z]+", " ".join(below))) == parts


def test_kate_knows_a_manifest_by_its_name(tmp_path: Path):
    assert "Key" in highlighted(tmp_path, "dataflare.toml", 'name = "a:b"\n')


# IntelliJ reads the extension of VS Code as a TextMate bundle: its `package.json`, and what that names.


@pytest.mark.skipif(
    not (EDITORS / "vscode" / "package.json").exists(), reason="the extension of VS Code is not there yet"
)
def test_intellij_takes_the_grammars_of_vs_code_and_all_that_they_need():
    build = (EDITORS / "intellij" / "build.gradle.kts").read_text(encoding="utf-8")
    (copied,) = re.findall(
        r'from\("\.\./vscode"\) \{\s*include\("package\.json", "(\w+)/\*\*"\)\s*into\("dataflare/textmate"\)', build
    )
    contributed = json.loads((EDITORS / "vscode" / "package.json").read_text(encoding="utf-8"))["contributes"]
    named = [
        one[key]
        for kind in ("languages", "grammars")
        for one in contributed[kind]
        for key in ("path", "configuration")
        if key in one
    ]
    assert any("wit.tmLanguage" in path for path in named)
    for path in named:
        assert path.startswith(f"./{copied}/")
        assert (EDITORS / "vscode" / path).exists()
