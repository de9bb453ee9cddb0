"""Any bytes for a component: WIT, or a `ComponentError`, in time and memory; what the reference reads, we read the same."""

import re
import subprocess
import time
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from support.encoded import ReferenceFails, committed, component_of, dummy, encode, resolved
from support.oracles import OracleMissingError
from support.shared import CONFORMANCE
from support.wit_programs import random_program

from dataflare_lsp.component.about import about
from dataflare_lsp.component.built import Built, built
from dataflare_lsp.component.errors import ComponentError, MalformedComponent, NotRepresentable
from dataflare_lsp.component.wit_text import WitText, wit_of
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace
from fuzz import commands, reference
from fuzz.case import Case, Finding
from fuzz.robustness import SECONDS, SECONDS_PER_MEGABYTE, megabytes

NAME = "x.wasm"
MEGABYTES = 100
"""How much more memory the bytes may take, beside what their number allows."""
MEGABYTES_PER_MEGABYTE = 1500

_PROGRAMS = 40
"""How many packages the seeds are made of."""
_WORLD = re.compile(r"^\s*world %?([a-z0-9-]+)", re.MULTILINE | re.IGNORECASE)
_TELLING = (0x00, 0x01, 0x02, 0x3F, 0x40, 0x41, 0x42, 0x50, 0x6E, 0x70, 0x72, 0x7A, 0x7F, 0x80, 0xFF)


def make(chance: Random) -> Case:
    data = bytearray(_seed(chance.randrange(_PROGRAMS), chance.choice(("package", "module", "component"))))
    if chance.random() < 0.03:
        data = bytearray(b"\0asm\x0d\0\1\0" + chance.randbytes(chance.randint(0, 300)))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4, 8))):
        _change(data, chance)
    if chance.random() < 0.02:
        data += bytes(data[8:]) * (100_000 // (len(data) + 1))
    return Case({NAME: bytes(data).decode("utf-8", "surrogateescape")}, chance=chance.randrange(1 << 32))


def judge(case: Case) -> Finding | None:
    data = case.files[NAME].encode("utf-8", "surrogateescape")
    chance = Random(case.chance)
    memory, start = megabytes(), time.process_time()
    try:
        found = _examined(data)
    finally:
        took, grown = time.process_time() - start, megabytes() - memory
    if isinstance(found, Finding):
        return found
    size = len(data) / 1e6
    if took > SECONDS + SECONDS_PER_MEGABYTE * size:
        return Finding("slow", f"{took:.1f} s for {size * 1000:.0f} KB")
    if grown > MEGABYTES + MEGABYTES_PER_MEGABYTE * size:
        return Finding("large", f"{grown:.0f} MB for {size * 1000:.0f} KB")
    if isinstance(found, WitText):
        problem = _unsound(found)
        if problem is not None:
            return problem
    draw = chance.random()
    if draw < 0.3:
        return _compared(case, found)
    return _commanded(case, chance) if draw < 0.35 else None


def _examined(data: bytes) -> WitText | ComponentError | Finding:
    """What the bytes are read as."""
    try:
        about(data)
    except MalformedComponent as error:
        if not 0 <= error.offset <= len(data):
            return Finding("an offset outside the file", str(error))
    found: WitText | ComponentError
    try:
        found = wit_of(data)
    except ComponentError as error:
        found = error
    made = built(data, NAME)
    if isinstance(made, Built) and not isinstance(found, WitText):
        return Finding("a component without WIT can be compared", str(found))
    return found


def _unsound(found: WitText) -> Finding | None:
    """Whether the text that was recovered is not WIT."""
    workspace = Workspace(found.features)
    workspace.set_text("/x.wit", found.text)
    workspace.add_root(Root("/", (("/x.wit",),)))
    wrong = [one for one in workspace.diagnostics("/", "/x.wit") if one.severity == "error"]
    return Finding("WIT with errors", f"{wrong[0]}\n{found.text}") if wrong else None


def _compared(case: Case, found: WitText | ComponentError) -> Finding | None:
    """What the reference reads is what we read."""
    if not CONFORMANCE.is_dir():
        return None
    try:
        tool = reference.wasm_tools()
    except OracleMissingError:
        return None
    data = case.files[NAME].encode("utf-8", "surrogateescape")
    with TemporaryDirectory(prefix="fuzz-") as name:
        scratch = Path(name)
        try:
            expected = resolved(tool, data, scratch)
        except (ReferenceFails, subprocess.TimeoutExpired):
            return None
        if isinstance(found, NotRepresentable):
            return None
        if isinstance(found, ComponentError):
            return Finding("only we refuse", f"{type(found).__name__}: {found}")
        try:
            ours = resolved(tool, found.text, scratch)
        except ReferenceFails as error:
            return Finding("the reference refuses our text", f"{error}\n{found.text}")
        return None if _said(ours) == _said(expected) else Finding("another meaning", found.text)


def _said(resolve: Any) -> Any:
    """A resolved package without what WIT has no way to write: some gates, margins and characters in documentation."""
    match resolve:
        case dict():
            return {key: _said(value) for key, value in resolve.items() if key != "stability"}
        case list():
            return [_said(value) for value in resolve]
        case str():
            return re.sub(r"\W+", " ", resolve).strip()
    return resolve


def _commanded(case: Case, chance: Random) -> Finding | None:
    """Commands that read the file end as they should."""
    with case.on_disk() as path:
        arguments = chance.choice((("wit",), ("wit", "--json"), ("check", "--world", "a:b/c", "--wit", str(path))))
        done = commands.run(*arguments, str(path))
        if done.code not in (0, 1, 2):
            return Finding("an exit code that means nothing", f"{arguments}: {done}")
        if done.code == 2 and not done.error and not done.out:
            return Finding("a refusal without a word", f"{arguments}: {done}")
    return None


# Bytes ------------------------------------------------------------------------------------------------------------


@cache
def _seed(number: int, kind: str) -> bytes:
    """A package as the reference encodes it, or a module or component for one of its worlds."""
    chance = Random(f"components/{number}")
    try:
        tool = reference.wasm_tools()
    except OracleMissingError:
        return committed("plugin")
    while True:
        files = random_program(chance).files
        worlds = [world for path, text in files.items() if "deps/" not in path for world in _WORLD.findall(text)]
        with TemporaryDirectory(prefix="fuzz-") as name:
            scratch = Path(name)
            Case(files).write(scratch / "root")
            root = scratch / "root" / next(iter(files)) if Case(files).is_alone else scratch / "root"
            try:
                if kind == "package":
                    return encode(tool, root, scratch, "--all-features")
                if worlds:
                    module = dummy(tool, root, chance.choice(worlds), scratch, "--all-features")
                    return module.read_bytes() if kind == "module" else component_of(tool, module)
            except ReferenceFails:
                continue


def _change(data: bytearray, chance: Random) -> None:
    """One change of the bytes behind the first eight, or of a section as a whole."""
    at = chance.randint(8, max(len(data) - 1, 8))
    match chance.randrange(8):
        case 0:
            del data[at : at + chance.choice((1, 1, 2, 8, 100))]
        case 1:
            data[at:at] = data[at : at + chance.choice((1, 2, 8, 40, 400))]
        case 2:
            data[at:at] = chance.randbytes(chance.choice((1, 1, 2, 8)))
        case 3:
            del data[at:]
        case 4:
            other = _seed(chance.randrange(_PROGRAMS), chance.choice(("package", "component")))
            start = chance.randint(8, len(other))
            data[at : at + chance.choice((0, 10, 100))] = other[start : start + chance.choice((1, 10, 100))]
        case 5 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 6 if at < len(data):
            data[at] = chance.randrange(256)
        case _ if at < len(data):
            data[at] = chance.choice(_TELLING)
