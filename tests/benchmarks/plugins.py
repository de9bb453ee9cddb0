"""(h) from an edit to what is said of a component, (i) memory while a large component is validated."""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from glob import glob
from pathlib import Path

from support import variants

from .components import component
from .effort import Effort
from .figures import Entry, Figure, Note, Taken, Target, progress, timed
from .lsp_client import LspClient, Message, ServerGone, notification, uri_of
from .session import PUSH, program, waited
from .workspaces import write

MEGABYTES = 50
_LONG = 300.0
"""Seconds that validating may take."""


class Open:
    """A file that is open in an editor, and one change in it that is made and taken back."""

    def __init__(self, client: LspClient, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        at = text.index(old)
        self._line = text.count("\n", 0, at)
        self._column = at - text.rfind("\n", 0, at) - 1
        self._written, self._other = old, new
        self._uri = uri_of(str(path))
        self._version = 1
        item = {"uri": self._uri, "languageId": "wit", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": item})

    def change(self) -> bytes:
        """The message for the next edit."""
        self._version += 1
        start = {"line": self._line, "character": self._column}
        end = {"line": self._line, "character": self._column + len(self._written)}
        edit = {"range": {"start": start, "end": end}, "text": self._other}
        self._written, self._other = self._other, self._written
        document = {"uri": self._uri, "version": self._version}
        return notification("textDocument/didChange", {"textDocument": document, "contentChanges": [edit]})


def edits(folder: str, effort: Effort, lines: int = 20_000, packages: int = 60) -> Iterator[Entry]:
    """(h): a plugin by itself, and beside a workspace."""
    alone, beside = Path(folder, "plugin-alone"), Path(folder, "plugin-beside")
    write(str(beside / "others"), lines, packages)
    for place, plugin, name in ((alone, alone, "a plugin"), (beside, beside / "plugin", f"beside {lines:,} lines")):
        variants.write(plugin)
        progress(f"edits to component diagnostics, {name}")
        manifest = uri_of(str(plugin / "dataflare.toml"))
        with LspClient([*program(), "serve"]) as client:
            client.initialize(str(place), PUSH)
            grant = Open(client, plugin / "dataflare.toml", '"metrics"', '"logging"')
            world = Open(client, plugin / "wit" / "world.wit", "plugin {", "plugin { export more: func();")
            client.wait_for(partial(_says, uri=manifest, code=""), 120.0)
            time.sleep(2.0)  # everything is read, and the component validated
            for file, code, what in (
                (grant, "ungranted-import", "manifest"),
                (world, "stale-component", "world's WIT"),
            ):
                taken = []
                for turn in range(effort.warm_up + effort.keys):
                    says = _saying(manifest, code, turn % 2 == 0)
                    one = _timed(client, file.change(), says)
                    time.sleep(effort.pause)
                    if turn >= effort.warm_up:
                        taken.append(one)
                if len(taken) % 2:
                    _timed(client, file.change(), _saying(manifest, code, len(taken) % 2 == 0))
                yield timed("h", f"{name}: {what} to component diagnostics", taken, (Target("p95", 10.0),))


def _timed(client: LspClient, data: bytes, says: Callable[[Message], bool]) -> Taken:
    before = waited(client)
    sent = client.send(data)
    arrived = client.wait_for(says).at
    after = waited(client)
    return Taken((arrived - sent) * 1e3, None if before is None or after is None else (after - before) / 1e6)


def _saying(uri: str, code: str, whether: bool) -> Callable[[Message], bool]:
    return lambda message: _says(message, uri, "") and _says(message, uri, code) == whether


def _says(message: Message, uri: str, code: str) -> bool:
    """Whether a message has the diagnostics of a file, with one of this code among them; "" for any or none."""
    if message.get("method") != "textDocument/publishDiagnostics" or message["params"]["uri"] != uri:
        return False
    return not code or any(one["code"] == code for one in message["params"]["diagnostics"])


def checking(folder: str, megabytes: int = MEGABYTES) -> Iterator[Entry]:
    """(i): the most memory that the server and the process that compiles have."""
    progress(f"memory while a component of {megabytes} MB is validated")
    plugin = Path(folder, "plugin-large")
    variants.write(plugin)
    (plugin / variants.COMPONENT).write_bytes(component(megabytes << 20, 25))
    cache = {**os.environ, "XDG_CACHE_HOME": str(Path(folder, "cache"))}
    with LspClient([*program(), "serve"], cache) as client:
        client.initialize(str(plugin), PUSH)
        manifest = uri_of(str(plugin / "dataflare.toml"))
        number, data = client.request(
            "workspace/executeCommand", {"command": "dataflare.validate", "arguments": [manifest]}
        )
        start = client.send(data)
        most: dict[str, int] = {"server": 0, "child": 0}
        while (answer := client.receive(0.01)) is None or answer.message.get("id") != number:
            most["server"] = max(most["server"], _peak(client.pid))
            for child in _children(client.pid):
                most["child"] = max(most["child"], _peak(child))
            if time.perf_counter() > start + _LONG:
                raise ServerGone("the component is not validated in time")
        took = answer.at - start
    what = f"a component of {megabytes} MB"
    yield Figure("i", f"validating {what}", (took * 1e3,))
    if not most["child"]:
        yield Note("i", "memory is read from /proc, which this system does not have.")
        return
    yield Figure("i", f"server, validating {what}", (most["server"] / 1e6,), unit="MB")
    yield Figure("i", f"the process that compiles {what}", (most["child"] / 1e6,), unit="MB")


def _peak(pid: int) -> int:
    """The most bytes that a process has had resident, or 0 where the system does not tell (Linux does)."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for thread in glob(f"/proc/{pid}/task/*/children")
            for child in Path(thread).read_text(encoding="ascii").split()
        ]
    except OSError:
        return []
