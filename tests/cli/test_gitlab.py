import json
from typing import Any

import jsonschema

from dataflare_lsp.cli.output.gitlab import render
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.text import Diagnostic, Lines, Span

PACKAGE = """
    //- wit/app.wit
    package corp:app;
    use api as unused;
    interface api {
        record item { id: u64, id: list<u64> }
    }
"""

# GitLab's documentation has a table of what it reads, and no schema: this is that table.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


def report(text: str) -> Any:
    """The report, which must be valid."""
    found = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    prints = [issue["fingerprint"] for issue in found]
    assert len(prints) == len(set(prints)), "GitLab drops an issue whose fingerprint it has seen"
    return found


def test_what_a_report_says(cli):
    cli.files(PACKAGE)
    done = cli("check", "--format", "gitlab")
    assert (done.code, done.err) == (1, "")
    assert [{**issue, "fingerprint": "…"} for issue in report(done.out)] == [
        {
            "description": "`unused` is never used in this file",
            "check_name": "unused-use",
            "fingerprint": "…",
            "severity": "major",
            "location": {"path": "wit/app.wit", "lines": {"begin": 2, "end": 2}},
        },
        {
            "description": "field `id` is already defined in `item`",
            "check_name": "duplicate-field",
            "fingerprint": "…",
            "severity": "critical",
            "location": {"path": "wit/app.wit", "lines": {"begin": 4, "end": 4}},
        },
    ]


def test_a_clean_report_is_an_empty_list(cli):
    cli.files("package corp:app;")
    assert cli("check", "--format", "gitlab") == (0, "[]\n", "")


def test_a_finding_that_moves_is_the_same_finding(cli):
    cli.files(PACKAGE)
    before = report(cli("check", "--format", "gitlab").out)
    cli.files(PACKAGE.replace("interface api", "/// Moved.\n    interface api"))
    after = report(cli("check", "--format", "gitlab").out)
    assert [issue["fingerprint"] for issue in before] == [issue["fingerprint"] for issue in after]
    assert [issue["location"]["lines"]["begin"] for issue in after] == [2, 5]


def test_findings_that_say_the_same_are_told_apart():
    alike = [Found("/here/a.wit", Diagnostic("wrong", "hint", "twice \ud800", Span(at, at))) for at in (0, 1)]
    results = Results((RootResult("/here", ("/here/a.wit",), tuple(alike)),), {"/here/a.wit": Lines("\n")}, "/here")
    assert [issue["location"]["lines"]["begin"] for issue in report(render(results))] == [1, 2]
