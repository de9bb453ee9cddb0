"""What is released: a source distribution, the wheel that is built from it, and that wheel in an environment of its own."""

import email
import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support import clone
from support.shared import REPOSITORY

from dataflare_lsp import __version__


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution, built from a clone, and the wheel, built from the source distribution alone."""
    source, dist = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("dist")
    clone.copy(source)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(dist), str(source)], capture_output=True, timeout=600
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    return sdist, wheel


def test_the_source_distribution_has_only_what_the_repository_has(built: tuple[Path, Path]):
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames() if archive.getmember(name).isfile()}
    made = {name for name in names if name.startswith("dataflare_lsp.egg-info/")} | {"PKG-INFO", "setup.cfg"}
    assert names - made - set(clone.files()) == set()
    package = {name for name in clone.files() if name.startswith(("dataflare_lsp/", "grammars/tree-sitter-wit/src/"))}
    assert package - names == set()


def test_the_wheel_has_the_package_and_nothing_else(built: tuple[Path, Path]):
    wheel = zipfile.ZipFile(built[1])
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"dataflare_lsp", f"dataflare_lsp-{__version__}.dist-info"}
    package = {name for name in clone.files() if name.startswith("dataflare_lsp/") and not name.endswith(".c")}
    assert package - set(wheel.namelist()) == set()
    assert "cp310-abi3" in built[1].name, "one wheel serves every Python"


def test_what_is_required(built: tuple[Path, Path]):
    wheel = zipfile.ZipFile(built[1])
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(wheel.read(name))
    assert metadata["License-Expression"] == "Apache-2.0"
    required = [Requirement(line) for line in metadata.get_all("Requires-Dist") or []]
    always = {one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})}
    debug = {one.name for one in required if one.marker is not None and one.marker.evaluate({"extra": "debug"})}
    assert "debugpy" not in always
    assert "debugpy" in debug


@pytest.fixture(scope="module")
def programs(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(programs / "python"), "-m", "pip", "install", "-q", str(built[1])], check=True, timeout=600)
    return programs


def run(programs: Path, folder: Path, *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """A program of the environment, run in a folder with nothing of ours in it."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    program, *arguments = command
    return subprocess.run(
        [str(programs / program), *arguments],
        cwd=folder,
        env=given,
        input=said,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_what_is_installed_works_by_itself(programs: Path, tmp_path: Path):
    assert run(programs, tmp_path, "dataflare-lsp", "--version").stdout == f"dataflare-lsp {__version__}\n"
    good = run(programs, tmp_path, "dataflare-lsp", "check", str(REPOSITORY / "examples" / "weather-station"))
    assert (good.returncode, good.stderr) == (0, "")
    bad = run(programs, tmp_path, "dataflare-lsp", "check", str(REPOSITORY / "examples" / "mistakes"))
    assert bad.returncode == 1
    assert "did you mean `line`?" in bad.stdout
    plugin = run(programs, tmp_path, "dataflare-lsp", "check", str(REPOSITORY / "docs" / "examples" / "pass-through"))
    assert "unresolved-package" not in plugin.stdout, "`dataflare:core` comes along"
    assert run(programs, tmp_path, "dataflare-lsp", "explain", "unresolved-name").returncode == 0
    assert run(programs, tmp_path, "dataflare-lsp", "schema", "manifest").stdout.startswith("{")


def test_the_server_answers_and_says_its_version(programs: Path, tmp_path: Path):
    asked = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}) for message in asked]
    done = run(
        programs,
        tmp_path,
        "dataflare-lsp",
        "serve",
        said="".join([f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies]),
    )
    assert (done.returncode, done.stderr) == (0, "")
    (answer,) = [line for line in re.findall(r"\{.*\}", done.stdout) if '"serverInfo"' in line]
    assert json.JSONDecoder().raw_decode(answer)[0]["result"]["serverInfo"] == {
        "name": "dataflare-lsp",
        "version": __version__,
    }


def test_the_environment_is_sound_and_has_no_debugger(programs: Path, tmp_path: Path):
    assert run(programs, tmp_path, "python", "-m", "pip", "check").returncode == 0
    listed = run(programs, tmp_path, "python", "-m", "pip", "list", "--format=freeze").stdout.lower()
    assert "debugpy" not in listed
    assert "pytest" not in listed
