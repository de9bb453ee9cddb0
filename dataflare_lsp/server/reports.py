"""Diagnostics as the JSON that is sent: equal lists are equal texts."""

from collections.abc import Callable, Iterator, Sequence
from json import dumps
from typing import Final

from dataflare_lsp.server.view import Area, View
from dataflare_lsp.text import Diagnostic, Span

MOST = 1000
"""How many diagnostics of a file are sent; more help nobody, and a file that is no WIT at all has one on each word."""

NONE = "[]"
SOURCE: Final = "dataflare"

_SEVERITIES = {"error": 1, "warning": 2, "information": 3, "hint": 4}
_TAGS = {"unnecessary": 1, "deprecated": 2}


def diagnostics_json(view: View, file: str, found: Sequence[Diagnostic]) -> str:
    """A JSON list of the diagnostics of a file."""
    if not found:
        return NONE
    areas = view.areas(file)
    return f"[{','.join([_diagnostic(view, areas, one) for one in found[:MOST]])}]"


def _diagnostic(view: View, areas: Callable[[Span], Area], found: Diagnostic) -> str:
    client = view.client
    parts = [
        f'{{"range":{range_text(areas(found.span))}',
        f'"severity":{_SEVERITIES[found.severity]}',
        f'"code":{dumps(found.code)}',
        f'"source":"{SOURCE}"',
        f'"message":{dumps(message_of(found))}',
    ]
    if found.tag and client.diagnostic_tags:
        parts.append(f'"tags":[{_TAGS[found.tag]}]')
    if found.related and client.related_information:
        parts.append(f'"relatedInformation":[{",".join(_related(view, found))}]')
    return ",".join(parts) + "}"


def _related(view: View, found: Diagnostic) -> Iterator[str]:
    for file, span, message in found.related:
        place = f'{{"uri":{dumps(view.uri(file))},"range":{range_text(view.area(file, span))}}}'
        yield f'{{"location":{place},"message":{dumps(message)}}}'


def message_of(found: Diagnostic) -> str:
    """What an editor shows: the message, then what stands beside and below it in a terminal, a line each."""
    lines = [found.message]
    if found.hint:
        lines.append(found.hint)
    lines += [f"note: {note}" for note in found.notes]
    return "\n".join(lines)


def range_text(area: Area) -> str:
    """A range of the protocol, as JSON."""
    line, column, end_line, end_column = area
    start = f'{{"line":{line},"character":{column}}}'
    return f'{{"start":{start},"end":{{"line":{end_line},"character":{end_column}}}}}'
