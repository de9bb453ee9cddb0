"""What the interfaces of WASI share: the plugin's resources by their handles, and how functions answer and refuse."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import ClassVar, Final, ParamSpec, TypeVar

from dataflare_lsp.runtime.host.surroundings import Denied, HostFunction, Surroundings, Trap
from dataflare_lsp.values.types import Case, Value

MAX_HANDLES: Final = 10_000
"""Handles that a plugin may hold at a time. An honest one holds a few dozen."""

MAX_CHUNK: Final = 64 << 10
"""Bytes that one call reads or writes at most, where WASI lets the host choose."""

_NUMBERS: Final = (1 << 31) - 1
"""Handles are numbered up to this, and from 1 again."""

P = ParamSpec("P")


class Refusal(Exception):
    """The function answers with an error; `value` is that of its `err`."""

    def __init__(self, value: Value = None) -> None:
        super().__init__(value)
        self.value = value


def fallible(function: Callable[P, Value]) -> Callable[P, Value]:
    """The function with a `result` for its answer: `ok` with what it gives, `err` with the `Refusal` that it raises."""

    @wraps(function)
    def answer(*arguments: P.args, **named: P.kwargs) -> Value:
        try:
            return Case("ok", function(*arguments, **named))
        except Refusal as refusal:
            return Case("err", refusal.value)

    return answer


def some(value: Value) -> Case:
    """The value of an option that has one."""
    return Case("some", value)


class Resource:
    """What a handle stands for. The public functions of a subclass are the resource's methods in WIT.

    `most`: how many of the kind a plugin may hold, fewer where each can take much memory.
    """

    most: ClassVar[int] = MAX_HANDLES

    def dropped(self) -> None:
        """The plugin has given up the handle."""


Some = TypeVar("Some", bound=Resource)


class Host:
    """One plugin: its surroundings, and its resources by their handles."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings: Final = surroundings
        self._resources: dict[int, Resource] = {}
        self._held: Counter[type[Resource]] = Counter()
        self._last = 0
        self.begin()

    def begin(self) -> None:
        """An instance starts: it has no resources yet, and its time begins."""
        while self._resources:
            self._resources.popitem()[1].dropped()
        self._held.clear()
        self.start = self.surroundings.monotonic()
        """Nanoseconds of the surroundings' clock at which the instance began."""
        self.random_bytes = 0
        """How many it was given."""

    def add(self, resource: Resource) -> int:
        """A new handle of a resource. It stays the only one with its number for a very long time."""
        kind = type(resource)
        if len(self._resources) >= MAX_HANDLES:
            full = f"{MAX_HANDLES:,} handles of WASI's resources"
        elif self._held[kind] >= kind.most:
            full = f"{kind.most:,} handles of WASI's `{kind.__name__}`"
        else:
            full = ""
        if full:
            resource.dropped()
            from dataflare_lsp.runtime.limits import LimitHit  # which loads the engine

            raise LimitHit("handles", f"it holds {full} and asks for another")
        self._last = self._last % _NUMBERS + 1
        while self._last in self._resources:
            self._last = self._last % _NUMBERS + 1
        self._resources[self._last] = resource
        self._held[kind] += 1
        return self._last

    def get(self, handle: int, kind: type[Some]) -> Some:
        """The resource of a handle. That the plugin has such a handle is the engine's matter; this holds it to it."""
        resource = self._resources.get(handle)
        if not isinstance(resource, kind):
            raise Trap(f"the handle {handle} stands for no {kind.__name__}")
        return resource

    def take(self, handle: int, kind: type[Some]) -> Some:
        """The resource of a handle that the plugin gives away."""
        resource = self.get(handle, kind)
        del self._resources[handle]
        self._held[type(resource)] -= 1
        return resource

    def is_granted(self, package: str) -> bool:
        """Whether the manifest grants a package of WASI, such as `clocks`."""
        return package in self.surroundings.grants.wasi

    def denied(self, function: str, grant: str) -> None:
        """Tell that `function` is about to answer with an error, for want of `grant`."""
        self.surroundings.denied(function, grant)

    def require(self, package: str, function: str) -> None:
        """Raise `Denied` unless a package is granted: for functions that have no way of saying no."""
        if not self.is_granted(package):
            raise Denied(function, grant_of(package))

    def resource(self, name: str, kind: type[Resource]) -> dict[str, HostFunction]:
        """The methods of a resource, and its end, by the names that components have for them."""
        found: dict[str, HostFunction] = {f"[resource-drop]{name}": self._drop}
        for attribute, function in vars(kind).items():
            if isfunction(function) and not attribute.startswith("_") and attribute != "dropped":
                found[f"[method]{name}.{attribute.replace('_', '-')}"] = self._method(kind, function)
        return found

    def absent(self, name: str, functions: str) -> dict[str, HostFunction]:
        """A resource that nobody can have here: its methods, by their names, which are never called."""

        def nobody(*_: Value) -> Value:
            raise Trap(f"there is no `{name}` here")

        return {f"[method]{name}.{function}": nobody for function in functions.split()} | {
            f"[resource-drop]{name}": nobody
        }

    def _method(self, kind: type[Resource], function: HostFunction) -> HostFunction:
        def call(handle: int, *arguments: Value) -> Value:
            return function(self.get(handle, kind), *arguments)

        return call

    def _drop(self, handle: int) -> None:
        self.take(handle, Resource).dropped()


def grant_of(package: str) -> str:
    """What a manifest says that grants a package of WASI."""
    return f'capabilities.wasi: "{package}"'
