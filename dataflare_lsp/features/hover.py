"""Hover: what the name under the cursor means."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.definition import named_types
from dataflare_lsp.features.markup import (
    block,
    code,
    function_text,
    identifier,
    item_text,
    keyword_of,
    part_text,
    sections,
    type_text,
)
from dataflare_lsp.features.meanings import (
    BodyMeaning,
    Meaning,
    MemberMeaning,
    PackageMeaning,
    final_origin,
    meaning_of,
    package_headers,
    path_meaning,
    qualified,
)
from dataflare_lsp.features.occurrences import Occurrence, occurrence_at
from dataflare_lsp.features.vocabulary import ACCESSORS, ATTRIBUTES, GENERICS, explanation, plain
from dataflare_lsp.text import Span
from dataflare_lsp.wit.docs import documentation
from dataflare_lsp.wit.facts import OPEN, Gate, gate_of
from dataflare_lsp.wit.lexer import END, ID, Tokens
from dataflare_lsp.wit.names import is_active, items_of
from dataflare_lsp.wit.syntax import (
    Alias,
    Extern,
    Field,
    Func,
    Include,
    InterfaceHead,
    Path,
    TypeDef,
    Use,
    WorldHead,
    WorldItem,
)
from dataflare_lsp.workspace.snapshot import Snapshot


class Hover(NamedTuple):
    """What to show, as Markdown, and the text that it is about."""

    markdown: str
    span: Span


def hover(snapshot: Snapshot, file: str, offset: int) -> Hover | None:
    """The meaning of the name or keyword at `offset`, or None where there is none.

    A definition is shown as WIT, then its documentation, then where it comes from and since when it is there. Of an
    alias, what it stands for is shown too. Specification: WIT.md, "Item: …".
    """
    place = occurrence_at(snapshot, file, offset)
    if place is None:
        return _word(snapshot, file, offset)
    root = snapshot.root_of(file)
    text = _gate_word(snapshot, root, place.occurrence)
    if not text:
        meaning = meaning_of(snapshot, root, place)
        text = describe(snapshot, root, meaning) if meaning is not None else ""
    return Hover(text, place.span) if text else None


def describe(snapshot: Snapshot, root: str, meaning: Meaning) -> str:
    """What something is, as Markdown."""
    match meaning:
        case PackageMeaning():
            return _package(snapshot, root, meaning)
        case BodyMeaning():
            return _body(snapshot, root, meaning)
    final = final_origin(snapshot, root, meaning)
    if final is None:
        return code(item_text(meaning.node)) if isinstance(meaning.node, Use) else ""
    return _member(snapshot, root, final)


def _package(snapshot: Snapshot, root: str, meaning: PackageMeaning) -> str:
    package = meaning.package
    docs = [documentation(header.node.lead.comments) for _, header in package_headers(snapshot, package)]
    items = items_of(snapshot.db, package).values()
    listed = [
        f"{'Interfaces' if kind == 'interface' else 'Worlds'}: "
        + ", ".join(f"`{item.name}`" for item in items if item.kind == kind)
        for kind in ("interface", "world")
        if any(item.kind == kind for item in items)
    ]
    return sections((code(f"package {package.name};"), next(filter(None, docs), ""), "\n\n".join(listed)))


def _body(snapshot: Snapshot, root: str, meaning: BodyMeaning) -> str:
    body = meaning.body
    node = body.head.node
    assert isinstance(node, InterfaceHead | WorldHead)
    kinds = (Include, Extern) if body.kind == "world" else (TypeDef, Func)
    members = [segment.node for segment in body.members if isinstance(segment.node, kinds)]
    if body.kind == "world":
        members.sort(key=lambda item: ("include", "import", "export").index(_direction(item)))
    shown = [item_text(item, brief=True) for item in members]
    return sections(
        (
            code(block(f"{body.kind} {identifier(body.name.text)}", shown, ";")),
            documentation(node.lead.comments),
            _origin(f"`{qualified(snapshot, root, body.id)}`", _gate(snapshot, root, gate_of(node.lead))),
        )
    )


def _direction(item: WorldItem) -> str:
    return item.direction if isinstance(item, Extern) else "include"


def _member(snapshot: Snapshot, root: str, member: MemberMeaning) -> str:
    """An item or a part of one."""
    return sections(
        (
            code("\n".join(_wit(snapshot, root, member))),
            member_documentation(snapshot, root, member),
            _origin(_home(snapshot, root, member), _gate(snapshot, root, _gate_of(member))),
        )
    )


def _wit(snapshot: Snapshot, root: str, member: MemberMeaning) -> Iterator[str]:
    """A member as WIT, and the definitions of the aliases in it."""
    node = member.node
    match member.part:
        case Field() as field:
            assert isinstance(node, TypeDef)
            yield part_text(node, field)
        case None:
            assert isinstance(node, TypeDef | Func | Extern)
            yield function_text(node) if isinstance(node, Func) else item_text(node)
        case param:
            yield f"{identifier(param.name.text)}: {type_text(param.type)}"
    if member.part is not None or isinstance(node, Alias):
        shown = set()
        for named in named_types(snapshot, member):
            final = final_origin(snapshot, root, named)
            if final is not None and isinstance(final.node, TypeDef) and final.name not in shown:
                shown.add(final.name)
                yield item_text(final.node)


def member_documentation(snapshot: Snapshot, root: str, member: MemberMeaning) -> str:
    """The documentation of an item or a part of one; an import without its own has that of its interface."""
    if member.part is not None:
        return documentation(member.part.comments)
    docs = documentation(member.node.lead.comments)
    if not docs and isinstance(member.node, Extern) and isinstance(member.node.item, Path):
        there = path_meaning(snapshot, root, member.file, member.segment, member.node.item)
        if there is not None and there.body.head.node is not None:
            return documentation(there.body.head.node.lead.comments)
    return docs


def _home(snapshot: Snapshot, root: str, member: MemberMeaning) -> str:
    """Where a member belongs, innermost first."""
    homes = []
    node = member.node
    if member.part is not None:
        if isinstance(node, TypeDef):
            word = {"record": "field", "flags": "flag"}.get(keyword_of(node), "case")
            homes.append(f"{word} of `{node.name.text}`")
        elif isinstance(node, Func | Extern) and node.name is not None:
            homes.append(f"parameter of `{node.name.text}`")
    if member.owner is not None:
        homes.append(f"resource `{member.owner.name.text}`")
    if member.inline is not None:
        source = snapshot.source(member.file)
        outer = source.segments[member.segment].node
        if isinstance(outer, Extern) and outer.name is not None:
            homes.append(f"{outer.direction} `{outer.name.text}`")
    if member.body is not None:
        homes.append(f"`{qualified(snapshot, root, member.body)}`")
    return ", ".join(homes)


def _gate_of(member: MemberMeaning) -> Gate:
    """The gate of a member, or else of the resource that it belongs to."""
    gate = gate_of(member.node.lead)
    return gate_of(member.owner.lead) if gate == OPEN and member.owner is not None else gate


def _gate(snapshot: Snapshot, root: str, gate: Gate) -> list[str]:
    """What a gate says, in words."""
    said = []
    if gate.since:
        said.append(f"since {gate.since}")
    if gate.feature:
        state = "active" if is_active(snapshot.db, root, gate) else "not active"
        said.append(f"unstable: feature `{gate.feature}`, {state}")
    if gate.deprecated:
        said.append(f"**deprecated** since {gate.deprecated}")
    return said


def _origin(home: str, said: list[str]) -> str:
    return "  \n".join(filter(None, (home, ", ".join(said))))


# Words that are no names ---------------------------------------------------------------------------------------


def _gate_word(snapshot: Snapshot, root: str, found: Occurrence) -> str:
    """A feature or version in a gate."""
    if found.role == "feature":
        state = "active" if is_active(snapshot.db, root, Gate(feature=found.text)) else "not active"
        return f"feature `{found.text}`: {state}"
    if found.role == "gate-version":
        return ATTRIBUTES["since"][1]
    return ""


def _word(snapshot: Snapshot, file: str, offset: int) -> Hover | None:
    """A keyword, a built-in type or an attribute."""
    source = snapshot.source(file)
    number = source.segment_at(offset)
    start = source.starts[number]
    tokens = Tokens(source.segments[number].text, 0)
    before = ""
    while tokens.kind != END and tokens.start + start <= offset:
        if offset < tokens.end + start:
            word = tokens.word(tokens.index)
            text = explanation(tokens.kind)
            if before == "@" and word in ATTRIBUTES:
                text = ATTRIBUTES[word][1]
            elif tokens.kind == ID and word in ACCESSORS and tokens.peek(1) == "(":
                text = ACCESSORS[word]
            if text is None:
                return None
            title = f"@{word}" if before == "@" else plain(GENERICS[word][0]) if word in GENERICS else word
            return Hover(sections((code(title), text)), Span(tokens.start, tokens.end).shifted(start))
        before = tokens.kind
        tokens.advance()
    return None
