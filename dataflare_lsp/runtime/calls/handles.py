"""Handles of resources: numbers here, pointers in the engine.

A resource of the host is known by the number that the host gave it. A resource of the plugin gets a number when it is
first seen, and is kept until it is dropped or given back.
"""

import ctypes
from collections.abc import Iterator

from dataflare_lsp.runtime.calls import capi
from dataflare_lsp.runtime.calls.shapes import Resources
from dataflare_lsp.runtime.limits import LimitHit
from dataflare_lsp.values.types import Handle

MAX_HANDLES = 100_000
"""Resources of the plugin that the host holds at once."""
_END = 1 << 32


class Handles:
    """The handles that are out, for one instance."""

    def __init__(self, resources: Resources, context: int) -> None:
        self._resources = resources
        self._context = context
        self._numbers: dict[str, int | None] = {}
        self._held: dict[int, tuple[str, int]] = {}
        self._next = 1
        self._lent: list[int] = []
        self._again: Iterator[int] = iter(())
        self._given: list[int] = []
        self.is_settled = True
        """Whether nothing is shown, or about to be."""
        self._cell = ctypes.c_void_p()
        self._place = ctypes.addressof(self._cell)

    def number(self, type: Handle, pointer: int) -> int:
        """The number of a handle that the engine shows at `pointer`."""
        if self._host(type) is not None:
            capi.require(capi.resource_any_to_host(self._context, pointer, self._place))
            host = self._cell.value
            number: int = capi.resource_host_rep(host)
            capi.resource_host_delete(host)
            return number
        if len(self._held) >= MAX_HANDLES:
            raise LimitHit("handles", f"it has given its host more than {MAX_HANDLES:,} handles of its resources")
        number = self._next
        self._next += 1
        self._held[number] = (type.resource, capi.resource_any_clone(pointer))
        return number

    def address(self, type: Handle, number: int) -> int:
        """A pointer for the engine to a handle; good until the next values are written. Raises `ValueError`."""
        self.is_settled = False
        resource = self._host(type)
        if resource is None:
            name, pointer = self._held.get(number, ("", 0))
            if name != type.resource:
                raise ValueError(f"there is no handle {number!r} of `{type.resource}`")
            if type.owned:
                self._given.append(number)
            return pointer
        lent = next(self._again, None)
        if lent is not None:
            return lent
        if not 0 <= number < _END:
            raise ValueError(f"{number!r} is no number of a handle")
        host = capi.resource_host_new(type.owned, number, resource)
        try:
            capi.require(capi.resource_host_to_any(self._context, host, self._place))
        finally:
            capi.resource_host_delete(host)
        made = self._cell.value
        assert made is not None
        self._lent.append(made)
        return made

    def again(self) -> None:
        """The same values are written once more, in the same order: the engine is to see each handle once."""
        self._again = iter(tuple(self._lent))
        self._given.clear()

    def settle(self) -> None:
        """The engine has taken what it was shown last: let go of that, and of what the engine owns now."""
        for number in self._given:
            _, pointer = self._held.pop(number, ("", 0))
            if pointer:
                capi.resource_any_delete(pointer)
        self.keep()

    def keep(self) -> None:
        """The engine was not shown it after all: what was to be given stays ours."""
        for pointer in self._lent:
            capi.resource_any_delete(pointer)
        self._lent.clear()
        self._given.clear()
        self._again = iter(())
        self.is_settled = True

    def close(self) -> None:
        """Nothing will be shown any more. Does not drop what the plugin has given out: its instance is gone."""
        self.keep()
        for _, pointer in self._held.values():
            capi.resource_any_delete(pointer)
        self._held.clear()

    def drop(self, number: int) -> int:
        """Drop a handle of the plugin's; gives the engine's error, or 0. May run the plugin."""
        self.settle()
        _, pointer = self._held.pop(number, ("", 0))
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
