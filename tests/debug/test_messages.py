"""Every message, against the protocol's own schema."""

from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.dap_schema import check, definitions, properties, validator

from dataflare_lsp.debug import messages
from dataflare_lsp.debug.codec import Json, Table, decoded, encoded

MESSAGES: dict[str, type[Any]] = {
    name: value
    for name, value in vars(messages).items()
    if isinstance(value, type) and issubclass(value, tuple) and value.__module__ == messages.__name__
}
ALIASES = {
    "ExceptionFilter": "ExceptionBreakpointsFilter",
    "ErrorMessage": "Message",
    "FilterOptions": "ExceptionFilterOptions",
    "InitializeArguments": "InitializeRequestArguments",
    "StartDebuggingArguments": "StartDebuggingRequestArguments",
    "ThreadArguments": "ContinueArguments",
}
BODIES = {
    "BreakpointsBody": ("SetBreakpointsResponse", "SetFunctionBreakpointsResponse", "SetExceptionBreakpointsResponse"),
    "ErrorBody": ("ErrorResponse",),
    "SetValueBody": ("SetVariableResponse", "SetExpressionResponse"),
}
"""The definitions that have a body, where its name does not say it."""
OWN = ("MetricsBody",)


def some(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of the type of a field."""
    if annotation == Table:
        return st.dictionaries(st.text(), st.booleans())
    if annotation == Json:
        return st.none() | st.dictionaries(st.text(), st.booleans())
    if annotation is float:
        return st.floats(0, 100)
    if get_origin(annotation) is tuple:
        return st.lists(some(get_args(annotation)[0]), max_size=3).map(tuple)
    if get_origin(annotation) in (Union, UnionType):
        return st.one_of([some(one) for one in get_args(annotation)])
    if isinstance(annotation, type) and issubclass(annotation, tuple):
        return st.builds(annotation, **{name: some(one) for name, one in annotation.__annotations__.items()})
    return st.from_type(annotation)


def definitions_of(name: str) -> list[dict[str, Any]]:
    """The parts of the schema that a message is of."""
    if not name.endswith("Body"):
        return [validator(ALIASES.get(name, name)).schema]
    above = BODIES.get(name) or [f"{name[:-4]}{kind}" for kind in ("Response", "Event")]
    found = [properties(one)["body"] for one in above if one in definitions()]
    assert found, f"the protocol has no {name}"
    return [{**one, "definitions": definitions()} for one in found]


@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in OWN])
def test_a_message_is_as_the_protocol_has_it(name: str) -> None:
    message = MESSAGES[name]
    schemas = definitions_of(name)

    @settings(max_examples=25)
    @given(some(message))
    def holds(value: tuple[object, ...]) -> None:
        json = encoded(value)
        for schema in schemas:
            errors = [error.message for error in validator("Request").evolve(schema=schema).iter_errors(json)]
            assert not errors, (json, errors)
        assert decoded(message, json, "message") == value

    holds()


@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in OWN])
def test_no_field_is_an_invention(name: str) -> None:
    written = set(encoded(_filled(MESSAGES[name])))  # type: ignore[call-overload]
    for schema in definitions_of(name):
        reference = schema.get("$ref")
        known = properties(reference.rpartition("/")[2]) if reference else schema["properties"]
        assert written <= set(known)


def _filled(type: Any) -> Any:
    """A message with something in every field."""
    return type(*[False for _ in type._fields])


def test_the_check_of_whole_messages_refuses_what_is_wrong() -> None:
    good = {"seq": 1, "type": "event", "event": "stopped", "body": {"reason": "step"}}
    check(good)
    with pytest.raises(AssertionError, match="'reason' is a required property"):
        check({**good, "body": {}})
