"""The diagnostics of a file as one root sees it: every rule's findings, placed in the file."""

from collections.abc import Iterator

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit
from dataflare_lsp.wit.codes import SEVERITIES
from dataflare_lsp.wit.facts import facts_of_segment, gate_of
from dataflare_lsp.wit.finding import Elsewhere, Finding, Here, PackageHeaderPlace
from dataflare_lsp.wit.names import (
    body_of,
    borrowing_types_of,
    is_active,
    members_of,
    needs_in,
    scope_of,
    source,
    unit_of,
)
from dataflare_lsp.wit.parser import Problem
from dataflare_lsp.wit.rules.in_place import in_place_findings
from dataflare_lsp.wit.rules.items import judge
from dataflare_lsp.wit.rules.packages import file_findings
from dataflare_lsp.wit.rules.place import Place
from dataflare_lsp.wit.rules.scopes import scope_findings
from dataflare_lsp.wit.rules.worlds import view_of, world_findings
from dataflare_lsp.wit.source import BodyId, Source
from dataflare_lsp.wit.syntax import InterfaceHead, PackageHead, PackageHeader, WorldHead


@query
def body_findings(db: Database, root: str, body: BodyId) -> tuple[Finding, ...]:
    """What is wrong in one interface or world, as far as its names and their meanings go."""
    mine = body_of(db, body)
    if mine is None:
        return ()
    taken = in_place_findings(db, root, body)
    if mine.kind == "world":
        return (*world_findings(db, root, body), *taken)
    assert isinstance(mine.head.node, InterfaceHead | WorldHead)
    place = Place(
        db,
        root,
        unit_of(body),
        body,
        f"interface `{body.name}`",
        scope_of(db, body),
        members_of(db, body),
        mine.members,
        is_active(db, root, gate_of(mine.head.node.lead)),
    )
    return (*scope_findings(place), *taken)


@query
def diagnostics(db: Database, root: str, file: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a file of the root, in order of place."""
    parsed = source(db, file)
    for item in needs_in(db, root).below(parsed.bodies):
        (view_of if item.kind == "world" else borrowing_types_of)(db, root, item.body)
    shown = []
    for number in _not_silent(parsed):
        segment = parsed.segments[number]
        for problem in (*segment.problems, *judge(segment)):
            shown.append(_placed(db, parsed, number, problem, ()))
    for finding in file_findings(db, root, file):
        shown.append(_placed(db, parsed, finding.member, finding.problem, finding.elsewhere))
    for unit in parsed.units:
        for first, body in unit.bodies:
            for finding in body_findings(db, root, body.id):
                number = first + 1 + finding.member
                shown.append(_placed(db, parsed, number, finding.problem, finding.elsewhere, first))
    unique = dict.fromkeys(shown)
    return tuple(sorted(unique, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def _not_silent(parsed: Source) -> list[int]:
    """The numbers of the segments that may have mistakes by themselves, in order."""
    numbers = parsed.outside()
    for unit in parsed.units:
        for first, body in unit.bodies:
            at = first + 1
            for chunk in body.chunks:
                if not chunk.is_silent:
                    chunk.is_silent = not any([one.problems or judge(one) for one in chunk.segments])
                if not chunk.is_silent:
                    numbers += range(at, at + len(chunk.segments))
                at += len(chunk.segments)
    return sorted(numbers)


def _placed(
    db: Database, parsed: Source, number: int, problem: Problem, elsewhere: tuple[Elsewhere, ...], head: int = 0
) -> Diagnostic:
    """A problem of segment `number`, as a diagnostic of the file; `head` is the number of its body's head."""
    start = parsed.starts[number]
    span = problem.span.shifted(start)
    if span.start == span.end:
        span = _visible(parsed.text, span)
    related = [Related(parsed.file, place.shifted(start), message) for place, message in problem.related]
    for other in elsewhere:
        related += _related(db, parsed, other, head)
    fixes = tuple(
        Fix(fix.title, tuple(TextEdit(edit.span.shifted(start), edit.new) for edit in fix.edits), fix.safe)
        for fix in problem.fixes
    )
    return Diagnostic(
        problem.code,
        SEVERITIES[problem.code],
        problem.message,
        span,
        problem.hint,
        problem.notes,
        tuple(related),
        fixes,
        "unnecessary" if problem.code == "unused-use" else "",
    )


def _visible(text: str, span: Span) -> Span:
    """An empty span, widened by one character where the line has one."""
    if span.end < len(text) and text[span.end] not in "\r\n":
        return Span(span.start, span.end + 1)
    return span


def _related(db: Database, parsed: Source, other: Elsewhere, head: int) -> Iterator[Related]:
    if isinstance(other, Here):
        yield Related(parsed.file, other.span.shifted(parsed.starts[head + 1 + other.member]), other.message)
        return
    if isinstance(other, PackageHeaderPlace):
        there = source(db, other.unit.file)
        unit = there.units[other.unit.scope + 1]
        node = there.segments[unit.header].node if unit.header >= 0 else None
        if isinstance(node, PackageHeader | PackageHead):
            yield Related(there.file, node.span.shifted(there.starts[unit.header]), other.message)
        return
    place = definition(source(db, other.body.file), other.body, other.name)
    if place is not None:
        yield Related(other.body.file, place, other.message)


def definition(parsed: Source, body: BodyId, name: str = "") -> Span | None:
    """Where a body, or a type or function in it, is defined in its file."""
    for unit in parsed.units:
        for first, mine in unit.bodies:
            if mine.id != body:
                continue
            if not name:
                return mine.name.span.shifted(parsed.starts[first])
            for number, segment in enumerate(mine.members, first + 1):
                facts = facts_of_segment(segment)
                for text, at, _ in facts.types:
                    if text == name:
                        return at.span.shifted(parsed.starts[number])
                for function in facts.functions:
                    if not function.resource and function.name.text == name:
                        return function.name.span.shifted(parsed.starts[number])
    return None
