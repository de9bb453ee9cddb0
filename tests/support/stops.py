"""Stops of a run of an imagined plugin: a processor that logs."""

from typing import NamedTuple

from dataflare_lsp.debug.debuggee import Moment, Stop, Typed
from dataflare_lsp.runtime.border import Failure
from dataflare_lsp.values.types import (
    BYTES,
    STRING,
    Enum,
    Function,
    ListOf,
    Named,
    Option,
    Record,
    Result,
    Tuple,
    Value,
)

LEVEL = Enum(("debug", "info", "warn", "error"))
DATA_RECORD = Record((Named("id", STRING), Named("payload", BYTES), Named("metadata", ListOf(Tuple((STRING, STRING))))))


class Given(NamedTuple):
    """A function: its name in the component, and its type."""

    name: str
    type: Function


LOG = Given("dataflare:core/logging@1.0.0#log", Function((Named("level", LEVEL), Named("message", STRING)), None))
GET = Given("dataflare:core/configuration@1.0.0#get", Function((Named("key", STRING),), Option(STRING)))
PROCESS = Given(
    "dataflare:core/data-processor@1.0.0#process",
    Function((Named("input", DATA_RECORD),), Result(Option(DATA_RECORD), STRING)),
)


def stop(
    moment: Moment,
    function: Given,
    arguments: tuple[Value, ...],
    result: Value = None,
    *,
    number: int = 0,
    entry: int = 0,
    error: Failure | None = None,
) -> Stop:
    """A stop at a function, in the run of a record `r1`."""
    record = Typed(("r1", b"{}", ()), DATA_RECORD)
    return Stop(moment, number, entry, PROCESS.name, function.name, function.type, arguments, result, error, record)
