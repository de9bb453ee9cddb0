"""Paths as a manifest writes them: from its directory, with `/`, and never out of it."""

import re

GIT = "git:"
"""How a package begins that is named by a revision of a git repository: `git:REV` or `git:REV:PATH`."""

_ABSOLUTE = re.compile(r"[/~]|[A-Za-z]:|\\")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def normal(path: str) -> str | None:
    """The path without `.` and `..`; "." is the manifest's own directory. None where it leads out."""
    if _ABSOLUTE.match(path) or _SCHEME.match(path):
        return None
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def why_outside(path: str) -> str:
    """In which way a path leads out of the plugin, for its user."""
    if _SCHEME.match(path):
        return f"`{path}` is an address; files of the plugin are named by their paths"
    if _ABSOLUTE.match(path):
        return f"`{path}` is an absolute path; files are named from the manifest's directory"
    return f"`{path}` leads out of the plugin"
