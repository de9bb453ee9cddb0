"""Paths as people are shown them."""

import os


def shown_path(path: str, directory: str | None = None) -> str:
    """`path` relative to `directory`, the current one unless given, where it is below, else as it is."""
    directory = directory or os.getcwd()
    if path == directory:
        return "."
    prefix = directory if directory.endswith(os.sep) else directory + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path
