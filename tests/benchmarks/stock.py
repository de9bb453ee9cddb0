"""The peer of the runtime: the engine's own Python interface, and its C function alone, on the same component."""

import ctypes
from collections.abc import Callable

from support.passing import PROCESS
from support.stock import FOREVER
from wasmtime import Engine, Store
from wasmtime.component import Component, Func, Instance, Linker, Record

from dataflare_lsp.runtime.calls import capi
from dataflare_lsp.runtime.calls.handles import Handles
from dataflare_lsp.runtime.calls.lowering import Lowering
from dataflare_lsp.runtime.calls.shapes import Resources
from dataflare_lsp.values.types import Function, Value


class Stock:
    """A component of records that are handed on, in a store of its own."""

    def __init__(self, engine: Engine, component: Component) -> None:
        self.store = Store(engine)
        self.store.set_epoch_deadline(FOREVER)
        linker = Linker(engine)
        self.instance = linker.instantiate(self.store, component)
        self.function = function_of(self.instance, self.store, PROCESS)

    def caller(self, record: tuple[Value, ...]) -> Callable[[], object]:
        """A call with this record, by the engine's Python interface."""
        given = Record()
        given.__dict__.update(zip(("id", "timestamp", "payload"), record, strict=False), metadata=list(record[3]))  # type: ignore[call-overload]
        function, store = self.function, self.store

        def call() -> object:
            answer = function(store, given)
            function.post_return(store)
            return answer

        return call

    def bare(self, record: tuple[Value, ...], type: Function) -> Callable[[], object]:
        """A call with this record, laid out beforehand, by the engine's C function; nobody reads the result."""
        context = ctypes.cast(self.store._context(), ctypes.c_void_p).value or 0
        lowering = Lowering(Handles(Resources(), context))
        arguments = lowering.arguments(type.parameters)((record,))
        result = ctypes.create_string_buffer(capi.VALUE_SIZE)
        function, place = ctypes.addressof(self.function._func), ctypes.addressof(result)

        def call(kept: object = (lowering, result)) -> object:
            error = capi.func_call(function, context, arguments, 1, place, 1)
            assert not error
            return None

        return call


def function_of(instance: Instance, store: Store, name: str) -> Func:
    """An exported function by its name, `interface#function`."""
    interface, _, function = name.partition("#")
    place = instance.get_export_index(store, function, instance.get_export_index(store, interface))
    assert place is not None
    found = instance.get_func(store, place)
    assert found is not None
    return found
