"""Semantic tokens: what each word of a file is, for editors to colour."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.occurrences import Occurrence, occurrences
from dataflare_lsp.features.vocabulary import ATTRIBUTES
from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import Gate, PathKey, gate_of, inline_members
from dataflare_lsp.wit.layout import comments
from dataflare_lsp.wit.lexer import END, ID, INTEGER, KEYWORDS, OPEN_COMMENT, PRIMITIVES, STRING, Tokens
from dataflare_lsp.wit.names import (
    NO_SCOPE,
    Scope,
    body_of,
    meaning,
    resolve,
    resolve_top_level,
    scope_from,
    scope_of,
    unit_of,
)
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.syntax import (
    Alias,
    Extern,
    Func,
    Include,
    Inline,
    Path,
    Record,
    Resource,
    TopLevelUse,
    TypeDef,
)
from dataflare_lsp.workspace.snapshot import Snapshot


class Token(NamedTuple):
    """A word or comment. `type` is one of LEGEND_TYPES, `modifiers` are some of LEGEND_MODIFIERS, in its order.

    A comment may go over several lines.
    """

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


def semantic_tokens(snapshot: Snapshot, file: str, span: Span | None = None) -> tuple[Token, ...]:
    """The tokens of a file, or of the items that `span` touches, in order and without overlaps."""
    starts = snapshot.source(file).starts
    return tuple(
        [
            Token(Span(token.span.start + starts[number], token.span.end + starts[number]), token.type, token.modifiers)
            for number, tokens in segment_tokens(snapshot, file, span)
            for token in tokens
        ]
    )


def segment_tokens(snapshot: Snapshot, file: str, span: Span | None = None) -> Iterator[tuple[int, tuple[Token, ...]]]:
    """The same by the numbers of segments, each token counted from its segment's start.

    The tuple of a segment stays the same object as long as the segment and what its names mean do.
    """
    source = snapshot.source(file)
    root = snapshot.root_of(file)
    first, last = 0, len(source.segments) - 1
    if span is not None:
        first, last = source.segment_at(span.start), source.segment_at(span.end)
    found: dict[int, tuple[Token, ...]] = {}
    for unit in source.units:
        for head, body in unit.bodies:
            if head <= last and first <= head + len(body.members):
                if first <= head and last >= head + len(body.members):
                    tokens = tokens_of_body(snapshot.db, root, body.id)
                    found.update(zip(range(head + 1, head + 1 + len(tokens)), tokens, strict=True))
                else:
                    kinds = _Kinds(snapshot.db, root, unit_of(body.id), scope_of(snapshot.db, body.id))
                    for number in range(max(first, head + 1), min(last, head + len(body.members)) + 1):
                        found[number] = _tokens(source.segments[number], kinds)
    for number in range(first, last + 1):
        if number in found:
            yield number, found[number]
        else:
            unit_id = snapshot.unit_of(file, number)
            yield number, _tokens(source.segments[number], _Kinds(snapshot.db, root, unit_id, NO_SCOPE))


@query
def tokens_of_body(db: Database, root: str, body: BodyId) -> tuple[tuple[Token, ...], ...]:
    """The tokens of the items of an interface or world, each counted from its segment's start."""
    found = body_of(db, body)
    if found is None:
        return ()
    kinds = _Kinds(db, root, unit_of(body), scope_of(db, body))
    return tuple([_tokens(segment, kinds) for segment in found.members])


# What names are ------------------------------------------------------------------------------------------------


class _Reference(NamedTuple):
    """A name whose kind others decide: `name` in this scope, or in the interface at `path`; or the path's own item."""

    name: str
    path: PathKey | None = None
    top_level: bool = False


class _Kind(NamedTuple):
    """A type of token, or "" where it is as the name's place lets one think."""

    type: str
    deprecated: bool = False


_UNKNOWN = _Kind("")
_TYPES = {"alias": "type", "record": "struct", "variant": "enum", "enum": "enum", "flags": "enum", "resource": "class"}


class _Kinds:
    """What the names in a scope are, each found when it is first asked for."""

    def __init__(self, db: Database, root: str, unit: UnitId, scope: Scope) -> None:
        self.db = db
        self.root = root
        self.unit = unit
        self.scope = scope
        self.known: dict[_Reference, _Kind] = {}

    def of(self, reference: _Reference) -> _Kind:
        kind = self.known.get(reference)
        if kind is None:
            kind = self.known[reference] = self._find(reference)
        return kind

    def _find(self, reference: _Reference) -> _Kind:
        name, path, top_level = reference
        if path is None:
            return self._type(self.unit, self.scope, name)
        target = (resolve_top_level if top_level else resolve)(self.db, self.root, self.unit, path)
        item = target.item
        if not name:
            if item is None:
                return _UNKNOWN
            return _Kind("interface" if item.kind == "interface" else "namespace", bool(item.gate.deprecated))
        if item is None:
            return _UNKNOWN
        return self._type(unit_of(item.body), scope_of(self.db, item.body), name)

    def _type(self, unit: UnitId, scope: Scope, name: str) -> _Kind:
        fact = scope.types.get(name)
        final = meaning(self.db, self.root, unit, scope, name)
        if fact is None or final is None:
            return _UNKNOWN
        # An alias is a type of its own name, whatever it stands for; but what is a resource is one by any name.
        kind = final.fact.kind if fact.kind == "use" or final.fact.kind == "resource" else fact.kind
        return _Kind(_TYPES.get(kind, "type"), bool(fact.gate.deprecated or final.fact.gate.deprecated))


_NAMES = KEYWORDS | {ID}
_VERSIONS = ("path-version", "gate-version")


# The words of a segment ----------------------------------------------------------------------------------------


class _Word(NamedTuple):
    """A token of a segment; its type is that of `reference` where there is one."""

    start: int
    end: int
    type: str
    modifiers: tuple[str, ...] = ()
    reference: _Reference | None = None


class _Words:
    """The words of a segment, and the tokens that they made when they were last asked for."""

    __slots__ = ("kinds", "references", "tokens", "words")

    def __init__(self, segment: Segment) -> None:
        self.words = tuple(_words(segment))
        self.references = tuple([word.reference for word in self.words if word.reference is not None])
        self.kinds: list[_Kind] | None = None
        self.tokens: tuple[Token, ...] = ()


def _tokens(segment: Segment, kinds: _Kinds) -> tuple[Token, ...]:
    words = segment.words
    if words is None:
        words = segment.words = _Words(segment)
    assert isinstance(words, _Words)
    found = [kinds.of(reference) for reference in words.references]
    if words.kinds != found:
        words.kinds = found
        words.tokens = tuple(_resolved(words.words, iter(found)))
    return words.tokens


def _resolved(words: tuple[_Word, ...], kinds: Iterator[_Kind]) -> Iterator[Token]:
    for start, end, type_, modifiers, reference in words:
        if reference is not None:
            kind = next(kinds)
            type_ = kind.type or type_
            if kind.deprecated and "deprecated" not in modifiers:
                modifiers = (*modifiers, "deprecated")
        yield Token(Span(start, end), type_, modifiers)


def _words(segment: Segment) -> Iterator[_Word]:
    """The words and comments of a segment, in order."""
    node = segment.node
    named: dict[int, Occurrence] = {}
    if node is not None:
        named = {found.span.start: found for found in occurrences(node) if found.role not in _VERSIONS}
    inline = NO_SCOPE
    if isinstance(node, Extern) and isinstance(node.item, Inline):
        inline = scope_from(inline_members(node.item))
    text = segment.text
    tokens = Tokens(text, 0)
    at = done = 0
    name: _Word | None = None
    before = ""
    while True:
        for comment in comments(text, at, tokens.start):
            if comment.start < done:
                continue  # it stands within a name that goes on behind it
            yield _comment(text, comment.start, comment.end)
        if tokens.kind == END:
            return
        if tokens.kind == OPEN_COMMENT:
            yield _comment(text, tokens.start, len(text))
            return
        if tokens.start >= done:
            found = named.get(tokens.start)
            if found is not None:
                name = _named(found, inline)
            # A package's name is several words, between which comments may stand.
            if name is not None and name.start <= tokens.start < name.end and tokens.kind in _NAMES:
                yield name._replace(start=tokens.start, end=tokens.end)
                done = tokens.end
            else:
                word = _plain(tokens, before)
                if word is not None:
                    yield word
                    done = word.end
        before = tokens.kind
        at = tokens.end
        tokens.advance()


def _comment(text: str, start: int, end: int) -> _Word:
    documents = text.startswith(("///", "/**"), start) and not text.startswith(("////", "/***", "/**/"), start)
    return _Word(start, end, "comment", ("documentation",) if documents else ())


def _plain(tokens: Tokens, before: str) -> _Word | None:
    """A token that names nothing."""
    kind, start, end = tokens.kind, tokens.start, tokens.end
    if kind == "@" and tokens.peek(1) == ID:
        following = tokens.ends[tokens.index + 1]
        if tokens.text[start + 1 : following] in ATTRIBUTES:
            return _Word(start, following, "decorator")
        return None
    if kind in PRIMITIVES or kind in ("list", "option", "result", "tuple", "map", "future", "stream", "own", "borrow"):
        return _Word(start, end, "type", ("defaultLibrary",))
    if kind in KEYWORDS or kind == "_":
        return _Word(start, end, "keyword")
    if kind == INTEGER:
        return _Word(start, _end_of_version(tokens), "number")
    if kind == STRING:
        return _Word(start, end, "string")
    if kind == ID:
        word = tokens.word(tokens.index)
        if word in ("get", "set") and tokens.peek(1) == "(":
            return _Word(start, end, "keyword")
        if word in ("version", "feature") and before == "(" and tokens.peek(1) == "=":
            return _Word(start, end, "property")
    return None


def _end_of_version(tokens: Tokens) -> int:
    """Where a number ends, or the version that it begins."""
    text, end = tokens.text, tokens.end
    while text[end : end + 1] in (".", "-", "+") and text[end + 1 : end + 2].isalnum():
        end += 1
        while text[end : end + 1].isalnum():
            end += 1
    return end


def _named(found: Occurrence, inline: Scope) -> _Word:
    """A name, by the part that it plays. `inline`: the names of the interface written in place in its segment."""
    node = found.node
    gate = gate_of(node.lead)
    here: tuple[str, ...] = ("declaration", "deprecated") if gate.deprecated else ("declaration",)
    kind = "variable"
    modifiers = here
    reference: _Reference | None = None
    match found.role:
        case "package":
            kind = "namespace"
        case "interface":
            kind = "interface"
        case "world":
            kind = "namespace"
        case "type":
            kind = _type_kind(node)
            if isinstance(node, Alias) and found.inline is None:
                reference = _Reference(found.text)  # of a resource it is one too
        case "function":
            kind, modifiers = _function(node, gate)
        case "field":
            kind, modifiers = "property" if isinstance(node, Record) else "enumMember", ("declaration",)
        case "parameter":
            kind, modifiers = "parameter", ("declaration",)
        case "extern":
            kind = "function" if isinstance(node, Extern) and isinstance(node.item, Func) else "interface"
        case "path-package":
            kind, modifiers = "namespace", ()
        case "path-name":
            kind, modifiers = "namespace" if isinstance(node, Include) else "interface", ()
            reference = _Reference("", _key(found.path), isinstance(node, TopLevelUse))
        case "alias" if isinstance(node, TopLevelUse):
            kind = "interface"
            reference = _Reference("", _key(found.path), True)
        case "used" | "alias":
            kind, modifiers = "type", here if found.role == "alias" else ()
            reference = _used(found)
        case "type-name":
            kind, modifiers = "type", ()
            fact = inline.types.get(found.text) if found.inline is not None else None
            if found.inline is None:
                reference = _Reference(found.text)
            elif fact is not None and fact.path is not None:
                reference = _Reference(fact.of, fact.path)
            elif fact is not None:
                kind = _TYPES.get(fact.kind, "type")
        case "feature" | "included":
            modifiers = ()
    return _Word(*found.span, kind, modifiers, reference)


def _type_kind(node: object) -> str:
    match node:
        case Resource():
            return "class"
        case Record():
            return "struct"
        case Alias():
            return "type"
    return "enum" if isinstance(node, TypeDef) else "type"


def _function(node: object, gate: Gate) -> tuple[str, tuple[str, ...]]:
    assert isinstance(node, Func)
    modifiers = ["declaration"]
    if node.form == "static":
        modifiers.append("static")
    if gate.deprecated:
        modifiers.append("deprecated")
    if node.is_async:
        modifiers.append("async")
    return "function" if node.form == "free" else "method", tuple(modifiers)


def _key(path: Path | None) -> PathKey:
    return PathKey(path.package, path.name.text) if path is not None else PathKey(None, "")


def _used(found: Occurrence) -> _Reference:
    """The type that a name in the braces of a `use` is, in the interface that it comes from."""
    for name in getattr(found.node, "names", ()):
        if found.span in (name.name.span, name.local.span):
            return _Reference(name.name.text, _key(found.path))
    return _Reference(found.text, _key(found.path))
