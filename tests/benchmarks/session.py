"""A server with a workspace open in it, and someone who types."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from glob import glob
from pathlib import Path
from typing import Any, NamedTuple

from .figures import Taken
from .lsp_client import LspClient, Message, ServerGone, notification, uri_of
from .workspaces import Workspace

PUSH: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
    },
}
"""What a client can that takes diagnostics as the server sends them."""

STANDING = "\n  /// Says nothing.\n  record nothing {}\n"
"""A mistake at the end of the edited file: it moves with every line above it, so that each edit has an answer."""


def program() -> list[str]:
    """The command line of `dataflare-lsp` as this interpreter's environment has it."""
    script = shutil.which("dataflare-lsp", path=str(Path(sys.executable).parent))
    return [script] if script is not None else [sys.executable, "-m", "dataflare_lsp"]


class Edit(NamedTuple):
    """`old` at an offset becomes `new`."""

    at: int
    old: str
    new: str


class Session:
    """A server process that has a workspace's file open."""

    def __init__(self, workspace: Workspace, command: Sequence[str] | None = None, capabilities: object = None) -> None:
        self.workspace = workspace
        self.client = LspClient(command or [*program(), "serve"])
        self.uri = uri_of(workspace.edited)
        self.version = 1
        text = Path(workspace.edited).read_text(encoding="utf-8")
        end = text.rstrip().removesuffix("}")
        self.text = f"{end}{STANDING}}}\n"
        self.client.initialize(workspace.folder, capabilities or PUSH)
        self.client.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": self.uri, "languageId": "wit", "version": 1, "text": self.text}},
        )
        self.client.wait_for(self._publishes(self.uri), timeout=120.0)
        self.settle()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.__exit__(None, None, None)

    def _publishes(self, uri: str) -> Callable[[Message], bool]:
        def is_it(message: Message) -> bool:
            if message.get("method") != "textDocument/publishDiagnostics" or message["params"]["uri"] != uri:
                return False
            return message["params"].get("version", self.version) == self.version

        return is_it

    # What a user does ----------------------------------------------------------------------------------------------

    def type(self, edit: Edit) -> Taken:
        """Make an edit, and wait for the file's diagnostics."""
        data = self.change(edit)
        return self._timed(lambda: self.client.send(data), lambda: self.client.wait_for(self._publishes(self.uri)).at)

    def type_for_all(self, edit: Edit) -> tuple[float, float]:
        """Make an edit that changes the diagnostics of all dependents.

        Returns the milliseconds until those of the file and the last of the others were there.
        """
        waiting = {uri_of(file) for file in self.workspace.dependents}
        is_own = self._publishes(self.uri)
        data = self.change(edit)
        sent = self.client.send(data)
        own: float | None = None
        while True:
            received = self.client.receive(120.0)
            if received is None:
                raise ServerGone(f"{len(waiting)} dependents were not published")
            message, at = received
            # The last of all is what counts: what was published early may be published again.
            if is_own(message):
                own = at
            elif message.get("method") == "textDocument/publishDiagnostics":
                waiting.discard(message["params"]["uri"])
            if own is not None and not waiting:
                return (own - sent) * 1e3, (at - sent) * 1e3

    def ping(self) -> Taken:
        """Send a request that the server does not know, and wait until it says so."""
        number, data = self.client.request("benchmark/ping", {})
        return self._timed(lambda: self.client.send(data), lambda: self.client.answer(number).at)

    def ask(self, method: str, offset: int) -> Taken:
        """Ask about a place."""
        number, data = self.client.request(method, self._at(offset))
        return self._timed(lambda: self.client.send(data), lambda: self._answered(number, method))

    def type_and_ask(self, edit: Edit, method: str, offset: int) -> Taken:
        """Make an edit and ask about a place of the new text at once, as editors do."""
        change = self.change(edit)
        number, data = self.client.request(method, self._at(offset))
        return self._timed(lambda: self.client.send(change + data), lambda: self._answered(number, method))

    def _timed(self, send: Callable[[], float], arrives: Callable[[], float]) -> Taken:
        before = waited(self.client)
        sent = send()
        arrived = arrives()
        after = waited(self.client)
        return Taken((arrived - sent) * 1e3, None if before is None or after is None else (after - before) / 1e6)

    def _answered(self, number: int, method: str) -> float:
        message, at = self.client.answer(number)
        if not message.get("result"):
            raise ServerGone(f"{method} was answered by {message}")
        return at

    def change(self, edit: Edit) -> bytes:
        """The message for an edit, which the session takes as made."""
        at, old, new = edit
        assert self.text.startswith(old, at), (old, self.text[at : at + 20])
        start, end = self._position(at), self._position(at + len(old))
        self.text = self.text[:at] + new + self.text[at + len(old) :]
        self.version += 1
        return notification(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": {"start": start, "end": end}, "text": new}],
            },
        )

    def _at(self, offset: int) -> dict[str, object]:
        return {"textDocument": {"uri": self.uri}, "position": self._position(offset)}

    def _position(self, offset: int) -> dict[str, int]:
        line = self.text.count("\n", 0, offset)
        return {"line": line, "character": offset - (self.text.rfind("\n", 0, offset) + 1)}

    # The server's process ------------------------------------------------------------------------------------------

    def settle(self, longest: float = 60.0) -> None:
        """Wait until the server does nothing more: until its process used no time for a while."""
        end = time.perf_counter() + longest
        before = self._used()
        while time.perf_counter() < end:
            time.sleep(0.1)
            while self.client.receive(0.0) is not None:
                pass
            now = self._used()
            if now is None or before is None:
                time.sleep(1.0)
                return
            if now - before <= 1:
                return
            before = now

    def _used(self) -> int | None:
        """Processor time in ticks, where the system tells (Linux)."""
        try:
            fields = Path(f"/proc/{self.client.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return int(fields[11]) + int(fields[12])

    def memory(self) -> int | None:
        """Resident memory in bytes, where the system tells (Linux)."""
        try:
            pages = Path(f"/proc/{self.client.pid}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def waited(client: LspClient) -> int | None:
    """Nanoseconds that this process and the server waited for a processor so far, where the system tells (Linux)."""
    total = 0
    try:
        for thread in ("/proc/self", *glob(f"/proc/{client.pid}/task/*")):
            total += int(Path(f"{thread}/schedstat").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return None
    return total


class Typist:
    """Edits of the type `common`, that everything uses: each call of a method gives the next keystroke."""

    STATES = ("u6", "u", "", "u", "u6", "u64")

    def __init__(self, session: Session) -> None:
        self.session = session
        text = session.text
        self._type = text.index("id: u64,") + len("id: ")
        self._written = "u64"
        self._doc = text.index("What every item here uses.") + len("What every")
        self._name = text.index("record common {") + len("record common")
        self._steps = [0, 0, 0]

    def _next(self, variant: int) -> int:
        self._steps[variant] += 1
        return self._steps[variant] - 1

    def field_type(self) -> Edit:
        """A field's type is deleted and typed again, through three states that mean nothing."""
        old, self._written = self._written, self.STATES[self._next(0) % len(self.STATES)]
        return Edit(self._type, old, self._written)

    def doc_comment(self) -> Edit:
        """A line break in the type's documentation, made and taken back: all that follows moves."""
        line = "\n  ///"
        return Edit(self._doc, line, "") if self._next(1) % 2 else Edit(self._doc, "", line)

    def name(self) -> Edit:
        """The type gets another name and its old one back: without it, nothing that uses it resolves."""
        return Edit(self._name, "x", "") if self._next(2) % 2 else Edit(self._name, "", "x")
