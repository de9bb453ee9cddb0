"""(g) the WIT of a large component, beside the reference tool."""

import os
import shutil
from collections.abc import Iterator
from time import perf_counter

from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import wit_of
from dataflare_lsp.workspace.disk import Unreadable, read_excerpt

from .commands import PEER, time_of
from .effort import Effort
from .figures import Entry, Figure, Note, Target, median_ratio, progress
from .session import program

MEGABYTES = 18
"""What a component of componentize-py weighs, the interpreter in it."""


def components(folder: str, effort: Effort, megabytes: int = MEGABYTES, interfaces: int = 25) -> Iterator[Entry]:
    """Reading and decoding in this process, which is warm; and whole processes, in turn with the reference tool."""
    progress(f"WIT of a component of {megabytes} MB")
    path = os.path.join(folder, f"component-{megabytes}.wasm")
    with open(path, "wb") as out:
        out.write(component(megabytes << 20, interfaces))
    what = f"a component of {megabytes} MB"
    warm = []
    for _ in range(effort.runs + 1):
        start = perf_counter()
        data = read_excerpt(path)
        assert not isinstance(data, Unreadable)
        wit_of(data)
        warm.append((perf_counter() - start) * 1e3)
    yield Figure("g", f"WIT of {what}, read and decoded", tuple(warm[1:]), targets=(Target("p50", 20.0),))
    commands = {"wit": [*program(), "wit", path]}
    tool = shutil.which(PEER)
    if tool is None:
        yield Note("g", f"`{PEER}` is not on PATH, so nothing is beside `wit`.")
    else:
        commands[PEER] = [tool, "component", "wit", path]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(effort.runs + 1):
        for name, command in commands.items():
            wall, _ = time_of(command)
            if turn:
                times[name].append(wall)
    if tool is None:
        yield Figure("g", f"wit, {what}", tuple(times["wit"]))
        return
    ratio = median_ratio(times["wit"], times[PEER])
    yield Figure("g", f"wit, {what}", tuple(times["wit"]), beside=PEER, ratio=ratio)
    yield Figure("g", f"{PEER} component wit, {what}", tuple(times[PEER]))


def component(size: int, interfaces: int) -> bytes:
    """A valid component of about `size` bytes, half of them code and half data, which imports some interfaces."""
    imports = "".join([_interface(number) for number in range(interfaces)])
    binary = binary_of(f"(component {imports} (core module))")
    module = _module(size)
    # The empty module is the last section but for names: its eight bytes give way to the large one.
    small = b"\x01\x08\0asm\x01\0\0\0"
    at = binary.index(small)
    return binary[:at] + b"\x01" + _leb(len(module)) + module + binary[at + len(small) :]


def _interface(number: int) -> str:
    fields = " ".join([f'(field "field-{n}" string)' for n in range(8)])
    functions = " ".join(
        [
            f'(export "[method]file.do-{n}" (func (param "self" (borrow $file)) (param "with" $entry) '
            f"(result (result (list $entry) (error $code)))))"
            for n in range(15)
        ]
    )
    return f"""
        (import "bench:world/interface-{number}@1.2.0" (instance
          (type $e (enum "denied" "missing" "busy" "other"))
          (export "code" (type $code (eq $e)))
          (type $r (record {fields}))
          (export "entry" (type $entry (eq $r)))
          (export "file" (type $file (sub resource)))
          {functions}))
    """


def _module(size: int) -> bytes:
    """A core module of functions that do nothing for long, and of a long datum."""
    body = b"\0" + b"\x01" * 1000 + b"\x0b"
    count = size // 2 // len(body)
    data = b"\x01\0\x41\0\x0b" + _leb(size // 2) + b"\0" * (size // 2)
    sections = (
        (1, b"\x01\x60\0\0"),
        (3, _leb(count) + b"\0" * count),
        (5, b"\x01\0" + _leb(size // 2 // 65536 + 1)),
        (10, _leb(count) + (_leb(len(body)) + body) * count),
        (11, data),
    )
    return b"\0asm\x01\0\0\0" + b"".join([bytes([id_]) + _leb(len(content)) + content for id_, content in sections])


def _leb(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
