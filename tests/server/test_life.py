"""A session's beginning and end, and messages that no well-behaved client sends."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.editor import SERVER
from support.wire import Wire

from dataflare_lsp import __version__

WRONG = "package a:b;\ninterface i { f: func() -> nothing; }\n"
URI = "untitled:a"


def test_the_server_says_who_it_is() -> None:
    with Wire() as wire:
        assert wire.greet()["result"]["serverInfo"] == {"name": "dataflare-lsp", "version": __version__}


def test_after_shutdown_exit_is_a_success() -> None:
    with Wire() as wire:
        wire.greet()
        assert wire.ask("shutdown") == {"jsonrpc": "2.0", "id": 1, "result": None}
        wire.send("exit")
        assert wire.ended() == 0
        assert wire.complaints() == ""


def test_exit_without_shutdown_is_a_failure() -> None:
    with Wire() as wire:
        wire.greet()
        wire.send("exit")
        assert wire.ended() == 1


@pytest.mark.parametrize("greeted", [False, True])
def test_a_client_that_dies_takes_the_server_with_it(greeted: bool) -> None:
    with Wire() as wire:
        if greeted:
            wire.greet()
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        assert wire.ended() == 1
        assert wire.complaints() == ""


def test_a_client_that_reads_no_more_ends_it() -> None:
    with Wire() as wire:
        wire.greet()
        assert wire.process.stdout is not None
        wire.process.stdout.close()
        wire.open(URI, WRONG)
        assert wire.ended() == 1


def test_exit_before_anything_else() -> None:
    with Wire() as wire:
        wire.send("exit")
        assert wire.ended() == 1


def test_requests_before_initialize_are_refused_and_notifications_dropped() -> None:
    with Wire() as wire:
        wire.open(URI, WRONG)
        assert wire.ask("textDocument/hover", {})["error"]["code"] == -32002
        assert "result" in wire.greet()


def test_initialize_comes_once() -> None:
    with Wire() as wire:
        wire.greet()
        assert wire.ask("initialize", {"capabilities": {}})["error"]["code"] == -32600


def test_nothing_is_answered_after_shutdown() -> None:
    with Wire() as wire:
        wire.greet()
        wire.ask("shutdown")
        assert wire.ask("textDocument/hover", {}, 2)["error"]["code"] == -32600
        wire.send("exit")
        assert wire.ended() == 0


def test_messages_that_come_with_the_first_are_kept() -> None:
    with Wire() as wire:
        bodies = [
            b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}',
            b'{"jsonrpc":"2.0","method":"initialized","params":{}}',
            b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}',
            b'{"jsonrpc":"2.0","method":"exit"}',
        ]
        wire.raw(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies))
        assert [wire.receive()["id"], wire.receive()["id"]] == [1, 2]
        assert wire.ended() == 0


def test_what_no_client_should_send_is_answered_and_the_session_goes_on() -> None:
    with Wire() as wire:
        wire.greet()
        wire.body(b"{this is no JSON")
        assert wire.receive()["error"]["code"] == -32700
        wire.body(b"[" * 100_000)
        assert wire.receive()["error"]["code"] == -32700
        wire.body(b"[]")
        assert wire.receive()["error"]["code"] == -32600
        wire.body(b'{"jsonrpc":"2.0"}')
        wire.body(b'{"jsonrpc":"2.0","id":"nobody asked","result":1}')
        wire.body(b'{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}')
        wire.send("textDocument/didOpen", {"textDocument": 1})
        wire.send("$/unknown", {})
        wire.send("no/such", [1])
        wire.send("$/cancelRequest", {"id": 77})
        wire.send("$/setTrace", {"value": "verbose"})
        assert wire.ask("textDocument/hover", {"textDocument": {}})["error"]["code"] == -32602
        assert wire.ask("no/such")["error"]["code"] == -32601
        wire.open(URI, WRONG)
        assert len(wire.published(URI)) == 1


def test_a_client_may_write_as_much_as_it_likes_before_it_reads() -> None:
    wrong = "package a:b;\ninterface i {\n" + "".join(f"f{n}: func() -> nothing;\n" for n in range(1000)) + "}\n"
    with Wire() as wire:
        wire.greet()
        for number in range(40):
            wire.open(f"untitled:{number}", wrong)
        assert [len(wire.published(f"untitled:{number}")) for number in range(40)] == [1000] * 40
        wire.ask("shutdown")
        wire.send("exit")
        assert wire.ended() == 0


def test_frames_that_are_none_end_the_connection() -> None:
    with Wire() as wire:
        wire.greet()
        wire.raw(b"GET / HTTP/1.1\r\n\r\n")
        assert wire.ended() == 1


def test_texts_that_were_never_opened_break_nothing() -> None:
    with Wire() as wire:
        wire.greet()
        where = {"textDocument": {"uri": "untitled:never"}}
        edit = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}
        wire.send(
            "textDocument/didChange",
            {**where, "textDocument": {"uri": "untitled:never", "version": 2}, "contentChanges": [edit]},
        )
        wire.send("textDocument/didSave", where)
        wire.send("textDocument/didClose", where)
        assert wire.ask("textDocument/hover", {**where, "position": {"line": 5, "character": 5}})["result"] is None
        assert wire.ask("textDocument/documentSymbol", where, 2)["result"] == []
        assert (
            wire.ask("textDocument/formatting", {**where, "options": {"tabSize": 2, "insertSpaces": True}}, 3)["result"]
            == []
        )


@pytest.mark.parametrize(
    "uri",
    [
        "",
        ":",
        "file:",
        "file:///%00.wit",
        "file:relative.wit",
        "http://x/y.wit",
        "file:///\ud800.wit",
        "😀",
        "file:///",
    ],
)
def test_any_uri_can_be_opened(uri: str) -> None:
    with Wire() as wire:
        wire.greet()
        wire.open(uri, WRONG)
        assert [one["code"] for one in wire.published(uri)] == ["unresolved-name"]
        wire.send("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert wire.published(uri) == []


def test_lone_surrogates_come_and_go() -> None:
    with Wire() as wire:
        wire.greet(capabilities={"general": {"positionEncodings": ["utf-8"]}})
        wire.open(URI, "package a:b;\n/* \ud800 */ interface \udfff { f: func() -> nothing; }\n")
        codes = [one["code"] for one in wire.published(URI)]
        assert codes
        edit = {"range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 99}}, "text": "\udc00"}
        wire.send("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [edit]})
        assert wire.published(URI) != []
        for asked, method in enumerate(("documentSymbol", "semanticTokens/full"), 1):
            assert "result" in wire.ask(f"textDocument/{method}", {"textDocument": {"uri": URI}}, asked)


def test_places_outside_the_text_are_answered() -> None:
    with Wire() as wire:
        wire.greet()
        wire.open(URI, WRONG)
        for asked, method in enumerate(("hover", "definition", "typeDefinition", "completion"), 1):
            far = {"textDocument": {"uri": URI}, "position": {"line": 2**31 - 1, "character": 2**31 - 1}}
            assert "result" in wire.ask(f"textDocument/{method}", far, asked)


def test_a_request_that_is_cancelled_in_time_is_not_answered_in_vain() -> None:
    with Wire() as wire:
        wire.greet()
        where = {"textDocument": {"uri": URI}}
        bodies = []
        for message in (
            {"id": 1, "method": "textDocument/documentSymbol", "params": where},
            {"id": 2, "method": "textDocument/documentSymbol", "params": where},
            {"method": "$/cancelRequest", "params": {"id": 2}},
        ):
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            bodies.append(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        wire.raw(b"".join(bodies))
        answers = {message["id"]: message for message in (wire.receive(), wire.receive())}
        assert answers[1]["result"] == []
        assert answers[2]["error"]["code"] == -32800


def test_a_fault_of_ours_is_answered_and_the_session_goes_on(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        "import dataflare_lsp.features.hover as module\n"
        "def fail(*_): raise RuntimeError('a fault of ours')\n"
        "module.hover = fail\n"
        "from dataflare_lsp.server.main import serve_stdio\n"
        "raise SystemExit(serve_stdio())\n"
    )
    with Wire([sys.executable, str(broken)]) as wire:
        wire.greet()
        answer = wire.ask("textDocument/hover", {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}})
        assert answer["error"]["code"] == -32603
        assert "a fault of ours" in answer["error"]["message"]
        wire.open(URI, WRONG)
        assert len(wire.published(URI)) == 1
        wire.send("exit")
        wire.ended()
        assert "a fault of ours" in wire.complaints()


def test_what_is_printed_by_mistake_breaks_no_frame(tmp_path: Path) -> None:
    chatty = tmp_path / "chatty.py"
    chatty.write_text(
        "import os\n"
        "import dataflare_lsp.features.hover as module\n"
        "def talk(*_): print('hello', flush=True); os.write(1, b'you'); return None\n"
        "module.hover = talk\n"
        "from dataflare_lsp.server.main import serve_stdio\n"
        "raise SystemExit(serve_stdio())\n"
    )
    with Wire([sys.executable, str(chatty)]) as wire:
        wire.greet()
        where = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
        assert wire.ask("textDocument/hover", where)["result"] is None
        wire.ask("shutdown")
        wire.send("exit")
        assert wire.ended() == 0
        assert wire.complaints() == "hello\nyou"


def test_one_client_is_served_by_tcp() -> None:
    with subprocess.Popen([*SERVER, "--tcp", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        host, _, port = process.stderr.readline().rpartition(" ")[2].strip().rpartition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            for body in (
                b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}',
                b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}',
                b'{"jsonrpc":"2.0","method":"exit"}',
            ):
                connection.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            received = b""
            while data := connection.recv(1 << 16):
                received += data
        assert b'"id": 1' in received
        assert b'"id": 2' in received
        assert process.wait(20) == 0


def test_initialize_is_answered_without_what_takes_long_to_import() -> None:
    program = "import sys, dataflare_lsp.server.handshake; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "pygls",
        "lsprotocol",
        "lsprotocol.types",
        "asyncio",
        "attr",
        "cattrs",
        "dataflare_lsp.wit.parser",
    }
