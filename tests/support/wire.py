"""A client of bytes: what no well-behaved client sends, and what the server answers to it."""

import json
import os
import select
import subprocess
from typing import Any

from support.editor import PATIENCE, SERVER

Message = dict[str, Any]


class Wire:
    """A server process, its standard input and its standard output."""

    def __init__(self, command: list[str] | None = None) -> None:
        self.process = subprocess.Popen(
            command or SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self._buffer = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def raw(self, data: bytes) -> None:
        """Send bytes."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def body(self, body: bytes) -> None:
        """Send a frame."""
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def send(self, method: str, params: object = None, asked: object = None) -> None:
        """Send a notification, or a request if it has an id."""
        message: Message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.body(json.dumps(message if asked is None else {**message, "id": asked}).encode())

    def ask(self, method: str, params: object = None, asked: object = 1) -> Message:
        """The answer to a request, whole."""
        self.send(method, params, asked)
        return self.until(lambda message: message.get("id") == asked and "method" not in message)

    def until(self, wanted: Any) -> Message:
        """The next message that is wanted; those before it are dropped. Raises EOFError."""
        while True:
            message = self.receive()
            if wanted(message):
                return message

    def published(self, uri: str) -> list[Message]:
        """The next diagnostics of a file."""
        is_it = "textDocument/publishDiagnostics"
        found = self.until(lambda message: message.get("method") == is_it and message["params"]["uri"] == uri)
        diagnostics: list[Message] = found["params"]["diagnostics"]
        return diagnostics

    def receive(self) -> Message:
        """The next message. Raises EOFError."""
        assert self.process.stdout is not None
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        header, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = int(header.lower().partition(b"content-length:")[2].split()[0])
        while len(rest) < length:
            self._more()
            rest = self._buffer.partition(b"\r\n\r\n")[2]
        self._buffer = rest[length:]
        message: Message = json.loads(rest[:length])
        return message

    def _more(self) -> None:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, f"the server said nothing for {PATIENCE} s"
        data = os.read(self.process.stdout.fileno(), 1 << 16)
        if not data:
            raise EOFError("the server has ended")
        self._buffer += data

    def greet(self, **params: object) -> Message:
        """`initialize` and `initialized`."""
        result = self.ask("initialize", {"capabilities": {}, **params}, "greeting")
        self.send("initialized", {})
        return result

    def open(self, uri: str, text: str) -> None:
        self.send(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "wit", "version": 1, "text": text}}
        )

    def ended(self) -> int:
        """The exit code, once the server has ended."""
        return self.process.wait(PATIENCE)

    def complaints(self) -> str:
        """What it wrote on standard error, all of it, once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()
