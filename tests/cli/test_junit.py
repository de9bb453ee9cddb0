import xml.etree.ElementTree as ElementTree

import junitparser
import pytest

from dataflare_lsp.cli.output.junit import render
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.text import Diagnostic, Lines, Span

PACKAGE = """
    //- wit/a.wit
    package corp:app;
    use api as unused;
    interface api {
        record item { id: u64, id: list<u64> }
    }
    //- wit/b.wit
    interface more {}
"""


def test_the_whole_report(cli):
    cli.files(PACKAGE)
    assert cli("check", "--format", "junit") == (
        1,
        """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dataflare-lsp check" tests="3" failures="1" errors="0">
  <testsuite name="wit" tests="3" failures="1" errors="0" skipped="0">
    <testcase name="wit/a.wit:2:1 unused-use" classname="wit" file="wit/a.wit" line="2">
      <system-out>warning[unused-use]: `unused` is never used in this file</system-out>
    </testcase>
    <testcase name="wit/a.wit:4:28 duplicate-field" classname="wit" file="wit/a.wit" line="4">
      <failure type="duplicate-field" message="field `id` is already defined in `item`">error[duplicate-field]: \
field `id` is already defined in `item`&#10;wit/a.wit:4:19: defined first here</failure>
    </testcase>
    <testcase name="wit/b.wit" classname="wit" file="wit/b.wit"/>
  </testsuite>
</testsuites>
""",
        "",
    )


def test_warnings_are_failures_where_they_are_denied(cli):
    cli.files(PACKAGE)
    suites = ElementTree.fromstring(cli("check", "--format", "junit", "--deny", "warnings").out)
    assert suites.get("failures") == "2"
    assert [failure.get("type") for failure in suites.iter("failure")] == ["unused-use", "duplicate-field"]


def test_anything_can_be_in_a_message():
    message = "<&\"'> \x1b\x00\ufffe 日本 \n\t]]>"
    diagnostic = Diagnostic("wrong", "error", message, Span(0, 0), notes=("and more",))
    root = RootResult("/here", ("/here/a.wit",), (Found("/here/a.wit", diagnostic),))
    text = render(Results((root,), {"/here/a.wit": Lines("")}, "/here"))
    assert text.isascii()
    failure = next(ElementTree.fromstring(text).iter("failure"))
    cleaned = "<&\"'> \ufffd\ufffd\ufffd 日本 \n\t]]>"
    assert failure.get("message") == cleaned
    assert failure.text == f"error[wrong]: {cleaned}\nnote: and more"


# JUnit has no schema of its own. This is what Jenkins' `junit-10.xsd` allows of what we use, by element, and what GitLab
# reads beyond that: `file`, and the `line` of pytest's reports.
VOCABULARY = {
    "testsuites": (["testsuite"], ["name", "tests", "failures", "errors"]),
    "testsuite": (["testcase"], ["name", "tests", "failures", "errors", "skipped"]),
    "testcase": (["failure", "system-out"], ["name", "classname", "file", "line"]),
    "failure": ([], ["type", "message"]),
    "system-out": ([], []),
}


@pytest.mark.parametrize("options", [(), ("--deny", "warnings")])
def test_a_report_has_only_what_its_readers_know(cli, options: tuple[str, ...]):
    cli.files(PACKAGE)
    for element in ElementTree.fromstring(cli("check", "--format", "junit", *options).out).iter():
        children, attributes = VOCABULARY[element.tag]
        assert {child.tag for child in element} <= set(children)
        assert set(element.keys()) <= set(attributes)


def test_a_reader_of_others_finds_what_was_said(cli):
    cli.files(PACKAGE)
    report = junitparser.JUnitXml.fromstring(cli("check", "--format", "junit").out.encode())
    (suite,) = report
    assert (report.tests, report.failures, report.errors) == (3, 1, 0)
    assert [(case.name, case.is_passed, [result.type for result in case.result]) for case in suite] == [
        ("wit/a.wit:2:1 unused-use", True, []),
        ("wit/a.wit:4:28 duplicate-field", False, ["duplicate-field"]),
        ("wit/b.wit", True, []),
    ]
    report.update_statistics()
    assert (report.tests, report.failures, report.errors) == (3, 1, 0)
