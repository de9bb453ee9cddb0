"""A component's imports, answered by hosts: all of them link, and what has no host says so when it is called."""

import ctypes
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.runtime.border import Border, HostCall, interface_name
from dataflare_lsp.runtime.calls import capi
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.runtime.calls.lifting import Lifting
from dataflare_lsp.runtime.calls.lowering import Lowering, NotLowered
from dataflare_lsp.runtime.calls.shapes import Resources, function_shape
from dataflare_lsp.runtime.host.surroundings import HostFunction, Interface, Trap
from dataflare_lsp.values.types import Function, Named, Primitive, Value

if TYPE_CHECKING:
    from wasmtime import Engine, StoreContext
    from wasmtime.component import Component, FuncType, LinkerInstance


class Imports(NamedTuple):
    """What a component imports: functions, each with the instance that it is in, and resources likewise.

    `resources` are the host's names of those that an instance has, by the instance's name and their own.
    """

    functions: tuple["Imported", ...]
    resources: tuple[tuple[str, str, str], ...]
    instances: tuple[str, ...]


class Imported(NamedTuple):
    """A function that a component imports, from an instance or, where that is "", by itself.

    `interface` is the instance's name as hosts know it. Types are looked up when the function is first called: most of
    what a component imports it never calls.
    """

    instance: str
    interface: str
    function: str
    type: "FuncType"
    answer: HostFunction | None

    @property
    def name(self) -> str:
        """The name in full: `dataflare:core/logging@1.0.0#log`."""
        return f"{self.instance}#{self.function}" if self.instance else self.function

    def call(self, resources: Resources) -> HostCall:
        """What it is called as."""
        shape = function_shape(self.type, resources)
        return HostCall(self.name, self.interface, self.function, shape, self.answer or _nobody(self.name))


def imports_of(
    component: "Component", engine: "Engine", resources: Resources, hosts: Mapping[str, Interface]
) -> Imports:
    """The imports of a component, each function with the host that answers it."""
    from wasmtime.component import ComponentInstanceType, FuncType, ResourceType

    functions: list[Imported] = []
    found: list[tuple[str, str, str]] = []
    instances = []

    def visit(instance: str, interface: str, name: str, item: object) -> None:
        if isinstance(item, ResourceType):
            place = f"{interface}/{name}" if interface else name
            found.append((instance, name, resources.add(item, place, is_imported=True)))
        elif isinstance(item, FuncType):
            functions.append(Imported(instance, interface, name, item, hosts.get(interface, {}).get(name)))

    for name, extern in component.type.imports(engine).items():
        item = extern.ty
        if isinstance(item, ComponentInstanceType):
            instances.append(name)
            interface = interface_name(extern.implements or name)
            for inner, exported in item.exports(engine).items():
                visit(name, interface, inner, exported.ty)
        else:
            visit("", "", name, item)
    return Imports(tuple(functions), tuple(found), tuple(instances))


class Callbacks:
    """The host's functions as the engine calls them. Kept as long as anything linked with them."""

    def __init__(
        self, border: Border, resources: Resources, lifting: Lifting, lowering: Lowering, handles: Handles
    ) -> None:
        self.border = border
        self.raised: BaseException | None = None
        """What a host's function raised last, until somebody has taken it."""
        self._resources = resources
        self._lifting = lifting
        self._lowering = lowering
        self._handles = handles
        self._kept: list[object] = []

    def add(self, place: "LinkerInstance", imported: Imported) -> None:
        """Define a function in an instance of a linker."""
        callback = capi.FuncCallback(self._function(imported))
        self._kept.append(callback)
        name = imported.function.encode()
        address = ctypes.cast(place.ptr(), ctypes.c_void_p).value
        capi.require(capi.add_func(address, name, len(name), callback, None, None))

    def _function(self, imported: Imported) -> Callable[..., int]:
        planned: Callable[[int, int], None] | None = None

        def called(data: object, context: object, type: object, given: int, count: int, wanted: int, one: int) -> int:
            nonlocal planned
            try:
                if planned is None:
                    planned = self._planned(imported.call(self._resources))
                planned(given, wanted)
            except BaseException as error:  # it must not unwind through WebAssembly
                self.raised = error
                made: int = capi.error_new(b"a function of the host failed")
                return made
            return 0

        return called

    def _planned(self, call: HostCall) -> Callable[[int, int], None]:
        """A function from the addresses of the arguments and of the result."""
        lift = self._lifting.row([parameter.type for parameter in call.type.parameters if parameter.type is not None])
        border = self.border
        if call.type.result is None:

            def without_result(given: int, wanted: int) -> None:
                border.call(call, lift(given))

            return without_result
        lower = self._lowering.result(call.type.result)

        def with_result(given: int, wanted: int) -> None:
            value = border.call(call, lift(given))
            try:
                capi.val_clone(lower((value,)), wanted)
            except NotLowered as error:
                raise Trap(f"the host's answer to `{call.name}` is not of its type: {error}") from error

        return with_result


def define(
    place: "LinkerInstance", imports: Imports, callbacks: Callbacks, resources: Resources, drops: "Drops"
) -> None:
    """Define everything that a component imports."""
    for instance in imports.instances:
        with place.add_instance(instance) as inside:
            _fill(inside, instance, imports, callbacks, resources, drops)
    _fill(place, "", imports, callbacks, resources, drops)


def drop_name(resource: str) -> str:
    """What letting go of a resource is called, as a function: `wasi:io/poll#[resource-drop]pollable`."""
    interface, _, name = resource.rpartition("/")
    return f"{interface}#[resource-drop]{name}"


class Drops:
    """What is to be done when the plugin lets go of a resource of the host."""

    def __init__(self, hosts: Mapping[str, Interface], callbacks: Callbacks) -> None:
        self._hosts = hosts
        self._callbacks = callbacks

    def of(self, resource: str) -> HostFunction | None:
        """The host's function for the resource with this name, `wasi:io/streams/pollable`."""
        interface, _, name = resource.rpartition("/")
        return self._hosts.get(interface, {}).get(f"[resource-drop]{name}")

    def dropper(self, resource: str) -> "Callable[[StoreContext, int], None]":
        """What the engine calls when one is dropped."""
        function = self.of(resource)
        call = HostCall(
            drop_name(resource),
            resource.rpartition("/")[0],
            f"[resource-drop]{resource.rpartition('/')[2]}",
            DROP_TYPE,
            function or _no_drop,
        )

        def dropped(_: "StoreContext", number: int) -> None:
            try:
                self._callbacks.border.call(call, (number,))
            except BaseException as raised:
                self._callbacks.raised = raised
                raise

        return dropped


def _fill(
    place: "LinkerInstance", instance: str, imports: Imports, callbacks: Callbacks, resources: Resources, drops: Drops
) -> None:
    for owner, name, resource in imports.resources:
        if owner == instance:
            place.add_resource(name, resources.hosts[resource], drops.dropper(resource))
    for imported in imports.functions:
        if imported.instance == instance:
            callbacks.add(place, imported)


def _nobody(name: str) -> HostFunction:
    def answer(*_: Value) -> Value:
        raise Trap(f"it calls `{name}`, which no host here offers")

    return answer


def _no_drop(number: Value) -> None:
    """Nothing is to be done."""


DROP_TYPE = Function((Named("handle", Primitive("u32")),), None)
"""Letting go of a resource, seen as a function."""
