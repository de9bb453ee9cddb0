"""URIs and the paths of files.

A file is named by its absolute path; what is on no disk, as `untitled:Untitled-1`, by its URI.
"""

import ntpath
import os
import posixpath
import re
from urllib.parse import quote, unquote

from dataflare_lsp.workspace.roots import VIEW, is_view

_WINDOWS = os.name == "nt"
_DRIVE = re.compile(r"/?([A-Za-z])[:|](?=[/\\]|$)")
_WIT = ".wit"
_UNESCAPED = "/!$&'()*+,;=:@~-._"


def file_of(uri: str, *, windows: bool = _WINDOWS) -> str:
    """The path of a `file:` URI, normalised; a URI of another scheme, or of no file that can be, names itself."""
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme.lower() != "file":
        return uri
    host = ""
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    # Names of files are bytes: those that are not UTF-8 come and go as lone surrogates.
    path = unquote(rest, errors="surrogateescape")
    host = "" if host.lower() == "localhost" else unquote(host)
    if "\0" in path or not path.startswith("/"):
        return uri
    if not windows:
        return posixpath.normpath(f"//{host}{path}" if host else "/" + path.lstrip("/"))
    drive = _DRIVE.match(path)
    if host:
        return ntpath.normpath(f"\\\\{host}{path}")
    if drive is None:
        return ntpath.normpath(path)
    return ntpath.normpath(f"{drive[1].upper()}:{path[drive.end() :] or '/'}")


def is_on_disk(file: str, *, windows: bool = _WINDOWS) -> bool:
    """Whether the name of a file is a path."""
    return ntpath.isabs(file) and not file.startswith("//") if windows else file.startswith("/")


def uri_of(file: str, *, windows: bool = _WINDOWS) -> str:
    """The URI of a file."""
    if not is_on_disk(file, windows=windows):
        return file
    if windows:
        file = file.replace("\\", "/")
    path = _quoted(file)
    if file.startswith("//"):
        return f"file:{path}"
    return f"file://{path}" if file.startswith("/") else f"file:///{path}"


def view_of(file: str) -> str:
    """The URI of the document that shows the WIT of a binary."""
    return f"{VIEW}{uri_of(file).removeprefix('file:')}{_WIT}"


def viewed(uri: str) -> str | None:
    """The binary whose WIT a document shows; None for documents of another kind."""
    if not is_view(uri) or not uri.endswith(_WIT):
        return None
    file = file_of(f"file:{uri.removeprefix(VIEW).removesuffix(_WIT)}")
    return file if is_on_disk(file) else None


def _quoted(path: str) -> str:
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe=_UNESCAPED)
    except UnicodeEncodeError:
        # A lone surrogate that stands for no byte cannot be in a name on disk; it is kept apart all the same.
        return quote(path.encode("utf-8", "surrogatepass"), safe=_UNESCAPED)


class Spellings:
    """How the client writes URIs: what it is told of a file has to have the URI that it knows the file by."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, uri: str) -> str:
        """The client has written a URI; gives its file or folder."""
        file = file_of(uri)
        self._known[file] = uri
        return file

    def uri(self, file: str) -> str:
        """The URI of a file as the client would write it, as far as that can be told from the folders above it."""
        known = self._known.get(file)
        if known is not None or not is_on_disk(file):
            return known or file
        above = os.path.dirname(file)
        while (known := self._known.get(above)) is None:
            higher = os.path.dirname(above)
            if higher == above:
                return uri_of(file)
            above = higher
        below = os.path.relpath(file, above).replace(os.sep, "/")
        return f"{known.rstrip('/')}/{_quoted(below)}"
