"""The engine that compiles and runs components, as it is set up for this project."""

import os
import platform
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wasmtime import Engine
    from wasmtime.component import Component


class Settings(NamedTuple):
    """What is compiled into a component. A component that was compiled with other settings cannot be loaded.

    `fuel`: instructions are counted, which costs time. That a call can be interrupted is always compiled in.
    """

    fuel: bool = False


DEFAULT_SETTINGS = Settings()

_NEEDS_CONCURRENCY = "the component model async feature"
"""What the engine says of a component that only a concurrent one takes."""


def engine_of(settings: Settings = DEFAULT_SETTINGS, is_concurrent: bool = False) -> "Engine":
    """A new engine. Only for processes that are there to compile or to run.

    `is_concurrent`: it takes components with component-model async in them. Then wasmtime 50 ends every call of a host
    that is lent two handles at once ("deferred host scope has no call context"), such as a poll of two things.
    """
    from wasmtime import Config, Engine
    from wasmtime import _bindings as bindings

    # Backtraces have lines of source where a component carries them. The engine takes this from nowhere else.
    os.environ["WASMTIME_BACKTRACE_DETAILS"] = "1"
    config = Config()
    config.epoch_interruption = True
    config.consume_fuel = settings.fuel
    bindings.wasmtime_config_concurrency_support_set(config.ptr(), is_concurrent)
    return Engine(config)


def compiled(component: bytes, settings: Settings) -> bytes:
    """What `loaded` takes, made of a component, or of its text. Raises `WasmtimeError` for what is not valid."""
    from wasmtime import WasmtimeError
    from wasmtime.component import Component

    try:
        return bytes(Component(engine_of(settings), component).serialize())
    except WasmtimeError as error:
        if _NEEDS_CONCURRENCY not in str(error):
            raise
    return bytes(Component(engine_of(settings, is_concurrent=True), component).serialize())


def loaded(artefact: str, settings: Settings = DEFAULT_SETTINGS) -> "tuple[Engine, Component]":
    """What was compiled into a file, and an engine that runs it. Raises `WasmtimeError`."""
    from wasmtime import WasmtimeError
    from wasmtime.component import Component

    engine = engine_of(settings)
    try:
        return engine, Component.deserialize_file(engine, artefact)
    except WasmtimeError as error:
        refused = error
    engine = engine_of(settings, is_concurrent=True)
    try:
        return engine, Component.deserialize_file(engine, artefact)
    except WasmtimeError:
        raise refused from None


def engine_key(settings: Settings = DEFAULT_SETTINGS) -> str:
    """What a compiled component depends on besides its bytes, as the name of a folder."""
    from importlib.metadata import version

    target = f"{platform.machine() or 'unknown'}-{sys.platform}".lower()
    return f"wasmtime-{version('wasmtime')}-{target}-{'fuel' if settings.fuel else 'plain'}-lines-serial"
