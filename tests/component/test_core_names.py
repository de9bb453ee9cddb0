"""What is said of a core module where a component is wanted."""

import pytest

from dataflare_lsp.component.core_names import core_names, wrapping_command
from dataflare_lsp.component.wat import binary_of

WASI = '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))'


@pytest.mark.parametrize(
    ("module", "options"),
    [
        pytest.param("", "", id="without WASI"),
        pytest.param(WASI, " --adapt wasi_snapshot_preview1.reactor.wasm", id="with WASI"),
        pytest.param(
            f'(@custom "go:buildid" "") {WASI}',
            " --adapt wasi_snapshot_preview1.reactor.wasm --realloc-via-memory-grow",
            id="of Go's own compiler, which has no memory to give before it has started",
        ),
        pytest.param('(@custom "go:buildid" "")', "", id="of Go's own compiler, without WASI"),
    ],
)
def test_the_command_that_wraps_a_module(module: str, options: str):
    names = core_names(binary_of(f"(module {module})"))
    assert (
        wrapping_command(names, "plugin.wasm")
        == f"wasm-tools component new plugin.wasm{options} -o plugin.component.wasm"
    )
