"""`run --debug`: the plugin waits for a debugger that attaches."""

import subprocess
import sys
from pathlib import Path

import pytest
from support import handmade
from support.dap_tcp import TcpClient

RUN = [sys.executable, "-m", "dataflare_lsp", "run"]


def test_a_debugger_attaches_to_a_plugin_that_waits(tmp_path: Path) -> None:
    (tmp_path / "plugin.wat").write_text(handmade.plugin("processor", handmade.ECHO), encoding="utf-8")
    (tmp_path / "records.ndjson").write_text('{"payload": "abc"}\n', encoding="utf-8")
    command = [*RUN, "plugin.wat", "--input", "records.ndjson", "--debug", "0", "--timeout", "5s"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("dataflare-lsp: listening at 127.0.0.1:")
        client = TcpClient("127.0.0.1", int(said.rpartition(":")[2]))
        try:
            client.send("initialize", adapterID="dataflare")
            client.until("response", "initialize")
            client.send("attach", stopOnEntry=True)
            client.until("event", "initialized")
            client.send("configurationDone")
            assert client.until("event", "stopped")["body"]["reason"] == "entry"
            client.send("continue", threadId=1)
            while (body := client.until("event", "output")["body"])["category"] != "result":
                pass
            assert body["output"] == '0: success({id: "1", timestamp: 0, payload: [97, 98, 99], metadata: []})\n'
            client.until("event", "terminated")
            client.send("disconnect")
            client.until("response", "disconnect")
        finally:
            client.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--debug", "port"], "`port` is no port: expected a number below 65536, such as `--debug 4711`"),
        (["--debug", "0", "--count", "3"], "`--debug` and `--count` exclude each other"),
        (["--debug", "0", "--call", "f()", "--call", "g()"], "`--debug` takes one `--call`"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path: Path, options: list[str], reason: str) -> None:
    (tmp_path / "plugin.wat").write_text(handmade.plugin("processor", handmade.ECHO), encoding="utf-8")
    done = subprocess.run([*RUN, "plugin.wat", *options], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert reason in done.stderr
