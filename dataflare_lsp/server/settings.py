"""What a user can set: the section `dataflare` of the editor's settings."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.text import nearest

SECTION = "dataflare"


class Settings(NamedTuple):
    """The settings. `features` are the `@unstable` features switched on, None for all; `indent` counts spaces.

    `baseline`: git may be asked for the baselines that manifests name.
    `validation`: components are validated in the background.
    """

    features: frozenset[str] | None = frozenset()
    diagnostics: bool = True
    formatting: bool = True
    indent: int = 4
    baseline: bool = False
    validation: bool = True


class Wrong(NamedTuple):
    """A setting that means nothing, and what it should be."""

    name: str
    expected: str

    def __str__(self) -> str:
        return f"setting `{SECTION}.{self.name}`: {self.expected}"


NAMES = ("features", "diagnostics.enable", "format.enable", "format.indent", "baseline", "validation.enable")


def settings_of(value: object) -> tuple[Settings, tuple[Wrong, ...]]:
    """The settings in JSON, with or without the section's name around them, and what is wrong in it.

    What is wrong or missing has its default.
    """
    if isinstance(value, dict) and SECTION in value:
        value = value[SECTION]
    found = Settings()
    wrong = []
    for name, given in _flat(value):
        near = nearest(name, NAMES)
        match name, given:
            case "features", "all":
                found = found._replace(features=None)
            case "features", list() if all(isinstance(one, str) for one in given):
                found = found._replace(features=frozenset(given))
            case "features", _:
                wrong.append(Wrong(name, 'expected a list of names of features, or "all"'))
            case "diagnostics.enable", bool():
                found = found._replace(diagnostics=given)
            case "validation.enable", bool():
                found = found._replace(validation=given)
            case "format.enable", bool():
                found = found._replace(formatting=given)
            case "format.indent", int() if not isinstance(given, bool) and 1 <= given <= 16:
                found = found._replace(indent=given)
            case "format.indent", _:
                wrong.append(Wrong(name, "expected a number of spaces from 1 to 16"))
            case "baseline", bool():
                found = found._replace(baseline=given)
            case (("diagnostics.enable" | "format.enable" | "baseline" | "validation.enable"), _):
                wrong.append(Wrong(name, "expected true or false"))
            case _ if near is not None:
                wrong.append(Wrong(name, f"there is no such setting; did you mean `{SECTION}.{near}`?"))
            case _:
                # Settings of the editor's own, such as the path of the server, may stand in the same section.
                pass
    return found, tuple(wrong)


def _flat(value: object) -> Iterator[tuple[str, object]]:
    """The settings by their dotted names; null stands for one that is not set."""
    if not isinstance(value, dict):
        return
    for name, given in value.items():
        if isinstance(given, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in _flat(given))
        elif given is not None:
            yield str(name), given
