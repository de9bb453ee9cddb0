"""`--format gitlab`: a Code Quality report, which GitLab shows in merge requests and beside the changed lines.

Source: GitLab's documentation, "Code Quality", "Import code quality results from a CI/CD job". A report is a list: what
could not be read stands in it like any mistake.
"""

import json
from collections import Counter
from hashlib import sha256

from dataflare_lsp.cli.results import Found, Results, message_of
from dataflare_lsp.text import Severity

Json = str | int | dict[str, "Json"] | list["Json"]

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "major", "information": "minor", "hint": "info"}


def render(results: Results) -> str:
    """The results as one JSON list, ended by a line break."""
    alike: Counter[str] = Counter()
    report: list[Json] = []
    for found in results.found:
        issue = "\0".join((results.portable(found.file), found.diagnostic.code, message_of(found.diagnostic)))
        report.append(_issue(results, found, _fingerprint(issue, alike[issue])))
        alike[issue] += 1
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _issue(results: Results, found: Found, fingerprint: str) -> Json:
    diagnostic = found.diagnostic
    start, end = results.range(found.file, diagnostic.span)
    return {
        "description": "\n".join((message_of(diagnostic), *diagnostic.notes)),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": results.portable(found.file), "lines": {"begin": start.line, "end": end.line}},
    }


def _fingerprint(issue: str, number: int) -> str:
    """What GitLab knows an issue by in another commit: not its line, which moves, but its number among those alike."""
    return sha256(f"{issue}\0{number}".encode(errors="replace")).hexdigest()
