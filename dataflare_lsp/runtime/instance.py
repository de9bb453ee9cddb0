"""A component in this process: loaded, started, called."""

import ctypes
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.runtime.border import Border, Entry, Failure, Outcome, Returned, interface_name
from dataflare_lsp.runtime.calls import capi
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.runtime.calls.lifting import Lifting
from dataflare_lsp.runtime.calls.lowering import Lowering, NotLowered
from dataflare_lsp.runtime.calls.shapes import Resources, function_shape
from dataflare_lsp.runtime.engine import Settings, loaded
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.limits import CallLimits, Clock, LimitHit, Timekeeper, failure_of
from dataflare_lsp.runtime.linking import (
    DROP_TYPE,
    Callbacks,
    Drops,
    define,
    drop_name,
    imports_of,
)
from dataflare_lsp.runtime.memory import linear_memory
from dataflare_lsp.values.types import Function, Value

if TYPE_CHECKING:
    from wasmtime import Engine
    from wasmtime.component import Component, ExportIndex, Func, Instance


_call = capi.func_call


class Loaded(NamedTuple):
    """A compiled component, and the engine that it is for."""

    engine: "Engine"
    component: "Component"
    settings: Settings


class NotStarted(Exception):
    """A component cannot be loaded or does not start; carries the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def load(artefact: str, settings: Settings) -> Loaded:
    """A component that was compiled to a file, as `validation.validate` gives it. Raises NotStarted."""
    from wasmtime import WasmtimeError

    try:
        return Loaded(*loaded(artefact, settings), settings)
    except WasmtimeError as error:
        raise NotStarted(Failure("host", f"the compiled component cannot be loaded: {error}")) from error


class _Export(NamedTuple):
    place: "ExportIndex"
    type: Function


class Plugin:
    """One instance of a component. Not to be used by two threads, nor again after a failure (but for `start`).

    `exports` are the functions that can be called, by name: `dataflare:core/data-processor@1.0.0#process`.
    """

    def __init__(
        self, loaded: Loaded, hosts: Mapping[str, Interface], limits: CallLimits, border: Border, clock: Clock
    ) -> None:
        self.loaded = loaded
        self.limits = limits
        self.border = border
        self.clock = clock
        self._resources = Resources()
        self._imports = imports_of(loaded.component, loaded.engine, self._resources, hosts)
        self._exports = self._exported()
        self.exports: dict[str, Function] = {name: export.type for name, export in self._exports.items()}
        self.timekeeper: Timekeeper
        """That of the instance that runs, or is about to."""
        self._hosts = hosts
        self._running: _Running | None = None

    def imports(self) -> dict[str, Function]:
        """The functions that the plugin can call, by name, with their types."""
        drops = {drop_name(resource): DROP_TYPE for _, _, resource in self._imports.resources}
        return {one.name: function_shape(one.type, self._resources) for one in self._imports.functions} | drops

    def start(self) -> None:
        """Make a new instance; the one before is let go. Raises NotStarted."""
        self.close()
        self.border.started()
        try:
            self._running = _Running(self)
        except NotStarted as error:
            self.border.not_started(error.failure)
            raise

    def close(self) -> None:
        """Let go of the instance."""
        if self._running is not None:
            self._running.close()
            self._running = None

    @property
    def running(self) -> "_Running":
        """The instance. Only after `start`."""
        assert self._running is not None
        return self._running

    def look(self) -> None:
        """For hosts that wait: raises what ends the call, if something is to."""
        self.timekeeper.look()

    def call(self, name: str, arguments: tuple[Value, ...]) -> Outcome:
        """Call an exported function. Raises `NotLowered` when an argument is not of its type."""
        return self.running.call(name, arguments)

    def _exported(self) -> dict[str, _Export]:
        from wasmtime.component import ComponentInstanceType, FuncType, ResourceType

        component, engine = self.loaded.component, self.loaded.engine
        exported = [(name, extern.ty) for name, extern in component.type.exports(engine).items()]
        for name, item in exported:
            if isinstance(item, ResourceType):
                self._resources.add(item, name, is_imported=False)
        found: dict[str, _Export] = {}
        for name, item in exported:
            index = component.get_export_index(name)
            if isinstance(item, FuncType) and index is not None:
                found[name] = _Export(index, function_shape(item, self._resources))
            elif isinstance(item, ComponentInstanceType) and index is not None:
                inner_items = {inner: extern.ty for inner, extern in item.exports(engine).items()}
                for inner, inside in inner_items.items():
                    if isinstance(inside, ResourceType):
                        self._resources.add(inside, f"{interface_name(name)}/{inner}", is_imported=False)
                for inner, inside in inner_items.items():
                    place = component.get_export_index(inner, index)
                    if isinstance(inside, FuncType) and place is not None:
                        found[f"{name}#{inner}"] = _Export(place, function_shape(inside, self._resources))
        return found


class _Running:
    """What lives as long as one instance: a store, plans, handles, and functions that were called."""

    def __init__(self, plugin: Plugin) -> None:
        from wasmtime import Store, WasmtimeError
        from wasmtime.component import Linker

        self._plugin = plugin
        limits = plugin.limits
        engine = plugin.loaded.engine
        self.store = Store(engine)
        if limits.memory is not None:
            self.store.set_limits(memory_size=limits.memory)
        self._context = ctypes.cast(self.store._context(), ctypes.c_void_p).value or 0
        self.handles = Handles(plugin._resources, self._context)
        self._lifting = Lifting(self.handles)
        self._lowering = Lowering(self.handles)
        self.timekeeper = plugin.timekeeper = Timekeeper(engine, self.store, limits, plugin.clock)
        self.timekeeper.pause = plugin.border.pause
        self._callbacks = Callbacks(plugin.border, plugin._resources, self._lifting, self._lowering, self.handles)
        self._functions: dict[str, _Function] = {}
        self._border = plugin.border
        # The plain border has nothing to say at these two moments.
        self._is_watched = type(plugin.border) is not Border
        self._has_fuel = limits.fuel is not None
        linker = Linker(engine)
        drops = Drops(plugin._hosts, self._callbacks)
        self._fuel()
        try:
            with linker.root() as root:
                define(root, plugin._imports, self._callbacks, plugin._resources, drops)
            self._instance: Instance = linker.instantiate(self.store, plugin.loaded.component)
        except WasmtimeError as error:
            self.timekeeper.close()
            raise NotStarted(self._failure(str(error))) from error
        self._linker = linker

    def close(self) -> None:
        self.timekeeper.close()
        for function in self._functions.values():
            function.close()
        self._functions.clear()
        self.handles.close()

    def call(self, name: str, arguments: tuple[Value, ...]) -> Outcome:
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._function(name)
        if self._is_watched:
            arguments = self._border.enter(function.entry, arguments)
        try:
            address = function.lower(arguments)
        except NotLowered as refused:
            if self._is_watched:
                self._border.leave(function.entry, unfit(refused))
            raise
        if self._has_fuel:
            self._fuel()
        self.timekeeper.deadline = None
        error = _call(function.address, self._context, address, function.count, function.result, function.results)
        outcome: Outcome
        if error:
            outcome = self._failure(capi.message_of(error))
        else:
            try:
                outcome = Returned(*function.lift(function.result))
            except LimitHit as raised:
                outcome = failure_of("", raised, self._plugin.limits, None)
        if self._is_watched:
            self._border.leave(function.entry, outcome)
        return outcome

    def _function(self, name: str) -> "_Function":
        export = self._plugin._exports[name]
        func = self._instance.get_func(self.store, export.place)
        assert func is not None
        return _Function(Entry(name, export.type), func, self._lowering, self._lifting)

    def _fuel(self) -> None:
        fuel = self._plugin.limits.fuel
        if fuel is not None:
            self.store.set_fuel(fuel)

    def _failure(self, message: str) -> Failure:
        raised = self.timekeeper.raised or self._callbacks.raised
        self.timekeeper.raised = self._callbacks.raised = None
        if raised is not None and not isinstance(raised, Exception):
            raise raised
        return failure_of(message, raised, self._plugin.limits, linear_memory())


class _Function:
    """An exported function with its plans, and the place for its result, which the engine empties and fills."""

    def __init__(self, entry: Entry, func: "Func", lowering: Lowering, lifting: Lifting) -> None:
        self.entry = entry
        self._func = func
        self.address = ctypes.addressof(func._func)
        self.count = len(entry.type.parameters)
        self.lower = lowering.arguments(entry.type.parameters)
        result = entry.type.result
        self.lift = (lambda _: (None,)) if result is None else lifting.row([result])
        self.results = 0 if result is None else 1
        self._place = ctypes.create_string_buffer(capi.VALUE_SIZE)
        self.result = ctypes.addressof(self._place)

    def close(self) -> None:
        capi.val_delete(self.result)


def unfit(error: NotLowered) -> Failure:
    """What a call fails of whose arguments are not of their types. The plugin has not seen it."""
    return Failure("host", f"an argument is not of its type: {error}")


__all__ = ["Loaded", "NotLowered", "NotStarted", "Plugin", "load", "unfit"]
