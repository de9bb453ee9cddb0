"""`--format sarif`: SARIF 2.1.0, for code scanning services. Specification: OASIS SARIF 2.1.0."""

import json
import os
from urllib.parse import quote

from dataflare_lsp import __version__
from dataflare_lsp.cli.codes import explain, severity_of
from dataflare_lsp.cli.results import Found, Results, message_of
from dataflare_lsp.text import Fix, Severity, Span

Json = str | int | bool | dict[str, "Json"] | list["Json"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_BASE = "%SRCROOT%"


def render(results: Results, complete: bool = True) -> str:
    """The results as one SARIF log; `complete` is False where something could not be read."""
    found = results.found
    rules = sorted({one.diagnostic.code for one in found})
    log: Json = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "dataflare-lsp",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(code) for code in rules],
                    }
                },
                "originalUriBaseIds": {_BASE: {"uri": _directory_uri(results.directory)}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": complete}],
                "results": [_result(results, one, rules.index(one.diagnostic.code)) for one in found],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> Json:
    page = (explain(code) or "").strip()
    # A title, a sentence, the cause, and then examples under headings of their own.
    about = [" ".join(part.split()) for part in page.partition("\n## ")[0].split("\n\n")[1:]]
    return {
        "id": code,
        "name": "".join([word.capitalize() for word in code.split("-")]),
        "shortDescription": {"text": about[0]},
        "fullDescription": {"text": " ".join(about)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[severity_of(code)]},
    }


def _result(results: Results, found: Found, rule: int) -> Json:
    diagnostic = found.diagnostic
    result: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join((message_of(diagnostic), *diagnostic.notes))},
        "locations": [{"physicalLocation": _location(results, found.file, diagnostic.span)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(results, related.file, related.span),
                "message": {"text": related.message},
            }
            for number, related in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.fixes:
        result["fixes"] = [_fix(results, found.file, fix) for fix in diagnostic.fixes]
    return result


def _fix(results: Results, file: str, fix: Fix) -> Json:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(results, file),
                "replacements": [
                    {"deletedRegion": _region(results, file, edit.span), "insertedContent": {"text": edit.new}}
                    for edit in fix.edits
                ],
            }
        ],
    }


def _location(results: Results, file: str, span: Span) -> Json:
    location: dict[str, Json] = {"artifactLocation": _artifact(results, file)}
    if file in results.lines:
        location["region"] = _region(results, file, span)
    return location


def _region(results: Results, file: str, span: Span) -> Json:
    start, end = results.range(file, span)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _artifact(results: Results, file: str) -> Json:
    shown = results.portable(file)
    if os.path.isabs(results.shown(file)):
        return {"uri": _file_uri(shown)}
    return {"uri": quote(shown, errors="replace"), "uriBaseId": _BASE}


def _directory_uri(directory: str) -> str:
    return _file_uri(directory.replace(os.sep, "/").rstrip("/") + "/")


def _file_uri(path: str) -> str:
    return "file://" + ("" if path.startswith("/") else "/") + quote(path, safe="/:", errors="replace")
