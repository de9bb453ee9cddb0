"""`check --watch`: looks at the files again and again, and checks when one has changed."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.terminal import complain, style_of, write
from dataflare_lsp.workspace.roots import Root, is_manifest
from dataflare_lsp.workspace.workspace import Workspace

_INTERVAL = 0.25
"""Seconds between two looks, where a look takes no time."""

_SHARE = 20
"""One part of the time in so many may go into looking."""

Stamp = tuple[int, int, int, int]


def watch(
    workspace: Workspace, roots: list[Root], find: Callable[[], list[Root]], check: Callable[[list[Root]], object]
) -> None:
    """Call `check` whenever what `find` finds has changed; ends with `KeyboardInterrupt`.

    Only what has changed is read again, and only what depends on it is judged again.
    """
    gc.enable()
    gc.freeze()
    stamps = stamps_of(workspace, roots)
    _say_waiting(len(stamps))
    failed = ""
    pause = _INTERVAL
    while True:
        time.sleep(pause)
        started = time.monotonic()
        try:
            found = find()
        except Failure as failure:
            if failure.message != failed:
                complain(failure.message)
            failed = failure.message
            continue
        fresh = stamps_of(workspace, found)
        if failed or found != roots or fresh != stamps:
            failed = ""
            refresh(workspace, found, [file for file, stamp in fresh.items() if stamps.get(file) != stamp])
            _clear()
            check(found)
            # What `check` has written itself is no reason to check again.
            roots, stamps = found, stamps_of(workspace, found)
            _say_waiting(len(stamps))
        pause = max(_INTERVAL, (time.monotonic() - started) * _SHARE)


def stamps_of(workspace: Workspace, roots: Iterable[Root]) -> dict[str, Stamp | None]:
    """What tells whether a file has changed, of all files of the roots, and those that manifests name.

    None of a file that is not there.
    """
    stamps: dict[str, Stamp | None] = {}
    for root in roots:
        for file in (*root.files, *_named(workspace, root)):
            try:
                status = os.stat(file)
            except OSError:
                stamps[file] = None
            else:
                stamps[file] = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    return stamps


def _named(workspace: Workspace, root: Root) -> tuple[str, ...]:
    """The files that a manifest names: the component that a build writes, the schema of the settings."""
    if not is_manifest(root.path) or root.path not in workspace.sources:
        return ()
    from dataflare_lsp.features.manifest import paths

    return paths(workspace.plugin(root.path))


def refresh(workspace: Workspace, roots: list[Root], changed: Iterable[str]) -> None:
    """Bring the workspace up to date: these roots, with these files read again."""
    for file in changed:
        if file in workspace.sources:
            workspace.read(file)
    there = {root.path for root in roots}
    for path in [path for path in workspace.roots if path not in there]:
        workspace.remove_root(path)
    known = {file for root in roots for file in root.files}
    for path in [path for path in workspace.unreadable if path not in known]:
        del workspace.unreadable[path]
    for root in roots:
        workspace.add_root(root)
    workspace.sweep()


def _clear() -> None:
    if style_of(sys.stdout).colour:
        write("\x1b[2J\x1b[3J\x1b[H")


def _say_waiting(files: int) -> None:
    sys.stdout.flush()
    if sys.stderr.isatty():
        style = style_of(sys.stderr)
        write(style.paint("faint", f"watching {files} files; Ctrl-C ends") + "\n", sys.stderr)
