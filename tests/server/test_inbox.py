"""The order of messages."""

import asyncio
import json

from dataflare_lsp.server.inbox import Inbox


class Handler:
    """Notes what is handled; what is named `slow` has to wait."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.slow: set[str] = set()

    def handle(self, message: dict[str, object]) -> None:
        self.seen.append(str(message["method"]))
        if message["method"] == "fail":
            raise RuntimeError("a fault of ours")

    def refuse(self, asked: object, code: int, why: str) -> None:
        self.seen.append(f"{asked} refused: {code}")

    def can_answer(self, message: dict[str, object]) -> bool:
        return message["method"] not in self.slow

    def flush(self) -> None:
        self.seen.append("flush")


def sent(method: str, asked: int | None = None, **params: object) -> bytes:
    message: dict[str, object] = {"method": method, "params": params}
    return json.dumps(message if asked is None else {**message, "id": asked}).encode()


async def inbox() -> tuple[Inbox, Handler]:
    handler = Handler()
    return Inbox(asyncio.get_running_loop(), handler), handler


async def test_messages_are_handled_in_order_and_what_follows_is_done_once() -> None:
    box, handler = await inbox()
    box.receive([sent("one"), sent("two")])
    assert handler.seen == ["one", "two", "flush"]


async def test_what_waits_lets_nothing_pass() -> None:
    box, handler = await inbox()
    handler.slow = {"two"}
    box.receive([sent("one"), sent("two"), sent("three")])
    assert handler.seen == ["one", "flush"]
    handler.slow = set()
    box.resume()
    assert handler.seen == ["one", "flush", "two", "three", "flush"]


async def test_a_request_that_waits_can_be_cancelled() -> None:
    box, handler = await inbox()
    handler.slow = {"two"}
    box.receive([sent("two", 7), sent("three")])
    box.receive([sent("$/cancelRequest", id=7)])
    assert handler.seen == ["flush", "7 refused: -32800", "three", "flush"]


async def test_a_request_that_is_not_waiting_is_left_to_its_handler_to_cancel() -> None:
    box, handler = await inbox()
    box.receive([sent("one", 7), sent("$/cancelRequest", id=8)])
    assert handler.seen == ["one", "$/cancelRequest", "flush"]


async def test_a_fault_takes_one_message_and_no_more() -> None:
    box, handler = await inbox()
    try:
        box.receive([sent("fail"), sent("two")])
    except RuntimeError:
        box.receive([sent("three")])
    assert handler.seen == ["fail", "two", "three", "flush"]
