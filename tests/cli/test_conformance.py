"""The verdicts of the reference, as a user of the command line meets them."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.shared import CONFORMANCE, CORPUS, needs

LIST = CONFORMANCE / "cases.json"
CASES: list[dict[str, Any]] = json.loads(LIST.read_text()) if LIST.is_file() else []


def cases(kind: str) -> pytest.MarkDecorator:
    """One test for each case of a kind, or one that is skipped where there are none."""
    chosen = [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", chosen or [pytest.param({}, marks=needs(CONFORMANCE))])


def features(case: dict[str, Any]) -> list[str]:
    return [f"--features={feature}" for feature in case["features"]]


@cases("ok")
def test_what_the_reference_accepts_is_clean(cli, case: dict[str, Any]):
    done = cli("check", "--format", "json", *features(case), str(CONFORMANCE / case["root"]))
    assert (done.code, json.loads(done.out)["summary"]["errors"], done.err) == (0, 0, "")


@cases("error")
def test_what_the_reference_refuses_has_an_error_where_it_sees_one(cli, case: dict[str, Any]):
    done = cli("check", "--format", "json", *features(case), str(CONFORMANCE / case["root"]))
    assert (done.code, done.err) == (1, "")
    found = [
        (one["file"], one["range"]["start"]["line"])
        for root in json.loads(done.out)["roots"]
        for one in root["diagnostics"]
        if one["severity"] == "error"
    ]
    assert found
    if "line" in case:
        root = CONFORMANCE / case["root"]
        file = root / case["file"] if root.is_dir() else root
        assert (file.as_posix(), case["line"]) in found


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    """How the conformance suite compares resolved packages."""
    spec = importlib.util.spec_from_file_location("compare", CONFORMANCE / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cases("ok")
def test_the_resolved_package_is_that_of_the_reference(cli, compare: ModuleType, case: dict[str, Any]):
    done = cli("wit", "--json", *features(case), str(CONFORMANCE / case["root"]))
    assert (done.code, done.err) == (0, "")
    if "resolved" in case:
        expected = json.loads((CONFORMANCE / case["resolved"]).read_text())
        ours, theirs = compare.canonical(json.loads(done.out)), compare.canonical(expected)
        assert list(compare.differences(theirs, ours)) == []


@cases("ok")
def test_what_is_printed_is_sound_and_in_the_layout_of_fmt(cli, tmp_path: Path, case: dict[str, Any]):
    (tmp_path / "printed.wit").write_text(cli("wit", *features(case), str(CONFORMANCE / case["root"])).out)
    assert cli("check", *features(case), "printed.wit").code == 0
    assert cli("fmt", "--check", "printed.wit").code == 0


@cases("ok")
def test_what_the_reference_accepts_is_compatible_with_itself(cli, case: dict[str, Any]):
    root = str(CONFORMANCE / case["root"])
    code, out, err = cli("compat", *features(case), root, root)
    assert (code, err) == (0, "")
    assert out.endswith(": no changes\n")
    assert out.count("\n") == 1


@needs(CORPUS)
def test_wasi_is_compatible_with_itself(cli):
    wasi = CORPUS / "wasi-0.3"
    for package in (wasi, *(wasi / "deps").iterdir()):
        code, out, _ = cli("compat", "--all-features", str(package), str(package))
        assert (code, out.count("\n"), out.endswith(": no changes\n")) == (0, 1, True), package


@needs(CORPUS)
def test_the_interfaces_of_wasi_are_clean(cli):
    done = cli("check", "--deny", "warnings", str(CORPUS / "wasi-0.3"))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("no mistakes (checked 1 package, ")
