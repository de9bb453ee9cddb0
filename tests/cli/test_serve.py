import sys
import types

import pytest

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.serve import address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7000", ("127.0.0.1", 7000)),
        (":7000", ("127.0.0.1", 7000)),
        ("0.0.0.0:7000", ("0.0.0.0", 7000)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_addresses(text: str, expected: tuple[str, int]):
    assert address(text) == expected


@pytest.mark.parametrize("text", ["localhost", "localhost:", "127.0.0.1:65536", ":-1", "::x"])
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(Failure) as refused:
        address(text)
    assert refused.value.message == (
        f"`{text}` is not an address to listen at: expected PORT or HOST:PORT, such as `--tcp 7000`"
    )


@pytest.fixture
def served(monkeypatch) -> list[object]:
    """How a server was started, in place of one."""
    started: list[object] = []
    server = types.ModuleType("dataflare_lsp.server.main")
    server.serve_stdio = lambda: started.append("stdio") or 0  # type: ignore[attr-defined]

    def serve_tcp(host: str, port: int) -> int:
        if port == 1:
            raise PermissionError(13, "Permission denied")
        started.append((host, port))
        return 0

    server.serve_tcp = serve_tcp  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dataflare_lsp.server.main", server)
    return started


def test_standard_input_and_output_are_the_default(cli, served):
    assert cli("serve") == cli("serve", "--stdio") == (0, "", "")
    assert served == ["stdio", "stdio"]


def test_tcp_stays_on_this_machine_unless_told_otherwise(cli, served):
    assert cli("serve", "--tcp", "7000") == cli("serve", "--tcp=0.0.0.0:7000") == (0, "", "")
    assert served == [("127.0.0.1", 7000), ("0.0.0.0", 7000)]


def test_there_is_one_way_to_talk(cli, served):
    assert cli("serve", "--stdio", "--tcp", "7000").err == "error: `--stdio` and `--tcp` exclude each other\n"


def test_a_port_that_cannot_be_had(cli, served):
    assert cli("serve", "--tcp", "1") == (2, "", "error: cannot listen at 127.0.0.1:1: permission denied\n")
