"""The Debug Adapter Protocol's own JSON Schema, as debugpy carries it."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

_WHERE = "_vendored/pydevd/_pydevd_bundle/_debug_adapter/debugProtocol.json"
OWN_EVENTS = ("dataflare/metrics",)
"""Events that are not the protocol's."""


@cache
def definitions() -> dict[str, Any]:
    """The definitions of the schema by name."""
    found = find_spec("debugpy")
    assert found is not None
    assert found.origin is not None
    schema: dict[str, Any] = json.loads((Path(found.origin).parent / _WHERE).read_text())
    found_definitions: dict[str, Any] = schema["definitions"]
    # Of the two only the one is wanted, but for the schema an object without `__restart` and `noDebug` is both.
    arguments = found_definitions["RestartArguments"]["properties"]["arguments"]
    arguments["anyOf"] = arguments.pop("oneOf")
    return found_definitions


@cache
def validator(name: str) -> Draft4Validator:
    """What holds a value against a definition."""
    return Draft4Validator({"$ref": f"#/definitions/{name}", "definitions": definitions()})


def properties(name: str) -> dict[str, Any]:
    """The properties of a definition, with those of what it extends."""
    definition = definitions()[name]
    found: dict[str, Any] = {}
    for part in definition.get("allOf", [definition]):
        found |= properties(part["$ref"].rpartition("/")[2]) if "$ref" in part else part.get("properties", {})
    return found


def check(message: dict[str, Any]) -> None:
    """Assert that a message is what the protocol says of it."""
    match message["type"]:
        case "request":
            name = f"{_capital(message['command'])}Request"
        case "response" if message["success"]:
            name = f"{_capital(message['command'])}Response"
        case "response":
            name = "ErrorResponse"
        case _ if message["event"] in OWN_EVENTS:
            name = "Event"
        case _:
            name = f"{_capital(message['event'])}Event"
    errors = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator(name).iter_errors(message)]
    assert not errors, f"{name}: {errors}\n{json.dumps(message, indent=2)}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
