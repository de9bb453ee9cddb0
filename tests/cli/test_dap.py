"""`dap`: how the adapter is reached. What it does is tested in tests/debug."""

import json
import socket
import subprocess
import sys

import pytest

INITIALIZE = json.dumps(
    {"seq": 1, "type": "request", "command": "initialize", "arguments": {"adapterID": "x"}}
).encode()
DISCONNECT = json.dumps({"seq": 2, "type": "request", "command": "disconnect"}).encode()


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.parametrize("options", [(), ("--stdio",)])
def test_by_standard_input_and_output(options: tuple[str, ...]):
    command = [sys.executable, "-m", "dataflare_lsp.cli.main", "dap", *options]
    done = subprocess.run(command, input=framed(INITIALIZE) + framed(DISCONNECT), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"Content-Length: ") >= 2
    assert b'"supportsStepBack":true' in done.stdout


def test_by_a_port():
    command = [sys.executable, "-m", "dataflare_lsp.cli.main", "dap", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        assert said.startswith("dataflare-lsp: listening at 127.0.0.1:")
        with socket.create_connection(("127.0.0.1", int(said.rpartition(":")[2])), timeout=60) as connection:
            connection.sendall(framed(INITIALIZE) + framed(DISCONNECT))
            received = b""
            while data := connection.recv(1 << 16):
                received += data
        assert b'"supportsStepBack":true' in received
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "x"), "`x` is no port: expected a number below 65536, such as `--port 4711`"),
        (("--port", "65536"), "`65536` is no port: expected a number below 65536, such as `--port 4711`"),
        (("--stdio", "--port", "1"), "`--stdio` and `--port` exclude each other"),
    ],
)
def test_what_is_wrong_is_said(cli, arguments: tuple[str, ...], said: str):
    assert cli("dap", *arguments) == (2, "", f"error: {said}\n")


def test_a_port_that_is_taken_is_refused(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = cli("dap", "--port", str(port))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: cannot listen at 127.0.0.1:{port}: ")
