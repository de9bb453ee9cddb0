"""Whether a component is valid, found in a process of its own."""

import os
import sys
from pathlib import Path

import pytest
from wasmtime import wat2wasm
from wasmtime.component import Component

from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.engine import Settings, engine_of
from dataflare_lsp.runtime.process import Limits, Undecided
from dataflare_lsp.runtime.validation import Invalid, Valid, validate

GOOD = """
(component
  (core module $m (func (export "f") (result i32) i32.const 1))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
"""
BAD = GOOD.replace("i32.const", "i64.const")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    tmp_path.chmod(0o700)
    return Cache(str(tmp_path / "compiled"))


@pytest.fixture
def wasm(tmp_path: Path):
    def written(wat: str) -> str:
        path = tmp_path / "x.wasm"
        path.write_bytes(wat2wasm(wat))
        return str(path)

    return written


def test_a_valid_component_is_compiled_once_and_can_be_loaded(cache: Cache, wasm):
    path = wasm(GOOD)
    first = validate(path, cache)
    assert isinstance(first, Valid)
    assert first.artefact is not None
    assert first.milliseconds is not None
    assert validate(path, cache) == first
    Component.deserialize_file(engine_of(), first.artefact)


def test_other_settings_are_compiled_by_themselves(cache: Cache, wasm):
    path = wasm(GOOD)
    plain, fuel = validate(path, cache), validate(path, cache, Settings(fuel=True))
    assert isinstance(plain, Valid)
    assert isinstance(fuel, Valid)
    assert plain.artefact != fuel.artefact
    assert fuel.artefact is not None
    Component.deserialize_file(engine_of(Settings(fuel=True)), fuel.artefact)


def test_an_invalid_one_says_why_and_where_and_is_not_compiled_again(
    cache: Cache, wasm, monkeypatch: pytest.MonkeyPatch
):
    path = wasm(BAD)
    body = Path(path).read_bytes().index(bytes([0x42, 1, 0x0B]))
    expected = Invalid("type mismatch: expected i32, found i64", body + 2)
    assert validate(path, cache) == expected
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert validate(path, cache) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not WebAssembly"),
        (b"(component)", "it is not WebAssembly"),
        (b"\0asm\1\0\0\0", "it is a core module, not a component"),
    ],
)
def test_what_is_no_component_is_not_compiled(cache: Cache, tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "x.wasm"
    path.write_bytes(content)
    assert validate(str(path), cache) == Invalid(message, 0)
    assert cache.entries() == []


def test_a_truncated_one_names_the_byte(cache: Cache, wasm):
    path = Path(wasm(GOOD))
    path.write_bytes(path.read_bytes()[:-5])
    outcome = validate(str(path), cache)
    assert isinstance(outcome, Invalid)
    assert outcome.message == "unexpected end-of-file"
    assert outcome.offset is not None


def test_where_nothing_can_be_kept_it_is_judged_all_the_same(tmp_path: Path, wasm):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(str(tmp_path / "file" / "compiled"))
    outcome = validate(wasm(GOOD), cache)
    assert isinstance(outcome, Valid)
    assert outcome.artefact is None
    assert validate(wasm(BAD), cache) == Invalid("type mismatch: expected i32, found i64", 43)


def test_a_cache_that_others_could_write_is_not_used(cache: Cache, wasm):
    if sys.platform == "win32":
        pytest.skip("modes are those of POSIX")
    path = wasm(GOOD)
    validate(path, cache)
    os.chmod(cache.folder, 0o777)
    outcome = validate(path, cache)
    assert isinstance(outcome, Valid)
    assert outcome.milliseconds is not None  # it was compiled again


def test_time_is_limited(cache: Cache, wasm):
    assert validate(wasm(GOOD), cache, limits=Limits(seconds=0.0)) == Undecided("it took longer than 0 s")
    assert cache.entries() == []


def test_nobody_waits(cache: Cache, wasm):
    assert validate(wasm(GOOD), cache, is_wanted=lambda: False) == Undecided("nobody waits for it")


def test_size_is_limited(cache: Cache, wasm):
    outcome = validate(wasm(GOOD), cache, limits=Limits(size=100))
    assert isinstance(outcome, Undecided)
    assert outcome.reason.endswith("and no more than 100 are compiled")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_memory_is_limited(cache: Cache, wasm):
    """What a function with very many locals takes to compile is more than is given."""
    body = "(local i64) " * 40_000 + "i32.const 1 " + "local.get 7 local.set 9 " * 60_000
    path = wasm(GOOD.replace("i32.const 1", body))
    outcome = validate(path, cache, limits=Limits(memory=100 << 20))
    assert outcome == Undecided("it takes more than 100 MiB of memory")


def test_nothing_in_the_folder_or_the_environment_is_run(
    cache: Cache, wasm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A folder that is opened may hold modules with the names of ours."""
    for name in ("wasmtime.py", "json.py", "dataflare_lsp.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert isinstance(validate(wasm(GOOD), cache), Valid)
