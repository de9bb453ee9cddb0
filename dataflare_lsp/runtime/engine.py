"""The engine that compiles and runs components, as it is set up for this project."""

import os
import platform
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wasmtime import Engine


class Settings(NamedTuple):
    """What is compiled into a component. A component that was compiled with other settings cannot be loaded.

    `fuel`: instructions are counted, which costs time. That a call can be interrupted is always compiled in.
    """

    fuel: bool = False


DEFAULT_SETTINGS = Settings()


def engine_of(settings: Settings = DEFAULT_SETTINGS) -> "Engine":
    """A new engine. Only for processes that are there to compile or to run."""
    from wasmtime import Config, Engine

    # Backtraces have lines of source where a component carries them. The engine takes this from nowhere else.
    os.environ["WASMTIME_BACKTRACE_DETAILS"] = "1"
    config = Config()
    config.epoch_interruption = True
    config.consume_fuel = settings.fuel
    return Engine(config)


def engine_key(settings: Settings = DEFAULT_SETTINGS) -> str:
    """What a compiled component depends on besides its bytes, as the name of a folder."""
    from importlib.metadata import version

    target = f"{platform.machine() or 'unknown'}-{sys.platform}".lower()
    return f"wasmtime-{version('wasmtime')}-{target}-{'fuel' if settings.fuel else 'plain'}-lines"
