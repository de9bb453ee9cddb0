"""Take values apart, by what their types say that they are. See `types` for what that is.

A value that is not of its type is a mistake of the caller, and is not looked for.
"""

from collections.abc import Sequence
from typing import cast

from dataflare_lsp.values.types import Value


def items(value: Value) -> Sequence[Value]:
    """The elements of a list (of bytes, too) or a tuple, the fields of a record."""
    return cast("Sequence[Value]", value)


def pairs(value: Value) -> Sequence[tuple[Value, Value]]:
    """The entries of a map: each key once, where it stood first, with the last value that it has."""
    return list(dict(cast("Sequence[tuple[Value, Value]]", value)).items())


def names(value: Value) -> Sequence[str]:
    """The flags that are set."""
    return cast("Sequence[str]", value)


def case(value: Value) -> tuple[str, Value]:
    """The name of a case of a variant or a result, or of the `some` of an option, and its payload."""
    name, payload = cast("tuple[str, Value]", value)
    return name, payload
