"""The engine: what was compiled is loaded again by one that runs it."""

from pathlib import Path

import pytest
from wasmtime import Store, WasmtimeError
from wasmtime.component import Linker, ResourceHost, ResourceType

from dataflare_lsp.runtime.engine import Settings, compiled, loaded

LENDS_TWO = """
(component
    (import "host" (instance $host
        (export "thing" (type $thing (sub resource)))
        (export "make" (func (result (own $thing))))
        (export "lend" (func (param "a" (borrow $thing)) (param "b" (borrow $thing))))))
    (alias export $host "thing" (type $thing))
    (core func $make (canon lower (func $host "make")))
    (core func $lend (canon lower (func $host "lend")))
    (core module $m
        (import "host" "make" (func $make (result i32)))
        (import "host" "lend" (func $lend (param i32 i32)))
        (func (export "run") (call $lend (call $make) (call $make))))
    (core instance $i (instantiate $m
        (with "host" (instance (export "make" (func $make)) (export "lend" (func $lend))))))
    (func (export "run") (canon lift (core func $i "run"))))
"""


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    return tmp_path / "compiled"


def test_a_host_can_be_lent_two_handles(artefact: Path):
    artefact.write_bytes(compiled(LENDS_TWO.encode(), Settings()))
    engine, component = loaded(str(artefact))
    store, linker = Store(engine), Linker(engine)
    store.set_epoch_deadline(1)
    numbers, lent = iter((7, 8)), []
    with linker.root() as root, root.add_instance("host") as host:
        host.add_resource("thing", ResourceType.host(0), lambda *_: None)
        host.add_func("make", lambda _: ResourceHost.own(next(numbers), 0))
        host.add_func("lend", lambda store, *handles: lent.append([handle.to_host(store).rep for handle in handles]))
    instance = linker.instantiate(store, component)
    run = instance.get_func(store, "run")
    assert run is not None
    run(store)
    assert lent == [[7, 8]]


@pytest.mark.parametrize("settings", [Settings(), Settings(fuel=True)])
def test_a_component_with_async_in_it_is_loaded_too(artefact: Path, settings: Settings):
    artefact.write_bytes(compiled(b'(component (import "later" (func async (result u32))))', settings))
    engine, component = loaded(str(artefact), settings)
    assert list(component.type.imports(engine)) == ["later"]


def test_what_was_compiled_with_other_settings_is_refused(artefact: Path):
    artefact.write_bytes(compiled(b"(component)", Settings(fuel=True)))
    with pytest.raises(WasmtimeError, match="fuel"):
        loaded(str(artefact))


def test_what_is_not_valid_is_refused():
    with pytest.raises(WasmtimeError, match="unknown"):
        compiled(b'(component (export "x" (func 0)))', Settings())
