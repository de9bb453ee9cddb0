"""A component, compiled and ready to run: from a file, or from WebAssembly text."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from dataflare_lsp.runtime.cache import Cache, default_folder
from dataflare_lsp.runtime.engine import Settings
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Invalid, Valid, validate
from dataflare_lsp.workspace.launch import CannotLaunch


class Compiled(NamedTuple):
    """A compiled component in a file, and the SHA-256 of the component."""

    artefact: str
    digest: str


@contextmanager
def compiled(path: str, limits: CallLimits, shown: str, is_wanted: Callable[[], bool]) -> Iterator[Compiled]:
    """The component at `path`, compiled for these limits, for as long as this lasts. Raises CannotLaunch.

    `shown` is what it is called in messages. `is_wanted` is asked again and again, while it is compiled, whether to go
    on.
    """
    from tempfile import TemporaryDirectory

    settings = Settings(fuel=limits.fuel is not None)
    with ExitStack() as stack:
        try:
            with ExitStack() as building:
                if path.endswith(".wat"):
                    folder = building.enter_context(TemporaryDirectory(prefix="dataflare-lsp-"))
                    path = _assembled(path, shown, os.path.join(folder, "component.wasm"))
                outcome = validate(path, Cache(default_folder()), settings, is_wanted=is_wanted)
                if isinstance(outcome, Valid) and outcome.artefact is None:
                    # The user's cache cannot be written: one that lasts as long as this takes its place.
                    folder = stack.enter_context(TemporaryDirectory(prefix="dataflare-lsp-"))
                    outcome = validate(path, Cache(folder), settings, is_wanted=is_wanted)
        except OSError as error:
            raise CannotLaunch(f"cannot read `{shown}`: {(error.strerror or str(error)).lower()}") from None
        match outcome:
            case Valid(str(artefact)):
                yield Compiled(artefact, outcome.digest)
            case Valid():
                raise CannotLaunch(
                    f"cannot keep `{shown}` compiled: neither the cache nor a temporary folder can be written"
                )
            case Invalid(message, offset):
                place = "" if offset is None else f" (at byte {offset:#x})"
                raise CannotLaunch(
                    f"`{shown}` is no valid component: {message}{place}; `dataflare-lsp check` says more"
                )
            case Undecided(reason):
                raise CannotLaunch(f"cannot compile `{shown}`: {reason}")


def _assembled(path: str, shown: str, target: str) -> str:
    """The component that a file of WebAssembly text is, in the file `target`. Raises `CannotLaunch`, `OSError`."""
    from dataflare_lsp.component.errors import MalformedWat, WatUnavailable
    from dataflare_lsp.component.wat import binary_of
    from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_text

    text = read_text(path)
    match text:
        case Unreadable(reason):
            raise CannotLaunch(f"cannot read `{shown}`: {reason}")
        case ForeignEncoding():
            raise CannotLaunch(f"cannot read `{shown}`: it is not UTF-8")
    try:
        data = binary_of(text)
    except MalformedWat as error:
        place = ":".join(str(part) for part in (shown, error.line, error.column) if part is not None)
        raise CannotLaunch(f"{place}: this is no WebAssembly text: {error.message}") from None
    except WatUnavailable as error:
        raise CannotLaunch(str(error)) from None
    with open(target, "wb") as file:
        file.write(data)
    return target
