"""Whether a component starts, found in a process of its own that gives it nothing."""

from pathlib import Path

import pytest
from wasmtime import wat2wasm

from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.instantiation import DEFAULT_BUDGET, Budget, NotStarted, Started, instantiate
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Valid, validate


@pytest.fixture
def started(tmp_path: Path):
    tmp_path.chmod(0o700)

    def start(wat: str, budget: Budget = DEFAULT_BUDGET) -> Started | NotStarted | Undecided:
        path = tmp_path / "x.wasm"
        path.write_bytes(wat2wasm(wat))
        outcome = validate(str(path), Cache(str(tmp_path / "compiled")))
        assert isinstance(outcome, Valid)
        assert outcome.artefact is not None
        return instantiate(outcome.artefact, budget)

    return start


def module(body: str) -> str:
    """A component whose only module, which it starts, has this body."""
    return f"(component (core module $m {body}) (core instance (instantiate $m)))"


def test_one_that_starts(started):
    outcome = started(module("(memory 10)"))
    assert isinstance(outcome, Started)
    assert outcome.milliseconds > 0
    assert outcome.bytes >= 0


def test_a_trap_is_shown_with_its_frames(started):
    outcome = started(module("(func $inner unreachable) (func $go call $inner) (start $go)"))
    assert outcome == NotStarted("start", "wasm trap: wasm `unreachable` instruction executed", ("m!inner", "m!go"))


def test_one_that_never_comes_to_an_end(started):
    outcome = started(module("(func $go (loop br 0)) (start $go)"), Budget(seconds=0.2))
    assert outcome == NotStarted("start", "it took longer than 0.2 s", ("m!go",))


def test_more_memory_than_the_limit(started):
    outcome = started(module("(memory 100)"), Budget(memory=1 << 20))
    assert isinstance(outcome, NotStarted)
    assert outcome.reason == (
        "it wants more memory than the limit of 1,048,576 bytes: memory minimum size of 100 pages exceeds memory limits"
    )


def test_an_import_that_is_called_has_no_host(started):
    outcome = started("""
        (component
          (import "corp:base/log" (instance $i (export "write" (func))))
          (alias export $i "write" (func $f))
          (core func $lowered (canon lower (func $f)))
          (core module $m (import "" "write" (func $f)) (start $f))
          (core instance (instantiate $m (with "" (instance (export "write" (func $lowered)))))))
    """)
    assert isinstance(outcome, NotStarted)
    assert outcome.reason == "it calls the import `corp:base/log#write` while it starts, and there is no host here"


def test_resources_of_the_host_are_there(started):
    wat = """
        (component
          (import "corp:base/files" (instance $files (export "file" (type (sub resource)))))
          (alias export $files "file" (type $file))
          (import "corp:base/disk" (instance
            (alias outer 1 $file (type $inner))
            (export "file" (type (eq $inner)))
            (export "other" (type (sub resource)))
            (export "open" (func (result (own $inner)))))))
    """
    assert isinstance(started(wat), Started)


def test_wasi_has_nothing_to_give(started):
    """The environment of this process is not the component's."""
    outcome = started("""
        (component
          (import "wasi:cli/environment@0.2.0" (instance $env
            (export "get-environment" (func (result (list (tuple string string)))))))
          (core module $memory (memory (export "m") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8)))
          (core instance $memory (instantiate $memory))
          (alias export $env "get-environment" (func $f))
          (core func $lowered (canon lower (func $f)
            (memory (core memory $memory "m")) (realloc (core func $memory "realloc"))))
          (core module $main (import "" "f" (func $f (param i32))) (import "" "m" (memory 1))
            (func $go (call $f (i32.const 16)) (if (i32.load (i32.const 20)) (then unreachable)))
            (start $go))
          (core instance (instantiate $main (with "" (instance
            (export "f" (func $lowered)) (export "m" (memory $memory "m")))))))
    """)
    assert isinstance(outcome, Started)


def test_what_was_not_compiled_by_this_engine_is_refused(tmp_path: Path):
    (tmp_path / "x.cwasm").write_bytes(b"\x7fELF" + b"\0" * 100)
    outcome = instantiate(str(tmp_path / "x.cwasm"))
    assert isinstance(outcome, Undecided)
    assert outcome.reason.startswith("the compiled component cannot be loaded: ")
