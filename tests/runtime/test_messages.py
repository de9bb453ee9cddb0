"""Values in MessagePack, from any thread, after any failure, without keeping the memory of a large one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dataflare_lsp.runtime.memory import resident
from dataflare_lsp.runtime.messages import packed, unpacked

ROW = ("entry", 1, ("a", b"b", None, True, 1.5, (("c", "\ud800"),)))


def test_what_is_packed_is_unpacked():
    assert unpacked(packed(ROW)) == ROW


def test_a_value_that_cannot_be_packed_leaves_nothing_behind():
    for wrong, error in ((("begun", 1 << 80), OverflowError), (("begun", object()), TypeError)):
        with pytest.raises(error):
            packed(wrong)
        assert unpacked(packed(ROW)) == ROW


def test_threads_pack_at_the_same_time():
    rows = [("row", number, "x" * number) for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert [unpacked(made) for made in pool.map(packed, rows)] == rows


def test_the_memory_of_a_large_value_is_given_back():
    packed(ROW)
    before = resident()
    assert len(packed(bytes(64 << 20))) > 64 << 20
    assert resident() - before < 32 << 20
