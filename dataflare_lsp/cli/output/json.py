"""`--format json`: everything that was found, for programs. The form is described in docs/reference/cli.md."""

import json

from dataflare_lsp.cli.results import Found, Results, message_of
from dataflare_lsp.text import Span

VERSION = 1
"""The version of the form; it changes when a reader of the old form would misread the new one."""

Json = str | int | dict[str, "Json"] | list["Json"]


def render(results: Results) -> str:
    """The results as one JSON object, ended by a line break."""
    form: Json = {
        "version": VERSION,
        "roots": [
            {"root": results.portable(root.path), "diagnostics": [_diagnostic(results, found) for found in root.found]}
            for root in results.roots
        ],
        "summary": {"errors": results.count("error"), "warnings": results.count("warning")},
    }
    return json.dumps(form, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(results: Results, found: Found) -> Json:
    diagnostic = found.diagnostic
    return {
        **_place(results, found.file, diagnostic.span),
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": message_of(diagnostic),
        "related": [
            {**_place(results, related.file, related.span), "message": related.message}
            for related in diagnostic.related
        ],
    }


def _place(results: Results, file: str, span: Span) -> dict[str, Json]:
    start, end = results.range(file, span)
    return {
        "file": results.portable(file),
        "range": {
            "start": {"line": start.line, "column": start.column},
            "end": {"line": end.line, "column": end.column},
        },
    }
