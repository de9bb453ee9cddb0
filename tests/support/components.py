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
    if "package dataflare:core" not in wit:
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


def dummy(wasm_tools: Path, wit: str, world: str, folder: Path) -> Path | None:
    """A component of a world in a file of WIT, put into a folder; None where the reference tool can make none."""
    source, module, component = (folder / name for name in ("built-for.wit", "module.wasm", "component.wasm"))
    source.write_bytes(wit.encode())
    for step in (
        ("embed", "--all-features", "--dummy", "--world", world, source, "-o", module),
        ("new", module, "-o", component),
    ):
        words = [str(word) for word in step]
        if subprocess.run([wasm_tools, "component", *words], capture_output=True, timeout=60).returncode != 0:
            return None
    return component


def is_target(wasm_tools: Path, component: Path, wit: str, world: str) -> bool:
    """Whether the reference tool takes a component for one of a world in a file of WIT."""
    wanted = component.with_name("wanted.wit")
    wanted.write_bytes(wit.encode())
    command = [str(wasm_tools), "component", "targets", "--world", world, str(wanted), str(component)]
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
