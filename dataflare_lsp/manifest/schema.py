"""The JSON Schema (2020-12) of a manifest, for other TOML tools, made from the model."""

from typing import Union

from dataflare_lsp.manifest.model import (
    MANIFEST,
    Anything,
    EitherOf,
    Field,
    ListOf,
    MapOf,
    Shape,
    TableOf,
    Text,
    Truth,
    Whole,
)
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.manifest.tree import Plain, plain

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]  # noqa: UP007 - refers to itself

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Json]:
    """The schema. What it cannot express is in `rules.RULES`, and its checks leave that out."""
    schema = schema_of(MANIFEST)
    return {"$schema": DIALECT, "title": "dataflare.toml, the manifest of a DataFlare plugin", **schema}


def schema_of(shape: Shape) -> dict[str, Json]:
    """The schema of a value."""
    match shape:
        case Text(choices=choices) if choices:
            return {"type": "string", "enum": [choice.word for choice in choices]}
        case Text(pattern=pattern):
            return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else {"type": "string"}
        case Whole(least=least, most=most):
            return {"const": least} if least == most else {"type": "integer", "minimum": least, "maximum": most}
        case Truth():
            return {"type": "boolean"}
        case ListOf(item=item, most=most):
            listed: dict[str, Json] = {"type": "array", "items": schema_of(item), "uniqueItems": True}
            return {**listed, "maxItems": most} if most else listed
        case TableOf(fields=fields):
            table: dict[str, Json] = {
                "type": "object",
                "properties": {field.name: _field(field) for field in fields},
                "additionalProperties": False,
            }
            required: list[Json] = [field.name for field in fields if field.required]
            return {**table, "required": required} if required else table
        case MapOf(pattern=pattern, value=value):
            return {
                "type": "object",
                "patternProperties": {f"^(?:{pattern})$": schema_of(value)},
                "additionalProperties": False,
            }
        case Anything():
            return {"type": "object"}
        case EitherOf(shapes=shapes):
            return {"anyOf": [schema_of(one) for one in shapes]}


def _field(field: Field) -> dict[str, Json]:
    schema = schema_of(field.shape)
    schema["description"] = field.docs
    if field.default:
        schema["default"] = json_of(field.default)
    if field.example and not isinstance(field.shape, MapOf):
        schema["examples"] = [json_of(field.example)]
    return schema


def json_of(written: str) -> Json:
    """A value as TOML writes it, as JSON has it. The model's have no dates."""
    root = parse(f"value = {written}").root
    value = root.get("value")
    assert value is not None
    return _jsonable(plain(value))


def _jsonable(value: Plain) -> Json:
    if isinstance(value, dict):
        return {name: _jsonable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    assert isinstance(value, str | bool | int | float)
    return value
