"""Types that are written in place, such as `list<u8>`, where a definition that is switched off takes them away.

For the reference, what is written in place alike is one type: in a package, or in one interface or world where it has
names in it. It is under the gate of the definition that comes first. Where that is switched off, nobody else has it.
What comes first is a matter of need, not of place: interfaces before those that use them, types before functions.

What a function writes in place is under the gate of the first of its parts that has one, whatever the function's is.
So it can be there without one of its parts, which the reference refuses even where the function is switched off.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dataflare_lsp.memo import Database, query
from dataflare_lsp.text import Span
from dataflare_lsp.wit.facts import GATED, OPEN, PATHS, Gate, gate_of
from dataflare_lsp.wit.finding import Definition, Finding, found
from dataflare_lsp.wit.names import body_of, is_active, items_of, members_of, package_of, unit_of
from dataflare_lsp.wit.order import by_need
from dataflare_lsp.wit.package import Package
from dataflare_lsp.wit.rules.packages import edges_of
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.wit.syntax import (
    Alias,
    Extern,
    Func,
    FutureOf,
    Handle,
    Inline,
    InterfaceHead,
    ListOf,
    MapOf,
    Missing,
    Name,
    Named,
    Node,
    OptionOf,
    Primitive,
    Record,
    Resource,
    ResultOf,
    StreamOf,
    TupleOf,
    Type,
    TypeDef,
    Use,
    Variant,
    WorldHead,
)

_HERE = -1
"""The scope of a body itself; that of an interface written in it is the number of its member."""


class Taken(NamedTuple):
    """The definition that takes a type away, and the feature that it is behind."""

    body: BodyId
    name: str
    feature: str


class _Written(NamedTuple):
    """A type that is written in place. Types are one where they have one `shape`; names in it are marked by a `%`."""

    shape: str
    span: Span
    parts: tuple[str, ...] = ()


class _Reader(NamedTuple):
    """A definition or function, and the types that are written in it, each after those in it.

    `parts` are what the reference reports a mistake in its types at: the fields of a record, or all of it.
    """

    scope: int
    number: int
    name: str
    gate: Gate
    is_function: bool
    parts: tuple[tuple[Name, tuple[_Written, ...]], ...]


def in_place_findings(db: Database, root: str, body: BodyId) -> Iterator[Finding]:
    """Where an interface or a world has types in place that something switched off takes away: each the first time."""
    elsewhere = taken_in_package(db, root, package_of(db, root, unit_of(body)))
    mixes = is_mixing(db, root, body)
    if not elsewhere and not mixes and not is_taking(db, root, body):
        return
    mine = body_of(db, body)
    assert mine is not None
    nodes = [segment.node for segment in mine.members]
    readers = list(_readers(nodes))
    if mixes:
        yield from _mixed(db, root, nodes, readers)
    head = mine.head.node
    if not isinstance(head, InterfaceHead | WorldHead) or not is_active(db, root, gate_of(head.lead)):
        return
    here: dict[tuple[int, str], Taken | None] = {}
    for reader in readers:
        for shape in _shapes(reader):
            here.setdefault((reader.scope, shape), _taken_by(db, root, body, reader))
    reported = set()
    for reader in readers:
        if not is_active(db, root, reader.gate) or not _is_scope_active(db, root, nodes, reader):
            continue
        for at, written in reader.parts:
            done = -1
            for one in written:
                if one.span.start <= done:
                    continue  # it is made of what is taken away
                key = (reader.scope, one.shape)
                taken = here[key] if "%" in one.shape else elsewhere.get(one.shape)
                if taken is None:
                    continue
                done = one.span.start
                if key not in reported:
                    reported.add(key)
                    between = mine.members[reader.number].text[at.start : one.span.start]
                    yield _finding(reader.number, one, at.span if "\n" in between else one.span, taken)


def _finding(number: int, written: _Written, span: Span, taken: Taken) -> Finding:
    shown = written.shape.replace("%", "").replace(",", ", ")
    return found(
        number,
        "inactive-item",
        f"`{shown}` is written in `{taken.name}` first, which exists only with the feature `{taken.feature}`, and that "
        "is not active",
        span,
        f"define a `type` for it, and use that in `{taken.name}`",
        notes=(
            "what is written in place alike is one type, and the first place decides whether it is there",
            f"or switch it on with `--features {taken.feature}`",
        ),
        elsewhere=(Definition(taken.body, taken.name, "first written here"),),
    )


def _mixed(db: Database, root: str, nodes: Sequence[Node | None], readers: Sequence[_Reader]) -> Iterator[Finding]:
    """Types that functions which are switched off write in place, where these are there and a part of them is not."""
    gates: dict[tuple[int, str], Gate] = {}
    for number, node in enumerate(nodes):
        for scope, item in _with_inner(number, node):
            if isinstance(item, Use):
                gates.update({(scope, f"%{name.local.text}"): gate_of(item.lead) for name in item.names})
            elif isinstance(item, TypeDef):
                gates.setdefault((scope, f"%{item.name.text}"), gate_of(item.lead))
    for reader in readers:
        own = OPEN if reader.is_function else reader.gate
        for _, written in reader.parts:
            for one in written:
                key = (reader.scope, one.shape)
                if key in gates:
                    continue
                parts = [(part, gates.get((reader.scope, part), OPEN)) for part in one.parts]
                gates[key] = own if own != OPEN else next((gate for _, gate in parts if gate != OPEN), OPEN)
                absent = next(((part, gate) for part, gate in parts if not is_active(db, root, gate)), None)
                if absent is None or not is_active(db, root, gates[key]) or is_active(db, root, reader.gate):
                    continue
                shown = absent[0].replace("%", "")
                yield found(
                    reader.number,
                    "inactive-item",
                    f"`{shown}` exists only with the feature `{absent[1].feature}`, which is not active, and the type "
                    "around it has the gate of another part",
                    one.span,
                    "define a `type` for it, with the gate of the function",
                )


def _with_inner(number: int, node: Node | None) -> Iterator[tuple[int, Node]]:
    """An item and those of the interface that is written in it, with their scopes."""
    if isinstance(node, Extern) and isinstance(node.item, Inline):
        yield from ((number, member) for member in node.item.members)
    elif node is not None:
        yield _HERE, node


# What is switched off ----------------------------------------------------------------------------------------------


@query
def is_taking(db: Database, root: str, body: BodyId) -> bool:
    """Whether something in an interface or a world is switched off that types may be written in."""
    members = members_of(db, body)
    nodes = [facts.node for _, facts in members.having(GATED)]
    for _, facts in members.having(PATHS):
        if isinstance(facts.node, Extern) and isinstance(facts.node.item, Inline):
            nodes += facts.node.item.members
    return any(
        isinstance(node, Alias | Record | Variant) and not is_active(db, root, gate_of(node.lead)) for node in nodes
    )


@query
def is_mixing(db: Database, root: str, body: BodyId) -> bool:
    """Whether an interface or a world has a function that is switched off, and a type that has another gate."""
    members = members_of(db, body)
    gated = [facts.node for _, facts in members.having(GATED)]
    for _, facts in members.having(PATHS):
        if isinstance(facts.node, Extern) and isinstance(facts.node.item, Inline):
            gated += [node for node in facts.node.item.members if node.lead.attributes or isinstance(node, Resource)]
    functions = [gate for node in gated if node is not None for gate in _function_gates(node)]
    if all([is_active(db, root, gate) for gate in functions]):
        return False
    types = [gate_of(node.lead) for node in gated if isinstance(node, Use | TypeDef)]
    return any(gate != OPEN and is_active(db, root, gate) for gate in types)


def _function_gates(node: Node) -> Iterator[Gate]:
    match node:
        case Func() | Extern(item=Func()):
            yield gate_of(node.lead)
        case Resource():
            yield from (gate_of(function.lead) for function in node.functions)


@query
def taken_in_package(db: Database, root: str, package: Package) -> dict[str, Taken]:
    """The types without names in them that are taken away in a package."""
    items = items_of(db, package).values()
    if not any([is_taking(db, root, item.body) for item in items]):
        return {}
    kinds = {item.body: item.kind for item in items}
    order = by_need({b: [edge.target for edge in edges_of(db, root, b, kind)] for b, kind in kinds.items()}) or ()
    found: dict[str, Taken | None] = {}
    for kind in ("interface", "world"):
        for body in order:
            if kinds[body] == kind:
                for shape, taken in first_places(db, root, body):
                    found.setdefault(shape, taken)
    return {shape: taken for shape, taken in found.items() if taken is not None}


@query
def first_places(db: Database, root: str, body: BodyId) -> tuple[tuple[str, Taken | None], ...]:
    """The types without names that a body writes, and what takes away each of them, if its first place does."""
    mine = body_of(db, body)
    found: dict[str, Taken | None] = {}
    for reader in _readers([segment.node for segment in mine.members]) if mine is not None else ():
        for shape in _shapes(reader):
            if "%" not in shape:
                found.setdefault(shape, _taken_by(db, root, body, reader))
    return tuple(found.items())


def _taken_by(db: Database, root: str, body: BodyId, reader: _Reader) -> Taken | None:
    """What takes away the types that are first written in a reader; functions do not, whatever their gates."""
    if reader.is_function or is_active(db, root, reader.gate):
        return None
    return Taken(body, reader.name, reader.gate.feature)


def _is_scope_active(db: Database, root: str, nodes: Sequence[Node | None], reader: _Reader) -> bool:
    """Whether the interface is there that a reader is written in."""
    node = nodes[reader.number] if reader.scope != _HERE else None
    return node is None or is_active(db, root, gate_of(node.lead))


def _shapes(reader: _Reader) -> Iterator[str]:
    for _, written in reader.parts:
        for one in written:
            yield one.shape


# What is written ---------------------------------------------------------------------------------------------------


def _readers(nodes: Sequence[Node | None]) -> Iterator[_Reader]:
    """The definitions and functions of a body in the order in which the reference comes to them."""
    items = [(number, node) for number, node in enumerate(nodes) if node is not None]
    yield from _definitions(items, _HERE)
    for number, node in items:
        if isinstance(node, Extern) and isinstance(node.item, Inline):
            inner = [(number, member) for member in node.item.members]
            yield from _definitions(inner, number)
            for _, member in inner:
                yield from _functions(number, member, number)
        else:
            yield from _functions(number, node, _HERE)


def _definitions(items: Iterable[tuple[int, Node]], scope: int) -> Iterator[_Reader]:
    needs: dict[str, list[str]] = {}
    definitions: dict[str, tuple[int, TypeDef]] = {}
    for number, node in items:
        if isinstance(node, Use):
            needs.update((name.local.text, []) for name in node.names)
        elif isinstance(node, TypeDef) and node.name.text not in definitions:
            definitions[node.name.text] = (number, node)
            needs[node.name.text] = [name for type_ in _types(node) for name in _names(type_)]
    for name in by_need(needs) or ():
        if name not in definitions:
            continue
        number, node = definitions[name]
        match node:
            case Alias():
                # What it stands for is a type of its own; only what that is made of is written in place.
                parts = [(node.name, _written(node.type)[: -1 if _is_in_place(node.type) else None])]
            case Record():
                parts = [(field.name, _written(field.type)) for field in node.fields if field.type is not None]
            case _:
                parts = [(node.name, tuple(one for type_ in _types(node) for one in _written(type_)))]
        yield _Reader(scope, number, name, gate_of(node.lead), False, tuple(parts))


def _functions(number: int, node: Node, scope: int) -> Iterator[_Reader]:
    match node:
        case Func():
            functions, resource, gate = [node], None, OPEN
        case Resource():
            functions, resource, gate = list(node.functions), node.name, OPEN
        case Extern(item=Func() as function):
            functions, resource, gate = [function], None, gate_of(node.lead)
        case _:
            return
    for function in functions:
        written: list[_Written] = []
        if resource is not None and function.form == "method":
            written.append(_Written(f"borrow<%{resource.text}>", function.name.span, (f"%{resource.text}",)))
        for param in function.params:
            written += _written(param.type)
        if function.result is not None:
            written += _written(function.result)
        own = gate_of(function.lead)
        yield _Reader(
            scope, number, function.name.text, gate if own == OPEN else own, True, ((function.name, tuple(written)),)
        )


def _types(node: TypeDef) -> Iterator[Type]:
    match node:
        case Alias():
            yield node.type
        case Record() | Variant():
            for field in node.fields:
                if field.type is not None:
                    yield field.type


def _is_in_place(type_: Type) -> bool:
    return not isinstance(type_, Primitive | Named | Missing) and not (isinstance(type_, Handle) and not type_.borrowed)


def _written(type_: Type) -> tuple[_Written, ...]:
    """The types that are written in place in a type, each after its parts, the type itself last."""
    found: list[_Written] = []
    _shape(type_, found)
    return tuple(found)


def _shape(type_: Type, found: list[_Written]) -> str:
    parts: list[str]
    match type_:
        case Primitive(name):
            return name
        case Named(name):
            return f"%{name.text}"
        case Handle(borrowed=False, resource=resource):
            return f"%{resource.text}"
        case Missing():
            return "%"
        case Handle(resource=resource):
            parts = [f"%{resource.text}"]
            shape = f"borrow<{parts[0]}>"
        case ListOf(element, length):
            parts = [_shape(element, found)]
            shape = f"list<{parts[0]}>" if length is None else f"list<{parts[0]},{length}>"
        case MapOf(key, value):
            parts = [_shape(key, found), _shape(value, found)]
            shape = f"map<{parts[0]},{parts[1]}>"
        case OptionOf(element):
            parts = [_shape(element, found)]
            shape = f"option<{parts[0]}>"
        case TupleOf(elements):
            parts = [_shape(element, found) for element in elements]
            shape = f"tuple<{','.join(parts)}>"
        case ResultOf(ok, err):
            parts = ["_" if part is None else _shape(part, found) for part in (ok, err)]
            shape = f"result<{','.join(parts)}>".replace(",_>", ">").replace("<_>", "")
        case FutureOf(payload):
            parts = [] if payload is None else [_shape(payload, found)]
            shape = f"future<{parts[0]}>" if parts else "future"
        case StreamOf(payload):
            parts = [] if payload is None else [_shape(payload, found)]
            shape = f"stream<{parts[0]}>" if parts else "stream"
    found.append(_Written(shape, Span(type_.start, type_.end), tuple(parts)))
    return shape


def _names(type_: Type) -> list[str]:
    """The names in a type, in their order."""
    match type_:
        case Named(name):
            return [name.text]
        case Handle(resource=name):
            return [name.text]
        case ListOf() | OptionOf():
            return _names(type_.element)
        case MapOf():
            return [*_names(type_.key), *_names(type_.value)]
        case TupleOf():
            return [name for element in type_.elements for name in _names(element)]
        case ResultOf():
            return [name for part in (type_.ok, type_.err) if part is not None for name in _names(part)]
        case FutureOf() | StreamOf():
            return [] if type_.element is None else _names(type_.element)
    return []
