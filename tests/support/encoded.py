"""Encoded WIT packages for tests: from WebAssembly text, from committed bytes, and from the reference tool."""

import importlib.util
import json
import subprocess
import textwrap
from pathlib import Path
from typing import Any

from support.shared import CONFORMANCE

from dataflare_lsp.component.wat import binary_of

FIXTURES = Path(__file__).parent.parent / "component" / "fixtures"


def package(declarations: str) -> bytes:
    """A package of one component type, with these declarations in it."""
    return binary_of(f'(component (type (component {declarations})) (export "entity" (type 0)))')


def interface(declarations: str, imports: str = "") -> bytes:
    """The package `a:b` with the interface `i`, an instance type with these declarations in it."""
    return package(f'{imports} (type $i (instance {declarations})) (export "a:b/i" (instance (type $i)))')


def with_section(binary: bytes, name: str, content: bytes) -> bytes:
    """`binary`, and after it a custom section."""
    body = bytes([len(name)]) + name.encode() + content
    size = bytes([len(body) >> shift & 0x7F | 0x80 for shift in (0, 7, 14)]) + bytes([len(body) >> 21])
    return binary + b"\0" + size + body


def committed(name: str) -> bytes:
    """The package `fixtures/NAME.wit` as the reference tool encoded it."""
    return bytes.fromhex((FIXTURES / f"{name}.hex").read_text())


def source(text: str) -> str:
    """`text` without the margin that it has in a test."""
    return textwrap.dedent(text).lstrip("\n")


def encode(wasm_tools: Path, root: Path, scratch: Path, *options: str) -> bytes:
    """The package at `root`, encoded by the reference tool by way of a file in `scratch`."""
    binary = scratch / "encoded.wasm"
    _run(wasm_tools, "component", "wit", str(root), "--wasm", "-o", str(binary), *options)
    return binary.read_bytes()


def resolved(wasm_tools: Path, content: bytes | str, scratch: Path) -> Any:
    """What the reference tool resolves a binary or WIT to, in a form that equals where the meaning does."""
    file = scratch / ("package.wasm" if isinstance(content, bytes) else "package.wit")
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return _canonical(json.loads(_run(wasm_tools, "component", "wit", str(file), "--json", "--all-features")))


def _canonical(resolve: Any) -> Any:
    spec = importlib.util.spec_from_file_location("compare", CONFORMANCE / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    canonical = compare.canonical(resolve)
    for interface in canonical["interfaces"].values():
        # Which interface one was cloned of, by `include`, is told by a number that nothing else needs.
        interface.pop("clone_of", None)
    return canonical


def component_of(wasm_tools: Path, module: Path) -> bytes:
    """The component that the reference tool makes of a core module with WIT in it."""
    component = module.with_suffix(".component.wasm")
    _run(wasm_tools, "component", "new", str(module), "-o", str(component))
    return component.read_bytes()


def dummy(wasm_tools: Path, root: Path, world: str, scratch: Path, *options: str) -> Path:
    """A core module in `scratch` for a world of the package at `root`, with the WIT in it and functions that trap."""
    module = scratch / "dummy.wasm"
    command = ("component", "embed", "--dummy", str(root), "--world", f"%{world}", "-o", str(module))
    _run(wasm_tools, *command, *options)
    return module


class ReferenceFails(Exception):
    """The reference tool refuses its input; the message is its own."""


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise ReferenceFails(done.stderr)
    return done.stdout
