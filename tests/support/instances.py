"""Plugins that run in the test's own process, from text: for tests of calls, of recordings and of what stops a plugin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from wasmtime import Engine, wat2wasm
from wasmtime.component import Component

from dataflare_lsp.runtime.border import Border
from dataflare_lsp.runtime.engine import Settings, engine_of
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.instance import Loaded, Plugin
from dataflare_lsp.runtime.limits import CallLimits, Clock

LIMITS = CallLimits(seconds=30.0, memory=64 << 20)


@lru_cache
def engine(settings: Settings = Settings()) -> Engine:  # noqa: B008 (it is frozen)
    """The one engine of this process with these settings."""
    return engine_of(settings)


@lru_cache(maxsize=2)
def loaded(text: str | bytes, settings: Settings = Settings()) -> Loaded:  # noqa: B008
    """A component from its text or its bytes."""
    binary = wat2wasm(text) if isinstance(text, str) else text
    return Loaded(engine(settings), Component(engine(settings), binary), settings)


@contextmanager
def running(
    component: Loaded, hosts: Mapping[str, Interface], border: Border | None = None, limits: CallLimits = LIMITS
) -> Iterator[Plugin]:
    """A started instance, let go at the end."""
    plugin = Plugin(component, hosts, limits, border or Border(), Clock())
    plugin.start()
    try:
        yield plugin
    finally:
        plugin.close()
