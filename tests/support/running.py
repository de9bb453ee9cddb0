"""A plugin for `dataflare:core` that runs in this process, with the host's interfaces: for tests that call it."""

from collections.abc import Callable
from typing import NamedTuple

from dataflare_lsp.runtime.engine import loaded


class DataRecord(NamedTuple):
    """`dataflare:core/types.data-record`."""

    id: str
    timestamp: int
    payload: bytes
    metadata: list[tuple[str, str]]


class Processor(NamedTuple):
    """A data processor that was started: `process` gives the record that it hands on, or None where it skips it.

    `logged` has the level and the text of each message, as they come.
    """

    process: Callable[[DataRecord], DataRecord | None]
    logged: list[tuple[str, str]]


def start(artefact: str) -> Processor:
    """Start the component that was compiled to `artefact`, without any authority."""
    from wasmtime import Store, WasiConfig
    from wasmtime.component import Linker, Record

    engine, component = loaded(artefact)
    store = Store(engine)
    store.set_wasi(WasiConfig())
    store.set_epoch_deadline(1)
    linker = Linker(engine)
    linker.add_wasip2()
    linker.add_wasi_http()
    logged: list[tuple[str, str]] = []
    functions = {
        "logging": {"log": lambda _, level, message: logged.append((level, message))},
        "metrics": {"increment-counter": lambda *_: None, "record-histogram": lambda *_: None},
        "configuration": {"get": lambda *_: None, "all": lambda *_: []},
    }
    with linker.root() as root:
        for interface, members in functions.items():
            with root.add_instance(f"dataflare:core/{interface}@1.0.0") as instance:
                for name, function in members.items():
                    instance.add_func(name, function)
    started = linker.instantiate(store, component)
    exported = started.get_export_index(store, "dataflare:core/data-processor@1.0.0")
    function = started.get_func(store, started.get_export_index(store, "process", exported))
    assert function is not None

    def process(given: DataRecord) -> DataRecord | None:
        argument = Record()
        argument.__dict__.update(given._asdict())
        answer = function(store, argument)
        function.post_return(store)
        return DataRecord(*[getattr(answer, field) for field in DataRecord._fields]) if answer is not None else None

    return Processor(process, logged)
