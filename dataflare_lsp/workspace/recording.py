"""The last recording of a plugin: a file in its folder that `run --remember` writes, and that editors make use of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from dataflare_lsp.workspace.launch import CannotLaunch
from dataflare_lsp.workspace.links import inside
from dataflare_lsp.workspace.paths import shown_path

FOLDER: Final = ".dataflare"
"""The folder in a plugin's own that this tool may write to. Nothing in it is worth keeping in a repository."""
_TRACE: Final = os.path.join(FOLDER, "last.trace")
_MAKING: Final = "next.trace"


def recording_in(directory: str) -> str | None:
    """Where the last recording of the plugin in a directory is, or is to be; None where a link leads out of it."""
    return inside(directory, _TRACE)


@contextmanager
def remembering(manifest: str | None) -> Iterator[str]:
    """A file to record a plugin to, which is its last recording when this ends, however it ends.

    Raises `CannotLaunch` where there is no place for it.
    """
    if manifest is None:
        raise CannotLaunch("only a plugin with a manifest has a last recording; name a file to record to")
    directory = os.path.dirname(manifest)
    path = recording_in(directory)
    if path is None:
        raise CannotLaunch(f"`{FOLDER}` in the plugin's folder is a link that leads out of it; remove it")
    making = os.path.join(os.path.dirname(path), _MAKING)
    try:
        _make_folder(os.path.dirname(path))
        # Not the file that another run may be writing to.
        with suppress(FileNotFoundError):
            os.unlink(making)
        with open(making, "xb"):
            pass
    except OSError as error:
        raise CannotLaunch(f"cannot write `{shown_path(making)}`: {(error.strerror or str(error)).lower()}") from None
    try:
        yield making
    finally:
        with suppress(OSError):
            os.replace(making, path)


def _make_folder(folder: str) -> None:
    """Make the folder, hidden from version control."""
    os.makedirs(folder, exist_ok=True)
    with suppress(FileExistsError), open(os.path.join(folder, ".gitignore"), "x", encoding="utf-8") as file:
        file.write("*\n")
