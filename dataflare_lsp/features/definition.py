"""Definition: where the name under the cursor comes from."""

from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.snapshot import Snapshot


class Location(NamedTuple):
    """A definition: `span` is its name, `full` all of it."""

    file: str
    span: Span
    full: Span


def definition(snapshot: Snapshot, file: str, offset: int) -> tuple[Location, ...]:
    """Where the name at `offset` is defined; for a name that a `use` brings, its origin."""
    return ()


def type_definition(snapshot: Snapshot, file: str, offset: int) -> tuple[Location, ...]:
    """Where the type of what is at `offset` is defined, aliases and uses followed to the end."""
    return ()
