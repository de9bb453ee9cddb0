"""What one item of an interface or a world says by itself: the names it defines and reads, and its gate.

Facts are made once per item and kept with it. Those that others may see (`TypeFact`, names) hold no positions, so an
edit that moves text or changes a comment leaves them equal and nothing that reads them runs again.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, cast

from dataflare_lsp.wit.parser import Segment
from dataflare_lsp.wit.source import Body, Chunk
from dataflare_lsp.wit.syntax import (
    Alias,
    Deprecated,
    Enum,
    Extern,
    Flags,
    Func,
    FutureOf,
    Handle,
    Include,
    Inline,
    Lead,
    ListOf,
    MapOf,
    Name,
    Named,
    OptionOf,
    PackageName,
    Record,
    Resource,
    ResultOf,
    Since,
    StreamOf,
    TupleOf,
    Type,
    Unstable,
    Use,
    Variant,
    WorldItem,
)


class Gate(NamedTuple):
    """Since which version, or under which feature, an item exists; always, where both are empty.

    Specification: WIT.md, "Feature Gates".
    """

    since: str = ""
    feature: str = ""
    deprecated: str = ""


OPEN = Gate()


def gate_of(lead: Lead) -> Gate:
    """The gate that the attributes of an item make."""
    if not lead.attributes:
        return OPEN
    since = feature = deprecated = ""
    for attribute in lead.attributes:
        if isinstance(attribute, Since):
            since = since or attribute.version
        elif isinstance(attribute, Unstable):
            feature = feature or attribute.feature.text
        elif isinstance(attribute, Deprecated):
            deprecated = deprecated or attribute.version
    return Gate(since, feature, deprecated)


class Ref(NamedTuple):
    """A type's name where it is read. `handle`: inside `own<…>` or `borrow<…>`, where a resource must stand."""

    text: str
    start: int
    end: int
    handle: bool
    borrowed: bool = False


TypeKind = Literal["alias", "record", "variant", "enum", "flags", "resource", "use"]


class PathKey(NamedTuple):
    """A path without its position."""

    package: PackageName | None
    name: str


class TypeFact(NamedTuple):
    """What others may see of a type, or of a name that a `use` brings.

    `of`: for an alias of a plain name, that name; for a used name, its name in the interface at `path`.
    `reads`: the names in its definition. `borrows`: whether `borrow<…>` is written in it. `result`: for an alias of a
    `result`, its `ok` type's name ("" where that is no name, None where there is no `ok`), else False.
    """

    kind: TypeKind
    gate: Gate = OPEN
    of: str = ""
    path: PathKey | None = None
    reads: tuple[str, ...] = ()
    borrows: bool = False
    result: str | None | Literal[False] = False


class FuncFact(NamedTuple):
    """A function as the component model names it: `[method]r.f`, `[get]f`, …, and what its result reads."""

    name: Name
    mangled: str
    node: Func
    gate: Gate
    resource: str
    result_reads: frozenset[str]
    result_borrows: bool


class Facts(NamedTuple):
    """All that one item says. `types` pairs names with what they are; `refs` are in source order."""

    node: WorldItem | None
    types: tuple[tuple[str, Name, TypeFact], ...]
    functions: tuple[FuncFact, ...]
    refs: tuple[Ref, ...]
    names: frozenset[str]
    handles: tuple[Ref, ...]
    keys: tuple[str, ...]
    """The names that it defines, made comparable (see `canonical`)."""
    traits: int
    """Which rules have something to look at here: the sum of the constants below."""


# An interface of thousands of items is judged at every keystroke; a rule looks only at the items with its trait.
USES = 1
GATED = 2
HANDLES = 4
SHAPED_RESULT = 8
PATHS = 16
SETTER = 32
RESULT = 64

NOTHING = Facts(None, (), (), (), frozenset(), (), (), 0)


class Part:
    """Some items of a body that follow each other, and what they say together.

    `used` and `defined` are the types that a `use` brings and the others, each name as it stands first; `functions` are
    those outside of resources. `keys` are the names made comparable, `key_count` counts those that stand twice as two.
    `outside` are the names read that are not defined here, `ahead` those that a type reads before they are. `suspects`
    are the types that may hold a borrowed handle, `special` the items that most rules look at, with their numbers.
    """

    __slots__ = (
        "ahead",
        "defined",
        "facts",
        "functions",
        "key_count",
        "keys",
        "outside",
        "special",
        "suspects",
        "traits",
        "used",
    )

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.facts = facts
        self.special = [(n, f) for n, f in enumerate(facts) if f.traits & ~RESULT]
        self.used: dict[str, TypeFact] = {}
        self.defined: dict[str, TypeFact] = {}
        self.ahead: set[str] = set()
        self.suspects: list[str] = []
        self.traits = 0
        for one in facts:
            self.traits |= one.traits
            is_use = bool(one.traits & USES)
            for name, _, fact in one.types:
                if is_use or fact.borrows:
                    self.suspects.append(name)
                self.ahead.update([read for read in fact.reads if read not in self.defined])
                (self.used if is_use else self.defined).setdefault(name, fact)
        self.functions = frozenset([f.name.text for one in facts for f in one.functions if not f.resource])
        keys = [key for one in facts for key in one.keys]
        self.keys = frozenset(keys)
        self.key_count = len(keys)
        self.outside = frozenset().union(*[one.names for one in facts]) - self.used.keys() - self.defined.keys()


class Members:
    """The items of a body in order. Made anew when the body is edited, from parts that mostly are as they were."""

    __slots__ = ("_facts", "_special", "parts")

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self._facts: list[Facts] | None = None
        self._special: list[tuple[int, Facts]] | None = None

    @property
    def facts(self) -> list[Facts]:
        """What each item says. Takes time with their number, as little else here does."""
        if self._facts is None:
            self._facts = [facts for part in self.parts for facts in part.facts]
        return self._facts

    def numbered(self) -> Iterator[tuple[int, Part]]:
        """The parts, each with the number of its first item."""
        start = 0
        for part in self.parts:
            yield start, part
            start += len(part.facts)

    def having(self, trait: int) -> list[tuple[int, Facts]]:
        """The items with a trait, with their numbers."""
        if trait & RESULT:
            return [(n, f) for n, f in enumerate(self.facts) if f.traits & trait]
        if self._special is None:
            self._special = [(start + n, f) for start, part in self.numbered() for n, f in part.special]
        return [(n, f) for n, f in self._special if f.traits & trait]


def members_in(body: Body) -> Members:
    """The items of an interface or a world."""
    return Members([_part(chunk) for chunk in body.chunks])


def _part(chunk: Chunk) -> Part:
    part = chunk.facts
    if part is None:
        # Asked first for what they keep: a call for each of thousands of segments would cost more than the rest.
        facts = [segment.facts or facts_of_segment(segment) for segment in chunk.segments]
        part = chunk.facts = Part(cast("list[Facts]", facts))
    assert isinstance(part, Part)
    return part


def facts_of_segment(segment: Segment) -> Facts:
    """The facts of a segment's item, kept with the segment."""
    facts = segment.facts
    if facts is None:
        node = segment.node
        facts = segment.facts = (
            facts_of(node)
            if isinstance(node, Use | Alias | Record | Variant | Enum | Flags | Resource | Func | Extern | Include)
            else NOTHING
        )
    assert isinstance(facts, Facts)
    return facts


def facts_of(node: WorldItem) -> Facts:
    """The facts of an item."""
    gate = gate_of(node.lead)
    types: tuple[tuple[str, Name, TypeFact], ...] = ()
    functions: tuple[FuncFact, ...] = ()
    refs: list[Ref] = []
    match node:
        case Func():
            functions = (_function(node, "", refs),)
        case Use():
            if node.path is not None:
                key = PathKey(node.path.package, node.path.name.text)
                types = tuple(
                    (name.local.text, name.local, TypeFact("use", gate, name.name.text, key)) for name in node.names
                )
        case Alias():
            _read(node.type, refs)
            of = node.type.name.text if isinstance(node.type, Named) else ""
            types = (_type("alias", node.name, gate, refs, of, _result_form(node.type)),)
        case Record() | Variant():
            for field in node.fields:
                if field.type is not None:
                    _read(field.type, refs)
            types = (_type("record" if isinstance(node, Record) else "variant", node.name, gate, refs),)
        case Enum() | Flags():
            types = (_type("enum" if isinstance(node, Enum) else "flags", node.name, gate, refs),)
        case Resource():
            types = (_type("resource", node.name, gate, refs),)
            functions = tuple(_function(function, node.name.text, refs) for function in node.functions)
        case Extern():
            if isinstance(node.item, Func):
                functions = (_function(node.item, "", refs),)
        case Include():
            pass
    return Facts(
        node,
        tuple(entry for entry in types if entry[0]),
        functions,
        tuple(refs),
        frozenset([ref.text for ref in refs]),
        tuple([ref for ref in refs if ref.handle]),
        (*[canonical(name) for name, _, _ in types if name], *[canonical(f.mangled) for f in functions if f.name.text]),
        _traits(node, gate, refs, functions),
    )


def _traits(node: WorldItem, gate: Gate, refs: list[Ref], functions: tuple[FuncFact, ...]) -> int:
    traits = 0
    if isinstance(node, Use):
        traits |= USES | PATHS
    elif isinstance(node, Extern | Include):
        traits |= PATHS
    if gate is not OPEN:
        traits |= GATED
    for ref in refs:
        if ref.handle:
            traits |= HANDLES
            break
    for function in functions:
        if function.gate is not OPEN:
            traits |= GATED
        if function.result_borrows or function.result_reads:
            traits |= RESULT
        if function.node.accessor == "set":
            traits |= SETTER | SHAPED_RESULT
        elif function.node.form == "constructor":
            traits |= SHAPED_RESULT
    return traits


def inline_members(inline: Inline) -> Members:
    """The items of an interface written in place."""
    return Members((Part([facts_of(member) for member in inline.members]),))


def _type(
    kind: TypeKind,
    name: Name,
    gate: Gate,
    refs: list[Ref],
    of: str = "",
    result: str | None | Literal[False] = False,
) -> tuple[str, Name, TypeFact]:
    reads = tuple([ref.text for ref in refs])
    borrows = any([ref.borrowed for ref in refs])
    return name.text, name, TypeFact(kind, gate, of, None, reads, borrows, result)


def _result_form(type: Type) -> str | None | Literal[False]:
    if not isinstance(type, ResultOf):
        return False
    return result_ok(type)


def result_ok(result: ResultOf) -> str | None:
    """The name of a result's `ok` type; "" where it is no plain (or owned) name, None where there is none."""
    match result.ok:
        case None:
            return None
        case Named(name):
            return name.text
        case Handle(borrowed=False, resource=resource):
            return resource.text
    return ""


def _function(node: Func, resource: str, refs: list[Ref]) -> FuncFact:
    for param in node.params:
        _read(param.type, refs)
    before = len(refs)
    if node.result is not None:
        _read(node.result, refs)
    results = refs[before:]
    return FuncFact(
        node.name,
        mangled(node, resource),
        node,
        gate_of(node.lead),
        resource,
        frozenset([ref.text for ref in results if not ref.handle]),
        any([ref.borrowed for ref in results]),
    )


def mangled(node: Func, resource: str) -> str:
    """The component model's name of a function. Specification: Explainer.md, "Import and Export Definitions"."""
    accessor = f"[{node.accessor}]" if node.accessor else ""
    match node.form:
        case "constructor":
            return f"[constructor]{resource}"
        case "method":
            return f"[method]{accessor}{resource}.{node.name.text}"
        case "static":
            return f"[static]{accessor}{resource}.{node.name.text}"
    return accessor + node.name.text


def canonical(name: str) -> str:
    """`name` as it counts for uniqueness: two names with the same canonical form cannot stand side by side.

    Case and `-` do not count, nor do annotations other than `[constructor]` and `[set]`; `r.r` counts as `r`.
    Specification: Explainer.md, "Name Uniqueness".
    """
    if name[:1] != "[":
        return name.replace("-", "").lower()
    constructor = name.startswith("[constructor]")
    setter = "[set]" in name
    plain = name.rpartition("]")[2].replace("-", "").lower()
    first, dot, last = plain.partition(".")
    if dot and first == last:
        return first
    return f"[constructor]{plain}" if constructor else f"[set]{plain}" if setter else plain


def _read(type: Type, refs: list[Ref]) -> None:
    """Collect the names that a type reads, in source order."""
    match type:
        case Named(name):
            if name.text:
                refs.append(Ref(name.text, name.start, name.end, False))
        case Handle(borrowed, resource):
            if resource.text:
                refs.append(Ref(resource.text, resource.start, resource.end, True, borrowed))
        case ListOf() | OptionOf():
            _read(type.element, refs)
        case FutureOf() | StreamOf():
            if type.element is not None:
                _read(type.element, refs)
        case TupleOf(elements):
            for element in elements:
                _read(element, refs)
        case MapOf():
            _read(type.key, refs)
            _read(type.value, refs)
        case ResultOf():
            if type.ok is not None:
                _read(type.ok, refs)
            if type.err is not None:
                _read(type.err, refs)


def types_in(type: Type) -> Iterator[Type]:
    """`type` and all types written inside it, outermost first."""
    yield type
    match type:
        case ListOf() | OptionOf():
            yield from types_in(type.element)
        case FutureOf() | StreamOf():
            if type.element is not None:
                yield from types_in(type.element)
        case TupleOf(elements):
            for element in elements:
                yield from types_in(element)
        case MapOf():
            yield from types_in(type.key)
            yield from types_in(type.value)
        case ResultOf():
            for part in (type.ok, type.err):
                if part is not None:
                    yield from types_in(part)


def types_of(node: WorldItem) -> Iterator[Type]:
    """The types written in an item, outermost only."""
    match node:
        case Alias():
            yield node.type
        case Record() | Variant():
            for field in node.fields:
                if field.type is not None:
                    yield field.type
        case Func():
            yield from types_of_function(node)
        case Resource():
            for function in node.functions:
                yield from types_of_function(function)
        case Extern(item=Func() as function):
            yield from types_of_function(function)


def types_of_function(node: Func) -> Iterator[Type]:
    """The types of a function's parameters and result."""
    for param in node.params:
        yield param.type
    if node.result is not None:
        yield node.result
