"""What the parts of the server send to the client, whatever carries it."""

from collections.abc import Awaitable
from typing import Protocol

from dataflare_lsp.server.capabilities import Json


class Refused(Exception):
    """The client answers a request with an error; its message says why."""


class Outlet(Protocol):
    """The way to the client."""

    def tell(self, method: str, params: Json) -> None:
        """Send a notification."""

    def tell_written(self, method: str, params: str) -> None:
        """Send a notification whose parameters are JSON in ASCII already."""

    def ask(self, method: str, params: Json) -> Awaitable[object]:
        """Send a request; gives the result as JSON. Raises `Refused`."""

    def urge(self, method: str, params: Json = None) -> None:
        """Send a request whose result says nothing."""
