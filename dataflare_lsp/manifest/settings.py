"""A plugin's own settings: their JSON Schema, and the defaults by it.

Nothing is fetched: a `$ref` leads within the schema, or nowhere. Patterns that may take forever are not tried.
"""

import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError, loads
from typing import TYPE_CHECKING, NamedTuple, cast

from dataflare_lsp.manifest.tree import Plain

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_SCHEMA = 500_000
"""The longest schema that is read, in characters."""
_MAX_MATCHED = 10_000
_NESTED_REPEAT = re.compile(r"[*+}][^()]*\)[^()]*(?:\)[^()]*)*[*+{]|\|[^()]*\)[^()]*(?:\)[^()]*)*[*+{]")
"""A repetition (or a choice) within a repetition: what makes matching take exponential time."""
MOST = 50
"""How many mismatches are reported."""


class Wrong(NamedTuple):
    """What is wrong, and at which path of keys and numbers."""

    message: str
    path: tuple[str | int, ...] = ()


def schema_of(text: str) -> object | Wrong:
    """The JSON value that a schema file holds."""
    if len(text) > MAX_SCHEMA:
        return Wrong(f"it has more than {MAX_SCHEMA:,} characters")
    try:
        return cast(object, loads(text))
    except JSONDecodeError as error:
        return Wrong(f"it is not JSON: line {error.lineno}, column {error.colno}: {_lower(error.msg)}")
    except (RecursionError, ValueError):
        return Wrong("it is not JSON that can be read: it nests too deep, or a number is too long")


def problem_of(schema: object) -> Wrong | None:
    """What is wrong with a schema by itself, or None."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, dict | bool):
        return Wrong("a JSON Schema is an object, or `true` or `false`")
    if isinstance(schema, dict):
        dialect = schema.get("$schema")
        if isinstance(dialect, str) and "2020-12" not in dialect:
            return Wrong(f"its `$schema` is `{dialect}`; here it is JSON Schema 2020-12", ("$schema",))
    try:
        Draft202012Validator.check_schema(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    except SchemaError as error:
        return Wrong(_said(error.message), tuple(error.absolute_path))
    except RecursionError:
        return Wrong("it nests too deep")
    except re.error as error:
        return Wrong(f"a pattern in it is none: {error}")
    return None


def mismatches(schema: object, settings: Plain) -> Iterator[Wrong]:
    """Where settings are not what a schema says, which is one (`problem_of`)."""
    from referencing.exceptions import Unresolvable

    try:
        validator = _validator(schema)
        errors = validator.iter_errors(settings)  # type: ignore[arg-type] # its type of JSON is not exported
        for number, error in enumerate(errors):
            if number == MOST:
                return
            yield Wrong(_said(error.message), tuple(error.absolute_path))
    except Unresolvable as error:
        yield Wrong(f"`$ref` to `{error.ref}` leads nowhere: what is not in the schema itself is not looked for")
    except RecursionError:
        yield Wrong("the schema refers to itself without end")
    except re.error as error:
        yield Wrong(f"a pattern in the schema is none: {error}")


def _validator(schema: object) -> "Validator":
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing.jsonschema import EMPTY_REGISTRY

    rules = {"pattern": _pattern, "patternProperties": _pattern_properties}
    tame = extend(Draft202012Validator, rules)  # type: ignore[no-untyped-call]
    # The registry has nothing, and retrieves nothing.
    return cast("Validator", tame(cast(Mapping[str, object], schema), registry=EMPTY_REGISTRY))


def _pattern(validator: "Validator", pattern: str, instance: object, schema: object) -> Iterator[Exception]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and _is_tame(pattern, instance) and not re.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: "Validator", patterns: Mapping[str, object], instance: object, schema: object
) -> Iterator[Exception]:
    if not isinstance(instance, dict):
        return
    for pattern, below in patterns.items():
        for name, value in instance.items():
            if _is_tame(pattern, name) and re.search(pattern, name):
                yield from validator.descend(value, below, path=name, schema_path=pattern)  # type: ignore[attr-defined]


def _is_tame(pattern: str, text: str) -> bool:
    """Whether a pattern is matched in a time that is bearable."""
    return len(text) <= _MAX_MATCHED and (len(text) <= 12 or not _NESTED_REPEAT.search(pattern))


def _said(message: str) -> str:
    """A message of the library, with our quotes."""
    line = " ".join(message.split())
    line = re.sub(r"'((?:[^'\\]|\\.)*)'", r"`\1`", line)
    return line if len(line) <= 200 else line[:199] + "…"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
