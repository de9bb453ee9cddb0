import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import schemas

from dataflare_lsp import __version__

PACKAGE = """
    //- my wit/app.wit
    package corp:app;
    interface api {
        record item { id: u64, id: u64 }
        get: func() -> itme;
    }
"""


@pytest.fixture(scope="module")
def schema() -> Any:
    return schemas.schema("https://json.schemastore.org/sarif-2.1.0.json")


def test_a_report_is_valid(cli, schema):
    cli.files(PACKAGE)
    done = cli("check", "--format", "sarif")
    assert (done.code, done.err) == (1, "")
    log = json.loads(done.out)
    jsonschema.Draft7Validator(schema).validate(log)
    assert len(log["runs"][0]["results"]) == 2


def test_the_schema_is_a_judge(schema):
    assert not jsonschema.Draft7Validator(schema).is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_what_a_report_says(cli, tmp_path: Path):
    cli.files(PACKAGE)
    run = json.loads(cli("check", "--format", "sarif").out)["runs"][0]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("dataflare-lsp", __version__)
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": tmp_path.as_uri() + "/"}}
    file = {"uri": "my%20wit/app.wit", "uriBaseId": "%SRCROOT%"}

    def place(line: int, start: int, end: int) -> dict[str, Any]:
        region = {"startLine": line, "startColumn": start, "endLine": line, "endColumn": end}
        return {"artifactLocation": file, "region": region}

    assert run["results"] == [
        {
            "ruleId": "duplicate-field",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "field `id` is already defined in `item`"},
            "locations": [{"physicalLocation": place(3, 28, 30)}],
            "relatedLocations": [
                {"id": 1, "physicalLocation": place(3, 19, 21), "message": {"text": "defined first here"}}
            ],
        },
        {
            "ruleId": "unresolved-name",
            "ruleIndex": 1,
            "level": "error",
            "message": {"text": "no type `itme` in interface `api`; did you mean `item`?"},
            "locations": [{"physicalLocation": place(4, 20, 24)}],
            "fixes": [
                {
                    "description": {"text": "Change to `item`"},
                    "artifactChanges": [
                        {
                            "artifactLocation": file,
                            "replacements": [
                                {
                                    "deletedRegion": place(4, 20, 24)["region"],
                                    "insertedContent": {"text": "item"},
                                }
                            ],
                        }
                    ],
                }
            ],
        },
    ]


def test_rules_are_explained(cli):
    cli.files(PACKAGE)
    rules = json.loads(cli("check", "--format", "sarif").out)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["duplicate-field", "unresolved-name"]
    assert rules[1]["name"] == "UnresolvedName"
    assert rules[1]["shortDescription"] == {"text": "There is no type of that name."}
    assert rules[1]["help"]["markdown"].startswith("# unresolved-name\n\nThere is no type of that name.\n")
    assert rules[1]["defaultConfiguration"] == {"level": "error"}


def test_files_outside_are_named_in_full(cli, tmp_path: Path, monkeypatch, schema):
    cli.files(PACKAGE)
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    log = json.loads(cli("check", "--format", "sarif", "../my wit").out)
    jsonschema.Draft7Validator(schema).validate(log)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": (tmp_path / "my wit" / "app.wit").as_uri()}


def test_a_file_that_cannot_be_read_makes_the_run_incomplete(cli, monkeypatch, schema):
    cli.files("// " + "x" * 2000)
    monkeypatch.setattr("dataflare_lsp.workspace.disk.MAX_BYTES", 1000)
    done = cli("check", "--format", "sarif")
    assert done.code == 2
    run = json.loads(done.out)["runs"][0]
    jsonschema.Draft7Validator(schema).validate(json.loads(done.out))
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert "region" not in run["results"][0]["locations"][0]["physicalLocation"]


def test_a_clean_report_is_valid_and_empty(cli, schema):
    cli.files("package corp:app;")
    log = json.loads(cli("check", "--format", "sarif").out)
    jsonschema.Draft7Validator(schema).validate(log)
    assert log["runs"][0]["results"] == []
