"""The cache of compiled components: kept by content, private, bounded, whole at every moment."""

import os
import sys
from pathlib import Path

import pytest

from dataflare_lsp.runtime.cache import Cache, NotPrivate

posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are those of POSIX")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    tmp_path.chmod(0o700)
    return Cache(str(tmp_path / "compiled"), limit=1_000)


def keep(cache: Cache, digest: str, size: int = 100, used: float | None = None) -> Path:
    with cache.new_file("engine") as temporary:
        Path(temporary).write_bytes(b"x" * size)
        path = Path(cache.keep_artefact("engine", digest, temporary))
    if used is not None:
        os.utime(path, (used, used))
    return path


def test_what_was_kept_is_found_by_engine_and_content(cache: Cache):
    path = keep(cache, "aa")
    assert cache.artefact("engine", "aa") == str(path)
    assert cache.artefact("engine", "bb") is None
    assert cache.artefact("other", "aa") is None


def test_nothing_but_what_was_kept_is_left(cache: Cache):
    path = keep(cache, "aa")

    def interrupted() -> None:
        with cache.new_file("engine") as temporary:
            Path(temporary).write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [Path(entry.path) for entry in cache.entries()] == [path]


def test_what_was_not_used_for_longest_goes_first(cache: Cache):
    old = keep(cache, "old", 400, used=1_000)
    new = keep(cache, "new", 400, used=2_000)
    assert cache.artefact("engine", "old") == str(old)  # and so it is the newest now
    third = keep(cache, "third", 400)
    assert {Path(entry.path) for entry in cache.entries()} == {old, third}
    assert not new.exists()


def test_one_that_is_larger_than_the_limit_is_kept_alone(cache: Cache):
    keep(cache, "small")
    large = keep(cache, "large", 5_000)
    assert [Path(entry.path) for entry in cache.entries()] == [large]


def test_a_verdict_is_kept(cache: Cache):
    assert cache.verdict("engine", "aa") is None
    cache.keep_verdict("engine", "aa", {"message": "wrong", "offset": 3})
    assert cache.verdict("engine", "aa") == {"message": "wrong", "offset": 3}


def test_a_verdict_that_is_damaged_is_none(cache: Cache):
    cache.keep_verdict("engine", "aa", {"message": "wrong"})
    Path(cache.entries()[0].path).write_bytes(b'{"message": ')
    assert cache.verdict("engine", "aa") is None


def test_clearing_leaves_nothing(cache: Cache):
    keep(cache, "aa", 100)
    keep(cache, "bb", 20)
    assert cache.clear() == 120
    assert not Path(cache.folder).exists()
    assert cache.clear() == 0


def test_clearing_leaves_what_is_not_a_file_alone(cache: Cache, tmp_path: Path):
    keep(cache, "aa")
    (tmp_path / "mine").write_text("mine")
    (Path(cache.folder) / "link").symlink_to(tmp_path / "mine")
    cache.clear()
    assert (tmp_path / "mine").read_text() == "mine"


@posix
def test_only_the_user_can_read_what_is_kept(cache: Cache):
    assert keep(cache, "aa").stat().st_mode & 0o777 == 0o600
    assert Path(cache.folder, "engine").stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize("shared", ["engine/aa.cwasm", "engine", "", ".."])
def test_what_others_could_write_is_not_used(cache: Cache, shared: str):
    keep(cache, "aa")
    place = Path(os.path.normpath(Path(cache.folder, shared)))
    place.chmod(place.stat().st_mode | 0o022)
    with pytest.raises(NotPrivate, match="can be written by others"):
        cache.artefact("engine", "aa")


@posix
def test_a_link_is_not_used(cache: Cache, tmp_path: Path):
    path = keep(cache, "aa")
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotPrivate, match="is a link"):
        cache.artefact("engine", "aa")


@posix
def test_what_belongs_to_somebody_else_is_not_used(cache: Cache, monkeypatch: pytest.MonkeyPatch):
    keep(cache, "aa")
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    with pytest.raises(NotPrivate, match="belongs to somebody else"):
        cache.artefact("engine", "aa")
