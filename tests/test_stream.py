"""Frames, however the bytes come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.stream import Frames, NotFrames, framed


@given(st.lists(st.binary(max_size=20), max_size=5), st.integers(1, 30))
def test_messages_come_out_as_they_went_in_whatever_the_pieces(bodies: list[bytes], size: int) -> None:
    data = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)
    frames = Frames()
    found = [body for at in range(0, len(data), size) for body in frames.feed(data[at : at + size])]
    assert found == bodies


def test_other_headers_and_any_case_are_taken() -> None:
    data = b"content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:2\r\n\r\n{}"
    assert list(Frames().feed(data)) == [b"{}"]


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"Content-Length: -1\r\n\r\n", b"x" * 20_000])
def test_what_is_no_frame_ends_it(data: bytes) -> None:
    with pytest.raises(NotFrames):
        list(Frames().feed(data))


def test_a_frame_names_its_length_in_bytes() -> None:
    assert framed("{}") == b"Content-Length: 2\r\n\r\n{}"
