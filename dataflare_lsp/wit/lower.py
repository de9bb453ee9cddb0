"""From syntax to the resolved package: what the files of a root and of its dependencies mean, taken together.

The input is without errors: other modules find them. Packages are lowered in the order of need. In each, the types of
all interfaces and worlds come first, then the handles in their functions, then `include`s and what worlds need
besides. This is the reference's order, and it is what gives every type and interface the id that it has there.
Specification: WIT.md; the reference parser's `ast/resolve.rs` and `resolve/mod.rs`.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Literal, NamedTuple

from dataflare_lsp.wit import syntax
from dataflare_lsp.wit.docs import reference_docs
from dataflare_lsp.wit.drafts import Draft, File, Place, bodies_by_need, drafts, nodes, packages_by_need
from dataflare_lsp.wit.include import include, place_setters
from dataflare_lsp.wit.lower_types import Names, TypeLowering, external_id_of, stability_of
from dataflare_lsp.wit.resolved import (
    Alias,
    Arenas,
    Function,
    Interface,
    InterfaceItem,
    Owner,
    Package,
    Resolve,
    TypeDef,
    TypeItem,
    World,
    WorldItem,
    WorldKey,
)
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.wit.syntax import PackageName
from dataflare_lsp.wit.unresolvable import Unresolvable
from dataflare_lsp.wit.worlds import elaborate


class Lowered(NamedTuple):
    """Packages that are lowered, for others to be lowered onto: `known` are their ids in `arenas`."""

    arenas: Arenas
    known: Mapping[PackageName, int]


NOTHING: Lowered = Lowered(Arenas(), {})


def lower(
    groups: Sequence[Sequence[Source]],
    features: frozenset[str] | None = None,
    encoded: Container[int] = (),
    onto: Lowered = NOTHING,
) -> Resolve:
    """The resolved form of the packages of all groups, the main one being that of the first group's files.

    `groups[0]` are the files of the root, sorted by path, the others those of each dependency. `features` are those
    switched on for `@unstable` items, None for all. `encoded` are the numbers of groups that were recovered from
    binaries: what is in these was switched on when they were made. Raises `Unresolvable` where the input has errors
    that matter here.

    Packages lowered already may be given as `onto`; ids are then not those that the reference gives.
    """
    arenas, known, main = _lowered(groups, features, encoded, onto)
    if main is None:
        raise Unresolvable("there is no package")
    return arenas.resolve(known[main])


def lower_dependencies(groups: Sequence[Sequence[Source]], features: frozenset[str] | None = None) -> Lowered:
    """The packages of some groups, to lower others onto. Raises as `lower` does."""
    arenas, known, _ = _lowered(groups, features, (), NOTHING)
    return Lowered(arenas, known)


def _lowered(
    groups: Sequence[Sequence[Source]], features: frozenset[str] | None, encoded: Container[int], onto: Lowered
) -> tuple[Arenas, dict[PackageName, int], PackageName | None]:
    """Arenas with all packages, their ids, and the main one."""
    packages: dict[PackageName, Draft] = {}
    features_of: dict[PackageName, frozenset[str] | None] = {}
    main = None
    for number, group in enumerate(groups):
        for draft in drafts(group):
            if draft.name in packages or draft.name in onto.known:
                raise Unresolvable(f"package {draft.name} is defined twice")
            packages[draft.name] = draft
            features_of[draft.name] = None if number in encoded else features
        main = main or draft.name
    arenas = onto.arenas.copy()
    known = dict(onto.known)
    for name in packages_by_need(packages):
        known[name] = _PackageLowering(arenas, known, packages[name], features_of[name]).lower()
    return arenas, known, main


class _WorldDraft(NamedTuple):
    """A world before its functions are finished and its `include`s are followed."""

    id: int
    imports: dict[WorldKey, WorldItem]
    exports: dict[WorldKey, WorldItem]
    includes: tuple[tuple[Place, dict[str, str]], ...]


class _PackageLowering:
    """Lowers one package into `arenas`, where those that it depends on are already, by the ids in `known`."""

    def __init__(
        self, arenas: Arenas, known: Mapping[PackageName, int], draft: Draft, features: frozenset[str] | None
    ) -> None:
        self.arenas = arenas
        self.known = known
        self.draft = draft
        self.id = len(arenas.packages)
        self.types = TypeLowering(arenas, features)
        self.interfaces: Names = {}
        self.worlds: Names = {}
        self.types_of: dict[int, Names] = {}

    def lower(self) -> int:
        """Add the package to the arenas; its id."""
        arenas, draft = self.arenas, self.draft
        first = len(arenas.interfaces)
        arenas.packages.append(Package(draft.name, draft.docs, {}, {}))
        bodies = bodies_by_need(draft)
        for body, _ in bodies:
            name = body.name.text
            if body.kind == "interface":
                self.interfaces[name] = self._new_interface(name, _lead(body))
            else:
                self.worlds[name] = self._new_world(name, _lead(body))
        for body, file in bodies:
            if body.kind == "interface":
                self._interface(self.interfaces[body.name.text], nodes(body), file)
        worlds = [
            self._world(self.worlds[body.name.text], nodes(body), file) for body, file in bodies if body.kind == "world"
        ]
        self._finish_interfaces(first)
        self._finish_worlds([world for world in worlds if world.id >= 0])
        arenas.packages[self.id] = Package(draft.name, draft.docs, _there(self.interfaces), _there(self.worlds))
        return self.id

    def _new_interface(self, name: str | None, lead: syntax.Lead) -> int:
        stability = stability_of(lead)
        if not self.types.includes(stability):
            return self.types.leave_out(stability)
        docs = reference_docs(lead.comments)
        self.arenas.interfaces.append(Interface(name, {}, {}, docs, stability, self.id))
        return len(self.arenas.interfaces) - 1

    def _new_world(self, name: str, lead: syntax.Lead) -> int:
        stability = stability_of(lead)
        if not self.types.includes(stability):
            return self.types.leave_out(stability)
        docs = reference_docs(lead.comments)
        self.arenas.worlds.append(World(name, {}, {}, self.id, docs, stability))
        return len(self.arenas.worlds) - 1

    def _interface(self, interface: int, items: Sequence[syntax.Node], file: File) -> None:
        """The types and functions of an interface."""
        names = self._types(Owner("interface", interface), items, file)
        self.types_of[interface] = names
        functions: dict[str, Function] = {}
        for node in items:
            if isinstance(node, syntax.Func):
                function = self.types.function(node, names)
                functions[function.name] = function
            elif isinstance(node, syntax.Resource):
                for method in node.functions:
                    function = self.types.function(method, names, node.name.text)
                    functions[function.name] = function
        if interface >= 0:
            place_setters(functions)
            included = {name: f for name, f in functions.items() if self.types.includes(f.stability)}
            before = self.arenas.interfaces[interface]
            self.arenas.interfaces[interface] = before._replace(types=_there(names), functions=included)

    def _finish_interfaces(self, first: int) -> None:
        for number, interface in enumerate(self.arenas.interfaces[first:], first):
            functions = {name: self.types.finished(function) for name, function in interface.functions.items()}
            self.arenas.interfaces[number] = interface._replace(functions=functions)

    def _world(self, world: int, items: Sequence[syntax.Node], file: File) -> _WorldDraft:
        names = self._types(Owner("world", world), items, file)
        imports: dict[WorldKey, WorldItem] = {name: TypeItem(number) for name, number in names.items()}
        if world >= 0:
            for number in names.values():
                # The reference does not let a gate leave out a type that stands in a world itself.
                self.types.there(number)
        exports: dict[WorldKey, WorldItem] = {}
        includes = []
        for node in items:
            if isinstance(node, syntax.Extern):
                found = self._extern(node, names, file, world)
                if found is not None:
                    key, item = found
                    (imports if node.direction == "import" else exports)[key] = item
            elif isinstance(node, syntax.Resource):
                for method in node.functions:
                    function = self.types.function(method, names, node.name.text)
                    if self.types.includes(function.stability):
                        imports[function.name] = function
            elif isinstance(node, syntax.Include) and self.types.includes(stability_of(node.lead)):
                # The first of two renames of one name counts.
                renames = {rename.name.text: rename.local.text for rename in reversed(node.renames)}
                includes.append((file.place(node.path), renames))
        return _WorldDraft(world, imports, exports, tuple(includes))

    def _extern(self, node: syntax.Extern, names: Names, file: File, world: int) -> tuple[WorldKey, WorldItem] | None:
        """What a world imports or exports, and its key; None where a gate leaves it, or world and interface, out."""
        if isinstance(node.item, syntax.Func):
            function = self.types.function(node.item, names)
            return (function.name, function) if self.types.includes(function.stability) else None
        stability, external_id = stability_of(node.lead), external_id_of(node.lead)
        if isinstance(node.item, syntax.Inline):
            interface = self._new_interface(None, node.lead)
            self._interface(interface, node.item.members, file)
            if interface < 0:
                return None
            if node.name is None:
                raise Unresolvable("an interface that is written in a world has no name there")
            return node.name.text, InterfaceItem(interface, stability, external_id)
        if not self.types.includes(stability):
            return None
        at = self._at(file.place(node.item), "interface")
        if at < 0 and world < 0:
            return None
        interface = self.types.there(at)
        item = InterfaceItem(interface, stability, external_id, reference_docs(node.lead.comments))
        return (interface if node.name is None else node.name.text), item

    def _finish_worlds(self, worlds: Sequence[_WorldDraft]) -> None:
        arenas = self.arenas
        for draft in worlds:
            for items in (draft.imports, draft.exports):
                for key, item in items.items():
                    if isinstance(item, Function):
                        items[key] = self.types.finished(item)
            arenas.worlds[draft.id] = arenas.worlds[draft.id]._replace(imports=draft.imports, exports=draft.exports)
        for draft in worlds:
            for place, renames in draft.includes:
                include(arenas, draft.id, self.types.there(self._at(place, "world")), renames)
            world = arenas.worlds[draft.id]
            imports, exports = dict(world.imports), dict(world.exports)
            place_setters(imports)
            place_setters(exports)
            arenas.worlds[draft.id] = world._replace(imports=imports, exports=exports)
            elaborate(arenas, draft.id)

    def _at(self, place: Place, kind: Literal["interface", "world"]) -> int:
        """The id of what a place names; below zero where a gate of this package leaves it out."""
        names: Mapping[str, int]
        if place.package is None:
            names = self.interfaces if kind == "interface" else self.worlds
        else:
            known = self.known.get(place.package)
            if known is None:
                raise Unresolvable(f"there is no package {place.package}")
            package = self.arenas.packages[known]
            names = package.interfaces if kind == "interface" else package.worlds
        found = names.get(place.name)
        if found is None:
            raise Unresolvable(f"there is no {kind} {place.name} in {place.package or self.draft.name}")
        return found

    def _types(self, owner: Owner, items: Sequence[syntax.Node], file: File) -> Names:
        """The types of an interface or a world by name: those that it uses, then those that it defines."""
        names: Names = {}
        for node in items:
            if isinstance(node, syntax.Use):
                self._use(node, owner, names, file)
        self.types.define_all(owner, items, names)
        return names

    def _use(self, node: syntax.Use, owner: Owner, names: Names, file: File) -> None:
        stability, external_id = stability_of(node.lead), external_id_of(node.lead)
        place = file.place(node.path)
        for rename in node.names:
            name = rename.local.text
            if self.types.includes(stability):
                alias = Alias(self._used_type(place, rename.name.text))
                names[name] = self.types.define(TypeDef(name, alias, owner, None, stability, external_id))
            else:
                names[name] = self.types.leave_out(stability)

    def _used_type(self, place: Place, name: str) -> int:
        interface = self._at(place, "interface")
        types = self.types_of[interface] if place.package is None else self.arenas.interfaces[interface].types
        found = types.get(name)
        if found is None:
            raise Unresolvable(f"there is no type {name} in interface {place.name}")
        return found


def _lead(body: Body) -> syntax.Lead:
    node = body.head.node
    return node.lead if isinstance(node, syntax.InterfaceHead | syntax.WorldHead) else syntax.NO_LEAD


def _there(names: Names) -> Names:
    return {name: known for name, known in names.items() if known >= 0}
