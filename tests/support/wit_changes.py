"""Resolved packages, changed at random: what a next version may look like, for tests that compare two."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from dataflare_lsp.wit.lexer import KEYWORDS
from dataflare_lsp.wit.render import render
from dataflare_lsp.wit.resolved import (
    Case,
    Enum,
    Field,
    FixedLengthList,
    Flags,
    Function,
    FunctionKind,
    Interface,
    InterfaceItem,
    Kind,
    Label,
    List,
    Map,
    Owner,
    Param,
    Record,
    Resolve,
    Resource,
    Tuple,
    TypeDef,
    TypeItem,
    TypeRef,
    Variant,
    World,
    WorldItem,
    WorldKey,
    with_parts,
)

T = TypeVar("T")

OLD, NEW = "7.0.0", "7.1.0"


class Versions(NamedTuple):
    """Two versions of one package, and both in one text, with all that they depend on."""

    old: str
    new: str
    both: str
    name: str
    worlds: tuple[str, ...]


def versions(resolve: Resolve, chance: Random, changes: int) -> Versions:
    """The package as it is, and after some changes. These may leave it invalid."""
    after = resolve
    for _ in range(changes):
        after = changed(after, chance)
    old, new = _with_version(resolve, OLD), _with_version(after, NEW)
    name = resolve.packages[resolve.main].name
    text = render(new, dependencies=False)
    head = f"package {escaped(name.namespace)}:{escaped(name.name)}@{NEW};"
    assert text.count(head) == 1, text
    nested = text.replace(head, f"{head[:-1]} {{") + "}\n"
    worlds = tuple(
        world for world in resolve.packages[resolve.main].worlds if world in after.packages[after.main].worlds
    )
    return Versions(
        render(old), render(new), f"{render(old)}\n{nested}", f"{escaped(name.namespace)}:{escaped(name.name)}", worlds
    )


def escaped(word: str) -> str:
    """A name as it is written where keywords are not allowed."""
    return f"%{word}" if word in KEYWORDS else word


def plain(resolve: Resolve) -> Resolve:
    """The package without gates, and without what the reference's comparison does not take.

    These are lists of fixed length, `error-context`, accessors, and maps with handles in them.
    """
    types = [
        definition._replace(stability=None, kind=with_parts(_plain_kind(definition.kind), _plain_type))
        for definition in resolve.types
    ]
    interfaces = [
        interface._replace(stability=None, functions=_plain_functions(interface.functions))
        for interface in resolve.interfaces
    ]
    worlds = [
        world._replace(stability=None, imports=_plain_items(world.imports), exports=_plain_items(world.exports))
        for world in resolve.worlds
    ]
    return resolve._replace(types=tuple(types), interfaces=tuple(interfaces), worlds=tuple(worlds))


def _plain_kind(kind: Kind) -> Kind:
    match kind:
        case FixedLengthList(element, _):
            return List(element)
        case Map(key, value):
            return Tuple((key, value))
        case _:
            return kind


def _plain_type(written: TypeRef) -> TypeRef:
    return "string" if written == "error-context" else written


def _plain_functions(functions: Mapping[str, Function]) -> dict[str, Function]:
    return {
        name: function._replace(
            stability=None,
            params=tuple(Param(param.name, _plain_type(param.type)) for param in function.params),
            result=None if function.result is None else _plain_type(function.result),
        )
        for name, function in functions.items()
        if not function.kind.form.endswith(("getter", "setter"))
    }


def _plain_items(items: Mapping[WorldKey, WorldItem]) -> dict[WorldKey, WorldItem]:
    functions = _plain_functions({str(key): item for key, item in items.items() if isinstance(item, Function)})
    kept: dict[WorldKey, WorldItem] = {}
    for key, item in items.items():
        if isinstance(item, Function):
            if str(key) in functions:
                kept[key] = functions[str(key)]
        else:
            kept[key] = item._replace(stability=None) if isinstance(item, InterfaceItem) else item
    return kept


def _with_version(resolve: Resolve, version: str) -> Resolve:
    packages = list(resolve.packages)
    main = packages[resolve.main]
    packages[resolve.main] = main._replace(name=main.name._replace(version=version))
    return resolve._replace(packages=tuple(packages))


def changed(resolve: Resolve, chance: Random) -> Resolve:
    """The package with one change somewhere in it, or none where there is nothing to change."""
    change = chance.choice((_change_type, _change_function, _change_function, _change_interface, _change_world))
    return change(resolve, chance)


def grown(resolve: Resolve) -> Resolve:
    """The package with one function more in each of its interfaces that no world exports, and one interface more."""
    exported = {
        item.id for world in resolve.worlds for item in world.exports.values() if isinstance(item, InterfaceItem)
    }
    interfaces = [
        interface._replace(functions={**interface.functions, "fresh": _FRESH})
        if interface.package == resolve.main and interface.name is not None and number not in exported
        else interface
        for number, interface in enumerate(resolve.interfaces)
    ]
    packages = list(resolve.packages)
    main = packages[resolve.main]
    packages[resolve.main] = main._replace(interfaces={**main.interfaces, "fresh": len(interfaces)})
    interfaces.append(Interface("fresh", {}, {"fresh": _FRESH}, None, None, resolve.main))
    return resolve._replace(interfaces=tuple(interfaces), packages=tuple(packages))


# Types ---------------------------------------------------------------------------------------------------------


def _change_type(resolve: Resolve, chance: Random) -> Resolve:
    main = resolve.main
    own = [
        number
        for number, definition in enumerate(resolve.types)
        if isinstance(definition.kind, Record | Variant | Enum | Flags) and _package(resolve, definition.owner) == main
    ]
    if not own:
        return resolve
    number = chance.choice(own)
    types = list(resolve.types)
    types[number] = types[number]._replace(kind=_change_kind(types[number].kind, chance))
    return resolve._replace(types=tuple(types))


def _package(resolve: Resolve, owner: Owner | None) -> int | None:
    if owner is None:
        return None
    return (resolve.interfaces if owner.kind == "interface" else resolve.worlds)[owner.id].package


def _change_kind(kind: Kind, chance: Random) -> Kind:
    match kind:
        case Record(fields):
            new = chance.choice((Field("fresh", "u8", None), Field("fresh", "string", None)))
            return Record(_change_list(fields, new, lambda one: one._replace(type="s16"), chance))
        case Variant(cases):
            new_case = Case("fresh", chance.choice((None, "u8")), None)
            other = chance.choice((None, "s16"))
            return Variant(_change_list(cases, new_case, lambda one: one._replace(type=other), chance))
        case Enum(labels):
            return Enum(_change_list(labels, Label("fresh", None), lambda one: one._replace(name="other"), chance))
        case Flags(labels):
            return Flags(_change_list(labels, Label("fresh", None), lambda one: one._replace(name="other"), chance))
        case _:
            return kind


def _change_list(items: Sequence[T], new: T, other: Callable[[T], T], chance: Random) -> tuple[T, ...]:
    """One more, one less, two exchanged, or one that is another."""
    changed = list(items)
    what = chance.randrange(4)
    place = chance.randrange(len(changed)) if changed else 0
    if what == 0 or not changed:
        changed.insert(place, new)
    elif what == 1 and len(changed) > 1:
        del changed[place]
    elif what == 2:
        changed[place], changed[-1] = changed[-1], changed[place]
    else:
        changed[place] = other(changed[place])
    return tuple(changed)


# Functions -----------------------------------------------------------------------------------------------------


def _change_function(resolve: Resolve, chance: Random) -> Resolve:
    own = [
        (number, name)
        for number, interface in enumerate(resolve.interfaces)
        if interface.package == resolve.main
        for name in interface.functions
    ]
    if not own:
        return resolve
    number, name = chance.choice(own)
    interfaces = list(resolve.interfaces)
    functions = dict(interfaces[number].functions)
    functions[name] = _other_function(functions[name], chance)
    interfaces[number] = interfaces[number]._replace(functions=functions)
    return resolve._replace(interfaces=tuple(interfaces))


def _other_function(function: Function, chance: Random) -> Function:
    form, resource = function.kind
    what = chance.randrange(4)
    if what == 0 and form in _OTHER_FORM:
        return function._replace(kind=FunctionKind(_OTHER_FORM[form], resource))
    if form.endswith(("constructor", "getter", "setter")):
        return function
    first = 1 if "method" in form else 0
    if what == 1:
        return function._replace(result=chance.choice((None, "u8", "string")))
    if what == 2:
        params = _change_list(
            function.params[first:], Param("fresh", "u8"), lambda one: one._replace(name="other"), chance
        )
        return function._replace(params=(*function.params[:first], *params))
    params = tuple(param._replace(type="s16") for param in function.params[first:])
    return function._replace(params=(*function.params[:first], *params))


_OTHER_FORM = {
    "freestanding": "async-freestanding",
    "async-freestanding": "freestanding",
    "method": "async-method",
    "async-method": "method",
    "static": "async-static",
    "async-static": "static",
}


# Interfaces and worlds -----------------------------------------------------------------------------------------

_FRESH = Function("fresh", FunctionKind("freestanding"), (), None)


def _change_interface(resolve: Resolve, chance: Random) -> Resolve:
    own = [number for number, interface in enumerate(resolve.interfaces) if interface.package == resolve.main]
    if not own:
        return resolve
    number = chance.choice(own)
    interfaces, types = list(resolve.interfaces), list(resolve.types)
    interface = interfaces[number]
    what = chance.randrange(5)
    if what == 0:
        interface = interface._replace(functions={**interface.functions, "fresh": _FRESH})
    elif what == 1:
        kind = chance.choice((Record((Field("a", "u8", None),)), Resource()))
        types.append(TypeDef("fresh-type", kind, Owner("interface", number)))
        interface = interface._replace(types={**interface.types, "fresh-type": len(types) - 1})
    elif what == 2 and interface.functions:
        interface = interface._replace(functions=_without(interface.functions, chance))
    elif what == 3 and interface.types:
        interface = interface._replace(types=_without(interface.types, chance))
    elif interface.types:
        # Everything that uses it goes on doing so, by its new name.
        name = chance.choice(list(interface.types))
        known = interface.types[name]
        if not isinstance(types[known].kind, Resource):
            types[known] = types[known]._replace(name="other-name")
            renamed = {"other-name" if one == name else one: known for one, known in interface.types.items()}
            interface = interface._replace(types=renamed)
    interfaces[number] = interface
    return resolve._replace(interfaces=tuple(interfaces), types=tuple(types))


def _without(items: Mapping[str, T], chance: Random) -> dict[str, T]:
    gone = chance.choice(list(items))
    return {name: item for name, item in items.items() if name != gone}


def _change_world(resolve: Resolve, chance: Random) -> Resolve:
    own = [number for number, world in enumerate(resolve.worlds) if world.package == resolve.main]
    if not own:
        return resolve
    number = chance.choice(own)
    worlds = list(resolve.worlds)
    worlds[number] = _other_world(resolve, worlds[number], chance)
    return resolve._replace(worlds=tuple(worlds))


def _other_world(resolve: Resolve, world: World, chance: Random) -> World:
    direction = chance.choice(("imports", "exports"))
    items = dict(world.imports if direction == "imports" else world.exports)
    what = chance.randrange(3)
    if what == 0:
        items["fresh"] = _FRESH
    elif what == 1 and items:
        # Interfaces that others need come back where the world is elaborated.
        del items[chance.choice([key for key, item in items.items() if not isinstance(item, TypeItem)] or list(items))]
    else:
        named = [number for number, interface in enumerate(resolve.interfaces) if _is_named(resolve, interface)]
        if named:
            chosen = chance.choice(named)
            items.setdefault(chosen, InterfaceItem(chosen))
    return world._replace(imports=items) if direction == "imports" else world._replace(exports=items)


def _is_named(resolve: Resolve, interface: Interface) -> bool:
    return interface.name is not None and interface.package == resolve.main
