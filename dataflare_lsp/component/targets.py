"""Whether a component that was built to one world can be run where another one is wanted.

It can if it imports no more than the world imports, and exports no less than the world exports. Instances have width
subtyping, in that direction; functions and value types have none, and must be equal. A resource is known by where it
is defined. Specification: Explainer.md, "Type Checking"; the reference's validator compares functions for equality.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from dataflare_lsp.component.resources import Resources, Wiring
from dataflare_lsp.wit.compat.versions import track
from dataflare_lsp.wit.resolved import (
    Alias,
    Enum,
    FixedLengthList,
    Flags,
    Function,
    Future,
    Handle,
    InterfaceItem,
    Kind,
    Label,
    List,
    Map,
    Option,
    Record,
    Resolve,
    Resource,
    Result,
    Stream,
    Tuple,
    TypeItem,
    TypeRef,
    Variant,
    WorldItem,
    WorldKey,
)

Direction = Literal["import", "export"]
Problem = Literal[
    "forbidden-import",
    "missing-export",
    "missing-member",
    "different-kind",
    "different-function",
    "different-type",
    "surplus-export",
]

_MAX_DEPTH = 200
"""How deep types may be nested in types to be compared; the language's own limit is on what is written in place."""


class Side(NamedTuple):
    """A world of a resolved package."""

    resolve: Resolve
    world: int


class TypePlace(NamedTuple):
    """A type of the world that is wanted: the interface that it is in, its name, and a field, case or flag or ""."""

    interface: str
    type: str
    part: str


class Mismatch(NamedTuple):
    """One way in which a component does not fit.

    `item` is the import or export as the component, or where it lacks it the world, has it; `member` the function or
    type in it ("" for the item as a whole). `message` says what is wrong in the words of the component's WIT. `place`
    is the innermost type with a name that differs, where it is in an interface that has one, too.
    """

    problem: Problem
    direction: Direction
    item: str
    member: str
    message: str
    place: TypePlace | None = None


class Matching(NamedTuple):
    """How the names of two worlds are held against each other.

    `canonical` gives what a name is known by: equal for names that stand for each other. `is_open` says whether an
    import is allowed although the world has none of that name.
    """

    canonical: Callable[[str], str] = str
    is_open: Callable[[str], bool] = lambda name: False


EXACT = Matching()


def semver_compatible(name: str) -> str:
    """The name of an interface with what of its version has to agree: `a:b/c@1`, `a:b/c@0.2`, `a:b/c@0.0.1`.

    A pre-release is compatible with itself only. Specification: Explainer.md, "Canonical Interface Name".
    """
    path, at, version = name.partition("@")
    return f"{path}@{track(version)}" if at else name


COMPATIBLE = Matching(semver_compatible)


def mismatches(component: Side, wanted: Side, matching: Matching = EXACT) -> tuple[Mismatch, ...]:
    """Why a component of the world `component` does not fit the world `wanted`; nothing if it fits.

    Of what differs for one and the same reason, the first is reported.
    """
    return tuple(_Comparison(component, wanted, matching).compare())


def items(side: Side, direction: Direction) -> dict[str, WorldItem]:
    """The imports or exports of a world by their names: plain ones, or those of interfaces in packages."""
    world = side.resolve.worlds[side.world]
    entries: Mapping[WorldKey, WorldItem] = world.imports if direction == "import" else world.exports
    return {key if isinstance(key, str) else interface_name(side.resolve, key): item for key, item in entries.items()}


def interface_name(resolve: Resolve, interface: int) -> str:
    """`namespace:package/interface@version` of an interface that has a name."""
    found = resolve.interfaces[interface]
    package = resolve.packages[found.package].name
    version = f"@{package.version}" if package.version else ""
    return f"{package.namespace}:{package.name}/{found.name}{version}"


class _Difference(NamedTuple):
    """`path` leads to what differs, outermost first; its last part is the subject of `says`."""

    path: tuple[str, ...]
    says: str
    place: TypePlace | None = None

    def below(self, *steps: str) -> "_Difference":
        return self._replace(path=(*steps, *self.path))

    def __str__(self) -> str:
        return f"{': '.join(self.path)} {self.says}" if self.path else self.says


class _Comparison:
    def __init__(self, mine: Side, wanted: Side, matching: Matching) -> None:
        self._mine = mine.resolve
        self._wanted = wanted.resolve
        self._sides = (mine, wanted)
        self._matching = matching
        self._known: dict[tuple[Direction, TypeRef, TypeRef], _Difference | None] = {}
        self._plain = [_plain_names(side) for side in self._sides]
        self._reported: set[tuple[str, ...]] = set()
        self._resources = Resources(*[self._wiring(side) for side in (0, 1)])
        self._direction: Direction = "export"

    def _wiring(self, number: int) -> Wiring:
        side = self._sides[number]
        directions: tuple[Direction, ...] = ("import", "export")
        named = {
            direction: {self._matching.canonical(name): item for name, item in items(side, direction).items()}
            for direction in directions
        }
        exported = frozenset([one.id for one in named["export"].values() if isinstance(one, InterfaceItem)])
        return Wiring(side.resolve, named, lambda interface: self._interface_name(number, interface), exported)

    def _interface_name(self, side: int, interface: int) -> str:
        """What an interface is known by: a plain name that its world has it under, or that of its package."""
        plain = self._plain[side].get(interface)
        return self._matching.canonical(plain or interface_name(self._sides[side].resolve, interface))

    def compare(self) -> Iterator[Mismatch]:
        mine, wanted = self._sides
        yield from self._exports(items(mine, "export"), items(wanted, "export"))
        yield from self._imports(items(mine, "import"), items(wanted, "import"))

    def _exports(self, mine: dict[str, WorldItem], wanted: dict[str, WorldItem]) -> Iterator[Mismatch]:
        for name, want in wanted.items():
            found = self._matched(name, mine)
            if found is None:
                message = f"{_noun(want)} `{name}` is wanted, and {_not_done('exported', name, mine)}"
                yield Mismatch("missing-export", "export", name, "", message)
            else:
                yield from self._item("export", found, mine[found], want)

    def _imports(self, mine: dict[str, WorldItem], wanted: dict[str, WorldItem]) -> Iterator[Mismatch]:
        for name, need in mine.items():
            found = self._matched(name, wanted)
            if found is not None:
                yield from self._item("import", name, need, wanted[found])
            elif not self._matching.is_open(name):
                message = f"{_noun(need)} `{name}` is imported, and {_not_done('offered', name, wanted)}"
                yield Mismatch("forbidden-import", "import", name, "", message)

    def _matched(self, name: str, others: dict[str, WorldItem]) -> str | None:
        if name in others:
            return name
        canonical = self._matching.canonical(name)
        return next((other for other in others if self._matching.canonical(other) == canonical), None)

    def _item(self, direction: Direction, name: str, mine: WorldItem, want: WorldItem) -> Iterator[Mismatch]:
        self._direction = direction
        if isinstance(mine, Function) and isinstance(want, Function):
            yield from self._function(direction, name, "", mine, want)
        elif isinstance(mine, TypeItem) and isinstance(want, TypeItem):
            yield from self._type(direction, name, "", mine.id, want.id)
        elif isinstance(mine, InterfaceItem) and isinstance(want, InterfaceItem):
            yield from self._interface(direction, name, mine.id, want.id)
        else:
            message = f"`{name}` is {_article(mine)}, the world has {_article(want)} of that name"
            yield Mismatch("different-kind", direction, name, "", message)

    def _interface(self, direction: Direction, name: str, mine: int, want: int) -> Iterator[Mismatch]:
        own, other = self._mine.interfaces[mine], self._wanted.interfaces[want]
        # Who is given an instance needs all of what they expect in it.
        needed, there = (own, other) if direction == "import" else (other, own)
        for member in needed.functions:
            if member not in there.functions:
                yield self._missing(direction, name, f"function `{member}`", member)
            else:
                yield from self._function(direction, name, member, own.functions[member], other.functions[member])
        for member in needed.types:
            if member not in there.types:
                yield self._missing(direction, name, f"type `{member}`", member)
            else:
                yield from self._type(direction, name, member, own.types[member], other.types[member])

    def _missing(self, direction: Direction, name: str, what: str, member: str) -> Mismatch:
        says = "is wanted, and not exported" if direction == "export" else "is imported, and the world's has none"
        return Mismatch("missing-member", direction, name, member, f"`{name}`: {what} {says}")

    def _function(
        self, direction: Direction, name: str, member: str, mine: Function, want: Function
    ) -> Iterator[Mismatch]:
        found = self._signature(mine, want)
        if found is not None and self._is_new(found):
            where = f"{name}#{member}" if member else name
            yield Mismatch("different-function", direction, name, member, f"`{where}`: {found}", found.place)

    def _type(self, direction: Direction, name: str, member: str, mine: int, want: int) -> Iterator[Mismatch]:
        found = self._value(mine, want, 0)
        if found is not None and self._is_new(found):
            where = f"`{name}`: type `{member}`" if member else f"type `{name}`"
            text = f": {found}" if found.path else f" {found}"
            yield Mismatch("different-type", direction, name, member, where + text, found.place)

    def _is_new(self, difference: _Difference) -> bool:
        """Whether nothing was reported yet that differs at the same innermost place for the same reason."""
        reason = (*difference.path[-2:], difference.says)
        if reason in self._reported and len(difference.path) > 1:
            return False
        self._reported.add(reason)
        return True

    # Functions -----------------------------------------------------------------------------------------------------

    def _signature(self, mine: Function, want: Function) -> _Difference | None:
        is_async, wants_async = ("async" in function.kind.form for function in (mine, want))
        if is_async != wants_async:
            return _Difference((), f"is {'' if is_async else 'not '}async, the world wants {_asyncness(wants_async)}")
        if len(mine.params) != len(want.params):
            few, many = len(mine.params), len(want.params)
            return _Difference((), f"takes {_count(few, 'parameter')}, the world wants {many}")
        for number, (param, wanted) in enumerate(zip(mine.params, want.params, strict=True), 1):
            if param.name != wanted.name:
                return _Difference((), f"parameter {number} is `{param.name}`, the world wants `{wanted.name}`")
            found = self._value(param.type, wanted.type, 0)
            if found is not None:
                return found.below(f"parameter `{param.name}`")
        if mine.result is None and want.result is None:
            return None
        if mine.result is None or want.result is None:
            given = f"returns {self._shown(mine.result, 0)}" if mine.result is not None else "returns nothing"
            other = self._shown(want.result, 1) if want.result is not None else "nothing"
            return _Difference((), f"{given}, the world wants {other}")
        found = self._value(mine.result, want.result, 0)
        return found.below("result") if found is not None else None

    # Types ---------------------------------------------------------------------------------------------------------

    def _value(self, mine: TypeRef, want: TypeRef, depth: int) -> _Difference | None:
        """How two types differ, if they do."""
        key = (self._direction, mine, want)
        if key not in self._known:
            if depth > _MAX_DEPTH:
                return _Difference((), f"is nested more than {_MAX_DEPTH} types deep, which is not compared")
            self._known[key] = self._compared(mine, want, depth + 1)
        return self._known[key]

    def _compared(self, mine: TypeRef, want: TypeRef, depth: int) -> _Difference | None:
        mine, want = _peeled(self._mine, mine), _peeled(self._wanted, want)
        if isinstance(mine, str) or isinstance(want, str):
            return None if mine == want else self._other(mine, want)
        own, other = self._mine.types[mine].kind, self._wanted.types[want].kind
        name = self._mine.types[mine].name
        found: _Difference | None
        match own, other:
            case Resource(), Resource():
                return None if self._resources.are_same(self._direction, mine, want) else self._other(mine, want)
            case Handle(borrowed, resource), Handle(wants_borrowed, wanted) if borrowed == wants_borrowed:
                found = self._value(resource, wanted, depth)
                return None if found is None else self._other(mine, want)
            case Record(fields), Record(wanted_fields):
                found = _labels("field", [field.name for field in fields], [field.name for field in wanted_fields])
                if found is None:
                    pairs = zip(fields, wanted_fields, strict=True)
                    found = self._first([(f"field `{a.name}`", a.type, b.type) for a, b in pairs], depth)
                return found and self._in_type(found, f"record `{name}`", want)
            case Variant(cases), Variant(wanted_cases):
                found = _labels("case", [case.name for case in cases], [case.name for case in wanted_cases])
                if found is None:
                    both = zip(cases, wanted_cases, strict=True)
                    found = self._first([(f"case `{a.name}`", a.type, b.type) for a, b in both], depth)
                return found and self._in_type(found, f"variant `{name}`", want)
            case Enum(own_labels), Enum(wanted_labels):
                found = _labels("case", _names(own_labels), _names(wanted_labels))
                return found and self._in_type(found, f"enum `{name}`", want)
            case Flags(own_labels), Flags(wanted_labels):
                found = _labels("flag", _names(own_labels), _names(wanted_labels))
                return found and self._in_type(found, f"flags `{name}`", want)
            case Tuple(types), Tuple(wanted_types) if len(types) == len(wanted_types):
                elements = enumerate(zip(types, wanted_types, strict=True), 1)
                return self._first([(f"element {n} of the tuple", a, b) for n, (a, b) in elements], depth)
            case Result(ok, err), Result(wanted_ok, wanted_err):
                return self._first([("its success", ok, wanted_ok), ("its error", err, wanted_err)], depth)
            case Map(map_key, value), Map(wanted_key, wanted_value):
                return self._first([("its keys", map_key, wanted_key), ("its values", value, wanted_value)], depth)
            case FixedLengthList(element, length), FixedLengthList(wanted_element, wanted_length):
                if length == wanted_length:
                    return self._first([("its elements", element, wanted_element)], depth)
            case (List(a), List(b)) | (Option(a), Option(b)):
                what = "its elements" if isinstance(own, List) else "its value"
                return self._first([(what, a, b)], depth)
            case (Future(a), Future(b)) | (Stream(a), Stream(b)):
                return self._first([("its elements" if isinstance(own, Stream) else "its value", a, b)], depth)
        return self._other(mine, want)

    def _in_type(self, found: _Difference, step: str, want: int) -> _Difference:
        """A difference inside a type with a name, which is where it is unless it is in a type further in."""
        definition = self._wanted.types[want]
        owner = definition.owner
        if found.place is None and definition.name and owner is not None and owner.kind == "interface":
            if self._wanted.interfaces[owner.id].name is not None:
                _, _, part = found.path[0].partition(" ") if found.path else ("", "", "")
                place = TypePlace(interface_name(self._wanted, owner.id), definition.name, part.strip("`"))
                found = found._replace(place=place)
        return found.below(step)

    def _first(self, places: list[tuple[str, TypeRef | None, TypeRef | None]], depth: int) -> _Difference | None:
        """The first difference among types in places, or where one of them has none."""
        for place, mine, want in places:
            if mine is None and want is None:
                continue
            if mine is None or want is None:
                has = f"is {self._shown(mine, 0)}" if mine is not None else "has no type"
                wants = self._shown(want, 1) if want is not None else "none"
                return _Difference((place,), f"{has}, the world wants {wants}")
            found = self._value(mine, want, depth)
            if found is not None:
                return found.below(place)
        return None

    def _other(self, mine: TypeRef, want: TypeRef) -> _Difference:
        shown, wanted = self._shown(mine, 0), self._shown(want, 1)
        if shown == wanted:
            return _Difference((), f"is not the {shown} that the world wants: one is imported, and the other exported")
        return _Difference((), f"is {shown}, the world wants {wanted}")

    def _shown(self, type_: TypeRef, side: int) -> str:
        """A type in the words of a message; a resource with where it is from."""
        resolve = self._sides[side].resolve
        peeled = _peeled(resolve, type_)
        if isinstance(peeled, int):
            kind = resolve.types[peeled].kind
            if isinstance(kind, Handle):
                shown = self._shown(kind.resource, side)
                return f"a borrowed {shown}" if kind.borrowed else shown
            if isinstance(kind, Resource):
                owner, name = self._origin(side, peeled)
                return f"resource `{name}` of `{owner}`" if owner else f"resource `{name}` of the world"
        return spelled(resolve, peeled)

    def _origin(self, side: int, resource: int) -> tuple[str, str]:
        """Where a resource is defined, and its name there."""
        resolve = self._sides[side].resolve
        definition = resolve.types[resource]
        owner, name = definition.owner, definition.name or ""
        if owner is None or owner.kind == "world":
            return "", name
        return self._interface_name(side, owner.id), name


def spelled(resolve: Resolve, type_: TypeRef, depth: int = 0) -> str:
    """A type as WIT spells it, by its name where it has one, and as far as it is deep."""
    if isinstance(type_, str):
        return type_
    definition = resolve.types[type_]
    if depth > 3:
        return definition.name or "…"

    def inner(part: TypeRef | None) -> str:
        return "_" if part is None else spelled(resolve, part, depth + 1)

    if definition.name is not None:
        return f"{_word(definition.kind)}`{definition.name}`" if depth == 0 else definition.name
    match definition.kind:
        case Handle(borrowed, resource):
            return f"borrow<{inner(resource)}>" if borrowed else inner(resource)
        case Tuple(types):
            return f"tuple<{', '.join(map(inner, types))}>"
        case Option(value):
            return f"option<{inner(value)}>"
        case Result(None, None):
            return "result"
        case Result(ok, None):
            return f"result<{inner(ok)}>"
        case Result(ok, err):
            return f"result<{inner(ok)}, {inner(err)}>"
        case List(element):
            return f"list<{inner(element)}>"
        case FixedLengthList(element, length):
            return f"list<{inner(element)}, {length}>"
        case Map(key, value):
            return f"map<{inner(key)}, {inner(value)}>"
        case Future(payload):
            return "future" if payload is None else f"future<{inner(payload)}>"
        case Stream(payload):
            return "stream" if payload is None else f"stream<{inner(payload)}>"
        case Alias(target):
            return spelled(resolve, target, depth)
        case _:
            return "…"


def _word(kind: Kind) -> str:
    return {Record: "record ", Variant: "variant ", Enum: "enum ", Flags: "flags ", Resource: "resource "}.get(
        type(kind), ""
    )


def _peeled(resolve: Resolve, type_: TypeRef) -> TypeRef:
    """A type without its other names."""
    while isinstance(type_, int):
        kind = resolve.types[type_].kind
        if not isinstance(kind, Alias):
            break
        type_ = kind.type
    return type_


def _plain_names(side: Side) -> dict[int, str]:
    """The interfaces that a world has under plain names, with these names."""
    return {
        item.id: name
        for direction in ("import", "export")
        for name, item in items(side, direction).items()
        if isinstance(item, InterfaceItem) and ":" not in name
    }


def _labels(what: str, mine: list[str], want: list[str]) -> _Difference | None:
    """How the names of fields, cases or flags differ: one too few, one too many, or another order."""
    if mine == want:
        return None
    lacking = [name for name in want if name not in mine]
    surplus = [name for name in mine if name not in want]
    if lacking and surplus:
        return _Difference((f"{what} `{surplus[0]}`",), f"is not there in the world, which wants `{lacking[0]}`")
    if lacking:
        return _Difference((f"{what} `{lacking[0]}`",), "is missing, the world wants it")
    if surplus:
        return _Difference((f"{what} `{surplus[0]}`",), "is not there in the world")
    at = next((n for n, (a, b) in enumerate(zip(mine, want, strict=False)) if a != b), 0)
    return _Difference((f"{what} {at + 1}",), f"is `{mine[at]}`, the world wants `{want[at]}`: their order counts")


def _names(labels: tuple[Label, ...]) -> list[str]:
    return [label.name for label in labels]


def _noun(item: WorldItem) -> str:
    if isinstance(item, Function):
        return "function"
    return "type" if isinstance(item, TypeItem) else "interface"


def _not_done(done: str, name: str, others: Iterable[str]) -> str:
    """That `name` is not exported or offered, or in which other version of its package it is."""
    path, at, _ = name.partition("@")
    versions = [other.partition("@")[2] for other in others if at and other.startswith(f"{path}@")]
    return f"{done} in version {' and '.join(versions)}" if versions else f"not {done}"


def _article(item: WorldItem) -> str:
    return f"an {_noun(item)}" if isinstance(item, InterfaceItem) else f"a {_noun(item)}"


def _asyncness(is_async: bool) -> str:
    return "an async function" if is_async else "one that is not"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
