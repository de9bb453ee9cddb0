"""Start-up is a feature: a command imports what it uses, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.program import program
from support.variants import write

_LIST = "import sys; from dataflare_lsp.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"

HEAVY = (
    "argparse",
    "asyncio",
    "attrs",
    "concurrent",
    "dataclasses",
    "difflib",
    "importlib.resources",
    "inspect",
    "json",
    "jsonschema",
    "logging",
    "lsprotocol",
    "multiprocessing",
    "pathlib",
    "pathspec",
    "pickle",
    "pygls",
    "subprocess",
    "tempfile",
    "tree_sitter",
    "unicodedata",
    "urllib",
    "wasmtime",
    "xml",
    "dataflare_lsp.component",
    "dataflare_lsp.features",
    "dataflare_lsp.manifest",
    "dataflare_lsp.server",
    "dataflare_lsp.wit.format",
    "dataflare_lsp.wit.lower",
)


def modules(*arguments: str) -> set[str]:
    """What is imported by the time a command has ended, without what every interpreter imports."""
    bare = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", _LIST, *arguments], capture_output=True, timeout=60, check=True)
    return set(done.stderr.decode().splitlines()[-1].split()) - set(bare.stdout.decode().split())


@pytest.mark.parametrize("name", HEAVY)
def test_check_imports_nothing_heavy(name: str, clean: set[str]):
    assert [module for module in clean if module == name or module.startswith(name + ".")] == []


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder: Path = tmp_path_factory.mktemp("clean")
    program("package corp:app; interface api { f: func(); }").write(folder)
    return modules("check", str(folder))


def test_check_imports_only_the_format_asked_for(tmp_path: Path):
    program("package corp:app; interface api { f: func() -> x; }").write(tmp_path)
    formats = {"dataflare_lsp.cli.output." + name for name in ("text", "json", "sarif", "github", "gitlab", "junit")}
    assert modules("check", str(tmp_path)) & formats == {"dataflare_lsp.cli.output.text"}
    assert modules("check", "--format", "json", str(tmp_path)) & formats == {"dataflare_lsp.cli.output.json"}


def test_patterns_are_read_only_where_there_is_a_gitignore(tmp_path: Path):
    program("//- wit/app.wit\npackage corp:app;").write(tmp_path)
    assert "pathspec" not in modules("check", str(tmp_path))
    (tmp_path / ".gitignore").write_text("build\n")
    (tmp_path / ".git").mkdir()
    assert "pathspec" in modules("check", str(tmp_path))


def test_the_engine_is_only_where_the_plugin_runs(tmp_path: Path):
    write(tmp_path / "plugin")
    (tmp_path / "records.ndjson").write_text('{"payload": ""}\n')
    imported = modules("run", str(tmp_path / "plugin"), "--input", str(tmp_path / "records.ndjson"))
    assert "dataflare_lsp.runtime.program" in imported
    assert (
        imported & {"wasmtime", "dataflare_lsp.runtime.instance", "dataflare_lsp.server", "pygls", "asyncio"} == set()
    )
