"""What the adapter loads before it is asked for anything."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["wasmtime", "celpy", "jsonschema", "pygls", "asyncio"])
def test_the_adapter_begins_without(module: str) -> None:
    code = f"import sys, dataflare_lsp.debug.main, dataflare_lsp.debug.plugin; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
