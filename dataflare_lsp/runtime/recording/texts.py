"""Values of traces as text. A trace may come from anywhere: its values need not be of their types."""

from collections.abc import Callable
from typing import Final, TypeVar

from dataflare_lsp.values import wave
from dataflare_lsp.values.types import Type, Value

Made = TypeVar("Made")

MISFIT: Final = "a value that is not of its type"


def value_text(value: Value, type: Type, most: int) -> str:
    """A value as WAVE, with at most so many elements of each list and characters of each string."""
    return fitting(lambda: wave.write(value, type, elements=most, characters=most)) or MISFIT


def fitting(made: Callable[[], Made]) -> Made | None:
    """What is made of a value by its type; None where it is not of that type."""
    try:
        return made()
    except (TypeError, ValueError, LookupError, AttributeError):
        return None
