import os
from pathlib import Path

import pytest

from dataflare_lsp.cli.cache import amount
from dataflare_lsp.runtime import cache as kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("dataflare_lsp.cli.cache.default_folder", lambda: str(tmp_path / "compiled"))
    return tmp_path / "compiled"


def test_a_cache_that_is_not_there(cli, folder: Path):
    assert cli("cache") == (0, f"{folder}\nnothing was compiled yet\n", "")
    assert cli("cache", "--clear") == (0, "the cache was empty\n", "")


def test_what_is_there_is_shown_and_cleared(cli, folder: Path):
    cache = kept.Cache(str(folder))
    with cache.new_file("engine") as temporary:
        Path(temporary).write_bytes(b"x" * 3_000)
        cache.keep_artefact("engine", "aa", temporary)
    assert cli("cache") == (0, f"{folder}\n1 compiled component, 2.9 KiB of at most 2.0 GiB\n", "")
    assert cli("cache", "--clear") == (0, "cleared 2.9 KiB\n", "")
    assert not folder.exists()


def test_the_folder_is_in_the_users_cache():
    assert os.path.isabs(kept.default_folder())
    assert kept.default_folder().endswith(os.path.join("dataflare-lsp", "compiled"))


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (5 << 40, "5.0 TiB"), (5 << 50, "5120.0 TiB")],
)
def test_amounts(size: int, shown: str):
    assert amount(size) == shown
