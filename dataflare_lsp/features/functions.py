"""How functions are named: by components, in `.wit` files, and by people who want to stop at them.

A component says `dataflare:core/logging@1.0.0#log`, or in the older plain spelling `logging#log`; a function of a world
itself is just `log`. Which version it is never matters here.
"""

import re
from fnmatch import translate
from functools import lru_cache
from typing import Final, NamedTuple

_VERSION = re.compile(r"@[0-9*]+(?:\.[0-9*]+){0,2}(?:[-+][\w.+-]*)?")
LONGEST: Final = 500
"""Characters of a name or a pattern; what is longer means no function."""
_CORE: Final = "dataflare:core/"
_KIND = re.compile(r"^(?:\[[a-z-]+\])+")


def without_version(function: str) -> str:
    """The name of a function without the version of its package."""
    return _VERSION.sub("", function)


def shown(function: str) -> str:
    """A function as it is called among people: `logging.log`, `types.descriptor.open-at`."""
    interface, _, name = without_version(function).rpartition("#")
    return f"{interface.rpartition('/')[2]}.{_spoken(name)}" if interface else _spoken(name)


def _spoken(name: str) -> str:
    """The name of a function in its interface as people have it: `descriptor.open-at`, `fields.constructor`."""
    if name.startswith("[constructor]"):
        return f"{name.removeprefix('[constructor]')}.constructor"
    return _KIND.sub("", name)


class Declared(NamedTuple):
    """The function, or interface, that a `.wit` file declares by this name, without a version."""

    name: str

    def has(self, function: str) -> bool:
        """Whether a function of a component is one of this interface."""
        return self.fits(function.rpartition("#")[0])

    def fits(self, function: str) -> bool:
        """Whether a function of a component is this one. A plain name is that of the host's interface of this label."""
        found = without_version(function)
        return found == self.name or (
            self.name.startswith(_CORE) and ":" not in found and found == self.name.removeprefix(_CORE)
        )


class Pattern(NamedTuple):
    """Functions as people name them.

    An interface or a function, by their whole names or their last parts, joined by `#` or `.`; `*` stands for any text
    and `?` for any sign. `logging.log`, `data-processor#process`, `wasi:clocks/*`, `*.flush`, `logging`.
    """

    text: str

    def fits(self, function: str) -> bool:
        """Whether a function of a component is meant."""
        if len(self.text) > LONGEST:
            return False
        expression = _expression(self.text)
        return any([expression.fullmatch(name) is not None for name in _names(function)])


@lru_cache(256)
def _expression(text: str) -> "re.Pattern[str]":
    plain = _VERSION.sub("", "".join(text.split())).replace("%", "").replace("_", "-")
    # It never tries again where a `*` may end, however many there are.
    return re.compile(translate(plain.replace("[", "[[]")))


@lru_cache(4096)
def _names(function: str) -> tuple[str, ...]:
    """All that a function, or the interface that it is of, is called."""
    interface, _, name = without_version(function).rpartition("#")
    names = dict.fromkeys((name, _spoken(name)))
    if not interface:
        return tuple(names)
    label = interface.rpartition("/")[2]
    known = [interface, label, *names]
    return (*known, *[f"{one}{sign}{name}" for one in (interface, label) for sign in "#." for name in names])
