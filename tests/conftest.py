"""Fixtures for the whole suite: the reference tools."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from support.oracles import OracleMissingError, locate, pinned

# The same examples in every run: a suite tells whether a change broke something, and looking for what was always broken
# is for `python -m tests.fuzz`.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


def _oracle(program: str) -> Path:
    try:
        return locate(pinned()[program])
    except OracleMissingError as missing:
        if os.environ.get("DATAFLARE_LSP_REQUIRE_ORACLES") == "1":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def wasm_tools() -> Path:
    """The reference implementation of WIT, at the pinned version."""
    return _oracle("wasm-tools")


@pytest.fixture(scope="session")
def tree_sitter_cli() -> Path:
    """The generator of the grammar's parser, at the pinned version."""
    return _oracle("tree-sitter")


@pytest.fixture(scope="session")
def wave_reference() -> Path:
    """What asks the reference implementation of WAVE, at the pinned version."""
    return _oracle("wave-reference")


@pytest.fixture
def compiled_once(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What `run` and `replay` compile is kept in a folder of this run of the tests."""
    folder = tmp_path_factory.getbasetemp() / "compiled"
    folder.mkdir(mode=0o700, exist_ok=True)
    monkeypatch.setattr("dataflare_lsp.workspace.compiling.default_folder", lambda: str(folder))
