"""Imports: how a type of another interface is named here, and the `use` that brings it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.markup import identifier
from dataflare_lsp.memo import Database
from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.facts import USES, PathKey
from dataflare_lsp.wit.format import INDENT
from dataflare_lsp.wit.names import members_of, outline, package_of, resolve, unit_of
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import Body, BodyId, Source
from dataflare_lsp.wit.syntax import Inline, PackageName, Use
from dataflare_lsp.workspace.snapshot import Snapshot

_OPENING = re.compile(r"\s*(?:@[\w.+-]*)?\s*\.?\s*\{")
_CLOSING = re.compile(r"\s*,?\s*\}\s*;?")
_BLANKS = re.compile(r"[ \t]*(\r?\n)?[ \t\r\n]*")


class Block(NamedTuple):
    """A pair of braces that `use` can stand in: `opened` is the place after the `{`. Places are the file's.

    `uses` are those in it, each with its segment's start and the place after it.
    """

    source: Source
    unit: UnitId
    opened: int
    uses: tuple[tuple[Use, int, int], ...]


def block_of_body(db: Database, source: Source, first: int, body: Body) -> Block:
    """The braces of an interface or world."""
    uses = [
        (facts.node, source.starts[first + 1 + number], source.starts[first + 2 + number])
        for number, facts in members_of(db, body.id).having(USES)
        if isinstance(facts.node, Use) and facts.node.path is not None
    ]
    return Block(source, unit_of(body.id), source.starts[first + 1], tuple(uses))


def block_of_inline(source: Source, unit: UnitId, segment: int, inline: Inline | None, opened: int) -> Block:
    """The braces of an interface written in place in a segment."""
    start = source.starts[segment]
    uses = []
    for node in inline.members if inline is not None else ():
        if isinstance(node, Use) and node.path is not None and node.names:
            closing = _CLOSING.match(source.text, start + node.names[-1].local.end)
            if closing is not None:
                uses.append((node, start, closing.end()))
    return Block(source, unit, opened, tuple(uses))


def path_to(snapshot: Snapshot, root: str, unit: UnitId, target: BodyId) -> str | None:
    """How an interface or world is named in a unit: as shortly as can be. None where it cannot be named."""
    db = snapshot.db

    def leads(path: PathKey) -> bool:
        found = resolve(db, root, unit, path)
        return found.status == "found" and found.item is not None and found.item.body == target

    short = [target.name] if package_of(db, root, unit) == package_of(db, root, unit_of(target)) else []
    for name in (*short, *(local for local, path in outline(db, unit).uses if path.name == target.name)):
        if leads(PathKey(None, name)):
            return identifier(name)
    package = package_of(db, root, unit_of(target)).name
    if package is None or not leads(PathKey(package, target.name)):
        return None
    return full_path(package, target.name)


def full_path(package: PackageName, name: str) -> str:
    """A path with its package."""
    version = f"@{package.version}" if package.version else ""
    return f"{identifier(package.namespace)}:{identifier(package.name)}/{identifier(name)}{version}"


def edits_to_use(snapshot: Snapshot, root: str, block: Block, target: BodyId, name: str) -> tuple[TextEdit, ...] | None:
    """The edits that bring the type `name` of `target` into a block; None where it cannot be named there.

    A `use` of the same interface takes the name too, else a new one follows the last, or begins the block.
    """
    for node, start, _ in block.uses:
        if node.path is None or node.lead.attributes:
            continue  # what is used behind a gate stays apart
        found = resolve(snapshot.db, root, block.unit, PathKey(node.path.package, node.path.name.text))
        if found.item is not None and found.item.body == target:
            return tuple(_merged(block.source.text, node, start, identifier(name)))
    path = path_to(snapshot, root, block.unit, target)
    if path is None:
        return None
    return (_new_use(block, f"use {path}.{{{identifier(name)}}};"),)


def _merged(text: str, node: Use, start: int, name: str) -> Iterator[TextEdit]:
    assert node.path is not None
    if not node.names:
        opening = _OPENING.match(text, start + node.path.end)
        if opening is not None:
            yield TextEdit(Span(opening.end(), opening.end()), name)
        return
    last = node.names[-1]
    at = start + last.local.end
    between = ", "
    line = text.rfind("\n", 0, start + last.name.start) + 1
    if len(node.names) > 1 and line > start + node.names[0].name.start:
        between = f",\n{_indentation(text, line)}"  # one name to a line
    yield TextEdit(Span(at, at), between + name)


def _new_use(block: Block, use: str) -> TextEdit:
    text = block.source.text
    newline = "\r\n" if text[max(text.find("\n") - 1, 0) : text.find("\n") + 1] == "\r\n" else "\n"
    if block.uses:
        node, start, end = block.uses[-1]
        assert node.path is not None
        keyword = text.rfind("use", start, start + node.path.start)
        line = text.rfind("\n", 0, keyword) + 1
        if text[line:keyword].strip():
            return TextEdit(Span(end, end), f" {use}")
        return TextEdit(Span(end, end), f"{newline}{text[line:keyword]}{use}")
    at = block.opened
    blanks = _BLANKS.match(text, at)
    assert blanks is not None
    if blanks.group(1) is None:
        return TextEdit(Span(at, at), f" {use}" if text[at : at + 1].isspace() else f" {use} ")
    if text.startswith("}", blanks.end()) or blanks.end() == len(text):
        indentation = _indentation(text, text.rfind("\n", 0, at) + 1) + " " * INDENT
        return TextEdit(Span(at, at), f"{newline}{indentation}{use}")
    indentation = _indentation(text, text.rfind("\n", 0, blanks.end()) + 1)
    return TextEdit(Span(at, at), f"{newline}{indentation}{use}{newline}")


def _indentation(text: str, line: int) -> str:
    end = line
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[line:end]
