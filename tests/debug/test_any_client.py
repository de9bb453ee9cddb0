"""Clients that send anything in any order: each request is answered once, as the protocol has it, and none breaks it."""

import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import dap_schema
from support.scripted import Scripted

from dataflare_lsp.debug.handlers import HANDLERS
from dataflare_lsp.debug.main import debug
from dataflare_lsp.stream import Channel, Frames, framed
from dataflare_lsp.workspace.roots import CORE

_NUMBERS = st.integers(-2, 12) | st.sampled_from([10**6, 2**63])
_TEXTS = st.sampled_from(
    [
        "",
        "message",
        "level == 'info'",
        "logging.log",
        "*",
        "record.payload",
        "1 +",
        "{",
        "result",
        '"x"',
        "run()",
        "input.id",
        "\0",
        "é𝄞",
    ]
) | st.text(max_size=5)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXTS, inner, max_size=2),
)
_KNOWN: dict[str, st.SearchStrategy[Any]] = {
    "threadId": st.sampled_from([1, 1, 1, 2]),
    "frameId": st.sampled_from([1, 1, 2, 3, 9]),
    "variablesReference": st.integers(0, 9),
    "targetId": st.integers(0, 1),
    "line": st.integers(0, 40) | _NUMBERS,
    "column": st.integers(0, 20) | _NUMBERS,
    "name": st.sampled_from(["level", "message", "key", "result", "input", "[0]"]) | _TEXTS,
    "value": st.sampled_from(['"x"', 'some("99")', "[1]", "info"]) | _TEXTS,
    "expression": _TEXTS,
    "text": _TEXTS,
    "sourceReference": st.integers(0, 2),
    "source": st.just({"path": str(next(Path(CORE).glob("*.wit")))}) | st.just({"sourceReference": 1}),
    "context": st.sampled_from(["repl", "hover", "watch", "clipboard"]),
    "start": st.integers(0, 3) | _NUMBERS,
    "count": st.integers(0, 3) | _NUMBERS,
    "filter": st.sampled_from(["indexed", "named"]),
    "filters": st.lists(st.sampled_from(["trap", "error", "limit", "crash"]), max_size=3),
    "stopOnEntry": st.booleans(),
    "stopOnExit": st.booleans(),
    "breakpoints": st.lists(
        st.fixed_dictionaries(
            {"line": _NUMBERS, "name": _TEXTS},
            optional={"condition": _TEXTS, "hitCondition": _TEXTS, "logMessage": _TEXTS},
        ),
        max_size=3,
    ),
    "adapterID": st.just("x"),
    "supportsProgressReporting": st.booleans(),
    "requestId": _NUMBERS,
}


def _named(field: str) -> str:
    """A field as it is in a message."""
    first, *others = field.rstrip("_").split("_")
    return first + "".join([word.capitalize() for word in others])


def _typical(command: str) -> st.SearchStrategy[Any]:
    """Arguments that a request may well have."""
    handler = HANDLERS.get(command)
    fields = [_named(field) for field in handler.type.__annotations__] if handler is not None else []
    return st.fixed_dictionaries({field: _KNOWN[field] for field in fields if field in _KNOWN})


def _request(command: str) -> st.SearchStrategy[tuple[str, Any]]:
    """A request: most have typical arguments, some have any."""
    typical = _typical(command)
    anything = st.fixed_dictionaries({}, optional=_KNOWN) | _JSON
    return st.tuples(st.just(command), st.one_of(typical, typical, typical, typical, anything))


_LOOKS = (
    "scopes",
    "variables",
    "stackTrace",
    "evaluate",
    "setVariable",
    "setExpression",
    "completions",
    "exceptionInfo",
)
_STEPS = ("continue", "next", "stepIn", "stepOut", "stepBack", "reverseContinue")
_COMMANDS = st.one_of(
    st.sampled_from(_STEPS), st.sampled_from(_LOOKS), st.sampled_from([*sorted(HANDLERS), "frobnicate"])
)
_REQUESTS = st.lists(_COMMANDS.flatmap(_request), max_size=40)
_MOSTLY = st.sampled_from([True, True, True, True, False])
_BEGIN = [
    ("initialize", {"adapterID": "x"}),
    ("launch", {"stopOnEntry": True, "stopOnExit": True}),
    ("setFunctionBreakpoints", {"breakpoints": [{"name": "logging.log"}]}),
    ("configurationDone", {}),
]


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A component that nobody looks at, and its records."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "plugin.wasm").write_bytes(b"")
    (folder / "records.ndjson").write_text("{}\n")
    return folder


class Sender:
    """A client that sends some requests and keeps what it gets.

    A patient one sends the next when the last is answered, and the plugin stands still; another one sends all at once.
    """

    def __init__(self, requests: Sequence[tuple[str, Any]], *, is_patient: bool) -> None:
        self.messages: list[dict[str, Any]] = []
        self._frames = Frames()
        self._incoming: SimpleQueue[bytes] = SimpleQueue()
        self._waiting = deque(enumerate([*requests, ("disconnect", {})], 1))
        self._is_patient = is_patient
        self._awaited: dict[str, Any] = {}
        self._send()
        while not is_patient and self._waiting:
            self._send()

    def read(self) -> bytes:
        return self._incoming.get(timeout=60)

    def write(self, data: bytes) -> None:
        for body in self._frames.feed(data):
            message = json.loads(body)
            self.messages.append(message)
            if self._is_patient and self._is_done(message):
                self._send()

    def end(self) -> None:
        self._incoming.put(b"")

    def _is_done(self, message: dict[str, Any]) -> bool:
        """Whether it is time for the next request."""
        if message["type"] == "event":
            if message["event"] not in self._awaited.get("events", ()):
                return False
        elif message["request_seq"] != self._awaited["seq"]:
            return False
        elif message["success"] and self._awaited["command"] in _MOVES:
            self._awaited = {"seq": 0, "events": ("stopped", "exited")}
            return False
        self._awaited = {"seq": 0}
        return True

    def _send(self) -> None:
        if self._waiting:
            seq, (command, arguments) = self._waiting.popleft()
            # A launch is answered when the configuration is done.
            events = ("initialized",) if command == "launch" else ()
            self._awaited = {"seq": seq, "command": command, "events": events}
            message = {"seq": seq, "type": "request", "command": command, "arguments": arguments}
            self._incoming.put(framed(json.dumps(message)))


_MOVES = (
    "continue", "next", "stepIn", "stepOut", "stepBack", "reverseContinue", "goto", "restartFrame", "restart",
    "configurationDone",
)  # fmt: skip
"""Requests after which the plugin runs until it stops."""


def converse(requests: Sequence[tuple[str, Any]], *, is_patient: bool) -> list[dict[str, Any]]:
    """All messages of an adapter that is sent some requests, and left."""
    sender = Sender(requests, is_patient=is_patient)
    code = debug(Channel(sender.read, sender.write, 0, 0), lambda report: Scripted("plain", report))
    sender.end()
    assert code == 0
    return sender.messages


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(_MOSTLY, _MOSTLY, _REQUESTS)
def test_any_requests_in_any_order(
    plugin: Path, is_begun: bool, is_patient: bool, requests: list[tuple[str, Any]]
) -> None:
    sent = [with_program(one, plugin) for one in (*(_BEGIN if is_begun else ()), *requests)]
    answered: dict[int, str] = {}
    messages = converse(sent, is_patient=is_patient)
    for message in messages:
        dap_schema.check(message)
        if message["type"] == "response":
            assert message["request_seq"] not in answered, "it is answered twice"
            answered[message["request_seq"]] = message.get("message", "")
    assert "internalError" not in answered.values()
    left = next((seq for seq, (command, _) in enumerate(sent, 1) if command == "disconnect"), len(sent) + 1)
    assert set(range(1, left + 1)) <= set(answered)
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))


def with_program(request: tuple[str, Any], folder: Path) -> tuple[str, Any]:
    """A request; if it is a launch, of a plugin that is there."""
    command, arguments = request
    if command not in ("launch", "restart") or not isinstance(arguments, dict):
        return request
    there = {"program": str(folder / "plugin.wasm"), "input": str(folder / "records.ndjson")}
    return command, {**arguments, **there} if command == "launch" else {}


def test_a_patient_client_comes_far(plugin: Path) -> None:
    requests = [*_BEGIN, ("next", {"threadId": 1}), ("scopes", {"frameId": 3}), ("evaluate", {"expression": "key"})]
    messages = converse([with_program(one, plugin) for one in requests], is_patient=True)
    assert [message["success"] for message in messages if message["type"] == "response"] == [True] * 8
