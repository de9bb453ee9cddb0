"""`--format junit`: a report as test runners write it, which GitLab, Jenkins and others show.

A suite is a root, a case is a diagnostic in it, or a file without any.
"""

import re

from dataflare_lsp.cli.results import Found, Results, RootResult, message_of

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def render(results: Results, deny_warnings: bool = False) -> str:
    """The results as XML, in ASCII. Warnings are failures only where they are denied."""
    suites = [_suite(results, root, deny_warnings) for root in results.roots]
    cases = sum(suite.cases for suite in suites)
    failures = sum(suite.failures for suite in suites)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="dataflare-lsp check" tests="{cases}" failures="{failures}" errors="0">',
        *[line for suite in suites for line in suite.lines],
        "</testsuites>",
    ]
    return ("\n".join(lines) + "\n").encode("ascii", "xmlcharrefreplace").decode()


class _Suite:
    def __init__(self) -> None:
        self.cases = 0
        self.failures = 0
        self.lines: list[str] = []


def _suite(results: Results, root: RootResult, deny_warnings: bool) -> _Suite:
    suite = _Suite()
    for found in root.found:
        suite.cases += 1
        fails = found.diagnostic.severity == "error" or (deny_warnings and found.diagnostic.severity == "warning")
        suite.failures += fails
        suite.lines += _case(results, root, found, fails)
    faulty = {found.file for found in root.found}
    for file in root.files:
        if file not in faulty:
            suite.cases += 1
            suite.lines.append(f"    <testcase {_attributes(results, root, file, results.portable(file))}/>")
    attributes = f'name="{_escaped(results.portable(root.path))}" tests="{suite.cases}" failures="{suite.failures}"'
    suite.lines = [f'  <testsuite {attributes} errors="0" skipped="0">', *suite.lines, "  </testsuite>"]
    return suite


def _case(results: Results, root: RootResult, found: Found, fails: bool) -> list[str]:
    diagnostic = found.diagnostic
    place = results.range(found.file, diagnostic.span).start
    name = f"{results.portable(found.file)}:{place.line}:{place.column} {diagnostic.code}"
    message = message_of(diagnostic)
    said = [f"{diagnostic.severity}[{diagnostic.code}]: {message}", *[f"note: {note}" for note in diagnostic.notes]]
    for related in diagnostic.related:
        there = results.range(related.file, related.span).start
        said.append(f"{results.portable(related.file)}:{there.line}:{there.column}: {related.message}")
    body = _escaped("\n".join(said))
    element = (
        f'      <failure type="{_escaped(diagnostic.code)}" message="{_escaped(message)}">{body}</failure>'
        if fails
        else f"      <system-out>{body}</system-out>"
    )
    attributes = _attributes(results, root, found.file, name)
    return [f'    <testcase {attributes} line="{place.line}">', element, "    </testcase>"]


def _attributes(results: Results, root: RootResult, file: str, name: str) -> str:
    shown, where = results.portable(file), results.portable(root.path)
    return f'name="{_escaped(name)}" classname="{_escaped(where)}" file="{_escaped(shown)}"'


def _escaped(text: str) -> str:
    text = _NOT_XML.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
