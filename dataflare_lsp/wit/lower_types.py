"""Types and functions of a package on their way into the resolved form.

A resource where a value is expected is an owned handle to it. That handle is made once for each of the resource's
names in a package, and so is each type that is written in place.
"""

from collections.abc import Sequence

from dataflare_lsp.wit import syntax
from dataflare_lsp.wit.docs import reference_docs
from dataflare_lsp.wit.order import by_need
from dataflare_lsp.wit.resolved import (
    Alias,
    Arenas,
    Case,
    Enum,
    Field,
    FixedLengthList,
    Flags,
    Function,
    FunctionForm,
    FunctionKind,
    Future,
    Handle,
    Kind,
    Label,
    List,
    Map,
    Option,
    Owner,
    Param,
    Record,
    Resource,
    Result,
    Stability,
    Stable,
    Stream,
    Tuple,
    TypeDef,
    TypeRef,
    Unstable,
    Variant,
    parts,
    with_parts,
)
from dataflare_lsp.wit.unresolvable import Unresolvable

Names = dict[str, int]
"""Ids by name. Those below zero are of what a gate leaves out."""


def stability_of(lead: syntax.Lead) -> Stability:
    """The gate of an item."""
    since = deprecated = feature = None
    for attribute in lead.attributes:
        if isinstance(attribute, syntax.Since):
            since = attribute.version
        elif isinstance(attribute, syntax.Unstable):
            feature = attribute.feature.text
        elif isinstance(attribute, syntax.Deprecated):
            deprecated = attribute.version
    if since is not None:
        return Stable(since, deprecated)
    return Unstable(feature, deprecated) if feature is not None else None


def external_id_of(lead: syntax.Lead) -> str | None:
    """The `@external-id` of an item."""
    found = (attribute.id for attribute in lead.attributes if isinstance(attribute, syntax.ExternalId))
    return next(found, None)


class TypeLowering:
    """The types of one package.

    What a gate leaves out is resolved all the same, under an id below zero: others that are left out may refer to it,
    and a type that is written in place there and then elsewhere too is one and the same for the reference.
    """

    def __init__(self, arenas: Arenas, features: frozenset[str] | None) -> None:
        self.arenas = arenas
        self.features = features
        self.left_out: list[Stability] = []
        self.in_place: dict[tuple[type[Kind], Kind], int] = {}
        self.owned: dict[int, int] = {}

    # Gates

    def includes(self, stability: Stability) -> bool:
        """Whether what has this gate is there, with the features that are switched on."""
        return self.features is None or not isinstance(stability, Unstable) or stability.feature in self.features

    def leave_out(self, stability: Stability) -> int:
        """An id for something that is not there."""
        self.left_out.append(stability)
        return -len(self.left_out)

    def there(self, known: int) -> int:
        """`known`, which must not be the id of something left out."""
        if known < 0:
            raise Unresolvable("something refers to what a gate leaves out")
        return known

    # Definitions

    def define_all(self, owner: Owner, items: Sequence[syntax.Node], names: Names) -> None:
        """Define the types among `items`, each after those that it is made of. `names` has those that are used."""
        needs: dict[str, list[str]] = {}
        definitions: dict[str, syntax.TypeDef] = {}
        for node in items:
            if isinstance(node, syntax.Use):
                for rename in node.names:
                    needs[rename.local.text] = []
                    definitions.pop(rename.local.text, None)  # the reference drops what a later `use` shadows
            elif isinstance(node, _DEFINITIONS):
                definitions[node.name.text] = node
                needs[node.name.text] = _names_in(node)
        order = by_need(needs)
        if order is None:
            raise Unresolvable("types are made of each other in a circle")
        for name in order:
            definition = definitions.get(name)
            if definition is not None:
                lead = definition.lead
                stability = stability_of(lead)
                kind = self._definition(definition, names, stability)
                docs, external_id = reference_docs(lead.comments), external_id_of(lead)
                names[name] = self.define(TypeDef(name, kind, owner, docs, stability, external_id))

    def define(self, definition: TypeDef) -> int:
        """The id of a new type, whose parts may still name resources where values are meant."""
        if not self.includes(definition.stability):
            return self.leave_out(definition.stability)
        if definition.owner is not None:
            self.there(definition.owner.id)
        kind = definition.kind
        if isinstance(kind, Alias | Handle):
            # These name the resource itself and not a value that it is, so that no handle is owned.
            for part in parts(kind):
                if isinstance(part, int):
                    self.there(part)
        else:
            values = {part: self._value(part) for part in parts(kind)}
            if any(part != value for part, value in values.items()):
                definition = definition._replace(kind=with_parts(kind, values.__getitem__))
        return self.arenas.add_type(definition)

    def _definition(self, node: syntax.TypeDef, names: Names, gate: Stability) -> Kind:
        match node:
            case syntax.Alias():
                return self._kind(node.type, names, gate)
            case syntax.Record(_, _, fields):
                return Record(
                    tuple(
                        Field(name.text, self._type(written, names, gate), reference_docs(comments))
                        for comments, name, written in fields
                    )
                )
            case syntax.Variant(_, _, fields):
                return Variant(
                    tuple(
                        Case(name.text, self._payload(written, names, gate), reference_docs(comments))
                        for comments, name, written in fields
                    )
                )
            case syntax.Enum(_, _, fields):
                return Enum(_labels(fields))
            case syntax.Flags(_, _, fields):
                return Flags(_labels(fields))
            case syntax.Resource():
                return Resource()

    # Types as they are written

    def _type(self, written: syntax.Type | None, names: Names, gate: Stability) -> TypeRef:
        """The type that an expression stands for, inside something that is under `gate`."""
        match written:
            case syntax.Primitive():
                return written.name
            case syntax.Named():
                return _named(names, written.name)
            case syntax.Handle(borrowed=False):
                return _named(names, written.resource)
            case _:
                return self._in_place(self._kind(written, names, gate), gate)

    def _payload(self, written: syntax.Type | None, names: Names, gate: Stability) -> TypeRef | None:
        return None if written is None else self._type(written, names, gate)

    def _kind(self, written: syntax.Type | None, names: Names, gate: Stability) -> Kind:
        match written:
            case syntax.Primitive():
                return Alias(written.name)
            case syntax.Named():
                return Alias(_named(names, written.name))
            case syntax.Handle():
                return Handle(written.borrowed, _named(names, written.resource))
            case syntax.ListOf(element, length):
                listed = self._type(element, names, gate)
                return List(listed) if length is None else FixedLengthList(listed, length)
            case syntax.MapOf(key, value):
                return Map(self._type(key, names, gate), self._type(value, names, gate))
            case syntax.OptionOf(element):
                return Option(self._type(element, names, gate))
            case syntax.TupleOf(elements):
                return Tuple(tuple(self._type(element, names, gate) for element in elements))
            case syntax.ResultOf(ok, err):
                return Result(self._payload(ok, names, gate), self._payload(err, names, gate))
            case syntax.FutureOf(payload):
                return Future(self._payload(payload, names, gate))
            case syntax.StreamOf(payload):
                return Stream(self._payload(payload, names, gate))
            case _:
                raise Unresolvable("a type is missing")

    def _in_place(self, kind: Kind, gate: Stability) -> int:
        """A type without a name. Without a gate of its own it takes that of the first of its parts that has one."""
        key = (kind.__class__, kind)
        known = self.in_place.get(key)
        if known is None:
            gates = (gate, *map(self._gate_of, parts(kind)))
            inherited = next((gate for gate in gates if gate is not None), None)
            known = self.in_place[key] = self.define(TypeDef(None, kind, None, None, inherited))
        return known

    def _gate_of(self, known: TypeRef) -> Stability:
        if isinstance(known, str):
            return None
        return self.arenas.types[known].stability if known >= 0 else self.left_out[~known]

    def _value(self, named: TypeRef) -> TypeRef:
        """The type of a value that `named` stands for: an owned handle where it is a resource."""
        if isinstance(named, str) or not self.arenas.is_resource(self.there(named)):
            return named
        handle = self.owned.get(named)
        if handle is None:
            handle = self.owned[named] = self.arenas.add_type(TypeDef(None, Handle(False, named), None))
        return handle

    # Functions

    def function(self, node: syntax.Func, names: Names, resource: str | None = None) -> Function:
        """A function, of the resource of that name if any. It may still name resources; `finished` makes them handles.

        That must wait until all types of the package are there, because types come before handles in functions.
        """
        own = None if resource is None else names[resource]
        form, name = _form_and_name(node, resource)
        params = []
        if own is not None and node.form == "method":
            params.append(Param("self", self._in_place(Handle(True, own), None)))
        params.extend(Param(param.name.text, self._type(param.type, names, None)) for param in node.params)
        result = self._payload(node.result, names, None)
        if node.form == "constructor" and result is None:
            result = own
        lead = node.lead
        docs, stability, external_id = reference_docs(lead.comments), stability_of(lead), external_id_of(lead)
        return Function(name, FunctionKind(form, own), tuple(params), result, docs, stability, external_id)

    def finished(self, function: Function) -> Function:
        """`function` with handles where it takes or gives resources."""
        if function.kind.resource is not None:
            self.there(function.kind.resource)
        params = tuple(Param(param.name, self._value(param.type)) for param in function.params)
        result = None if function.result is None else self._value(function.result)
        return function._replace(params=params, result=result)


_DEFINITIONS = (
    syntax.Alias,
    syntax.Record,
    syntax.Variant,
    syntax.Enum,
    syntax.Flags,
    syntax.Resource,
)

_FREE_FORMS: dict[str, FunctionForm] = {"": "freestanding", "get": "getter", "set": "setter"}
_RESOURCE_FORMS: dict[tuple[str, str, bool], FunctionForm] = {
    ("method", "", False): "method",
    ("method", "", True): "async-method",
    ("method", "get", False): "method-getter",
    ("method", "set", False): "method-setter",
    ("static", "", False): "static",
    ("static", "", True): "async-static",
    ("static", "get", False): "static-getter",
    ("static", "set", False): "static-setter",
}


def _form_and_name(node: syntax.Func, resource: str | None) -> tuple[FunctionForm, str]:
    """The form of a function, and its name as components have it."""
    accessor = f"[{node.accessor}]" if node.accessor else ""
    if resource is None:
        form = "async-freestanding" if node.is_async else _FREE_FORMS[node.accessor]
        return form, accessor + node.name.text
    if node.form == "constructor":
        return "constructor", f"[constructor]{resource}"
    form = _RESOURCE_FORMS[node.form, node.accessor, node.is_async]
    return form, f"[{node.form}]{accessor}{resource}.{node.name.text}"


def _labels(fields: Sequence[syntax.Field]) -> tuple[Label, ...]:
    return tuple(Label(field.name.text, reference_docs(field.comments)) for field in fields)


def _named(names: Names, name: syntax.Name) -> int:
    found = names.get(name.text)
    if found is None:
        raise Unresolvable(f"there is no type {name.text} in scope")
    return found


def _names_in(definition: syntax.TypeDef) -> list[str]:
    """The type names that a definition is made of."""
    found: list[str] = []
    match definition:
        case syntax.Alias():
            _collect(definition.type, found)
        case syntax.Record() | syntax.Variant():
            for field in definition.fields:
                _collect(field.type, found)
    return found


def _collect(written: syntax.Type | None, found: list[str]) -> None:
    match written:
        case syntax.Named():
            found.append(written.name.text)
        case syntax.Handle():
            found.append(written.resource.text)
        case syntax.ListOf() | syntax.OptionOf() | syntax.FutureOf() | syntax.StreamOf():
            _collect(written.element, found)
        case syntax.MapOf():
            _collect(written.key, found)
            _collect(written.value, found)
        case syntax.TupleOf():
            for element in written.elements:
                _collect(element, found)
        case syntax.ResultOf():
            _collect(written.ok, found)
            _collect(written.err, found)
