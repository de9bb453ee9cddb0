"""The server, its clients and the grammar are released together, under one version."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from support.shared import REPOSITORY
from support.versions import PLACES, SOURCE, versions

from dataflare_lsp import __version__


def test_there_is_one_version():
    assert {place: version for place, version in versions().items() if version != __version__} == {}


def test_every_client_has_one():
    """Those without are files that an editor reads from a clone."""
    without = {"neovim", "helix", "kate"}
    clients = {path.name for path in (REPOSITORY / "editors").iterdir() if path.is_dir()}
    named = {place.split("/")[1] for place in versions() if place.startswith("editors/")}
    assert clients - named <= without


def test_a_new_version_is_written_everywhere(tmp_path: Path):
    for place in PLACES:
        for path, _ in place.found():
            target = tmp_path / path.relative_to(REPOSITORY)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    program = tmp_path / "tests" / "support" / "versions.py"
    program.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "tests" / "support" / "versions.py", program)
    show = "import versions; print(sorted(set(versions.versions().values())))"
    subprocess.run([sys.executable, str(program), "10.20.30-rc.1"], check=True, timeout=60)
    done = subprocess.run([sys.executable, "-c", show], cwd=program.parent, capture_output=True, text=True, timeout=60)
    assert done.stdout == "['10.20.30-rc.1']\n"
    assert '__version__ = "10.20.30-rc.1"\n' in (tmp_path / SOURCE).read_text()


RELEASE = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))


def test_a_release_is_published_by_jobs_that_may_and_only_for_a_tag():
    """A token that can publish is given to one job, which runs nothing of the repository."""
    writers = {name: job for name, job in RELEASE["jobs"].items() if "id-token" in job.get("permissions", {})}
    assert set(writers) == {"publish", "release"}
    for job in writers.values():
        assert job["if"] == "startsWith(github.ref, 'refs/tags/v')"
        assert [step["uses"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout")] == []
    assert RELEASE["permissions"] == {"contents": "read"}


def test_a_release_waits_for_all_that_is_built():
    built = set(RELEASE["jobs"]) - {"publish", "release"}
    assert set(RELEASE["jobs"]["release"]["needs"]) == built | {"publish"}
    assert set(RELEASE["jobs"]["publish"]["needs"]) == built
