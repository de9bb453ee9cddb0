"""Which names can stand at a place of WAVE that is being written: for completion in a console.

What is before the place is read; where it ends is where the reader says what it expects.
"""

from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.values.types import Function, Type
from dataflare_lsp.values.wave.errors import WaveError
from dataflare_lsp.values.wave.reader import parse, parse_call

_IN_NAMES = frozenset("%-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NO_TOKEN = "\\"


class Expected(NamedTuple):
    """The begun name before the cursor, which may be empty, and the names that can stand there, as they are written.

    They are in the order of the type, and need not begin with what is begun.
    """

    begun: Span
    names: tuple[str, ...]


def expected(text: str, offset: int, type: Type | Function) -> Expected:
    """The fields, cases, flags or keywords that can stand at `offset` of a value, or of a call."""
    start = offset
    while start > 0 and text[start - 1] in _IN_NAMES:
        start -= 1
    error = _error(text[:start], type)
    if error is None or error.span.start < start or _ends_in_comment(text[:start], type):
        return Expected(Span(start, offset), ())
    return Expected(Span(start, offset), error.names)


def _error(text: str, type: Type | Function) -> WaveError | None:
    try:
        if isinstance(type, Function):
            parse_call(text, type)
        else:
            parse(text, type)
    except WaveError as error:
        return error
    return None


def _ends_in_comment(text: str, type: Type | Function) -> bool:
    """Whether a text that is read to its end does not mind what follows."""
    error = _error(text + _NO_TOKEN, type)
    return error is not None and error.span.start > len(text)
