"""Collecting interfaces and worlds from component types, and from components.

Interfaces of other packages are imported wherever they are needed, each time with no more than what is needed: what
is known of them is the union.
"""

from collections.abc import Iterable

from dataflare_lsp.component.allowance import TextAllowance
from dataflare_lsp.component.consistency import may_be_function
from dataflare_lsp.component.errors import MalformedComponent, NotRepresentable
from dataflare_lsp.component.names import interface_name, is_interface_name, label, origin_name
from dataflare_lsp.component.package import (
    Function,
    InlineInterface,
    Interface,
    InterfaceItem,
    InterfaceName,
    Package,
    Resource,
    TypeDeclaration,
    World,
    WorldItem,
)
from dataflare_lsp.component.scope import (
    Allowance,
    ComponentItem,
    FuncItem,
    InstanceItem,
    Interior,
    Item,
    OtherItem,
    Structure,
    TypeItem,
    function_type,
    inside,
)
from dataflare_lsp.component.view import Place, Register, View
from dataflare_lsp.wit.syntax import PackageName


class Collection:
    """The interfaces and worlds of one package, and what they show of others, from one component type after the other.

    `name` is that of the package, where it is not told by what it exports.
    """

    def __init__(self, allowance: Allowance, text: TextAllowance, name: PackageName | None = None) -> None:
        self._allowance = allowance
        self._register = Register(allowance, text)
        self._name = name
        self._defined: dict[str, Interface] = {}
        self._worlds: dict[str, World] = {}
        self._seen: dict[InterfaceName, Interface] = {}
        """What imports show of interfaces, of this package or of others."""

    def entity(self, structure: Structure) -> None:
        """Take in what the component type `structure` exports."""
        interior = inside(structure, self._allowance)
        if not interior.exports:
            raise MalformedComponent("a component type exports neither an interface nor a world", structure.offset)
        for item in interior.imports:
            if not isinstance(item, InstanceItem):
                raise MalformedComponent(f"`{item.name.name}` is not an interface of another package", item.offset)
            self._instance(item)
        for item in interior.exports:
            name = interface_name(item.name.name, item.name.version_suffix, item.offset)
            if self._name is None:
                self._name = name.package
            elif self._name != name.package:
                raise MalformedComponent(f"`{name}` is not in the package `{self._name}`", item.offset)
            if name.interface in self._defined or name.interface in self._worlds:
                raise MalformedComponent(f"`{name}` is defined twice", item.offset)
            if isinstance(item, InstanceItem):
                self._defined[name.interface] = interface = Interface({}, {})
                self._add(interface, item, name)
            elif isinstance(item, ComponentItem):
                self._worlds[name.interface] = self._world(name.interface, inside(item.component, self._allowance))
            else:
                raise MalformedComponent(f"`{name}` is neither an interface nor a world", item.offset)

    def component(self, name: str, interior: Interior) -> None:
        """Take in a component as the world `name`. What it imports that WIT does not know is no part of that."""
        imports = [item for item in interior.imports if not isinstance(item, (ComponentItem, OtherItem))]
        self._worlds[name] = self._world(name, interior._replace(imports=tuple(imports)))

    def finish(self) -> tuple[Package, tuple[Package, ...]]:
        """The package, and what is known of those that it uses."""
        name = self._name
        assert name is not None
        dependencies: dict[PackageName, Package] = {}
        for seen, interface in self._seen.items():
            if seen.package != name:
                package = dependencies.setdefault(seen.package, Package(seen.package, {}, {}))
                package.interfaces[seen.interface] = interface
            elif seen.interface in self._worlds:
                raise MalformedComponent(f"`{seen}` is used as an interface and defined as a world", 0)
            else:
                self._defined.setdefault(seen.interface, interface)
        return Package(name, self._defined, self._worlds), tuple(dependencies.values())

    def _world(self, name: str, interior: Interior) -> World:
        view = View(name, self._register)
        types: dict[str, TypeDeclaration] = {}
        imports: list[WorldItem] = []
        for item in interior.imports:
            if isinstance(item, TypeItem):
                types[item.name.name] = view.type_declaration(item)
            else:
                imports.append(self._world_item(item, view, f"{name} import"))
        exports = [self._world_item(item, view, f"{name} export") for item in interior.exports]
        _check_resources(types, [item for item in imports if isinstance(item, Function)])
        _check_resources({}, [item for item in exports if isinstance(item, Function)])
        for side in (imports, exports):
            _check_setters([item for item in side if isinstance(item, Function)])
        return World(types, tuple(imports), tuple(exports))

    def _world_item(self, item: Item, view: View, side: str) -> WorldItem:
        if isinstance(item, FuncItem):
            return view.function(item)
        if not isinstance(item, InstanceItem):
            raise NotRepresentable(f"a world has `{item.name.name}`, which is neither a function nor an interface")
        name = self._instance(item)
        if name is None:
            interface = Interface({}, {})
            self._add(interface, item, f"{side} {item.name.name}")
            return InlineInterface(label(item.name.name, item.offset), interface, item.name.external_id)
        named = None if is_interface_name(item.name.name) else label(item.name.name, item.offset)
        return InterfaceItem(name, named, item.name.external_id)

    def _instance(self, item: InstanceItem) -> InterfaceName | None:
        """The name of the interface that `item` is, having taken in what it shows of that; None for one in place."""
        name = origin_name(item.name, item.offset)
        if name is None:
            return None
        defined = self._defined.get(name.interface) if name.package == self._name else None
        if defined is None:
            self._add(self._seen.setdefault(name, Interface({}, {})), item, name)
        else:
            view = View(name, self._register)
            for export in item.exports.values():
                if isinstance(export, TypeItem) and export.name.name in defined.types:
                    view.note(export, defined.types[export.name.name])
        return name

    def _add(self, interface: Interface, item: InstanceItem, place: Place) -> None:
        """Add to `interface`, which is the one at `place`, what `item` has beyond it."""
        view = View(place, self._register)
        added: list[Function] = []
        for name, export in item.exports.items():
            if isinstance(export, TypeItem):
                if name in interface.types:
                    view.note(export, interface.types[name])
                else:
                    interface.types[name] = view.type_declaration(export)
            elif isinstance(export, FuncItem):
                if name not in interface.functions:
                    interface.functions[name] = function = view.function(export)
                    added.append(function)
                elif not may_be_function(interface.functions[name], function_type(export)):
                    raise NotRepresentable(f"`{name}` is not the same wherever its interface is mentioned")
            else:
                raise NotRepresentable(f"an interface has `{name}`, which is neither a type nor a function")
        _check_resources(interface.types, added)
        if any(function.accessor == "set" for function in added):
            _check_setters(interface.functions.values())


def _check_resources(types: dict[str, TypeDeclaration], functions: Iterable[Function]) -> None:
    for function in functions:
        if function.resource is not None and not isinstance(types.get(function.resource), Resource):
            raise NotRepresentable(f"`{function.name}` belongs to a resource that is not defined beside it")


def _check_setters(functions: Iterable[Function]) -> None:
    getters = set()
    for function in functions:
        key = (function.role, function.resource, function.label)
        if function.accessor == "get":
            getters.add(key)
        elif function.accessor == "set" and key not in getters:
            raise NotRepresentable(f"`{function.name}` has no getter before it")
