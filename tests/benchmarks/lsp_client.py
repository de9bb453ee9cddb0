"""A language client for measuring: JSON-RPC over the pipes of a server process, with nothing in between.

    with Client([sys.executable, "-m", "dataflare_lsp", "serve"]) as client:
        client.initialize({"positionEncodings": ["utf-8"]})
        client.notify("textDocument/didOpen", {...})
        took, message = client.timed(lambda: client.notify(...), lambda m: m.get("method") == "...")

A thread reads what the server sends and notes the time of each message's arrival, so that nothing of the client's own
work is counted. Answers the server's requests as an editor would: null, or a list of nulls.
"""

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple

Message = dict[str, Any]


class Arrival(NamedTuple):
    """A message of the server, and when its last byte was there (`perf_counter`)."""

    at: float
    message: Message


class Client:
    """A server process and the messages that it has sent."""

    def __init__(self, command: Sequence[str], cwd: str | None = None, env: dict[str, str] | None = None) -> None:
        self.started = perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=cwd, env=env, bufsize=0
        )
        self.settings: list[object] | None = None
        """What the client answers to `workspace/configuration`."""
        self.asked: list[Message] = []
        """The server's requests so far."""
        self._arrivals: queue.Queue[Arrival | None] = queue.Queue()
        self._seen: list[Arrival] = []
        self._number = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()

    # Out

    def send(self, message: Message) -> None:
        """Send a message as it is."""
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send a frame with any body."""
        assert self.process.stdin is not None
        data = memoryview(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        with self._lock:
            while data:
                data = data[os.write(self.process.stdin.fileno(), data) :]

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: object) -> int:
        """Send a request; gives its id."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self._number

    # In

    def wait(self, wanted: Callable[[Message], bool], seconds: float = 30) -> Arrival:
        """The first message that is wanted, of those that nobody took yet. Raises TimeoutError, EOFError."""
        for number, arrival in enumerate(self._seen):
            if wanted(arrival.message):
                return self._seen.pop(number)
        end = perf_counter() + seconds
        while True:
            try:
                arrival = self._arrivals.get(timeout=max(0.0, end - perf_counter()))
            except queue.Empty:
                raise TimeoutError(f"no such message within {seconds} s; there were {self._seen}") from None
            if arrival is None:
                self._arrivals.put(None)
                raise EOFError(f"the server ended with {self.process.wait()}")
            if wanted(arrival.message):
                return arrival
            self._seen.append(arrival)

    def wait_for(self, method: str, uri: str | None = None, seconds: float = 30) -> Arrival:
        """The next notification of a method, about a file if one is named."""
        return self.wait(
            lambda m: m.get("method") == method and (uri is None or m["params"].get("uri") == uri), seconds
        )

    def ask(self, method: str, params: object, seconds: float = 30) -> Any:
        """The result of a request. Raises RuntimeError where it is an error."""
        message = self.answer(self.begin(method, params), seconds).message
        if "error" in message:
            raise RuntimeError(str(message["error"]))
        return message["result"]

    def answer(self, asked: int, seconds: float = 30) -> Arrival:
        """The answer to the request of that id."""
        return self.wait(lambda m: m.get("id") == asked and "method" not in m, seconds)

    def timed(
        self, do: Callable[[], object], wanted: Callable[[Message], bool], seconds: float = 30
    ) -> tuple[float, Message]:
        """The seconds from just before `do` until the wanted message was there, and that message."""
        begun = perf_counter()
        do()
        at, message = self.wait(wanted, seconds)
        return at - begun, message

    def quiet(self, seconds: float) -> list[Message]:
        """The messages that come until none has come for a while; with all that nobody took yet."""
        while True:
            try:
                arrival = self._arrivals.get(timeout=seconds)
            except queue.Empty:
                break
            if arrival is None:
                self._arrivals.put(None)
                break
            self._seen.append(arrival)
        found = [arrival.message for arrival in self._seen]
        self._seen.clear()
        return found

    # The life of a session

    def initialize(
        self,
        general: object = None,
        folder: str | None = None,
        text_document: object = None,
        workspace: object = None,
        **params: object,
    ) -> Any:
        """Introduce the client and its folder (a URI), if any; gives the server's answer."""
        can = {"general": general or {}, "textDocument": text_document or {}, "workspace": workspace or {}}
        folders = [{"uri": folder, "name": "folder"}] if folder is not None else None
        result = self.ask(
            "initialize",
            {"processId": os.getpid(), "capabilities": can, "rootUri": folder, "workspaceFolders": folders, **params},
        )
        self.notify("initialized", {})
        return result

    def leave(self, seconds: float = 30) -> int:
        """Say goodbye; gives the exit code."""
        self.ask("shutdown", None, seconds)
        self.notify("exit", None)
        return self.process.wait(seconds)

    # Reading

    def _read(self) -> None:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        buffer = bytearray()
        while data := os.read(descriptor, 1 << 16):
            at = perf_counter()
            buffer += data
            while True:
                header = buffer.find(b"\r\n\r\n")
                if header < 0:
                    break
                length = int(bytes(buffer[:header]).lower().split(b"content-length:")[1].split(b"\r\n")[0])
                end = header + 4 + length
                if len(buffer) < end:
                    break
                message = json.loads(bytes(buffer[header + 4 : end]))
                del buffer[:end]
                if "method" in message and "id" in message:
                    self._oblige(message)
                else:
                    self._arrivals.put(Arrival(at, message))
        self._arrivals.put(None)

    def _oblige(self, request: Message) -> None:
        self.asked.append(request)
        result: object = None
        if request["method"] == "workspace/configuration":
            result = self.settings or [None for _ in request["params"]["items"]]
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result})
