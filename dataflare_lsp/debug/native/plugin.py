"""A plugin's module, run as Python, in the place of its component."""

import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from dataflare_lsp.debug.expressions import snake
from dataflare_lsp.debug.native.conversion import (
    Bindings,
    Mismatch,
    answered,
    from_python,
    hints_of,
    returned,
    to_python,
)
from dataflare_lsp.runtime.border import Border, Entry, Failure, HostCall, Outcome, Returned
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.instance import Loaded, NotStarted, Plugin
from dataflare_lsp.runtime.limits import CallLimits, Clock, refusal
from dataflare_lsp.values.types import Function, Value

_WORLD = "wit_world"


class NativePlugin(Plugin):
    """The functions are those of the component, which is loaded for its types; what they do is the module's.

    What the module imports of its world's interfaces is answered across the border, as the component's imports are.
    WASI is not: Python itself asks the system.
    """

    def __init__(
        self,
        loaded: Loaded,
        hosts: Mapping[str, Interface],
        limits: CallLimits,
        border: Border,
        clock: Clock,
        module: str,
        folders: tuple[str, ...],
    ) -> None:
        super().__init__(loaded, hosts, limits, border, clock)
        self._module_name = module
        self._folders = folders
        self._targets: dict[str, tuple[Entry, Callable[..., object]]] = {}
        self._bindings: Bindings

    def start(self) -> None:
        """Import the module, and make its objects. Raises NotStarted."""
        self.border.started()
        try:
            if self._targets:
                # What the module keeps is kept; as a new instance it begins anew.
                for name in [name for name, of in sys.modules.items() if _is_in(of, self._folders)]:
                    del sys.modules[name]
            else:
                sys.path[:0] = [folder for folder in self._folders if folder not in sys.path]
            self._bindings = Bindings(import_module("componentize_py_types"))
            self._serve()
            module = import_module(self._module_name)
            self._targets = {name: self._target(module, name, shape) for name, shape in self.exports.items()
                             if not _is_of_toolchain(name)}  # fmt: skip
        except Exception as error:
            failure = Failure("trap", f"`{self._module_name}` cannot be imported: {_said(error)}", _frames(error))
            self.border.not_started(failure)
            raise NotStarted(failure) from error

    def close(self) -> None:
        """There is nothing to let go."""

    def look(self) -> None:
        """Python has no place where it could be asked to wait; its own debugger pauses it."""

    def call(self, name: str, arguments: tuple[Value, ...]) -> Outcome:
        """Call a function of the module."""
        entry, target = self._targets[name]
        arguments = self.border.enter(entry, arguments)
        hints, result = hints_of(target)
        bindings = self._bindings
        outcome: Outcome
        try:
            given = [
                to_python(value, parameter.type, hint, bindings)
                for value, parameter, hint in zip(arguments, entry.type.parameters, hints, strict=True)
                if parameter.type is not None
            ]
            outcome = Returned(returned(lambda: target(*given), entry.type, result, bindings))
        except _HostRefused as refused:
            outcome = refused.failure._replace(backtrace=_frames(refused))
        except Mismatch as error:
            outcome = Failure("trap", str(error), _frames(error))
        except Exception as error:
            outcome = Failure("trap", _said(error), _frames(error))
        self.border.leave(entry, outcome)
        return outcome

    def _serve(self) -> None:
        """Put the host in the place of what the bindings leave to the component's."""
        for imported in self._imports.functions:
            if imported.interface.startswith("wasi:"):
                continue
            module = _import_of(imported.instance)
            function = getattr(module, snake(imported.function), None) if module is not None else None
            if module is not None and function is not None:
                setattr(module, snake(imported.function), self._served(imported.call(self._resources), function))

    def _served(self, call: HostCall, declared: Callable[..., object]) -> Callable[..., object]:
        hints, result = hints_of(declared)
        bindings = self._bindings

        def served(*given: object) -> object:
            arguments = tuple(
                [
                    from_python(one, parameter.type, hint, bindings, f"`{parameter.name}`")
                    for one, parameter, hint in zip(given, call.type.parameters, hints, strict=True)
                    if parameter.type is not None
                ]
            )
            try:
                value = self.border.call(call, arguments)
            except Exception as error:
                raise _HostRefused(refusal(error)) from error
            return answered(value, call.type, result, bindings)

        served.__name__, served.__doc__ = declared.__name__, declared.__doc__
        return served

    def _target(self, module: ModuleType, name: str, type: Function) -> tuple[Entry, Callable[..., object]]:
        interface, _, function = name.rpartition("#")
        owner = _camel(interface.partition("@")[0].rpartition("/")[2]) if interface else "WitWorld"
        made = getattr(module, owner, None)
        if made is None:
            raise ImportError(f"it has no class `{owner}`, which `{interface or 'the world'}` wants")
        target = getattr(made(), snake(function), None)
        if not callable(target):
            raise ImportError(f"its class `{owner}` has no method `{snake(function)}`")
        declared = getattr(_declared(owner), snake(function), None)
        if declared is not None:
            # The annotations that count are those of the bindings: the author's may be fewer.
            return Entry(name, type), _Typed(target, declared)
        return Entry(name, type), target


class _Typed:
    """A method with the annotations of the one that it stands for."""

    def __init__(self, method: Callable[..., object], declared: Callable[..., object]) -> None:
        self._method = method
        self.__annotations__ = dict(declared.__annotations__)
        self.__module__ = declared.__module__
        self.__wrapped__ = declared

    def __call__(self, *given: object) -> object:
        return self._method(*given)


class _HostRefused(BaseException):
    """The host has ended the plugin's call. No handler of the plugin is to stop it, as none could in a component."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def _declared(owner: str) -> type | None:
    for place in (f"{_WORLD}.exports", _WORLD):
        try:
            found = getattr(import_module(place), owner, None)
        except ImportError:
            continue
        if isinstance(found, type):
            return found
    return None


def _import_of(instance: str) -> ModuleType | None:
    """The module of the bindings for an imported interface, or for the functions that a world imports by themselves."""
    label = instance.partition("@")[0].rpartition("/")[2]
    try:
        return import_module(f"{_WORLD}.imports.{snake(label)}" if label else _WORLD)
    except ImportError:
        return None


def _is_of_toolchain(name: str) -> bool:
    """componentize-py adds an interface `exports` of its own."""
    return name.startswith("exports#")


def _is_in(module: object, folders: tuple[str, ...]) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and any(PurePath(folder) in PurePath(file).parents for folder in folders)


def _said(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _frames(error: BaseException) -> tuple[str, ...]:
    """Where it was raised, the innermost first, without what is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    here = str(PurePath(__file__).parents[2])
    return tuple(
        f"{frame.name} at {frame.filename}:{frame.lineno}" for frame in reversed(frames)
        if not frame.filename.startswith(here)
    )  # fmt: skip


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))
