"""What a client can do, from its `initialize` request."""

from typing import Any

import pytest

from dataflare_lsp.server.capabilities import server_capabilities
from dataflare_lsp.server.client import Client, client_of


@pytest.mark.parametrize("params", [None, {}, [], "x", {"capabilities": 1}, {"capabilities": {"textDocument": [1]}}])
def test_a_client_that_says_nothing_sensible_can_do_nothing(params: object) -> None:
    assert client_of(params) == Client()


def with_document(**document: object) -> Client:
    return client_of({"capabilities": {"textDocument": document}})


def test_the_encoding_that_costs_least_is_chosen() -> None:
    def chosen(*offered: object) -> str:
        return client_of({"capabilities": {"general": {"positionEncodings": list(offered)}}}).encoding

    assert chosen("utf-16", "utf-8", "utf-32") == "utf-8"
    assert chosen("utf-16", "utf-32") == "utf-32"
    assert chosen("utf-7", 8) == "utf-16"
    assert chosen() == "utf-16"


def test_folders_by_each_generation_of_the_protocol() -> None:
    assert client_of({"workspaceFolders": [{"uri": "file:///a"}, {"uri": "file:///b"}, {}]}).folders == (
        "file:///a",
        "file:///b",
    )
    assert client_of({"workspaceFolders": None, "rootUri": "file:///a"}).folders == ("file:///a",)
    assert client_of({"rootPath": "/a b"}).folders == ("file:///a%20b",)
    assert client_of({"workspaceFolders": [], "rootUri": "file:///a"}).folders == ()


def test_the_first_format_is_the_preferred_one() -> None:
    assert with_document(hover={"contentFormat": ["markdown", "plaintext"]}).hover_markdown
    assert not with_document(hover={"contentFormat": ["plaintext", "markdown"]}).hover_markdown


def test_only_what_the_client_can_take_is_offered() -> None:
    def offered(**document: Any) -> set[str]:
        return set(server_capabilities(with_document(**document)))

    always = offered()
    assert "codeActionProvider" not in always
    assert "diagnosticProvider" not in always
    assert offered(codeAction={"codeActionLiteralSupport": {}}) - always == {"codeActionProvider"}
    assert offered(diagnostic={}) - always == {"diagnosticProvider"}
