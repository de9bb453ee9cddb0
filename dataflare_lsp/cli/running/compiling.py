"""A component, compiled and ready to run, with a word while that takes its time."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.running.console import Console
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.workspace import compiling
from dataflare_lsp.workspace.compiling import Compiled
from dataflare_lsp.workspace.launch import CannotLaunch
from dataflare_lsp.workspace.paths import shown_path

__all__ = ["Compiled", "compiled"]


@contextmanager
def compiled(path: str, limits: CallLimits, console: Console) -> Iterator[Compiled]:
    """The component at `path`, compiled for these limits, for as long as this lasts. Raises `Failure`."""
    shown = shown_path(path)

    def is_wanted() -> bool:
        console.waiting(f"compiling {os.path.basename(shown)}")
        return True

    with ExitStack() as stack:
        try:
            component = stack.enter_context(compiling.compiled(path, limits, shown, is_wanted))
        except CannotLaunch as error:
            raise Failure(str(error)) from None
        yield component
