import json
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest
from inline_snapshot import snapshot

from dataflare_lsp.debug.messages import OutputBody, Request
from dataflare_lsp.debug.transport import Asked, Garbled, Gone, Inbox, Outgoing, Told, read_all
from dataflare_lsp.stream import Channel, framed


def request(seq: int, command: str, **arguments: object) -> bytes:
    return json.dumps({"seq": seq, "type": "request", "command": command, "arguments": arguments}).encode()


def taken(inbox: Inbox[str], count: int) -> list[object]:
    return [inbox.take() for _ in range(count)]


def test_what_happens_is_taken_in_order() -> None:
    inbox: Inbox[str] = Inbox()
    inbox.receive(request(1, "threads"))
    inbox.tell("stopped")
    inbox.end()
    assert taken(inbox, 3) == [Asked(Request(1, "request", "threads", {})), Told("stopped"), Gone()]


def test_a_request_that_waits_can_be_cancelled() -> None:
    inbox: Inbox[str] = Inbox()
    for body in (request(1, "threads"), request(2, "variables"), request(3, "cancel", requestId=2)):
        inbox.receive(body)
    assert [(one.request.command, one.is_cancelled) for one in taken(inbox, 3) if isinstance(one, Asked)] == [
        ("threads", False),
        ("variables", True),
        ("cancel", False),
    ]


def test_what_is_no_request_is_told_with_what_can_be_answered() -> None:
    inbox: Inbox[str] = Inbox()
    for body in (
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b'{"seq": 1, "type": "request"}',
        b'{"seq": 2, "type": "order", "command": "next"}',
        b'{"seq": 3, "type": "response", "command": "runInTerminal"}',
        b'{"seq": "4", "type": "request", "command": "next"}',
    ):
        inbox.receive(body)
    inbox.end()
    found = [(one.why.partition(":")[0], one.asked) for one in taken(inbox, 6) if isinstance(one, Garbled)]
    assert found == snapshot(
        [
            ("this is not JSON", None),
            ("this is not JSON", None),
            ("a message is a JSON object", None),
            ("`request.command` is missing", None),
            ("`request.type`", (2, "next")),
            ("`request.seq`", None),
        ]
    )


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_frames_may_come_in_any_pieces(size: int) -> None:
    data = b"".join([framed(request(seq, "threads").decode()) for seq in range(1, 6)])
    pieces = iter([data[at : at + size] for at in range(0, len(data), size)])
    inbox: Inbox[str] = Inbox()
    read_all(Channel(lambda: next(pieces, b""), lambda _: None, 0, 0), inbox, lambda: None)
    assert [one.request.seq for one in taken(inbox, 5) if isinstance(one, Asked)] == [1, 2, 3, 4, 5]
    assert inbox.take() == Gone()


@pytest.mark.parametrize(
    ("garbage", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "a header has no valid Content-Length"),
        (b"Content-Length: -5\r\n\r\n", "a header has no valid Content-Length"),
        (b"Content-Length: 99999999999999\r\n\r\n", "a header has no valid Content-Length"),
        (b"Content-Length: 99999999999\r\n\r\n", "a message of 99,999,999,999 bytes is longer than 64 MiB"),
        (b"x" * 20_000, "a header does not end"),
    ],
)
def test_after_garbage_nothing_can_be_told_apart(garbage: bytes, why: str) -> None:
    inbox: Inbox[str] = Inbox()
    pieces = iter([garbage])
    read_all(Channel(lambda: next(pieces, b""), lambda _: None, 0, 0), inbox, lambda: None)
    assert inbox.take() == Gone(f"what arrives are no messages: {why}")


def test_a_debuggee_that_reports_faster_than_it_is_heard_waits() -> None:
    inbox: Inbox[int] = Inbox()
    done: SimpleQueue[int] = SimpleQueue()

    def storm() -> None:
        for number in range(5000):
            inbox.tell(number)
        done.put(5000)

    thread = threading.Thread(target=storm)
    thread.start()
    assert [inbox.take() for _ in range(5000)] == [Told(number) for number in range(5000)]
    assert done.get() == 5000
    thread.join()


def test_who_takes_never_waits_for_room() -> None:
    """The session itself may have the last report told, when it ends what it debugs."""
    inbox: Inbox[int] = Inbox()
    teller = threading.Thread(target=lambda: [inbox.tell(number) for number in range(500)], daemon=True)
    teller.start()
    assert inbox.take() == Told(0)
    for _ in range(500):
        inbox.tell(-1)
    found = taken(inbox, 999)
    assert [one for one in found if one != Told(-1)] == [Told(number) for number in range(1, 500)]
    teller.join()


@pytest.fixture
def sending() -> Iterator[Callable[[Callable[[bytes], None]], Outgoing]]:
    started: list[Outgoing] = []

    def start(write: Callable[[bytes], None]) -> Outgoing:
        started.append(Outgoing(write))
        return started[-1]

    yield start
    for outgoing in started:
        outgoing.lose()
        outgoing.finish()


def test_what_is_sent_is_numbered(sending: Callable[[Callable[[bytes], None]], Outgoing]) -> None:
    written: list[bytes] = []
    outgoing = sending(written.append)
    outgoing.event("output", OutputBody("hi\n"))
    outgoing.answer(Request(9, "request", "threads"))
    outgoing.refuse(10, "next", "notStopped")
    outgoing.finish()
    assert [json.loads(data.partition(b"\r\n\r\n")[2]) for data in written] == snapshot(
        [
            {"seq": 1, "type": "event", "event": "output", "body": {"output": "hi\n"}},
            {"seq": 2, "type": "response", "request_seq": 9, "success": True, "command": "threads"},
            {
                "seq": 3,
                "type": "response",
                "request_seq": 10,
                "success": False,
                "command": "next",
                "message": "notStopped",
            },
        ]
    )


def test_a_client_that_is_gone_stops_nobody(sending: Callable[[Callable[[bytes], None]], Outgoing]) -> None:
    def broken(data: bytes) -> None:
        raise BrokenPipeError

    outgoing = sending(broken)
    for _ in range(100):
        outgoing.event("output", OutputBody("x" * (1 << 20)))
    outgoing.finish()


def test_a_client_that_takes_nothing_and_asks_nothing_is_not_waited_for(
    sending: Callable[[Callable[[bytes], None]], Outgoing],
) -> None:
    taken = threading.Event()
    outgoing = sending(lambda data: taken.wait(60) and None)
    sent = threading.Event()

    def send() -> None:
        for _ in range(40):
            outgoing.event("output", OutputBody("x" * (1 << 20)))
        sent.set()

    threading.Thread(target=send, daemon=True).start()
    assert not sent.wait(0.2), "it waits as long as the client may ask for something"
    outgoing.hurry()
    assert sent.wait(60)
    taken.set()
