"""WebAssembly text as WebAssembly binary, by way of the package `wasmtime`, which is imported only here."""

import re
from typing import Final

from dataflare_lsp.component.errors import MalformedWat, WatUnavailable

_PLACE: Final = re.compile(r"\s*-->[^\n]*?:(\d+):(\d+)$", re.MULTILINE)
"""Where the parser's message turns from words to a picture of the source."""


def binary_of(text: str) -> bytes:
    """The component or module that the WebAssembly text `text` writes.

    Raises `MalformedWat` with the words of its parser, and `WatUnavailable` where `wasmtime` is not installed. The
    text is parsed; nothing is compiled or run.
    """
    try:
        from wasmtime import WasmtimeError, wat2wasm
    except ImportError:
        raise WatUnavailable(
            "WebAssembly text needs the Python package `wasmtime`, which is not installed; install it, or turn the "
            "file into a `.wasm` by `wasm-tools parse`"
        ) from None
    try:
        source = text.encode()
    except UnicodeEncodeError:
        raise MalformedWat("the text holds a character that UTF-8 cannot encode") from None
    try:
        return bytes(wat2wasm(source))
    except WasmtimeError as error:
        message = str(error)
        place = _PLACE.search(message)
        if place is None:
            raise MalformedWat(message) from None
        raise MalformedWat(message[: place.start()], int(place[1]), int(place[2])) from None
