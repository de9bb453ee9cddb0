"""`include`: one world's imports and exports taken into another, renamed, with the types that it defines copied."""

from collections.abc import Mapping
from typing import TypeVar

from dataflare_lsp.wit.resolved import (
    Alias,
    Arenas,
    Function,
    Interface,
    InterfaceItem,
    Kind,
    Owner,
    Param,
    Stability,
    Stable,
    TypeItem,
    TypeRef,
    WorldItem,
    WorldKey,
    with_parts,
)
from dataflare_lsp.wit.unresolvable import Unresolvable

Key = TypeVar("Key", bound=WorldKey)
Item = TypeVar("Item", bound=WorldItem)


def include(arenas: Arenas, into: int, source: int, renames: Mapping[str, str]) -> None:
    """Take all of the world `source` into the world `into`. `renames` maps names there to names here.

    Raises `Unresolvable` where a name is taken already, or where two gates of one interface differ.
    """
    world, included = arenas.worlds[into], arenas.worlds[source]
    foreign = world.package != included.package
    copies = _Copies(arenas, Owner("world", source), Owner("world", into), world.package, {})
    sides = []
    for items, taken in ((dict(world.imports), included.imports), (dict(world.exports), included.exports)):
        for key, item in taken.items():
            if isinstance(key, int):
                assert isinstance(item, InterfaceItem)
                present = items.setdefault(key, item)
                assert isinstance(present, InterfaceItem)
                stability = _merged(item.stability, present.stability, foreign)
                items[key] = present._replace(stability=stability)
                continue
            name = renamed(key, renames)
            if name in items:
                raise Unresolvable(f"`{name}` is included and there already")
            items[name] = copies.item(item, name)
        sides.append(items)
    arenas.worlds[into] = world._replace(imports=sides[0], exports=sides[1])


def renamed(name: str, renames: Mapping[str, str]) -> str:
    """What a name of a world becomes: in `[method]r.f` it is the resource `r` that a rename may speak of."""
    label = name.rpartition("]")[2]
    head, dot, rest = label.partition(".")
    new = renames.get(head)
    return name if new is None else name[: len(name) - len(label)] + new + dot + rest


def place_setters(items: dict[Key, Item]) -> None:
    """Move each setter that stands before its getter to the place after it."""
    functions = [item for item in items.values() if isinstance(item, Function)]
    if not any(function.kind.form.endswith("setter") for function in functions):
        return
    names = {function.name for function in functions}
    waiting: dict[str, tuple[Key, Item]] = {}
    placed: dict[Key, Item] = {}
    for key, item in items.items():
        if isinstance(item, Function):
            if item.kind.form.endswith("setter"):
                getter = item.name.replace("[set]", "[get]", 1)
                if getter in names:
                    waiting[getter] = (key, item)
                    continue
            placed[key] = item
            names.discard(item.name)
            if item.name in waiting:
                setter, function = waiting.pop(item.name)
                placed[setter] = function
        else:
            placed[key] = item
    items.clear()
    items.update(placed)


def _merged(included: Stability, present: Stability, foreign: bool) -> Stability:
    """The gate of an interface that is included and perhaps there already.

    A version of another package says nothing about this one.
    """
    if foreign and isinstance(included, Stable):
        return None
    if included is None or present is None:
        return present or included
    if type(included) is not type(present) or included != present:
        raise Unresolvable("an interface is included under different gates")
    return present


class _Copies:
    """Copies of what belongs to one owner, for another; what belongs to neither stays as it is."""

    def __init__(self, arenas: Arenas, source: Owner, into: Owner, package: int, types: dict[int, int]) -> None:
        self.arenas = arenas
        self.source = source
        self.into = into
        self.package = package
        self.types = types

    def item(self, item: WorldItem, name: str) -> WorldItem:
        """A copy of a world's item that is known by a plain name, under the name `name`."""
        if isinstance(item, Function):
            return self._function(item)._replace(name=name)
        if isinstance(item, TypeItem):
            copy = self._type(item.id)
            self.arenas.types[copy] = self.arenas.types[copy]._replace(name=name)
            return TypeItem(copy)
        interface = self.arenas.interfaces[item.id]
        return item if interface.name is not None else item._replace(id=self._interface(item.id, interface))

    def _interface(self, original: int, interface: Interface) -> int:
        copy = len(self.arenas.interfaces)
        self.arenas.interfaces.append(interface)
        inner = _Copies(self.arenas, Owner("interface", original), Owner("interface", copy), self.package, self.types)
        self.arenas.interfaces[copy] = interface._replace(
            types={name: inner._type(inside) for name, inside in interface.types.items()},
            functions={name: inner._function(function) for name, function in interface.functions.items()},
            package=self.package,
            clone_of=original,
        )
        return copy

    def _function(self, function: Function) -> Function:
        kind = function.kind
        if kind.resource is not None:
            kind = kind._replace(resource=self._type(kind.resource))
        params = tuple(Param(param.name, self._reference(param.type)) for param in function.params)
        result = None if function.result is None else self._reference(function.result)
        return function._replace(kind=kind, params=params, result=result)

    def _reference(self, referred: TypeRef) -> TypeRef:
        return referred if isinstance(referred, str) else self._type(referred)

    def _type(self, original: int) -> int:
        known = self.types.get(original)
        if known is not None:
            return known
        definition = self.arenas.types[original]
        owner = definition.owner
        if owner is not None and owner != self.source:
            raise Unresolvable("what is included is made of another world's types")
        copy = definition._replace(kind=self._kind(definition.kind), owner=None if owner is None else self.into)
        self.types[original] = self.arenas.add_type(copy)
        return self.types[original]

    def _kind(self, kind: Kind) -> Kind:
        if isinstance(kind, Alias) and isinstance(kind.type, int):
            # What is used from an interface is that interface's still.
            if self.arenas.types[kind.type].owner == self.source:
                return Alias(self._type(kind.type))
            return Alias(self.types.get(kind.type, kind.type))
        return with_parts(kind, self._reference)
