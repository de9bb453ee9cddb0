"""The `.wit` files that breakpoints stand in, as they are on disk, and the text that shows the WIT of a component."""

import os
from typing import NamedTuple

from dataflare_lsp.features.sites import Sites, sites_in
from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_text
from dataflare_lsp.workspace.roots import Root, root_of_file
from dataflare_lsp.workspace.shown_wit import shown_wit
from dataflare_lsp.workspace.uris import file_of, is_on_disk, viewed
from dataflare_lsp.workspace.workspace import Workspace

_Stamp = tuple[int, int]


class NoText(NamedTuple):
    """Why a file cannot be read as WIT."""

    reason: str


def file_named(path: str, *, as_uri: bool) -> str:
    """The file that a client names: a path, a `file:` URI, or the URI of a document that shows a component's WIT."""
    if as_uri or path[:5].lower() == "file:":
        return file_of(path)
    return path if viewed(path) else os.path.normpath(path)


class Texts:
    """Files by name, read when they are first asked for and again when they have changed on disk."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Stamp | None, Sites | NoText]] = {}

    def read(self, file: str) -> Sites | NoText:
        """A file as it is now."""
        stamp = _stamp(viewed(file) or file)
        known = self._known.get(file)
        if known is None or known[0] != stamp:
            known = stamp, _read(file)
            self._known[file] = known
        return known[1]

    def files(self) -> tuple[str, ...]:
        """The files that were read, in the order in which they were first asked for."""
        return tuple([file for file, (_, text) in self._known.items() if isinstance(text, Sites)])


def _stamp(path: str) -> _Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _read(file: str) -> Sites | NoText:
    workspace = Workspace(None)
    binary = viewed(file)
    if binary is not None:
        found = shown_wit(binary)
        if found.text is None:
            return NoText(found.message)
        workspace.set_text(file, found.text)
        workspace.add_root(Root(file, ((file,),)))
        return sites_in(workspace.snapshot(), file)
    if not file.endswith(".wit"):
        return NoText("breakpoints stand in `.wit` files, on the functions that the plugin calls or that are called")
    if not is_on_disk(file):
        return NoText("this file is on no disk")
    match read_text(file):
        case Unreadable(reason):
            return NoText(f"cannot read this file: {reason}")
        case ForeignEncoding():
            return NoText("this file is not UTF-8")
    # Only the package's name is wanted of the files beside it.
    own = root_of_file(file).groups[0]
    workspace.add_root(Root(file, (own,)))
    return sites_in(workspace.snapshot(), file)
