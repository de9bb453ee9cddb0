"""The words that a manifest may use, as data: categories, SPDX identifiers, kinds and capabilities."""

from functools import cache
from importlib.resources import files
from json import loads
from typing import NamedTuple

KINDS = {
    "source": "dataflare:core/source-plugin@1.0.0",
    "processor": "dataflare:core/dataflare-plugin@1.0.0",
    "destination": "dataflare:core/destination-plugin@1.0.0",
    "transformer": "dataflare:core/transformer-plugin@1.0.0",
    "filter": "dataflare:core/filter-plugin@1.0.0",
    "aggregator": "dataflare:core/aggregator-plugin@1.0.0",
}
"""The kinds of plugins, and the world that the host requires of each."""

KIND_DOCS = {
    "source": "Brings records into a pipeline.",
    "processor": "Takes one record and gives back at most one.",
    "destination": "Stores or sends the records at the end of a pipeline.",
    "transformer": "Takes one record and gives back any number of records.",
    "filter": "Decides for each record whether it goes on.",
    "aggregator": "Takes many records and gives back a summary of each window.",
}

HOST = {
    "logging": "Write messages to the pipeline's log: `dataflare:core/logging`.",
    "metrics": "Count and measure: `dataflare:core/metrics`.",
    "configuration": "Read the plugin's settings: `dataflare:core/configuration`.",
}
"""What the host offers to every plugin."""

WASI = {
    "cli": "Arguments, environment, and standard input and output: `wasi:cli`.",
    "clocks": "The time of day, and how time passes: `wasi:clocks`.",
    "filesystem": "The files and directories listed in `filesystem`: `wasi:filesystem`.",
    "http": "Requests to the hosts listed in `network`: `wasi:http`.",
    "io": "Streams and waiting for them: `wasi:io`.",
    "random": "Random numbers: `wasi:random`.",
    "sockets": "Connections to the hosts listed in `network`: `wasi:sockets`.",
}
"""The packages of WASI 0.2 that can be granted."""

LANGUAGES = ("rust", "javascript", "go", "python", "c")


@cache
def categories() -> tuple[str, ...]:
    """The categories that a plugin can be listed under, each with its two parents: `sources/queue/kafka`."""
    tree: dict[str, dict[str, list[str]]] = loads(_data("categories.json"))
    return tuple(
        [f"{top}/{group}/{leaf}" for top, groups in tree.items() for group in groups for leaf in groups[group]]
    )


class Spdx(NamedTuple):
    """The identifiers of the SPDX License List, each by its lower-case form: they are the same in any case."""

    version: str
    licenses: dict[str, str]
    deprecated: dict[str, str]
    exceptions: dict[str, str]
    deprecated_exceptions: dict[str, str]


@cache
def spdx() -> Spdx:
    """The SPDX License List that this version knows."""
    data = loads(_data("spdx.json"))
    names = ("licenses", "deprecated-licenses", "exceptions", "deprecated-exceptions")
    return Spdx(data["list-version"], *[{one.lower(): one for one in data[name]} for name in names])


def _data(name: str) -> str:
    return (files("dataflare_lsp.manifest") / "data" / name).read_text(encoding="utf-8")
