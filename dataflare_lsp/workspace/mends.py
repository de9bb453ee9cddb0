"""Mends in the WIT of a plugin whose world does not fit its host."""

import re

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit.compat.locate import Located
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.workspace.parts import Written


def by_its_name(written: Written, name: Located, full: str) -> tuple[Fix, ...]:
    """What is spelled out in a world after a plain name, as the interface `full` instead."""
    for source in written.package:
        if source.file == name.file:
            number = source.segment_at(name.span.start)
            end = source.starts[number] + len(source.segments[number].text.rstrip())
            edit = TextEdit(Span(name.span.start, end), f"{full};")
            return (Fix(f"Name `{full}`", (edit,), False),)
    return ()


def exporting(written: Written, world: str, interface: str) -> tuple[Fix, ...]:
    """An export added to a world, behind what is there."""
    for source in written.package:
        for first, body in source.units[0].bodies:
            if body.kind == "world" and body.name.text == world:
                return (Fix(f"Export `{interface}`", (_added(source, first, body, f"export {interface};"),), False),)
    return ()


def _added(source: Source, first: int, body: Body, item: str) -> TextEdit:
    """The edit that puts an item behind the last one of a body, in a line of its own if that has one."""
    whole, last = source.lines.text, first + len(body.members)
    text = source.segments[last].text
    at = source.starts[last] + len(text.rstrip())
    before = re.search(r"(\r?\n)([ \t]*)\S", text) if body.members else None
    if before is None:
        below = None if body.members else re.match(r"[ \t]*(\r?\n)", whole[at:])
        return TextEdit(Span(at, at), f"{below[1]}    {item}" if below is not None else f" {item}")
    return TextEdit(Span(at, at), f"{before[1]}{before[2]}{item}")
