"""The `fields` of `wasi:http`: headers, in the order in which they were set."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from dataflare_lsp.runtime.host.surroundings import Trap
from dataflare_lsp.runtime.host.wasi.host import Host, Refusal, Resource, fallible
from dataflare_lsp.values.types import Case, Value

MAX_SIZE: Final = 64 << 10
"""Bytes of all names and values of one set of headers."""

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\0\r\n]*")

_FORBIDDEN: Final = frozenset(
    {
        "connection",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that are the connection's, which is the host's."""

P = ParamSpec("P")


def is_token(text: str) -> bool:
    """Whether a text may be the name of a header, or of a method. Source: RFC 9110, 5.6.2."""
    return _TOKEN.fullmatch(text) is not None


def _changing(method: Callable[Concatenate["Fields", P], Value]) -> Callable[Concatenate["Fields", P], Value]:
    """A method that changes fields, with `result<_, header-error>` for its answer."""

    @fallible
    @wraps(method)
    def answer(fields: "Fields", /, *arguments: P.args, **named: P.kwargs) -> Value:
        if fields.is_immutable:
            raise Refusal(Case("immutable"))
        return method(fields, *arguments, **named)

    return answer


class Fields(Resource):
    """`fields`: names, as they were written, and values."""

    most = 1000

    def __init__(self, host: Host, entries: Iterable[tuple[str, bytes]] = (), is_immutable: bool = False) -> None:
        self._host = host
        self.items: Final = list(entries)
        self.is_immutable: Final = is_immutable

    def get(self, name: str) -> tuple[bytes, ...]:
        return tuple(value for known, value in self.items if known.lower() == name.lower())

    def has(self, name: str) -> bool:
        return bool(self.get(name))

    @_changing
    def set(self, name: str, values: tuple[bytes, ...]) -> None:
        _checked(name, b"")
        checked = [_checked(name, value) for value in values]
        self._remove(name)
        self._extend(checked)

    @_changing
    def delete(self, name: str) -> None:
        _checked(name, b"")
        self._remove(name)

    @_changing
    def append(self, name: str, value: bytes) -> None:
        self._extend([_checked(name, value)])

    def entries(self) -> Value:
        return tuple(self.items)

    def clone(self) -> int:
        return self._host.add(Fields(self._host, self.items))

    def _remove(self, name: str) -> None:
        self.items[:] = [item for item in self.items if item[0].lower() != name.lower()]

    def _extend(self, entries: list[tuple[str, bytes]]) -> None:
        self.items.extend(entries)
        if sum(len(name) + len(value) for name, value in self.items) > MAX_SIZE:
            raise Trap(f"the headers of one message have more than {MAX_SIZE:,} bytes")


def fields_from_list(host: Host, entries: tuple[tuple[str, bytes], ...]) -> int:
    """A handle of new fields. Raises `Refusal`."""
    fields = Fields(host)
    fields._extend([_checked(name, value) for name, value in entries])
    return host.add(fields)


def _checked(name: str, value: bytes) -> tuple[str, bytes]:
    if not is_token(name) or _VALUE.fullmatch(value) is None:
        raise Refusal(Case("invalid-syntax"))
    if name.lower() in _FORBIDDEN:
        raise Refusal(Case("forbidden"))
    return name, value
