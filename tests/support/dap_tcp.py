"""A client of a debug adapter that listens on a port: debugpy's, or ours."""

import json
import socket
from typing import Any


class TcpClient:
    """A client, as small as one can be."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._seq = 0
        self.events: list[dict[str, Any]] = []

    def send(self, command: str, **arguments: object) -> None:
        self._seq += 1
        body = json.dumps({"seq": self._seq, "type": "request", "command": command, "arguments": arguments}).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def until(self, kind: str, name: str) -> dict[str, Any]:
        """The next event, or answer, of a name."""
        while True:
            size = 0
            while (line := self._stream.readline().strip()) or not size:
                assert line or self._stream.peek(1), "the adapter has gone"
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            message: dict[str, Any] = json.loads(self._stream.read(size))
            if message["type"] == kind and message.get("event", message.get("command")) == name:
                return message

    def close(self) -> None:
        self._stream.close()
        self._socket.close()
