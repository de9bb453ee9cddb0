"""Work in the background stands back for what the client sends."""

import asyncio
import os
import time
from collections.abc import Iterator

from dataflare_lsp.server.background import Background


async def test_what_has_arrived_goes_before_the_next_turn() -> None:
    happened = []
    arrived, sent = os.pipe()
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> Iterator[None]:
        for step in range(3):
            happened.append(f"step {step}")
            os.write(sent, b"!")
            time.sleep(0.005)  # longer than a turn
            yield
        over.set()

    def take() -> None:
        os.read(arrived, 1)
        happened.append("message")

    loop.add_reader(arrived, take)
    try:
        Background(loop).start("judge", work())
        await over.wait()
    finally:
        loop.remove_reader(arrived)
        os.close(arrived)
        os.close(sent)
    assert happened == ["step 0", "message", "step 1", "message", "step 2", "message"]


async def test_the_most_urgent_job_is_done_first_and_a_new_one_replaces_its_namesake() -> None:
    happened = []
    over = asyncio.Event()
    background = Background(asyncio.get_running_loop())

    def work(name: str) -> Iterator[None]:
        happened.append(name)
        yield
        happened.append(f"{name} again")

    def end() -> Iterator[None]:
        yield
        over.set()

    background.start("tidy", end())
    background.start("judge", work("stale"))
    background.start("judge", work("judge"))
    background.start("open", work("open"))
    await over.wait()
    assert happened == ["open", "open again", "judge", "judge again"]


async def test_a_job_that_fails_leaves_the_others(caplog) -> None:
    over = asyncio.Event()
    background = Background(asyncio.get_running_loop())

    def fail() -> Iterator[None]:
        yield
        raise ValueError("of no use")

    def end() -> Iterator[None]:
        yield
        over.set()

    background.start("open", fail())
    background.start("judge", end())
    await over.wait()
    assert not background.is_at("open")
    assert [record.getMessage() for record in caplog.records] == ["the job 'open' failed"]
