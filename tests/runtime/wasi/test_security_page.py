"""The page on what a plugin may do says what is."""

from support.shared import REPOSITORY

from dataflare_lsp.runtime.host.surroundings import Denied
from dataflare_lsp.runtime.host.wasi import clocks, contained, exchange, fields, filesystem, host, http, random

PAGE = (REPOSITORY / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")


def test_its_limits_are_those_of_the_code():
    rows = {
        "handles of WASI's resources": [host.MAX_HANDLES],
        "of them headers, requests and responses each, listings": [
            fields.Fields.most,
            *{http.OutgoingRequest.most, http.OutgoingBody.most, http.IncomingResponse.most},
            filesystem.DirectoryEntryStream.most,
        ],
        "bytes of a response's headers": [exchange.MAX_HEADERS],
        "open files and directories": [filesystem.MAX_OPEN],
        "names in a directory that is listed": [filesystem.MAX_ENTRIES],
        "bytes of a path, links that it leads through": [contained.MAX_PATH, contained.MAX_LINKS],
        "bytes that one call reads or writes": [host.MAX_CHUNK],
        "random bytes of one call": [random.MOST_AT_ONCE],
        "requests under way": [http.MAX_EXCHANGES],
        "bytes of a body between plugin and network": [exchange.MAX_BUFFERED],
        "bytes of headers, characters of a request's path": [fields.MAX_SIZE, http.MAX_TARGET],
    }
    for what, numbers in rows.items():
        assert f"| {what} | {', '.join(f'{number:,}' for number in numbers)} |" in PAGE
    assert PAGE.count("\n| ") == 2 + len(rows) + 8  # the two heads, and the packages
    assert f"| `random` | {random.UNGRANTED:,} bytes, all functions together;" in PAGE
    assert f"Any number, {random.MOST_AT_ONCE:,} at once." in PAGE
    assert f"steps of {clocks.UNGRANTED_STEP // 1_000_000} ms" in PAGE


def test_the_message_is_the_one_that_is_shown():
    assert str(Denied("wasi:clocks/wall-clock#now", host.grant_of("clocks"))) in PAGE
