"""The host's side of `dataflare:core`: logging, metrics, configuration."""

from collections.abc import Mapping
from math import isfinite

from dataflare_lsp.runtime.host.surroundings import Denied, HostFunction, Interface, Surroundings
from dataflare_lsp.values.types import Case, Value

PACKAGE = "dataflare:core"


def interfaces(surroundings: Surroundings) -> Mapping[str, Interface]:
    """The host interfaces by name, without a version. Those that are not granted refuse every call."""
    settings = surroundings.configuration

    def log(level: str, message: str) -> None:
        surroundings.log(level, message)

    def increment_counter(name: str, value: int) -> None:
        surroundings.metric("counter", name, value)

    def record_histogram(name: str, value: float) -> None:
        if isfinite(value):
            surroundings.metric("histogram", name, value)

    def get(key: str) -> Value:
        value = settings.get(key)
        return None if value is None else Case("some", value)

    def everything() -> Value:
        return tuple(sorted(settings.items()))

    offered: dict[str, Interface] = {
        "logging": {"log": log},
        "metrics": {"increment-counter": increment_counter, "record-histogram": record_histogram},
        "configuration": {"get": get, "all": everything},
    }
    return {
        f"{PACKAGE}/{name}": functions if name in surroundings.grants.host else _refused(name, functions)
        for name, functions in offered.items()
    }


def _refused(interface: str, functions: Interface) -> Interface:
    def refusal(function: str) -> HostFunction:
        def refuse(*_: Value) -> Value:
            raise Denied(f"{PACKAGE}/{interface}#{function}", f'`"{interface}"` in `capabilities.host`')

        return refuse

    return {function: refusal(function) for function in functions}
