"""A small client of the Debug Adapter Protocol: real frames over standard input and output, every message checked.

A test tells it what a user does, and reads what the user would see.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support import dap_schema
from support.editor import PATIENCE

Message = dict[str, Any]
SCRIPTED = Path(__file__).with_name("scripted.py")


class RefusedError(Exception):
    """The adapter refused a request. `str` is the sentence that it gave, `code` its word for clients."""

    def __init__(self, message: Message) -> None:
        super().__init__(message["body"]["error"]["format"])
        self.code: str = message["message"]
        self.is_shown: bool = message["body"]["error"]["showUser"]


class Client:
    """An adapter's process, and what it has said."""

    def __init__(self, command: Sequence[str], directory: Path, cache: Path | None) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=directory,
            env=os.environ if cache is None else {**os.environ, "XDG_CACHE_HOME": str(cache)},
        )
        self.events: list[Message] = []
        """All events so far."""
        self.requests: list[Message] = []
        """All that the adapter has asked for so far."""
        self.checks = True
        """Whether each message is held against the protocol's schema, which takes longer than the adapter does."""
        self._seen = 0
        self._seq = 0
        self._buffer = b""
        self._answers: dict[int, Message] = {}

    # What is sent ------------------------------------------------------------------------------------------------------

    def send(self, command: str, **arguments: object) -> int:
        """Send a request; gives its number."""
        self._seq += 1
        message: Message = {"seq": self._seq, "type": "request", "command": command}
        if arguments or command in ("launch", "attach"):
            message["arguments"] = arguments
        if self.checks:
            dap_schema.check(message)
        self.body(json.dumps(message).encode())
        return self._seq

    def body(self, body: bytes) -> None:
        """Send a frame."""
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def raw(self, data: bytes) -> None:
        """Send bytes."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def ask(self, command: str, **arguments: object) -> Any:
        """The body of the answer to a request. Raises `RefusedError`."""
        return self.answer(self.send(command, **arguments))

    def answer(self, seq: int) -> Any:
        """The body of the answer to the request with a number. Raises `RefusedError`."""
        while seq not in self._answers:
            self._receive()
        message = self._answers.pop(seq)
        if not message["success"]:
            raise RefusedError(message)
        return message.get("body")

    def refusal(self, command: str, **arguments: object) -> str:
        """Why a request is refused."""
        try:
            self.ask(command, **arguments)
        except RefusedError as refused:
            return str(refused)
        raise AssertionError(f"`{command}` was not refused")

    # What comes --------------------------------------------------------------------------------------------------------

    def event(self, *names: str) -> Any:
        """The body of the next event of one of these names; those before it are passed over."""
        while True:
            while self._seen < len(self.events):
                event = self.events[self._seen]
                self._seen += 1
                if event["event"] in names:
                    return event.get("body")
            self._receive()

    def output(self, *categories: str) -> str:
        """All output so far, of some categories or of all."""
        bodies = [event["body"] for event in self.events if event["event"] == "output"]
        return "".join([body["output"] for body in bodies if not categories or body.get("category") in categories])

    def _receive(self) -> None:
        message = self.message()
        if self.checks:
            dap_schema.check(message)
        if message["type"] == "event":
            self.events.append(message)
        elif message["type"] == "request":
            self.requests.append(message)
        else:
            self._answers[message["request_seq"]] = message

    def message(self) -> Message:
        """The next message, whatever it is. Raises `EOFError`."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        header, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = int(header.partition(b":")[2])
        while len(rest) < length:
            self._more()
            rest = self._buffer.partition(b"\r\n\r\n")[2]
        self._buffer = rest[length:]
        message: Message = json.loads(rest[:length])
        return message

    def _more(self) -> None:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, f"the adapter said nothing for {PATIENCE} s"
        data = os.read(self.process.stdout.fileno(), 1 << 16)
        if not data:
            assert self.process.stderr is not None
            raise EOFError(f"the adapter has ended: {self.process.stderr.read().decode()}")
        self._buffer += data

    # What a user does --------------------------------------------------------------------------------------------------

    def launch(self, *, breakpoints: Sequence[str] = (), failures: Sequence[str] = (), **configuration: object) -> Any:
        """Start as editors do, with breakpoints on these functions; gives where the plugin stops first, if it does."""
        self.ask("initialize", adapterID="dataflare", supportsInvalidatedEvent=True)
        launching = self.send("launch", **configuration)
        while not any([event["event"] == "initialized" for event in self.events]):
            self._receive()
            if launching in self._answers:
                self.answer(launching)
        self.ask("setFunctionBreakpoints", breakpoints=[{"name": name} for name in breakpoints])
        self.ask("setExceptionBreakpoints", filters=list(failures))
        self.ask("configurationDone")
        self.answer(launching)
        return self.where()

    def go(self, command: str) -> Any:
        """Go on, or back; gives where the plugin stops."""
        self.ask(command, threadId=1)
        return self.where()

    def where(self) -> str:
        """Where the plugin stops next, in words, or how the session ends."""
        while True:
            self.event("stopped", "exited")
            event = self.events[self._seen - 1]
            if event["event"] == "exited":
                self.event("terminated")
                return f"ended with {event['body']['exitCode']}"
            body = event["body"]
            about = body.get("description", "between two stops")
            return f"{body['reason']}: {about}" + (f" ({body['text']})" if "text" in body else "")

    def frames(self) -> list[Message]:
        """The frames of the plugin."""
        found: list[Message] = self.ask("stackTrace", threadId=1)["stackFrames"]
        return found

    def scopes(self, frame: int = 0) -> dict[str, int]:
        """The scopes of a frame, counted from the innermost, and the numbers to open them by."""
        found = self.ask("stackTrace", threadId=1, startFrame=frame, levels=1)["stackFrames"][0]
        return {one["name"]: one["variablesReference"] for one in self.ask("scopes", frameId=found["id"])["scopes"]}

    def variables(self, reference: int, **more: object) -> dict[str, Message]:
        """The variables in something that can be opened."""
        found = self.ask("variables", variablesReference=reference, **more)["variables"]
        return {one["name"]: one for one in found}

    def values(self, reference: int) -> dict[str, str]:
        """The values of the variables in something that can be opened."""
        return {name: one["value"] for name, one in self.variables(reference).items()}

    def evaluate(self, expression: str, context: str = "watch") -> str:
        """What an expression means."""
        result: str = self.ask("evaluate", expression=expression, frameId=1, context=context)["result"]
        return result

    def leave(self) -> int:
        """Leave as one should; gives the exit code."""
        self.ask("disconnect")
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)


@contextmanager
def client(command: Sequence[str], directory: Path, cache: Path | None = None) -> Iterator[Client]:
    """A client of an adapter that runs in a directory; at the end the adapter has ended."""
    opened = Client(command, directory, cache)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()
        for pipe in (opened.process.stdin, opened.process.stdout, opened.process.stderr):
            assert pipe is not None
            pipe.close()


REAL = (sys.executable, "-m", "dataflare_lsp.cli.main", "dap")
"""The command of the adapter that debugs plugins."""


def scripted(scenario: str = "plain") -> list[str]:
    """The command of an adapter that debugs a run that is written down."""
    return [sys.executable, str(SCRIPTED), scenario]
