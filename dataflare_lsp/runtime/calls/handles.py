"""Handles of resources: numbers here, pointers in the engine.

A resource of the host is known by the number that the host gave it. A resource of the plugin gets a number when it is
first seen, and is kept until it is dropped or given back.
"""

import ctypes

from dataflare_lsp.runtime.calls import capi
from dataflare_lsp.runtime.calls.shapes import Resources
from dataflare_lsp.values.types import Handle

MAX_HANDLES = 100_000
"""Resources of the plugin that the host holds at once."""


class Handles:
    """The handles that are out, for one instance."""

    def __init__(self, resources: Resources, context: int) -> None:
        self._resources = resources
        self._context = context
        self._numbers: dict[str, int | None] = {}
        self._held: dict[int, int] = {}
        self._next = 1
        self._lent: list[int] = []
        self._given: list[int] = []
        self._cell = ctypes.c_void_p()
        self._place = ctypes.addressof(self._cell)

    def number(self, type: Handle, pointer: int) -> int:
        """The number of a handle that the engine shows at `pointer`."""
        if self._host(type) is not None:
            self._require(capi.resource_any_to_host(self._context, pointer, self._place))
            host = self._cell.value
            number: int = capi.resource_host_rep(host)
            capi.resource_host_delete(host)
            return number
        if len(self._held) >= MAX_HANDLES:
            raise MemoryError(f"the plugin has given out more than {MAX_HANDLES:,} handles")
        number = self._next
        self._next += 1
        self._held[number] = capi.resource_any_clone(pointer)
        return number

    def address(self, type: Handle, number: int) -> int:
        """A pointer for the engine to a handle; good until `settle`."""
        resource = self._host(type)
        if resource is None:
            pointer = self._held.get(number)
            if pointer is None:
                raise ValueError(f"there is no handle {number} of `{type.resource}`")
            if type.owned:
                self._given.append(number)
            return pointer
        host = capi.resource_host_new(type.owned, number, resource)
        try:
            self._require(capi.resource_host_to_any(self._context, host, self._place))
        finally:
            capi.resource_host_delete(host)
        made = self._cell.value
        assert made is not None
        self._lent.append(made)
        return made

    def settle(self) -> None:
        """The engine has taken what it was shown: let go of it, and of what it owns now."""
        if self._lent:
            for pointer in self._lent:
                capi.resource_any_delete(pointer)
            self._lent.clear()
        if self._given:
            for number in self._given:
                pointer = self._held.pop(number, 0)
                if pointer:
                    capi.resource_any_delete(pointer)
            self._given.clear()

    def drop(self, number: int) -> int:
        """Drop a handle of the plugin's; gives the engine's error, or 0. May run the plugin."""
        pointer = self._held.pop(number, 0)
        if not pointer:
            return 0
        error: int | None = capi.resource_any_drop(self._context, pointer)
        capi.resource_any_delete(pointer)
        return error or 0

    def _host(self, type: Handle) -> int | None:
        try:
            return self._numbers[type.resource]
        except KeyError:
            number = self._numbers[type.resource] = self._resources.number(type.resource)
            return number

    @staticmethod
    def _require(error: int | None) -> None:
        if error:
            from wasmtime import WasmtimeError
            from wasmtime import _bindings as bindings

            raise WasmtimeError._from_ptr(ctypes.cast(error, ctypes.POINTER(bindings.wasmtime_error_t)))
