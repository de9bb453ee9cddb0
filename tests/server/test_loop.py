"""Where the server's messages come from."""

import json
import subprocess
from pathlib import Path

from support.editor import SERVER


def test_a_session_can_be_read_from_a_file(tmp_path: Path) -> None:
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    session = tmp_path / "session"
    session.write_bytes(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(m), m) for m in map(_encoded, messages)))
    with session.open("rb") as file:
        ended = subprocess.run(SERVER, stdin=file, capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b'"id": 2, "result": null' in ended.stdout


def test_parameters_of_the_wrong_shape_are_one_line_in_the_log(tmp_path: Path) -> None:
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "id": 2, "method": "textDocument/hover", "params": {"textDocument": {}}},
        {"jsonrpc": "2.0", "id": 3, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    session = tmp_path / "session"
    session.write_bytes(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(m), m) for m in map(_encoded, messages)))
    with session.open("rb") as file:
        ended = subprocess.run(SERVER, stdin=file, capture_output=True, timeout=60, check=False)
    [line] = ended.stderr.decode().splitlines()
    assert "the parameters of `textDocument/hover` are wrong" in line
    assert b'"code": -32602' in ended.stdout


def _encoded(message: dict[str, object]) -> bytes:
    return json.dumps(message).encode()
