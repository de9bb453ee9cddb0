"""Components made from WIT, by the reference tool: nothing in them does anything."""

import shutil
import subprocess
from pathlib import Path

from support.program import program

from dataflare_lsp.workspace.roots import CORE


def component_of(wasm_tools: Path, wit: str, world: str, folder: Path) -> bytes:
    """A component of a world in the package that a text describes, with `dataflare:core` among its dependencies.

    `folder` is for the files that this takes; it must not be there.
    """
    program(wit).write(folder / "wit")
    core = folder / "wit" / "deps" / "dataflare-core"
    if not (folder / "wit" / "deps").is_dir() and "package dataflare:core" not in wit:
        shutil.copytree(CORE, core)
    module, component = folder / "module.wasm", folder / "component.wasm"
    for arguments in (
        ("embed", "--dummy", folder / "wit", "--world", world, "-o", module),
        ("new", module, "-o", component),
    ):
        words = [str(word) for word in arguments]
        done = subprocess.run([wasm_tools, "component", *words], capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
    return component.read_bytes()
