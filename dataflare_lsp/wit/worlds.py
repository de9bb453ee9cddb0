"""Worlds spelled out: every interface that an import or an export needs is imported too, each after what it needs."""

from collections.abc import Iterable

from dataflare_lsp.wit.resolved import Alias, Arenas, Function, InterfaceItem, TypeItem, WorldItem, WorldKey
from dataflare_lsp.wit.unresolvable import Unresolvable

Items = dict[WorldKey, WorldItem]


def elaborate(arenas: Arenas, number: int) -> None:
    """Complete and sort the imports and exports of the world of that id.

    Imports come in the order interfaces, used types, types, functions, functions of resources; within these they
    keep their order, behind the interfaces that they need. Raises `Unresolvable` where an interface that is exported
    would have to be imported too.
    """
    world = arenas.worlds[number]
    imports: Items = {}
    for key, item in _sorted(arenas, world.imports.items()):
        if isinstance(item, InterfaceItem):
            _import(arenas, imports, key, item)
            continue
        if isinstance(item, TypeItem):
            used = arenas.used_interface(item.id)
            if used is not None:
                _import(arenas, imports, used, InterfaceItem(used, arenas.types[item.id].stability))
        imports[key] = item
    exports: Items = {key: item for key, item in world.exports.items() if isinstance(item, Function)}
    interfaces = {key: item for key, item in world.exports.items() if isinstance(item, InterfaceItem)}
    needed: set[int] = set()
    for key, item in interfaces.items():
        _export(arenas, imports, exports, interfaces, needed, key, item)
    arenas.worlds[number] = world._replace(imports=dict(_sorted(arenas, imports.items())), exports=exports)


def _sorted(arenas: Arenas, items: Iterable[tuple[WorldKey, WorldItem]]) -> list[tuple[WorldKey, WorldItem]]:
    def rank(entry: tuple[WorldKey, WorldItem]) -> int:
        item = entry[1]
        if isinstance(item, InterfaceItem):
            return 0
        if isinstance(item, Function):
            return 3 if item.kind.resource is None else 4
        definition = arenas.types[item.id]
        kind = definition.kind
        used = (
            isinstance(kind, Alias) and isinstance(kind.type, int) and arenas.types[kind.type].owner != definition.owner
        )
        return 1 if used else 2

    return sorted(items, key=rank)


def _import(arenas: Arenas, imports: Items, key: WorldKey, item: InterfaceItem) -> None:
    """Import an interface behind those that it needs, under its gate."""
    pending = [(key, item, False)]
    while pending:
        key, item, ready = pending.pop()
        if ready:
            imports[key] = item
        elif key not in imports:
            pending.append((key, item, True))
            for used in reversed(arenas.used_interfaces(item.id)):
                pending.append((used, InterfaceItem(used, item.stability), False))


def _export(
    arenas: Arenas,
    imports: Items,
    exports: Items,
    interfaces: dict[WorldKey, InterfaceItem],
    needed: set[int],
    key: WorldKey,
    item: InterfaceItem,
) -> None:
    """Export an interface behind those that it needs: exported where the world exports them, else imported.

    `needed` are the interfaces that exports need as imports. One that is exported as well would be there twice.
    """
    pending = [(key, item, True, False)]
    while pending:
        key, item, exported, ready = pending.pop()
        if not ready:
            if key in exports and exported:
                continue
            if key in exports:
                raise Unresolvable("an export needs, as an import, what the world exports")
            if not exported and item.id in needed:
                continue
            pending.append((key, item, exported, True))
            for used in reversed(arenas.used_interfaces(item.id)):
                needs = InterfaceItem(used, item.stability, item.external_id)
                pending.append((used, needs, exported and used in interfaces, False))
        elif not exported:
            needed.add(item.id)
            imports.setdefault(key, item)
        elif item.id in needed:
            raise Unresolvable("the world exports what another export needs as an import")
        else:
            exports[key] = item
