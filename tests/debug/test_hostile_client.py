"""Clients that mean no good, through the adapter's own command.

Whatever they do, the adapter then answers a right request, or has ended with a clear word. No process is left of it, and
nothing in the folder of temporary files.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from support.dap import REAL, Client, RefusedError, client
from support.debugged import kill, wait_for
from support.logs_records import LINE, LOGGING, RUN, written

from dataflare_lsp.debug.breakpoints import MOST

MILLION = 1_000_000
FUNCTION = "data-processor.process"
Deed = Callable[[Client], None]
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


def started_with(temporary: Path) -> list[int]:
    """The processes that were started with this folder for temporary files, whoever started them."""
    if sys.platform != "linux":
        return []
    sign = f"TMPDIR={temporary}".encode()
    return [int(name) for name in os.listdir("/proc") if name.isdecimal() and sign in _environment(name)]


def _environment(process: str) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return []  # it has ended


def check_nothing_is_left(temporary: Path) -> None:
    wait_for(lambda: started_with(temporary) == [])
    assert list(temporary.iterdir()) == []


@pytest.fixture
def adapter(tmp_path: Path, cache: Path, temporary: Path) -> Iterator[Client]:
    written(tmp_path, "a", "b")
    with client(REAL, tmp_path, cache) as opened:
        yield opened
    check_nothing_is_left(temporary)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Client]:
    """A plugin that stands where it logs its first record. It is the same one for all that leave it there."""
    folder, temporary = tmp_path_factory.mktemp("standing"), tmp_path_factory.mktemp("temporary")
    written(folder, "a", "b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        with client(REAL, folder, cache) as opened:
            opened.launch(**RUN, breakpoints=["log"])
            yield opened
            assert opened.leave() == 0
    check_nothing_is_left(temporary)


def check_it_answers(adapter: Client) -> None:
    assert adapter.evaluate("message") == '"r0"'


# Requests that are refused -------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a second launch": ("launch", RUN, "`launch` is for a session that is initialized; this one is stopped"),
    "launch, then attach": ("attach", {}, "`attach` is for a session that is initialized; this one is stopped"),
    "a second beginning": (
        "initialize",
        {"adapterID": "x"},
        "`initialize` is for a session that is new; this one is stopped",
    ),
    "configured again": (
        "configurationDone",
        {},
        "`configurationDone` is for a session that is configuring; this one is stopped",
    ),
    "pause of what stands": ("pause", {"threadId": 1}, "`pause` is for a session that is running; this one is stopped"),
    "another thread": (
        "next",
        {"threadId": 1 << 70},
        "there is no thread 1180591620717411303424; the plugin is thread 1",
    ),
    "an unknown frame": ("scopes", {"frameId": -5}, "this frame is of a stop that is over"),
    "unknown variables": ("variables", {"variablesReference": 1 << 70}, "these variables are of a stop that is over"),
    "a record far away": (
        "goto",
        {"threadId": 1, "targetId": 1 << 70},
        "there is no record 1180591620717411303424: they are numbered from 0, as `gotoTargets` has them",
    ),
    "an unknown text": ("source", {"sourceReference": 1 << 70}, "there is no text of this number"),
    "a huge expression": (
        "evaluate",
        {"expression": "[" * MILLION},
        "the expression is longer than 2000 characters",
    ),
    "a deep expression": (
        "evaluate",
        {"expression": "(" * 900 + "1" + ")" * 900},
        "the expression is nested too deeply",
    ),
    "an expression that takes for ever": (
        "evaluate",
        {"expression": "[1, 2, 3, 4, 5, 6, 7, 8].map(a, " * 9 + "1" + ")" * 9},
        "`[1, 2, 3, 4, 5, 6, 7, 8].map(a, [1, 2, 3, 4, 5, 6, 7, 8].map…` takes longer than 50 ms",
    ),
    "a call while it stands": (
        "evaluate",
        {"expression": f"{FUNCTION}({'[' * MILLION}"},
        "functions can be called when all records are through: see `stopOnExit`",
    ),
    "a path of a million characters": (
        "setBreakpoints",
        {"source": {"path": "x" * MILLION}, "breakpoints": [{"line": 1}]},
        "the source's path is longer than 4096 characters: no file has such a one",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_is_refused_with_a_reason(standing: Client, name: str) -> None:
    command, arguments, reason = REFUSED[name]
    assert standing.refusal(command, **arguments) == reason
    check_it_answers(standing)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("7", "expected a value of type string, found `7`; strings are written in double quotes (at column 1)"),
        (
            "{" * MILLION,
            "expected a value of type string, found `{`; strings are written in double quotes (at column 1)",
        ),
        ('"', 'this string is not closed; expected `"` on the same line (at column 1)'),
        ('"\\u{d800}"', "no character has the number d800 (at column 2)"),
    ],
    ids=["a number", "a million braces", "half a string", "half a character"],
)
def test_a_value_of_a_wrong_type_is_not_set(standing: Client, written: str, reason: str) -> None:
    reference = standing.scopes()["Arguments"]
    assert standing.refusal("setVariable", variablesReference=reference, name="message", value=written) == reason
    assert standing.refusal("setExpression", expression="message", value=written) == reason
    check_it_answers(standing)


# Requests that are answered ------------------------------------------------------------------------------------------


def ten_thousand_breakpoints(adapter: Client) -> None:
    wanted = [
        {"line": LINE, "condition": None if number % 10 else f"message == 'x{number}'"} for number in range(MOST + 1)
    ]
    placed = adapter.ask("setBreakpoints", source={"path": str(LOGGING)}, breakpoints=wanted)["breakpoints"]
    assert len(placed) == len(wanted)
    assert all(one["verified"] for one in placed[:-1])
    assert placed[-1]["message"] == f"there are more than {MOST} breakpoints"
    # All of them are asked on the way.
    adapter.go("stepBack")
    assert adapter.go("continue").endswith("breakpoint: Paused where logging.log is called")
    adapter.ask("setBreakpoints", source={"path": str(LOGGING)}, breakpoints=[])


def ten_thousand_function_breakpoints(adapter: Client) -> None:
    wanted = [{"name": f"logging.no-{number}"} for number in range(MOST)]
    placed = adapter.ask("setFunctionBreakpoints", breakpoints=wanted)["breakpoints"]
    assert [one["verified"] for one in placed] == [False] * MOST
    adapter.ask("setFunctionBreakpoints", breakpoints=[{"name": "log"}])


def conditions_that_take_for_ever(adapter: Client) -> None:
    costly = "[1, 2, 3, 4, 5, 6, 7, 8].map(a, " * 9 + "1" + ")" * 9 + " == []"
    wanted = [{"name": "log", "condition": f"{costly} || false"} for _ in range(100)]
    adapter.ask("setFunctionBreakpoints", breakpoints=wanted)
    assert adapter.go("continue") == "function breakpoint: Paused where logging.log is called"
    assert "` takes longer than 50 ms\n" in adapter.output("console")
    assert "has no value here: all that is asked at this stop takes too long together\n" in adapter.output("console")
    adapter.ask("setFunctionBreakpoints", breakpoints=[{"name": "log"}])
    adapter.go("reverseContinue")


def patterns_that_take_for_ever(adapter: Client) -> None:
    wanted = [{"name": "*a" * 200 + "*b"}, {"name": "x" * MILLION}]
    placed = adapter.ask("setFunctionBreakpoints", breakpoints=wanted)["breakpoints"]
    assert [one["verified"] for one in placed] == [False, False]
    adapter.ask("setFunctionBreakpoints", breakpoints=[{"name": "log"}])


def lines_and_messages_beyond_all_measure(adapter: Client) -> None:
    wanted = [
        {"line": 1 << 70, "column": -(1 << 70)},
        {"line": -(1 << 70)},
        {"line": LINE, "logMessage": "{1}" * MILLION},
        {"line": LINE, "hitCondition": ">" * MILLION},
    ]
    placed = adapter.ask("setBreakpoints", source={"path": str(LOGGING)}, breakpoints=wanted)["breakpoints"]
    assert [one["message"] for one in placed] == snapshot(
        [
            "the file ends before this line",
            "the file ends before this line",
            "the message is longer than 2000 characters",
            "`>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>` is no hit condition: write `5`, `>= 3` or `% 10 == 0`",
        ]
    )
    adapter.ask("setBreakpoints", source={"path": str(LOGGING)}, breakpoints=[])


def completions_of_a_million_characters(adapter: Client) -> None:
    for text in ("a" * MILLION, "a." * MILLION, f"{FUNCTION}(" + "[" * MILLION):
        assert adapter.ask("completions", text=text, column=len(text) + 1)["targets"] == []


def pages_that_are_not_there(adapter: Client) -> None:
    reference = adapter.scopes()["Arguments"]
    assert list(adapter.variables(reference)) == ["level", "message"]
    for page, found in (
        ({"start": -5, "count": 1 << 70}, ["level", "message"]),
        ({"start": 1 << 70, "count": 1 << 70}, []),
        ({"start": 1, "count": -1}, ["message"]),
        ({"filter": "indexed", "start": 1 << 63}, []),
    ):
        assert list(adapter.variables(reference, **page)) == found
    assert adapter.ask("stackTrace", threadId=1, startFrame=1 << 70, levels=1 << 70)["stackFrames"] == []


def ten_thousand_requests_before_an_answer_is_read(adapter: Client) -> None:
    sent = [adapter.send("threads") for _ in range(10_000)]
    assert [adapter.answer(seq)["threads"][0]["id"] for seq in sent] == [1] * len(sent)


def everything_is_cancelled(adapter: Client) -> None:
    asked = [adapter.send("evaluate", expression="message") for _ in range(1000)]
    cancels = [adapter.send("cancel", requestId=seq, progressId="all") for seq in asked]
    assert {outcome(adapter, seq) for seq in asked} <= {'"r0"', "cancelled before it was begun"}
    for seq in (*cancels, adapter.send("cancel", requestId=1 << 70)):
        adapter.answer(seq)


def outcome(adapter: Client, seq: int) -> str:
    """What an expression means, or why it is not said."""
    try:
        result: str = adapter.answer(seq)["result"]
    except RefusedError as refused:
        return str(refused)
    return result


def bodies_that_are_no_requests(adapter: Client) -> None:
    for body in (b"", b"\xff\0", b"[" * 100_000, b'{"a":' * 100_000, b"[]", b'{"seq": ' + b"9" * 5000 + b"}", b"NaN"):
        adapter.body(body)
        said = adapter.event("output")
        assert said["output"].startswith("The debug adapter was sent something that it cannot read: ")
    deep = b"[" * 900 + b"]" * 900
    adapter.body(b'{"seq": 1000000, "type": "request", "command": "threads", "arguments": %b}' % deep)
    assert outcome(adapter, 1_000_000) == "`arguments`: expected an object, found an array"


ANSWERED: list[Deed] = [
    ten_thousand_breakpoints,
    ten_thousand_function_breakpoints,
    conditions_that_take_for_ever,
    patterns_that_take_for_ever,
    lines_and_messages_beyond_all_measure,
    completions_of_a_million_characters,
    pages_that_are_not_there,
    ten_thousand_requests_before_an_answer_is_read,
    everything_is_cancelled,
    bodies_that_are_no_requests,
]


@pytest.mark.parametrize("deed", ANSWERED, ids=lambda deed: deed.__name__)
def test_it_answers_afterwards(standing: Client, deed: Deed) -> None:
    standing.checks = False
    try:
        deed(standing)
    finally:
        standing.checks = True
    check_it_answers(standing)


def test_an_idle_plugin_is_called_with_anything(adapter: Client) -> None:
    adapter.launch(program="plugin.wat")
    for call, said in (
        (f"{FUNCTION}({'[' * MILLION}", "expected a value of type record { id: string, timestamp: u64, "),
        ("x" * MILLION + "(", "the plugin exports no function `xxx"),
        (f'{FUNCTION}({{id: "{"x" * MILLION}"', "expected"),
    ):
        assert adapter.refusal("evaluate", expression=call, context="repl").startswith(said)
    payload = ", ".join(["7"] * 100_000)
    given = f'{{id: "{"x" * MILLION}", timestamp: 1, payload: [{payload}], metadata: []}}'
    result = adapter.evaluate(f"{FUNCTION}({given})", "repl")
    assert len(result) < MILLION / 10
    assert "7, … 99000 more], metadata: []})" in result
    assert " more characters\n" in adapter.output("log")
    assert adapter.leave() == 0


@needs_proc
@pytest.mark.parametrize("moment", ["while it stands", "in mid-step"])
def test_its_process_is_killed_and_it_is_started_again(adapter: Client, temporary: Path, moment: str) -> None:
    where = adapter.launch(**RUN, breakpoints=["log"])
    if moment == "in mid-step":
        adapter.send("reverseContinue", threadId=1)
    kill_plugins(adapter, temporary)
    while (ended := adapter.where()) == "step: Paused on entry into data-processor.process":
        kill_plugins(adapter, temporary)  # the step was over before
    assert ended == "ended with 1"
    assert "The plugin has ended (host): its process " in adapter.output("stderr")
    assert adapter.refusal("next", threadId=1) == "the plugin does not stand still; pause it first"
    adapter.ask("restart")
    assert adapter.where() == where
    check_it_answers(adapter)
    assert adapter.leave() == 0


def kill_plugins(adapter: Client, temporary: Path) -> None:
    for process in started_with(temporary):
        if process != adapter.process.pid:
            kill(process)


# Launches ------------------------------------------------------------------------------------------------------------

NOT_LAUNCHED: dict[str, tuple[dict[str, Any], str]] = {
    "a name with a zero": ({"program": "a\0b"}, "there is no `HERE/a\0b`"),
    "a plugin that is not there": ({"program": "gone.wasm"}, "there is no `HERE/gone.wasm`"),
    "records that are not there": (
        {**RUN, "input": "gone.ndjson"},
        "there is no file `HERE/gone.ndjson`, which `input` names",
    ),
}


@pytest.mark.parametrize("name", NOT_LAUNCHED)
def test_what_cannot_be_launched_says_so(adapter: Client, tmp_path: Path, name: str) -> None:
    given, said = NOT_LAUNCHED[name]
    adapter.ask("initialize", adapterID="x")
    with pytest.raises(RefusedError) as refused:
        adapter.ask("launch", **given)
    assert refused.value.is_shown
    assert str(refused.value).replace(str(tmp_path), "HERE") == said
    assert adapter.ask("threads") == {"threads": []}
    assert adapter.leave() == 0


def test_a_right_launch_after_wrong_ones(adapter: Client) -> None:
    for command in ("launch", "threads", "configurationDone"):
        assert adapter.refusal(command) == "the first request is `initialize`"
    adapter.ask("initialize", adapterID="x")
    adapter.refusal("launch", program=7)
    adapter.refusal("attach")
    launching = adapter.send("launch", **RUN, stopOnEntry=True)
    adapter.event("initialized")
    adapter.ask("configurationDone")
    adapter.answer(launching)
    assert adapter.where() == "entry: Paused on entry into data-processor.process"
    assert adapter.leave() == 0


# Ends ----------------------------------------------------------------------------------------------------------------

UNREADABLE = {
    "garbage": (b"GET / HTTP/1.1\r\n\r\n", "what arrives are no messages: a header has no valid Content-Length"),
    "a hundred megabytes": (
        b"Content-Length: 100000000\r\n\r\n{",
        "what arrives are no messages: a message of 100,000,000 bytes is longer than 64 MiB",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_after_what_cannot_be_read_it_ends_with_a_word(adapter: Client, name: str) -> None:
    data, said = UNREADABLE[name]
    adapter.ask("initialize", adapterID="x")
    adapter.raw(data)
    assert ended(adapter) == (1, f"dataflare-lsp: {said}\n")


def test_a_client_that_takes_no_answers_is_left(adapter: Client) -> None:
    """Its requests wait for its answers to be taken, but not for ever more of them."""
    adapter.ask("initialize", adapterID="x")
    for _ in range(3):
        # The answer is nine megabytes.
        adapter.send("setBreakpoints", source={"path": "x" * 4000}, breakpoints=[{"line": 1}] * 2200)
    try:
        for _ in range(100):
            adapter.body(b" " * MILLION)
    except BrokenPipeError:
        pass  # it has left
    assert ended(adapter) == snapshot(
        (1, "dataflare-lsp: more than 64 MiB of requests wait for their answers: take these first\n")
    )


def ended(adapter: Client) -> tuple[int, str]:
    """How an adapter has ended, and what it said to whoever has started it."""
    code = adapter.process.wait(60)
    assert adapter.process.stderr is not None
    return code, adapter.process.stderr.read().decode()


def in_mid_launch(adapter: Client) -> None:
    adapter.ask("initialize", adapterID="x")
    adapter.send("launch", **RUN)


def before_it_was_configured(adapter: Client) -> None:
    in_mid_launch(adapter)
    adapter.event("initialized")


def in_mid_step(adapter: Client) -> None:
    adapter.launch(**RUN, breakpoints=["log"])
    for command in ("next", "stepBack"):
        adapter.send(command, threadId=1)


def in_mid_search(adapter: Client) -> None:
    adapter.launch(**RUN, breakpoints=["log"])
    adapter.go("next")
    adapter.send("reverseContinue", threadId=1)


def in_mid_call(adapter: Client, payload: int = ord("l")) -> None:
    adapter.launch(program="plugin.wat")
    call = f'{FUNCTION}({{id: "x", timestamp: 1, payload: [{payload}], metadata: []}})'
    adapter.send("evaluate", expression=call, context="repl")


def while_the_plugin_logs_without_end(adapter: Client) -> None:
    """Nobody takes what it logs, either."""
    in_mid_call(adapter, payload=ord("s"))


LEFT = [
    (in_mid_launch, "disconnect"),
    (in_mid_launch, "close"),
    (before_it_was_configured, "close"),
    (in_mid_step, "disconnect"),
    (in_mid_search, "disconnect"),
    (in_mid_call, "close"),
    (while_the_plugin_logs_without_end, "disconnect"),
    (while_the_plugin_logs_without_end, "close"),
]


@pytest.mark.parametrize(("deed", "how"), LEFT)
def test_it_is_left(adapter: Client, deed: Deed, how: str) -> None:
    deed(adapter)
    assert adapter.process.stdin is not None
    if how == "disconnect":
        adapter.send("disconnect")
    adapter.process.stdin.close()
    assert ended(adapter) == (0 if how == "disconnect" else 1, "")
