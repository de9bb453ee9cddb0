"""Source text with marks: a diagnostic test that reads as the user's screen.

A mark is a line under the faulty one. It begins with `#` two columns left of what it underlines, so it may stand left
of the source's own margin:

        record point {
            x: s32
            y: s32,
          # ^ error[expected-token]: expected `,` or `}` in record `point`, found `y`
        }

The underline is as long as the fault, one sign where that is empty, and ends in `…` where the fault goes on in the next
line. After the message stands the hint, if there is one, after ` -- `.
"""

import re
from collections.abc import Iterable
from textwrap import dedent
from typing import NamedTuple

from dataflare_lsp.text import Lines, Span
from dataflare_lsp.wit.parser import Problem
from dataflare_lsp.wit.source import Source

_MARK = re.compile(r"[ ]*# [\^]+")


class Mark(NamedTuple):
    """What is said about a span of a text."""

    span: Span
    code: str
    message: str
    hint: str = ""
    severity: str = "error"


def unmarked(screen: str) -> str:
    """The source text of `screen`: without its marks and without the margin that all its lines share."""
    lines = unindented(screen).split("\n")
    return dedent("\n".join(line for line in lines if not _MARK.match(line)))


def marked(source: str, marks: Iterable[Mark]) -> str:
    """`source`, with a line for each mark under the line where it begins."""
    lines = Lines(source)
    below: dict[int, list[str]] = {}
    for mark in sorted(marks):
        line, column = lines.position(mark.span.start)
        rest = len(lines.line(line)) - column
        length = mark.span.end - mark.span.start
        underline = "^" * max(1, min(length, rest)) + ("…" if length > max(rest, 1) else "")
        said = f"{underline} {mark.severity}[{mark.code}]: {mark.message}{' -- ' + mark.hint if mark.hint else ''}"
        below.setdefault(line, []).append(" " * column + "# " + said)
    shown = []
    for number in range(len(lines.starts)):
        shown.append("  " + lines.line(number) if lines.line(number) else "")
        shown.extend(below.get(number, ()))
    return "\n".join(shown)


def problems(source: Source) -> list[tuple[Span, Problem]]:
    """The problems of a file in their order, each with its place in the file."""
    return [
        (source.absolute(number, problem.span), problem)
        for number, segment in enumerate(source.segments)
        for problem in segment.problems
    ]


def assert_screen(screen: str) -> Source:
    """The syntax problems of the text in `screen` are exactly its marks. Returns the file as parsed."""
    source = Source.parse("screen.wit", unmarked(screen))
    found = [Mark(span, problem.code, problem.message, problem.hint) for span, problem in problems(source)]
    assert marked(source.text, found) == unindented(screen)
    return source


def unindented(screen: str) -> str:
    """`screen` with its source lines indented by two, the marks keeping their place below them."""
    lines = screen.removeprefix("\n").split("\n")
    if not lines[-1].strip():
        lines[-1] = ""
    sources = [line for line in lines if line.strip() and not _MARK.match(line)]
    margin = min((len(line) - len(line.lstrip(" ")) for line in sources), default=0)
    return "\n".join(line[max(0, margin - 2) :] if line.strip() else "" for line in lines)
