"""What changed in what a world imports and exports, item by item, and whom it breaks."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dataflare_lsp.wit.compat import rules
from dataflare_lsp.wit.compat.change import Break, Change, Place
from dataflare_lsp.wit.compat.interfaces import (
    Scope,
    Used,
    change,
    docs_change,
    function_changes,
    interface_changes,
    removed_type,
    type_changes,
)
from dataflare_lsp.wit.compat.notes import external_id_change, gate_change
from dataflare_lsp.wit.compat.rules import Role
from dataflare_lsp.wit.compat.shapes import Pair
from dataflare_lsp.wit.compat.side import Side, world_items
from dataflare_lsp.wit.resolved import (
    Function,
    InterfaceItem,
    Resource,
    Stability,
    TypeItem,
    Unstable,
    World,
    WorldItem,
)


class Worlds(NamedTuple):
    """Two states of a world."""

    old: World
    new: World

    def roles(self, pair: Pair) -> Iterator[tuple[str, Role]]:
        """What both states do with interfaces that have a name of their own."""
        for role, before, after in self.directions():
            names = _interfaces(pair.old, before)
            yield from ((name, role) for key, name in _interfaces(pair.new, after).items() if names.get(key) == name)

    def directions(self) -> "Iterator[tuple[Role, dict[str | int, WorldItem], dict[str | int, WorldItem]]]":
        """Imports and exports, of both states."""
        yield "import", dict(self.old.imports), dict(self.new.imports)
        yield "export", dict(self.old.exports), dict(self.new.exports)


def _interfaces(side: Side, items: "dict[str | int, WorldItem]") -> dict[str, str]:
    """The names of interfaces among a world's items, by the names of the items."""
    named = {name: item for name, item in world_items(side, items).items() if isinstance(item, InterfaceItem)}
    return {name: side.interface(item.id) for name, item in named.items() if side.interface(item.id)}


def world_changes(pair: Pair, used: Used, place: Place, subject: str, worlds: Worlds) -> Iterator[Change]:
    """What changed in a world. The inside of interfaces that have a name of their own is left to who compares these."""
    is_unstable = isinstance(worlds.old.stability, Unstable)
    for role, before, after in worlds.directions():
        scope = Scope(pair, used, place._replace(role=role), subject, (role,), is_unstable)
        yield from _items(scope, role, world_items(pair.old, before), world_items(pair.new, after))
        if role == "export":
            yield from _identities(scope, worlds)


def _identities(scope: Scope, worlds: Worlds) -> Iterator[Change]:
    """Exports that take resources of another interface from the exports now, and from the imports before, or the other
    way round. These are two resources.
    """
    old, new = scope.pair.old, scope.pair.new
    before, after = _resources_from(old, worlds.old), _resources_from(new, worlds.new)
    for name, sources in after.items():
        for source, is_exported in sources.items():
            if before.get(name, {}).get(source, is_exported) != is_exported:
                now, was = ("exports", "imports") if is_exported else ("imports", "exports")
                shown = new.shown(name), new.shown(source)
                text = f"export `{shown[0]}` has the resources of `{shown[1]}` from the {now}, had them from the {was}"
                yield change(scope, "changed", name, text, rules.CHANGED_RESOURCE, None)


def _resources_from(side: Side, world: World) -> dict[str, dict[str, bool]]:
    """For each exported interface, the others whose resources it uses, and whether the world exports these."""
    types, exported = side.resolve.types, {key for key in world.exports if isinstance(key, int)}
    found: dict[str, dict[str, bool]] = {}
    for name, item in world_items(side, world.exports).items():
        if isinstance(item, InterfaceItem):
            interface = side.resolve.interfaces[item.id]
            reached = side.reached(interface.functions.values()) | side.reached_from(interface.types.values())
            owners = [types[known].owner for known in reached if isinstance(types[known].kind, Resource)]
            numbers = {one.id for one in owners if one is not None and one.kind == "interface"} - {item.id}
            found[name] = {side.interface_key(number): number in exported for number in sorted(numbers)}
    return found


def _items(scope: Scope, role: Role, before: "dict[str, WorldItem]", after: "dict[str, WorldItem]") -> Iterator[Change]:
    pair = scope.pair
    for name, item in before.items():
        if name not in after and not isinstance(item, Function):
            yield _gone(scope, role, name, item)
    for name, item in after.items():
        was = before.get(name)
        if was is not None and type(was) is not type(item):
            now, before_that = _noun(pair.new, item, "a "), _noun(pair.old, was, "a ")
            text = f"{role} `{pair.new.shown(name)}` is {now}, was {before_that}"
            yield change(scope, "changed", name, text, rules.CHANGED_KIND, None)
        elif isinstance(item, Function):
            continue
        elif was is None:
            yield _is_new(scope, role, name, item)
        else:
            yield from _inside(scope, role, name, was, item)
    yield from _functions(scope, role, before, after)


def _functions(
    scope: Scope, role: Role, before: "dict[str, WorldItem]", after: "dict[str, WorldItem]"
) -> Iterator[Change]:
    """Functions that a world imports or exports by itself, among them those of its resources."""
    old = [i for name, i in before.items() if isinstance(i, Function) and _is_function(after.get(name))]
    new = [i for name, i in after.items() if isinstance(i, Function) and _is_function(before.get(name))]
    inner = scope._replace(subject=f"{scope.subject}{role}ed ")
    yield from function_changes(inner, old, new)


def _is_function(item: WorldItem | None) -> bool:
    return item is None or isinstance(item, Function)


def _noun(side: Side, item: WorldItem, article: str = "") -> str:
    match item:
        case Function():
            return f"{article}function"
        case TypeItem(known):
            return f"{article}resource" if side.is_resource(known) else f"{article}type"
        case _:
            return "an interface" if article else "interface"


def _gone(scope: Scope, role: Role, name: str, item: WorldItem) -> Change:
    old = scope.pair.old
    if isinstance(item, TypeItem):
        return removed_type(scope, name, item.id)
    breaks: tuple[Break, ...] = ()
    if role == "export":
        breaks = rules.removed_export
    elif _is_needed(old, name, item, scope.used.old):
        breaks = rules.removed_import
    return change(scope, "removed", name, f"{role} `{scope.pair.new.shown(name)}` is gone", breaks, _gate(item))


def _is_needed(side: Side, name: str, item: WorldItem, used: Collection[int]) -> bool:
    """Whether a component may have to import an item: a function, or an interface with functions, resources, or types
    that others use. These others mean the one that is imported by its own name.
    """
    if not isinstance(item, InterfaceItem):
        return True
    interface = side.resolve.interfaces[item.id]
    if interface.functions or any(
        isinstance(side.resolve.types[known].kind, Resource) for known in interface.types.values()
    ):
        return True
    return side.interface_key(item.id) == name and any(known in used for known in interface.types.values())


def _is_new(scope: Scope, role: Role, name: str, item: WorldItem) -> Change:
    new = scope.pair.new
    breaks = rules.added_export if role == "export" else rules.added_import
    if isinstance(item, TypeItem):
        text = f"{_noun(new, item)} `{scope.pair.new.shown(name)}` is new"
        return change(scope, "added", name, text, breaks, new.resolve.types[item.id].stability)
    if role == "import" and not _is_needed(new, name, item, scope.used.new):
        breaks = ()
    return change(scope, "added", name, f"{role} `{scope.pair.new.shown(name)}` is new", breaks, _gate(item))


def _inside(scope: Scope, role: Role, name: str, old: WorldItem, new: WorldItem) -> Iterator[Change]:
    """What changed in something that a world has before and after."""
    if isinstance(old, TypeItem) and isinstance(new, TypeItem):
        yield from type_changes(scope, name, old.id, new.id)
        return
    if not (isinstance(old, InterfaceItem) and isinstance(new, InterfaceItem)):
        return
    pair = scope.pair
    place, subject = scope.place._replace(item=name), f"{scope.subject}{role} `{pair.new.shown(name)}`"
    for note in (gate_change(old.stability, new.stability), external_id_change(old.external_id, new.external_id)):
        if note is not None:
            yield note.of(place, subject, scope.is_unstable)
    first, second = pair.old.resolve.interfaces[old.id], pair.new.resolve.interfaces[new.id]
    before, after = pair.old.interface(old.id), pair.new.interface(new.id)
    if old.docs != new.docs or (not before and not after and first.docs != second.docs):
        yield docs_change(scope, name, f"{role} `{pair.new.shown(name)}`")
    if before and before == after:
        return
    if before or after:
        # `import name: interface` in one of them.
        now, was = f"`{after}`" if after else "written in place", f"`{before}`" if before else "written in place"
        yield change(scope, "changed", name, f"{role} `{pair.new.shown(name)}` is {now}, was {was}", (), None)
    is_unstable = scope.is_unstable or isinstance(old.stability, Unstable)
    yield from interface_changes(
        scope._replace(place=place, subject=f"{subject}: ", is_unstable=is_unstable), first, second
    )


def _gate(item: WorldItem) -> Stability:
    return item.stability if isinstance(item, InterfaceItem) else None
